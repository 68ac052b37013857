//! One target's reports, each written as what changed since the one before it, and read back.
//!
//! Readings of one page have one time. So times are kept in slots: a signal is of a slot, and a report names the slots
//! that moved on. Which signal is of which slot follows from the readings alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::live::{Fault, Report, SourceId};
use crate::recording::line::{ReportFile, SeldomFile};
use crate::recording::numbers::{Packed, pack_time, pack_value, unpack_time, unpack_value};
use crate::recording::table::{Named, SignalTable};
use crate::signal::{Moved, Reading, Signal};

/// More slots than this are no recording of ours.
const MOST_SLOTS: usize = 4096;

/// One target of one source.
#[derive(Clone, Debug)]
pub(super) struct TargetLane {
    pub(super) source: SourceId,
    pub(super) target: Arc<str>,
    /// Seconds of the source's clock for one of the talk's.
    lapse: u32,
    kept: BTreeMap<Signal, KeptReading>,
    slots: Vec<f64>,
    samples: u64,
    interval_secs: f64,
    faults: Vec<Fault>,
    /// When the target was heard, and its last good answer; none before its first report.
    heard: Option<LaneHeard>,
}

#[derive(Clone, Copy, Debug)]
struct LaneHeard {
    at_secs: f64,
    last_good_secs: f64,
}

/// What was last read of a signal.
#[derive(Clone, Copy, Debug)]
struct KeptReading {
    value: f64,
    lag_secs: f64,
    slot: usize,
}

/// A report with the time of its event, on the talk's clock, and when the target was heard, on the source's.
pub(super) struct HeardReport<'a> {
    pub(super) event_secs: f64,
    pub(super) at_secs: f64,
    pub(super) report: &'a Report,
}

/// What changes of the slots with a report.
struct SlotChanges {
    /// The time of each slot that is in use now.
    times: Vec<Option<f64>>,
    assigned: Vec<(Signal, usize)>,
}

impl TargetLane {
    pub(super) fn new(source: SourceId, target: Arc<str>, lapse: u32) -> Self {
        Self {
            source,
            target,
            lapse,
            kept: BTreeMap::new(),
            slots: Vec::new(),
            samples: 0,
            interval_secs: 0.0,
            faults: Vec::new(),
            heard: None,
        }
    }

    /// The last report as it would be given again, without what moved, and when it was heard.
    pub(super) fn state(&self) -> Option<(f64, Report)> {
        let LaneHeard { at_secs, last_good_secs } = self.heard?;
        let reading = |(signal, kept): (&Signal, &KeptReading)| {
            let KeptReading { value, lag_secs, slot } = *kept;
            (*signal, Reading { value, at_secs: self.slots[slot], lag_secs })
        };
        let report = Report {
            readings: self.kept.iter().map(reading).collect(),
            moved: None,
            last_good_secs,
            interval_secs: self.interval_secs,
            samples: 0,
            faults: self.faults.clone(),
        };
        Some((at_secs, report))
    }

    /// Everything heard so far lies so many seconds later.
    pub(super) fn shift_by(&mut self, by_secs: f64) {
        self.slots.iter_mut().for_each(|secs| *secs += by_secs);
        if let Some(heard) = &mut self.heard {
            heard.at_secs += by_secs;
            heard.last_good_secs += by_secs;
        }
    }

    fn event_on_source_clock(&self, event_secs: f64) -> f64 {
        event_secs * f64::from(self.lapse)
    }

    /// Writes a report against the one before it; signals that are new get a place in the table.
    pub(super) fn pack(
        &mut self,
        lane: u64,
        dt: Packed,
        heard: &HeardReport<'_>,
        table: &mut SignalTable,
    ) -> ReportFile {
        let HeardReport { event_secs, at_secs, report } = *heard;
        let SlotChanges { times, assigned } = self.slot_changes(report);
        let seldom = SeldomFile {
            slots: assigned.iter().flat_map(|(signal, slot)| [table.place(*signal), *slot as u64]).collect(),
            lags: self.pack_lags(report, table),
            interval: (self.interval_secs != report.interval_secs).then_some(report.interval_secs),
            faults: (self.faults != report.faults).then(|| report.faults.clone()),
        };
        let packed = ReportFile(
            lane,
            dt,
            pack_time(self.event_on_source_clock(event_secs), at_secs),
            pack_time(at_secs, report.last_good_secs),
            report.samples.wrapping_sub(self.samples).cast_signed(),
            self.pack_slots(&times, at_secs),
            self.pack_values(report, table),
            report.moved.as_ref().map(|moved| pack_moved(moved, at_secs, table)),
            seldom.unless_empty(),
        );
        self.keep(report, at_secs, &times, &assigned);
        packed
    }

    fn slot_changes(&self, report: &Report) -> SlotChanges {
        let mut times: Vec<Option<f64>> = vec![None; self.slots.len()];
        let mut unplaced = Vec::new();
        for (signal, reading) in &report.readings {
            let slot = self.kept.get(signal).map(|kept| kept.slot);
            match slot.map(|slot| (slot, times[slot])) {
                Some((slot, None)) => times[slot] = Some(reading.at_secs),
                Some((_, Some(secs))) if secs.to_bits() == reading.at_secs.to_bits() => {}
                Some(_) | None => unplaced.push((*signal, reading.at_secs)),
            }
        }
        let assigned = unplaced.into_iter().map(|(signal, secs)| (signal, place_in(&mut times, secs))).collect();
        SlotChanges { times, assigned }
    }

    fn pack_slots(&self, times: &[Option<f64>], at_secs: f64) -> Vec<Packed> {
        let is_other =
            |slot: usize, secs: f64| self.slots.get(slot).is_none_or(|before| before.to_bits() != secs.to_bits());
        let in_use = times.iter().enumerate().filter_map(|(slot, secs)| Some((slot, (*secs)?)));
        let moved_on = in_use.filter(|(slot, secs)| is_other(*slot, *secs));
        moved_on.flat_map(|(slot, secs)| [Packed::of_place(slot as u64), pack_time(at_secs, secs)]).collect()
    }

    fn pack_values(&self, report: &Report, table: &mut SignalTable) -> Vec<Packed> {
        let mut packed = Vec::new();
        for (signal, reading) in &report.readings {
            let before = self.kept.get(signal).map(|kept| kept.value);
            if before.is_none_or(|before| before.to_bits() != reading.value.to_bits()) {
                packed.push(Packed::of_place(table.place(*signal)));
                packed.push(pack_value(before.unwrap_or(0.0), reading.value));
            }
        }
        for signal in self.kept.keys().filter(|signal| !report.readings.contains_key(signal)) {
            packed.extend([Packed::of_place(table.place(*signal)), Packed::Gone]);
        }
        packed
    }

    fn pack_lags(&self, report: &Report, table: &mut SignalTable) -> Vec<Packed> {
        let mut packed = Vec::new();
        for (signal, reading) in &report.readings {
            let before = self.kept.get(signal).map_or(0.0, |kept| kept.lag_secs);
            if before.to_bits() != reading.lag_secs.to_bits() {
                packed.push(Packed::of_place(table.place(*signal)));
                packed.push(pack_value(before, reading.lag_secs));
            }
        }
        packed
    }

    fn keep(&mut self, report: &Report, at_secs: f64, times: &[Option<f64>], assigned: &[(Signal, usize)]) {
        let slots = times.iter().enumerate().map(|(slot, secs)| secs.or(self.slots.get(slot).copied()).unwrap_or(0.0));
        self.slots = slots.collect();
        let assigned: BTreeMap<Signal, usize> = assigned.iter().copied().collect();
        let slot_of = |signal: &Signal| {
            assigned.get(signal).copied().or_else(|| self.kept.get(signal).map(|kept| kept.slot)).unwrap_or(0)
        };
        let kept = |(signal, reading): (&Signal, &Reading)| {
            (*signal, KeptReading { value: reading.value, lag_secs: reading.lag_secs, slot: slot_of(signal) })
        };
        self.kept = report.readings.iter().map(kept).collect();
        self.samples = report.samples;
        self.interval_secs = report.interval_secs;
        self.faults.clone_from(&report.faults);
        self.heard = Some(LaneHeard { at_secs, last_good_secs: report.last_good_secs });
    }

    /// Reads a report back: when the target was heard, and what it said. None where the line cannot be one.
    pub(super) fn unpack(&mut self, line: ReportFile, event_secs: f64, table: &SignalTable) -> Option<(f64, Report)> {
        let ReportFile(_, _, at, good, samples, slots, values, moved, seldom) = line;
        let at_secs = unpack_time(self.event_on_source_clock(event_secs), at)?;
        let last_good_secs = unpack_time(at_secs, good)?;
        self.samples = self.samples.wrapping_add(samples.cast_unsigned());
        let SeldomFile { slots: assigned, lags, interval, faults } = seldom.unwrap_or_default();
        for pair in slots.chunks_exact(2) {
            self.move_slot(pair[0], unpack_time(at_secs, pair[1])?)?;
        }
        self.take_values(&values, table)?;
        self.take_lags(&lags, table)?;
        for pair in assigned.chunks_exact(2) {
            let slot = usize::try_from(pair[1]).ok().filter(|slot| *slot < self.slots.len())?;
            if let Named::Signal(signal) = table.named(pair[0])? {
                self.kept.get_mut(&signal)?.slot = slot;
            }
        }
        self.interval_secs = interval.unwrap_or(self.interval_secs);
        self.faults = faults.unwrap_or_else(|| std::mem::take(&mut self.faults));
        self.heard = Some(LaneHeard { at_secs, last_good_secs });
        let moved = match moved {
            Some(moved) => Some(unpack_moved(&moved, at_secs, table)?),
            None => None,
        };
        // Every signal is of a slot that is there: else the state could not be told.
        let is_placed = self.kept.values().all(|kept| kept.slot < self.slots.len());
        let (_, report) = is_placed.then(|| self.state())??;
        Some((at_secs, Report { moved, samples: self.samples, ..report }))
    }

    fn move_slot(&mut self, slot: Packed, secs: f64) -> Option<()> {
        let slot = slot.place().and_then(|slot| usize::try_from(slot).ok()).filter(|slot| *slot < MOST_SLOTS)?;
        if slot >= self.slots.len() {
            self.slots.resize(slot + 1, 0.0);
        }
        self.slots[slot] = secs;
        Some(())
    }

    fn take_values(&mut self, values: &[Packed], table: &SignalTable) -> Option<()> {
        for pair in values.chunks_exact(2) {
            let Named::Signal(signal) = table.named(pair[0].place()?)? else { continue };
            let before = self.kept.get(&signal).copied();
            match unpack_value(before.map_or(0.0, |kept| kept.value), pair[1]) {
                Some(value) => {
                    let kept = before.unwrap_or(KeptReading { value, lag_secs: 0.0, slot: 0 });
                    self.kept.insert(signal, KeptReading { value, ..kept });
                }
                None if pair[1] == Packed::Gone => {
                    self.kept.remove(&signal);
                }
                None => return None,
            }
        }
        Some(())
    }

    fn take_lags(&mut self, lags: &[Packed], table: &SignalTable) -> Option<()> {
        for pair in lags.chunks_exact(2) {
            let Named::Signal(signal) = table.named(pair[0].place()?)? else { continue };
            let kept = self.kept.get_mut(&signal)?;
            kept.lag_secs = unpack_value(kept.lag_secs, pair[1])?;
        }
        Some(())
    }
}

/// The slot of that time, made where there is none: one that is not in use, else a new one.
fn place_in(times: &mut Vec<Option<f64>>, secs: f64) -> usize {
    let same = times.iter().position(|time| time.is_some_and(|time| time.to_bits() == secs.to_bits()));
    let slot = same.or_else(|| times.iter().position(Option::is_none)).unwrap_or_else(|| {
        times.push(None);
        times.len() - 1
    });
    times[slot] = Some(secs);
    slot
}

/// The beginning is written against the end: how long it took changes less than when it was. Bytes whose times requests in
/// flight told are written below zero.
fn pack_moved(moved: &[Moved], at_secs: f64, table: &mut SignalTable) -> Vec<Packed> {
    let one = |moved: &Moved| {
        let Moved { signal, from_secs, to_secs, bytes, is_timed } = *moved;
        let bytes = if is_timed { -bytes } else { bytes };
        let signal = Packed::of_place(table.place(signal));
        [signal, pack_time(at_secs, to_secs), pack_time(to_secs, from_secs), pack_value(0.0, bytes)]
    };
    moved.iter().flat_map(one).collect()
}

fn unpack_moved(packed: &[Packed], at_secs: f64, table: &SignalTable) -> Option<Vec<Moved>> {
    let mut moved = Vec::new();
    for part in packed.chunks_exact(4) {
        let to_secs = unpack_time(at_secs, part[1])?;
        let (from_secs, bytes) = (unpack_time(to_secs, part[2])?, unpack_value(0.0, part[3])?);
        if let Named::Signal(signal) = table.named(part[0].place()?)? {
            moved.push(Moved { signal, from_secs, to_secs, bytes: bytes.abs(), is_timed: bytes < 0.0 });
        }
    }
    Some(moved)
}
