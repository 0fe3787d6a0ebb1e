//! Numbers that JavaScript hands over: they arrive as `f64`, and are checked here.
use crate::base::error::{Result, bail};
use crate::base::json::Decimal;

/// A whole number of at least `least`.
#[cfg(feature = "wasm")]
pub(super) fn whole(name: &str, value: f64, least: u32) -> Result<usize> {
    if value.fract() == 0.0 && value >= f64::from(least) && value <= f64::from(i32::MAX) {
        return Ok(value as usize);
    }
    bail!(
        Value,
        "{name}: expected a whole number of at least {least}, got {}",
        Decimal(value)
    );
}

/// A seed: any whole number that JavaScript holds exactly.
pub(super) fn seed(value: f64) -> Result<u64> {
    if value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_991.0 {
        return Ok(value as i64 as u64);
    }
    bail!(
        Value,
        "seed: expected a whole number, got {}",
        Decimal(value)
    );
}
