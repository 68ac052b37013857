//! Ask: the first letters of a word lead to where it is told, and a word that is nowhere says so.

use clap::Parser as _;
use tierlight::commands::Cli;
use tierlight::presentation::ask::{Answer, ask};
use tierlight::presentation::asking::AskCommand;
use tierlight::presentation::command::Command;
use tierlight::presentation::desk::DeskCommand;
use tierlight::presentation::walk::WalkCommand;
use tierlight::scene::library::Library;
use tierlight::show::Show;

use crate::talk::{self, address, positions, press, talk};

fn first(library: &Library, words: &str) -> Option<Answer> {
    ask(library, words, 1).into_iter().next()
}

/// Words as a presenter types them, and the title or the scene of the first answer.
const WORDS: [(&str, &str); 47] = [
    // Old-world words.
    ("lun", "LUN ≈ bucket"),
    ("raid", "RAID controller ≈ erasure coding"),
    ("fc fa", "FC fabric ≈ front end"),
    ("snap", "Checkpoints"),
    ("iscsi", "S3 API"),
    ("init", "Initiator ≈ NIC"),
    ("toe", "TOE card ≈ DPU"),
    ("iops", "IOPS ≈ accelerator utilisation"),
    ("tape", "Model archive"),
    ("nas", "Object storage"),
    ("nfs", "Object storage"),
    ("hsm", "ILM"),
    ("san", "SAN target ≈ AIStor"),
    ("hba", "RDMA NIC"),
    ("mirr", "Active-active"),
    ("dedu", "Dedupe"),
    ("hot sp", "Inline healing"),
    ("glac", "Model archive"),
    // Phases and tiers.
    ("inge", "ingest"),
    ("shuf", "shuffle"),
    ("load", "load"),
    ("trai", "train"),
    ("chec", "checkpoint"),
    ("embe", "embed"),
    ("expo", "export"),
    ("arch", "archive"),
    ("t0", "T0 Raw"),
    ("t1", "T1 Hot"),
    ("warm", "T2 Warm"),
    ("cold", "T3 Cold"),
    // Components.
    ("data lo", "PyTorch DataLoader"),
    ("pyto", "PyTorch DataLoader"),
    ("weav", "Weaviate HNSW index"),
    ("vllm", "vLLM weights and KV cache"),
    ("ray", "Ray object store"),
    ("feast", "Feast offline store"),
    ("mlfl", "MLflow registry, active"),
    ("trus", "TrustyAI metrics"),
    // Scenes.
    ("flat", "The flat line"),
    ("meta", "Meta's Llama 3 and you"),
    ("bench", "Published results"),
    ("bets", "Place your bets"),
    ("fine", "Fine-tuning: a small layer on a frozen base"),
    ("side by", "The tiers side by side"),
    // Addresses, as they are copied and printed.
    ("loop:4", "Checkpoint: one burst, then silence"),
    ("title:1", "Where storage sits in AI"),
    ("Drill-Node:1", "Drill: a node fails"),
];

#[test]
fn common_words_lead_to_their_place() {
    let show = talk("none");
    let library = show.presentation().library();
    let wrong: Vec<String> = (WORDS.iter())
        .filter_map(|(words, title)| {
            let found = first(library, words).map_or("nothing".to_owned(), |answer| answer.title.to_string());
            (found != *title).then(|| format!("{words} leads to {found}, not to {title}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The first four letters of each word of a term.
fn letters(term: &str) -> String {
    let words = term.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word.chars().take(4).collect::<String>()).collect::<Vec<_>>().join(" ").to_lowercase()
}

#[test]
fn every_term_is_found_by_its_first_letters() {
    let show = talk("none");
    let library = show.presentation().library();
    assert!(library.terms.len() >= 48);
    let wrong: Vec<String> = (library.terms.iter())
        .filter_map(|term| {
            let typed = letters(&term.term);
            let found = first(library, &typed).map_or("nothing".to_owned(), |answer| answer.title.to_string());
            // A phase, a scene or a component of the same word tells it better than the glossary does.
            let begins = letters(&found).starts_with(typed.split(' ').next().unwrap_or_default());
            (found != term.term && !begins).then(|| format!("{typed} leads to {found}, not to {}", term.term))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nonsense_is_nowhere() {
    let show = talk("none");
    for words in ["zzzz", "qxv", "mainframe", "   ", "!!", "loop:99", "nowhere:1", ":1"] {
        assert_eq!(first(show.presentation().library(), words), None, "{words}");
    }
}

fn asks(show: &mut Show, words: &str) {
    for edit in [AskCommand::Open, AskCommand::Type(words.to_owned()), AskCommand::Go] {
        press(show, Command::Ask(edit));
    }
}

#[test]
fn asking_leads_there_and_backspace_leads_back_to_the_exact_step() {
    let mut show = talk("none");
    let all = positions(&show);
    talk::jump(&mut show, all[20]);
    let from = show.presentation().position();
    asks(&mut show, "pytorch");
    assert!(address(&show, show.presentation().position()).starts_with("tiers:"));
    let opened = show.presentation().opened().map(ToString::to_string);
    assert_eq!(opened.as_deref(), Some("component/dataloader"));
    press(&mut show, WalkCommand::Return);
    assert_eq!(show.presentation().position(), from);
    assert_eq!(show.presentation().opened(), None);
    asks(&mut show, "nowhere to be found");
    assert_eq!(show.presentation().position(), from);
    assert!(!show.presentation().is_asking());
}

#[test]
fn answers_can_be_walked_through_and_the_box_closed() {
    let mut show = talk("none");
    let second = ask(show.presentation().library(), "chec", 2).pop().expect("there are two");
    for edit in [AskCommand::Open, AskCommand::Type("chex".into()), AskCommand::Erase, AskCommand::Type("c".into())] {
        press(&mut show, Command::Ask(edit));
    }
    press(&mut show, Command::Ask(AskCommand::Down));
    press(&mut show, Command::Ask(AskCommand::Go));
    assert_eq!(*show.presentation().address(), second.at);
    press(&mut show, Command::Ask(AskCommand::Open));
    assert!(show.presentation().is_asking());
    press(&mut show, Command::Escape);
    assert!(!show.presentation().is_asking());
}

/// A box that the room no longer sees, and that no console shows, takes no keys.
#[test]
fn the_ask_box_is_gone_for_keys_when_it_is_gone_for_eyes() {
    for has_console in [false, true] {
        let mut show = talk("none");
        if has_console {
            press(&mut show, DeskCommand::Console);
        }
        press(&mut show, Command::Ask(AskCommand::Open));
        assert!(show.presentation().is_asking());
        show.advance(show.now_secs() + 4.0);
        assert_eq!(show.presentation().is_asking(), has_console);
    }
}

/// Presenters-1, command line.
#[test]
fn flags_of_all_commands_stand_before_one_too_and_those_of_the_show_are_refused() {
    let run = |words: &[&str]| {
        let cli = Cli::try_parse_from(["tierlight"].iter().chain(words)).expect("the flags are right");
        let mut out = Vec::new();
        let code = tierlight::commands::run(cli, &mut out).map_err(|failure| failure.words);
        (code, String::from_utf8(out).expect("text"))
    };
    let (code, before) = run(&["--cut", "20", "list", "--json"]);
    assert!(code == Ok(0) && before == run(&["list", "--json", "--cut", "20"]).1);
    let refused = run(&["--at", "loop:3", "list"]).0.expect_err("--at is of the show");
    assert!(refused.contains("present --at"), "{refused}");
    for (words, hint) in [("loop:99", "loop has 6 steps"), ("lop:1", "scenes are title")] {
        let refused = run(&["picture", words]).0.expect_err(words);
        assert!(refused.contains(hint), "{refused}");
    }
}
