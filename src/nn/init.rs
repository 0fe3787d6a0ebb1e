//! What weights start as. Names and scales are Keras'; the numbers are ours, from our own generator.
use crate::base::error::{Result, bail};
use crate::base::json::{Setting, Value, expected, json};
use crate::base::names::plain;
use crate::base::rng::Rng;
use alloc::{vec, vec::Vec};

mod orthogonal;

/// A way to fill a new weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Initializer {
    /// All 0.
    Zeros,
    /// All 1.
    Ones,
    /// All the same.
    Constant(f32),
    /// Uniform in `[low, high)`.
    RandomUniform(f32, f32),
    /// Normal with this mean and deviation.
    RandomNormal(f32, f32),
    /// Normal with this mean and deviation, redrawn beyond two deviations.
    TruncatedNormal(f32, f32),
    /// Orthonormal rows or columns, whichever are fewer, times a gain (Saxe et al. 2014).
    Orthogonal(f32),
    /// Variance `scale / fan`, uniform or truncated normal (Glorot 2010, He 2015, LeCun 1998).
    Scaled(&'static Family),
}

/// A family of variance scaling.
#[derive(Debug, PartialEq)]
pub struct Family {
    name: &'static str,
    scale: f32,
    fan: Fan,
    normal: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fan {
    In,
    Average,
}

static FAMILIES: [Family; 6] = [
    Family {
        name: "glorot_uniform",
        scale: 1.0,
        fan: Fan::Average,
        normal: false,
    },
    Family {
        name: "glorot_normal",
        scale: 1.0,
        fan: Fan::Average,
        normal: true,
    },
    Family {
        name: "he_uniform",
        scale: 2.0,
        fan: Fan::In,
        normal: false,
    },
    Family {
        name: "he_normal",
        scale: 2.0,
        fan: Fan::In,
        normal: true,
    },
    Family {
        name: "lecun_uniform",
        scale: 1.0,
        fan: Fan::In,
        normal: false,
    },
    Family {
        name: "lecun_normal",
        scale: 1.0,
        fan: Fan::In,
        normal: true,
    },
];

impl Initializer {
    /// Keras' default for kernels.
    pub const fn glorot_uniform() -> Self {
        Initializer::Scaled(&FAMILIES[0])
    }

    /// Values for a weight of this shape.
    pub fn fill(&self, shape: &[usize], rng: &mut Rng) -> Vec<f32> {
        let size = shape.iter().product();
        let mut draw = |value: &mut dyn FnMut(&mut Rng) -> f32| -> Vec<f32> {
            (0..size).map(|_| value(rng)).collect()
        };
        match *self {
            Initializer::Zeros => vec![0.0; size],
            Initializer::Ones => vec![1.0; size],
            Initializer::Constant(value) => vec![value; size],
            Initializer::RandomUniform(low, high) => draw(&mut |rng| rng.uniform(low, high)),
            Initializer::RandomNormal(mean, deviation) => {
                draw(&mut |rng| mean + deviation * rng.normal())
            }
            Initializer::TruncatedNormal(mean, deviation) => {
                draw(&mut |rng| mean + deviation * truncated(rng))
            }
            // Nothing that this build can read asks for it.
            Initializer::Orthogonal(_) if cfg!(not(feature = "restraints")) => vec![0.0; size],
            Initializer::Orthogonal(gain) => {
                // Every axis but the last counts as rows.
                let cols = shape.last().copied().unwrap_or(1);
                let rows = size.checked_div(cols).unwrap_or(0);
                orthogonal::orthogonal(rows, cols, gain, rng)
            }
            Initializer::Scaled(family) => {
                let (fan_in, fan_out) = fans(shape);
                let fan = match family.fan {
                    Fan::In => fan_in,
                    Fan::Average => (fan_in + fan_out) / 2.0,
                };
                let variance = family.scale / fan.max(1.0);
                if family.normal {
                    // The truncated normal's own deviation, so that the variance comes out right.
                    let deviation = libm::sqrtf(variance) / 0.879_625_7;
                    draw(&mut |rng| deviation * truncated(rng))
                } else {
                    let limit = libm::sqrtf(3.0 * variance);
                    draw(&mut |rng| rng.uniform(-limit, limit))
                }
            }
        }
    }
}

/// A standard normal within two deviations.
fn truncated(rng: &mut Rng) -> f32 {
    loop {
        let value = rng.normal();
        if value.abs() <= 2.0 {
            return value;
        }
    }
}

/// How many inputs and outputs each unit has: the last two axes times the receptive field before them.
fn fans(shape: &[usize]) -> (f32, f32) {
    match shape {
        [] => (1.0, 1.0),
        [size] => (*size as f32, *size as f32),
        [field @ .., fan_in, fan_out] => {
            let field: usize = field.iter().product();
            ((field * fan_in) as f32, (field * fan_out) as f32)
        }
    }
}

impl Setting for Initializer {
    /// A name (`"he_normal"`, `"heNormal"`), or Keras' `{ "class_name", "config" }`.
    fn read(value: &Value) -> Result<Self> {
        let Some(class) = value.as_str().or_else(|| value["class_name"].as_str()) else {
            return expected("an initializer's name", value);
        };
        let number = |key: &str, default: f32| match &value["config"][key] {
            Value::Null => Ok(default),
            given => match f32::read(given) {
                Ok(number) if number.is_finite() => Ok(number),
                _ => bail!(
                    Value,
                    "initializer `{class}`: `{key}` must be a number, not {given}"
                ),
            },
        };
        let plain_class = plain(class);
        if let Some(family) = FAMILIES
            .iter()
            .find(|family| plain(family.name) == plain_class)
        {
            return Ok(Initializer::Scaled(family));
        }
        Ok(match &*plain_class {
            "zeros" => Initializer::Zeros,
            "ones" => Initializer::Ones,
            "constant" => Initializer::Constant(number("value", 0.0)?),
            "randomuniform" => {
                Initializer::RandomUniform(number("minval", -0.05)?, number("maxval", 0.05)?)
            }
            "randomnormal" => {
                Initializer::RandomNormal(number("mean", 0.0)?, number("stddev", 0.05)?)
            }
            "truncatednormal" => {
                Initializer::TruncatedNormal(number("mean", 0.0)?, number("stddev", 0.05)?)
            }
            "orthogonal" if cfg!(not(feature = "restraints")) => bail!(
                State,
                "initializer `{class}`: this module was built without it"
            ),
            "orthogonal" => Initializer::Orthogonal(number("gain", 1.0)?),
            _ => bail!(
                Name,
                "initializer `{class}` is unknown; there are zeros, ones, constant, random_uniform, random_normal, truncated_normal, orthogonal, {}",
                FAMILIES.each_ref().map(|family| family.name).join(", ")
            ),
        })
    }
}

impl From<Initializer> for Value {
    fn from(initializer: Initializer) -> Value {
        let with = |class: &str, config: Value| json!({ "class_name": class, "config": config });
        match initializer {
            Initializer::Zeros => "zeros".into(),
            Initializer::Ones => "ones".into(),
            Initializer::Scaled(family) => family.name.into(),
            Initializer::Orthogonal(gain) => with("Orthogonal", json!({ "gain": gain })),
            Initializer::Constant(value) => with("Constant", json!({ "value": value })),
            Initializer::RandomUniform(low, high) => {
                with("RandomUniform", json!({ "minval": low, "maxval": high }))
            }
            Initializer::RandomNormal(mean, deviation) => {
                with("RandomNormal", json!({ "mean": mean, "stddev": deviation }))
            }
            Initializer::TruncatedNormal(mean, deviation) => with(
                "TruncatedNormal",
                json!({ "mean": mean, "stddev": deviation }),
            ),
        }
    }
}
