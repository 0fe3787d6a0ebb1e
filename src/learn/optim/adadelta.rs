//! Adadelta (Zeiler 2012): steps in units of the steps before, gradients in units of the gradients before.
use super::{Rates, Rule, parts};
use crate::base::json::{Value, settings};
use crate::kernels::update;
use crate::simd::Native;

settings! {
    /// See [`update::adadelta`].
    #[derive(Clone, Debug)]
    pub struct Adadelta {
        /// How far a step goes; 1 is the article's.
        learning_rate: f32 = 0.001,
        /// Decay of both means of squares.
        rho: f64 = 0.95,
        /// Keeps the division finite.
        epsilon: f32 = 1e-7,
    }
}

impl Rule for Adadelta {
    fn class_name(&self) -> &'static str {
        "Adadelta"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn learning_rate(&mut self) -> &mut f32 {
        &mut self.learning_rate
    }

    fn slots(&self) -> &'static [&'static str] {
        &["accumulated_grad", "accumulated_delta_var"]
    }

    fn update(&self, [rate, ..]: Rates, w: &mut [f32], g: &[f32], state: &mut [f32]) -> bool {
        let state = parts(state, w.len());
        update::adadelta::<Native>(w, g, state, rate, self.rho, self.epsilon);
        false
    }
}
