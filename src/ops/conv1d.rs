//! 1-D convolution: `x [n, t, c] ∗ k [k, c, f] → y [n, ot, f]` is [`conv2d`](Tensor::conv2d) of images one pixel high.
use crate::base::error::{Result, bail};
use crate::kernels::conv::Padding;
use crate::tensor::Tensor;

impl Tensor {
    /// Convolves sequences `[n, t, c]` with `kernel` `[k, c, f]`, then adds `bias` `[f]` if there is one, then takes the
    /// [`relu`](Tensor::relu) if asked for. No data moves besides.
    ///
    /// # Errors
    /// Wrong ranks, channels that differ, a stride or dilation of 0, a kernel longer than a `valid` sequence, or a bias
    /// of another shape.
    pub fn conv1d_fused(
        &self,
        kernel: &Tensor,
        bias: Option<&Tensor>,
        relu: bool,
        stride: usize,
        dilation: usize,
        padding: Padding,
    ) -> Result<Tensor> {
        let (&[n, t, c], &[k, kernel_c, f]) = (&**self.shape(), &**kernel.shape()) else {
            bail!(
                Shape,
                "conv1d: {:?} * {:?}: expected [n, time, c] and a kernel [k, c, f]",
                self.shape(),
                kernel.shape()
            );
        };
        let image = self.reshape(&[n, 1, t, c])?;
        let kernel = kernel.reshape(&[1, k, kernel_c, f])?;
        let y = image.conv2d_fused(&kernel, bias, relu, (1, stride), (1, dilation), padding)?;
        y.reshape(&[n, y.shape()[2], f])
    }
}
