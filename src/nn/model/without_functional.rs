//! What stands in for `functional.rs` in a build without the feature `functional`.
use super::Model;
use super::json::LayerMaker;
use crate::base::error::{Result, bail};
use crate::base::json::Value;

impl Model {
    /// Null: it cannot be written.
    pub(super) fn functional_json(&self) -> Value {
        Value::Null
    }
}

/// Refuses.
///
/// # Errors
/// Always.
pub(super) fn read(_config: &Value, _layers: &[Value], _make: LayerMaker) -> Result<Model> {
    bail!(
        State,
        "model: this module was built without configurations of models that are not a row of layers"
    );
}
