//! A size that may be given once for both directions.
use crate::error::Error;
use alloc::format;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `(down, across)`; in JSON a number, or a list of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "Value", into = "[usize; 2]")]
pub struct Pair(pub usize, pub usize);

impl TryFrom<Value> for Pair {
    type Error = Error;

    fn try_from(value: Value) -> Result<Self, Error> {
        let size = |value: &Value| value.as_u64().map(|size| size as usize);
        let pair = match &value {
            Value::Array(sizes) => match &sizes[..] {
                [down, across] => size(down).zip(size(across)),
                _ => None,
            },
            both => size(both).map(|size| (size, size)),
        };
        match pair {
            Some((down, across)) => Ok(Pair(down, across)),
            None => Err(Error::Value(format!(
                "expected a whole number or two of them, not {value}"
            ))),
        }
    }
}

impl From<Pair> for [usize; 2] {
    fn from(Pair(down, across): Pair) -> Self {
        [down, across]
    }
}

impl From<Pair> for (usize, usize) {
    fn from(Pair(down, across): Pair) -> Self {
        (down, across)
    }
}
