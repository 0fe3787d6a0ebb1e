//! Dropout (Srivastava et al. 2014), inverted: each value is 0 with probability `rate`, else divided by
//! `1 − rate`, so the expectation stays. Derivative: `dy` through the same mask.
use crate::base::error::{Result, bail};
use crate::base::json::Decimal;
use crate::base::rng::Rng;
use crate::memory::{Buffer, ask_for};
use crate::tensor::Tensor;

impl Tensor {
    /// This tensor with a share `rate` of its values dropped.
    ///
    /// # Errors
    /// A rate outside `0 ≤ rate < 1`.
    pub fn dropout(&self, rate: f32, rng: &mut Rng) -> Result<Tensor> {
        if !(0.0..1.0).contains(&rate) {
            bail!(
                Value,
                "dropout: rate {} is outside 0 ≤ rate < 1",
                Decimal::from(rate)
            );
        }
        let keep = 1.0 / (1.0 - rate);
        ask_for("dropout", &[self.data().len()])?;
        let mask = self
            .data()
            .iter()
            .map(|_| if rng.unit() < rate { 0.0 } else { keep })
            .collect::<Buffer>();
        self.mul(&Tensor::leaf(mask, *self.shape()))
    }
}
