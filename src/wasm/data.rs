//! Data sets on their way in.
use super::network::Network;
use super::shape;
use crate::Result;
use crate::base::error::bail;
use crate::learn::loss::{Loss, Targets};
use crate::learn::{self, Data, SampleWeights};
use crate::nn::Dims;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{rc::Rc, vec::Vec};
use wasm_bindgen::prelude::*;

/// Inputs of samples, handed over once.
#[wasm_bindgen]
pub struct Features(pub(super) Rc<learn::Features>);

#[wasm_bindgen]
impl Features {
    /// Values `[samples, …]`.
    ///
    /// # Errors
    /// No samples, NaN or an infinity, or a shape that does not fit.
    pub fn floats(values: Vec<f32>, lengths: &[u32]) -> Result<Features> {
        Ok(Features(Rc::new(learn::Features::values(Tensor::new(
            values,
            &shape(lengths),
        )?)?)))
    }

    /// Bytes that stand for `byte / 255`, with the shape of one sample.
    ///
    /// # Errors
    /// No samples, or bytes that are not whole samples.
    pub fn bytes(values: Vec<u8>, sample: &[u32]) -> Result<Features> {
        Ok(Features(Rc::new(learn::Features::bytes(
            values,
            &shape(sample),
        )?)))
    }

    /// How many samples.
    #[wasm_bindgen(getter)]
    pub fn length(&self) -> usize {
        self.0.len()
    }
}

/// Samples of a model: values for each of its inputs, what it should answer at each of its outputs, and how much each
/// sample counts.
#[wasm_bindgen]
#[derive(Default)]
pub struct Samples {
    pub(super) x: Vec<Rc<learn::Features>>,
    y: Vec<Tensor>,
    weights: SampleWeights,
}

#[wasm_bindgen]
impl Samples {
    /// None yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Samples {
        Samples::default()
    }

    /// The values for the next input.
    #[wasm_bindgen(js_name = addInput)]
    pub fn add_input(&mut self, x: &Features) {
        self.x.push(x.0.clone());
    }

    /// The targets for the next output: values `[samples, …]`, or class numbers.
    ///
    /// # Errors
    /// A shape that does not fit.
    #[wasm_bindgen(js_name = addTarget)]
    pub fn add_target(&mut self, values: Vec<f32>, lengths: &[u32]) -> Result<()> {
        self.y.push(Tensor::new(values, &shape(lengths))?);
        Ok(())
    }

    /// How much each sample counts, `[samples]`, or each of its steps, `[samples, steps]`: for all outputs, or, where it
    /// is called more than once, for the next one. Without values all count 1.
    ///
    /// # Errors
    /// A shape that does not fit.
    #[wasm_bindgen(js_name = addWeights)]
    pub fn add_weights(&mut self, values: Option<Vec<f32>>, lengths: &[u32]) -> Result<()> {
        let weights = values.map(|values| Tensor::new(values, &shape(lengths)));
        self.weights.push(weights.transpose()?);
        Ok(())
    }

    /// How many samples.
    #[wasm_bindgen(getter)]
    pub fn length(&self) -> usize {
        self.x.first().map_or(0, |x| x.len())
    }
}

impl Samples {
    /// The samples as the losses of a model want their targets; builds the model if need be.
    pub(super) fn data(&self, network: &mut Network) -> Result<Data> {
        let losses = network.0.losses()?.to_vec();
        let shapes: Vec<&[usize]> = self.x.iter().map(|x| x.sample_shape()).collect();
        network.0.prepare(&shapes)?;
        let outputs = network.0.model.output_dims()?;
        if self.y.len() != outputs.len() {
            bail!(
                Shape,
                "targets: the model has {} outputs, but targets for {} were given",
                outputs.len(),
                self.y.len()
            );
        }
        let mut targets = Vec::with_capacity(self.y.len());
        for (index, (values, dims)) in self.y.iter().zip(&outputs).enumerate() {
            let loss = losses.get(index).or(losses.first());
            let Some(loss) = loss else {
                bail!(State, "the model has no loss yet; call compile first")
            };
            targets.push(Rc::new(target(loss, values, dims)?));
        }
        Ok(Data {
            x: self.x.clone(),
            targets,
            weights: self.weights.clone(),
        })
    }
}

/// Targets whose last axis of length 1 is left out get it back, as in Keras.
fn target(loss: &Loss, values: &Tensor, output: &Dims) -> Result<Targets> {
    let own = values.shape().get(1..).unwrap_or_default();
    if let Some((Some(1), rest)) = output.split_last()
        && !loss.is_sparse()
        && Dims::new(rest.iter().copied()).takes(own)
    {
        let with_axis = values.reshape(&Shape::join(values.shape(), &[1])?)?;
        return Targets::for_loss(loss, with_axis);
    }
    Targets::for_loss(loss, values.clone())
}
