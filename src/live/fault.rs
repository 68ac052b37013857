//! What can go wrong with a scrape, each with its own sentence: the cause, and the way out.
//!
//! A sentence is read out by a presenter, perhaps on the audience window. It never holds a secret, and hosts and buckets
//! only when they may be shown.

use serde::{Deserialize, Serialize};

/// What went wrong, for scripts, tests and the choice of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultCode {
    Refused,
    UnknownHost,
    Unreachable,
    ConnectTimeout,
    AnswerTimeout,
    BodyTimeout,
    Dropped,
    NotHttp,
    TlsToPlain,
    PlainToTls,
    UnknownCa,
    ExpiredCertificate,
    WrongName,
    Tls,
    BadRequest,
    Unauthorized,
    Forbidden,
    /// By something before MinIO.
    Blocked,
    TokenExpired,
    WrongIssuer,
    NotAToken,
    NoSuchEndpoint,
    NotFound,
    ServerError,
    Unavailable,
    OtherStatus,
    Html,
    Redirect,
    TooLarge,
    CutShort,
    WrongLength,
    BadGzip,
    Unreadable,
    Empty,
    NothingKnown,
    SecretMissing,
    SecretExposed,
    BadCa,
    Proxy,
    Starting,
    /// Not all nodes of the deployment are asked, or one of them at a time.
    PartOfNodes,
    /// Not all buckets of the tier were read yet.
    PartOfBuckets,
    /// No bucket is one of a tier's.
    NoBucket,
    /// Metrics, but none of traffic: renamed on the way, or of another kind.
    NoTraffic,
    /// A page that a node puts together for all of them does not come in time, though the node itself answers.
    PageWaits,
}

impl FaultCode {
    /// Whether the server refused who asked: such a target is asked less often.
    pub(crate) fn is_about_auth(self) -> bool {
        let by_token = matches!(self, Self::TokenExpired | Self::WrongIssuer | Self::NotAToken);
        by_token || matches!(self, Self::Unauthorized | Self::Forbidden | Self::Blocked)
    }

    /// Whether no answer came at all: the node may be gone. A refusal is an answer, and so is a page that cannot be read.
    pub(crate) fn is_silence(self) -> bool {
        let by_network = matches!(self, Self::Refused | Self::UnknownHost | Self::Unreachable | Self::Dropped);
        by_network || self.is_timeout()
    }

    /// Whether an answer did not come in time.
    pub(crate) fn is_timeout(self) -> bool {
        self == Self::ConnectTimeout || self.is_slow_answer()
    }

    /// Whether a server that took the connection did not answer in time.
    pub(crate) fn is_slow_answer(self) -> bool {
        matches!(self, Self::AnswerTimeout | Self::BodyTimeout)
    }

    /// Whether the server answers, but knows no such path: an older server, or another one.
    pub(crate) fn is_about_path(self) -> bool {
        matches!(self, Self::NoSuchEndpoint | Self::NotFound)
    }
}

/// One thing that is wrong with one target, now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// The name of the deployment or exporter, as in the lab file; `prometheus` of the lab's Prometheus server itself.
    pub target: String,
    /// `"10.0.0.21:9000"`; shown only where names may be shown.
    pub node: String,
    /// The page that was asked for: `"v3 requests"`.
    pub page: String,
    /// When it began, on the source's clock.
    pub since_secs: f64,
    pub code: FaultCode,
    /// What the server does, without its name: `"refuses the connection"`.
    pub cause: String,
    /// The way out, as a sentence.
    pub remedy: String,
}

impl Fault {
    /// Whether another one is of the same node of the same target.
    pub(crate) fn is_of_node(&self, other: &Self) -> bool {
        (&self.target, &self.node) == (&other.target, &other.node)
    }

    /// `"warm: 10.0.0.21:9000 refuses the connection. Is MinIO running there, and is the port right?"`
    pub fn sentence(&self, show_node: bool) -> String {
        let node = match self.node.as_str() {
            "" => "the deployment",
            node if show_node => node,
            _ => "the server",
        };
        let page = if self.code == FaultCode::PageWaits { format!("page {} of ", self.page) } else { String::new() };
        format!("{}: {page}{node} {}. {}", self.target, self.cause, self.remedy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_names_the_host_only_when_it_may() {
        let [target, node, page, cause, remedy] =
            ["warm", "10.0.0.21:9000", "v3 requests", "refuses the connection", "Is MinIO running there?"]
                .map(str::to_owned);
        let fault = Fault { target, node, page, since_secs: 0.0, code: FaultCode::Refused, cause, remedy };
        assert_eq!(fault.sentence(true), "warm: 10.0.0.21:9000 refuses the connection. Is MinIO running there?");
        assert_eq!(fault.sentence(false), "warm: the server refuses the connection. Is MinIO running there?");
    }
}
