//! What RON refuses in a lab file, in words that never repeat a value: it may be a secret.

use ron::Error;

use crate::ron_text::Problem;

const SECRETS: &str = "secrets are given as Env(\"NAME\") or File(\"path\"), never in the file itself";

/// Takes values out of the words, and says how secrets are given.
pub(super) fn keep_secrets(error: &Error, problem: &mut Problem) {
    let (message, hint) = match error {
        Error::MissingStructField { field, .. } => (None, missing_hint(field)),
        Error::InvalidValueForType { expected, .. } => {
            let is_secret = expected.contains("Auth") || expected.contains("Secret");
            (Some(format!("expected {expected}, found something else")), if is_secret { SECRETS } else { "" })
        }
        Error::ExpectedIdentifier => (None, SECRETS),
        Error::Message(_) | Error::InvalidIdentifier(_) | Error::SuggestRawIdentifier(_) => {
            (Some("this cannot be read here".to_owned()), SECRETS)
        }
        _ => return,
    };
    problem.message = message.unwrap_or_else(|| std::mem::take(&mut problem.message));
    hint.clone_into(&mut problem.hint);
}

fn missing_hint(field: &str) -> &'static str {
    match field {
        "auth" => "auth: Token(…), Keys(access: …, secret: …), or Public when the metrics need no token",
        "urls" => "urls: [\"http://host:9000\"], one for each node",
        "kind" => "kind: Node or kind: Dcgm",
        "secret" => SECRETS,
        _ => "",
    }
}
