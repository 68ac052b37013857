//! The audience's window: one picture, letterboxed, and the names that screen readers hear.

use egui::emath::Rect;
use egui::{Role, Sense, Ui, WidgetInfo};

use crate::paint;
use crate::paint::{Screen, Textures};
use crate::picture::{Furniture, Picture, Thing};
use crate::presentation::{Audience, Cover};
use crate::theme::Theme;

/// Draws what the audience sees into all of `ui`.
pub fn stage_ui(ui: &mut Ui, audience: &Audience, theme: &Theme, textures: &mut Textures) {
    let window = ui.max_rect();
    match audience {
        Audience::Cover(Cover::Black) => cover(ui, window, egui::Color32::BLACK),
        Audience::Cover(Cover::White) => cover(ui, window, egui::Color32::WHITE),
        Audience::Picture(picture) => {
            let screen = Screen::fit(window);
            paint::paint(ui, picture, &screen, theme, textures);
            speak(ui, picture, &screen);
        }
    }
}

fn cover(ui: &Ui, window: Rect, color: egui::Color32) {
    ui.painter().rect_filled(window, 0, color);
}

/// Painted words are invisible to screen readers and tests; heading and caption are said as labels.
fn speak(ui: &Ui, picture: &Picture, screen: &Screen) {
    for mark in &picture.marks {
        let Thing::Furniture(what @ (Furniture::Heading | Furniture::Caption)) = mark.id.thing else { continue };
        if let crate::picture::Shape::Text(text) = &mark.shape {
            let rect = screen.area(mark.bounds(crate::measure::bounds));
            let response = ui.interact(rect, ui.scope_id().with(what.word()), Sense::hover());
            let words = text.words.to_string();
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.clone()));
        }
    }
}
