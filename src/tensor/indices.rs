//! The numbers of slices that an op picks.
#[cfg(feature = "embedding")]
use super::Tensor;
use alloc::rc::Rc;

/// Which slices were picked, each by its number.
#[derive(Clone)]
pub(crate) enum Indices {
    /// A list.
    Listed(Rc<[u32]>),
    /// The whole numbers that a tensor holds as floats.
    #[cfg(feature = "embedding")]
    Held(Tensor),
}

impl Indices {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Indices::Listed(list) => list.len(),
            #[cfg(feature = "embedding")]
            Indices::Held(tensor) => tensor.data().len(),
        }
    }

    /// The index at this place.
    #[inline]
    pub(crate) fn at(&self, place: usize) -> usize {
        match self {
            Indices::Listed(list) => list[place] as usize,
            #[cfg(feature = "embedding")]
            Indices::Held(tensor) => tensor.data()[place] as usize,
        }
    }

    /// The indices, in order.
    pub(crate) fn all(&self) -> impl Iterator<Item = usize> + Clone {
        (0..self.len()).map(|place| self.at(place))
    }
}
