//! Attention of several heads (Vaswani et al. 2017): for each head, `y = softmax(scale · q · kᵀ) · v`, where a softmax is
//! taken over the keys that a query may look at.
//!
//! With the weights `p` and the product `dp = dy · vᵀ` the derivative is `dv = pᵀ · dy`, and with
//! `ds = scale · p · (dp − Σ p · dp)` over the keys `dq = ds · k` and `dk = dsᵀ · q`.
//!
//! One op: each head's part of queries, keys and values is read where it lies, among those of the other heads, and
//! samples are shared out among threads. Where a graph of the gradient is wanted, or the weights are, it is that of the
//! [plain form](plain).
use super::matmul::product;
use crate::base::error::{Result, bail};
use crate::kernels::attention::{Sight, weigh, weigh_gradient};
use crate::kernels::elementwise;
use crate::kernels::gemm::{MatRef, gemm, scratch_len};
use crate::memory::{Buffer, ask_for};
use crate::parallel::{chunks, for_each_with_scratch, threads};
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Backward, Gradient, Inputs, Op};
use crate::tensor::shape::Shape;

/// How queries look at keys.
#[derive(Clone)]
pub struct Heads {
    /// How many heads there are.
    pub count: usize,
    /// What products of queries and keys are multiplied by.
    pub scale: f32,
    /// Whether a query may look at no later key than its own place.
    pub causal: bool,
    /// Which keys may be looked at: not 0 there. `[batch, heads, queries, keys]`, where all but the last may be 1.
    pub mask: Option<Tensor>,
    /// Whether a query that may look at no key takes the mean of all values, and not 0.
    pub mean_if_blind: bool,
    /// What weights are multiplied by before they are used: a dropout's mask, `[batch, heads, queries, keys]`.
    pub dropped: Option<Tensor>,
}

/// The sizes of an attention.
#[derive(Clone, Copy)]
struct Sizes {
    batch: usize,
    heads: usize,
    /// How many queries there are.
    queries: usize,
    /// How many keys, and as many values.
    keys: usize,
    /// How long a head's queries and keys are.
    depth: usize,
    /// How long a head's values are.
    width: usize,
}

impl Sizes {
    fn of(query: &Tensor, key: &Tensor, value: &Tensor, how: &Heads) -> Result<Self> {
        let (q, k, v) = (&**query.shape(), &**key.shape(), &**value.shape());
        let heads = how.count;
        let (&[batch, queries, all], &[of_keys, keys, same], &[of_values, count, wide]) = (q, k, v)
        else {
            bail!(
                Shape,
                "attention: queries {q:?}, keys {k:?} and values {v:?} must be [batch, time, heads · depth]"
            );
        };
        let fits = batch == of_keys && batch == of_values && all == same && keys == count;
        if !fits || heads == 0 || all % heads != 0 || wide % heads != 0 || keys == 0 {
            bail!(
                Shape,
                "attention: queries {q:?}, keys {k:?} and values {v:?} do not fit together for {heads} heads"
            );
        }
        let sizes = Sizes {
            batch,
            heads,
            queries,
            keys,
            depth: all / heads,
            width: wide / heads,
        };
        let whole = [batch, heads, queries, keys];
        for (name, given) in [("mask", &how.mask), ("dropped", &how.dropped)] {
            let Some(given) = given else { continue };
            let may_be_one = if name == "mask" { 3 } else { 0 };
            let fits = given.shape().len() == 4
                && given
                    .shape()
                    .iter()
                    .zip(whole)
                    .enumerate()
                    .all(|(axis, (&own, all))| own == all || own == 1 && axis < may_be_one);
            if !fits {
                bail!(
                    Shape,
                    "attention: {name} {:?} does not fit {whole:?}",
                    given.shape()
                );
            }
        }
        Ok(sizes)
    }

    /// The weights of one head.
    fn square(&self) -> usize {
        self.queries * self.keys
    }

    /// What one thread needs for a head's result and for products.
    fn scratch(&self) -> (usize, usize) {
        let Sizes {
            queries,
            keys,
            depth,
            width,
            ..
        } = *self;
        let products = [
            scratch_len(queries, keys, depth),
            scratch_len(queries, keys, width),
            scratch_len(queries, width, keys),
            scratch_len(queries, depth, keys),
            scratch_len(keys, width, queries),
            scratch_len(keys, depth, queries),
        ];
        let result = queries.max(keys).saturating_mul(depth.max(width));
        (result, products.into_iter().fold(0, usize::max))
    }

    /// Which keys query `at` of a head may look at.
    fn sight<'a>(&self, how: Seen<'a>, sample: usize, head: usize, at: usize) -> Sight<'a> {
        let mask = how.mask.map(|(mask, [batch, heads, queries])| {
            let row = |count: usize, index| if count == 1 { 0 } else { index };
            let index =
                (row(batch, sample) * heads + row(heads, head)) * queries + row(queries, at);
            &mask[index * self.keys..][..self.keys]
        });
        let end = match how.causal {
            true => self.keys.min(at + 1),
            false => self.keys,
        };
        Sight { end, mask }
    }
}

/// What threads read of [`Heads`]: handles of tensors stay on theirs.
#[derive(Clone, Copy)]
struct Seen<'a> {
    causal: bool,
    mask: Option<(&'a [f32], [usize; 3])>,
}

impl Heads {
    fn seen(&self) -> Seen<'_> {
        let mask = self.mask.as_ref().map(|mask| {
            let shape = mask.shape();
            (mask.data(), [shape[0], shape[1], shape[2]])
        });
        Seen {
            causal: self.causal,
            mask,
        }
    }

    /// The weight of each key for a query that may look at none.
    fn blind(&self, keys: usize) -> f32 {
        if self.mean_if_blind {
            1.0 / keys as f32
        } else {
            0.0
        }
    }
}

/// A tensor `[batch, time, heads · depth]` as threads read it.
#[derive(Clone, Copy)]
struct Rows<'a> {
    data: &'a [f32],
    time: usize,
    depth: usize,
    heads: usize,
    finite: bool,
}

impl<'a> Rows<'a> {
    fn new(x: &'a Tensor, heads: usize) -> Self {
        Rows {
            data: x.data(),
            time: x.shape()[1],
            depth: x.shape()[2] / heads,
            heads,
            finite: x.buffer().is_known_finite(),
        }
    }

    /// The rows of one head of one sample.
    fn head(&self, sample: usize, head: usize) -> MatRef<'a> {
        let stride = self.heads * self.depth;
        let from = sample * self.time * stride + head * self.depth;
        let len = match (self.time, self.depth) {
            (0, _) | (_, 0) => 0,
            (time, depth) => (time - 1) * stride + depth,
        };
        MatRef {
            data: if len == 0 {
                &[]
            } else {
                &self.data[from..][..len]
            },
            rows: self.time,
            cols: self.depth,
            row_stride: stride,
            col_stride: 1,
            finite: self.finite,
        }
    }
}

/// Puts the rows of a head, `depth` values each, among those of all heads.
fn put(rows: &[f32], depth: usize, all: &mut [f32], stride: usize, head: usize) {
    if depth == 0 {
        return;
    }
    let places = all.chunks_exact_mut(stride);
    for (place, row) in places.zip(rows.chunks_exact(depth)) {
        place[head * depth..][..depth].copy_from_slice(row);
    }
}

struct Attention {
    how: Heads,
    /// The weights before any is dropped, `[batch, heads, queries, keys]`.
    weights: Tensor,
}

impl Op for Attention {
    fn name(&self) -> &'static str {
        "attention"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        let how = &self.how;
        if at.recorded() {
            return at.by_way_of(&|x| Ok(plain(&x[0], &x[1], &x[2], how)?.0));
        }
        let inputs = [0, 1, 2].map(|index| at.input(index));
        let [query, key, value] = inputs;
        let sizes = Sizes::of(query, key, value, how)?;
        let Sizes {
            heads,
            queries,
            keys,
            depth,
            width,
            ..
        } = sizes;
        let lens = inputs.map(|input| input.data().len());
        if lens.contains(&0) {
            let zero = |input: &&Tensor| Ok(Some(Tensor::zeros(input.shape())?.into()));
            return inputs.iter().map(zero).collect();
        }
        let ((result_len, gemm_len), square) = (sizes.scratch(), sizes.square());
        let squares = if how.dropped.is_some() { 2 } else { 1 };
        let part = squares * square + result_len + gemm_len;
        let all_scratch = part.saturating_mul(threads());
        ask_for(self.name(), &[lens[0], lens[1], lens[2], all_scratch])?;
        let [mut dq, mut dk, mut dv] = lens.map(Buffer::dirty);
        let mut scratch = Buffer::dirty(all_scratch);
        let [q, k, v] = inputs.map(|input| Rows::new(input, heads));
        let dy = Rows::new(at.dy, heads);
        let (weights, seen, scale) = (self.weights.data(), how.seen(), how.scale);
        let dropped = how.dropped.as_ref().map(|dropped| dropped.data());
        let pieces = (
            chunks(&mut dq, queries * heads * depth),
            chunks(&mut dk, keys * heads * depth),
            chunks(&mut dv, keys * heads * width),
        );
        for_each_with_scratch(pieces, &mut scratch, |sample, (dq, dk, dv), scratch| {
            let (used, scratch) = scratch.split_at_mut(squares * square);
            let (ds, used) = used.split_at_mut(square);
            let (result, scratch) = scratch.split_at_mut(result_len);
            for head in 0..heads {
                let [q, k, v, dy] = [q, k, v, dy].map(|x| x.head(sample, head));
                let place = (sample * heads + head) * square;
                let p = &weights[place..][..square];
                let mut multiply = |a: MatRef, b: MatRef, c: &mut [f32]| {
                    gemm::<Native>(a, b, c, false, scratch);
                };
                multiply(dy, v.t(), ds);
                let mut as_used = p;
                if let Some(dropped) = dropped {
                    let dropped = &dropped[place..][..square];
                    elementwise::multiply::<Native>(ds, dropped);
                    elementwise::mul::<Native>(p, dropped, used);
                    as_used = used;
                }
                let of_values = &mut result[..keys * width];
                multiply(MatRef::row_major(as_used, queries, keys).t(), dy, of_values);
                put(of_values, width, dv, heads * width, head);
                let lines = p.chunks_exact(keys).zip(ds.chunks_exact_mut(keys));
                for (at, (p, ds)) in lines.enumerate() {
                    let sight = sizes.sight(seen, sample, head, at);
                    weigh_gradient::<Native>(p, ds, scale, sight);
                }
                let ds = MatRef::row_major(ds, queries, keys);
                let of_queries = &mut result[..queries * depth];
                multiply(ds, k, of_queries);
                put(of_queries, depth, dq, heads * depth, head);
                let of_keys = &mut result[..keys * depth];
                multiply(ds.t(), q, of_keys);
                put(of_keys, depth, dk, heads * depth, head);
            }
        });
        let gradients = inputs.into_iter().zip([dq, dk, dv]).enumerate();
        gradients
            .map(|(index, (input, d))| at.wanted(index, || Ok(Tensor::leaf(d, *input.shape()))))
            .collect()
    }
}

/// `[batch, time, heads · depth]` as `[batch, heads, time, depth]`.
fn by_head(x: &Tensor, heads: usize) -> Result<Tensor> {
    let shape = x.shape();
    let split = [shape[0], shape[1], heads, shape[2] / heads];
    x.reshape(&split)?.transpose(&[0, 2, 1, 3])
}

/// Attention written with other ops: the result and the weights.
fn plain(query: &Tensor, key: &Tensor, value: &Tensor, how: &Heads) -> Result<(Tensor, Tensor)> {
    let [q, k, v] = [
        by_head(query, how.count)?,
        by_head(key, how.count)?,
        by_head(value, how.count)?,
    ];
    let mut scores = product(&q, &k, false, true)?
        .room_for("attention")?
        .scale(how.scale);
    let mut mask = how.mask.clone();
    if how.causal {
        let later = causal(q.shape()[2], k.shape()[2])?;
        mask = Some(match mask {
            Some(mask) => mask.mul(&later)?,
            None => later,
        });
    }
    if let Some(mask) = &mask {
        // So little that the weight is exactly 0, but no infinity: a row of these has a softmax.
        scores = mask.select(&scores, &Tensor::scalar(-1e30))?;
    }
    let mut weights = scores.softmax()?;
    if let Some(mask) = mask.filter(|_| !how.mean_if_blind) {
        weights = mask.select(&weights, &Tensor::scalar(0.0))?;
    }
    let used = match &how.dropped {
        Some(dropped) => weights.mul(dropped)?,
        None => weights.clone(),
    };
    let y = product(&used, &v, false, false)?.transpose(&[0, 2, 1, 3])?;
    let (queries, wide) = (query.shape()[1], value.shape()[2]);
    Ok((y.reshape(&[query.shape()[0], queries, wide])?, weights))
}

/// 1 where a key is no later than the query, else 0: `[1, 1, queries, keys]`.
pub(crate) fn causal(queries: usize, keys: usize) -> Result<Tensor> {
    let size = queries.saturating_mul(keys);
    ask_for("attention", &[size])?;
    let mut mask = Buffer::zeros(size);
    for (at, row) in mask.chunks_exact_mut(keys.max(1)).enumerate() {
        row[..keys.min(at + 1)].fill(1.0);
    }
    Ok(Tensor::leaf(
        mask,
        Shape::result("attention", &[1, 1, queries, keys])?,
    ))
}

impl Tensor {
    /// What each query (this tensor, `[batch, queries, heads · depth]`) finds: the sum of values
    /// `[batch, keys, heads · width]`, weighted by how alike the query and the values' keys
    /// (`[batch, keys, heads · depth]`) are. `[batch, queries, heads · width]`.
    ///
    /// # Errors
    /// Shapes that do not fit together, no keys, or too little memory.
    pub fn attention(&self, key: &Tensor, value: &Tensor, how: &Heads) -> Result<Tensor> {
        let sizes = Sizes::of(self, key, value, how)?;
        let Sizes {
            batch,
            heads,
            queries,
            keys,
            width,
            ..
        } = sizes;
        let shape = Shape::result("attention", &[batch, queries, heads * width])?;
        let all = Shape::result("attention", &[batch, heads, queries, keys])?;
        let ((result_len, gemm_len), square) = (sizes.scratch(), sizes.square());
        let dropping = if how.dropped.is_some() { square } else { 0 };
        let part = dropping + result_len + gemm_len;
        let all_scratch = part.saturating_mul(threads());
        ask_for("attention", &[shape.size(), all.size(), all_scratch])?;
        let mut y = Buffer::zeros(shape.size());
        let mut weights = Buffer::dirty(all.size());
        let mut scratch = Buffer::dirty(all_scratch);
        let [q, k, v] = [self, key, value].map(|x| Rows::new(x, heads));
        let (seen, scale, blind) = (how.seen(), how.scale, how.blind(keys));
        let dropped = how.dropped.as_ref().map(|dropped| dropped.data());
        let pieces = (
            chunks(&mut y, queries * heads * width),
            chunks(&mut weights, heads * square),
        );
        if shape.size() > 0 {
            for_each_with_scratch(pieces, &mut scratch, |sample, (y, weights), scratch| {
                let (used, scratch) = scratch.split_at_mut(dropping);
                let (result, scratch) = scratch.split_at_mut(result_len);
                for (head, p) in weights.chunks_exact_mut(square).enumerate() {
                    let [q, k, v] = [q, k, v].map(|x| x.head(sample, head));
                    gemm::<Native>(q, k.t(), p, false, scratch);
                    for (at, p) in p.chunks_exact_mut(keys).enumerate() {
                        weigh::<Native>(p, scale, sizes.sight(seen, sample, head, at), blind);
                    }
                    let mut as_used = &*p;
                    if let Some(dropped) = dropped {
                        let dropped = &dropped[(sample * heads + head) * square..][..square];
                        elementwise::mul::<Native>(p, dropped, used);
                        as_used = used;
                    }
                    let found = &mut result[..queries * width];
                    let as_used = MatRef::row_major(as_used, queries, keys);
                    gemm::<Native>(as_used, v, found, false, scratch);
                    put(found, width, y, heads * width, head);
                }
            });
        }
        let op = Attention {
            how: how.clone(),
            weights: Tensor::leaf(weights, all),
        };
        Ok(Tensor::of(op, &[self, key, value], y, shape))
    }

    /// [`attention`](Tensor::attention) together with the weights, before any is dropped:
    /// `[batch, heads, queries, keys]`.
    ///
    /// # Errors
    /// As for [`attention`](Tensor::attention).
    pub fn attention_with_weights(
        &self,
        key: &Tensor,
        value: &Tensor,
        how: &Heads,
    ) -> Result<(Tensor, Tensor)> {
        Sizes::of(self, key, value, how)?;
        plain(self, key, value, how)
    }
}
