//! Which step is meant, in words that survive a saved file: `loop:3`.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A step by its scene's id.
///
/// Unlike a [`Position`](crate::timeline::playhead::Position), which counts the scenes of one reading of the deck, it
/// means the same step after the deck was saved in another order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Address {
    /// The id that the scene's file gives itself.
    pub scene: Arc<str>,
    /// From 0; written from 1.
    pub step: usize,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.scene, self.step + 1)
    }
}

impl FromStr for Address {
    type Err = String;

    fn from_str(words: &str) -> Result<Self, String> {
        let parts = words.rsplit_once(':').filter(|(scene, _)| !scene.is_empty());
        let found = parts.and_then(|(scene, step)| Some((scene, step.parse::<usize>().ok()?.checked_sub(1)?)));
        let (scene, step) = found.ok_or_else(|| format!("\"{words}\" is no step such as loop:3"))?;
        Ok(Self { scene: scene.into(), step })
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.to_string()
    }
}

impl TryFrom<String> for Address {
    type Error = String;

    fn try_from(words: String) -> Result<Self, String> {
        words.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back_from_its_words() {
        let address = Address { scene: "loop".into(), step: 2 };
        assert_eq!(address.to_string(), "loop:3");
        assert_eq!("loop:3".parse(), Ok(address));
        for wrong in ["loop", "loop:0", "loop:x", ":1"] {
            assert!(wrong.parse::<Address>().is_err(), "{wrong}");
        }
    }
}
