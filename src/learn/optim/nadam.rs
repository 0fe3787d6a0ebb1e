//! Nadam (Dozat 2016): Adam with Nesterov's momentum, which grows over the first steps.
use super::adam::{correction, power};
use super::{Rates, Rule, parts};
use crate::base::json::{Value, settings};
use crate::kernels::update;
use crate::simd::Native;

settings! {
    /// See [`update::nadam`].
    #[derive(Clone, Debug)]
    pub struct Nadam {
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

/// Nadam at work: its settings, and the product of its momenta so far.
#[derive(Clone, Debug)]
pub struct NadamRule {
    settings: Nadam,
    /// After which step, and the product.
    product: (u64, f64),
}

impl NadamRule {
    /// Nadam before its first step.
    pub fn new(settings: Nadam) -> Self {
        NadamRule {
            settings,
            product: (0, 1.0),
        }
    }

    /// The momentum of a step.
    fn momentum(&self, step: u64) -> f64 {
        self.settings.beta_1 * (1.0 - 0.5 * power(0.96, step))
    }
}

impl Rule for NadamRule {
    fn class_name(&self) -> &'static str {
        "Nadam"
    }

    fn config(&self) -> Value {
        self.settings.to_json()
    }

    fn learning_rate(&mut self) -> &mut f32 {
        &mut self.settings.learning_rate
    }

    fn slots(&self) -> &'static [&'static str] {
        &["momentum", "velocity"]
    }

    fn negligible(&self) -> f32 {
        (self.settings.epsilon * self.settings.epsilon).min(1e-30)
    }

    /// What both parts of the step are multiplied by, and the correction of the mean of squares.
    fn rates(&mut self, step: u64) -> Rates {
        if self.product.0 >= step {
            self.product = (0, 1.0);
        }
        while self.product.0 < step {
            let (done, product) = self.product;
            // A product that counts for nothing beside 1 stays so.
            self.product = if product < 1e-20 {
                (step, 0.0)
            } else {
                (done + 1, product * self.momentum(done + 1))
            };
        }
        let product = self.product.1;
        let rate = f64::from(self.settings.learning_rate);
        let (now, next) = (self.momentum(step), self.momentum(step + 1));
        [
            (rate * next / (1.0 - product * next)) as f32,
            (rate * (1.0 - now) / (1.0 - product)) as f32,
            (1.0 / correction(self.settings.beta_2, step)) as f32,
        ]
    }

    fn update(&self, rates: Rates, w: &mut [f32], g: &[f32], state: &mut [f32]) -> bool {
        let Nadam {
            beta_1,
            beta_2,
            epsilon,
            ..
        } = self.settings;
        let state = parts(state, w.len());
        update::nadam::<Native>(w, g, state, rates, beta_1, beta_2, epsilon);
        false
    }
}
