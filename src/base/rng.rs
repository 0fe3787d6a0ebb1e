//! Seeded randomness: the same seed gives the same numbers on every machine.
use core::f32::consts::PI;
use rand_core::{RngCore, SeedableRng};
use rand_pcg::Pcg32;

/// A PCG-32 generator (O'Neill 2014) with the distributions that networks need.
#[derive(Clone, Debug)]
pub struct Rng {
    generator: Pcg32,
    drawn: u64,
}

impl Rng {
    /// A generator whose numbers follow from `seed` alone.
    pub fn new(seed: u64) -> Self {
        Rng {
            generator: Pcg32::seed_from_u64(seed),
            drawn: 0,
        }
    }

    /// How many 32-bit integers were drawn since the seed: what follows depends on the seed and on this alone.
    pub fn drawn(&self) -> u64 {
        self.drawn
    }

    /// Skips the next `count` 32-bit integers, in a time that does not depend on how many they are.
    pub fn skip(&mut self, count: u64) {
        self.generator.advance(count);
        self.drawn = self.drawn.wrapping_add(count);
    }

    /// A new generator, whose numbers follow from the state of this generator. Weights, shuffling and dropout each
    /// draw from a fork, so that a layer with more weights does not change the order of the samples.
    pub fn fork(&mut self) -> Self {
        let (low, high) = (self.next_u32(), self.next_u32());
        Rng::new(u64::from(high) << 32 | u64::from(low))
    }

    /// Uniform over all 32-bit integers.
    pub fn next_u32(&mut self) -> u32 {
        self.drawn = self.drawn.wrapping_add(1);
        self.generator.next_u32()
    }

    /// Uniform in `0..n` without bias (Lemire 2019). `n` must not be 0; 0 gives 0.
    pub fn below(&mut self, n: u32) -> u32 {
        let threshold = n.wrapping_neg().checked_rem(n).unwrap_or(0);
        loop {
            let product = u64::from(self.next_u32()) * u64::from(n);
            if product as u32 >= threshold {
                return (product >> 32) as u32;
            }
        }
    }

    /// Uniform in `[0, 1)`, 24 bits.
    pub fn unit(&mut self) -> f32 {
        (self.next_u32() >> 8) as f32 / (1 << 24) as f32
    }

    /// Uniform in `[low, high)`.
    pub fn uniform(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// Standard normal (Box and Muller 1958).
    pub fn normal(&mut self) -> f32 {
        let radius = libm::sqrtf(-2.0 * libm::logf(1.0 - self.unit()));
        radius * libm::cosf(2.0 * PI * self.unit())
    }

    /// A standard normal within two deviations; a value beyond them is drawn again.
    pub fn truncated_normal(&mut self) -> f32 {
        loop {
            let value = self.normal();
            if value.abs() <= 2.0 {
                return value;
            }
        }
    }

    /// Gamma of shape `alpha` and scale 1 (Marsaglia and Tsang 2000); NaN unless `alpha` is a finite number above 0.
    pub fn gamma(&mut self, alpha: f32) -> f32 {
        if !(alpha > 0.0 && alpha.is_finite()) {
            return f32::NAN;
        }
        // For `alpha` below 1: a gamma variable of shape `alpha + 1`, times a uniform one to the power `1 / alpha`.
        let (alpha, power) = if alpha < 1.0 {
            (alpha + 1.0, libm::powf(1.0 - self.unit(), 1.0 / alpha))
        } else {
            (alpha, 1.0)
        };
        let d = alpha - 1.0 / 3.0;
        let c = 1.0 / libm::sqrtf(9.0 * d);
        loop {
            let x = self.normal();
            let root = 1.0 + c * x;
            let v = root * root * root;
            // In (0, 1], whose logarithm is a number. In double precision, because `d` may be large and `v` near 1.
            let u = 1.0 - self.unit();
            if v <= 0.0 {
                continue;
            }
            let (wide, v64) = (f64::from(d), f64::from(v));
            let bound = 0.5 * f64::from(x * x) + wide * (1.0 - v64 + libm::log(v64));
            if libm::log(f64::from(u)) < bound {
                return d * v * power;
            }
        }
    }

    /// Shuffles in place (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last as u32 + 1) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    const COUNT: usize = 20_000;

    fn mean_and_deviation(draw: impl FnMut() -> f32) -> (f64, f64) {
        let values: Vec<f64> = core::iter::repeat_with(draw)
            .take(COUNT)
            .map(f64::from)
            .collect();
        let mean = values.iter().sum::<f64>() / COUNT as f64;
        let squares = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>();
        (mean, libm::sqrt(squares / COUNT as f64))
    }

    #[test]
    fn a_generator_that_skips_goes_on_where_another_was_after_as_many_draws() {
        let mut rng = Rng::new(7);
        let _ = (rng.normal(), rng.gamma(0.5), rng.fork(), rng.below(10));
        rng.shuffle(&mut [0; 100]);
        let mut later = Rng::new(7);
        later.skip(rng.drawn());
        assert_eq!(later.drawn(), rng.drawn());
        assert_eq!(later.next_u32(), rng.next_u32());
    }

    #[test]
    fn gamma_has_the_mean_and_the_deviation_of_its_shape() {
        let mut rng = Rng::new(1);
        for alpha in [0.3, 1.0, 2.5, 1000.0] {
            let (mean, deviation) = mean_and_deviation(|| rng.gamma(alpha));
            let alpha = f64::from(alpha);
            let wanted = libm::sqrt(alpha);
            let error = wanted / libm::sqrt(COUNT as f64);
            assert!((mean - alpha).abs() < 5.0 * error, "{alpha}: mean {mean}");
            let spread = 5.0 * error * libm::sqrt((2.0 + 6.0 / alpha) / 4.0);
            assert!(
                (deviation - wanted).abs() < spread,
                "{alpha}: deviation {deviation}"
            );
        }
    }

    #[test]
    fn gamma_of_no_shape_is_no_number_and_ends() {
        let mut rng = Rng::new(1);
        for alpha in [0.0, -1.0, f32::NAN, f32::INFINITY] {
            assert!(rng.gamma(alpha).is_nan());
        }
    }

    #[test]
    fn truncated_normal_stays_within_two_deviations() {
        let mut rng = Rng::new(1);
        let (mean, deviation) = mean_and_deviation(|| {
            let value = rng.truncated_normal();
            assert!(value.abs() <= 2.0);
            value
        });
        assert!(mean.abs() < 0.03 && (deviation - 0.8796).abs() < 0.03);
    }
}
