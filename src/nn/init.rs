//! What weights start as. Names and scales are Keras'; the numbers are ours, from our own generator.
use crate::base::error::{Result, bail};
use crate::base::json::{Decimal, Setting, Value, expected, json};
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
    /// All this value.
    Constant(f32),
    /// Uniform in `[low, high)`.
    RandomUniform(f32, f32),
    /// Normal with this mean and deviation.
    RandomNormal(f32, f32),
    /// Normal with this mean and deviation, redrawn beyond two deviations.
    TruncatedNormal(f32, f32),
    /// Orthonormal rows or columns, whichever are fewer, times a gain (Saxe et al. 2014).
    Orthogonal(f32),
    /// This times 1 where row and column have the same number, else 0; for matrices only.
    Identity(f32),
    /// Variance `scale / fan` (Glorot 2010, He 2015, LeCun 1998).
    Scaled(Scaling),
}

/// A scaling of the variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scaling {
    /// The name, if the scaling has one of its own, such as `glorot_uniform`.
    name: Option<&'static str>,
    scale: f32,
    fan: Fan,
    distribution: Distribution,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fan {
    In,
    Out,
    Average,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Distribution {
    Uniform,
    /// Redrawn beyond two deviations.
    TruncatedNormal,
    Normal,
}

const MODES: [(&str, Fan); 3] = [
    ("fan_in", Fan::In),
    ("fan_out", Fan::Out),
    ("fan_avg", Fan::Average),
];

/// Keras takes `normal` for `truncated_normal`, which comes first.
const DISTRIBUTIONS: [(&str, Distribution); 4] = [
    ("uniform", Distribution::Uniform),
    ("truncated_normal", Distribution::TruncatedNormal),
    ("untruncated_normal", Distribution::Normal),
    ("normal", Distribution::TruncatedNormal),
];

const fn family(name: &'static str, scale: f32, fan: Fan, uniform: bool) -> Scaling {
    Scaling {
        name: Some(name),
        scale,
        fan,
        distribution: if uniform {
            Distribution::Uniform
        } else {
            Distribution::TruncatedNormal
        },
    }
}

const FAMILIES: [Scaling; 6] = [
    family("glorot_uniform", 1.0, Fan::Average, true),
    family("glorot_normal", 1.0, Fan::Average, false),
    family("he_uniform", 2.0, Fan::In, true),
    family("he_normal", 2.0, Fan::In, false),
    family("lecun_uniform", 1.0, Fan::In, true),
    family("lecun_normal", 1.0, Fan::In, false),
];

impl Initializer {
    /// Keras' default for kernels.
    pub const fn glorot_uniform() -> Self {
        Initializer::Scaled(FAMILIES[0])
    }

    /// Values for a weight of this shape. Where the numbers of inputs and outputs of its units do not follow from the
    /// shape, the caller gives them.
    ///
    /// # Errors
    /// An identity that is no matrix.
    pub fn fill(
        &self,
        shape: &[usize],
        of_units: Option<(usize, usize)>,
        rng: &mut Rng,
    ) -> Result<Vec<f32>> {
        let size = shape.iter().product();
        let mut draw = |value: &mut dyn FnMut(&mut Rng) -> f32| -> Vec<f32> {
            (0..size).map(|_| value(rng)).collect()
        };
        Ok(match *self {
            Initializer::Zeros => vec![0.0; size],
            Initializer::Ones => vec![1.0; size],
            Initializer::Constant(value) => vec![value; size],
            Initializer::RandomUniform(low, high) => draw(&mut |rng| rng.uniform(low, high)),
            Initializer::RandomNormal(mean, deviation) => {
                draw(&mut |rng| mean + deviation * rng.normal())
            }
            Initializer::TruncatedNormal(mean, deviation) => {
                draw(&mut |rng| mean + deviation * rng.truncated_normal())
            }
            // Nothing that this build can read asks for these.
            Initializer::Orthogonal(_) | Initializer::Identity(_)
                if cfg!(not(feature = "restraints")) =>
            {
                vec![0.0; size]
            }
            Initializer::Orthogonal(gain) => {
                // Every axis but the last counts as rows.
                let cols = shape.last().copied().unwrap_or(1);
                let rows = size.checked_div(cols).unwrap_or(0);
                orthogonal::orthogonal(rows, cols, gain, rng)
            }
            Initializer::Identity(gain) => {
                let &[_, cols] = shape else {
                    bail!(Shape, "initializer `identity`: {shape:?} is no matrix");
                };
                let mut values = vec![0.0; size];
                let diagonal = values.iter_mut().step_by(cols.saturating_add(1));
                diagonal.take(cols).for_each(|value| *value = gain);
                values
            }
            Initializer::Scaled(scaling) => {
                let (fan_in, fan_out) = match of_units {
                    Some((fan_in, fan_out)) => (fan_in as f32, fan_out as f32),
                    None => fans(shape),
                };
                let fan = match scaling.fan {
                    Fan::In => fan_in,
                    Fan::Out => fan_out,
                    Fan::Average => (fan_in + fan_out) / 2.0,
                };
                let variance = scaling.scale / fan.max(1.0);
                match scaling.distribution {
                    Distribution::TruncatedNormal => {
                        // The truncated normal's own deviation, so that the variance comes out right.
                        let deviation = libm::sqrtf(variance) / 0.879_625_7;
                        draw(&mut |rng| deviation * rng.truncated_normal())
                    }
                    Distribution::Normal => {
                        let deviation = libm::sqrtf(variance);
                        draw(&mut |rng| deviation * rng.normal())
                    }
                    Distribution::Uniform => {
                        let limit = libm::sqrtf(3.0 * variance);
                        draw(&mut |rng| rng.uniform(-limit, limit))
                    }
                }
            }
        })
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

/// What `key` of an initializer's configuration names among `known`.
fn choice<T: Copy>(
    class: &str,
    config: &Value,
    key: &str,
    known: &[(&str, T)],
    default: T,
) -> Result<T> {
    if config[key] == Value::Null {
        return Ok(default);
    }
    let given = config[key].as_str().map(plain);
    let found = known.iter().find(|(name, _)| Some(plain(name)) == given);
    match found {
        Some((_, value)) => Ok(*value),
        None => bail!(
            Value,
            "initializer `{class}`: `{key}` is unknown: {}; there are {}",
            config[key],
            known
                .iter()
                .map(|(name, _)| *name)
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

/// The first name of a value.
fn name_of<T: PartialEq>(known: &[(&'static str, T)], value: T) -> &'static str {
    let found = known.iter().find(|(_, other)| *other == value);
    found.map_or("", |(name, _)| name)
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
        let config = &value["config"];
        if let Some(family) = FAMILIES
            .iter()
            .find(|family| family.name.is_some_and(|name| plain(name) == plain_class))
        {
            return Ok(Initializer::Scaled(*family));
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
            "orthogonal" | "identity" | "variancescaling" if cfg!(not(feature = "restraints")) => {
                bail!(
                    State,
                    "initializer `{class}`: this module was built without it"
                )
            }
            "orthogonal" => Initializer::Orthogonal(number("gain", 1.0)?),
            "identity" => Initializer::Identity(number("gain", 1.0)?),
            "variancescaling" => {
                let scale = number("scale", 1.0)?;
                if scale <= 0.0 {
                    bail!(
                        Value,
                        "initializer `{class}`: `scale` must be more than 0, but is {}",
                        Decimal::from(scale)
                    );
                }
                Initializer::Scaled(Scaling {
                    name: None,
                    scale,
                    fan: choice(class, config, "mode", &MODES, Fan::In)?,
                    distribution: choice(
                        class,
                        config,
                        "distribution",
                        &DISTRIBUTIONS,
                        Distribution::TruncatedNormal,
                    )?,
                })
            }
            _ => bail!(
                Name,
                "initializer `{class}` is unknown; there are zeros, ones, constant, random_uniform, random_normal, truncated_normal, orthogonal, identity, variance_scaling, {}",
                FAMILIES
                    .each_ref()
                    .map(|family| family.name.unwrap_or_default())
                    .join(", ")
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
            Initializer::Scaled(scaling) => match scaling.name {
                Some(name) => name.into(),
                None => with(
                    "VarianceScaling",
                    json!({
                        "scale": scaling.scale,
                        "mode": name_of(&MODES, scaling.fan),
                        "distribution": name_of(&DISTRIBUTIONS, scaling.distribution)
                    }),
                ),
            },
            Initializer::Identity(gain) => with("Identity", json!({ "gain": gain })),
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
