//! A session as Markdown. What comes from a file is escaped: names and captions are words, and never marks.

use std::fmt::Write as _;

use crate::commands::report::lab_story::{LabStory, MOST_KEPT};
use crate::commands::report::session::{Session, ToldTalk};
use crate::live::{Direction, SourceId, SourceKind};
use crate::recording::Recorded;
use crate::signal::Tier;
use crate::timeline::happened::event_words;
use crate::timeline::numerals;

/// The whole report.
pub(super) fn report(session: &Session) -> String {
    let mut text = format!("# {}\n", session.title());
    // Writing to a string does not fail.
    let _always = write_report(session, &mut text);
    text
}

fn write_report(session: &Session, text: &mut String) -> std::fmt::Result {
    write_head(session, text)?;
    match &session.talk {
        Some(talk) => {
            write_steps(talk, text)?;
            write_parked(talk, text)?;
        }
        None if session.header.what == Recorded::Lab => {
            paragraph(text, "A lab was recorded without a talk: there are no steps and no questions in it.")?;
        }
        None => paragraph(text, "How the talk was opened cannot be read, so its steps and questions are not known.")?,
    }
    write_sources(session, text)?;
    for (source, story) in session.stories.iter().filter(|(_, story)| story.says_something()) {
        write_story(source, story, text)?;
    }
    Ok(())
}

fn write_head(session: &Session, text: &mut String) -> std::fmt::Result {
    let header = &session.header;
    let names = if session.names_are_kept {
        "Names of targets and hosts are in this report."
    } else {
        "Names of targets and hosts are left out."
    };
    let (began, length) = (escaped(&header.began), minutes(session.secs));
    paragraph(
        text,
        &format!("Began {began} and was recorded for {length}, by Tierlight {}. {names}", escaped(&header.app)),
    )?;
    if let Some(talk) = &session.talk {
        let cut = talk.cut.as_ref().map_or_else(|| "the whole deck".to_owned(), |cut| format!("the cut {cut}"));
        paragraph(text, &escaped(&format!("Told: {}, {cut}.", talk.deck)))?;
    }
    if !session.missing.is_empty() {
        paragraph(text, "Not all of the recording can be read:")?;
        list(text, session.missing.iter().map(|words| escaped(words)))?;
    }
    Ok(())
}

fn write_steps(talk: &ToldTalk, text: &mut String) -> std::fmt::Result {
    heading(text, "What was shown")?;
    let (shown, budget) = (talk.shown_secs(), f64::from(talk.budget_secs()));
    let against = match (shown - budget).round() {
        difference if difference > 0.0 => format!("{} more", minutes(difference)),
        difference if difference < 0.0 => format!("{} less", minutes(-difference)),
        _ => "as planned".to_owned(),
    };
    let sum = format!("{} in all; the steps shown have a budget of {}: {against}.", minutes(shown), minutes(budget));
    paragraph(text, &sum)?;
    let rows = talk.visits.iter().map(|visit| {
        vec![
            minutes(visit.at_secs),
            escaped(&visit.step.to_string()),
            escaped(&visit.title),
            escaped(&visit.caption),
            minutes(visit.shown_secs),
            minutes(f64::from(visit.budget_secs)),
        ]
    });
    table(text, &["at", "step", "scene", "caption", "shown", "budget"], rows)
}

fn write_parked(talk: &ToldTalk, text: &mut String) -> std::fmt::Result {
    heading(text, "Questions parked")?;
    if talk.parked.is_empty() {
        return paragraph(text, "None.");
    }
    paragraph(text, "The words of a question are not recorded, only when and at which step it came.")?;
    let rows = talk
        .parked
        .iter()
        .map(|parked| vec![minutes(parked.at_secs), escaped(&parked.step.to_string()), escaped(&parked.title)]);
    table(text, &["at", "step", "scene"], rows)
}

fn write_sources(session: &Session, text: &mut String) -> std::fmt::Result {
    heading(text, "Sources")?;
    let shown_secs = |source: &SourceId| session.talk.as_ref().map(|talk| talk.shown_secs.get(source).copied());
    let row = |(source, story): (&SourceId, &LabStory)| {
        let shown = shown_secs(source).map(|secs| secs.map_or_else(|| "never".to_owned(), minutes));
        vec![
            escaped(&source.to_string()),
            escaped(&nature(story)),
            shown.unwrap_or_default(),
            escaped(&story.targets.join(", ")),
        ]
    };
    let mut rows: Vec<Vec<String>> = session.stories.iter().map(row).collect();
    if rows.is_empty() {
        rows.push(vec!["none".to_owned(), "nothing was measured".to_owned(), String::new(), String::new()]);
    }
    table(text, &["source", "is", "shown for", "targets"], rows)
}

/// What the badge of a source says, in words.
fn nature(story: &LabStory) -> String {
    match story.kind {
        SourceKind::Lab => format!("live: {}", story.origin),
        SourceKind::Prometheus => format!("live by a Prometheus server: {}", story.origin),
        SourceKind::Sim => format!("simulated, {} times as fast as the clock", story.lapse),
        SourceKind::Recording => format!("recorded {}", story.origin),
        SourceKind::None => "no source: nothing is measured".to_owned(),
    }
}

fn write_story(source: &SourceId, story: &LabStory, text: &mut String) -> std::fmt::Result {
    heading(text, &format!("What {} did ({})", escaped(&source.to_string()), escaped(&nature(story))))?;
    if story.lapse > 1 {
        paragraph(text, &format!("Durations are of its own clock: {} of its seconds pass in one.", story.lapse))?;
    }
    write_peaks(story, text)?;
    write_bursts(story, text)?;
    write_events(story, text)?;
    write_faults(story, text)
}

fn write_peaks(story: &LabStory, text: &mut String) -> std::fmt::Result {
    if story.peaks.is_empty() {
        return paragraph(text, "No tier was seen to move bytes.");
    }
    let peak = |tier: Tier, direction: Direction| match story.peaks.get(&(tier, direction)) {
        Some(peak) => [numerals::bytes(peak.bytes_per_sec, "B/s").words(), minutes(peak.at_secs)],
        None => [String::new(), String::new()],
    };
    let is_known = |tier: &Tier| story.peaks.keys().any(|(known, _)| known == tier);
    let rows = Tier::ALL.into_iter().filter(is_known).map(|tier| {
        let [[read, read_at], [written, written_at]] = [Direction::Read, Direction::Write].map(|way| peak(tier, way));
        vec![tier_words(tier), read, read_at, written, written_at]
    });
    table(text, &["tier", "peak read", "at", "peak write", "at"], rows)
}

fn write_bursts(story: &LabStory, text: &mut String) -> std::fmt::Result {
    if story.bursts.is_empty() {
        return Ok(());
    }
    let rows = story.bursts.iter().map(|((tier, direction), sum)| {
        let way = match direction {
            Direction::Read => "read",
            Direction::Write => "write",
        };
        let largest = sum.largest.map(|burst| {
            let [bytes, peak] = [numerals::bytes(burst.bytes, "B"), numerals::bytes(burst.peak_bytes_per_sec, "B/s")];
            format!("{} in {:.1} s, peak {}", bytes.words(), burst.secs(), peak.words())
        });
        vec![tier_words(*tier), way.to_owned(), sum.count.to_string(), largest.unwrap_or_default()]
    });
    table(text, &["tier", "bursts", "count", "largest"], rows)
}

fn write_events(story: &LabStory, text: &mut String) -> std::fmt::Result {
    if story.events.is_empty() {
        return Ok(());
    }
    let mut events: Vec<_> = story.events.iter().collect();
    events.sort_by(|one, other| one.at_secs.total_cmp(&other.at_secs));
    let rows = events
        .iter()
        .map(|told| vec![minutes(told.at_secs), tier_words(told.event.tier), escaped(&event_words(&told.event))]);
    table(text, &["at", "tier", "what happened"], rows)?;
    say_first_ones(text, story.events.len(), "events")
}

fn write_faults(story: &LabStory, text: &mut String) -> std::fmt::Result {
    if story.faults.is_empty() {
        return paragraph(text, "No fault was seen.");
    }
    let rows = story.faults.iter().map(|fault| {
        let page = if fault.page.is_empty() { String::new() } else { format!(" ({})", fault.page) };
        let who = if fault.node.is_empty() { String::new() } else { format!("{} ", fault.node) };
        let words = format!("{}: {who}{}{page}", fault.target, fault.cause);
        let ended = fault.ended_secs.map_or_else(|| "not seen to end".to_owned(), minutes);
        vec![minutes(fault.began_secs), ended, escaped(&words)]
    });
    table(text, &["began", "ended", "fault"], rows)?;
    say_first_ones(text, story.faults.len(), "faults")
}

fn say_first_ones(text: &mut String, count: usize, what: &str) -> std::fmt::Result {
    if count < MOST_KEPT {
        return Ok(());
    }
    paragraph(text, &format!("These are the first {MOST_KEPT} {what}; there may be more."))
}

/// `"T2 warm"`
fn tier_words(tier: Tier) -> String {
    format!("{} {}", tier.id(), tier.word())
}

/// `"4:07"`, and `"1:04:07"` from an hour on.
fn minutes(secs: f64) -> String {
    let secs = secs.max(0.0).round() as u64;
    let (hours, minutes, secs) = (secs / 3600, secs / 60 % 60, secs % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{secs:02}") } else { format!("{minutes}:{secs:02}") }
}

fn heading(text: &mut String, words: &str) -> std::fmt::Result {
    writeln!(text, "\n## {words}")
}

fn paragraph(text: &mut String, words: &str) -> std::fmt::Result {
    writeln!(text, "\n{words}")
}

fn list(text: &mut String, items: impl Iterator<Item = String>) -> std::fmt::Result {
    writeln!(text)?;
    items.into_iter().try_for_each(|item| writeln!(text, "- {item}"))
}

fn table(text: &mut String, head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> std::fmt::Result {
    writeln!(text, "\n| {} |", head.join(" | "))?;
    writeln!(text, "|{}", "---|".repeat(head.len()))?;
    rows.into_iter().try_for_each(|row| writeln!(text, "| {} |", row.join(" | ")))
}

/// Words that stand in Markdown as they are: on one line, and no sign of them is a mark.
fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for sign in words.chars() {
        match sign {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '#' => text.extend(['\\', sign]),
            sign if sign.is_control() => text.push(' '),
            sign => text.push(sign),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_file_are_no_marks() {
        let cases = [
            ("plain words, 3.4 GB/s (v3)", "plain words, 3.4 GB/s (v3)"),
            ("<script>a|b</script>", "\\<script\\>a\\|b\\</script\\>"),
            ("*a* _b_ [c](d) `e` &amp; #f\n- g", "\\*a\\* \\_b\\_ \\[c\\](d) \\`e\\` \\&amp; \\#f - g"),
        ];
        for (words, expected) in cases {
            assert_eq!(escaped(words), expected);
        }
    }

    #[test]
    fn times_are_minutes_and_from_an_hour_on_hours() {
        for (secs, expected) in
            [(-1.0, "0:00"), (0.4, "0:00"), (67.0, "1:07"), (3599.6, "1:00:00"), (8047.0, "2:14:07")]
        {
            assert_eq!(minutes(secs), expected);
        }
    }
}
