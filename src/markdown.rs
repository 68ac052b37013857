//! Markdown as HTML in which nothing of the text is obeyed.

use pulldown_cmark::{Event, html};

/// HTML of the events of a Markdown text. HTML in the text is shown as it is written.
pub(crate) fn html_of<'a>(events: impl Iterator<Item = Event<'a>>) -> String {
    let shown = events.map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        other => other,
    });
    let mut text = String::new();
    html::push_html(&mut text, shown);
    text
}
