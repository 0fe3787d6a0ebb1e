//! Numbers as text and back. The functions of Rust's core library would add 20 KB of tables to the module, for
//! digits that only an `f64` has.
use core::fmt;

/// `value · 10^exponent`, within a few units of the last place of an `f64`.
pub(super) fn scaled(mut value: f64, exponent: i32) -> f64 {
    let mut left = exponent.unsigned_abs();
    // Nothing changes 0 or an infinity any more, however many steps are left.
    while left > 0 && value != 0.0 && value.is_finite() {
        // Powers of ten up to 10²² are exact.
        let step = left.min(22);
        let power = (0..step).fold(1.0, |power, _| power * 10.0);
        value = if exponent < 0 {
            value / power
        } else {
            value * power
        };
        left -= step;
    }
    value
}

/// A number for people and files: whole numbers as they are, others with the fewest digits that read
/// back as the same `f32`.
#[derive(Clone, Copy, Debug)]
pub struct Decimal(pub f64);

impl From<f32> for Decimal {
    fn from(value: f32) -> Self {
        Decimal(f64::from(value))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Decimal(value) = *self;
        if value.is_nan() {
            return f.write_str("NaN");
        }
        if value < 0.0 {
            f.write_str("-")?;
        }
        let value = value.abs();
        if value.is_infinite() {
            return f.write_str("inf");
        }
        if value < 1e15 && value as u64 as f64 == value {
            return write!(f, "{}", value as u64);
        }
        let (digits, after_first, exponent) = shortest(value);
        let positional = (-7..0).contains(&exponent) || (0..=after_first).contains(&exponent);
        let after_point = if positional {
            after_first - exponent
        } else {
            after_first
        };
        let unit = 10u64.pow(after_point.unsigned_abs());
        write!(f, "{}", digits / unit)?;
        if after_point > 0 {
            let width = after_point.unsigned_abs() as usize;
            write!(f, ".{:0width$}", digits % unit)?;
        }
        if positional {
            return Ok(());
        }
        write!(f, "e{exponent}")
    }
}

/// The fewest digits of a positive number, as a whole number; how many there are after the first; and
/// the power of ten that the first counts.
fn shortest(value: f64) -> (u64, i32, i32) {
    let mut exponent = 0;
    while scaled(value, -exponent) >= 10.0 {
        exponent += 1;
    }
    while scaled(value, -exponent) < 1.0 {
        exponent -= 1;
    }
    let digits = |after_first: i32| {
        let unit = exponent - after_first;
        let digits = (scaled(value, -unit) + 0.5) as u64;
        let same = scaled(digits as f64, unit) as f32 == value as f32;
        (same, (digits, after_first, exponent))
    };
    // Nine digits tell any two `f32` apart.
    let (_, found) = (0..8)
        .map(digits)
        .find(|(same, _)| *same)
        .unwrap_or_else(|| digits(8));
    found
}
