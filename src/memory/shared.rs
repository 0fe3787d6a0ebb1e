//! Shared values whose memory serves the next ones: a step of training makes a graph of the same size as the
//! step before.
#![allow(unsafe_code)]
use alloc::{rc::Rc, vec::Vec};
use core::mem::{ManuallyDrop, MaybeUninit};
use core::ops::Deref;
use spin::Mutex;

/// So many blocks are kept for the next: more than graphs have, but for very deep ones.
const MOST: usize = 4096;

/// Blocks of memory for values of type `T`, without values.
pub(crate) struct Blocks<T>(Mutex<Vec<Rc<MaybeUninit<T>>>>);

// SAFETY: a block in here has one owner and no value, so it may go to any thread.
unsafe impl<T> Sync for Blocks<T> {}

impl<T> Blocks<T> {
    pub(crate) const fn new() -> Self {
        Blocks(Mutex::new(Vec::new()))
    }
}

/// What can be [`Shared`]: it says where its blocks are kept.
pub(crate) trait Reuse: Sized + 'static {
    fn blocks() -> &'static Blocks<Self>;
}

/// As [`Rc`], but the block of the last owner is kept for the next value.
pub(crate) struct Shared<T: Reuse>(ManuallyDrop<Rc<T>>);

impl<T: Reuse> Shared<T> {
    pub(crate) fn new(value: T) -> Self {
        let kept = T::blocks().0.try_lock().and_then(|mut blocks| blocks.pop());
        let mut block = kept.unwrap_or_else(Rc::new_uninit);
        if let Some(place) = Rc::get_mut(&mut block) {
            place.write(value);
        }
        // SAFETY: nobody else has the block, so the value was written.
        Shared(ManuallyDrop::new(unsafe { block.assume_init() }))
    }

    /// The value, if nobody else has it.
    pub(crate) fn into_inner(self) -> Option<T> {
        // SAFETY: `self` is not dropped.
        unsafe { Self::take(&mut ManuallyDrop::new(self)) }
    }

    /// # Safety
    /// `this` is not used again.
    unsafe fn take(this: &mut Self) -> Option<T> {
        // SAFETY: this function's contract.
        let shared = unsafe { ManuallyDrop::take(&mut this.0) };
        // There are no weak owners in this crate.
        if Rc::strong_count(&shared) > 1 {
            return None;
        }
        // SAFETY: the types have one layout; the value is read once, and the block has none afterwards.
        let (value, block) = unsafe {
            let block = Rc::from_raw(Rc::into_raw(shared).cast::<MaybeUninit<T>>());
            (block.assume_init_read(), block)
        };
        if let Some(mut blocks) = T::blocks().0.try_lock()
            && blocks.len() < MOST
        {
            blocks.push(block);
        }
        Some(value)
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
        drop(unsafe { Self::take(self) });
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
    impl Reuse for Word {
        fn blocks() -> &'static Blocks<Self> {
            static BLOCKS: Blocks<Word> = Blocks::new();
            &BLOCKS
        }
    }

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
