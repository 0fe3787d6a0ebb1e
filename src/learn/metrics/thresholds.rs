//! The area under a curve, from counts at many thresholds. What is added up is, between each two neighbouring
//! thresholds, how many positives and how many negatives have their scores there.
use super::{Batch, Set, ratio};
use crate::base::error::Result;
use alloc::vec::Vec;

pub(super) fn add(set: &Set, batch: &Batch, sums: &mut [f64]) -> Result<()> {
    let targets = batch.values()?;
    let scores = if set.from_logits {
        batch.prediction.detach().room_for("auc")?.sigmoid()
    } else {
        batch.prediction.detach()
    };
    let (positives, negatives) = sums.split_at_mut(set.thresholds);
    let steps = (set.thresholds - 1) as f32;
    let pairs = scores.data().iter().zip(targets.data()).enumerate();
    for (index, (&score, &truth)) in pairs {
        // A score is above the thresholds up to this one.
        let bucket = libm::ceilf(score.clamp(0.0, 1.0) * steps) as usize;
        let side = if truth != 0.0 {
            &mut *positives
        } else {
            &mut *negatives
        };
        side[bucket.saturating_sub(1)] += batch.weight_of(index / batch.width);
    }
    Ok(())
}

/// How many have scores above each threshold.
fn above(buckets: &[f64]) -> Vec<f64> {
    let mut counts: Vec<f64> = buckets.into();
    for at in (1..counts.len()).rev() {
        counts[at - 1] += counts[at];
    }
    counts
}

pub(super) fn area(set: &Set, sums: &[f64]) -> f64 {
    let (positives, negatives) = sums.split_at(set.thresholds);
    let (tp, fp) = (above(positives), above(negatives));
    let (yes, no) = (tp[0], fp[0]);
    let places = 0..tp.len() - 1;
    let is_pr = set.curve == 1;
    if is_pr && set.choice == 0 {
        // Davis and Goadrich 2006: between two thresholds precision follows a curve of its own.
        let part = |i: usize| {
            let (dtp, p, next) = (tp[i] - tp[i + 1], tp[i] + fp[i], tp[i + 1] + fp[i + 1]);
            let slope = ratio(dtp, (p - next).max(0.0));
            let intercept = tp[i + 1] - slope * next;
            let share = if p > 0.0 && next > 0.0 { p / next } else { 1.0 };
            ratio(slope * (dtp + intercept * libm::log(share)), yes)
        };
        return places.map(part).sum();
    }
    let point = |i: usize| {
        let recall = ratio(tp[i], yes);
        if is_pr {
            (recall, ratio(tp[i], tp[i] + fp[i]))
        } else {
            (ratio(fp[i], no), recall)
        }
    };
    let part = |i: usize| {
        let ((x, y), (next_x, next_y)) = (point(i), point(i + 1));
        let height = match set.choice {
            0 => (y + next_y) / 2.0,
            1 => y.min(next_y),
            _ => y.max(next_y),
        };
        (x - next_x) * height
    };
    places.map(part).sum()
}
