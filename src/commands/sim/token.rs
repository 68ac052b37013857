//! Whether a bearer token opens the metrics, by MinIO's rules.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::Deserialize;
use sha2::Sha512;

#[derive(Deserialize)]
struct TokenHeader {
    alg: String,
}

#[derive(Deserialize)]
struct TokenClaims {
    iss: Option<String>,
    sub: Option<String>,
    #[serde(rename = "accessKey")]
    access_key: Option<String>,
    exp: Option<f64>,
}

/// True for a token of issuer "prometheus" that is signed (HS512) with the secret key of that access key and has not
/// expired.
pub(super) fn is_accepted(token: &str, access: &str, secret: &str, now_unix_secs: f64) -> bool {
    let parts: Vec<&str> = token.split('.').collect();
    let &[header, claims, signature] = parts.as_slice() else { return false };
    is_signed(&token[..header.len() + 1 + claims.len()], signature, secret)
        && decode_part::<TokenHeader>(header).is_some_and(|header| header.alg == "HS512")
        && decode_part::<TokenClaims>(claims).is_some_and(|claims| claims.are_valid(access, now_unix_secs))
}

impl TokenClaims {
    fn are_valid(&self, access: &str, now_unix_secs: f64) -> bool {
        let account = self.access_key.as_deref().or(self.sub.as_deref());
        self.iss.as_deref() == Some("prometheus")
            && account == Some(access)
            && self.exp.is_none_or(|expires| expires > now_unix_secs)
    }
}

fn decode_part<T: for<'a> Deserialize<'a>>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

fn is_signed(signed: &str, signature: &str, secret: &str) -> bool {
    let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return false };
    let mac = Hmac::<Sha512>::new_from_slice(secret.as_bytes());
    mac.is_ok_and(|mac| mac.chain_update(signed).verify_slice(&signature).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For access key `demo-metrics`, secret key `demo-secret-key-0001`, until 2100.
    const TOKEN: &str = "eyJhbGciOiJIUzUxMiIsInR5cCI6IkpXVCJ9.\
        eyJpc3MiOiJwcm9tZXRoZXVzIiwic3ViIjoiZGVtby1tZXRyaWNzIiwiZXhwIjo0MTAyNDQ0ODAwfQ.\
        8Gedk3xkxTuPKi3hKN8fXsBQT_KoZUFSFu2gNZCpouexIaWdlvfej5QGIB12wXbMspNID-IYQt60M7oL9vwArg";

    #[test]
    fn only_the_right_token_opens() {
        let opens_with = |access: &str, secret: &str, now: f64| is_accepted(TOKEN, access, secret, now);
        assert!(opens_with("demo-metrics", "demo-secret-key-0001", 1.79e9));
        assert!(!opens_with("demo-metrics", "demo-secret-key-0002", 1.79e9));
        assert!(!opens_with("somebody", "demo-secret-key-0001", 1.79e9));
        assert!(!opens_with("demo-metrics", "demo-secret-key-0001", 4.2e9));
        for damaged in [&TOKEN[..TOKEN.len() - 1], &TOKEN[1..], "", "a.b", "a.b.c", "…"] {
            assert!(!is_accepted(damaged, "demo-metrics", "demo-secret-key-0001", 1.79e9), "{damaged}");
        }
    }
}
