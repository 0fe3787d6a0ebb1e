//! Rows picked by index: `y[j, …] = x[index[j], …]`, as an embedding does. Derivative: every row of `dy`
//! added to the row of `dx` that it came from. Each is the other's derivative.
use crate::base::error::{Result, bail};
use crate::kernels::elementwise;
use crate::memory::{Buffer, ask, ask_for};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::Shape;
use alloc::rc::Rc;
use smallvec::smallvec;

struct Gather {
    indices: Rc<[u32]>,
}

impl Op for Gather {
    fn name(&self) -> &'static str {
        "gather"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(
            at.dy
                .scatter_add_shared(&self.indices, at.input(0).shape()[0])?
                .into()
        )])
    }
}

struct ScatterAdd {
    indices: Rc<[u32]>,
}

impl Op for ScatterAdd {
    fn name(&self) -> &'static str {
        "scatter_add"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(at.dy.gather_shared(&self.indices)?.into())])
    }
}

impl Tensor {
    /// The rows (slices along the first axis) at `indices`.
    ///
    /// # Errors
    /// No axis, or an index past the last row.
    pub fn gather(&self, indices: &[u32]) -> Result<Tensor> {
        let Some(&rows) = self.shape().first() else {
            bail!(Shape, "gather: a single value has no rows")
        };
        check("gather", indices, rows)?;
        if !self.needs_gradient() {
            let (y, shape) = self.picked(indices)?;
            return Ok(Tensor::leaf(y, shape));
        }
        self.gather_shared(&shared("gather", indices)?)
    }

    /// Zeros with `rows` rows, to which this tensor's row `j` is added at `indices[j]`.
    ///
    /// # Errors
    /// Not one index per row, or an index past the last row.
    pub fn scatter_add(&self, indices: &[u32], rows: usize) -> Result<Tensor> {
        if self.shape().first() != Some(&indices.len()) {
            bail!(
                Shape,
                "scatter_add: {} indices for {:?}",
                indices.len(),
                self.shape()
            );
        }
        check("scatter_add", indices, rows)?;
        self.scatter_add_shared(&shared("scatter_add", indices)?, rows)
    }

    fn gather_shared(&self, indices: &Rc<[u32]>) -> Result<Tensor> {
        let (y, shape) = self.picked(indices)?;
        let indices = indices.clone();
        Ok(Tensor::of(Gather { indices }, &[self], y, shape))
    }

    fn picked(&self, indices: &[u32]) -> Result<(Buffer, Shape)> {
        let row = self.shape()[1..].iter().product::<usize>();
        let shape = Shape::result("gather", &self.shape().with(0, indices.len()))?;
        ask_for("gather", &[shape.size()])?;
        let mut y = Buffer::dirty(shape.size());
        for (y, &index) in y.chunks_exact_mut(row.max(1)).zip(indices) {
            y.copy_from_slice(&self.data()[index as usize * row..][..row]);
        }
        Ok((y, shape))
    }

    fn scatter_add_shared(&self, indices: &Rc<[u32]>, rows: usize) -> Result<Tensor> {
        let shape = Shape::result("scatter_add", &self.shape().with(0, rows))?;
        ask_for("scatter_add", &[shape.size()])?;
        let row = shape[1..].iter().product::<usize>();
        let mut y = Buffer::zeros(shape.size());
        for (&index, dy) in indices.iter().zip(self.data().chunks_exact(row.max(1))) {
            elementwise::accumulate::<Native>(&mut y[index as usize * row..][..row], dy);
        }
        Ok(Tensor::of(
            ScatterAdd {
                indices: indices.clone(),
            },
            &[self],
            y,
            shape,
        ))
    }
}

/// The indices as the op and its derivative share them.
fn shared(op: &str, indices: &[u32]) -> Result<Rc<[u32]>> {
    ask(op, size_of_val(indices))?;
    Ok(indices.into())
}

fn check(op: &str, indices: &[u32], rows: usize) -> Result<()> {
    match indices.iter().find(|&&index| index as usize >= rows) {
        Some(index) => bail!(Value, "{op}: index {index} is outside 0..{rows}"),
        None => Ok(()),
    }
}
