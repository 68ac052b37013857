//! The index at the end of a closed recording: a zstd frame that decoders skip, with JSON in it.

use serde::{Deserialize, Serialize};

/// Of the 16 numbers by which zstd knows frames to be skipped, ours.
pub(super) const MAGIC: [u8; 4] = [0x5e, 0x2a, 0x4d, 0x18];
/// The number and the length before it.
pub(super) const HEAD_BYTES: usize = 8;

/// What a frame is and where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct FrameEntryFile(
    /// Bytes before it.
    pub(super) u64,
    /// The talk's time when it begins.
    pub(super) f64,
    /// Samples.
    pub(super) u64,
);

/// All frames that hold events, and the time of the last event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct IndexFile {
    pub(super) frames: Vec<FrameEntryFile>,
    pub(super) end: f64,
}

impl IndexFile {
    pub(super) fn to_bytes(&self) -> std::io::Result<Vec<u8>> {
        let json = serde_json::to_vec(self)?;
        let mut bytes = MAGIC.to_vec();
        bytes.extend((json.len() as u32).to_le_bytes());
        bytes.extend(json);
        Ok(bytes)
    }

    /// None where the bytes are no index of ours.
    pub(super) fn read(frame: &[u8]) -> Option<Self> {
        let index: Self = serde_json::from_slice(frame.strip_prefix(&MAGIC)?.get(4..)?).ok()?;
        let is_sound = index.frames.iter().all(|frame| frame.1.is_finite()) && index.end.is_finite();
        is_sound.then_some(index)
    }
}
