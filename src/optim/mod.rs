//! How weights move along their gradients. Names, defaults and arithmetic are Keras'.
use crate::error::{Error, Result, bail};
use crate::nn::plain;
use alloc::{boxed::Box, format, vec, vec::Vec};
use serde::de::DeserializeOwned;
use serde_json::Value;

mod adam;
mod sgd;

pub use adam::Adam;
pub use sgd::Sgd;

/// An update rule: its settings, and the arithmetic for one weight.
pub trait Rule {
    /// Keras' class name, `"Adam"`.
    fn class_name(&self) -> &'static str;

    /// The settings as JSON, Keras' keys.
    fn config(&self) -> Value;

    /// The learning rate.
    fn learning_rate(&mut self) -> &mut f32;

    /// How many values it remembers for each value of a weight.
    fn slots(&self) -> usize;

    /// Whether the settings make sense.
    ///
    /// # Errors
    /// Names the key and what was expected.
    fn check(&self) -> Result<()>;

    /// Updates weight `w` by its gradient `g` in step number `step` (from 1), with `slots` remembered
    /// arrays of the same length.
    fn update(&self, step: u64, w: &mut [f32], g: &[f32], slots: &mut [Vec<f32>]);
}

/// A rule at work on the weights of a model.
pub struct Optimizer {
    rule: Box<dyn Rule>,
    steps: u64,
    slots: Vec<Vec<Vec<f32>>>,
}

impl Optimizer {
    /// An optimizer at its first step.
    pub fn new(rule: Box<dyn Rule>) -> Self {
        Optimizer {
            rule,
            steps: 0,
            slots: Vec::new(),
        }
    }

    /// From JSON: a name, or `{ "class_name", "config" }`.
    ///
    /// # Errors
    /// An unknown name or key, or a value out of range.
    pub fn from_json(value: &Value) -> Result<Self> {
        let Some(name) = value.as_str().or_else(|| value.get("class_name")?.as_str()) else {
            bail!(Value, "optimizer: expected a name, not {value}");
        };
        let config = value
            .get("config")
            .cloned()
            .unwrap_or_else(|| Value::Object(serde_json::Map::new()));
        let rule: Box<dyn Rule> = match &*plain(name) {
            "sgd" => Box::new(read::<Sgd>("SGD", config)?),
            "adam" => Box::new(read::<Adam>("Adam", config)?),
            _ => bail!(Value, "optimizer `{name}` is unknown; there are sgd, adam"),
        };
        rule.check()?;
        Ok(Self::new(rule))
    }

    /// The update rule's settings.
    pub fn rule(&mut self) -> &mut dyn Rule {
        &mut *self.rule
    }

    /// How many updates have been made.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Begins an update; then [`update`](Optimizer::update) once for each weight.
    pub fn begin_step(&mut self) {
        self.steps += 1;
    }

    /// Updates weight number `index`.
    pub fn update(&mut self, index: usize, w: &mut [f32], g: &[f32]) {
        if self.slots.len() <= index {
            self.slots.resize_with(index + 1, Vec::new);
        }
        let slots = &mut self.slots[index];
        if slots.is_empty() {
            *slots = vec![vec![0.0; w.len()]; self.rule.slots()];
        }
        self.rule.update(self.steps, w, g, slots);
    }
}

fn read<R: DeserializeOwned>(class_name: &str, config: Value) -> Result<R> {
    serde_json::from_value(config).map_err(|error| Error::Value(format!("{class_name}: {error}")))
}

/// Refuses what is not a finite number in `low..high`.
fn in_range(what: &str, value: f32, low: f32, high: f32) -> Result<()> {
    if !(value >= low && value < high) {
        let high = if high.is_finite() {
            format!(" and less than {high}")
        } else {
            " and finite".into()
        };
        bail!(Value, "{what} must be at least {low}{high}, but is {value}");
    }
    Ok(())
}
