//! What an answer that is not metrics means: the status, and the beginning of the body.

use crate::live::FaultCode as Code;

use super::trouble::Trouble;

/// The head of an answer, and the beginning of its body.
#[derive(Clone, Debug)]
pub(super) struct Head<'a> {
    pub(super) status: u16,
    pub(super) content_type: &'a str,
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
            _ => self.web_page_trouble().unwrap_or_else(|| self.other_trouble()),
        }
    }

    fn other_trouble(&self) -> Trouble {
        let status = self.status;
        match status {
            429 | 503 => Trouble::new(
                Code::Unavailable,
                &format!("is not ready to answer ({status})"),
                "Is it starting, or has it lost too many nodes? It is asked again.",
            ),
            500..=599 => Trouble::new(
                Code::ServerError,
                &format!("fails inside ({status})"),
                "The server's own log says why; a gateway error points to the proxy before it.",
            ),
            _ => Trouble::new(
                Code::OtherStatus,
                &format!("answers with status {status} instead of metrics"),
                "Is this a metrics endpoint?",
            ),
        }
    }
}

/// An answer that sends the question elsewhere.
pub(super) fn redirect_trouble() -> Trouble {
    Trouble::new(
        Code::Redirect,
        "sends the question to another server, which was not followed",
        "The token goes only where the lab file says: give the final URL there.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_is_told_apart() {
        let html = "<!DOCTYPE html><html>";
        let cases = [
            (400, "text/plain", "Client sent an HTTP request to an HTTPS server.\n", Code::PlainToTls),
            (400, "application/xml", "<?xml", Code::BadRequest),
            (401, "application/json", "{}", Code::Unauthorized),
            (403, "application/json", "{\"Code\":\"AccessDenied\"", Code::Forbidden),
            (403, "", "<?xml version", Code::NoSuchEndpoint),
            (403, "text/html", html, Code::Blocked),
            (404, "text/plain", "Metrics Resource Not found\n", Code::NotFound),
            (500, "text/plain", "", Code::ServerError),
            (502, "text/html", html, Code::Html),
            (503, "", "", Code::Unavailable),
            (418, "", "", Code::OtherStatus),
        ];
        for (status, content_type, beginning, code) in cases {
            assert_eq!(Head { status, content_type, beginning }.status_trouble().code, code, "{status} {beginning}");
        }
        let page = |content_type, beginning| Head { status: 200, content_type, beginning }.web_page_trouble().is_some();
        assert!(page("text/html; charset=utf-8", "x") && page("", "\n<!doctype HTML>") && !page("text/plain", "up 1"));
    }
}
