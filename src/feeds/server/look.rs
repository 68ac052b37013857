//! A single look at the Prometheus server of a lab, for `probe`: what it knows of each of the lab's targets.

use std::path::Path;
use std::sync::Arc;

use crate::feeds::link::{Link, Pace};
use crate::feeds::trouble::Trouble;
use crate::lab::Lab;
use crate::live::{Fault, Report};
use crate::signal::Subject;

use super::{PAGE, Server};

/// What the server knows of one target.
#[derive(Clone, Debug)]
pub(crate) struct TargetTold {
    /// As in the lab file.
    pub(crate) name: Arc<str>,
    pub(crate) subjects: Vec<Subject>,
    /// Whether the lab cannot ask it: then nobody else tells of it.
    pub(crate) only_here: bool,
    pub(crate) told: Result<TargetKnowledge, Box<Fault>>,
}

/// How much is known of a target, and how new it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TargetKnowledge {
    pub(crate) signals: usize,
    pub(crate) age_secs: f64,
    /// How often the server scrapes it.
    pub(crate) scrape_secs: f64,
}

/// Asks a lab's Prometheus server once for every target; none where the lab names no server. `now` is a clock in seconds;
/// `folder` is the lab file's. Err: the server itself does not answer, or refuses the login.
pub(crate) fn look_at_prometheus(
    lab: &Lab,
    folder: &Path,
    now: impl Fn() -> f64 + Send + Sync + 'static,
) -> Option<Result<Vec<TargetTold>, Box<Fault>>> {
    let prometheus = lab.prometheus.as_ref()?;
    let link = Link::new(|_news| (), || (), now).at_pace(Pace::patient());
    Some(Server::new(lab, prometheus, folder, link, None).look())
}

impl Server {
    fn look(&mut self) -> Result<Vec<TargetTold>, Box<Fault>> {
        let mut all = Vec::new();
        for index in 0..self.watched.len() {
            let told = self.poll(index).map(|report| self.known(index, &report));
            let told = match told {
                Err(trouble) if trouble.code.is_silence() || trouble.code.is_about_auth() => {
                    return Err(self.fault_of("", trouble));
                }
                told => told.map_err(|trouble| self.fault_of(&self.watched[index].target.name, trouble)),
            };
            let watched = &self.watched[index];
            let (name, subjects) = (watched.target.name.clone(), watched.target.subjects.clone());
            all.push(TargetTold { name, subjects, only_here: watched.only_here, told });
        }
        Ok(all)
    }

    fn known(&self, index: usize, report: &Report) -> TargetKnowledge {
        let age_secs = (self.link.now_secs() - report.last_good_secs).max(0.0);
        TargetKnowledge { signals: report.readings.len(), age_secs, scrape_secs: self.watched[index].scrape_secs }
    }

    fn fault_of(&self, target: &str, trouble: Trouble) -> Box<Fault> {
        Box::new(trouble.fault_at(target, &self.host, PAGE, self.link.now_secs()))
    }
}
