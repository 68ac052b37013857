//! How wide words are, from the bundled fonts themselves: no window and no egui context is needed.
//!
//! The words are shaped by the shaper that also shapes them for the screen, kerning included, so that what is checked,
//! wrapped and aligned is what is painted.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use egui::emath::{Pos2, Rect, pos2};
use harfrust::{ShapePlan, ShapePlanKey, ShaperData, UnicodeBuffer};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};

use crate::faces;
use crate::picture::{Align, Face, Text};

/// How many texts of one face are remembered; a talk has far fewer at a time, counters aside.
const MOST_REMEMBERED: usize = 2048;

/// egui draws thin spaces at half a space, whatever the font says.
const THIN_SPACE_SHARE: f32 = 0.5;

/// Inter is drawn for text, so large words are set closer. From this size on, in stage units:
const TRACKED_FROM: f32 = 44.0;
/// up to this size, from which on the tracking stays:
const TRACKED_TO: f32 = 96.0;
/// and by at most this share of the size.
const TRACKING: f32 = -0.02;

/// Whether the text face has a sign for a character.
pub fn has_glyph(c: char) -> bool {
    c.is_whitespace() || shaped_face(Face::Regular, false).is_some_and(|shaped| shaped.font.charmap().map(c).is_some())
}

/// The width of words, as far as it does not depend on their size.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Advance {
    ems: f32,
    gaps: f32,
}

/// One face, ready to shape with. Lengths are shares of the em.
struct Shaped {
    font: FontRef<'static>,
    data: ShaperData,
    units_per_em: f32,
    space: f32,
    cap_height: f32,
    descent: f32,
}

impl Shaped {
    fn new(face: Face, tabular: bool) -> Option<Self> {
        let font = FontRef::new(faces::bytes(face, tabular)).ok()?;
        let metrics = font.metrics(Size::unscaled(), LocationRef::default());
        let glyphs = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        let glyph = |c: char| font.charmap().map(c).unwrap_or_default();
        let units_per_em = f32::from(metrics.units_per_em);
        let depth = glyphs.bounds(glyph('p')).map_or(0.0, |bounds| -bounds.y_min);
        Some(Self {
            data: ShaperData::new(&font),
            units_per_em,
            space: glyphs.advance_width(glyph(' ')).unwrap_or_default() / units_per_em,
            cap_height: metrics.cap_height.unwrap_or(0.7 * units_per_em) / units_per_em,
            descent: depth / units_per_em,
            font,
        })
    }

    /// The advance of the words, in ems, and how many gaps there are between their letters.
    fn shape(&self, words: &str, plans: &mut Vec<ShapePlan>) -> Advance {
        let runs = runs(words).map(|run| self.shape_run(run, plans));
        let joined = |before: Advance, next: Advance| Advance {
            ems: before.ems + next.ems,
            gaps: before.gaps + next.gaps + 1.0,
        };
        runs.reduce(joined).unwrap_or(Advance { ems: 0.0, gaps: 0.0 })
    }

    fn shape_run(&self, words: &str, plans: &mut Vec<ShapePlan>) -> Advance {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(words);
        buffer.guess_segment_properties();
        let shaper = self.data.shaper(&self.font).build();
        let (direction, language) = (buffer.direction(), buffer.language());
        let script = Some(buffer.script()).filter(|script| *script != harfrust::script::UNKNOWN);
        let key = ShapePlanKey::new(script, direction).language(language.as_ref());
        let at = plans.iter().position(|plan| key.matches(plan)).unwrap_or_else(|| {
            plans.push(ShapePlan::new(&shaper, direction, script, language.as_ref(), &[]));
            plans.len() - 1
        });
        let glyphs = shaper.shape(buffer, harfrust::ShapeOptions::new().plan(plans.get(at)));
        let infos = glyphs.glyph_infos();
        let gaps = infos.windows(2).filter(|two| two[0].cluster != two[1].cluster).count() as f32;
        let char_of = |info: &harfrust::GlyphInfo| words.get(info.cluster as usize..)?.chars().next();
        let advances = infos.iter().zip(glyphs.glyph_positions()).map(|(info, position)| match char_of(info) {
            Some('\u{2009}' | '\u{202F}') => THIN_SPACE_SHARE * self.space,
            _ => position.x_advance as f32 / self.units_per_em,
        });
        Advance { ems: advances.sum(), gaps }
    }
}

/// The parts of words that are laid out on their own: thin spaces, and what stands between them. A font draws some digits
/// closer to a space than others, by so much that a thin one after a 1 closes; between two parts it draws nothing closer.
pub(crate) fn runs(words: &str) -> impl Iterator<Item = &str> {
    let is_thin = |c: char| matches!(c, '\u{2009}' | '\u{202F}');
    words.split_inclusive(is_thin).flat_map(move |part| {
        let [before, thin] = match part.char_indices().next_back() {
            Some((at, last)) if is_thin(last) => [&part[..at], &part[at..]],
            _ => [part, ""],
        };
        [before, thin].into_iter().filter(|run| !run.is_empty())
    })
}

/// The face, ready to shape with; none only for a broken bundled font, which a test rules out.
fn shaped_face(face: Face, tabular: bool) -> Option<&'static Shaped> {
    static SHAPED: [OnceLock<Option<Shaped>>; 10] = [const { OnceLock::new() }; 10];
    SHAPED[face_index(face, tabular)].get_or_init(|| Shaped::new(face, tabular)).as_ref()
}

fn face_index(face: Face, tabular: bool) -> usize {
    face as usize * 2 + usize::from(tabular)
}

/// What is known of one face.
struct Known {
    /// Of the words measured so far.
    advances: BTreeMap<Box<str>, Advance>,
    /// How words of a script are shaped, which takes longer to work out than to shape a word by it.
    plans: Vec<ShapePlan>,
}

thread_local! {
    static KNOWN: RefCell<[Known; 10]> =
        const { RefCell::new([const { Known { advances: BTreeMap::new(), plans: Vec::new() } }; 10]) };
}

fn known_advance(words: &str, face: Face, tabular: bool) -> Advance {
    KNOWN.with_borrow_mut(|known| {
        let Known { advances, plans } = &mut known[face_index(face, tabular)];
        if let Some(advance) = advances.get(words) {
            return *advance;
        }
        if advances.len() >= MOST_REMEMBERED {
            advances.clear();
        }
        let shaped = shaped_face(face, tabular);
        let advance = shaped.map_or(Advance { ems: 0.0, gaps: 0.0 }, |face| face.shape(words, plans));
        advances.insert(words.into(), advance);
        advance
    })
}

/// The width of one line of words at a font size, both in stage units.
pub fn width(words: &str, face: Face, size: f32, tabular: bool) -> f32 {
    let Advance { ems, gaps } = known_advance(words, face, tabular);
    ems * size + gaps * tracking(face, size)
}

/// What is added between two letters at a font size, both in stage units: large words are set closer.
pub(crate) fn tracking(face: Face, size: f32) -> f32 {
    if matches!(face, Face::Mono | Face::MonoMedium) {
        return 0.0;
    }
    let share = ((size - TRACKED_FROM) / (TRACKED_TO - TRACKED_FROM)).clamp(0.0, 1.0);
    TRACKING * share * size
}

/// The height of a capital letter above the baseline.
pub(crate) fn cap_height(face: Face, size: f32) -> f32 {
    shaped_face(face, false).map_or(0.7, |face| face.cap_height) * size
}

/// How far a `p` reaches under the baseline.
pub(crate) fn descent(face: Face, size: f32) -> f32 {
    shaped_face(face, false).map_or(0.2, |face| face.descent) * size
}

/// The box of a text: its advance wide, from the height of a capital down to the foot of a `p`, whatever its letters.
///
/// So texts of one size have boxes of one height, and the box of a number keeps its height when its digits change.
pub fn bounds(text: &Text) -> Rect {
    let width = width(&text.words, text.face, text.size, text.tabular);
    let left = left_edge(text.at, text.align, width);
    let top = text.at.y - cap_height(text.face, text.size);
    Rect::from_min_max(pos2(left, top), pos2(left + width, text.at.y + descent(text.face, text.size)))
}

/// Where a line of this width begins.
pub(crate) fn left_edge(at: Pos2, align: Align, width: f32) -> f32 {
    match align {
        Align::Left => at.x,
        Align::Center => at.x - width / 2.0,
        Align::Right => at.x - width,
    }
}

/// A line's width is the sum of its words' and spaces', but for kerning at the spaces: at most this share of the size.
/// Where the sum is nearer to the limit than that, the whole line is measured.
const SUM_SLACK: f32 = 0.5;

/// The words in lines no wider than `max_width`, broken at spaces; a longer word has a line of its own.
///
/// The widths of words are remembered, as they repeat; lines hardly ever do, so a line is measured only where the sum of
/// its words does not decide.
pub(crate) fn wrap(words: &str, face: Face, size: f32, max_width: f32) -> Vec<String> {
    let space = width(" ", face, size, false);
    let (mut lines, mut sum): (Vec<String>, f32) = (Vec::new(), 0.0);
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        let wide = width(word, face, size, false);
        let longer = sum + space + wide;
        let fits = |line: &str| {
            let is_close = (longer - max_width).abs() <= SUM_SLACK * size;
            if is_close { width(&format!("{line} {word}"), face, size, false) <= max_width } else { longer < max_width }
        };
        match lines.last_mut() {
            Some(line) if fits(line) => {
                line.push(' ');
                line.push_str(word);
                sum = longer;
            }
            _ => {
                lines.push(word.to_owned());
                sum = wide;
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use egui::text::{LayoutJob, TextFormat};

    use super::*;

    fn text(words: &str, align: Align) -> Text {
        let (at, face, ink) = (pos2(100.0, 200.0), Face::Regular, crate::picture::Ink::Text);
        Text { words: words.into(), at, align, size: 40.0, face, ink, tabular: false }
    }

    /// The width that egui lays the words out with.
    fn painted(ctx: &egui::Context, words: &str, face: Face, size: f32, tabular: bool) -> f32 {
        let font_id = egui::FontId::new(size, faces::family(face, tabular));
        let extra_letter_spacing = tracking(face, size);
        let format = TextFormat { font_id, extra_letter_spacing, ..Default::default() };
        let mut job = LayoutJob::default();
        runs(words).for_each(|run| job.append(run, 1e-6, format.clone()));
        ctx.fonts_mut(|fonts| fonts.layout_job(job)).intrinsic_size().x
    }

    #[test]
    fn words_of_one_script_are_shaped_by_one_plan() {
        for (face, tabular) in [(Face::Regular, false), (Face::SemiBold, true), (Face::Mono, false)] {
            let plans = || KNOWN.with_borrow(|known| known[face_index(face, tabular)].plans.len());
            let counts = ["read", "written", "12", "7.5", "чтение"].map(|words| {
                width(words, face, 40.0, tabular);
                plans()
            });
            assert_eq!(counts, [1, 1, 2, 2, 3], "{face:?}");
        }
    }

    #[test]
    fn widths_are_those_that_egui_lays_out() {
        let ctx = egui::Context::default();
        ctx.set_fonts(faces::definitions());
        let words = [
            "Checkpoint: one burst, then silence again",
            "34.1\u{2009}GB/s",
            "141\u{2009}GB",
            "1\u{202F}234\u{202F}567",
            "11.8",
            "Raw NVMe, not MinIO → T1 ✓ ×8 “AV Wa To”",
            "minio_s3_traffic_sent_bytes",
        ];
        let looks = [(false, 28.0), (false, 44.0), (true, 132.0), (true, 25.3), (false, 18.7), (true, 36.0)];
        let cases = faces::ALL.into_iter().flat_map(|face| looks.map(|(tabular, size)| (face, tabular, size)));
        let out = ctx.run_ui(egui::RawInput::default(), |ui| {
            for (face, tabular, size) in cases.clone() {
                for words in words {
                    let painted = painted(ui.ctx(), words, face, size, tabular);
                    let (measured, near) = (width(words, face, size, tabular), (painted * 0.001).max(0.5));
                    assert!((measured - painted).abs() <= near, "{words:?} {face:?} {size}: {measured} for {painted}");
                }
            }
        });
        out.drop_without_applying_deltas();
    }

    #[test]
    fn a_thin_space_is_as_wide_after_a_1_as_after_any_digit() {
        assert_eq!(runs("3.1\u{2009}hours").collect::<Vec<_>>(), ["3.1", "\u{2009}", "hours"]);
        for face in [Face::Regular, Face::Medium, Face::SemiBold] {
            let gap = |digit: &str| {
                let width = |words: &str| width(words, face, 40.0, false);
                width(&format!("{digit}\u{2009}GB")) - width(digit) - width("GB")
            };
            for digit in ["0", "1", "4", "7", "8"] {
                assert!((gap(digit) - gap("8")).abs() < 0.01 && gap(digit) > 4.0, "{face:?} {digit}: {}", gap(digit));
            }
        }
    }

    #[test]
    fn tabular_digits_are_equally_wide() {
        for face in faces::ALL {
            let zero = width("0", face, 100.0, true);
            for digits in ["1", "2", "3", "4", "5", "6", "7", "8", "9"] {
                assert!((width(digits, face, 100.0, true) - zero).abs() < 0.01, "{face:?} {digits}");
            }
            assert!((width("111.11", face, 100.0, true) - width("808.08", face, 100.0, true)).abs() < 0.01, "{face:?}");
        }
        assert!(width("1", Face::Regular, 100.0, false) < width("0", Face::Regular, 100.0, false) - 10.0);
    }

    #[test]
    fn boxes_stand_on_the_baseline() {
        let left = bounds(&text("Hot", Align::Left));
        assert_eq!(left.min.x, 100.0);
        assert!((left.min.y - (200.0 - 40.0 * 1490.0 / 2048.0)).abs() < 0.01, "{left:?}");
        assert!(left.max.y > 206.0 && left.max.y < 210.0, "{left:?}");
        let right = bounds(&text("Hot", Align::Right));
        assert_eq!(right.max.x, 100.0);
        assert!((bounds(&text("Hot", Align::Center)).center().x - 100.0).abs() < 0.01);
    }

    #[test]
    fn wraps_at_spaces() {
        let full = width("nearest passages,", Face::Regular, 36.0, false);
        let lines = wrap("nearest passages, then the answer", Face::Regular, 36.0, full + 1.0);
        assert_eq!(lines, ["nearest passages,", "then the answer"]);
        assert_eq!(wrap("unbreakable", Face::Regular, 36.0, 1.0), ["unbreakable"]);
        assert!(wrap("  ", Face::Regular, 36.0, 100.0).is_empty());
    }

    #[test]
    fn a_known_text_is_not_shaped_again() {
        let words: Arc<str> = "known".into();
        let first = width(&words, Face::Medium, 10.0, false);
        let known = KNOWN.with_borrow(|known| known[face_index(Face::Medium, false)].advances.get("known").copied());
        assert_eq!(known, Some(Advance { ems: first / 10.0, gaps: 4.0 }));
        for n in 0..MOST_REMEMBERED + 2 {
            width(&n.to_string(), Face::Medium, 10.0, false);
        }
        assert!(KNOWN.with_borrow(|known| known[face_index(Face::Medium, false)].advances.len()) <= MOST_REMEMBERED);
    }
}
