//! A size that may be given once for both directions.
use crate::base::error::Result;
use crate::base::json::{Setting, Value, expected};

/// `(down, across)`; in JSON a number, or a list of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair(pub usize, pub usize);

impl Setting for Pair {
    fn read(value: &Value) -> Result<Self> {
        let pair = match value.as_array() {
            Some([down, across]) => {
                usize::read(down).and_then(|d| Ok(Pair(d, usize::read(across)?)))
            }
            _ => usize::read(value).map(|both| Pair(both, both)),
        };
        pair.or_else(|_| expected("a whole number or two of them", value))
    }
}

impl From<Pair> for Value {
    fn from(Pair(down, across): Pair) -> Value {
        [down, across].into()
    }
}

impl From<Pair> for (usize, usize) {
    fn from(Pair(down, across): Pair) -> Self {
        (down, across)
    }
}
