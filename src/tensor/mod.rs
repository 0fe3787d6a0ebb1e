//! The handle: a contiguous, row-major, immutable array of `f32` that may remember how it was made.
use crate::base::error::{Result, bail};
use crate::kernels::reduce;
pub use crate::memory::live_bytes;
use crate::memory::{Buffer, Shared, ask_for, reuse};
use crate::simd::Native;
use alloc::vec::Vec;
use core::fmt;
use record::{Op, Record};
use shape::Shape;
use smallbox::smallbox;
use smallvec::SmallVec;

pub mod autograd;
mod backward;
mod gradient;
mod gradients_at;
pub(crate) mod indices;
mod record;
#[cfg(feature = "embedding")]
mod row_sums;
pub mod shape;

/// A tensor. Cloning copies the handle, not the data.
#[derive(Clone)]
pub struct Tensor(pub(crate) Shared<Node>);

/// What handles share.
pub(crate) struct Node {
    shape: Shape,
    /// Other nodes may have the same values in another shape, or with another history.
    data: Shared<Buffer>,
    /// Whether this is a leaf whose gradient is asked for.
    tracked: bool,
    /// How the tensor was made, if a gradient flows through it.
    pub(crate) record: Option<Record>,
}

reuse!(Node);

impl Tensor {
    /// A tensor that holds `data`, row by row.
    ///
    /// ```
    /// # fn main() -> mapling::Result<()> {
    /// let x = mapling::Tensor::new(vec![1.0, 2.0, 3.0, 4.0], &[2, 2])?;
    /// assert_eq!(x.matmul(&x)?.data(), [7.0, 10.0, 15.0, 22.0]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// `data` does not have as many values as `shape` asks for.
    pub fn new(data: Vec<f32>, shape: &[usize]) -> Result<Self> {
        let shape = Shape::new(shape)?;
        if data.len() != shape.size() {
            bail!(
                Shape,
                "tensor: shape {shape:?} holds {} values, but {} were given",
                shape.size(),
                data.len()
            );
        }
        Ok(Self::leaf(data, shape))
    }

    /// A tensor of one value and no axes.
    pub fn scalar(value: f32) -> Self {
        Self::filled(Shape::default(), value)
    }

    /// A tensor that holds `value` everywhere.
    ///
    /// # Errors
    /// See [`Shape::new`]; or there is no memory for it.
    pub fn full(shape: &[usize], value: f32) -> Result<Self> {
        let shape = Shape::new(shape)?;
        ask_for("fill", &[shape.size()])?;
        Ok(Self::filled(shape, value))
    }

    fn filled(shape: Shape, value: f32) -> Self {
        let mut data = Buffer::dirty(shape.size());
        data.fill(value);
        Self::leaf(data, shape)
    }

    /// A tensor of zeros. Errors as [`Tensor::full`].
    #[allow(missing_docs, clippy::missing_errors_doc)]
    pub fn zeros(shape: &[usize]) -> Result<Self> {
        Self::full(shape, 0.0)
    }

    /// A tensor that no gradient flows through, of as many values as `shape` has.
    pub(crate) fn leaf(data: impl Into<Buffer>, shape: Shape) -> Self {
        let data = data.into();
        debug_assert_eq!(data.len(), shape.size());
        Self::node(shape, Shared::new(data), false, None)
    }

    fn node(shape: Shape, data: Shared<Buffer>, tracked: bool, record: Option<Record>) -> Self {
        Tensor(Shared::new(Node {
            shape,
            data,
            tracked,
            record,
        }))
    }

    /// The result of `op`. Its making is recorded only if a gradient can flow to an input.
    pub(crate) fn of<O: Op + 'static>(
        op: O,
        inputs: &[&Tensor],
        data: impl Into<Buffer>,
        shape: Shape,
    ) -> Self {
        let data = data.into();
        debug_assert_eq!(data.len(), shape.size());
        Self::sharing(Shared::new(data), shape, op, inputs)
    }

    /// The result of an op that only reads the same data in another shape.
    pub(crate) fn view<O: Op + 'static>(&self, op: O, shape: Shape) -> Self {
        Self::sharing(self.0.data.clone(), shape, op, &[self])
    }

    fn sharing<O: Op + 'static>(
        data: Shared<Buffer>,
        shape: Shape,
        op: O,
        inputs: &[&Tensor],
    ) -> Self {
        let record = inputs
            .iter()
            .any(|input| input.needs_gradient())
            .then(|| Record::new(smallbox!(op), inputs));
        Self::node(shape, data, false, record)
    }

    /// The same values as a leaf of a new graph: what is computed from it is recorded, and
    /// [`backward`](Tensor::backward) gives its gradient.
    pub fn tracked(&self) -> Self {
        Self::node(self.0.shape, self.0.data.clone(), true, None)
    }

    /// The same values with no memory of how they were made.
    pub fn detach(&self) -> Self {
        if !self.needs_gradient() {
            return self.clone();
        }
        Self::node(self.0.shape, self.0.data.clone(), false, None)
    }

    /// Whether gradients flow to or through this tensor.
    pub fn needs_gradient(&self) -> bool {
        self.0.tracked || self.0.record.is_some()
    }

    /// The axes' lengths, outermost first.
    pub fn shape(&self) -> &Shape {
        &self.0.shape
    }

    /// The values, row by row.
    pub fn data(&self) -> &[f32] {
        &self.0.data
    }

    /// This tensor, if there is memory for another one of its size: for an op that cannot refuse, as in
    /// `x.room_for("exp")?.exp()`.
    ///
    /// # Errors
    /// There is no memory for it.
    pub(crate) fn room_for(&self, op: &str) -> Result<&Self> {
        ask_for(op, &[self.data().len()])?;
        Ok(self)
    }

    /// A copy of the values.
    ///
    /// # Errors
    /// There is no memory for it.
    pub(crate) fn copied(&self, op: &str) -> Result<Buffer> {
        Ok(self.room_for(op)?.data().into())
    }

    /// Whether both read the same memory, so that one is the other in another shape.
    pub(crate) fn shares_values_with(&self, other: &Tensor) -> bool {
        self.0.data.as_ptr() == other.0.data.as_ptr()
    }

    /// The values as they lie in memory.
    pub(crate) fn buffer(&self) -> &Buffer {
        &self.0.data
    }

    /// Finds out whether all values are finite and notes it, so that ops on this tensor need not look.
    pub(crate) fn look_over(&self) {
        if !self.buffer().is_known_finite() && reduce::is_finite::<Native>(self.data()) {
            self.buffer().know_finite();
        }
    }

    /// The only value of a tensor with one element.
    ///
    /// # Errors
    /// The tensor has another number of elements.
    pub fn item(&self) -> Result<f32> {
        match self.data() {
            [value] => Ok(*value),
            _ => bail!(
                Shape,
                "item: {:?} does not hold exactly one value",
                self.shape()
            ),
        }
    }

    /// The values for writing in place. They are copied first if another handle holds them, so that it never sees a
    /// change, or if they were handed over in a vector, since only buffers that were made here begin with a cache line.
    ///
    /// # Errors
    /// There is no memory for the copy.
    pub(crate) fn make_mut(&mut self) -> Result<&mut [f32]> {
        let data = self.0.get_mut().and_then(|node| node.data.get_mut());
        if !data.is_some_and(|data| data.is_ours()) {
            *self = Self::leaf(self.copied("copy")?, self.0.shape);
        }
        let node = self.0.get_mut().expect("the only handle");
        Ok(node.data.get_mut().expect("the only owner"))
    }
}

/// Frees a graph without recursion: a chain of 100,000 ops must not overflow wasm's stack.
impl Drop for Node {
    fn drop(&mut self) {
        let Some(record) = self.record.take() else {
            return;
        };
        // Room for the branches of an attention among others, so that freeing a graph allocates nothing.
        let mut pending: SmallVec<[Tensor; 16]> = record.inputs.into_iter().collect();
        while let Some(tensor) = pending.pop() {
            if let Some(mut node) = tensor.0.into_inner()
                && let Some(record) = node.record.take()
            {
                for input in record.inputs {
                    pending.push(input);
                }
            }
        }
    }
}

impl fmt::Debug for Tensor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Tensor{:?} {:?}",
            self.shape(),
            &self.data()[..self.data().len().min(8)]
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    #[test]
    fn writing_in_place_never_shows_in_another_handle() {
        let mut a = Tensor::new(vec![1.0, 2.0], &[2]).unwrap();
        let b = a.clone();
        a.make_mut().unwrap()[0] = 9.0;
        assert_eq!((a.data(), b.data()), (&[9.0, 2.0][..], &[1.0, 2.0][..]));
    }

    #[test]
    fn values_that_were_written_are_not_known_to_be_finite() {
        let mut a = Tensor::new(vec![1.0, 2.0], &[2]).unwrap();
        assert!(!a.buffer().is_known_finite());
        a.look_over();
        assert!(a.tracked().buffer().is_known_finite());
        a.make_mut().unwrap()[0] = f32::NAN;
        assert!(!a.buffer().is_known_finite());
        a.look_over();
        assert!(!a.buffer().is_known_finite());
        a.make_mut().unwrap()[0] = 1.0;
        a.look_over();
        assert!(a.buffer().is_known_finite());
        a.make_mut().unwrap();
        assert!(!a.buffer().is_known_finite());
    }

    #[test]
    fn a_graph_of_100_000_ops_is_freed_without_recursion() {
        let mut x = Tensor::scalar(1.0).tracked();
        for _ in 0..100_000 {
            x = x.neg();
        }
        assert_eq!(x.backward().unwrap().len(), 1);
    }
}
