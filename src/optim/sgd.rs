//! Gradient descent, with momentum (Polyak 1964) and Nesterov's form of it (Sutskever et al. 2013).
use super::{Rule, in_range};
use crate::Result;
use crate::kernels::update;
use crate::simd::Native;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// `v = μ v − η g`, `w += v` (or `w += μ v − η g`).
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sgd {
    /// η, 0.01 unless given.
    pub learning_rate: f32,
    /// μ, 0 unless given.
    pub momentum: f32,
    /// Nesterov's form.
    pub nesterov: bool,
}

impl Default for Sgd {
    fn default() -> Self {
        Sgd {
            learning_rate: 0.01,
            momentum: 0.0,
            nesterov: false,
        }
    }
}

impl Rule for Sgd {
    fn class_name(&self) -> &'static str {
        "SGD"
    }

    fn config(&self) -> Value {
        json!({ "learning_rate": self.learning_rate, "momentum": self.momentum, "nesterov": self.nesterov })
    }

    fn learning_rate(&mut self) -> &mut f32 {
        &mut self.learning_rate
    }

    fn slots(&self) -> usize {
        usize::from(self.momentum > 0.0)
    }

    fn check(&self) -> Result<()> {
        in_range(
            "SGD: `learning_rate`",
            self.learning_rate,
            0.0,
            f32::INFINITY,
        )?;
        in_range("SGD: `momentum`", self.momentum, 0.0, 1.0)
    }

    fn update(&self, _: u64, w: &mut [f32], g: &[f32], v: &mut [f32]) {
        if v.is_empty() {
            update::sgd::<Native>(w, g, self.learning_rate);
        } else {
            let (rate, momentum) = (self.learning_rate, self.momentum);
            update::momentum::<Native>(w, g, v, rate, momentum, self.nesterov);
        }
    }
}
