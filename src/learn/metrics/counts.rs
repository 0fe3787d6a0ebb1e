//! Right and wrong answers, counted as true positives, false positives, false negatives and true negatives, for all
//! classes together or for each.
use super::{Batch, Set, ratio};
use crate::base::error::Result;
use core::array::from_fn;

/// Adds an answer to its count.
fn tell(counts: &mut [f64], yes: bool, truth: f32, weight: f64) {
    let place = match (yes, truth != 0.0) {
        (true, true) => 0,
        (true, false) => 1,
        (false, true) => 2,
        (false, false) => 3,
    };
    counts[place] += weight;
}

pub(super) fn add(set: &Set, batch: &Batch, sums: &mut [f64]) -> Result<()> {
    batch.rows_with_values(&mut |_, weight, p, t| {
        for (class, (&score, &truth)) in p.iter().zip(t).enumerate() {
            if set.class.is_some_and(|only| only != class) {
                continue;
            }
            // Among the greatest are those that fewer than `k` come before, of equals the first ones.
            let before =
                |(other, &value): (usize, &f32)| value > score || (value == score && other < class);
            let counts = set
                .top
                .is_none_or(|k| p.iter().enumerate().filter(|&one| before(one)).count() < k);
            let yes = counts && set.threshold.is_none_or(|threshold| score > threshold);
            tell(sums, yes, truth, weight);
        }
    })
}

/// Four counts for each class. Without a threshold the greatest score of a row counts as yes.
pub(super) fn add_by_class(set: &Set, batch: &Batch, sums: &mut [f64]) -> Result<()> {
    batch.rows_with_values(&mut |_, weight, p, t| {
        let most = p.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let both = p.iter().zip(t);
        for (counts, (&score, &truth)) in sums.chunks_exact_mut(4).zip(both) {
            let yes = match set.threshold {
                Some(threshold) => score > threshold,
                None => score == most && score.abs() > 1e-9,
            };
            tell(counts, yes, truth, weight);
        }
    })
}

/// The mean of precision and recall that is near the lesser of them, averaged over classes.
pub(super) fn f_beta(set: &Set, sums: &[f64]) -> f64 {
    if set.choice == 1 {
        let all: [f64; 4] = from_fn(|place| sums.iter().skip(place).step_by(4).sum());
        return score(set, &all);
    }
    let (mut total, mut count) = (0.0, 0.0);
    for n in sums.chunks_exact(4) {
        let share = if set.choice == 0 { 1.0 } else { n[0] + n[2] };
        total += share * score(set, n);
        count += share;
    }
    ratio(total, count)
}

/// The score of four counts.
fn score(set: &Set, n: &[f64]) -> f64 {
    let square = set.beta * set.beta;
    let (precision, recall) = (ratio(n[0], n[0] + n[1]), ratio(n[0], n[0] + n[2]));
    precision * recall * (1.0 + square) / (precision * square + recall + 1e-7)
}
