//! Layers whose queries look for what they need among values, each of which has a key.
pub(super) mod multi_head;
pub(super) mod single;

use crate::base::error::{Result, bail};
use crate::base::json::{Setting, Value};
use crate::tensor::Tensor;

/// The options that all of these layers take.
const CAUSAL: &str = "use_causal_mask";
const SCORES: &str = "return_attention_scores";

/// What a call says about `key`: false where it says nothing.
fn flag(class_name: &str, options: &Value, key: &str) -> Result<bool> {
    match &options[key] {
        Value::Null => Ok(false),
        given => bool::read(given)
            .map_err(|error| error.within(&alloc::format!("{class_name}: `{key}`"))),
    }
}

/// The query, the value and the key of two or three inputs; without a key the value stands for it.
fn three<'a, T>(class_name: &str, inputs: &'a [T]) -> Result<[&'a T; 3]> {
    match inputs {
        [query, value] => Ok([query, value, value]),
        [query, value, key] => Ok([query, value, key]),
        _ => bail!(
            Shape,
            "{class_name}: a query, a value and perhaps a key are expected, but there are {} inputs",
            inputs.len()
        ),
    }
}

/// 1 where a value is not 0, else 0.
fn as_mask(given: &Tensor) -> Result<Tensor> {
    given.detach().not_equal(&Tensor::scalar(0.0))
}

/// Masks together: what any of them hides is hidden.
fn both(all: Option<Tensor>, mask: Tensor) -> Result<Option<Tensor>> {
    Ok(Some(match all {
        Some(all) => all.mul(&mask)?,
        None => mask,
    }))
}
