//! The values of a RON text by their brackets: RON gives places for what it refuses, and none for what it accepted.
//!
//! This judges nothing, and finds what it can in a text that RON refused.

/// A value: where it stands, and the values inside it. Offsets are in bytes.
#[derive(Debug, Default)]
pub(super) struct Value<'a> {
    /// Where its key begins; where it begins itself, when it has none.
    pub(super) from: usize,
    pub(super) start: usize,
    pub(super) end: usize,
    /// As written; empty for an item of a list.
    pub(super) key: &'a str,
    pub(super) inside: Vec<Self>,
}

impl<'a> Value<'a> {
    /// The values of a whole text, as one.
    pub(super) fn scan(text: &'a str) -> Self {
        Scanner { text, at: 0, depth: 0 }.value()
    }

    /// The value inside with this key, or with this number from 0.
    pub(super) fn member(&self, name: &str) -> Option<&Self> {
        match name.parse::<usize>() {
            Ok(index) => self.inside.get(index),
            Err(_) => self.inside.iter().find(|value| !name.is_empty() && value.key == name),
        }
    }

    /// The first value in it, in the order of the text, that is so.
    pub(super) fn find(&self, is_it: &dyn Fn(&Self) -> bool) -> Option<&Self> {
        if is_it(self) { Some(self) } else { self.inside.iter().find_map(|value| value.find(is_it)) }
    }
}

/// Brackets deeper than this are not looked into: RON itself goes no deeper.
const DEEPEST: usize = 128;

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Scanner<'a> {
    /// One value, up to the comma, colon or bracket that ends it.
    fn value(&mut self) -> Value<'a> {
        self.skip_blank();
        let mut value = Value { from: self.at, start: self.at, end: self.at, ..Value::default() };
        while let Some(next) = self.peek() {
            match next {
                b',' | b':' | b')' | b']' | b'}' => break,
                b'(' | b'[' | b'{' if self.depth < DEEPEST => value.inside = self.bracket(),
                _ => self.at += token_bytes(self.rest()),
            }
            value.end = self.at;
            self.skip_blank();
        }
        value
    }

    /// The values of a bracket, past its end.
    fn bracket(&mut self) -> Vec<Value<'a>> {
        self.at += 1;
        self.depth += 1;
        let mut values = Vec::new();
        loop {
            self.skip_blank();
            match self.peek() {
                None => break,
                Some(b')' | b']' | b'}') => {
                    self.at += 1;
                    break;
                }
                Some(b',') => self.at += 1,
                Some(_) => values.push(self.item()),
            }
        }
        self.depth -= 1;
        values
    }

    /// `value` or `key: value`.
    fn item(&mut self) -> Value<'a> {
        let first = self.value();
        if self.peek() != Some(b':') {
            return first;
        }
        self.at += 1;
        Value { from: first.from, key: &self.text[first.start..first.end], ..self.value() }
    }

    fn rest(&self) -> &'a [u8] {
        &self.text.as_bytes()[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    /// Passes over white space and comments.
    fn skip_blank(&mut self) {
        loop {
            let rest = self.rest();
            match rest {
                [b' ' | b'\t' | b'\r' | b'\n', ..] => self.at += 1,
                [b'/', b'/', ..] => self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
                [b'/', b'*', ..] => self.at += comment_bytes(rest),
                _ => return,
            }
        }
    }
}

/// The length of a string, or of the word or sign that stands here.
fn token_bytes(rest: &[u8]) -> usize {
    match rest {
        [b'"', ..] => string_bytes(rest),
        [b'r', b'"' | b'#', ..] => raw_string_bytes(rest).unwrap_or(1),
        [b'\'', b'\\', _, b'\'', ..] => 4,
        [b'\'', _, b'\'', ..] => 3,
        [first, ..] if is_word(*first) => rest.iter().take_while(|byte| is_word(**byte)).count(),
        _ => 1,
    }
}

/// Letters, digits and what no sign of RON is made of: all of a character beyond ASCII.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'+') || !byte.is_ascii()
}

fn string_bytes(text: &[u8]) -> usize {
    let mut at = 1;
    while let Some(found) = memchr::memchr2(b'"', b'\\', text.get(at..).unwrap_or_default()) {
        at += found;
        if text[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    text.len()
}

fn raw_string_bytes(text: &[u8]) -> Option<usize> {
    let hashes = text[1..].iter().take_while(|byte| **byte == b'#').count();
    let end = [b"\"", &text[1..=hashes]].concat();
    let body = text.get(1 + hashes..)?.strip_prefix(b"\"")?;
    let length = memchr::memmem::find(body, &end).map_or(body.len(), |at| at + end.len());
    Some(2 + hashes + length)
}

/// Block comments of RON nest.
fn comment_bytes(text: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < text.len() {
        match &text[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] if depth == 1 => return at + 2,
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    text.len()
}

/// The innermost bracket that is not closed at the end of a text, or is closed by one of another kind: itself, and its line
/// and column from 1.
pub(super) fn open_bracket(text: &str) -> Option<(char, usize, usize)> {
    let (mut open, mut at) = (Vec::new(), 0);
    while let Some(rest) = text.as_bytes().get(at..).filter(|rest| !rest.is_empty()) {
        let closes = |bracket: u8| open.last().is_none_or(|(_, opened)| *opened == bracket);
        at += match rest {
            [b'/', b'/', ..] => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            [b'/', b'*', ..] => comment_bytes(rest),
            [bracket @ (b'(' | b'[' | b'{'), ..] => {
                open.push((at, *bracket));
                1
            }
            [b')', ..] if closes(b'(') => open.pop().map_or(1, |_| 1),
            [b']', ..] if closes(b'[') => open.pop().map_or(1, |_| 1),
            [b'}', ..] if closes(b'{') => open.pop().map_or(1, |_| 1),
            [b')' | b']' | b'}', ..] => break,
            _ => token_bytes(rest),
        };
    }
    let (at, bracket) = open.pop()?;
    let before = text.get(..at)?;
    let line_begin = before.rfind('\n').map_or(0, |end| end + 1);
    Some((char::from(bracket), before.matches('\n').count() + 1, before[line_begin..].chars().count() + 1))
}

/// The byte at a line and column, both from 1; none where there is no such line.
pub(super) fn offset_of(text: &str, line: usize, column: usize) -> Option<usize> {
    let mut begins = std::iter::once(0).chain(text.match_indices('\n').map(|(end, _)| end + 1));
    let begin = begins.nth(line.checked_sub(1)?)?;
    let in_line = text[begin..].split('\n').next().unwrap_or_default();
    let at = in_line.char_indices().nth(column.checked_sub(1)?).map_or(in_line.len(), |(at, _)| at);
    Some(begin + at)
}

/// The text with blanks in place of the innermost item of a list at a line and column, both from 1, and of the comma after
/// it; none where no item stands there, or where brackets do not fit.
pub(super) fn without_item_at(text: &str, line: usize, column: usize) -> Option<String> {
    if open_bracket(text).is_some() {
        return None;
    }
    let at = offset_of(text, line, column)?;
    let (mut value, mut item) = (&Value::scan(text), None);
    // RON points behind a value in which something is missing.
    while let Some(inner) = value.inside.iter().find(|inner| (inner.from..=inner.end).contains(&at)) {
        if text[value.start..].starts_with('[') {
            item = Some(inner.from..inner.end);
        }
        value = inner;
    }
    let mut gone = item?;
    let mut after = Scanner { text, at: gone.end, depth: 0 };
    after.skip_blank();
    if after.peek() == Some(b',') {
        gone.end = after.at + 1;
    }
    let blanks = text[gone.clone()].chars().map(|char| if char == '\n' { '\n' } else { ' ' });
    Some(text[..gone.start].chars().chain(blanks).chain(text[gone.end..].chars()).collect())
}

/// Editors on Windows begin a file with a byte order mark.
pub(super) fn without_byte_order_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}
