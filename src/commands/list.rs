//! `list`, `keys`, `signals`: what there is.

use std::io::Write;

use serde_json::{Value, json};

use crate::figures::Figures;
use crate::plural::counted;
use crate::presentation::keymap::WITHOUT_KEY;
use crate::scene::library::{Cut, Library};
use crate::scene::model::{Scene, Step};
use crate::setup::{Common, Outcome};
use crate::signal::Signal;
use crate::timeline::playhead::Position;

#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct ListArgs {
    /// One JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Scenes and steps.
pub(crate) fn list(args: &ListArgs, common: &Common, out: &mut dyn Write) -> Outcome {
    let show = common.show()?;
    let library = show.presentation().library();
    if args.json {
        let scenes = library.scenes.iter().zip(&library.entries);
        let scenes: Vec<Value> =
            scenes.map(|(scene, entry)| scene_json(scene, entry.hidden, &library.figures)).collect();
        let cuts: Vec<Value> = library.cuts.iter().map(|cut| cut_json(library, cut)).collect();
        writeln!(out, "{}", json!({ "schema": 1, "scenes": scenes, "cuts": cuts }))?;
    } else {
        write_words(library, out)?;
    }
    Ok(0)
}

fn write_words(library: &Library, out: &mut dyn Write) -> std::io::Result<()> {
    for (number, (scene, entry)) in library.scenes.iter().zip(&library.entries).enumerate() {
        let hidden = if entry.hidden { " (hidden)" } else { "" };
        writeln!(out, "{} {}: {}{hidden}", number + 1, scene.id, scene.title)?;
        for (step, words) in scene.steps.iter().enumerate() {
            writeln!(out, "  {}:{}  {}", scene.id, step + 1, words.caption.filled(&library.figures))?;
        }
    }
    for cut in &library.cuts {
        let minutes = f64::from(library.budget_secs(cut)) / 60.0;
        let steps = counted(cut.steps.len(), "step");
        writeln!(out, "--cut {}: {}, {steps}, {minutes:.1} minutes", cut.id, cut.title)?;
    }
    Ok(())
}

fn cut_json(library: &Library, cut: &Cut) -> Value {
    let steps: Vec<String> = cut.steps.iter().map(|step| library.address(Position::of(step)).to_string()).collect();
    json!({
        "id": cut.id,
        "title": cut.title,
        "minutes": cut.minutes,
        "budget_secs": library.budget_secs(cut),
        "steps": steps,
    })
}

fn scene_json(scene: &Scene, hidden: bool, figures: &Figures) -> Value {
    let steps: Vec<Value> =
        scene.steps.iter().enumerate().map(|(index, step)| step_json(index, step, figures)).collect();
    json!({ "id": &*scene.id, "title": &*scene.title, "tags": scene.tags, "hidden": hidden, "steps": steps })
}

fn step_json(index: usize, step: &Step, figures: &Figures) -> Value {
    // Heading, caption and shown texts; furniture is not counted.
    let words: usize = step.spoken().map(|words| words.filled(figures).split_whitespace().count()).sum();
    json!({
        "n": index + 1,
        "caption": &*step.caption.filled(figures),
        "phase": step.phase.as_deref(),
        "budget_secs": step.budget_secs,
        "words": words,
        "sources": step.sources,
    })
}

/// The key table.
pub(crate) fn keys(args: &ListArgs, common: &Common, out: &mut dyn Write) -> Outcome {
    let table = common.usual_keymap()?.entries;
    if args.json {
        let commands =
            table.iter().map(|entry| json!({ "command": entry.name(), "keys": entry.keys, "words": entry.words }));
        let without = WITHOUT_KEY.map(|(name, why)| json!({ "command": name, "words": why }));
        writeln!(out, "{}", json!({ "schema": 1, "commands": commands.collect::<Vec<_>>(), "without_key": without }))?;
    } else {
        for entry in &table {
            writeln!(out, "{:<40} {}", entry.keys.join("  "), entry.words)?;
        }
        writeln!(out, "{:<40} go to the scene of that number", "digits, then Enter")?;
        for (name, why) in WITHOUT_KEY {
            writeln!(out, "{:<40} in scripts: {name}; {why}", "")?;
        }
    }
    Ok(0)
}

/// The signal catalogue.
pub(crate) fn signals(args: &ListArgs, out: &mut dyn Write) -> Outcome {
    let catalogue = Signal::catalogue();
    if args.json {
        let signals = catalogue.iter().map(|signal| {
            json!({ "signal": signal.to_string(), "unit": signal.quantity.form().unit(), "words": signal.quantity.meaning() })
        });
        writeln!(out, "{}", json!({ "schema": 1, "signals": signals.collect::<Vec<_>>() }))?;
    } else {
        for signal in catalogue {
            let Signal { quantity, .. } = signal;
            writeln!(out, "{:<36} {:<10} {}", signal.to_string(), quantity.form().unit(), quantity.meaning())?;
        }
    }
    Ok(0)
}
