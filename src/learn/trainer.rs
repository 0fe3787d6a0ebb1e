//! A model, and what it takes to train it.
use super::criteria::{Answers, Compile, Criteria};
use super::loss::Targets;
use super::optim::Optimizer;
use super::samples::indices;
use super::tally::{Logs, Tally};
use super::{Data, Evaluation, Features, Pace};
use crate::base::error::{Result, bail};
use crate::base::rng::Rng;
use crate::memory::ask_in_all;
use crate::nn::{Activation, Built, Context, Dims, Effects, Member, Model, Seed, Tensors, Weight};
use crate::tensor::Tensor;
use crate::tensor::autograd::{Gradient, Gradients};
use crate::tensor::shape::Shape;
use alloc::{rc::Rc, string::String, vec::Vec};
use core::cell::{Cell, RefCell};
use core::mem::take;

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
    pub(super) fn reuse(&mut self, tally: Tally) {
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
    pub(super) fn begin_run(&mut self) -> Run {
        self.runs += 1;
        self.under_way.update(|count| count + 1);
        Run(self.under_way.clone())
    }

    /// How many runs of training have begun.
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// The run that has begun last goes on with one that was counted before.
    pub(super) fn recall_run(&mut self) {
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
    pub(super) fn run_seed(&self, run: u64) -> u64 {
        self.seed
            .wrapping_add(run.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// Builds the model for these samples, if that has not happened.
    ///
    /// # Errors
    /// See [`Model::build`] and [`Model::check_inputs`].
    pub fn prepare(&mut self, samples: &[&[usize]]) -> Result<()> {
        if !self.model.is_built() {
            let dims = samples.first().map(|&sample| Dims::fixed(sample));
            self.model.build(dims.as_ref(), self.seed)?;
        }
        self.model.check_inputs(samples)
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
    pub(super) fn step_on(&mut self, batch: &Data) -> Result<(Criteria, Tally)> {
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
    pub(super) fn check(&mut self, data: &Data) -> Result<Criteria> {
        self.compiled()?;
        data.check()?;
        let samples: Vec<&[usize]> = data.x.iter().map(|x| x.sample_shape()).collect();
        self.prepare(&samples)?;
        let criteria = self.criteria()?;
        criteria.check(data, &self.model.output_dims()?)?;
        Ok(criteria)
    }

    /// Refuses batches of other sizes than stateful layers take.
    pub(super) fn check_batches(&self, samples: usize, batch_size: usize) -> Result<()> {
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

    /// The loss of a batch and its gradients; what layers change is left in the effects.
    fn differentiate(
        &mut self,
        x: &[Tensor],
        targets: &[Targets],
        weights: &[Option<Tensor>],
        criteria: &Criteria,
    ) -> Result<Differentiated> {
        let built = self.model.built()?;
        let mut leaves = take(&mut self.leaves);
        leaves.clear();
        leaves.extend(built.weights.iter().map(|weight| weight.leaf()));
        self.effects.clear();
        let mut context = Context::new(true, &mut self.rng, &mut self.effects);
        let (raw, masks) = built.run(x, &leaves, &mut context, true)?;
        let answers = Answers {
            raw,
            activations: built.activations(),
            masks,
        };
        let (mut loss, each) = criteria.loss(&answers, targets, weights)?;
        loss = penalized(loss, &built, &leaves, &mut self.effects)?;
        let gradients = loss.backward_late_in(take(&mut self.gradients))?;
        let samples = x.first().map_or(0, |x| x.shape()[0]);
        let mut tally = take(&mut self.tally).batch(samples, loss.item()?, &each);
        criteria.judge(&answers, targets, weights, &mut tally)?;
        Ok(Differentiated {
            built,
            leaves,
            gradients,
            loss: loss.item()?,
            tally,
        })
    }

    /// As [`train_on_batch`](Trainer::train_on_batch) for data that have been checked.
    pub(super) fn step(
        &mut self,
        x: &[Tensor],
        targets: &[Targets],
        weights: &[Option<Tensor>],
        criteria: &Criteria,
    ) -> Result<Tally> {
        let optimizer = self.compiled()?.optimizer.clone();
        let found = self.differentiate(x, targets, weights, criteria)?;
        let (built, mut leaves, mut gradients) = (found.built, found.leaves, found.gradients);
        let mut taken = take(&mut self.taken);
        taken.clear();
        // With the graph and its handle gone a weight has one owner again, and changes in place.
        taken.extend(leaves.drain(..).map(|leaf| gradients.take(&leaf)));
        make_room(&built.weights, &taken, &mut optimizer.borrow_mut())?;
        optimizer.borrow_mut().begin_step(&mut taken)?;
        for (place, value) in self.effects.updates.drain(..) {
            built.weight_at(place).set(&value)?;
        }
        // A constraint that is a function of the user's may fail in the middle of the step.
        let before: Option<Vec<Tensor>> = built
            .weights
            .iter()
            .any(Weight::has_own_constraint)
            .then(|| built.weights.iter().map(Weight::value).collect());
        for (weight, gradient) in built.weights.iter().zip(taken.drain(..)) {
            if let Some(gradient) = gradient {
                let key = weight.key();
                let changed = weight.change(|value| {
                    let row = row_of(value.shape());
                    // Not longer: a constraint of the user's may ask the optimizer for its settings.
                    let mut optimizer = optimizer.borrow_mut();
                    optimizer.update(key, value.make_mut()?, row, &gradient)
                });
                if let (Err(_), Some(before)) = (&changed, before.as_ref()) {
                    let both = built.weights.iter().zip(before);
                    both.for_each(|(weight, value)| weight.put_back(value.clone()));
                }
                changed?;
            }
        }
        (self.leaves, self.gradients, self.taken) = (leaves, gradients, taken);
        self.effects.settle();
        Ok(found.tally)
    }

    /// What the model gives for a batch as in inference, before its last activations; layers leave in `effects` what
    /// they add to the loss.
    pub(super) fn infer(&self, x: &[Tensor], effects: &mut Effects) -> Result<Answers> {
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
    pub(super) fn penalized(&self, loss: Tensor, effects: &mut Effects) -> Result<Tensor> {
        let built = self.model.built()?;
        let values: Vec<Tensor> = built.weights.iter().map(|weight| weight.value()).collect();
        penalized(loss, &built, &values, effects)
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

/// A batch's loss with what the weights, which have these values, and the layers' outputs add to it.
fn penalized(
    mut loss: Tensor,
    built: &Built,
    values: &[Tensor],
    effects: &mut Effects,
) -> Result<Tensor> {
    for (weight, value) in built.weights.iter().zip(values) {
        // Keras: what does not change adds nothing.
        if weight.trainable()
            && let Some(penalty) = weight.penalty(value)?
        {
            loss = loss.add(&penalty)?;
        }
    }
    for penalty in effects.penalties.drain(..) {
        loss = loss.add(&penalty)?;
    }
    Ok(loss)
}

/// Finds the memory that a step needs before anything changes: a step that cannot be done whole is not begun.
fn make_room(
    weights: &[Weight],
    gradients: &[Option<Gradient>],
    optimizer: &mut Optimizer,
) -> Result<()> {
    let changing = || {
        let both = weights.iter().zip(gradients);
        both.filter_map(|(weight, gradient)| Some((weight, gradient.as_ref()?)))
    };
    for (weight, _) in changing() {
        optimizer.make_room(weight.key(), weight.shape().size())?;
        weight.own()?;
    }
    for (weight, gradient) in changing() {
        optimizer.ask_for_scratch(row_of(&weight.shape()), gradient)?;
        weight.ask_for_constraint()?;
    }
    Ok(())
}

/// How long a weight's rows are.
fn row_of(shape: &Shape) -> usize {
    shape.last().copied().unwrap_or(1)
}

/// The gradients of a batch's loss.
struct Differentiated {
    built: Rc<Built>,
    /// The weights as leaves of the loss's graph.
    leaves: Vec<Tensor>,
    gradients: Gradients,
    loss: f32,
    tally: Tally,
}

/// A run of training under way; it ends with this mark.
pub(super) struct Run(Rc<Cell<usize>>);

impl Drop for Run {
    fn drop(&mut self) {
        self.0.update(|count| count - 1);
    }
}

pub(super) fn check_batch_size(batch_size: usize) -> Result<()> {
    if batch_size == 0 {
        bail!(Value, "batch size must be at least 1, but is 0");
    }
    Ok(())
}

/// The answers after their last activations.
pub(super) fn activated(answers: &Answers) -> Result<Tensors> {
    let both = answers.raw.iter().zip(&answers.activations);
    both.map(|(raw, activation): (&Tensor, &Activation)| activation.apply(raw))
        .collect()
}
