//! What was found when the machine was looked over before a talk: each check with its verdict and the way out.

use serde::Serialize;

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Fail,
    Warn,
    Pass,
}

/// One check, with the way out where it did not pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    pub id: &'static str,
    pub verdict: Verdict,
    pub words: String,
    pub fix: String,
}

impl Check {
    pub fn pass(id: &'static str, words: impl Into<String>) -> Self {
        Self { id, verdict: Verdict::Pass, words: words.into(), fix: String::new() }
    }

    pub fn warn(id: &'static str, words: impl Into<String>, fix: &str) -> Self {
        Self { id, verdict: Verdict::Warn, words: words.into(), fix: fix.to_owned() }
    }

    pub fn fail(id: &'static str, words: impl Into<String>, fix: &str) -> Self {
        Self { id, verdict: Verdict::Fail, words: words.into(), fix: fix.to_owned() }
    }
}

/// All checks of a look, the worst first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checkup {
    pub checks: Vec<Check>,
    pub took_secs: f64,
    /// Another look is under way.
    pub runs: bool,
}

impl Checkup {
    /// How many came out so.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.checks.iter().filter(|check| check.verdict == verdict).count()
    }
}
