//! A weight goes through a step in pieces that stay in the first caches and are shared among threads; a gradient that is
//! late is computed for each piece and never lies in memory whole.
use super::{Clip, Optimizer, clip};
use crate::base::error::Result;
#[cfg(feature = "embedding")]
use crate::kernels::elementwise;
use crate::kernels::gemm::GROUP;
use crate::kernels::update;
use crate::memory::{Buffer, ask_for};
use crate::parallel::{LINE, chunks, for_each_with_scratch, threads};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::Gradient;
#[cfg(feature = "embedding")]
use core::mem::take;
use core::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// About how many elements of a weight are updated at once: with what is remembered of them 48 KB for Adam.
const PIECE: usize = 4096;

/// After so many steps values that have become negligible are forgotten: often enough that none becomes a
/// denormal number before, at the decays that are in use.
const FORGET_AFTER: u64 = 32;

impl Optimizer {
    /// Asks for the scratch that an update of a weight with rows of `row` values by this gradient takes.
    ///
    /// # Errors
    /// There is no memory for it.
    pub fn ask_for_scratch(&self, row: usize, gradient: &Gradient) -> Result<()> {
        let order = match gradient {
            #[cfg(feature = "embedding")]
            Gradient::Rows(sums) => sums.order_len(piece(row) / row.max(1)),
            _ => 0,
        };
        ask_for(self.class_name, &[self.scratch_len(row, gradient), order])
    }

    /// The scratch of all threads for an update by this gradient: pieces of a late one are computed there, and pieces of
    /// any are made smaller there.
    fn scratch_len(&self, row: usize, gradient: &Gradient) -> usize {
        let own = match gradient {
            Gradient::Whole(_) if self.clip() == Clip::Nothing => return 0,
            Gradient::Whole(_) => piece(row),
            Gradient::Late(product) => piece(row).saturating_add(product.rows().scratch_len()),
            // A mark for each row of a piece.
            #[cfg(feature = "embedding")]
            Gradient::Rows(_) => piece(row).saturating_add(piece(row) / row.max(1)),
        };
        threads().saturating_mul(own)
    }

    /// Updates the weight with this [key](crate::base::key::unique_key), whose rows are `row` long, by its
    /// gradient. The weight goes through in pieces that stay in the first caches and are shared among threads; a
    /// gradient that is [late](Gradient::Late) is computed for each piece and never lies in memory whole. Returns
    /// whether all of the weight's values are known to be finite then.
    ///
    /// # Errors
    /// There is no memory for what is remembered or for scratch; nothing has changed then.
    pub fn update(
        &mut self,
        key: u32,
        w: &mut [f32],
        row: usize,
        gradient: &Gradient,
    ) -> Result<bool> {
        self.make_room(key, w.len())?;
        self.ask_for_scratch(row, gradient)?;
        let mut scratch = Buffer::dirty(self.scratch_len(row, gradient));
        let piece = piece(row);
        let (factor, most) = match self.clip() {
            Clip::Value(most) => (1.0, most),
            Clip::Norm(most) => (clip::factor(most, clip::squares(gradient)), f32::INFINITY),
            _ => (self.factor, f32::INFINITY),
        };
        let clips = self.clip() != Clip::Nothing && (factor != 1.0 || most < f32::INFINITY);
        let is_finite = match gradient {
            Gradient::Whole(g) => {
                let g = g.data();
                self.pieces(key, w, piece, &mut scratch, |from, len, scratch, update| {
                    let g = &g[from..from + len];
                    if clips {
                        let own = &mut scratch[..len];
                        own.copy_from_slice(g);
                        update::clip::<Native>(own, factor, most);
                        update(0, own);
                    } else {
                        update(0, g);
                    }
                })
            }
            Gradient::Late(product) => {
                let product = product.rows();
                self.pieces(key, w, piece, &mut scratch, |from, len, scratch, update| {
                    let (g, lists) = scratch.split_at_mut(len);
                    product.rows::<Native>(from / row.max(1), g, lists);
                    if clips {
                        update::clip::<Native>(g, factor, most);
                    }
                    update(0, g);
                })
            }
            #[cfg(feature = "embedding")]
            Gradient::Rows(sums) => {
                let rows = piece / row.max(1);
                let order = sums.by_piece(rows);
                let arrived = sums.arrived(rows, &order);
                let sparse = self.rule.leaves_unused() && self.loss == 0.0;
                self.pieces(key, w, piece, &mut scratch, |from, len, scratch, update| {
                    let (g, used) = scratch.split_at_mut(len);
                    let arrived = || arrived.at(from / piece);
                    // Where most rows are used, one pass through all of them is faster.
                    let few = len / row / 2;
                    let sparse = sparse && arrived().take(few).count() < few;
                    if sparse {
                        used[..len / row].fill(0.0);
                    } else {
                        g.fill(0.0);
                    }
                    for (index, dy) in arrived() {
                        let g = &mut g[index * row..][..row];
                        if sparse && used[index] == 0.0 {
                            g.fill(0.0);
                            used[index] = 1.0;
                        }
                        elementwise::accumulate::<Native>(g, dy);
                    }
                    let mut update = |index: usize, g: &mut [f32]| {
                        if clips {
                            update::clip::<Native>(g, factor, most);
                        }
                        update(index * row, g);
                    };
                    if !sparse {
                        return update(0, g);
                    }
                    for (index, _) in arrived() {
                        if take(&mut used[index]) > 0.0 {
                            update(index, &mut g[index * row..][..row]);
                        }
                    }
                }) && !sparse
            }
        };
        Ok(is_finite)
    }

    /// Sends every piece through the rule: `gradient` finds that of elements `from..from + len` and hands it on, with
    /// the place in the piece where it begins. It may leave out parts if the rule remembers at most one number of each
    /// weight. Returns whether all that was updated is known to be finite.
    fn pieces(
        &mut self,
        key: u32,
        w: &mut [f32],
        piece: usize,
        scratch: &mut [f32],
        gradient: impl Fn(usize, usize, &mut [f32], &mut dyn FnMut(usize, &[f32])) + Sync,
    ) -> bool {
        let place = self.place(key);
        let (rule, slots) = (&*self.rule, self.rule.slots().len());
        let (rates, loss) = (self.rates, self.loss);
        let state = &mut self.state[place].1;
        let shared = threads() > 1;
        let forgets = self.steps.is_multiple_of(FORGET_AFTER);
        let is_finite = AtomicBool::new(true);
        let update = |index: usize, w: &mut [f32], state: &mut [f32], scratch: &mut [f32]| {
            if shared {
                claim(w);
            }
            gradient(index * piece, w.len(), scratch, &mut |from, g| {
                let part = from..from + g.len();
                let state = match slots {
                    0 | 1 => state.get_mut(part.clone()).unwrap_or_default(),
                    _ => &mut *state,
                };
                let w = &mut w[part];
                if cfg!(feature = "optimizers") && loss > 0.0 {
                    update::decay::<Native>(w, loss);
                }
                if !rule.update(rates, w, g, state) {
                    is_finite.store(false, Relaxed);
                }
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
        is_finite.into_inner()
    }

    /// As [`update`](Optimizer::update), for a weight as a tensor, which then knows whether its values are finite.
    ///
    /// # Errors
    /// There is no memory for what is remembered, for scratch, or for a tensor whose values others hold too.
    pub(crate) fn update_tensor(
        &mut self,
        key: u32,
        value: &mut Tensor,
        gradient: &Gradient,
    ) -> Result<()> {
        let row = row_of(value.shape());
        if self.update(key, value.make_mut()?, row, gradient)? {
            value.buffer().know_finite();
        }
        Ok(())
    }
}

/// How long the rows of a weight are.
pub(crate) fn row_of(shape: &[usize]) -> usize {
    shape.last().copied().unwrap_or(1)
}

/// How many values of a weight with rows of `row` values go through at a time: whole rows.
pub(super) fn piece(row: usize) -> usize {
    let rows = (PIECE / row.max(1)).max(1).next_multiple_of(GROUP);
    rows.saturating_mul(row.max(1))
}

/// Makes the cache lines of `w`, which all threads have read, this core's own, by a store to each that changes
/// nothing: they come while the gradient is computed, instead of one by one when the update stores them.
fn claim(w: &mut [f32]) {
    let one = core::hint::black_box(1.0);
    for w in w.iter_mut().step_by(LINE) {
        *w *= one;
    }
}

#[cfg(all(test, feature = "learning", feature = "embedding"))]
mod tests {
    use super::*;
    use crate::base::json::{Value, json};
    use crate::base::rng::Rng;
    use crate::parallel::set_threads;
    use alloc::{vec, vec::Vec};

    const OPTIMIZERS: [&str; 9] = [
        "sgd", "rmsprop", "adagrad", "adadelta", "adam", "adamw", "adamax", "nadam", "lion",
    ];

    /// A table after six steps in which some of its rows are looked up: with gradients that are late, or whole.
    fn trained(rule: &Value, [rows, row]: [usize; 2], late: bool) -> Result<Vec<u32>> {
        let mut rng = Rng::new(5);
        let mut draw = |n: usize| -> Vec<f32> { (0..n).map(|_| rng.normal()).collect() };
        let mut table = Tensor::new(draw(rows * row), &[rows, row])?;
        let mut optimizer = Optimizer::from_json(rule)?;
        for step in 0..6 {
            let leaf = table.tracked();
            // Few rows, some of them several times, and in one step none.
            let count = if step == 4 { 0 } else { 40 };
            let picked = (0..count).map(|i| (i * i + step) % rows.min(23) * 7 % rows);
            let picked: Vec<f32> = picked.map(|index| index as f32).collect();
            let y = leaf.lookup(&Tensor::new(picked, &[count])?)?;
            let loss = y.mul(&Tensor::new(draw(count * row), &[count, row])?)?;
            let mut gradients = loss.sum(&[], false)?.backward_late()?;
            let gradient = gradients.take(&leaf).unwrap();
            assert!(matches!(gradient, Gradient::Rows(_)));
            let gradient = match late {
                true => gradient,
                false => gradient.value()?.into(),
            };
            drop((leaf, y, loss));
            let mut all = [Some(gradient)];
            optimizer.begin_step(&mut all)?;
            optimizer.update(0, table.make_mut()?, row, all[0].as_ref().unwrap())?;
        }
        Ok(table.data().iter().map(|x| x.to_bits()).collect())
    }

    #[test]
    fn a_table_whose_rows_are_looked_up_gets_the_bits_of_a_whole_gradient() -> Result<()> {
        let mut rules: Vec<Value> = OPTIMIZERS
            .map(|name| json!({ "class_name": name, "config": {} }))
            .into();
        for config in [
            json!({ "momentum": 0.9 }),
            json!({ "clipvalue": 0.5 }),
            json!({ "clipnorm": 0.5 }),
            json!({ "weight_decay": 0.01 }),
        ] {
            rules.push(json!({ "class_name": "sgd", "config": config }));
        }
        for threads in [1, 2] {
            set_threads(threads);
            for rule in &rules {
                for shape in [[330, 1], [3000, 3], [700, 32], [320, 500]] {
                    let [late, whole] = [true, false].map(|late| trained(rule, shape, late));
                    assert!(late? == whole?, "{rule} {shape:?} {threads}");
                }
            }
        }
        set_threads(1);
        Ok(())
    }

    #[test]
    fn rows_that_were_not_looked_up_are_left_alone_by_rules_that_may() -> Result<()> {
        let mut w = vec![0.5; 40 * 64];
        let leaf = Tensor::new(w.clone(), &[40, 64])?.tracked();
        let y = leaf.lookup(&Tensor::new(vec![3.0, 17.0, 3.0], &[3])?)?;
        for (name, alone) in [("sgd", true), ("adagrad", true), ("adam", false)] {
            let mut optimizer = Optimizer::from_json(&json!({ "class_name": name, "config": {} }))?;
            let gradient = y.sum(&[], false)?.backward_late()?.take(&leaf).unwrap();
            optimizer.begin_step(&mut [])?;
            assert_eq!(optimizer.rule.leaves_unused(), alone, "{name}");
            let before = w.clone();
            optimizer.update(0, &mut w, 64, &gradient)?;
            for (row, (old, new)) in before.chunks(64).zip(w.chunks(64)).enumerate() {
                assert_eq!(old != new, [3, 17].contains(&row), "{name} {row}");
            }
        }
        Ok(())
    }
}
