//! Which file of the sources names which: read from their `use` lines and their paths, without a compiler.
//!
//! Seen are paths that begin with `crate`, `super`, `self`, a child module or a name that a `use` brought in. They lead to
//! the file that defines the name, through re-exports too. Not seen are methods and fields of a value whose type is not
//! named, and what macros write.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A name passes at most so many re-exports.
const MOST_REEXPORTS: usize = 8;

/// A path as written, word by word; the last word `*` stands for all names of a module.
type Words = Vec<String>;

/// What a `use` brings in, and under which name.
struct Import {
    path: Words,
    name: String,
    is_public: bool,
}

/// One source file as a module of the crate.
#[derive(Default)]
struct Module {
    /// `timeline/playhead.rs`.
    file: String,
    /// `["timeline", "playhead"]`; empty for the crate's root.
    path: Words,
    defined: BTreeSet<String>,
    imports: Vec<Import>,
    /// Paths of two words and more, outside `use`.
    inline: Vec<Words>,
    /// All words outside `use`.
    words: BTreeSet<String>,
}

/// What a path leads to: a module as a whole, or a name that this module defines.
enum Target {
    Module(usize),
    Item(usize, String),
}

impl Target {
    fn module(&self) -> usize {
        match self {
            Self::Module(at) | Self::Item(at, _) => *at,
        }
    }
}

/// The modules of the crate, and which names each takes from which other.
pub(crate) struct Arrows {
    modules: Vec<Module>,
    /// From and to, as indices of `modules`, with the names.
    arrows: BTreeMap<(usize, usize), BTreeSet<String>>,
    /// Paths into the crate that lead nowhere: this reader does not understand them.
    pub(crate) lost: Vec<String>,
}

impl Arrows {
    /// Of source files below `folder`: each path with its code, tests left out.
    pub(crate) fn new(folder: &Path, sources: &[(PathBuf, Vec<String>)]) -> Self {
        let name = |path: &Path| path.strip_prefix(folder).unwrap_or(path).display().to_string().replace('\\', "/");
        let modules = sources.iter().map(|(path, code)| Module::new(name(path), code)).collect();
        let mut all = Self { modules, arrows: BTreeMap::new(), lost: Vec::new() };
        for from in 0..all.modules.len() {
            for path in all.paths(from) {
                match all.target(from, &path, 0) {
                    Some(Target::Item(to, name)) if to != from => {
                        all.arrows.entry((from, to)).or_default().insert(name);
                    }
                    None if is_own(&path[0]) => {
                        all.lost.push(format!("{}: {}", all.modules[from].file, path.join("::")));
                    }
                    _ => {}
                }
            }
        }
        all
    }

    /// The paths that a file uses. A parent that only passes on what its children define does not use it.
    fn paths(&self, from: usize) -> Vec<Words> {
        let module = &self.modules[from];
        let is_of_child = |path: &Words| {
            let to = self.target(from, path, 0).map_or(from, |target| target.module());
            to != from && self.modules[to].path.starts_with(&module.path)
        };
        let passed_on =
            |import: &&Import| import.is_public && !module.words.contains(&import.name) && is_of_child(&import.path);
        let used = module.imports.iter().filter(|import| !passed_on(import)).map(|import| &import.path);
        used.chain(&module.inline).cloned().collect()
    }

    /// What a path in the file `from` leads to; nothing for paths out of the crate.
    fn target(&self, from: usize, path: &[String], depth: usize) -> Option<Target> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => self.find(self.module(&[])?, rest, depth),
            "self" => self.find(from, rest, depth),
            "super" => {
                let own = &self.modules[from].path;
                let parent = self.module(&own[..own.len().checked_sub(1)?])?;
                let rest: Vec<String> = ["self".to_owned()].into_iter().chain(rest.iter().cloned()).collect();
                self.target(parent, &rest, depth)
            }
            _ => self.find(from, path, depth),
        }
    }

    fn module(&self, path: &[String]) -> Option<usize> {
        self.modules.iter().position(|module| module.path == path)
    }

    fn child(&self, at: usize, name: &str) -> Option<usize> {
        let mut path = self.modules[at].path.clone();
        path.push(name.to_owned());
        self.module(&path)
    }

    /// What the words lead to, seen from the inside of a module.
    fn find(&self, at: usize, path: &[String], depth: usize) -> Option<Target> {
        let Some((word, rest)) = path.split_first().filter(|_| depth < MOST_REEXPORTS) else {
            return path.is_empty().then_some(Target::Module(at));
        };
        match word.as_str() {
            "*" => return Some(Target::Item(at, word.clone())),
            "self" => return self.find(at, rest, depth),
            "super" => return self.target(at, path, depth),
            _ => {}
        }
        if let Some(child) = self.child(at, word) {
            return self.find(child, rest, depth);
        }
        let module = &self.modules[at];
        if module.defined.contains(word) {
            return Some(Target::Item(at, word.clone()));
        }
        let named = module.imports.iter().find(|import| import.name == *word && import.path[0] != *word);
        if let Some(import) = named {
            return match self.target(at, &import.path, depth + 1)? {
                Target::Module(beyond) => self.find(beyond, rest, depth + 1),
                item @ Target::Item(..) => Some(item),
            };
        }
        let globs = module.imports.iter().filter(|import| import.name == "*" && is_own(&import.path[0]));
        globs.filter_map(|import| self.target(at, &import.path[..import.path.len() - 1], depth + 1)).find_map(
            |target| match target {
                Target::Module(beyond) => self.find(beyond, path, depth + 1),
                Target::Item(..) => None,
            },
        )
    }

    /// For each arrow that lies on a circle the shortest one, as the files from the first in order of name on.
    pub(crate) fn circles(&self) -> BTreeSet<Vec<&str>> {
        let mut circles = BTreeSet::new();
        for &(from, to) in self.arrows.keys() {
            if let Some(mut circle) = self.way(to, from) {
                // The modules stand in the order of their files' names.
                let first = circle.iter().min().and_then(|least| circle.iter().position(|at| at == least));
                circle.rotate_left(first.unwrap_or_default());
                circles.insert(circle.into_iter().map(|at| self.modules[at].file.as_str()).collect());
            }
        }
        circles
    }

    /// `a.rs -> b.rs: Name, Name; b.rs -> a.rs: Name`.
    pub(crate) fn names(&self, circle: &[&str]) -> String {
        let at = |file: &str| self.modules.iter().position(|module| module.file == file).unwrap_or(0);
        let arrow = |n: usize| {
            let (from, to) = (circle[n], circle[(n + 1) % circle.len()]);
            let names: Vec<&str> = self.arrows[&(at(from), at(to))].iter().map(String::as_str).collect();
            format!("{from} -> {to}: {}", names.join(", "))
        };
        (0..circle.len()).map(arrow).collect::<Vec<_>>().join("; ")
    }

    /// The shortest way along arrows, both ends included.
    fn way(&self, from: usize, to: usize) -> Option<Vec<usize>> {
        let mut before = BTreeMap::from([(from, from)]);
        let mut ends = vec![from];
        while !ends.is_empty() && !before.contains_key(&to) {
            for at in std::mem::take(&mut ends) {
                for (&(_, beyond), _) in self.arrows.range((at, 0)..(at + 1, 0)) {
                    before.entry(beyond).or_insert_with(|| {
                        ends.push(beyond);
                        at
                    });
                }
            }
        }
        let mut way = vec![to];
        while *way.last()? != from {
            way.push(*before.get(way.last()?)?);
        }
        way.reverse();
        Some(way)
    }
}

fn is_own(word: &str) -> bool {
    matches!(word, "crate" | "super" | "self")
}

impl Module {
    fn new(file: String, code: &[String]) -> Self {
        let stem = file.trim_end_matches(".rs").trim_end_matches("mod").trim_end_matches('/');
        let path = stem.split('/').filter(|word| *word != "lib").map(ToOwned::to_owned).collect();
        let mut module = Self { file, path, ..Self::default() };
        let (mut at, mut depth) = (0, 0);
        while at < code.len() {
            match code[at].as_str() {
                "use" if code.get(at + 1).is_some_and(|next| next != "<") => {
                    let is_public = at > 0 && matches!(code[at - 1].as_str(), "pub" | ")");
                    at = module.add_imports(code, at + 1, &[], is_public);
                }
                "struct" | "enum" | "union" | "trait" | "type" | "fn" | "const" | "static" if depth == 0 => {
                    module.defined.insert(code[at + 1].clone());
                }
                // What a macro makes: it writes `pub enum Name`, or is given `Name: …` first.
                "pub" if code.get(at + 1).is_some_and(|next| next == "enum") => {
                    module.defined.insert(code[at + 2].clone());
                }
                "!" if code.get(at + 3).is_some_and(|next| next == ":") => {
                    module.defined.insert(code[at + 2].clone());
                }
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => at = module.add_path(code, at),
            }
            at += 1;
        }
        module
    }

    /// The words from `at` on, as long as `::` joins them. Gives where the last of them stands.
    fn add_path(&mut self, code: &[String], at: usize) -> usize {
        if !is_word(&code[at]) {
            return at;
        }
        let mut end = at;
        while code.get(end + 1).is_some_and(|sign| sign == "::") && code.get(end + 2).is_some_and(|word| is_word(word))
        {
            end += 2;
        }
        let path: Words = code[at..=end].iter().step_by(2).cloned().collect();
        self.words.insert(path[0].clone());
        if path.len() > 1 {
            self.inline.push(path);
        }
        end
    }

    /// One tree of a `use` from `at` on. Gives where it ends: at a comma, a bracket or a semicolon.
    fn add_imports(&mut self, code: &[String], mut at: usize, before: &[String], is_public: bool) -> usize {
        let mut path = before.to_vec();
        let mut name = None;
        while !matches!(code[at].as_str(), "," | ";" | "}") {
            match code[at].as_str() {
                "::" => {}
                "as" => {
                    name = Some(code[at + 1].clone());
                    at += 1;
                }
                "{" => {
                    while code[at] != "}" {
                        at = self.add_imports(code, at + 1, &path, is_public);
                    }
                    return at + 1;
                }
                word => path.push(word.to_owned()),
            }
            at += 1;
        }
        if path.len() > 1 && path.last().is_some_and(|word| word == "self") {
            path.pop();
        }
        if path.len() > before.len() || !before.is_empty() && at > 0 && code[at - 1] == "self" {
            let name = name.or_else(|| path.last().cloned()).unwrap_or_default();
            self.imports.push(Import { path, name, is_public });
        }
        at
    }
}

fn is_word(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// The words and signs of a source file, without comments and what strings say.
pub(crate) fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(length) = literal(rest) {
            length
        } else {
            let is_inside = |c: char| c.is_alphanumeric() || c == '_';
            let word = rest.find(|c| !is_inside(c)).unwrap_or(rest.len());
            let length = if word > 0 {
                word
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            if !first.is_whitespace() {
                tokens.push(rest[..length].to_owned());
            }
            length
        };
        rest = &rest[length..];
    }
    tokens
}

/// The length of the string, the character or the lifetime that the text begins with.
fn literal(text: &str) -> Option<usize> {
    let body = text.trim_start_matches(['b', 'c', 'r']);
    let raw = body.trim_start_matches('#');
    let marks = body.len() - raw.len();
    if raw.starts_with('"') && (marks == 0 || text.len() > body.len()) && text.len() - body.len() <= 2 {
        if text[..text.len() - body.len()].contains('r') {
            let end = format!("\"{}", "#".repeat(marks));
            let start = text.len() - raw.len() + 1;
            return Some(start + text[start..].find(&end)? + end.len());
        }
        return Some(text.len() - raw.len() + 1 + quoted(&raw[1..], '"')?);
    }
    let body = text.strip_prefix('b').unwrap_or(text).strip_prefix('\'')?;
    let lifetime = body.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(body.len());
    let start = text.len() - body.len();
    let is_char = body.starts_with('\\') || body.chars().nth(1) == Some('\'');
    Some(start + if is_char { quoted(body, '\'')? } else { lifetime })
}

/// How long a quoted text is, its last sign included.
fn quoted(text: &str, end: char) -> Option<usize> {
    let mut is_escaped = false;
    let last = text.char_indices().find(|(_, c)| {
        let found = *c == end && !is_escaped;
        is_escaped = *c == '\\' && !is_escaped;
        found
    });
    last.map(|(at, c)| at + c.len_utf8())
}

/// Code without what only tests compile: each item under `#[cfg(test)]` is left out.
pub(crate) fn without_tests(code: &[String]) -> Vec<String> {
    const ONLY_IN_TESTS: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::with_capacity(code.len());
    let mut rest = code;
    while let Some(token) = rest.first() {
        if rest.len() > ONLY_IN_TESTS.len() && rest.iter().zip(ONLY_IN_TESTS).all(|(token, sign)| token == sign) {
            let mut depth = 0;
            let end = rest.iter().skip(ONLY_IN_TESTS.len()).position(|token| {
                depth += i32::from(token == "{") - i32::from(token == "}");
                depth == 0 && matches!(token.as_str(), "}" | ";")
            });
            rest = &rest[ONLY_IN_TESTS.len() + end.map_or(0, |end| end + 1)..];
        } else {
            kept.push(token.clone());
            rest = &rest[1..];
        }
    }
    kept
}
