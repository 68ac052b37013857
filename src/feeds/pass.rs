//! How a deployment's door is opened: a given token, a minted one, or none.

use std::path::Path;

use crate::lab::Auth;
use crate::live::FaultCode;

use super::secret::{Secret, SecretSource};
use super::token;
use super::trouble::Trouble;

/// The token of a target, fetched or minted when it is needed.
#[derive(Debug)]
pub(super) enum Pass {
    Public,
    /// An exporter, which is asked without a token and cannot be given one.
    Exporter,
    Token(SecretSource),
    Keys {
        access: String,
        secret: SecretSource,
        minted: Option<Minted>,
    },
}

/// A token made here, and what it was made from.
#[derive(Debug)]
pub(super) struct Minted {
    token: Secret,
    from: Secret,
    expires_unix_secs: u64,
}

impl Pass {
    /// `folder` is the lab file's.
    pub(super) fn new(auth: &Auth, folder: &Path) -> Self {
        match auth {
            Auth::Public => Self::Public,
            Auth::Token(place) => Self::Token(SecretSource::new(place, folder)),
            Auth::Keys { access, secret } => {
                Self::Keys { access: access.clone(), secret: SecretSource::new(secret, folder), minted: None }
            }
        }
    }

    /// The token to send now.
    pub(super) fn current_token(&mut self, now_unix_secs: u64) -> Result<Option<Secret>, Trouble> {
        match self {
            Self::Public | Self::Exporter => Ok(None),
            Self::Token(source) => {
                let given = source.current()?;
                token::check_form(&given, &source.place_words())?;
                Ok(Some(given))
            }
            Self::Keys { access, secret, minted } => {
                let from = secret.current()?;
                let good = minted.take().filter(|old| old.is_good(&from, now_unix_secs));
                let minted = minted.insert(good.unwrap_or_else(|| Minted::new(access, from, now_unix_secs)));
                Ok(Some(minted.token.clone()))
            }
        }
    }

    /// The server refused the token: a minted one is forgotten, a given one is looked at. Returns what to say.
    pub(super) fn explain_refusal(&mut self, refused: Trouble, now_unix_secs: u64) -> Trouble {
        match self {
            Self::Exporter if refused.code.is_about_auth() => Trouble {
                cause: refused.cause.replace("refuses the token", "asks for a login"),
                remedy: "Exporters are asked without one: open this one to the presenter's machine.".to_owned(),
                ..refused
            },
            // What is not MinIO's own refusal says by itself where it comes from.
            _ if refused.code != FaultCode::Forbidden => refused,
            Self::Public => Trouble {
                cause: refused.cause.replace("refuses the token", "gives its metrics only to those with a token"),
                remedy: "Give auth: Keys(…) or Token(…) in the lab file, or make the metrics public on the server."
                    .to_owned(),
                ..refused
            },
            Self::Exporter => refused,
            Self::Token(source) => {
                let blamed = source
                    .current()
                    .ok()
                    .and_then(|given| token::blame_token(&given, &source.place_words(), now_unix_secs));
                blamed.unwrap_or(refused)
            }
            Self::Keys { secret, minted, .. } => {
                *minted = None;
                let remedy = format!(
                    "Do the access key and {} belong to this deployment, and may the key read metrics (admin:Prometheus)?",
                    secret.place_words()
                );
                let cause = refused.cause.replace("the token", "the access key");
                Trouble { cause, remedy, ..refused }
            }
        }
    }
}

impl Minted {
    fn new(access: &str, from: Secret, now_unix_secs: u64) -> Self {
        let expires_unix_secs = now_unix_secs + token::LIFE_SECS;
        Self { token: token::mint_token(access, &from, expires_unix_secs), from, expires_unix_secs }
    }

    fn is_good(&self, from: &Secret, now_unix_secs: u64) -> bool {
        // A clock set back by days must not keep a token that was minted in the future.
        let left = self.expires_unix_secs.saturating_sub(now_unix_secs);
        self.from == *from && left > token::RENEW_SECS && left <= token::LIFE_SECS
    }
}
