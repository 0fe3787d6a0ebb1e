//! Adam (Kingma and Ba 2015).
use super::{Rule, in_range};
use crate::Result;
use crate::base::json::{Value, settings};
use crate::kernels::update;
use crate::simd::Native;

settings! {
    /// Steps of a size that adapts to each weight's gradients; see [`update::adam`].
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
    }
}

/// `base` to the power of `exponent`, by squaring.
fn power(mut base: f64, mut exponent: u64) -> f64 {
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

    fn slots(&self) -> usize {
        2
    }

    /// Of v also what could not be told from 0 beside ε.
    fn negligible(&self) -> f32 {
        (self.epsilon * self.epsilon).min(1e-30)
    }

    fn check(&self) -> Result<()> {
        in_range(
            "Adam: `learning_rate`",
            self.learning_rate,
            0.0,
            f32::INFINITY,
        )?;
        in_range("Adam: `beta_1`", self.beta_1 as f32, 0.0, 1.0)?;
        in_range("Adam: `beta_2`", self.beta_2 as f32, 0.0, 1.0)?;
        in_range("Adam: `epsilon`", self.epsilon, 0.0, f32::INFINITY)
    }

    fn rate(&self, step: u64) -> f32 {
        let correction = |beta| 1.0 - power(beta, step);
        let rate = f64::from(self.learning_rate) * libm::sqrt(correction(self.beta_2))
            / correction(self.beta_1);
        rate as f32
    }

    fn update(&self, rate: f32, w: &mut [f32], g: &[f32], state: &mut [f32]) {
        let (m, v) = state.split_at_mut(w.len());
        update::adam::<Native>(w, g, m, v, rate, self.beta_1, self.beta_2, self.epsilon);
    }
}
