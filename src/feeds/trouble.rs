//! From the errors of the HTTP and TLS crates to words for a presenter.

use std::io;
use std::io::ErrorKind;

use rustls::AlertDescription;
use rustls::CertificateError;
use ureq::Error;
use ureq::Timeout;

use crate::live::{Fault, FaultCode as Code};
use crate::plural::counted;
use crate::signal::Tier;
use crate::telemetry::{BucketCoverage, Collected, Coverage, Endpoint};

/// So many buckets are read within two ticks, which is nothing to speak of.
const FEW_BUCKETS: usize = 20;

/// A fault before it is known whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub code: Code,
    pub cause: String,
    pub remedy: String,
    /// The remedy for who gave flags instead of a lab file, where it is another.
    pub by_flags: Option<String>,
    /// The status of an answer, where one came and the status was the trouble.
    pub status: Option<u16>,
}

impl Trouble {
    pub(super) fn new(code: Code, cause: &str, remedy: &str) -> Self {
        Self { code, cause: cause.to_owned(), remedy: remedy.to_owned(), by_flags: None, status: None }
    }

    /// The same, with another remedy for who gave flags.
    pub(super) fn by_flags(self, remedy: &str) -> Self {
        Self { by_flags: Some(remedy.to_owned()), ..self }
    }

    /// The same, of an answer with this status.
    pub(super) fn with_status(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }

    /// The same, told to who gave flags.
    pub(super) fn told_by_flags(mut self) -> Self {
        self.remedy = self.by_flags.take().unwrap_or(self.remedy);
        self
    }

    /// A page of metrics that should tell of traffic and does not.
    pub(super) fn no_traffic(collected: &Collected) -> Self {
        let found = collected.stands_for_traffic().unwrap_or("nothing that is known");
        let cause = format!("answers with metrics, but with no traffic in them; there is {found}");
        Self::new(
            Code::NoTraffic,
            &cause,
            "Were they renamed by a collector on the way? Give MinIO's own URL in the lab file.",
        )
    }

    /// A page for the whole deployment that did not come, of a node that is well by its own pages; `is_alone`: it has no
    /// peers.
    pub(super) fn of_waiting_page(is_alone: bool) -> Self {
        let (cause, remedy) = if is_alone {
            ("does not come in time", "The node itself answers: is it overloaded, or does it count very many buckets?")
        } else {
            ("waits for its peers", "The node itself answers: is another node of the deployment lost or slow?")
        };
        Self::new(Code::PageWaits, cause, remedy)
    }

    /// A page whose numbers are none, or run backwards.
    pub(super) fn unusable_numbers() -> Self {
        Self::new(
            Code::Unreadable,
            "answers with metrics whose numbers make no sense",
            "The last good ones stay in use; does a proxy in between change the answer?",
        )
        .by_flags("Does a proxy in between change the answer?")
    }

    /// That no bucket matches the patterns of these tiers; none where each has one.
    pub(super) fn of_missing_buckets(tiers: &[(Tier, &[String])]) -> Option<Self> {
        let of_tier = |(tier, patterns): &(Tier, &[String])| format!("{} ({})", patterns.join(", "), tier.id());
        let missing: Vec<String> = tiers.iter().map(of_tier).collect();
        let cause = format!("has no bucket with anything in it that matches {}", missing.join(", nor one for "));
        let remedy =
            "Is that spelt right in the lab file? A bucket that is filled now is found within a minute or two.";
        (!missing.is_empty()).then(|| Self::new(Code::NoBucket, &cause, remedy))
    }

    /// Why what the asked nodes tell is not of the whole deployment, with the page that leaves it out.
    pub(super) fn of_partial_sight(coverage: &Coverage, buckets: &BucketCoverage) -> Option<(Self, Endpoint)> {
        if buckets.is_part() && buckets.total > FEW_BUCKETS {
            let cause = format!("has {} to read, {} so far", counted(buckets.total, "bucket"), buckets.read);
            let remedy =
                "Traffic is shown when all of them were read twice; fewer buckets in the lab file are read sooner.";
            return Some((Self::new(Code::PartOfBuckets, &cause, remedy), Endpoint::V3Bucket(String::new())));
        }
        // Where no node tells for itself, v2 is what there is, and no part of anything.
        let is_part = coverage.asked > coverage.untold && coverage.asked > 0;
        let total = coverage.total.unwrap_or(coverage.asked).max(coverage.asked);
        if !is_part || (total == coverage.asked && coverage.untold == 0) {
            return None;
        }
        let totals =
            if coverage.by_v2 { "totals come from v2, to 15 s late" } else { "and v2, which knows all, is not read" };
        let (cause, remedy) = if coverage.is_balanced {
            let cause = format!("stands before {total} nodes, of which one is seen a poll; {totals}");
            (cause, "Name every node in the lab file to see more: urls: [\"http://node1:9000\", …].")
        } else if total > coverage.asked {
            let asked = coverage.asked;
            let cause = format!("is one of {total} nodes, of which {asked} are asked; {totals}");
            (cause, "Name every node in the lab file to see them at once: urls: [\"http://node1:9000\", …].")
        } else {
            let told = coverage.asked - coverage.untold;
            let cause = format!("is one of {total} nodes, of which {told} tell their traffic; {totals}");
            (cause, "What keeps a node from telling is said of it; once mended, all is told at once again.")
        };
        Some((Self::new(Code::PartOfNodes, &cause, remedy), Endpoint::V3Requests))
    }

    /// The fault of a target's page on one of its nodes.
    pub(super) fn fault_at(self, target: &str, node: &str, page: &str, since_secs: f64) -> Fault {
        let Self { code, cause, remedy, by_flags: _, status: _ } = self;
        let (target, node, page) = (target.to_owned(), node.to_owned(), page.to_owned());
        Fault { target, node, page, since_secs, code, cause, remedy }
    }
}

/// What kept a request from being answered. `secure`: the URL is https.
pub(super) fn of_request(failed: &Error, secure: bool) -> Trouble {
    match failed {
        Error::Io(failed) => of_io(failed, secure),
        Error::Rustls(failed) => of_tls(failed),
        Error::Tls(_) | Error::TlsRequired | Error::Pem(_) => other_tls(),
        Error::Timeout(which) => of_timeout(*which),
        Error::HostNotFound => Trouble::new(
            Code::UnknownHost,
            "is a name that is not known here",
            "Is it spelt right in the lab file, and is this machine in the lab's network?",
        )
        .by_flags("Is it spelt right, and is this machine in the lab's network?"),
        Error::ConnectProxyFailed(_) | Error::InvalidProxyUrl => Trouble::new(
            Code::Proxy,
            "was not reached, because the proxy of the lab file refuses to connect",
            "Is the proxy needed, and is its URL right?",
        ),
        Error::Protocol(_) | Error::LargeResponseHeader(..) | Error::Http(_) => not_http(secure),
        _ => dropped_connection(secure),
    }
}

/// What broke off a body.
pub(super) fn of_body(failed: &io::Error) -> Trouble {
    let inner = failed.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    match inner {
        Some(Error::Timeout(_)) => Trouble::new(
            Code::BodyTimeout,
            "begins to answer and does not finish in time",
            "Is the server or the network overloaded? The last full answer stays in use.",
        ),
        _ => cut_short(),
    }
}

fn of_io(failed: &io::Error, secure: bool) -> Trouble {
    if let Some(tls) = failed.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return of_tls(tls);
    }
    match failed.kind() {
        ErrorKind::ConnectionRefused => {
            Trouble::new(Code::Refused, "refuses the connection", "Is it running there, and is the port right?")
        }
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => Trouble::new(
            Code::Unreachable,
            "cannot be reached from here",
            "Is this machine in the lab's network? A cable or a VPN may be missing.",
        ),
        ErrorKind::TimedOut | ErrorKind::WouldBlock => of_timeout(Timeout::Connect),
        ErrorKind::InvalidData => not_http(secure),
        _ => dropped_connection(secure),
    }
}

fn of_timeout(which: Timeout) -> Trouble {
    match which {
        Timeout::Resolve => Trouble::new(
            Code::UnknownHost,
            "was not found, because the name server does not answer",
            "Is this machine in the lab's network? An IP address in the lab file needs no name server.",
        )
        .by_flags("Is this machine in the lab's network? An IP address needs no name server."),
        Timeout::Connect => Trouble::new(
            Code::ConnectTimeout,
            "does not take the connection in time",
            "Is the address right, and does a firewall stand between?",
        ),
        Timeout::RecvBody => Trouble::new(
            Code::BodyTimeout,
            "begins to answer and does not finish in time",
            "Is the server or the network overloaded?",
        ),
        _ => Trouble::new(
            Code::AnswerTimeout,
            "takes the connection and does not answer in time",
            "Is the server overloaded, or does it wait for a lost node?",
        ),
    }
}

/// What is wrong with https.
pub(super) fn of_tls(failed: &rustls::Error) -> Trouble {
    match failed {
        rustls::Error::InvalidCertificate(bad) => of_certificate(bad),
        rustls::Error::InvalidMessage(_) => Trouble::new(
            Code::TlsToPlain,
            "does not speak https",
            "Write http:// in the lab file, or give the server a certificate.",
        )
        .by_flags("Write http:// in the URL, or give the server a certificate."),
        rustls::Error::General(words) if words.contains("CA certificates") => Trouble::new(
            Code::BadCa,
            "was not asked, because this machine has no CA certificates of its own",
            "Give the lab's CA file in the lab file: tls: (ca: \"ca.pem\").",
        )
        .by_flags("Give the lab's CA file: --ca FILE."),
        rustls::Error::AlertReceived(AlertDescription::CertificateRequired) => Trouble::new(
            Code::Tls,
            "asks for a client certificate",
            "Give it in the lab file: tls: (cert: \"client.pem\", key: \"client.key\").",
        )
        .by_flags("Give it: --cert FILE --key FILE."),
        rustls::Error::AlertReceived(
            AlertDescription::BadCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::DecryptError,
        ) => Trouble::new(
            Code::Tls,
            "does not accept our client certificate",
            "Was it issued by the CA that this server trusts, and is it still valid?",
        ),
        _ => other_tls(),
    }
}

fn of_certificate(bad: &CertificateError) -> Trouble {
    use CertificateError as Bad;
    match bad {
        Bad::UnknownIssuer | Bad::BadSignature => Trouble::new(
            Code::UnknownCa,
            "shows a certificate from a CA that is not trusted here",
            "Give the lab's CA file in the lab file: tls: (ca: \"ca.pem\").",
        )
        .by_flags("Give the lab's CA file, or the very certificate: --ca FILE."),
        Bad::Expired | Bad::ExpiredContext { .. } => Trouble::new(
            Code::ExpiredCertificate,
            "shows a certificate that has expired",
            "Renew the certificate, and look at the clocks of the server and of this machine.",
        ),
        Bad::NotValidYet | Bad::NotValidYetContext { .. } => Trouble::new(
            Code::ExpiredCertificate,
            "shows a certificate that is not valid yet",
            "Look at the clocks of the server and of this machine.",
        ),
        Bad::NotValidForNameContext { presented, .. } if presented.is_empty() => Trouble::new(
            Code::WrongName,
            "shows a certificate that has no names (SAN)",
            "Make it again with the host's name or address as a subject alternative name; its CN alone is read by nobody.",
        ),
        Bad::NotValidForName | Bad::NotValidForNameContext { .. } => Trouble::new(
            Code::WrongName,
            "shows a certificate made for another name",
            "Use the certificate's name in the URL, or give it: tls: (name: \"…\").",
        )
        .by_flags("Use the certificate's name in the URL."),
        other if format!("{other:?}").contains("CaUsedAsEndEntity") => Trouble::new(
            Code::Tls,
            "shows the certificate of a CA as its own, which is trusted only where it is named itself",
            "Give this very certificate in the lab file: tls: (ca: \"public.crt\").",
        )
        .by_flags("Give this very certificate: --ca FILE."),
        _ => Trouble::new(
            Code::Tls,
            "shows a certificate that cannot be verified",
            "Renew the certificate, or give the lab's CA file: tls: (ca: \"ca.pem\").",
        )
        .by_flags("Renew the certificate, or give the lab's CA file: --ca FILE."),
    }
}

fn other_tls() -> Trouble {
    Trouble::new(
        Code::Tls,
        "and this machine do not agree on https",
        "Does the server want a client certificate, or an old version of TLS?",
    )
}

fn not_http(secure: bool) -> Trouble {
    let remedy = if secure {
        "Is this MinIO's S3 port?"
    } else {
        "Is this MinIO's S3 port, and should the URL begin with https://?"
    };
    Trouble::new(Code::NotHttp, "answers with something that is not HTTP", remedy)
}

fn dropped_connection(secure: bool) -> Trouble {
    let other = if secure { "http://" } else { "https://" };
    let remedy = format!("Is the server just starting or stopping? If this lasts, should the URL begin with {other}?");
    Trouble::new(Code::Dropped, "takes the connection and drops it without an answer", &remedy)
}

fn cut_short() -> Trouble {
    Trouble::new(
        Code::CutShort,
        "breaks off in the middle of its answer",
        "Is the server stopping, or a proxy cutting in? The last full answer stays in use.",
    )
}
