//! Learning rates that follow the number of steps: one table. A row is Keras' name, the keys of its configuration with
//! their defaults, and the formula. Powers and cosines are `libm`'s, whose bits are the same on every machine.
use crate::base::error::{Result, bail, left_out};
use crate::base::json::{Decimal, Settings, Value};
use crate::base::names::plain;
use alloc::vec::Vec;
use core::f32::consts::PI;

/// From the numbers of a configuration, in the order of the keys, and the number of steps done, to the rate.
type Formula = fn(&[f64], f64) -> f64;

struct Row {
    class_name: &'static str,
    /// Keys, and what stands where one is not given; NaN where it must be.
    keys: &'static [(&'static str, f64)],
    formula: Formula,
}

/// It must be given.
const GIVEN: f64 = f64::NAN;

const TABLE: &[Row] = &[
    Row {
        class_name: "ExponentialDecay",
        keys: &[
            ("initial_learning_rate", GIVEN),
            ("decay_steps", GIVEN),
            ("decay_rate", GIVEN),
            ("staircase", 0.0),
        ],
        formula: |n, step| n[0] * power(n[2], stairs(step / n[1], n[3])),
    },
    Row {
        class_name: "InverseTimeDecay",
        keys: &[
            ("initial_learning_rate", GIVEN),
            ("decay_steps", GIVEN),
            ("decay_rate", GIVEN),
            ("staircase", 0.0),
        ],
        formula: |n, step| n[0] / (1.0 + n[2] * stairs(step / n[1], n[3])),
    },
    Row {
        class_name: "PolynomialDecay",
        keys: &[
            ("initial_learning_rate", GIVEN),
            ("decay_steps", GIVEN),
            ("end_learning_rate", 0.0001),
            ("power", 1.0),
            ("cycle", 0.0),
        ],
        formula: |n, step| {
            let (mut steps, mut done) = (n[1], step);
            if n[4] != 0.0 {
                steps *= libm::ceil(step / steps).max(1.0);
            } else {
                done = done.min(steps);
            }
            (n[0] - n[2]) * power(1.0 - done / steps, n[3]) + n[2]
        },
    },
    Row {
        class_name: "CosineDecay",
        keys: &[
            ("initial_learning_rate", GIVEN),
            ("decay_steps", GIVEN),
            ("alpha", 0.0),
            ("warmup_target", -1.0),
            ("warmup_steps", 0.0),
        ],
        formula: |n, step| {
            let (start, target, warmup) = (n[0], n[3], n[4]);
            if target < 0.0 {
                return start * wave((step / n[1]).min(1.0), n[2]);
            }
            if step < warmup {
                return start + (target - start) * step / warmup;
            }
            target * wave(((step - warmup) / n[1]).min(1.0), n[2])
        },
    },
    Row {
        class_name: "CosineDecayRestarts",
        keys: &[
            ("initial_learning_rate", GIVEN),
            ("first_decay_steps", GIVEN),
            ("t_mul", 2.0),
            ("m_mul", 1.0),
            ("alpha", 0.0),
        ],
        formula: |n, step| {
            let (mut rest, mut length, mut height) = (step / n[1], 1.0, 1.0);
            // Periods that hardly grow would take as long to count as there are steps.
            if n[2] - 1.0 < 1e-6 {
                height = power(n[3], libm::floor(rest));
                rest -= libm::floor(rest);
            }
            while rest >= length {
                rest -= length;
                length *= n[2];
                height *= n[3];
            }
            let wave = height * wave(rest / length, 0.0);
            n[0] * ((1.0 - n[4]) * wave + n[4])
        },
    },
    // Smith and Topin 2018, as PyTorch has it: up for a share of the steps, then down to far below the beginning.
    Row {
        class_name: "OneCycle",
        keys: &[
            ("max_learning_rate", GIVEN),
            ("total_steps", GIVEN),
            ("pct_start", 0.3),
            ("div_factor", 25.0),
            ("final_div_factor", 10_000.0),
        ],
        formula: |n, step| {
            let (top, start) = (n[0], n[0] / n[3]);
            let (up, end) = (n[2] * n[1] - 1.0, n[1] - 1.0);
            let between = |from: f64, to: f64, done: f64| to + (from - to) * wave(done, 0.0);
            if step < up {
                between(start, top, step / up)
            } else {
                let done = (step - up) / (end - up).max(1.0);
                between(top, start / n[4], done.min(1.0))
            }
        },
    },
];

/// The one schedule whose configuration is lists.
const PIECEWISE: &str = "PiecewiseConstantDecay";

fn power(base: f64, exponent: f64) -> f64 {
    f64::from(libm::powf(base as f32, exponent as f32))
}

/// Whole steps only, if there are stairs.
fn stairs(done: f64, staircase: f64) -> f64 {
    if staircase == 0.0 {
        done
    } else {
        libm::floor(done)
    }
}

/// From 1 down to `least` along half a wave, as `done` goes from 0 to 1.
fn wave(done: f64, least: f64) -> f64 {
    let cosine = f64::from(libm::cosf(PI * done as f32));
    (1.0 - least) * 0.5 * (1.0 + cosine) + least
}

/// A learning rate that follows the number of steps.
#[derive(Clone)]
pub struct Schedule {
    /// None for the one of [`PIECEWISE`] rates.
    row: Option<&'static Row>,
    /// The numbers of its row's keys; of pieces the boundaries, then the rates.
    numbers: Vec<f64>,
    /// What it was read from.
    written: Value,
}

impl Schedule {
    /// From JSON, `{ "class_name", "config" }`, with Keras' names.
    ///
    /// # Errors
    /// An unknown name or key, a key that is missing, or a value out of range.
    pub fn from_json(value: &Value) -> Result<Self> {
        if cfg!(not(feature = "schedules")) {
            return left_out("learning rates that follow a schedule");
        }
        let Some(name) = value["class_name"].as_str() else {
            bail!(
                Value,
                "learning_rate: expected a number or a schedule, not {value}"
            );
        };
        let (wanted, config) = (plain(name), &value["config"]);
        if plain(PIECEWISE) == wanted {
            return Self::pieces(value);
        }
        let Some(row) = TABLE.iter().find(|row| plain(row.class_name) == wanted) else {
            let names: Vec<&str> = TABLE.iter().map(|row| row.class_name).collect();
            bail!(
                Name,
                "schedule `{name}` is unknown; there are {}, {PIECEWISE}",
                names.join(", ")
            );
        };
        let mut keys: Vec<&str> = row.keys.iter().map(|(key, _)| *key).collect();
        keys.push("name");
        let settings = Settings::new(row.class_name, config, &keys)?;
        let mut numbers = Vec::with_capacity(row.keys.len());
        for &(key, default) in row.keys {
            let given = match settings.optional::<Value>(key)? {
                Some(Value::Bool(yes)) => f64::from(u8::from(yes)),
                None if default.is_nan() => settings.required(key)?,
                None => default,
                Some(_) => settings.required(key)?,
            };
            // Steps and factors are divided by, and waves must not shrink for ever.
            let least = match key {
                _ if key.ends_with("_factor") => f64::MIN_POSITIVE,
                "t_mul" | "decay_steps" | "first_decay_steps" | "total_steps" => 1.0,
                "warmup_target" => -1.0,
                _ => 0.0,
            };
            if !(least..=f64::from(f32::MAX)).contains(&given) {
                let name = row.class_name;
                bail!(
                    Value,
                    "{name}: `{key}` must be at least {}, but is {}",
                    Decimal(least),
                    Decimal(given)
                );
            }
            numbers.push(given);
        }
        let schedule = Schedule {
            row: Some(row),
            numbers,
            written: value.clone(),
        };
        // Tiny divisors lead beyond what a number can be. The second key of every row is its length in steps.
        for step in [0, schedule.numbers[1] as u64] {
            if !schedule.at(step).is_finite() {
                let name = row.class_name;
                bail!(
                    Value,
                    "{name}: after {step} steps the rate would be infinite"
                );
            }
        }
        Ok(schedule)
    }

    fn pieces(value: &Value) -> Result<Self> {
        let settings = Settings::new(
            PIECEWISE,
            &value["config"],
            &["boundaries", "values", "name"],
        )?;
        let mut numbers: Vec<f64> = settings.required("boundaries")?;
        let values: Vec<f64> = settings.required("values")?;
        if numbers.len() + 1 != values.len() || numbers.windows(2).any(|two| two[0] >= two[1]) {
            bail!(
                Value,
                "{PIECEWISE}: `boundaries` must grow, and there must be one more of `values`, but there are {} and {}",
                numbers.len(),
                values.len()
            );
        }
        if values.iter().any(|&rate| !(0.0..1e38).contains(&rate)) {
            bail!(Value, "{PIECEWISE}: `values` must be finite and at least 0");
        }
        numbers.extend(values);
        Ok(Schedule {
            row: None,
            numbers,
            written: value.clone(),
        })
    }

    /// The rate after so many steps.
    pub fn at(&self, steps: u64) -> f32 {
        let steps = steps as f64;
        let rate = match self.row {
            Some(row) => (row.formula)(&self.numbers, steps),
            None => {
                let (boundaries, values) = self.numbers.split_at(self.numbers.len() / 2);
                let passed = boundaries.iter().filter(|&&boundary| steps > boundary);
                values[passed.count()]
            }
        };
        rate as f32
    }

    /// As JSON, as it was given.
    pub fn to_json(&self) -> Value {
        self.written.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::json::json;

    /// The rates of a schedule after 0, 1, 2, … steps.
    #[track_caller]
    fn follows(schedule: &Value, expected: &[f32]) {
        let made = Schedule::from_json(schedule).unwrap();
        let again = Schedule::from_json(&made.to_json()).unwrap();
        for (step, &rate) in expected.iter().enumerate() {
            let found = made.at(step as u64);
            assert!(
                (found - rate).abs() <= 1e-6 * rate.max(0.1),
                "{step}: {found}, not {rate}"
            );
            assert_eq!(found.to_bits(), again.at(step as u64).to_bits());
        }
    }

    #[test]
    fn schedules_have_keras_rates() {
        let of = |name: &str, config: Value| json!({ "class_name": name, "config": config });
        follows(
            &of(
                "ExponentialDecay",
                json!({ "initial_learning_rate": 0.5, "decay_steps": 2, "decay_rate": 0.25 }),
            ),
            &[0.5, 0.25, 0.125, 0.0625],
        );
        follows(
            &of(
                "ExponentialDecay",
                json!({ "initial_learning_rate": 0.5, "decay_steps": 2, "decay_rate": 0.25, "staircase": true }),
            ),
            &[0.5, 0.5, 0.125, 0.125, 0.03125],
        );
        follows(
            &of(
                "InverseTimeDecay",
                json!({ "initial_learning_rate": 0.6, "decay_steps": 2, "decay_rate": 1 }),
            ),
            &[0.6, 0.4, 0.3, 0.24],
        );
        follows(
            &of(
                "PolynomialDecay",
                json!({ "initial_learning_rate": 0.5, "decay_steps": 4, "end_learning_rate": 0.1, "power": 2 }),
            ),
            &[0.5, 0.325, 0.2, 0.125, 0.1, 0.1],
        );
        follows(
            &of(
                "PolynomialDecay",
                json!({ "initial_learning_rate": 0.5, "decay_steps": 2, "end_learning_rate": 0.1, "cycle": true }),
            ),
            &[0.5, 0.3, 0.1, 0.2, 0.1, 0.1 + 0.4 / 6.0],
        );
        follows(
            &of(
                "PiecewiseConstantDecay",
                json!({ "boundaries": [1, 3], "values": [0.5, 0.25, 0.125] }),
            ),
            &[0.5, 0.5, 0.25, 0.25, 0.125],
        );
        let half = 0.5f32.sqrt();
        follows(
            &of(
                "CosineDecay",
                json!({ "initial_learning_rate": 1, "decay_steps": 4 }),
            ),
            &[1.0, 0.5 + 0.5 * half, 0.5, 0.5 - 0.5 * half, 0.0, 0.0],
        );
        follows(
            &of(
                "CosineDecay",
                json!({ "initial_learning_rate": 0, "decay_steps": 2, "alpha": 0.1, "warmup_target": 1, "warmup_steps": 2 }),
            ),
            &[0.0, 0.5, 1.0, 0.55, 0.1, 0.1],
        );
        follows(
            &of(
                "CosineDecayRestarts",
                json!({ "initial_learning_rate": 1, "first_decay_steps": 2, "m_mul": 0.5 }),
            ),
            &[
                1.0,
                0.5,
                0.5,
                0.25 + 0.25 * half,
                0.25,
                0.25 - 0.25 * half,
                0.25,
            ],
        );
        follows(
            &of(
                "CosineDecayRestarts",
                json!({ "initial_learning_rate": 1, "first_decay_steps": 2, "t_mul": 1 }),
            ),
            &[1.0, 0.5, 1.0, 0.5, 1.0],
        );
        follows(
            &of(
                "OneCycle",
                json!({ "max_learning_rate": 1, "total_steps": 10, "final_div_factor": 10 }),
            ),
            &[0.04, 0.52, 1.0, 0.950_682_6],
        );
    }

    #[test]
    fn schedules_that_make_no_sense_are_refused() {
        for (config, part) in [
            (
                json!({ "initial_learning_rate": 1, "decay_rate": 1 }),
                "decay_steps",
            ),
            (
                json!({ "initial_learning_rate": 1, "decay_steps": 0, "decay_rate": 1 }),
                "at least 1",
            ),
            (
                json!({ "initial_learning_rate": 1, "decay_step": 1, "decay_rate": 1 }),
                "decay_steps",
            ),
        ] {
            let error =
                Schedule::from_json(&json!({ "class_name": "ExponentialDecay", "config": config }));
            let Err(error) = error else {
                panic!("accepted")
            };
            let text = alloc::format!("{error}");
            assert!(text.contains(part), "{text}");
        }
    }
}
