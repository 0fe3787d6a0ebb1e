//! The seed of a single layer.
use crate::base::error::Result;
use crate::base::json::{Setting, Value, expected};
use crate::base::rng::Rng;
use crate::nn::Context;
use core::cell::RefCell;

/// Whole numbers up to this are exact in JSON.
const MOST: f64 = 9_007_199_254_740_992.0;

/// A layer's `seed`. With one the layer draws from a generator of its own, which goes on from call to call: what it
/// draws depends neither on the model's seed nor on other layers. Without one it draws from the model's.
#[derive(Debug, Default)]
pub struct Seed(Option<(f64, RefCell<Rng>)>);

impl Seed {
    /// A generator of the layer's own, from this whole number.
    pub fn new(seed: f64) -> Self {
        Seed(Some((seed, RefCell::new(Rng::new(seed as i64 as u64)))))
    }

    /// How many numbers the layer's own generator has drawn; nothing without one.
    pub fn drawn(&self) -> Option<u64> {
        let (_, own) = self.0.as_ref()?;
        Some(own.borrow().drawn())
    }

    /// Goes on as after so many numbers.
    pub fn go_on(&self, drawn: u64) {
        if let Some((seed, own)) = &self.0 {
            let mut begun = Rng::new(*seed as i64 as u64);
            begun.skip(drawn);
            *own.borrow_mut() = begun;
        }
    }

    /// Draws with the layer's generator, or the model's. A layer that is only tried out draws from the model's, so that
    /// its own does not move.
    pub fn draws<T>(&self, context: &mut Context, draw: impl FnOnce(&mut Rng) -> T) -> T {
        match &self.0 {
            Some((_, own)) if !context.is_trial() => draw(&mut own.borrow_mut()),
            _ => draw(context.rng),
        }
    }
}

/// The same seed, from its beginning: two layers of the same settings draw the same, each for itself.
impl Clone for Seed {
    fn clone(&self) -> Self {
        self.0
            .as_ref()
            .map_or_else(Seed::default, |(seed, _)| Seed::new(*seed))
    }
}

impl Setting for Seed {
    fn read(value: &Value) -> Result<Self> {
        match value.as_f64() {
            Some(seed) if libm::floor(seed) == seed && libm::fabs(seed) <= MOST => {
                Ok(Seed::new(seed))
            }
            _ => expected("a whole number", value),
        }
    }
}

impl From<Seed> for Value {
    fn from(seed: Seed) -> Value {
        seed.0.map_or(Value::Null, |(seed, _)| Value::Number(seed))
    }
}
