//! What a module without the feature `eager` exports in place of ops, gradients and parts of models that are functions of
//! JavaScript: the same names, which say that they are not there. So JavaScript need not know how a module was built.
use super::failure::answer;
use crate::base::error::{Result, bail};
use crate::base::json::Value;
use crate::learn::loss::LossFunction;
use crate::nn::{Effects, Layer, Member, OwnPart, Weight};
use crate::tensor::Tensor;
use alloc::rc::Rc;
use alloc::{string::String, vec::Vec};
use js_sys::Function;
use wasm_bindgen::prelude::*;

#[cold]
fn lacks<T>(what: &str) -> Result<T> {
    bail!(State, "this module was built without {what}")
}

fn no_op() -> u32 {
    answer(|| lacks::<Tensor>(OPS))
}

const OPS: &str = "ops on tensors";
const GRADIENTS: &str = "gradients";
const CUSTOM: &str = "layers, losses and metrics that are functions";

/// Would tell the names of all ops.
///
/// # Errors
/// Always: there are none.
#[wasm_bindgen(js_name = opNames)]
pub fn op_names() -> Result<String> {
    lacks(OPS)
}

/// Would be a function of one tensor.
#[wasm_bindgen]
pub fn unary(_op: u32, _x: u32) -> u32 {
    no_op()
}

/// Would be a function of two tensors.
#[wasm_bindgen]
pub fn binary(_op: u32, _a: u32, _b: u32) -> u32 {
    no_op()
}

/// Would be a function of a tensor and a number.
#[wasm_bindgen(js_name = withNumber)]
pub fn with_number(_op: u32, _x: u32, _number: f32, _swapped: bool) -> u32 {
    no_op()
}

/// Would be a reduction.
#[wasm_bindgen]
pub fn reduce(_op: u32, _x: u32, _axes: u32, _keep: bool) -> u32 {
    no_op()
}

/// Would be any other op.
#[wasm_bindgen]
pub fn operate(_op: u32, _inputs: &[u32], _numbers: &[f64]) -> u32 {
    no_op()
}

/// Would pick slices.
#[wasm_bindgen(js_name = gatherRows)]
pub fn gather_rows(_x: u32, _indices: &[u32]) -> u32 {
    no_op()
}

/// Would draw random values.
#[wasm_bindgen]
pub fn random(_normal: bool, _lengths: &[u32], _a: f32, _b: f32, _from: f64) -> u32 {
    no_op()
}

/// Would begin to record.
#[wasm_bindgen]
pub fn track(_slot: u32) -> u32 {
    answer(|| lacks(GRADIENTS))
}

/// Whether gradients flow to or through a tensor: never.
#[wasm_bindgen(js_name = isRecorded)]
pub fn is_recorded(_slot: u32) -> bool {
    false
}

/// Would find gradients.
///
/// # Errors
/// Always.
#[wasm_bindgen]
pub fn gradients(_y: u32, _dy: u32, _ends: &[u32], _differentiate: bool) -> Result<Vec<u32>> {
    lacks(GRADIENTS)
}

/// Would record a derivative of JavaScript's.
#[wasm_bindgen(js_name = customGradient)]
pub fn custom_gradient(_value: u32, _inputs: &[u32], _id: u32) -> u32 {
    answer(|| lacks(GRADIENTS))
}

/// Nothing here calls functions of JavaScript.
#[wasm_bindgen(js_name = setForeign)]
pub fn set_foreign(_dispatch: Function) {}

/// Would be a loss of tensors.
#[wasm_bindgen(js_name = lossOf)]
pub fn loss_of(_settings: &str, _targets: u32, _predictions: u32, _weights: u32) -> u32 {
    no_op()
}

/// Would add to the loss of a pass.
///
/// # Errors
/// Always.
#[wasm_bindgen(js_name = addLoss)]
pub fn add_loss(_slot: u32) -> Result<bool> {
    lacks(CUSTOM)
}

/// Would be a metric of tensors.
#[wasm_bindgen]
pub struct CoreMetric {}

#[wasm_bindgen]
impl CoreMetric {
    /// Would make a metric.
    ///
    /// # Errors
    /// Always.
    #[wasm_bindgen(constructor)]
    pub fn new(_settings: &str) -> Result<CoreMetric> {
        lacks(OPS)
    }
}

/// Would draw values for a weight.
///
/// # Errors
/// Always.
#[wasm_bindgen]
pub fn initialize(_initializer: &str, _lengths: &[u32], _from: f64) -> Result<u32> {
    lacks(OPS)
}

/// Would be what a regularizer adds to the loss.
///
/// # Errors
/// Always.
#[wasm_bindgen]
pub fn penalty(_regularizer: &str, _slot: u32) -> Result<u32> {
    lacks(OPS)
}

/// Would hold a tensor to a rule.
///
/// # Errors
/// Always.
#[wasm_bindgen]
pub fn constrain(_constraint: &str, _slot: u32) -> Result<u32> {
    lacks(OPS)
}

/// Would make a layer of JavaScript's.
pub(super) fn layer(_class_name: &str, _config: Value, _id: u32) -> Result<Rc<dyn Layer>> {
    lacks(CUSTOM)
}

/// Would tell a layer of JavaScript's what weights it has.
pub(super) fn want_weights(_layer: &dyn Layer, _specs: &Value) -> Result<()> {
    lacks(CUSTOM)
}

/// Would tell a layer of JavaScript's which layers are inside it.
pub(super) fn want_layers(
    _layer: &dyn Layer,
    _inside: Vec<Member>,
    _early: Vec<Member>,
) -> Result<()> {
    lacks(CUSTOM)
}

/// Would make a layer around layers of JavaScript's.
pub(super) fn around(_class_name: &str, _config: Value, _layers: Vec<Member>) -> Result<Member> {
    lacks(CUSTOM)
}

/// Would make a part of a layer of a function.
pub(super) fn part(_key: &str, _written: Value, _id: u32) -> Result<OwnPart> {
    lacks(CUSTOM)
}

/// No layer of JavaScript's is at work.
pub(super) fn effects_so_far(_own: &[Weight]) -> Effects {
    Effects::default()
}

/// Changes the weights where a call was one of training.
///
/// # Errors
/// Values of other shapes than the weights'.
pub(super) fn take_effects<'a>(
    effects: Effects,
    training: bool,
    weight_at: impl Fn(usize) -> &'a Weight,
) -> Result<()> {
    let mut updates = effects.updates.iter().filter(|_| training);
    updates.try_for_each(|(place, value)| weight_at(*place).set(value))
}

/// Would make a loss or a metric of a function.
pub(super) fn function(_id: u32) -> Result<LossFunction> {
    lacks(CUSTOM)
}
