//! A model, and what it takes to train it.
mod step;

use super::criteria::{Answers, Compile, Criteria};
use super::optim::Optimizer;
use super::samples::indices;
use super::tally::{Logs, Tally};
use super::{Data, Evaluation, Features, Pace};
use crate::base::error::{Result, bail};
use crate::base::rng::Rng;
use crate::memory::ask_in_all;
use crate::nn::{Activation, Context, Dims, Effects, Member, Model, Seed, Tensors, Weight};
use crate::tensor::Tensor;
use crate::tensor::autograd::{Gradient, Gradients};
use alloc::{rc::Rc, string::String, vec::Vec};
use core::cell::{Cell, RefCell};

/// A model that can be trained.
pub struct Trainer {
    /// The layers and their weights.
    pub model: Model,
    /// Who does its steps; whoever has a clock asks, and tells how long they took.
    pub pace: Pace,
    compiled: Option<Compile>,
    rng: Rng,
    seed: u64,
    /// How many runs of training have begun: each goes through the samples in an order of its own.
    runs: u64,
    /// How many runs of training are under way: while there are any the model may not be compiled anew.
    under_way: Rc<Cell<usize>>,
    /// Room for a step's handles to the weights, for their gradients, and for what layers leave behind.
    leaves: Vec<Tensor>,
    gradients: Gradients,
    taken: Vec<Option<Gradient>>,
    effects: Effects,
    tally: Tally,
}

impl Trainer {
    /// A model whose weights, dropout and shuffling follow from `seed`.
    pub fn new(model: Model, seed: u64) -> Self {
        Trainer {
            model,
            pace: Pace::default(),
            compiled: None,
            rng: Self::generator(seed),
            seed,
            runs: 0,
            under_way: Rc::default(),
            leaves: Vec::new(),
            gradients: Gradients::default(),
            taken: Vec::new(),
            effects: Effects::default(),
            tally: Tally::default(),
        }
    }

    /// Takes back the tally of a step: room for that of the next.
    pub(in crate::learn) fn reuse(&mut self, tally: Tally) {
        self.tally = tally;
    }

    /// Names the optimizer, the losses and the metrics.
    ///
    /// # Errors
    /// Another number of losses than of outputs, an unknown metric, or a run of training that is under way.
    pub fn compile(&mut self, compile: Compile) -> Result<()> {
        if self.under_way.get() > 0 {
            bail!(
                State,
                "compile: the model is being trained; wait for the run to end, or stop it"
            );
        }
        if let Ok(outputs) = self.model.output_dims() {
            compile.criteria(&outputs)?;
        }
        self.compiled = Some(compile);
        Ok(())
    }

    /// Marks a run of training as under way, as long as the mark lives.
    pub(in crate::learn) fn begin_run(&mut self) -> Run {
        self.runs += 1;
        self.under_way.update(|count| count + 1);
        Run(self.under_way.clone())
    }

    /// How many runs of training have begun.
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// The run that has begun last goes on with one that was counted before.
    pub(in crate::learn) fn recall_run(&mut self) {
        self.runs = self.runs.saturating_sub(1);
    }

    /// How many numbers layers have drawn from the model's seed in training.
    pub fn drawn(&self) -> u64 {
        self.rng.drawn()
    }

    /// How many numbers each layer with a seed of its own has drawn, in the order of the layers.
    pub fn own_drawn(&self) -> Vec<u64> {
        let drawn = |seeded: Member| seeded.layer().seed().and_then(Seed::drawn);
        self.all_members().into_iter().filter_map(drawn).collect()
    }

    /// Lets layers with seeds of their own go on as after so many numbers.
    pub fn go_on_own(&self, drawn: &[u64]) {
        let all = self.all_members();
        let seeds = all.iter().filter_map(|member| member.layer().seed());
        let own = seeds.filter(|seed| seed.drawn().is_some());
        own.zip(drawn).for_each(|(seed, &drawn)| seed.go_on(drawn));
    }

    /// The layers, and those inside them.
    fn all_members(&self) -> Vec<Member> {
        let mut all = self.model.members();
        let mut at = 0;
        while at < all.len() {
            let inner = all[at].inner();
            all.extend(inner);
            at += 1;
        }
        all
    }

    /// Goes on as after so many runs, and with so many numbers drawn.
    pub fn go_on(&mut self, runs: u64, drawn: u64) {
        self.runs = runs;
        self.rng = Self::generator(self.seed);
        self.rng.skip(drawn);
    }

    fn generator(seed: u64) -> Rng {
        Rng::new(seed ^ 0x006d_6170_6c69_6e67)
    }

    /// The optimizer at work.
    ///
    /// # Errors
    /// Not compiled.
    pub fn optimizer(&self) -> Result<&Rc<RefCell<Optimizer>>> {
        Ok(&self.compiled()?.optimizer)
    }

    /// What is minimised at the outputs, in their order; one for all where there is one.
    ///
    /// # Errors
    /// Not compiled.
    pub fn losses(&self) -> Result<&[super::loss::Loss]> {
        Ok(&self.compiled()?.losses)
    }

    /// What the model is judged by.
    ///
    /// # Errors
    /// Not compiled, or losses and metrics that do not fit the outputs.
    pub(crate) fn criteria(&self) -> Result<Criteria> {
        self.compiled()?.criteria(&self.model.output_dims()?)
    }

    fn compiled(&self) -> Result<&Compile> {
        match &self.compiled {
            Some(compiled) => Ok(compiled),
            None => bail!(State, "the model has no loss yet; call compile first"),
        }
    }

    /// The seed given.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The seed from which the order of samples of a run, by its number, follows: another one for each run.
    pub(in crate::learn) fn run_seed(&self, run: u64) -> u64 {
        self.seed
            .wrapping_add(run.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// Builds the model for these samples, if that has not happened.
    ///
    /// # Errors
    /// See [`Model::build`] and [`Model::check_inputs`].
    pub fn prepare(&mut self, samples: &[&[usize]]) -> Result<()> {
        self.build_for(samples)?;
        self.model.check_inputs(samples)
    }

    /// The same for a call of the model, which finds out itself what it can be called on.
    ///
    /// # Errors
    /// See [`Model::build`].
    pub fn build_for(&mut self, samples: &[&[usize]]) -> Result<()> {
        if self.model.is_built() {
            return Ok(());
        }
        let dims = samples.first().map(|&sample| Dims::fixed(sample));
        self.model.build(dims.as_ref(), self.seed)
    }

    /// One step on one batch: forward, loss, gradients, update. The logs belong to the weights before it.
    ///
    /// # Errors
    /// Data that do not fit, or too little memory; no weight is changed then.
    pub fn train_on_batch(&mut self, batch: &Data) -> Result<Logs> {
        let (criteria, tally) = self.step_on(batch)?;
        Ok(criteria.logs(&tally))
    }

    /// One step on one batch, which is checked: what it was judged by, and what it adds to the means of an epoch.
    pub(in crate::learn) fn step_on(&mut self, batch: &Data) -> Result<(Criteria, Tally)> {
        let criteria = self.check(batch)?;
        self.check_batches(batch.len(), batch.len())?;
        let all = indices("batch", 0..batch.len())?;
        let (x, mut targets) = (batch.inputs(&all)?, Vec::new());
        batch.targets_into(&all, &mut targets)?;
        let tally = self.step(&x, &targets, &batch.weights, &criteria)?;
        Ok((criteria, tally))
    }

    /// Refuses data that do not fit the model; builds it if need be.
    ///
    /// # Errors
    /// Says what does not fit.
    pub(in crate::learn) fn check(&mut self, data: &Data) -> Result<Criteria> {
        self.compiled()?;
        data.check()?;
        let samples: Vec<&[usize]> = data.x.iter().map(|x| x.sample_shape()).collect();
        self.prepare(&samples)?;
        let criteria = self.criteria()?;
        criteria.check(data, &self.model.output_dims()?)?;
        Ok(criteria)
    }

    /// Refuses batches of other sizes than stateful layers take.
    pub(in crate::learn) fn check_batches(&self, samples: usize, batch_size: usize) -> Result<()> {
        self.model.built()?.check_batches(samples, batch_size)
    }

    /// The loss of one batch, and its gradient for each weight that training may change and that the loss depends on,
    /// under the weight's path: what a step of training would use. Nothing changes: the step that comes draws what it
    /// would have drawn.
    ///
    /// # Errors
    /// As for [`train_on_batch`](Trainer::train_on_batch).
    pub fn gradients(&mut self, batch: &Data) -> Result<(f32, Vec<(String, Tensor)>)> {
        let criteria = self.check(batch)?;
        self.check_batches(batch.len(), batch.len())?;
        let all = indices("batch", 0..batch.len())?;
        let (x, mut targets) = (batch.inputs(&all)?, Vec::new());
        batch.targets_into(&all, &mut targets)?;
        let (rng, own) = (self.rng.clone(), self.own_drawn());
        let found = self.differentiate(&x, &targets, &batch.weights, &criteria);
        self.rng = rng;
        self.go_on_own(&own);
        let found = found?;
        let both = found.built.weights.iter().zip(&found.leaves);
        let gradient = |(weight, leaf): (&Weight, &Tensor)| {
            Some((weight.name().into(), found.gradients.get(leaf)?))
        };
        Ok((found.loss, both.filter_map(gradient).collect()))
    }

    /// What the model gives for a batch as in inference, before its last activations; layers leave in `effects` what
    /// they add to the loss.
    pub(in crate::learn) fn infer(&self, x: &[Tensor], effects: &mut Effects) -> Result<Answers> {
        let built = self.model.built()?;
        // Whether weights are finite is looked at once for all batches that meet them.
        let values: Vec<Tensor> = built.weights.iter().map(|weight| weight.value()).collect();
        values.iter().for_each(Tensor::look_over);
        let mut rng = Rng::new(0);
        let mut context = Context::new(false, &mut rng, effects);
        let (raw, masks) = built.run(x, &values, &mut context, true)?;
        Ok(Answers {
            raw,
            activations: built.activations(),
            masks,
        })
    }

    /// The loss of a batch in inference with what weights and outputs add to it: Keras' loss of an evaluation.
    pub(in crate::learn) fn penalized(
        &self,
        loss: Tensor,
        effects: &mut Effects,
    ) -> Result<Tensor> {
        let built = self.model.built()?;
        let values: Vec<Tensor> = built.weights.iter().map(|weight| weight.value()).collect();
        step::penalized(loss, &built, &values, effects)
    }

    /// The loss and metrics over a data set, as in inference.
    ///
    /// # Errors
    /// Data that do not fit, a batch size of 0, or a model that is not compiled.
    pub fn evaluate(&mut self, data: &Data, batch_size: usize) -> Result<Logs> {
        let mut evaluation = Evaluation::new(self, data, batch_size)?;
        while !evaluation.step(self, data)? {}
        Ok(evaluation.logs())
    }

    /// The model's answers to all samples, `[samples, …]` for each output.
    ///
    /// # Errors
    /// Samples of another shape, a batch size of 0, or too little memory for the answers.
    pub fn predict(&self, x: &[Rc<Features>], batch_size: usize) -> Result<Tensors> {
        let samples: Vec<&[usize]> = x.iter().map(|x| x.sample_shape()).collect();
        self.model.check_inputs(&samples)?;
        check_batch_size(batch_size)?;
        let count = x.first().map_or(0, |x| x.len());
        self.check_batches(count, batch_size)?;
        let outputs: usize = self.model.output_dims()?.iter().map(Dims::size).sum();
        // All answers lie there twice when they are put together.
        let values = (count as u64).saturating_mul(outputs as u64);
        ask_in_all("predict", values.saturating_mul(8))?;
        let indices = indices("predict", 0..count)?;
        let mut answers: Vec<Vec<Tensor>> = Vec::new();
        for batch in indices.chunks(batch_size) {
            let inputs: Result<Tensors> = x.iter().map(|x| x.batch(batch)).collect();
            let outputs = self.model.forward(&inputs?)?;
            answers.resize_with(outputs.len(), Vec::new);
            let both = answers.iter_mut().zip(outputs);
            both.for_each(|(all, output)| all.push(output));
        }
        answers
            .iter()
            .map(|parts| Tensor::concat_values(parts))
            .collect()
    }
}

/// A run of training under way; it ends with this mark.
pub(in crate::learn) struct Run(Rc<Cell<usize>>);

impl Drop for Run {
    fn drop(&mut self) {
        self.0.update(|count| count - 1);
    }
}

pub(in crate::learn) fn check_batch_size(batch_size: usize) -> Result<()> {
    if batch_size == 0 {
        bail!(Value, "batch size must be at least 1, but is 0");
    }
    Ok(())
}

/// The answers after their last activations.
pub(in crate::learn) fn activated(answers: &Answers) -> Result<Tensors> {
    let both = answers.raw.iter().zip(&answers.activations);
    both.map(|(raw, activation): (&Tensor, &Activation)| activation.apply(raw))
        .collect()
}
