//! The simulated lab as the presenter sets it: what kind of lab it is, how fast its time goes, and what is set by hand.
//!
//! What is set by hand lies over the figures, as a customer's measurements do: what is told follows, and so do the sizes and
//! rates that the lab works with, for it reads the same figures.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::figures::Figures;

/// A kind of simulated lab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// One server of eight GPUs, which works at what is told.
    #[default]
    Story,
    /// The same with eight servers.
    H200Pod,
    /// A training run of a 70B model: it computes, and saves every 12.5 minutes.
    Cadence,
    /// The pod with a model of 405B.
    Large,
    /// Shards are read, whatever is told; next, data comes in; and what is old goes to the archive.
    Loader,
    Ingest,
    Ilm,
    /// It works at what is told, and something of T2 fails from the beginning.
    SlowNetwork,
    DriveFails,
    NodeFails,
    QuorumLost,
    /// A drive of T2 is lost for a minute, and is filled again.
    Heal,
}

impl Profile {
    pub const ALL: [Self; 12] = [
        Self::Story,
        Self::H200Pod,
        Self::Cadence,
        Self::Large,
        Self::Loader,
        Self::Ingest,
        Self::Ilm,
        Self::SlowNetwork,
        Self::DriveFails,
        Self::NodeFails,
        Self::QuorumLost,
        Self::Heal,
    ];

    /// `"405b"`: its name after `sim:` and in scripts.
    pub fn id(self) -> &'static str {
        match self {
            Self::Story => "story",
            Self::H200Pod => "h200-pod",
            Self::Cadence => "70b",
            Self::Large => "405b",
            Self::Loader => "loader",
            Self::Ingest => "ingest",
            Self::Ilm => "ilm",
            Self::SlowNetwork => "slow-network",
            Self::DriveFails => "drive-fails",
            Self::NodeFails => "node-fails",
            Self::QuorumLost => "quorum-lost",
            Self::Heal => "heal",
        }
    }

    /// A few words, as a badge has room for: `"405B"`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Story => "as told",
            Self::H200Pod => "H200 pod",
            Self::Cadence => "70B run",
            Self::Large => "405B",
            Self::Loader => "loader",
            Self::Ingest => "ingest",
            Self::Ilm => "ILM",
            Self::SlowNetwork => "slow net",
            Self::DriveFails => "drive out",
            Self::NodeFails => "node out",
            Self::QuorumLost => "no quorum",
            Self::Heal => "healing",
        }
    }

    /// A figure that takes another one's value in this lab.
    fn sized(self) -> Option<(&'static str, &'static str)> {
        (self == Self::Large).then_some(("sim-params", "params-405b"))
    }
}

impl FromStr for Profile {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let known = || Self::ALL.map(Self::id).join(", ");
        let found = Self::ALL.into_iter().find(|profile| profile.id() == word);
        found.ok_or_else(|| format!("no profile \"{word}\" of the simulated lab: there are {}", known()))
    }
}

/// A figure that can be set by hand, from one value to another in its own unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slider {
    pub figure: &'static str,
    pub words: &'static str,
    pub from: f64,
    pub to: f64,
}

const fn slider(figure: &'static str, words: &'static str, from: f64, to: f64) -> Slider {
    Slider { figure, words, from, to }
}

/// Sizes first, then rates.
pub const SLIDERS: [Slider; 6] = [
    slider("sim-params", "parameters of the model", 1.0, 1000.0),
    slider("bytes-full-state", "state of a parameter", 2.0, 18.0),
    slider("put-eight-nodes", "PUT of T2", 1.0, 400.0),
    slider("sim-loader", "loader, from T1", 0.5, 400.0),
    slider("sim-ingest", "ingest into T2", 0.5, 200.0),
    slider("sim-archive", "archive into T3", 0.5, 100.0),
];

/// The figures whose working is shown beside the sliders.
pub const WORKINGS: [&str; 3] = ["sim-checkpoint", "sim-save", "sim-weights"];

impl Slider {
    /// Where a value stands on it, 0 to 1: by its logarithm, since sizes differ by their factors.
    pub fn place_of(&self, value: f64) -> f64 {
        ((value / self.from).ln() / (self.to / self.from).ln()).clamp(0.0, 1.0)
    }

    /// The value at a place, in three digits.
    pub fn value_at(&self, place: f64) -> f64 {
        let value = self.from * (self.to / self.from).powf(place.clamp(0.0, 1.0));
        let exponent = value.log10().floor() as i32 - 2;
        // A tenth is no number of the machine's: divided by ten it is the nearest one, and is written as people write it.
        let unit = 10_f64.powi(exponent.abs());
        if exponent < 0 { (value * unit).round() / unit } else { (value / unit).round() * unit }
    }
}

/// What is asked of the simulated lab.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, strum::VariantNames, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum SimCommand {
    /// Profiles, lapse and sliders, on the console.
    Simulated,
    Profile(Profile),
    /// Its time goes so many times as fast as ours.
    Lapse(u32),
    /// A figure is set by hand, in its own unit.
    Slide {
        figure: Arc<str>,
        value: f64,
    },
    /// Nothing is set by hand any more.
    SlideBack,
}

/// The fastest that the simulated lab's time may go.
pub const MOST_LAPSE: u32 = 60;
/// A checkpoint of 29 s is told in under four.
const USUAL_LAPSE: u32 = 8;

/// The simulated lab as it is set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Simulated {
    pub profile: Profile,
    /// Seconds of its clock for one of ours.
    pub lapse: u32,
    /// Figures set by hand, by their ids, each in its own unit.
    pub set: BTreeMap<Arc<str>, f64>,
    /// Its panel lies over the console.
    pub is_open: bool,
}

impl Default for Simulated {
    fn default() -> Self {
        Self { profile: Profile::default(), lapse: USUAL_LAPSE, set: BTreeMap::new(), is_open: false }
    }
}

impl Simulated {
    /// Carries a command out. The answer: what is to be said of it.
    pub(super) fn carry_out(&mut self, command: &SimCommand, has_console: bool, figures: &Figures) -> Option<String> {
        match command {
            SimCommand::Simulated if !has_console => {
                return Some("the simulated lab is set on the console: c opens it".to_owned());
            }
            SimCommand::Simulated => self.is_open = !self.is_open,
            SimCommand::Profile(profile) => self.profile = *profile,
            SimCommand::Lapse(lapse) => self.lapse = (*lapse).clamp(1, MOST_LAPSE),
            SimCommand::Slide { figure, value } => {
                let slider = SLIDERS.iter().find(|slider| slider.figure == &**figure);
                let Some(slider) = slider.filter(|slider| figures.get(slider.figure).is_some() && value.is_finite())
                else {
                    let known = SLIDERS.map(|slider| slider.figure).join(", ");
                    return Some(format!("{figure} cannot be set by hand: {known} can"));
                };
                self.set.insert(figure.clone(), value.clamp(slider.from, slider.to));
            }
            SimCommand::SlideBack => self.set.clear(),
        }
        None
    }

    /// The commands that lead from a lab as it comes to this one.
    pub(crate) fn commands(&self) -> Vec<SimCommand> {
        let usual = Self::default();
        let profile = (self.profile != usual.profile).then_some(SimCommand::Profile(self.profile));
        let lapse = (self.lapse != usual.lapse).then_some(SimCommand::Lapse(self.lapse));
        let set = self.set.iter().map(|(figure, value)| SimCommand::Slide { figure: figure.clone(), value: *value });
        profile.into_iter().chain(lapse).chain(set).collect()
    }

    /// Takes the panel away. Whether it was there.
    pub(super) fn close(&mut self) -> bool {
        std::mem::take(&mut self.is_open)
    }

    /// What lies over the figures by hand, each in its own unit.
    pub(super) fn by_hand(&self, figures: &Figures) -> BTreeMap<Arc<str>, f64> {
        let sized = self.profile.sized().and_then(|(figure, from)| {
            let value = figures.get(from)?.value.from;
            figures.get(figure).map(|figure| (figure.id.clone(), value))
        });
        sized.into_iter().chain(self.set.iter().map(|(id, value)| (id.clone(), *value))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_read_back_from_their_ids() {
        for profile in Profile::ALL {
            assert_eq!(profile.id().parse(), Ok(profile));
        }
        assert!("405".parse::<Profile>().unwrap_err().contains("405b"));
    }

    #[test]
    fn a_value_and_its_place_on_a_slider_agree() {
        for slider in SLIDERS {
            assert_eq!([slider.value_at(0.0), slider.value_at(1.0)], [slider.from, slider.to], "{}", slider.figure);
            for value in [2.5, 7.0, 14.0] {
                assert!((slider.value_at(slider.place_of(value)) - value).abs() < 1e-9, "{} {value}", slider.figure);
            }
        }
        assert_eq!(SLIDERS[0].value_at(0.615), 70.0);
        for (slider, nth) in SLIDERS.iter().flat_map(|slider| (0..=1000).map(move |nth| (slider, nth))) {
            let written = slider.value_at(f64::from(nth) / 1000.0).to_string();
            let digits = written.trim_end_matches('0').chars().filter(char::is_ascii_digit).count();
            assert!(digits <= 4, "{}: {written}", slider.figure);
        }
    }
}
