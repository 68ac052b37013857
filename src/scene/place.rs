//! Where in a file something stands, so that a finding about the meaning has a line and a column too.

use std::ops::Range;

/// A line and a column, both from 1; the column counts characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

/// The text of a file, searched for the words a finding is about.
#[derive(Clone, Copy, Debug)]
pub struct Places<'a> {
    text: &'a str,
}

impl<'a> Places<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { text }
    }

    /// The place of the byte at `offset`.
    pub fn at(&self, offset: usize) -> Place {
        let before = &self.text[..offset.min(self.text.len())];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Place { line: before.matches('\n').count() + 1, column: before[line_start..].chars().count() + 1 }
    }

    /// The first place of `needle` within the scene's step `step` (from 0), or within the file when it is not there.
    pub fn of(&self, needle: &str, step: Option<usize>) -> Place {
        let span = step.and_then(|step| self.steps().into_iter().nth(step)).unwrap_or(0..self.text.len());
        let inside = self.text[span.clone()].find(needle).map(|offset| span.start + offset);
        let anywhere = || self.text.find(needle);
        match inside.or_else(anywhere) {
            Some(offset) => self.at(offset),
            None => self.at(span.start),
        }
    }

    /// The place of the string `"name"`.
    pub fn of_name(&self, name: &str, step: Option<usize>) -> Place {
        self.of(&format!("\"{name}\""), step)
    }

    /// Where the element or entry with this id begins.
    pub fn of_id(&self, id: &str) -> Place {
        let quoted = format!("id: \"{id}\"");
        self.text.find(&quoted).map_or_else(|| self.of_name(id, None), |offset| self.at(offset))
    }

    /// Where a step (from 0) begins, or the file, when there is no such step.
    pub fn of_step(&self, step: usize) -> Place {
        let open = self.steps().into_iter().nth(step).map_or(0, |span| span.start);
        let name = self.text[..open].trim_end_matches(|c: char| c.is_alphanumeric() || c == '_');
        self.at(name.len())
    }

    /// The first place of `needle` within a step (from 0), and nowhere else.
    pub fn in_step(&self, needle: &str, step: usize) -> Option<Place> {
        let span = self.steps().into_iter().nth(step)?;
        let offset = self.text[span.clone()].find(needle)?;
        Some(self.at(span.start + offset))
    }

    /// Where the words of the element `id` are written, in a step or among the elements; else where it begins.
    pub fn of_words(&self, id: &str, words: &str, step: Option<usize>) -> Place {
        let span = step.and_then(|step| self.steps().into_iter().nth(step)).unwrap_or(0..self.text.len());
        let element = self.text[span.clone()].find(&format!("id: \"{id}\"")).map(|offset| span.start + offset);
        let Some(element) = element else { return self.of(&format!("\"{words}\""), step) };
        let spoken = self.text[element..].find(&format!("\"{words}\"")).map(|offset| element + offset);
        self.at(spoken.unwrap_or(element))
    }

    /// The spans of the items of the list `steps: […]`, in order.
    fn steps(&self) -> Vec<Range<usize>> {
        let mut scanner = Scanner { bytes: self.text.as_bytes(), at: 0 };
        let Some(list) = scanner.find_key(b"steps") else { return Vec::new() };
        scanner.at = list;
        scanner.items()
    }
}

/// Walks RON text by its brackets, passing over strings and comments.
struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scanner<'_> {
    /// The offset of the `[` after `key:` in the outermost parentheses.
    fn find_key(&mut self, key: &[u8]) -> Option<usize> {
        let mut depth = 0_i32;
        while self.at < self.bytes.len() {
            if self.pass_quiet() {
                continue;
            }
            let rest = &self.bytes[self.at..];
            match rest[0] {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth -= 1,
                _ if depth == 1 && rest.starts_with(key) && rest[key.len()..].trim_ascii_start().starts_with(b":") => {
                    return rest.iter().position(|byte| *byte == b'[').map(|offset| self.at + offset);
                }
                _ => {}
            }
            self.at += 1;
        }
        None
    }

    /// The spans of the items of the list that begins at `self.at`.
    fn items(&mut self) -> Vec<Range<usize>> {
        let mut spans = Vec::new();
        let (mut depth, mut start) = (0_i32, None);
        while self.at < self.bytes.len() {
            let here = self.at;
            if self.pass_quiet() {
                continue;
            }
            match self.bytes[here] {
                b'(' | b'[' | b'{' => {
                    depth += 1;
                    if depth == 2 && start.is_none() {
                        start = Some(here);
                    }
                }
                b')' | b']' | b'}' => {
                    depth -= 1;
                    if depth == 1
                        && let Some(from) = start.take()
                    {
                        spans.push(from..here + 1);
                    }
                    if depth == 0 {
                        return spans;
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
        spans
    }

    /// Passes over one string or comment, where one begins here.
    fn pass_quiet(&mut self) -> bool {
        let rest = &self.bytes[self.at..];
        let length = match rest {
            [b'"', ..] => string_length(rest),
            [b'r', b'"' | b'#', ..] => raw_string_length(rest),
            [b'/', b'/', ..] => rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len()),
            [b'/', b'*', ..] => find(rest, b"*/").map_or(rest.len(), |end| end + 2),
            _ => 0,
        };
        self.at += length;
        length > 0
    }
}

fn string_length(text: &[u8]) -> usize {
    let mut at = 1;
    while at < text.len() {
        match text[at] {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    text.len()
}

fn raw_string_length(text: &[u8]) -> usize {
    let hashes = text[1..].iter().take_while(|byte| **byte == b'#').count();
    if text.get(1 + hashes) != Some(&b'"') {
        return 0;
    }
    let mut end = vec![b'"'];
    end.extend(std::iter::repeat_n(b'#', hashes));
    let body = 2 + hashes;
    find(&text[body..], &end).map_or(text.len(), |offset| body + offset + end.len())
}

fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_their_own_step() {
        let text = "Scene(\n  id: \"a\", // \"steps: [\"\n  notes: r#\"steps: [( \"x\" )]\"#,\n  steps: [\n    Step(caption: \"x\"),\n    Step(caption: \"y (\", sources: [\"x\"]),\n  ],\n)";
        let places = Places::new(text);
        assert_eq!(places.of_name("x", Some(0)), Place { line: 5, column: 19 });
        assert_eq!(places.of_name("x", Some(1)), Place { line: 6, column: 36 });
        assert_eq!(places.of_id("a"), Place { line: 2, column: 3 });
        assert_eq!(places.of_step(1), Place { line: 6, column: 5 });
        assert_eq!((places.in_step("y (", 0), places.in_step("y (", 1)), (None, Some(Place { line: 6, column: 20 })));
    }
}
