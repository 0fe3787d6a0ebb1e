//! Gradient descent, with momentum (Polyak 1964) and Nesterov's form of it (Sutskever et al. 2013).
use super::{Rates, Rule};
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

    fn own_momentum(&mut self) -> Option<&mut f32> {
        Some(&mut self.momentum)
    }

    fn slots(&self) -> &'static [&'static str] {
        if self.momentum > 0.0 {
            &["momentum"]
        } else {
            &[]
        }
    }

    fn leaves_unused(&self) -> bool {
        self.momentum == 0.0
    }

    fn update(&self, [rate, ..]: Rates, w: &mut [f32], g: &[f32], v: &mut [f32]) -> bool {
        if v.is_empty() {
            update::sgd::<Native>(w, g, rate);
        } else {
            update::momentum::<Native>(w, g, v, rate, self.momentum, self.nesterov);
        }
        false
    }
}
