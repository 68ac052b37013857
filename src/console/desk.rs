//! What the parts of the console draw with: words, fills and controls, each control with a name for those who listen.

use egui::emath::{Align2, Pos2, Rect, Vec2, pos2, vec2};
use egui::epaint::StrokeKind;
use egui::{Color32, FontId, Id, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo};

use crate::faces;
use crate::picture::{Face, Hatch, Ink, ThemeName};
use crate::presentation::command::Command;
use crate::presentation::desk::DeskCommand;
use crate::presentation::event::Event;
use crate::signal::Subject;
use crate::theme::{DeskColors, Theme};

/// The console's own colours, read once: it is dark whatever the stage is.
pub(super) struct DeskLook {
    colors: DeskColors,
    dark: Theme,
}

impl Default for DeskLook {
    fn default() -> Self {
        Self { colors: DeskColors::load(), dark: Theme::load(ThemeName::Dark) }
    }
}

/// A frame of the console being drawn.
pub(super) struct Desk<'a> {
    pub(super) ui: &'a mut Ui,
    pub(super) colors: DeskColors,
    /// The inks of tiers.
    pub(super) dark: &'a Theme,
    /// How large the notes are. It is the presenter's own, also where a recorded talk is told again.
    pub(super) notes_points: f32,
    /// What lies over the places that are drawn now: see [`Desk::lie_under`].
    covered: Covered,
    events: &'a mut Vec<Event>,
}

/// Places that something lies over.
pub(super) type Covered = [Option<Rect>; 2];

/// What a frame lends to one within a part of it.
#[derive(Clone, Copy)]
pub(super) struct Lent<'a> {
    colors: DeskColors,
    dark: &'a Theme,
    covered: Covered,
}

/// How words look.
#[derive(Clone, Copy)]
pub(super) struct Type {
    pub(super) points: f32,
    pub(super) color: Color32,
    pub(super) face: Face,
    /// Wider words are cut off.
    pub(super) most_width: f32,
}

impl Type {
    pub(super) fn new(points: f32, color: Color32) -> Self {
        Self { points, color, face: Face::Regular, most_width: f32::INFINITY }
    }

    pub(super) fn strong(points: f32, color: Color32) -> Self {
        Self { face: Face::SemiBold, ..Self::new(points, color) }
    }

    pub(super) fn within(self, most_width: f32) -> Self {
        Self { most_width: most_width.max(1.0), ..self }
    }

    /// Digits all of one width: for what changes in its place.
    pub(super) fn font(self) -> FontId {
        FontId::new(self.points, faces::family(self.face, true))
    }
}

impl<'a> Desk<'a> {
    pub(super) fn new(ui: &'a mut Ui, look: &'a DeskLook, notes_points: f32, events: &'a mut Vec<Event>) -> Self {
        Self { ui, colors: look.colors, dark: &look.dark, notes_points, covered: [None; 2], events }
    }

    /// A frame within a part of another one, such as what is scrolled.
    pub(super) fn borrowing(ui: &'a mut Ui, lent: Lent<'a>, events: &'a mut Vec<Event>) -> Self {
        let Lent { colors, dark, covered } = lent;
        Self { ui, colors, dark, notes_points: 0.0, covered, events }
    }

    /// What [`Desk::borrowing`] needs.
    pub(super) fn lend(&self) -> Lent<'a> {
        Lent { colors: self.colors, dark: self.dark, covered: self.covered }
    }

    /// Draws what is scrolled within a part of it, as a frame that borrows. `names`: of the place, and of its bar.
    pub(super) fn scrolled(
        &mut self,
        area: Rect,
        names: (&str, &str),
        draw: impl FnOnce(&mut Ui, Lent<'a>, &mut Vec<Event>),
    ) {
        self.scroll(area, names, |scroll, ui, lent, events| scroll.show(ui, |ui| draw(ui, lent, events)).id);
    }

    /// The same of so many rows of one height: only those that are seen are drawn.
    pub(super) fn scrolled_rows(
        &mut self,
        area: Rect,
        names: (&str, &str),
        (height, count): (f32, usize),
        mut draw: impl FnMut(&Desk<'_>, usize, Rect),
    ) {
        self.scroll(area, names, |scroll, ui, lent, events| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let rows = scroll.show_rows(ui, height, count, |ui, seen| {
                for nth in seen {
                    let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
                    let rect = Rect::from_x_y_ranges(area.x_range(), row.y_range());
                    draw(&Desk::borrowing(ui, lent, events), nth, rect);
                }
            });
            rows.id
        });
    }

    fn scroll(
        &mut self,
        area: Rect,
        (id, bar): (&str, &str),
        show: impl FnOnce(ScrollArea, &mut Ui, Lent<'a>, &mut Vec<Event>) -> Id,
    ) {
        let (mut events, lent) = (Vec::new(), self.lend());
        self.ui.scope_builder(UiBuilder::new().max_rect(area), |ui| {
            ui.set_clip_rect(area.intersect(ui.clip_rect()));
            let scroll = ScrollArea::vertical().id_salt(id).auto_shrink([false, false]);
            let shown = show(scroll, ui, lent, &mut events);
            name_bar(ui, shown, bar);
        });
        self.events.extend(events);
    }

    /// What is drawn from now on lies under those places: what cannot be seen there can be neither pressed nor chosen with
    /// Tab, and is not said.
    pub(super) fn lie_under(&mut self, covered: Covered) {
        self.covered = covered;
    }

    /// Whether something lies over the middle of a place.
    pub(super) fn is_covered(&self, rect: Rect) -> bool {
        self.covered.iter().flatten().any(|over| over.contains(rect.center()))
    }

    pub(super) fn send(&mut self, command: impl Into<Command>) {
        self.events.push(Event::Command(command.into()));
    }

    /// What was done on a picture of the stage, as on the stage itself.
    pub(super) fn happen(&mut self, events: Vec<Event>) {
        self.events.extend(events);
    }

    pub(super) fn fill(&self, rect: Rect, color: Color32, radius: f32) {
        self.ui.painter().rect_filled(rect, radius, color);
    }

    pub(super) fn frame(&self, rect: Rect, color: Color32, width: f32, radius: f32) {
        self.ui.painter().rect_stroke(rect, radius, Stroke::new(width, color), StrokeKind::Inside);
    }

    /// The ground and the head of a page over the whole console: its title, and a control that closes it by the command
    /// that opens it. What is left for the page's own.
    pub(super) fn page_head(&mut self, area: Rect, title: &str, close_name: &str, command: DeskCommand) -> Rect {
        self.fill(area, self.colors.ground, 0.0);
        let head = Rect::from_min_size(area.min + vec2(20.0, 0.0), vec2(area.width() - 40.0, 60.0));
        let y = head.center().y;
        self.words(pos2(head.left(), y), Align2::LEFT_CENTER, title, Type::strong(24.0, self.colors.text));
        let close = Rect::from_min_size(pos2(head.right() - 110.0, y - 18.0), vec2(110.0, 36.0));
        let pressed = self.press(close, close_name);
        self.fill(close, if pressed.hovered { self.colors.line } else { self.colors.raised }, 5.0);
        self.words(close.center(), Align2::CENTER_CENTER, "Close  Esc", Type::new(16.0, self.colors.text));
        if pressed.clicked {
            self.send(command);
        }
        self.rule(pos2(area.left(), head.bottom()), area.width());
        Rect::from_min_max(pos2(head.left(), head.bottom() + 12.0), area.max - vec2(20.0, 12.0))
    }

    pub(super) fn rule(&self, at: Pos2, width: f32) {
        self.ui.painter().hline(at.x..=at.x + width, at.y, Stroke::new(1.0, self.colors.line));
    }

    /// A line of words, cut off with an ellipsis where they are wider than they may be; where they end.
    pub(super) fn words(&self, at: Pos2, align: Align2, words: &str, look: Type) -> Rect {
        let mut job = egui::text::LayoutJob::simple_singleline(words.to_owned(), look.font(), look.color);
        job.wrap = egui::text::TextWrapping::truncate_at_width(look.most_width);
        let galley = self.ui.fonts_mut(|fonts| fonts.layout_job(job));
        let rect = align.anchor_size(at, galley.size());
        self.ui.painter().galley(rect.min, galley, look.color);
        rect
    }

    pub(super) fn width(&self, words: &str, look: Type) -> f32 {
        let job = egui::text::LayoutJob::simple_singleline(words.to_owned(), look.font(), look.color);
        self.ui.fonts_mut(|fonts| fonts.layout_job(job)).size().x
    }

    /// A control: whether it was pressed. What it looks like is drawn by whoever asks.
    pub(super) fn press(&self, rect: Rect, name: &str) -> Pressed {
        if self.is_covered(rect) {
            return Pressed { clicked: false, hovered: false };
        }
        let response = self.ui.interact(rect, Id::unique(("console", name)), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
        if response.has_focus() {
            self.frame(rect.expand(2.0), Color32::WHITE, 2.0, 6.0);
        }
        Pressed { clicked: response.clicked(), hovered: response.hovered() }
    }

    /// Words that are said to those who listen.
    pub(super) fn say(&self, rect: Rect, id: &str, words: &str) {
        if self.is_covered(rect) {
            return;
        }
        let response = self.ui.interact(rect, Id::unique(("console says", id)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    }

    /// The same, and a screen reader reads them out as soon as they are others.
    pub(super) fn announce(&self, rect: Rect, id: &str, words: &str) {
        self.say(rect, id, words);
        let id = Id::unique(("console says", id));
        self.ui.ctx().accesskit_node_builder(id, |node| node.set_live(egui::accesskit::Live::Polite));
    }

    /// Words that are said, and shown where the pointer lies.
    pub(super) fn tell(&self, rect: Rect, id: &str, words: &str) {
        if self.is_covered(rect) {
            return;
        }
        let response = self.ui.interact(rect, Id::unique(("console tells", id)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
        response.on_hover_text(words);
    }

    /// Words over all else, at the lower right corner of a place.
    pub(super) fn tip(&self, rect: Rect, words: &str) {
        let look = Type::new(15.0, self.colors.text);
        let size = Vec2::new(self.width(words, look) + 24.0, 30.0);
        let above = Rect::from_min_size(pos2(rect.right() - size.x - 8.0, rect.top() - size.y), size);
        self.fill(above, self.colors.line, 5.0);
        self.words(above.center(), Align2::CENTER_CENTER, words, look);
        self.say(above, "tip", words);
    }

    /// The ground of a control that may be the chosen one of several; `other`: while it is not.
    pub(super) fn chip_ground(&self, rect: Rect, is_chosen: bool, other: Color32) {
        self.fill(rect, if is_chosen { self.colors.hand_low } else { other }, 5.0);
        if is_chosen {
            self.frame(rect, self.colors.hand, 2.0, 5.0);
        }
    }

    /// Words in a frame, as a key's cap or a state: where it ends.
    pub(super) fn tag(&self, at: Pos2, words: &str, ground: Color32, ink: Color32) -> Rect {
        let look = Type::strong(14.0, ink);
        let size = Vec2::new(self.tag_width(words), 26.0);
        let rect = Rect::from_min_size(pos2(at.x, at.y - size.y / 2.0), size);
        self.fill(rect, ground, 5.0);
        self.words(rect.center(), Align2::CENTER_CENTER, words, look);
        rect
    }

    pub(super) fn tag_width(&self, words: &str) -> f32 {
        self.width(words, Type::strong(14.0, self.colors.text)) + 16.0
    }

    /// A pin: what is in every cut.
    pub(super) fn pin(&self, at: Pos2, color: Color32) {
        let painter = self.ui.painter();
        painter.rect_filled(Rect::from_center_size(at - vec2(0.0, 5.5), vec2(8.0, 2.5)), 1.0, color);
        painter.rect_filled(Rect::from_center_size(at - vec2(0.0, 2.0), vec2(5.0, 6.0)), 1.0, color);
        painter.rect_filled(Rect::from_center_size(at + vec2(0.0, 1.5), vec2(11.0, 2.5)), 1.0, color);
        painter.vline(at.x, at.y + 2.0..=at.y + 8.0, Stroke::new(1.6, color));
    }

    /// A tick: what the room has seen.
    pub(super) fn tick(&self, at: Pos2, color: Color32) {
        let points = [at + vec2(-5.0, 0.5), at + vec2(-1.5, 4.0), at + vec2(5.5, -4.0)];
        self.ui.painter().add(egui::Shape::line(points.to_vec(), Stroke::new(2.0, color)));
    }

    /// The plate of a tier or of the hall: its ink and its hatch.
    pub(super) fn plate(&self, rect: Rect, subject: Subject) {
        let ink = match subject {
            Subject::Tier(tier) => Ink::of(tier),
            Subject::Compute => Ink::Compute,
        };
        let color = self.dark.color(ink);
        let painter = self.ui.painter().with_clip_rect(rect);
        let hatch = subject.tier().map_or(Hatch::Solid, Hatch::of);
        match hatch {
            Hatch::Solid | Hatch::NoSource => self.fill(rect, color, 4.0),
            Hatch::Dots => {
                for nth in 0..9_u8 {
                    let step = rect.width() / 3.5;
                    let offset = Vec2::new(f32::from(nth % 3) - 1.0, f32::from(nth / 3) - 1.0) * step;
                    painter.circle_filled(rect.center() + offset, 1.3, color);
                }
            }
            Hatch::Rising | Hatch::Cross => {
                for nth in -4..5_i8 {
                    let shift = f32::from(nth) * 4.5;
                    let [low, high] = [rect.left_bottom(), rect.right_top()].map(|at| at + Vec2::new(shift, 0.0));
                    painter.line_segment([low, high], Stroke::new(1.5, color));
                    if hatch == Hatch::Cross {
                        let [low, high] = [rect.right_bottom(), rect.left_top()].map(|at| at + Vec2::new(shift, 0.0));
                        painter.line_segment([low, high], Stroke::new(1.5, color));
                    }
                }
            }
        }
        if hatch != Hatch::Solid {
            self.frame(rect, color, 1.5, 4.0);
        }
    }

    /// A wide button with its key at the right, where it has one. Whether it was pressed.
    pub(super) fn way(
        &self,
        rect: Rect,
        (words, key, name): (&str, &str, &str),
        is_main: bool,
        size: &WaySize,
    ) -> bool {
        let pressed = self.press(rect, name);
        let (ground, ink) = if is_main {
            (self.colors.hand, self.colors.ground)
        } else {
            (if pressed.hovered { self.colors.line } else { self.colors.raised }, self.colors.text)
        };
        self.fill(rect, ground, size.corner);
        let look = if is_main { Type::strong(size.main, ink) } else { Type::new(size.other, ink) };
        self.words(rect.left_center() + Vec2::new(size.inset, 0.0), Align2::LEFT_CENTER, words, look);
        if key.is_empty() {
            return pressed.clicked;
        }
        let look = Type::strong(size.key, ink);
        let cap = Vec2::new(self.width(key, look) + size.cap.x, size.cap.y);
        let cap = Rect::from_center_size(rect.right_center() - Vec2::new(size.cap_inset + cap.x / 2.0, 0.0), cap);
        self.frame(cap, ink, size.cap_edge, 4.0);
        self.words(cap.center(), Align2::CENTER_CENTER, key, look);
        pressed.clicked
    }
}

/// Names the bar of a place that is scrolled up and down, where it is shown.
pub(super) fn name_bar(ui: &Ui, scrolled: Id, name: &str) {
    // The bar's id is made of the place's and of its direction: 0 across, 1 down.
    let bar = scrolled.with(1_usize);
    if ui.ctx().has_accesskit_node(bar) {
        ui.ctx().accesskit_node_builder(bar, |node| node.set_label(name));
    }
}

/// Points of a wide button: its corners, its words as the main one and as another, how far they stand in, its key, what the
/// key's cap is wider than it and how high, how far that stands in, and its edge.
pub(super) struct WaySize {
    pub(super) corner: f32,
    pub(super) main: f32,
    pub(super) other: f32,
    pub(super) inset: f32,
    pub(super) key: f32,
    pub(super) cap: Vec2,
    pub(super) cap_inset: f32,
    pub(super) cap_edge: f32,
}

/// What became of a control.
#[derive(Clone, Copy)]
pub(super) struct Pressed {
    pub(super) clicked: bool,
    pub(super) hovered: bool,
}

/// `"1:14"`, `"22:29"`, `"1:02:03"`.
pub(super) fn clock_words(secs: f64) -> String {
    let secs = secs.max(0.0) as u64;
    let (hours, minutes, secs) = (secs / 3600, secs / 60 % 60, secs % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{secs:02}") } else { format!("{minutes}:{secs:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_a_clock_does() {
        let cases =
            [(0.0, "0:00"), (59.9, "0:59"), (74.0, "1:14"), (1349.0, "22:29"), (3723.0, "1:02:03"), (-5.0, "0:00")];
        for (secs, words) in cases {
            assert_eq!(clock_words(secs), words);
        }
    }
}
