//! Sizes that may be given once for all directions, and settings of Keras' that have one value here.
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

/// A size along each of `N` axes; in JSON a number, or a list of `N`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes<const N: usize>(pub [usize; N]);

impl<const N: usize> Setting for Sizes<N> {
    fn read(value: &Value) -> Result<Self> {
        let mut sizes = [0; N];
        let read = match value.as_array() {
            Some(values) if values.len() == N => sizes
                .iter_mut()
                .zip(values)
                .try_for_each(|(size, value)| usize::read(value).map(|read| *size = read)),
            _ => usize::read(value).map(|all| sizes = [all; N]),
        };
        read.or_else(|_| expected("a whole number, or one for each axis", value))?;
        Ok(Sizes(sizes))
    }
}

impl<const N: usize> From<Sizes<N>> for Value {
    fn from(Sizes(sizes): Sizes<N>) -> Value {
        match &sizes[..] {
            [only] => (*only).into(),
            _ => sizes.into(),
        }
    }
}

/// A setting of Keras' that has one value here: channels are the last axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChannelsLast;

impl Setting for ChannelsLast {
    fn read(value: &Value) -> Result<Self> {
        match value.as_str() {
            Some("channels_last" | "channelsLast") => Ok(ChannelsLast),
            _ => expected("channels_last, which is all that is offered", value),
        }
    }
}

impl From<ChannelsLast> for Value {
    fn from(_: ChannelsLast) -> Value {
        "channels_last".into()
    }
}

/// A setting of Keras' that must be 1 here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct One;

impl Setting for One {
    fn read(value: &Value) -> Result<Self> {
        match value.as_f64() {
            Some(1.0) => Ok(One),
            _ => expected("1, which is all that is offered", value),
        }
    }
}

impl From<One> for Value {
    fn from(_: One) -> Value {
        1.into()
    }
}

/// The value of a setting of Keras' that is not offered here: there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotOffered {}

impl Setting for NotOffered {
    fn read(value: &Value) -> Result<Self> {
        expected("null: this setting is not offered here", value)
    }
}

impl From<NotOffered> for Value {
    fn from(value: NotOffered) -> Value {
        match value {}
    }
}
