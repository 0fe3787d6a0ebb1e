//! Layers, losses, metrics, regularizers, constraints and initializers that are functions of JavaScript.
use super::failure::FAILED;
use super::foreign::{ask_foreign, call_for_one, call_foreign};
use super::slots;
use crate::base::error::{Result, bail};
use crate::base::json::{Settings, Value};
use crate::base::rng::Rng;
use crate::learn::loss::LossFunction;
use crate::nn::layer::Masks;
use crate::nn::{
    Action, Bidirectional, Carried, Context, Dims, Effects, Initializer, Layer, Member, OfTensor,
    OwnPart, RNN, StackedRNNCells, Tensors, TimeDistributed, Weight, WeightSpec, name_members,
};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::rc::Rc;
use alloc::{string::String, vec, vec::Vec};
use core::any::Any;
use core::cell::RefCell;
use core::mem::take;
use wasm_bindgen::prelude::*;

/// What a layer's function is asked for, as the first number that it gets.
const SHAPES: f64 = 0.0;
const CALL: f64 = 1.0;
const BRING_IN: f64 = 2.0;

/// What layers that a layer of JavaScript's calls leave behind, by the keys of weights: it belongs to the pass in
/// which that layer is at work.
#[derive(Default)]
struct Left {
    updates: Vec<(u32, Tensor)>,
    penalties: Vec<Tensor>,
    carried: Vec<(Carried, Tensors)>,
    /// Whether a layer of JavaScript's is only tried out, so that layers which it calls keep nothing.
    is_trial: bool,
}

std::thread_local! {
    /// For each layer of JavaScript's that is at work, the innermost last.
    static AT_WORK: RefCell<Vec<Left>> = const { RefCell::new(Vec::new()) };
}

/// The effects with which a call from JavaScript begins: within a layer of JavaScript's, what earlier calls there have
/// already given these weights.
pub(super) fn effects_so_far(own: &[Weight]) -> Effects {
    let mut effects = Effects::default();
    AT_WORK.with_borrow(|all| {
        let Some(left) = all.last() else {
            return;
        };
        for (key, value) in &left.updates {
            if let Some(place) = own.iter().position(|weight| weight.key() == *key) {
                effects.updates.push((place, value.clone()));
            }
        }
        let carried = left.carried.iter();
        let carried = carried.map(|(place, states)| (place.place(), states.clone()));
        effects.carried = carried.collect();
        effects.is_trial = left.is_trial;
    });
    effects
}

/// Takes what a call from JavaScript has left behind: within a layer of JavaScript's for the pass that this layer is
/// part of, else changes the weights at once where the call was one of training.
///
/// # Errors
/// Values of other shapes than the weights'.
pub(super) fn take_effects<'a>(
    mut effects: Effects,
    training: bool,
    weight_at: impl Fn(usize) -> &'a Weight,
) -> Result<()> {
    let inside = AT_WORK.with_borrow_mut(|all| {
        let Some(left) = all.last_mut() else {
            return false;
        };
        for (place, value) in &effects.updates {
            let key = weight_at(*place).key();
            left.updates.retain(|(other, _)| *other != key);
            left.updates.push((key, value.clone()));
        }
        left.penalties.extend(effects.penalties.iter().cloned());
        left.carried = take(&mut effects.carried);
        true
    });
    if inside {
        return Ok(());
    }
    if training {
        let mut updates = effects.updates.iter();
        updates.try_for_each(|(place, value)| weight_at(*place).set(value))?;
    }
    effects.settle();
    Ok(())
}

/// Says that a trial of a layer of JavaScript's begins or ends: what layers that are called meanwhile would leave behind
/// is dropped.
#[wasm_bindgen]
pub fn trial(begins: bool) {
    let left = Left {
        is_trial: true,
        ..Left::default()
    };
    AT_WORK.with_borrow_mut(|all| match begins {
        true => all.push(left),
        false => drop(all.pop()),
    });
}

/// Adds the sum of the tensor in a slot to the loss of the pass in which a layer of JavaScript's is at work; whether there
/// is one.
///
/// # Errors
/// The slot is empty, or there is too little memory.
#[wasm_bindgen(js_name = addLoss)]
pub fn add_loss(slot: u32) -> Result<bool> {
    let loss = slots::get(slot)?.sum(&[], false)?;
    Ok(AT_WORK.with_borrow_mut(|all| {
        let Some(left) = all.last_mut() else {
            return false;
        };
        left.penalties.push(loss);
        true
    }))
}

/// A layer whose mapping is written in JavaScript.
struct CustomLayer {
    class_name: String,
    config: Value,
    id: u32,
    wanted: RefCell<Vec<WeightSpec>>,
    /// The layers inside it.
    inside: RefCell<Vec<Member>>,
    /// Those of them whose weights were made by the trial run that found the shapes of results: they are drawn anew
    /// when it is this layer's turn, so that they follow from the model's seed.
    early: RefCell<Vec<Member>>,
    /// The shapes of a sample's states, if it is a cell.
    states: RefCell<Option<Vec<Dims>>>,
}

impl CustomLayer {
    fn new(class_name: &str, config: Value, id: u32) -> Self {
        CustomLayer {
            class_name: class_name.into(),
            config,
            id,
            wanted: RefCell::default(),
            inside: RefCell::default(),
            early: RefCell::default(),
            states: RefCell::default(),
        }
    }

    /// Takes down what weights it wants.
    fn want(&self, specs: &Value) -> Result<()> {
        let keys = [
            "name",
            "shape",
            "initializer",
            "trainable",
            "regularizer",
            "constraint",
        ];
        let mut wanted = Vec::new();
        for spec in specs.as_array().unwrap_or_default() {
            let settings = Settings::new("addWeight", spec, &keys)?;
            let name: String = settings.required("name")?;
            let initializer = settings.or("initializer", Initializer::Zeros)?;
            wanted.push(WeightSpec {
                trainable: settings.or("trainable", true)?,
                ..WeightSpec::new(&name, settings.required("shape")?, initializer).held(
                    settings.optional("regularizer")?,
                    settings.optional("constraint")?,
                )
            });
        }
        self.wanted.replace(wanted);
        Ok(())
    }

    /// Takes down which layers are inside it, and which of these have got their weights too early.
    ///
    /// # Errors
    /// Two of them have been given the same name.
    pub(super) fn want_layers(&self, inside: Vec<Member>, early: Vec<Member>) -> Result<()> {
        name_members(&inside)?;
        self.inside.replace(inside);
        self.early.replace(early);
        Ok(())
    }

    /// The results, and their masks.
    fn run(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<(Tensors, Masks)> {
        let mut given = inputs.to_vec();
        let training = if context.training { 1.0 } else { 0.0 };
        let seed = match context.training {
            true => f64::from(context.rng.next_u32()),
            false => 0.0,
        };
        let mut asked = vec![CALL, training, seed, inputs.len() as f64];
        for index in 0..inputs.len() {
            let mask = context.mask(index);
            asked.push(if mask.is_some() { 1.0 } else { 0.0 });
            given.extend(mask.cloned());
        }
        given.extend_from_slice(weights);
        let own = Left {
            is_trial: context.is_trial(),
            ..Left::default()
        };
        AT_WORK.with_borrow_mut(|all| all.push(own));
        let answer = ask_foreign(self.id, &given, &asked);
        let left = AT_WORK.with_borrow_mut(Vec::pop).unwrap_or_default();
        let answer = answer?;
        // After the results comes a number that is no slot, and then their masks, if there are any.
        let count = answer.iter().position(|&slot| slot == FAILED);
        let (outputs, masks) = answer.split_at(count.unwrap_or(answer.len()));
        let outputs: Result<Tensors> = outputs.iter().map(|&slot| slots::take(slot)).collect();
        let masks: Result<Masks> = masks
            .iter()
            .skip(1)
            .map(|&slot| match slot {
                FAILED => Ok(None),
                slot => slots::take(slot).map(Some),
            })
            .collect();
        self.pass_on(left, context);
        Ok((outputs?, masks?))
    }

    /// Hands what the layers inside have left to the pass.
    fn pass_on(&self, left: Left, context: &mut Context) {
        for penalty in left.penalties {
            context.add_loss(penalty);
        }
        for (place, states) in left.carried {
            context.carry(&place, &states);
        }
        if left.updates.is_empty() {
            return;
        }
        let own = self.wanted.borrow().len();
        let inside = self.inside.borrow();
        let weights = inside.iter().flat_map(Member::weights).enumerate();
        for (place, weight) in weights {
            let given = left.updates.iter().find(|(key, _)| *key == weight.key());
            if let Some((_, value)) = given {
                context.update(own + place, value.clone());
            }
        }
    }
}

impl Layer for CustomLayer {
    fn class_name(&self) -> &str {
        &self.class_name
    }

    fn config(&self) -> Value {
        self.config.clone()
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        let inputs: Vec<Dims> = inputs.iter().map(|shape| Dims::fixed(shape)).collect();
        let outputs = self.output_dims(&inputs)?;
        outputs
            .iter()
            .map(|dims| match dims.shape() {
                Some(shape) => Ok(shape),
                None => bail!(
                    Shape,
                    "{}: computeOutputShape gives {dims:?} for inputs that are fixed",
                    self.class_name
                ),
            })
            .collect()
    }

    /// Numbers go to and fro: for each tensor its rank and its lengths, −1 where any will do.
    fn output_dims(&self, inputs: &[Dims]) -> Result<Vec<Dims>> {
        let mut asked = vec![SHAPES];
        for dims in inputs {
            asked.push(dims.len() as f64);
            asked.extend(
                dims.iter()
                    .map(|dim| dim.map_or(-1.0, |length| length as f64)),
            );
        }
        let told = call_foreign(self.id, &[], &asked)?;
        let Some(told) = told.first() else {
            bail!(
                State,
                "{}: computeOutputShape gives nothing",
                self.class_name
            );
        };
        let (mut rest, mut outputs) = (told.data(), Vec::new());
        while let [rank, after @ ..] = rest {
            let (lengths, after) = after.split_at((*rank as usize).min(after.len()));
            let dims = lengths
                .iter()
                .map(|&length| (length >= 0.0).then_some(length as usize));
            outputs.push(Dims::new(dims));
            rest = after;
        }
        Ok(outputs)
    }

    fn weights(&self, _: &[Shape]) -> Vec<WeightSpec> {
        self.wanted.borrow().clone()
    }

    fn call(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        Ok(self.run(inputs, weights, context)?.0)
    }

    fn call_with_masks(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
        _raw: bool,
    ) -> Option<Result<(Tensors, Masks)>> {
        Some(self.run(inputs, weights, context))
    }

    fn state_dims(&self, _: &Dims) -> Result<Option<Vec<Dims>>> {
        Ok(self.states.borrow().clone())
    }

    fn is_cell(&self) -> bool {
        self.states.borrow().is_some()
    }

    fn sublayers(&self) -> Vec<Member> {
        self.inside.borrow().clone()
    }

    /// The layers inside have been built by the trial run.
    fn build(&self, _: &[Dims], rng: &mut Rng) -> Result<()> {
        let early = self.early.take();
        if !early.is_empty() {
            // Weights that were moved out to JavaScript would come back over those that are drawn now.
            ask_foreign(self.id, &[], &[BRING_IN])?;
        }
        early.iter().try_for_each(|member| member.draw_again(rng))
    }

    fn as_any(&self) -> Option<&dyn Any> {
        Some(self)
    }
}

/// A layer whose mapping is the function of JavaScript that is registered under `id`.
///
/// # Errors
/// None in this build.
pub(super) fn layer(class_name: &str, config: Value, id: u32) -> Result<Rc<dyn Layer>> {
    Ok(Rc::new(CustomLayer::new(class_name, config, id)))
}

/// A layer around layers that JavaScript holds; `config` is without these, Keras' keys.
///
/// # Errors
/// An unknown class or key, or layers that it cannot be around.
pub(super) fn around(class_name: &str, config: Value, layers: Vec<Member>) -> Result<Member> {
    let (layer, common): (Rc<dyn Layer>, Value) = match (class_name, &layers[..]) {
        ("RNN", [cell]) => {
            let of = |own: &Value| -> Result<Rc<dyn Layer>> { Ok(Rc::new(RNN::of(cell, own)?)) };
            return Member::parse_as(class_name, &config, &of);
        }
        ("StackedRNNCells", cells) => (Rc::new(StackedRNNCells::of(cells)?), config),
        ("TimeDistributed", [layer]) => (Rc::new(TimeDistributed::of(layer)), config),
        ("Bidirectional", [forward, rest @ ..]) => {
            let (merge_mode, common) = Bidirectional::merge_mode(&config)?;
            let layer = Bidirectional::of(forward, rest.first(), merge_mode)?;
            (Rc::new(layer), common)
        }
        _ => bail!(
            Value,
            "{class_name}: a layer of JavaScript's cannot be inside it"
        ),
    };
    Member::with_common(layer, &common)
}

/// The layer of JavaScript's that `layer` is.
fn as_custom(layer: &dyn Layer) -> Result<&CustomLayer> {
    match layer.as_any().and_then(|any| any.downcast_ref()) {
        Some(custom) => Ok(custom),
        None => bail!(
            State,
            "{}: its weights follow from its settings",
            layer.class_name()
        ),
    }
}

/// Tells a layer of JavaScript's what weights it has asked for.
///
/// # Errors
/// A layer of another kind, or values that make no sense.
pub(super) fn want_weights(layer: &dyn Layer, specs: &Value) -> Result<()> {
    as_custom(layer)?.want(specs)
}

/// Tells a layer of JavaScript's that it is a cell, and how many values each of its states has.
///
/// # Errors
/// A layer of another kind.
pub(super) fn want_states(layer: &dyn Layer, sizes: &[u32]) -> Result<()> {
    let dims = sizes.iter().map(|&size| Dims::fixed(&[size as usize]));
    as_custom(layer)?.states.replace(Some(dims.collect()));
    Ok(())
}

/// Tells a layer of JavaScript's which layers are inside it, and which of them were there before it was built.
///
/// # Errors
/// A layer of another kind, or layers that it cannot have.
pub(super) fn want_layers(
    layer: &dyn Layer,
    inside: Vec<Member>,
    early: Vec<Member>,
) -> Result<()> {
    as_custom(layer)?.want_layers(inside, early)
}

/// A loss or a metric: the function of JavaScript that is registered under `id`, of targets and predictions.
///
/// # Errors
/// None in this build.
pub(super) fn function(id: u32) -> Result<LossFunction> {
    Ok(Rc::new(move |targets, predictions| {
        call_for_one(id, &[targets.clone(), predictions.clone()], &[])
    }))
}

/// A part of a layer's that is the function of JavaScript registered under `id`. `key` says of what kind.
///
/// # Errors
/// A key that is about no part of the kind.
pub(super) fn part(key: &str, written: Value, id: u32) -> Result<OwnPart> {
    let of_tensor =
        || -> OfTensor { Rc::new(move |x| call_for_one(id, core::slice::from_ref(x), &[])) };
    let action = if key == "activity_regularizer" {
        Action::RegularizeOutput(of_tensor())
    } else if key.ends_with("_regularizer") {
        Action::Regularize(of_tensor())
    } else if key.ends_with("_constraint") {
        Action::Constrain(of_tensor())
    } else if key.ends_with("_initializer") {
        Action::Start(Rc::new(move |shape, rng| {
            let mut asked = vec![f64::from(rng.next_u32())];
            asked.extend(shape.iter().map(|&length| length as f64));
            call_for_one(id, &[], &asked)
        }))
    } else {
        bail!(Value, "`{key}` cannot be a function")
    };
    Ok(OwnPart {
        key: key.into(),
        written,
        action,
    })
}
