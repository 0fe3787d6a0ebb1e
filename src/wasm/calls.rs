//! What JavaScript does beyond whole models: layers of its own, layers and models that are called on tensors, training
//! batch by batch, and steps of an optimizer on single variables. `without_eager.rs` has the same names.
use super::custom;
use super::data::Samples;
use super::failure::FAILED;
use super::layer::{CoreLayer, CoreWeight};
use super::network::{Network, check_room, numbers};
use super::optimizer::CoreOptimizer;
use super::{late, now, seed, slots};
use crate::base::error::{Result, bail};
use crate::base::json;
use crate::base::rng::Rng;
use crate::nn::layer::{Masks, Tensors};
use crate::nn::{Context, Member, Weight};
use crate::parallel::alone_if;
use crate::tensor::Tensor;
use crate::tensor::autograd::Gradient;
use alloc::{string::String, vec::Vec};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl CoreLayer {
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

    /// Says of a layer of JavaScript's that it is a cell, with states of so many values each.
    ///
    /// # Errors
    /// A layer of another kind.
    #[wasm_bindgen(js_name = wantStates)]
    pub fn want_states(&self, sizes: &[u32]) -> Result<()> {
        custom::want_states(self.0.layer(), sizes)
    }

    /// The slots of the states that it keeps from one batch to the next; none where it begins with zeros.
    pub fn states(&self) -> Vec<u32> {
        self.0.states().into_iter().map(slots::put).collect()
    }

    /// Begins with zeros again, and the layers inside it, if they keep states from one batch to the next.
    #[wasm_bindgen(js_name = resetStates)]
    pub fn reset_states(&self) {
        self.0.forget_states();
    }

    /// Goes on from the states in these slots.
    ///
    /// # Errors
    /// A layer that keeps none or is not built, another number of states, or other shapes; nothing changes then.
    #[wasm_bindgen(js_name = setStates)]
    pub fn set_states(&self, states: &[u32]) -> Result<()> {
        let set = self.0.set_states(&slots::gather(states)?);
        set.map_err(|error| self.0.at(error))
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

    /// The one order in which it takes `count` inputs, and the options as they are then: `[places, options]`, as JSON
    /// like `options`.
    ///
    /// # Errors
    /// Inputs that are missing or too many.
    pub fn arrange(&self, count: usize, options: &str) -> Result<String> {
        let options = json::parse(options)?;
        let arranged = self.0.layer().arrange(count, options);
        let (order, options) = arranged.map_err(|error| self.0.at(error))?;
        let both: Vec<json::Value> = [order.into(), options].into();
        Ok(alloc::format!("{}", json::Value::from(both)))
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
        let (inputs, masks) = (slots::gather(inputs)?, gather_masks(masks)?);
        let own = self.0.weights_without_names();
        let weights = given_or_own(weights, &own)?;
        let options = json::parse(options)?;
        let (mut rng, mut effects) = (Rng::new(seed(from)?), custom::effects_so_far(&own));
        let mut context = Context::new(training, &mut rng, &mut effects);
        (context.options, context.masks) = (&options, &masks);
        let (outputs, masks) = self.0.run(&inputs, &weights, &mut context, false)?;
        custom::take_effects(effects, training, |place| &own[place])?;
        Ok(answer_with_masks(outputs, masks))
    }
}

/// Those of these layers, and of the layers inside them, that keep states from one batch to the next.
fn keepers(members: &[Member]) -> Vec<Member> {
    let mut found = Vec::new();
    for member in members {
        if member.layer().carried().is_some() {
            found.push(member.clone());
        }
        found.extend(keepers(&member.inner()));
    }
    found
}

#[wasm_bindgen]
impl Network {
    /// Runs the model on tensors, with weights that are given, or its own where none are; see [`CoreLayer::call`].
    ///
    /// # Errors
    /// Inputs that it cannot take.
    pub fn call(
        &mut self,
        inputs: &[u32],
        masks: &[u32],
        weights: &[u32],
        training: bool,
        from: f64,
    ) -> Result<Vec<u32>> {
        let (inputs, masks) = (slots::gather(inputs)?, gather_masks(masks)?);
        let shapes: Vec<&[usize]> = inputs
            .iter()
            .map(|x| x.shape().get(1..).unwrap_or_default())
            .collect();
        self.0.build_for(&shapes)?;
        let own = self.0.model.weights();
        let values = given_or_own(weights, &own)?;
        let (mut rng, mut effects) = (Rng::new(seed(from)?), custom::effects_so_far(&own));
        let mut context = Context::new(training, &mut rng, &mut effects);
        context.masks = &masks;
        let model = &self.0.model;
        let (outputs, masks) = model.run_with_masks(&inputs, &values, &mut context)?;
        let built = model.built()?;
        custom::take_effects(effects, training, |place| built.weight_at(place))?;
        Ok(answer_with_masks(outputs, masks))
    }

    /// Lets stateful layers begin with zeros again.
    #[wasm_bindgen(js_name = resetStates)]
    pub fn reset_states(&self) {
        self.0.model.reset_states();
    }

    /// What stateful layers keep, one after the other: for each how many states, and their slots.
    pub fn states(&self) -> Vec<u32> {
        let mut told = Vec::new();
        for member in keepers(&self.0.model.members()) {
            let states = member.states();
            told.push(states.len() as u32);
            told.extend(states.into_iter().map(slots::put));
        }
        told
    }

    /// Goes on from what [`states`](Network::states) told.
    ///
    /// # Errors
    /// States of another model.
    #[wasm_bindgen(js_name = setStates)]
    pub fn set_states(&self, mut told: &[u32]) -> Result<()> {
        for member in keepers(&self.0.model.members()) {
            let [count, rest @ ..] = told else {
                bail!(Shape, "states: those of {} are missing", member.title());
            };
            let (own, others) = rest.split_at((*count as usize).min(rest.len()));
            match own {
                [] => member.forget_states(),
                own => {
                    let set = member.set_states(&slots::gather(own)?);
                    set.map_err(|error| member.at(error))?;
                }
            }
            told = others;
        }
        match told {
            [] => Ok(()),
            _ => bail!(Shape, "states: there are more than the model has"),
        }
    }

    /// One step on one batch: its loss and metrics, with the weights before it.
    ///
    /// # Errors
    /// See [`Trainer::train_on_batch`].
    #[wasm_bindgen(js_name = trainOnBatch)]
    pub fn train_on_batch(&mut self, samples: &Samples) -> Result<Vec<f64>> {
        let data = samples.data(self)?;
        check_room(&self.0, data.len(), data.len())?;
        let begun = now();
        let logs = alone_if(self.0.pace.alone(), || self.0.train_on_batch(&data))?;
        self.0.pace.took(now() - begun);
        Ok(numbers(&logs))
    }
}

#[wasm_bindgen]
impl CoreWeight {
    /// A step of an optimizer along a gradient, and then its constraint.
    ///
    /// # Errors
    /// A gradient of another shape, or too little memory; nothing is changed then.
    pub fn update(&self, optimizer: &CoreOptimizer, gradient: u32) -> Result<()> {
        let whole = optimizer.0.borrow().takes_whole();
        let (gradient, its_shape) = late::gradient(gradient, whole)?;
        let shape = self.0.shape();
        if its_shape != shape {
            bail!(
                Shape,
                "{}: the gradient is {its_shape:?}, the weight {shape:?}",
                self.0.name(),
            );
        }
        let key = self.0.key();
        self.0.change(|value| {
            let mut optimizer = optimizer.0.borrow_mut();
            optimizer.make_room(key, shape.size())?;
            optimizer.update_tensor(key, value, &gradient)
        })
    }
}

#[wasm_bindgen]
impl CoreWeight {
    /// Whether it adds something to the loss.
    #[wasm_bindgen(js_name = hasPenalty)]
    pub fn has_penalty(&self) -> bool {
        self.0.has_penalty()
    }

    /// A slot with what it adds to the loss where it has the values in a slot; none if it adds nothing.
    ///
    /// # Errors
    /// An empty slot, too little memory, or what a function of JavaScript says.
    pub fn penalty(&self, slot: u32) -> Result<Option<u32>> {
        let penalty = self.0.penalty(&slots::get(slot)?)?;
        Ok(penalty.map(slots::put))
    }
}

#[wasm_bindgen]
impl CoreOptimizer {
    /// Finds the memory for a step of the tensor in `slot`, which belongs to the variable with this key: called for all
    /// variables before a step begins, so that none has changed where it cannot be done whole. The values may lie
    /// elsewhere afterwards.
    ///
    /// # Errors
    /// An empty slot, or too little memory.
    #[wasm_bindgen(js_name = makeRoom)]
    pub fn make_room(&self, key: u32, slot: u32) -> Result<()> {
        slots::change(slot, |value| {
            let mut optimizer = self.0.borrow_mut();
            optimizer.make_room(key, value.shape().size())?;
            value.make_mut().map(drop)
        })
    }

    /// Begins a step along the gradients in these slots; then [`update`](CoreOptimizer::update) once for each variable.
    ///
    /// # Errors
    /// An empty slot; no step has begun then.
    #[wasm_bindgen(js_name = beginStep)]
    pub fn begin_step(&self, gradients: &[u32]) -> Result<()> {
        let gradients = slots::gather(gradients)?.into_iter();
        let mut gradients: Vec<Option<Gradient>> = gradients
            .map(|gradient| Some(Gradient::Whole(gradient.detach())))
            .collect();
        self.0.borrow_mut().begin_step(&mut gradients)
    }

    /// Changes the tensor in `slot`, which belongs to the variable with this key, by its gradient.
    ///
    /// # Errors
    /// An empty slot, a gradient of another shape, or too little memory; nothing is changed then.
    pub fn update(&self, key: u32, slot: u32, gradient: u32) -> Result<()> {
        let whole = self.0.borrow().takes_whole();
        let (gradient, shape) = late::gradient(gradient, whole)?;
        slots::change(slot, |value| {
            if *value.shape() != shape {
                bail!(
                    Shape,
                    "a gradient of shape {shape:?} for a variable of shape {:?}",
                    value.shape()
                );
            }
            let mut optimizer = self.0.borrow_mut();
            optimizer.make_room(key, value.shape().size())?;
            optimizer.update_tensor(key, value, &gradient)
        })
    }
}

/// The masks in these slots; a number that is no slot is none.
fn gather_masks(slots: &[u32]) -> Result<Masks> {
    let mask = |&slot: &u32| match slot {
        FAILED => Ok(None),
        slot => slots::get(slot).map(Some),
    };
    slots.iter().map(mask).collect()
}

/// How many results there are, their slots, and those of their masks where there are any.
fn answer_with_masks(outputs: Tensors, masks: Masks) -> Vec<u32> {
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
fn given_or_own(given: &[u32], own: &[Weight]) -> Result<Vec<Tensor>> {
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
