//! Layers that JavaScript holds, the symbols that they are called on, and their weights.
use super::custom;
use super::failure::FAILED;
use super::weight::CoreWeight;
use super::{needs_eager, needs_functional, object, seed, slots};
use crate::base::error::{Result, bail};
use crate::base::json::{self, Setting, Value, json};
use crate::base::rng::Rng;
use crate::memory::ask_in_all;
use crate::nn::layer::{Masks, Tensors};
use crate::nn::{Context, Dims, Member, Symbol, Weight};
use crate::tensor::Tensor;
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

    /// A layer around layers that JavaScript holds; `config` is JSON without these, Keras' keys.
    ///
    /// # Errors
    /// An unknown class or key, or layers that it cannot be around.
    pub fn around(class_name: &str, config: &str, layers: Vec<CoreLayer>) -> Result<CoreLayer> {
        let layers = layers.into_iter().map(|layer| layer.0).collect();
        let member = custom::around(class_name, json::parse(config)?, layers)?;
        Ok(CoreLayer(member))
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

    /// Puts a function of JavaScript, registered under `id`, in the place of the regularizer, constraint or initializer
    /// that `key` names; `written` is JSON, what the configuration says of it.
    ///
    /// # Errors
    /// Another key, or weights that exist.
    #[wasm_bindgen(js_name = addPart)]
    pub fn add_part(&self, key: &str, written: &str, id: u32) -> Result<()> {
        self.0
            .add_part(custom::part(key, json::parse(written)?, id)?)
    }

    /// Which layers are inside a layer of JavaScript's, and which of these have been built by its trial run.
    ///
    /// # Errors
    /// A layer of another kind, or a name that two of them have been given.
    #[wasm_bindgen(js_name = wantLayers)]
    pub fn want_layers(&self, inside: Vec<CoreLayer>, early: Vec<CoreLayer>) -> Result<()> {
        let members = |all: Vec<CoreLayer>| all.into_iter().map(|layer| layer.0).collect();
        let wanted = custom::want_layers(self.0.layer(), members(inside), members(early));
        wanted.map_err(|error| self.0.at(error))?;
        if !self.0.trainable() {
            // Layers that are found inside a frozen layer are frozen with it.
            self.0.set_trainable(false);
        }
        Ok(())
    }

    /// What a layer of JavaScript's wants for weights: JSON, a list of `{ name, shape, initializer, trainable,
    /// regularizer, constraint }`.
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

    /// Runs it on tensors with weights that are given, or its own where none are: how many results there are, their
    /// slots, and where one has a mask the slots of all masks. `masks` are those of the inputs, each a slot or the number
    /// that is none. While training, what it changes by itself (moving statistics) is changed at once; within a layer of
    /// JavaScript's at the end of the step.
    ///
    /// # Errors
    /// Inputs that it cannot take.
    pub fn call(
        &self,
        inputs: &[u32],
        masks: &[u32],
        weights: &[u32],
        training: bool,
        options: &str,
        from: f64,
    ) -> Result<Vec<u32>> {
        needs_eager()?;
        let (inputs, masks) = (slots::gather(inputs)?, gather_masks(masks)?);
        let own = self.0.weights();
        let weights = given_or_own(weights, &own)?;
        let options = json::parse(options)?;
        let (mut rng, mut effects) = (Rng::new(seed(from)?), custom::effects_so_far(&own));
        let mut context = Context::new(training, &mut rng, &mut effects);
        (context.options, context.masks) = (&options, &masks);
        let (outputs, masks) = self.0.run(&inputs, &weights, &mut context, false)?;
        custom::take_effects(effects, training, |place| &own[place])?;
        Ok(answer_with_masks(outputs, masks))
    }

    /// Its weights: only its own where JavaScript holds the layers inside it.
    fn held_here(&self, only_own: bool) -> Vec<Weight> {
        match only_own {
            true => self.0.own_weights(),
            false => self.0.weights(),
        }
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

/// The masks in these slots; a number that is no slot is none.
pub(super) fn gather_masks(slots: &[u32]) -> Result<Masks> {
    let mask = |&slot: &u32| match slot {
        FAILED => Ok(None),
        slot => slots::get(slot).map(Some),
    };
    slots.iter().map(mask).collect()
}

/// How many results there are, their slots, and those of their masks where there are any.
pub(super) fn answer_with_masks(outputs: Tensors, masks: Masks) -> Vec<u32> {
    let mut answer = Vec::with_capacity(1 + 2 * outputs.len());
    answer.push(outputs.len() as u32);
    answer.extend(outputs.into_iter().map(slots::put));
    if masks.iter().any(Option::is_some) {
        answer.extend(
            masks
                .into_iter()
                .map(|mask| mask.map_or(FAILED, slots::put)),
        );
    }
    answer
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
