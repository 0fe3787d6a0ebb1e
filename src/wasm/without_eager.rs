//! What a module without the feature `eager` exports in place of ops, gradients and parts of models that are functions of
//! JavaScript: the same names, which say that they are not there. So JavaScript need not know how a module was built.
use super::failure::answer;
use super::layer::CoreLayer;
use super::network::Network;
use super::optimizer::CoreOptimizer;
use crate::base::error::{Result, left_out};
use crate::learn::loss::LossFunction;
use crate::tensor::Tensor;
use alloc::string::String;
use alloc::vec::Vec;
use js_sys::Function;
use wasm_bindgen::prelude::*;

fn no_op() -> u32 {
    answer(|| left_out::<Tensor>(OPS))
}

const OPS: &str = "ops on tensors";
const GRADIENTS: &str = "gradients";
const CALLS: &str = "layers and models called on tensors";
const STREAM: &str = "training on data sets";
const CUSTOM: &str = "layers, losses and metrics that are functions";

/// Would tell the names of all ops.
///
/// # Errors
/// Always: there are none.
#[wasm_bindgen(js_name = opNames)]
pub fn op_names() -> Result<String> {
    left_out(OPS)
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
    answer(|| left_out(GRADIENTS))
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
    left_out(GRADIENTS)
}

/// Would record a derivative of JavaScript's.
#[wasm_bindgen(js_name = customGradient)]
pub fn custom_gradient(_value: u32, _inputs: &[u32], _id: u32) -> u32 {
    answer(|| left_out(GRADIENTS))
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
    left_out(CUSTOM)
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
        left_out(OPS)
    }
}

/// Would draw values for a weight.
///
/// # Errors
/// Always.
#[wasm_bindgen]
pub fn initialize(_initializer: &str, _lengths: &[u32], _from: f64) -> Result<u32> {
    left_out(OPS)
}

/// Would be what a regularizer adds to the loss.
///
/// # Errors
/// Always.
#[wasm_bindgen]
pub fn penalty(_regularizer: &str, _slot: u32) -> Result<u32> {
    left_out(OPS)
}

/// Would hold a tensor to a rule.
///
/// # Errors
/// Always.
#[wasm_bindgen]
pub fn constrain(_constraint: &str, _slot: u32) -> Result<u32> {
    left_out(OPS)
}

#[wasm_bindgen]
impl CoreLayer {
    /// Would make a layer of JavaScript's.
    ///
    /// # Errors
    /// Always.
    pub fn custom() -> Result<CoreLayer> {
        left_out(CUSTOM)
    }

    /// Would make a layer around layers of JavaScript's.
    ///
    /// # Errors
    /// Always.
    pub fn around() -> Result<CoreLayer> {
        left_out(CUSTOM)
    }

    /// Would make a function a part of the layer.
    ///
    /// # Errors
    /// Always.
    #[wasm_bindgen(js_name = addPart)]
    pub fn add_part(&self) -> Result<()> {
        left_out("regularizers, constraints and initializers that are functions")
    }

    /// Would tell the order of inputs.
    ///
    /// # Errors
    /// Always.
    pub fn arrange(&self) -> Result<()> {
        left_out(CALLS)
    }

    /// Would run it on tensors.
    ///
    /// # Errors
    /// Always.
    pub fn call(&self) -> Result<()> {
        left_out(CALLS)
    }
}

#[wasm_bindgen]
impl Network {
    /// Would run it on tensors.
    ///
    /// # Errors
    /// Always.
    pub fn call(&self) -> Result<()> {
        left_out(CALLS)
    }

    /// Would do one step on one batch.
    ///
    /// # Errors
    /// Always.
    #[wasm_bindgen(js_name = trainOnBatch)]
    pub fn train_on_batch(&self) -> Result<()> {
        left_out("training batch by batch")
    }
}

#[wasm_bindgen]
impl CoreOptimizer {
    /// Would find the memory for a step on a variable.
    ///
    /// # Errors
    /// Always.
    #[wasm_bindgen(js_name = makeRoom)]
    pub fn make_room(&self) -> Result<()> {
        left_out(GRADIENTS)
    }

    /// Would begin a step on variables, of which there are none.
    ///
    /// # Errors
    /// Always.
    #[wasm_bindgen(js_name = beginStep)]
    pub fn begin_step(&self) -> Result<()> {
        left_out(GRADIENTS)
    }
}

/// Would make a loss or a metric of a function.
pub(super) fn function(_id: u32) -> Result<LossFunction> {
    left_out(CUSTOM)
}

/// Would be batches that come one by one.
#[wasm_bindgen]
pub struct Stream;

#[wasm_bindgen]
impl Stream {
    /// Would begin.
    ///
    /// # Errors
    /// Always.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Result<Stream> {
        left_out(STREAM)
    }
}
