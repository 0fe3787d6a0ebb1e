//! Layers that JavaScript holds, and their weights.
use super::optimizer::CoreOptimizer;
use super::{object, seed, slots};
use crate::base::error::Result;
use crate::base::json::{self, Setting, Value, json};
use crate::base::rng::Rng;
use crate::memory::ask_in_all;
use crate::nn::{Dims, Member, Weight};
use crate::tensor::Tensor;
use alloc::{string::String, vec::Vec};
use js_sys::{Array, Float32Array, Uint32Array};
use wasm_bindgen::prelude::*;

/// A layer with its name and weights.
#[wasm_bindgen]
pub struct CoreLayer(pub(super) Member);

#[wasm_bindgen]
impl CoreLayer {
    /// The layer of this class; `config` is JSON, Keras' keys.
    ///
    /// # Errors
    /// An unknown class or key, or a value out of range.
    #[wasm_bindgen(constructor)]
    pub fn new(class_name: &str, config: &str) -> Result<CoreLayer> {
        let config = json::parse(config)?;
        Ok(CoreLayer(Member::parse(class_name, &config)?))
    }

    /// The same layer for someone who takes it away.
    pub fn copy(&self) -> CoreLayer {
        CoreLayer(self.0.clone())
    }

    /// A number that no other layer has.
    pub fn key(&self) -> u32 {
        self.0.key()
    }

    /// Keras' class name.
    #[wasm_bindgen(js_name = className)]
    pub fn class_name(&self) -> String {
        self.0.class_name().into()
    }

    /// Its name, or its class name as Keras spells names where it has none yet.
    pub fn name(&self) -> String {
        self.0.path_name()
    }

    /// Its settings as JSON, every key named.
    pub fn config(&self) -> String {
        alloc::format!("{}", self.0.to_json()["config"])
    }

    /// The shape of a batch that its configuration names, as JSON; null where it names none.
    #[wasm_bindgen(js_name = batchInputShape)]
    pub fn batch_input_shape(&self) -> String {
        let dims = self.0.input_shape();
        alloc::format!("{}", dims.map_or(Value::Null, |dims| dims.batched()))
    }

    /// Whether training may change its weights.
    pub fn trainable(&self) -> bool {
        self.0.trainable()
    }

    /// Lets training change its weights and those of the layers inside it, or not: from the next step on.
    #[wasm_bindgen(js_name = setTrainable)]
    pub fn set_trainable(&self, trainable: bool) {
        self.0.set_trainable(trainable);
    }

    /// Whether its weights exist.
    #[wasm_bindgen(js_name = isBuilt)]
    pub fn is_built(&self) -> bool {
        self.0.is_built()
    }

    /// The shapes of batches of its outputs, for batches of inputs; both are JSON.
    ///
    /// # Errors
    /// Inputs that it cannot take.
    #[wasm_bindgen(js_name = outputDims)]
    pub fn output_dims(&self, inputs: &str) -> Result<String> {
        let inputs = Vec::<Value>::read(&json::parse(inputs)?)?;
        let inputs: Result<Vec<Dims>> = inputs.iter().map(Dims::read_batched).collect();
        let inputs = inputs?;
        let outputs = self.0.output_dims(&inputs);
        let outputs = outputs.map_err(|error| self.0.at(error))?;
        let joins = self.0.layer().joins_batches(&inputs);
        let batch = inputs.first().and_then(Dims::batch);
        let batched = |output: Dims| match joins {
            true => output.batched(),
            false => output.of_batch(batch).batched(),
        };
        let outputs: Vec<Value> = outputs.into_iter().map(batched).collect();
        Ok(alloc::format!("{}", Value::from(outputs)))
    }

    /// Makes its weights for inputs of these dims, unless they exist.
    ///
    /// # Errors
    /// Inputs that it cannot take, or a seed that is not a whole number.
    pub fn build(&self, inputs: &str, from: f64) -> Result<()> {
        let inputs = Vec::<Dims>::read(&json::parse(inputs)?)?;
        let mut rng = Rng::new(seed(from)?);
        self.0
            .output_dims(&inputs)
            .map_err(|error| self.0.at(error))?;
        self.0
            .build(&inputs, &mut rng)
            .map_err(|error| self.0.at(error))
    }

    /// Its weights: only its own where JavaScript holds the layers inside it.
    fn held_here(&self, only_own: bool) -> Vec<Weight> {
        match only_own {
            true => self.0.own_weights(),
            false => self.0.weights(),
        }
    }

    /// How many weights it has, and the layers inside it unless `only_own`.
    #[wasm_bindgen(js_name = weightCount)]
    pub fn weight_count(&self, only_own: bool) -> usize {
        self.held_here(only_own).len()
    }

    /// Bytes of its weights, and of those of the layers inside it unless `only_own`.
    #[wasm_bindgen(js_name = weightBytes)]
    pub fn weight_bytes(&self, only_own: bool) -> f64 {
        let weights = self.held_here(only_own);
        weights
            .iter()
            .map(|weight| 4.0 * weight.shape().size() as f64)
            .sum()
    }

    /// Takes the values of all weights out of the core, with their shapes, until [`giveWeights`](CoreLayer::give_weights):
    /// the layer cannot be used meanwhile.
    #[wasm_bindgen(js_name = takeWeights, unchecked_return_type = "[Float32Array, Uint32Array][]")]
    pub fn take_weights(&self, only_own: bool) -> Array {
        let take = |weight: Weight| {
            let value = weight.take_away();
            let shape: Vec<u32> = value.shape().iter().map(|&length| length as u32).collect();
            let (values, shape) = (
                Float32Array::from(value.data()),
                Uint32Array::from(&shape[..]),
            );
            Array::of2(&values, &shape)
        };
        self.held_here(only_own).into_iter().map(take).collect()
    }

    /// Puts back what [`takeWeights`](CoreLayer::take_weights) took.
    ///
    /// # Errors
    /// Values that do not fit their shapes, or into memory: no weight is back then.
    #[wasm_bindgen(js_name = giveWeights)]
    pub fn give_weights(
        &self,
        only_own: bool,
        values: Vec<Float32Array>,
        shapes: Vec<Uint32Array>,
    ) -> Result<()> {
        let lengths = values.iter().map(|values| u64::from(values.length()));
        ask_in_all("weights", 4 * lengths.sum::<u64>())?;
        let both = values.iter().zip(&shapes);
        let tensors: Result<Vec<Tensor>> = both
            .map(|(values, lengths)| Tensor::new(values.to_vec(), &super::shape(&lengths.to_vec())))
            .collect();
        let both = self.held_here(only_own).into_iter().zip(tensors?);
        both.for_each(|(weight, value)| weight.put_back(value));
        Ok(())
    }

    /// Its weights and those of the layers inside it.
    pub fn weights(&self) -> Vec<CoreWeight> {
        self.0.weights().into_iter().map(CoreWeight).collect()
    }
}

/// One weight of a layer.
#[wasm_bindgen]
pub struct CoreWeight(pub(super) Weight);

#[wasm_bindgen]
impl CoreWeight {
    /// A number that no other weight or variable has.
    pub fn key(&self) -> u32 {
        self.0.key()
    }

    /// Its path: `dense_1/kernel`.
    pub fn name(&self) -> String {
        self.0.name().into()
    }

    /// Whether training may change it at this moment.
    pub fn trainable(&self) -> bool {
        self.0.trainable()
    }

    /// Whether gradients change it at all: moving statistics are changed by their layer alone.
    #[wasm_bindgen(js_name = isState)]
    pub fn is_state(&self) -> bool {
        self.0.is_state()
    }

    /// Finds the memory for a step of an optimizer: called for all weights before a step begins, so that none has
    /// changed where it cannot be done whole.
    ///
    /// # Errors
    /// There is too little.
    #[wasm_bindgen(js_name = makeRoom)]
    pub fn make_room(&self, optimizer: &CoreOptimizer) -> Result<()> {
        let mut optimizer = optimizer.0.borrow_mut();
        optimizer.make_room(self.0.key(), self.0.shape().size())?;
        self.0.own()?;
        self.0.ask_for_constraint()
    }

    /// Its shape.
    pub fn shape(&self) -> Vec<u32> {
        self.0.shape().iter().map(|&length| length as u32).collect()
    }

    /// A slot with its values as they are now.
    pub fn slot(&self) -> u32 {
        slots::put(self.0.value())
    }

    /// Replaces its values.
    ///
    /// # Errors
    /// Another shape; nothing is replaced then.
    pub fn assign(&self, slot: u32) -> Result<()> {
        self.0.set(&slots::get(slot)?)
    }
}

/// The layers of a model: `{ name, className, outputDims, params, weights, receives }` each.
pub(super) fn summaries(layers: Vec<crate::nn::LayerSummary>) -> Result<JsValue> {
    let lines: Vec<Value> = layers
        .into_iter()
        .map(|layer| {
            json!({
                "name": layer.name,
                "className": layer.class_name,
                "batch": layer.output_dims.first().and_then(Dims::batch),
                "outputDims": layer.output_dims,
                "params": layer.params,
                "weights": layer.weights,
                "receives": layer.receives
            })
        })
        .collect();
    object(&lines.into())
}

/// Handles of layers as an array.
pub(super) fn handles(members: Vec<Member>) -> Array {
    members
        .into_iter()
        .map(|member| JsValue::from(CoreLayer(member)))
        .collect()
}
