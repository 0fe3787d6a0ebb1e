//! Shared values whose memory is used again: a step of training makes a graph of the same size as the
//! step before, and in a steady state asks the allocator for nothing.
//!
//! What that buys: in WebAssembly, whose allocator is slow, a step of a very small network (the case `step` in
//! `benches/kernels`) takes 15.8 µs, and 16.5 with a plain [`Rc`]; memory does not fragment. Natively, glibc's allocator
//! is as fast as this list of blocks: 9.6 µs and 9.2.
#![allow(unsafe_code)]
use alloc::rc::Rc;
use alloc::vec::Vec;
use core::cell::RefCell;
use core::mem::{ManuallyDrop, MaybeUninit};
use core::ops::Deref;

/// So many blocks are kept, more than most graphs have.
const MOST: usize = 4096;

/// Blocks of memory for values of type `T`, without values.
pub(crate) type Blocks<T> = RefCell<Vec<Rc<MaybeUninit<T>>>>;

/// What can be [`Shared`]. It says where its blocks are kept: each thread has its own, since shared values do not
/// leave their thread.
pub(crate) trait Reuse: Sized + 'static {
    /// Calls `visit` with this thread's blocks; `None` if the thread is ending.
    fn with_blocks<R>(visit: impl FnOnce(&Blocks<Self>) -> R) -> Option<R>;
}

/// Keeps the blocks of a type in a variable of the thread. Without the standard library there is none, and every
/// block goes back to the allocator.
macro_rules! reuse {
    ($type:ty) => {
        impl $crate::memory::Reuse for $type {
            fn with_blocks<R>(
                _visit: impl FnOnce(&$crate::memory::Blocks<Self>) -> R,
            ) -> Option<R> {
                #[cfg(feature = "std")]
                {
                    std::thread_local! {
                        static BLOCKS: $crate::memory::Blocks<$type> =
                            const { core::cell::RefCell::new(alloc::vec::Vec::new()) };
                    }
                    BLOCKS.try_with(_visit).ok()
                }
                #[cfg(not(feature = "std"))]
                None
            }
        }
    };
}
pub(crate) use reuse;

/// As [`Rc`], but the block of the last owner is kept for the next value.
pub(crate) struct Shared<T: Reuse>(ManuallyDrop<Rc<T>>);

impl<T: Reuse> Shared<T> {
    pub(crate) fn new(value: T) -> Self {
        let kept = T::with_blocks(|blocks| blocks.borrow_mut().pop()).flatten();
        let mut block = kept.unwrap_or_else(Rc::new_uninit);
        if let Some(place) = Rc::get_mut(&mut block) {
            place.write(value);
        }
        // SAFETY: the block has no other owner, so the value was written.
        Shared(ManuallyDrop::new(unsafe { block.assume_init() }))
    }

    /// The value, if this is its only owner.
    pub(crate) fn into_inner(self) -> Option<T> {
        let mut this = ManuallyDrop::new(self);
        // SAFETY: `this` is not used again, nor dropped.
        let block = unsafe { Self::last(&mut this) }?;
        // SAFETY: the value is read once, and the block has none afterwards.
        let value = unsafe { block.assume_init_read() };
        Self::keep(block);
        Some(value)
    }

    /// The block of the last owner, in which its value still lies; otherwise there is one owner less.
    ///
    /// # Safety
    /// `this` is not used again.
    unsafe fn last(this: &mut Self) -> Option<Rc<MaybeUninit<T>>> {
        // SAFETY: this function's contract.
        let shared = unsafe { ManuallyDrop::take(&mut this.0) };
        // There are no weak owners in this crate.
        if Rc::strong_count(&shared) > 1 {
            return None;
        }
        // SAFETY: the two types have one layout.
        Some(unsafe { Rc::from_raw(Rc::into_raw(shared).cast()) })
    }

    /// Keeps a block whose value is gone.
    fn keep(block: Rc<MaybeUninit<T>>) {
        T::with_blocks(|blocks| {
            let mut blocks = blocks.borrow_mut();
            if blocks.len() < MOST {
                blocks.push(block);
            }
        });
    }

    pub(crate) fn get_mut(&mut self) -> Option<&mut T> {
        Rc::get_mut(&mut self.0)
    }

    pub(crate) fn as_ptr(&self) -> *const T {
        Rc::as_ptr(&self.0)
    }
}

impl<T: Reuse> Drop for Shared<T> {
    fn drop(&mut self) {
        // SAFETY: `self` ends here.
        if let Some(mut block) = unsafe { Self::last(self) }
            && let Some(value) = Rc::get_mut(&mut block)
        {
            // SAFETY: the value lies there, and is dropped once.
            unsafe { value.assume_init_drop() };
            Self::keep(block);
        }
    }
}

impl<T: Reuse> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Shared(self.0.clone())
    }
}

impl<T: Reuse> Deref for Shared<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    #[derive(Debug, PartialEq)]
    struct Word(String);
    reuse!(Word);

    #[test]
    fn a_block_serves_the_next_value_once_its_last_owner_is_gone() {
        let first = Shared::new(Word("first".into()));
        let place = first.as_ptr();
        let mut second = first.clone();
        assert_eq!(second.get_mut(), None);
        assert_eq!(first.into_inner(), None);
        assert_ne!(Shared::new(Word("other".into())).as_ptr(), place);
        assert_eq!(second.get_mut(), Some(&mut Word("first".into())));
        assert_eq!(second.into_inner(), Some(Word("first".into())));
        let third = Shared::new(Word("third".into()));
        assert_eq!((third.as_ptr(), &*third.0.0), (place, "third"));
    }
}
