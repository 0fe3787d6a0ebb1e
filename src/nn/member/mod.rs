//! A layer with its name and its weights. It may be part of several models, and called several times in one:
//! all of them see the same weights.
use super::Dims;
use super::layer::Layer;
use super::own_parts::{ARE_HERE, OwnPart};
use crate::base::error::{Error, Result, bail, left_out};
use crate::base::json::Value;
use crate::base::key::unique_key;
use crate::base::names::snake;
use alloc::{format, rc::Rc, string::String, vec::Vec};
use core::cell::RefCell;

mod building;
mod json;
mod run;
mod states;
mod weight;

use weight::Held;
pub use weight::Weight;

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
        if !ARE_HERE {
            return left_out("parts of layers that are functions");
        }
        if self.is_built() {
            bail!(State, "`{}`: the layer is built already", part.key);
        }
        self.0.state.borrow_mut().parts.push(part);
        Ok(())
    }

    /// The functions of the user's in the place of what the configuration names.
    fn own_parts(&self) -> Vec<OwnPart> {
        if ARE_HERE {
            self.0.state.borrow().parts.clone()
        } else {
            Vec::new()
        }
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
        self.output_dims_with(inputs, &Value::Null)
    }

    /// The same for a call with options.
    ///
    /// # Errors
    /// As for [`output_dims`](Member::output_dims), or options that it cannot take.
    pub(crate) fn output_dims_with(&self, inputs: &[Dims], options: &Value) -> Result<Vec<Dims>> {
        let outputs = self.0.layer.output_dims_with(inputs, options)?;
        self.check_weights(inputs)?;
        Ok(outputs)
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

    /// The same without their paths, which take longer to be put together than many a layer takes to be called.
    pub fn weights_without_names(&self) -> Vec<Weight> {
        let (mut all, mut pending) = (Vec::new(), Vec::new());
        let name: Rc<str> = "".into();
        pending.push(self.clone());
        while let Some(member) = pending.pop() {
            let count = member.0.state.borrow().weights.len();
            pending.extend(member.inner().into_iter().rev());
            all.extend((0..count).map(|index| Weight {
                member: member.clone(),
                index,
                name: name.clone(),
            }));
        }
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

    /// Puts its name in front of what went wrong in it.
    pub(crate) fn at(&self, error: Error) -> Error {
        error.within(&format!("layer {}", self.path_name()))
    }
}
