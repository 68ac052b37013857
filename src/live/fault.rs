//! What can go wrong with a scrape, each with its own sentence: the cause, and the way out.
//!
//! A sentence is read out by a presenter, perhaps on the audience window. It never holds a secret, and hosts and buckets
//! only when they may be shown.

/// What went wrong, for scripts, tests and the choice of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
}

impl FaultCode {
    /// Whether the server refused who asked: such a target is asked less often.
    pub fn is_about_auth(self) -> bool {
        let by_token = matches!(self, Self::TokenExpired | Self::WrongIssuer | Self::NotAToken);
        by_token || matches!(self, Self::Unauthorized | Self::Forbidden | Self::Blocked)
    }

    /// Whether the server answers, but knows no such path: an older server, or another one.
    pub fn is_about_path(self) -> bool {
        matches!(self, Self::NoSuchEndpoint | Self::NotFound)
    }

    /// A word for JSON, such as `"unknown-ca"`.
    pub fn word(self) -> String {
        let mut word = String::new();
        for letter in format!("{self:?}").chars() {
            if letter.is_ascii_uppercase() && !word.is_empty() {
                word.push('-');
            }
            word.push(letter.to_ascii_lowercase());
        }
        word
    }
}

/// One thing that is wrong with one target, now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The name of the deployment or exporter, as in the lab file.
    pub target: String,
    /// `"10.0.0.21:9000"`; shown only where names may be shown.
    pub host: String,
    pub code: FaultCode,
    /// What the server does, without its name: `"refuses the connection"`.
    pub cause: String,
    /// The way out, as a sentence.
    pub remedy: String,
}

impl Fault {
    /// `"warm: 10.0.0.21:9000 refuses the connection. Is MinIO running there, and is the port right?"`
    pub fn sentence(&self, show_host: bool) -> String {
        let who = if show_host { self.host.as_str() } else { "the server" };
        format!("{}: {who} {}. {}", self.target, self.cause, self.remedy)
    }
}

/// A fault before it is known whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    pub code: FaultCode,
    pub cause: String,
    pub remedy: String,
}

impl Trouble {
    pub(super) fn new(code: FaultCode, cause: &str, remedy: &str) -> Self {
        Self { code, cause: cause.to_owned(), remedy: remedy.to_owned() }
    }

    /// The fault of a target.
    pub(super) fn of(self, target: &str, host: &str) -> Fault {
        let Self { code, cause, remedy } = self;
        Fault { target: target.to_owned(), host: host.to_owned(), code, cause, remedy }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_names_the_host_only_when_it_may() {
        let trouble = Trouble::new(FaultCode::Refused, "refuses the connection", "Is MinIO running there?");
        let fault = trouble.of("warm", "10.0.0.21:9000");
        assert_eq!(fault.sentence(true), "warm: 10.0.0.21:9000 refuses the connection. Is MinIO running there?");
        assert_eq!(fault.sentence(false), "warm: the server refuses the connection. Is MinIO running there?");
        assert_eq!(FaultCode::UnknownCa.word(), "unknown-ca");
    }
}
