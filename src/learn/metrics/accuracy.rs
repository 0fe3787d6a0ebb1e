//! Accuracy in its forms: the share that is right.
use crate::base::error::{Result, bail};
use crate::tensor::Tensor;

pub(super) fn sparse(classes: &[u32], prediction: &Tensor) -> Result<f32> {
    let guess = prediction.argmax(-1)?;
    Ok(share(
        guess
            .data()
            .iter()
            .zip(classes)
            .map(|(&guess, &class)| guess as u32 == class),
    ))
}

pub(super) fn categorical(targets: &Tensor, prediction: &Tensor) -> Result<f32> {
    let (guess, truth) = (prediction.argmax(-1)?, targets.argmax(-1)?);
    Ok(share(
        guess
            .data()
            .iter()
            .zip(truth.data())
            .map(|(guess, truth)| guess == truth),
    ))
}

pub(super) fn binary(targets: &Tensor, prediction: &Tensor) -> Result<f32> {
    if targets.shape() != prediction.shape() {
        bail!(
            Shape,
            "binary_accuracy: targets {:?}, predictions {:?}",
            targets.shape(),
            prediction.shape()
        );
    }
    Ok(share(
        prediction
            .data()
            .iter()
            .zip(targets.data())
            .map(|(&p, &t)| (p > 0.5) == (t > 0.5)),
    ))
}

fn share(right: impl ExactSizeIterator<Item = bool>) -> f32 {
    let count = right.len();
    right.filter(|&right| right).count() as f32 / count as f32
}
