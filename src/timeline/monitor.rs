//! The monitor: the four floors as lanes, with their numbers, their last five minutes, fill, health and liveness.

use egui::emath::{Pos2, Rect, pos2};

use crate::live::{Series, State};
use crate::picture::{Align, Chart, Face, Furniture, Icon, Id, Ink, Layer, Part, Picture, Role, Shape};
use crate::scene::binding::Binding;
use crate::scene::model::MeterElement;
use crate::scene::world::Floor;
use crate::signal::{Quantity, Signal, Tier};
use crate::timeline::elements::{meter, nice_top, unknown};
use crate::timeline::event_ticks;
use crate::timeline::furniture::{badge_words, icon_of};
use crate::timeline::happened::ago;
use crate::timeline::heights::heights;
use crate::timeline::moment::Moment;
use crate::timeline::numerals;
use crate::timeline::words::{Number, Style, half_cap, mark, number_width, text, width};
use crate::timeline::world::{PLATE, Slab, body};

/// From the first lane's top to the last one's foot, and between two.
const LANES_Y: [f32; 2] = [208.0, 952.0];
const GAP: f32 = 12.0;
const WINDOW_SECS: f64 = 300.0;

/// Where the units of the numbers end, the charts, and the column of what a lane holds.
const NUMBERS_X: f32 = 728.0;
const CHART_X: [f32; 2] = [764.0, 1490.0];
const FACTS: [f32; 2] = [1520.0, 1798.0];
/// The baseline of the heads, and their size.
const HEADS_Y: f32 = 186.0;
const HEAD: f32 = 30.0;
/// Units from where a lane's badge begins to its words.
const BADGE_ICON: f32 = 38.0;
/// Size of the words under the numbers and at the right.
const WORDS: f32 = 28.0;
/// Least heights: of a lane of which nothing is known, of one that is known, and of one with errors under its numbers.
const UNKNOWN_LEAST: f32 = 72.0;
const LEAST: f32 = 104.0;
const ERRORS_LEAST: f32 = 152.0;
/// From this height on a lane has one large number.
const TALL: f32 = 274.0;
/// From this height on two numbers have room to be larger.
const ROOMY: f32 = 150.0;
/// The baseline of the first row of a lane with a large number.
const FIRST_DOWN: f32 = 58.0;
/// Between a lane's edge and its chart, and what a chart keeps above and below its line of 0: a share of its height, within
/// these.
const CHART_INSET: f32 = 14.0;
const CHART_KEEPS: f32 = 0.1;
const CHART_LEAST: [f32; 2] = [6.0, 32.0];
/// Between two lines of a chart's grid at least.
const GRID: f64 = 44.0;
/// Height of a share, of a row of words under it, and what a lane keeps clear around both.
const FILLED: f32 = 42.0;
const ROW_PITCH: f32 = 36.0;
const AROUND_FACTS: f32 = 46.0;
/// Beside the share its bar: so far from the column's begin, and its height.
const FILL_BAR: [f32; 2] = [196.0, 16.0];
/// Size of a number that moves, in a lane that has room and in a slim one; of one that is nothing; and of the large one.
const MOVING: [f32; 2] = [60.0, 44.0];
const ZERO: f32 = 36.0;
const HERO: f32 = 120.0;
/// From the baseline of that one to the words below it, and from line to line of them.
const UNDER_HERO: f32 = 42.0;
/// Size of the arrow before a number.
const ARROW: f32 = 36.0;
/// What the errors under the numbers take of a lane's height.
const ERRORS_TAKE: f32 = 44.0;

/// Draws all four lanes and their heads.
pub(crate) fn draw(moment: &Moment<'_>, picture: &mut Picture) {
    let past = past(moment);
    let mut lanes: Vec<FloorLane<'_>> =
        moment.stage.library.world.floors.iter().map(|floor| FloorLane::new(moment, floor)).collect();
    let rects = lane_rects(&lanes, &past, &moment.step.floors);
    let curves = Curves::new(past, rects);
    heads(&curves, picture);
    for lane in &mut lanes {
        lane.rect = rects[lane.tier().index()];
        lane.draw(&curves, picture);
    }
}

/// Read and written in the last minutes, of T0 to T3; none where nothing is known.
type Past = [Option<[Series; 2]>; 4];

fn past(moment: &Moment<'_>) -> Past {
    let seen = moment.stage.seen;
    // The head says how long: what is not known yet is empty.
    let series = |signal: Signal| seen.source.series_over(&[signal], WINDOW_SECS, seen.now_secs);
    let ways = [Quantity::ReadBytesPerSec, Quantity::WriteBytesPerSec];
    Tier::ALL.map(|tier| seen.tier(tier).is_known().then(|| ways.map(|of| series(Signal::tier(tier, of)))))
}

/// Where the lanes stand, in the building's order: the one floor that a step names is the tallest, else the one that works.
fn lane_rects(lanes: &[FloorLane<'_>], past: &Past, named: &[Tier]) -> [Rect; 4] {
    let mut least = [LEAST; 4];
    for lane in lanes {
        least[lane.tier().index()] = lane.least_height();
    }
    let named = if let [tier] = named { Some(*tier) } else { None };
    let heights = heights(least, past, named, LANES_Y[1] - LANES_Y[0] - 3.0 * GAP);
    let mut top = LANES_Y[0];
    heights.map(|height| {
        let rect = Rect::from_min_max(pos2(96.0, top), pos2(1824.0, top + height));
        top = rect.bottom() + GAP;
        rect
    })
}

/// The past of all lanes, on one scale: a lane that moves a hundred times as much as another looks so, however tall it is.
struct Curves {
    lanes: Past,
    /// Where each lane's curves lie, and its line of 0.
    places: [(Rect, f32); 4],
    /// Bytes per second in one unit of height, and from one line of the grid to the next.
    per_unit: f64,
    every: f64,
    /// The lane that moved most.
    most: Option<Tier>,
}

impl Curves {
    fn new(lanes: Past, rects: [Rect; 4]) -> Self {
        let peaks = lanes
            .each_ref()
            .map(|lane| lane.as_ref().map_or([0.0; 2], |both| both.each_ref().map(|series| series.peak)));
        let areas = rects.map(|rect| {
            let inner = rect.top() + CHART_INSET..=rect.bottom() - CHART_INSET;
            Rect::from_x_y_ranges(CHART_X[0]..=CHART_X[1], inner)
        });
        let per_unit = per_unit(peaks, areas.map(|area| area.height()));
        let places = Tier::ALL.map(|tier| {
            let area = areas[tier.index()];
            (area, line_of_zero(area, peaks[tier.index()], per_unit))
        });
        let highest = |tier: &Tier| peaks[tier.index()].into_iter().fold(0.0, f64::max);
        let most = Tier::ALL.into_iter().filter(|tier| highest(tier) > 0.0);
        let most = most.max_by(|one, other| highest(one).total_cmp(&highest(other)));
        Self { lanes, places, per_unit, every: grid_step(per_unit), most }
    }

    fn is_known(&self) -> bool {
        self.lanes.iter().any(Option::is_some)
    }
}

/// How much room a peak is given: where it moves a little, the scale does not. The steps are fine, for what is left over
/// makes the curves lower.
fn room_for(peak: f64) -> f64 {
    if peak <= 0.0 {
        return 0.0;
    }
    let decade = 10_f64.powf(peak.log10().floor());
    let rooms = [1.0, 1.2, 1.5, 1.8, 2.2, 2.6, 3.0, 3.6, 4.3, 5.0, 6.0, 7.2, 8.5, 10.0].map(|step| step * decade);
    rooms.into_iter().find(|room| *room >= peak * 1.02).unwrap_or(decade * 12.0)
}

/// The finest scale that has room in every lane: bytes per second a unit. `peaks`: read and written; `heights`: of the charts.
fn per_unit(peaks: [[f64; 2]; 4], heights: [f32; 4]) -> f64 {
    let needed = |([read, written], height): ([f64; 2], f32)| {
        (room_for(read) + room_for(written)) / f64::from((height - 2.0 * kept(height)).max(1.0))
    };
    let most = peaks.into_iter().zip(heights).map(needed).fold(0.0, f64::max);
    if most > 0.0 { most } else { nice_top(0.0) / f64::from(heights[0].max(1.0)) }
}

/// What a chart of this height keeps above and below its line of 0 at least: it neither hangs from a lane's edge nor
/// stands on it.
fn kept(height: f32) -> f32 {
    (height * CHART_KEEPS).clamp(CHART_LEAST[0], CHART_LEAST[1])
}

/// In the middle, unless what is read or written needs more than half of the room.
fn line_of_zero(area: Rect, [read, written]: [f64; 2], per_unit: f64) -> f32 {
    let [up, down] = [read, written].map(|peak| (room_for(peak) / per_unit) as f32 + kept(area.height()));
    let middle = area.center().y;
    if down > area.height() / 2.0 {
        area.bottom() - down
    } else if up > area.height() / 2.0 {
        area.top() + up
    } else {
        middle
    }
}

/// A round step of the grid whose lines lie far enough apart.
fn grid_step(per_unit: f64) -> f64 {
    let least = per_unit * GRID;
    let decade = 10_f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0].map(|step| step * decade).into_iter().find(|step| *step >= least).unwrap_or(decade * 10.0)
}

/// Over the numbers what their arrows mean, over the charts their time and their scale.
fn heads(curves: &Curves, picture: &mut Picture) {
    let style = Style::new(Role::Caption, Layer::Furniture, HEAD);
    let id = |nth| Id::furniture(Furniture::Head).nth(nth);
    picture.push(text(id(1), "↑ read, ↓ write", pos2(NUMBERS_X, HEADS_Y), style.align(Align::Right)));
    if curves.is_known() {
        let every = numerals::bytes(curves.every, "B/s").round_words();
        let words = format!("last {:.0}\u{2009}min, a line each {every}", WINDOW_SECS / 60.0);
        let style = Style { layer: Layer::Measured, ..style };
        picture.push(text(id(2), words, pos2(CHART_X[0], HEADS_Y), style));
    }
}

struct FloorLane<'a> {
    moment: &'a Moment<'a>,
    floor: &'a Floor,
    rect: Rect,
    state: &'a State,
    /// How brightly it is lit just now, 0 to 1.
    level: f32,
    /// The lane's own badge, with its lag where there is one; none where it would only repeat the picture's.
    badge: Option<String>,
    /// The share of requests that fail, and what stands at the right.
    errors: Option<Fact>,
    rows: Vec<Fact>,
}

/// What is read or written now.
struct Rate {
    part: Part,
    /// `"read"`
    word: &'static str,
    arrow: &'static str,
    value: f64,
    numerals: numerals::Numerals,
    is_large: bool,
    rests: bool,
}

/// A few words with a shape before them.
struct Fact {
    part: Part,
    icon: Option<Icon>,
    words: String,
}

impl Fact {
    fn plain(part: Part, words: String) -> Self {
        Self { part, icon: None, words }
    }
}

impl<'a> FloorLane<'a> {
    fn new(moment: &'a Moment<'a>, floor: &'a Floor) -> Self {
        let state = moment.stage.seen.tier(floor.tier);
        let level = moment.stage.flows.level(floor.tier.id());
        let badge = lane_badge(moment, floor.tier, state);
        let mut lane = Self { moment, floor, rect: Rect::ZERO, state, level, badge, errors: None, rows: Vec::new() };
        if state.is_known() {
            lane.errors = lane.failing();
            lane.rows = lane.held();
        }
        lane
    }

    /// What the lane's words need.
    fn least_height(&self) -> f32 {
        if !self.state.is_known() {
            return UNKNOWN_LEAST;
        }
        let rows = (WORDS + 4.0) * self.rows.len() as f32;
        let facts = AROUND_FACTS + rows + if self.share().is_some() { FILLED } else { 0.0 };
        facts.max(if self.errors.is_some() { ERRORS_LEAST } else { LEAST })
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
        self.moment.stage.seen.value(self.tier(), quantity)
    }

    /// Of all that is measured: what is old is grey.
    fn ink(&self) -> Ink {
        if self.state.is_stale() { Ink::Text2 } else { Ink::Text }
    }

    /// Words of a lane.
    fn style(&self, role: Role, size: f32) -> Style {
        Style::new(role, Layer::Measured, size).ink(self.ink())
    }

    fn draw(&self, curves: &Curves, picture: &mut Picture) {
        let edge = if self.is_tall() { 8.0 } else { 4.0 };
        body(&Slab { rect: self.rect, tier: self.tier(), level: self.level, edge, strength: 1.0 }, picture);
        self.name(picture);
        if self.state.is_known() {
            self.liveness(picture);
            if !self.hero(picture) {
                self.traffic(picture);
            }
            self.error_line(picture);
            self.history(curves, picture);
            self.facts(picture);
        } else {
            let words = match (self.state, &self.floor.why_absent) {
                (State::NoSource, Some(why)) => format!("{}: {why}", self.floor.absent).into(),
                (State::NoSource, None) => self.floor.absent.clone(),
                (State::Waiting, _) => "waiting for the first answer".into(),
                (state, _) => state.to_string().into(),
            };
            let left = self.name_end().max(348.0) + 24.0;
            let rect = Rect::from_min_max(self.at(left, 12.0), self.at(1808.0, self.rect.height() - 12.0));
            unknown(&self.id(Part::Unknown), rect, &words, picture);
        }
    }

    /// Whether it has one large number.
    fn is_tall(&self) -> bool {
        self.state.is_known() && self.rect.height() >= TALL
    }

    /// The baseline of the first row of a tall lane: what stands in it lies in its middle.
    fn first_down(&self) -> f32 {
        FIRST_DOWN + ((self.rect.height() - TALL) / 2.0).max(0.0)
    }

    /// The middle of what a lane has beside its large number: over the errors, where there are any.
    fn middle(&self) -> f32 {
        (self.rect.height() - if self.errors.is_some() { ERRORS_TAKE } else { 0.0 }) / 2.0
    }

    /// The tier's id and its name in one line; over its badge, where it has one.
    fn name(&self, picture: &mut Picture) {
        let style = Style::new(Role::FloorName, Layer::Furniture, 44.0);
        let down = self.name_down();
        picture.push(text(self.placed_id(Part::Tier), self.tier().id(), self.at(self.words_x(), down), style.strong()));
        let style = Style { size: 36.0, ..style.ink(Ink::Text) };
        picture.push(text(self.placed_id(Part::Name), self.floor.name.clone(), self.at(self.name_x(), down), style));
    }

    /// Where one lane is the step's own, names and numbers stand elsewhere: there they are others, which come when these have
    /// gone.
    fn placed_id(&self, part: Part) -> Id {
        self.id(part).nth(if self.moment.step.floors.len() == 1 { 100 } else { 0 })
    }

    fn name_down(&self) -> f32 {
        if self.is_tall() {
            self.first_down()
        } else if self.badge.is_some() && self.state.is_known() {
            self.middle() - 4.0
        } else {
            self.middle() + half_cap(44.0)
        }
    }

    /// Where that one ends.
    fn name_end(&self) -> f32 {
        self.name_x() + width(&self.floor.name, Face::Regular, 36.0)
    }

    /// Where the name begins that stands in one line with the tier's id.
    fn name_x(&self) -> f32 {
        self.words_x() + width(self.tier().id(), Face::SemiBold, 44.0) + 16.0
    }

    /// Where the words of a lane begin.
    fn words_x(&self) -> f32 {
        self.rect.left() + PLATE + 28.0
    }

    /// Under the name, or after it.
    fn liveness(&self, picture: &mut Picture) {
        let Some(words) = self.badge.clone() else { return };
        let style = self.style(Role::Caption, WORDS).ink(Ink::Text);
        let (x, down) = if self.is_tall() {
            (self.name_end() + 36.0, self.name_down())
        } else {
            (self.words_x(), self.name_down() + ROW_PITCH)
        };
        let shape = Shape::icon(icon_of(self.state), self.at(x + 12.0, down - 10.0), 24.0, Ink::Text);
        picture.push(mark(self.id(Part::Icon), Role::Icon, Layer::Measured, shape));
        picture.push(text(self.id(Part::State), words, self.at(x + BADGE_ICON, down), style));
    }

    /// What is read and written now, a number each; none where nothing is known of it.
    fn rates(&self) -> [Option<Rate>; 2] {
        let ways = [
            (Part::Read, "read", "↑", Quantity::ReadBytesPerSec),
            (Part::Write, "write", "↓", Quantity::WriteBytesPerSec),
        ];
        ways.map(|(part, word, arrow, quantity)| {
            let signals = vec![Signal::tier(self.tier(), quantity)];
            let binding = Binding { signals, scale: None, window_secs: 0.0 };
            let running = self.moment.stage.seen.running(&binding);
            let value = self.value(quantity).or(running.map(|_| 0.0))?;
            let numerals = running.map_or_else(|| numerals::bytes(value, "B/s"), numerals::running);
            let is_large = running.is_none() && value >= numerals::LARGE_BYTES_PER_SEC;
            Some(Rate { part, word, arrow, value, numerals, is_large, rests: running.is_none() && value <= 0.0 })
        })
    }

    /// What is read over what is written, as in the curve beside them; one zero where neither moves.
    fn traffic(&self, picture: &mut Picture) {
        let rates: Vec<Rate> = self.rates().into_iter().flatten().collect();
        let Some(first) = rates.first() else { return };
        if rates.iter().all(|rate| rate.rests) {
            let at = self.at(NUMBERS_X, self.middle() + half_cap(ZERO));
            Number {
                id: self.placed_id(Part::Rest),
                numerals: first.numerals.clone(),
                at,
                style: self.number_style(first),
            }
            .draw(picture);
            return;
        }
        let pitch = self.moving_size() * 0.9 + 10.0;
        let up = pitch * (rates.len() as f32 - 1.0) / 2.0;
        for (nth, rate) in rates.into_iter().enumerate() {
            let style = self.number_style(&rate);
            let down = self.middle() - up + pitch * nth as f32 + half_cap(style.size);
            let left = NUMBERS_X - number_width(&rate.numerals, style.size);
            let id = self.placed_id(rate.part);
            let arrow = Style { size: ARROW, role: Role::Secondary, ..style };
            picture.push(text(id.nth(id.nth + 2), rate.arrow, self.at(left - 14.0, down), arrow));
            Number { id, numerals: rate.numerals, at: self.at(NUMBERS_X, down), style }.draw(picture);
        }
    }

    fn moving_size(&self) -> f32 {
        if self.rect.height() >= ROOMY { MOVING[0] } else { MOVING[1] }
    }

    fn number_style(&self, rate: &Rate) -> Style {
        let (role, size) = match rate {
            Rate { is_large: true, .. } => (Role::Monitor, self.moving_size()),
            Rate { rests: true, .. } => (Role::FloorNumber, ZERO),
            Rate { .. } => (Role::FloorNumber, MOVING[1]),
        };
        // Zeros stand back, but on light the second ink would lose its contrast.
        let ink = if rate.rests && self.level <= 0.0 { Ink::Text2 } else { self.ink() };
        self.style(role, size).ink(ink).align(Align::Right)
    }

    /// The one number of a tall lane: what moves now, with what moves beside it in the last line, else the last burst. False
    /// where there is no such number, and where errors take its place.
    fn hero(&self, picture: &mut Picture) -> bool {
        if !self.is_tall() {
            return false;
        }
        let rates = self.rates();
        let most = |one: &&Rate, other: &&Rate| one.value.total_cmp(&other.value);
        if let Some(rate) = rates.iter().flatten().filter(|rate| rate.is_large).max_by(most) {
            let words = format!("{} {}", rate.arrow, rate.word);
            let below = self.hero_number(self.placed_id(rate.part), &rate.numerals, &[words], picture);
            if let Some(other) = rates.iter().flatten().find(|other| other.part != rate.part) {
                let words = format!("{} {} {}", other.arrow, other.word, other.numerals.words());
                let id = self.placed_id(other.part);
                picture.push(text(id, words, self.at(self.words_x(), below), self.style(Role::Secondary, 36.0)));
            }
            return true;
        }
        let Some((numerals, lines)) = self.last_burst().filter(|_| self.errors.is_none()) else { return false };
        self.hero_number(self.id(Part::Memory), &numerals, &lines, picture);
        let now = rates.iter().flatten().max_by(most).map(|rate| format!("now {}", rate.numerals.words()));
        // Where its badge leaves room.
        if let Some(now) = now.filter(|_| self.badge.is_none()) {
            let style = self.style(Role::Secondary, 36.0).align(Align::Right);
            picture.push(text(self.id(Part::Words), now, self.at(NUMBERS_X, self.first_down()), style));
        }
        true
    }

    /// The number, and lines below it that say what it is. The baseline of the line after them, from the lane's top.
    fn hero_number(&self, id: Id, numerals: &numerals::Numerals, lines: &[String], picture: &mut Picture) -> f32 {
        let x = self.words_x();
        let mut down = self.first_down() + 22.0 + 2.0 * half_cap(HERO);
        let style = self.style(Role::Monitor, HERO);
        let words_id = id.nth(id.nth + 2);
        Number { id, numerals: numerals.clone(), at: self.at(x, down), style }.draw(picture);
        let style = self.style(Role::Secondary, 36.0);
        for (nth, line) in lines.iter().enumerate() {
            down += UNDER_HERO;
            picture.push(text(words_id.nth(words_id.nth + nth as u32), line.as_str(), self.at(x, down), style));
        }
        down + UNDER_HERO
    }

    /// Under the numbers: the share of requests that fail.
    fn error_line(&self, picture: &mut Picture) {
        let Some(fact) = &self.errors else { return };
        let (x, down) = (self.words_x(), self.rect.height() - 17.0);
        let words_x = if fact.icon.is_some() { x + 42.0 } else { x };
        picture.push(text(
            self.id(fact.part),
            fact.words.clone(),
            self.at(words_x, down),
            self.style(Role::Caption, WORDS),
        ));
        if let Some(icon) = fact.icon {
            let shape = Shape::icon(icon, self.at(x + 16.0, down - 10.0), 32.0, self.ink());
            picture.push(mark(self.id(Part::Icon).nth(1), Role::Icon, Layer::Measured, shape));
        }
    }

    fn failing(&self) -> Option<Fact> {
        let value = |quantity| self.value(quantity).unwrap_or_default();
        let errors = [Quantity::Errors4xxPerSec, Quantity::Errors5xxPerSec].map(value);
        let all = value(Quantity::RequestsPerSec).max(errors[0] + errors[1]);
        if self.state.is_stale() || errors[0] + errors[1] < LEAST_ERRORS_PER_SEC {
            return None;
        }
        let percent = |errors: f64| match errors / all {
            share if share < 0.01 => "under 1\u{2009}%".to_owned(),
            share => numerals::percent(share).words(),
        };
        let words = match errors {
            [_, server] if server <= 0.0 => format!("{} of requests fail: 4xx, the client’s", percent(errors[0])),
            [client, _] if client <= 0.0 => format!("{} of requests fail: 5xx, the server’s", percent(errors[1])),
            [client, server] => format!("requests fail: {} 4xx, {} 5xx", percent(client), percent(server)),
        };
        let icon = if errors[1] > 0.0 || errors[0] >= 0.5 * all { Icon::Bad } else { Icon::Warn };
        Some(Fact { part: Part::Errors, icon: Some(icon), words })
    }

    /// How fast the last burst was, and in two lines what that is: how much it moved, and how long ago.
    fn last_burst(&self) -> Option<(numerals::Numerals, [String; 2])> {
        let value = |quantity| self.value(quantity);
        let moved = numerals::bytes(value(Quantity::LastBurstBytes)?, "B").words();
        let took_secs = value(Quantity::LastBurstSecs)?;
        let seen = self.moment.stage.seen;
        let told = seen.numerals.get(&Signal::tier(self.tier(), Quantity::LastBurstAge))?;
        // What is stale grows older by the clock; else the reading says it, once a second.
        let since_secs = if self.state.is_stale() { (seen.now_secs - told.at_secs).max(0.0) } else { 0.0 };
        let ago = ago(told.value + since_secs);
        // Within the time of a cache nobody knows when bytes moved: there is no peak, and the time is the cache's.
        let is_cached = seen.lags[self.tier().index()].is_some_and(|lag_secs| took_secs <= f64::from(lag_secs));
        let (pace, how) = if is_cached {
            (value(Quantity::LastBurstMean)?, format!("mean over {took_secs:.0}\u{2009}s"))
        } else {
            (value(Quantity::LastBurstPeak)?, "peak".to_owned())
        };
        Some((numerals::bytes(pace, "B/s"), [format!("{how} of the last burst"), format!("{moved}, {ago}")]))
    }

    /// Read upward and written downward from one line.
    fn history(&self, curves: &Curves, picture: &mut Picture) {
        let Some(both) = &curves.lanes[self.tier().index()] else { return };
        let (area, zero) = curves.places[self.tier().index()];
        let ways = [(Quantity::ReadBytesPerSec, false), (Quantity::WriteBytesPerSec, true)];
        for (nth, (series, (quantity, down))) in both.iter().zip(ways).enumerate() {
            let [upper, lower] = if down { [zero, area.bottom()] } else { [area.top(), zero] };
            let top = f64::from(lower - upper) * curves.per_unit;
            let lines = (top / curves.every + 1e-6).floor() as u32;
            let chart = Chart {
                rect: Rect::from_x_y_ranges(area.x_range(), upper..=lower),
                ink: if self.state.is_stale() { Ink::Edge } else { Ink::of(self.tier()) },
                columns: series.columns.clone(),
                top,
                grid: (0..=lines).map(|line| curves.every * f64::from(line)).collect(),
                // Of the last column a part may be of a burst that is over.
                head: !self.state.is_stale() && self.value(quantity).is_some_and(|now| now > 0.0),
                down,
                strong: curves.most == Some(self.tier()) && !self.state.is_stale(),
                ahead: series.ahead,
            };
            let id = self.id(Part::History).nth(nth as u32);
            picture.push(mark(id, Role::Chart, Layer::Measured, Shape::Chart(chart)));
        }
        event_ticks::draw_ticks(self.moment, self.tier(), (area, zero), WINDOW_SECS, picture);
    }

    /// What is wrong with nodes and drives, and what may still fail; before them what a set of buckets uses.
    fn held(&self) -> Vec<Fact> {
        let mut rows = if self.is_shared() { self.pool() } else { Vec::new() };
        rows.extend([self.trouble(), self.tolerance()].into_iter().flatten());
        rows
    }

    /// How much of it is full; of a set of buckets that is no share.
    fn share(&self) -> Option<f64> {
        self.value(Quantity::UsedRatio).filter(|_| !self.is_shared())
    }

    /// How full, then its rows, spread over the lane.
    fn facts(&self, picture: &mut Picture) {
        let share = self.share();
        let taken = if share.is_some() { FILLED } else { 0.0 };
        let rows = self.rows.len() as f32;
        let pitch = ((self.rect.height() - AROUND_FACTS - taken) / rows.max(1.0)).min(ROW_PITCH);
        // A share has air below it, which is none of the middle where nothing follows, and a row has as much.
        let whole = taken + pitch * rows - if share.is_some() { FILLED - 2.0 * half_cap(44.0) } else { 0.0 };
        let first = (self.rect.height() - whole) / 2.0;
        if let Some(share) = share {
            self.fill(share, first, picture);
        }
        // One that stands alone has room to be read from the back.
        let size = if matches!(self.rows[..], [Fact { icon: None, .. }]) { HEAD } else { WORDS };
        for (nth, row) in self.rows.iter().enumerate() {
            let down = first + taken + pitch * (nth as f32 + 0.5) + half_cap(size);
            let x = if row.icon.is_some() { FACTS[0] + 40.0 } else { FACTS[0] };
            if let Some(icon) = row.icon {
                let shape = Shape::icon(icon, self.at(FACTS[0] + 15.0, down - 10.0), 30.0, self.ink());
                picture.push(mark(self.id(row.part).nth(1), Role::Icon, Layer::Measured, shape));
            }
            let style = self.style(Role::Caption, size);
            picture.push(text(self.id(row.part), row.words.clone(), self.at(x, down), style));
        }
    }

    /// The share, and a bar of it beside it. `down`: of its upper edge, from the lane's top.
    fn fill(&self, share: f64, down: f32, picture: &mut Picture) {
        let signals = vec![Signal::tier(self.tier(), Quantity::UsedRatio)];
        let binding = Binding { signals, scale: None, window_secs: 0.0 };
        let style = self.style(Role::Secondary, 44.0).face(Face::SemiBold);
        let words = numerals::percent(share).words();
        let at = self.at(FACTS[0], down + 2.0 * half_cap(44.0));
        let full = pos2(at.x + width(&words, style.face, style.size) + 12.0, at.y);
        picture.push(text(self.id(Part::Share), words, at, style));
        picture.push(text(self.id(Part::Share).nth(1), "full", full, self.style(Role::Caption, HEAD)));
        let [left, height] = FILL_BAR;
        let top = down + half_cap(44.0) - height / 2.0;
        let rect = Rect::from_min_max(self.at(FACTS[0] + left, top), self.at(FACTS[1], top + height));
        let ink = if self.state.is_stale() { Ink::Edge } else { Ink::of(self.tier()) };
        meter(self.moment, &self.id(Part::Fill), &MeterElement { rect, binding, ink }, picture);
    }

    /// Whether it is a set of buckets: what they use is no share of a capacity, or one of their quota.
    fn is_shared(&self) -> bool {
        let has_ratio = self.value(Quantity::UsedRatio).is_some() && self.value(Quantity::QuotaBytes).is_none();
        self.value(Quantity::UsedBytes).is_some() && !has_ratio
    }

    /// A tier that is a set of buckets: what it uses, as of the scanner's last look, its quota, and the pool that it shares.
    fn pool(&self) -> Vec<Fact> {
        let bytes = |value: f64| numerals::bytes(value, "B").words();
        let value = |quantity| self.value(quantity);
        let used = value(Quantity::UsedBytes).map(|used| (Part::Used, format!("used {}", bytes(used))));
        let age = value(Quantity::UsageAgeSecs).map(|secs| (Part::Age, format!("as of {}", ago(secs))));
        let quota = value(Quantity::QuotaBytes).map(|quota| (Part::Quota, format!("quota {}", bytes(quota))));
        let pool = value(Quantity::CapacityBytes).map(|pool| (Part::Pool, format!("of {} shared", bytes(pool))));
        [used, age, quota, pool].into_iter().flatten().map(|(part, words)| Fact::plain(part, words)).collect()
    }

    fn trouble(&self) -> Option<Fact> {
        let (icon, words) = self.moment.stage.seen.trouble(self.tier())?;
        Some(Fact { part: Part::Drives, icon: Some(icon), words })
    }

    /// How many drives may still fail; where it cannot write, that is said already.
    fn tolerance(&self) -> Option<Fact> {
        let drives = self.value(Quantity::WriteTolerance)?;
        let holds = self.value(Quantity::WriteQuorum).is_none_or(|held| held >= 0.5);
        let (icon, words) = if drives < 0.5 {
            (Some(Icon::Warn), "no drive to lose".to_owned())
        } else {
            let more = match (self.trouble(), drives < 1.5) {
                (Some(_), _) => "more",
                (None, true) => "drive",
                (None, false) => "drives",
            };
            (None, format!("can lose {drives:.0} {more}"))
        };
        holds.then_some(Fact { part: Part::Tolerance, icon, words })
    }
}

/// The words of a lane's own badge.
fn lane_badge(moment: &Moment<'_>, tier: Tier, state: &State) -> Option<String> {
    let lag_secs = moment.stage.seen.lags[tier.index()].filter(|_| !state.is_stale());
    let repeats = !state.is_stale() && *state == badge_words(moment).0;
    match (repeats, lag_secs) {
        (true, None) => None,
        (true, Some(lag_secs)) => Some(format!("{lag_secs}\u{2009}s late")),
        (false, None) => Some(state.to_string()),
        (false, Some(lag_secs)) => Some(format!("{state}, {lag_secs}\u{2009}s late")),
    }
}

/// Fewer errors than one in so many seconds are none.
const LEAST_ERRORS_PER_SEC: f64 = 0.02;
