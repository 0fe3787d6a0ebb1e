//! Models that are not a row of layers, as Keras writes them: `Functional` configurations, read and written.
use super::json::{LayerMaker, input_dims};
use super::{Model, Symbol};
use crate::base::error::{Error, Result, bail};
use crate::base::json::{Fields, Setting, Value, json};
use crate::base::sorted::sorted;
use crate::nn::Member;
use alloc::{format, string::String, vec, vec::Vec};

/// Nodes of a layer whose turn has not come: its place in the list, and the number of the node.
struct Waiting<'a> {
    member: usize,
    call: &'a Value,
}

impl Model {
    /// The architecture in Keras' form; null before the graph is known.
    pub(super) fn functional_json(&self) -> Value {
        let name: Value = self.name().into();
        let Ok(graph) = self.graph() else {
            return Value::Null;
        };
        // For each node the number of its call among those of its layer.
        let mut counts = vec![0usize; graph.members.len()];
        let mut numbers = Vec::with_capacity(graph.nodes.len());
        for node in &graph.nodes {
            numbers.push(counts[node.member]);
            counts[node.member] += 1;
        }
        let history = |port: &super::Port| -> Value {
            let place: Vec<Value> = vec![
                graph.name_of(port.node).into(),
                numbers[port.node].into(),
                port.output.into(),
            ];
            place.into()
        };
        let tensor = |port: &super::Port| -> Value {
            let dims = &graph.nodes[port.node].outputs[port.output];
            let shape = dims.batched();
            json!({
                "class_name": "__keras_tensor__",
                "config": { "shape": shape, "dtype": "float32", "keras_history": history(port) }
            })
        };
        let mut nodes_of = vec![Vec::new(); graph.members.len()];
        for node in graph.nodes.iter().filter(|node| !node.inputs.is_empty()) {
            nodes_of[node.member].push(node);
        }
        let mut layers = Vec::with_capacity(graph.members.len());
        for (member, nodes) in graph.members.iter().zip(nodes_of) {
            let calls: Vec<Value> = nodes
                .into_iter()
                .map(|node| {
                    // Some options are tensors: later inputs, whose places they hold.
                    let mut options = node.options.clone();
                    let mut first = node.inputs.len();
                    for key in member.layer().call_tensors() {
                        if let Value::Object(fields) = &mut options
                            && let Some((_, places)) = fields.iter_mut().find(|(k, _)| k == key)
                        {
                            let named = Vec::<usize>::read(places).unwrap_or_default();
                            first = named.iter().copied().fold(first, usize::min);
                            let ports = named.iter().filter_map(|&place| node.inputs.get(place));
                            let mut tensors: Vec<Value> = ports.map(tensor).collect();
                            *places = match tensors.len() {
                                1 if member.layer().takes_separately() => tensors.remove(0),
                                _ => tensors.into(),
                            };
                        }
                    }
                    let tensors: Vec<Value> = node.inputs[..first].iter().map(tensor).collect();
                    let args: Vec<Value> = match tensors.len() {
                        1 => tensors,
                        _ if member.layer().takes_separately() => tensors,
                        _ => vec![tensors.into()],
                    };
                    if options == Value::Null {
                        options = json!({});
                    }
                    json!({ "args": args, "kwargs": options })
                })
                .collect();
            let mut json = member.to_json();
            if let Value::Object(fields) = &mut json {
                fields.push(("name".into(), member.title().into()));
                fields.push(("inbound_nodes".into(), calls.into()));
            }
            layers.push(json);
        }
        let inputs = graph
            .inputs
            .iter()
            .map(|&node| history(&super::Port { node, output: 0 }));
        let inputs: Vec<Value> = inputs.collect();
        let outputs: Vec<Value> = graph.outputs.iter().map(history).collect();
        let [inputs, outputs] = self.with_names([inputs, outputs]);
        json!({
            "class_name": "Functional",
            "config": {
                "name": name,
                "trainable": true,
                "layers": layers,
                "input_layers": inputs,
                "output_layers": outputs
            }
        })
    }
}

impl Model {
    /// Inputs and outputs as they are written: an object where they have names of their own, as in Keras.
    fn with_names(&self, ends: [Vec<Value>; 2]) -> [Value; 2] {
        let state = self.0.borrow();
        let mut names = state.ends.iter();
        ends.map(|places| match names.next() {
            Some(Some(names)) => {
                let fields = names.iter().cloned().zip(places);
                Value::Object(fields.collect())
            }
            _ => places.into(),
        })
    }
}

/// The tensors that a call in Keras 3's form (`{ "args", "kwargs" }`) or in Keras 2's (`[[name, node, tensor, {}]]`)
/// names, and what else it is given.
fn call_of(call: &Value) -> Result<(Vec<Place>, Value)> {
    let mut found = Vec::new();
    let mut options = Fields::new();
    if let Some(tensors) = call.as_array() {
        for tensor in tensors {
            found.push(Place::of(tensor)?);
            for (key, value) in tensor[3].as_object().unwrap_or_default() {
                options.push((key.clone(), value.clone()));
            }
        }
    } else {
        tensors_in(&call["args"], &mut found)?;
        for (key, value) in call["kwargs"].as_object().unwrap_or_default() {
            let first = found.len();
            tensors_in(value, &mut found)?;
            if found.len() > first {
                // The call's later inputs, by their places.
                let places: Vec<usize> = (first..found.len()).collect();
                options.push((key.clone(), places.into()));
            } else {
                options.push((key.clone(), value.clone()));
            }
        }
    }
    // What is null is not given, and `training` is decided by whoever runs the model.
    options.retain(|(key, value)| *value != Value::Null && key != "training");
    let options = match options.is_empty() {
        true => Value::Null,
        false => Value::Object(options),
    };
    Ok((found, options))
}

fn tensors_in(value: &Value, found: &mut Vec<Place>) -> Result<()> {
    match value {
        Value::Array(values) => values.iter().try_for_each(|value| tensors_in(value, found)),
        tensor if tensor["class_name"].as_str() == Some("__keras_tensor__") => {
            found.push(Place::of(&tensor["config"]["keras_history"])?);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Result `tensor` of call `node` of the layer `name`.
struct Place {
    name: String,
    node: usize,
    tensor: usize,
}

impl Place {
    fn of(history: &Value) -> Result<Self> {
        let read = || {
            Ok(Place {
                name: String::read(&history[0])?,
                node: usize::read(&history[1])?,
                tensor: usize::read(&history[2])?,
            })
        };
        read().map_err(|error: Error| error.within("model: [layer, node, tensor]"))
    }
}

/// The list of places under `key`, which may also be a single one, and their names where it is an object.
fn ends(config: &Value, key: &str) -> Result<(Vec<Place>, Option<Vec<String>>)> {
    if let Some(named) = config[key].as_object() {
        let places: Result<_> = named.iter().map(|(_, place)| Place::of(place)).collect();
        let names = named.iter().map(|(name, _)| name.clone());
        return Ok((places?, Some(names.collect())));
    }
    let Some(list) = config[key].as_array() else {
        bail!(Format, "model: `{key}` is missing");
    };
    let places = match list.first() {
        Some(Value::String(_)) => vec![Place::of(&config[key])?],
        _ => list.iter().map(Place::of).collect::<Result<_>>()?,
    };
    Ok((places, None))
}

/// The model of a `Functional` configuration, with layers made by `make`.
///
/// # Errors
/// Another form, an error of `make`, or a graph that cannot be computed.
pub(super) fn read(config: &Value, layers: &[Value], make: LayerMaker) -> Result<Model> {
    let mut names = Vec::with_capacity(layers.len());
    for (place, layer) in layers.iter().enumerate() {
        let name = layer["name"].as_str().or(layer["config"]["name"].as_str());
        let Some(name) = name else {
            bail!(Format, "model: layer number {place} has no name");
        };
        names.push((name, place));
    }
    let names = sorted(names);
    if let Some(pair) = names.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        bail!(Value, "layer name `{}` is used twice", pair[0].0);
    }
    let place_of = |name: &str| {
        let found = names.binary_search_by(|(other, _)| (*other).cmp(name));
        Some(names[found.ok()?].1)
    };
    // The results of each layer's calls, and the layer, in the order of the list.
    let mut results: Vec<Vec<Vec<Symbol>>> = vec![Vec::new(); layers.len()];
    let mut members: Vec<(String, Member)> = Vec::with_capacity(layers.len());
    let mut waiting = Vec::new();
    for (place, layer) in layers.iter().enumerate() {
        let name = layer["name"].as_str().or(layer["config"]["name"].as_str());
        let name = name.unwrap_or_default();
        let is_input = layer["class_name"].as_str() == Some("InputLayer");
        let member = if is_input {
            let dims = input_dims(layer)?;
            let member = Member::new(super::InputLayer::new(dims.clone()))?.with_name(name)?;
            results[place].push(vec![Symbol::of_input(member.clone(), dims)]);
            member
        } else {
            make(layer)?
        };
        members.push((name.into(), member));
        for call in layer["inbound_nodes"].as_array().unwrap_or_default() {
            if !is_input {
                waiting.push(Waiting {
                    member: place,
                    call,
                });
            }
        }
    }
    let mut calls = Vec::with_capacity(waiting.len());
    // The calls of each layer, in their order, and the number of each among them.
    let mut calls_of = results
        .iter()
        .map(|_| Vec::new())
        .collect::<Vec<Vec<usize>>>();
    let mut numbers = Vec::with_capacity(waiting.len());
    for waiting in waiting {
        let (inputs, options) = call_of(waiting.call)?;
        numbers.push(calls_of[waiting.member].len());
        calls_of[waiting.member].push(calls.len());
        calls.push((waiting.member, inputs, options));
    }
    let mut has_begun = vec![false; calls.len()];
    for first in 0..calls.len() {
        // Each call waits for those that it is called on, and for the calls of its layer before it, by whose order
        // they are numbered. Models may be thousands of layers deep, so this is no recursion.
        let mut pending = vec![first];
        while let Some(&index) = pending.last() {
            let (place, inputs, options) = &calls[index];
            if results[*place].len() > numbers[index] {
                pending.pop();
                continue;
            }
            let (mut symbols, mut missing) = (Vec::with_capacity(inputs.len()), Vec::new());
            let mut is_known = !core::mem::replace(&mut has_begun[index], true);
            for input in inputs {
                let of = place_of(&input.name);
                let call = of.and_then(|of| results[of].get(input.node));
                match (of, call) {
                    (_, Some(outputs)) => match outputs.get(input.tensor) {
                        Some(symbol) => symbols.push(symbol.clone()),
                        None => is_known = false,
                    },
                    (Some(of), None) => match calls_of[of].get(input.node) {
                        Some(&call) => missing.push(call),
                        None => is_known = false,
                    },
                    (None, None) => is_known = false,
                }
            }
            if results[*place].len() < numbers[index] {
                missing.push(calls_of[*place][numbers[index] - 1]);
            }
            if missing.is_empty() && symbols.len() == inputs.len() {
                let outputs = members[*place].1.apply_with(&symbols, options.clone())?;
                results[*place].push(outputs);
                pending.pop();
            } else if is_known {
                pending.extend(missing.into_iter().rev());
            } else {
                let (place, inputs, _) = &calls[first];
                let (name, missing) = (&members[*place].0, inputs.first());
                let on = missing.map_or(String::new(), |place| format!(" on {}", place.name));
                bail!(
                    Value,
                    "model: layer {name} is called{on} before that is computed: the graph has a cycle, or a layer is missing"
                );
            }
        }
    }
    let find = |place: Place| -> Result<Symbol> {
        let calls = place_of(&place.name).map(|place| &results[place]);
        let found = calls.and_then(|calls| calls.get(place.node)?.get(place.tensor));
        match found {
            Some(symbol) => Ok(symbol.clone()),
            None => bail!(
                Value,
                "model: there is no result {} of layer {}",
                place.node,
                place.name
            ),
        }
    };
    let (inputs, input_names) = ends(config, "input_layers")?;
    let (outputs, output_names) = ends(config, "output_layers")?;
    let inputs: Result<Vec<Symbol>> = inputs.into_iter().map(find).collect();
    let outputs: Result<Vec<Symbol>> = outputs.into_iter().map(find).collect();
    let model = Model::new(&inputs?, &outputs?)?;
    model.name_ends(input_names, output_names)?;
    Ok(model)
}
