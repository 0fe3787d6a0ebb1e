//! Values inside of error messages: short, however large they are.
use alloc::string::String;
use core::fmt::{self, Display, Write};

/// So many characters of a value say enough about what is wrong with it.
const MOST: usize = 60;

/// The first 60 characters of what `value` is written as, and `…` if there are more. The rest is not even
/// written: a value of ten megabytes costs no more than a small one.
pub fn brief(value: &dyn Display) -> String {
    let mut start = Start {
        text: String::new(),
        left: MOST,
    };
    if write!(start, "{value}").is_err() {
        start.text.push('…');
    }
    start.text
}

/// Takes characters until there are enough of them, and then fails, which ends the writing.
struct Start {
    text: String,
    left: usize,
}

impl Write for Start {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let mut characters = part.chars();
        let taken: String = characters.by_ref().take(self.left).collect();
        self.left -= taken.chars().count();
        self.text.push_str(&taken);
        match characters.next() {
            None => Ok(()),
            Some(_) => Err(fmt::Error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn short_texts_stay_whole_and_long_ones_are_cut_between_characters() {
        let exact = "é".repeat(MOST);
        assert_eq!(brief(&exact), exact);
        assert_eq!(brief(&(exact.clone() + "x")), exact + "…");
        assert_eq!(brief(&12), 12.to_string());
    }
}
