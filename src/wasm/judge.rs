//! Losses and metrics of tensors, outside of a model.
use super::failure::{FAILED, answer};
use super::slots;
use crate::base::error::{Result, bail};
use crate::base::json::{self, Value};
use crate::learn::loss::{Loss, Targets};
use crate::learn::metrics::Metric;
use crate::nn::Dims;
use crate::tensor::Tensor;
use alloc::{vec, vec::Vec};
use wasm_bindgen::prelude::*;

/// The tensor in a slot, or none where it is the number that is no slot.
fn optional(slot: u32) -> Result<Option<Tensor>> {
    match slot {
        FAILED => Ok(None),
        slot => slots::get(slot).map(Some),
    }
}

/// A loss of the predictions in a slot beside the targets in another, with weights if there are some; `settings` is
/// JSON, a name or `{ class_name, config }`. Gradients flow to predictions and targets.
#[wasm_bindgen(js_name = lossOf)]
pub fn loss_of(settings: &str, targets: u32, predictions: u32, weights: u32) -> u32 {
    answer(|| {
        let loss = Loss::from_json(&json::parse(settings)?)?;
        let predictions = slots::get(predictions)?;
        let mut targets = slots::get(targets)?;
        // A last axis of length 1 may be left out, as in Keras.
        if let Some((1, rest)) = predictions.shape().split_last()
            && **targets.shape() == *rest
            && !loss.is_sparse()
        {
            targets = targets.reshape(predictions.shape())?;
        }
        let targets = Targets::for_loss(&loss, targets)?;
        loss.weighted(&targets, &predictions, optional(weights)?.as_ref())
    })
}

/// A metric at work.
#[wasm_bindgen]
pub struct CoreMetric {
    settings: Value,
    /// It is known once targets and predictions have been seen: `accuracy` goes by their shapes.
    metric: Option<Metric>,
    sums: Vec<f64>,
}

impl CoreMetric {
    fn metric(&self, targets: &Tensor, predictions: &Tensor) -> Result<Metric> {
        // Targets with an axis less, or with a last one of length 1 beside several scores, are class numbers.
        let (rank, width) = (predictions.shape().len(), predictions.shape().last());
        let sparse = width.is_some_and(|&width| width > 1)
            && (targets.shape().len() < rank || targets.shape().last() == Some(&1));
        let loss = Loss::named(if sparse {
            "sparse_categorical_crossentropy"
        } else {
            "mean_squared_error"
        })?;
        let output = Dims::fixed(predictions.shape().get(1..).unwrap_or_default());
        Metric::from_json(&self.settings, &loss, &output)
    }
}

#[wasm_bindgen]
impl CoreMetric {
    /// A metric before its first batch; `settings` is JSON, a name or `{ class_name, config }`.
    ///
    /// # Errors
    /// An unknown name or key, or a value out of range.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str) -> Result<CoreMetric> {
        let settings = json::parse(settings)?;
        let loss = Loss::named("mean_squared_error")?;
        Metric::from_json(&settings, &loss, &Dims::fixed(&[1]))?;
        Ok(CoreMetric {
            settings,
            metric: None,
            sums: Vec::new(),
        })
    }

    /// Adds a batch: slots of targets, predictions and weights.
    ///
    /// # Errors
    /// Tensors that do not fit; nothing is added then.
    pub fn update(&mut self, targets: u32, predictions: u32, weights: u32) -> Result<()> {
        let (targets, predictions) = (slots::get(targets)?, slots::get(predictions)?);
        let metric = match &self.metric {
            Some(metric) => metric.clone(),
            None => self.metric(&targets, &predictions)?,
        };
        let mut sums = vec![0.0; metric.sums()];
        let (targets, weights) = (Targets::Values(targets.detach()), optional(weights)?);
        metric.add(&targets, &predictions.detach(), weights.as_ref(), &mut sums)?;
        self.sums.resize(sums.len(), 0.0);
        let both = self.sums.iter_mut().zip(&sums);
        both.for_each(|(sum, more)| *sum += more);
        self.metric = Some(metric);
        Ok(())
    }

    /// The value over all batches; 0 before the first.
    pub fn value(&self) -> f64 {
        let metric = self.metric.as_ref();
        metric.map_or(0.0, |metric| f64::from(metric.value(&self.sums)))
    }

    /// Forgets all batches.
    pub fn reset(&mut self) {
        self.metric = None;
        self.sums.clear();
    }

    /// The values of rows of the last axis, each for itself, as a slot.
    pub fn each(&self, targets: u32, predictions: u32) -> u32 {
        answer(|| {
            let (targets, predictions) = (slots::get(targets)?, slots::get(predictions)?);
            let metric = self.metric(&targets, &predictions)?;
            if predictions.shape().is_empty() {
                bail!(
                    Shape,
                    "expected predictions [samples, …], got a single value"
                );
            }
            let rows = predictions.shape().without(predictions.shape().len() - 1);
            metric.each(&Targets::Values(targets), &predictions, rows)
        })
    }
}
