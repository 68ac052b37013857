//! RON as people write it, in one way for every file that is read: scenes, deck, customer, lab, theme, metrics.
//!
//! `read` gives the value, or one [`Problem`] with its place. `Places` finds where something stands in a text that
//! reads, for what is wrong with its meaning, and `Finder` collects that.

mod encoding;
mod finder;
mod places;
mod problem;
mod refusal;
mod scan;

use ron::extensions::Extensions;
use serde::de::DeserializeOwned;

pub(crate) use self::encoding::plain_text;
pub use self::encoding::text_from_bytes;
pub(crate) use self::finder::Finder;
pub(crate) use self::places::{Place, Places};
pub use self::problem::Problem;
pub(crate) use self::problem::Severity;
pub(crate) use self::problem::suggestion;

/// Reads a file's text. What RON refuses is told in our words, with its place; values that were found may be quoted.
pub(crate) fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Box<Problem>> {
    read_reworded(file, text, |_, _| ())
}

/// A file that RON refuses is read so often at most, each time without what it refused.
const MOST_REFUSED: usize = 10;

/// Reads a file's text, and tells all that is wrong with it: what is refused is left out with the list's item that it stands
/// in, and the rest is read again. Where brackets do not fit, what follows them means nothing, and only they are told.
pub(crate) fn read_on<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Vec<Problem>> {
    let mut problem = match read(file, text) {
        Ok(value) => return Ok(value),
        Err(problem) => *problem,
    };
    let (mut problems, mut rest) = (Vec::new(), scan::without_byte_order_mark(text).to_owned());
    loop {
        let less = scan::without_item_at(&rest, problem.line, problem.column);
        problems.push(problem);
        let Some(less) = less.filter(|_| problems.len() < MOST_REFUSED) else { return Err(problems) };
        let Err(next) = read::<T>(file, &less) else { return Err(problems) };
        (problem, rest) = (*next, less);
    }
}

/// Reads a file's text; `reword` changes the words of what RON refused, where a kind of file has better ones.
pub(crate) fn read_reworded<T: DeserializeOwned>(
    file: &str,
    text: &str,
    reword: impl Fn(&ron::Error, &mut Problem),
) -> Result<T, Box<Problem>> {
    let text = scan::without_byte_order_mark(text);
    encoding::check(file, text)?;
    // `Some(…)` may be left out, whether or not the first line says so, and `Node(id: …)` needs no second parentheses.
    let extensions = Extensions::IMPLICIT_SOME | Extensions::UNWRAP_VARIANT_NEWTYPES;
    ron::Options::default().with_default_extension(extensions).from_str(text).map_err(|refused| {
        let mut problem = refusal::problem(file, text, &refused);
        reword(&refused.code, &mut problem);
        Box::new(problem)
    })
}
