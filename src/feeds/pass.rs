//! How a door is opened: by a given token, a minted one, user and password, or nothing.

use std::fmt;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::lab::Auth;
use crate::live::FaultCode;

use super::secret::{Secret, SecretSource};
use super::token;
use super::trouble::Trouble;

/// Whose door it is: they understand different keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DoorOf {
    Minio,
    Exporter,
    Prometheus,
}

impl DoorOf {
    /// What stands in a sentence in place of MinIO's name.
    pub(super) fn noun(self) -> Option<&'static str> {
        match self {
            Self::Minio => None,
            Self::Exporter => Some("the exporter"),
            Self::Prometheus => Some("the Prometheus server"),
        }
    }
}

/// What opens the door of a target, fetched or minted when it is needed. Its `Debug` form names no key and no user.
pub(super) enum Pass {
    Public,
    /// An exporter or another server that asks for no login, as far as is known.
    Open,
    /// `MinIO`'s own kind of token.
    Token(SecretSource),
    /// Any text that the server, or what stands before it, takes for a token.
    Bearer(SecretSource),
    Basic {
        user: String,
        password: SecretSource,
    },
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

impl fmt::Debug for Pass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public => "Public",
            Self::Open => "Open",
            Self::Token(_) => "Token",
            Self::Bearer(_) => "Bearer",
            Self::Basic { .. } => "Basic",
            Self::Keys { .. } => "Keys",
        })
    }
}

impl Pass {
    /// `folder` is the lab file's.
    pub(super) fn new(auth: &Auth, of: DoorOf, folder: &Path) -> Self {
        match auth {
            Auth::Public if of != DoorOf::Minio => Self::Open,
            Auth::Public => Self::Public,
            Auth::Token(place) if of != DoorOf::Minio => Self::Bearer(SecretSource::new(place, folder)),
            Auth::Token(place) => Self::Token(SecretSource::new(place, folder)),
            Auth::Basic { user, password } => {
                Self::Basic { user: user.clone(), password: SecretSource::new(password, folder) }
            }
            Auth::Keys { access, secret } => {
                Self::Keys { access: access.clone(), secret: SecretSource::new(secret, folder), minted: None }
            }
        }
    }

    /// What to send now in the header `Authorization`.
    pub(super) fn current_header(&mut self, now_unix_secs: u64) -> Result<Option<Secret>, Trouble> {
        match self {
            Self::Public | Self::Open => Ok(None),
            Self::Token(source) => {
                let given = source.current()?;
                token::check_form(&given, &source.place_words())?;
                Ok(Some(bearer(&given)))
            }
            Self::Bearer(source) => {
                let given = source.current()?;
                token::check_sendable(&given, &source.place_words())?;
                Ok(Some(bearer(&given)))
            }
            Self::Basic { user, password } => {
                let password = password.current()?;
                let packed = STANDARD.encode(format!("{user}:{}", password.reveal()));
                Ok(Some(Secret::new(&format!("Basic {packed}"))))
            }
            Self::Keys { access, secret, minted } => {
                let from = secret.current()?;
                let good = minted.take().filter(|old| old.is_good(&from, now_unix_secs));
                let minted = minted.insert(good.unwrap_or_else(|| Minted::new(access, from, now_unix_secs)));
                Ok(Some(bearer(&minted.token)))
            }
        }
    }

    /// The server refused the token: a minted one is forgotten, a given one is looked at. Returns what to say.
    pub(super) fn explain_refusal(&mut self, refused: Trouble, now_unix_secs: u64) -> Trouble {
        match self {
            Self::Open if refused.code.is_about_auth() => {
                let cause = refused.cause.replace("refuses the token", "asks for a login");
                Trouble::new(
                    refused.code,
                    &cause,
                    "Give auth: Basic(user: …, password: …) or Token(…) in the lab file, or tls: (cert: …, key: …).",
                )
                .by_flags("Give --user NAME --password-env NAME, or --token-file FILE, or --cert FILE --key FILE.")
            }
            Self::Bearer(source) | Self::Basic { password: source, .. } if refused.code.is_about_auth() => {
                let cause =
                    format!("refuses the login ({})", if refused.code == FaultCode::Unauthorized { 401 } else { 403 });
                let remedy = format!("Does {} belong to this server, and to this user?", source.place_words());
                Trouble::new(refused.code, &cause, &remedy)
            }
            // What is not MinIO's own refusal says by itself where it comes from.
            _ if refused.code != FaultCode::Forbidden => refused,
            Self::Public => {
                let cause = refused.cause.replace("refuses the token", "gives its metrics only to those with a token");
                Trouble::new(
                    refused.code,
                    &cause,
                    "Give auth: Keys(…) or Token(…) in the lab file, or make the metrics public on the server (MINIO_PROMETHEUS_AUTH_TYPE=public). Until then its health alone is shown: whether it can write, and what is known of its nodes.",
                )
                .by_flags(
                    "Give --access KEY --secret-env NAME, or --token-file FILE, or make the metrics public on the server (MINIO_PROMETHEUS_AUTH_TYPE=public).",
                )
            }
            Self::Open | Self::Bearer(_) | Self::Basic { .. } => refused,
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

fn bearer(token: &Secret) -> Secret {
    Secret::new(&format!("Bearer {}", token.reveal()))
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
