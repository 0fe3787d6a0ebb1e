//! The weights of a model: all of them, by name, and from and to files.
use super::{Model, save};
use crate::base::error::{Result, bail};
use crate::nn::Weight;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::vec::Vec;

impl Model {
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
