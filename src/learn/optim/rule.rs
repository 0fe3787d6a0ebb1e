//! What an update rule is, and the table of all.
use super::{Adadelta, Adagrad, Adam, Adamax, Lion, Nadam, NadamRule, RMSprop, Sgd};
use crate::base::error::{Result, bail};
use crate::base::json::{Decimal, Value};
use alloc::{boxed::Box, format};

/// What a step multiplies by, which changes from step to step: first the rate; what the others are, the rule says.
pub type Rates = [f32; 3];

pub(super) type Read = fn(&Value) -> Result<Box<dyn Rule>>;

/// An optimizer that is there with the feature `optimizers` only.
const fn rare(read: Read) -> Option<Read> {
    if cfg!(feature = "optimizers") {
        Some(read)
    } else {
        None
    }
}

/// Every optimizer: Keras' name, its rule from a configuration (none where this build goes without), and how much
/// weights decay where nothing is said.
pub(super) static TABLE: &[(&str, Option<Read>, f32)] = &[
    ("SGD", Some(|c| Ok(Box::new(Sgd::from_json(c)?))), 0.0),
    (
        "RMSprop",
        rare(|c| Ok(Box::new(RMSprop::from_json(c)?))),
        0.0,
    ),
    (
        "Adagrad",
        rare(|c| Ok(Box::new(Adagrad::from_json(c)?))),
        0.0,
    ),
    (
        "Adadelta",
        rare(|c| Ok(Box::new(Adadelta::from_json(c)?))),
        0.0,
    ),
    ("Adam", Some(|c| Ok(Box::new(Adam::from_json(c)?))), 0.0),
    ("AdamW", rare(|c| Ok(Box::new(Adam::from_json(c)?))), 0.004),
    ("Adamax", rare(|c| Ok(Box::new(Adamax::from_json(c)?))), 0.0),
    (
        "Nadam",
        rare(|c| Ok(Box::new(NadamRule::new(Nadam::from_json(c)?)))),
        0.0,
    ),
    ("Lion", rare(|c| Ok(Box::new(Lion::from_json(c)?))), 0.0),
];

/// Keys that Keras writes for every optimizer and that ask for nothing unless they are set.
pub(super) const ASKS_NOTHING: &[&str] = &[
    "name",
    "use_ema",
    "ema_momentum",
    "ema_overwrite_frequency",
    "loss_scale_factor",
    "gradient_accumulation_steps",
];

/// An update rule: its settings, and the arithmetic for one weight.
pub trait Rule: Sync {
    /// Keras' class name, `"Adam"`.
    fn class_name(&self) -> &'static str;

    /// The settings as JSON, Keras' keys.
    fn config(&self) -> Value;

    /// The learning rate.
    fn learning_rate(&mut self) -> &mut f32;

    /// The share of a step that is added to the next one, of rules that let it change between two steps.
    fn own_momentum(&mut self) -> Option<&mut f32> {
        None
    }

    /// What step number `step` (from 1) multiplies by; see [`Rates`].
    fn rates(&mut self, _step: u64) -> Rates {
        [*self.learning_rate(), 0.0, 0.0]
    }

    /// What it remembers for each value of a weight, by Keras' names.
    fn slots(&self) -> &'static [&'static str];

    /// What is remembered before the first step.
    fn initial(&self) -> f32 {
        0.0
    }

    /// Remembered values that are smaller than this change no weight: they may be taken for 0.
    fn negligible(&self) -> f32 {
        1e-30
    }

    /// Whether what has a gradient of 0 stays as it is, bit for bit, the weight and what is remembered of it: then rows
    /// of a table that were not used need not be looked at. For rules that remember at most one number of each weight.
    fn leaves_unused(&self) -> bool {
        false
    }

    /// Whether the settings make sense: decays are less than 1, and nothing is negative.
    ///
    /// # Errors
    /// Names the key and what was expected.
    fn check(&self) -> Result<()> {
        check(self.class_name(), &self.config())
    }

    /// Updates a piece of weight `w` by its gradient `g`, as far as [`rates`](Rule::rates) say; `state` is
    /// [`slots`](Rule::slots) remembered arrays of the same length, one after the other. Returns whether all of `w` is
    /// known to be finite then; a rule that would have to look for it says `false`.
    fn update(&self, rates: Rates, w: &mut [f32], g: &[f32], state: &mut [f32]) -> bool;
}

/// Whether settings make sense; see [`Rule::check`].
pub(super) fn check(class_name: &str, config: &Value) -> Result<()> {
    for (key, value) in config.as_object().unwrap_or_default() {
        let Some(value) = value.as_f64() else {
            continue;
        };
        let high = match &**key {
            "beta_1" | "beta_2" | "momentum" | "rho" => 1.0,
            _ => f32::INFINITY,
        };
        in_range(&format!("{class_name}: `{key}`"), value as f32, 0.0, high)?;
    }
    Ok(())
}

/// What is remembered of a piece of `len` values, array by array.
pub(super) fn parts<const N: usize>(state: &mut [f32], len: usize) -> [&mut [f32]; N] {
    let mut rest = state;
    core::array::from_fn(|_| {
        let (part, more) = core::mem::take(&mut rest).split_at_mut(len);
        rest = more;
        part
    })
}

/// Refuses what is not a finite number in `low..high`.
pub(super) fn in_range(what: &str, value: f32, low: f32, high: f32) -> Result<()> {
    if !(value >= low && value < high) {
        let high = if high.is_finite() {
            format!(" and less than {}", Decimal::from(high))
        } else {
            " and finite".into()
        };
        bail!(
            Value,
            "{what} must be at least {}{high}, but is {}",
            Decimal::from(low),
            Decimal::from(value)
        );
    }
    Ok(())
}
