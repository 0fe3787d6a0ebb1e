//! The graph of a model: nodes are calls of layers on the results of earlier nodes, in an order in which they can be
//! computed. A layer that is called twice is two nodes and one set of weights.
use super::symbol::{Call, InputLayer, Symbol};
use crate::base::error::{Result, bail};
use crate::base::json::Value;
use crate::base::places::Places;
use crate::nn::{Dims, Member};
use crate::tensor::shape::Shape;
use alloc::rc::Rc;
use alloc::{format, string::String, vec, vec::Vec};
use core::cell::RefCell;
use smallvec::SmallVec;

mod order;
mod pass;

use order::{calls_of, keras_order, reach};
use pass::Pass;

/// A result of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Port {
    pub(crate) node: usize,
    pub(crate) output: usize,
}

/// A call of a layer.
pub(crate) struct Node {
    /// Which layer, by its place among the model's.
    pub(crate) member: usize,
    pub(crate) inputs: SmallVec<[Port; 2]>,
    pub(crate) outputs: Vec<Dims>,
    pub(crate) options: Value,
    /// Nodes whose results no node needs after this one.
    frees: SmallVec<[usize; 2]>,
    /// Whether only an output of the model uses its only result.
    ends: bool,
}

pub(crate) struct Graph {
    /// The layers, each once, in Keras' order: farthest from the outputs first.
    pub(crate) members: Vec<Member>,
    pub(crate) nodes: Vec<Node>,
    /// The nodes that stand for inputs.
    pub(crate) inputs: Vec<usize>,
    pub(crate) outputs: Vec<Port>,
    /// The symbols of the inputs and outputs that the graph was made from.
    pub(crate) from: Vec<Symbol>,
    pub(crate) to: Vec<Symbol>,
    /// The shapes of inputs that the graph, inside another, was asked about last, and those of its outputs.
    pub(crate) last_shapes: RefCell<Option<(Vec<Shape>, Vec<Shape>)>>,
    /// The results of nodes while a pass is under way. Their memory is kept for the next pass.
    scratch: RefCell<Option<Pass>>,
}

/// The identity of a call: its address.
fn id(call: &Rc<Call>) -> usize {
    Rc::as_ptr(call).addr()
}

impl Graph {
    /// The graph between these symbols.
    ///
    /// # Errors
    /// No inputs or outputs, an input that is missing, or outputs that depend on none.
    pub(crate) fn new(inputs: &[Symbol], outputs: &[Symbol]) -> Result<Self> {
        if inputs.is_empty() || outputs.is_empty() {
            bail!(Value, "model: at least one input and one output are needed");
        }
        let mut given = Places::new();
        for input in inputs {
            if !given.set(id(input.call()), 0) {
                bail!(
                    Value,
                    "model: the input {} is given twice",
                    input.member().title()
                );
            }
        }
        if let Some(input) = inputs.iter().find(|input| input.call().outputs.len() > 1) {
            bail!(
                Value,
                "model: an input cannot be one of several results of the layer {}",
                input.member().title()
            );
        }
        let mut reached = reach(inputs, outputs)?;
        let mut ordered = Places::new();
        for call in &reached.order {
            ordered.set(id(call), 0);
        }
        for input in inputs {
            // An input that no output depends on belongs to the model too.
            if ordered.get(id(input.call())).is_none() {
                let count = reached.met.len();
                reached.met.get_or_set(input.member().key() as usize, count);
                reached.order.insert(0, input.call().clone());
            }
        }
        let mut members = keras_order(&reached, inputs);
        let (ends, mut places, mut known) = (calls_of(inputs), Places::new(), Places::new());
        for (place, member) in members.iter().enumerate() {
            known.set(member.key() as usize, place);
        }
        // How many layers have been put in front of those.
        let mut before = 0;
        let node_of = |places: &Places, call: &Rc<Call>| places.get(id(call)).unwrap_or(0);
        let mut nodes: Vec<Node> = Vec::with_capacity(reached.order.len());
        for call in &reached.order {
            let is_end = ends.get(id(call)).is_some();
            // A result in the middle of another model may be an input of this one.
            let stands_in = is_end && !call.is_input();
            let member = if stands_in {
                let input = Member::new(InputLayer::new(call.outputs[0].clone()))?;
                members.insert(0, input);
                before += 1;
                nodes.iter_mut().for_each(|node| node.member += 1);
                0
            } else {
                let place = known.get(call.member.key() as usize);
                place.map_or(0, |place| before + place)
            };
            let mut ports = SmallVec::new();
            for input in call.inputs.iter().filter(|_| !is_end) {
                ports.push(Port {
                    node: node_of(&places, input.call()),
                    output: input.output(),
                });
            }
            places.set(id(call), nodes.len());
            nodes.push(Node {
                member,
                inputs: ports,
                outputs: call.outputs.clone(),
                options: call.options.clone(),
                frees: SmallVec::new(),
                ends: false,
            });
        }
        let mut used = vec![false; members.len()];
        nodes.iter().for_each(|node| used[node.member] = true);
        if used.contains(&false) {
            // A layer whose only call became an input.
            let kept: Vec<usize> = (0..members.len()).filter(|&place| used[place]).collect();
            for node in &mut nodes {
                node.member = kept.binary_search(&node.member).unwrap_or(0);
            }
            members = kept.iter().map(|&place| members[place].clone()).collect();
        }
        let port = |symbol: &Symbol| Port {
            node: node_of(&places, symbol.call()),
            output: symbol.output(),
        };
        let mut graph = Graph {
            members,
            inputs: inputs.iter().map(|input| port(input).node).collect(),
            outputs: outputs.iter().map(port).collect(),
            nodes,
            from: inputs.to_vec(),
            to: outputs.to_vec(),
            last_shapes: RefCell::new(None),
            scratch: RefCell::new(None),
        };
        graph.find_last_uses();
        Ok(graph)
    }

    fn find_last_uses(&mut self) {
        let mut last = vec![None; self.nodes.len()];
        let mut uses = vec![0; self.nodes.len()];
        for (index, node) in self.nodes.iter().enumerate() {
            for port in &node.inputs {
                last[port.node] = Some(index);
                uses[port.node] += 1;
            }
        }
        for port in &self.outputs {
            last[port.node] = None;
            self.nodes[port.node].ends =
                uses[port.node] == 0 && self.nodes[port.node].outputs.len() == 1;
            uses[port.node] += 1;
        }
        for (index, last) in last.into_iter().enumerate() {
            if let Some(last) = last {
                self.nodes[last].frees.push(index);
            }
        }
    }

    /// The name of the layer that a node calls.
    pub(crate) fn name_of(&self, node: usize) -> String {
        self.members[self.nodes[node].member].path_name()
    }

    /// Each layer with the shapes of the inputs of its first call.
    pub(crate) fn first_calls(&self) -> impl Iterator<Item = (&Member, Vec<Dims>)> {
        let mut firsts: Vec<Option<&Node>> = vec![None; self.members.len()];
        for node in &self.nodes {
            firsts[node.member].get_or_insert(node);
        }
        let first = move |(place, member): (usize, _)| {
            let dims = firsts[place].map(|node| self.inputs_of(node));
            (member, dims.unwrap_or_default())
        };
        self.members.iter().enumerate().map(first)
    }

    /// The shapes of what a node calls its layer on.
    fn inputs_of(&self, node: &Node) -> Vec<Dims> {
        let dims = |port: &Port| self.nodes[port.node].outputs[port.output].clone();
        node.inputs.iter().map(dims).collect()
    }

    /// Lets the models that are layers here, or that wrappers hold, keep the layers that they have.
    pub(crate) fn fix_models_inside(&self) {
        // The page's models have none.
        if !cfg!(feature = "functional") {
            return;
        }
        let mut pending = self.members.clone();
        while let Some(member) = pending.pop() {
            match member.layer().as_model() {
                Some(model) => model.0.borrow_mut().is_inside = true,
                None => pending.extend(member.inner()),
            }
        }
    }

    /// Refuses a layer that is called on inputs for which its weights would have several shapes.
    ///
    /// # Errors
    /// Names it.
    pub(crate) fn check_shared(&self) -> Result<()> {
        let firsts: Vec<_> = self.first_calls().collect();
        for node in &self.nodes {
            let (member, first) = &firsts[node.member];
            let inputs = self.inputs_of(node);
            if inputs != *first && !member.is_built() {
                let fits = member.check_shared(first, &inputs);
                fits.map_err(|error| member.at(error))?;
            }
        }
        Ok(())
    }

    /// Refuses samples of other shapes than those of the inputs.
    ///
    /// # Errors
    /// Another number of inputs, or a shape that an input cannot have.
    pub(crate) fn check_inputs<'a>(
        &self,
        samples: impl ExactSizeIterator<Item = &'a [usize]>,
    ) -> Result<()> {
        self.check_samples(samples, Dims::takes)
    }

    /// Refuses samples on which the model cannot be called.
    ///
    /// # Errors
    /// Another number of inputs, or of channels.
    pub(crate) fn check_called<'a>(
        &self,
        samples: impl ExactSizeIterator<Item = &'a [usize]>,
    ) -> Result<()> {
        self.check_samples(samples, Dims::may_be_called_on)
    }

    fn check_samples<'a>(
        &self,
        samples: impl ExactSizeIterator<Item = &'a [usize]>,
        takes: fn(&Dims, &[usize]) -> bool,
    ) -> Result<()> {
        if samples.len() != self.inputs.len() {
            bail!(
                Shape,
                "the model takes {} inputs, but {} were given",
                self.inputs.len(),
                samples.len()
            );
        }
        for (&node, sample) in self.inputs.iter().zip(samples) {
            let dims = &self.nodes[node].outputs[0];
            if !takes(dims, sample) {
                let which = match self.inputs.len() {
                    1 => String::new(),
                    _ => format!(" at input {}", self.name_of(node)),
                };
                bail!(
                    Shape,
                    "the model takes samples of shape {dims:?}{which}, but these are {sample:?}"
                );
            }
        }
        Ok(())
    }
}
