//! R²: how much of the variance of targets the predictions explain, for each output, then averaged.
use super::{Batch, Set, ratio};
use crate::base::error::Result;

/// For each output the sums of squared errors, of targets, of their squares, and of weights.
pub(super) fn add(set: &Set, batch: &Batch, sums: &mut [f64]) -> Result<()> {
    let targets = batch.values()?;
    let pairs = batch.prediction.data().iter().zip(targets.data());
    for (index, (&p, &t)) in pairs.enumerate() {
        let weight = batch.weight_of(index / batch.width);
        let (p, t) = (f64::from(p), f64::from(t));
        let own = &mut sums[4 * (index % batch.width.min(set.width))..][..4];
        own[0] += weight * (p - t) * (p - t);
        own[1] += weight * t;
        own[2] += weight * t * t;
        own[3] += weight;
    }
    Ok(())
}

pub(super) fn value(set: &Set, sums: &[f64]) -> f64 {
    // Each score, and how much it counts.
    let scores = sums.chunks_exact(4).map(|n| {
        let variance = n[2] - n[1] * ratio(n[1], n[3]);
        let score = 1.0 - n[0] / variance;
        let score = if score.is_finite() { score } else { 0.0 };
        (score, if set.choice == 0 { 1.0 } else { variance })
    });
    let (total, count) = scores.fold((0.0, 0.0), |(total, count), (score, share)| {
        (total + score * share, count + share)
    });
    ratio(total, count)
}
