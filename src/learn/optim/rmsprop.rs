//! RMSprop (Hinton 2012): gradients in units of their own running size.
use super::{Rates, Rule};
use crate::base::json::{Value, settings};
use crate::kernels::update;
use crate::simd::Native;

settings! {
    /// See [`update::rmsprop`].
    #[derive(Clone, Debug)]
    pub struct RMSprop {
        /// How far a step goes.
        learning_rate: f32 = 0.001,
        /// Decay of the mean of squared gradients.
        rho: f64 = 0.9,
        /// How much of the step before goes on.
        momentum: f32 = 0.0,
        /// Keeps the division finite.
        epsilon: f32 = 1e-7,
        /// Takes the variance of gradients in place of the mean of their squares.
        centered: bool = false,
    }
}

impl Rule for RMSprop {
    fn class_name(&self) -> &'static str {
        "RMSprop"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn learning_rate(&mut self) -> &mut f32 {
        &mut self.learning_rate
    }

    fn slots(&self) -> &'static [&'static str] {
        match (self.centered, self.momentum > 0.0) {
            (false, false) => &["velocity"],
            (false, true) => &["velocity", "momentum"],
            (true, false) => &["velocity", "average_gradient"],
            (true, true) => &["velocity", "average_gradient", "momentum"],
        }
    }

    fn update(&self, [rate, ..]: Rates, w: &mut [f32], g: &[f32], state: &mut [f32]) {
        let (v, rest) = state.split_at_mut(w.len());
        let (a, p) = rest.split_at_mut(if self.centered { w.len() } else { 0 });
        let (a, momentum) = (self.centered.then_some(a), self.momentum);
        let p = (momentum > 0.0).then_some((p, momentum));
        update::rmsprop::<Native>(w, g, v, a, p, rate, self.rho, self.epsilon);
    }
}
