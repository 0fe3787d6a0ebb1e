//! Layer normalisation (Ba et al. 2016): `y = (x − μ) / √(σ² + ε) · gamma + beta`, where `μ` and `σ²` are the mean and the
//! variance of each row, the last axis of `x`; and its relative (Zhang and Sennrich 2019) with `μ = 0`, so that `σ²` is
//! the mean of the squares.
//!
//! With `x̂ = (x − μ) / √(σ² + ε)`, `g = dy · gamma` and means over the row the derivative is
//! `dx = (g − mean(g) − x̂ · mean(g · x̂)) / √(σ² + ε)`, without `mean(g)` where `μ = 0`; `dgamma = Σ dy · x̂` and
//! `dbeta = Σ dy` over the rows.
//!
//! One op: one pass over memory forward and one back, shared out among threads. Where a graph of the gradient is
//! wanted, it is that of the [plain form](LayerNorm::plain).
use crate::base::error::{Result, bail};
use crate::kernels::{layer_norm, reduce};
use crate::memory::{Buffer, ask_for};
use crate::parallel::{chunks, for_each_of, share};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::Shape;

/// Values of rows whose part in the gradients of gamma and beta is summed up before other parts are added: a fixed
/// number, so that the bits do not depend on the number of threads. Fewer are not worth waking other threads either.
const BLOCK: usize = 16_384;

struct LayerNorm {
    scaled: bool,
    shifted: bool,
    epsilon: f32,
    centered: bool,
    /// `μ` and `1 / √(σ² + ε)` of each row.
    statistics: Tensor,
}

impl Op for LayerNorm {
    fn name(&self) -> &'static str {
        "layer_norm"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        if at.recorded() {
            return at.by_way_of(&|inputs| self.plain(inputs));
        }
        let x = at.input(0);
        let n = x.shape()[x.shape().len() - 1];
        let rows = (BLOCK / n).max(1);
        let blocks = (x.data().len() / n).div_ceil(rows);
        ask_for(
            self.name(),
            &[x.data().len(), n, 2 * n, blocks.saturating_mul(2 * n), n, n],
        )?;
        let gamma = row(self.scaled.then(|| at.input(1)), n, 1.0);
        let mut dx = Buffer::dirty(x.data().len());
        let mut parts = Buffer::dirty(blocks * 2 * n);
        let (x_data, dy, statistics) = (x.data(), at.dy.data(), self.statistics.data());
        let (gamma, centered) = (&gamma[..], self.centered);
        let pieces = (chunks(&mut dx, rows * n), chunks(&mut parts, 2 * n));
        for_each_of(pieces, |index, (dx, part)| {
            let [x, dy] = [x_data, dy].map(|all| &all[index * rows * n..][..dx.len()]);
            let statistics = &statistics[2 * index * rows..][..2 * (dx.len() / n)];
            layer_norm::gradients::<Native>([x, dy], gamma, (statistics, centered), dx, part);
        });
        let mut both = Buffer::dirty(2 * n);
        reduce::sum_rows::<Native>(&parts, &mut both);
        let (dgamma, dbeta) = both.split_at(n);
        let mut gradients = Inputs::new();
        gradients.push(at.wanted(0, || Ok(Tensor::leaf(dx, *x.shape())))?);
        let wanted = [(self.scaled, dgamma), (self.shifted, dbeta)];
        for (_, sums) in wanted.into_iter().filter(|(is_there, _)| *is_there) {
            let leaf = || Ok(Tensor::leaf(Buffer::from(sums), Shape::known(&[n])));
            gradients.push(at.wanted(gradients.len(), leaf)?);
        }
        Ok(gradients)
    }
}

impl LayerNorm {
    /// The same written with other ops.
    fn plain(&self, inputs: &[Tensor]) -> Result<Tensor> {
        let mut apart = inputs[0].clone();
        if self.centered {
            apart = apart.sub(&apart.mean(&[-1], true)?)?;
        }
        let variance = apart.mul(&apart)?.mean(&[-1], true)?;
        let deviation = variance.room_for(self.name())?.shift(self.epsilon);
        let mut y = apart.div(&deviation.room_for(self.name())?.sqrt())?;
        if self.scaled {
            y = y.mul(&inputs[1])?;
        }
        match self.shifted {
            true => y.add(&inputs[inputs.len() - 1]),
            false => Ok(y),
        }
    }
}

/// A parameter's values, or `without` as often where there is none.
fn row(parameter: Option<&Tensor>, n: usize, without: f32) -> Buffer {
    match parameter {
        Some(parameter) => parameter.data().into(),
        None => {
            let mut row = Buffer::dirty(n);
            row.fill(without);
            row
        }
    }
}

impl Tensor {
    /// Gives each row (the last axis) the mean 0 and the variance 1, then multiplies by `gamma` and adds `beta`,
    /// `[length of a row]` each; `epsilon` is added to the variance. Where it is not `centered` the row keeps its mean,
    /// and its mean square becomes 1.
    ///
    /// # Errors
    /// A tensor without axes or with an empty last one, another number of values than a row has in `gamma` or `beta`, or
    /// too little memory.
    pub fn layer_norm(
        &self,
        gamma: Option<&Tensor>,
        beta: Option<&Tensor>,
        epsilon: f32,
        centered: bool,
    ) -> Result<Tensor> {
        let (x, shape) = (self.data(), self.shape());
        let Some(&n) = shape.last().filter(|&&n| n > 0) else {
            bail!(Shape, "layer_norm: {shape:?} has no last axis with values");
        };
        for (name, row) in [("gamma", gamma), ("beta", beta)] {
            if let Some(row) = row
                && **row.shape() != [n]
            {
                bail!(
                    Shape,
                    "layer_norm: {name} must be [{n}] for {shape:?}, but is {:?}",
                    row.shape()
                );
            }
        }
        let count = x.len() / n;
        ask_for("layer_norm", &[x.len(), n, n, 2 * count])?;
        let parameters = [row(gamma, n, 1.0), row(beta, n, 0.0)];
        let (mut y, mut statistics) = (Buffer::dirty(x.len()), Buffer::dirty(2 * count));
        let rows = share(count, BLOCK.div_ceil(n), 1);
        let parameters = parameters.each_ref().map(|row| &row[..]);
        let pieces = (chunks(&mut y, rows * n), chunks(&mut statistics, 2 * rows));
        for_each_of(pieces, |index, (y, statistics)| {
            let x = &x[index * rows * n..][..y.len()];
            layer_norm::normalize::<Native>(x, parameters, (epsilon, centered), y, statistics);
        });
        let op = LayerNorm {
            scaled: gamma.is_some(),
            shifted: beta.is_some(),
            epsilon,
            centered,
            statistics: Tensor::leaf(statistics, Shape::known(&[count, 2])),
        };
        let mut inputs = Inputs::new();
        inputs.push(self);
        inputs.extend(gamma);
        inputs.extend(beta);
        Ok(Tensor::of(op, &inputs, y, *shape))
    }
}
