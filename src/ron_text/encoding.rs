//! Files are UTF-8. Editors on Windows begin it with a byte order mark, or save UTF-16 or Latin-1.

use super::{Place, Places, Problem, Severity};

/// The text of a file's bytes. Bytes that are not UTF-8 become U+FFFD, which reading refuses with its place; so one bad
/// file is a finding like any other.
pub fn text_from_bytes(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|refused| String::from_utf8_lossy(refused.as_bytes()).into_owned())
}

/// The text of a small file that is no RON: a token, a secret, a certificate. A byte order mark before it is passed over;
/// what else is not UTF-8 is told in words that follow the file's name.
pub(crate) fn plain_text(bytes: &[u8]) -> Result<&str, &'static str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let marked = bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff");
    if marked || memchr::memchr(0, bytes).is_some_and(|nul| bytes.get(nul + 2) == Some(&0)) {
        return Err("is UTF-16, and only UTF-8 is read (save it again as UTF-8)");
    }
    std::str::from_utf8(bytes).map_err(|_other| "is not UTF-8 text (save it again as UTF-8)")
}

/// Refuses a text that was not UTF-8 when it was bytes.
pub(super) fn check(file: &str, text: &str) -> Result<(), Box<Problem>> {
    let bytes = text.as_bytes();
    let utf16 = memchr::memchr(0, bytes).filter(|nul| bytes.get(nul + 2) == Some(&0)).map(|nul| {
        // Each ASCII letter of UTF-16 is itself and a NUL; a byte order mark before them became two characters.
        let order = if text[..nul].chars().count().is_multiple_of(2) { "big-endian" } else { "little-endian" };
        (0, format!("the file is UTF-16 ({order}), and only UTF-8 is read"))
    });
    let replaced = || memchr::memmem::find(bytes, "\u{fffd}".as_bytes());
    let other = || Some((replaced()?, "what stands here is not UTF-8".to_owned()));
    let Some((offset, message)) = utf16.or_else(other) else { return Ok(()) };
    let Place { line, column, .. } = Places::new(text).at(offset);
    let hint = "save the file as UTF-8: editors call it the file's encoding".to_owned();
    let (code, severity, file) = ("encoding", Severity::Error, file.to_owned());
    // Without its NULs, the ASCII of UTF-16 is as it was.
    let scene = Places::new(&text.replace('\0', "")).string_at("id");
    Err(Box::new(Problem { code, severity, file, line, column, scene, step: None, message, hint }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_passed_over_and_utf_16_is_named() {
        assert_eq!(plain_text(b"\xef\xbb\xbfa.b.c\r\n"), Ok("a.b.c\r\n"));
        assert_eq!(plain_text(b"a.b.c"), Ok("a.b.c"));
        let units = |text: &str| text.encode_utf16().collect::<Vec<_>>();
        for text in ["\u{feff}token", "token"] {
            let little: Vec<u8> = units(text).into_iter().flat_map(u16::to_le_bytes).collect();
            let big: Vec<u8> = units(text).into_iter().flat_map(u16::to_be_bytes).collect();
            assert!(plain_text(&little).unwrap_err().contains("UTF-16"));
            assert!(plain_text(&big).unwrap_err().contains("UTF-16"));
        }
        assert!(plain_text(b"caf\xe9").unwrap_err().contains("not UTF-8"));
    }
}
