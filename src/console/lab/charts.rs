//! What happened, and four charts below it on the same axis of time: a mark goes through all of them, an outage is a band.

use egui::emath::{Align2, Pos2, Rect, pos2, vec2};
use egui::{Color32, Mesh, Shape, Stroke};

use crate::live::{EngineersTarget, Happening, Series, TierEvent, Weight};
use crate::picture::{Ink, share_of_window};
use crate::presentation::Presentation;
use crate::signal::{Quantity, Signal, Subject, Tier};
use crate::timeline::elements::numerals_of;
use crate::timeline::happened::event_words;
use crate::timeline::seen::Seen;

use super::parts::value_words;
use crate::console::desk::{Desk, Type, clock_words};

/// Where the axis begins.
const GUTTER: f32 = 68.0;
const STRIP: f32 = 62.0;

/// A chart: its title, its curves with their words and strength, and what is said at its right.
struct LabChart<'a> {
    title: &'a str,
    curves: Vec<(Quantity, &'a str, f32)>,
    says: String,
    is_log: bool,
}

impl<'a> LabChart<'a> {
    fn new(title: &'a str, curves: Vec<(Quantity, &'a str, f32)>) -> Self {
        Self { title, curves, says: String::new(), is_log: false }
    }
}

/// What is drawn how high, between the axis and the top of a chart.
#[derive(Clone, Copy)]
enum Heights {
    /// From nothing up to the most.
    Linear(f64),
    /// From one power of ten to another one.
    Log([i32; 2]),
}

impl Heights {
    /// Those that hold all values of the curves.
    fn of(chart: &LabChart<'_>, curves: &[(Series, Color32)]) -> Self {
        let most = curves.iter().map(|(series, _)| series.peak).fold(0.0, f64::max);
        let values = curves.iter().flat_map(|(series, _)| series.columns.iter().flatten().map(|column| column.1));
        let least = values.filter(|value| *value > 0.0).fold(most, f64::min);
        if !chart.is_log || least <= 0.0 {
            return Self::Linear(most);
        }
        let lowest = least.log10().floor() as i32;
        Self::Log([lowest, (most.log10().ceil() as i32).max(lowest + 1)])
    }

    /// From 0 at the axis to 1 at the top.
    fn share(self, value: f64) -> f32 {
        let share = match self {
            Self::Linear(most) if most > 0.0 => value / most,
            Self::Log([lowest, highest]) if value > 0.0 => {
                (value.log10() - f64::from(lowest)) / f64::from(highest - lowest)
            }
            Self::Linear(_) | Self::Log(_) => 0.0,
        };
        share.clamp(0.0, 1.0) as f32
    }

    /// The values that have a word beside the axis.
    fn ticks(self) -> Vec<f64> {
        match self {
            Self::Linear(most) if most > 0.0 => vec![0.0, most],
            Self::Linear(_) => vec![0.0],
            Self::Log([lowest, highest]) => (lowest..=highest).map(|power| 10_f64.powi(power)).collect(),
        }
    }
}

/// Draws what happened to the target, and its charts over so many seconds of the source's clock.
pub(super) fn draw(desk: &Desk<'_>, talk: &Presentation, (target, span_secs): (&EngineersTarget, f64), area: Rect) {
    let seen = talk.seen();
    let tiers: Vec<Tier> = target.subjects.iter().filter_map(|subject| subject.tier()).collect();
    let plot = Rect::from_min_max(pos2(area.left() + GUTTER, area.top()), area.max);
    let axis = Axis { now_secs: seen.now_secs, span_secs, plot };
    let happened: Vec<&TierEvent> = seen
        .source
        .events()
        .iter()
        .filter(|event| tiers.contains(&event.tier) && axis.now_secs - event.at_secs < span_secs)
        .collect();
    let strip = Rect::from_min_size(area.min, vec2(area.width(), STRIP));
    draw_strip(desk, &axis, &happened, strip);
    let charts = charts_of(target);
    let below = Rect::from_min_max(pos2(area.left(), strip.bottom() + 8.0), pos2(area.right(), area.bottom() - 24.0));
    let height = below.height() / charts.len().max(1) as f32;
    draw_outages(desk, &axis, &happened, below);
    for (nth, chart) in charts.iter().enumerate() {
        let at = pos2(below.left(), below.top() + nth as f32 * height);
        let rect = Rect::from_min_size(at, vec2(below.width(), height - 6.0));
        draw_chart(desk, &seen, (&axis, chart, &target.subjects), rect);
    }
    for event in &happened {
        let x = axis.x(event.at_secs);
        let line = [pos2(x, strip.bottom()), pos2(x, below.bottom() - 6.0)];
        desk.ui.painter().extend(Shape::dashed_line(&line, Stroke::new(1.0, desk.colors.least), 3.0, 3.0));
    }
    draw_axis(desk, &axis, area.bottom() - 10.0);
}

/// The time that the charts have together.
struct Axis {
    now_secs: f64,
    span_secs: f64,
    plot: Rect,
}

impl Axis {
    fn x(&self, at_secs: f64) -> f32 {
        let share = 1.0 - (self.now_secs - at_secs) / self.span_secs;
        self.plot.left() + self.plot.width() * share.clamp(0.0, 1.0) as f32
    }
}

fn charts_of(target: &EngineersTarget) -> Vec<LabChart<'static>> {
    if target.subjects.contains(&Subject::Compute) {
        let busy = LabChart::new("GPUs busy", vec![(Quantity::BusyRatio, "busy", 1.0)]);
        return vec![busy, LabChart::new("GPU memory", vec![(Quantity::VramUsedBytes, "used", 1.0)])];
    }
    let traffic = vec![(Quantity::WriteBytesPerSec, "write", 1.0), (Quantity::ReadBytesPerSec, "read", 0.55)];
    let mut charts = vec![LabChart::new("Throughput", traffic)];
    if target.subjects.contains(&Subject::Tier(Tier::T0)) {
        charts.push(LabChart::new("Drives busy", vec![(Quantity::BusyRatio, "busy", 1.0)]));
        return charts;
    }
    let first_byte = vec![
        (Quantity::TtfbP99Secs, "p99", 0.55),
        (Quantity::TtfbP90Secs, "p90", 0.8),
        (Quantity::TtfbP50Secs, "p50", 1.0),
    ];
    charts.push(LabChart { is_log: true, ..LabChart::new("First byte of a GET, log", first_byte) });
    charts.push(LabChart::new("Requests in flight", vec![(Quantity::RequestsInflight, "", 1.0)]));
    let told = |of| value_words(of, target.told.get(&of).copied());
    let says = format!("{} running   {} moved", told(Quantity::TransitionsRunning), told(Quantity::TransitionsPerSec));
    charts.push(LabChart { says, ..LabChart::new("ILM queue", vec![(Quantity::TransitionsPending, "", 1.0)]) });
    charts
}

/// What happened, by signs on the axis; the last ones in words, as many as have room.
fn draw_strip(desk: &Desk<'_>, axis: &Axis, happened: &[&TierEvent], area: Rect) {
    let band = Rect::from_min_max(pos2(area.left(), area.bottom() - 24.0), area.max);
    desk.fill(band, desk.colors.panel, 3.0);
    let quiet = Type::new(14.0, desk.colors.text2);
    desk.words(band.left_center() + vec2(8.0, 0.0), Align2::LEFT_CENTER, "events", quiet);
    let mut rooms = [f32::INFINITY; 2];
    for event in happened.iter().rev() {
        let x = axis.x(event.at_secs).min(area.right() - 9.0);
        sign(desk, event.what.weight(), pos2(x, band.center().y));
        let words = event_words(event);
        let age = format!("−{}", clock_words(axis.now_secs - event.at_secs));
        let says = format!("{} {words}, {} ago", event.tier.id(), clock_words(axis.now_secs - event.at_secs));
        let at = Rect::from_center_size(pos2(x, band.center().y), vec2(18.0, 22.0));
        desk.tell(at, &format!("happened {} {}", event.tier.id(), event.at_secs), &says);
        let (small, strong) = (Type::new(14.0, desk.colors.least), Type::strong(14.0, desk.colors.text));
        let width = desk.width(&age, small) + 6.0 + desk.width(&words, strong);
        let right = (x + width * 0.5).min(area.right());
        let Some(row) = (0..2).find(|row| right + 10.0 < rooms[*row] && right - width > area.left()) else { continue };
        rooms[row] = right - width;
        let y = area.top() + 10.0 + row as f32 * 18.0;
        let age = desk.words(pos2(right - width, y), Align2::LEFT_CENTER, &age, small);
        desk.words(pos2(age.right() + 6.0, y), Align2::LEFT_CENTER, &words, strong);
    }
}

/// Bad is a ring with a cross, a warning a triangle, good a ring with a tick, all else an arrow.
fn sign(desk: &Desk<'_>, weight: Weight, at: Pos2) {
    let stroke = Stroke::new(1.5, desk.colors.text);
    let painter = desk.ui.painter();
    match weight {
        Weight::Bad => {
            painter.circle_stroke(at, 7.0, stroke);
            painter.line_segment([at - vec2(3.0, 3.0), at + vec2(3.0, 3.0)], stroke);
            painter.line_segment([at + vec2(3.0, -3.0), at + vec2(-3.0, 3.0)], stroke);
        }
        Weight::Warn => {
            let corners = [vec2(0.0, -7.0), vec2(7.0, 6.0), vec2(-7.0, 6.0)].map(|offset| at + offset);
            painter.add(Shape::closed_line(corners.to_vec(), stroke));
            painter.line_segment([at - vec2(0.0, 2.5), at + vec2(0.0, 2.5)], stroke);
        }
        Weight::Good => {
            painter.circle_stroke(at, 7.0, stroke);
            painter.line_segment([at + vec2(-3.2, 0.2), at + vec2(-0.8, 2.8)], stroke);
            painter.line_segment([at + vec2(-0.8, 2.8), at + vec2(3.4, -2.8)], stroke);
        }
        Weight::Plain => {
            painter.line_segment([at - vec2(6.0, 0.0), at + vec2(6.0, 0.0)], stroke);
            painter.line_segment([at + vec2(2.0, -4.0), at + vec2(6.0, 0.0)], stroke);
            painter.line_segment([at + vec2(2.0, 4.0), at + vec2(6.0, 0.0)], stroke);
        }
    }
}

/// From a node's end to its return, or to now.
fn draw_outages(desk: &Desk<'_>, axis: &Axis, happened: &[&TierEvent], area: Rect) {
    let mut since: Option<f64> = None;
    let band = |from: f64, to: f64| {
        let rect = Rect::from_x_y_ranges(axis.x(from)..=axis.x(to), area.y_range());
        desk.fill(rect, desk.colors.raised, 0.0);
    };
    for event in happened {
        match (event.what, since) {
            (Happening::NodeDown { .. } | Happening::Stale, None) => since = Some(event.at_secs),
            (Happening::NodeBack { .. } | Happening::Live { .. }, Some(from)) => {
                band(from, event.at_secs);
                since = None;
            }
            _ => {}
        }
    }
    if let Some(from) = since {
        band(from, axis.now_secs);
    }
}

fn ink_of(desk: &Desk<'_>, subjects: &[Subject]) -> Color32 {
    let ink = match subjects.first() {
        Some(Subject::Tier(tier)) => Ink::of(*tier),
        Some(Subject::Compute) | None => Ink::Compute,
    };
    desk.dark.color(ink)
}

/// A curve's colour: its own ink, half of it where another one leads, and grey for what is beside it.
fn strength_of(desk: &Desk<'_>, ink: Color32, strength: f32) -> Color32 {
    match strength {
        strong if strong >= 1.0 => ink,
        middle if middle > 0.6 => ink.lerp_to_gamma(desk.colors.ground, 0.4),
        _ => desk.colors.text2,
    }
}

fn draw_chart(
    desk: &Desk<'_>,
    seen: &Seen<'_>,
    (axis, chart, subjects): (&Axis, &LabChart<'_>, &[Subject]),
    area: Rect,
) {
    let head = Rect::from_min_size(area.min, vec2(area.width(), 24.0));
    let plot = Rect::from_min_max(pos2(axis.plot.left(), head.bottom()), area.max);
    let ink = ink_of(desk, subjects);
    let title = pos2(plot.left(), head.center().y);
    let title = desk.words(title, Align2::LEFT_CENTER, chart.title, Type::strong(16.0, desk.colors.text));
    let signals = |quantity: Quantity| -> Vec<Signal> {
        subjects.iter().map(|subject| Signal { subject: *subject, quantity }).collect()
    };
    let curves: Vec<(Series, Color32)> = chart
        .curves
        .iter()
        .map(|(quantity, _, strength)| {
            let series = seen.source.series_over(&signals(*quantity), axis.span_secs, seen.now_secs);
            (series, strength_of(desk, ink, *strength))
        })
        .collect();
    let quantity = chart.curves.first().map(|curve| curve.0);
    let heights = Heights::of(chart, &curves);
    legend(desk, (seen, chart, subjects), (head, title.right()), &curves);
    let small = Type::new(14.0, desk.colors.least);
    desk.rule(plot.left_top(), plot.width());
    desk.rule(plot.left_bottom(), plot.width());
    // Words that would touch one another are left out, but for the highest.
    let mut free_y = f32::INFINITY;
    let ticks = heights.ticks();
    for (nth, value) in ticks.iter().enumerate() {
        let y = plot.bottom() - heights.share(*value) * plot.height();
        let (is_last, word_y) = (nth + 1 == ticks.len(), y.clamp(plot.top() + 2.0, plot.bottom() - 3.0));
        if word_y > free_y || !is_last && word_y < plot.top() + 16.0 {
            continue;
        }
        free_y = word_y - 15.0;
        desk.rule(pos2(plot.left(), y), plot.width());
        let words = match quantity {
            Some(quantity) if *value > 0.0 => numerals_of(quantity, *value).words().trim().to_owned(),
            Some(_) | None => "0".to_owned(),
        };
        let gutter = small.within(GUTTER - 4.0);
        desk.words(pos2(plot.left() - 6.0, word_y), Align2::RIGHT_CENTER, &words, gutter);
    }
    if curves.iter().all(|(series, _)| series.columns.iter().all(Option::is_none)) {
        desk.words(plot.center(), Align2::CENTER_CENTER, "nothing told in this time", small);
    }
    for (nth, (series, color)) in curves.iter().enumerate() {
        curve(desk, series, (heights, *color, nth == 0 && !chart.is_log), plot);
    }
}

/// What the curves are, and what they are at now.
fn legend(
    desk: &Desk<'_>,
    (seen, chart, subjects): (&Seen<'_>, &LabChart<'_>, &[Subject]),
    (head, left): (Rect, f32),
    curves: &[(Series, Color32)],
) {
    let look = Type::new(14.0, desk.colors.text2);
    let mut right = head.right();
    if !chart.says.is_empty() {
        right = desk.words(pos2(right, head.center().y), Align2::RIGHT_CENTER, &chart.says, look).left() - 16.0;
    }
    for ((quantity, name, _), (_, color)) in chart.curves.iter().zip(curves).rev() {
        let now = |subject: &Subject| seen.readings.get(&Signal { subject: *subject, quantity: *quantity });
        let values: Vec<f64> = subjects.iter().filter_map(now).map(|reading| reading.value).collect();
        let value = quantity.together().combine(&values);
        let words = format!("{name} {}", value_words(*quantity, value));
        let width = desk.width(words.trim(), look) + 26.0;
        if right - width < left + 12.0 {
            return;
        }
        let rect = desk.words(pos2(right, head.center().y), Align2::RIGHT_CENTER, words.trim(), look);
        let line = [pos2(rect.left() - 22.0, head.center().y), pos2(rect.left() - 7.0, head.center().y)];
        desk.ui.painter().line_segment(line, Stroke::new(2.0, *color));
        desk.say(rect, &format!("{} {name}", chart.title), &format!("{} {}", chart.title, words.trim()));
        right = rect.left() - 36.0;
    }
}

/// A curve, filled where it is the chart's own; it is broken where nothing was told.
fn curve(desk: &Desk<'_>, series: &Series, (heights, color, is_filled): (Heights, Color32, bool), plot: Rect) {
    let point = |(nth, column): (usize, &Option<(f64, f64)>)| {
        let (_, value) = (*column)?;
        let x = plot.left() + plot.width() * share_of_window(nth as f32 + 1.0, series.ahead, series.columns.len());
        Some(pos2(x, plot.bottom() - heights.share(value) * (plot.height() - 2.0)))
    };
    let points: Vec<Option<Pos2>> = series.columns.iter().enumerate().map(point).collect();
    for run in points.split(Option::is_none) {
        let run: Vec<Pos2> = run.iter().flatten().copied().collect();
        if is_filled {
            let mut mesh = Mesh::default();
            for at in &run {
                mesh.colored_vertex(*at, color.gamma_multiply(0.25));
                mesh.colored_vertex(pos2(at.x, plot.bottom()), color.gamma_multiply(0.25));
            }
            for nth in 1..run.len() as u32 {
                mesh.add_triangle(2 * nth - 2, 2 * nth - 1, 2 * nth);
                mesh.add_triangle(2 * nth - 1, 2 * nth + 1, 2 * nth);
            }
            desk.ui.painter().add(mesh);
        }
        if run.len() > 1 {
            desk.ui.painter().add(Shape::line(run, Stroke::new(1.8, color)));
        }
    }
}

/// How long ago, below the charts.
fn draw_axis(desk: &Desk<'_>, axis: &Axis, y: f32) {
    let small = Type::new(14.0, desk.colors.least);
    for nth in 0..=5_u8 {
        let ago_secs = axis.span_secs * (1.0 - f64::from(nth) / 5.0);
        let words = if nth == 5 { "now".to_owned() } else { format!("−{}", clock_words(ago_secs.round())) };
        let align = match nth {
            0 => Align2::LEFT_CENTER,
            5 => Align2::RIGHT_CENTER,
            _ => Align2::CENTER_CENTER,
        };
        desk.words(pos2(axis.x(axis.now_secs - ago_secs), y), align, &words, small);
    }
}
