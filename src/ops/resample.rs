//! New pixels mixed from old pixels: `y[o] = Σ_k weight[o, k] · x[place[o, k]] + missing[o] · fill`, the same for each
//! channel. Linear in the old pixels, so that its derivative spreads `dy` by the same weights; the two are each other's
//! derivative. Which pixels are mixed is decided in `pictures.rs`.
use crate::base::error::Result;
use crate::memory::{Buffer, ask_for, vector};
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::Shape;
use alloc::{rc::Rc, vec::Vec};
use smallvec::smallvec;

/// Of which old pixels each new pixel is mixed, and how much of each. The weights are f64, so that equal pixels give
/// exactly that pixel again: a sum of rounded weights would be a little more or less than 1.
pub(super) struct Taps {
    /// How many old pixels a new one has.
    per: usize,
    places: Vec<u32>,
    weights: Vec<f64>,
    /// How much of the fill each new pixel gets; empty where no pixel gets any.
    missing: Vec<f64>,
}

impl Taps {
    /// No pixels yet, with room for `count` new ones, each of them mixed from `per` old ones.
    ///
    /// # Errors
    /// There is no memory for them.
    pub(super) fn new(op: &str, count: usize, per: usize, fills: bool) -> Result<Self> {
        Ok(Taps {
            per,
            places: vector(op, count.saturating_mul(per))?,
            weights: vector(op, count.saturating_mul(per))?,
            missing: vector(op, if fills { count } else { 0 })?,
        })
    }

    /// Adds the next new pixel: its old pixels with their weights, and its share of the fill.
    pub(super) fn push(&mut self, taps: &[(usize, f64)], missing: f64) {
        for &(place, weight) in taps {
            self.places.push(place as u32);
            self.weights.push(weight);
        }
        if self.missing.capacity() > 0 {
            self.missing.push(missing);
        }
    }

    /// Each new pixel's old pixels and their weights.
    fn pixels(&self) -> impl Iterator<Item = (&[u32], &[f64])> {
        let places = self.places.chunks_exact(self.per);
        places.zip(self.weights.chunks_exact(self.per))
    }

    /// `x`, blocks of pixels whose channels are the last axis, each as many old pixels as the taps are about, made into
    /// `shape`. `fill` is one value for each channel, or one for all.
    pub(super) fn gather(
        self: &Rc<Self>,
        x: &Tensor,
        blocks: usize,
        shape: Shape,
        fill: &[f32],
    ) -> Result<Tensor> {
        ask_for("resample", &[shape.size()])?;
        let channels = shape.last().copied().unwrap_or(1).max(1);
        let mut y = Buffer::zeros(shape.size());
        let from = (x.data().len() / blocks.max(1)).max(1);
        let to = (y.len() / blocks.max(1)).max(1);
        for (x, y) in x.data().chunks_exact(from).zip(y.chunks_exact_mut(to)) {
            for (pixel, (places, weights)) in y.chunks_exact_mut(channels).zip(self.pixels()) {
                for (channel, value) in pixel.iter_mut().enumerate() {
                    let mut sum = 0.0;
                    for (&place, &weight) in places.iter().zip(weights) {
                        // What has no weight may be infinite.
                        if weight != 0.0 {
                            sum += weight * f64::from(x[place as usize * channels + channel]);
                        }
                    }
                    *value = sum as f32;
                }
            }
            for (pixel, &share) in y.chunks_exact_mut(channels).zip(&self.missing) {
                for (value, &fill) in pixel.iter_mut().zip(fill.iter().cycle()) {
                    if share != 0.0 {
                        *value += (share * f64::from(fill)) as f32;
                    }
                }
            }
        }
        let op = Gather {
            taps: self.clone(),
            blocks,
        };
        Ok(Tensor::of(op, &[x], y, shape))
    }

    fn spread(self: &Rc<Self>, dy: &Tensor, blocks: usize, shape: Shape) -> Result<Tensor> {
        ask_for("resample", &[shape.size()])?;
        let channels = shape.last().copied().unwrap_or(1).max(1);
        let mut dx = Buffer::zeros(shape.size());
        let from = (dx.len() / blocks.max(1)).max(1);
        let to = (dy.data().len() / blocks.max(1)).max(1);
        for (dx, dy) in dx.chunks_exact_mut(from).zip(dy.data().chunks_exact(to)) {
            for (pixel, (places, weights)) in dy.chunks_exact(channels).zip(self.pixels()) {
                for (&place, &weight) in places.iter().zip(weights) {
                    if weight == 0.0 {
                        continue;
                    }
                    let old = &mut dx[place as usize * channels..][..channels];
                    for (dx, &dy) in old.iter_mut().zip(pixel) {
                        *dx += (weight * f64::from(dy)) as f32;
                    }
                }
            }
        }
        let op = Spread {
            taps: self.clone(),
            blocks,
        };
        Ok(Tensor::of(op, &[dy], dx, shape))
    }
}

struct Gather {
    taps: Rc<Taps>,
    blocks: usize,
}

struct Spread {
    taps: Rc<Taps>,
    blocks: usize,
}

impl Op for Gather {
    fn name(&self) -> &'static str {
        "resample"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let shape = *at.input(0).shape();
        let dx = self.taps.spread(at.dy, self.blocks, shape)?;
        Ok(smallvec![Some(dx.into())])
    }
}

impl Op for Spread {
    fn name(&self) -> &'static str {
        "resample_gradient"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let shape = *at.input(0).shape();
        // The fill is a constant, so that it has no part in a derivative.
        let dx = self.taps.gather(at.dy, self.blocks, shape, &[0.0])?;
        Ok(smallvec![Some(dx.into())])
    }
}
