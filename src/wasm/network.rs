//! Models.
use super::{data::Features, data::Labels, now, object, pair, seed, shape, whole};
use crate::base::error::{Result, bail};
use crate::base::json::{self, Decimal, Settings, Value, json};
use crate::learn::loss::{Loss, Targets};
use crate::learn::optim::Optimizer;
use crate::learn::{self, Compile, Trainer};
use crate::nn::Sequential;
use crate::parallel::alone_if;
use crate::tensor::Tensor;
use alloc::{string::String, vec::Vec};
use js_sys::{Array, Float32Array, Uint32Array};
use wasm_bindgen::prelude::*;

/// A sequential model with what it takes to train it.
#[wasm_bindgen]
pub struct Network(pub(super) Trainer);

/// The loss, then each metric.
pub(super) fn numbers(logs: &learn::Logs) -> Vec<f64> {
    [logs.loss]
        .iter()
        .chain(&logs.metrics)
        .map(|&value| f64::from(value))
        .collect()
}

/// Refuses batches whose intermediate values do not fit into memory: running out of it ends the instance.
pub(super) fn check_room(network: &Trainer, batch_size: usize, samples: usize) -> Result<()> {
    /// Values, gradients, and what ops remember or pack, for each value of a layer's output.
    const COPIES: f64 = 6.0;
    let batch = batch_size.min(samples);
    let size = |shape: &[usize]| shape.iter().product::<usize>() as f64;
    let layers: f64 = network
        .model
        .layers()
        .iter()
        .map(|layer| size(&layer.output_shape))
        .sum();
    let values = layers + network.model.input_shape().map_or(0.0, size);
    let bytes = values * batch as f64 * 4.0 * COPIES;
    // What is small fits, and asking takes time.
    if bytes > 64e6 && !super::can_reserve(bytes) {
        let megabytes = (bytes / 1e6) as u64;
        bail!(
            Value,
            "batches of {batch} samples need about {megabytes} MB, which do not fit into memory; choose a smaller batch_size"
        );
    }
    Ok(())
}

#[wasm_bindgen]
impl Network {
    /// A model without layers, whose randomness follows from `seed`.
    ///
    /// # Errors
    /// A seed that is not a whole number.
    #[wasm_bindgen(constructor)]
    pub fn new(from: f64) -> Result<Network> {
        Ok(Network(Trainer::new(Sequential::new(), seed(from)?)))
    }

    /// Adds a layer; `config` is JSON.
    ///
    /// # Errors
    /// See [`Sequential::add`].
    pub fn add(&mut self, class_name: &str, config: &str) -> Result<()> {
        self.0.model.add(class_name, json::parse(config)?)
    }

    /// Makes the weights, for samples of this shape or of that which the first layer names.
    ///
    /// # Errors
    /// See [`Sequential::build`].
    pub fn build(&mut self, sample: Option<Vec<u32>>) -> Result<()> {
        let from = self.0.seed();
        self.0
            .model
            .build(sample.map(|sample| shape(&sample)).as_deref(), from)
    }

    /// Whether the weights exist.
    #[wasm_bindgen(getter, js_name = isBuilt)]
    pub fn is_built(&self) -> bool {
        self.0.model.is_built()
    }

    /// The shape of a sample, once known.
    #[wasm_bindgen(getter, js_name = inputShape)]
    pub fn input_shape(&self) -> Option<Vec<u32>> {
        Some(
            self.0
                .model
                .input_shape()?
                .iter()
                .map(|&length| length as u32)
                .collect(),
        )
    }

    /// Names optimizer, loss and metrics, as JSON.
    ///
    /// # Errors
    /// Unknown names or keys, or values out of range.
    pub fn compile(&mut self, settings: &str) -> Result<()> {
        let settings = json::parse(settings)?;
        let settings = Settings::new("compile", &settings, &["optimizer", "loss", "metrics"])?;
        let (optimizer, loss) = (settings.required("optimizer")?, settings.required("loss")?);
        let (optimizer, loss) = (Optimizer::from_json(&optimizer)?, Loss::from_json(&loss)?);
        self.0.compile(Compile {
            optimizer,
            loss,
            metrics: settings.or("metrics", Vec::new())?,
        })
    }

    /// The layers: `{ name, className, outputShape, params, weights }`.
    ///
    /// # Errors
    /// None that can be reached.
    #[wasm_bindgen(
        unchecked_return_type = "{ name: string; className: string; outputShape: number[]; params: number; weights: number }[]"
    )]
    pub fn layers(&self) -> Result<JsValue> {
        let layers = self.0.model.layers();
        let lines: Vec<Value> = layers
            .into_iter()
            .enumerate()
            .map(|(index, layer)| {
                json!({
                    "name": layer.name,
                    "className": layer.class_name,
                    "outputShape": layer.output_shape,
                    "params": layer.params,
                    "weights": self.0.model.layer_weights(index).len()
                })
            })
            .collect();
        object(&lines.into())
    }

    /// All weights: `[name, values, shape, trainable]` each.
    #[wasm_bindgen(unchecked_return_type = "[string, Float32Array, Uint32Array, boolean][]")]
    pub fn weights(&self) -> Array {
        let weight = |weight: &crate::nn::Weight| {
            let parts = pair(weight.value.data(), weight.value.shape());
            Array::of4(
                &JsValue::from_str(&weight.name),
                &parts.get(0),
                &parts.get(1),
                &weight.trainable.into(),
            )
        };
        self.0.model.weights().map(weight).collect()
    }

    /// Replaces all weights.
    ///
    /// # Errors
    /// Another number of weights, other shapes, or values that are not finite; nothing is replaced then.
    #[wasm_bindgen(js_name = setWeights)]
    pub fn set_weights(
        &mut self,
        values: Vec<Float32Array>,
        shapes: Vec<Uint32Array>,
    ) -> Result<()> {
        let tensor = |(values, lengths): (&Float32Array, &Uint32Array)| {
            let values = values.to_vec();
            if let Some(odd) = values.iter().find(|value| !value.is_finite()) {
                bail!(
                    Value,
                    "set_weights: {} is not a finite number",
                    Decimal::from(*odd)
                );
            }
            Tensor::new(values, &shape(&lengths.to_vec()))
        };
        let tensors: Result<Vec<Tensor>> = values.iter().zip(&shapes).map(tensor).collect();
        self.0.model.set_weights(&tensors?)
    }

    /// The model's answers to all samples: `[values, shape]`.
    ///
    /// # Errors
    /// See [`Trainer::predict`].
    #[wasm_bindgen(unchecked_return_type = "[Float32Array, Uint32Array]")]
    pub fn predict(&self, x: &Features, batch_size: f64) -> Result<Array> {
        let batch_size = whole("batch_size", batch_size, 1)?;
        check_room(&self.0, batch_size, x.0.len())?;
        let answers = alone_if(self.0.pace.settled_alone(), || {
            self.0.predict(&x.0, batch_size)
        })?;
        Ok(pair(answers.data(), answers.shape()))
    }

    /// One step on one batch: its loss and metrics, with the weights before it.
    ///
    /// # Errors
    /// See [`Trainer::train_on_batch`].
    #[wasm_bindgen(js_name = trainOnBatch)]
    pub fn train_on_batch(&mut self, x: &Features, y: &Labels) -> Result<Vec<f64>> {
        let all: Vec<u32> = (0..x.0.len() as u32).collect();
        self.0.prepare(x.0.sample_shape())?;
        check_room(&self.0, all.len(), all.len())?;
        let targets = Targets::for_loss(self.0.loss()?, y.0.clone())?;
        let x = x.0.batch(&all)?;
        let begun = now();
        let logs = alone_if(self.0.pace.alone(), || self.0.train_on_batch(&x, &targets))?;
        self.0.pace.took(now() - begun);
        Ok(numbers(&logs))
    }

    /// The learning rate.
    ///
    /// # Errors
    /// The model is not compiled.
    #[wasm_bindgen(js_name = learningRate)]
    pub fn learning_rate(&mut self) -> Result<f32> {
        Ok(*self.0.optimizer()?.rule().learning_rate())
    }

    /// Changes the learning rate.
    ///
    /// # Errors
    /// The model is not compiled, or a rate that is negative or not finite.
    #[wasm_bindgen(js_name = setLearningRate)]
    pub fn set_learning_rate(&mut self, rate: f32) -> Result<()> {
        if !rate.is_finite() || rate < 0.0 {
            bail!(
                Value,
                "learning rate: expected a finite number of at least 0, got {}",
                Decimal::from(rate)
            );
        }
        *self.0.optimizer()?.rule().learning_rate() = rate;
        Ok(())
    }

    /// The architecture as JSON.
    #[wasm_bindgen(js_name = toJson)]
    pub fn to_json(&self) -> String {
        alloc::format!("{}", self.0.model.to_json())
    }

    /// The weights in the safetensors format.
    ///
    /// # Errors
    /// The model is not built.
    #[wasm_bindgen(js_name = saveWeights)]
    pub fn save_weights(&self) -> Result<Vec<u8>> {
        self.0.model.save_weights()
    }

    /// Loads weights from the safetensors format.
    ///
    /// # Errors
    /// See [`Sequential::load_weights`].
    #[wasm_bindgen(js_name = loadWeights)]
    pub fn load_weights(&mut self, bytes: &[u8]) -> Result<()> {
        self.0.model.load_weights(bytes)
    }
}
