//! Accuracy in its forms: how many are right, and of how many.
use crate::base::error::{Result, bail};
use crate::tensor::Tensor;

pub(super) fn sparse(labels: &[u32], prediction: &Tensor) -> Result<(f64, f64)> {
    let guess = prediction.argmax(-1)?;
    let pairs = guess.data().iter().zip(labels);
    Ok(share(pairs.map(|(&guess, &label)| guess as u32 == label)))
}

pub(super) fn categorical(targets: &Tensor, prediction: &Tensor) -> Result<(f64, f64)> {
    let (guess, truth) = (prediction.argmax(-1)?, targets.argmax(-1)?);
    let pairs = guess.data().iter().zip(truth.data());
    Ok(share(pairs.map(|(guess, truth)| guess == truth)))
}

/// Keras compares with the targets as they are: only 0 and 1 can be met.
pub(super) fn binary(targets: &Tensor, prediction: &Tensor) -> Result<(f64, f64)> {
    if targets.shape() != prediction.shape() {
        bail!(
            Shape,
            "binary_accuracy: targets {:?}, predictions {:?}",
            targets.shape(),
            prediction.shape()
        );
    }
    let met = |(&p, &t): (&f32, &f32)| t == if p > 0.5 { 1.0 } else { 0.0 };
    Ok(share(prediction.data().iter().zip(targets.data()).map(met)))
}

fn share(right: impl ExactSizeIterator<Item = bool>) -> (f64, f64) {
    let count = right.len();
    (right.filter(|&right| right).count() as f64, count as f64)
}
