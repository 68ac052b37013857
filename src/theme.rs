//! The themes: which colour an ink is, and how light is drawn.

use egui::{Color32, Visuals};
use serde::Deserialize;

use crate::bundle;
use crate::faces;
use crate::picture::Ink;
pub use crate::picture::ThemeName;
use crate::ron_text::{self, Problem};

/// A colour as the theme file writes it: `"#RRGGBB"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Hex(Color32);

impl TryFrom<String> for Hex {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let bad = || format!("{text:?} is not a colour such as \"#1B2431\"");
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or_else(bad)?;
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).map_err(|_parse| bad())?.to_be_bytes();
        Ok(Self(Color32::from_rgb(red, green, blue)))
    }
}

/// One colour for each tier and for the GPU hall.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Inks {
    t0: Hex,
    t1: Hex,
    t2: Hex,
    t3: Hex,
    compute: Hex,
}

impl Inks {
    /// The colour of a tier's ink or of the hall's; none of any other.
    fn of(&self, ink: Ink) -> Option<Color32> {
        let hex = match ink {
            Ink::T0 => self.t0,
            Ink::T1 => self.t1,
            Ink::T2 => self.t2,
            Ink::T3 => self.t3,
            Ink::Compute => self.compute,
            Ink::Ground | Ink::Floor | Ink::Line | Ink::Edge | Ink::Text | Ink::Text2 | Ink::Hand | Ink::HandCore => {
                return None;
            }
        };
        Some(hex.0)
    }
}

/// The presenter's own hand on the stage: what it draws, and the rim around that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct HandInks {
    core: Hex,
    rim: Hex,
}

/// How a theme draws light.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Light {
    /// Strength of the glow around a lit shape, 0 to 1.
    pub glow: f32,
    /// How much of the glow adds to what lies behind it instead of covering it, 0 to 1.
    pub adds: f32,
    /// Strength of the glow around a dot; 1 is a true blur of the dot.
    pub dot_glow: f32,
    /// Height of the solid bar along a lit shape's lower edge, in stage units.
    pub bar: f32,
    /// How much of its ink a tier's solid plate has, 0 to 1: a whole one would outshine what is lit.
    pub solid: f32,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Palette {
    ground_top: Hex,
    ground_low: Hex,
    floor: Hex,
    slate_top: Hex,
    slate_low: Hex,
    plate: Hex,
    gpu: Hex,
    line: Hex,
    edge: Hex,
    text: Hex,
    text2: Hex,
    hand: HandInks,
    inks: Inks,
    /// What bars and areas are filled with, where that is not their ink: as words, inks are dark on a light ground.
    #[serde(default)]
    fills: Option<Inks>,
    lit: Inks,
    light: Light,
    least_edge: f32,
}

/// All themes of one file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Themes {
    dark: Palette,
    light: Palette,
    contrast: Palette,
    console: DeskInks,
}

/// What the console has besides the dark theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeskInks {
    panel: Hex,
    raised: Hex,
    least: Hex,
    hand: Hex,
    hand_low: Hex,
}

/// The colours of the presenter's own windows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DeskColors {
    pub(crate) ground: Color32,
    pub(crate) panel: Color32,
    pub(crate) raised: Color32,
    pub(crate) line: Color32,
    pub(crate) text: Color32,
    pub(crate) text2: Color32,
    pub(crate) least: Color32,
    /// The presenter's own hand: where the talk is, what is chosen.
    pub(crate) hand: Color32,
    /// The same, as a ground under words.
    pub(crate) hand_low: Color32,
}

impl DeskColors {
    /// The bundled ones.
    pub(crate) fn load() -> Self {
        let themes = Theme::parse(bundle::THEME).unwrap_or_default();
        let (dark, own) = (&themes.dark, &themes.console);
        Self {
            ground: dark.ground_top.0,
            panel: own.panel.0,
            raised: own.raised.0,
            line: dark.line.0,
            text: dark.text.0,
            text2: dark.text2.0,
            least: own.least.0,
            hand: own.hand.0,
            hand_low: own.hand_low.0,
        }
    }
}

impl Themes {
    /// One of the themes.
    pub fn theme(&self, name: ThemeName) -> Theme {
        let palette = match name {
            ThemeName::Dark => &self.dark,
            ThemeName::Light => &self.light,
            ThemeName::Contrast => &self.contrast,
        };
        Theme { name, palette: palette.clone() }
    }
}

/// The colours and the light of one theme.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    pub name: ThemeName,
    palette: Palette,
}

impl Theme {
    /// A bundled theme. A test reads the bundled file, so it is never the default one.
    pub fn load(name: ThemeName) -> Self {
        Self::parse(bundle::THEME).unwrap_or_default().theme(name)
    }

    /// Reads a theme file.
    pub fn parse(text: &str) -> Result<Themes, Box<Problem>> {
        ron_text::read("theme.ron", text)
    }

    /// The colour of an ink. The ground is a gradient; its ink is the upper end.
    pub fn color(&self, ink: Ink) -> Color32 {
        let palette = &self.palette;
        let hex = match ink {
            Ink::Ground => palette.ground_top,
            Ink::Floor => palette.floor,
            Ink::Line => palette.line,
            Ink::Edge => palette.edge,
            Ink::Text => palette.text,
            Ink::Text2 => palette.text2,
            Ink::T0 => palette.inks.t0,
            Ink::T1 => palette.inks.t1,
            Ink::T2 => palette.inks.t2,
            Ink::T3 => palette.inks.t3,
            Ink::Compute => palette.inks.compute,
            Ink::Hand => palette.hand.rim,
            Ink::HandCore => palette.hand.core,
        };
        hex.0
    }

    /// What a bar or an area of an ink is filled with.
    pub fn fill(&self, ink: Ink) -> Color32 {
        self.palette.fills.as_ref().and_then(|fills| fills.of(ink)).unwrap_or_else(|| self.color(ink))
    }

    /// The strongest fill of an ink that words may stand on; the floor itself for inks that light nothing.
    pub fn lit(&self, ink: Ink) -> Color32 {
        self.palette.lit.of(ink).unwrap_or(self.palette.floor.0)
    }

    /// The ground's upper and lower colour.
    pub fn ground(&self) -> [Color32; 2] {
        [self.palette.ground_top.0, self.palette.ground_low.0]
    }

    /// A floor's upper and lower colour at rest.
    pub(crate) fn slate(&self) -> [Color32; 2] {
        [self.palette.slate_top.0, self.palette.slate_low.0]
    }

    /// What lies under a hatch.
    pub fn plate(&self) -> Color32 {
        self.palette.plate.0
    }

    /// A GPU's body at rest.
    pub fn gpu(&self) -> Color32 {
        self.palette.gpu.0
    }

    pub fn light(&self) -> Light {
        self.palette.light
    }

    /// The thinnest edge of a floor, in stage units; marks may ask for more, not for less.
    pub fn least_edge(&self) -> f32 {
        self.palette.least_edge
    }

    /// Visuals for a context that shows this theme: they decide how glyphs' coverage becomes opacity.
    pub(crate) fn visuals(&self) -> Visuals {
        if self.name == ThemeName::Light { Visuals::light() } else { Visuals::dark() }
    }
}

/// The bundled faces as egui wants them.
pub fn fonts() -> egui::FontDefinitions {
    faces::definitions()
}
