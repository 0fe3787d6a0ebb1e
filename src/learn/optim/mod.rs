//! How weights move along their gradients. Names, defaults and arithmetic are Keras'.
use crate::base::error::{Result, bail, left_out};
use crate::base::json::{Decimal, Value};
use crate::base::names::plain;
use crate::memory::{Buffer, ask_for};
use crate::tensor::autograd::Gradient;
use alloc::{boxed::Box, rc::Rc, vec::Vec};
use core::cell::RefCell;

mod adadelta;
mod adagrad;
mod adam;
mod adamax;
mod clip;
mod lion;
mod nadam;
mod piecewise;
mod rmsprop;
mod rule;
mod schedule;
mod sgd;
mod state;

pub use adadelta::Adadelta;
pub use adagrad::Adagrad;
pub use adam::Adam;
pub use adamax::Adamax;
pub use clip::Clip;
pub use lion::Lion;
pub use nadam::{Nadam, NadamRule};
pub(crate) use piecewise::row_of;
pub use rmsprop::RMSprop;
use rule::{ASKS_NOTHING, TABLE, in_range, parts};
pub use rule::{Rates, Rule};
pub use schedule::Schedule;
pub use sgd::Sgd;

/// An optimizer that several owners use: the model that was compiled with it, and the program that made it.
pub type SharedOptimizer = Rc<RefCell<Optimizer>>;

/// An update rule with what it remembers of each weight.
pub struct Optimizer {
    rule: Box<dyn Rule>,
    class_name: &'static str,
    /// The schedule that the learning rate follows, if there is one.
    schedule: Option<Schedule>,
    /// How fast weights decay: each step takes this share, times the learning rate, from a weight.
    weight_decay: f32,
    clip: Clip,
    /// The share of the learning rate that steps take.
    share: f32,
    steps: u64,
    /// Of the step under way: the rates of the rule; then the share that weights lose (`loss`), and what gradients are
    /// multiplied by (`factor`).
    rates: Rates,
    loss: f32,
    factor: f32,
    /// For every weight its key and what is remembered of it, in the order of the keys. A weight is updated piece by piece,
    /// and what is remembered of a piece lies together.
    state: Vec<(u32, Buffer)>,
}

impl Optimizer {
    /// An optimizer at its first step.
    pub fn new(rule: Box<dyn Rule>) -> Self {
        Optimizer {
            class_name: rule.class_name(),
            rule,
            schedule: None,
            weight_decay: 0.0,
            clip: Clip::Nothing,
            share: 1.0,
            steps: 0,
            rates: [0.0; 3],
            loss: 0.0,
            factor: 1.0,
            state: Vec::new(),
        }
    }

    /// From JSON: a name, or `{ "class_name", "config" }`, where the learning rate is a number or a schedule.
    ///
    /// # Errors
    /// An unknown name or key, a value out of range, or what this build goes without.
    pub fn from_json(value: &Value) -> Result<Self> {
        let Some(name) = value.as_str().or_else(|| value["class_name"].as_str()) else {
            bail!(Value, "optimizer: expected a name, not {value}");
        };
        let wanted = plain(name);
        let Some((class_name, read, decay)) = TABLE.iter().find(|row| plain(row.0) == wanted)
        else {
            let names: Vec<&str> = TABLE.iter().map(|row| row.0).collect();
            bail!(
                Name,
                "optimizer `{name}` is unknown; there are {}",
                names.join(", ")
            );
        };
        let Some(read) = read else {
            return left_out(&alloc::format!("the optimizer {class_name}"));
        };
        let mut config = value["config"].clone();
        let mut take = |key: &str| match &mut config {
            Value::Object(fields) => {
                let place = fields.iter().position(|(own, _)| plain(own) == plain(key));
                place.map_or(Value::Null, |place| fields.remove(place).1)
            }
            _ => Value::Null,
        };
        let mut clip = Clip::Nothing;
        for (way, key) in clip::KEYS.into_iter().enumerate() {
            match take(key) {
                Value::Null => {}
                _ if cfg!(not(feature = "optimizers")) => {
                    return left_out("gradients that are clipped");
                }
                most => clip.choose(way, &most)?,
            }
        }
        let weight_decay = match take("weight_decay") {
            Value::Null => *decay,
            _ if cfg!(not(feature = "optimizers")) => return left_out("weights that decay"),
            given => given.as_f64().unwrap_or(f64::NAN) as f32,
        };
        in_range("optimizer: `weight_decay`", weight_decay, 0.0, 1e30)?;
        for key in ASKS_NOTHING {
            let asks = matches!(take(key), Value::Bool(true) | Value::Number(_));
            if asks && *key != "ema_momentum" {
                bail!(Value, "optimizer: there is no `{key}` here");
            }
        }
        let schedule = match &value["config"]["learning_rate"] {
            given @ Value::Object(_) => {
                take("learning_rate");
                Some(Schedule::from_json(given)?)
            }
            _ => None,
        };
        let mut rule = read(&config)?;
        rule.check()?;
        if let Some(schedule) = &schedule {
            *rule.learning_rate() = schedule.at(0);
        }
        Ok(Optimizer {
            class_name,
            schedule,
            weight_decay,
            clip,
            ..Self::new(rule)
        })
    }

    /// Keras' class name.
    pub fn class_name(&self) -> &'static str {
        self.class_name
    }

    /// The settings as JSON, Keras' keys.
    pub fn config(&self) -> Value {
        let mut config = self.rule.config();
        if let Value::Object(fields) = &mut config {
            if let Some(schedule) = self.schedule() {
                fields.retain(|(key, _)| key != "learning_rate");
                fields.push(("learning_rate".into(), schedule.to_json()));
            }
            if cfg!(feature = "optimizers") && self.weight_decay > 0.0 {
                fields.push(("weight_decay".into(), self.weight_decay.into()));
            }
            let clip = self.clip().entry();
            fields.extend(clip.map(|(key, most)| (key.into(), most.into())));
        }
        config
    }

    /// What the learning rate follows; nothing in a build without schedules.
    fn schedule(&self) -> Option<&Schedule> {
        self.schedule
            .as_ref()
            .filter(|_| cfg!(feature = "schedules"))
    }

    /// How gradients are made smaller; in a build that cannot, not at all.
    fn clip(&self) -> Clip {
        if cfg!(feature = "optimizers") {
            self.clip
        } else {
            Clip::Nothing
        }
    }

    /// The learning rate of the next step.
    pub fn learning_rate(&mut self) -> f32 {
        match self.schedule() {
            Some(schedule) => schedule.at(self.steps),
            None => *self.rule.learning_rate(),
        }
    }

    /// Lets the learning rate be this from the next step on; a schedule is given up.
    pub fn set_learning_rate(&mut self, rate: f32) {
        self.schedule = None;
        *self.rule.learning_rate() = rate;
    }

    /// Changes the momentum from the next step on; what is remembered of the steps before stays, unless it becomes 0.
    ///
    /// # Errors
    /// An optimizer without one, or a value that is not from 0 to less than 1.
    pub fn set_momentum(&mut self, momentum: f32) -> Result<()> {
        let Some(own) = self.rule.own_momentum() else {
            bail!(Value, "momentum: {} has none to change", self.class_name);
        };
        if !(0.0..1.0).contains(&momentum) {
            bail!(
                Value,
                "momentum: expected a number from 0 to less than 1, got {}",
                Decimal::from(momentum)
            );
        }
        *own = momentum;
        Ok(())
    }

    /// Lets the learning rate follow a schedule from the next step on.
    pub fn set_schedule(&mut self, schedule: Schedule) {
        self.schedule = Some(schedule);
    }

    /// Lets steps take this share of the learning rate.
    pub(crate) fn set_share(&mut self, share: f32) {
        self.share = share;
    }

    /// The update rule's settings.
    pub fn rule(&mut self) -> &mut dyn Rule {
        &mut *self.rule
    }

    /// How many updates have been made.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Goes on as after `steps` updates; the caller has put back what was remembered then.
    pub fn set_steps(&mut self, steps: u64) {
        self.steps = steps;
    }

    /// Makes the memory for the weight with this [key](crate::base::key::unique_key), which has `len` values, unless it
    /// is there. Whoever updates several weights calls this for all of them first, so that memory cannot run out in the
    /// middle of a step.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn make_room(&mut self, key: u32, len: usize) -> Result<()> {
        let remembered = len.saturating_mul(self.rule.slots().len());
        let place = self.place(key);
        if self.state[place].1.len() != remembered {
            ask_for(self.class_name, &[remembered])?;
            let mut state = Buffer::zeros(remembered);
            let initial = self.rule.initial();
            if initial != 0.0 {
                state.fill(initial);
            }
            self.state[place].1 = state;
        }
        Ok(())
    }

    /// The place in `state` of what is remembered of a weight; for a new weight an empty buffer is put there.
    fn place(&mut self, key: u32) -> usize {
        let place = self.state.binary_search_by_key(&key, |(key, _)| *key);
        place.unwrap_or_else(|place| {
            self.state.insert(place, (key, Buffer::zeros(0)));
            place
        })
    }

    /// Whether gradients must be there as a whole, because their norms are asked for.
    pub fn takes_whole(&self) -> bool {
        self.clip().by_norm()
    }

    /// Begins an update along these gradients, those of all weights; then [`update`](Optimizer::update) once for each
    /// weight. Gradients whose norms are asked for become whole.
    ///
    /// # Errors
    /// There is no memory for a gradient as a whole; no step has begun then.
    pub fn begin_step(&mut self, gradients: &mut [Option<Gradient>]) -> Result<()> {
        if self.takes_whole() {
            for gradient in gradients.iter_mut().flatten() {
                *gradient = Gradient::Whole(gradient.value()?);
            }
        }
        self.factor = match self.clip() {
            Clip::GlobalNorm(most) => {
                clip::factor(most, gradients.iter().flatten().map(clip::squares).sum())
            }
            _ => 1.0,
        };
        if let Some(rate) = self.schedule().map(|schedule| schedule.at(self.steps)) {
            *self.rule.learning_rate() = rate;
        }
        self.steps += 1;
        let whole = *self.rule.learning_rate();
        let rate = whole * self.share;
        *self.rule.learning_rate() = rate;
        self.rates = self.rule.rates(self.steps);
        self.loss = self.weight_decay * rate;
        *self.rule.learning_rate() = whole;
        Ok(())
    }
}

impl<R: Rule + 'static> From<R> for Optimizer {
    fn from(rule: R) -> Self {
        Self::new(Box::new(rule))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::json::json;
    use crate::tensor::Tensor;

    #[test]
    fn what_is_remembered_of_weights_without_gradients_never_becomes_denormal() -> Result<()> {
        for rule in [
            json!({ "class_name": "adam", "config": {} }),
            json!({ "class_name": "sgd", "config": { "momentum": 0.9 } }),
            json!({ "class_name": "rmsprop", "config": { "momentum": 0.9, "centered": true } }),
            json!({ "class_name": "adam", "config": { "amsgrad": true } }),
            json!({ "class_name": "adamax", "config": {} }),
            json!({ "class_name": "nadam", "config": {} }),
            json!({ "class_name": "adadelta", "config": {} }),
            json!({ "class_name": "lion", "config": { "beta_2": 0.9 } }),
        ] {
            let mut optimizer = Optimizer::from_json(&rule)?;
            let mut w = [0.5; 6];
            for step in 0..2000 {
                let gradient = if step < 10 { 1e-3 } else { 0.0 };
                optimizer.begin_step(&mut [])?;
                let gradient = Gradient::Whole(Tensor::new(alloc::vec![gradient; 6], &[6])?);
                optimizer.update(0, &mut w, 1, &gradient)?;
                assert!(
                    optimizer.state[0]
                        .1
                        .iter()
                        .all(|x| *x == 0.0 || x.is_normal())
                );
            }
            assert_eq!(optimizer.state[0].1[..6], [0.0; 6]);
        }
        Ok(())
    }
}
