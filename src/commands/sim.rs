//! `tierlight sim serve`: the simulated lab over HTTP, on the wall clock, as MinIO and two exporters would answer.

#![expect(
    clippy::disallowed_methods,
    reason = "this command is an edge: it reads the clock once, and writes the lab file"
)]

mod answers;
mod doors;
mod lab_file;
mod served_lab;
mod token;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::commands::sim::doors::Doors;
use crate::commands::sim::served_lab::ServedLab;
pub(crate) use crate::commands::sim::served_lab::ServedStory;
use crate::setup::span_secs;
use crate::sim::{FAILING_DRIVE_NODE, FAILING_NODE, Failures, Outage, Part, Phase, SECOND_FAILING_NODE, WARM_NODES};

/// Serve the simulated lab as MinIO over HTTP: a rehearsal without a lab.
///
/// Three deployments (hot: 1 node, warm: 4, cold: 1), `node_exporter` for T0 and DCGM for the GPUs, at the speed of the wall
/// clock. Prints `NAME URL` a line on stdout, one for each node: hot, warm, cold, `node_exporter`, dcgm, and truth, which
/// answers JSON of all the bytes moved since the start. Runs until it is stopped.
///
/// Example: `tierlight sim serve --ron sim.ron --phase checkpoint`, then `tierlight --lab sim.ron`
#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    /// Where to listen. Port 0 takes free ports; a given port is the first of nine in a row.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub(crate) listen: String,

    /// The secret key that tokens must be signed with; the access key is tierlight-sim.
    #[arg(long, value_name = "KEY", default_value = "tierlight-sim-secret", hide_default_value = true)]
    pub(crate) secret_key: String,

    /// The seed of the lab's small variations.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,

    /// Write a lab file that reads this lab, and the secret key beside it as FILE.secret.
    #[arg(long, value_name = "FILE")]
    pub(crate) ron: Option<PathBuf>,

    /// The phase told at the start: ingest, elt, shuffle, load, train, checkpoint, track, embed, export, archive, resume;
    /// quiet for none; cycle for load 20 s, train 20 s, checkpoint 45 s, archive 20 s, over and over.
    #[arg(long, value_name = "NAME", default_value = "cycle", value_parser = parse_story)]
    pub(crate) phase: ServedStory,

    #[command(flatten)]
    pub(crate) failures: FailureArgs,
}

/// What fails in warm, and when.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct FailureArgs {
    /// A node of warm stops answering S seconds after the start; FROM-TO: and comes back.
    #[arg(long, value_name = "S", value_parser = parse_outage)]
    pub(crate) node_down: Option<Outage>,

    /// A drive of warm is lost S seconds after the start; FROM-TO: and comes back.
    #[arg(long, value_name = "S", value_parser = parse_outage)]
    pub(crate) drive_down: Option<Outage>,

    /// Two nodes of warm stop, and with them its write quorum: it reads and does not write.
    #[arg(long, value_name = "S", value_parser = parse_outage)]
    pub(crate) quorum_down: Option<Outage>,

    /// Clients reach warm over a network that carries a tenth.
    #[arg(long, value_name = "S", value_parser = parse_outage)]
    pub(crate) network_slow: Option<Outage>,

    /// Nobody reaches warm, whose nodes run on.
    #[arg(long, value_name = "S", value_parser = parse_outage)]
    pub(crate) network_down: Option<Outage>,

    /// All nodes of warm stop.
    #[arg(long, value_name = "S", value_parser = parse_outage)]
    pub(crate) tier_down: Option<Outage>,
}

impl FailureArgs {
    fn failures(self) -> Failures {
        let nodes = (0..WARM_NODES).map(|node| (Part::Node(node), self.tier_down));
        let parts = [
            (Part::Node(FAILING_NODE), self.quorum_down),
            (Part::Node(SECOND_FAILING_NODE), self.quorum_down),
            (Part::Node(FAILING_NODE), self.node_down),
            (Part::Drive(FAILING_DRIVE_NODE), self.drive_down),
            (Part::FastNetwork, self.network_slow),
            (Part::Network, self.network_down),
        ];
        nodes.chain(parts).fold(Failures::default(), |failures, (part, outage)| failures.with(part, outage))
    }
}

fn parse_story(name: &str) -> Result<ServedStory, String> {
    match name {
        "cycle" => Ok(ServedStory::Cycle),
        "quiet" => Ok(ServedStory::Once(None)),
        _ => Phase::from_id(name).map(|phase| ServedStory::Once(Some(phase))).ok_or_else(|| {
            let known = Phase::ALL.map(Phase::id).join(", ");
            format!("no phase of that name; there are {known}, quiet and cycle")
        }),
    }
}

fn parse_outage(text: &str) -> Result<Outage, String> {
    let span = span_secs(text).map(|(from_secs, to_secs)| Outage { from_secs, to_secs });
    span.ok_or_else(|| "give seconds since the start, such as 30, or from and to, such as 30-90".to_owned())
}

/// Serves until the process is stopped. What is wrong with the address or with a file is the error, in a sentence.
pub fn serve(args: &ServeArgs, out: &mut dyn Write) -> Result<u8, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
    let runtime = runtime.map_err(|failed| format!("the server cannot start: {failed}"))?;
    runtime.block_on(async {
        let simulated = Arc::new(start_lab(args)?);
        let doors = Doors::listen_on(&args.listen).await?;
        if let Some(path) = &args.ron {
            lab_file::write_lab_file(path, &doors.urls(), &args.secret_key)?;
        }
        let lines = doors.urls().into_iter().try_for_each(|(name, url)| writeln!(out, "{name} {url}"));
        let printed = lines.and_then(|()| out.flush());
        printed.map_err(|failed| format!("the addresses cannot be printed: {failed}"))?;
        doors.serve(&simulated);
        std::future::pending::<()>().await;
        Ok(0)
    })
}

fn start_lab(args: &ServeArgs) -> Result<ServedLab, String> {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
    let unix_secs = since_epoch.map_err(|failed| format!("this machine's clock stands before 1970: {failed}"))?;
    let (failures, unix_secs) = (args.failures.failures(), unix_secs.as_secs_f64());
    Ok(ServedLab::new(args.seed, args.phase, failures, unix_secs).with_secret_key(&args.secret_key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_add_up() {
        let outage = |from_secs, to_secs| Some(Outage { from_secs, to_secs });
        let none = FailureArgs {
            node_down: None,
            drive_down: None,
            quorum_down: None,
            network_slow: None,
            network_down: None,
            tier_down: None,
        };
        let down = |args: FailureArgs, node: usize, at_secs: f64| args.failures().of_node(node).unwrap().cover(at_secs);
        let node_down = outage(3.0, 5.0);
        let quorum = FailureArgs { node_down, quorum_down: outage(6.0, 14.0), ..none };
        for node in [FAILING_NODE, SECOND_FAILING_NODE] {
            assert!(down(quorum, node, 10.0) && !down(quorum, node, 14.0), "{node}");
        }
        assert!(down(quorum, FAILING_NODE, 4.0) && !down(quorum, SECOND_FAILING_NODE, 4.0));
        let tier = FailureArgs { node_down, tier_down: outage(8.0, 14.0), ..none };
        assert!((0..WARM_NODES).all(|node| down(tier, node, 9.0) && !down(tier, node, 6.0)));
        assert!(down(tier, FAILING_NODE, 4.0));
    }

    #[test]
    fn arguments_say_what_they_mean() {
        assert_eq!(parse_story("checkpoint"), Ok(ServedStory::Once(Some(Phase::Checkpoint))));
        assert_eq!(parse_story("cycle"), Ok(ServedStory::Cycle));
        assert!(parse_story("chekpoint").unwrap_err().contains("checkpoint"));
        assert_eq!(parse_outage("30"), Ok(Outage { from_secs: 30.0, to_secs: f64::INFINITY }));
        assert_eq!(parse_outage("30-90.5"), Ok(Outage { from_secs: 30.0, to_secs: 90.5 }));
        assert!(parse_outage("90-30").is_err() && parse_outage("soon").is_err() && parse_outage("-3").is_err());
    }
}
