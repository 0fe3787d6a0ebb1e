//! Gradient descent, with momentum (Polyak 1964) and Nesterov's form of it (Sutskever et al. 2013).
use super::{Rule, in_range};
use crate::Result;
use crate::base::json::{Value, settings};
use crate::kernels::update;
use crate::simd::Native;

settings! {
    /// `v = μ v − η g`, `w += v` (or `w += μ v − η g`).
    #[derive(Clone, Debug)]
    pub struct Sgd {
        /// η.
        learning_rate: f32 = 0.01,
        /// μ.
        momentum: f32 = 0.0,
        /// Nesterov's form.
        nesterov: bool = false,
    }
}

impl Rule for Sgd {
    fn class_name(&self) -> &'static str {
        "SGD"
    }

    fn config(&self) -> Value {
        self.to_json()
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

    fn rate(&self, _: u64) -> f32 {
        self.learning_rate
    }

    fn update(&self, rate: f32, w: &mut [f32], g: &[f32], v: &mut [f32]) {
        if v.is_empty() {
            update::sgd::<Native>(w, g, rate);
        } else {
            update::momentum::<Native>(w, g, v, rate, self.momentum, self.nesterov);
        }
    }
}
