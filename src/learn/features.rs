//! The inputs of a data set.
use crate::base::error::{Result, bail};
use crate::base::json::Decimal;
use crate::kernels::elementwise;
use crate::memory::{Buffer, ask_for};
use crate::parallel::{LINE, for_each_piece, share};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::vec::Vec;
use core::hint::black_box;

/// Values of a batch below which other threads are not worth waking.
const WORTH_SHARING: usize = 8192;

/// So many bytes of samples are fetched at once: they stay in the first cache until they are used.
const FETCHED: usize = 16 << 10;

/// Samples, as they are held: images take a byte a pixel until they are needed.
#[derive(Clone, Debug)]
pub enum Features {
    /// `[samples, …]`
    Values(Tensor),
    /// Bytes that stand for `byte / 255`, samples of `shape`.
    Bytes {
        /// All samples, one after the other.
        data: Vec<u8>,
        /// The shape of one.
        shape: Shape,
    },
}

impl Features {
    /// Samples as a tensor `[samples, …]`.
    ///
    /// # Errors
    /// No batch axis, no samples, NaN or an infinity.
    pub fn values(x: Tensor) -> Result<Self> {
        match x.shape().first() {
            None => bail!(Shape, "data: expected [samples, …], but got a single value"),
            Some(0) => bail!(Value, "data: there are no samples"),
            Some(_) => {}
        }
        if let Some(index) = x.data().iter().position(|value| !value.is_finite()) {
            bail!(
                Value,
                "data: value {index} is {}, not a finite number",
                Decimal::from(x.data()[index])
            );
        }
        Ok(Features::Values(x))
    }

    /// Samples as bytes, `byte / 255` each.
    ///
    /// # Errors
    /// No samples, or bytes that are not whole samples of `shape`.
    pub fn bytes(data: Vec<u8>, shape: &[usize]) -> Result<Self> {
        let shape = Shape::new(shape)?;
        let size = shape.size();
        if size == 0 || data.is_empty() || !data.len().is_multiple_of(size) {
            bail!(
                Shape,
                "data: {} bytes are not one or more samples of shape {shape:?}",
                data.len()
            );
        }
        Ok(Features::Bytes { data, shape })
    }

    /// How many samples.
    pub fn len(&self) -> usize {
        match self {
            Features::Values(x) => x.shape().first().copied().unwrap_or(0),
            Features::Bytes { data, shape } => data.len() / shape.size(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The shape of one sample.
    pub fn sample_shape(&self) -> &[usize] {
        match self {
            Features::Values(x) => &x.shape()[1..],
            Features::Bytes { shape, .. } => shape,
        }
    }

    /// The samples at `indices` as features of their own.
    ///
    /// # Errors
    /// An index past the last sample.
    pub fn part(&self, indices: &[u32]) -> Result<Features> {
        Ok(Features::Values(self.batch(indices)?))
    }

    /// The samples at `indices` as a tensor `[indices, …]`.
    ///
    /// # Errors
    /// An index past the last sample.
    pub fn batch(&self, indices: &[u32]) -> Result<Tensor> {
        match self {
            Features::Values(x) => x.rows(indices),
            Features::Bytes { data, shape } => {
                let size = shape.size();
                if let Some(index) = indices.iter().find(|&&index| index as usize >= self.len()) {
                    bail!(Value, "data: sample {index} is outside 0..{}", self.len());
                }
                let batch = Shape::join(&[indices.len()], shape)?;
                ask_for("data", &[batch.size()])?;
                let mut values = Buffer::dirty(batch.size());
                let samples = share(indices.len(), WORTH_SHARING / size.max(1), 1);
                for_each_piece(&mut values, samples * size, |index, values| {
                    let sample = |index: u32| &data[index as usize * size..][..size];
                    let own = &indices[index * samples..][..values.len() / size];
                    let mut values = values.chunks_exact_mut(size);
                    for indices in own.chunks((FETCHED / size).max(1)) {
                        fetch(indices.iter().map(|&index| sample(index)));
                        for (&index, values) in indices.iter().zip(&mut values) {
                            elementwise::from_bytes::<Native>(sample(index), values);
                        }
                    }
                });
                Ok(Tensor::leaf(values, batch))
            }
        }
    }
}

/// Loads a byte of each cache line of samples that lie anywhere in memory. No load waits for another, so all are on their
/// way before the first is needed; with four between two jumps a processor keeps more of them in flight.
#[inline(always)]
fn fetch<'a>(samples: impl Iterator<Item = &'a [u8]>) {
    const BYTES: usize = LINE * size_of::<f32>();
    let mut bits = 0;
    for sample in samples {
        let (fours, rest) = sample.as_chunks::<{ 4 * BYTES }>();
        for four in fours {
            bits |= four[0] | four[BYTES] | four[2 * BYTES] | four[3 * BYTES];
        }
        for line in rest.chunks(BYTES) {
            bits |= line[0];
        }
    }
    black_box(bits);
}
