//! Batch normalisation (Ioffe and Szegedy 2015): `y = (x − μ) / √(σ² + ε) · gamma + beta`, where `μ` and `σ²` are
//! the mean and the variance of each channel, the last axis of `x`, over all other axes.
//!
//! With `x̂ = (x − μ) / √(σ² + ε)` and means over the same axes the derivative is
//! `dx = gamma / √(σ² + ε) · (dy − mean(dy) − x̂ · mean(dy · x̂))`, `dgamma = Σ dy · x̂`, `dbeta = Σ dy`.
//!
//! One op: three passes over memory forward and two back, shared out among threads. Where a graph of the gradient is
//! wanted, it is that of the [plain form](plain).
use crate::base::error::{Result, bail};
use crate::kernels::{batch_norm, reduce};
use crate::memory::{Buffer, ask_for};
use crate::parallel::{chunks, for_each_piece, for_each_with_scratch, share, threads};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::Shape;
use alloc::vec::Vec;

/// Values that are summed up before other sums are added: a fixed number, so that the bits do not depend on the
/// number of threads.
const BLOCK: usize = 16_384;

/// Values below which other threads are not worth waking.
const WORTH_SHARING: usize = 16_384;

/// What [`Tensor::batch_norm`] gives.
pub struct Normalized {
    /// The normalised values, of the input's shape.
    pub y: Tensor,
    /// The mean of each channel, which no gradient flows through.
    pub mean: Tensor,
    /// The variance of each channel (divided by how many values there are), which no gradient flows through.
    pub variance: Tensor,
}

struct BatchNorm {
    scaled: bool,
    shifted: bool,
    epsilon: f32,
    mean: Tensor,
    /// `1 / √(σ² + ε)`
    inverse: Tensor,
}

impl Op for BatchNorm {
    fn name(&self) -> &'static str {
        "batch_norm"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        if at.recorded() {
            return at.by_way_of(&|inputs| self.plain(inputs));
        }
        let (x, dy) = (at.input(0).data(), at.dy.data());
        let (mean, inverse) = (self.mean.data(), self.inverse.data());
        let n = mean.len();
        let count = (x.len() / n.max(1)) as f32;
        let (sums, products) = gradient_sums(x, dy, mean)?;
        let dgamma: Buffer = products.iter().zip(inverse).map(|(p, i)| p * i).collect();
        let mut gradients: Inputs<Option<Gradient>> = Inputs::new();
        gradients.push(at.wanted(0, || {
            let wide = wide(n);
            ask_for(self.name(), &[n, wide, wide, wide, wide, x.len()])?;
            let gamma = |c: usize| {
                if self.scaled {
                    at.input(1).data()[c]
                } else {
                    1.0
                }
            };
            let row = |value: &dyn Fn(usize) -> f32| {
                let values: Buffer = (0..n).map(value).collect();
                repeated(&values)
            };
            let scale = row(&|c| gamma(c) * inverse[c]);
            let bend = row(&|c| gamma(c) * inverse[c] * inverse[c] * dgamma[c] / count);
            let shift = row(&|c| gamma(c) * inverse[c] * sums[c] / count);
            let rows = [repeated(mean), scale, bend, shift];
            let parameters = rows.each_ref().map(|row| &row[..]);
            let mut dx = Buffer::dirty(x.len());
            let piece = piece(x.len(), parameters[0].len());
            for_each_piece(&mut dx, piece, |index, dx| {
                let [x, dy] = [x, dy].map(|all| &all[index * piece..][..dx.len()]);
                batch_norm::input_gradient::<Native>([x, dy], parameters, dx);
            });
            Ok(Tensor::leaf(dx, *at.input(0).shape()))
        })?);
        let by_channel = *self.mean.shape();
        if self.scaled {
            gradients.push(at.wants(1).then(|| Tensor::leaf(dgamma, by_channel).into()));
        }
        if self.shifted {
            let place = 1 + usize::from(self.scaled);
            gradients.push(
                at.wants(place)
                    .then(|| Tensor::leaf(sums, by_channel).into()),
            );
        }
        Ok(gradients)
    }
}

impl BatchNorm {
    /// What the fused op is made of.
    fn plain(&self, inputs: &[Tensor]) -> Result<Tensor> {
        let gamma = self.scaled.then(|| &inputs[1]);
        let beta = self.shifted.then(|| &inputs[1 + usize::from(self.scaled)]);
        plain(&inputs[0], gamma, beta, self.epsilon)
    }
}

/// The same written with other ops.
fn plain(
    x: &Tensor,
    gamma: Option<&Tensor>,
    beta: Option<&Tensor>,
    epsilon: f32,
) -> Result<Tensor> {
    let axes: Vec<isize> = (0..x.shape().len() as isize - 1).collect();
    let apart = x.sub(&x.mean(&axes, true)?)?;
    let variance = apart.mul(&apart)?.mean(&axes, true)?;
    let deviation = variance.room_for("batch_norm")?.shift(epsilon);
    let mut y = apart.div(&deviation.room_for("batch_norm")?.sqrt())?;
    if let Some(gamma) = gamma {
        y = y.mul(gamma)?;
    }
    match beta {
        Some(beta) => y.add(beta),
        None => Ok(y),
    }
}

/// How long a [repeated] row of `n` values is.
fn wide(n: usize) -> usize {
    let times = match n % 4 {
        0 => 16usize.div_ceil(n.max(1)),
        _ => 4 * 4usize.div_ceil(n),
    };
    n.saturating_mul(times)
}

/// `row` as often as makes its length a multiple of four, and no less than sixteen.
fn repeated(row: &[f32]) -> Buffer {
    let mut rows = Buffer::dirty(wide(row.len()));
    rows.chunks_exact_mut(row.len().max(1))
        .for_each(|place| place.copy_from_slice(row));
    rows
}

/// How many values a thread takes at a time: whole rows of parameters.
fn piece(values: usize, row: usize) -> usize {
    let row = row.max(1);
    share(values.div_ceil(row), WORTH_SHARING.div_ceil(row), 1) * row
}

/// Sums over rows of `n` values: those of blocks, then the sums of these. `of` gets the place of a block in memory
/// and writes `width` sums; it has `scratch` values of the calling thread's own to work with.
fn by_blocks(
    values: usize,
    n: usize,
    width: usize,
    scratch: usize,
    of: impl Fn(core::ops::Range<usize>, &mut [f32], &mut [f32]) + Sync,
) -> Result<Buffer> {
    let rows = (BLOCK / n.max(1)).max(1);
    let blocks = (values / n.max(1)).div_ceil(rows);
    let all_scratch = scratch.saturating_mul(threads());
    let partial_len = blocks.saturating_mul(width);
    ask_for("batch_norm", &[partial_len, all_scratch, width])?;
    let mut partial = Buffer::dirty(partial_len);
    // The scratch of all threads is one buffer taken here: threads that each take one would meet at the spare ones.
    let mut scratch_of_all = Buffer::dirty(all_scratch);
    let block = |index: usize| {
        let from = index * rows * n;
        from..values.min(from + rows * n)
    };
    if values < WORTH_SHARING {
        let parts = partial.chunks_exact_mut(width.max(1)).enumerate();
        parts.for_each(|(index, sums)| of(block(index), sums, &mut scratch_of_all[..scratch]));
    } else {
        for_each_with_scratch(
            chunks(&mut partial, width),
            &mut scratch_of_all,
            |index, sums, scratch| of(block(index), sums, scratch),
        );
    }
    let mut sums = Buffer::dirty(width);
    reduce::sum_rows::<Native>(&partial, &mut sums);
    Ok(sums)
}

/// The sums of a function's terms over rows of `n` values; with `n` that is no multiple of four, some rows are taken
/// as one that is.
fn column_sums(
    x: &[f32],
    mean: &[f32],
    count: usize,
    each: impl Fn(core::ops::Range<usize>, &[f32], &mut [f32]) + Sync,
) -> Result<Buffer> {
    let n = mean.len();
    ask_for("batch_norm", &[wide(n)])?;
    let repeated = repeated(mean);
    let wide = &repeated[..];
    let many = wide.len().max(1);
    // The sums of a block's wide rows, and of the rows that are left.
    let scratch = count.saturating_mul(many + n);
    by_blocks(x.len(), n, count * n, scratch, |block, sums, scratch| {
        let (together, rest) = scratch.split_at_mut(count * many);
        let whole = block.len() / many * many;
        let middle = block.start + whole;
        each(block.start..middle, wide, together);
        for (sums, together) in sums.chunks_exact_mut(n).zip(together.chunks_exact(many)) {
            reduce::sum_rows::<Native>(together, sums);
        }
        if middle < block.end {
            each(middle..block.end, mean, rest);
            sums.iter_mut()
                .zip(&*rest)
                .for_each(|(sum, more)| *sum += more);
        }
    })
}

/// `Σ (x − mean)²` of each channel.
fn square_sums(x: &[f32], mean: &[f32]) -> Result<Buffer> {
    column_sums(x, mean, 1, |block, mean, sums| {
        batch_norm::squares::<Native>(&x[block], mean, sums);
    })
}

/// `Σ dy` and `Σ dy · (x − mean)` of each channel.
fn gradient_sums(x: &[f32], dy: &[f32], mean: &[f32]) -> Result<(Buffer, Buffer)> {
    let both = column_sums(x, mean, 2, |block, mean, sums| {
        let (sums, products) = sums.split_at_mut(mean.len());
        let (x, dy) = (&x[block.clone()], &dy[block]);
        batch_norm::gradients::<Native>(x, dy, mean, sums, products);
    })?;
    let n = mean.len();
    // And what becomes of the products.
    ask_for("batch_norm", &[n, n, n])?;
    let (sums, products) = both.split_at(n);
    Ok((sums.into(), products.into()))
}

impl Tensor {
    /// Normalises each channel (the last axis) to mean 0 and variance 1 over all other axes, then multiplies by
    /// `gamma` and adds `beta`, `[channels]` each; `epsilon` is added to the variance.
    ///
    /// # Errors
    /// A tensor without axes or without values, another number of values than channels in `gamma` or `beta`, or too
    /// little memory.
    pub fn batch_norm(
        &self,
        gamma: Option<&Tensor>,
        beta: Option<&Tensor>,
        epsilon: f32,
    ) -> Result<Normalized> {
        let (x, shape) = (self.data(), self.shape());
        let n = shape.last().copied().unwrap_or(0);
        if x.is_empty() || n == 0 {
            bail!(Shape, "batch_norm: {shape:?} has no values to normalise");
        }
        for (name, row) in [("gamma", gamma), ("beta", beta)] {
            if let Some(row) = row
                && **row.shape() != [n]
            {
                bail!(
                    Shape,
                    "batch_norm: {name} must be [{n}] for {shape:?}, but is {:?}",
                    row.shape()
                );
            }
        }
        let count = (x.len() / n) as f32;
        let mut mean = by_blocks(x.len(), n, n, 0, |block, sums, _| {
            reduce::sum_rows::<Native>(&x[block], sums);
        })?;
        mean.iter_mut().for_each(|sum| *sum /= count);
        let mut variance = square_sums(x, &mean)?;
        variance.iter_mut().for_each(|sum| *sum /= count);
        let wide = wide(n);
        ask_for("batch_norm", &[n, n, wide, wide, wide, x.len()])?;
        let inverse: Buffer = variance
            .iter()
            .map(|variance| 1.0 / libm::sqrtf(variance + epsilon))
            .collect();
        let scale: Buffer = match gamma {
            Some(gamma) => gamma
                .data()
                .iter()
                .zip(&*inverse)
                .map(|(g, i)| g * i)
                .collect(),
            None => inverse[..].into(),
        };
        let scale = repeated(&scale);
        let shift = match beta {
            Some(beta) => repeated(beta.data()),
            None => Buffer::zeros(scale.len()),
        };
        let (means, mut y) = (repeated(&mean), Buffer::dirty(x.len()));
        let (means, scale, shift) = (&means[..], &scale[..], &shift[..]);
        let piece = piece(x.len(), means.len());
        for_each_piece(&mut y, piece, |index, y| {
            let x = &x[index * piece..][..y.len()];
            batch_norm::normalize::<Native>(x, means, scale, shift, y);
        });
        let by_channel = Shape::known(&[n]);
        let mean = Tensor::leaf(mean, by_channel);
        let op = BatchNorm {
            scaled: gamma.is_some(),
            shifted: beta.is_some(),
            epsilon,
            mean: mean.clone(),
            inverse: Tensor::leaf(inverse, by_channel),
        };
        let mut inputs = Inputs::new();
        inputs.push(self);
        inputs.extend(gamma);
        inputs.extend(beta);
        Ok(Normalized {
            y: Tensor::of(op, &inputs, y, *shape),
            mean,
            variance: Tensor::leaf(variance, by_channel),
        })
    }
}
