//! Adam (Kingma and Ba 2015), and AMSGrad (Reddi et al. 2018).
use super::rule::check;
use super::{Rates, Rule, parts};
use crate::base::error::{Result, left_out};
use crate::base::json::{Value, settings};
use crate::kernels::update;
use crate::simd::Native;

settings! {
    /// Steps of a size that adapts to each weight's gradients; see [`update::adam`]. With weights that decay by
    /// themselves this is AdamW (Loshchilov and Hutter 2019).
    #[derive(Clone, Debug)]
    pub struct Adam {
        /// How far a step goes.
        learning_rate: f32 = 0.001,
        /// Decay of the mean of gradients.
        beta_1: f64 = 0.9,
        /// Decay of the mean of their squares.
        beta_2: f64 = 0.999,
        /// Keeps the division finite.
        epsilon: f32 = 1e-7,
        /// Divides by the greatest mean of squares so far, not by the present one.
        amsgrad: bool = false,
    }
}

/// What is left of 1 after `beta` to the power of `step`: what a mean that began at 0 has to be divided by.
pub(super) fn correction(beta: f64, step: u64) -> f64 {
    1.0 - power(beta, step)
}

/// `base` to the power of `exponent`, by squaring.
pub(super) fn power(mut base: f64, mut exponent: u64) -> f64 {
    let mut power = 1.0;
    while exponent > 0 {
        if exponent % 2 == 1 {
            power *= base;
        }
        base *= base;
        exponent /= 2;
    }
    power
}

impl Adam {
    /// Whether it goes by the greatest mean of squares, in a build that can.
    fn by_greatest(&self) -> bool {
        cfg!(feature = "optimizers") && self.amsgrad
    }
}

impl Rule for Adam {
    fn class_name(&self) -> &'static str {
        "Adam"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn learning_rate(&mut self) -> &mut f32 {
        &mut self.learning_rate
    }

    fn slots(&self) -> &'static [&'static str] {
        if self.by_greatest() {
            &["momentum", "velocity", "velocity_hat"]
        } else {
            &["momentum", "velocity"]
        }
    }

    fn check(&self) -> Result<()> {
        if self.amsgrad && !self.by_greatest() {
            return left_out("AMSGrad");
        }
        check(self.class_name(), &self.config())
    }

    /// Of v also what could not be told from 0 beside ε.
    fn negligible(&self) -> f32 {
        (self.epsilon * self.epsilon).min(1e-30)
    }

    fn rates(&mut self, step: u64) -> Rates {
        let rate = f64::from(self.learning_rate) * libm::sqrt(correction(self.beta_2, step))
            / correction(self.beta_1, step);
        [rate as f32, 0.0, 0.0]
    }

    fn update(&self, [rate, ..]: Rates, w: &mut [f32], g: &[f32], state: &mut [f32]) -> bool {
        let (beta_1, beta_2, epsilon) = (self.beta_1, self.beta_2, self.epsilon);
        if self.by_greatest() {
            let state = parts(state, w.len());
            update::amsgrad::<Native>(w, g, state, rate, beta_1, beta_2, epsilon);
            false
        } else {
            let (m, v) = state.split_at_mut(w.len());
            update::adam::<Native>(w, g, m, v, rate, beta_1, beta_2, epsilon)
        }
    }
}
