//! What a request is answered with, and what it does.

use egui::emath::pos2;
use serde_json::Value;

use crate::bundle;
use crate::picture::STAGE;
use crate::remote::pace::PointPace;
use crate::remote::pass::{Reach, RemotePass};

/// The talk that is spoken to.
pub trait Talk: Send + Sync + 'static {
    /// Carries out the command of a name; `rest` is what it needs besides, such as the step of a jump, and mostly empty.
    /// Err: there is no such command, and which is near.
    fn carry_out(&self, name: &str, rest: &str) -> Result<(), String>;

    /// The laser is on at this point of the stage, in its units, or it is off.
    fn point(&self, at: Option<[f32; 2]>);

    /// Somebody got the token for the key that the console shows.
    fn paired(&self);

    /// Where the talk is, as a phone shows it.
    fn state(&self) -> Value;

    /// The final picture of a step, as PNG. Names of a lab are never in it.
    fn picture(&self, of: PictureOf) -> Vec<u8>;
}

/// Which step's picture is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureOf {
    /// The step on stage, as near as it is seen there.
    Now,
    Next,
}

/// The parts of a request that matter.
pub(super) struct PhoneRequest<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) authorization: Option<&'a str>,
    pub(super) body: &'a [u8],
}

/// An answer, ready to be sent.
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) kind: &'static str,
    pub(super) body: Vec<u8>,
}

impl Reply {
    pub(super) fn words(status: u16, words: &str) -> Self {
        Self { status, kind: "text/plain; charset=utf-8", body: format!("{words}\n").into_bytes() }
    }
}

/// Nothing is done and nothing is told without the token; the page and the pairing of a phone are for the room only.
pub(super) fn answer((pass, pace): (&RemotePass, &PointPace), talk: &dyn Talk, asked: &PhoneRequest<'_>) -> Reply {
    if pass.reach == Reach::Room {
        match (asked.method, asked.path) {
            ("GET", "/") => return page(),
            ("POST", "/pair") => return pair(pass, talk, asked.body),
            _ => {}
        }
    }
    let token = asked.authorization.and_then(|header| header.strip_prefix("Bearer "));
    if !token.is_some_and(|token| pass.knows(token)) {
        return Reply::words(401, "the token is missing or wrong");
    }
    match (asked.method, asked.path) {
        ("GET", "/state") => {
            Reply { status: 200, kind: "application/json", body: talk.state().to_string().into_bytes() }
        }
        ("GET", "/now.png") => Reply { status: 200, kind: "image/png", body: talk.picture(PictureOf::Now) },
        ("GET", "/next.png") => Reply { status: 200, kind: "image/png", body: talk.picture(PictureOf::Next) },
        ("POST", "/laser") => point(pace, talk, asked.body),
        ("POST", path) => match path.strip_prefix("/command/").zip(std::str::from_utf8(asked.body).ok()) {
            Some((name, rest)) => match talk.carry_out(name, rest.trim()) {
                Ok(()) => Reply::words(200, "done"),
                Err(words) => Reply::words(404, &words),
            },
            None => Reply::words(404, "there are /command/NAME and /laser"),
        },
        ("GET", _) => Reply::words(404, "there are /state, /now.png and /next.png"),
        _ => Reply::words(405, "commands are posted, the rest is got"),
    }
}

fn page() -> Reply {
    Reply { status: 200, kind: "text/html; charset=utf-8", body: bundle::REMOTE_PAGE.as_bytes().to_vec() }
}

/// `960 540` puts the laser there, and nothing puts it out. Points that come too fast are refused, the end of them never.
fn point(pace: &PointPace, talk: &dyn Talk, body: &[u8]) -> Reply {
    if body.trim_ascii().is_empty() {
        talk.point(None);
        return Reply::words(200, "out");
    }
    let Some(at) = std::str::from_utf8(body).ok().and_then(point_of) else {
        return Reply::words(400, "a point of the stage is written as 960 540");
    };
    if !pace.may_go() {
        return Reply::words(429, "at most 30 points a second");
    }
    talk.point(Some(at));
    Reply::words(200, "there")
}

/// The point of the stage that the words name; beside the stage, the nearest one on it.
fn point_of(words: &str) -> Option<[f32; 2]> {
    let (x, y) = words.trim().split_once(' ')?;
    let side = |word: &str| word.trim().parse::<f32>().ok().filter(|side| side.is_finite());
    let at = STAGE.clamp(pos2(side(x)?, side(y)?));
    Some([at.x, at.y])
}

/// The token for the key that the console shows: once.
fn pair(pass: &RemotePass, talk: &dyn Talk, key: &[u8]) -> Reply {
    match std::str::from_utf8(key).ok().and_then(|key| pass.take_key(key.trim())) {
        Some(token) => {
            talk.paired();
            Reply { status: 200, kind: "text/plain; charset=utf-8", body: token.into_bytes() }
        }
        None => Reply::words(403, "the key is wrong or was used"),
    }
}
