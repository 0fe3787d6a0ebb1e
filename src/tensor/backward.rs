//! The walk back through the graph, and what an op's derivative sees of it.
//!
//! Tensors are visited from the greatest depth to the least. A tensor is then visited after all tensors that were
//! made from it, so the gradients from all its uses are summed before they go on to its inputs.
use super::Tensor;
use super::gradient::{Gradient, Gradients};
use super::gradients_at::Ways;
use super::record::{Inputs, Record};
use crate::base::error::{Result, bail};
use crate::memory::{are_few, ask_for};

/// What the gradients of a walk are for.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Purpose {
    /// To be read.
    Read,
    /// To update weights once, piece by piece: late gradients are welcome at the leaves.
    Update,
    /// To be differentiated in turn: they remember how they were made.
    Differentiate,
}

/// A walk under way.
pub(super) struct Walk {
    pub(super) purpose: Purpose,
    /// Which tensors lead to the ends of the walk; `None` where it goes to all leaves.
    pub(super) ways: Option<Ways>,
    gradients: Gradients,
}

impl Walk {
    /// Whether the gradient of `tensor` leads to one that is asked for.
    fn wants(&self, tensor: &Tensor) -> bool {
        match &self.ways {
            Some(ways) => ways.lead(tensor),
            None => tensor.needs_gradient(),
        }
    }

    /// The depth as this walk sees it: 0 where it ends.
    fn depth(&self, tensor: &Tensor) -> u32 {
        match &self.ways {
            Some(ways) if ways.end_at(tensor) => 0,
            _ => tensor.depth(),
        }
    }

    fn arrive(&mut self, tensor: &Tensor, gradient: Gradient) -> Result<()> {
        self.gradients.add(self.depth(tensor), tensor, gradient)
    }

    /// The tensor as an op's derivative gets it: with its history only if what is computed from it will be
    /// differentiated.
    fn given(&self, tensor: &Tensor) -> Tensor {
        match self.purpose {
            Purpose::Differentiate => tensor.clone(),
            Purpose::Read | Purpose::Update => tensor.detach(),
        }
    }

    /// Asks for a gradient as large as the largest that the op will make; ops that cannot refuse rely on it. What only
    /// reads the same values in another shape makes none.
    fn ask_for_gradients(&self, record: &Record, y: &Tensor) -> Result<()> {
        let few = |input: &Tensor| are_few(input.data().len());
        if record.op.asks() || record.inputs.iter().all(few) {
            return Ok(());
        }
        let wanted = record.inputs.iter().filter(|input| self.wants(input));
        let lens = wanted
            .filter(|input| !input.shares_values_with(y))
            .map(|input| input.data().len());
        ask_for(record.op.name(), &[lens.max().unwrap_or(0)])
    }

    /// Lets the gradient `dy` of `y` go through the op that made `y`, on to its inputs.
    fn visit(&mut self, y: &Tensor, dy: &Gradient) -> Result<()> {
        let Some(record) = &y.0.record else {
            return Ok(());
        };
        self.ask_for_gradients(record, y)?;
        let inputs: Inputs<Tensor> = record.inputs.iter().map(|x| self.given(x)).collect();
        let at = Backward {
            inputs: &inputs,
            y: &self.given(y),
            dy: &dy.value()?,
            recorded: &record.inputs,
            walk: self,
        };
        let gradients = record.op.backward(&at)?;
        for (input, gradient) in record.inputs.iter().zip(gradients) {
            if let Some(gradient) = gradient.filter(|_| self.wants(input)) {
                if let Gradient::Whole(gradient) = &gradient {
                    debug_assert_eq!(gradient.shape(), input.shape(), "of {}", record.op.name());
                }
                self.arrive(input, gradient)?;
            }
        }
        Ok(())
    }
}

/// What a derivative may look at: the inputs, the output `y`, and the gradient `dy` that arrived.
pub struct Backward<'a> {
    /// The op's inputs, in order.
    pub inputs: &'a [Tensor],
    /// The op's result.
    pub y: &'a Tensor,
    /// The gradient of the loss with respect to `y`, of `y`'s shape.
    pub dy: &'a Tensor,
    /// The inputs as the graph knows them; `inputs` may be copies of the handles without a history.
    recorded: &'a [Tensor],
    walk: &'a Walk,
}

impl Backward<'_> {
    /// The input at `index`.
    pub fn input(&self, index: usize) -> &Tensor {
        &self.inputs[index]
    }

    /// Whether anyone asks for the gradient of input `index`.
    pub fn wants(&self, index: usize) -> bool {
        self.walk.wants(&self.recorded[index])
    }

    /// The gradient for input `index` if anyone asks for it.
    ///
    /// # Errors
    /// Those of `gradient`.
    pub fn wanted<G: Into<Gradient>>(
        &self,
        index: usize,
        gradient: impl FnOnce() -> Result<G>,
    ) -> Result<Option<Gradient>> {
        match self.wants(index) {
            true => Ok(Some(gradient()?.into())),
            false => Ok(None),
        }
    }

    /// Whether the gradient for input `index` may be [late](Gradient::Late): the input is a leaf that is to be
    /// updated, and no gradient has arrived there to which this one would have to be added.
    pub fn may_be_late(&self, index: usize) -> bool {
        let input = &self.recorded[index];
        self.walk.purpose == Purpose::Update
            && self.walk.depth(input) == 0
            && !self.walk.gradients.has(0, input)
    }

    /// Whether these gradients will be differentiated in turn, so that they must be made by ops.
    pub fn recorded(&self) -> bool {
        cfg!(feature = "higher-order")
            && (self.dy.needs_gradient() || self.inputs.iter().any(Tensor::needs_gradient))
    }

    /// The gradients for all inputs by way of `plain`, which computes the op's value with other ops. A fused op
    /// whose own derivative leaves no graph uses this when such a graph is [wanted](Backward::recorded).
    ///
    /// # Errors
    /// Those of `plain`.
    pub fn by_way_of(
        &self,
        plain: &dyn Fn(&[Tensor]) -> Result<Tensor>,
    ) -> Result<Inputs<Option<Gradient>>> {
        // Each wanted input gets an end of its own, even where two inputs are the same tensor.
        let (mut inputs, mut ends) = (Inputs::new(), Inputs::new());
        for (index, input) in self.inputs.iter().enumerate() {
            if self.wants(index) {
                inputs.push(input.end());
                ends.push(inputs[index].clone());
            } else {
                inputs.push(input.clone());
            }
        }
        let y = plain(&inputs)?;
        let mut gradients = y.gradients_at(self.dy.clone(), &ends, true)?.into_iter();
        let next = |index| match self.wants(index) {
            true => gradients.next()?,
            false => None,
        };
        Ok((0..inputs.len()).map(next).collect())
    }
}

impl Tensor {
    /// Identity of the node while a handle to it is held.
    pub(crate) fn id(&self) -> usize {
        self.0.as_ptr().addr()
    }

    /// How many ops lie, at most, between this tensor and the leaves it was computed from.
    pub(super) fn depth(&self) -> u32 {
        self.0.record.as_ref().map_or(0, |record| record.depth)
    }

    /// The gradients of this one-element tensor with respect to every tracked tensor it depends on.
    ///
    /// ```
    /// # fn main() -> mapling::Result<()> {
    /// let x = mapling::Tensor::new(vec![1.0, 2.0, 3.0], &[3])?.tracked();
    /// let gradients = x.square().sum(&[], false)?.backward()?;
    /// assert_eq!(gradients.get(&x).unwrap().data(), [2.0, 4.0, 6.0]);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The tensor has more than one element, or there is no memory for the gradients.
    pub fn backward(&self) -> Result<Gradients> {
        self.walk_from_one(Purpose::Read)
    }

    /// As [`backward`](Tensor::backward), for gradients that are [taken](Gradients::take) to update weights:
    /// some may be [late](Gradient::Late).
    ///
    /// # Errors
    /// As [`backward`](Tensor::backward).
    pub fn backward_late(&self) -> Result<Gradients> {
        self.backward_late_in(Gradients::default())
    }

    /// As [`backward_late`](Tensor::backward_late), in the memory of gradients of an earlier walk, which are
    /// forgotten: a training step that hands on its gradients to the next does not allocate room for them.
    ///
    /// # Errors
    /// As [`backward`](Tensor::backward).
    pub fn backward_late_in(&self, mut room: Gradients) -> Result<Gradients> {
        let one = self.one()?;
        room.clear();
        self.walk_in(room, one, Purpose::Update, None)
    }

    /// As [`backward`](Tensor::backward), and the gradients remember how they were made, so that they
    /// can be differentiated again (`createGraph` in other libraries).
    ///
    /// # Errors
    /// As [`backward`](Tensor::backward).
    pub fn backward_graph(&self) -> Result<Gradients> {
        self.walk_from_one(Purpose::Differentiate)
    }

    /// The gradients of `sum(self × dy)`: pulls `dy` back to every tracked tensor.
    ///
    /// # Errors
    /// `dy` has another shape, or there is no memory for the gradients.
    pub fn pull_back(&self, dy: &Tensor) -> Result<Gradients> {
        self.check_gradient("pull_back", dy)?;
        self.walk(dy.clone(), Purpose::Read, None)
    }

    /// Refuses a `dy` that has another shape than this tensor.
    pub(super) fn check_gradient(&self, what: &str, dy: &Tensor) -> Result<()> {
        if dy.shape() != self.shape() {
            bail!(
                Shape,
                "{what}: the gradient is {:?}, the tensor is {:?}",
                dy.shape(),
                self.shape()
            );
        }
        Ok(())
    }

    fn walk_from_one(&self, purpose: Purpose) -> Result<Gradients> {
        self.walk(self.one()?, purpose, None)
    }

    /// The gradient of this one-element tensor with respect to itself.
    fn one(&self) -> Result<Tensor> {
        if self.data().len() != 1 {
            bail!(
                Shape,
                "backward: {:?} is not a single value; sum or average it first",
                self.shape()
            );
        }
        Tensor::full(self.shape(), 1.0)
    }

    /// Walks back from here to all leaves, or along `ways` to their ends.
    pub(super) fn walk(
        &self,
        dy: Tensor,
        purpose: Purpose,
        ways: Option<Ways>,
    ) -> Result<Gradients> {
        self.walk_in(Gradients::default(), dy, purpose, ways)
    }

    /// The same with `gradients`, of which there are none yet, to collect them in.
    fn walk_in(
        &self,
        gradients: Gradients,
        dy: Tensor,
        purpose: Purpose,
        ways: Option<Ways>,
    ) -> Result<Gradients> {
        if cfg!(not(feature = "higher-order")) && purpose == Purpose::Differentiate {
            bail!(
                State,
                "backward: this module was built without derivatives of derivatives"
            );
        }
        let mut walk = Walk {
            purpose,
            ways,
            gradients,
        };
        if walk.wants(self) {
            walk.arrive(self, dy.into())?;
        }
        while let Some((y, dy)) = walk.gradients.pop_deepest() {
            walk.visit(&y, &dy)?;
        }
        Ok(walk.gradients)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::Rng;
    use crate::simd::Native;
    use alloc::{vec, vec::Vec};

    /// `x` of 16 × 20, nine tenths of it 0, and `w` of 20 × 33.
    fn factors() -> (Tensor, Tensor) {
        let mut rng = Rng::new(1);
        let mut draw = |n: usize, share: f32| -> Vec<f32> {
            let value = |_| {
                if rng.unit() < share {
                    rng.normal()
                } else {
                    0.0
                }
            };
            (0..n).map(value).collect()
        };
        let x = Tensor::new(draw(16 * 20, 0.1), &[16, 20]).unwrap();
        let w = Tensor::new(draw(20 * 33, 1.0), &[20, 33]).unwrap();
        (x, w.tracked())
    }

    #[test]
    fn a_late_gradient_has_the_bits_of_the_whole_one() {
        let (x, w) = factors();
        let y = x.matmul(&w).unwrap();
        let loss = y.mul(&y).unwrap().sum(&[], false).unwrap();
        let whole = loss.backward().unwrap().get(&w).unwrap();
        let Some(Gradient::Late(product)) = loss.backward_late().unwrap().take(&w) else {
            panic!("most of x is 0, so the product should wait")
        };
        let product = product.rows();
        let (mut rows, mut scratch) = (vec![0.0; 20 * 33], vec![0.0; product.scratch_len()]);
        for from in [0, 8] {
            let rows = &mut rows[from * 33..][..(20 - from).min(12) * 33];
            product.rows::<Native>(from, rows, &mut scratch);
        }
        assert_eq!(rows, whole.data());
    }

    #[test]
    fn gradients_of_a_dense_layer_have_the_bits_of_its_parts_late_or_whole() {
        let (x, kernel) = factors();
        let bias = Tensor::new((0..33).map(|i| i as f32 / 40.0 - 0.4).collect(), &[33]).unwrap();
        let bias = bias.tracked();
        let square = |y: Tensor| y.mul(&y).unwrap().sum(&[], false).unwrap();
        let fused = square(x.dense(&kernel, &bias, true).unwrap());
        let parts = square(x.matmul(&kernel).unwrap().add(&bias).unwrap().relu());
        let expected = parts.backward().unwrap();
        let mut late = fused.backward_late().unwrap();
        let Some(Gradient::Late(product)) = late.take(&kernel) else {
            panic!("most of x is 0, so the product should wait")
        };
        let whole = fused.backward().unwrap();
        for gradient in [product.value().unwrap(), whole.get(&kernel).unwrap()] {
            assert_eq!(gradient.data(), expected.get(&kernel).unwrap().data());
        }
        for gradients in [late, whole] {
            let gradient = gradients.get(&bias).unwrap();
            assert_eq!(gradient.data(), expected.get(&bias).unwrap().data());
        }
    }

    #[test]
    fn a_weight_used_twice_gets_the_sum_of_a_late_and_another_gradient() {
        let (x, w) = factors();
        let twice = x.matmul(&w).unwrap().sum(&[], false).unwrap();
        let loss = twice.add(&w.mul(&w).unwrap().sum(&[], false).unwrap());
        let loss = loss.unwrap();
        let whole = loss.backward().unwrap().get(&w).unwrap();
        let Some(Gradient::Whole(sum)) = loss.backward_late().unwrap().take(&w) else {
            panic!("a sum cannot wait")
        };
        assert_eq!(sum.data(), whole.data());
    }
}
