//! The bundled faces: their bytes, their families in egui, and their twins with tabular digits.
//!
//! egui's shaper takes no font features, so a twin is a copy of the font in whose table the feature `tnum` (digits all
//! of one width) bears the name of one that is always on. In the monospaced faces `calt`, which joins `://` and `-<` to
//! arrows, bears the name of none, as a path is read letter by letter. Measuring and painting read the same bytes.

use std::sync::{Arc, OnceLock};

use egui::{FontData, FontDefinitions, FontFamily};

use crate::bundle;
use crate::picture::Face;

/// All faces.
pub(crate) const ALL: [Face; 5] = [Face::Regular, Face::Medium, Face::SemiBold, Face::Mono, Face::MonoMedium];

/// A feature that shapers apply unasked and that the bundled fonts do not have.
const ALWAYS_ON: &[u8; 4] = b"rclt";
/// A name that no shaper applies.
const NEVER_ON: &[u8; 4] = b"zz00";

fn font_file(face: Face) -> &'static [u8] {
    match face {
        Face::Regular => bundle::INTER_REGULAR,
        Face::Medium => bundle::INTER_MEDIUM,
        Face::SemiBold => bundle::INTER_SEMIBOLD,
        Face::Mono => bundle::MONO_REGULAR,
        Face::MonoMedium => bundle::MONO_MEDIUM,
    }
}

/// The font file of a face; digits of the tabular one are all equally wide.
pub(crate) fn bytes(face: Face, tabular: bool) -> &'static [u8] {
    static TWINS: [OnceLock<Vec<u8>>; 5] = [const { OnceLock::new() }; 5];
    // Every character of these is equally wide already.
    if matches!(face, Face::Mono | Face::MonoMedium) {
        return TWINS[face as usize].get_or_init(|| rename_feature(font_file(face), b"calt", NEVER_ON));
    }
    if !tabular {
        return font_file(face);
    }
    TWINS[face as usize].get_or_init(|| rename_feature(font_file(face), b"tnum", ALWAYS_ON))
}

/// The font with one feature under another name, or unchanged if it has no such feature.
fn rename_feature(font: &[u8], from: &[u8; 4], to: &[u8; 4]) -> Vec<u8> {
    let mut twin = font.to_vec();
    for tag in feature_tags(font, from).unwrap_or_default() {
        if let Some(tag) = twin.get_mut(tag..tag + 4) {
            tag.copy_from_slice(to);
        }
    }
    twin
}

/// Where the font's substitution table writes the tag of the feature `name`.
fn feature_tags(font: &[u8], name: &[u8; 4]) -> Option<Vec<usize>> {
    let u16_at = |at: usize| Some(u16::from_be_bytes([*font.get(at)?, *font.get(at + 1)?]) as usize);
    let u32_at = |at: usize| Some((u16_at(at)? << 16) | u16_at(at + 2)?);
    let tag_at = |at: usize| font.get(at..at + 4);
    // The table directory starts at 12: tag, checksum, offset, length.
    let record = (0..u16_at(4)?).map(|n| 12 + 16 * n).find(|&at| tag_at(at) == Some(b"GSUB"))?;
    let table = u32_at(record + 8)?;
    let features = table + u16_at(table + 6)?;
    let tags = (0..u16_at(features)?).map(|n| features + 2 + 6 * n);
    Some(tags.filter(|&at| tag_at(at) == Some(name)).collect())
}

/// The name of a face's family in egui.
fn family_name(face: Face, tabular: bool) -> &'static str {
    match (face, tabular) {
        (Face::Regular, false) => "regular",
        (Face::Regular, true) => "regular tabular",
        (Face::Medium, false) => "medium",
        (Face::Medium, true) => "medium tabular",
        (Face::SemiBold, false) => "semibold",
        (Face::SemiBold, true) => "semibold tabular",
        (Face::Mono, _) => "mono",
        (Face::MonoMedium, _) => "mono medium",
    }
}

/// The family to lay a text out with.
pub(crate) fn family(face: Face, tabular: bool) -> FontFamily {
    static FAMILIES: OnceLock<Vec<FontFamily>> = OnceLock::new();
    let named = |face| [false, true].map(|tabular| FontFamily::Name(family_name(face, tabular).into()));
    let families = FAMILIES.get_or_init(|| ALL.into_iter().flat_map(named).collect());
    families[face as usize * 2 + usize::from(tabular)].clone()
}

/// The bundled faces only: no default font, no fallback to what a machine happens to have.
pub(crate) fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    for face in ALL {
        for tabular in [false, true] {
            let name = family_name(face, tabular);
            fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes(face, tabular))));
            fonts.families.insert(family(face, tabular), vec![name.to_owned()]);
        }
    }
    fonts.families.insert(FontFamily::Proportional, vec![family_name(Face::Regular, false).to_owned()]);
    fonts.families.insert(FontFamily::Monospace, vec![family_name(Face::Mono, false).to_owned()]);
    fonts
}
