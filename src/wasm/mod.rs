//! What JavaScript sees: conversions and checks, nothing else. Errors become `Error`s; numbers arrive as
//! `f64` and are checked here, because JavaScript would turn −1 or NaN into some `usize` without a word.
use crate::base::error::{Error, Result, bail};
use crate::base::json::{Decimal, Value};
use alloc::{format, vec::Vec};
use serde::{Serialize, Serializer};
use wasm_bindgen::prelude::*;

mod custom;
mod data;
mod digit;
mod failure;
mod fit;
mod foreign;
mod gradient;
mod judge;
mod layer;
mod memory;
mod network;
mod ops;
mod optimizer;
mod slots;
#[cfg(target_feature = "atomics")]
mod threads;

pub use data::{Features, Samples, generate_digits};
pub use digit::rasterize;
pub use failure::take_failure;
pub use fit::{Evaluation, Fit};
pub use foreign::set_foreign;
pub use gradient::{custom_gradient, detach, gradients, is_recorded, track};
pub use judge::{CoreMetric, loss_of};
pub use layer::{CoreLayer, CoreSymbol};
pub use memory::{can_reserve, live_bytes, memory_bytes, version};
pub use network::Network;
pub use ops::{binary, gather_rows, op_names, operate, random, reduce, unary, with_number};
pub use optimizer::{CoreOptimizer, rate_at, unique_key};
pub use slots::{allocate, free, look_at, note_address, replace, share, slots_in_use, view};
#[cfg(target_feature = "atomics")]
pub use threads::{crew_give_up, crew_has_given_up, crew_join, crew_threads, crew_work};

#[wasm_bindgen]
extern "C" {
    /// Milliseconds since some start; in pages, workers and Node alike.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

/// A whole number of at least `least`.
fn whole(name: &str, value: f64, least: u32) -> Result<usize> {
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
fn seed(value: f64) -> Result<u64> {
    if value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_991.0 {
        return Ok(value as i64 as u64);
    }
    bail!(
        Value,
        "seed: expected a whole number, got {}",
        Decimal(value)
    );
}

fn shape(lengths: &[u32]) -> Vec<usize> {
    lengths.iter().map(|&length| length as usize).collect()
}

struct Plain<'a>(&'a Value);

impl Serialize for Plain<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> core::result::Result<S::Ok, S::Error> {
        match self.0 {
            Value::Null => to.serialize_unit(),
            Value::Bool(value) => to.serialize_bool(*value),
            Value::Number(value) => to.serialize_f64(*value),
            Value::String(text) => to.serialize_str(text),
            Value::Array(values) => to.collect_seq(values.iter().map(Plain)),
            Value::Object(fields) => {
                to.collect_map(fields.iter().map(|(name, value)| (&**name, Plain(value))))
            }
        }
    }
}

/// A plain object for JavaScript.
fn object(value: &Value) -> Result<JsValue> {
    let plain = serde_wasm_bindgen::Serializer::json_compatible();
    Plain(value)
        .serialize(&plain)
        .map_err(|error| Error::Format(format!("{error}")))
}

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}
