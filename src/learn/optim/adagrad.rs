//! Adagrad (Duchi et al. 2011): gradients in units of all gradients so far.
use super::{Rates, Rule};
use crate::base::json::{Value, settings};
use crate::kernels::update;
use crate::simd::Native;

settings! {
    /// See [`update::adagrad`].
    #[derive(Clone, Debug)]
    pub struct Adagrad {
        /// How far a step goes.
        learning_rate: f32 = 0.001,
        /// The sum of squares before the first step.
        initial_accumulator_value: f32 = 0.1,
        /// Keeps the division finite.
        epsilon: f32 = 1e-7,
    }
}

impl Rule for Adagrad {
    fn class_name(&self) -> &'static str {
        "Adagrad"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn learning_rate(&mut self) -> &mut f32 {
        &mut self.learning_rate
    }

    fn slots(&self) -> &'static [&'static str] {
        &["accumulator"]
    }

    fn initial(&self) -> f32 {
        self.initial_accumulator_value
    }

    /// Without an ε the quotient of two zeros would be NaN.
    fn leaves_unused(&self) -> bool {
        self.epsilon > 0.0
    }

    fn update(&self, [rate, ..]: Rates, w: &mut [f32], g: &[f32], s: &mut [f32]) -> bool {
        update::adagrad::<Native>(w, g, s, rate, self.epsilon);
        false
    }
}
