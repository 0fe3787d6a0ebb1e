//! Values with the mean 0 and the variance 1, by statistics that are given or found beforehand.
use crate::base::error::{Result, bail};
use crate::base::json::{Setting, Value, expected, settings};
use crate::nn::layer::sample_axis;
use crate::nn::{Context, Initializer, Mapping, WeightSpec};
use crate::tensor::Tensor;
use crate::tensor::shape::{MAX_RANK, Shape};
use alloc::{vec, vec::Vec};
use smallvec::SmallVec;

/// Keras' ε: no deviation counts as less.
const LEAST: f32 = 1e-7;

/// The axes of a batch whose places have statistics of their own: one, several, or none (`null` in Keras' function, an
/// empty list in its configurations).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAxes(pub Vec<isize>);

impl Setting for KeptAxes {
    fn read(value: &Value) -> Result<Self> {
        let axes = match value {
            Value::Array(_) => Vec::read(value),
            one => isize::read(one).map(|axis| vec![axis]),
        };
        axes.map_or_else(
            |_| expected("a whole number or a list of them", value),
            |axes| Ok(KeptAxes(axes)),
        )
    }
}

impl From<KeptAxes> for Value {
    fn from(axes: KeptAxes) -> Value {
        axes.0.into()
    }
}

/// Statistics that are given: one number, or one for each place of the kept axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    values: Vec<f32>,
    is_list: bool,
}

impl Setting for Given {
    fn read(value: &Value) -> Result<Self> {
        let is_list = matches!(value, Value::Array(_));
        let values = match is_list {
            true => Vec::read(value),
            false => f32::read(value).map(|one| vec![one]),
        };
        values.map_or_else(
            |_| expected("a number or a list of numbers", value),
            |values| Ok(Given { values, is_list }),
        )
    }
}

impl From<Given> for Value {
    fn from(given: Given) -> Value {
        match (given.is_list, &*given.values) {
            (false, &[value]) => value.into(),
            _ => given.values.into(),
        }
    }
}

settings! {
    /// `(x − mean) / √variance`, place by place of the axes that are kept. Without a given mean and variance they are
    /// weights that training does not change, 0 and 1 until something else is put there.
    #[derive(Clone, Debug)]
    pub struct Normalization {
        /// Whose places have statistics of their own; −1 is the last axis.
        axis: KeptAxes = KeptAxes(vec![-1]),
        /// The mean.
        mean: Option<Given> = None,
        /// The variance.
        variance: Option<Given> = None,
        /// Whether values are put back to this mean and variance instead.
        invert: bool = false,
    }
}

impl Normalization {
    /// The places of the kept axes among those of a batch whose samples have `rank` axes, in order.
    fn kept(&self, rank: usize) -> Result<SmallVec<[usize; MAX_RANK]>> {
        let mut places = SmallVec::new();
        for &axis in &self.axis.0 {
            let place = 1 + sample_axis("Normalization", axis, rank)?;
            if places.contains(&place) {
                bail!(Value, "Normalization: `axis` names axis {place} twice");
            }
            places.push(place);
        }
        places.sort_unstable();
        Ok(places)
    }

    /// A statistic as it meets a batch of this shape.
    fn spread(&self, statistic: &Tensor, x: &Shape) -> Result<Tensor> {
        let kept = self.kept(x.len() - 1)?;
        let lengths: SmallVec<[usize; MAX_RANK]> = (0..x.len())
            .map(|place| if kept.contains(&place) { x[place] } else { 1 })
            .collect();
        if statistic.data().len() == 1 {
            return statistic.reshape(&[]);
        }
        statistic.reshape(&lengths)
    }

    /// A statistic that is given, if its length fits the kept axis of samples of this shape.
    fn given(&self, key: &str, given: &Given, sample: &[usize]) -> Result<Tensor> {
        let kept = self.kept(sample.len())?;
        let length: usize = kept.iter().map(|&place| sample[place - 1]).product();
        if given.is_list
            && given.values.len() != 1
            && (kept.len() != 1 || given.values.len() != length)
        {
            bail!(
                Shape,
                "Normalization: `{key}` has {} values for an axis of {length}",
                given.values.len()
            );
        }
        Tensor::new(given.values.clone(), &[given.values.len()])
    }
}

impl Mapping for Normalization {
    fn class_name(&self) -> &str {
        "Normalization"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        if self.mean.is_some() != self.variance.is_some() {
            bail!(
                Value,
                "Normalization: `mean` and `variance` must both be given, or neither"
            );
        }
        Ok(())
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        self.kept(input.len())?;
        for (key, given) in [("mean", &self.mean), ("variance", &self.variance)] {
            if let Some(given) = given {
                self.given(key, given, input)?;
            }
        }
        Shape::new(input)
    }

    fn weights(&self, input: &[usize]) -> Vec<WeightSpec> {
        let Ok(kept) = self.kept(input.len()) else {
            return Vec::new();
        };
        if self.mean.is_some() {
            return Vec::new();
        }
        let shape: Vec<usize> = kept.iter().map(|&place| input[place - 1]).collect();
        let state = |name, shape, start| WeightSpec::new(name, shape, start).state();
        vec![
            state("mean", shape.clone(), Initializer::Zeros),
            state("variance", shape, Initializer::Ones),
            // Keras has it for older files.
            state("count", vec![], Initializer::Zeros),
        ]
    }

    fn transform(&self, x: &Tensor, weights: &[Tensor], _: &mut Context) -> Result<Tensor> {
        let shape = x.shape();
        let sample = &shape[1..];
        let (mean, variance) = match (&self.mean, &self.variance) {
            (Some(mean), Some(variance)) => (
                self.given("mean", mean, sample)?,
                self.given("variance", variance, sample)?,
            ),
            _ => (weights[0].clone(), weights[1].clone()),
        };
        let (mean, variance) = (self.spread(&mean, shape)?, self.spread(&variance, shape)?);
        let deviation = variance.sqrt().clamp(LEAST, f32::INFINITY);
        match self.invert {
            true => x.mul(&deviation)?.add(&mean),
            false => x.sub(&mean)?.div(&deviation),
        }
    }

    fn passes_mask(&self) -> bool {
        true
    }
}
