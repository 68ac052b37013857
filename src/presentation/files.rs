//! The files the talk is made of: as they are now, and the last good ones, which are on stage.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ron_text::{Problem, Severity};
use crate::scene::library::{self, Library, Texts};

/// What happens with saved files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::VariantNames, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum FileCommand {
    /// Saved scene files are followed, or no more.
    Reload,
}

/// The part of the talk's state that is its files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Files {
    latest: Arc<Texts>,
    /// Those that the library was made of.
    good: Arc<Texts>,
    /// They follow from `latest`.
    #[serde(skip)]
    problems: Vec<Problem>,
    /// They follow from `good`: what does not keep a talk from its stage.
    #[serde(skip)]
    borne: Vec<Problem>,
    follows: bool,
}

impl Files {
    /// Reads the files of a talk that begins. Err: what keeps it from starting at all.
    pub(super) fn read(texts: Texts) -> Result<(Self, Library), Vec<Problem>> {
        let (library, problems) = library::read(&texts);
        match library.filter(|library| !library.scenes.is_empty()) {
            Some(library) => {
                let (borne, good) = (problems.clone(), Arc::new(texts));
                Ok((Self { latest: good.clone(), good, problems, borne, follows: true }, library))
            }
            None => Err(problems),
        }
    }

    /// The library of the last good files, and the problems of the latest: after this state was read back.
    pub(super) fn read_again(&mut self) -> Result<Library, Vec<Problem>> {
        let (read, library) = Self::read(Texts::clone(&self.good))?;
        self.borne = read.borne;
        self.problems = library::read(&self.latest).1;
        Ok(library)
    }

    /// The files that are on stage.
    pub(super) fn good(&self) -> &Texts {
        &self.good
    }

    pub(super) fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Carries a command out. The answer: what is to be said of it.
    pub(super) fn carry_out(&mut self, command: FileCommand) -> &'static str {
        let FileCommand::Reload = command;
        self.follows = !self.follows;
        if self.follows { "saved scene files are followed" } else { "saved scene files are not followed" }
    }

    /// Takes a file's new text. The library of all files where they are good; else the last good one stays.
    pub(super) fn save(&mut self, file: &str, text: String) -> Option<Library> {
        if !self.follows {
            return None;
        }
        Arc::make_mut(&mut self.latest).insert(file.to_owned(), text);
        let (library, problems) = library::read(&self.latest);
        // An error that was there when the talk began, in a file that was not touched since, does not count. One that this
        // file makes in another does: a step that is gone, and that a cut of the deck names.
        let is_untouched = |file: &str| self.good.get(file) == self.latest.get(file);
        let is_old = |problem: &Problem| is_untouched(&problem.file) && self.borne.contains(problem);
        let bad = problems.iter().any(|problem| problem.severity == Severity::Error && !is_old(problem));
        self.problems = problems;
        let library = library.filter(|library| !bad && !library.scenes.is_empty())?;
        self.good.clone_from(&self.latest);
        self.borne.clone_from(&self.problems);
        Some(library)
    }
}
