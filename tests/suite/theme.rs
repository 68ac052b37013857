//! The palettes hold what they promise: contrasts, plain and on a poor projector, and inks that everyone can tell apart.

use egui::Color32;
use tierlight::bundle;
use tierlight::picture::Ink;
use tierlight::ron_text::text_from_bytes;
use tierlight::theme::{Theme, ThemeName};

const INKS: [Ink; 5] = [Ink::T0, Ink::T1, Ink::T2, Ink::T3, Ink::Compute];

/// A projector in a bright room shows black at a seventh of white: this much light lies on everything.
const WASH: f64 = 1.0 / (7.0 - 1.0);

fn linear(color: Color32) -> [f64; 3] {
    let [red, green, blue, _] = color.to_array();
    [red, green, blue].map(|channel| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
}

fn luminance([red, green, blue]: [f64; 3]) -> f64 {
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/// The contrast of two colours over a veil of light: 0.05 is WCAG's own.
fn contrast(a: Color32, b: Color32, veil: f64) -> f64 {
    let (a, b) = (luminance(linear(a)) + veil, luminance(linear(b)) + veil);
    a.max(b) / a.min(b)
}

/// Contrast plain and washed, as the tables give it.
fn both(a: Color32, b: Color32) -> [f64; 2] {
    [contrast(a, b, 0.05), contrast(a, b, WASH)].map(|value| (value * 10.0).round() / 10.0)
}

/// What an eye without one kind of cone sees (Machado, Oliveira and Fernandes 2009, full severity).
const PROTANOPIA: [[f64; 3]; 3] =
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]];
const DEUTERANOPIA: [[f64; 3]; 3] =
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]];
const NORMAL: [[f64; 3]; 3] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

fn seen(color: Color32, eye: &[[f64; 3]; 3]) -> [f64; 3] {
    let light = linear(color);
    eye.map(|row| (row[0] * light[0] + row[1] * light[1] + row[2] * light[2]).clamp(0.0, 1.0))
}

/// CIELAB under D65.
fn lab([red, green, blue]: [f64; 3]) -> [f64; 3] {
    let x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047;
    let y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue;
    let z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883;
    let [x, y, z] = [x, y, z].map(|t| if t > 216.0 / 24389.0 { t.cbrt() } else { (24389.0 / 27.0 * t + 16.0) / 116.0 });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// The difference of two colours as the eye sees it (CIEDE2000).
fn difference([l1, a1, b1]: [f64; 3], [l2, a2, b2]: [f64; 3]) -> f64 {
    let mean_chroma = f64::midpoint(a1.hypot(b1), a2.hypot(b2));
    let pull = 0.5 * (1.0 - (mean_chroma.powi(7) / (mean_chroma.powi(7) + 25f64.powi(7))).sqrt());
    let (a1, a2) = (a1 * (1.0 + pull), a2 * (1.0 + pull));
    let (c1, c2) = (a1.hypot(b1), a2.hypot(b2));
    let hue = |a: f64, b: f64| b.atan2(a).to_degrees().rem_euclid(360.0);
    let (h1, h2) = (hue(a1, b1), hue(a2, b2));
    let mut turn = h2 - h1;
    if c1 * c2 == 0.0 {
        turn = 0.0;
    } else if turn > 180.0 {
        turn -= 360.0;
    } else if turn < -180.0 {
        turn += 360.0;
    }
    let chroma = f64::midpoint(c1, c2);
    let hue = if c1 * c2 == 0.0 {
        h1 + h2
    } else if (h1 - h2).abs() <= 180.0 {
        f64::midpoint(h1, h2)
    } else {
        f64::midpoint(h1, h2 + 360.0).rem_euclid(360.0)
    };
    let wave = |degrees: f64| degrees.to_radians().cos();
    let t = 1.0 - 0.17 * wave(hue - 30.0) + 0.24 * wave(2.0 * hue) + 0.32 * wave(3.0 * hue + 6.0)
        - 0.20 * wave(4.0 * hue - 63.0);
    let light = (f64::midpoint(l1, l2) - 50.0).powi(2);
    let dl = (l2 - l1) / (1.0 + 0.015 * light / (20.0 + light).sqrt());
    let dc = (c2 - c1) / (1.0 + 0.045 * chroma);
    let dh = 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin() / (1.0 + 0.015 * chroma * t);
    let bend = 60.0 * (-((hue - 275.0) / 25.0).powi(2)).exp();
    let mix = -2.0 * (chroma.powi(7) / (chroma.powi(7) + 25f64.powi(7))).sqrt() * bend.to_radians().sin();
    (dl * dl + dc * dc + dh * dh + mix * dc * dh).sqrt()
}

/// The smallest difference between two of the five inks, to a tenth.
fn nearest(theme: &Theme, eye: &[[f64; 3]; 3]) -> f64 {
    let inks = INKS.map(|ink| lab(seen(theme.color(ink), eye)));
    let pairs = (0..5).flat_map(|a| (a + 1..5).map(move |b| (a, b)));
    let least = pairs.map(|(a, b)| difference(inks[a], inks[b])).fold(f64::INFINITY, f64::min);
    (least * 10.0).round() / 10.0
}

/// The floor is the worst ground at rest, but for itself: that stands on the ground's worse end.
fn worst_ground(theme: &Theme, color: Color32) -> [f64; 2] {
    let ends = theme.ground().map(|ground| both(color, ground));
    [ends[0][0].min(ends[1][0]), ends[0][1].min(ends[1][1])]
}

/// Ink, then contrast plain and washed in dark, light and high contrast.
const CONTRASTS: [(Ink, [[f64; 2]; 3]); 8] = [
    (Ink::Edge, [[7.8, 3.5], [5.7, 3.7], [21.0, 7.0]]),
    (Ink::Text, [[14.3, 5.9], [15.0, 5.6], [21.0, 7.0]]),
    (Ink::Text2, [[11.1, 4.7], [9.8, 4.8], [21.0, 7.0]]),
    (Ink::T0, [[13.2, 5.4], [10.8, 5.0], [21.0, 7.0]]),
    (Ink::T1, [[6.7, 3.1], [4.7, 3.3], [10.3, 3.8]]),
    (Ink::T2, [[8.6, 3.8], [4.6, 3.2], [12.3, 4.4]]),
    (Ink::T3, [[8.7, 3.8], [5.0, 3.4], [11.3, 4.1]]),
    (Ink::Compute, [[12.7, 5.3], [9.2, 4.6], [17.5, 5.9]]),
];

#[test]
fn inks_keep_their_contrast_on_the_floor() {
    for (ink, expected) in CONTRASTS {
        for (name, expected) in ThemeName::ALL.into_iter().zip(expected) {
            let theme = Theme::load(name);
            let found = both(theme.color(ink), theme.color(Ink::Floor));
            assert_eq!(found, expected, "{ink:?} {name:?}");
            let least = if matches!(ink, Ink::Text | Ink::Text2) { [7.0, 4.5] } else { [3.0, 3.0] };
            assert!(found[0] >= least[0] && found[1] >= least[1], "{ink:?} {name:?} {found:?}");
        }
    }
}

#[test]
fn slate_and_line_stay_quiet() {
    for (name, line, floor) in [(ThemeName::Dark, [1.3, 1.1], [1.1, 1.0]), (ThemeName::Light, [1.3, 1.3], [1.1, 1.1])] {
        let theme = Theme::load(name);
        assert_eq!(both(theme.color(Ink::Line), theme.color(Ink::Floor)), line, "{name:?}");
        assert_eq!(worst_ground(&theme, theme.color(Ink::Floor)), floor, "{name:?}");
    }
    let high = Theme::load(ThemeName::Contrast);
    assert_eq!(both(high.color(Ink::Line), high.color(Ink::Floor)), [2.5, 1.4]);
}

#[test]
fn words_stay_readable_where_a_floor_is_lit() {
    let worst = [[7.9, 4.5], [11.9, 4.6], [11.1, 5.5]];
    for (name, worst) in ThemeName::ALL.into_iter().zip(worst) {
        let theme = Theme::load(name);
        let found = INKS.map(|ink| both(theme.color(Ink::Text), theme.lit(ink)));
        let least = found.iter().fold([f64::INFINITY; 2], |least, one| [least[0].min(one[0]), least[1].min(one[1])]);
        assert_eq!(least, worst, "{name:?} {found:?}");
        assert!(least[0] >= 7.0 && least[1] >= 4.5);
    }
}

#[test]
fn the_difference_is_the_published_one() {
    // From the test data of Sharma, Wu and Dalal (2005).
    let pairs = [
        ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
        ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
        ([22.7233, 20.0904, -46.6940], [23.0331, 14.9730, -42.5619], 2.0373),
        ([2.0776, 0.0795, -1.1350], [0.9033, -0.0636, -0.5514], 0.9082),
    ];
    for (a, b, expected) in pairs {
        assert!((difference(a, b) - expected).abs() < 1e-4, "{a:?} {b:?}: {}", difference(a, b));
    }
}

#[test]
fn everyone_can_tell_the_inks_apart() {
    let expected = [[19.2, 16.3, 13.2], [20.1, 14.5, 15.5], [25.2, 16.2, 14.1]];
    for (name, expected) in ThemeName::ALL.into_iter().zip(expected) {
        let theme = Theme::load(name);
        let found = [NORMAL, PROTANOPIA, DEUTERANOPIA].map(|eye| nearest(&theme, &eye));
        assert!(found.iter().all(|least| *least >= 12.0), "{name:?} {found:?}");
        for (found, expected) in found.into_iter().zip(expected) {
            assert!((found - expected).abs() < 0.15, "{name:?}: {found} for {expected}");
        }
    }
}

#[test]
fn the_bundled_file_is_read_and_others_are_refused_with_a_reason() {
    let themes = Theme::parse(bundle::THEME).expect("the bundled themes");
    for name in ThemeName::ALL {
        assert_eq!(themes.theme(name), Theme::load(name));
        assert_eq!(name.name().parse(), Ok(name));
    }
    let broken = bundle::THEME.replace("#FFB02E", "amber");
    assert!(Theme::parse(&broken).is_err_and(|refused| refused.message.contains("\"amber\" is not a colour")));
    let unknown = bundle::THEME.replace("least_edge", "edge_width");
    assert!(Theme::parse(&unknown).is_err_and(|refused| refused.message.contains("edge_width")));
    assert_eq!(Theme::parse(&format!("\u{feff}{}", bundle::THEME)), Ok(themes), "a byte order mark is passed over");
    let utf16: Vec<u8> = bundle::THEME.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(Theme::parse(&text_from_bytes(utf16)).is_err_and(|refused| refused.message.contains("UTF-16")));
    assert!("sepia".parse::<ThemeName>().is_err_and(|reason| reason.contains("sepia")));
}

#[test]
fn a_bar_stands_out_from_the_ground() {
    for name in ThemeName::ALL {
        let theme = Theme::load(name);
        for ink in INKS {
            for ground in theme.ground() {
                let [plain, _] = both(theme.fill(ink), ground);
                assert!(plain >= 3.0, "{name:?} {ink:?}: {plain}");
            }
        }
    }
}
