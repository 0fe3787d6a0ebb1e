//! Slices along an axis, picked by index: `y[…, j, …] = x[…, index[j], …]`, as an embedding does along the first axis.
//! Derivative: every slice of `dy` added to the slice of `dx` that it came from. Each is the other's derivative.
use crate::base::error::{Result, bail};
use crate::kernels::elementwise;
use crate::memory::{Buffer, ask, ask_for};
use crate::simd::Native;
use crate::tensor::Tensor;
#[cfg(feature = "embedding")]
use crate::tensor::autograd::RowSums;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::indices::{Indices, Picks};
use crate::tensor::shape::{Shape, resolve_axis};
use smallvec::smallvec;

/// A matrix with so many rows for each that is picked gets the sums of its rows late. With fewer one pass through a whole
/// gradient is faster: to find which rows lie in a piece takes as long as to write a few megabytes.
#[cfg(feature = "embedding")]
const FEW: usize = 8;

struct Gather {
    indices: Indices,
    axis: usize,
}

impl Op for Gather {
    fn name(&self) -> &'static str {
        "gather"
    }

    fn asks(&self) -> bool {
        true
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let shape = *at.input(0).shape();
        #[cfg(feature = "embedding")]
        if self.axis == 0
            && shape.len() == 2
            && shape[0] >= self.indices.picks().len().saturating_mul(FEW)
            && at.may_be_late(0)
        {
            return Ok(smallvec![Some(Gradient::Rows(RowSums::new(
                &self.indices,
                at.dy,
                shape
            )))]);
        }
        let dx = scatter_add(at.dy, &self.indices, self.axis, shape)?;
        Ok(smallvec![Some(dx.into())])
    }
}

struct ScatterAdd {
    indices: Indices,
    axis: usize,
}

impl Op for ScatterAdd {
    fn name(&self) -> &'static str {
        "scatter_add"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let shape = *at.input(0).shape();
        let dx = gather(at.dy, &self.indices, self.axis, shape)?;
        Ok(smallvec![Some(dx.into())])
    }
}

impl Tensor {
    /// The rows (slices along the first axis) at `indices`.
    ///
    /// # Errors
    /// No axis, or an index past the last row.
    pub fn gather(&self, indices: &[u32]) -> Result<Tensor> {
        if self.shape().is_empty() {
            bail!(Shape, "gather: a single value has no rows");
        }
        self.gather_along(indices, 0)
    }

    /// The rows at the whole numbers that `indices`, which is taken for a list, holds as floats. The
    /// caller has seen that each is the number of a row.
    ///
    /// # Errors
    /// A result that is too large.
    #[cfg(feature = "embedding")]
    pub(crate) fn lookup(&self, indices: &Tensor) -> Result<Tensor> {
        let shape = self.shape().with(0, indices.data().len());
        let shape = Shape::result("lookup", &shape)?;
        gather(self, &Indices::Held(indices.detach()), 0, shape)
    }

    /// The same rows as values: how they were found is not recorded.
    ///
    /// # Errors
    /// As for [`gather`](Tensor::gather).
    pub(crate) fn rows(&self, indices: &[u32]) -> Result<Tensor> {
        if self.shape().is_empty() {
            bail!(Shape, "gather: a single value has no rows");
        }
        picked_along(self, indices, 0)
    }

    /// The slices along `axis` (−1 is the last) at `indices`: the result's length along that axis is their number.
    ///
    /// # Errors
    /// An axis outside the shape, an index past the last slice, or a result that is too large.
    pub fn gather_along(&self, indices: &[u32], axis: isize) -> Result<Tensor> {
        let axis = resolve_axis("gather", axis, self.shape())?;
        if !self.needs_gradient() {
            return picked_along(self, indices, axis);
        }
        let shape = gathered(self, indices, axis)?;
        gather(self, &shared("gather", indices)?, axis, shape)
    }

    /// Zeros with `rows` rows, to which this tensor's row `j` is added at `indices[j]`.
    ///
    /// # Errors
    /// Not one index per row, an index past the last row, or a result that is too large.
    pub fn scatter_add(&self, indices: &[u32], rows: usize) -> Result<Tensor> {
        if self.shape().is_empty() {
            bail!(Shape, "scatter_add: a single value has no rows");
        }
        self.scatter_add_along(indices, rows, 0)
    }

    /// Zeros of length `length` along `axis` (−1 is the last), to which this tensor's slice `j` is added at
    /// `indices[j]`.
    ///
    /// # Errors
    /// An axis outside the shape, not one index per slice, an index past the last slice, or a result that is too large.
    pub fn scatter_add_along(&self, indices: &[u32], length: usize, axis: isize) -> Result<Tensor> {
        let axis = resolve_axis("scatter_add", axis, self.shape())?;
        if self.shape()[axis] != indices.len() {
            bail!(
                Shape,
                "scatter_add: {} indices for axis {axis} of {:?}",
                indices.len(),
                self.shape()
            );
        }
        check("scatter_add", indices, length)?;
        let shape = Shape::result("scatter_add", &self.shape().with(axis, length))?;
        scatter_add(self, &shared("scatter_add", indices)?, axis, shape)
    }
}

/// The shape of what is gathered.
fn gathered(x: &Tensor, indices: &[u32], axis: usize) -> Result<Shape> {
    check("gather", indices, x.shape()[axis])?;
    Shape::result("gather", &x.shape().with(axis, indices.len()))
}

fn picked_along(x: &Tensor, indices: &[u32], axis: usize) -> Result<Tensor> {
    let shape = gathered(x, indices, axis)?;
    let picks = Picks::Listed(indices);
    Ok(Tensor::leaf(picked(x, picks, axis, shape)?, shape))
}

fn gather(x: &Tensor, indices: &Indices, axis: usize, shape: Shape) -> Result<Tensor> {
    let y = picked(x, indices.picks(), axis, shape)?;
    let indices = indices.clone();
    Ok(Tensor::of(Gather { indices, axis }, &[x], y, shape))
}

/// The values of [`gather`].
fn picked(x: &Tensor, indices: Picks, axis: usize, shape: Shape) -> Result<Buffer> {
    ask_for("gather", &[shape.size()])?;
    let mut y = Buffer::dirty(shape.size());
    let (_, length, inner) = x.shape().around(axis);
    let (from, to) = (length * inner, shape[axis] * inner);
    for (block, y) in y.chunks_exact_mut(to.max(1)).enumerate() {
        let x = &x.data()[block * from..][..from];
        indices.each(|place, index| {
            y[place * inner..][..inner].copy_from_slice(&x[index * inner..][..inner]);
        });
    }
    Ok(y)
}

fn scatter_add(x: &Tensor, indices: &Indices, axis: usize, shape: Shape) -> Result<Tensor> {
    ask_for("scatter_add", &[shape.size()])?;
    let mut y = Buffer::zeros(shape.size());
    let (_, length, inner) = shape.around(axis);
    let (from, to) = (x.shape()[axis] * inner, length * inner);
    for (block, x) in x.data().chunks_exact(from.max(1)).enumerate() {
        let y = &mut y[block * to..][..to];
        indices.picks().each(|place, index| {
            let x = &x[place * inner..][..inner];
            elementwise::accumulate::<Native>(&mut y[index * inner..][..inner], x);
        });
    }
    let indices = indices.clone();
    Ok(Tensor::of(ScatterAdd { indices, axis }, &[x], y, shape))
}

/// The indices as the op and its derivative share them.
fn shared(op: &str, indices: &[u32]) -> Result<Indices> {
    ask(op, size_of_val(indices))?;
    Ok(Indices::Listed(indices.into()))
}

fn check(op: &str, indices: &[u32], length: usize) -> Result<()> {
    match indices.iter().find(|&&index| index as usize >= length) {
        Some(index) => bail!(Value, "{op}: index {index} is outside 0..{length}"),
        None => Ok(()),
    }
}
