//! What the simulated lab works with, read off the figures: a customer's measurement and what is set by hand count.

use crate::figures::Figures;
use crate::sim::Sizing;

/// Of what the figures do not tell the usual stays.
pub(super) fn sizing_of(figures: &Figures) -> Sizing {
    let usual = Sizing::default();
    let told = |id: &str, unit: &str, usual: f64| {
        let value = figures.shown(id).map(|shown| shown.value.from).zip(figures.unit_ratio(id, unit));
        value.map(|(value, ratio)| (value * ratio).round()).filter(|value| *value > 0.0).unwrap_or(usual)
    };
    Sizing {
        checkpoint_bytes: told("sim-checkpoint", "B", usual.checkpoint_bytes),
        weights_bytes: told("sim-weights", "B", usual.weights_bytes),
        save_bytes_per_sec: told("put-eight-nodes", "B/s", usual.save_bytes_per_sec),
        loader_bytes_per_sec: told("sim-loader", "B/s", usual.loader_bytes_per_sec),
        ingest_bytes_per_sec: told("sim-ingest", "B/s", usual.ingest_bytes_per_sec),
        archive_bytes_per_sec: told("sim-archive", "B/s", usual.archive_bytes_per_sec),
    }
}
