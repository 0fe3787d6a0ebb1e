//! RMSprop (Hinton 2012): gradients in units of their own running size.
use super::{Rates, Rule, parts};
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
        /// The share of the step before that is added to each step.
        momentum: f32 = 0.0,
        /// Keeps the division finite.
        epsilon: f32 = 1e-7,
        /// Takes the variance of gradients in place of the mean of their squares.
        centered: bool = false,
    }
}

impl RMSprop {
    /// Whether there is neither a momentum nor a centre: then the mean of squared gradients is all that is remembered.
    fn is_plain(&self) -> bool {
        !self.centered && self.momentum == 0.0
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
        if self.is_plain() {
            &["velocity"]
        } else {
            &["velocity", "average_gradient", "momentum"]
        }
    }

    fn update(&self, [rate, ..]: Rates, w: &mut [f32], g: &[f32], state: &mut [f32]) -> bool {
        let (rho, epsilon) = (self.rho, self.epsilon);
        if self.is_plain() {
            update::rmsprop::<Native>(w, g, state, rate, rho, epsilon);
            return false;
        }
        let (state, momentum) = (parts(state, w.len()), self.momentum);
        update::rmsprop_momentum::<Native>(
            w,
            g,
            state,
            rate,
            rho,
            epsilon,
            momentum,
            self.centered,
        );
        false
    }
}
