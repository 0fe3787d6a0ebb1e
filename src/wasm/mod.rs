//! What JavaScript sees: conversions and checks, nothing else. Errors become `Error`s; numbers arrive as
//! `f64` and are checked here, because JavaScript would turn −1 or NaN into some `usize` without a word.
use crate::base::error::{Result, bail};
use crate::base::json::Value;
use alloc::vec::Vec;
use numbers::{seed, whole};
use wasm_bindgen::prelude::*;

#[cfg(feature = "eager")]
mod calls;
#[cfg(feature = "eager")]
mod custom;
mod data;
mod digit;
#[cfg(feature = "divided")]
mod divided;
mod failure;
mod fit;
#[cfg(feature = "eager")]
mod foreign;
mod generated;
#[cfg(feature = "eager")]
mod gradient;
mod inspection;
#[cfg(feature = "eager")]
mod judge;
#[cfg(feature = "eager")]
mod late;
mod layer;
mod memory;
mod network;
mod numbers;
#[cfg(feature = "eager")]
mod ops;
mod optimizer;
#[cfg(feature = "eager")]
mod parts;
mod slots;
#[cfg(feature = "eager")]
mod stream;
#[cfg(feature = "functional")]
mod symbol;
#[cfg(target_feature = "atomics")]
mod threads;
mod thrown;
#[cfg(not(feature = "eager"))]
mod without_eager;
#[cfg(not(feature = "functional"))]
mod without_functional;
#[cfg(not(feature = "eager"))]
use without_eager as custom;

#[cfg(feature = "eager")]
pub use custom::add_loss;
pub use data::{Features, Samples};
pub use digit::rasterize;
#[cfg(feature = "divided")]
pub use divided::complete_module;
pub use failure::take_failure;
pub use fit::{Evaluation, Fit};
#[cfg(feature = "eager")]
pub use foreign::set_foreign;
pub use generated::generate_digits;
#[cfg(feature = "eager")]
pub use gradient::{custom_gradient, gradients, is_recorded, track};
pub use inspection::Inspection;
#[cfg(feature = "eager")]
pub use judge::{CoreMetric, loss_of};
pub use layer::CoreLayer;
pub use memory::{can_reserve, live_bytes, memory_bytes};
pub use network::Network;
#[cfg(feature = "eager")]
pub use ops::{binary, move_rows, op_names, operate, random, reduce, unary, with_number};
pub use optimizer::{CoreOptimizer, rate_at, unique_key};
#[cfg(feature = "eager")]
pub use parts::{constrain, initialize, penalty};
pub use slots::{
    allocate, detach, free, look_at, note_address, replace, share, slots_in_use, view,
};
#[cfg(feature = "eager")]
pub use stream::Stream;
#[cfg(feature = "functional")]
pub use symbol::CoreSymbol;
#[cfg(target_feature = "atomics")]
pub use threads::{crew_give_up, crew_has_given_up, crew_join, crew_threads, crew_work};
#[cfg(not(feature = "eager"))]
pub use without_eager::*;
#[cfg(not(feature = "functional"))]
pub use without_functional::CoreSymbol;

#[wasm_bindgen]
extern "C" {
    /// Milliseconds since some start; in pages, workers and Node alike.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

fn shape(lengths: &[u32]) -> Vec<usize> {
    lengths.iter().map(|&length| length as usize).collect()
}

/// A plain object for JavaScript.
fn object(value: &Value) -> Result<JsValue> {
    let text = alloc::format!("{value}");
    js_sys::JSON::parse(&text).or_else(|_| bail!(Format, "JSON that JavaScript refuses: {text}"))
}

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}
