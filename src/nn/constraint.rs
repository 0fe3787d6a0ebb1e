//! What a weight is held to after each step. Names and values are Keras'.
use crate::base::error::{Result, bail};
use crate::base::json::{Setting, Settings, Value, expected, json};
use crate::base::names::plain;
use crate::tensor::Tensor;
use alloc::vec::Vec;

/// Keras adds this to a norm before it divides by it.
const EPSILON: f32 = 1e-7;

/// A rule for the values of a weight.
#[derive(Clone, Debug, PartialEq)]
pub enum Constraint {
    /// No value below 0.
    NonNeg,
    /// No norm along `axis` above `max_value`.
    MaxNorm {
        /// The greatest norm.
        max_value: f32,
        /// The axes that a norm goes along.
        axis: Vec<isize>,
    },
    /// Every norm along `axis` is 1.
    UnitNorm {
        /// The axes that a norm goes along.
        axis: Vec<isize>,
    },
    /// Norms along `axis` are drawn into `min_value..=max_value`, by the share `rate` in each step.
    MinMaxNorm {
        /// The least norm.
        min_value: f32,
        /// The greatest norm.
        max_value: f32,
        /// How much of the way a step goes.
        rate: f32,
        /// The axes that a norm goes along.
        axis: Vec<isize>,
    },
}

impl Constraint {
    /// The weight `w` held to the rule.
    ///
    /// # Errors
    /// An axis that `w` does not have, or too little memory.
    pub fn apply(&self, w: &Tensor) -> Result<Tensor> {
        if cfg!(not(feature = "restraints")) {
            return lacking();
        }
        let norm = |axis: &[isize]| Ok(w.mul(w)?.sum(axis, true)?.sqrt());
        match self {
            Constraint::NonNeg => Ok(w.room_for("non_neg")?.relu()),
            Constraint::MaxNorm { max_value, axis } => {
                let norms = norm(axis)?;
                let wanted = norms.clamp(0.0, *max_value);
                w.mul(&wanted.div(&norms.shift(EPSILON))?)
            }
            Constraint::UnitNorm { axis } => w.div(&norm(axis)?.shift(EPSILON)),
            Constraint::MinMaxNorm {
                min_value,
                max_value,
                rate,
                axis,
            } => {
                let norms = norm(axis)?;
                let inside = norms.clamp(*min_value, *max_value).scale(*rate);
                let wanted = inside.add(&norms.scale(1.0 - rate))?;
                w.mul(&wanted.div(&norms.shift(EPSILON))?)
            }
        }
    }
}

/// Says that a build without the feature `restraints` has no constraints.
fn lacking<T>() -> Result<T> {
    bail!(State, "this module was built without constraints");
}

/// One axis or a list of them.
fn axes(value: &Value) -> Result<Vec<isize>> {
    match value {
        Value::Null => Ok([0].into()),
        Value::Array(_) => Vec::read(value),
        one => Ok([isize::read(one)?].into()),
    }
}

impl Setting for Constraint {
    /// A name (`"non_neg"`), or Keras' `{ "class_name", "config" }`.
    fn read(value: &Value) -> Result<Self> {
        let Some(class) = value.as_str().or_else(|| value["class_name"].as_str()) else {
            return expected("a constraint's name", value);
        };
        if cfg!(not(feature = "restraints")) {
            return lacking();
        }
        let keys: &[&str] = match &*plain(class) {
            "nonneg" => &[],
            "maxnorm" => &["max_value", "axis"],
            "unitnorm" => &["axis"],
            "minmaxnorm" => &["min_value", "max_value", "rate", "axis"],
            _ => bail!(
                Name,
                "constraint `{class}` is unknown; there are non_neg, max_norm, unit_norm, min_max_norm"
            ),
        };
        let settings = Settings::new(class, &value["config"], keys)?;
        let axis = axes(&value["config"]["axis"])?;
        let number = |key, default: f32| -> Result<f32> {
            let given = settings.or(key, default)?;
            if !(0.0..f32::INFINITY).contains(&given) {
                bail!(
                    Value,
                    "constraint {class}: `{key}` must be at least 0 and finite"
                );
            }
            Ok(given)
        };
        Ok(match keys {
            [] => Constraint::NonNeg,
            [_] => Constraint::UnitNorm { axis },
            [_, _] => Constraint::MaxNorm {
                max_value: number("max_value", 2.0)?,
                axis,
            },
            _ => Constraint::MinMaxNorm {
                min_value: number("min_value", 0.0)?,
                max_value: number("max_value", 1.0)?,
                rate: number("rate", 1.0)?,
                axis,
            },
        })
    }
}

impl From<Constraint> for Value {
    fn from(constraint: Constraint) -> Value {
        if cfg!(not(feature = "restraints")) {
            return Value::Null;
        }
        let (class, config) = match constraint {
            Constraint::NonNeg => ("NonNeg", json!({})),
            Constraint::MaxNorm { max_value, axis } => {
                ("MaxNorm", json!({ "max_value": max_value, "axis": axis }))
            }
            Constraint::UnitNorm { axis } => ("UnitNorm", json!({ "axis": axis })),
            Constraint::MinMaxNorm {
                min_value,
                max_value,
                rate,
                axis,
            } => (
                "MinMaxNorm",
                json!({ "min_value": min_value, "max_value": max_value, "rate": rate, "axis": axis }),
            ),
        };
        json!({ "class_name": class, "config": config })
    }
}
