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
        let dy = self.dy.data();
        self.indices.picks().each(|place, index| {
            let sum = &mut sums[index * row..][..row];
            elementwise::accumulate::<Native>(sum, &dy[place * row..][..row]);
        });
        Ok(Tensor::leaf(sums, self.shape))
    }

    /// How many pieces of `rows` rows the matrix has.
    fn pieces(&self, rows: usize) -> usize {
        self.shape[0].div_ceil(rows)
    }

    /// How many floats [`by_piece`](RowSums::by_piece) gives.
    pub(crate) fn order_len(&self, rows: usize) -> usize {
        self.pieces(rows) + 2 * self.indices.picks().len()
    }

    /// What [`arrived`](RowSums::arrived) reads, as whole numbers in the bits of floats: for each piece of `rows` rows the
    /// first place at which one of its rows was picked, and for every place the next one of its piece, and which row was
    /// picked. Places are counted from 1; 0 is none. Those of a piece stay in their order, so that a sum has the same bits
    /// however the matrix is cut.
    pub(crate) fn by_piece(&self, rows: usize) -> Buffer {
        let mut order = Buffer::dirty(self.order_len(rows));
        let (firsts, links) = order.split_at_mut(self.pieces(rows));
        firsts.fill(0.0);
        let links = links.as_chunks_mut().0;
        // The quotient of two whole numbers of less than 32 bits; a division takes ten times as long.
        let share = 1.0 / rows as f64;
        self.indices.picks().each_back(|place, index| {
            let first = &mut firsts[((index as f64 + 0.5) * share) as usize];
            links[place] = [*first, f32::from_bits(index as u32)];
            *first = f32::from_bits(place as u32 + 1);
        });
        order
    }

    /// What arrived at the rows, by piece: with an `order` that [`by_piece`](RowSums::by_piece) made for pieces of
    /// `rows` rows.
    pub(crate) fn arrived<'a>(&'a self, rows: usize, order: &'a [f32]) -> Arrived<'a> {
        let (firsts, links) = order.split_at(self.pieces(rows));
        Arrived {
            firsts,
            links: links.as_chunks().0,
            dy: self.dy.data(),
            rows,
            row: self.row(),
        }
    }
}

/// See [`RowSums::arrived`].
pub(crate) struct Arrived<'a> {
    firsts: &'a [f32],
    links: &'a [[f32; 2]],
    dy: &'a [f32],
    rows: usize,
    row: usize,
}

impl<'a> Arrived<'a> {
    /// For every place at which a row of this piece was picked: the row's number in the piece, and what arrived there.
    #[inline(always)]
    pub(crate) fn at(&self, piece: usize) -> impl Iterator<Item = (usize, &'a [f32])> {
        let (links, dy, row, from) = (self.links, self.dy, self.row, piece * self.rows);
        let mut next = self.firsts[piece].to_bits() as usize;
        core::iter::from_fn(move || {
            let place = next.checked_sub(1)?;
            let [after, index] = links[place].map(|x| x.to_bits() as usize);
            next = after;
            Some((index - from, &dy[place * row..][..row]))
        })
    }
}
