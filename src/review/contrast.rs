//! Contrast as WCAG counts it, plain and after a projector has washed it out.

/// Relative luminance, 0 to 1.
pub(super) fn luminance(color: [u8; 3]) -> f32 {
    let linear = |value: u8| {
        let value = f32::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(color[0]) + 0.7152 * linear(color[1]) + 0.0722 * linear(color[2])
}

/// The light of a dark room on the screen; that of a lit one, where the whole system shows 7:1.
const PLAIN: f32 = 0.05;
const WASHED: f32 = 1.0 / 6.0;

fn ratio(a: f32, b: f32, veil: f32) -> f32 {
    (a.max(b) + veil) / (a.min(b) + veil)
}

/// Contrast of two luminances on the screen itself.
pub(super) fn plain(a: f32, b: f32) -> f32 {
    ratio(a, b, PLAIN)
}

/// Contrast of two luminances through a projector whose system contrast is 7:1.
pub(super) fn washed(a: f32, b: f32) -> f32 {
    ratio(a, b, WASHED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wash_asks_for_the_greys_that_were_worked_out() {
        let (light, dark) = (luminance([0xC9, 0xC9, 0xC9]), luminance([0x55, 0x55, 0x55]));
        assert!((washed(light, 0.0) - 4.5).abs() < 0.03, "{}", washed(light, 0.0));
        assert!((washed(1.0, dark) - 4.5).abs() < 0.05, "{}", washed(1.0, dark));
        assert!((plain(1.0, 0.0) - 21.0).abs() < 1e-3);
    }
}
