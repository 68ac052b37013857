//! Markdown as a page of HTML that stands alone: no script, nothing fetched, readable in print.

use pulldown_cmark::{Event, Options, Parser};

use crate::markdown;

/// It has no colour of its own, so it is read in a browser's light and dark looks alike.
const STYLE: &str = "body{font:16px/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
    table{border-collapse:collapse;margin:1rem 0}\
    th,td{border:1px solid;padding:.25rem .6rem;text-align:left;vertical-align:top}\
    tr{break-inside:avoid}";

/// The page of a Markdown text. HTML in the text is shown as it is written, and not obeyed.
pub(super) fn page(title: &str, text: &str) -> String {
    let body = markdown::html_of(Parser::new_ext(text, Options::ENABLE_TABLES));
    let head = markdown::html_of([Event::Text(title.into())].into_iter());
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{head}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_in_the_text_is_shown_and_not_obeyed() {
        let told = page("a <b>", "# a <b>\n\n<script>x</script>\n\n| c |\n|---|\n| <img src=x> d |\n");
        assert!(told.contains("<title>a &lt;b&gt;</title>"), "{told}");
        assert!(told.contains("&lt;script&gt;x&lt;/script&gt;") && told.contains("&lt;img src=x&gt; d"), "{told}");
        assert!(told.contains("<table>") && !told.contains("<script") && !told.contains("<img"), "{told}");
    }
}
