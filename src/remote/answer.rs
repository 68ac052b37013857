//! What a request is answered with, and what it does.

use serde_json::Value;

use crate::bundle;
use crate::remote::pass::{Pass, Reach};

/// The talk that is spoken to.
pub trait Talk: Send + Sync + 'static {
    /// Carries out the command of a name. Err: there is none, and which is near.
    fn carry_out(&self, name: &str) -> Result<(), String>;

    /// Where the talk is, as a phone shows it.
    fn state(&self) -> Value;

    /// The final picture of the next step, as PNG.
    fn next_picture(&self) -> Vec<u8>;
}

/// The parts of a request that matter.
pub(super) struct Asked<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) authorization: Option<&'a str>,
    pub(super) body: &'a [u8],
}

/// An answer, ready to be sent.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) kind: &'static str,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn words(status: u16, words: &str) -> Self {
        Self { status, kind: "text/plain; charset=utf-8", body: format!("{words}\n").into_bytes() }
    }
}

/// Nothing is done and nothing is told without the token; the page and the pairing of a phone are for the room only.
pub(super) fn answer(pass: &Pass, talk: &dyn Talk, asked: &Asked<'_>) -> Answer {
    if pass.reach == Reach::Room {
        match (asked.method, asked.path) {
            ("GET", "/") => return page(),
            ("POST", "/pair") => return pair(pass, asked.body),
            _ => {}
        }
    }
    let token = asked.authorization.and_then(|header| header.strip_prefix("Bearer "));
    if !token.is_some_and(|token| pass.knows(token)) {
        return Answer::words(401, "the token is missing or wrong");
    }
    match (asked.method, asked.path) {
        ("GET", "/state") => {
            Answer { status: 200, kind: "application/json", body: talk.state().to_string().into_bytes() }
        }
        ("GET", "/next.png") => Answer { status: 200, kind: "image/png", body: talk.next_picture() },
        ("POST", path) => match path.strip_prefix("/command/") {
            Some(name) => match talk.carry_out(name) {
                Ok(()) => Answer::words(200, "done"),
                Err(words) => Answer::words(404, &words),
            },
            None => Answer::words(404, "there is /command/NAME"),
        },
        ("GET", _) => Answer::words(404, "there are /state and /next.png"),
        _ => Answer::words(405, "commands are posted, the rest is got"),
    }
}

fn page() -> Answer {
    Answer { status: 200, kind: "text/html; charset=utf-8", body: bundle::REMOTE_PAGE.as_bytes().to_vec() }
}

/// The token for the key that the console shows: once.
fn pair(pass: &Pass, key: &[u8]) -> Answer {
    match std::str::from_utf8(key).ok().and_then(|key| pass.take_key(key.trim())) {
        Some(token) => Answer { status: 200, kind: "text/plain; charset=utf-8", body: token.into_bytes() },
        None => Answer::words(403, "the key is wrong or was used"),
    }
}
