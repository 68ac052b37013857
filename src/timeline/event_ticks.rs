//! What happened to a tier, as ticks on the axis of its chart on the monitor.

use egui::emath::{Rect, pos2, vec2};

use crate::live::Weight;
use crate::picture::{Fill, Id, Ink, Layer, Part, Picture, Role};
use crate::signal::Tier;
use crate::timeline::moment::Moment;
use crate::timeline::words::boxed;

/// Ticks on a chart's line of 0, over the time that the chart shows: there they are of its axis. `chart`: its place, and
/// the height of that line.
pub(crate) fn draw_ticks(
    moment: &Moment<'_>,
    tier: Tier,
    (chart, zero): (Rect, f32),
    window_secs: f64,
    picture: &mut Picture,
) {
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
        // What is wrong reaches farther than what is not.
        let height = match event.what.weight() {
            Weight::Bad | Weight::Warn => 26.0,
            Weight::Good | Weight::Plain => 14.0,
        };
        let tick = Rect::from_center_size(pos2(x, zero), vec2(4.0, height));
        let shape = (0.0, Fill::Flat(Ink::Text, 1.0), None);
        picture.push(boxed(Id::floor(tier, Part::Event).nth(nth), Role::Chart, Layer::Measured, tick, shape));
        nth += 1;
    }
}
