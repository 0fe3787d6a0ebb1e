//! What a model is judged by: a loss and metrics for each output.
use super::Data;
use super::loss::{Loss, Reduction, Targets};
use super::metrics::{Metric, MetricChoice};
use super::optim::Optimizer;
use super::samples::weights_at;
use super::tally::{Logs, Tally};
use crate::base::error::{Result, bail};
use crate::nn::{Activation, Dims, Masks, Tensors};
use crate::tensor::Tensor;
use alloc::{rc::Rc, vec::Vec};
use core::cell::RefCell;
use smallvec::SmallVec;

/// What [`Trainer::compile`](super::Trainer::compile) takes.
pub struct Compile {
    /// How weights move; others may hold it too, and change its settings.
    pub optimizer: Rc<RefCell<Optimizer>>,
    /// What is minimised: a loss for each output, or one for all.
    pub losses: Vec<Loss>,
    /// How much the loss of each output counts; empty where all count 1.
    pub loss_weights: Vec<f32>,
    /// Metrics for each output, or once for all.
    pub metrics: Vec<Vec<MetricChoice>>,
}

impl Compile {
    /// One loss, no metrics.
    pub fn new(optimizer: impl Into<Optimizer>, loss: Loss) -> Self {
        Compile {
            optimizer: Rc::new(RefCell::new(optimizer.into())),
            losses: [loss].into(),
            loss_weights: Vec::new(),
            metrics: Vec::new(),
        }
    }

    /// The same with these metrics for every output.
    #[must_use]
    pub fn metrics<M: Into<MetricChoice>>(self, metrics: impl IntoIterator<Item = M>) -> Self {
        let metrics = metrics.into_iter().map(Into::into).collect();
        Compile {
            metrics: [metrics].into(),
            ..self
        }
    }

    /// The criteria for a model with these outputs.
    ///
    /// # Errors
    /// Another number of losses, weights or lists of metrics than of outputs, or an unknown metric.
    pub(crate) fn criteria(&self, outputs: &[Dims]) -> Result<Criteria> {
        let count = outputs.len();
        let fits = |what: &str, given: usize, least: usize| {
            if given != 1 && given != count && given > least {
                bail!(
                    Value,
                    "compile: {what}: the model has {count} outputs, but {given} were given"
                );
            }
            Ok(())
        };
        fits("loss", self.losses.len(), 0)?;
        fits("metrics", self.metrics.len(), 0)?;
        if !self.loss_weights.is_empty() && self.loss_weights.len() != count {
            bail!(
                Value,
                "compile: loss_weights: the model has {count} outputs, but {} were given",
                self.loss_weights.len()
            );
        }
        let mut criteria = Criteria {
            outputs: Vec::new(),
        };
        for (index, dims) in outputs.iter().enumerate() {
            let loss = match &self.losses[..] {
                [one] => one.clone(),
                all => match all.get(index) {
                    Some(loss) => loss.clone(),
                    None => bail!(Value, "compile: loss: at least one is expected"),
                },
            };
            if loss.reduction == Reduction::None {
                bail!(
                    Value,
                    "compile: loss: reduction `none` leaves many numbers, but only one can be minimised"
                );
            }
            let choices = match &self.metrics[..] {
                [one] => &one[..],
                all => all.get(index).map_or(&[][..], |metrics| metrics),
            };
            let metrics: Result<Vec<Metric>> = choices
                .iter()
                .map(|choice| choice.metric(&loss, dims))
                .collect();
            criteria.outputs.push(Criterion {
                loss,
                share: self.loss_weights.get(index).copied().unwrap_or(1.0),
                metrics: metrics?,
            });
        }
        Ok(criteria)
    }
}

/// What one output is judged by.
pub(crate) struct Criterion {
    pub(crate) loss: Loss,
    share: f32,
    metrics: Vec<Metric>,
}

/// What the outputs of a model are judged by.
pub(crate) struct Criteria {
    pub(crate) outputs: Vec<Criterion>,
}

/// The outputs of a model for a batch: before their last activations, with those and their masks.
pub(crate) struct Answers {
    pub(crate) raw: Tensors,
    pub(crate) activations: SmallVec<[Activation; 4]>,
    pub(crate) masks: Masks,
}

impl Criteria {
    /// Refuses targets and weights that cannot belong to the samples of a model with these outputs.
    ///
    /// # Errors
    /// Says what does not fit.
    pub(crate) fn check(&self, data: &Data, outputs: &[Dims]) -> Result<()> {
        let targets = &data.targets;
        if targets.len() != self.outputs.len() {
            bail!(
                Shape,
                "targets: the model has {} outputs, but targets for {} were given",
                self.outputs.len(),
                targets.len()
            );
        }
        if data.weights.len() > 1 && data.weights.len() != self.outputs.len() {
            bail!(
                Shape,
                "sample_weight: the model has {} outputs, but weights for {} were given",
                self.outputs.len(),
                data.weights.len()
            );
        }
        for (index, ((targets, criterion), dims)) in
            targets.iter().zip(&self.outputs).zip(outputs).enumerate()
        {
            targets.check(&criterion.loss, data.len(), dims)?;
            // What losses of one's own give for a sample is known when they are called.
            if let Some(weights) = weights_at(&data.weights, index)
                && let Some(&steps) = weights.shape().get(1)
                && !criterion.loss.is_custom()
                && (dims.len() < 2 || dims[0].is_some_and(|length| length != steps))
            {
                bail!(
                    Shape,
                    "sample_weight: there are {steps} weights for the steps of each sample, but outputs are {dims:?}"
                );
            }
        }
        Ok(())
    }

    /// All metrics, output by output.
    pub(crate) fn metrics(&self) -> impl Iterator<Item = &Metric> {
        self.outputs.iter().flat_map(|output| &output.metrics)
    }

    /// How many losses of outputs there are besides the loss: none where there is one output.
    pub(crate) fn losses(&self) -> usize {
        match self.outputs.len() {
            1 => 0,
            several => several,
        }
    }

    /// How many numbers logs hold besides the loss.
    pub(crate) fn columns(&self) -> usize {
        self.losses() + self.metrics().count()
    }

    /// How many numbers a tally is: samples, losses, and the sums of metrics.
    pub(crate) fn sums(&self) -> usize {
        2 + self.losses() + self.metrics().map(Metric::sums).sum::<usize>()
    }

    /// The means of a tally.
    pub(crate) fn logs(&self, tally: &Tally) -> Logs {
        tally.logs(self.metrics())
    }

    /// The loss of a batch, and that of each output.
    ///
    /// # Errors
    /// Targets that do not fit.
    pub(crate) fn loss(
        &self,
        answers: &Answers,
        targets: &[Targets],
        weights: &[Option<Tensor>],
    ) -> Result<(Tensor, SmallVec<[f32; 4]>)> {
        let (mut total, mut each): (Option<Tensor>, _) = (None, SmallVec::new());
        for (index, criterion) in self.outputs.iter().enumerate() {
            let mask = answers.masks.get(index).and_then(Option::as_ref);
            let weights = masked(weights_at(weights, index), mask)?;
            let (raw, activation) = (&answers.raw[index], answers.activations[index]);
            let loss = criterion
                .loss
                .of_raw(&targets[index], raw, activation, weights.as_ref())?;
            if self.outputs.len() > 1 {
                each.push(loss.item()?);
            }
            let share = match criterion.share {
                1.0 => loss,
                share => loss.scale(share),
            };
            total = Some(match total {
                None => share,
                Some(total) => total.add(&share)?,
            });
        }
        match total {
            Some(total) => Ok((total, each)),
            None => bail!(State, "the model has no outputs"),
        }
    }

    /// Adds the sums of metrics to a batch's tally.
    ///
    /// # Errors
    /// Targets that do not fit.
    pub(crate) fn judge(
        &self,
        answers: &Answers,
        targets: &[Targets],
        weights: &[Option<Tensor>],
        tally: &mut Tally,
    ) -> Result<()> {
        for (index, criterion) in self.outputs.iter().enumerate() {
            if criterion.metrics.is_empty() {
                continue;
            }
            let activation = answers.activations[index];
            let mut prediction = answers.raw[index].detach();
            let left_out = activation == Activation::Softmax
                && criterion.metrics.iter().all(Metric::goes_by_order);
            if !left_out {
                prediction = activation.apply(&prediction)?;
            }
            for metric in &criterion.metrics {
                // Steps that a mask leaves out count in no metric. Samples count by their weights where that is asked for.
                let mask = answers.masks.get(index).and_then(Option::as_ref);
                let own = match metric.is_weighted() {
                    true => masked(weights_at(weights, index), mask)?,
                    false => mask.cloned(),
                };
                let sums = tally.sums_of(metric);
                metric.add(&targets[index], &prediction, own.as_ref(), sums)?;
            }
        }
        Ok(())
    }
}

/// The weights of steps of which some do not count: what is left counts as much as all would, as in Keras.
fn masked(weights: Option<&Tensor>, mask: Option<&Tensor>) -> Result<Option<Tensor>> {
    let Some(mask) = mask else {
        return Ok(weights.cloned());
    };
    let counted: f32 = mask.data().iter().sum();
    let mask = mask
        .room_for("sample_weight")?
        .scale(mask.data().len() as f32 / (counted + 1e-7));
    Ok(Some(match weights {
        None => mask,
        Some(weights) if weights.shape().len() < mask.shape().len() => {
            let samples = weights.shape()[0];
            mask.mul(&weights.reshape(&[samples, 1])?)?
        }
        Some(weights) => mask.mul(weights)?,
    }))
}
