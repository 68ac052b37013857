//! What happened to a tier, as ticks in its chart on the monitor.

use egui::emath::{Rect, pos2};

use crate::live::Weight;
use crate::picture::{Fill, Id, Ink, Layer, Part, Picture, Role};
use crate::signal::Tier;
use crate::timeline::moment::Moment;
use crate::timeline::words::boxed;

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
