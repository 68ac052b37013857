//! The monitor: the four floors as lanes, with their numbers, their last five minutes, fill, health and liveness.

use egui::emath::{Pos2, Rect, pos2};

use crate::live::State;
use crate::picture::{Align, Furniture, Icon, Id, Ink, Layer, Part, Picture, Role, Shape};
use crate::scene::binding::Binding;
use crate::scene::model::{ChartElement, MeterElement};
use crate::scene::world::Floor;
use crate::signal::{Quantity, Signal, Tier};
use crate::timeline::elements::{chart, meter, unknown};
use crate::timeline::moment::Moment;
use crate::timeline::numerals;
use crate::timeline::words::{Number, Style, mark, text};
use crate::timeline::world::{PLATE, Slab, body};

const TOP: f32 = 206.0;
const HEIGHT: f32 = 174.0;
const EVERY: f32 = 188.0;
const WINDOW_SECS: f64 = 300.0;

/// Right edges of the units of the two numbers, the chart, the meter and the column beside it.
const READ_X: f32 = 664.0;
const WRITE_X: f32 = 1076.0;
const CHART: [f32; 2] = [1124.0, 1510.0];
const METER: [f32; 2] = [1560.0, 1592.0];
const FACTS_X: f32 = 1620.0;

/// Draws all four lanes and their column heads.
pub(crate) fn draw(moment: &Moment<'_>, picture: &mut Picture) {
    heads(picture);
    for floor in &moment.stage.library.world.floors {
        FloorLane::new(moment, floor).draw(picture);
    }
}

fn heads(picture: &mut Picture) {
    let style = Style::new(Role::Caption, Layer::Furniture, 28.0);
    let heads = [
        ("read", READ_X, Align::Right),
        ("write", WRITE_X, Align::Right),
        ("5 minutes", CHART[0], Align::Left),
        ("full, drives, requests", 1824.0, Align::Right),
    ];
    for (part, (words, x, align)) in heads.into_iter().enumerate() {
        let id = Id::furniture(Furniture::Head).nth(part as u32 + 1);
        picture.push(text(id, words, pos2(x, 186.0), style.align(align)));
    }
}

struct FloorLane<'a> {
    moment: &'a Moment<'a>,
    floor: &'a Floor,
    rect: Rect,
    state: &'a State,
}

impl<'a> FloorLane<'a> {
    fn new(moment: &'a Moment<'a>, floor: &'a Floor) -> Self {
        let top = TOP + EVERY * floor.tier.index() as f32;
        let rect = Rect::from_min_max(pos2(96.0, top), pos2(1824.0, top + HEIGHT));
        Self { moment, floor, rect, state: moment.stage.seen.tier(floor.tier) }
    }

    fn tier(&self) -> Tier {
        self.floor.tier
    }

    fn id(&self, part: Part) -> Id {
        Id::floor(self.tier(), part)
    }

    fn at(&self, x: f32, down: f32) -> Pos2 {
        pos2(x, self.rect.top() + down)
    }

    fn value(&self, quantity: Quantity) -> Option<f64> {
        let signal = Signal::tier(self.tier(), quantity);
        self.moment.stage.seen.numerals.get(&signal).map(|reading| reading.value)
    }

    fn draw(&self, picture: &mut Picture) {
        let level = self.moment.stage.flows.level(self.tier().id());
        body(&Slab { rect: self.rect, tier: self.tier(), level, edge: 4.0, strength: 1.0, free: [0.0; 2] }, picture);
        self.name(picture);
        if self.state.is_known() {
            self.traffic(picture);
            self.history(picture);
            self.facts(picture);
        } else {
            let words = match (self.state, &self.floor.why_absent) {
                (State::Waiting, _) => "waiting for the first answer".into(),
                (_, Some(why)) => format!("{}: {why}", self.floor.absent).into(),
                (_, None) => self.floor.absent.clone(),
            };
            let rect = Rect::from_min_max(self.at(330.0, 14.0), self.at(1808.0, HEIGHT - 14.0));
            unknown(&self.id(Part::Unknown), rect, &words, picture);
        }
    }

    fn name(&self, picture: &mut Picture) {
        let style = Style::new(Role::FloorName, Layer::Furniture, 44.0);
        let x = self.rect.left() + PLATE + 28.0;
        picture.push(text(self.id(Part::Tier), self.tier().id(), self.at(x, 62.0), style.strong()));
        picture.push(text(self.id(Part::Name), self.floor.name.clone(), self.at(x, 114.0), style.ink(Ink::Text)));
        self.liveness(x, picture);
    }

    /// Under the name: the age when stale, else the lag where there is one.
    fn liveness(&self, x: f32, picture: &mut Picture) {
        let style = Style::new(Role::Caption, Layer::Measured, 28.0).ink(Ink::Text);
        if let State::Stale { age_secs } = self.state {
            let shape = Shape::icon(Icon::Stale, self.at(x + 14.0, 146.0), 30.0, Ink::Text);
            picture.push(mark(self.id(Part::Stale), Role::Icon, Layer::Measured, shape));
            picture.push(text(self.id(Part::Age), format!("{age_secs} s"), self.at(x + 40.0, 156.0), style));
        } else if let Some(lag) = self.moment.stage.seen.lags[self.tier().index()] {
            picture.push(text(self.id(Part::Lag), format!("to {lag} s late"), self.at(x, 156.0), style));
        }
    }

    fn traffic(&self, picture: &mut Picture) {
        let stale = matches!(self.state, State::Stale { .. });
        let columns =
            [(Part::Read, Quantity::ReadBytesPerSec, READ_X), (Part::Write, Quantity::WriteBytesPerSec, WRITE_X)];
        for (part, quantity, x) in columns {
            let style = Style::new(Role::Monitor, Layer::Measured, 96.0).strong().align(Align::Right);
            let style = if stale { style.ink(Ink::Text2) } else { style };
            if let Some(value) = self.value(quantity) {
                let numerals = numerals::bytes(value, "B/s");
                Number { id: self.id(part), numerals, at: self.at(x, 120.0), style }.draw(picture);
            }
        }
    }

    fn history(&self, picture: &mut Picture) {
        let both = [Quantity::ReadBytesPerSec, Quantity::WriteBytesPerSec];
        let signals = both.map(|quantity| Signal::tier(self.tier(), quantity)).into();
        let binding = Binding { signals, scale: None, window_secs: WINDOW_SECS };
        let rect = Rect::from_min_max(self.at(CHART[0], 30.0), self.at(CHART[1], HEIGHT - 30.0));
        let place = ChartElement { rect, binding, ink: Ink::of(self.tier()), absent: self.floor.absent.clone() };
        chart(self.moment, &self.id(Part::History), &place, false, picture);
    }

    /// Fill, drives, requests.
    fn facts(&self, picture: &mut Picture) {
        match (self.value(Quantity::UsedRatio), self.value(Quantity::UsageAgeSecs)) {
            (Some(share), _) => self.share(share, picture),
            (None, Some(_)) => self.pool(picture),
            (None, None) => {}
        }
        self.health(picture);
        if let Some(rate) = self.value(Quantity::RequestsPerSec) {
            let words = numerals::count(rate, "req/s").words();
            let style = Style::new(Role::Caption, Layer::Measured, 28.0).ink(Ink::Text);
            picture.push(text(self.id(Part::Requests), words, self.at(FACTS_X, 154.0), style));
        }
    }

    fn share(&self, share: f64, picture: &mut Picture) {
        let signals = vec![Signal::tier(self.tier(), Quantity::UsedRatio)];
        let binding = Binding { signals, scale: None, window_secs: 0.0 };
        let rect = Rect::from_min_max(self.at(METER[0], 26.0), self.at(METER[1], HEIGHT - 26.0));
        let element = MeterElement { rect, binding, ink: Ink::of(self.tier()) };
        meter(self.moment, &self.id(Part::Fill), &element, picture);
        let style = Style::new(Role::Label, Layer::Measured, 44.0).strong();
        let words = numerals::percent(share).words();
        picture.push(text(self.id(Part::Share), words, self.at(FACTS_X, 62.0), style));
    }

    /// A tier that is a set of buckets: its share of a pool it does not own, with the age of the count.
    fn pool(&self, picture: &mut Picture) {
        let Some(used) = self.value(Quantity::UsedBytes) else { return };
        let style = Style::new(Role::Label, Layer::Measured, 44.0).strong();
        let words = |value: f64| numerals::bytes(value, "B").words();
        picture.push(text(self.id(Part::Used), words(used), self.at(METER[0], 62.0), style));
        let style = Style::new(Role::Caption, Layer::Measured, 28.0).ink(Ink::Text);
        let quota = self.value(Quantity::QuotaBytes).map(|quota| format!("quota {}", words(quota)));
        let pool = self.value(Quantity::CapacityBytes).map(|pool| format!("of {} shared", words(pool)));
        if let Some(of) = quota.or(pool) {
            picture.push(text(self.id(Part::Pool), of, self.at(METER[0], 108.0), style));
        }
    }

    /// Drives and nodes, in a shape and words when some are missing.
    fn health(&self, picture: &mut Picture) {
        let (Some(online), Some(total)) = (self.value(Quantity::DrivesOnline), self.value(Quantity::DrivesTotal))
        else {
            return;
        };
        let nodes = self.value(Quantity::NodesOnline).zip(self.value(Quantity::NodesTotal));
        let node_down = nodes.is_some_and(|(online, total)| online < total);
        let healing = self.value(Quantity::DrivesHealing).is_some_and(|drives| drives > 0.0);
        let bad = online < total || node_down || healing;
        let words = match nodes {
            Some((nodes, all)) if nodes < all => format!("{nodes:.0} of {all:.0} nodes"),
            _ if online >= total && healing => "healing".to_owned(),
            _ => format!("{online:.0} of {total:.0}"),
        };
        let x = if bad { FACTS_X + 40.0 } else { FACTS_X };
        if bad {
            let shape = Shape::icon(Icon::Warn, self.at(FACTS_X + 14.0, 98.0), 32.0, Ink::Text);
            picture.push(mark(self.id(Part::Warn), Role::Icon, Layer::Measured, shape));
        }
        let style = Style::new(Role::Secondary, Layer::Measured, if bad { 28.0 } else { 36.0 }).ink(Ink::Text);
        picture.push(text(self.id(Part::Drives), words, self.at(x, 110.0), style));
    }
}
