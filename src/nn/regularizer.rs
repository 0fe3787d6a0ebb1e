//! What a weight or a layer's output adds to the loss. Names and values are Keras'.
use crate::base::error::{Result, bail};
use crate::base::json::{Decimal, Setting, Settings, Value, expected, json};
use crate::base::names::plain;
use crate::tensor::Tensor;

/// A penalty on values: `l1 · Σ |w| + l2 · Σ w²`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Regularizer {
    /// The share of the sum of absolute values.
    pub l1: f32,
    /// The share of the sum of squares.
    pub l2: f32,
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
            _ => bail!(
                Name,
                "regularizer `{class}` is unknown; there are l1, l2, l1l2"
            ),
        };
        let settings = Settings::new(class, &value["config"], keys)?;
        // Keras: 0.01 where a share is not given, but L1L2's are 0 then.
        let default = if keys.len() == 1 { 0.01 } else { 0.0 };
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
        Ok(Regularizer {
            l1: share("l1")?,
            l2: share("l2")?,
        })
    }
}

impl From<Regularizer> for Value {
    fn from(Regularizer { l1, l2 }: Regularizer) -> Value {
        if cfg!(not(feature = "restraints")) {
            return Value::Null;
        }
        let (class, config) = match (l1, l2) {
            (_, 0.0) if l1 != 0.0 => ("L1", json!({ "l1": l1 })),
            (0.0, _) => ("L2", json!({ "l2": l2 })),
            _ => ("L1L2", json!({ "l1": l1, "l2": l2 })),
        };
        json!({ "class_name": class, "config": config })
    }
}
