//! How many of something, in words.

use std::fmt::Display;

/// `"1 step"`, `"2 steps"`, `"0 steps"`. `noun`: of one; several have an s.
pub(crate) fn counted<N: Copy + Display + PartialEq + From<u8>>(count: N, noun: &str) -> String {
    let end = if count == N::from(1) { "" } else { "s" };
    format!("{count} {noun}{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_has_no_s() {
        for (count, words) in [(0_usize, "0 steps"), (1, "1 step"), (2, "2 steps"), (21, "21 steps")] {
            assert_eq!(counted(count, "step"), words);
        }
    }
}
