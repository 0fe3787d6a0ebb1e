//! Layers that make data ready for a network: pictures of one size, pictures that look a little different each time,
//! classes as rows.
use crate::base::error::{Result, bail};
use crate::base::json::{Decimal, Setting, Value, expected};
use crate::base::rng::Rng;
use crate::ops::{Beyond, Interpolation};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;

pub(super) mod categories;
pub(super) mod colours;
pub(super) mod normalization;
pub(super) mod places;
pub(super) mod random_crop;
pub(super) mod sizes;

impl Setting for Interpolation {
    fn read(value: &Value) -> Result<Self> {
        match value.as_str() {
            Some("nearest") => Ok(Interpolation::Nearest),
            Some("bilinear") => Ok(Interpolation::Bilinear),
            _ => expected("`nearest` or `bilinear`", value),
        }
    }
}

impl From<Interpolation> for Value {
    fn from(how: Interpolation) -> Value {
        match how {
            Interpolation::Nearest => "nearest".into(),
            Interpolation::Bilinear => "bilinear".into(),
        }
    }
}

impl Setting for Beyond {
    fn read(value: &Value) -> Result<Self> {
        match value.as_str() {
            Some("constant") => Ok(Beyond::Constant),
            Some("nearest") => Ok(Beyond::Nearest),
            Some("reflect") => Ok(Beyond::Reflect),
            Some("wrap") => Ok(Beyond::Wrap),
            _ => expected("`constant`, `nearest`, `reflect` or `wrap`", value),
        }
    }
}

impl From<Beyond> for Value {
    fn from(beyond: Beyond) -> Value {
        match beyond {
            Beyond::Constant => "constant".into(),
            Beyond::Nearest => "nearest".into(),
            Beyond::Reflect => "reflect".into(),
            Beyond::Wrap => "wrap".into(),
        }
    }
}

/// What is drawn lies between these two. In JSON a list of both, or one number, which is the greater, while the lesser is
/// minus it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span(pub f32, pub f32);

impl Span {
    /// Refuses what is not within `least..=most`; `what` names the layer and the key.
    fn check(self, what: &str, least: f32, most: f32) -> Result<()> {
        if self.0 < least || self.1 > most {
            bail!(
                Value,
                "{what} must be from {} to {}, but is {} to {}",
                Decimal::from(least),
                Decimal::from(most),
                Decimal::from(self.0),
                Decimal::from(self.1)
            );
        }
        Ok(())
    }

    fn draw(self, rng: &mut Rng) -> f64 {
        f64::from(rng.uniform(self.0, self.1))
    }
}

impl Setting for Span {
    fn read(value: &Value) -> Result<Self> {
        let span = match value.as_array() {
            Some([a, b]) => f32::read(a).and_then(|a| Ok((a, f32::read(b)?))),
            _ => f32::read(value).map(|most| (-most, most)),
        };
        match span {
            Ok((a, b)) => Ok(Span(a.min(b), a.max(b))),
            Err(_) => expected("a number or two of them", value),
        }
    }
}

impl From<Span> for Value {
    fn from(Span(low, high): Span) -> Value {
        [low, high].into()
    }
}

/// Where a sample's rows and columns are: in `[height, width, channels]`, and in a single picture, whose rows a model
/// takes for samples.
fn expect_picture(class_name: &str, sample: &[usize]) -> Result<()> {
    match sample {
        [_, _, _] | [_, _] => Ok(()),
        other => bail!(
            Shape,
            "{class_name}: each sample must be [height, width, channels], but has the shape {other:?}"
        ),
    }
}

/// What `of` makes of pictures `[n, height, width, channels]`; a single picture is one of them, and stays single.
fn of_pictures(
    class_name: &str,
    x: &Tensor,
    of: impl FnOnce(&Tensor) -> Result<Tensor>,
) -> Result<Tensor> {
    match x.shape()[..] {
        [_, _, _, _] => of(x),
        [height, width, channels] => {
            let y = of(&x.reshape(&[1, height, width, channels])?)?;
            let shape = *y.shape();
            y.reshape(&shape[1..])
        }
        ref other => bail!(
            Shape,
            "{class_name}: expected pictures [n, height, width, channels], but got {other:?}"
        ),
    }
}

/// The shape of a sample whose rows and columns have other lengths.
fn sized(class_name: &str, sample: &[usize], height: usize, width: usize) -> Result<Shape> {
    expect_picture(class_name, sample)?;
    match *sample {
        [_, _, channels] => Shape::new(&[height, width, channels]),
        _ => Shape::new(&[width, sample[1]]),
    }
}
