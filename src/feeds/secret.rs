//! Secrets: fetched from the environment or a file when they are needed, and shown to nobody.

#![expect(clippy::disallowed_methods, reason = "secret files are read here")]

use std::fmt;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::time::SystemTime;

use crate::lab::SecretPlace;
use crate::live::FaultCode;
use crate::ron_text;

use super::trouble::Trouble;

/// A secret larger than this is some other file.
const SECRET_BYTES: u64 = 64 * 1024;

/// A text that prints as nothing.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Secret(String);

impl Secret {
    pub(super) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text itself, for the one place that sends or signs with it.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// A secret's place with what was last read there; a file is read again when it has changed.
#[derive(Debug)]
pub(super) struct SecretSource {
    place: SecretPlace,
    path: PathBuf,
    last: Option<(Option<Stamp>, Secret)>,
}

impl SecretSource {
    /// `folder` is the lab file's.
    pub(super) fn new(place: &SecretPlace, folder: &Path) -> Self {
        let path = match place {
            SecretPlace::File(file) => folder.join(file),
            SecretPlace::Env(_) => PathBuf::new(),
        };
        Self { place: place.clone(), path, last: None }
    }

    /// The secret as it is now, without the line break a file ends with.
    pub(super) fn current(&mut self) -> Result<Secret, Trouble> {
        let stamp = self.file_stamp()?;
        if let Some((known, secret)) = &self.last
            && stamp.is_some()
            && *known == stamp
        {
            return Ok(secret.clone());
        }
        let secret = Secret::new(self.read_text()?.trim());
        if secret.reveal().is_empty() {
            return Err(self.missing_secret("is empty"));
        }
        self.last = Some((stamp, secret.clone()));
        Ok(secret)
    }

    fn file_stamp(&self) -> Result<Option<Stamp>, Trouble> {
        match self.place {
            SecretPlace::Env(_) => Ok(None),
            SecretPlace::File(_) => {
                let known = fs::metadata(&self.path).map_err(|refused| self.missing_secret(refusal_words(&refused)))?;
                self.check_private(&known)?;
                if known.len() > SECRET_BYTES {
                    return Err(self.missing_secret("is far too large for a secret"));
                }
                Ok(Some(Stamp::of_file(&known)))
            }
        }
    }

    fn read_text(&self) -> Result<String, Trouble> {
        match &self.place {
            SecretPlace::Env(name) => std::env::var(name).map_err(|refused| match refused {
                std::env::VarError::NotPresent => self.missing_secret("is not set"),
                std::env::VarError::NotUnicode(_) => self.missing_secret("is not readable text"),
            }),
            SecretPlace::File(_) => {
                let bytes = fs::read(&self.path).map_err(|refused| self.missing_secret(refusal_words(&refused)))?;
                ron_text::plain_text(&bytes).map(str::to_owned).map_err(|why| self.missing_secret(why))
            }
        }
    }

    #[cfg(unix)]
    fn check_private(&self, known: &fs::Metadata) -> Result<(), Trouble> {
        use std::os::unix::fs::PermissionsExt as _;
        let for_others = known.permissions().mode() & 0o077;
        if for_others == 0 {
            return Ok(());
        }
        let place = self.place_words();
        let cause = format!("was not asked, because {place} may be read by other users of this machine");
        let remedy = format!("Make it private: chmod 600 {}", self.file_name());
        Err(Trouble::new(FaultCode::SecretExposed, &cause, &remedy))
    }

    #[cfg(not(unix))]
    fn check_private(&self, _known: &fs::Metadata) -> Result<(), Trouble> {
        Ok(())
    }

    fn missing_secret(&self, why: &str) -> Trouble {
        let cause = format!("was not asked, because {} {why}", self.place_words());
        let what = match &self.place {
            SecretPlace::Env(name) => format!("Set {name} before Tierlight starts"),
            SecretPlace::File(_) => "Put the secret there".to_owned(),
        };
        Trouble::new(FaultCode::SecretMissing, &cause, &format!("{what}, or name another place in the lab file."))
            .by_flags(&format!("{what}, or name another place: --secret-env NAME or --secret-file FILE."))
    }

    /// `the environment variable LAB_SECRET`, `the secret file warm.token`.
    pub(super) fn place_words(&self) -> String {
        match &self.place {
            SecretPlace::Env(name) => format!("the environment variable {name}"),
            SecretPlace::File(_) => format!("the secret file {}", self.file_name()),
        }
    }

    /// The last part only: folders name people.
    fn file_name(&self) -> String {
        self.path.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned())
    }
}

/// When a file was changed and how long it is: enough to see that it is another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp(Option<SystemTime>, u64);

impl Stamp {
    pub(super) fn of_file(known: &fs::Metadata) -> Self {
        Self(known.modified().ok(), known.len())
    }
}

/// Why a file could not be had.
pub(super) fn refusal_words(refused: &std::io::Error) -> &'static str {
    match refused.kind() {
        std::io::ErrorKind::NotFound => "is not there",
        std::io::ErrorKind::PermissionDenied => "may not be read by this user",
        std::io::ErrorKind::InvalidData => "is not readable text",
        _ => "cannot be read",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_as_nothing() {
        assert_eq!(format!("{:?}", Some(Secret::new("hunter2"))), "Some(Secret(…))");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_refused_while_others_may_read_it_and_read_again_when_changed() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("warm.token");
        let mut source = SecretSource::new(&SecretPlace::File("warm.token".into()), folder.path());
        assert_eq!(source.current().unwrap_err().code, FaultCode::SecretMissing);

        fs::write(&path, "first\n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let exposed = source.current().unwrap_err();
        assert_eq!(exposed.code, FaultCode::SecretExposed);
        assert!(exposed.cause.contains("warm.token") && !exposed.cause.contains("first"), "{exposed:?}");

        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(source.current().unwrap().reveal(), "first");
        fs::write(&path, "second").unwrap();
        assert_eq!(source.current().unwrap().reveal(), "second");
        fs::write(&path, "\u{feff}third\r\n").unwrap();
        assert_eq!(source.current().unwrap().reveal(), "third", "as an editor of Windows saves it");
        fs::write(&path, b"\xff\xfes\0e\0c\0").unwrap();
        let refused = source.current().unwrap_err();
        assert!(refused.cause.contains("UTF-16"), "{refused:?}");
    }
}
