//! The area under a curve, from counts at many thresholds. What is added up is, between each two neighbouring
//! thresholds, how many positives and how many negatives have their scores there.
use super::{Batch, Set, ratio};
use crate::base::error::Result;

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

pub(super) fn area(set: &Set, sums: &[f64]) -> f64 {
    let (positives, negatives) = sums.split_at(set.thresholds);
    let total = |buckets: &[f64]| buckets.iter().rev().sum::<f64>();
    let (yes, no) = (total(positives), total(negatives));
    let is_pr = set.curve == 1;
    // What lies between a threshold and the next, from how many positives and negatives are above either.
    let part = |[tp, fp]: [f64; 2], [next_tp, next_fp]: [f64; 2]| {
        if is_pr && set.choice == 0 {
            // Davis and Goadrich 2006: between two thresholds precision follows a curve of its own.
            let (dtp, p, next) = (tp - next_tp, tp + fp, next_tp + next_fp);
            let slope = ratio(dtp, (p - next).max(0.0));
            let intercept = next_tp - slope * next;
            let share = if p > 0.0 && next > 0.0 { p / next } else { 1.0 };
            return ratio(slope * (dtp + intercept * libm::log(share)), yes);
        }
        let point = |tp: f64, fp: f64| {
            let recall = ratio(tp, yes);
            if is_pr {
                (recall, ratio(tp, tp + fp))
            } else {
                (ratio(fp, no), recall)
            }
        };
        let ((x, y), (next_x, next_y)) = (point(tp, fp), point(next_tp, next_fp));
        let height = match set.choice {
            0 => (y + next_y) / 2.0,
            1 => y.min(next_y),
            _ => y.max(next_y),
        };
        (x - next_x) * height
    };
    // Counts grow from the highest threshold down.
    let mut above = [0.0; 2];
    let mut area = 0.0;
    for (place, (p, n)) in positives.iter().zip(negatives).enumerate().rev() {
        let now = [above[0] + p, above[1] + n];
        if place + 1 < positives.len() {
            area += part(now, above);
        }
        above = now;
    }
    area
}
