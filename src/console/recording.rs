//! How the recording stands: that it runs, how large it is, and how long the disk lasts; or why it has ended.

use egui::emath::{Align2, Pos2, vec2};

use crate::recorder::RecordingNow;

use super::desk::{Desk, Type, clock_words};

/// A disk that lasts longer says only that it does.
const LONG_SECS: f64 = 24.0 * 3600.0;

/// One line that ends at a place, with its middle at that height.
pub(super) fn line(desk: &Desk<'_>, now: &RecordingNow, right_center: Pos2, width: f32) {
    let color = if now.ended.is_some() { desk.colors.text } else { desk.colors.text2 };
    let look = Type::strong(15.0, color).within(width - 24.0);
    let words = words(now);
    let rect = desk.words(right_center, Align2::RIGHT_CENTER, &words, look);
    let sign = rect.left_center() - vec2(13.0, 0.0);
    if now.ended.is_some() {
        let stroke = egui::Stroke::new(2.0, color);
        for corner in [vec2(5.0, 5.0), vec2(5.0, -5.0)] {
            desk.ui.painter().line_segment([sign - corner, sign + corner], stroke);
        }
    } else {
        desk.ui.painter().circle_filled(sign, 5.0, color);
    }
    desk.say(rect, "recording", &words);
}

fn words(now: &RecordingNow) -> String {
    if let Some(why) = &now.ended {
        return format!("NOT RECORDED: {why}");
    }
    let size = match now.bytes as f64 / 1e6 {
        mb if mb < 100.0 => format!("{mb:.1} MB"),
        mb => format!("{mb:.0} MB"),
    };
    let room = match (now.left_secs(), now.free_bytes) {
        (Some(secs), _) if secs >= LONG_SECS => ", room for more than a day".to_owned(),
        (Some(secs), _) => format!(", room for {:.1} h", secs / 3600.0),
        (None, Some(bytes)) => format!(", {:.1} GB free", bytes as f64 / 1e9),
        (None, None) => String::new(),
    };
    format!("REC {} {size}{room}", clock_words(now.secs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_size_and_how_long_the_disk_lasts() {
        let now = |secs, bytes, free_bytes| RecordingNow { bytes, secs, free_bytes, ..RecordingNow::default() };
        let cases = [
            (now(4.0, 12_000, Some(34_000_000_000)), "REC 0:04 0.0 MB, 34.0 GB free"),
            (now(100.0, 1_000_000, Some(180_000_000)), "REC 1:40 1.0 MB, room for 5.0 h"),
            (now(100.0, 123_000_000, Some(1_000_000_000_000)), "REC 1:40 123 MB, room for more than a day"),
            (now(100.0, 1_000_000, None), "REC 1:40 1.0 MB"),
        ];
        for (now, expected) in cases {
            assert_eq!(words(&now), expected);
        }
        let ended = RecordingNow { ended: Some("no space left".to_owned()), ..RecordingNow::default() };
        assert_eq!(words(&ended), "NOT RECORDED: no space left");
    }
}
