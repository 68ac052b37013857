//! The code that makes a phone the remote, large enough to be scanned from a seat, and in words what it leads to.

use egui::Color32;
use egui::emath::{Align2, Rect, Vec2, pos2, vec2};

use crate::presentation::desk::DeskCommand;

use super::beside::PhoneCode;
use super::desk::{Desk, Type};

/// The longest side of the code: larger ones are scanned no better.
const MOST_SIDE: f32 = 460.0;
/// Light modules around the code, as its standard asks.
const QUIET: usize = 4;

/// Draws the page over the whole console. `code`: none where no phone can be paired.
pub(super) fn draw(desk: &mut Desk<'_>, code: Option<&PhoneCode>, area: Rect) {
    let body = desk.page_head(area, "A phone as the remote", "put the code for the phone away", DeskCommand::Phone);
    if let Some(code) = code {
        draw_code(desk, code, body);
    } else {
        let words = "No phone can be paired: begin the talk with --remote-lan, in a network.";
        desk.words(body.min + vec2(0.0, 14.0), Align2::LEFT_CENTER, words, Type::new(17.0, desk.colors.text2));
        desk.say(body, "phone", words);
    }
}

/// The code, the address below it, and beside it what to do.
fn draw_code(desk: &Desk<'_>, code: &PhoneCode, body: Rect) {
    let Ok(qr) = qrcode::QrCode::new(&code.url) else { return };
    let side = (body.height() - 44.0).min(body.width() * 0.45).min(MOST_SIDE);
    let plate = Rect::from_min_size(body.min, Vec2::splat(side));
    desk.fill(plate, Color32::WHITE, 4.0);
    let module = side / (qr.width() + 2 * QUIET) as f32;
    let width = qr.width();
    for (nth, color) in qr.to_colors().into_iter().enumerate() {
        if color == qrcode::Color::Dark {
            let (column, row) = (nth % width + QUIET, nth / width + QUIET);
            let at = plate.min + vec2(column as f32, row as f32) * module;
            // A little over, so that no light line stands between two dark ones.
            desk.fill(Rect::from_min_size(at, Vec2::splat(module + 0.3)), Color32::BLACK, 0.0);
        }
    }
    let look = Type::strong(20.0, desk.colors.text).within(body.width());
    desk.words(pos2(plate.left(), plate.bottom() + 26.0), Align2::LEFT_CENTER, &code.address, look);
    let lines = [
        "Scan the code with a phone in this network.",
        "It shows the notes, the time and the next picture,",
        "and gives next, back, black, hold and the laser.",
        "The code works once, and leaves when it was used.",
        "For another phone, or after its page was closed, open this again:",
        "it shows another code, and the phones before it stay paired.",
    ];
    let left = plate.right() + 32.0;
    for (nth, line) in lines.iter().enumerate() {
        let at = pos2(left, body.top() + 14.0 + nth as f32 * 30.0);
        let color = if nth == 0 { desk.colors.text } else { desk.colors.text2 };
        desk.words(at, Align2::LEFT_CENTER, line, Type::new(17.0, color).within(body.right() - left));
    }
    // The key is for who sees the code, and is not read aloud.
    desk.say(body, "phone", &format!("{} {}", lines[0], code.address));
}
