//! What is wrong with files, sources, keys and the machine, in full: where it stands, what it is, and the way out.

use egui::emath::{Align2, Rect, pos2, vec2};

use crate::live::engineers;
use crate::plural::counted;
use crate::presentation::Presentation;
use crate::presentation::desk::DeskCommand;

use super::desk::{Desk, Type};
use super::feeds::{self, Wrong};

/// Draws the page over the whole console.
pub(super) fn draw(desk: &mut Desk<'_>, talk: &Presentation, area: Rect) {
    let body = desk.page_head(area, "Problems", "close the problems", DeskCommand::Problems);
    let rows = rows(talk);
    if rows.is_empty() {
        let words = "nothing is wrong with the scene files and the keys, and every source answers";
        desk.words(body.min + vec2(0.0, 14.0), Align2::LEFT_CENTER, words, Type::new(17.0, desk.colors.text2));
        desk.say(body, "problems", words);
        return;
    }
    let colors = desk.colors;
    desk.scrolled(body, ("problems", "scroll bar of what is wrong"), |ui, lent, events| {
        for (nth, Wrong { place, words, hint }) in rows.iter().enumerate() {
            let width = ui.available_width() - 14.0;
            let lines = [(place, colors.text2, 15.0), (words, colors.text, 17.0), (hint, colors.text2, 16.0)];
            let galleys: Vec<_> = lines
                .into_iter()
                .filter(|(words, ..)| !words.is_empty())
                .map(|(words, color, points)| {
                    let font = Type::new(points, color).font();
                    ui.fonts_mut(|fonts| fonts.layout(words.clone(), font, color, width - 32.0))
                })
                .collect();
            let height = galleys.iter().map(|galley| galley.size().y + 4.0).sum::<f32>() + 18.0;
            let (rect, _) = ui.allocate_exact_size(vec2(width, height), egui::Sense::hover());
            ui.add_space(8.0);
            let desk = Desk::borrowing(ui, lent, events);
            desk.fill(rect, colors.panel, 6.0);
            desk.say(rect, &format!("problem {nth}"), &format!("{place} {words} {hint}"));
            let mut y = rect.top() + 10.0;
            for galley in galleys {
                let height = galley.size().y + 4.0;
                desk.ui.painter().galley(pos2(rect.left() + 16.0, y), galley, colors.text);
                y += height;
            }
        }
    });
}

/// All that is wrong, what stands in a file first, and whether pages of the source shown do not answer.
fn rows(talk: &Presentation) -> Vec<Wrong> {
    let mut rows = feeds::wrong(talk);
    rows.sort_by_key(|wrong| wrong.place.is_empty());
    let seen = talk.seen();
    let (down, count) = feeds::pages_down(&engineers(seen.source, seen.now_secs));
    if down > 0 {
        let words = format!("{}: {down} of {} down", seen.origin, counted(count, "endpoint"));
        rows.push(Wrong { hint: "M lists them.".to_owned(), ..Wrong::new(words) });
    }
    rows
}
