//! Gradients: each is a tensor, or a matrix product or sums of rows that are computed only where they are used.
use super::Tensor;
#[cfg(feature = "embedding")]
use super::row_sums::RowSums;
use crate::base::error::Result;
use crate::kernels::gemm::{MatRef, MostlyZero};
use crate::simd::Native;
use smallvec::SmallVec;

/// The product `aᵀ · b` of two matrices, where `a` is mostly zeros, before it is computed.
#[derive(Clone)]
pub struct Product {
    a: Tensor,
    b: Tensor,
}

impl Product {
    /// The product `aᵀ · b`; `None` unless most of `a` is 0, since only then it is better computed row by row.
    pub(crate) fn new(a: &Tensor, b: &Tensor) -> Option<Self> {
        let product = Product {
            a: a.clone(),
            b: b.clone(),
        };
        let (a, b) = product.factors();
        MostlyZero::new::<Native>(a, b).is_some().then_some(product)
    }

    fn factors(&self) -> (MatRef<'_>, MatRef<'_>) {
        let (a, b) = (&self.a, &self.b);
        (
            MatRef::row_major(a.data(), a.shape()[0], a.shape()[1]).t(),
            MatRef::row_major(b.data(), b.shape()[0], b.shape()[1]),
        )
    }

    /// The factors `a` and `b`.
    #[cfg(all(feature = "eager", target_arch = "wasm32"))]
    pub(crate) fn parts(&self) -> [&Tensor; 2] {
        [&self.a, &self.b]
    }

    /// The product, from which rows can be asked for.
    pub(crate) fn rows(&self) -> MostlyZero<'_> {
        let (a, b) = self.factors();
        MostlyZero::known(a, b)
    }

    pub(crate) fn value(&self) -> Result<Tensor> {
        self.a.transpose(&[1, 0])?.matmul(&self.b)
    }
}

/// A gradient.
#[derive(Clone)]
pub enum Gradient {
    /// Its values.
    Whole(Tensor),
    /// A product that is computed piece by piece where the gradient is used, and never written to memory as a
    /// whole. Of the functions of [`Tensor`] only [`backward_late`](Tensor::backward_late) gives such gradients.
    Late(Product),
    /// The sums of rows that were picked from a matrix, which are late in the same way.
    #[cfg(feature = "embedding")]
    Rows(RowSums),
}

impl Gradient {
    /// The values; of what is late they are computed now, and have the same bits as its pieces.
    ///
    /// # Errors
    /// There is no memory for them.
    pub fn value(&self) -> Result<Tensor> {
        match self {
            Gradient::Whole(gradient) => Ok(gradient.clone()),
            Gradient::Late(product) => product.value(),
            #[cfg(feature = "embedding")]
            Gradient::Rows(sums) => sums.value(),
        }
    }
}

impl From<Tensor> for Gradient {
    fn from(gradient: Tensor) -> Self {
        Gradient::Whole(gradient)
    }
}

/// Gradients by the tensor they belong to.
///
/// After a walk these are the tensors at which it ended. During the walk there are also tensors that are still to
/// be visited, and then this is a priority queue by depth: entries are sorted by depth, the tensor with the
/// greatest one is the last entry and the next to be visited. Among equals the one reached first is the last.
#[derive(Default)]
pub struct Gradients(SmallVec<[Entry; 16]>);

/// A depth, the tensor that has it, and the gradient that has arrived there. The tensor is held because its
/// address is its identity.
type Entry = (u32, Tensor, Gradient);

impl Gradients {
    /// Forgets all gradients, and keeps their room.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The gradient for a [tracked](Tensor::tracked) tensor, of its shape; `None` if the result does not depend
    /// on the tensor, or if the gradient is [late](Gradient::Late) and there is no memory to compute it.
    pub fn get(&self, leaf: &Tensor) -> Option<Tensor> {
        self.0[self.place(0, leaf)?].2.value().ok()
    }

    /// The gradient for a tracked tensor: whole, or late.
    pub(super) fn find(&self, leaf: &Tensor) -> Option<Gradient> {
        Some(self.0[self.place(0, leaf)?].2.clone())
    }

    /// Takes the gradient for a tracked tensor out of these: whole, or late where
    /// [`backward_late`](Tensor::backward_late) left it so.
    pub fn take(&mut self, leaf: &Tensor) -> Option<Gradient> {
        let place = self.place(0, leaf)?;
        Some(self.0.remove(place).2)
    }

    /// How many tensors have a gradient.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no tensor has a gradient.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The place of the first entry with at least this depth.
    fn start(&self, depth: u32) -> usize {
        self.0.partition_point(|(other, ..)| *other < depth)
    }

    fn place(&self, depth: u32, tensor: &Tensor) -> Option<usize> {
        let start = self.start(depth);
        let is_it = |(_, other, _): &Entry| other.id() == tensor.id();
        Some(start + self.0[start..].iter().position(is_it)?)
    }

    /// Whether a gradient has arrived at `tensor`, which has this depth.
    pub(super) fn has(&self, depth: u32, tensor: &Tensor) -> bool {
        self.place(depth, tensor).is_some()
    }

    /// Adds a gradient to what has arrived at `tensor`.
    pub(super) fn add(&mut self, depth: u32, tensor: &Tensor, gradient: Gradient) -> Result<()> {
        match self.place(depth, tensor) {
            Some(place) => {
                let sum = &mut self.0[place].2;
                *sum = sum.value()?.add(&gradient.value()?)?.into();
            }
            None => {
                let place = self.start(depth);
                self.0.insert(place, (depth, tensor.clone(), gradient));
            }
        }
        Ok(())
    }

    /// Takes out the deepest tensor with its gradient; `None` when only tensors of depth 0 are left.
    pub(super) fn pop_deepest(&mut self) -> Option<(Tensor, Gradient)> {
        let (1.., ..) = self.0.last()? else {
            return None;
        };
        let (_, tensor, gradient) = self.0.pop()?;
        Some((tensor, gradient))
    }
}
