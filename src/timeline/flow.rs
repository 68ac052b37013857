//! The only motion that accumulates: how far measured dots have come, and how bright measured light is.
//!
//! A position computed as speed × time would jump at every scrape; a phase that only ever grows does not. Speeds and
//! levels approach their targets in closed form, so that 30 and 60 frames a second agree, and reach them exactly, so
//! that a still picture asks for no frame.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Dots on one route.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Dots {
    /// Stage units come so far.
    pub moved: f64,
    /// Stage units per second now.
    pub speed: f64,
    /// 0 (gone) to 1.
    pub presence: f64,
}

/// What a route's reading asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FlowTarget {
    pub speed: f64,
    pub presence: f64,
}

/// All measured motion.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Flows {
    dots: BTreeMap<Arc<str>, Dots>,
    levels: BTreeMap<Arc<str>, f64>,
}

/// Where everything is to go: routes by id, levels by the id of what is lit.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FlowTargets {
    pub routes: BTreeMap<Arc<str>, FlowTarget>,
    pub levels: BTreeMap<Arc<str>, f64>,
}

/// Seconds in which a difference shrinks to a third.
const TAU_SECS: f64 = 0.22;

/// What has no reading above 0 any more is out a quarter of a second after its digits say so.
const TAU_OUT_SECS: f64 = 0.05;
const NEAR_OUT: f64 = 0.008;

/// Stage units per second of dots at the top of their scale.
pub(crate) const FULL_SPEED: f64 = 240.0;

/// Moves `value` toward `target`; within `near` of it, it arrives.
fn approach(value: f64, target: f64, dt_secs: f64, near: f64) -> f64 {
    if dt_secs <= 0.0 {
        return value;
    }
    let next = target + (value - target) * (-dt_secs / TAU_SECS).exp();
    if (next - target).abs() < near { target } else { next }
}

/// Moves light, or the presence of dots: it goes out faster than it changes.
fn approach_light(value: f64, target: f64, dt_secs: f64, near: f64) -> f64 {
    if target > 0.0 || dt_secs <= 0.0 {
        return approach(value, target, dt_secs, near);
    }
    let next = value * (-dt_secs / TAU_OUT_SECS).exp();
    if next < NEAR_OUT { 0.0 } else { next }
}

impl Flows {
    /// Lets `dt_secs` pass. Whether anything still moves.
    pub fn advance(&mut self, targets: &FlowTargets, dt_secs: f64) -> bool {
        let mut moving = false;
        for (id, target) in &targets.routes {
            let dots = self.dots.entry(id.clone()).or_default();
            moving |= step(dots, *target, dt_secs);
        }
        self.dots.retain(|id, dots| {
            let leaves = !targets.routes.contains_key(id);
            if leaves {
                moving |= step(dots, FlowTarget { speed: dots.speed, presence: 0.0 }, dt_secs) && dots.presence > 0.0;
            }
            !leaves || dots.presence > 0.0
        });
        for (id, target) in &targets.levels {
            let level = self.levels.entry(id.clone()).or_insert(0.0);
            *level = approach_light(*level, *target, dt_secs, 0.004);
            moving |= level != target;
        }
        self.levels.retain(|id, _| targets.levels.contains_key(id));
        moving
    }

    /// Everything at its target, the dots as far as they come in `secs`: for stills.
    pub fn settled(targets: &FlowTargets, secs: f64) -> Self {
        let dots =
            |target: &FlowTarget| Dots { moved: target.speed * secs, speed: target.speed, presence: target.presence };
        Self {
            dots: targets.routes.iter().map(|(id, target)| (id.clone(), dots(target))).collect(),
            levels: targets.levels.clone(),
        }
    }

    pub fn dots(&self, route: &str) -> Dots {
        self.dots.get(route).copied().unwrap_or_default()
    }

    pub fn level(&self, id: &str) -> f32 {
        self.levels.get(id).copied().unwrap_or_default() as f32
    }
}

/// Moves one route's dots. Whether they still move.
fn step(dots: &mut Dots, target: FlowTarget, dt_secs: f64) -> bool {
    let before = dots.speed;
    dots.speed = approach(dots.speed, target.speed, dt_secs, 0.5);
    dots.presence = approach_light(dots.presence, target.presence, dt_secs, 0.01);
    // The distance under the exponential between the two speeds, exactly.
    let gone = (-dt_secs / TAU_SECS).exp();
    dots.moved += target.speed * dt_secs + (before - target.speed) * TAU_SECS * (1.0 - gone);
    dots.speed != target.speed || dots.presence != target.presence || (dots.speed > 0.0 && dots.presence > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(speed: f64) -> FlowTargets {
        let presence = f64::from(u8::from(speed > 0.0));
        let routes = [("a".into(), FlowTarget { speed, presence })].into();
        FlowTargets { routes, levels: [("T2".into(), presence)].into() }
    }

    #[test]
    fn thirty_and_sixty_frames_a_second_agree() {
        let run = |frames: u32| {
            let mut flows = Flows::default();
            for _ in 0..frames {
                flows.advance(&targets(200.0), 2.0 / f64::from(frames));
            }
            flows.dots("a").moved
        };
        assert!((run(60) - run(120)).abs() < 0.2, "{} {}", run(60), run(120));
    }

    #[test]
    fn a_rate_of_zero_is_reached_exactly_and_then_nothing_moves() {
        let mut flows = Flows::settled(&targets(200.0), 3.0);
        let moving: Vec<bool> = (0..240).map(|_| flows.advance(&targets(0.0), 1.0 / 60.0)).collect();
        assert_eq!((moving[0], moving[239]), (true, false));
        assert_eq!((flows.dots("a").speed, flows.level("T2")), (0.0, 0.0));
    }
}
