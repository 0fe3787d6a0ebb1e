//! Shapes: up to six axes, row-major, held inline.
use crate::base::error::{Result, bail};
use crate::memory::refusal;
use alloc::format;
use core::{fmt, ops::Deref};

/// The most axes a tensor may have.
pub const MAX_RANK: usize = 6;

/// The lengths of a tensor's axes, outermost first. Reads as a slice.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Shape {
    dims: [usize; MAX_RANK],
    rank: usize,
}

impl Shape {
    /// A shape with these axes.
    ///
    /// # Errors
    /// More than six axes, or [`ErrorKind::Memory`](crate::ErrorKind::Memory) for more elements than memory can address.
    pub fn new(dims: &[usize]) -> Result<Self> {
        check_rank(dims)?;
        check_bytes(dims).map_err(|bytes| refusal(&format!("shape {dims:?}"), bytes))?;
        Ok(Self::known(dims))
    }

    /// As [`new`](Shape::new), for the result of `op`, which the message names.
    pub(crate) fn result(op: &str, dims: &[usize]) -> Result<Self> {
        check_rank(dims)?;
        check_bytes(dims).map_err(|bytes| refusal(op, bytes))?;
        Ok(Self::known(dims))
    }

    /// The axes of `outer`, then those of `inner`.
    ///
    /// # Errors
    /// As [`new`](Shape::new).
    pub fn join(outer: &[usize], inner: &[usize]) -> Result<Self> {
        // With more than six axes either is refused as it is.
        let (outer, inner) = (Self::new(outer)?, Self::new(inner)?);
        let mut dims = [0; 2 * MAX_RANK];
        dims[..MAX_RANK].copy_from_slice(&outer.dims);
        dims[outer.rank..][..MAX_RANK].copy_from_slice(&inner.dims);
        Self::new(&dims[..outer.rank + inner.rank])
    }

    /// A shape whose axes are known to be valid, because they come from valid shapes.
    pub(crate) fn known(dims: &[usize]) -> Self {
        let mut shape = Shape::default();
        shape.dims[..dims.len()].copy_from_slice(dims);
        shape.rank = dims.len();
        shape
    }

    /// How many elements a tensor of this shape has.
    pub fn size(&self) -> usize {
        self.iter().product()
    }

    /// Splits at `axis` into the products of the axes before it, itself, and after it.
    pub(crate) fn around(&self, axis: usize) -> (usize, usize, usize) {
        (
            self[..axis].iter().product(),
            self[axis],
            self[axis + 1..].iter().product(),
        )
    }

    /// This shape with one axis replaced.
    pub(crate) fn with(mut self, axis: usize, length: usize) -> Self {
        self.dims[axis] = length;
        self
    }

    /// This shape without `axis`.
    pub(crate) fn without(self, axis: usize) -> Self {
        let mut dims = self.dims;
        dims.copy_within(axis + 1.., axis);
        Shape::known(&dims[..self.rank - 1])
    }

    /// Row-major strides in elements.
    pub(crate) fn strides(&self) -> [usize; MAX_RANK] {
        let mut strides = [0; MAX_RANK];
        let mut step = 1;
        for axis in (0..self.rank).rev() {
            strides[axis] = step;
            step *= self.dims[axis];
        }
        strides
    }

    /// The shape two operands share after broadcasting (as in NumPy: aligned at the last axis,
    /// lengths equal or 1).
    ///
    /// # Errors
    /// Lengths that differ and are not 1; `op` names the operation in the message.
    pub fn broadcast(op: &str, a: &Shape, b: &Shape) -> Result<Shape> {
        let rank = a.len().max(b.len());
        let mut dims = [0; MAX_RANK];
        for (from_end, dim) in dims[..rank].iter_mut().rev().enumerate() {
            let length = |shape: &Shape| shape.iter().rev().nth(from_end).copied().unwrap_or(1);
            *dim = match (length(a), length(b)) {
                (m, n) if m == n => m,
                (1, n) => n,
                (m, 1) => m,
                _ => bail!(Shape, "{op}: {a:?} and {b:?} cannot be broadcast together"),
            };
        }
        Shape::result(op, &dims[..rank])
    }
}

fn check_rank(dims: &[usize]) -> Result<()> {
    if dims.len() > MAX_RANK {
        bail!(
            Shape,
            "shape {dims:?}: at most {MAX_RANK} axes are supported"
        );
    }
    Ok(())
}

/// Whether memory can address so many elements; otherwise the bytes they would take. Axes of length 0 are left out, so
/// that the product of any of the axes is bounded too.
fn check_bytes(dims: &[usize]) -> core::result::Result<(), u64> {
    let bytes = dims
        .iter()
        .filter(|&&dim| dim > 0)
        .try_fold(4u64, |product, &dim| product.checked_mul(dim as u64));
    match bytes {
        Some(bytes) if bytes <= isize::MAX as u64 => Ok(()),
        bytes => Err(bytes.unwrap_or(u64::MAX)),
    }
}

impl Deref for Shape {
    type Target = [usize];
    fn deref(&self) -> &[usize] {
        &self.dims[..self.rank]
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

/// Turns an axis that may count from the end (−1 is the last) into an index.
///
/// # Errors
/// An axis outside the shape; `op` names the operation in the message.
pub fn resolve_axis(op: &str, axis: isize, shape: &[usize]) -> Result<usize> {
    let rank = shape.len() as isize;
    match if axis < 0 { axis + rank } else { axis } {
        resolved if (0..rank).contains(&resolved) => Ok(resolved as usize),
        _ => bail!(Shape, "{op}: axis {axis} is outside {shape:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broadcasting_aligns_last_axes_and_names_what_does_not_fit() {
        let shape = |dims: &[usize]| Shape::new(dims).unwrap();
        let joined = Shape::broadcast("add", &shape(&[4, 1, 3]), &shape(&[5, 1])).unwrap();
        assert_eq!(&*joined, [4, 5, 3]);
        let error = Shape::broadcast("add", &shape(&[2, 3]), &shape(&[2, 4])).unwrap_err();
        assert_eq!(
            alloc::format!("{error}"),
            "add: [2, 3] and [2, 4] cannot be broadcast together"
        );
    }

    #[test]
    fn shapes_too_large_or_too_deep_are_refused() {
        let error = Shape::new(&[usize::MAX / 8, 2]).unwrap_err();
        assert!(
            alloc::format!("{error}").ends_with(" bytes are wanted, which do not fit into memory")
        );
        assert!(Shape::new(&[usize::MAX, 2]).is_err());
        assert!(Shape::new(&[0, usize::MAX / 4, 2]).is_err());
        assert!(Shape::new(&[1; 7]).is_err());
    }
}
