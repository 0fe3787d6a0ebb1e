//! Looking inside a model.
use super::data::Samples;
use super::network::{Network, check_room};
use crate::base::error::{Result, bail};
use crate::nn;
use crate::tensor::Tensor;
use alloc::{string::String, vec::Vec};
use js_sys::{Array, Float32Array};
use wasm_bindgen::prelude::*;

/// What a model computes for some samples, layer by layer, and how its scores depend on that.
#[wasm_bindgen]
pub struct Inspection(nn::Inspection);

#[wasm_bindgen]
impl Inspection {
    /// Computes everything inside the model for all of these samples at once.
    ///
    /// # Errors
    /// Samples that it cannot take, or too little memory.
    #[wasm_bindgen(constructor)]
    pub fn new(network: &Network, samples: &Samples) -> Result<Inspection> {
        let count = samples.length();
        check_room(&network.0, count, count)?;
        let all: Vec<u32> = (0..count as u32).collect();
        let inputs: Result<Vec<Tensor>> = samples.x.iter().map(|x| x.batch(&all)).collect();
        Ok(Inspection(network.0.model.inspect(&inputs?)?))
    }

    /// The names of the layers that were called, in the order of the calls.
    pub fn names(&self) -> Vec<String> {
        let results = self.0.results().iter();
        results.map(|(name, _)| name.clone()).collect()
    }

    /// The shape of what a call gave.
    pub fn shape(&self, place: usize) -> Vec<u32> {
        let result = self.0.results().get(place);
        let shape = result.map(|(_, result)| &result.shape()[..]);
        shape
            .unwrap_or_default()
            .iter()
            .map(|&n| n as u32)
            .collect()
    }

    /// What a call gave.
    ///
    /// # Errors
    /// There was no such call.
    pub fn values(&self, place: usize) -> Result<Float32Array> {
        match self.0.results().get(place) {
            Some((_, result)) => Ok(result.data().into()),
            None => bail!(Value, "inspect: there is no layer {place}"),
        }
    }

    /// The first output before its last activation.
    pub fn scores(&self) -> Float32Array {
        self.0.scores().data().into()
    }

    /// How the scores of a class, summed over the samples, change with what a call gave, or with the first input where
    /// no call is named.
    ///
    /// # Errors
    /// A class or a call that does not exist, or too little memory.
    pub fn gradient(&self, class: usize, place: Option<usize>) -> Result<Float32Array> {
        Ok(self.0.gradient(place, class)?.data().into())
    }
}

#[wasm_bindgen]
impl Network {
    /// The loss of a batch, and the path and the values of its gradient for each weight that training changes. Nothing
    /// is learned, and what training draws afterwards is what it would have drawn.
    ///
    /// # Errors
    /// A model that is not compiled, or samples that it cannot take.
    #[wasm_bindgen(js_name = lossGradients)]
    pub fn loss_gradients(&mut self, samples: &Samples) -> Result<Array> {
        let data = samples.data(self)?;
        check_room(&self.0, data.len(), data.len())?;
        let (loss, gradients) = self.0.gradients(&data)?;
        let all = Array::of1(&loss.into());
        for (name, gradient) in gradients {
            all.push(&Array::of2(
                &name.into(),
                &Float32Array::from(gradient.data()),
            ));
        }
        Ok(all)
    }
}
