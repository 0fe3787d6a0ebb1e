//! The gradient of a table from which rows were picked: in each row the sum of what arrived where that row was picked.
//! Few rows of a large table are picked in a step, so the sums are made where an optimizer goes through the table.
use super::Tensor;
use super::indices::Indices;
use super::shape::Shape;
use crate::base::error::Result;
use crate::kernels::elementwise;
use crate::memory::{Buffer, ask_for};
use crate::simd::Native;

/// The gradient of a matrix whose rows were picked, before its sums are made.
#[derive(Clone)]
pub struct RowSums {
    indices: Indices,
    /// A row for each index.
    dy: Tensor,
    shape: Shape,
}

impl RowSums {
    /// For a matrix of this shape; `dy` has a row for each index.
    pub(crate) fn new(indices: &Indices, dy: &Tensor, shape: Shape) -> Self {
        RowSums {
            indices: indices.clone(),
            dy: dy.clone(),
            shape,
        }
    }

    fn row(&self) -> usize {
        self.shape[1]
    }

    /// All sums.
    pub(crate) fn value(&self) -> Result<Tensor> {
        ask_for("gather", &[self.shape.size()])?;
        let mut sums = Buffer::zeros(self.shape.size());
        let row = self.row();
        let arrived = self.dy.data().chunks_exact(row.max(1));
        for (dy, index) in arrived.zip(self.indices.all()) {
            elementwise::accumulate::<Native>(&mut sums[index * row..][..row], dy);
        }
        Ok(Tensor::leaf(sums, self.shape))
    }

    /// How many pieces of `rows` rows the matrix has.
    fn pieces(&self, rows: usize) -> usize {
        self.shape[0].div_ceil(rows)
    }

    /// How many floats [`by_piece`](RowSums::by_piece) gives.
    pub(crate) fn order_len(&self, rows: usize) -> usize {
        self.pieces(rows) + 2 * self.indices.len()
    }

    /// What [`arrived`](RowSums::arrived) reads, as whole numbers in the bits of floats: for each piece of `rows` rows
    /// where its list ends, then the lists, which hold the row's number in the piece and the place at which it was
    /// picked. Within a list places stay in their order, so that a sum has the same bits however the matrix is cut.
    pub(crate) fn by_piece(&self, rows: usize) -> Buffer {
        let mut order = Buffer::zeros(self.order_len(rows));
        let (ends, lists) = order.split_at_mut(self.pieces(rows));
        // The quotient of two whole numbers of less than 32 bits; a division takes ten times as long.
        let share = 1.0 / rows as f64;
        let piece = |index: usize| ((index as f64 + 0.5) * share) as usize;
        for index in self.indices.all() {
            let count = &mut ends[piece(index)];
            *count = f32::from_bits(count.to_bits() + 1);
        }
        let mut start = 0;
        for end in ends.iter_mut() {
            let count = end.to_bits();
            *end = f32::from_bits(start);
            start += count;
        }
        let lists = lists.as_chunks_mut().0;
        for (place, index) in self.indices.all().enumerate() {
            let piece = piece(index);
            let next = &mut ends[piece];
            lists[next.to_bits() as usize] =
                [index - piece * rows, place].map(|x| f32::from_bits(x as u32));
            *next = f32::from_bits(next.to_bits() + 1);
        }
        order
    }

    /// What arrived at the rows, by piece: with an `order` that [`by_piece`](RowSums::by_piece) made for pieces of
    /// `rows` rows.
    pub(crate) fn arrived<'a>(&'a self, rows: usize, order: &'a [f32]) -> Arrived<'a> {
        let (ends, lists) = order.split_at(self.pieces(rows));
        Arrived {
            ends,
            lists: lists.as_chunks().0,
            dy: self.dy.data(),
            row: self.row(),
        }
    }
}

/// See [`RowSums::arrived`].
pub(crate) struct Arrived<'a> {
    ends: &'a [f32],
    lists: &'a [[f32; 2]],
    dy: &'a [f32],
    row: usize,
}

impl<'a> Arrived<'a> {
    /// For every place at which a row of this piece was picked: the row's number in the piece, and what arrived there.
    pub(crate) fn at(&self, piece: usize) -> impl ExactSizeIterator<Item = (usize, &'a [f32])> {
        let start = piece
            .checked_sub(1)
            .map_or(0, |before| self.ends[before].to_bits());
        let (row, dy) = (self.row, self.dy);
        let list = &self.lists[start as usize..self.ends[piece].to_bits() as usize];
        list.iter().map(move |entry| {
            let [index, place] = entry.map(|x| x.to_bits() as usize);
            (index, &dy[place * row..][..row])
        })
    }
}
