//! A size that may be given once for both directions.
use serde::{Deserialize, Serialize};

/// `(down, across)`; in JSON a number, or a list of two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "Given", into = "[usize; 2]")]
pub struct Pair(pub usize, pub usize);

#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a whole number or two of them")]
enum Given {
    Both(usize),
    Each([usize; 2]),
}

impl From<Given> for Pair {
    fn from(given: Given) -> Self {
        match given {
            Given::Both(size) => Pair(size, size),
            Given::Each([down, across]) => Pair(down, across),
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
