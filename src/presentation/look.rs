//! How the talk looks, and the window that it looks so in.

use serde::{Deserialize, Serialize};

use crate::picture::ThemeName;

/// What changes the look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::VariantNames, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum LookCommand {
    /// The next theme, or the one named.
    Theme(Option<ThemeName>),
    ReducedMotion,
    /// Hosts and buckets on the audience's window, shown or hidden.
    Names,
}

/// What the host says of the audience's window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowState {
    pub full_screen: bool,
    /// Physical pixels.
    pub size: [u32; 2],
    /// The displays of the machine, the first one first.
    pub displays: Vec<Display>,
    /// Why the display may go dark while the talk is shown, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_go_dark: Option<String>,
    /// That the audience's display was taken away, in words, until it is there again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_gone: Option<String>,
}

/// A display, in physical pixels of the desktop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Display {
    pub name: String,
    pub corner: [i32; 2],
    pub size: [u32; 2],
}

/// The part of the talk's state that is its look. A talk starts with one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    pub theme: ThemeName,
    /// Cuts and short fades in place of motion.
    pub reduced: bool,
    /// Host and bucket names may be seen by the audience.
    pub names: bool,
    pub window: WindowState,
}

impl Look {
    pub(super) fn carry_out(&mut self, command: LookCommand) {
        match command {
            LookCommand::Theme(name) => self.theme = name.unwrap_or(self.theme.next()),
            LookCommand::ReducedMotion => self.reduced = !self.reduced,
            LookCommand::Names => self.names = !self.names,
        }
    }
}
