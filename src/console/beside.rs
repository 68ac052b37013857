//! What the host knows and the talk does not.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::checkup::Checkup;
use crate::recorder::RecordingNow;
use crate::scene::address::Address;

/// What is shown beside the talk, and is no part of it.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// `"14:23:31"`
    pub time_of_day: String,
    pub recording: Option<RecordingNow>,
    /// The talk that stopped and can be gone on with, in words.
    pub stopped: Option<String>,
    /// How long each step was shown in the last runs that were rehearsed, in seconds, the oldest first.
    pub runs: Arc<BTreeMap<Address, Vec<f64>>>,
    /// What was found when the machine was looked over.
    pub checkup: Checkup,
    /// The number of the run that is being rehearsed.
    pub run: Option<usize>,
    /// While a phone is waited for.
    pub phone: Option<PhoneCode>,
}

/// What makes a phone the remote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneCode {
    /// What the phone opens, without the key.
    pub address: String,
    /// The same with the key, which can be used once.
    pub url: String,
}
