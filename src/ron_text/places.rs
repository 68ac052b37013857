//! Where in a file something stands, so that a finding about its meaning has a line and a column too.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::scan::{Value, without_byte_order_mark};

/// A line and a column, both from 1; the column counts characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
    /// The step of a scene that was asked about, from 0.
    pub(crate) step: Option<usize>,
}

impl Place {
    /// The same place, in a finding about this step.
    pub(crate) fn in_step(self, step: Option<usize>) -> Self {
        Self { step, ..self }
    }
}

/// The text of a file, in which things are found by path, id, key, name or words. It is walked when first asked.
#[derive(Debug)]
pub(crate) struct Places<'a> {
    text: &'a str,
    root: OnceCell<Value<'a>>,
}

impl<'a> Places<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text: without_byte_order_mark(text), root: OnceCell::new() }
    }

    /// The place of the byte at `offset`.
    pub(crate) fn at(&self, offset: usize) -> Place {
        let before = &self.text[..offset.min(self.text.len())];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let (line, column) = (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1);
        Place { line, column, step: None }
    }

    /// The value at a path such as `steps.3.changes.1`; the nearest one around it when it is not there.
    pub(crate) fn at_path(&self, path: &str) -> Place {
        self.at(self.nearest(path).start)
    }

    /// The text in quotes at a path; none when something else stands there, or nothing.
    pub(crate) fn string_at(&self, path: &str) -> Option<String> {
        let value = path.split('.').try_fold(self.root(), |value, name| value.member(name))?;
        self.string(value).map(Cow::into_owned)
    }

    /// The second value under a key that the value at `path` gives twice, with the key.
    pub(crate) fn given_twice(&self, path: &str) -> Option<(&'a str, Place)> {
        let inside = &self.nearest(path).inside;
        let is_again = |(index, value): &(usize, &Value<'_>)| {
            !value.key.is_empty() && inside[..*index].iter().any(|earlier| earlier.key == value.key)
        };
        let (_, twice) = inside.iter().enumerate().find(is_again)?;
        Some((twice.key, self.at(twice.start)))
    }

    /// Where a step (from 0) begins, or the file, when there is no such step.
    pub(crate) fn of_step(&self, step: usize) -> Place {
        self.at(self.step(step).map_or(0, |value| value.start)).in_step(Some(step))
    }

    /// Where a key stands in a step, or the step; where it first stands in the file, when no step is given.
    pub(crate) fn of_key(&self, key: &str, step: Option<usize>) -> Place {
        self.key_in_step(key, step).unwrap_or_else(|| self.of_step_or_file(step))
    }

    /// Where a key first stands in a step, or in the file when no step is given.
    pub(crate) fn key_in_step(&self, key: &str, step: Option<usize>) -> Option<Place> {
        self.find(step, &|value| value.key == key)
    }

    /// Where the string `"name"` stands in a step; else anywhere in the file, else where the step begins.
    pub(crate) fn of_name(&self, name: &str, step: Option<usize>) -> Place {
        self.of_string(step, &|string| string == name)
    }

    /// Where a quantity is shown or filled into words.
    pub(crate) fn of_quantity(&self, id: &str, step: Option<usize>) -> Place {
        let placeholders = [format!("{{{id}}}"), format!("{{{id}?}}")];
        self.of_string(step, &|string| string == id || placeholders.iter().any(|part| string.contains(part)))
    }

    /// Where a string that contains `part` stands.
    pub(crate) fn of_part(&self, part: &str, step: Option<usize>) -> Place {
        self.of_string(step, &|string| string.contains(part))
    }

    /// Where the element or entry with this id says its id.
    pub(crate) fn of_id(&self, id: &str) -> Place {
        self.id_in_step(id, None).unwrap_or_else(|| self.of_name(id, None))
    }

    /// Where this id is said in a step, or in the file when no step is given.
    pub(crate) fn id_in_step(&self, id: &str, step: Option<usize>) -> Option<Place> {
        self.find(step, &|value| self.is_id(value, id))
    }

    /// Where the words of the element `id` are written, in a step or in the file; else where it says its id.
    pub(crate) fn of_words(&self, id: &str, words: &str, step: Option<usize>) -> Place {
        let is_said = |value: &Value<'_>| self.string(value).as_deref() == Some(words);
        let has_id = |value: &Value<'_>| value.inside.iter().any(|member| self.is_id(member, id));
        let says = |value: &Value<'_>| has_id(value) && value.find(&is_said).is_some();
        let said = self.scope(step).and_then(|scope| scope.find(&says)?.find(&is_said));
        said.map(|value| self.at(value.start).in_step(step))
            .or_else(|| self.id_in_step(id, step))
            .unwrap_or_else(|| self.of_name(words, step))
    }

    fn root(&self) -> &Value<'a> {
        self.root.get_or_init(|| Value::scan(self.text))
    }

    /// The value at a path, or the nearest one around it.
    fn nearest(&self, path: &str) -> &Value<'a> {
        let mut value = self.root();
        for name in path.split('.') {
            let Some(inner) = value.member(name) else { break };
            value = inner;
        }
        value
    }

    fn step(&self, step: usize) -> Option<&Value<'a>> {
        self.root().member("steps")?.inside.get(step)
    }

    /// The step, or the file when none is given; none when the text has no such step.
    fn scope(&self, step: Option<usize>) -> Option<&Value<'a>> {
        step.map_or_else(|| Some(self.root()), |step| self.step(step))
    }

    fn of_step_or_file(&self, step: Option<usize>) -> Place {
        step.map_or_else(|| self.at(0), |step| self.of_step(step))
    }

    fn find(&self, step: Option<usize>, is_it: &dyn Fn(&Value<'a>) -> bool) -> Option<Place> {
        let found = self.scope(step)?.find(is_it)?;
        Some(self.at(found.from).in_step(step))
    }

    fn of_string(&self, step: Option<usize>, is_it: &dyn Fn(&str) -> bool) -> Place {
        let is_it = |value: &Value<'_>| self.string(value).is_some_and(|string| is_it(&string));
        let scopes = [self.scope(step), Some(self.root())];
        let found = scopes.into_iter().flatten().find_map(|scope| scope.find(&is_it));
        found.map_or_else(|| self.of_step_or_file(step), |value| self.at(value.start).in_step(step))
    }

    fn is_id(&self, value: &Value<'_>, id: &str) -> bool {
        value.key == "id" && self.string(value).as_deref() == Some(id)
    }

    /// What a value says that is a text in quotes.
    fn string(&self, value: &Value<'_>) -> Option<Cow<'a, str>> {
        let written = self.text.get(value.start..value.end)?;
        let plain = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        match plain {
            Some(plain) if !plain.contains('\\') => Some(Cow::Borrowed(plain)),
            _ if written.starts_with(['"', 'r']) => ron::from_str(written).ok().map(Cow::Owned),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAB: &str = r#"#![enable(implicit_some)]
Lab( // a comment: with ( brackets
    name: "a \" b, (c",
    deployments: [
        (name: "hot", urls: ["http://a:1", /* two /* deep */ ( */ "http://b:2"]),
        (name: "wärm", buckets: { T2: ["x"], T3: ["y"], T2: ["z"] }),
    ],
)"#;

    const SCENE: &str = r##"Scene( // id: "not this"
  title: "id: \"nor this\"",
  id: "a", // "steps: ["
  notes: r#"steps: [( "x" )]"#,
  elements: [Text(id: "t", words: "said"), Text(id: "u", words: "said")],
  steps: [
    Step(caption: "x"),
    Step(caption: "y (", sources: ["x"], changes: [Text(id: "t", words: "{q} and more")]),
  ],
)"##;

    fn at(place: Place) -> (usize, usize) {
        (place.line, place.column)
    }

    #[test]
    fn values_are_found_by_their_path() {
        let places = Places::new(LAB);
        let cases = [
            ("name", (3, 11)),
            ("deployments.0.urls.1", (5, 67)),
            ("deployments.1.buckets.T3.0", (6, 51)),
            ("deployments.1.nothing", (6, 9)),
        ];
        for (path, place) in cases {
            assert_eq!(at(places.at_path(path)), place, "{path}");
        }
        assert_eq!(places.string_at("name").as_deref(), Some("a \" b, (c"));
        assert_eq!(at(Places::new(SCENE).at_path("steps.1.changes.0.words")), (8, 73));
    }

    #[test]
    fn a_key_given_twice_is_found() {
        let places = Places::new(LAB);
        let (key, place) = places.given_twice("deployments.1.buckets").unwrap();
        assert_eq!((key, at(place)), ("T2", (6, 61)));
        assert!(places.given_twice("").is_none());
    }

    #[test]
    fn names_are_found_in_their_own_step() {
        let places = Places::new(SCENE);
        assert_eq!(at(places.of_name("x", Some(0))), (7, 19));
        assert_eq!(at(places.of_name("x", Some(1))), (8, 36));
        assert_eq!(places.of_step(1), Place { line: 8, column: 5, step: Some(1) });
        assert_eq!(places.key_in_step("sources", Some(0)), None);
        assert_eq!(at(places.of_key("sources", Some(0))), (7, 5), "the step");
        assert_eq!(at(places.of_quantity("q", Some(1))), (8, 73));
        assert_eq!(at(places.of_name("nowhere", Some(7))), (1, 1));
    }

    #[test]
    fn words_are_found_in_their_element() {
        let places = Places::new(SCENE);
        assert_eq!(at(places.of_id("a")), (3, 3));
        assert_eq!(at(places.of_words("u", "said", None)), (5, 65));
        assert_eq!(at(places.of_words("t", "{q} and more", Some(1))), (8, 73));
        assert_eq!(at(places.of_words("t", "said", Some(1))), (8, 57), "where the step says its id");
    }

    #[test]
    fn an_id_is_no_comment_and_no_text_and_found_in_what_does_not_read() {
        assert_eq!(Places::new(SCENE).string_at("id").as_deref(), Some("a"));
        assert_eq!(Places::new("Scene(id: \"cut off\", steps: [(").string_at("id").as_deref(), Some("cut off"));
        assert_eq!(Places::new("Sources(sources: [(id: \"B1\")])").string_at("id"), None);
        assert_eq!(Places::new(&"([{".repeat(100_000)).string_at("id"), None);
    }
}
