//! Means of every value, not of rows.
use super::{Batch, Set};
use crate::base::error::Result;

pub(super) fn squared_error(_: &Set, batch: &Batch, sums: &mut [f64]) -> Result<()> {
    let targets = batch.values()?;
    let rows = batch.prediction.data().chunks(batch.width);
    for (row, (p, t)) in rows.zip(targets.data().chunks(batch.width)).enumerate() {
        let error = |(&p, &t): (&f32, &f32)| f64::from(p - t) * f64::from(p - t);
        let weight = batch.weight_of(row);
        sums[0] += weight * p.iter().zip(t).map(error).sum::<f64>();
        sums[1] += weight * p.len() as f64;
    }
    Ok(())
}
