//! What an optimizer remembers, by Keras' names: for files, and to go on later exactly where training stopped.
use super::Optimizer;
use super::piecewise::piece;
use crate::base::error::{Result, bail};
use crate::memory::{Buffer, ask_for, vector};
use alloc::vec::Vec;

impl Optimizer {
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

    /// The names of what is remembered for each value of a weight: `momentum`, `velocity`, …
    pub fn slot_names(&self) -> &'static [&'static str] {
        self.rule.slots()
    }

    /// What is remembered of the weight with this [key](crate::base::key::unique_key), whose rows are `row` long: an
    /// array like the weight for each of [`slot_names`](Optimizer::slot_names); none before its first step.
    ///
    /// # Errors
    /// Too little memory.
    pub fn named_state(&self, key: u32, row: usize) -> Result<Vec<(&'static str, Vec<f32>)>> {
        let names = self.slot_names();
        let Ok(place) = self.state.binary_search_by_key(&key, |(key, _)| *key) else {
            return Ok(Vec::new());
        };
        let state = &self.state[place].1;
        let mut named = Vec::new();
        for (slot, &name) in names.iter().enumerate() {
            let mut values = vector("optimizer", state.len() / names.len())?;
            // It lies piece by piece, and in each piece array by array.
            for own in state.chunks(piece(row).saturating_mul(names.len())) {
                let len = own.len() / names.len();
                values.extend_from_slice(&own[slot * len..][..len]);
            }
            named.push((name, values));
        }
        Ok(named)
    }

    /// Replaces what is remembered of a weight of `len` values in rows of `row`: the reverse of
    /// [`named_state`](Optimizer::named_state).
    ///
    /// # Errors
    /// A name or a number of values that this optimizer does not have for the weight, or too little memory; nothing is
    /// replaced then.
    pub fn set_named_state(
        &mut self,
        key: u32,
        len: usize,
        row: usize,
        named: &[(&str, &[f32])],
    ) -> Result<()> {
        let names = self.slot_names();
        let fits = |&name: &&str| {
            let mut given = named.iter().filter(|(own, _)| *own == name);
            given.next().is_some_and(|(_, values)| values.len() == len)
        };
        if named.len() != names.len() || !names.iter().all(fits) {
            bail!(
                Value,
                "{}: expected {len} values for each of {}",
                self.class_name,
                names.join(", ")
            );
        }
        self.make_room(key, len)?;
        let place = self.place(key);
        let state = &mut self.state[place].1;
        let mut from = 0;
        for own in state.chunks_mut(piece(row).saturating_mul(names.len()).max(1)) {
            let part = own.len() / names.len().max(1);
            for (name, own) in names.iter().zip(own.chunks_mut(part.max(1))) {
                let values = named.iter().find(|(given, _)| given == name);
                if let Some((_, values)) = values {
                    own.copy_from_slice(&values[from..from + part]);
                }
            }
            from += part;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::json::{Value, json};
    use crate::base::rng::Rng;
    use crate::tensor::Tensor;
    use crate::tensor::autograd::Gradient;

    /// Lets a weight of more than one piece take a step along a gradient that follows from the step's number.
    fn step(optimizer: &mut Optimizer, w: &mut [f32], number: u64) -> Result<()> {
        let mut rng = Rng::new(number);
        let g = (0..w.len()).map(|_| rng.normal()).collect();
        let g = Gradient::Whole(Tensor::new(g, &[w.len() / 7, 7])?);
        optimizer.begin_step(&mut [])?;
        optimizer.update(3, w, 7, &g).map(drop)
    }

    #[test]
    fn what_is_remembered_comes_back_by_name_and_training_goes_on_with_the_same_bits() -> Result<()>
    {
        for (name, config) in [
            ("sgd", json!({ "momentum": 0.9 })),
            ("rmsprop", json!({ "momentum": 0.9, "centered": true })),
            ("rmsprop", json!({})),
            ("adam", json!({ "amsgrad": true })),
            ("adamw", json!({})),
            ("adamax", json!({})),
            ("nadam", json!({})),
            ("lion", json!({})),
            ("adagrad", json!({})),
            ("adadelta", json!({})),
        ] {
            let described = json!({ "class_name": name, "config": config });
            let mut whole = Optimizer::from_json(&described)?;
            let mut w: Vec<f32> = (0..7 * 1300).map(|i| i as f32 * 1e-3).collect();
            for number in 0..4 {
                step(&mut whole, &mut w, number)?;
            }
            let mut later = Optimizer::from_json(&described)?;
            let state = whole.named_state(3, 7)?;
            let names: Vec<&str> = state.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, whole.slot_names());
            let given: Vec<(&str, &[f32])> = state.iter().map(|(n, v)| (*n, &v[..])).collect();
            later.set_named_state(3, w.len(), 7, &given)?;
            later.set_steps(whole.steps());
            let mut resumed = w.clone();
            for number in 4..7 {
                step(&mut whole, &mut w, number)?;
                step(&mut later, &mut resumed, number)?;
            }
            assert_eq!(w, resumed, "{name}");
        }
        Ok(())
    }

    #[test]
    fn state_that_does_not_fit_is_refused_and_replaces_nothing() -> Result<()> {
        let adam: Value = "adam".into();
        let mut adam = Optimizer::from_json(&adam)?;
        for named in [
            &[("momentum", &[1.0][..])][..],
            &[("momentum", &[1.0, 2.0]), ("velocity", &[1.0])],
            &[("momentum", &[1.0, 2.0]), ("speed", &[1.0, 2.0])],
        ] {
            assert!(adam.set_named_state(1, 2, 1, named).is_err());
        }
        assert!(adam.named_state(1, 1)?.is_empty());
        Ok(())
    }
}
