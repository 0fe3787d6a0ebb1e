//! Models: graphs of layers.
//!
//! A [`Model`] is made from symbols, as [`Model::new`] says, or by adding one layer after the other, which is a way to
//! write such a graph and nothing else. Clones are the same model. A model is a layer too, so it may be part of
//! another.
use super::layer::{Context, Effects, Layer, Masks, Tensors};
use super::member::Weight;
use super::{Activation, Dims, Member};
use crate::base::error::{Result, bail};
use crate::base::json::Value;
use crate::base::names::{Taken, snake};
use crate::base::places::Places;
use crate::base::rng::Rng;
use crate::base::sorted::sorted;
use crate::memory::ask_in_all;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{format, rc::Rc, string::String, vec, vec::Vec};
use core::cell::RefCell;
use core::ops::Range;
use smallvec::SmallVec;

#[cfg(feature = "functional")]
mod functional;
#[cfg(not(feature = "functional"))]
#[path = "without_functional.rs"]
mod functional;
mod graph;
mod json;
mod safetensors;
mod save;
mod summary;
mod symbol;

pub(crate) use graph::Graph;
#[cfg(feature = "functional")]
pub(crate) use graph::Port;
pub use summary::LayerSummary;
#[cfg(feature = "functional")]
pub(crate) use symbol::InputLayer;
pub use symbol::{Apply, Symbol};

/// Models inside models, at most.
const DEEPEST: usize = 32;

/// A network. Clones are the same one.
#[derive(Clone)]
pub struct Model(Rc<RefCell<State>>);

struct State {
    name: Option<String>,
    /// Layers in a row, and the shape of a sample if it is known; `None` for a model made from symbols.
    row: Option<(Vec<Member>, Option<Dims>)>,
    /// The names of the layers in a row.
    names: Names,
    graph: Option<Rc<Graph>>,
    /// What belongs to a graph whose layers have their weights.
    built: Option<Rc<Built>>,
}

/// The weights of a model that is built.
pub(crate) struct Built {
    pub(crate) graph: Rc<Graph>,
    /// All weights, each once, layer by layer.
    pub(crate) weights: Vec<Weight>,
    /// Which of the places below each layer has.
    ranges: Vec<Range<usize>>,
    /// For each place a layer sees, which weight it is; empty where the two are the same. They differ where a layer is
    /// reached in two ways: as a layer of this model and inside another layer.
    places: Vec<usize>,
    /// Room for what layers see while a pass is under way, where that is not the weights as they are.
    seen: RefCell<Vec<Tensor>>,
}

impl Model {
    /// A model to which layers are added in a row.
    pub fn sequential() -> Self {
        Self::of(State {
            name: None,
            row: Some((Vec::new(), None)),
            names: Names::default(),
            graph: None,
            built: None,
        })
    }

    /// The model that computes `outputs` from `inputs`.
    ///
    /// # Errors
    /// An input that is missing, outputs that depend on none, a name that is used twice, or too many models inside
    /// one another.
    pub fn new(inputs: &[Symbol], outputs: &[Symbol]) -> Result<Self> {
        let graph = Graph::new(inputs, outputs)?;
        for member in &graph.members {
            check_depth("model", member, None)?;
        }
        name_members(&graph.members)?;
        Ok(Self::of(State {
            name: None,
            row: None,
            names: Names::default(),
            graph: Some(Rc::new(graph)),
            built: None,
        }))
    }

    fn of(state: State) -> Self {
        Model(Rc::new(RefCell::new(state)))
    }

    /// Whether both are the same model.
    pub fn is(&self, other: &Model) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Whether layers are added to it in a row.
    pub fn is_sequential(&self) -> bool {
        self.0.borrow().row.is_some()
    }

    /// Its name, once it has one.
    pub fn name(&self) -> Option<String> {
        self.0.borrow().name.clone()
    }

    /// Names it.
    pub fn set_name(&self, name: &str) {
        self.0.borrow_mut().name = Some(name.into());
    }

    /// Adds a layer at the end.
    ///
    /// # Errors
    /// Settings that make no sense.
    pub fn add(&self, layer: impl Layer + 'static) -> Result<()> {
        self.add_member(&Member::new(layer)?)
    }

    /// Adds a layer that may be part of other models too.
    ///
    /// # Errors
    /// A model that is not sequential, a name that is taken, an input shape on a later layer, or this very model.
    pub fn add_member(&self, member: &Member) -> Result<()> {
        check_depth("add", member, Some(self))?;
        let named = member.input_shape().or_else(|| {
            let model = member.layer().as_model()?;
            model.input_dims().ok()?.into_iter().next()
        });
        {
            let state = self.0.borrow();
            let Some((members, _)) = &state.row else {
                bail!(
                    State,
                    "add: a model made from symbols has all of its layers"
                );
            };
            if let Some(name) = member.given_name()
                && state.names.taken.has(&name)
            {
                bail!(Value, "layer name `{name}` is used twice");
            }
            if let Some(shape) = &named
                && !members.is_empty()
                && member.input_shape().is_some()
            {
                bail!(
                    Value,
                    "input shape {shape:?}: only the first layer may have one"
                );
            }
        }
        let mut state = self.0.borrow_mut();
        let name = match member.name() {
            Some(name) if !state.names.taken.has(&name) => name,
            _ => {
                let name = state.names.free(member.class_name());
                member.give_name(&name);
                name
            }
        };
        state.names.taken.take(name);
        if let Some((members, input)) = &mut state.row {
            if members.is_empty() && input.is_none() {
                *input = named;
            }
            members.push(member.clone());
        }
        (state.graph, state.built) = (None, None);
        Ok(())
    }

    /// Takes the last layer away.
    ///
    /// # Errors
    /// A model that is not sequential, or one without layers.
    pub fn pop(&self) -> Result<Member> {
        let mut state = self.0.borrow_mut();
        let last = state.row.as_mut().and_then(|(members, _)| members.pop());
        let Some(last) = last else {
            bail!(State, "pop: there is no layer that could be taken away");
        };
        if let Some(name) = last.name() {
            state.names.taken.give_back(&name);
        }
        (state.graph, state.built) = (None, None);
        Ok(last)
    }

    /// Says of what shape a sample is, before the first layer is added.
    ///
    /// # Errors
    /// A model that is not sequential, or one that has layers.
    pub fn set_input(&self, dims: Dims) -> Result<()> {
        match &mut self.0.borrow_mut().row {
            Some((members, input)) if members.is_empty() => {
                *input = Some(dims);
                Ok(())
            }
            _ => bail!(
                Value,
                "input shape {dims:?}: only the first layer may have one"
            ),
        }
    }

    /// The layers, each once, in Keras' order; those of a sequential model without the one that stands for its input.
    pub fn members(&self) -> Vec<Member> {
        let state = self.0.borrow();
        match (&state.row, &state.graph) {
            (Some((members, _)), _) => members.clone(),
            (None, Some(graph)) => graph.members.clone(),
            (None, None) => Vec::new(),
        }
    }

    /// The graph, if it is known.
    ///
    /// # Errors
    /// A sequential model without layers, whose input shape is not known, or a layer that cannot take its input.
    pub(crate) fn graph(&self) -> Result<Rc<Graph>> {
        if let Some(graph) = &self.0.borrow().graph {
            return Ok(graph.clone());
        }
        let Some((members, input)) = self.0.borrow().row.clone() else {
            bail!(State, "the model has no graph")
        };
        let Some(dims) = input else {
            bail!(
                State,
                "build: the input shape is not known; give the first layer `input_shape`"
            );
        };
        if members.is_empty() {
            bail!(State, "build: the model has no layers");
        }
        let input = Symbol::input(dims);
        let mut last = [input.clone()].to_vec();
        for member in &members {
            last = member.apply(&last)?;
        }
        let graph = Rc::new(Graph::new(&[input], &last)?);
        self.0.borrow_mut().graph = Some(graph.clone());
        Ok(graph)
    }

    /// Makes the weights that do not exist yet, from `seed`; the input shape is the one that a layer named, or `input`.
    ///
    /// # Errors
    /// No layers, no shape, a layer that cannot take its input, or weights that do not fit into memory. Nothing is
    /// built then.
    pub fn build(&self, input: Option<&Dims>, seed: u64) -> Result<()> {
        self.build_with(input, &mut Rng::new(seed))
    }

    fn build_with(&self, input: Option<&Dims>, rng: &mut Rng) -> Result<()> {
        if let (Some(input), Some((_, Some(named)))) = (input, &self.0.borrow().row)
            && !named.agrees(input)
        {
            bail!(
                Shape,
                "build: samples are {input:?}, but the first layer's input shape is {named:?}"
            );
        }
        let mut build = || {
            let graph = self.graph()?;
            check_room(&graph)?;
            let fresh = unbuilt(&graph);
            if let Err(error) = make_weights(&graph, rng) {
                fresh.iter().for_each(Member::forget);
                return Err(error);
            }
            Ok(Built::of(graph))
        };
        let built = match input {
            Some(input) => self.with_input(input, build),
            None => build(),
        }?;
        self.0.borrow_mut().built = Some(Rc::new(built));
        Ok(())
    }

    /// Does `work` with `input` as the shape of a sample where none is known. Where `work` fails none is known again.
    fn with_input<T>(&self, input: &Dims, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let given = match &mut self.0.borrow_mut().row {
            Some((_, shape @ None)) => {
                *shape = Some(input.clone());
                true
            }
            _ => false,
        };
        let done = work();
        if given && done.is_err() {
            let mut state = self.0.borrow_mut();
            state.graph = None;
            if let Some((_, shape)) = &mut state.row {
                *shape = None;
            }
        }
        done
    }

    /// Is not built any more, as its layers are not.
    pub(crate) fn forget(&self) {
        self.0.borrow_mut().built = None;
    }

    /// Whether the weights exist.
    pub fn is_built(&self) -> bool {
        self.0.borrow().built.is_some()
    }

    /// What belongs to a model whose weights exist.
    ///
    /// # Errors
    /// They do not.
    pub(crate) fn built(&self) -> Result<Rc<Built>> {
        match &self.0.borrow().built {
            Some(built) => Ok(built.clone()),
            None => bail!(State, "the model is not built yet"),
        }
    }

    /// All weights, each once, layer by layer; none before the model is built.
    pub fn weights(&self) -> Vec<Weight> {
        let built = self.0.borrow().built.clone();
        built.map_or_else(Vec::new, |built| built.weights.clone())
    }

    /// The weight of this path. Keras puts the name of a sequential model in front, which may be there or not.
    pub fn weight(&self, path: &str) -> Option<Weight> {
        let weights = self.weights();
        let inside = path.split_once('/').map_or(path, |(_, inside)| inside);
        let named = |wanted: &str| weights.iter().find(|weight| weight.name() == wanted);
        named(path).or_else(|| named(inside)).cloned()
    }

    /// The shapes of samples, one for each input.
    ///
    /// # Errors
    /// The input shape is not known yet.
    pub fn input_dims(&self) -> Result<Vec<Dims>> {
        let graph = self.graph()?;
        let dims = graph
            .inputs
            .iter()
            .map(|&node| graph.nodes[node].outputs[0].clone());
        Ok(dims.collect())
    }

    /// The shapes of output samples, one for each output.
    ///
    /// # Errors
    /// The input shape is not known yet.
    pub fn output_dims(&self) -> Result<Vec<Dims>> {
        let graph = self.graph()?;
        let dims = graph
            .outputs
            .iter()
            .map(|port| graph.nodes[port.node].outputs[port.output].clone());
        Ok(dims.collect())
    }

    /// The names of the inputs: those of their layers.
    ///
    /// # Errors
    /// The input shape is not known yet.
    pub fn input_names(&self) -> Result<Vec<String>> {
        let graph = self.graph()?;
        let names = graph.inputs.iter().map(|&node| graph.name_of(node));
        Ok(names.collect())
    }

    /// The names of the outputs: those of the layers that they come from.
    ///
    /// # Errors
    /// The input shape is not known yet.
    pub fn output_names(&self) -> Result<Vec<String>> {
        let graph = self.graph()?;
        let names = graph.outputs.iter().map(|port| graph.name_of(port.node));
        Ok(names.collect())
    }

    /// The symbols that it goes from and to. Those of a model that was read or added up are the same each time.
    ///
    /// # Errors
    /// The input shape is not known yet.
    pub fn symbols(&self) -> Result<(Vec<Symbol>, Vec<Symbol>)> {
        let graph = self.graph()?;
        Ok((graph.from.clone(), graph.to.clone()))
    }

    /// How many values a pass holds for each sample: those of all results. Lengths that are not fixed count as 1.
    pub fn values_per_sample(&self) -> usize {
        let Ok(graph) = self.graph() else { return 0 };
        let mut sum = 0usize;
        for node in &graph.nodes {
            let own = node.outputs.iter().map(Dims::size).sum();
            let inside = graph.members[node.member].layer().as_model();
            let inside = inside.map_or(0, Model::values_per_sample);
            sum = sum.saturating_add(own).saturating_add(inside);
        }
        sum
    }

    /// Runs the model with values for its [weights](Model::weights).
    ///
    /// # Errors
    /// Inputs that it cannot take.
    pub fn run(
        &self,
        inputs: &[Tensor],
        values: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        Ok(self.run_with_masks(inputs, values, context)?.0)
    }

    /// The same with the masks of the outputs.
    ///
    /// # Errors
    /// Inputs that it cannot take.
    pub fn run_with_masks(
        &self,
        inputs: &[Tensor],
        values: &[Tensor],
        context: &mut Context,
    ) -> Result<(Tensors, Masks)> {
        let built = self.built()?;
        built.check_batch(inputs)?;
        built.run(inputs, values, context, false)
    }

    /// Changes what layers of this model have asked to be changed in a pass.
    ///
    /// # Errors
    /// Values of other shapes than the weights'.
    pub fn take_effects(&self, effects: &Effects) -> Result<()> {
        let built = self.built()?;
        let mut updates = effects.updates.iter();
        updates.try_for_each(|(place, value)| built.weight_at(*place).set(value))
    }

    /// Refuses samples that the model cannot take.
    ///
    /// # Errors
    /// The model is not built, or another number of inputs or other shapes are given.
    pub fn check_inputs(&self, samples: &[&[usize]]) -> Result<()> {
        self.built()?.graph.check_inputs(samples.iter().copied())
    }

    /// The model's answers to a batch, as in inference.
    ///
    /// # Errors
    /// Inputs that it cannot take.
    pub fn forward(&self, inputs: &[Tensor]) -> Result<Tensors> {
        let mut effects = Effects::default();
        let mut rng = Rng::new(0);
        let mut context = Context::new(false, &mut rng, &mut effects);
        let built = self.built()?;
        built.check_batch(inputs)?;
        // Whether weights are finite is looked at once for all batches that meet them.
        let values: Vec<Tensor> = built.weights.iter().map(Weight::value).collect();
        values.iter().for_each(Tensor::look_over);
        Ok(built.run(inputs, &values, &mut context, false)?.0)
    }

    /// The model's answer to a batch, for a model with one input and one output.
    ///
    /// # Errors
    /// As for [`forward`](Model::forward), or several inputs or outputs.
    pub fn predict(&self, x: &Tensor) -> Result<Tensor> {
        let mut outputs = self.forward(core::slice::from_ref(x))?;
        match (outputs.pop(), outputs.is_empty()) {
            (Some(y), true) => Ok(y),
            _ => bail!(State, "predict: the model has several outputs"),
        }
    }

    /// The values of all weights, in their order.
    pub fn values(&self) -> Vec<Tensor> {
        self.weights().iter().map(Weight::value).collect()
    }

    /// Replaces all weights.
    ///
    /// # Errors
    /// Another number of tensors, or other shapes; nothing is replaced then.
    pub fn set_weights(&self, values: &[Tensor]) -> Result<()> {
        let weights = self.weights();
        if values.len() != weights.len() {
            bail!(
                Shape,
                "set_weights: the model has {} weights, but {} were given",
                weights.len(),
                values.len()
            );
        }
        for (weight, value) in weights.iter().zip(values) {
            if weight.shape() != *value.shape() {
                bail!(
                    Shape,
                    "set_weights: {} is {:?}, not {:?}",
                    weight.name(),
                    weight.shape(),
                    value.shape()
                );
            }
        }
        weights
            .iter()
            .zip(values)
            .try_for_each(|(weight, value)| weight.set(value))
    }

    /// The weights in the safetensors format, by name.
    ///
    /// # Errors
    /// The model is not built.
    pub fn save_weights(&self) -> Result<Vec<u8>> {
        if !self.is_built() {
            bail!(State, "save_weights: the model is not built yet");
        }
        let weights = self.weights();
        let named: Vec<(&str, Tensor)> = weights.iter().map(|w| (w.name(), w.value())).collect();
        save::save(&named)
    }

    /// Loads weights from the safetensors format, by name. Builds the model first where its shape is known.
    ///
    /// # Errors
    /// Bytes of another format, weights that are missing or have other shapes; nothing changes then.
    pub fn load_weights(&self, bytes: &[u8]) -> Result<()> {
        if !self.is_built() {
            self.build(None, 0)?;
        }
        let weights = self.weights();
        let wanted: Vec<(&str, Shape)> = weights.iter().map(|w| (w.name(), w.shape())).collect();
        let values = save::load(bytes, &wanted)?;
        self.set_weights(&values)
    }
}

impl Built {
    fn of(graph: Rc<Graph>) -> Self {
        let (mut weights, mut ranges) = (Vec::<Weight>::new(), Vec::new());
        let (mut places, mut known) = (Vec::new(), Places::new());
        for member in &graph.members {
            let start = places.len();
            for weight in member.weights() {
                let place = known.get_or_set(weight.key() as usize, weights.len());
                if place == weights.len() {
                    weights.push(weight);
                }
                places.push(place);
            }
            ranges.push(start..places.len());
        }
        if places.len() == weights.len() {
            places.clear();
        }
        Built {
            graph,
            weights,
            ranges,
            places,
            seen: RefCell::default(),
        }
    }

    /// Which weight is changed by an update of the place that a layer sees.
    pub(crate) fn weight_at(&self, place: usize) -> &Weight {
        &self.weights[self.places.get(place).copied().unwrap_or(place)]
    }

    /// The activations that a raw pass leaves out, one for each output.
    pub(crate) fn activations(&self) -> SmallVec<[Activation; 4]> {
        let outputs = 0..self.graph.outputs.len();
        outputs
            .map(|output| self.graph.activation(output))
            .collect()
    }

    /// Refuses batches of samples that the model cannot take.
    fn check_batch(&self, inputs: &[Tensor]) -> Result<()> {
        let samples = inputs.iter();
        self.graph
            .check_inputs(samples.map(|x| x.shape().get(1..).unwrap_or_default()))
    }

    /// Computes the outputs from values for [`weights`](Built::weights).
    ///
    /// # Errors
    /// Those of the layers.
    pub(crate) fn run(
        &self,
        inputs: &[Tensor],
        values: &[Tensor],
        context: &mut Context,
        raw: bool,
    ) -> Result<(Tensors, Masks)> {
        if self.places.is_empty() {
            return self.graph.run(inputs, values, &self.ranges, context, raw);
        }
        let mut seen = self.seen.take();
        seen.extend(self.places.iter().map(|&place| values[place].clone()));
        let outputs = self.graph.run(inputs, &seen, &self.ranges, context, raw);
        seen.clear();
        self.seen.replace(seen);
        outputs
    }
}

impl Layer for Model {
    fn class_name(&self) -> &str {
        if self.is_sequential() {
            "Sequential"
        } else {
            "Functional"
        }
    }

    fn config(&self) -> Value {
        self.to_json()["config"].clone()
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        let graph = self.graph()?;
        if graph.inputs.len() != inputs.len() {
            bail!(
                Shape,
                "the model takes {} inputs, but {} were given",
                graph.inputs.len(),
                inputs.len()
            );
        }
        let mut shapes: Vec<Vec<Shape>> = Vec::with_capacity(graph.nodes.len());
        for (index, node) in graph.nodes.iter().enumerate() {
            if let Some(place) = graph.inputs.iter().position(|&input| input == index) {
                let (wanted, given) = (&node.outputs[0], &inputs[place]);
                if !wanted.takes(given) {
                    bail!(
                        Shape,
                        "the model takes samples of shape {wanted:?}, but these are {given:?}"
                    );
                }
                shapes.push([*given].into());
                continue;
            }
            let own: Vec<Shape> = node
                .inputs
                .iter()
                .map(|port| shapes[port.node][port.output])
                .collect();
            shapes.push(graph.members[node.member].layer().output_shapes(&own)?);
        }
        let outputs = graph.outputs.iter();
        Ok(outputs.map(|port| shapes[port.node][port.output]).collect())
    }

    fn output_dims(&self, inputs: &[Dims]) -> Result<Vec<Dims>> {
        let outputs = || Dims::outputs(inputs, &|shapes| self.output_shapes(shapes));
        match inputs {
            [only] => self.with_input(only, outputs),
            _ => outputs(),
        }
    }

    fn call(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        Ok(self.pass(inputs, weights, context, false)?.0)
    }

    fn call_raw(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        Ok(self.pass(inputs, weights, context, true)?.0)
    }

    fn call_with_masks(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
        raw: bool,
    ) -> Result<(Tensors, Masks)> {
        self.pass(inputs, weights, context, raw)
    }

    fn activation(&self) -> Activation {
        match self.graph() {
            Ok(graph) if graph.outputs.len() == 1 => graph.activation(0),
            _ => Activation::Linear,
        }
    }

    fn sublayers(&self) -> Vec<Member> {
        self.members()
    }

    fn build(&self, inputs: &[Dims], rng: &mut Rng) -> Result<()> {
        if self.is_built() {
            return Ok(());
        }
        self.build_with(inputs.first(), rng)
    }

    fn named(&self, name: &str) {
        self.set_name(name);
    }

    fn as_model(&self) -> Option<&Model> {
        Some(self)
    }
}

impl Model {
    /// The pass of a model that is a layer of another, from which the weights come: outputs and their masks. `raw` leaves
    /// out the activation at the only output, as [`activation`](Layer::activation) says.
    pub(crate) fn pass(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
        raw: bool,
    ) -> Result<(Tensors, Masks)> {
        let built = self.built()?;
        built.check_batch(inputs)?;
        if weights.len() != built.ranges.last().map_or(0, |range| range.end) {
            bail!(
                State,
                "the model has other layers now than when it became a layer; build the model around it again"
            );
        }
        let raw = raw && built.graph.outputs.len() == 1;
        built
            .graph
            .run(inputs, weights, &built.ranges, context, raw)
    }
}

/// Refuses a layer that has too many models inside one another, or `model` itself; `what` was about to take it.
fn check_depth(what: &str, member: &Member, model: Option<&Model>) -> Result<()> {
    // A layer that is reached in many ways is looked at once on each level.
    let mut level = vec![member.clone()];
    let mut depth = 0;
    while !level.is_empty() {
        depth += 1;
        if depth > DEEPEST {
            bail!(
                Value,
                "{what}: models are inside one another more than {DEEPEST} deep"
            );
        }
        let (mut next, mut known) = (Vec::new(), Places::new());
        for member in &level {
            if let (Some(inner), Some(model)) = (member.layer().as_model(), model)
                && inner.is(model)
            {
                bail!(Value, "{what}: a model cannot be a layer of itself");
            }
            for inner in member.inner() {
                if known.set(inner.key() as usize, next.len()) {
                    next.push(inner);
                }
            }
        }
        level = next;
    }
    Ok(())
}

/// Names that are taken, and where the search for a free one goes on.
#[derive(Default)]
struct Names {
    taken: Taken,
    /// For each class the number of the next name.
    next: Vec<(String, usize)>,
}

impl Names {
    /// `dense`, then `dense_1`, `dense_2`, …
    fn free(&mut self, class_name: &str) -> String {
        let base = snake(class_name);
        let known = self.next.iter().position(|(name, _)| *name == base);
        let class = known.unwrap_or_else(|| {
            self.next.push((base.clone(), 0));
            self.next.len() - 1
        });
        let count = &mut self.next[class].1;
        loop {
            let name = numbered(&base, *count);
            *count += 1;
            if !self.taken.has(&name) {
                return name;
            }
        }
    }
}

/// Gives the layers without a name one, in the order in which they were made. A name that nobody gave, but that an
/// earlier model found for its layer, is changed where it is taken: two such models are joined in a third.
///
/// # Errors
/// A name that was given is there twice.
pub fn name_members(members: &[Member]) -> Result<()> {
    let mut names = Names {
        taken: Taken::of(members.iter().filter_map(Member::given_name)),
        next: Vec::new(),
    };
    if let Some(name) = names.taken.twice() {
        bail!(Value, "layer name `{name}` is used twice");
    }
    let others = members.iter().enumerate();
    let others = others.filter(|(_, member)| member.given_name().is_none());
    // Those that have a name already keep it if they can.
    let turn = |member: &Member| match member.name() {
        Some(_) => member.key() as usize,
        None => member.key() as usize | 1 << 31,
    };
    let others = others.map(|(place, member)| (turn(member), place));
    for (_, place) in sorted(others.collect()) {
        let member = &members[place];
        let name = match member.name() {
            Some(name) if !names.taken.has(&name) => name,
            _ => {
                let name = names.free(member.class_name());
                member.give_name(&name);
                name
            }
        };
        names.taken.take(name);
    }
    Ok(())
}

fn numbered(base: &str, count: usize) -> String {
    match count {
        0 => base.into(),
        _ => format!("{base}_{count}"),
    }
}

/// Asks for the memory of all weights at once: running out of it later would end the program.
fn check_room(graph: &Graph) -> Result<()> {
    let mut params = 0u64;
    for (member, dims) in graph.first_calls() {
        if member.is_built() {
            continue;
        }
        for spec in member.specs(&dims).map_err(|error| member.at(error))? {
            let shape = Shape::new(&spec.shape).map_err(|error| member.at(error))?;
            params = params.saturating_add(shape.size() as u64);
        }
    }
    ask_in_all("build", params.saturating_mul(4))
}

/// The layers that have no weights yet, those inside other layers too.
fn unbuilt(graph: &Graph) -> Vec<Member> {
    let (mut pending, mut found) = (graph.members.clone(), Vec::new());
    while let Some(member) = pending.pop() {
        pending.extend(member.inner());
        if !member.is_built() {
            found.push(member);
        }
    }
    found
}

fn make_weights(graph: &Graph, rng: &mut Rng) -> Result<()> {
    // Layers that were built before have used the first numbers already: those that are added later draw other ones.
    for _ in graph.members.iter().filter(|member| member.is_built()) {
        *rng = rng.fork();
    }
    for (member, dims) in graph.first_calls() {
        member.build(&dims, rng).map_err(|error| member.at(error))?;
    }
    Ok(())
}
