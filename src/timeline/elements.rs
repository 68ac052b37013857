//! What a scene draws besides the world.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use egui::emath::{Pos2, Rect, pos2, vec2};

use crate::figures::{Figures, grouped_digits};
use crate::live::{Direction, Happening, State};
use crate::measure;
use crate::picture::{
    Align, Chart, Face, Fill, Hatch, Icon, Id, Ink, Layer, Mark, Part, Picture, Role, Shape, Stroke, Thing,
};
use crate::scene::binding::{Binding, Scale};
use crate::scene::model::{
    ChartElement, Element, Emphasis, MeterElement, NumberElement, NumberRole, Placed, ReadingElement, TableElement,
    TextElement, TextRole,
};
use crate::scene::motion::Passage;
use crate::signal::{NumeralForm, Quantity, Signal, Subject, Tier};
use crate::timeline::blend;
use crate::timeline::blocks;
use crate::timeline::ease::Ease;
use crate::timeline::grid;
use crate::timeline::hit::{Folded, HitId, What};
use crate::timeline::memory::Memory;
use crate::timeline::moment::Moment;
use crate::timeline::numerals::{self, Numerals};
use crate::timeline::things;
use crate::timeline::words::{Number, Style, boxed, half_cap, lines, mark, number_width, text, unit_size, width};

/// Draws the elements the step shows, and where drives were clicked, what stands for some of them then.
pub(crate) fn draw(moment: &Moment<'_>, picture: &mut Picture) {
    let clicked = things::Clicked::of(moment);
    for placed in moment.step.elements.iter().filter(|placed| placed.shown || placed.passes) {
        if clicked.hides(&placed.id) {
            continue;
        }
        let Some(placed) = grid::led(placed, &moment.step.elements, moment.stage.folded) else { continue };
        let placed = &*placed;
        let first = picture.marks.len();
        let emphasis = moment.focused(&placed.thing).unwrap_or(placed.emphasis);
        match clicked.words(placed) {
            Some(said) => draw_text(&Id::new(placed.thing.clone()), &said, moment.stage.figures, picture),
            None => draw_element(moment, placed, emphasis, picture),
        }
        if emphasis == Emphasis::Dim {
            dim(picture, first);
        }
        if placed.passes {
            pass(moment, &placed.thing, picture, first);
        }
    }
}

/// What is shown for a part of the step comes and goes by the step's own time.
fn pass(moment: &Moment<'_>, thing: &Thing, picture: &mut Picture, first: usize) {
    let turn = moment.step.motion.turn(thing);
    let (Some(after), Some(until)) = (turn.after, turn.until) else { return };
    let passage = |said: Option<Passage>| said.filter(|_| !moment.stage.reduced).unwrap_or(blend::REVEAL);
    let (comes, goes) = (passage(turn.comes), passage(turn.goes.or(turn.comes)));
    let part = |mark: Mark| {
        let leaves = goes.leaving(&mark, moment.secs - until);
        if moment.secs < until { comes.coming(&mark, moment.secs - after) } else { leaves }
    };
    let drawn = picture.marks.split_off(first);
    picture.marks.extend(drawn.into_iter().filter_map(part));
}

/// Dimmed shapes keep a part of their strength; words keep all of it, in the second ink: half-dimmed words cannot be read.
fn dim(picture: &mut Picture, first: usize) {
    for mark in &mut picture.marks[first..] {
        if let Shape::Text(text) = &mut mark.shape {
            text.ink = Ink::Text2;
        } else {
            mark.opacity *= 0.4;
        }
    }
}

fn draw_element(moment: &Moment<'_>, placed: &Placed, emphasis: Emphasis, picture: &mut Picture) {
    let (id, figures) = (&Id::new(placed.thing.clone()), moment.stage.figures);
    match &placed.element {
        Element::Text(element) => draw_text(id, &set_apart(moment, element), figures, picture),
        Element::Number(element) => number(moment, id, element, picture),
        Element::Reading(element) => reading(moment, id, element, picture),
        Element::Box(element) => blocks::draw_box(id, element, emphasis, picture),
        Element::Node(element) => blocks::node(id, element, emphasis, figures, picture),
        Element::Chip { rect, on } => blocks::chip(id, *rect, *on, picture),
        Element::Dot { at, radius, ink } => blocks::dot(id, *at, *radius, *ink, picture),
        Element::Axis { at, width, scale } => blocks::axis(id, *at, *width, scale, picture),
        Element::Pin(element) => blocks::pin(id, element, figures, picture),
        Element::Bar { rect, gauge, ink } => blocks::bar(id, *rect, gauge.share(figures), *ink, picture),
        Element::Grid(element) => grid::draw(id, element, moment.stage, picture),
        Element::Customer(element) => blocks::customer(id, element, picture),
        Element::Line { path, stroke, head } => {
            let Stroke { width, ink, dashed } = *stroke;
            let layer = if ink == Ink::Edge { Layer::Told } else { Layer::Said };
            let shape = Shape::Line { path: path.clone(), width, ink, head: *head, dashed };
            picture.push(mark(id.clone(), Role::Rule, layer, shape));
        }
        Element::Polygon { points, stroke, fill } => {
            blocks::polygon(id, points, blocks::edge(*stroke, emphasis), *fill, picture);
        }
        Element::Image { rect, path, .. } => {
            let shape = Shape::Image { rect: *rect, path: path.clone() };
            picture.push(mark(id.clone(), Role::Image, Layer::Said, shape));
        }
        Element::Chart(element) => chart(moment, id, element, true, picture),
        Element::Table(element) => table(id, element, figures, picture),
        Element::Meter(element) => meter(moment, id, element, picture),
        Element::Thing(element) => things::draw(moment, id, element, picture),
        Element::Icon { at, icon, size, ink, fill } => {
            let shape = Shape::Icon { kind: *icon, center: *at, size: *size, ink: *ink, fill: *fill };
            picture.push(mark(id.clone(), Role::Icon, Layer::Said, shape));
        }
    }
}

/// Where an element puts what it holds: what can be pointed at in it, and what room its words have.
#[derive(Default)]
pub struct Layout {
    /// It lines its own words up, by how it is made.
    pub is_own: bool,
    /// The box that its words stay in.
    pub within: Option<Rect>,
    /// Boxes that words which begin in one stay in.
    pub cells: Vec<Rect>,
    /// The left edges of its words, with the width that each has.
    pub columns: Vec<(f32, f32)>,
    /// Its parts that fold or have a card, and where they stand.
    pub hits: Vec<(HitId, Rect, What)>,
}

/// How an element is laid out. A new one that holds words says here where they must stay.
pub fn layout(placed: &Placed, folded: &Folded) -> Layout {
    let free = Layout::default();
    match &placed.element {
        // A number behind its word stands where the word leaves it.
        Element::Number(number) => Layout { is_own: number.prefix.is_some(), ..free },
        Element::Reading(_)
        | Element::Box(_)
        | Element::Chip { .. }
        | Element::Dot { .. }
        | Element::Bar { .. }
        | Element::Customer(_)
        | Element::Line { .. }
        | Element::Polygon { .. }
        | Element::Image { .. }
        | Element::Chart(_)
        | Element::Meter(_)
        | Element::Icon { .. } => free,
        Element::Thing(thing) => Layout { hits: things::hits(&placed.id, thing), ..free },
        Element::Axis { .. } | Element::Pin(_) => Layout { is_own: true, ..free },
        Element::Node(node) => Layout { is_own: true, within: Some(node.rect), ..free },
        Element::Text(text) => Layout { columns: text.width.iter().map(|width| (text.at.x, *width)).collect(), ..free },
        Element::Table(table) => {
            let next = |x: &mut f32, width: &f32| Some((std::mem::replace(x, *x + width), *width - TABLE_GAP));
            Layout { columns: table.columns.iter().scan(table.at.x, next).collect(), ..free }
        }
        Element::Grid(grid) => {
            let (cells, hits) = grid::places(&placed.id, grid, folded);
            Layout { is_own: true, cells, hits, ..free }
        }
    }
}

/// Between the words of two columns of a table.
const TABLE_GAP: f32 = 12.0;

fn role_of(role: TextRole) -> Role {
    match role {
        TextRole::Title | TextRole::Heading => Role::Heading,
        TextRole::Body => Role::Body,
        TextRole::Label => Role::Label,
        TextRole::Secondary => Role::Secondary,
        TextRole::Note => Role::Caption,
    }
}

/// A told number under a badge is not in the ink of measured ones.
fn set_apart<'a>(moment: &Moment<'_>, element: &'a TextElement) -> Cow<'a, TextElement> {
    let is_number = element.words.figure_ids().next().is_some();
    if moment.is_measured() && is_number && element.ink == Ink::Text {
        return Cow::Owned(TextElement { ink: Ink::Text2, ..element.clone() });
    }
    Cow::Borrowed(element)
}

fn draw_text(id: &Id, element: &TextElement, figures: &Figures, picture: &mut Picture) {
    let TextElement { at, words, role, align, size, face, ink, width } = element;
    let style = Style { role: role_of(*role), layer: Layer::Said, size: *size, face: *face, ink: *ink, align: *align };
    let words = words.filled(figures);
    let Some(width) = width else {
        picture.push(text(id.clone(), words, *at, style));
        return;
    };
    lines(id, measure::wrap(&words, *face, *size, *width), *at, (style, size * 1.3), picture);
}

fn number_role(role: NumberRole) -> Role {
    match role {
        NumberRole::Hero => Role::Hero,
        NumberRole::Monitor => Role::Monitor,
        NumberRole::Body => Role::Body,
    }
}

fn number(moment: &Moment<'_>, id: &Id, element: &NumberElement, picture: &mut Picture) {
    let style = Style::new(number_role(element.role), Layer::Said, element.size).strong().align(element.align);
    let figures = moment.stage.figures;
    let Some((figure, shown)) = figures.get(&element.figure).zip(figures.shown(&element.figure)) else { return };
    let digits = counted(moment, id, shown.value.from).unwrap_or_else(|| shown.digits.to_string());
    let numerals = Numerals { digits, unit: figure.unit.to_string() };
    // Under a badge a told number is in another ink than a measured one, and says whose it is.
    let is_apart = element.role == NumberRole::Hero && moment.is_measured();
    let style = if is_apart { style.ink(Ink::Text2) } else { style };
    let at = prefix(id, element, (&numerals, style), figures, picture);
    Number { id: id.clone(), numerals: numerals.clone(), at, style }.draw(picture);
    if is_apart {
        let at = over_number((element.at, element.align), &numerals, element.size);
        let style = Style::new(Role::Secondary, Layer::Said, OVER);
        picture.push(text(id.nth(2), figures.told_word(figure), at, style));
    }
}

/// The word before a number, and where that leaves the number.
fn prefix(
    id: &Id,
    element: &NumberElement,
    (numerals, style): (&Numerals, Style),
    figures: &Figures,
    picture: &mut Picture,
) -> Pos2 {
    let NumberElement { at, prefix, align, size, .. } = element;
    let Some(words) = prefix.as_ref().map(|prefix| prefix.filled(figures)) else { return *at };
    // As large as the unit, for it is no more than a part of the number either.
    let style = Style { role: Role::Unit, size: unit_size(*size), ink: Ink::Text2, ..style.face(Face::Medium) };
    let wide = width(&words, style.face, style.size) + style.size * 0.3;
    let x = match align {
        Align::Left => at.x,
        Align::Center => at.x - f32::midpoint(wide, number_width(numerals, *size)),
        Align::Right => at.x - number_width(numerals, *size) - wide,
    };
    picture.push(text(id.nth(3), words, pos2(x, at.y), style.align(Align::Left)));
    match align {
        Align::Left => *at + vec2(wide, 0.0),
        Align::Center => *at + vec2(wide / 2.0, 0.0),
        Align::Right => *at,
    }
}

/// The digits on the way up, while the step counts this number.
fn counted(moment: &Moment<'_>, id: &Id, value: f64) -> Option<String> {
    let count = moment.step.motion.counts.iter().find(|count| &*count.id == id.thing.word())?;
    let since_secs = moment.secs - count.after;
    if moment.stage.reduced || since_secs >= count.secs {
        return None;
    }
    let t = (since_secs / count.secs).max(0.0);
    let share = f64::from(if count.even { t } else { Ease::InOutCubic.at(t) });
    Some(grouped_digits((count.from + (value - count.from) * share).round()))
}

fn reading(moment: &Moment<'_>, id: &Id, element: &ReadingElement, picture: &mut Picture) {
    let seen = moment.stage.seen;
    let state = seen.state_of(&element.binding);
    let style = Style::new(number_role(element.role), Layer::Measured, element.size).strong().align(element.align);
    let words = Style { size: 44.0, role: Role::NoSource, ..style };
    let Some(value) = element.binding.value(seen.numerals).filter(|_| state.is_known()) else {
        let says = if state.is_known() { "no reading".to_owned() } else { state.to_string() };
        // Digits never turn into words on their place: the ones go, then the others come.
        picture.push(text(id.nth(STATE), says, element.at, words));
        return;
    };
    if let Some(memory) = Memory::of(moment, &element.binding).filter(|_| element.role == NumberRole::Hero) {
        return remembered(id, element, &memory, picture);
    }
    let running = seen.running(&element.binding).map(numerals::running);
    let numerals = running.unwrap_or_else(|| numerals_bound(&element.binding, value));
    let style = if state.is_stale() { style.ink(Ink::Text2) } else { style };
    Number { id: id.clone(), numerals: numerals.clone(), at: element.at, style }.draw(picture);
    if let State::Stale { age_secs } = state {
        let at = over_number((element.at, element.align), &numerals, element.size);
        let center = pos2(at.x + 16.0, at.y - half_cap(OVER));
        picture.push(mark(
            id.nth(2),
            Role::NoSource,
            Layer::Measured,
            Shape::icon(Icon::Stale, center, 32.0, Ink::Text),
        ));
        let style = Style { size: OVER, ..words.face(Face::Regular).align(Align::Left) };
        picture.push(text(id.nth(3), age(age_secs), pos2(at.x + 44.0, at.y), style));
    }
}

/// The peak of the burst that is over, with its age over it, in the ink of what is past.
fn remembered(id: &Id, element: &ReadingElement, memory: &Memory, picture: &mut Picture) {
    let style = Style::new(number_role(element.role), Layer::Measured, element.size).strong().align(element.align);
    let numerals = numerals::bytes(memory.burst.peak_bytes_per_sec, "B/s");
    Number { id: id.clone(), numerals: numerals.clone(), at: element.at, style: style.ink(Ink::Text2) }.draw(picture);
    let at = over_number((element.at, element.align), &numerals, element.size);
    let center = pos2(at.x + 16.0, at.y - half_cap(OVER));
    let clock = Shape::icon(Icon::Stale, center, 32.0, Ink::Text);
    picture.push(mark(id.nth(2), Role::NoSource, Layer::Measured, clock));
    let style = Style { size: OVER, role: Role::NoSource, ..style }.face(Face::Regular).align(Align::Left);
    picture.push(text(id.nth(3), memory.words(), pos2(at.x + 44.0, at.y), style));
}

/// The part of a reading that says why there is none.
const STATE: u32 = 4;

/// Size of the words over a large number.
const OVER: f32 = 36.0;

/// Where words over a number begin, that say what it is: over its left edge, for right of it stands the hall.
fn over_number((at, align): (Pos2, Align), numerals: &Numerals, size: f32) -> Pos2 {
    let wide = number_width(numerals, size);
    let left = match align {
        Align::Left => 0.0,
        Align::Center => wide / 2.0,
        Align::Right => wide,
    };
    pos2(at.x - left, at.y - 2.0 * half_cap(size) - 34.0)
}

/// "12 s old"
pub(crate) fn age(age_secs: u32) -> String {
    format!("{}\u{2009}s old", grouped_digits(f64::from(age_secs)))
}

/// A value in the unit of what is bound.
fn numerals_bound(binding: &Binding, value: f64) -> Numerals {
    let first = binding.signals.first();
    first.map_or_else(|| numerals::count(value, ""), |signal| numerals_of(signal.quantity, value))
}

/// A value in the unit of its quantity.
pub(crate) fn numerals_of(quantity: Quantity, value: f64) -> Numerals {
    match quantity.form() {
        NumeralForm::Percent => numerals::percent(value),
        NumeralForm::RequestsPerSec => numerals::count(value, "req/s"),
        NumeralForm::PerSec => numerals::count(value, "/s"),
        NumeralForm::Bytes => numerals::bytes(value, "B"),
        NumeralForm::BytesPerSec => numerals::bytes(value, "B/s"),
        NumeralForm::Seconds => numerals::secs(value),
        NumeralForm::Decimal => numerals::decimal(value, ""),
        NumeralForm::Count => numerals::count(value, ""),
    }
}

/// A chart of the last minutes, or the hatch of "no source"; with labels, end values and time stand beside it.
pub(crate) fn chart(moment: &Moment<'_>, id: &Id, place: &ChartElement, labels: bool, picture: &mut Picture) {
    let seen = moment.stage.seen;
    if !seen.state_of(&place.binding).is_known() {
        return unknown(id, place.rect, &place.absent, picture);
    }
    let series = seen.series(&place.binding);
    let top = place.binding.scale.as_ref().map_or_else(|| nice_top(series.peak), |scale| top_of(moment, scale));
    let grid: Arc<[f64]> = [0.0, top / 2.0, top].into();
    let (columns, ink, head, strong) = (series.columns.clone(), place.ink, !labels, place.strong);
    let data = Chart { rect: place.rect, ink, columns, top, grid, head, down: false, strong, ahead: series.ahead };
    let silence = Silence::of(&data).filter(|_| place.named);
    if let Some(silence) = &silence {
        silence.clear_ground(id, picture);
    }
    picture.push(mark(id.clone(), Role::Chart, Layer::Measured, Shape::Chart(data)));
    if labels && place.axis {
        values(id, place, top, picture);
    }
    if labels && (place.axis || !place.times.is_empty()) {
        times(moment, id, place, series.window_secs, picture);
    }
    if place.named {
        burst_names(moment, id, place, series.window_secs, picture);
    }
    if let Some(silence) = &silence {
        silence.draw(id, picture);
    }
}

/// A lab whose peak is less than this share of a scale has one of its own: on the scale of a cluster it would be a flat line.
const SMALL_LAB: f64 = 0.05;

/// The top of the charts of a step that share a scale. The scale is that of the simulated lab; a small one keeps the charts
/// on one scale, but on its own.
fn top_of(moment: &Moment<'_>, scale: &Scale) -> f64 {
    let seen = moment.stage.seen;
    let is_small = |peak: f64| peak > 0.0 && peak < SMALL_LAB * scale.to;
    let charts = moment.step.elements.iter().filter_map(|placed| match &placed.element {
        Element::Chart(chart) if chart.binding.scale.as_ref() == Some(scale) => Some(&chart.binding),
        _ => None,
    });
    let charts: Vec<&Binding> = charts.collect();
    let is_simulated = |binding: &&Binding| matches!(seen.state_of(binding), State::Simulated { .. });
    if scale.log || charts.iter().any(is_simulated) {
        return scale.to;
    }
    let peak = charts.iter().map(|binding| seen.series(binding).peak).fold(0.0, f64::max);
    if is_small(peak) { nice_top(peak) } else { scale.to }
}

/// Under this share of the top, a curve rests.
const RESTS: f64 = 0.02;

/// The word for the longest time in which a curve rests, and where it stands in that time.
struct Silence {
    middle: Pos2,
    size: f32,
    wide: f32,
}

impl Silence {
    const WORDS: &str = "silence";
    /// It is as large as the time has room for.
    const SIZES: [f32; 2] = [112.0, 64.0];
    /// Around the word, what is hatched fades over so much of the stage; so much of it is clear.
    const FADES: f32 = 64.0;
    const CLEAR: f32 = 20.0;

    /// None where there is no room for the word.
    fn of(chart: &Chart) -> Option<Self> {
        let columns = &chart.columns;
        let rests = |column: &Option<(f64, f64)>| column.is_some_and(|(_, most)| most < RESTS * chart.top);
        let (mut from, mut gaps) = (0, Vec::new());
        for (at, column) in columns.iter().enumerate() {
            if !rests(column) {
                gaps.push(from..at);
                from = at + 1;
            }
        }
        gaps.push(from..columns.len());
        // Of those that are about as long, the one in the middle: bursts come at even times.
        let most = gaps.iter().map(|gap| gap.len()).max().unwrap_or_default();
        let long = gaps.into_iter().filter(|gap| gap.len() * 10 >= most * 9);
        let off = |gap: &Range<usize>| (gap.start + gap.end).abs_diff(columns.len());
        let longest = long.min_by_key(off)?;
        let x_of = |at: usize| chart.rect.left() + chart.rect.width() * chart.share(at as f32);
        let (left, right) = (x_of(longest.start), x_of(longest.end));
        let middle = pos2(f32::midpoint(left, right), chart.rect.bottom() - chart.rect.height() * 0.25);
        let mut sized =
            Self::SIZES.map(|size| Self { middle, size, wide: width(Self::WORDS, Face::SemiBold, size) }).into_iter();
        sized.find(|word| right - left >= word.wide + 48.0)
    }

    /// Through hatching and what was guessed nobody reads it: they fade away around it, below the curve.
    fn clear_ground(&self, id: &Id, picture: &mut Picture) {
        let clear = Rect::from_center_size(self.middle, vec2(self.wide, 2.0 * half_cap(self.size)));
        let clear = clear.expand(Self::CLEAR);
        let crosses =
            |mark: &Mark| matches!(mark.shape, Shape::Line { .. }) && mark.bounds(measure::bounds).intersects(clear);
        if picture.marks.iter().any(crosses) {
            let veil = (Self::CLEAR, Fill::Veil { reach: Self::FADES }, None);
            picture.push(boxed(id.nth(40), Role::Box, Layer::Measured, clear.expand(Self::FADES), veil));
        }
    }

    fn draw(&self, id: &Id, picture: &mut Picture) {
        let style = Style::new(Role::Heading, Layer::Measured, self.size).strong().align(Align::Center);
        let at = pos2(self.middle.x, self.middle.y + half_cap(self.size));
        picture.push(text(id.nth(41), Self::WORDS, at, style));
    }
}

/// Above a chart, over each checkpoint that is known of its tiers: what it was. One too near to the next has no word.
fn burst_names(moment: &Moment<'_>, id: &Id, place: &ChartElement, window_secs: f64, picture: &mut Picture) {
    let seen = moment.stage.seen;
    let style = Style::new(Role::Secondary, Layer::Measured, 36.0).ink(Ink::Text).align(Align::Center);
    let half = width("checkpoint", Face::Regular, 36.0) / 2.0;
    let is_of = |tier: Tier| place.binding.signals.iter().any(|signal| signal.subject == Subject::Tier(tier));
    let (mut right, mut nth) = (f32::NEG_INFINITY, 20);
    if let Some(x) = load_begins(moment, place, window_secs) {
        let at = pos2(x, place.rect.top() - 26.0);
        right = x + width("load", Face::Regular, 36.0) + 24.0;
        picture.push(text(id.clone().part(Part::Event), "load", at, style.align(Align::Left)));
    }
    for event in seen.source.events().iter().filter(|event| is_of(event.tier)) {
        let Happening::Checkpoint { secs, .. } = event.what else { continue };
        let share = 1.0 - (seen.now_secs - event.at_secs + secs / 2.0) / window_secs;
        let x = place.rect.left() + place.rect.width() * share as f32;
        if x - half < right || x - half < place.rect.left() || x + half > place.rect.right() {
            continue;
        }
        picture.push(text(id.nth(nth), "checkpoint", pos2(x, place.rect.top() - 26.0), style));
        (right, nth) = (x + half + 24.0, nth + 1);
    }
}

/// Where the longest read begins that is known of the chart's tiers, as far as its time is on the chart: by it the job loaded.
fn load_begins(moment: &Moment<'_>, place: &ChartElement, window_secs: f64) -> Option<f32> {
    let seen = moment.stage.seen;
    let x_of = |at_secs: f64| {
        place.rect.right() - place.rect.width() * ((seen.now_secs - at_secs) / window_secs).max(0.0) as f32
    };
    let is_of = |tier: Tier| place.binding.signals.contains(&Signal::tier(tier, Quantity::ReadBytesPerSec));
    let reads = seen.source.bursts().last_ones().filter(|(tier, way, _)| *way == Direction::Read && is_of(*tier));
    let longest = reads.map(|(_, _, burst)| burst).max_by(|one, other| one.secs().total_cmp(&other.secs()))?;
    (x_of(longest.ended_secs) - place.rect.left() > LEAST_LOAD).then(|| x_of(longest.began_secs).max(place.rect.left()))
}

/// Stage units of a load that its word is said over.
const LEAST_LOAD: f32 = 16.0;

/// The next of 1, 2, 5, 10 … above the peak.
pub(crate) fn nice_top(peak: f64) -> f64 {
    if peak <= 0.0 {
        return 1e6;
    }
    let decade = 10_f64.powf(peak.log10().floor());
    let tops = [1.0, 2.0, 4.0, 5.0, 10.0].map(|step| step * decade);
    tops.into_iter().find(|top| *top >= peak * 1.04).unwrap_or(decade * 10.0)
}

/// How the words of an axis look.
fn axis_style() -> Style {
    Style::new(Role::Caption, Layer::Measured, 28.0)
}

/// Top and foot values at the left.
fn values(id: &Id, place: &ChartElement, top: f64, picture: &mut Picture) {
    let (style, Rect { min, max }) = (axis_style().align(Align::Right), place.rect);
    let words = numerals_bound(&place.binding, top).round_words();
    picture.push(text(id.nth(1), words, pos2(min.x - 16.0, min.y + 20.0), style));
    picture.push(text(id.nth(2), "0", pos2(min.x - 16.0, max.y), style));
}

/// Below a chart, each at its time: the words that its author gave, or how long ago its ends and its middle are.
fn times(moment: &Moment<'_>, id: &Id, place: &ChartElement, window_secs: f64, picture: &mut Picture) {
    let figures = moment.stage.figures;
    let told = |share: f64| {
        let ago_secs = window_secs * (1.0 - share);
        (ago_secs, if share == 1.0 { "now".to_owned() } else { ago_on_axis(ago_secs, window_secs) })
    };
    let times: Vec<(f64, String)> = if place.times.is_empty() {
        [0.0, 0.5, 1.0].map(told).into()
    } else {
        // A lab that was watched for less shows what there is.
        let known = place.times.iter().filter(|(ago_secs, _)| *ago_secs <= window_secs);
        known.map(|(ago_secs, words)| (*ago_secs, words.filled(figures).to_string())).collect()
    };
    let Rect { min, max } = place.rect;
    for ((ago_secs, words), nth) in times.into_iter().zip(3..) {
        let x = max.x - place.rect.width() * (ago_secs / window_secs) as f32;
        let half = width(&words, Face::Regular, axis_style().size) / 2.0;
        // What would reach over an end stands at it.
        let (x, align) = if x - half < min.x {
            (min.x, Align::Left)
        } else if x + half > max.x {
            (max.x, Align::Right)
        } else {
            (x, Align::Center)
        };
        let id = id.nth(if nth < 20 { nth } else { nth + 80 });
        picture.push(text(id, words, pos2(x, max.y + 38.0), axis_style().align(align)));
    }
}

/// "5 min ago", on an axis so long; "30 s ago" on one of a minute.
fn ago_on_axis(secs: f64, window_secs: f64) -> String {
    let (value, unit) = if window_secs <= 60.0 { (secs, "s") } else { (secs / 60.0, "min") };
    let tenths = (value * 10.0).round() / 10.0;
    let digits = if tenths.fract() == 0.0 { grouped_digits(tenths) } else { format!("{tenths:.1}") };
    format!("{digits}\u{2009}{unit} ago")
}

/// Hatch over all of a place, with the words in a gap of it.
pub fn unknown(id: &Id, rect: Rect, words: &Arc<str>, picture: &mut Picture) {
    let hatch = Shape::Hatch { rect, kind: Hatch::NoSource, ink: Ink::Edge };
    picture.push(mark(id.nth(8), Role::NoSource, Layer::Measured, hatch));
    let wide = width(words, Face::Regular, 44.0) + 120.0;
    let gap = Rect::from_center_size(rect.center(), vec2(wide.min(rect.width()), 84.0_f32.min(rect.height())));
    picture.push(boxed(id.nth(9), Role::NoSource, Layer::Measured, gap, (0.0, Fill::Flat(Ink::Floor, 1.0), None)));
    let style = Style::new(Role::NoSource, Layer::Measured, 44.0).ink(Ink::Text).align(Align::Center);
    let at = Pos2::new(rect.center().x, rect.center().y + half_cap(44.0));
    picture.push(text(id.clone(), words.clone(), at, style));
}

/// A bar filled from below; one that lies, from its left.
pub(crate) fn meter(moment: &Moment<'_>, id: &Id, element: &MeterElement, picture: &mut Picture) {
    let (MeterElement { rect, binding, ink }, seen) = (element, moment.stage.seen);
    let stroke = Some(Stroke::new(3.0, Ink::Edge));
    picture.push(boxed(id.clone(), Role::Box, Layer::Measured, *rect, (8.0, Fill::None, stroke)));
    let Some(level) = binding.level(seen.numerals).filter(|_| seen.state_of(binding).is_known()) else { return };
    let lies = rect.width() > 3.0 * rect.height();
    let inner = rect.shrink(if lies { 4.0 } else { 6.0 });
    let bar = if lies {
        Rect::from_min_max(inner.min, pos2(inner.left() + inner.width() * level.share, inner.bottom()))
    } else {
        Rect::from_min_max(pos2(inner.left(), inner.bottom() - inner.height() * level.share), inner.max)
    };
    picture.push(boxed(id.nth(1), Role::Box, Layer::Measured, bar, (4.0, Fill::Flat(*ink, 1.0), None)));
}

/// The first row is the heading; a rule under each row.
fn table(id: &Id, place: &TableElement, figures: &Figures, picture: &mut Picture) {
    let wide: f32 = place.columns.iter().sum();
    for (row, cells) in place.rows.iter().enumerate() {
        let baseline = place.at.y + place.row_height * row as f32;
        let mut x = place.at.x;
        for (column, cell) in cells.iter().enumerate() {
            let style = Style::new(Role::Secondary, Layer::Said, place.size);
            let style = if row == 0 || column == 0 { style.strong() } else { style };
            picture.push(text(id.nth((row * 20 + column + 1) as u32), cell.filled(figures), pos2(x, baseline), style));
            x += place.columns.get(column).copied().unwrap_or_default();
        }
        let y = baseline + place.row_height * 0.32;
        let path = [pos2(place.at.x, y), pos2(place.at.x + wide, y)].into();
        let shape = Shape::Line { path, width: 2.0, ink: Ink::Line, head: false, dashed: false };
        picture.push(mark(id.nth((row * 20 + 20) as u32), Role::Rule, Layer::Said, shape));
    }
}
