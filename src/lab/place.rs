//! Where in a RON text a value stands, so that a problem found after reading can still name line and column.
//!
//! `ron` gives places for what it refuses itself, and none for values it accepted. This walks the brackets of a text
//! that `ron` has already accepted; it judges nothing.

/// A value's place, and the values inside it.
#[derive(Debug, Default)]
pub(super) struct Spot {
    /// From 1.
    pub(super) line: usize,
    /// From 1, in characters.
    pub(super) column: usize,
    key: String,
    inside: Vec<Self>,
}

impl Spot {
    /// The places in a whole text.
    pub(super) fn read(text: &str) -> Self {
        Scanner { rest: text, line: 1, column: 1 }.value().0
    }

    /// The value at a path such as `deployments.0.urls.1`; the nearest one around it when it is not there.
    pub(super) fn at(&self, path: &str) -> &Self {
        let mut spot = self;
        for step in path.split('.') {
            match spot.step(step) {
                Some(inner) => spot = inner,
                None => break,
            }
        }
        spot
    }

    /// The second value under a key that is given twice.
    pub(super) fn given_twice(&self) -> Option<(&str, &Self)> {
        self.inside.iter().enumerate().find_map(|(index, spot)| {
            let earlier = &self.inside[..index];
            let twice = !spot.key.is_empty() && earlier.iter().any(|other| other.key == spot.key);
            twice.then_some((spot.key.as_str(), spot))
        })
    }

    fn step(&self, step: &str) -> Option<&Self> {
        match step.parse::<usize>() {
            Ok(index) => self.inside.get(index),
            Err(_) => self.inside.iter().find(|spot| spot.key == step),
        }
    }
}

struct Scanner<'a> {
    rest: &'a str,
    line: usize,
    column: usize,
}

impl<'a> Scanner<'a> {
    /// One value with what it was written as, up to the comma, colon or bracket that ends it.
    fn value(&mut self) -> (Spot, &'a str) {
        self.skip_blank();
        let mut spot = Spot { line: self.line, column: self.column, ..Spot::default() };
        let whole = self.rest;
        while let Some(next) = self.peek() {
            match next {
                ',' | ':' | ')' | ']' | '}' => break,
                '(' | '[' | '{' => {
                    self.take(1);
                    spot.inside = self.values();
                }
                '"' => self.skip_string(),
                _ => self.take(next.len_utf8()),
            }
            self.skip_blank();
        }
        (spot, whole[..whole.len() - self.rest.len()].trim_end())
    }

    /// The values of a bracket, and its end.
    fn values(&mut self) -> Vec<Spot> {
        let mut found = Vec::new();
        loop {
            self.skip_blank();
            match self.peek() {
                None => return found,
                Some(')' | ']' | '}') => {
                    self.take(1);
                    return found;
                }
                Some(',') => self.take(1),
                Some(_) => found.push(self.member()),
            }
        }
    }

    /// `value` or `key: value`.
    fn member(&mut self) -> Spot {
        let (spot, written) = self.value();
        if self.peek() != Some(':') {
            return spot;
        }
        self.take(1);
        Spot { key: written.to_owned(), ..self.value().0 }
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    /// Goes over that many bytes, counting lines and columns.
    fn take(&mut self, bytes: usize) {
        let (taken, rest) = self.rest.split_at(bytes.min(self.rest.len()));
        for letter in taken.chars() {
            self.column += 1;
            if letter == '\n' {
                self.line += 1;
                self.column = 1;
            }
        }
        self.rest = rest;
    }

    fn skip_blank(&mut self) {
        loop {
            let blank = self.rest.len() - self.rest.trim_start().len();
            if blank > 0 {
                self.take(blank);
            } else if self.rest.starts_with("//") {
                self.take(self.rest.find('\n').unwrap_or(self.rest.len()));
            } else if self.rest.starts_with("/*") {
                self.take(block_comment_bytes(self.rest));
            } else {
                return;
            }
        }
    }

    fn skip_string(&mut self) {
        let mut escaped = false;
        let inside = self.rest.char_indices().skip(1);
        let end = inside.into_iter().find(|(_, letter)| {
            let ends = *letter == '"' && !escaped;
            escaped = *letter == '\\' && !escaped;
            ends
        });
        self.take(end.map_or(self.rest.len(), |(at, _)| at + 1));
    }
}

/// RON's block comments nest.
fn block_comment_bytes(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < text.len() {
        let here = &text.as_bytes()[at..];
        if here.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if here.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"#![enable(implicit_some)]
Lab( // a comment: with ( brackets
    name: "a \" b, (c",
    deployments: [
        (name: "hot", urls: ["http://a:1", /* two */ "http://b:2"]),
        (name: "wärm", buckets: { T2: ["x"], T3: ["y"], T2: ["z"] }),
    ],
)"#;

    #[test]
    fn values_are_found_by_their_path() {
        let spots = Spot::read(TEXT);
        let place = |path: &str| {
            let spot = spots.at(path);
            (spot.line, spot.column)
        };
        assert_eq!(place("name"), (3, 11));
        assert_eq!(place("deployments.0.urls.1"), (5, 54));
        assert_eq!(place("deployments.1.buckets.T3.0"), (6, 51));
        assert_eq!(place("deployments.1.nothing"), (6, 9), "the value around it");
    }

    #[test]
    fn a_key_given_twice_is_found() {
        let spots = Spot::read(TEXT);
        let (key, spot) = spots.at("deployments.1.buckets").given_twice().unwrap();
        assert_eq!((key, spot.line, spot.column), ("T2", 6, 61));
        assert!(spots.given_twice().is_none());
    }
}
