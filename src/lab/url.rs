//! The address of a node or of an exporter, as the lab file gives it: scheme, host, port and path, and never a secret.

use std::fmt;

/// Where to ask. Two URLs are the same when they reach the same door.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Url {
    /// Whether it is `https`.
    pub secure: bool,
    /// A name, an IPv4 address, or an IPv6 address in brackets; lower case.
    pub host: String,
    pub port: u16,
    /// Empty, or `/…` with its query.
    pub path: String,
}

impl Url {
    /// Reads `http://host:9000/path`. The error is a sentence that repeats no secret.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (secure, rest) = split_scheme(text)?;
        let at = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(at);
        if authority.contains('@') {
            return Err("a user name or password stands in the URL".to_owned());
        }
        if path.contains('#') {
            return Err("the URL has a fragment (#…), which no server ever sees".to_owned());
        }
        let (host, port) = split_port(authority, secure)?;
        check_host(host)?;
        let path = if path == "/" { "" } else { path };
        check_path(path)?;
        Ok(Self { secure, host: host.to_ascii_lowercase(), port, path: path.to_owned() })
    }

    /// `"10.0.0.21:9000"`, for sentences.
    pub(crate) fn host_and_port(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// For whoever reads it: without its query, which may hold a token.
    pub(crate) fn without_query(&self) -> String {
        let text = self.to_string();
        text.split_once('?').map_or(text.clone(), |(before, _)| format!("{before}?…"))
    }

    /// The same door with another path.
    pub(crate) fn with_path(&self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self.clone() }
    }

    /// Whether both are the same scheme, host and port: whom a token may be shown.
    pub(crate) fn same_door(&self, other: &Self) -> bool {
        (self.secure, &self.host, self.port) == (other.secure, &other.host, other.port)
    }

    /// The URL that a `Location` header means, seen from this one.
    pub fn join(&self, location: &str) -> Result<Self, String> {
        if location.starts_with("//") {
            let scheme = if self.secure { "https:" } else { "http:" };
            return Self::parse(&format!("{scheme}{location}"));
        }
        if location.starts_with('/') {
            check_path(location)?;
            return Ok(self.with_path(location));
        }
        Self::parse(location)
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.secure { "https" } else { "http" };
        write!(f, "{scheme}://{}:{}{}", self.host, self.port, self.path)
    }
}

fn split_scheme(text: &str) -> Result<(bool, &str), String> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return Err("the URL does not begin with http:// or https://".to_owned());
    };
    match scheme.to_ascii_lowercase().as_str() {
        "http" => Ok((false, rest)),
        "https" => Ok((true, rest)),
        _ => Err("only http:// and https:// are spoken here".to_owned()),
    }
}

fn split_port(authority: &str, secure: bool) -> Result<(&str, u16), String> {
    let usual = if secure { 443 } else { 80 };
    let after_host = authority.rfind(']').map_or(0, |bracket| bracket + 1);
    let Some(colon) = authority[after_host..].find(':') else {
        return Ok((authority, usual));
    };
    let (host, port) = authority.split_at(after_host + colon);
    match port[1..].parse() {
        Ok(port) if port > 0 => Ok((host, port)),
        _ => Err("the port is not a number from 1 to 65535".to_owned()),
    }
}

fn check_host(host: &str) -> Result<(), String> {
    if let Some(inside) = host.strip_prefix('[') {
        let address = inside.strip_suffix(']').unwrap_or_default();
        let known = address.parse::<std::net::Ipv6Addr>().is_ok();
        return if known { Ok(()) } else { Err("the address in brackets is no IPv6 address".to_owned()) };
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if host.is_empty() {
        Err("the URL names no host".to_owned())
    } else if host.chars().all(is_plain) {
        Ok(())
    } else {
        Err("the host has a character that no host name has".to_owned())
    }
}

fn check_path(path: &str) -> Result<(), String> {
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic());
    if plain { Ok(()) } else { Err("the path has a space or a character that must be written as %XX".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_read_and_print() {
        let cases = [
            ("http://10.0.0.11:9000", "http://10.0.0.11:9000"),
            ("HTTPS://MinIO1/", "https://minio1:443"),
            ("http://gpu-01:9400/metrics", "http://gpu-01:9400/metrics"),
            ("http://[::1]:9000", "http://[::1]:9000"),
            ("http://host?x=1", "http://host:80?x=1"),
        ];
        for (text, printed) in cases {
            assert_eq!(Url::parse(text).map(|url| url.to_string()), Ok(printed.to_owned()), "{text}");
        }
    }

    #[test]
    fn bad_urls_are_refused_without_repeating_a_secret() {
        let bad = [
            "10.0.0.11:9000",
            "ftp://host",
            "http://",
            "http://:9000",
            "http://host:0",
            "http://host:99999",
            "http://user:hunter2@host:9000",
            "http://[::zz]:1",
            "http://ho st",
            "http://host/a b",
            "http://host/#x",
        ];
        for text in bad {
            let refused = Url::parse(text).expect_err(text);
            assert!(!refused.contains("hunter2"), "{refused}");
        }
    }

    #[test]
    fn a_location_is_joined() {
        let from = Url::parse("https://a:9000/x").unwrap();
        assert!(from.join("/y").unwrap().same_door(&from));
        assert!(!from.join("//b:9000/y").unwrap().same_door(&from));
        assert!(!from.join("http://a:9000/y").unwrap().same_door(&from));
    }
}
