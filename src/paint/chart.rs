//! A curve over time: a line of `egui_plot` over a fill that fades toward its foot.

use egui::emath::{Pos2, Rect, lerp, pos2, vec2};
use egui::{Ui, UiBuilder};
use egui_plot::{Line, Plot, PlotBounds, PlotPoints};

use crate::paint::canvas::Canvas;
use crate::paint::{light, outline, shapes};
use crate::picture::{Chart, Id, Ink};

/// The curve's width.
const WIDTH: f32 = 4.0;
/// The fill under the curve, at the chart's upper edge and at its lower.
const FILL: (f32, f32) = (0.58, 0.06);
/// The same of the one curve that a page is about, and its line.
const FILL_STRONG: (f32, f32) = (0.95, 0.35);
const WIDTH_STRONG: f32 = 6.0;
/// The band between a column's least and most value.
const BAND: f32 = 0.45;
/// Room around the plot, so that a curve at its edge is not cut.
const ROOM: f32 = 8.0;
/// From which height on the one curve that a page is about glows.
const GLOWS_FROM: f32 = 6.0;
/// The radius of the dot on the newest value.
const HEAD: f32 = 9.0;

/// A column whose values differ by more than this share of the top holds an edge of the curve, or several.
const FLANK: f64 = 0.1;
/// So many columns with one edge between them hold no more than it: more go up and down.
const EDGE_COLUMNS: usize = 2;
/// A step of more than this share of the top stands upright: a value holds until the next.
const UPRIGHT: f64 = 0.05;

/// A column of time with a value: where its middle lies on the stage.
#[derive(Clone, Copy)]
struct ChartColumn {
    x: f32,
    least: f32,
    most: f32,
}

/// What a curve is at between two times, in columns.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Level {
    from: f32,
    to: f32,
    value: f64,
}

/// What keeps going up and down does so for as many columns.
const BAND_COLUMNS: usize = 12;

/// Grid, fill, curve and head of a chart.
pub(super) fn paint_chart(canvas: &mut Canvas<'_>, ui: &mut Ui, id: &Id, chart: &Chart) {
    let column =
        |n: usize, (least, most)| ChartColumn { x: x_of(chart, n), least: y_of(chart, least), most: y_of(chart, most) };
    let (runs, curves) = (runs(chart, column), curves(chart));
    draw_grid(canvas, chart);
    if chart.strong {
        glow(canvas, chart, &runs);
    }
    for (run, curve) in runs.iter().zip(&curves) {
        fill_under(canvas, chart, run, curve);
    }
    canvas.flush();
    draw_curve(canvas, ui, id, (chart, &curves));
    if let (true, Some(newest)) = (chart.head, newest_point(chart, &curves)) {
        draw_head(canvas, chart.ink, newest);
    }
}

/// What is made of number, least and most of each column, in runs without a gap.
fn runs<T>(chart: &Chart, make: impl Fn(usize, (f64, f64)) -> T) -> Vec<Vec<T>> {
    let mut runs = vec![Vec::new()];
    for (n, column) in chart.columns.iter().enumerate() {
        match (column, runs.last_mut()) {
            (Some(values), Some(run)) => run.push(make(n, *values)),
            (None, Some(run)) if !run.is_empty() => runs.push(Vec::new()),
            _ => {}
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// Where the middle of a column lies.
fn x_of(chart: &Chart, n: usize) -> f32 {
    lerp(chart.rect.left()..=chart.rect.right(), chart.share(n as f32 + 0.5))
}

/// What a run of columns, the first of which is that number, was at: its most, column by column. Where one or two columns
/// hold an edge, it is a step in their middle; what falls and comes back within them is seen too.
fn levels(first: usize, run: &[(f64, f64)], top: f64) -> Vec<Level> {
    let is_plain = |(least, most): &(f64, f64)| most - least <= FLANK * top;
    let level = |from: f32, to: f32, value: f64| Level { from, to, value };
    let begin = |n: usize| (first + n) as f32;
    let (mut levels, mut n) = (Vec::new(), 0);
    while n < run.len() {
        let end = n + run[n..].iter().take_while(|column| !is_plain(column)).count();
        if end == n {
            levels.push(level(begin(n), begin(n + 1), run[n].1));
            n += 1;
            continue;
        }
        if end - n > EDGE_COLUMNS {
            levels.extend((n..end).map(|n| level(begin(n), begin(n + 1), run[n].1)));
            n = end;
            continue;
        }
        let least = run[n..end].iter().map(|column| column.0).fold(f64::INFINITY, f64::min);
        let most = run[n..end].iter().map(|column| column.1).fold(0.0, f64::max);
        let is_high = |value: f64| most - value < value - least;
        let before = n.checked_sub(1).map(|before| run[before].1);
        let after = run.get(end).map(|after| after.1);
        // An edge's column has a part of the plateau beside it, whose level is the column's own.
        let joined = |value: f64, beside: Option<f64>| match beside {
            Some(beside) if (beside - value).abs() <= FLANK * top => beside,
            _ => value,
        };
        let (from, to) = (begin(n), begin(end));
        let (quarter, middle) = ((to - from) / 4.0, f32::midpoint(from, to));
        match (before.map(is_high), after.map(is_high)) {
            (Some(true), Some(true)) => levels.extend([
                level(from, from + quarter, joined(most, before)),
                level(from + quarter, to - quarter, least),
                level(to - quarter, to, joined(most, after)),
            ]),
            (Some(true) | None, Some(false)) => {
                levels.extend([level(from, middle, joined(most, before)), level(middle, to, joined(least, after))]);
            }
            (Some(false), Some(true)) => {
                levels.extend([level(from, middle, joined(least, before)), level(middle, to, joined(most, after))]);
            }
            // A short burst, or what is not known on one side: the most that it was is what must be seen.
            (Some(false), Some(false) | None) | (None, Some(true)) | (Some(true) | None, None) => {
                levels.push(level(from, to, most));
            }
        }
        n = end;
    }
    levels
}

/// The line along levels: through their middles where they differ little, upright where they differ much. Numbers of
/// columns, and values. Where it stays level it has two points, however long that is: most curves rest most of the time.
fn line_along(levels: &[Level], top: f64) -> Vec<(f32, f64)> {
    let mut line: Vec<(f32, f64)> = Vec::new();
    let mut push = |columns: f32, value: f64| {
        if let [.., before, last] = line[..]
            && before.1 == value
            && last.1 == value
        {
            line.pop();
        }
        line.push((columns, value));
    };
    for (n, level) in levels.iter().enumerate() {
        let differs = |other: &Level| (other.value - level.value).abs() > UPRIGHT * top;
        if n.checked_sub(1).is_none_or(|before| differs(&levels[before])) {
            push(level.from, level.value);
        }
        push(f32::midpoint(level.from, level.to), level.value);
        if levels.get(n + 1).is_none_or(differs) {
            push(level.to, level.value);
        }
    }
    line
}

/// The curve on the stage, in runs without a gap.
fn curves(chart: &Chart) -> Vec<Vec<Pos2>> {
    let top = if chart.top > 0.0 { chart.top } else { 1.0 };
    let numbered = runs(chart, |n, column| (n, column));
    let curve = |run: Vec<(usize, (f64, f64))>| {
        let first = run.first().map_or(0, |(n, _)| *n);
        let columns: Vec<(f64, f64)> = run.into_iter().map(|(_, column)| column).collect();
        let line = line_along(&levels(first, &columns, top), top).into_iter();
        let x = |columns: f32| lerp(chart.rect.left()..=chart.rect.right(), chart.share(columns));
        line.map(|(columns, value)| pos2(x(columns), y_of(chart, value))).collect()
    };
    numbered.into_iter().map(curve).collect()
}

fn y_of(chart: &Chart, value: f64) -> f32 {
    let share = if chart.top > 0.0 { (value / chart.top).clamp(0.0, 1.0) } else { 0.0 };
    lerp(foot(chart)..=far(chart), share as f32)
}

/// Where 0 lies.
fn foot(chart: &Chart) -> f32 {
    if chart.down { chart.rect.top() } else { chart.rect.bottom() }
}

/// Where the top of the scale lies.
fn far(chart: &Chart) -> f32 {
    if chart.down { chart.rect.bottom() } else { chart.rect.top() }
}

fn draw_grid(canvas: &mut Canvas<'_>, chart: &Chart) {
    let color = canvas.shade(canvas.theme.color(Ink::Line), 1.0);
    for value in chart.grid.iter() {
        let y = y_of(chart, *value);
        let bar =
            outline::thick_line(pos2(chart.rect.left(), y), pos2(chart.rect.right(), y), canvas.stroke_width(1.5));
        canvas.fill(&bar, color);
    }
}

/// A glow around each part of the curve that is off its foot: around the box that it fills.
fn glow(canvas: &mut Canvas<'_>, chart: &Chart, runs: &[Vec<ChartColumn>]) {
    let (color, strength) = (canvas.theme.fill(chart.ink), canvas.theme.light().glow);
    let foot = foot(chart);
    let is_low = |column: &ChartColumn| (column.most - foot).abs() < GLOWS_FROM;
    for part in runs.iter().flat_map(|run| run.split(is_low)).filter(|part| part.len() > 1) {
        let far = part
            .iter()
            .map(|column| column.most)
            .reduce(|a, b| if (a - foot).abs() > (b - foot).abs() { a } else { b });
        let corners = [pos2(part[0].x, foot), pos2(part[part.len() - 1].x, far.unwrap_or(foot))];
        light::glow_gpu(canvas, Rect::from_points(&corners), WIDTH, color, strength);
    }
}

/// The fading area under a run, and the band of its columns' ranges.
fn fill_under(canvas: &mut Canvas<'_>, chart: &Chart, run: &[ChartColumn], curve: &[Pos2]) {
    let ink = canvas.theme.fill(chart.ink);
    let at_y = |y: f32| {
        let share = (y - far(chart)).abs() / chart.rect.height().max(1e-3);
        let (far, near) = if chart.strong { FILL_STRONG } else { FILL };
        canvas.shade(ink, lerp(far..=near, share.clamp(0.0, 1.0)))
    };
    let bottom = foot(chart);
    let under = |at: &Pos2| [at.y, bottom].map(|y| (pos2(at.x, y), at_y(y)));
    let area: Vec<_> = curve.iter().map(under).collect();
    let band_color = canvas.shade(ink, BAND);
    let depths = band_ends(run, bottom);
    let between = |(column, end): (&ChartColumn, &f32)| [column.most, *end].map(|y| (pos2(column.x, y), band_color));
    let band: Vec<_> = run.iter().zip(&depths).map(between).collect();
    canvas.fill_ribbon(&area);
    if run.iter().zip(&depths).any(|(column, end)| is_band(column, *end)) {
        canvas.fill_ribbon(&band);
    }
}

/// Whether the line does not cover it.
fn is_band(column: &ChartColumn, end: f32) -> bool {
    (end - column.most).abs() > 0.5 * WIDTH
}

/// Where the bands of a run end. In a few columns one is no more than a blotch in the top of a burst, and is left out.
fn band_ends(run: &[ChartColumn], foot: f32) -> Vec<f32> {
    let mut ends: Vec<f32> = (0..run.len()).map(|n| band_end(run, n, foot)).collect();
    let mut n = 0;
    while n < run.len() {
        let wide = (n..run.len()).take_while(|at| is_band(&run[*at], ends[*at])).count();
        if wide < BAND_COLUMNS {
            for at in n..n + wide {
                ends[at] = run[at].most;
            }
        }
        n += wide + 1;
    }
    ends
}

/// Where the band of a column ends: at the highest of the leasts of it and its neighbours, but not above its own most. A
/// flank has all values between two levels and would be seen as a fault of the fill; what keeps going up and down has them
/// in every column.
fn band_end(run: &[ChartColumn], n: usize, foot: f32) -> f32 {
    let near = run[n.saturating_sub(1)..].iter().take(if n == 0 { 2 } else { 3 });
    let up = near.map(|column| (column.least - foot).abs()).fold(0.0, f32::max);
    let up = up.min((run[n].most - foot).abs());
    foot + up.copysign(run[n].most - foot)
}

/// The line itself, in a plot without axes, legend or interaction.
fn draw_curve(canvas: &Canvas<'_>, ui: &mut Ui, id: &Id, (chart, curves): (&Chart, &[Vec<Pos2>])) {
    let area = canvas.screen.area(chart.rect.expand(ROOM));
    let color = canvas.shade(canvas.theme.color(chart.ink), 1.0);
    let width = canvas.stroke_width(if chart.strong { WIDTH_STRONG } else { WIDTH }) * canvas.screen.scale;
    let builder = UiBuilder::new().max_rect(area).id_salt(id.to_string());
    ui.scope_builder(builder, |ui| {
        ui.set_clip_rect(ui.clip_rect().intersect(area));
        let plot = bare_plot(area).show(ui, |plot| {
            plot.set_plot_bounds(plot_bounds(chart));
            for (n, curve) in curves.iter().enumerate() {
                // The plot's axis points up. Of points as near as a pixel it would make a band in place of an upright step.
                let points: Vec<[f64; 2]> = curve.iter().map(|at| [f64::from(at.x), -f64::from(at.y)]).collect();
                let line = Line::new(n.to_string(), PlotPoints::from(points));
                plot.line(line.color(color).width(width).allow_hover(false).allow_band(false));
            }
        });
        debug_assert!(plot.response.rect.width() > 0.0, "a plot has a place");
    });
}

fn bare_plot<'a>(area: Rect) -> Plot<'a> {
    Plot::new("curve")
        .width(area.width())
        .height(area.height())
        .min_size(vec2(1.0, 1.0))
        .sense(egui::Sense::empty())
        .show_axes(false)
        .show_grid(false)
        // The plot works its marks out also where it shows none.
        .x_grid_spacer(|_| Vec::new())
        .y_grid_spacer(|_| Vec::new())
        .show_background(false)
        .show_crosshair(false)
        .show_x(false)
        .show_y(false)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .set_margin_fraction(vec2(0.0, 0.0))
        .auto_bounds(false)
}

/// The plot's range: stage units, with the room around the chart's rectangle.
fn plot_bounds(chart: &Chart) -> PlotBounds {
    let area = chart.rect.expand(ROOM);
    let [left, right, top, bottom] = [area.left(), area.right(), area.top(), area.bottom()].map(f64::from);
    PlotBounds::from_min_max([left, -bottom], [right, -top])
}

/// The newest value, where it is known up to now.
fn newest_point(chart: &Chart, curves: &[Vec<Pos2>]) -> Option<Pos2> {
    chart.columns.last()?.as_ref()?;
    curves.last()?.last().copied()
}

fn draw_head(canvas: &mut Canvas<'_>, ink: Ink, at: Pos2) {
    let color = canvas.theme.color(ink);
    let glow = canvas.theme.light().dot_glow;
    if glow > 0.0 {
        light::glow_dot(canvas, at, HEAD * 1.5, canvas.theme.fill(ink), glow);
    }
    shapes::fill_disc(canvas, at, HEAD, canvas.shade(color, 1.0));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart_of(rect: Rect, columns: Vec<Option<(f64, f64)>>, ahead: f32) -> Chart {
        let (columns, grid) = (columns.into(), [0.0].into());
        Chart { rect, ink: Ink::T2, columns, top: 100.0, grid, head: false, down: false, strong: false, ahead }
    }

    /// What it is, the least and the most of each column, and what the curve is at from which column on.
    type Stop<'a> = (&'a str, &'a [(f64, f64)], &'a [(f32, f64)]);

    #[test]
    fn a_stop_is_a_step_down_a_floor_and_a_step_up() {
        let (busy, stop, edge) = ((97.0, 99.0), (10.0, 10.0), (10.0, 98.0));
        let cases: [Stop<'_>; 7] = [
            ("edges within columns", &[busy, edge, stop, edge, busy], &[(0.0, 99.0), (1.5, 10.0), (3.5, 99.0)]),
            ("edges between columns", &[busy, stop, stop, busy], &[(0.0, 99.0), (1.0, 10.0), (3.0, 99.0)]),
            ("a stop within one", &[busy, edge, busy], &[(0.0, 99.0), (1.25, 10.0), (1.75, 99.0)]),
            ("a stop across two", &[busy, edge, edge, busy], &[(0.0, 99.0), (1.5, 10.0), (2.5, 99.0)]),
            ("a burst within one", &[stop, edge, stop], &[(0.0, 10.0), (1.0, 98.0), (2.0, 10.0)]),
            ("up and down all the time", &[edge, (5.0, 90.0), (9.0, 99.0)], &[(0.0, 98.0), (1.0, 90.0), (2.0, 99.0)]),
            ("it begins with an edge", &[edge, stop], &[(0.0, 98.0), (0.5, 10.0)]),
        ];
        for (what, columns, expected) in cases {
            let mut told: Vec<(f32, f64)> = Vec::new();
            for Level { from, value, .. } in levels(0, columns, 100.0) {
                if told.last().is_none_or(|(_, last)| (last - value).abs() > UPRIGHT * 100.0) {
                    told.push((from, value));
                }
            }
            assert_eq!(told, expected, "{what}");
        }
        let line = line_along(&levels(0, &[busy, stop, stop, busy], 100.0), 100.0);
        let upright = line.windows(2).filter(|pair| pair[0].0 == pair[1].0).count();
        let slanted = line.windows(2).filter(|pair| pair[0].0 != pair[1].0 && pair[0].1 != pair[1].1).count();
        assert_eq!((upright, slanted), (2, 0), "{line:?}");
    }

    #[test]
    fn a_curve_that_rests_has_two_points_however_long() {
        let line = |run: &[(f64, f64)]| line_along(&levels(0, run, 100.0), 100.0);
        let rests = vec![(0.0, 0.0); 240];
        assert_eq!(line(&rests), [(0.0, 0.0), (240.0, 0.0)]);
        let mut burst = rests;
        burst[100..103].fill((90.0, 90.0));
        let upright = [(0.0, 0.0), (100.0, 0.0), (100.0, 90.0), (103.0, 90.0), (103.0, 0.0), (240.0, 0.0)];
        assert_eq!(line(&burst), upright);
        assert_eq!(line(&[(1.0, 1.0), (2.0, 2.0), (1.0, 1.0)]).len(), 5, "what moves keeps its points");
    }

    #[test]
    fn a_time_has_one_place_however_tall_the_chart_and_whenever_it_is_looked_at() {
        // The value changes where the tenth column begins, 2.5 columns of time ago and 3.0.
        let columns =
            |from: usize| (from..from + 21).map(|n| Some(if n < 10 { (0.0, 0.0) } else { (90.0, 90.0) })).collect();
        for (height, from, ahead, left_by) in
            [(124.0, 0, 0.0, 0.0), (210.0, 0, 0.0, 0.0), (210.0, 0, 0.5, 0.5), (124.0, 1, 0.0, 1.0)]
        {
            let rect = Rect::from_min_max(pos2(300.0, 200.0), pos2(1500.0, 200.0 + height));
            let curve = curves(&chart_of(rect, columns(from), ahead)).remove(0);
            let step =
                curve.windows(2).find(|pair| pair[0].x == pair[1].x && pair[0].y != pair[1].y).map(|pair| pair[0].x);
            assert_eq!(step, Some(300.0 + 60.0 * (10.0 - left_by)), "{height} {from} {ahead}");
            let ends = [curve[0].x, curve[curve.len() - 1].x];
            assert_eq!(ends, [300.0, 1500.0], "{height} {from} {ahead}");
        }
    }

    #[test]
    fn a_band_of_few_columns_is_left_out() {
        let shakes = |columns: usize| {
            let column = |n: usize| ChartColumn { x: 0.0, least: 90.0 - (n % 2) as f32 * 9.0, most: 10.0 };
            let run: Vec<ChartColumn> = (0..columns).map(column).collect();
            band_ends(&run, 100.0).iter().zip(&run).filter(|(end, column)| is_band(column, **end)).count()
        };
        assert_eq!([3, 11, 12, 60].map(shakes), [0, 0, 12, 60]);
    }

    #[test]
    fn a_flank_has_no_band_and_what_goes_up_and_down_has_one() {
        // Least and most of each column above a foot at 100, and how deep its band reaches.
        let cases = [
            ("a step up", &[[0.0, 0.0], [0.0, 90.0], [90.0, 90.0]][..], &[0.0, 90.0, 90.0][..]),
            ("a notch", &[[90.0, 90.0], [10.0, 90.0], [90.0, 90.0]], &[90.0, 90.0, 90.0]),
            ("up and down", &[[0.0, 90.0], [5.0, 80.0], [0.0, 90.0], [0.0, 70.0]], &[5.0, 5.0, 5.0, 0.0]),
        ];
        for (what, columns, expected) in cases {
            let column = |[least, most]: &[f32; 2]| ChartColumn { x: 0.0, least: 100.0 - least, most: 100.0 - most };
            let run: Vec<ChartColumn> = columns.iter().map(column).collect();
            let ends: Vec<f32> = (0..run.len()).map(|n| 100.0 - band_end(&run, n, 100.0)).collect();
            assert_eq!(ends, expected, "{what}");
        }
    }
}
