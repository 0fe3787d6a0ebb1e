//! Models.
use super::custom::function;
use super::data::Samples;
use super::layer::{CoreLayer, CoreWeight, handles, summaries};
use super::optimizer::CoreOptimizer;
use super::{seed, slots, whole};
use crate::base::error::{Result, bail};
use crate::base::json::{self, Setting, Settings, Value};
use crate::learn::loss::Loss;
use crate::learn::metrics::MetricChoice;
use crate::learn::{self, Compile, Trainer};
use crate::memory::ask_in_all;
use crate::nn::{Dims, Layer, Member, Model};
use crate::parallel::alone_if;
use alloc::{format, rc::Rc, string::String, vec::Vec};
use js_sys::Array;
use wasm_bindgen::prelude::*;

/// A model with what it takes to train it.
#[wasm_bindgen]
pub struct Network(
    pub(super) Trainer,
    /// The model as a layer of others, once it was asked for.
    #[cfg_attr(
        not(feature = "functional"),
        allow(dead_code, reason = "models are never layers there")
    )]
    pub(super) Option<Member>,
);

/// The loss, the losses of the outputs where there are several, then each metric.
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
    let values = network.model.values_per_sample() as f64;
    let bytes = values * batch as f64 * 4.0 * COPIES;
    if ask_in_all("batch", bytes as u64).is_err() {
        let megabytes = (bytes / 1e6) as u64;
        bail!(
            Memory,
            "batches of {batch} samples need about {megabytes} MB, which do not fit into memory; choose a smaller batch_size"
        );
    }
    Ok(())
}

/// A name, or the number of a function of JavaScript: `{ "function": 3 }`.
fn function_id(value: &Value) -> Option<u32> {
    u32::read(&value["function"]).ok()
}

#[wasm_bindgen]
impl Network {
    /// A model to which layers are added in a row, whose randomness follows from a seed.
    ///
    /// # Errors
    /// A seed that is not a whole number.
    pub fn sequential(from: f64) -> Result<Network> {
        Ok(Network(
            Trainer::new(Model::sequential(), seed(from)?),
            None,
        ))
    }

    /// Its name, once it has one.
    pub fn name(&self) -> Option<String> {
        self.0.model.name()
    }

    /// Names it.
    #[wasm_bindgen(js_name = setName)]
    pub fn set_name(&self, name: &str) {
        self.0.model.set_name(name);
    }

    /// Adds a layer.
    ///
    /// # Errors
    /// See [`Model::add_member`].
    pub fn add(&self, layer: &CoreLayer) -> Result<()> {
        self.0.model.add_member(&layer.0)
    }

    /// Takes the last layer away.
    ///
    /// # Errors
    /// See [`Model::pop`].
    pub fn pop(&self) -> Result<()> {
        self.0.model.pop().map(drop)
    }

    /// Says of what shape a batch is, before the first layer is added, as JSON, and what the input is called.
    ///
    /// # Errors
    /// A model that has layers.
    #[wasm_bindgen(js_name = setInput)]
    pub fn set_input(&self, dims: &str, name: Option<String>) -> Result<()> {
        let dims = Dims::read_batched(&json::parse(dims)?)?;
        self.0.model.set_input(dims)?;
        if let Some(name) = name {
            self.0.model.name_input(&name);
        }
        Ok(())
    }

    /// Makes the weights that do not exist yet, for batches of this shape (JSON) or of that which the first layer names.
    ///
    /// # Errors
    /// See [`Model::build`].
    pub fn build(&self, batch: Option<String>) -> Result<()> {
        let dims = match batch {
            Some(text) => Some(Dims::read_batched(&json::parse(&text)?)?),
            None => None,
        };
        self.0.model.build(dims.as_ref(), self.0.seed())
    }

    /// See [`Model::missing_params`].
    ///
    /// # Errors
    /// A model that cannot be built.
    #[wasm_bindgen(js_name = missingParams)]
    pub fn missing_params(&self) -> Result<f64> {
        Ok(self.0.model.missing_params()? as f64)
    }

    /// Whether the weights exist.
    #[wasm_bindgen(getter, js_name = isBuilt)]
    pub fn is_built(&self) -> bool {
        self.0.model.is_built()
    }

    /// The shapes of samples, one for each input, as JSON; null before they are known.
    #[wasm_bindgen(js_name = inputDims)]
    pub fn input_dims(&self) -> String {
        format!("{}", Value::from(self.0.model.input_dims().ok()))
    }

    /// The shapes of output samples as JSON; null before they are known.
    #[wasm_bindgen(js_name = outputDims)]
    pub fn output_dims(&self) -> String {
        format!("{}", Value::from(self.0.model.output_dims().ok()))
    }

    /// The names of the inputs; none before they are known.
    #[wasm_bindgen(js_name = inputNames)]
    pub fn input_names(&self) -> Vec<String> {
        self.0.model.input_names().unwrap_or_default()
    }

    /// The names of the outputs; none before they are known.
    #[wasm_bindgen(js_name = outputNames)]
    pub fn output_names(&self) -> Vec<String> {
        self.0.model.output_names().unwrap_or_default()
    }

    /// Names losses, their weights and metrics, as JSON: `{ "losses": […], "loss_weights": […], "metrics": [[…], …] }`. A
    /// loss or metric is a name, `{ "class_name", "config" }`, or `{ "function": number }`; a metric that heeds the
    /// weights of samples is a list of one of these.
    ///
    /// # Errors
    /// Unknown names or keys, or values out of range.
    pub fn compile(&mut self, optimizer: &CoreOptimizer, settings: &str) -> Result<()> {
        let settings = json::parse(settings)?;
        let keys = ["losses", "loss_weights", "metrics"];
        let settings = Settings::new("compile", &settings, &keys)?;
        let (losses, metrics): (Vec<Value>, Vec<Vec<Value>>) = (
            settings.required("losses")?,
            settings.or("metrics", Vec::new())?,
        );
        let loss = |value: &Value| match function_id(value) {
            Some(id) => Ok(Loss::custom(function(id)?)),
            None => Loss::from_json(value),
        };
        let metric = |value: &Value| match function_id(value) {
            Some(id) => Ok(MetricChoice::Custom(function(id)?)),
            None if value["class_name"].as_str().is_some() => Ok(MetricChoice::Set(value.clone())),
            None => Ok(MetricChoice::Named(String::read(value)?)),
        };
        // One that goes by the weights of samples stands in a list of its own.
        let metric = |value: &Value| -> Result<MetricChoice> {
            match value.as_array() {
                Some([one]) => Ok(MetricChoice::Weighted(Rc::new(metric(one)?))),
                _ => metric(value),
            }
        };
        let metrics: Result<Vec<Vec<MetricChoice>>> = metrics
            .iter()
            .map(|output| output.iter().map(metric).collect())
            .collect();
        self.0.compile(Compile {
            optimizer: optimizer.0.clone(),
            losses: losses.iter().map(loss).collect::<Result<_>>()?,
            loss_weights: settings.or("loss_weights", Vec::new())?,
            metrics: metrics?,
        })
    }

    /// How many runs of training have begun, how many numbers layers have drawn in training, and how many each layer with
    /// a seed of its own has.
    pub fn generator(&self) -> Vec<f64> {
        let own = self.0.own_drawn().into_iter();
        let all = [self.0.runs(), self.0.drawn()].into_iter().chain(own);
        all.map(|count| count as f64).collect()
    }

    /// Goes on as after so many runs, and with so many numbers drawn.
    #[wasm_bindgen(js_name = setGenerator)]
    pub fn set_generator(&mut self, runs: f64, drawn: f64, own: &[f64]) {
        self.0.go_on(runs as u64, drawn as u64);
        let own: Vec<u64> = own.iter().map(|&count| count as u64).collect();
        self.0.go_on_own(&own);
    }

    /// How many samples each batch must have, where layers keep states from one batch to the next.
    #[wasm_bindgen(js_name = fixedBatch)]
    pub fn fixed_batch(&self) -> Option<usize> {
        self.0.model.fixed_batch()
    }

    /// The layers: `{ name, className, outputDims, params, weights, receives }`.
    ///
    /// # Errors
    /// None that can be reached.
    #[wasm_bindgen(
        unchecked_return_type = "{ name: string; className: string; outputDims: (number | null)[][]; params: number; weights: number; receives: string[]; batch: number | null }[]"
    )]
    pub fn layers(&self) -> Result<JsValue> {
        summaries(self.0.model.layers())
    }

    /// The layers themselves.
    #[wasm_bindgen(unchecked_return_type = "CoreLayer[]")]
    pub fn members(&self) -> Array {
        handles(self.0.model.members())
    }

    /// Lets training change its weights, or not: from the next step on.
    #[wasm_bindgen(js_name = setTrainable)]
    pub fn set_trainable(&self, trainable: bool) {
        let members = self.0.model.members();
        members
            .iter()
            .for_each(|member| member.set_trainable(trainable));
    }

    /// All weights, each once, layer by layer.
    pub fn weights(&self) -> Vec<CoreWeight> {
        self.0.model.weights().into_iter().map(CoreWeight).collect()
    }

    /// The model's answers to all samples: a slot for each output.
    ///
    /// # Errors
    /// See [`Trainer::predict`].
    pub fn predict(&mut self, samples: &Samples, batch_size: f64) -> Result<Vec<u32>> {
        let batch_size = whole("batch_size", batch_size, 1)?;
        let shapes: Vec<&[usize]> = samples.x.iter().map(|x| x.sample_shape()).collect();
        self.0.prepare(&shapes)?;
        check_room(&self.0, batch_size, samples.length())?;
        let answers = alone_if(self.0.pace.settled_alone(), || {
            self.0.predict(&samples.x, batch_size)
        })?;
        Ok(answers.into_iter().map(slots::put).collect())
    }

    /// The architecture as JSON.
    ///
    /// # Errors
    /// This build cannot write a model that is not a row of layers.
    #[wasm_bindgen(js_name = toJson)]
    pub fn to_json(&self) -> Result<String> {
        let json = self.0.model.to_json();
        if cfg!(not(feature = "functional")) && json == Value::Null {
            bail!(
                State,
                "model: this module was built without writing models that are not a row of layers"
            );
        }
        Ok(format!("{json}"))
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
    /// See [`Model::load_weights`].
    #[wasm_bindgen(js_name = loadWeights)]
    pub fn load_weights(&self, bytes: &[u8]) -> Result<()> {
        if !self.0.model.is_built() {
            self.0.model.build(None, self.0.seed())?;
        }
        self.0.model.load_weights(bytes)
    }

    /// Keras' class name.
    #[wasm_bindgen(js_name = className)]
    pub fn class_name(&self) -> String {
        self.0.model.class_name().into()
    }
}
