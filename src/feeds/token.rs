//! Bearer tokens for MinIO's metrics: minted from an access key, or looked at before they are blamed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::Hmac;
use hmac::KeyInit as _;
use hmac::Mac as _;
use serde::Deserialize;
use sha2::Sha512;

use crate::live::FaultCode;
use crate::plural::counted;

use super::secret::Secret;
use super::trouble::Trouble;

/// How long a minted token is good for.
pub(super) const LIFE_SECS: u64 = 24 * 3600;
/// A minted token is replaced when it has less than this left.
pub(super) const RENEW_SECS: u64 = 3600;

/// Signs a token that MinIO accepts for its metrics: HS512, issuer `prometheus`, no `iat`, so that a clock that differs
/// a little does no harm.
pub(super) fn mint_token(access: &str, secret: &Secret, expires_unix_secs: u64) -> Secret {
    let claims = serde_json::json!({ "iss": "prometheus", "sub": access, "exp": expires_unix_secs });
    sign_claims(&claims.to_string(), secret)
}

fn sign_claims(claims: &str, secret: &Secret) -> Secret {
    let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS512","typ":"JWT"}"#);
    let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims));
    let signature = Hmac::<Sha512>::new_from_slice(secret.reveal().as_bytes()).map(|mac| mac.chain_update(&signed));
    // HMAC takes keys of any length, so the error never comes; without a signature the server would refuse.
    let signature = signature.map(|mac| mac.finalize().into_bytes().to_vec()).unwrap_or_default();
    Secret::new(&format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Claims {
    iss: Option<String>,
    exp: Option<f64>,
}

/// What can be seen to be no token without asking the server: such a text is never sent.
pub(super) fn check_form(token: &Secret, place: &str) -> Result<(), Trouble> {
    let text = token.reveal();
    if claims_in(text).is_some() {
        return Ok(());
    }
    let (found, remedy) = resembling(text);
    let cause = format!("was not asked, because {place} holds {found} and not a bearer token");
    Err(Trouble::new(FaultCode::NotAToken, &cause, remedy))
}

/// Refuses what no header can carry, so that it is not taken for something the server did.
pub(super) fn check_sendable(token: &Secret, place: &str) -> Result<(), Trouble> {
    if token.reveal().bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(());
    }
    let cause = format!("was not asked, because {place} holds spaces, line breaks or letters that no token has");
    Err(Trouble::new(FaultCode::NotAToken, &cause, "Keep the token only."))
}

fn resembling(text: &str) -> (&'static str, &'static str) {
    const MAKE: &str = "Make one with: mc admin prometheus generate ALIAS";
    const ONLY: &str = "Keep the value of bearer_token only.";
    if text.contains("bearer_token") || text.contains("scrape_configs") {
        ("a Prometheus configuration", ONLY)
    } else if text.starts_with("Bearer ") {
        ("a token with the word Bearer before it", "Keep the token only.")
    } else if text.starts_with("-----BEGIN") {
        ("a certificate or key", MAKE)
    } else if text.starts_with(['{', '[']) {
        ("JSON", MAKE)
    } else if text.split('.').count() == 3 {
        ("a damaged token", MAKE)
    } else if text.lines().count() > 1 {
        ("several lines", MAKE)
    } else {
        (
            "one word",
            "A secret key belongs to an access key, and both to Keys (or --access); a token is made by: mc admin prometheus generate ALIAS",
        )
    }
}

/// Why a server would refuse this token, as far as the token itself tells. `now_unix_secs` is this machine's time.
pub(super) fn blame_token(token: &Secret, place: &str, now_unix_secs: u64) -> Option<Trouble> {
    let claims = claims_in(token.reveal())?;
    if let Some(expired) = claims.exp.filter(|exp| *exp <= now_unix_secs as f64) {
        let ago = age_words(now_unix_secs as f64 - expired);
        let cause = format!("refuses the token, which expired {ago} ago");
        let remedy = format!("Put a fresh one into {place}: mc admin prometheus generate ALIAS");
        return Some(Trouble::new(FaultCode::TokenExpired, &cause, &remedy));
    }
    if claims.iss.as_deref() != Some("prometheus") {
        let cause = "refuses the token, which was not made for metrics (its issuer is not prometheus)";
        let remedy = format!("Put one into {place} from: mc admin prometheus generate ALIAS");
        return Some(Trouble::new(FaultCode::WrongIssuer, cause, &remedy));
    }
    None
}

/// When a given token ends, in Unix seconds; none where it does not say.
pub(super) fn end_unix_secs(token: &Secret) -> Option<f64> {
    claims_in(token.reveal())?.exp
}

fn claims_in(text: &str) -> Option<Claims> {
    let mut parts = text.split('.');
    let (_head, body, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    if parts.next().is_some() || !text.bytes().all(plain) {
        return None;
    }
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).ok()?).ok()
}

fn age_words(secs: f64) -> String {
    match secs {
        secs if secs < 120.0 => format!("{secs:.0} s"),
        secs if secs < 7200.0 => counted((secs / 60.0).round(), "minute"),
        secs if secs < 172_800.0 => counted((secs / 3600.0).round(), "hour"),
        secs => counted((secs / 86_400.0).round(), "day"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VECTOR: &str = "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJwcm9tZXRoZXVzIiwic3ViIjoiZGVtby1tZXRyaWNzIiwiZXhwIjo0MTAyNDQ0ODAwfQ.8Gedk3xkxTuPKi3hKN8fXsBQT_KoZUFSFu2gNZCpouexIaWdlvfej5QGIB12wXbMspNID-IYQt60M7oL9vwArg";

    fn signed(claims: &str) -> Secret {
        sign_claims(claims, &Secret::new("demo-secret-key-0001"))
    }

    #[test]
    fn the_test_vector_is_signed_the_same() {
        assert_eq!(signed(r#"{"iss":"prometheus","sub":"demo-metrics","exp":4102444800}"#).reveal(), VECTOR);
    }

    #[test]
    fn a_minted_token_says_what_minio_asks_for() {
        let token = mint_token("me\"", &Secret::new("key"), 4_102_444_800);
        let claims = claims_in(token.reveal()).unwrap();
        assert_eq!((claims.iss.as_deref(), claims.exp), (Some("prometheus"), Some(4_102_444_800.0)));
        assert!(check_form(&token, "here").is_ok());
    }

    #[test]
    fn what_is_no_token_is_told_and_not_repeated() {
        let cases = [
            ("hunter2-secret-key", "one word"),
            ("scrape_configs:\n- job_name: minio\n  bearer_token: a.b.c", "a Prometheus configuration"),
            ("Bearer a.b.c", "the word Bearer"),
            ("-----BEGIN CERTIFICATE-----", "a certificate or key"),
            ("{\"hunter2\": 1}", "JSON"),
            ("eyJh.eyJp.hunter2", "a damaged token"),
            ("hunter2\nhunter2", "several lines"),
        ];
        for (text, found) in cases {
            let trouble = check_form(&Secret::new(text), "the secret file warm.token").unwrap_err();
            assert!(trouble.cause.contains(found) && trouble.cause.contains("warm.token"), "{trouble:?}");
            assert!(!format!("{trouble:?}").contains("hunter2"), "{trouble:?}");
        }
    }

    #[test]
    fn a_refused_token_is_blamed_for_what_it_says() {
        let cases = [
            (r#"{"iss":"prometheus","exp":1000}"#, Some("expired 17 minutes ago")),
            (r#"{"iss":"somebody","exp":9000}"#, Some("not made for metrics")),
            (r#"{"sub":"x"}"#, Some("not made for metrics")),
            (r#"{"iss":"prometheus","exp":9000}"#, None),
            (r#"{"iss":"prometheus"}"#, None),
        ];
        for (claims, expected) in cases {
            let cause = blame_token(&signed(claims), "the file", 2000).map(|trouble| trouble.cause);
            assert_eq!(cause.is_some(), expected.is_some(), "{claims}");
            assert!(cause.unwrap_or_default().contains(expected.unwrap_or_default()), "{claims}");
        }
    }
}
