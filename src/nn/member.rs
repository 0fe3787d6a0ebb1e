//! A layer with its name and its weights. It may be part of several models, and called several times in one:
//! all of them see the same weights.
use super::layer::{Context, Layer, Masks, Tensors, WeightSpec};
use super::own_parts::{Action, OfTensor, OwnPart};
use super::{Activation, Constraint, Dims, Model, Regularizer};
use crate::base::error::{Error, Result, bail};
use crate::base::json::{Setting, Settings, Value, json, unknown_key};
use crate::base::key::unique_key;
use crate::base::names::{alike, snake};
use crate::base::rng::Rng;
use crate::memory::{ask_for, ask_in_all};
use crate::tensor::Tensor;
use crate::tensor::shape::{MAX_RANK, Shape};
use alloc::{format, rc::Rc, string::String, vec::Vec};
use core::cell::{Ref, RefCell};

/// A layer with its name and weights; clones are the same layer.
#[derive(Clone)]
pub struct Member(Rc<Body>);

struct Body {
    key: u32,
    layer: Rc<dyn Layer>,
    state: RefCell<State>,
}

struct State {
    name: Option<String>,
    /// Whether the name was given, and not found by a model.
    is_named: bool,
    trainable: bool,
    /// The shape of a sample that its configuration names.
    input_shape: Option<Dims>,
    /// What its weights were made for.
    built_for: Option<Vec<Dims>>,
    weights: Vec<Held>,
    /// Functions of the user's in the place of what the configuration names.
    parts: Vec<OwnPart>,
}

/// A weight's values, and what becomes of them.
struct Held {
    key: u32,
    name: String,
    value: Tensor,
    trainable: bool,
    regularizer: Option<Regularizer>,
    constraint: Option<Constraint>,
    /// The same two as functions of the user's.
    own_regularizer: Option<OfTensor>,
    own_constraint: Option<OfTensor>,
}

/// One weight of a layer.
#[derive(Clone)]
pub struct Weight {
    member: Member,
    index: usize,
    name: Rc<str>,
}

impl Weight {
    /// Its path: `dense_1/kernel`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A number that no other weight or variable has.
    pub fn key(&self) -> u32 {
        self.held().key
    }

    /// Its values now.
    pub fn value(&self) -> Tensor {
        self.held().value.clone()
    }

    /// Its shape.
    pub fn shape(&self) -> Shape {
        *self.held().value.shape()
    }

    /// Whether training may change it at this moment.
    pub fn trainable(&self) -> bool {
        self.held().trainable && self.member.trainable()
    }

    /// Whether its layer changes it and gradients do not.
    pub fn is_state(&self) -> bool {
        !self.held().trainable
    }

    /// What it adds to the loss where it has these values, if it adds anything.
    ///
    /// # Errors
    /// Too little memory, or what a function of the user's says.
    pub fn penalty(&self, value: &Tensor) -> Result<Option<Tensor>> {
        // A function of the user's may look at the weight.
        let (named, own) = {
            let held = self.held();
            (held.regularizer, held.own_regularizer.clone())
        };
        match (own, named) {
            (Some(own), _) => own(value).map(Some),
            (None, Some(named)) => named.penalty(value).map(Some),
            (None, None) => Ok(None),
        }
    }

    /// Its values as a new leaf of the graph if training may change it, else as they are.
    pub(crate) fn leaf(&self) -> Tensor {
        let held = self.held();
        if held.trainable && self.member.trainable() {
            held.value.tracked()
        } else {
            held.value.clone()
        }
    }

    /// Replaces its values.
    ///
    /// # Errors
    /// Another shape; nothing is replaced then.
    pub fn set(&self, value: &Tensor) -> Result<()> {
        let mut state = self.member.0.state.borrow_mut();
        let held = &mut state.weights[self.index];
        if held.value.shape() != value.shape() {
            bail!(
                Shape,
                "set_weights: {} is {:?}, not {:?}",
                self.name,
                held.value.shape(),
                value.shape()
            );
        }
        held.value = value.detach();
        Ok(())
    }

    /// Makes its values its own, so that to change them where they are needs no memory.
    ///
    /// # Errors
    /// Others hold them too, and there is no memory for a copy.
    pub(crate) fn own(&self) -> Result<()> {
        let mut state = self.member.0.state.borrow_mut();
        state.weights[self.index].value.make_mut().map(drop)
    }

    /// Asks for what its constraint takes.
    ///
    /// # Errors
    /// There is no memory for it.
    pub(crate) fn ask_for_constraint(&self) -> Result<()> {
        let held = self.held();
        if held.constraint.is_none() && held.own_constraint.is_none() {
            return Ok(());
        }
        // The result, and what it is made of.
        ask_for("constraint", &[held.value.shape().size(); 2])
    }

    /// Takes its values away until [`put_back`](Weight::put_back): nobody may use the weight meanwhile.
    pub fn take_away(&self) -> Tensor {
        let mut state = self.member.0.state.borrow_mut();
        core::mem::replace(&mut state.weights[self.index].value, Tensor::scalar(0.0))
    }

    /// Puts values back that were taken away.
    pub fn put_back(&self, value: Tensor) {
        self.member.0.state.borrow_mut().weights[self.index].value = value;
    }

    /// Changes its values where they are, then holds them to its constraint.
    ///
    /// # Errors
    /// Those of `change`, and then nothing more happens; or those of the constraint.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Tensor) -> Result<()>) -> Result<()> {
        let mut state = self.member.0.state.borrow_mut();
        let held = &mut state.weights[self.index];
        change(&mut held.value)?;
        if let Some(constraint) = &held.constraint {
            held.value = constraint.apply(&held.value)?;
        }
        let Some(constraint) = held.own_constraint.clone() else {
            return Ok(());
        };
        // A function of the user's may look at the weight.
        let value = held.value.clone();
        drop(state);
        self.set(&constraint(&value)?)
    }

    /// Whether a function of the user's is asked after each step, which may fail.
    pub(crate) fn has_own_constraint(&self) -> bool {
        self.held().own_constraint.is_some()
    }

    /// The layer that it is a weight of.
    pub fn member(&self) -> &Member {
        &self.member
    }

    fn held(&self) -> Ref<'_, Held> {
        Ref::map(self.member.0.state.borrow(), |state| {
            &state.weights[self.index]
        })
    }
}

impl Member {
    /// A layer that nothing has been called with yet.
    ///
    /// # Errors
    /// Settings that make no sense.
    pub fn new(layer: impl Layer + 'static) -> Result<Self> {
        Self::of(Rc::new(layer))
    }

    /// The same for a layer that others hold too.
    ///
    /// # Errors
    /// Settings that make no sense.
    pub fn of(layer: Rc<dyn Layer>) -> Result<Self> {
        layer.check()?;
        Ok(Member(Rc::new(Body {
            key: unique_key(),
            layer,
            state: RefCell::new(State {
                name: None,
                is_named: false,
                trainable: true,
                input_shape: None,
                built_for: None,
                weights: Vec::new(),
                parts: Vec::new(),
            }),
        })))
    }

    /// From Keras' form: `{ "class_name", "config" }`, of a layer or of a model.
    ///
    /// # Errors
    /// An unknown class or key, or a value out of range.
    pub fn from_json(json: &Value) -> Result<Self> {
        let Some(class_name) = json["class_name"].as_str() else {
            bail!(Format, "a layer without a `class_name`: {json}");
        };
        if !matches!(class_name, "Sequential" | "Functional" | "Model") {
            return Self::parse(class_name, &json["config"]);
        }
        let member = Self::new(Model::from_json(json)?)?;
        if json["config"]["trainable"] == Value::Bool(false) {
            member.set_trainable(false);
        }
        match json["config"]["name"].as_str().or(json["name"].as_str()) {
            Some(name) => member.with_name(name),
            None => Ok(member),
        }
    }

    /// The layer of this class with this configuration, Keras' keys.
    ///
    /// # Errors
    /// An unknown class or key, or a value out of range.
    pub fn parse(class_name: &str, config: &Value) -> Result<Self> {
        let (common, own) = Common::of(class_name, config)?;
        let layer = super::parse(class_name, &own);
        let layer = layer.map_err(|error| Common::misspelt(class_name, &own).unwrap_or(error))?;
        common.applied_to(Self::of(layer)?)
    }

    /// A layer with what every layer's configuration may have: `name`, `trainable`, `input_shape`.
    ///
    /// # Errors
    /// Other keys, or values that make no sense.
    pub fn with_common(layer: Rc<dyn Layer>, common: &Value) -> Result<Self> {
        let (common, rest) = Common::of(layer.class_name(), common)?;
        Settings::new(layer.class_name(), &rest, &[])?;
        common.applied_to(Self::of(layer)?)
    }

    /// The same layer under a name of its own.
    ///
    /// # Errors
    /// An empty name.
    pub fn with_name(self, name: &str) -> Result<Self> {
        if name.is_empty() {
            bail!(Value, "{}: `name` must not be empty", self.class_name());
        }
        self.give_name(name);
        self.0.state.borrow_mut().is_named = true;
        Ok(self)
    }

    /// Puts a function of the user's in the place of what the configuration names; before there are weights.
    ///
    /// # Errors
    /// There are.
    pub fn add_part(&self, part: OwnPart) -> Result<()> {
        if self.is_built() {
            bail!(State, "`{}`: the layer is built already", part.key);
        }
        self.0.state.borrow_mut().parts.push(part);
        Ok(())
    }

    /// A number that no other layer has; a layer that was made later has a greater one.
    pub fn key(&self) -> u32 {
        self.0.key
    }

    /// Whether both are the same layer.
    pub fn is(&self, other: &Member) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// The mapping and its settings.
    pub fn layer(&self) -> &dyn Layer {
        &*self.0.layer
    }

    /// The same, to be held by others too.
    pub(crate) fn shared_layer(&self) -> Rc<dyn Layer> {
        self.0.layer.clone()
    }

    /// Keras' class name.
    pub fn class_name(&self) -> &str {
        self.0.layer.class_name()
    }

    /// Its name, once it has one: given, or by the first model that it came into.
    pub fn name(&self) -> Option<String> {
        self.0.state.borrow().name.clone()
    }

    /// The name, if somebody gave it: a name that a model found may be changed by another.
    pub(crate) fn given_name(&self) -> Option<String> {
        let state = self.0.state.borrow();
        state.name.clone().filter(|_| state.is_named)
    }

    /// The name, or the class name where there is none yet.
    pub(crate) fn title(&self) -> String {
        self.name().unwrap_or_else(|| self.class_name().into())
    }

    /// The name, or what Keras would make of the class name where there is none yet: `max_pooling2d`.
    pub(crate) fn path_name(&self) -> String {
        self.name().unwrap_or_else(|| snake(self.class_name()))
    }

    pub(crate) fn give_name(&self, name: &str) {
        self.0.state.borrow_mut().name = Some(name.into());
        self.0.layer.named(name);
    }

    /// Whether training may change its weights.
    pub fn trainable(&self) -> bool {
        self.0.state.borrow().trainable
    }

    /// Lets training change its weights, and those of the layers inside it, or not: from the next step on.
    pub fn set_trainable(&self, trainable: bool) {
        let mut pending: Vec<Member> = [self.clone()].into();
        while let Some(member) = pending.pop() {
            member.0.state.borrow_mut().trainable = trainable;
            pending.extend(member.inner());
        }
    }

    /// The shape of a sample that its configuration names.
    pub fn input_shape(&self) -> Option<Dims> {
        self.0.state.borrow().input_shape.clone()
    }

    /// The layers inside it.
    pub fn inner(&self) -> Vec<Member> {
        self.0.layer.sublayers()
    }

    /// Whether its weights exist.
    pub fn is_built(&self) -> bool {
        self.0.state.borrow().built_for.is_some()
    }

    /// The shapes of its outputs for inputs of these shapes.
    ///
    /// # Errors
    /// Inputs that it cannot take, or others than its weights were made for.
    pub fn output_dims(&self, inputs: &[Dims]) -> Result<Vec<Dims>> {
        let outputs = self.0.layer.output_dims(inputs)?;
        self.check_weights(inputs)?;
        Ok(outputs)
    }

    /// The weights that it wants for inputs of these shapes, which must not depend on a length that is not fixed.
    pub(crate) fn specs(&self, inputs: &[Dims]) -> Result<Vec<WeightSpec>> {
        let layer = &self.0.layer;
        let (first, second) = Dims::probe(inputs, &|shapes| Ok(layer.weights(shapes)))?;
        for (a, b) in first.iter().zip(&second) {
            if a.shape != b.shape {
                bail!(
                    Shape,
                    "the size of `{}` depends on a length that is not fixed in {inputs:?}",
                    a.name
                );
            }
        }
        Ok(first)
    }

    /// Refuses inputs for which the weights would have other shapes than those that exist.
    fn check_weights(&self, inputs: &[Dims]) -> Result<()> {
        let state = self.0.state.borrow();
        let Some(built_for) = &state.built_for else {
            return Ok(());
        };
        if built_for == inputs {
            return Ok(());
        }
        let wanted = self.specs(inputs)?;
        let fits = wanted.len() == state.weights.len()
            && wanted
                .iter()
                .zip(&state.weights)
                .all(|(spec, held)| spec.shape == **held.value.shape());
        if !fits {
            bail!(
                Shape,
                "its weights were made for inputs of {built_for:?}, but these are {inputs:?}"
            );
        }
        Ok(())
    }

    /// Makes the weights for inputs of these shapes, unless they exist.
    ///
    /// # Errors
    /// Inputs that it cannot take; nothing is made then.
    pub fn build(&self, inputs: &[Dims], rng: &mut Rng) -> Result<()> {
        if self.is_built() {
            return self.check_weights(inputs);
        }
        let specs = self.specs(inputs)?;
        room_for(&specs)?;
        let mut weights = Vec::with_capacity(specs.len());
        for spec in specs {
            let mut held = Held {
                key: unique_key(),
                value: self.start(&spec, rng)?,
                name: spec.name,
                trainable: spec.trainable,
                regularizer: spec.regularizer,
                constraint: spec.constraint,
                own_regularizer: None,
                own_constraint: None,
            };
            for part in self.parts_about(&held.name) {
                match part.action {
                    Action::Regularize(own) => {
                        (held.regularizer, held.own_regularizer) = (None, Some(own));
                    }
                    Action::Constrain(own) => {
                        (held.constraint, held.own_constraint) = (None, Some(own));
                    }
                    Action::Start(_) | Action::RegularizeOutput(_) => {}
                }
            }
            if let Some(constraint) = &held.constraint {
                // An axis that the weight does not have is told now, and not in the middle of a step.
                constraint.apply(&held.value)?;
            }
            weights.push(held);
        }
        self.0.layer.build(inputs, rng)?;
        let mut state = self.0.state.borrow_mut();
        state.built_for = Some(inputs.into());
        state.weights = weights;
        Ok(())
    }

    /// Has no weights again, as before [`build`](Member::build); the layers inside it keep theirs.
    pub(crate) fn forget(&self) {
        let mut state = self.0.state.borrow_mut();
        state.built_for = None;
        state.weights.clear();
        if let Some(model) = self.0.layer.as_model() {
            model.forget();
        }
    }

    /// The functions of the user's that are about a weight.
    fn parts_about(&self, weight: &str) -> Vec<OwnPart> {
        let parts = self.0.state.borrow().parts.clone();
        parts
            .into_iter()
            .filter(|part| part.is_about(weight))
            .collect()
    }

    /// What a weight starts as.
    fn start(&self, spec: &WeightSpec, rng: &mut Rng) -> Result<Tensor> {
        let parts = self.parts_about(&spec.name);
        let own = parts.into_iter().find_map(|part| match part.action {
            Action::Start(own) => Some(own),
            _ => None,
        });
        match own {
            Some(own) => Ok(own(&spec.shape, rng)?.detach()),
            None => spec.start(rng),
        }
    }

    /// Draws its weights and those of the layers inside it anew, as if they were made now.
    ///
    /// # Errors
    /// As for [`build`](Member::build).
    pub fn draw_again(&self, rng: &mut Rng) -> Result<()> {
        let built_for = self.0.state.borrow().built_for.clone();
        if let Some(inputs) = built_for {
            for (index, spec) in self.specs(&inputs)?.iter().enumerate() {
                let value = self.start(spec, rng)?;
                self.0.state.borrow_mut().weights[index].value = value;
            }
        }
        self.inner()
            .iter()
            .try_for_each(|member| member.draw_again(rng))
    }

    /// Its own weights, without those of the layers inside it.
    pub fn own_weights(&self) -> Vec<Weight> {
        let mut own = Vec::new();
        self.collect_own(&self.path_name(), &mut own);
        own
    }

    /// Its own weights and those of the layers inside it, under paths that begin with its name.
    pub fn weights(&self) -> Vec<Weight> {
        let mut all = Vec::new();
        self.collect("", &mut all);
        all
    }

    /// How many weights it has with the layers inside it.
    pub(crate) fn weight_count(&self) -> usize {
        let state = self.0.state.borrow();
        let inside = self.inner();
        let inside = inside.iter().map(Member::weight_count);
        state.weights.len() + inside.sum::<usize>()
    }

    fn collect(&self, before: &str, all: &mut Vec<Weight>) {
        let path = format!("{before}{}", self.path_name());
        self.collect_own(&path, all);
        for member in self.inner() {
            member.collect(&format!("{path}/"), all);
        }
    }

    fn collect_own(&self, path: &str, all: &mut Vec<Weight>) {
        for (index, held) in self.0.state.borrow().weights.iter().enumerate() {
            all.push(Weight {
                member: self.clone(),
                index,
                name: format!("{path}/{}", held.name).into(),
            });
        }
    }

    /// The activation that a raw [`call`](Member::call) leaves out.
    pub fn activation(&self) -> Activation {
        if self.output_regularizers().is_empty() {
            return self.0.layer.activation();
        }
        // A penalty on outputs needs them whole.
        Activation::Linear
    }

    /// The functions of the user's that are about its outputs.
    fn output_regularizers(&self) -> Vec<OfTensor> {
        let state = self.0.state.borrow();
        let parts = state.parts.iter();
        parts
            .filter_map(|part| match &part.action {
                Action::RegularizeOutput(own) => Some(own.clone()),
                _ => None,
            })
            .collect()
    }

    /// Adds to the loss what functions of the user's say of its outputs: Keras' mean over the batch.
    fn regularize(
        &self,
        outputs: &[Tensor],
        own: &[OfTensor],
        context: &mut Context,
    ) -> Result<()> {
        for (own, y) in own
            .iter()
            .flat_map(|own| outputs.iter().map(move |y| (own, y)))
        {
            let samples = y.shape().first().copied().unwrap_or(1).max(1) as f32;
            context.add_loss(own(y)?.scale(1.0 / samples));
        }
        Ok(())
    }

    /// Runs the layer; `raw` leaves its [activation](Member::activation) out.
    ///
    /// # Errors
    /// Those of its ops, with its name in front.
    pub fn call(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
        raw: bool,
    ) -> Result<Tensors> {
        let mut own = self.own(context);
        let (layer, regularizers) = (&self.0.layer, self.output_regularizers());
        let outputs = if raw && regularizers.is_empty() {
            layer.call_raw(inputs, weights, &mut own)
        } else {
            layer.call(inputs, weights, &mut own)
        };
        let outputs = outputs.map_err(|error| self.at(error))?;
        self.regularize(&outputs, &regularizers, &mut own)?;
        Ok(outputs)
    }

    /// Runs the layer as [`call`](Member::call) does, and finds the masks of its outputs.
    ///
    /// # Errors
    /// Those of its ops, with its name in front.
    pub(crate) fn run(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
        raw: bool,
    ) -> Result<(Tensors, Masks)> {
        let (mut own, regularizers) = (self.own(context), self.output_regularizers());
        let raw = raw && regularizers.is_empty();
        let found = self.0.layer.call_with_masks(inputs, weights, &mut own, raw);
        let found = found.map_err(|error| self.at(error))?;
        self.regularize(&found.0, &regularizers, &mut own)?;
        Ok(found)
    }

    /// The context of a pass as this layer sees it.
    fn own<'a>(&self, context: &'a mut Context) -> Context<'a> {
        let (masks, options) = (context.masks, context.options);
        let mut own = context.within(0, masks);
        own.options = options;
        own.trainable = self.trainable();
        own
    }

    /// The masks of its outputs.
    ///
    /// # Errors
    /// Those of its ops, with its name in front.
    pub fn output_masks(&self, inputs: &[Tensor], context: &mut Context) -> Result<Masks> {
        let masks = self.0.layer.output_masks(inputs, context);
        masks.map_err(|error| self.at(error))
    }

    /// Puts its name in front of what went wrong in it.
    pub(crate) fn at(&self, error: Error) -> Error {
        error.within(&format!("layer {}", self.path_name()))
    }

    /// Its configuration in Keras' form, `{ "class_name", "config" }`.
    pub fn to_json(&self) -> Value {
        let mut config = self.0.layer.config();
        let state = self.0.state.borrow();
        if let Value::Object(fields) = &mut config {
            if let Some(name) = &state.name {
                fields.retain(|(key, _)| key != "name");
                fields.insert(0, ("name".into(), name.clone().into()));
            }
            for part in &state.parts {
                if let Some((_, value)) = fields.iter_mut().find(|(key, _)| *key == part.key) {
                    *value = part.written.clone();
                }
            }
            if !state.trainable {
                fields.retain(|(key, _)| key != "trainable");
                fields.push(("trainable".into(), false.into()));
            }
        }
        json!({ "class_name": self.class_name(), "config": config })
    }
}

/// Asks for the memory of weights: running out of it later would end the program.
///
/// # Errors
/// They do not fit.
pub(crate) fn room_for<'a>(specs: impl IntoIterator<Item = &'a WeightSpec>) -> Result<()> {
    let mut params = 0u64;
    for spec in specs {
        params = params.saturating_add(Shape::new(&spec.shape)?.size() as u64);
    }
    ask_in_all("build", params.saturating_mul(4))
}

/// What every layer's configuration may have.
pub(crate) struct Common {
    name: Option<String>,
    trainable: bool,
    pub(crate) input_shape: Option<Dims>,
}

impl Common {
    const KEYS: [&str; 9] = [
        "name",
        "trainable",
        "input_shape",
        "batch_input_shape",
        "batch_shape",
        "dtype",
        "quantization_config",
        "sparse",
        "ragged",
    ];

    /// What is wrong with a configuration that a layer has refused, if one of its keys was meant to be one that every
    /// layer may have.
    fn misspelt(class_name: &str, own: &Value) -> Option<Error> {
        let keys = own.as_object()?.iter().map(|(key, _)| &**key);
        let mut misspelt = keys.filter(|key| alike(key, Self::KEYS).is_some());
        Some(unknown_key(class_name, misspelt.next()?, &Self::KEYS))
    }

    /// Takes the keys that every layer may have out of its configuration.
    pub(crate) fn of(class_name: &str, config: &Value) -> Result<(Self, Value)> {
        let (every, own) = match config {
            Value::Object(fields) => {
                let (every, own) = fields
                    .iter()
                    .cloned()
                    .partition(|(key, _)| Self::KEYS.contains(&&**key));
                (Value::Object(every), Value::Object(own))
            }
            other => (Value::Null, other.clone()),
        };
        let settings = Settings::new(class_name, &every, &Self::KEYS)?;
        for key in ["sparse", "ragged"] {
            if settings.or(key, false)? {
                bail!(Value, "{class_name}: `{key}` tensors are not offered");
            }
        }
        let batched: Option<Vec<Value>> = settings
            .optional("batch_shape")?
            .or(settings.optional("batch_input_shape")?);
        let shape: Option<Dims> = match (settings.optional("input_shape")?, batched) {
            (None, Some(batched)) => Some(Dims::read(&Value::Array(
                batched.into_iter().skip(1).collect(),
            ))?),
            (shape, _) => shape,
        };
        if let Some(shape) = &shape
            && (shape.len() >= MAX_RANK || shape.contains(&Some(0)))
        {
            bail!(
                Shape,
                "{class_name}: input shape {shape:?}: up to five sizes of at least 1 are expected"
            );
        }
        let common = Common {
            name: settings.optional("name")?,
            trainable: settings.or("trainable", true)?,
            input_shape: shape,
        };
        Ok((common, own))
    }

    pub(crate) fn applied_to(self, member: Member) -> Result<Member> {
        let member = match &self.name {
            Some(name) => member.with_name(name)?,
            None => member,
        };
        if !self.trainable {
            member.set_trainable(false);
        }
        member.0.state.borrow_mut().input_shape = self.input_shape;
        Ok(member)
    }
}
