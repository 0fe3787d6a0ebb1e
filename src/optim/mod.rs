//! How weights move along their gradients. Names, defaults and arithmetic are Keras'.
use crate::autograd::Gradient;
use crate::buffer::Buffer;
use crate::error::{Result, bail};
use crate::json::{Decimal, Value};
use crate::nn::plain;
use crate::parallel::{Tile, for_each_with_scratch, threads, tiles};
use crate::simd::Native;
use alloc::{boxed::Box, format, vec::Vec};
use core::ops::Range;

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

    /// Whether the settings make sense.
    ///
    /// # Errors
    /// Names the key and what was expected.
    fn check(&self) -> Result<()>;

    /// Updates a piece of weight `w` by its gradient `g`, as far as [`rate`](Rule::rate) says; `state` is what
    /// it remembers: [`slots`](Rule::slots) arrays of the same length.
    fn update(&self, rate: f32, w: &mut [f32], g: &[f32], state: &mut [&mut [f32]]);
}

/// The most slots that a rule has.
const MOST_SLOTS: usize = 2;

/// About how many elements of a weight are updated at once: with what is remembered of them 48 KB for Adam.
const PIECE: usize = 4096;

/// A rule at work on the weights of a model.
pub struct Optimizer {
    rule: Box<dyn Rule>,
    steps: u64,
    /// For every weight what its pieces remember, piece by piece, so that it lies together.
    state: Vec<Vec<f32>>,
}

impl Optimizer {
    /// An optimizer at its first step.
    pub fn new(rule: Box<dyn Rule>) -> Self {
        Optimizer {
            rule,
            steps: 0,
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

    /// Begins an update; then [`update`](Optimizer::update) once for each weight.
    pub fn begin_step(&mut self) {
        self.steps += 1;
    }

    /// Updates weight number `index`, whose rows are `row` long, by its gradient. The weight goes through
    /// in pieces that stay in the first caches and are shared among threads; a gradient that is
    /// [late](Gradient::Late) is computed for each piece and never lies in memory whole.
    pub fn update(&mut self, index: usize, w: &mut [f32], row: usize, gradient: &Gradient) {
        let row = row.max(1);
        let height = (PIECE / row).max(1).next_multiple_of(4);
        match gradient {
            Gradient::Whole(g) => {
                let g = g.data();
                self.tiles(index, w, [row, height, row], &mut [], |place, _, update| {
                    update(&g[place.from * row..][..place.rows * row]);
                });
            }
            Gradient::Late(product) => {
                let product = product.rows();
                let width = product.stripe();
                let len = height * width + product.scratch_len();
                let mut scratch = Buffer::dirty(threads() * len);
                let size = [row, height, width];
                self.tiles(index, w, size, &mut scratch, |place, scratch, update| {
                    let (g, lists) = scratch.split_at_mut(place.rows * place.columns.len());
                    product.tile::<Native>(place.from, place.columns.clone(), g, lists);
                    update(g);
                });
            }
        }
    }

    /// Sends every tile of the weight, `[row, height, width]` floats in size, through the rule: `gradient` finds
    /// that of the tile and hands it on, row by row.
    fn tiles(
        &mut self,
        index: usize,
        w: &mut [f32],
        [row, height, width]: [usize; 3],
        scratch: &mut [f32],
        gradient: impl Fn(&Place, &mut [f32], &mut dyn FnMut(&[f32])) + Sync,
    ) {
        if self.state.len() <= index {
            self.state.resize_with(index + 1, Vec::new);
        }
        let (rule, slots) = (&*self.rule, self.rule.slots());
        let rate = rule.rate(self.steps);
        let state = &mut self.state[index];
        state.resize(w.len() * slots, 0.0);
        let blocks = (w.len() / row).div_ceil(height).max(1);
        let update = |index: usize, w: Tile<f32>, state: Option<Tile<f32>>, scratch: &mut [f32]| {
            let left = index / blocks * width;
            let place = Place {
                from: index % blocks * height,
                rows: w.rows(),
                columns: left..left + w.width(),
            };
            let mut w = w.flat();
            let mut remembered = [const { None }; MOST_SLOTS];
            let mut rest = state;
            for slot in remembered.iter_mut().take(slots) {
                *slot = rest.take().map(|state| {
                    let (own, below) = state.split_at(place.rows);
                    rest = Some(below);
                    own.flat()
                });
            }
            gradient(&place, scratch, &mut |g| {
                let width = w.width();
                for (r, g) in g.chunks_exact(width).enumerate() {
                    let mut state = remembered
                        .each_mut()
                        .map(|tile| tile.as_mut().map_or(&mut [][..], |tile| tile.row(r)));
                    rule.update(rate, w.row(r), g, &mut state[..slots]);
                }
            });
        };
        let weights = tiles(w, row, height, width);
        if slots == 0 {
            for_each_with_scratch(weights, scratch, |index, w, scratch| {
                update(index, w, None, scratch);
            });
        } else {
            // A tile of the state is its weights' slots, one below the other.
            let pieces = (weights, tiles(state, row, slots * height, width));
            for_each_with_scratch(pieces, scratch, |index, (w, state), scratch| {
                update(index, w, Some(state), scratch);
            });
        }
    }
}

/// Where a tile lies.
struct Place {
    /// Its first row.
    from: usize,
    rows: usize,
    columns: Range<usize>,
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
