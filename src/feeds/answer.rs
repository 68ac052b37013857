//! What an answer that is not metrics means: the status, and the beginning of the body.

use crate::lab::Url;
use crate::live::FaultCode as Code;

use super::trouble::Trouble;

/// The head of an answer, and the beginning of its body.
#[derive(Clone, Debug)]
pub(super) struct Head<'a> {
    pub(super) status: u16,
    pub(super) content_type: &'a str,
    /// The `Server` header.
    pub(super) server: &'a str,
    pub(super) beginning: &'a str,
}

impl Head<'_> {
    fn is_html(&self) -> bool {
        let text = self.beginning.trim_start().get(..14).unwrap_or(self.beginning).to_ascii_lowercase();
        self.content_type.starts_with("text/html") || text.starts_with("<!doctype html") || text.starts_with("<html")
    }

    fn is_xml(&self) -> bool {
        self.content_type.contains("xml") || self.beginning.trim_start().starts_with("<?xml")
    }

    fn is_json(&self) -> bool {
        self.content_type.contains("json") || self.beginning.trim_start().starts_with('{')
    }

    /// A page for people where metrics should be, whatever its status says.
    pub(super) fn web_page_trouble(&self) -> Option<Trouble> {
        self.is_html().then(|| {
            Trouble::new(
                Code::Html,
                "answers with a web page instead of metrics",
                "Is this the console's port, or does the network ask to sign in first? Open the URL in a browser.",
            )
        })
    }

    /// The trouble behind a status other than 200.
    pub(super) fn status_trouble(&self) -> Trouble {
        match self.status {
            400 if self.beginning.contains("HTTP request to an HTTPS server") => {
                Trouble::new(Code::PlainToTls, "speaks https on this port", "Write https:// in the lab file.")
                    .by_flags("Write https:// in the URL.")
            }
            400 => Trouble::new(
                Code::BadRequest,
                "does not understand the way it is asked (400)",
                "Does a proxy in between change the Authorization header?",
            ),
            401 => Trouble::new(
                Code::Unauthorized,
                "asks for a login (401)",
                "MinIO itself never does: which proxy stands before it?",
            ),
            403 if self.is_xml() => Trouble::new(
                Code::NoSuchEndpoint,
                "knows no such metrics (403 as XML)",
                "Is it MinIO, and is it too old for this endpoint?",
            ),
            403 if self.is_json() || self.beginning.is_empty() => Trouble::new(
                Code::Forbidden,
                "refuses the token (403)",
                "Is it the right key for this deployment, and may it read metrics (admin:Prometheus)?",
            ),
            403 => Trouble::new(
                Code::Blocked,
                "forbids the request (403), and not in MinIO's words",
                "Which proxy or firewall stands before it?",
            ),
            404 => Trouble::new(
                Code::NotFound,
                "has nothing at this path (404)",
                "Is this MinIO's S3 port, or the exporter's own path?",
            ),
            407 => Trouble::new(
                Code::Proxy,
                "was not reached, because the proxy asks for a login (407)",
                "Give another proxy in the lab file, or none.",
            ),
            502 | 504 => self.gateway_trouble(),
            503 if self.is_of_a_gateway() => self.gateway_trouble(),
            _ => self.web_page_trouble().unwrap_or_else(|| self.other_trouble()),
        }
    }

    /// Whether what stands before `MinIO` answers in its place: `MinIO` itself writes XML, JSON or nothing.
    fn is_of_a_gateway(&self) -> bool {
        const GATEWAYS: [&str; 8] =
            ["nginx", "openresty", "haproxy", "envoy", "caddy", "awselb", "cloudflare", "apache"];
        let server = self.server.to_ascii_lowercase();
        let in_own_words = !self.beginning.trim().is_empty() && !self.is_xml() && !self.is_json();
        in_own_words || GATEWAYS.iter().any(|gateway| server.starts_with(gateway))
    }

    fn gateway_trouble(&self) -> Trouble {
        Trouble::new(
            Code::Unavailable,
            &format!("does not answer itself: the proxy before it does not reach MinIO ({})", self.status),
            "Is MinIO running, and does the proxy know its right address? The server's own URL goes round the proxy.",
        )
    }

    fn other_trouble(&self) -> Trouble {
        let status = self.status;
        match status {
            429 | 503 => Trouble::new(
                Code::Unavailable,
                &format!("is not ready to answer ({status})"),
                "Is it starting, or has it lost too many nodes? It is asked again.",
            ),
            500..=599 => {
                Trouble::new(Code::ServerError, &format!("fails inside ({status})"), "The server's own log says why.")
            }
            _ => Trouble::new(
                Code::OtherStatus,
                &format!("answers with status {status} instead of metrics"),
                "Is this a metrics endpoint?",
            ),
        }
    }
}

/// An answer that sends the question elsewhere. `next` is where to, where that could be read.
pub(super) fn redirect_trouble(asked: &Url, next: Option<&Url>) -> Trouble {
    match next {
        Some(next) if next.host == asked.host && next.secure && !asked.secure => {
            let port = if next.port == 443 { "and no port".to_owned() } else { format!("and port {}", next.port) };
            let port = if next.port == asked.port { String::new() } else { format!(" {port}") };
            let remedy = format!("Write https://{port} in the lab file.");
            let by_flags = format!("Write https://{port} in the URL.");
            Trouble::new(Code::PlainToTls, "answers over https only, and sends the question there", &remedy)
                .by_flags(&by_flags)
        }
        Some(next) if next.host == asked.host && next.secure == asked.secure && next.port != asked.port => {
            let cause = format!("sends the question to another port ({}), which was not followed", next.port);
            Trouble::new(
                Code::Redirect,
                &cause,
                "The token goes only where the lab file says: is this MinIO's S3 port, or the console's?",
            )
            .by_flags("The token goes only to the URL that was given: is this MinIO's S3 port, or the console's?")
        }
        Some(next) if next.same_door(asked) => {
            Trouble::new(Code::Redirect, "sends the question round in a circle", "Which proxy stands before it?")
        }
        _ => Trouble::new(
            Code::Redirect,
            "sends the question to another server, which was not followed",
            "The token goes only where the lab file says: give the final URL there.",
        )
        .by_flags("The token goes only to the URL that was given: give the final one."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_is_told_apart() {
        let html = "<!DOCTYPE html><html>";
        let haproxy = "<html><body><h1>503 Service Unavailable</h1>\nNo server is available.\n</body></html>";
        let cases = [
            (400, "text/plain", "Client sent an HTTP request to an HTTPS server.\n", Code::PlainToTls),
            (400, "application/xml", "<?xml", Code::BadRequest),
            (401, "application/json", "{}", Code::Unauthorized),
            (403, "application/json", "{\"Code\":\"AccessDenied\"", Code::Forbidden),
            (403, "", "<?xml version", Code::NoSuchEndpoint),
            (403, "text/html", html, Code::Blocked),
            (404, "text/plain", "Metrics Resource Not found\n", Code::NotFound),
            (500, "text/plain", "", Code::ServerError),
            (500, "text/html", html, Code::Html),
            (503, "", "", Code::Unavailable),
            (503, "text/html", haproxy, Code::Unavailable),
            (418, "", "", Code::OtherStatus),
        ];
        for (status, content_type, beginning, code) in cases {
            assert_eq!(head(status, content_type, beginning).status_trouble().code, code, "{status} {beginning}");
        }
        let page = |content_type, beginning| head(200, content_type, beginning).web_page_trouble().is_some();
        assert!(page("text/html; charset=utf-8", "x") && page("", "\n<!doctype HTML>") && !page("text/plain", "up 1"));
    }

    #[test]
    fn a_gateway_that_reaches_nobody_says_so_in_any_form() {
        let is_gateways = |head: Head<'_>| head.status_trouble().cause.contains("the proxy before it does not reach");
        let bodies = [
            ("text/html", "<html>\r\n<head><title>502 Bad Gateway</title></head>"),
            ("text/html", "<html><body><h1>503 Service Unavailable</h1>"),
            ("text/plain", "no healthy upstream"),
            ("", "Bad Gateway"),
        ];
        for status in [502, 503, 504] {
            for (content_type, beginning) in bodies {
                assert!(is_gateways(head(status, content_type, beginning)), "{status} {beginning}");
            }
        }
        assert!(is_gateways(head(502, "", "")) && is_gateways(head(504, "application/json", "{}")));
        assert!(is_gateways(Head { server: "nginx/1.27.0", ..head(503, "", "") }));
        // MinIO without quorum answers itself.
        assert!(!is_gateways(head(503, "", "")) && !is_gateways(head(503, "application/xml", "<?xml")));
        assert!(!is_gateways(Head { server: "MinIO", ..head(503, "", "") }));
    }

    fn head<'a>(status: u16, content_type: &'a str, beginning: &'a str) -> Head<'a> {
        Head { status, content_type, server: "", beginning }
    }

    #[test]
    fn a_redirect_says_where_to() {
        let trouble = |from: &str, to: &str| redirect_trouble(&Url::parse(from).unwrap(), Url::parse(to).ok().as_ref());
        let cases = [
            ("http://a:9000", "https://a:9000/x", Code::PlainToTls, "Write https:// in the lab file."),
            ("http://a:9000", "https://a:9443/x", Code::PlainToTls, "Write https:// and port 9443 in the lab file."),
            ("http://a", "https://a/x", Code::PlainToTls, "Write https:// and no port in the lab file."),
            ("http://a:9000", "http://a:9001/", Code::Redirect, "console"),
            ("https://a:9000", "http://a:9000/x", Code::Redirect, "final URL"),
            ("http://a:9000", "https://b:9000/x", Code::Redirect, "final URL"),
            ("http://a:9000", "nonsense", Code::Redirect, "final URL"),
        ];
        for (from, to, code, words) in cases {
            let trouble = trouble(from, to);
            assert!(trouble.code == code && trouble.remedy.contains(words), "{from} {to}: {trouble:?}");
        }
    }
}
