//! Adamax (Kingma and Ba 2015): Adam by the greatest gradient in place of a mean of squares.
use super::adam::correction;
use super::{Rates, Rule, parts};
use crate::base::json::{Value, settings};
use crate::kernels::update;
use crate::simd::Native;

settings! {
    /// See [`update::adamax`].
    #[derive(Clone, Debug)]
    pub struct Adamax {
        /// How far a step goes.
        learning_rate: f32 = 0.001,
        /// Decay of the mean of gradients.
        beta_1: f64 = 0.9,
        /// Decay of the greatest gradient.
        beta_2: f64 = 0.999,
        /// Keeps the division finite.
        epsilon: f32 = 1e-7,
    }
}

impl Rule for Adamax {
    fn class_name(&self) -> &'static str {
        "Adamax"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn learning_rate(&mut self) -> &mut f32 {
        &mut self.learning_rate
    }

    fn slots(&self) -> &'static [&'static str] {
        &["momentum", "norm"]
    }

    fn rates(&mut self, step: u64) -> Rates {
        let rate = f64::from(self.learning_rate) / correction(self.beta_1, step);
        [rate as f32, 0.0, 0.0]
    }

    fn update(&self, [rate, ..]: Rates, w: &mut [f32], g: &[f32], state: &mut [f32]) -> bool {
        let state = parts(state, w.len());
        update::adamax::<Native>(w, g, state, rate, self.beta_1, self.beta_2, self.epsilon);
        false
    }
}
