//! The line icons: one family, drawn as shapes. States are drawn here, things beside.

use std::f32::consts::{FRAC_PI_2, PI, TAU};

use egui::emath::{Pos2, Vec2};

use crate::paint::canvas::Canvas;
use crate::paint::pen::Pen;
use crate::paint::{ai_world, machines, outline, shapes, stores};
use crate::picture::{Icon, Ink};

/// How an icon is drawn.
enum IconDrawing {
    /// A sign beside words; it is given the middle of the stroke of a shape that fills the icon's box.
    State(fn(&mut Pen<'_, '_>, f32)),
    /// A thing, drawn large and from more parts.
    Thing(fn(&mut Pen<'_, '_>)),
}

fn icon_drawing(kind: Icon) -> IconDrawing {
    use IconDrawing::{State, Thing};
    match kind {
        Icon::Live => State(live),
        Icon::Simulated => State(simulated),
        Icon::Recorded => State(reels),
        Icon::Stale => State(clock),
        Icon::NoSource => State(no_source),
        Icon::Ok => State(ok),
        Icon::Warn => State(warn),
        Icon::Bad => State(bad),
        Icon::Lock => State(lock),
        Icon::Initiator => Thing(machines::initiator),
        Icon::Nic => Thing(machines::nic),
        Icon::Toe => Thing(machines::toe),
        Icon::Dpu => Thing(machines::dpu),
        Icon::Gpu => Thing(machines::gpu),
        Icon::Memory => Thing(machines::memory),
        Icon::Array => Thing(machines::array),
        Icon::Nodes => Thing(machines::nodes),
        Icon::RaidController => Thing(machines::raid_controller),
        Icon::FcFabric => Thing(machines::fc_fabric),
        Icon::Fabrics => Thing(machines::fabrics),
        Icon::Network => Thing(machines::network),
        Icon::Tape => Thing(machines::tape),
        Icon::Vault => Thing(machines::vault),
        Icon::Lun => Thing(stores::lun),
        Icon::Bucket => Thing(stores::bucket),
        Icon::Block => Thing(stores::block),
        Icon::Object => Thing(stores::object),
        Icon::Shards => Thing(stores::shards),
        Icon::Database => Thing(stores::database),
        Icon::Table => Thing(stores::table),
        Icon::Logs => Thing(stores::logs),
        Icon::Swamp => Thing(stores::swamp),
        Icon::House => Thing(stores::house),
        Icon::Snapshot => Thing(stores::snapshot),
        Icon::Share => Thing(stores::share),
        Icon::Iops => Thing(stores::iops),
        Icon::Utilisation => Thing(stores::utilisation),
        Icon::Document => Thing(ai_world::document),
        Icon::Chunks => Thing(ai_world::chunks),
        Icon::Vector => Thing(ai_world::vector),
        Icon::Index => Thing(ai_world::index),
        Icon::Tensor => Thing(ai_world::tensor),
        Icon::Model => Thing(ai_world::model),
        Icon::Adapter => Thing(ai_world::adapter),
        Icon::Person => Thing(ai_world::person),
        Icon::Question => Thing(ai_world::question),
        Icon::Answer => Thing(ai_world::answer),
    }
}

/// A state's stroke at its usual size, and at most.
const STROKE: f32 = 4.0;
const USUAL_SIZE: f32 = 28.0;
const MOST_STROKE: f32 = 6.0;

/// A thing has more parts than a state, so a small one has a thinner stroke: 4 at 56, 6 from 120, 7 from 260.
fn thing_stroke(size: f32) -> f32 {
    let share = |from: f32, to: f32| ((size - from) / (to - from)).clamp(0.0, 1.0);
    4.0 * share(0.0, 56.0) + 2.0 * share(56.0, 120.0) + share(200.0, 260.0)
}

/// The inks of an icon's strokes and of its filled parts.
#[derive(Clone, Copy)]
pub(super) struct IconInks {
    pub(super) stroke: Ink,
    pub(super) fill: Ink,
}

/// An icon `size` units wide and high.
pub(super) fn paint_icon(canvas: &mut Canvas<'_>, kind: Icon, center: Pos2, size: f32, inks: IconInks) {
    let [color, fill] = [inks.stroke, inks.fill].map(|ink| canvas.shade(canvas.theme.color(ink), 1.0));
    match icon_drawing(kind) {
        IconDrawing::State(draw) => {
            let width = canvas.stroke_width((size * STROKE / USUAL_SIZE).min(MOST_STROKE));
            draw(&mut Pen { canvas, center, size, width, color, fill }, 0.5 - 0.5 * width / size);
        }
        IconDrawing::Thing(draw) => {
            let width = canvas.stroke_width(thing_stroke(size));
            // Half a unit from the middle is the middle of the outermost stroke, so that nothing leaves the box.
            draw(&mut Pen { canvas, center, size: size - width, width, color, fill });
        }
    }
}

fn live(pen: &mut Pen<'_, '_>, _rim: f32) {
    pen.disc(0.0, 0.0, 0.4);
}

fn ok(pen: &mut Pen<'_, '_>, rim: f32) {
    pen.ring(0.0, 0.0, rim);
    pen.line(&[(-0.19, 0.02), (-0.05, 0.16), (0.2, -0.14)]);
}

/// A dashed ring.
fn simulated(pen: &mut Pen<'_, '_>, rim: f32) {
    const DASHES: usize = 6;
    let rim = rim * 0.92;
    // Round ends make every dash longer by the stroke's width.
    let dash = (TAU / DASHES as f32 * 0.7 - pen.width / (rim * pen.size)).max(0.05);
    for n in 0..DASHES {
        let middle = TAU * (n as f32 + 0.5) / DASHES as f32;
        pen.arc(rim, middle - dash / 2.0, middle + dash / 2.0);
    }
}

/// Two reels on one tape.
fn reels(pen: &mut Pen<'_, '_>, _rim: f32) {
    let rim = 0.25 - 0.5 * pen.width / pen.size;
    let x = 0.5 - 0.5 * pen.width / pen.size - rim;
    pen.ring(-x, -0.06, rim);
    pen.ring(x, -0.06, rim);
    pen.line(&[(-x, rim - 0.06), (x, rim - 0.06)]);
}

fn clock(pen: &mut Pen<'_, '_>, rim: f32) {
    pen.ring(0.0, 0.0, rim);
    pen.line(&[(0.0, -0.23), (0.0, 0.02), (0.16, 0.13)]);
}

/// A small box with the falling lines of "no source".
fn no_source(pen: &mut Pen<'_, '_>, rim: f32) {
    let field = shapes::box_around(pen.center, 2.0 * rim * pen.size, 2.0 * rim * pen.size);
    let outline = outline::rounded_rect(field, [0.12 * pen.size; 2], pen.canvas.px);
    for step in [-0.22, 0.0, 0.22_f32] {
        let half = 0.3 - step.abs() * 0.9;
        pen.line(&[(step - half, -step - half), (step + half, -step + half)]);
    }
    pen.canvas.stroke_closed(&outline, pen.width, pen.color);
}

fn warn(pen: &mut Pen<'_, '_>, rim: f32) {
    pen.polygon(3, rim * 1.16, (0.0, 0.12), -FRAC_PI_2);
    pen.line(&[(0.0, -0.14), (0.0, 0.1)]);
    pen.disc(0.0, 0.26, 0.075);
}

fn bad(pen: &mut Pen<'_, '_>, rim: f32) {
    pen.polygon(8, rim * 1.06, (0.0, 0.0), PI / 8.0);
    pen.line(&[(-0.15, -0.15), (0.15, 0.15)]);
    pen.line(&[(0.15, -0.15), (-0.15, 0.15)]);
}

/// A closed lock.
fn lock(pen: &mut Pen<'_, '_>, rim: f32) {
    let body = shapes::box_around(pen.at(0.0, 0.2), 1.6 * rim * pen.size, (2.0 * rim - 0.4) * pen.size);
    let outline = outline::rounded_rect(body, [0.09 * pen.size; 2], pen.canvas.px);
    pen.canvas.stroke_closed(&outline, pen.width, pen.color);
    let (reach, top) = (0.22 * pen.size, body.top());
    let middle = Pos2::new(pen.center.x, top - 0.1 * pen.size);
    let mut shackle = vec![Pos2::new(middle.x - reach, top)];
    shackle.extend(outline::arc(middle, reach, PI, TAU, pen.canvas.px));
    shackle.push(Pos2::new(middle.x + reach, top));
    pen.canvas.stroke(&shackle, pen.width, pen.color);
    let keyhole = pen.center + Vec2::new(0.0, 0.2 * pen.size);
    shapes::fill_disc(pen.canvas, keyhole, 0.07 * pen.size, pen.color);
}
