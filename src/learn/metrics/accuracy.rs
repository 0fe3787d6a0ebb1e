//! Accuracy in its forms: how many are right, and of how many.
use super::{Batch, Set};
use crate::base::error::Result;
use crate::tensor::Tensor;

/// How many of the greatest scores count where nothing is said, as in Keras.
const TOP: usize = 5;

pub(super) fn sparse(_: &Set, batch: &Batch, sums: &mut [f64]) -> Result<()> {
    let guess = batch.prediction.argmax(-1)?;
    let pairs = guess.data().iter().zip(batch.labels()?);
    batch.right(pairs.map(|(&guess, label)| guess as usize == label), sums);
    Ok(())
}

pub(super) fn categorical(_: &Set, batch: &Batch, sums: &mut [f64]) -> Result<()> {
    let (guess, truth) = (batch.prediction.argmax(-1)?, batch.values()?.argmax(-1)?);
    let pairs = guess.data().iter().zip(truth.data());
    batch.right(pairs.map(|(guess, truth)| guess == truth), sums);
    Ok(())
}

/// Keras compares with the targets as they are: only 0 and 1 can be met. What counts is the share of a row.
pub(super) fn binary(set: &Set, batch: &Batch, sums: &mut [f64]) -> Result<()> {
    let (targets, threshold) = (batch.values()?, set.threshold.unwrap_or(0.5));
    let met = |(&p, &t): (&f32, &f32)| t == if p > threshold { 1.0 } else { 0.0 };
    let rows = batch.prediction.data().chunks(batch.width);
    for (row, (p, t)) in rows.zip(targets.data().chunks(batch.width)).enumerate() {
        let weight = batch.weight_of(row);
        sums[0] += weight * p.iter().zip(t).filter(|&pair| met(pair)).count() as f64;
        sums[1] += weight * p.len() as f64;
    }
    Ok(())
}

pub(super) fn top(set: &Set, batch: &Batch, sums: &mut [f64]) -> Result<()> {
    let truth = batch.values()?.argmax(-1)?;
    among_top(
        set,
        batch,
        truth.data().iter().map(|&label| label as usize),
        sums,
    )
}

pub(super) fn sparse_top(set: &Set, batch: &Batch, sums: &mut [f64]) -> Result<()> {
    among_top(set, batch, batch.labels()?, sums)
}

/// Whether fewer than `k` scores are greater than that of the label.
fn among_top(
    set: &Set,
    batch: &Batch,
    labels: impl Iterator<Item = usize>,
    sums: &mut [f64],
) -> Result<()> {
    let k = set.top.unwrap_or(TOP);
    let rows = Tensor::data(batch.prediction).chunks(batch.width);
    let right = rows.zip(labels).map(|(row, label)| {
        row.get(label).is_some_and(|&score| {
            score.is_finite() && row.iter().filter(|&&other| other > score).count() < k
        })
    });
    batch.right(right, sums);
    Ok(())
}
