//! What a reading drives: its signals, its scale, and whether what shows it can show such a thing.

use crate::ron_text::Finder;
use crate::scene::binding::{Binding, Scale};
use crate::scene::file::BindFile;
use crate::signal::{Quantity, Signal};

use super::known::find_scale;

/// The kinds of bind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bind {
    Rate,
    Fill,
    Burst,
    Number,
    Series,
}

/// What shows a reading: the bind it takes, and where that is written.
pub(super) struct BoundPlace {
    pub(super) takes: Bind,
    /// As `elements.3.bind`.
    pub(super) path: String,
    /// From 0; none outside of the steps.
    pub(super) step: Option<usize>,
}

impl Bind {
    fn of(file: &BindFile) -> Self {
        match file {
            BindFile::Rate { .. } => Self::Rate,
            BindFile::Fill { .. } => Self::Fill,
            BindFile::Burst { .. } => Self::Burst,
            BindFile::Number { .. } => Self::Number,
            BindFile::Series { .. } => Self::Series,
        }
    }

    /// How it is written.
    fn form(self) -> &'static str {
        match self {
            Self::Rate => "Rate(signals: […], scale: \"…\")",
            Self::Fill => "Fill(signals: […], scale: \"…\")",
            Self::Burst => "Burst(signals: […], scale: \"…\")",
            Self::Number => "Number(signals: […])",
            Self::Series => "Series(signals: […], window_secs: 600)",
        }
    }

    fn word(self) -> &'static str {
        self.form().split('(').next().unwrap_or_default()
    }
}

/// Resolves a bind: its signals and its scale.
pub(super) fn binding(file: &BindFile, shown: &BoundPlace, scales: &[Scale], finder: &mut Finder<'_>) -> Binding {
    let (signals, scale, window_secs) = match file {
        BindFile::Rate { signals, scale } | BindFile::Fill { signals, scale } | BindFile::Burst { signals, scale } => {
            (signals, Some(scale), 0.0)
        }
        BindFile::Number { signals } => (signals, None, 0.0),
        BindFile::Series { signals, scale, window_secs } => (signals, scale.as_ref(), *window_secs),
    };
    let bind = Bind::of(file);
    if bind != shown.takes {
        let place = finder.places.at_path(&shown.path).in_step(shown.step);
        let message = format!("a {} stands where a {} is shown", bind.word(), shown.takes.word());
        finder.error("bind-kind", place, message, shown.takes.form());
    }
    let mut known = Vec::new();
    for (nth, name) in signals.iter().enumerate() {
        let Ok(signal) = name.parse::<Signal>() else {
            let names: Vec<String> = Signal::catalogue().iter().map(ToString::to_string).collect();
            finder.unknown("signal", name, names.iter().map(String::as_str), shown.step);
            continue;
        };
        if shown.takes == Bind::Series && !signal.quantity.keeps_history() {
            let place = finder.places.at_path(&format!("{}.signals.{nth}", shown.path)).in_step(shown.step);
            let message = format!("\"{name}\" keeps no history: its curve would stay empty");
            let kept = Quantity::ALL.iter().filter(|quantity| quantity.keeps_history()).map(|quantity| quantity.word());
            finder.error("no-history", place, message, format!("these do: {}", kept.collect::<Vec<_>>().join(", ")));
        }
        known.push(signal);
    }
    let scale = scale.and_then(|name| find_scale(name, scales, shown.step, finder));
    Binding { signals: known, scale, window_secs }
}
