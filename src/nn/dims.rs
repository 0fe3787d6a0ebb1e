//! Shapes of samples some of whose lengths are not fixed: `[null, 1]` is a sequence of any length.
use crate::base::error::{Result, bail};
use crate::base::json::{Setting, Value, expected};
use crate::tensor::shape::{MAX_RANK, Shape};
use alloc::vec::Vec;
use core::fmt;
use core::ops::Deref;
use smallvec::SmallVec;

/// The lengths of a sample's axes (no batch axis); `None` where any length will do.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Dims {
    sample: SmallVec<[Option<usize>; MAX_RANK]>,
    /// How many samples a batch has, where that is fixed: stateful layers need to know.
    batch: Option<usize>,
}

/// Lengths that are put in the place of those that are not fixed, in pairs: with many divisors, so that a reshape
/// works out, and the later ones larger, for layers whose windows are.
const PROBES: [(usize, usize); 3] = [(120, 360), (2_520, 7_560), (27_720, 83_160)];

impl Dims {
    /// Dims from lengths.
    pub fn new(lengths: impl IntoIterator<Item = Option<usize>>) -> Self {
        Dims {
            sample: lengths.into_iter().collect(),
            batch: None,
        }
    }

    /// The same for batches of so many samples.
    #[must_use]
    pub fn of_batch(self, batch: Option<usize>) -> Self {
        Dims { batch, ..self }
    }

    /// How many samples a batch has, where that is fixed.
    pub fn batch(&self) -> Option<usize> {
        self.batch
    }

    /// The lengths with that of the batch axis in front, as JSON.
    pub fn batched(&self) -> Value {
        let lengths = [self.batch].into_iter().chain(self.iter().copied());
        Value::Array(lengths.map(Value::from).collect())
    }

    /// From lengths with that of the batch axis in front, as Keras writes them.
    ///
    /// # Errors
    /// No list of lengths, or one without a batch axis.
    pub fn read_batched(value: &Value) -> Result<Self> {
        let lengths = Dims::read(value)?;
        match lengths.split_first() {
            Some((batch, sample)) => Ok(Dims::new(sample.iter().copied()).of_batch(*batch)),
            None => expected("a list of lengths that begins with the batch axis", value),
        }
    }

    /// Dims all of which are fixed.
    pub fn fixed(shape: &[usize]) -> Self {
        Self::new(shape.iter().map(|&length| Some(length)))
    }

    /// The shape, if every length is fixed.
    pub fn shape(&self) -> Option<Shape> {
        let lengths: Option<SmallVec<[usize; MAX_RANK]>> = self.iter().copied().collect();
        Shape::new(&lengths?).ok()
    }

    /// The shape with `length` in the place of every length that is not fixed.
    ///
    /// # Errors
    /// See [`Shape::new`].
    pub fn with(&self, length: usize) -> Result<Shape> {
        let lengths: SmallVec<[usize; MAX_RANK]> =
            self.iter().map(|dim| dim.unwrap_or(length)).collect();
        Shape::new(&lengths)
    }

    /// Whether a sample of this shape is one of these.
    pub fn takes(&self, sample: &[usize]) -> bool {
        self.len() == sample.len()
            && self
                .iter()
                .zip(sample)
                .all(|(dim, length)| dim.is_none_or(|dim| dim == *length))
    }

    /// Whether a model of which these are the input may be called on a sample of this shape: its layers ask for as many
    /// channels, and find out about the rest themselves, as in TensorFlow.js.
    pub fn may_be_called_on(&self, sample: &[usize]) -> bool {
        match (self.last(), sample.last()) {
            (Some(Some(channels)), Some(given)) => channels == given,
            (Some(None), Some(_)) => true,
            _ => self.takes(sample),
        }
    }

    /// Whether a shape can be both: lengths are equal where both are fixed.
    pub fn agrees(&self, other: &Dims) -> bool {
        self.len() == other.len()
            && self
                .iter()
                .zip(other.iter())
                .all(|(a, b)| a.is_none() || b.is_none() || a == b)
    }

    /// How many values a sample has; a length that is not fixed counts as 1.
    pub fn size(&self) -> usize {
        self.iter()
            .fold(1, |size, dim| size.saturating_mul(dim.unwrap_or(1)))
    }

    /// Two shapes for each of `inputs`, which differ where a length is not fixed, together with what `of` makes of
    /// them. Where all lengths are fixed `of` is asked once and both are the same.
    ///
    /// # Errors
    /// Those of `of`, for the smallest lengths that were tried.
    pub fn probe<T: Clone>(inputs: &[Dims], of: &dyn Fn(&[Shape]) -> Result<T>) -> Result<(T, T)> {
        let with = |length| -> Result<T> {
            let shapes: Result<Vec<Shape>> = inputs.iter().map(|dims| dims.with(length)).collect();
            of(&shapes?)
        };
        if inputs.iter().all(|dims| dims.iter().all(Option::is_some)) {
            let found = with(1)?;
            return Ok((found.clone(), found));
        }
        let mut refused = None;
        for (first, second) in PROBES {
            match with(first).and_then(|found| Ok((found, with(second)?))) {
                Ok(found) => return Ok(found),
                // The first refusal speaks of the smallest lengths.
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        match refused {
            Some(error) => Err(error),
            None => bail!(Shape, "{inputs:?}: no lengths could be tried"),
        }
    }

    /// The shapes of outputs, by trying two lengths in the place of those that are not fixed: what differs between
    /// the two depends on them and is not fixed either.
    ///
    /// # Errors
    /// Those of `of`.
    pub fn outputs(
        inputs: &[Dims],
        of: &dyn Fn(&[Shape]) -> Result<Vec<Shape>>,
    ) -> Result<Vec<Dims>> {
        let (first, second) = Self::probe(inputs, of)?;
        let both = first.iter().zip(&second);
        Ok(both
            .map(|(a, b)| {
                let lengths = a.iter().zip(b.iter());
                Dims::new(lengths.map(|(a, b)| (a == b).then_some(*a)))
            })
            .collect())
    }
}

impl Deref for Dims {
    type Target = [Option<usize>];
    fn deref(&self) -> &[Option<usize>] {
        &self.sample
    }
}

impl From<&[usize]> for Dims {
    fn from(shape: &[usize]) -> Self {
        Dims::fixed(shape)
    }
}

impl<const N: usize> From<[usize; N]> for Dims {
    fn from(shape: [usize; N]) -> Self {
        Dims::fixed(&shape)
    }
}

impl<const N: usize> From<[Option<usize>; N]> for Dims {
    fn from(lengths: [Option<usize>; N]) -> Self {
        Dims::new(lengths)
    }
}

/// `[null, 28, 1]`
impl fmt::Debug for Dims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (place, dim) in self.iter().enumerate() {
            f.write_str(if place == 0 { "" } else { ", " })?;
            match dim {
                Some(length) => write!(f, "{length}")?,
                None => f.write_str("null")?,
            }
        }
        f.write_str("]")
    }
}

impl Setting for Dims {
    fn read(value: &Value) -> Result<Self> {
        let Some(lengths) = value.as_array() else {
            return expected("a list of lengths", value);
        };
        let length = |value: &Value| match value {
            Value::Null => Ok(None),
            given => usize::read(given).map(Some),
        };
        let sample = lengths.iter().map(length).collect::<Result<_>>()?;
        Ok(Dims {
            sample,
            batch: None,
        })
    }
}

impl From<Dims> for Value {
    fn from(dims: Dims) -> Value {
        let lengths = dims.iter().map(|&dim| Value::from(dim));
        Value::Array(lengths.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::{format, vec};

    #[test]
    fn what_depends_on_an_open_length_is_open_and_the_rest_is_found() {
        let dims = Dims::from([None, Some(4)]);
        let found = Dims::outputs(&[dims], &|shapes| {
            let (time, features) = (shapes[0][0], shapes[0][1]);
            Ok(vec![
                Shape::new(&[time / 2, features * 3])?,
                Shape::new(&[features])?,
            ])
        });
        assert_eq!(format!("{:?}", found.unwrap()), "[[null, 12], [4]]");
    }

    #[test]
    fn a_refusal_of_all_lengths_is_passed_on() {
        let refused = Dims::outputs(&[Dims::from([None])], &|shapes| {
            bail!(Shape, "window: no room in {:?}", shapes[0])
        });
        assert_eq!(
            format!("{}", refused.unwrap_err()),
            "window: no room in [120]"
        );
    }
}
