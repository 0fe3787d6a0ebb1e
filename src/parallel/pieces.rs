//! Memory cut into parts that different threads may write at the same time.
#![allow(unsafe_code)]
use core::marker::PhantomData;

/// Parts of memory that do not overlap, so that different threads may write them.
///
/// # Safety
/// `piece` returns parts of memory that nothing else refers to, different ones for different indices.
pub unsafe trait Pieces: Sync {
    /// One part.
    type Piece;
    /// How many parts there are.
    fn count(&self) -> usize;
    /// The part of number `index`.
    ///
    /// # Safety
    /// While a part is in use it is not asked for again; `index` is below [`count`](Pieces::count).
    unsafe fn piece(&self, index: usize) -> Self::Piece;
}

/// A slice in pieces of equal length; the last may be shorter. Made by [`chunks`].
pub struct Chunks<'a, T> {
    data: *mut T,
    len: usize,
    piece: usize,
    slice: PhantomData<&'a mut [T]>,
}

/// The pieces of `y`, `piece` elements long; the last may be shorter.
pub fn chunks<T>(y: &mut [T], piece: usize) -> Chunks<'_, T> {
    Chunks {
        data: y.as_mut_ptr(),
        len: y.len(),
        piece: piece.max(1),
        slice: PhantomData,
    }
}

// SAFETY: a `Chunks` stands for a `&mut [T]` of which each thread gets different elements.
unsafe impl<T: Send> Sync for Chunks<'_, T> {}

// SAFETY: pieces are ranges of the slice that do not overlap, and the slice is borrowed for as long as they live.
unsafe impl<'a, T: Send> Pieces for Chunks<'a, T> {
    type Piece = &'a mut [T];
    fn count(&self) -> usize {
        self.len.div_ceil(self.piece)
    }
    unsafe fn piece(&self, index: usize) -> &'a mut [T] {
        let from = (index * self.piece).min(self.len);
        let len = self.piece.min(self.len - from);
        // SAFETY: the range lies inside the slice, and the caller has no other reference to it.
        unsafe { core::slice::from_raw_parts_mut(self.data.add(from), len) }
    }
}

/// A matrix in pieces of neighbouring columns; the last may be narrower. Made by [`stripes`].
pub struct Stripes<'a, T> {
    data: *mut T,
    rows: usize,
    cols: usize,
    piece: usize,
    slice: PhantomData<&'a mut [T]>,
}

/// The pieces of the matrix `y` with rows of `cols` elements, `piece` columns wide.
pub fn stripes<T>(y: &mut [T], cols: usize, piece: usize) -> Stripes<'_, T> {
    let rows = y.len().checked_div(cols).unwrap_or(0);
    assert_eq!(y.len(), rows * cols);
    Stripes {
        data: y.as_mut_ptr(),
        rows,
        cols,
        piece: piece.max(1),
        slice: PhantomData,
    }
}

/// Some columns of a matrix.
pub struct Stripe<'a, T> {
    data: *mut T,
    rows: usize,
    stride: usize,
    width: usize,
    slice: PhantomData<&'a mut [T]>,
}

impl<T> Stripe<'_, T> {
    /// The elements of row `index`.
    pub fn row(&mut self, index: usize) -> &mut [T] {
        assert!(index < self.rows);
        // SAFETY: the row lies inside the matrix, and its elements in these columns belong to this stripe.
        unsafe { core::slice::from_raw_parts_mut(self.data.add(index * self.stride), self.width) }
    }
}

// SAFETY: a `Stripes` stands for a `&mut [T]` of which each thread gets different elements.
unsafe impl<T: Send> Sync for Stripes<'_, T> {}

// SAFETY: pieces are columns that do not overlap, and the slice is borrowed for as long as they live.
unsafe impl<'a, T: Send> Pieces for Stripes<'a, T> {
    type Piece = Stripe<'a, T>;
    fn count(&self) -> usize {
        self.cols.div_ceil(self.piece)
    }
    unsafe fn piece(&self, index: usize) -> Stripe<'a, T> {
        let from = (index * self.piece).min(self.cols);
        Stripe {
            // Without rows the pointer may lie outside the slice, and is not used.
            data: self.data.wrapping_add(from),
            rows: self.rows,
            stride: self.cols,
            width: self.piece.min(self.cols - from),
            slice: PhantomData,
        }
    }
}

/// A tuple of pieces is a piece of each.
macro_rules! in_step {
    ($first:ident $($other:ident)+) => {
        // SAFETY: each part of the tuple keeps the contract for its own memory.
        unsafe impl<$first: Pieces, $($other: Pieces),+> Pieces for ($first, $($other),+) {
            type Piece = ($first::Piece, $($other::Piece),+);
            #[allow(non_snake_case)]
            fn count(&self) -> usize {
                let ($first, $($other),+) = self;
                $(assert_eq!($first.count(), $other.count(), "a tuple of pieces");)+
                $first.count()
            }
            #[allow(non_snake_case)]
            unsafe fn piece(&self, index: usize) -> Self::Piece {
                let ($first, $($other),+) = self;
                // SAFETY: the caller keeps the contract for all of them.
                unsafe { ($first.piece(index), $($other.piece(index)),+) }
            }
        }
    };
}
in_step!(A B);
in_step!(A B C);
in_step!(A B C D);
