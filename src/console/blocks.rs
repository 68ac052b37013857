//! Notes, read as Markdown: blocks of words that look alike.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

/// How a paragraph of objection begins.
const OBJECTION: &str = "They may object";

/// A stretch of words that look alike.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct WordRun {
    pub(super) words: String,
    pub(super) look: BlockLook,
}

/// How words are set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is set by itself, as Markdown does")]
pub(super) struct BlockLook {
    pub(super) strong: bool,
    /// What is not said aloud: a stage direction.
    pub(super) aside: bool,
    pub(super) struck: bool,
    pub(super) code: bool,
}

/// What a block is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
    Paragraph,
    Heading,
    /// Words of somebody else.
    Quote,
    /// A line across.
    Rule,
}

/// A paragraph, an item of a list, a row of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Block {
    pub(super) kind: Kind,
    /// How many lists it stands in, less one.
    pub(super) depth: usize,
    pub(super) runs: Vec<WordRun>,
}

impl Block {
    /// An objection of the room, with its answer.
    pub(super) fn is_objection(&self) -> bool {
        is_objection(&self.runs)
    }

    /// Whether it begins with strong words, as each part of the notes does.
    pub(super) fn begins_strong(&self) -> bool {
        self.runs.first().is_some_and(|run| run.look.strong)
    }

    /// Its words, as they are read aloud.
    pub(super) fn words(&self) -> String {
        self.runs.iter().map(|run| run.words.as_str()).collect()
    }
}

fn is_objection(runs: &[WordRun]) -> bool {
    runs.first().is_some_and(|run| run.look.strong && run.words.starts_with(OBJECTION))
}

/// The blocks of a text. HTML and images have no place in notes: their words come as they are written.
pub(super) fn blocks(markdown: &str) -> Vec<Block> {
    let mut reader = BlockReader::default();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        reader.take(event);
    }
    reader.end_block();
    reader.blocks
}

#[derive(Default)]
struct BlockReader {
    blocks: Vec<Block>,
    runs: Vec<WordRun>,
    look: BlockLook,
    /// The lists that are open: the next number of each that is numbered.
    lists: Vec<Option<u64>>,
    quotes: usize,
    is_heading: bool,
}

impl BlockReader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Code(words) => self.push_as(&words, BlockLook { code: true, ..self.look }),
            Event::Text(words) if self.look.code => self.push(words.trim_end_matches('\n')),
            Event::Text(words)
            | Event::Html(words)
            | Event::InlineHtml(words)
            | Event::InlineMath(words)
            | Event::DisplayMath(words)
            | Event::FootnoteReference(words) => self.push(&words),
            // The answer begins a line of its own below the objection.
            Event::SoftBreak => self.push(if is_objection(&self.runs) { "\n" } else { " " }),
            Event::HardBreak => self.push("\n"),
            Event::Rule => {
                self.end_block();
                self.blocks.push(Block { kind: Kind::Rule, ..Block::default() });
            }
            Event::TaskListMarker(done) => self.push(if done { "[x] " } else { "[ ] " }),
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Strong | Tag::TableHead => self.look.strong = true,
            Tag::Emphasis => self.look.aside = true,
            Tag::Strikethrough => self.look.struck = true,
            Tag::Heading { .. } => {
                self.end_block();
                (self.is_heading, self.look.strong) = (true, true);
            }
            Tag::BlockQuote(_) => {
                self.end_block();
                self.quotes += 1;
            }
            Tag::CodeBlock(_) => {
                self.end_block();
                self.look.code = true;
            }
            Tag::List(first) => {
                self.end_block();
                self.lists.push(*first);
            }
            Tag::Item => {
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        let mark = format!("{number}.  ");
                        *number += 1;
                        mark
                    }
                    _ => "•  ".to_owned(),
                };
                self.push(&mark);
            }
            Tag::TableCell if !self.runs.is_empty() => self.push("   |   "),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.look.strong = false,
            TagEnd::Emphasis => self.look.aside = false,
            TagEnd::Strikethrough => self.look.struck = false,
            TagEnd::Paragraph | TagEnd::Item | TagEnd::TableRow | TagEnd::HtmlBlock => self.end_block(),
            TagEnd::Heading(_) => {
                self.end_block();
                (self.is_heading, self.look.strong) = (false, false);
            }
            TagEnd::TableHead => {
                self.end_block();
                self.look.strong = false;
            }
            TagEnd::CodeBlock => {
                self.end_block();
                self.look.code = false;
            }
            TagEnd::BlockQuote(_) => {
                self.end_block();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::List(_) => {
                self.lists.pop();
            }
            _ => {}
        }
    }

    fn push(&mut self, words: &str) {
        self.push_as(words, self.look);
    }

    fn push_as(&mut self, words: &str, look: BlockLook) {
        if !words.is_empty() {
            self.runs.push(WordRun { words: words.to_owned(), look });
        }
    }

    fn end_block(&mut self) {
        if self.runs.is_empty() {
            return;
        }
        let kind = match (self.is_heading, self.quotes) {
            (true, _) => Kind::Heading,
            (false, 0) => Kind::Paragraph,
            (false, _) => Kind::Quote,
        };
        let depth = self.lists.len().saturating_sub(1);
        self.blocks.push(Block { kind, depth, runs: std::mem::take(&mut self.runs) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each block: `#` a heading, `>` a quote, `---` a line, two blanks a level of lists, and its words, with `*` before
    /// strong ones, `/` before asides, `~` before struck ones and a backtick before code.
    fn told(markdown: &str) -> Vec<String> {
        let run = |run: &WordRun| {
            let BlockLook { strong, aside, struck, code } = run.look;
            let marks = [(strong, '*'), (aside, '/'), (struck, '~'), (code, '`')];
            let marks: String = marks.into_iter().filter(|(on, _)| *on).map(|(_, mark)| mark).collect();
            format!("{marks}{}", run.words)
        };
        let block = |block: &Block| {
            let kind = match block.kind {
                Kind::Paragraph => "",
                Kind::Heading => "# ",
                Kind::Quote => "> ",
                Kind::Rule => "---",
            };
            format!("{}{kind}{}", "  ".repeat(block.depth), block.runs.iter().map(run).collect::<String>())
        };
        blocks(markdown).iter().map(block).collect()
    }

    #[test]
    fn notes_are_read_as_markdown() {
        let cases: [(&str, &[&str]); 9] = [
            ("\n**Say.** *(Wait.)* The hall glows.\n\nMore `io`.", &["*Say. /(Wait.) The hall glows.", "More `io."]),
            ("**They may object.** \"Zero?\"\n**Answer.** It is.", &["*They may object. \"Zero?\"\n*Answer. It is."]),
            ("- one\n- two\n  - three\n- four", &["•  one", "•  two", "  •  three", "•  four"]),
            ("3. one\n4. two", &["3.  one", "4.  two"]),
            ("# Now\n\nthen\n\n---\n\nlast", &["# *Now", "then", "---", "last"]),
            ("> said\n> by others\n\nours", &["> said by others", "ours"]),
            ("```\na\n---\nb\n```\n**They may object.** \"So?\"", &["`a\n---\nb", "*They may object. \"So?\""]),
            ("| a | b |\n|---|---|\n| 1 | ~~2~~ |", &["*a*   |   *b", "1   |   ~2"]),
            ("a <b>c</b>", &["a <b>c</b>"]),
        ];
        for (markdown, expected) in cases {
            assert_eq!(told(markdown), expected, "{markdown}");
        }
        assert!(blocks("```\na\n```\n**They may object.** \"So?\"")[1].is_objection());
    }
}
