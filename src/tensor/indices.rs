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

/// The same where nobody keeps them.
#[derive(Clone, Copy)]
pub(crate) enum Picks<'a> {
    Listed(&'a [u32]),
    #[cfg(feature = "embedding")]
    Held(&'a [f32]),
}

impl Indices {
    /// The indices, to look at.
    pub(crate) fn picks(&self) -> Picks<'_> {
        match self {
            Indices::Listed(list) => Picks::Listed(list),
            #[cfg(feature = "embedding")]
            Indices::Held(tensor) => Picks::Held(tensor.data()),
        }
    }
}

impl Picks<'_> {
    /// How many there are.
    #[cfg(feature = "embedding")]
    pub(crate) fn len(self) -> usize {
        match self {
            Picks::Listed(list) => list.len(),
            Picks::Held(list) => list.len(),
        }
    }

    /// Calls `f` with each place and its index, in order.
    #[inline(always)]
    pub(crate) fn each(self, mut f: impl FnMut(usize, usize)) {
        match self {
            Picks::Listed(list) => {
                let all = list.iter().enumerate();
                all.for_each(|(place, &index)| f(place, index as usize));
            }
            #[cfg(feature = "embedding")]
            Picks::Held(list) => {
                let all = list.iter().enumerate();
                all.for_each(|(place, &index)| f(place, index as usize));
            }
        }
    }

    /// The same from the last to the first.
    #[cfg(feature = "embedding")]
    #[inline(always)]
    pub(crate) fn each_back(self, mut f: impl FnMut(usize, usize)) {
        match self {
            Picks::Listed(list) => {
                let all = list.iter().enumerate().rev();
                all.for_each(|(place, &index)| f(place, index as usize));
            }
            Picks::Held(list) => {
                let all = list.iter().enumerate().rev();
                all.for_each(|(place, &index)| f(place, index as usize));
            }
        }
    }
}
