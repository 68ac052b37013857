//! How a recording stands, for the presenter.

/// A recording that is written, or has ended by itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RecordingNow {
    /// The file's name, without its folder.
    pub name: String,
    pub bytes: u64,
    /// Seconds since it began.
    pub secs: f64,
    /// What can still be written; none where the system does not say.
    pub free_bytes: Option<u64>,
    /// Why it has ended, where it has.
    pub ended: Option<String>,
}

/// What was written in less time says little of how long a disk lasts.
const LEAST_SECS: f64 = 10.0;

impl RecordingNow {
    /// For how many seconds the disk lasts at the pace so far; none while that is not known.
    pub fn left_secs(&self) -> Option<f64> {
        let bytes_per_sec = self.bytes as f64 / self.secs;
        let free_bytes = self.free_bytes? as f64;
        (self.secs >= LEAST_SECS && bytes_per_sec > 0.0).then(|| free_bytes / bytes_per_sec)
    }
}
