//! Words with parts that are filled in when a picture is composed.

use std::sync::Arc;

use crate::figures::Figures;

/// What is said: texts, and what stands between them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Words {
    parts: Arc<[TemplatePart]>,
    /// The words as they are said while the figures are as they were read, and which edition that is: filling costs a frame
    /// nothing until something is laid over a figure.
    told: Arc<str>,
    edition: u32,
}

#[derive(Clone, Debug, PartialEq)]
enum TemplatePart {
    Text(Arc<str>),
    /// `{id}`: a figure with its unit.
    Figure(Arc<str>),
    /// `{id?}`: whose word a figure is.
    Standing(Arc<str>),
    /// `{#4}`: a number that only counts.
    Ordinal(Arc<str>),
    /// `{customer}`: whom the talk is for.
    Customer,
}

impl Words {
    /// Words as they are, with nothing to fill in.
    pub fn plain(text: impl Into<Arc<str>>) -> Self {
        let told = text.into();
        Self { parts: [TemplatePart::Text(told.clone())].into(), told, edition: 0 }
    }

    /// Words with placeholders in braces. Err: the one that names nothing.
    pub fn parse(written: &str, figures: &Figures) -> Result<Self, String> {
        if !written.contains('{') {
            return Ok(Self::plain(written));
        }
        let mut parts = Vec::new();
        let mut rest = written;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, tail) = after.split_once('}').ok_or_else(|| after.to_owned())?;
            parts.extend((!before.is_empty()).then(|| TemplatePart::Text(before.into())));
            parts.push(TemplatePart::parse(name, figures).ok_or_else(|| name.to_owned())?);
            rest = tail;
        }
        parts.extend((!rest.is_empty()).then(|| TemplatePart::Text(rest.into())));
        Ok(Self { told: joined(&parts, figures), parts: parts.into(), edition: figures.edition() })
    }

    pub fn is_empty(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, TemplatePart::Text(text) if text.is_empty()))
    }

    /// The words as they are said now.
    pub fn filled(&self, figures: &Figures) -> Arc<str> {
        if self.edition == figures.edition() || matches!(*self.parts, [] | [TemplatePart::Text(_)]) {
            return self.told.clone();
        }
        joined(&self.parts, figures)
    }

    /// Ids of the figures that are named, some more than once.
    pub(crate) fn figure_ids(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            TemplatePart::Figure(id) | TemplatePart::Standing(id) => Some(&**id),
            TemplatePart::Text(_) | TemplatePart::Ordinal(_) | TemplatePart::Customer => None,
        })
    }

    /// The text that the author typed, a space for each placeholder: no bare number may stand in it.
    pub fn literal(&self) -> String {
        let text = |part: &TemplatePart| match part {
            TemplatePart::Text(text) => text.to_string(),
            TemplatePart::Figure(_) | TemplatePart::Standing(_) | TemplatePart::Ordinal(_) | TemplatePart::Customer => {
                " ".to_owned()
            }
        };
        self.parts.iter().map(text).collect()
    }
}

fn joined(parts: &[TemplatePart], figures: &Figures) -> Arc<str> {
    let mut words = String::new();
    for part in parts {
        part.append(figures, &mut words);
    }
    words.into()
}

impl TemplatePart {
    fn parse(name: &str, figures: &Figures) -> Option<Self> {
        if let Some(ordinal) = name.strip_prefix('#') {
            return ordinal.chars().all(|c| c.is_ascii_digit()).then(|| Self::Ordinal(ordinal.into()));
        }
        if name == "customer" {
            return Some(Self::Customer);
        }
        let id = name.strip_suffix('?');
        let known = &figures.get(id.unwrap_or(name))?.id;
        Some(if id.is_some() { Self::Standing(known.clone()) } else { Self::Figure(known.clone()) })
    }

    fn append(&self, figures: &Figures, words: &mut String) {
        match self {
            Self::Text(text) | Self::Ordinal(text) => words.push_str(text),
            Self::Figure(id) => words.push_str(figures.shown(id).map_or(&**id, |shown| &*shown.words)),
            Self::Standing(id) => match figures.get(id) {
                Some(figure) => words.push_str(&figures.standing(figure)),
                None => words.push_str(id),
            },
            Self::Customer => words.push_str(figures.customer().map_or("Customer", |name| &**name)),
        }
    }
}
