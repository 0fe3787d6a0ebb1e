//! Layers that JavaScript holds, the symbols that they are called on, and their weights.
use super::custom;
use super::optimizer::CoreOptimizer;
use super::{needs_eager, needs_functional, object, seed, slots};
use crate::base::error::{Result, bail};
use crate::base::json::{self, Setting, Value, json};
use crate::base::rng::Rng;
use crate::nn::{Context, Dims, Effects, Member, Symbol, Weight};
use crate::tensor::Tensor;
use crate::tensor::autograd::Gradient;
use alloc::{string::String, vec::Vec};
use js_sys::{Array, Float32Array, Uint32Array};
use wasm_bindgen::prelude::*;

/// The result of calling a layer on other symbols, or an input.
#[wasm_bindgen]
pub struct CoreSymbol(pub(super) Symbol);

#[wasm_bindgen]
impl CoreSymbol {
    /// An input of a model, called `name`; `dims` is JSON, the lengths of a sample with null where any will do.
    ///
    /// # Errors
    /// An empty name, or dims that are none.
    pub fn input(name: Option<String>, dims: &str) -> Result<CoreSymbol> {
        let dims = Dims::read(&json::parse(dims)?)?;
        let symbol = match name {
            Some(name) => Symbol::named_input(&name, dims)?,
            None => Symbol::input(dims),
        };
        Ok(CoreSymbol(symbol))
    }

    /// The same symbol for someone who takes it away.
    pub fn copy(&self) -> CoreSymbol {
        CoreSymbol(self.0.clone())
    }

    /// A text that only this result of this call has.
    pub fn key(&self) -> String {
        alloc::format!("{:x}/{}", self.0.place(), self.0.output())
    }

    /// The shape of a sample as JSON.
    pub fn dims(&self) -> String {
        alloc::format!("{}", Value::from(self.0.dims().clone()))
    }

    /// The layer that it is a result of.
    pub fn layer(&self) -> CoreLayer {
        CoreLayer(self.0.member().clone())
    }

    /// Which of the call's results it is.
    pub fn output(&self) -> usize {
        self.0.output()
    }

    /// What the call got: empty for an input.
    pub fn inputs(&self) -> Vec<CoreSymbol> {
        self.0.inputs().iter().cloned().map(CoreSymbol).collect()
    }
}

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

    /// A layer whose mapping is the function of JavaScript that is registered under `id`. `common` is JSON with the keys
    /// that every layer has, `config` what the layer says of itself.
    ///
    /// # Errors
    /// Values of `common` that make no sense.
    pub fn custom(class_name: &str, common: &str, config: &str, id: u32) -> Result<CoreLayer> {
        let layer = custom::layer(class_name, json::parse(config)?, id)?;
        Ok(CoreLayer(Member::with_common(
            layer,
            &json::parse(common)?,
        )?))
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

    /// The shape of a sample that its configuration names, as JSON; null where it names none.
    #[wasm_bindgen(js_name = inputShape)]
    pub fn input_shape(&self) -> String {
        alloc::format!("{}", Value::from(self.0.input_shape()))
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

    /// The layers inside it.
    pub fn inner(&self) -> Vec<CoreLayer> {
        self.0.inner().into_iter().map(CoreLayer).collect()
    }

    /// The shapes of its outputs; `inputs` is JSON, dims of each input.
    ///
    /// # Errors
    /// Inputs that it cannot take.
    #[wasm_bindgen(js_name = outputDims)]
    pub fn output_dims(&self, inputs: &str) -> Result<String> {
        let inputs = Vec::<Dims>::read(&json::parse(inputs)?)?;
        let outputs = self.0.output_dims(&inputs);
        let outputs = outputs.map_err(|error| self.0.at(error))?;
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

    /// What a layer of JavaScript's wants for weights: JSON, a list of `{ name, shape, initializer, trainable,
    /// regularizer, constraint, value }`, `value` a slot.
    ///
    /// # Errors
    /// A layer of another kind, or values that make no sense.
    #[wasm_bindgen(js_name = wantWeights)]
    pub fn want_weights(&self, specs: &str) -> Result<()> {
        custom::want_weights(self.0.layer(), &json::parse(specs)?)
    }

    /// Calls it on symbols; `options` is JSON, what the call is given besides.
    ///
    /// # Errors
    /// Inputs or options that it cannot take.
    pub fn apply(&self, inputs: Vec<CoreSymbol>, options: &str) -> Result<Vec<CoreSymbol>> {
        needs_functional()?;
        let inputs: Vec<Symbol> = inputs.into_iter().map(|symbol| symbol.0).collect();
        let outputs = self.0.apply_with(&inputs, json::parse(options)?)?;
        Ok(outputs.into_iter().map(CoreSymbol).collect())
    }

    /// Runs it on tensors with weights that are given, or its own where none are: the slots of the results. While
    /// training, what it changes by itself (moving statistics) is changed at once.
    ///
    /// # Errors
    /// Inputs that it cannot take.
    pub fn call(
        &self,
        inputs: &[u32],
        weights: &[u32],
        training: bool,
        options: &str,
        from: f64,
    ) -> Result<Vec<u32>> {
        needs_eager()?;
        let inputs = slots::gather(inputs)?;
        let own = self.0.weights();
        let weights = given_or_own(weights, &own)?;
        let options = json::parse(options)?;
        let (mut rng, mut effects) = (Rng::new(seed(from)?), Effects::default());
        let mut context = Context::new(training, &mut rng, &mut effects);
        context.options = &options;
        let outputs = self.0.call(&inputs, &weights, &mut context, false)?;
        if training {
            for (place, value) in effects.updates {
                own[place].set(&value)?;
            }
        }
        Ok(outputs.into_iter().map(slots::put).collect())
    }

    /// Bytes of its weights and of those of the layers inside it.
    #[wasm_bindgen(js_name = weightBytes)]
    pub fn weight_bytes(&self) -> f64 {
        let weights = self.0.weights();
        weights
            .iter()
            .map(|weight| 4.0 * weight.shape().size() as f64)
            .sum()
    }

    /// Takes the values of all weights out of the core, with their shapes, until [`giveWeights`](CoreLayer::give_weights):
    /// the layer cannot be used meanwhile.
    #[wasm_bindgen(js_name = takeWeights, unchecked_return_type = "[Float32Array, Uint32Array][]")]
    pub fn take_weights(&self) -> Array {
        let take = |weight: Weight| {
            let value = weight.take_away();
            let shape: Vec<u32> = value.shape().iter().map(|&length| length as u32).collect();
            let (values, shape) = (
                Float32Array::from(value.data()),
                Uint32Array::from(&shape[..]),
            );
            Array::of2(&values, &shape)
        };
        self.0.weights().into_iter().map(take).collect()
    }

    /// Puts back what [`takeWeights`](CoreLayer::take_weights) took.
    ///
    /// # Errors
    /// Values that do not fit their shapes; the weights before them are back then.
    #[wasm_bindgen(js_name = giveWeights)]
    pub fn give_weights(&self, values: Vec<Float32Array>, shapes: Vec<Uint32Array>) -> Result<()> {
        for (weight, (values, lengths)) in self.0.weights().iter().zip(values.iter().zip(&shapes)) {
            let shape = super::shape(&lengths.to_vec());
            weight.put_back(Tensor::new(values.to_vec(), &shape)?);
        }
        Ok(())
    }

    /// Its weights and those of the layers inside it.
    pub fn weights(&self) -> Vec<CoreWeight> {
        self.0.weights().into_iter().map(CoreWeight).collect()
    }
}

/// The tensors in these slots, or the weights' own values where no slot is given.
pub(super) fn given_or_own(given: &[u32], own: &[Weight]) -> Result<Vec<Tensor>> {
    if given.is_empty() {
        return Ok(own.iter().map(Weight::value).collect());
    }
    if given.len() != own.len() {
        bail!(
            State,
            "there are {} weights, but {} were given",
            own.len(),
            given.len()
        );
    }
    slots::gather(given)
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

    /// A step of an optimizer along a gradient, and then its constraint.
    ///
    /// # Errors
    /// A gradient of another shape, or too little memory; nothing is changed then.
    pub fn update(&self, optimizer: &CoreOptimizer, gradient: u32) -> Result<()> {
        needs_eager()?;
        let gradient = slots::get(gradient)?;
        let shape = self.0.shape();
        if *gradient.shape() != shape {
            bail!(
                Shape,
                "{}: the gradient is {:?}, the weight {shape:?}",
                self.0.name(),
                gradient.shape()
            );
        }
        let gradient = Gradient::Whole(gradient.detach());
        let (key, row) = (self.0.key(), shape.last().copied().unwrap_or(1));
        self.0.change(|value| {
            let mut optimizer = optimizer.0.borrow_mut();
            optimizer.make_room(key, shape.size())?;
            optimizer.update(key, value.make_mut()?, row, &gradient)
        })
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
