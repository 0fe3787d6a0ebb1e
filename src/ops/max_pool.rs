//! Max pooling: the greatest value of each window of `x [n, h, w, c]`; NaN counts as the greatest. Derivative: `dy` is
//! added where the first greatest value of each window stands. Once these places are known, pooling picks values from
//! places and its derivative adds values to places, and each of the two maps is the derivative of the other.
use crate::Result;
use crate::kernels::conv::Padding;
use crate::kernels::pool::{self, Pool2d};
use crate::memory::{Buffer, Shared, ask_for};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::Shape;
use smallvec::smallvec;

struct MaxPool {
    places: Shared<Buffer>,
}

impl Op for MaxPool {
    fn name(&self) -> &'static str {
        "max_pool"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(
            put(at.dy, &self.places, *at.input(0).shape())?.into()
        )])
    }
}

struct Put {
    places: Shared<Buffer>,
}

impl Op for Put {
    fn name(&self) -> &'static str {
        "max_pool_gradient"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let shape = *at.input(0).shape();
        ask_for("max_pool", &[shape.size()])?;
        let mut y = Buffer::dirty(shape.size());
        pool::gather(&self.places, at.dy.data(), &mut y);
        Ok(smallvec![Some(
            Tensor::of(
                MaxPool {
                    places: self.places.clone(),
                },
                &[at.dy],
                y,
                shape,
            )
            .into()
        )])
    }
}

fn put(dy: &Tensor, places: &Shared<Buffer>, shape: Shape) -> Result<Tensor> {
    ask_for("max_pool_gradient", &[shape.size()])?;
    let mut dx = Buffer::dirty(shape.size());
    pool::max_gradient(shape[0], places, dy.data(), &mut dx);
    Ok(Tensor::of(
        Put {
            places: places.clone(),
        },
        &[dy],
        dx,
        shape,
    ))
}

impl Tensor {
    /// Max pooling of images `[n, h, w, c]` with windows and strides `(down, across)`.
    ///
    /// # Errors
    /// Wrong rank, sizes of 0, or a window larger than a `valid` image.
    pub fn max_pool(
        &self,
        window: (usize, usize),
        strides: (usize, usize),
        padding: Padding,
    ) -> Result<Tensor> {
        let geometry = Pool2d::new(self.shape(), window, strides, padding)?;
        let shape = pooled(&geometry)?;
        ask_for("max_pool", &[shape.size(); 2])?;
        let mut y = Buffer::dirty(shape.size());
        let mut places = Buffer::dirty(shape.size());
        pool::max_forward::<Native>(&geometry, self.data(), &mut y, &mut places);
        Ok(Tensor::of(
            MaxPool {
                places: Shared::new(places),
            },
            &[self],
            y,
            shape,
        ))
    }
}

/// The shape that pooling gives.
pub(super) fn pooled(g: &Pool2d) -> Result<Shape> {
    Shape::result("pool2d", &g.out_shape())
}
