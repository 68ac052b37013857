//! `check`: everything that is wrong with scene files, with code and place.

mod input;
mod stills;

use std::io::Write;
use std::path::PathBuf;

use serde_json::json;

use crate::feeds::assets;
use crate::review;
use crate::ron_text::Problem;
use crate::scene::check as structure;
use crate::scene::library::{self, Texts};
use crate::setup::{Common, Failure, Outcome};

#[derive(Clone, Debug, clap::Args)]
pub struct CheckArgs {
    /// Scene files or folders of them. Default: the scenes that would be shown.
    pub path: Vec<PathBuf>,
    /// List the texts that are too small from the last row, so many picture heights away (6 unless given; 8 in a long room).
    #[arg(long, value_name = "H", num_args = 0..=1, default_missing_value = "6", value_parser = heights)]
    pub room: Option<f32>,
    /// One JSON object.
    #[arg(long)]
    pub json: bool,
}

fn heights(word: &str) -> Result<f32, String> {
    let heights = word.parse::<f32>().ok().filter(|heights| (1.0..=50.0).contains(heights));
    heights.ok_or_else(|| format!("\"{word}\" is not a distance in picture heights, from 1 to 50"))
}

/// What to look at.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// Of the simulated lab.
    pub seed: u64,
    /// Distance of the last row, where its texts are to be listed.
    pub room: Option<f32>,
    /// Whether to render the pictures and measure their pixels.
    pub pixels: bool,
}

/// Checks and prints the findings: 0 without any, else 1.
pub fn check(args: &CheckArgs, common: &Common, out: &mut dyn Write) -> Outcome {
    let scope = Scope { seed: common.seed, room: args.room, pixels: true };
    let mut problems = Vec::new();
    for input in input::read(&args.path, common)? {
        let found = findings(&input.texts, &input.folders, &|file| input.asks_for(file), scope)?;
        problems.extend(found.into_iter().map(|problem| Problem { file: input.shown(&problem.file), ..problem }));
    }
    if args.json {
        writeln!(out, "{}", json!({ "schema": 1, "findings": problems }))?;
    } else {
        for problem in &problems {
            writeln!(out, "{problem}")?;
        }
        let count = problems.len();
        writeln!(out, "{count} {}", if count == 1 { "finding" } else { "findings" })?;
    }
    Ok(u8::from(!problems.is_empty()))
}

/// The findings in those of the files that are asked for, in the order of the files. Images lie in `folders`, or are built in.
pub fn findings(
    texts: &Texts,
    folders: &[PathBuf],
    asked: &dyn Fn(&str) -> bool,
    scope: Scope,
) -> Result<Vec<Problem>, Failure> {
    let (library, mut problems) = library::read(texts);
    if let Some(library) = library {
        let has_image = |path: &str| assets::load(path, folders).map(|_image| ());
        problems.extend(structure::check(texts, &library, &has_image));
        if !library.scenes.is_empty() {
            let show = stills::simulated(texts, scope.seed)?;
            let posed = stills::posed(&show, asked);
            let deck = review::PosedDeck { library: &library, texts, posed: &posed };
            problems.extend(review::layout(&deck));
            let changing = stills::changing(&show, asked);
            problems.extend(review::motion(&review::PosedDeck { posed: &changing, ..deck }));
            let opened = stills::opened(texts, asked)?;
            problems.extend(review::cards(&review::PosedDeck { posed: &opened, ..deck }));
            problems.extend(scope.room.iter().flat_map(|heights| review::room(&deck, *heights)));
            if scope.pixels {
                problems.extend(review::pixels(&deck, &assets::images(&library, folders).into_iter().collect()));
            }
        }
    }
    problems.retain(|problem| asked(&problem.file));
    problems.sort_by(|a, b| {
        (&a.file, a.line, a.column, a.code, &a.message).cmp(&(&b.file, b.line, b.column, b.code, &b.message))
    });
    Ok(problems)
}
