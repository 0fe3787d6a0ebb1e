//! Lion (Chen et al. 2023): every step has the same length, by the sign of a momentum.
use super::{Rates, Rule};
use crate::base::json::{Value, settings};
use crate::kernels::update;
use crate::simd::Native;

settings! {
    /// See [`update::lion`].
    #[derive(Clone, Debug)]
    pub struct Lion {
        /// How far a step goes.
        learning_rate: f32 = 0.001,
        /// How much the momentum counts beside the gradient of this step.
        beta_1: f64 = 0.9,
        /// Decay of the momentum.
        beta_2: f64 = 0.99,
    }
}

impl Rule for Lion {
    fn class_name(&self) -> &'static str {
        "Lion"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn learning_rate(&mut self) -> &mut f32 {
        &mut self.learning_rate
    }

    fn slots(&self) -> &'static [&'static str] {
        &["momentum"]
    }

    fn update(&self, [rate, ..]: Rates, w: &mut [f32], g: &[f32], m: &mut [f32]) -> bool {
        update::lion::<Native>(w, g, m, rate, self.beta_1, self.beta_2);
        false
    }
}
