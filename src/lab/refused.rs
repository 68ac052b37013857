//! What RON refuses in a lab file, in words that never repeat a value: it may be a secret.

use ron::Error;

use crate::ron_text::Problem;

const SECRETS: &str = "secrets are given as Env(\"NAME\") or File(\"path\"), never in the file itself";

/// Takes values out of the words, and says how secrets are given. `text` is the file's.
pub(super) fn keep_secrets(text: &str, error: &Error, problem: &mut Problem) {
    if let Some((message, hint)) = word_without_quotes(field_before(text, problem), error) {
        // RON itself names a word that is none of them.
        if !matches!(error, Error::NoSuchEnumVariant { .. }) {
            message.clone_into(&mut problem.message);
        }
        hint.clone_into(&mut problem.hint);
        return;
    }
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

/// The field whose value stands at the problem's place.
fn field_before<'a>(text: &'a str, problem: &Problem) -> &'a str {
    let line = text.lines().nth(problem.line.saturating_sub(1)).unwrap_or_default();
    let end = line.char_indices().nth(problem.column.saturating_sub(1)).map_or(line.len(), |(at, _)| at);
    let before = line[..end].rsplit_once(':').map_or("", |(before, _)| before).trim_end();
    let is_part = |char: char| char.is_ascii_alphanumeric() || char == '_';
    &before[before.trim_end_matches(is_part).len()..]
}

/// Fields that take one of a few words, which are no texts and so no secrets either.
fn word_without_quotes(field: &str, error: &Error) -> Option<(&'static str, &'static str)> {
    let is_of_a_word = matches!(
        error,
        Error::ExpectedIdentifier
            | Error::NoSuchEnumVariant { .. }
            | Error::InvalidValueForType { .. }
            | Error::InvalidIdentifier(_)
            | Error::SuggestRawIdentifier(_)
    );
    match field {
        _ if !is_of_a_word => None,
        "tier" => Some((
            "this is no tier: a tier is one of three words, without quotes",
            "tier: T1 (hot), tier: T2 (warm) or tier: T3 (cold)",
        )),
        "buckets" => Some((
            "this is no tier: the tiers of buckets are words without quotes",
            "buckets: { T2: [\"lake\"], T3: [\"archive-*\"] }",
        )),
        "kind" if !matches!(error, Error::NoSuchEnumVariant { .. }) => {
            Some(("this is no kind of exporter: it is a word without quotes", "kind: Node or kind: Dcgm"))
        }
        _ => None,
    }
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
