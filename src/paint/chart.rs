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

/// A column of time with a value: where it lies on the stage.
#[derive(Clone, Copy)]
struct ChartColumn {
    x: f32,
    least: f32,
    most: f32,
}

/// Grid, fill, curve and head of a chart.
pub(super) fn paint_chart(canvas: &mut Canvas<'_>, ui: &mut Ui, id: &Id, chart: &Chart) {
    let column =
        |n: usize, (least, most)| ChartColumn { x: x_of(chart, n), least: y_of(chart, least), most: y_of(chart, most) };
    let runs = runs(chart, column);
    draw_grid(canvas, chart);
    if chart.strong {
        glow(canvas, chart, &runs);
    }
    for run in &runs {
        fill_under(canvas, chart, run);
    }
    canvas.flush();
    draw_curve(canvas, ui, id, chart);
    if let (true, Some(newest)) = (chart.head, newest_point(chart, &runs)) {
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

/// Where a column lies, of the fill as of the line.
fn x_of(chart: &Chart, n: usize) -> f32 {
    let last = chart.columns.len().saturating_sub(1).max(1) as f32;
    lerp(chart.rect.left()..=chart.rect.right(), n as f32 / last)
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
fn fill_under(canvas: &mut Canvas<'_>, chart: &Chart, run: &[ChartColumn]) {
    let ink = canvas.theme.fill(chart.ink);
    let at_y = |y: f32| {
        let share = (y - far(chart)).abs() / chart.rect.height().max(1e-3);
        let (far, near) = if chart.strong { FILL_STRONG } else { FILL };
        canvas.shade(ink, lerp(far..=near, share.clamp(0.0, 1.0)))
    };
    let bottom = foot(chart);
    let under = |column: &ChartColumn| [column.most, bottom].map(|y| (pos2(column.x, y), at_y(y)));
    let area: Vec<_> = run.iter().map(under).collect();
    let band_color = canvas.shade(ink, BAND);
    let depths: Vec<f32> = (0..run.len()).map(|n| band_end(run, n, bottom)).collect();
    let between = |(column, end): (&ChartColumn, &f32)| [column.most, *end].map(|y| (pos2(column.x, y), band_color));
    let band: Vec<_> = run.iter().zip(&depths).map(between).collect();
    canvas.fill_ribbon(&area);
    if run.iter().zip(&depths).any(|(column, end)| (end - column.most).abs() > 0.5 * WIDTH) {
        canvas.fill_ribbon(&band);
    }
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
fn draw_curve(canvas: &Canvas<'_>, ui: &mut Ui, id: &Id, chart: &Chart) {
    let area = canvas.screen.area(chart.rect.expand(ROOM));
    let color = canvas.shade(canvas.theme.color(chart.ink), 1.0);
    let width = canvas.stroke_width(if chart.strong { WIDTH_STRONG } else { WIDTH }) * canvas.screen.scale;
    let builder = UiBuilder::new().max_rect(area).id_salt(id.to_string());
    ui.scope_builder(builder, |ui| {
        ui.set_clip_rect(ui.clip_rect().intersect(area));
        let plot = bare_plot(area).show(ui, |plot| {
            plot.set_plot_bounds(plot_bounds(chart));
            for (n, points) in curve_points(chart).into_iter().enumerate() {
                plot.line(Line::new(n.to_string(), points).color(color).width(width).allow_hover(false));
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

/// The plot's range: column numbers and values, with the room around the chart's rectangle.
fn plot_bounds(chart: &Chart) -> PlotBounds {
    let columns = chart.columns.len().saturating_sub(1).max(1) as f64;
    let top = if chart.top > 0.0 { chart.top } else { 1.0 };
    let aside = f64::from(ROOM) / f64::from(chart.rect.width().max(1.0)) * columns;
    let above = f64::from(ROOM) / f64::from(chart.rect.height().max(1.0)) * top;
    let (low, high) = if chart.down { (-top - above, above) } else { (-above, top + above) };
    PlotBounds::from_min_max([-aside, low], [columns + aside, high])
}

/// The most of every column, in runs without a gap; a lone column is a short dash.
fn curve_points(chart: &Chart) -> Vec<PlotPoints<'static>> {
    let top = if chart.top > 0.0 { chart.top } else { 1.0 };
    let sign = if chart.down { -1.0 } else { 1.0 };
    let points = runs(chart, |n, (_, most)| [n as f64, sign * most.clamp(0.0, top)]);
    points.into_iter().map(PlotPoints::from).collect()
}

/// The newest value, if the last column has one.
fn newest_point(chart: &Chart, runs: &[Vec<ChartColumn>]) -> Option<Pos2> {
    chart.columns.last()?.as_ref()?;
    let last = runs.last()?.last()?;
    Some(pos2(last.x, last.most))
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

    #[test]
    fn fill_and_line_lie_on_one_axis() {
        for (strong, down) in [(false, false), (true, false), (false, true), (true, true)] {
            let rect = Rect::from_min_max(pos2(300.0, 200.0), pos2(1500.0, 400.0));
            let columns = vec![Some((0.0, 2.5)); 61].into();
            let grid = [0.0].into();
            let chart = Chart { rect, ink: Ink::T2, columns, top: 10.0, grid, head: false, down, strong };
            let (area, bounds) = (rect.expand(ROOM), plot_bounds(&chart));
            let on = |value: f64, low: f64, high: f64| ((value - low) / (high - low)) as f32;
            let ([left, low], [right, high]) = (bounds.min(), bounds.max());
            for n in [0, 1, 30, 60] {
                let x = area.left() + area.width() * on(n as f64, left, right);
                assert!((x - x_of(&chart, n)).abs() < 0.01, "{strong} {down} {n}: {x}");
            }
            let value = if down { -2.5 } else { 2.5 };
            let y = area.bottom() - area.height() * on(value, low, high);
            assert!((y - y_of(&chart, 2.5)).abs() < 0.01, "{strong} {down}: {y}");
        }
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
