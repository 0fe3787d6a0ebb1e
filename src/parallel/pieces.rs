#![allow(unsafe_code)]
use core::marker::PhantomData;

/// Parts of memory that do not overlap, so that different threads may write them.
///
/// # Safety
/// `piece` returns parts of memory that nothing else refers to, different ones for different indices.
pub unsafe trait Pieces: Sync {
    /// One part.
    type Piece;
    /// How many there are.
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

// SAFETY: it stands for a `&mut [T]` of which each thread gets different elements.
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

/// A matrix in tiles; those at its ends may be smaller. Made by [`tiles`] and [`stripes`].
pub struct Tiles<'a, T> {
    data: *mut T,
    rows: usize,
    cols: usize,
    height: usize,
    width: usize,
    slice: PhantomData<&'a mut [T]>,
}

/// The matrix `y` with rows of `cols` elements in tiles of `height` rows and `width` columns, column by
/// column.
pub fn tiles<T>(y: &mut [T], cols: usize, height: usize, width: usize) -> Tiles<'_, T> {
    let rows = y.len().checked_div(cols).unwrap_or(0);
    assert_eq!(y.len(), rows * cols);
    Tiles {
        data: y.as_mut_ptr(),
        rows,
        cols,
        height: height.max(1),
        width: width.max(1),
        slice: PhantomData,
    }
}

/// [`tiles`] that hold all rows of `width` columns.
pub fn stripes<T>(y: &mut [T], cols: usize, width: usize) -> Tiles<'_, T> {
    tiles(y, cols, usize::MAX, width)
}

/// A part of a matrix.
pub struct Tile<'a, T> {
    data: *mut T,
    rows: usize,
    stride: usize,
    width: usize,
    slice: PhantomData<&'a mut [T]>,
}

impl<T> Tile<'_, T> {
    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The length of a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The elements of row `index`.
    pub fn row(&mut self, index: usize) -> &mut [T] {
        assert!(index < self.rows);
        // SAFETY: the row lies inside the matrix, and its elements in these columns belong to this tile.
        unsafe { core::slice::from_raw_parts_mut(self.data.add(index * self.stride), self.width) }
    }

    /// The first rows, and those from `row` on.
    pub fn split_at(self, row: usize) -> (Self, Self) {
        assert!(row <= self.rows);
        let below = Tile {
            // Where there is no row, this points nowhere, and is not used.
            data: self.data.wrapping_add(row * self.stride),
            rows: self.rows - row,
            ..self
        };
        (Tile { rows: row, ..self }, below)
    }

    /// All rows as one, if they follow each other in memory.
    pub fn flat(self) -> Self {
        if self.width != self.stride || self.rows == 0 {
            return self;
        }
        let width = self.rows * self.width;
        Tile {
            rows: 1,
            width,
            stride: width,
            ..self
        }
    }
}

// SAFETY: it stands for a `&mut [T]` of which each thread gets different elements.
unsafe impl<T: Send> Sync for Tiles<'_, T> {}

// SAFETY: tiles do not overlap, and the slice is borrowed for as long as they live.
unsafe impl<'a, T: Send> Pieces for Tiles<'a, T> {
    type Piece = Tile<'a, T>;
    fn count(&self) -> usize {
        self.blocks() * self.cols.div_ceil(self.width)
    }
    unsafe fn piece(&self, index: usize) -> Tile<'a, T> {
        let (stripe, block) = (index / self.blocks(), index % self.blocks());
        let left = (stripe * self.width).min(self.cols);
        let top = block.saturating_mul(self.height).min(self.rows);
        Tile {
            // Where there is no row, this points nowhere, and is not used.
            data: self.data.wrapping_add(top * self.cols + left),
            rows: self.height.min(self.rows - top),
            stride: self.cols,
            width: self.width.min(self.cols - left),
            slice: PhantomData,
        }
    }
}

impl<T> Tiles<'_, T> {
    /// Tiles below each other.
    fn blocks(&self) -> usize {
        self.rows.div_ceil(self.height).max(1)
    }
}

/// Pieces that go in step.
macro_rules! in_step {
    ($first:ident $($other:ident)+) => {
        // SAFETY: each part is one of its own pieces.
        unsafe impl<$first: Pieces, $($other: Pieces),+> Pieces for ($first, $($other),+) {
            type Piece = ($first::Piece, $($other::Piece),+);
            #[allow(non_snake_case)]
            fn count(&self) -> usize {
                let ($first, $($other),+) = self;
                $(assert_eq!($first.count(), $other.count(), "pieces that go in step");)+
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
