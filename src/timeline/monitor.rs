//! The monitor: the four floors as lanes, with their numbers, their last five minutes, fill, health and liveness.

use egui::emath::{Pos2, Rect, pos2};

use crate::live::{Series, State};
use crate::picture::{Align, Chart, Face, Furniture, Icon, Id, Ink, Layer, Part, Picture, Role, Shape};
use crate::scene::binding::Binding;
use crate::scene::model::MeterElement;
use crate::scene::world::Floor;
use crate::signal::{Quantity, Signal, Tier};
use crate::timeline::elements::{meter, nice_top, unknown};
use crate::timeline::event_strip;
use crate::timeline::furniture::{badge_words, icon_of};
use crate::timeline::happened::ago;
use crate::timeline::moment::Moment;
use crate::timeline::numerals;
use crate::timeline::words::{Number, Style, mark, text, width};
use crate::timeline::world::{PLATE, Slab, body};

const TOP: f32 = 206.0;
const HEIGHT: f32 = 160.0;
const EVERY: f32 = 172.0;
const WINDOW_SECS: f64 = 300.0;

/// Right edges of the units of the two numbers, the chart, the meter and the column beside it.
const READ_X: f32 = 600.0;
const WRITE_X: f32 = 916.0;
const CHART: [f32; 2] = [946.0, 1414.0];
const METER: [f32; 2] = [1446.0, 1476.0];
const FACTS_X: f32 = 1500.0;
/// Units from where a lane's badge begins to its words.
const BADGE_ICON: f32 = 38.0;
/// Size of the words under the numbers and at the right.
const WORDS: f32 = 28.0;
/// Baselines from a lane's top: of the numbers, of the words under them, and of the rows at the right.
const NUMBER_DOWN: f32 = 88.0;
const LINE_DOWN: f32 = 134.0;
const ROWS_DOWN: [f32; 3] = [58.0, 100.0, 138.0];
/// The upper edge of a chart, its middle and its lower edge, from a lane's top.
const CHART_DOWN: [f32; 3] = [10.0, 80.0, 150.0];
/// Size of a number, and of one that moves next to nothing.
const LARGE: f32 = 80.0;
const SMALL: f32 = 56.0;

/// Draws all four lanes, their column heads, and what happened.
pub(crate) fn draw(moment: &Moment<'_>, picture: &mut Picture) {
    let curves = Curves::new(moment);
    heads(&curves, picture);
    for floor in &moment.stage.library.world.floors {
        FloorLane::new(moment, floor).draw(&curves, picture);
    }
    event_strip::draw(moment, picture);
}

/// The past of all lanes, on one scale: a lane that moves a hundred times as much as another looks so.
struct Curves {
    /// Read and written, of T0 to T3; none where nothing is known.
    lanes: [Option<[Series; 2]>; 4],
    /// The edge of every lane, up and down.
    top: f64,
}

impl Curves {
    fn new(moment: &Moment<'_>) -> Self {
        let seen = moment.stage.seen;
        let signals = |tier| [Quantity::ReadBytesPerSec, Quantity::WriteBytesPerSec].map(|of| Signal::tier(tier, of));
        let known = Tier::ALL.map(|tier| seen.tier(tier).is_known().then(|| signals(tier)));
        // The caption says how long: what is not known yet is empty.
        let series = |signal: Signal| seen.source.series_over(&[signal], WINDOW_SECS, seen.now_secs);
        let lanes = known.map(|signals| signals.map(|both| both.map(series)));
        let peak = lanes.iter().flatten().flatten().map(|series| series.peak).fold(0.0, f64::max);
        Self { lanes, top: nice_top(peak) }
    }

    fn is_known(&self) -> bool {
        self.lanes.iter().any(Option::is_some)
    }
}

fn heads(curves: &Curves, picture: &mut Picture) {
    let style = Style::new(Role::Caption, Layer::Furniture, 28.0);
    let heads = [
        ("read", READ_X, Align::Right),
        ("write", WRITE_X, Align::Right),
        ("read up, write down", CHART[0], Align::Left),
    ];
    let id = |nth| Id::furniture(Furniture::Head).nth(nth);
    for (part, (words, x, align)) in heads.into_iter().enumerate() {
        picture.push(text(id(part as u32 + 1), words, pos2(x, 186.0), style.align(align)));
    }
    if curves.is_known() {
        let top = numerals::bytes(curves.top, "B/s").round_words();
        let words = format!("last {:.0}\u{2009}min, each lane to {top}", WINDOW_SECS / 60.0);
        let style = Style { layer: Layer::Measured, ..style.align(Align::Right) };
        picture.push(text(id(4), words, pos2(1824.0, 186.0), style));
    }
}

struct FloorLane<'a> {
    moment: &'a Moment<'a>,
    floor: &'a Floor,
    rect: Rect,
    state: &'a State,
    /// The lane's own badge, with its lag where there is one; none where it would only repeat the picture's.
    badge: Option<String>,
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
        let top = TOP + EVERY * floor.tier.index() as f32;
        let rect = Rect::from_min_max(pos2(96.0, top), pos2(1824.0, top + HEIGHT));
        let state = moment.stage.seen.tier(floor.tier);
        Self { moment, floor, rect, state, badge: lane_badge(moment, floor.tier, state) }
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
        let level = self.moment.stage.flows.level(self.tier().id());
        body(&Slab { rect: self.rect, tier: self.tier(), level, edge: 4.0, strength: 1.0 }, picture);
        self.name(picture);
        if self.state.is_known() {
            self.liveness(picture);
            self.traffic(picture);
            self.line(picture);
            self.history(curves, picture);
            self.facts(picture);
        } else {
            let words = match (self.state, &self.floor.why_absent) {
                (State::NoSource, Some(why)) => format!("{}: {why}", self.floor.absent).into(),
                (State::NoSource, None) => self.floor.absent.clone(),
                (State::Waiting, _) => "waiting for the first answer".into(),
                (state, _) => state.to_string().into(),
            };
            let rect = Rect::from_min_max(self.at(330.0, 14.0), self.at(1808.0, HEIGHT - 14.0));
            unknown(&self.id(Part::Unknown), rect, &words, picture);
        }
    }

    fn name(&self, picture: &mut Picture) {
        let style = Style::new(Role::FloorName, Layer::Furniture, 44.0);
        let x = self.words_x();
        picture.push(text(self.id(Part::Tier), self.tier().id(), self.at(x, 54.0), style.strong()));
        picture.push(text(self.id(Part::Name), self.floor.name.clone(), self.at(x, 98.0), style.ink(Ink::Text)));
    }

    /// Where the words of a lane begin.
    fn words_x(&self) -> f32 {
        self.rect.left() + PLATE + 28.0
    }

    /// Under the name.
    fn liveness(&self, picture: &mut Picture) {
        let Some(words) = self.badge.clone() else { return };
        let (x, style) = (self.words_x(), self.style(Role::Caption, WORDS).ink(Ink::Text));
        let shape = Shape::icon(icon_of(self.state), self.at(x + 12.0, LINE_DOWN - 10.0), 24.0, Ink::Text);
        picture.push(mark(self.id(Part::Icon), Role::Icon, Layer::Measured, shape));
        picture.push(text(self.id(Part::State), words, self.at(x + BADGE_ICON, LINE_DOWN), style));
    }

    fn traffic(&self, picture: &mut Picture) {
        let columns =
            [(Part::Read, Quantity::ReadBytesPerSec, READ_X), (Part::Write, Quantity::WriteBytesPerSec, WRITE_X)];
        for (part, quantity, x) in columns {
            let signals = vec![Signal::tier(self.tier(), quantity)];
            let binding = Binding { signals, scale: None, window_secs: 0.0 };
            let running = self.moment.stage.seen.running(&binding);
            let Some(value) = self.value(quantity).or(running.map(|_| 0.0)) else { continue };
            let numerals = running.map_or_else(|| numerals::bytes(value, "B/s"), numerals::running);
            let is_large = running.is_none() && value >= numerals::LARGE_BYTES_PER_SEC;
            let (role, size) = if is_large { (Role::Monitor, LARGE) } else { (Role::FloorNumber, SMALL) };
            let style = self.style(role, size).face(Face::SemiBold).align(Align::Right);
            Number { id: self.id(part), numerals, at: self.at(x, NUMBER_DOWN), style }.draw(picture);
        }
    }

    /// Under the numbers: the share of requests that fail; else, while it is read, how soon an answer begins; else what the
    /// last burst was.
    fn line(&self, picture: &mut Picture) {
        let Some(fact) = self.errors().or_else(|| self.first_byte()).or_else(|| self.memory()) else { return };
        let style = self.style(Role::Caption, WORDS).align(Align::Right);
        picture.push(text(self.id(fact.part), fact.words.clone(), self.at(WRITE_X, LINE_DOWN), style));
        if let Some(icon) = fact.icon {
            let left = WRITE_X - width(&fact.words, Face::Regular, WORDS);
            let shape = Shape::icon(icon, self.at(left - 26.0, LINE_DOWN - 10.0), 32.0, self.ink());
            picture.push(mark(self.id(Part::Icon).nth(1), Role::Icon, Layer::Measured, shape));
        }
    }

    /// Whether words have room under the numbers, right of the lane's own badge.
    fn has_room(&self, words: &str) -> bool {
        let badge = self.badge.as_ref().map_or(0.0, |badge| BADGE_ICON + width(badge, Face::Regular, WORDS) + 24.0);
        width(words, Face::Regular, WORDS) < WRITE_X - self.words_x() - badge
    }

    fn errors(&self) -> Option<Fact> {
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

    /// How many requests end in a second, where there is room for it; then how long half of the last minute's GETs waited for
    /// their first byte, and 99 of 100, while more of them end. Within MinIO's first bound nobody knows how long: then so many
    /// kept it.
    fn first_byte(&self) -> Option<Fact> {
        const FIRST_BOUND_SECS: f64 = 0.05;
        let is_read = !self.state.is_stale() && self.value(Quantity::GetsPerSec)? > 0.0;
        let (half_secs, most_secs) = (self.value(Quantity::TtfbP50Secs)?, self.value(Quantity::TtfbP99Secs)?);
        let secs = |secs: f64| numerals::secs(secs).words();
        let most = format!("99\u{2009}% in {}", secs(most_secs.max(FIRST_BOUND_SECS)));
        let words = if most_secs <= FIRST_BOUND_SECS {
            format!("first byte {most}")
        } else if half_secs < FIRST_BOUND_SECS {
            let within = numerals::percent(self.value(Quantity::TtfbUnder50msRatio)?).words();
            format!("first byte {within} in {}, {most}", secs(FIRST_BOUND_SECS))
        } else {
            format!("first byte {}, {most}", secs(half_secs))
        };
        let per_sec = numerals::count(self.value(Quantity::RequestsPerSec).unwrap_or_default(), "req/s").words();
        let whole = format!("{per_sec}, {words}");
        is_read.then(|| Fact::plain(Part::FirstByte, if self.has_room(&whole) { whole } else { words }))
    }

    /// The last burst, as what is past.
    fn memory(&self) -> Option<Fact> {
        let value = |quantity| self.value(quantity);
        let bytes = |value: f64, unit: &str| numerals::bytes(value, unit).words();
        let moved = bytes(value(Quantity::LastBurstBytes)?, "B");
        let peak = format!("peak {}", bytes(value(Quantity::LastBurstPeak)?, "B/s"));
        let took_secs = value(Quantity::LastBurstSecs)?;
        let seen = self.moment.stage.seen;
        let told = seen.numerals.get(&Signal::tier(self.tier(), Quantity::LastBurstAge))?;
        // What is stale grows older by the clock; else the reading says it, once a second.
        let since_secs = if self.state.is_stale() { (seen.now_secs - told.at_secs).max(0.0) } else { 0.0 };
        let ago = ago(told.value + since_secs);
        // Within the time of a cache nobody knows when bytes moved: there is no peak, and the time is the cache's.
        let is_cached = seen.lags[self.tier().index()].is_some_and(|lag_secs| took_secs <= f64::from(lag_secs));
        let (took, pace) = if is_cached {
            let mean = bytes(value(Quantity::LastBurstMean)?, "B/s");
            (String::new(), format!("mean over {took_secs:.0}\u{2009}s {mean}"))
        } else {
            (format!(" in {took_secs:.1}\u{2009}s"), peak)
        };
        let whole = format!("moved {moved}{took}, {pace}, {ago}");
        let shorter = [format!("moved {moved}, {pace}, {ago}"), format!("moved {moved}, {pace}")];
        let words = [whole].into_iter().chain(shorter).find(|words| self.has_room(words))?;
        Some(Fact::plain(Part::Memory, words))
    }

    /// Read upward and written downward from one line.
    fn history(&self, curves: &Curves, picture: &mut Picture) {
        let Some(both) = &curves.lanes[self.tier().index()] else { return };
        let [top, middle, low] = CHART_DOWN;
        for (nth, (series, down)) in both.iter().zip([false, true]).enumerate() {
            let [upper, lower] = if down { [middle, low] } else { [top, middle] };
            let chart = Chart {
                rect: Rect::from_min_max(self.at(CHART[0], upper), self.at(CHART[1], lower)),
                ink: if self.state.is_stale() { Ink::Edge } else { Ink::of(self.tier()) },
                columns: series.columns.clone(),
                top: curves.top,
                grid: [0.0, curves.top].into(),
                head: !self.state.is_stale() && series.columns.last().is_some_and(|last| is_above_0(*last)),
                down,
            };
            let id = self.id(Part::History).nth(nth as u32);
            picture.push(mark(id, Role::Chart, Layer::Measured, Shape::Chart(chart)));
        }
        let rect = Rect::from_min_max(self.at(CHART[0], top), self.at(CHART[1], low));
        event_strip::draw_ticks(self.moment, self.tier(), rect, WINDOW_SECS, picture);
    }

    /// How full, then what is wrong with nodes and drives, and what may still fail.
    fn facts(&self, picture: &mut Picture) {
        let filled = if self.is_shared() {
            self.pool(picture)
        } else if self.value(Quantity::UsedRatio).is_some() {
            self.fill(picture);
            1
        } else {
            0
        };
        let rows = ROWS_DOWN.iter().skip(filled);
        for (fact, down) in [self.trouble(), self.tolerance()].into_iter().flatten().zip(rows) {
            let x = if fact.icon.is_some() { FACTS_X + 40.0 } else { FACTS_X };
            if let Some(icon) = fact.icon {
                let shape = Shape::icon(icon, self.at(FACTS_X + 15.0, down - 10.0), 30.0, self.ink());
                picture.push(mark(self.id(fact.part).nth(1), Role::Icon, Layer::Measured, shape));
            }
            picture.push(text(self.id(fact.part), fact.words, self.at(x, *down), self.style(Role::Caption, WORDS)));
        }
    }

    /// A bar, the share, and of how many bytes.
    fn fill(&self, picture: &mut Picture) {
        let Some(share) = self.value(Quantity::UsedRatio) else { return };
        let signals = vec![Signal::tier(self.tier(), Quantity::UsedRatio)];
        let binding = Binding { signals, scale: None, window_secs: 0.0 };
        let rect = Rect::from_min_max(self.at(METER[0], 26.0), self.at(METER[1], HEIGHT - 26.0));
        let ink = if self.state.is_stale() { Ink::Edge } else { Ink::of(self.tier()) };
        meter(self.moment, &self.id(Part::Fill), &MeterElement { rect, binding, ink }, picture);
        let style = self.style(Role::Secondary, 44.0).face(Face::SemiBold);
        let (words, at) = (numerals::percent(share).words(), self.at(FACTS_X, ROWS_DOWN[0]));
        let end = at.x + width(&words, Face::SemiBold, 44.0);
        picture.push(text(self.id(Part::Share), words, at, style));
        if let Some(capacity) = self.value(Quantity::CapacityBytes) {
            let words = format!("of {}", numerals::bytes(capacity, "B").words());
            picture.push(text(self.id(Part::Pool), words, pos2(end + 12.0, at.y), self.style(Role::Caption, WORDS)));
        }
    }

    /// Whether it is a set of buckets: what they use is no share of a capacity, or one of their quota.
    fn is_shared(&self) -> bool {
        let has_ratio = self.value(Quantity::UsedRatio).is_some() && self.value(Quantity::QuotaBytes).is_none();
        self.value(Quantity::UsedBytes).is_some() && !has_ratio
    }

    /// A tier that is a set of buckets: what it uses, as of the scanner's last look, its quota, and the pool that it shares.
    /// How many rows that takes.
    fn pool(&self, picture: &mut Picture) -> usize {
        let Some(used) = self.value(Quantity::UsedBytes) else { return 0 };
        let bytes = |value: f64| numerals::bytes(value, "B").words();
        let (words, at) = (bytes(used), self.at(METER[0], ROWS_DOWN[0]));
        let end = at.x + width(&words, Face::SemiBold, 36.0);
        let style = self.style(Role::Secondary, 36.0).face(Face::SemiBold);
        picture.push(text(self.id(Part::Used), words, at, style));
        let age = self.value(Quantity::UsageAgeSecs).map_or_else(String::new, |secs| format!(", {}", ago(secs)));
        let style = self.style(Role::Caption, WORDS);
        picture.push(text(self.id(Part::Used).nth(1), format!("used{age}"), pos2(end + 12.0, at.y), style));
        let quota = self.value(Quantity::QuotaBytes).map(bytes);
        let of = match (quota, self.value(Quantity::CapacityBytes).map(bytes)) {
            (Some(quota), Some(pool)) => format!("quota {quota}, pool {pool}"),
            (Some(quota), None) => format!("quota {quota}"),
            (None, Some(pool)) => format!("of {pool} shared"),
            (None, None) => return 1,
        };
        picture.push(text(self.id(Part::Pool), of, self.at(METER[0], ROWS_DOWN[1]), style));
        2
    }

    fn trouble(&self) -> Option<Fact> {
        let (icon, words) = self.moment.stage.seen.trouble(self.tier())?;
        Some(Fact { part: Part::Drives, icon: Some(icon), words })
    }

    /// How many of the drives may still fail; where it cannot write, that is said already.
    fn tolerance(&self) -> Option<Fact> {
        let drives = self.value(Quantity::WriteTolerance)?;
        let holds = self.value(Quantity::WriteQuorum).is_none_or(|held| held >= 0.5);
        let all = self.value(Quantity::DrivesOnline).filter(|_| self.trouble().is_none());
        let (icon, words) = match all {
            _ if drives < 0.5 => (Some(Icon::Warn), "no drive to lose".to_owned()),
            Some(all) => (None, format!("can lose {drives:.0} of {}", plural(all, "drive"))),
            None => (None, format!("can lose {}", plural(drives, "more drive"))),
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

fn is_above_0(column: Option<(f64, f64)>) -> bool {
    column.is_some_and(|(_, most)| most > 0.0)
}

/// "1 node", "4 nodes"
fn plural(count: f64, word: &str) -> String {
    let many = if count.round() == 1.0 { "" } else { "s" };
    format!("{count:.0} {word}{many}")
}
