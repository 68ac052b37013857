//! Who may speak to the talk: whoever has the token. It lies in a file that only its owner can read, for `tierlight remote`.

#![expect(clippy::disallowed_methods, reason = "the token's file is written and read here")]

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use directories::ProjectDirs;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// From where the talk can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// From this machine.
    Machine,
    /// From the room, with a page for a phone.
    Room,
}

/// The token, and the key for which a phone gets it once, while one is waited for.
pub struct RemotePass {
    pub(super) reach: Reach,
    token: String,
    key: Mutex<Option<String>>,
}

/// Where a talk can be reached, and the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Spoken {
    pub(crate) address: SocketAddr,
    pub(crate) token: String,
}

/// 16 bytes that nobody guesses, as letters.
fn secret() -> Result<String, String> {
    let mut bytes = [0_u8; 16];
    let random = rustls::crypto::ring::default_provider().secure_random;
    random.fill(&mut bytes).map_err(|_failed| "this machine has no random numbers".to_owned())?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

impl RemotePass {
    /// A new token.
    pub fn new(reach: Reach) -> Result<Self, String> {
        Ok(Self { reach, token: secret()?, key: Mutex::default() })
    }

    pub fn token(&self) -> &str {
        &self.token
    }

    /// The key that a phone is waited for with: a new one, where the last was used or withdrawn. None where phones are not
    /// let in.
    pub(super) fn offer_key(&self) -> Option<String> {
        let mut key = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        if key.is_none() && self.reach == Reach::Room {
            *key = secret().map_err(|words| log::warn!("no phone can be paired: {words}")).ok();
        }
        key.clone()
    }

    /// From now on no phone is waited for.
    pub(super) fn withdraw_key(&self) -> Option<String> {
        *self.key.lock().unwrap_or_else(PoisonError::into_inner) = None;
        None
    }

    /// Whether this is the token. Digests are compared, so that the time it takes tells nothing.
    pub(super) fn knows(&self, token: &str) -> bool {
        Sha256::digest(token) == Sha256::digest(&self.token)
    }

    /// The token for the key, which is no key any more.
    pub(super) fn take_key(&self, key: &str) -> Option<String> {
        let mut known = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = known.as_ref().is_some_and(|known| Sha256::digest(known) == Sha256::digest(key));
        if is_it {
            *known = None;
        }
        is_it.then(|| self.token.clone())
    }
}

impl Spoken {
    /// Where it is kept while the talk can be reached.
    pub(crate) fn usual_path() -> Option<PathBuf> {
        let folders = ProjectDirs::from("", "", "tierlight")?;
        Some(folders.state_dir().unwrap_or(folders.data_local_dir()).join("remote.json"))
    }

    /// Writes it where only its owner can read it.
    pub(crate) fn write(&self, path: &Path) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let beside = path.with_extension(format!("{}.tmp", std::process::id()));
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(&beside)?.write_all(&serde_json::to_vec(self)?)?;
        fs::rename(&beside, path)
    }

    pub(crate) fn read(path: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(path).ok()?).ok()
    }

    /// Takes it away when the talk ends, unless another talk wrote its own since.
    pub(crate) fn remove(&self, path: &Path) {
        if Self::read(path).as_ref() == Some(self)
            && let Err(error) = fs::remove_file(path)
        {
            log::info!("{}: {error}", path.display());
        }
    }
}
