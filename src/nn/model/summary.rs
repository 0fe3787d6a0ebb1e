//! What a model consists of, for programs and as the table that Keras prints.
use super::Model;
use crate::base::places::Places;
use crate::nn::{Dims, Member};
use alloc::{format, string::String, vec, vec::Vec};

/// A line of [`Model::layers`].
#[derive(Clone, Debug, PartialEq)]
pub struct LayerSummary {
    /// The layer's name in this model.
    pub name: String,
    /// Its class.
    pub class_name: String,
    /// The shapes of its output samples; empty before they are known.
    pub output_dims: Vec<Dims>,
    /// How many numbers it has: weights, trainable or not.
    pub params: usize,
    /// How many tensors hold them.
    pub weights: usize,
    /// The results that it is called with, as `name[call][output]`.
    pub receives: Vec<String>,
}

/// What is known of a layer before it is called.
fn line(member: &Member) -> LayerSummary {
    let weights = member.weights();
    LayerSummary {
        name: member.title(),
        class_name: member.class_name().into(),
        output_dims: Vec::new(),
        params: weights.iter().map(|weight| weight.shape().size()).sum(),
        weights: weights.len(),
        receives: Vec::new(),
    }
}

impl Model {
    /// What the layers are.
    pub fn layers(&self) -> Vec<LayerSummary> {
        let mut lines: Vec<LayerSummary> = self.members().iter().map(line).collect();
        let Ok(graph) = self.graph() else {
            return lines;
        };
        let mut places = Places::new();
        for (place, member) in self.members().iter().enumerate() {
            places.set(member.key() as usize, place);
        }
        // How often each layer has been called before, and the number of each node among its layer's calls.
        let mut calls = vec![0usize; graph.members.len()];
        let mut numbers = Vec::with_capacity(graph.nodes.len());
        for node in &graph.nodes {
            numbers.push(calls[node.member]);
            calls[node.member] += 1;
            // A model in a row does not list the layer that stands for its input.
            let Some(place) = places.get(graph.members[node.member].key() as usize) else {
                continue;
            };
            let line = &mut lines[place];
            if line.output_dims.is_empty() {
                line.output_dims.clone_from(&node.outputs);
            }
            line.receives.extend(node.inputs.iter().map(|port| {
                let (name, call) = (graph.name_of(port.node), numbers[port.node]);
                format!("{name}[{call}][{}]", port.output)
            }));
        }
        lines
    }

    /// The table that Keras prints: layers, output shapes, parameters, and for models that are not a row what each
    /// layer is called with.
    pub fn summary(&self) -> String {
        let in_a_row = self.is_sequential();
        let width = if in_a_row { 66 } else { 98 };
        let mut lines = vec![
            format!(
                "{:<32}{:<24}{:>10}{}",
                "Layer (type)",
                "Output shape",
                "Params",
                if in_a_row { "" } else { "  Receives inputs" }
            ),
            "=".repeat(width),
        ];
        for layer in self.layers() {
            let shape = match &layer.output_dims[..] {
                [] => "?".into(),
                dims => {
                    let batched = |dims: &Dims| match &format!("{dims:?}")[1..] {
                        "]" => String::from("[null]"),
                        rest => format!("[null, {rest}"),
                    };
                    let all: Vec<String> = dims.iter().map(batched).collect();
                    all.join(", ")
                }
            };
            let name = format!("{} ({})", layer.name, layer.class_name);
            let mut line = format!("{name:<32}{shape:<24}{:>10}", layer.params);
            if !in_a_row && !layer.receives.is_empty() {
                line.push_str("  ");
                line.push_str(&layer.receives.join(", "));
            }
            lines.push(line);
        }
        let count = |trainable: bool| -> usize {
            let weights = self.weights().into_iter();
            let of_kind = weights.filter(|weight| weight.trainable() == trainable);
            of_kind.map(|weight| weight.shape().size()).sum()
        };
        let (trainable, fixed) = (count(true), count(false));
        lines.push("=".repeat(width));
        lines.push(format!("Total params: {}", trainable + fixed));
        lines.push(format!("Trainable params: {trainable}"));
        lines.push(format!("Non-trainable params: {fixed}"));
        lines.join("\n")
    }
}
