//! Accuracy in its forms: how many are right, and of how many.
use super::{Batch, Set};
use crate::base::error::Result;

/// How many of the greatest scores count where nothing is said, as in Keras.
const TOP: usize = 5;

pub(super) fn sparse(_: &Set, batch: &Batch, sums: &mut [f64]) -> Result<()> {
    let guess = batch.prediction.argmax(-1)?;
    let labels = batch.labels()?;
    batch.right(&|row| guess.data()[row] as usize == labels(row), sums);
    Ok(())
}

pub(super) fn categorical(_: &Set, batch: &Batch, sums: &mut [f64]) -> Result<()> {
    let (guess, truth) = (batch.prediction.argmax(-1)?, batch.values()?.argmax(-1)?);
    batch.right(&|row| guess.data()[row] == truth.data()[row], sums);
    Ok(())
}

/// Keras compares with the targets as they are: only 0 and 1 can be met. What counts is the share of a row.
pub(super) fn binary(set: &Set, batch: &Batch, sums: &mut [f64]) -> Result<()> {
    let threshold = set.threshold.unwrap_or(0.5);
    batch.rows_with_values(&mut |row, weight, p, t| {
        let met = |(&p, &t): (&f32, &f32)| t == if p > threshold { 1.0 } else { 0.0 };
        let right = p.iter().zip(t).filter(|&pair| met(pair)).count();
        batch.share(row, weight * right as f64, weight * p.len() as f64, sums);
    })
}

pub(super) fn top(set: &Set, batch: &Batch, sums: &mut [f64]) -> Result<()> {
    let truth = batch.values()?.argmax(-1)?;
    among_top(set, batch, &|row| truth.data()[row] as usize, sums);
    Ok(())
}

pub(super) fn sparse_top(set: &Set, batch: &Batch, sums: &mut [f64]) -> Result<()> {
    let labels = batch.labels()?;
    among_top(set, batch, &labels, sums);
    Ok(())
}

/// Whether fewer than `k` scores are greater than that of the label.
fn among_top(set: &Set, batch: &Batch, label: &dyn Fn(usize) -> usize, sums: &mut [f64]) {
    let k = set.top.unwrap_or(TOP);
    let right = |row: usize| {
        let scores = &batch.prediction.data()[row * batch.width..][..batch.width];
        scores.get(label(row)).is_some_and(|&score| {
            score.is_finite() && scores.iter().filter(|&&other| other > score).count() < k
        })
    };
    batch.right(&right, sums);
}
