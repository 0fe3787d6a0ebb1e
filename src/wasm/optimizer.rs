//! Optimizers that JavaScript holds.
use crate::base::error::{Result, bail};
use crate::base::json::{self, Decimal};
use crate::base::key;
use crate::learn::optim::{Optimizer, Schedule, SharedOptimizer};
use alloc::{format, rc::Rc, string::String, vec::Vec};
use core::cell::RefCell;
use js_sys::{Array, Float32Array};
use wasm_bindgen::prelude::*;

/// A number that no other variable or weight has: an optimizer keeps what it remembers under it.
#[wasm_bindgen(js_name = uniqueKey)]
pub fn unique_key() -> u32 {
    key::unique_key()
}

/// The learning rate that a schedule has after so many steps; `settings` is JSON.
///
/// # Errors
/// See [`Schedule::from_json`]; or a number of steps that is not whole.
#[wasm_bindgen(js_name = rateAt)]
pub fn rate_at(settings: &str, steps: f64) -> Result<f32> {
    // As many as JavaScript counts exactly: more than 32 bits hold.
    if !(0.0..9.1e15).contains(&steps) || libm::floor(steps) != steps {
        bail!(
            Value,
            "steps: expected a whole number of at least 0, got {}",
            Decimal(steps)
        );
    }
    Ok(Schedule::from_json(&json::parse(settings)?)?.at(steps as u64))
}

/// An optimizer; a model that is compiled with it shares it.
#[wasm_bindgen]
pub struct CoreOptimizer(pub(super) SharedOptimizer);

#[wasm_bindgen]
impl CoreOptimizer {
    /// An optimizer at its first step; `settings` is JSON, a name or `{ class_name, config }`.
    ///
    /// # Errors
    /// An unknown name or key, or a value out of range.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: &str) -> Result<CoreOptimizer> {
        let optimizer = Optimizer::from_json(&json::parse(settings)?)?;
        Ok(CoreOptimizer(Rc::new(RefCell::new(optimizer))))
    }

    /// The learning rate.
    #[wasm_bindgen(js_name = learningRate)]
    pub fn learning_rate(&self) -> f32 {
        self.0.borrow_mut().learning_rate()
    }

    /// Changes the learning rate from the next step on.
    ///
    /// # Errors
    /// A rate that is negative or not finite.
    #[wasm_bindgen(js_name = setLearningRate)]
    pub fn set_learning_rate(&self, rate: f64) -> Result<()> {
        if !(rate as f32).is_finite() || rate < 0.0 {
            bail!(
                Value,
                "learningRate: expected a finite number of at least 0, got {}",
                Decimal(rate)
            );
        }
        self.0.borrow_mut().set_learning_rate(rate as f32);
        Ok(())
    }

    /// Changes the momentum from the next step on.
    ///
    /// # Errors
    /// See [`Optimizer::set_momentum`].
    #[wasm_bindgen(js_name = setMomentum)]
    pub fn set_momentum(&self, momentum: f64) -> Result<()> {
        self.0.borrow_mut().set_momentum(momentum as f32)
    }

    /// Lets the learning rate follow a schedule from the next step on; `settings` is JSON.
    ///
    /// # Errors
    /// See [`Schedule::from_json`].
    #[wasm_bindgen(js_name = setSchedule)]
    pub fn set_schedule(&self, settings: &str) -> Result<()> {
        let schedule = Schedule::from_json(&json::parse(settings)?)?;
        self.0.borrow_mut().set_schedule(schedule);
        Ok(())
    }

    /// All settings as JSON.
    pub fn config(&self) -> String {
        format!("{}", self.0.borrow().config())
    }

    /// How many steps have been made.
    pub fn steps(&self) -> f64 {
        self.0.borrow().steps() as f64
    }

    /// Goes on as after so many steps.
    #[wasm_bindgen(js_name = setSteps)]
    pub fn set_steps(&self, steps: f64) {
        self.0.borrow_mut().set_steps(steps as u64);
    }

    /// Bytes of what is remembered.
    #[wasm_bindgen(js_name = stateBytes)]
    pub fn state_bytes(&self) -> f64 {
        self.0.borrow().state_bytes() as f64
    }

    /// Takes what is remembered out of the core: the keys of variables, each with its values.
    #[wasm_bindgen(js_name = takeState, unchecked_return_type = "[number, Float32Array][]")]
    pub fn take_state(&self) -> Array {
        let all = Array::new();
        self.0.borrow_mut().take_state(|key, values| {
            all.push(&Array::of2(&key.into(), &Float32Array::from(values)));
        });
        all
    }

    /// Puts back what [`takeState`](CoreOptimizer::take_state) took.
    ///
    /// # Errors
    /// It does not fit into memory; nothing is back then.
    #[wasm_bindgen(js_name = giveState)]
    pub fn give_state(&self, state: Vec<Array>) -> Result<()> {
        let pair = |pair: &Array| {
            let key = pair.get(0).as_f64().unwrap_or(0.0) as u32;
            (key, Float32Array::new(&pair.get(1)))
        };
        let state: Vec<(u32, Float32Array)> = state.iter().map(pair).collect();
        let lens: Vec<usize> = state.iter().map(|(_, one)| one.length() as usize).collect();
        let mut optimizer = self.0.borrow_mut();
        optimizer.ask_for_state(&lens)?;
        for ((key, values), len) in state.into_iter().zip(lens) {
            optimizer.give_state(key, len, |buffer| values.copy_to(buffer));
        }
        Ok(())
    }

    /// The names of what is remembered for each value of a variable: `momentum`, `velocity`, …
    #[wasm_bindgen(js_name = slotNames)]
    pub fn slot_names(&self) -> Vec<String> {
        let names = self.0.borrow().slot_names();
        names.iter().map(|&name| name.into()).collect()
    }

    /// What is remembered of the variable with this key, whose rows are `row` long: its values for each of
    /// [`slotNames`](CoreOptimizer::slot_names); nothing before its first step.
    ///
    /// # Errors
    /// Too little memory.
    #[wasm_bindgen(js_name = namedState)]
    pub fn named_state(&self, key: u32, row: u32) -> Result<Vec<Float32Array>> {
        let named = self.0.borrow().named_state(key, row as usize)?;
        Ok(named.iter().map(|(_, one)| (&one[..]).into()).collect())
    }

    /// Replaces what is remembered of the variable with this key, which has `len` values in rows of `row`: what
    /// [`namedState`](CoreOptimizer::named_state) gave.
    ///
    /// # Errors
    /// Another number of lists or values, or too little memory; nothing is replaced then.
    #[wasm_bindgen(js_name = setNamedState)]
    pub fn set_named_state(
        &self,
        key: u32,
        len: u32,
        row: u32,
        values: Vec<Float32Array>,
    ) -> Result<()> {
        let mut optimizer = self.0.borrow_mut();
        let lens: Vec<usize> = values.iter().map(|one| one.length() as usize).collect();
        optimizer.ask_for_state(&lens)?;
        let values: Vec<Vec<f32>> = values.iter().map(Float32Array::to_vec).collect();
        let named: Vec<(&str, &[f32])> = (optimizer.slot_names().iter().copied())
            .zip(values.iter().map(|one| &one[..]))
            .collect();
        optimizer.set_named_state(key, len as usize, row as usize, &named)
    }

    /// Forgets what is remembered of the variable with this key.
    pub fn forget(&self, key: u32) {
        self.0.borrow_mut().forget(key);
    }
}
