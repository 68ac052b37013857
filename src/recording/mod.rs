//! Recordings: what happened as bytes, and back. No files here: who has one hands its bytes over.
//!
//! A recording holds what passed the show's one door, each event with its time: what was pressed, what sources said, what
//! scene files were saved, where the pointer went. So it can be told again to the last pixel, and what its sources said can
//! stand under any other talk.
//!
//! One that begins within a talk has no more of what was before than what was known then: the step, the cut and the look,
//! and of the sources their past and their last word. The timer, the questions parked and the ways back begin anew.
//!
//! # The format
//!
//! A file is a sequence of zstd frames, appended one after the other, each with zstd's checksum. `zstd -dc FILE` gives lines
//! of JSON; `zstd -t FILE` checks it.
//!
//! *The first frame* holds the first line, `{"name":"tierlight recording","version":1,"schema":1,…}`, and of a talk
//! `opening` and a `text` for each file that it was opened with. The first line is the same in all versions. `version` is
//! another one where a reader of this one would go wrong.
//!
//! *Every other frame* can be read alone. It begins with `key`: the time, and how many lines of state follow. The state is
//! what sources last said: who begins to read here takes it; who read the frame before knows it already. Then come the
//! events, and last `end`: how many lines the frame holds, and how many samples the parser read for it. A frame is of a
//! minute, or of 2 MiB of lines.
//!
//! | line | is |
//! |---|---|
//! | `{"event":{"dt":…,"event":…}}` | a command, a saved scene file, the pointer, the window |
//! | `{"row":{"dt":…,"words":…}}` | a line of a script was answered |
//! | `[lane,dt,at,good,samples,[slot,time,…],[signal,value,…],[signal,end,beginning,bytes,…],{…}]` | a report |
//! | `{"say":{"dt":…,"source":…,"news":…}}` | other news of a source: it was announced, a target failed |
//! | `{"past":{…}}` | what a signal was before |
//! | `{"many":{"dt":…,"source":…,"count":…}}` | so many news, each on a line, are one event |
//! | `{"lane":{…}}`, `{"signals":[…]}` | names: reports number targets and signals by their order in the frame |
//!
//! *A report* says what changed since the target's report before it: values of signals, times of slots, and seldom (in the
//! object at its end) which signal is of which slot, how late a signal may be, the interval, the faults. Readings of one
//! page have one time, which is a slot's.
//!
//! *Numbers*: an integer is a step from the number before it, in microseconds where it is a time; a number with a point is
//! the number itself; `[step,ulps]` is a time that is no whole microsecond; `null` is gone. `dt` is against the event
//! before, `at` against the event, `good` and slots against `at`, an end of bytes against `at`, their beginning against that
//! end. What is read is to the bit what was written.
//!
//! *The index* is written when a recording is closed: a frame that zstd skips (number 0x184d2a5e), with where each frame
//! begins, at which time, and its samples. A file without it was cut or is still being written; nothing but the index is
//! lost. Within a frame what was flushed can be read although the frame has no end.
//!
//! *Names*: unless they are asked for, targets are named by their tier, hosts are numbered, and words that may quote a
//! name are left out ([`Header::is_redacted`]). Secrets are in no event. A talk that showed names is told again with the
//! neutral ones; all others come to the same pictures.
//!
//! A reader believes nothing: no line is longer than 8 MiB, no frame than 32 MiB, no window than 8 MiB. What is damaged is
//! passed over and told; the frames after it are read.

mod date;
mod frames;
mod header;
mod index;
mod lane;
mod line;
mod numbers;
mod pack;
mod playback;
mod reader;
mod redact;
mod sought;
mod survey;
mod table;
mod unpack;
mod writer;

pub(crate) use self::date::date_and_time;
pub use self::header::{Header, Recorded, RecordedOpening, VERSION};
pub use self::playback::Playback;
pub use self::reader::{Cursor, Damage, Read, Recording};
pub(crate) use self::redact::Redactor;
pub use self::sought::Sought;
pub use self::survey::Survey;
pub use self::unpack::Entry;
pub use self::writer::{Effort, Writer};
