//! How high the lanes of the monitor are: the one that works has most of the height, quiet ones are slim.
//!
//! The heights follow from what was read and written in the last minutes and from nothing else. What just began has no
//! weight yet and gains it in seconds, what ended keeps its weight for a while and loses it slowly: so they glide.

use crate::live::Series;
use crate::signal::Tier;
use crate::timeline::numerals::LARGE_BYTES_PER_SEC;

/// Seconds in which what begins gains its weight; for which what ended keeps it; and when it has lost it.
const RISE_SECS: f64 = 8.0;
const HOLD_SECS: f64 = 60.0;
const FALL_SECS: f64 = 120.0;
/// Seconds before the window's end within which what leaves it loses its weight.
const LEAVE_SECS: f64 = 25.0;
/// Seconds of traffic, weighted, that count in full.
const FULL_SECS: f64 = 6.0;
/// What of the height, beyond what all need, goes to who works, to who has a high curve, and to each lane that is known.
const WORKS: f64 = 2.2;
const CURVE: f64 = 0.9;
const EACH: f64 = 0.15;

/// Heights of T0 to T3, which fill `whole` together. `least`: what each needs; `past`: read and written, none where nothing
/// is known; `named`: the one tier that a step is about, whoever works.
pub(super) fn heights(least: [f32; 4], past: &[Option<[Series; 2]>; 4], named: Option<Tier>, whole: f32) -> [f32; 4] {
    let needed: f32 = least.iter().sum();
    if needed >= whole {
        return least.map(|height| height * whole / needed);
    }
    let lanes = past.each_ref().map(|past| past.as_ref().map(Lately::of));
    let of = |value: fn(&Lately) -> f64| lanes.each_ref().map(|lane| lane.as_ref().map_or(0.0, value));
    let all_moved: f64 = of(|lane| lane.moved).iter().sum();
    let highest = of(|lane| lane.peak).into_iter().fold(0.0, f64::max);
    let weight = |tier: Tier| {
        let Some(lane) = &lanes[tier.index()] else { return 0.0 };
        let works = match named {
            Some(named) => f64::from(u8::from(named == tier)),
            None => share(lane.moved, all_moved) * lane.works,
        };
        EACH + WORKS * works + CURVE * share(lane.peak, highest) * lane.is_seen
    };
    let weights = Tier::ALL.map(weight);
    let all: f64 = weights.iter().sum();
    let rest = f64::from(whole - needed);
    Tier::ALL.map(|tier| {
        let part = if all > 0.0 { weights[tier.index()] / all } else { 0.25 };
        least[tier.index()] + (rest * part) as f32
    })
}

/// What a tier did lately, where newer is more.
struct Lately {
    /// Bytes.
    moved: f64,
    /// Whether anything moved just now, and within the window: 0 to 1.
    works: f64,
    is_seen: f64,
    /// Height of its curve, upward and downward together, in bytes per second.
    peak: f64,
}

impl Lately {
    fn of(past: &[Series; 2]) -> Self {
        let window_secs = past[0].window_secs;
        let width_secs = window_secs / (past[0].columns.len().max(2) - 1) as f64;
        let (mut moved, mut works_secs, mut seen_secs, mut peaks) = (0.0, 0.0, 0.0, [0.0_f64; 2]);
        for (nth, columns) in past[0].columns.iter().zip(past[1].columns.iter()).enumerate() {
            let rates = [columns.0, columns.1].map(|column| column.map_or(0.0, |(_, most)| most));
            let rate = rates[0] + rates[1];
            if rate < LARGE_BYTES_PER_SEC {
                continue;
            }
            let age_secs = window_secs - (nth as f64 + 0.5 - f64::from(past[0].ahead)) * width_secs;
            let rise = smooth(age_secs / RISE_SECS);
            let now = rise * (1.0 - smooth((age_secs - HOLD_SECS) / (FALL_SECS - HOLD_SECS)));
            let seen = rise * smooth((window_secs - age_secs) / LEAVE_SECS);
            moved += now * rate * width_secs;
            works_secs += now * width_secs;
            seen_secs += seen * width_secs;
            for (peak, rate) in peaks.iter_mut().zip(rates) {
                *peak = peak.max(rate * seen);
            }
        }
        let [works, is_seen] = [works_secs, seen_secs].map(|secs| smooth(secs / FULL_SECS));
        Self { moved, works, is_seen, peak: peaks[0] + peaks[1] }
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// From 0 to 1 as `at` goes there, without a bend at either end.
fn smooth(at: f64) -> f64 {
    let at = at.clamp(0.0, 1.0);
    at * at * (3.0 - 2.0 * at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: f32 = 710.0;

    /// What is written in a window of 5 minutes that ends at `now_secs`: each from, to, and bytes per second.
    fn wrote(now_secs: f64, bursts: &[(f64, f64, f64)]) -> [Series; 2] {
        let (window_secs, count) = (300.0, 240);
        let width = window_secs / f64::from(count);
        let ahead = ((now_secs - window_secs) / width).rem_euclid(1.0);
        let column = |nth: i32| {
            let at = now_secs - window_secs + (f64::from(nth) + 0.5 - ahead) * width;
            let rate = bursts.iter().find(|(from, to, _)| (*from..*to).contains(&at)).map_or(0.0, |burst| burst.2);
            let rate = if at > now_secs { 0.0 } else { rate };
            Some((rate, rate))
        };
        let series = |columns: Vec<Option<(f64, f64)>>| {
            let peak = columns.iter().flatten().fold(0.0, |peak: f64, column| peak.max(column.1));
            Series { columns: columns.into(), window_secs, ahead: ahead as f32, peak }
        };
        [series(vec![Some((0.0, 0.0)); 241]), series((0..241).map(column).collect())]
    }

    fn at(now_secs: f64, t1: &[(f64, f64, f64)], t2: &[(f64, f64, f64)], named: Option<Tier>) -> [f32; 4] {
        let past = [&[], t1, t2, &[]].map(|bursts| Some(wrote(now_secs, bursts)));
        heights([104.0; 4], &past, named, WHOLE)
    }

    #[test]
    fn who_works_has_most_of_the_height_and_silence_shares_it() {
        let burst = [(1000.0, 1100.0, 2e10)];
        let even = at(1000.0, &[], &burst, None);
        assert!(even.iter().all(|height| (height - WHOLE / 4.0).abs() < 0.01), "{even:?}");
        let busy = at(1060.0, &[], &burst, None);
        assert!(busy[2] > 0.45 * WHOLE && busy[0] < 0.19 * WHOLE, "{busy:?}");
        assert!((busy.iter().sum::<f32>() - WHOLE).abs() < 0.01, "{busy:?}");
        // It keeps its height for as long as its curve is there, and all are even when that has left.
        let after = at(1130.0, &[], &burst, None);
        assert!(after[2] > 0.45 * WHOLE, "{after:?}");
        assert_eq!(at(1401.0, &[], &burst, None), even);
        // The next one that works has more than who worked before it.
        let next = at(1240.0, &[(1200.0, 1300.0, 2e10)], &burst, None);
        assert!(next[1] > next[2] + 60.0 && next[2] > next[0], "{next:?}");
        let named = at(1060.0, &[], &burst, Some(Tier::T3));
        assert!(named[3] > named[2] && named[2] > named[0], "{named:?}");
    }

    #[test]
    fn heights_glide() {
        let (t1, t2) = ([(1100.0, 1150.0, 3e10), (1190.0, 1191.0, 5e10)], [(1000.0, 1060.0, 2e10)]);
        let mut before = at(990.0, &t1, &t2, None);
        for tenth in 1..5200 {
            let now_secs = 990.0 + f64::from(tenth) / 10.0;
            let here = at(now_secs, &t1, &t2, None);
            let most = here.iter().zip(before).map(|(here, before)| (here - before).abs()).fold(0.0, f32::max);
            assert!(most < 12.0, "{now_secs}: by {most} in a tenth of a second, {before:?} {here:?}");
            before = here;
        }
    }

    #[test]
    fn what_is_not_known_has_what_its_words_need() {
        let past = [None, Some(wrote(1000.0, &[])), Some(wrote(1000.0, &[])), Some(wrote(1000.0, &[]))];
        let [unknown, known @ ..] = heights([72.0, 104.0, 104.0, 104.0], &past, None, WHOLE);
        assert!((unknown - 72.0).abs() < 0.01 && known.iter().all(|height| (height - 638.0 / 3.0).abs() < 0.1));
        let nothing = heights([72.0; 4], &[None, None, None, None], None, WHOLE);
        assert!(nothing.iter().all(|height| (height - WHOLE / 4.0).abs() < 0.01), "{nothing:?}");
    }
}
