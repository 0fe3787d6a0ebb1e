//! What a weight or a layer's output adds to the loss. Names and values are Keras'.
use crate::base::error::{Result, bail};
use crate::base::json::{Decimal, Setting, Settings, Value, expected, json};
use crate::base::names::plain;
use crate::tensor::Tensor;
use alloc::string::String;

/// Below this length Keras takes a vector for one of this length, so that nothing is divided by 0.
const SHORT: f32 = 1e-7;

/// A penalty on values: `l1 · Σ |w| + l2 · Σ w²`, or on how much rows or columns of a matrix are alike.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Regularizer {
    /// The share of the sum of absolute values.
    pub l1: f32,
    /// The share of the sum of squares.
    pub l2: f32,
    /// What draws rows or columns of a matrix apart.
    pub orthogonal: Option<Orthogonal>,
}

/// A penalty on a matrix: `factor` times the mean of the absolute cosine between two of its rows, or columns.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Orthogonal {
    /// The share of the mean.
    pub factor: f32,
    /// Whether columns are looked at, and not rows.
    pub columns: bool,
}

impl Orthogonal {
    fn penalty(&self, values: &Tensor) -> Result<Tensor> {
        let &[rows, columns] = &values.shape()[..] else {
            bail!(
                Shape,
                "OrthogonalRegularizer: expected a matrix, but the shape is {:?}",
                values.shape()
            );
        };
        let (vectors, count) = match self.columns {
            true => (values.transpose(&[1, 0])?, columns),
            false => (values.clone(), rows),
        };
        if count < 2 {
            bail!(
                Shape,
                "OrthogonalRegularizer: a matrix {:?} has no two vectors to compare",
                values.shape()
            );
        }
        let squares = vectors.mul(&vectors)?.sum(&[-1], true)?;
        let lengths = squares.clamp(SHORT * SHORT, f32::INFINITY).sqrt();
        let unit = vectors.div(&lengths)?;
        let cosines = unit.matmul(&unit.transpose(&[1, 0])?)?;
        let mut others = Tensor::full(&[count, count], 1.0)?;
        for value in others.make_mut()?.iter_mut().step_by(count + 1) {
            *value = 0.0;
        }
        let pairs = count as f32 * (count as f32 - 1.0);
        let sum = cosines.room_for("regularizer")?.abs().mul(&others)?;
        Ok(sum.sum(&[], false)?.scale(self.factor / pairs))
    }
}

impl Regularizer {
    /// The penalty on `values`, a single value.
    ///
    /// # Errors
    /// There is too little memory.
    pub fn penalty(&self, values: &Tensor) -> Result<Tensor> {
        if cfg!(not(feature = "restraints")) {
            return lacking();
        }
        let mut sum: Option<Tensor> = None;
        if self.l1 != 0.0 {
            sum = Some(
                values
                    .room_for("regularizer")?
                    .abs()
                    .sum(&[], false)?
                    .scale(self.l1),
            );
        }
        if self.l2 != 0.0 {
            let squares = values.mul(values)?.sum(&[], false)?.scale(self.l2);
            sum = Some(match sum {
                Some(sum) => sum.add(&squares)?,
                None => squares,
            });
        }
        if let Some(orthogonal) = self.orthogonal {
            let apart = orthogonal.penalty(values)?;
            sum = Some(match sum {
                Some(sum) => sum.add(&apart)?,
                None => apart,
            });
        }
        Ok(sum.unwrap_or_else(|| Tensor::scalar(0.0)))
    }
}

/// Says that a build without the feature `restraints` has no regularizers.
fn lacking<T>() -> Result<T> {
    bail!(State, "this module was built without regularizers");
}

impl Setting for Regularizer {
    /// A name (`"l2"`), or Keras' `{ "class_name", "config" }`.
    fn read(value: &Value) -> Result<Self> {
        let Some(class) = value.as_str().or_else(|| value["class_name"].as_str()) else {
            return expected("a regularizer's name", value);
        };
        if cfg!(not(feature = "restraints")) {
            return lacking();
        }
        let keys: &[&str] = match &*plain(class) {
            "l1" => &["l1"],
            "l2" => &["l2"],
            "l1l2" => &["l1", "l2"],
            "orthogonalregularizer" => &["factor", "mode"],
            _ => bail!(
                Name,
                "regularizer `{class}` is unknown; there are l1, l2, l1l2, OrthogonalRegularizer"
            ),
        };
        let settings = Settings::new(class, &value["config"], keys)?;
        // Keras: 0.01 where a share is not given, but L1L2's are 0 then.
        let default = if keys.contains(&"l1") && keys.len() == 2 {
            0.0
        } else {
            0.01
        };
        let share = |key| {
            if !keys.contains(&key) {
                return Ok(0.0);
            }
            let share = settings.or(key, default)?;
            if !(0.0..f32::INFINITY).contains(&share) {
                bail!(
                    Value,
                    "regularizer {class}: `{key}` must be at least 0 and finite, but is {}",
                    Decimal::from(share)
                );
            }
            Ok(share)
        };
        let orthogonal = match keys.contains(&"factor") {
            true => Some(Orthogonal {
                factor: share("factor")?,
                columns: match settings.optional::<String>("mode")?.as_deref() {
                    None | Some("rows") => false,
                    Some("columns") => true,
                    Some(other) => bail!(
                        Value,
                        "regularizer {class}: `mode` must be rows or columns, not {other}"
                    ),
                },
            }),
            false => None,
        };
        Ok(Regularizer {
            l1: share("l1")?,
            l2: share("l2")?,
            orthogonal,
        })
    }
}

impl From<Regularizer> for Value {
    fn from(Regularizer { l1, l2, orthogonal }: Regularizer) -> Value {
        if cfg!(not(feature = "restraints")) {
            return Value::Null;
        }
        if let Some(Orthogonal { factor, columns }) = orthogonal {
            let mode = if columns { "columns" } else { "rows" };
            let config = json!({ "factor": factor, "mode": mode });
            return json!({ "class_name": "OrthogonalRegularizer", "config": config });
        }
        let (class, config) = match (l1, l2) {
            (_, 0.0) if l1 != 0.0 => ("L1", json!({ "l1": l1 })),
            (0.0, _) => ("L2", json!({ "l2": l2 })),
            _ => ("L1L2", json!({ "l1": l1, "l2": l2 })),
        };
        json!({ "class_name": class, "config": config })
    }
}
