//! Where the greatest or the least value along an axis stands. Flat, so no gradient flows.
use crate::base::error::{Result, bail};
use crate::memory::{Buffer, ask_for, vector};
use crate::tensor::Tensor;
use crate::tensor::shape::{Shape, resolve_axis};
use alloc::vec::Vec;

/// Whole numbers up to this are exact in a tensor.
const EXACT: u32 = 1 << 24;

impl Tensor {
    /// The index of the first greatest value along `axis` (−1 is the last), as whole numbers in a tensor
    /// without that axis. The first NaN wins, as in NumPy.
    ///
    /// # Errors
    /// An axis outside the shape, or of length 0, or an index above 2²⁴, which a tensor cannot hold exactly.
    pub fn argmax(&self, axis: isize) -> Result<Tensor> {
        self.place("argmax", axis, |x, best| x > best)
    }

    /// The index of the first least value along `axis`; see [`argmax`](Tensor::argmax).
    ///
    /// # Errors
    /// Those of [`argmax`](Tensor::argmax).
    pub fn argmin(&self, axis: isize) -> Result<Tensor> {
        self.place("argmin", axis, |x, best| x < best)
    }

    /// What [`argmax`](Tensor::argmax) gives, as whole numbers of any size, with their shape.
    ///
    /// # Errors
    /// An axis outside the shape, or of length 0.
    pub fn argmax_indices(&self, axis: isize) -> Result<(Vec<u32>, Shape)> {
        let (places, shape) = self.places("argmax", axis, |x, best| x > best)?;
        Ok((listed("argmax", places, shape)?, shape))
    }

    /// What [`argmin`](Tensor::argmin) gives, as whole numbers of any size, with their shape.
    ///
    /// # Errors
    /// An axis outside the shape, or of length 0.
    pub fn argmin_indices(&self, axis: isize) -> Result<(Vec<u32>, Shape)> {
        let (places, shape) = self.places("argmin", axis, |x, best| x < best)?;
        Ok((listed("argmin", places, shape)?, shape))
    }

    fn place(
        &self,
        op: &str,
        axis: isize,
        better: impl Fn(f32, f32) -> bool + Copy,
    ) -> Result<Tensor> {
        let (places, shape) = self.places(op, axis, better)?;
        ask_for(op, &[shape.size()])?;
        let mut y = Buffer::dirty(shape.size());
        for (y, place) in y.iter_mut().zip(places) {
            if place > EXACT {
                bail!(
                    Value,
                    "{op}: the index {place} is above 16777216, beyond which a tensor's numbers are not exact"
                );
            }
            *y = place as f32;
        }
        Ok(Tensor::leaf(y, shape))
    }

    /// The index of the best value along an axis for each place of the other axes, with their shape.
    fn places(
        &self,
        op: &str,
        axis: isize,
        better: impl Fn(f32, f32) -> bool + Copy,
    ) -> Result<(impl Iterator<Item = u32>, Shape)> {
        let axis = resolve_axis(op, axis, self.shape())?;
        let (outer, n, inner) = self.shape().around(axis);
        if n == 0 {
            bail!(Shape, "{op}: axis {axis} of {:?} is empty", self.shape());
        }
        if u32::try_from(n).is_err() {
            bail!(Shape, "{op}: axis {axis} of {:?} is too long", self.shape());
        }
        let x = self.data();
        let starts =
            (0..outer).flat_map(move |block| (0..inner).map(move |i| block * n * inner + i));
        let places = starts.map(move |start| {
            let (mut best, mut value) = (0, x[start]);
            for index in 1..n {
                if value.is_nan() {
                    break;
                }
                let x = x[start + index * inner];
                if better(x, value) || x.is_nan() {
                    (best, value) = (index, x);
                }
            }
            best as u32
        });
        Ok((places, self.shape().without(axis)))
    }
}

fn listed(op: &str, places: impl Iterator<Item = u32>, shape: Shape) -> Result<Vec<u32>> {
    let mut list = vector(op, shape.size())?;
    list.extend(places);
    Ok(list)
}
