//! How weights move along their gradients. Names, defaults and arithmetic are Keras'.
use crate::base::error::{Result, bail};
use crate::base::json::{Decimal, Value};
use crate::base::names::plain;
use crate::kernels::gemm::GROUP;
use crate::kernels::update;
use crate::memory::{Buffer, ask_for};
use crate::parallel::{LINE, chunks, for_each_with_scratch, threads};
use crate::simd::Native;
use crate::tensor::autograd::Gradient;
use alloc::{boxed::Box, format, rc::Rc, vec::Vec};
use core::cell::RefCell;

mod adam;
mod sgd;

pub use adam::Adam;
pub use sgd::Sgd;

/// An update rule: its settings, and the arithmetic for one weight.
pub trait Rule: Sync {
    /// Keras' class name, `"Adam"`.
    fn class_name(&self) -> &'static str;

    /// The settings as JSON, Keras' keys.
    fn config(&self) -> Value;

    /// The learning rate.
    fn learning_rate(&mut self) -> &mut f32;

    /// How far step number `step` (from 1) goes.
    fn rate(&self, step: u64) -> f32;

    /// How many values it remembers for each value of a weight.
    fn slots(&self) -> usize;

    /// Remembered values that are smaller than this change no weight: they may be taken for 0.
    fn negligible(&self) -> f32 {
        1e-30
    }

    /// Whether the settings make sense.
    ///
    /// # Errors
    /// Names the key and what was expected.
    fn check(&self) -> Result<()>;

    /// Updates a piece of weight `w` by its gradient `g`, as far as [`rate`](Rule::rate) says; `state` is
    /// [`slots`](Rule::slots) remembered arrays of the same length, one after the other.
    fn update(&self, rate: f32, w: &mut [f32], g: &[f32], state: &mut [f32]);
}

/// About how many elements of a weight are updated at once: with what is remembered of them 48 KB for Adam.
const PIECE: usize = 4096;

/// After so many steps values that have become negligible are forgotten: often enough that none becomes a
/// denormal number before, at the decays that are in use.
const FORGET_AFTER: u64 = 32;

/// An optimizer that several owners use, the model that was compiled with it and whoever gave it.
pub type SharedOptimizer = Rc<RefCell<Optimizer>>;

/// A rule at work on weights, and what it remembers of each.
pub struct Optimizer {
    rule: Box<dyn Rule>,
    steps: u64,
    /// How far the step under way goes.
    rate: f32,
    /// For every weight its key and what its pieces remember, piece by piece, so that it lies together; in the order
    /// of the keys.
    state: Vec<(u32, Buffer)>,
}

impl Optimizer {
    /// An optimizer at its first step.
    pub fn new(rule: Box<dyn Rule>) -> Self {
        Optimizer {
            rule,
            steps: 0,
            rate: 0.0,
            state: Vec::new(),
        }
    }

    /// From JSON: a name, or `{ "class_name", "config" }`.
    ///
    /// # Errors
    /// An unknown name or key, or a value out of range.
    pub fn from_json(value: &Value) -> Result<Self> {
        let Some(name) = value.as_str().or_else(|| value["class_name"].as_str()) else {
            bail!(Value, "optimizer: expected a name, not {value}");
        };
        let config = &value["config"];
        let rule: Box<dyn Rule> = match &*plain(name) {
            "sgd" => Box::new(Sgd::from_json(config)?),
            "adam" => Box::new(Adam::from_json(config)?),
            _ => bail!(Value, "optimizer `{name}` is unknown; there are sgd, adam"),
        };
        rule.check()?;
        Ok(Self::new(rule))
    }

    /// The update rule's settings.
    pub fn rule(&mut self) -> &mut dyn Rule {
        &mut *self.rule
    }

    /// How many updates have been made.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Makes what will be remembered of the weight with this [key](crate::base::key::unique_key), which has `len`
    /// values, if it is not there: whoever updates several weights does it for all of them first, so that memory is not
    /// found short in the middle of a step.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn make_room(&mut self, key: u32, len: usize) -> Result<()> {
        let remembered = len.saturating_mul(self.rule.slots());
        let place = self.place(key);
        if self.state[place].1.len() != remembered {
            ask_for(self.rule.class_name(), &[remembered])?;
            self.state[place].1 = Buffer::zeros(remembered);
        }
        Ok(())
    }

    /// Where what is remembered of a weight lies; it is nothing if the weight is new.
    fn place(&mut self, key: u32) -> usize {
        let place = self.state.binary_search_by_key(&key, |(key, _)| *key);
        place.unwrap_or_else(|place| {
            self.state.insert(place, (key, Buffer::zeros(0)));
            place
        })
    }

    /// Asks for the scratch that an update of a weight with rows of `row` values by this gradient takes.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn ask_for_scratch(&self, row: usize, gradient: &Gradient) -> Result<()> {
        ask_for(self.rule.class_name(), &[scratch_len(row, gradient)])
    }

    /// Begins an update; then [`update`](Optimizer::update) once for each weight.
    pub fn begin_step(&mut self) {
        self.steps += 1;
        self.rate = self.rule.rate(self.steps);
    }

    /// Bytes of what is remembered.
    pub fn state_bytes(&self) -> usize {
        let bytes = self.state.iter().map(|(_, state)| size_of_val(&state[..]));
        bytes.sum()
    }

    /// Hands everything that is remembered to `each`, by the keys of weights, and forgets it: until
    /// [`give_state`](Optimizer::give_state). Nothing is copied here, because this is how room is made.
    pub fn take_state(&mut self, mut each: impl FnMut(u32, &[f32])) {
        for (key, values) in core::mem::take(&mut self.state) {
            each(key, &values);
        }
    }

    /// Finds the memory for all that is about to be put back.
    ///
    /// # Errors
    /// There is too little.
    pub fn ask_for_state(&self, lens: &[usize]) -> Result<()> {
        ask_for("optimizer", lens)
    }

    /// Puts back what was taken of one weight: `fill` writes `len` values.
    pub fn give_state(&mut self, key: u32, len: usize, fill: impl FnOnce(&mut [f32])) {
        let mut values = Buffer::dirty(len);
        fill(&mut values);
        self.state.push((key, values));
    }

    /// Forgets what is remembered of the weight with this key.
    pub fn forget(&mut self, key: u32) {
        self.state.retain(|(other, _)| *other != key);
    }

    /// Updates the weight with this [key](crate::base::key::unique_key), whose rows are `row` long, by its
    /// gradient. The weight goes through in pieces that stay in the first caches and are shared among threads; a
    /// gradient that is [late](Gradient::Late) is computed for each piece and never lies in memory whole.
    ///
    /// # Errors
    /// There is no memory for what is remembered or for scratch; nothing has changed then.
    pub fn update(
        &mut self,
        key: u32,
        w: &mut [f32],
        row: usize,
        gradient: &Gradient,
    ) -> Result<()> {
        self.make_room(key, w.len())?;
        let piece = piece(row);
        match gradient {
            Gradient::Whole(g) => {
                let g = g.data();
                self.pieces(key, w, piece, &mut [], |from, len, _, update| {
                    update(&g[from..from + len]);
                });
            }
            Gradient::Late(product) => {
                self.ask_for_scratch(row, gradient)?;
                let product = product.rows();
                let mut scratch = Buffer::dirty(scratch_len(row, gradient));
                self.pieces(key, w, piece, &mut scratch, |from, len, scratch, update| {
                    let (g, lists) = scratch.split_at_mut(len);
                    product.rows::<Native>(from / row.max(1), g, lists);
                    update(g);
                });
            }
        }
        Ok(())
    }

    /// Sends every piece through the rule: `gradient` finds that of elements `from..from + len` and hands
    /// it on.
    fn pieces(
        &mut self,
        key: u32,
        w: &mut [f32],
        piece: usize,
        scratch: &mut [f32],
        gradient: impl Fn(usize, usize, &mut [f32], &mut dyn FnMut(&[f32])) + Sync,
    ) {
        let place = self.place(key);
        let (rule, slots, rate) = (&*self.rule, self.rule.slots(), self.rate);
        let state = &mut self.state[place].1;
        let shared = threads() > 1;
        let forgets = self.steps.is_multiple_of(FORGET_AFTER);
        let update = |index: usize, w: &mut [f32], state: &mut [f32], scratch: &mut [f32]| {
            if shared {
                claim(w);
            }
            gradient(index * piece, w.len(), scratch, &mut |g| {
                rule.update(rate, w, g, state);
            });
            if forgets {
                update::forget::<Native>(state, rule.negligible());
            }
        };
        if slots == 0 {
            for_each_with_scratch(chunks(w, piece), scratch, |index, w, scratch| {
                update(index, w, &mut [], scratch);
            });
        } else {
            let pieces = (chunks(w, piece), chunks(state, piece * slots));
            for_each_with_scratch(pieces, scratch, |index, (w, state), scratch| {
                update(index, w, state, scratch);
            });
        }
    }
}

impl<R: Rule + 'static> From<R> for Optimizer {
    fn from(rule: R) -> Self {
        Self::new(Box::new(rule))
    }
}

/// How many values of a weight with rows of `row` values go through at a time: whole rows.
fn piece(row: usize) -> usize {
    let rows = (PIECE / row.max(1)).max(1).next_multiple_of(GROUP);
    rows.saturating_mul(row.max(1))
}

/// The scratch of all threads for an update by this gradient.
fn scratch_len(row: usize, gradient: &Gradient) -> usize {
    match gradient {
        Gradient::Whole(_) => 0,
        Gradient::Late(product) => {
            let own = piece(row).saturating_add(product.rows().scratch_len());
            threads().saturating_mul(own)
        }
    }
}

/// Makes the cache lines of `w`, which all threads have read, this core's own, by a store to each that changes
/// nothing: they come while the gradient is computed, instead of one by one when the update stores them.
fn claim(w: &mut [f32]) {
    let one = core::hint::black_box(1.0);
    for w in w.iter_mut().step_by(LINE) {
        *w *= one;
    }
}

/// Refuses what is not a finite number in `low..high`.
fn in_range(what: &str, value: f32, low: f32, high: f32) -> Result<()> {
    if !(value >= low && value < high) {
        let high = if high.is_finite() {
            format!(" and less than {}", Decimal::from(high))
        } else {
            " and finite".into()
        };
        bail!(
            Value,
            "{what} must be at least {}{high}, but is {}",
            Decimal::from(low),
            Decimal::from(value)
        );
    }
    Ok(())
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
        ] {
            let mut optimizer = Optimizer::from_json(&rule)?;
            let mut w = [0.5; 6];
            for step in 0..2000 {
                let gradient = if step < 10 { 1e-3 } else { 0.0 };
                optimizer.begin_step();
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
