//! The engineers' page: one deployment of the lab, with what happened on the axis of its charts, its drives, nodes, buckets,
//! APIs and how well each page is read. It names hosts and buckets, and the room sees none of it.

mod charts;
mod drives;
mod figures;
mod parts;
mod tables;

use std::sync::Arc;

use egui::emath::{Align2, Rect, pos2, vec2};
use egui::{Context, Key, Modifiers};

use crate::live::{BucketColumn, Engineers, EngineersTarget, engineers};
use crate::presentation::Presentation;

use super::desk::{Desk, Type, clock_words};
use super::{feeds, stage};

use self::drives::DrivesBy;
use self::parts::tab;
use self::tables::BucketOrder;

/// Narrower than this all stands in one column, which is scrolled.
const NARROW: f32 = 1200.0;
/// How far back the charts reach: the words of the tab, and seconds.
const SPANS: [(&str, f64); 3] = [("10 min", 600.0), ("30 min", 1800.0), ("1 h", 3600.0)];

/// What of the page is chosen.
pub(super) struct LabLook {
    /// By its name; none: the one that has most drives.
    target: Option<Arc<str>>,
    span_secs: f64,
    drives_by: DrivesBy,
    order: BucketOrder,
    filter: String,
    /// The scrape whose refused lines are told, by page and node.
    opened: Option<(String, String)>,
}

impl Default for LabLook {
    fn default() -> Self {
        Self {
            target: None,
            span_secs: 600.0,
            drives_by: DrivesBy::default(),
            order: BucketOrder { column: BucketColumn::Used, falling: true },
            filter: String::new(),
            opened: None,
        }
    }
}

/// Whether what is typed belongs to the filter of the buckets.
pub(super) fn is_typing(ctx: &Context) -> bool {
    ctx.memory(|memory| memory.has_focus(tables::filter_id()))
}

impl LabLook {
    /// Left and Right choose the deployment, while the page is open.
    pub(super) fn take_keys(&mut self, ctx: &Context, talk: &Presentation) {
        let pressed = |key| ctx.input_mut(|input| input.count_and_consume_key(Modifiers::NONE, key));
        let (on, back) = (pressed(Key::ArrowRight), pressed(Key::ArrowLeft));
        if on != back {
            let lab = told(talk);
            let last = lab.targets.len().saturating_sub(1);
            let now = self.index(&lab);
            self.target = lab.targets.get((now + on).saturating_sub(back).min(last)).map(|target| target.name.clone());
        }
    }

    fn index(&self, lab: &Engineers) -> usize {
        let chosen = self.target.as_ref().and_then(|name| lab.targets.iter().position(|of| of.name == *name));
        // A deployment that tells how its drives do goes before one that only has some.
        let drives = |of: &EngineersTarget| {
            let cells = || of.drives.rows.iter().flat_map(|row| &row.cells);
            (cells().filter(|cell| cell.heat.is_some()).count(), cells().count())
        };
        let most = lab.targets.iter().enumerate().rev().max_by_key(|(_, of)| drives(of)).map(|(nth, _)| nth);
        chosen.or(most).unwrap_or(0)
    }

    /// Draws the page over the whole console.
    pub(super) fn draw(&mut self, desk: &mut Desk<'_>, talk: &Presentation, area: Rect, time_of_day: &str) {
        desk.fill(area, desk.colors.ground, 0.0);
        let lab = told(talk);
        let head = Rect::from_min_size(area.min + vec2(20.0, 0.0), vec2(area.width() - 40.0, 60.0));
        self.draw_head(desk, (talk, &lab), head, time_of_day);
        desk.rule(pos2(area.left(), head.bottom()), area.width());
        let body = Rect::from_min_max(pos2(head.left(), head.bottom() + 12.0), area.max - vec2(20.0, 10.0));
        let Some(target) = lab.targets.get(self.index(&lab)) else {
            let words = format!("{} has nothing to look into: v shows another source.", talk.sources().shown().origin);
            desk.words(body.center(), Align2::CENTER_CENTER, &words, Type::new(18.0, desk.colors.text2));
            desk.say(body, "no lab", &words);
            return;
        };
        if area.width() >= NARROW && body.height() > 560.0 {
            let split = body.left() + body.width() * 0.486;
            let left = Rect::from_min_max(body.min, pos2(split, body.bottom()));
            let right = Rect::from_min_max(pos2(split + 40.0, body.top()), body.max);
            self.left_column(desk, talk, target, left);
            self.right_column(desk, (talk, &lab, target), right);
        } else {
            self.one_column(desk, (talk, &lab, target), body);
        }
    }

    /// What happened, the charts, and the APIs.
    fn left_column(&self, desk: &Desk<'_>, talk: &Presentation, target: &EngineersTarget, area: Rect) {
        let api_height = (34.0 + 26.0 * target.apis.len().clamp(1, 7) as f32).min(area.height() * 0.3);
        let charts = Rect::from_min_max(area.min, pos2(area.right(), area.bottom() - api_height - 10.0));
        charts::draw(desk, talk, (target, self.span_secs), charts);
        let apis = Rect::from_min_max(pos2(area.left(), area.bottom() - api_height), area.max);
        tables::apis(desk, target, apis);
    }

    /// Drives and nodes, figures of the whole, buckets, scrapes.
    fn right_column(
        &mut self,
        desk: &mut Desk<'_>,
        (talk, lab, target): (&Presentation, &Engineers, &EngineersTarget),
        area: Rect,
    ) {
        let drives = drives::height(target).min(area.height() * 0.4);
        let drives = Rect::from_min_size(area.min, vec2(area.width(), drives));
        drives::draw(desk, &mut self.drives_by, target, drives);
        let top = pos2(area.left(), drives.bottom() + 14.0);
        let figures = Rect::from_min_size(top, vec2(area.width(), figures::height(target)));
        figures::draw(desk, &talk.seen(), target, figures);
        let scrapes = 58.0 + 26.0 * tables::scrape_rows(lab).clamp(1, 8) as f32;
        let scrapes = scrapes.min(area.height() * 0.34);
        let scrapes = Rect::from_min_max(pos2(area.left(), area.bottom() - scrapes), area.max);
        let buckets =
            Rect::from_min_max(pos2(area.left(), figures.bottom() + 14.0), pos2(area.right(), scrapes.top() - 14.0));
        tables::buckets(desk, target, (&mut self.order, &mut self.filter), buckets);
        tables::scrapes(desk, lab, &mut self.opened, scrapes);
    }

    /// All of it below one another, scrolled.
    fn one_column(
        &mut self,
        desk: &mut Desk<'_>,
        (talk, lab, target): (&Presentation, &Engineers, &EngineersTarget),
        area: Rect,
    ) {
        desk.scrolled(area, ("lab", "scroll bar of the page"), |ui, lent, events| {
            let width = ui.available_width() - 12.0;
            let heights = [
                drives::height(target),
                figures::height(target),
                470.0,
                300.0,
                34.0 + 26.0 * target.apis.len().clamp(1, 9) as f32,
                58.0 + 26.0 * tables::scrape_rows(lab).clamp(1, 12) as f32,
            ];
            for (nth, height) in heights.into_iter().enumerate() {
                let (rect, _) = ui.allocate_exact_size(vec2(width, height), egui::Sense::hover());
                ui.add_space(18.0);
                let mut desk = Desk::borrowing(ui, lent, events);
                match nth {
                    0 => drives::draw(&desk, &mut self.drives_by, target, rect),
                    1 => figures::draw(&desk, &talk.seen(), target, rect),
                    2 => charts::draw(&desk, talk, (target, self.span_secs), rect),
                    3 => tables::buckets(&mut desk, target, (&mut self.order, &mut self.filter), rect),
                    4 => tables::apis(&desk, target, rect),
                    _ => tables::scrapes(&mut desk, lab, &mut self.opened, rect),
                }
            }
        });
    }

    fn draw_head(&mut self, desk: &Desk<'_>, (talk, lab): (&Presentation, &Engineers), area: Rect, time_of_day: &str) {
        let y = area.center().y;
        let head = desk.words(pos2(area.left(), y), Align2::LEFT_CENTER, "Lab", Type::strong(24.0, desk.colors.text));
        let timing = talk.timing();
        let strong = Type::strong(24.0, desk.colors.text);
        let clock = desk.words(pos2(area.right(), y), Align2::RIGHT_CENTER, time_of_day, strong);
        let small = Type::new(15.0, desk.colors.least);
        let left = desk.words(pos2(clock.left() - 26.0, y + 2.0), Align2::RIGHT_CENTER, "left", small);
        let secs = clock_words((timing.slot_secs - timing.elapsed_secs).max(0.0));
        let look = Type::strong(22.0, desk.colors.text);
        let left = desk.words(pos2(left.left() - 8.0, y), Align2::RIGHT_CENTER, &secs, look);
        let limit = left.left() - 30.0;
        let now = self.index(lab);
        let mut x = head.right() + 18.0;
        for (nth, target) in lab.targets.iter().enumerate() {
            let subject = target.subjects.first().copied();
            let rect = tab(desk, (x, y), (&target.name, subject), now == nth);
            if desk.press(rect, &format!("look into {}", target.name)).clicked {
                self.target = Some(target.name.clone());
            }
            x = rect.right() + 8.0;
        }
        x += 14.0;
        for (words, secs) in SPANS {
            let rect = tab(desk, (x, y), (words, None), (self.span_secs - secs).abs() < 1.0);
            if desk.press(rect, &format!("charts over {words}")).clicked {
                self.span_secs = secs;
            }
            x = rect.right() + 8.0;
        }
        let Some(target) = lab.targets.get(now) else { return };
        x += 16.0;
        let age = target.age_secs.map(|secs| format!("{secs:.1} s ago")).unwrap_or_default();
        let look = Type::strong(15.0, desk.colors.text);
        let state = target.state.to_string();
        if x + desk.width(&state, look) + 120.0 < limit {
            feeds::sign(desk, &target.state, pos2(x, y));
            let state = desk.words(pos2(x + 14.0, y), Align2::LEFT_CENTER, &state, look);
            let age = desk.words(pos2(state.right() + 8.0, y), Align2::LEFT_CENTER, &age, small);
            x = age.right();
        }
        if x + 190.0 < limit {
            let at = talk.address().to_string();
            let at = desk.words(pos2(limit, y), Align2::RIGHT_CENTER, &at, Type::new(17.0, desk.colors.text2));
            stage::ready(desk, talk, pos2(at.left() - 10.0, y));
        }
    }
}

fn told(talk: &Presentation) -> Engineers {
    let seen = talk.seen();
    engineers(seen.source, seen.now_secs)
}
