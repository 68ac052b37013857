//! What happened in the last hour, under the lanes of the monitor: marks on a line of time, and the newest in words. In each
//! lane, ticks in its chart where something happened to its tier.

use egui::emath::{Pos2, Rect, pos2, vec2};

use crate::live::{TierEvent, Weight};
use crate::picture::{Align, Fill, Furniture, Icon, Id, Ink, Layer, Part, Picture, Role, Shape, Stroke};
use crate::signal::Tier;
use crate::timeline::happened::{ago, event_words};
use crate::timeline::moment::Moment;
use crate::timeline::words::{Style, boxed, half_cap, mark, text};

/// From an hour ago to now; it ends where the lanes do.
const TIME: [f32; 2] = [1080.0, 1812.0];
const HOUR_SECS: f64 = 3600.0;
/// Each tier has a row, in the order of the lanes: a mark says by its height whose it is, and not by its ink alone.
const ROWS_Y: [f32; 4] = [902.0, 914.0, 926.0, 938.0];
const ROW_HEIGHT: f32 = 10.0;
/// Under the rows.
const AXIS_Y: f32 = 950.0;
/// Where its words begin, and their baseline.
const WORDS_X: f32 = 96.0;
const WORDS_Y: f32 = 931.0;
const SIZE: f32 = 28.0;
/// From the middle of a shape to the words beside it.
const BESIDE: f32 = 28.0;

/// The strip. It is there where anything is watched, however quiet it was.
pub(crate) fn draw(moment: &Moment<'_>, picture: &mut Picture) {
    let seen = moment.stage.seen;
    if !Tier::ALL.iter().any(|tier| seen.tier(*tier).is_known()) {
        return;
    }
    let id = Id::furniture(Furniture::Events);
    let style = Style::new(Role::Caption, Layer::Measured, SIZE);
    let axis = Rect::from_min_max(pos2(TIME[0], AXIS_Y - 1.0), pos2(TIME[1], AXIS_Y + 1.0));
    let shape = (0.0, Fill::Flat(Ink::Edge, 1.0), None);
    picture.push(boxed(id.part(Part::Edge), Role::Rule, Layer::Measured, axis, shape));
    picture.push(text(id.part(Part::Name), "last hour", pos2(TIME[0] - 24.0, WORDS_Y), style.align(Align::Right)));
    let events: Vec<&TierEvent> = seen.source.events().iter().filter(|event| event.at_secs <= seen.now_secs).collect();
    newest(&id.part(Part::Words), events.last().copied(), (seen.now_secs, style.ink(Ink::Text)), picture);
    for (nth, placed) in spread(&events, seen.now_secs).into_iter().enumerate() {
        let (event, nth) = (placed.event, nth as u32);
        let center = pos2(placed.x, ROWS_Y[event.tier.index()]);
        push_mark(&id.part(Part::Event).nth(nth), event, (center, ROW_HEIGHT), picture);
    }
}

/// The newest event in words, after its shape.
fn newest(id: &Id, event: Option<&TierEvent>, (now_secs, style): (f64, Style), picture: &mut Picture) {
    let Some(event) = event else {
        picture.push(text(id.clone(), "nothing happened in the last hour", pos2(WORDS_X, WORDS_Y), style));
        return;
    };
    let words = format!("{} {}, {}", event.tier.id(), event_words(event), ago(now_secs - event.at_secs));
    push_mark(&id.nth(1), event, (pos2(WORDS_X + 14.0, WORDS_Y - half_cap(SIZE)), SIZE), picture);
    picture.push(text(id.clone(), words, pos2(WORDS_X + 14.0 + BESIDE, WORDS_Y), style));
}

/// An event and where its mark stands.
#[derive(Clone, Copy, Debug)]
struct Placed<'a> {
    event: &'a TierEvent,
    x: f32,
}

impl Placed<'_> {
    fn is_wrong(&self) -> bool {
        matches!(self.event.what.weight(), Weight::Bad | Weight::Warn)
    }

    /// Whether the two would lie on one another: a shape of what is wrong takes the height of all rows.
    fn meets(&self, other: &Self) -> bool {
        let half = |placed: &Self| if placed.is_wrong() { 14.0 } else { 4.0 };
        let shares_a_row = self.is_wrong() || other.is_wrong() || self.event.tier == other.event.tier;
        shares_a_row && (self.x - other.x).abs() < half(self) + half(other) + 2.0
    }
}

/// Where the marks stand: each at its time, what is wrong first and then the newest, and none where it would lie on another.
fn spread<'a>(events: &[&'a TierEvent], now_secs: f64) -> Vec<Placed<'a>> {
    let mut placed: Vec<Placed<'a>> = Vec::new();
    let mut order: Vec<Placed<'a>> =
        events.iter().rev().map(|event| Placed { event, x: x_of(event, now_secs) }).collect();
    order.sort_by_key(|placed| !placed.is_wrong());
    for next in order {
        if !placed.iter().any(|other| other.meets(&next)) {
            placed.push(next);
        }
    }
    placed.sort_by(|one, other| one.x.total_cmp(&other.x));
    placed
}

/// In whole units: what stands still for seconds is no new picture.
fn x_of(event: &TierEvent, now_secs: f64) -> f32 {
    let share = 1.0 - ((now_secs - event.at_secs) / HOUR_SECS).clamp(0.0, 1.0);
    (TIME[0] + 14.0 + (TIME[1] - TIME[0] - 28.0) * share as f32).round()
}

/// The shape of an event: of what is wrong; hollow, of what is well again; a bar, of what is neither.
fn push_mark(id: &Id, event: &TierEvent, (center, height): (Pos2, f32), picture: &mut Picture) {
    let bar = Rect::from_center_size(center, vec2(8.0, height));
    let ink = Ink::of(event.tier);
    let shape = match event.what.weight() {
        Weight::Bad => Shape::icon(Icon::Bad, center, SIZE, Ink::Text),
        Weight::Warn => Shape::icon(Icon::Warn, center, SIZE, Ink::Text),
        Weight::Good => {
            let shape = (2.0, Fill::None, Some(Stroke::new(2.0, ink)));
            return picture.push(boxed(id.clone(), Role::Rule, Layer::Measured, bar, shape));
        }
        Weight::Plain => {
            let shape = (2.0, Fill::Flat(ink, 1.0), None);
            return picture.push(boxed(id.clone(), Role::Rule, Layer::Measured, bar, shape));
        }
    };
    picture.push(mark(id.clone(), Role::Icon, Layer::Measured, shape));
}

/// Ticks at the upper edge of a tier's chart, over the time that the chart shows.
pub(crate) fn draw_ticks(moment: &Moment<'_>, tier: Tier, chart: Rect, window_secs: f64, picture: &mut Picture) {
    let seen = moment.stage.seen;
    let of_tier = seen.source.events().iter().filter(|event| event.tier == tier && event.at_secs <= seen.now_secs);
    let mut last_x = f32::NEG_INFINITY;
    let mut nth = 0;
    for event in of_tier {
        let share = 1.0 - (seen.now_secs - event.at_secs) / window_secs;
        let x = (chart.left() + chart.width() * share as f32).round();
        if share < 0.0 || x - last_x < 6.0 {
            continue;
        }
        last_x = x;
        // What is wrong reaches down farther than what is not.
        let down = match event.what.weight() {
            Weight::Bad | Weight::Warn => 22.0,
            Weight::Good | Weight::Plain => 10.0,
        };
        let tick = Rect::from_min_max(pos2(x - 2.0, chart.top()), pos2(x + 2.0, chart.top() + down));
        let shape = (0.0, Fill::Flat(Ink::Text, 1.0), None);
        picture.push(boxed(Id::floor(tier, Part::Event).nth(nth), Role::Chart, Layer::Measured, tick, shape));
        nth += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::Happening;
    use crate::measure;
    use crate::picture::Face;

    #[test]
    fn no_mark_lies_on_another_and_what_is_wrong_is_seen() {
        let event = |at_secs: f64, tier, what| TierEvent { at_secs, tier, what };
        let events = [
            event(100.0, Tier::T2, Happening::Transition),
            event(1000.0, Tier::T2, Happening::Transition),
            event(1000.0, Tier::T3, Happening::Checkpoint { bytes: 1e9, secs: 2.0 }),
            event(2000.0, Tier::T3, Happening::Checkpoint { bytes: 1e9, secs: 2.0 }),
            event(2010.0, Tier::T1, Happening::QuorumLost),
            event(2020.0, Tier::T1, Happening::QuorumBack { may_lose: None }),
            event(3600.0, Tier::T2, Happening::Restart { processes: 1 }),
        ];
        let placed = spread(&events.iter().collect::<Vec<_>>(), 3600.0);
        let told: Vec<&str> = placed.iter().map(|placed| placed.event.what.kind()).collect();
        assert_eq!(told, ["transition", "checkpoint", "transition", "quorum-lost", "restart"]);
        assert!(placed.iter().all(|placed| placed.x - 14.0 >= TIME[0] && placed.x + 14.0 <= TIME[1]), "{placed:?}");
    }

    #[test]
    fn the_longest_words_end_before_the_line() {
        let what = Happening::ErrorBurst { client_per_sec: 1234.0, server_per_sec: 1234.0 };
        let event = TierEvent { at_secs: 0.0, tier: Tier::T2, what };
        let words = format!("{} {}, {}", event.tier.id(), event_words(&event), ago(3500.0));
        let wide = |words: &str| measure::width(words, Face::Regular, SIZE, false);
        let end = WORDS_X + 14.0 + BESIDE + wide(&words);
        assert!(end + 24.0 < TIME[0] - 24.0 - wide("last hour"), "{words} ends at {end}");
    }
}
