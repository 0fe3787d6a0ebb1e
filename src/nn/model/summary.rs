//! What a model consists of, for programs and as the table that Keras prints.
use super::sequential::{Sequential, Slot};
use alloc::{format, string::String, vec, vec::Vec};

/// A line of [`Sequential::layers`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerSummary {
    /// The layer's name in this model.
    pub name: String,
    /// Its class.
    pub class_name: &'static str,
    /// The shape of its output samples; empty before the model is built.
    pub output_shape: Vec<usize>,
    /// How many numbers it learns.
    pub params: usize,
}

impl Sequential {
    /// What the layers are.
    pub fn layers(&self) -> Vec<LayerSummary> {
        let summary = |slot: &Slot| LayerSummary {
            name: slot.name.clone(),
            class_name: slot.layer.class_name(),
            output_shape: slot.output_shape.to_vec(),
            params: slot
                .weights
                .iter()
                .map(|weight| weight.value.data().len())
                .sum(),
        };
        self.slots.iter().map(summary).collect()
    }

    /// The table that Keras prints: layers, output shapes, parameters.
    pub fn summary(&self) -> String {
        let mut lines = vec![
            format!(
                "{:<32}{:<24}{:>10}",
                "Layer (type)", "Output shape", "Params"
            ),
            "=".repeat(66),
        ];
        let mut total = 0;
        for layer in self.layers() {
            let shape = if self.is_built() {
                format!("[batch, {}", &format!("{:?}", layer.output_shape)[1..])
            } else {
                "?".into()
            };
            lines.push(format!(
                "{:<32}{shape:<24}{:>10}",
                format!("{} ({})", layer.name, layer.class_name),
                layer.params
            ));
            total += layer.params;
        }
        let trainable: usize = self
            .weights()
            .filter(|w| w.trainable)
            .map(|w| w.value.data().len())
            .sum();
        lines.push("=".repeat(66));
        lines.push(format!("Total params: {total}"));
        lines.push(format!("Trainable params: {trainable}"));
        lines.push(format!("Non-trainable params: {}", total - trainable));
        lines.join("\n")
    }
}
