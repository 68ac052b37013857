//! Captures: what a lab's servers answered, kept to be looked at elsewhere.
//!
//! `capture` asks a lab as a talk does (the same keys, certificates, pages and pace) and writes every answer to a folder,
//! without names. `fold` and `recording import` read such a folder back.

mod folder;

use std::io::Write;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

pub(crate) use self::folder::{
    CapturedFault, CapturedScrape, Expected, ExpectedPhase, ExpectedWork, Range, each_scrape, read_expected,
};
use crate::bodies::{MOST_WAITING, Pseudonyms, RowWriter};
use crate::clock::Clock;
use crate::feeds::{self, Link, TapedAnswer};
use crate::live::{Announcement, FaultTeller, SourceEvent, SourceKind, SourceList};
use crate::logging;
use crate::plural::counted;
use crate::setup::{Common, Failure, Outcome};

/// Keep what a lab answers, without its names.
///
/// Written are the metrics that Tierlight reads, by node and page, in scrapes.jsonl.zst. Hosts, buckets and all other names
/// in labels are replaced by neutral ones, the same for the same name; deployments are called by their tier.
///
/// Example: tierlight capture --lab lab.ron --for 600 --out captures/briefing
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct CaptureArgs {
    /// How long.
    #[arg(long = "for", value_name = "SECONDS")]
    pub(crate) for_secs: f64,
    /// A folder, made where it is not there; one with a capture in it is left alone.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
}

/// What the lab's threads hand over.
enum CaptureNews {
    News(SourceEvent),
    Answer(TapedAnswer),
}

/// Runs `capture`. 0: metrics came from every target; 1: from some of them none, told on stderr.
pub(crate) fn capture(args: &CaptureArgs, common: &Common, out: &mut dyn Write) -> Outcome {
    if !(args.for_secs > 0.0 && args.for_secs.is_finite()) {
        return Err(format!("--for {}: it is a number of seconds", args.for_secs).into());
    }
    let (lab, folder) = common.lab()?;
    let clock = Clock::start_at(0.0);
    let (sender, heard) = mpsc::sync_channel(MOST_WAITING);
    let (news, answers) = (sender.clone(), sender);
    // Who listens no more has heard enough.
    let link = Link::new(move |said| drop(news.send(CaptureNews::News(said))), || (), move || clock.now_secs());
    let link = link.taped(move |answer| drop(answers.send(CaptureNews::Answer(answer))));
    let mut rows = RowWriter::create(&args.out)?;
    let feeds = feeds::start(&lab, &folder, link).map_err(|failed| format!("no thread could be started: {failed}"))?;
    if feeds.targets().is_empty() {
        let words =
            "the lab file names no server that is asked itself; `recording import --prometheus` asks the other one";
        return Err(words.into());
    }
    let announced =
        Announcement { kind: SourceKind::Lab, origin: "".into(), lapse: 1, targets: feeds.targets().to_vec() };
    let mut capture = Capture { names: Pseudonyms::new(feeds.targets()), list: SourceList::default(), count: 0 };
    capture.list.apply(&SourceKind::Lab.only_id(), SourceEvent::Announced(announced));
    capture.listen(&heard, args.for_secs, clock, &mut rows)?;
    drop(feeds);
    rows.finish()?;
    let silent = capture.silent_targets();
    writeln!(out, "{} in {:.0} s: {}", counted(capture.count, "answer"), args.for_secs, rows.path().display())?;
    if silent.is_empty() {
        return Ok(0);
    }
    out.flush()?;
    Err(Failure { code: 1, words: format!("no metrics came from {}", silent.join(", ")) })
}

/// A capture on its way.
struct Capture {
    names: Pseudonyms,
    list: SourceList,
    count: u64,
}

impl Capture {
    /// Writes what comes, and tells the presenter what goes wrong.
    fn listen(
        &mut self,
        heard: &Receiver<CaptureNews>,
        for_secs: f64,
        clock: Clock,
        rows: &mut RowWriter,
    ) -> Result<(), String> {
        let (source, mut teller) = (SourceKind::Lab.only_id(), FaultTeller::default());
        loop {
            let left = Duration::try_from_secs_f64(for_secs - clock.now_secs()).unwrap_or_default();
            if left.is_zero() {
                return Ok(());
            }
            match heard.recv_timeout(left) {
                Ok(CaptureNews::Answer(answer)) => {
                    rows.write(&self.names.row(&answer))?;
                    self.count += 1;
                }
                Ok(CaptureNews::News(news)) => self.list.apply(&source, news),
                // The time is up, which the next look says; the lab's threads last as long as this.
                Err(_over) => {}
            }
            for words in teller.news(clock.now_secs(), self.list.faults()) {
                logging::tell_presenter(&words);
            }
        }
    }

    /// Of whom no metrics came, as the lab file calls them.
    fn silent_targets(&self) -> Vec<String> {
        let heard = self.list.all().iter().flat_map(|source| source.targets());
        heard.filter(|heard| heard.last_good_secs.is_none()).map(|heard| heard.target.name.to_string()).collect()
    }
}
