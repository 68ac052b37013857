//! What a burst leaves behind on the stage: how fast it was and how long ago, its bytes as blocks on their floor, and a tick
//! on the floor's line of the last hour. All of it is past, and says so.

use egui::emath::{Rect, Vec2, pos2};

use crate::live::{Burst, Direction, Happening, SourceKind, TierEvent};
use crate::picture::{Align, Face, Fill, Icon, Id, Ink, Layer, Part, Picture, Role, Shape, Stroke};
use crate::scene::binding::Binding;
use crate::signal::{Quantity, Signal, Tier};
use crate::timeline::moment::Moment;
use crate::timeline::numerals;
use crate::timeline::words::{Style, half_cap, mark, text, width};

/// What is longer ago is no part of what is told now.
const HOUR_SECS: f64 = 3600.0;
/// A burst that a step asks for may be dated this much before it: its first sample is.
const BEFORE_SECS: f64 = 1.0;

/// The last burst of what a step tells of, once it is over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Memory {
    pub burst: Burst,
    pub direction: Direction,
    /// Since its end, by the clock of the room.
    pub ago_secs: f64,
}

impl Memory {
    /// Of what is bound, where it is bytes per second of tiers that the step names and whose flow it tells, and they rest.
    pub(crate) fn of(moment: &Moment<'_>, binding: &Binding) -> Option<Self> {
        let seen = moment.stage.seen;
        let rests =
            binding.value(seen.numerals).is_some_and(|per_sec| per_sec < 0.5) && seen.running(binding).is_none();
        if !rests || !seen.state_of(binding).is_fresh() {
            return None;
        }
        // What a tier refuses is not told by what it took before.
        let refuses = |tier: Tier| seen.trouble(tier).is_some_and(|(icon, _)| icon == Icon::Bad);
        let asked = |tier: Tier, direction: Direction| {
            let signal = Signal::tier(tier, quantity_of(direction));
            let is_told = moment.step.motion.flows.iter().any(|flow| flow.binding.signals.contains(&signal));
            is_told && moment.step.floors.contains(&tier) && !refuses(tier) && binding.signals.contains(&signal)
        };
        let bursts = seen.source.bursts().last_ones().filter(|(tier, direction, _)| asked(*tier, *direction));
        // A lab that follows the story left what it moved in the steps before to those; a real lab has a past of its own.
        let step_secs = (f64::from(moment.secs) + BEFORE_SECS) * f64::from(seen.source.lapse.max(1));
        let follows = match seen.source.kind {
            SourceKind::Sim | SourceKind::Recording => true,
            SourceKind::Lab | SourceKind::Prometheus | SourceKind::None => false,
        };
        // What it did before the talk is nobody's step, not even of one that is looked at ahead of its time.
        let story_secs = -BEFORE_SECS * f64::from(seen.source.lapse.max(1));
        let from_secs = (seen.now_secs - step_secs).max(story_secs);
        let bursts = bursts.filter(|(_, _, burst)| !follows || burst.began_secs >= from_secs);
        let (_, direction, burst) = bursts.max_by(|one, other| one.2.ended_secs.total_cmp(&other.2.ended_secs))?;
        let ago_secs = (seen.now_secs - burst.ended_secs).max(0.0) / f64::from(seen.source.lapse.max(1));
        (ago_secs < HOUR_SECS).then_some(Self { burst: *burst, direction, ago_secs })
    }

    /// `"peak, 12 s ago"`
    pub(crate) fn words(&self) -> String {
        format!("peak, {}", crate::timeline::happened::ago(self.ago_secs))
    }
}

/// Whether a burst of what is bound runs, or has left something behind that stands on its floor.
pub(crate) fn is_told_by_bursts(moment: &Moment<'_>, binding: &Binding) -> bool {
    let bursts = moment.stage.seen.source.bursts();
    binding.signals.iter().any(|signal| bursts.is_running(*signal)) || Memory::of(moment, binding).is_some()
}

fn quantity_of(direction: Direction) -> Quantity {
    match direction {
        Direction::Read => Quantity::ReadBytesPerSec,
        Direction::Write => Quantity::WriteBytesPerSec,
    }
}

/// A block of what landed, and its words left of the first.
const BLOCK: f32 = 38.0;
const BESIDE: f32 = 26.0;
/// The middle of the last hour's track lies so far above the floor's lower edge.
const STRIP: f32 = 17.0;
const TRACK: f32 = 16.0;
const TICK: Vec2 = Vec2::new(9.0, 16.0);

/// A block of the smallest burst is still seen from the back row, and the largest keeps within its floor.
const SIDES: [f32; 2] = [18.0, 60.0];

/// The side of each of so many blocks: their area is as the bytes. What the last hour wrote at most at once has a block of
/// the usual size under each GPU.
fn side(moment: &Moment<'_>, bytes: f64, blocks: usize) -> f32 {
    let written = |event: &TierEvent| if let Happening::Checkpoint { bytes, .. } = event.what { bytes } else { 0.0 };
    let most = moment.stage.seen.source.events().iter().map(written).fold(bytes, f64::max).max(1.0);
    let share = bytes / most * moment.stage.library.world.hall.gpus.len() as f64 / blocks.max(1) as f64;
    (BLOCK * share.sqrt() as f32).clamp(SIDES[0], SIDES[1])
}

/// Where what a burst left stands: under each GPU, or where the one path that it is told to have taken meets the floor.
fn places(moment: &Moment<'_>, signal: Signal, direction: Direction) -> Vec<f32> {
    let world = &moment.stage.library.world;
    let flow = moment.step.motion.flows.iter().find(|flow| flow.binding.signals.contains(&signal));
    let lanes = flow.and_then(|flow| world.route(&flow.route)).map_or(&[][..], |route| &route.lanes);
    let on_stage = |x: f32| moment.camera.stage_from_world(pos2(x, 0.0)).x;
    match lanes {
        [only] => {
            let place = if direction == Direction::Write { only.last() } else { only.first() };
            place.map(|place| on_stage(place.x)).into_iter().collect()
        }
        _ => world.hall.gpus.iter().map(|gpu| on_stage(gpu.center().x)).collect(),
    }
}

/// What the last burst wrote to a floor, as blocks where it came down, with its bytes where there is room: `rect` is what of
/// the floor is free of its name.
pub(crate) fn blocks(moment: &Moment<'_>, memory: &Memory, (tier, rect): (Tier, Rect), picture: &mut Picture) {
    let (id, ink) = (Id::floor(tier, Part::Whole), Ink::of(tier));
    let xs = places(moment, Signal::tier(tier, quantity_of(memory.direction)), memory.direction);
    let [mut left, mut right] = [rect.right(), rect.left()];
    let wrote = memory.direction == Direction::Write;
    let side = side(moment, memory.burst.bytes, xs.len());
    for (nth, x) in xs.into_iter().enumerate() {
        (left, right) = (left.min(x - side / 2.0), right.max(x + side / 2.0));
        let block = Rect::from_center_size(pos2(x, rect.center().y), Vec2::splat(side));
        // What was read left its place on the floor where it was.
        let fill = if wrote { Fill::Solid { ink, top: 0.95, low: 0.7 } } else { Fill::None };
        let stroke = Some(Stroke { dashed: !wrote, ..Stroke::new(3.0, ink) });
        let shape = Shape::Rect { rect: block, radii: [side * 0.18; 4], fill, stroke };
        picture.push(mark(id.part(Part::Memory).nth(nth as u32), Role::Box, Layer::Measured, shape));
    }
    let bytes = numerals::bytes(memory.burst.bytes, "B").words();
    // Left of the first block, or right of the last one where that is taken by the floor's name.
    let style = Style::new(Role::FloorNumber, Layer::Measured, 36.0).strong();
    let baseline = rect.center().y + half_cap(36.0);
    let wide = width(&bytes, Face::SemiBold, 36.0);
    let (x, align) = if left - BESIDE - wide < rect.left() + BESIDE {
        (right + BESIDE, Align::Left)
    } else {
        (left - BESIDE, Align::Right)
    };
    if align == Align::Left && x + wide > rect.center().x {
        return;
    }
    picture.push(text(id.part(Part::Memory).nth(90), bytes, pos2(x, baseline), style.align(align)));
}

/// The last hour of a floor as a thin track, with a tick for each burst.
pub(crate) fn strip(moment: &Moment<'_>, tier: Tier, (rect, left, right): (Rect, f32, f32), picture: &mut Picture) {
    let seen = moment.stage.seen;
    let ago = |at_secs: f64| (seen.now_secs - at_secs) / HOUR_SECS;
    let of_tier = seen.source.events().iter().filter(|event| event.tier == tier);
    let bursts = of_tier.filter(|event| matches!(event.what, Happening::Checkpoint { .. }));
    let shares = bursts.map(|event| ago(event.at_secs)).filter(|share| (0.0..=1.0).contains(share));
    let xs: Vec<f32> = shares.map(|share| right - (right - left) * share as f32).collect();
    if xs.is_empty() {
        return;
    }
    let y = rect.bottom() - STRIP;
    let id = Id::floor(tier, Part::Event);
    let track = Rect::from_min_max(pos2(left, y - TRACK / 2.0), pos2(right, y + TRACK / 2.0));
    let ground = Fill::Flat(Ink::Ground, 0.8);
    let shape = Shape::Rect { rect: track, radii: [4.0; 4], fill: ground, stroke: Some(Stroke::new(1.5, Ink::Edge)) };
    picture.push(mark(id.clone(), Role::Rule, Layer::Measured, shape));
    for (nth, x) in xs.into_iter().enumerate() {
        let tick = Rect::from_center_size(pos2(x.clamp(left + 6.0, right - 6.0), y), TICK);
        let shape = Shape::Rect { rect: tick, radii: [2.0; 4], fill: Fill::Flat(Ink::of(tier), 1.0), stroke: None };
        picture.push(mark(id.nth(1 + nth as u32), Role::Box, Layer::Measured, shape));
    }
}
