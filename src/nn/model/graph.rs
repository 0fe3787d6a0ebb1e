//! The graph of a model: nodes are calls of layers on the results of earlier nodes, in an order in which they can be
//! computed. A layer that is called twice is two nodes and one set of weights.
use super::symbol::{Call, InputLayer, Symbol};
use crate::base::error::{Result, bail};
use crate::base::json::Value;
use crate::base::places::Places;
use crate::base::sorted::sorted;
use crate::nn::layer::{Context, Masks, Tensors};
use crate::nn::{Activation, Dims, Member};
use crate::tensor::Tensor;
use alloc::rc::Rc;
use alloc::{format, string::String, vec, vec::Vec};
use core::cell::RefCell;
use core::mem::take;
use core::ops::Range;
use smallvec::SmallVec;

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
    /// Nodes whose results nobody needs after this one.
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
    /// What it was made from: the symbols of its inputs and outputs.
    pub(crate) from: Vec<Symbol>,
    pub(crate) to: Vec<Symbol>,
    /// The results of nodes while a pass is under way; kept for the next.
    scratch: RefCell<Option<Pass>>,
}

#[derive(Default)]
struct Pass {
    values: Vec<Tensors>,
    masks: Vec<Masks>,
    /// What the layer at work is called with, and the masks of that.
    inputs: Tensors,
    input_masks: Masks,
}

/// The identity of a call: its address.
fn id(call: &Rc<Call>) -> usize {
    Rc::as_ptr(call).addr()
}

/// A set of calls.
fn calls_of(symbols: &[Symbol]) -> Places {
    let mut calls = Places::new();
    for (place, symbol) in symbols.iter().enumerate() {
        calls.set(id(symbol.call()), place);
    }
    calls
}

/// The calls that `outputs` depend on, inputs first, and the order in which layers were met on the way there.
struct Reached {
    order: Vec<Rc<Call>>,
    met: Places,
}

fn reach(inputs: &[Symbol], outputs: &[Symbol]) -> Result<Reached> {
    let ends = calls_of(inputs);
    let (mut order, mut met, mut done) = (Vec::new(), Places::new(), Places::new());
    for output in outputs {
        // Each entry is a call, and how many of its inputs have been looked at.
        let mut pending = vec![(output.call().clone(), 0)];
        while let Some((call, next)) = pending.pop() {
            if next == 0 {
                if done.get(id(&call)).is_some() {
                    continue;
                }
                met.get_or_set(call.member.key() as usize, met.len());
            }
            let inside = ends.get(id(&call)).is_none();
            if inside && call.is_input() {
                bail!(
                    Value,
                    "model: the outputs depend on the input {}, which is not among its inputs",
                    call.member.title()
                );
            }
            match call.inputs.get(next).filter(|_| inside) {
                Some(input) => {
                    let input = input.call().clone();
                    pending.push((call, next + 1));
                    if done.get(id(&input)).is_none() {
                        pending.push((input, 0));
                    }
                }
                None => {
                    if done.set(id(&call), order.len()) {
                        order.push(call);
                    }
                }
            }
        }
    }
    Ok(Reached { order, met })
}

/// The layers of these calls in Keras' order: by their distance from the outputs, the farthest first; those of one
/// distance in the order in which they were met.
fn keras_order(reached: &Reached, inputs: &[Symbol]) -> Vec<Member> {
    let ends = calls_of(inputs);
    let mut depth_of_call = Places::new();
    // The layers in the order in which they were met, and how far each is from the outputs.
    let mut members = vec![None; reached.met.len()];
    let mut depths = vec![0; reached.met.len()];
    for call in reached.order.iter().rev() {
        let own = depth_of_call.get(id(call)).unwrap_or(0);
        let met = reached.met.get(call.member.key() as usize).unwrap_or(0);
        members[met].get_or_insert_with(|| call.member.clone());
        let depth = own.max(depths[met]);
        depths[met] = depth;
        depth_of_call.set(id(call), depth);
        if ends.get(id(call)).is_some() {
            continue;
        }
        for input in &call.inputs {
            let before = depth_of_call.get(id(input.call())).unwrap_or(0);
            depth_of_call.set(id(input.call()), before.max(depth + 1));
        }
    }
    let order = depths.iter().enumerate();
    let order = sorted(
        order
            .map(|(met, depth)| (usize::MAX - depth, met))
            .collect(),
    );
    let order = order.into_iter();
    order.filter_map(|(_, met)| members[met].take()).collect()
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
        for (index, input) in inputs.iter().enumerate() {
            if inputs[..index]
                .iter()
                .any(|other| id(other.call()) == id(input.call()))
            {
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
        for input in inputs {
            // An input that no output depends on is an input all the same.
            if !reached
                .order
                .iter()
                .any(|call| id(call) == id(input.call()))
            {
                let count = reached.met.len();
                reached.met.get_or_set(input.member().key() as usize, count);
                reached.order.insert(0, input.call().clone());
            }
        }
        let mut members = keras_order(&reached, inputs);
        let mut places = Places::new();
        let node_of = |places: &Places, call: &Rc<Call>| places.get(id(call)).unwrap_or(0);
        let mut nodes: Vec<Node> = Vec::with_capacity(reached.order.len());
        for call in &reached.order {
            let is_end = inputs.iter().any(|input| id(input.call()) == id(call));
            // A result in the middle of another model that is an input here.
            let stands_in = is_end && !call.is_input();
            let member = if stands_in {
                let input = Member::new(InputLayer::new(call.outputs[0].clone()))?;
                members.insert(0, input.clone());
                nodes.iter_mut().for_each(|node| node.member += 1);
                0
            } else {
                members
                    .iter()
                    .position(|member| member.is(&call.member))
                    .unwrap_or(0)
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
        self.members[self.nodes[node].member].title()
    }

    /// Each layer with the shapes of the inputs of its first call.
    pub(crate) fn first_calls(&self) -> impl Iterator<Item = (&Member, Vec<Dims>)> {
        let first = |(place, member)| {
            let node = self.nodes.iter().find(|node| node.member == place);
            let ports = node.map(|node| &node.inputs[..]).unwrap_or_default();
            let dims = ports
                .iter()
                .map(|port| self.nodes[port.node].outputs[port.output].clone());
            (member, dims.collect())
        };
        self.members.iter().enumerate().map(first)
    }

    /// Refuses samples of other shapes than those of the inputs.
    ///
    /// # Errors
    /// Another number of inputs, or a shape that an input cannot have.
    pub(crate) fn check_inputs<'a>(
        &self,
        samples: impl ExactSizeIterator<Item = &'a [usize]>,
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
            if !dims.takes(sample) {
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

    /// The activation that [`run`](Graph::run) leaves out at each output when asked for raw ones.
    pub(crate) fn activation(&self, output: usize) -> Activation {
        let node = &self.nodes[self.outputs[output].node];
        if node.ends {
            self.members[node.member].activation()
        } else {
            Activation::Linear
        }
    }

    /// Computes the outputs. `ranges` says which of `weights` each layer has; `raw` leaves out the
    /// [activations](Graph::activation) at the outputs.
    ///
    /// # Errors
    /// Those of the layers.
    pub(crate) fn run(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        ranges: &[Range<usize>],
        context: &mut Context,
        raw: bool,
    ) -> Result<(Tensors, Masks)> {
        let mut pass = self.scratch.take().unwrap_or_default();
        let found = self.fill(&mut pass, inputs, weights, ranges, context, raw);
        let outputs = found.map(|()| {
            let ports = self.outputs.iter();
            let masks = if pass.masks.iter().all(|masks| masks.is_empty()) {
                Masks::new()
            } else {
                ports.clone().map(|port| mask_at(&pass, *port)).collect()
            };
            let outputs = ports.map(|port| pass.values[port.node][port.output].clone());
            (outputs.collect(), masks)
        });
        pass.values.clear();
        pass.masks.clear();
        self.scratch.replace(Some(pass));
        outputs
    }

    fn fill(
        &self,
        pass: &mut Pass,
        inputs: &[Tensor],
        weights: &[Tensor],
        ranges: &[Range<usize>],
        context: &mut Context,
        raw: bool,
    ) -> Result<()> {
        pass.values.resize_with(self.nodes.len(), Tensors::new);
        pass.masks.resize_with(self.nodes.len(), Masks::new);
        for (place, &node) in self.inputs.iter().enumerate() {
            pass.values[node] = [inputs[place].clone()].into_iter().collect();
            if let Some(mask) = context.mask(place) {
                pass.masks[node] = [Some(mask.clone())].into_iter().collect();
            }
        }
        let (mut x, mut masks) = (take(&mut pass.inputs), take(&mut pass.input_masks));
        for (index, node) in self.nodes.iter().enumerate() {
            if node.inputs.is_empty() {
                continue;
            }
            x.clear();
            masks.clear();
            for port in &node.inputs {
                x.push(pass.values[port.node][port.output].clone());
            }
            if node
                .inputs
                .iter()
                .any(|port| !pass.masks[port.node].is_empty())
            {
                masks.extend(node.inputs.iter().map(|port| mask_at(pass, *port)));
            }
            // In inference a value that nobody needs again may be changed in place.
            for &free in &node.frees {
                pass.values[free].clear();
            }
            let (member, range) = (&self.members[node.member], &ranges[node.member]);
            let mut own = context.within(range.start, &masks);
            own.options = &node.options;
            let own_weights = &weights[range.clone()];
            let (outputs, masks_after) = member.run(&x, own_weights, &mut own, raw && node.ends)?;
            if outputs.len() != node.outputs.len() {
                bail!(
                    Shape,
                    "layer {}: {} results are expected, but there are {}",
                    member.title(),
                    node.outputs.len(),
                    outputs.len()
                );
            }
            (pass.values[index], pass.masks[index]) = (outputs, masks_after);
        }
        x.clear();
        masks.clear();
        (pass.inputs, pass.input_masks) = (x, masks);
        Ok(())
    }
}

fn mask_at(pass: &Pass, port: Port) -> Option<Tensor> {
    pass.masks[port.node].get(port.output)?.clone()
}
