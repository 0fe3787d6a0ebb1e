//! The graph and the walk back through it.
//!
//! Every recorded tensor knows its op, its inputs and its depth: one more than its deepest input's.
//! Going from the greatest depth to the least visits a tensor after all that was made from it, so the
//! gradients from every use are summed before they are passed on. No recursion, no global tape.
use crate::base::error::{Result, bail};
use crate::kernels::gemm::{MatRef, MostlyZero};
use crate::simd::Native;
use crate::tensor::Tensor;
use smallbox::{SmallBox, space::S16};
use smallvec::SmallVec;

/// One thing for each input of an op, held inline where there are few.
pub type Inputs<T> = SmallVec<[T; 4]>;

/// An operation in the graph: a struct that holds what its derivative needs beyond inputs and output.
pub trait Op {
    /// The name in error messages and pictures of the graph.
    fn name(&self) -> &'static str;

    /// The gradient for each input, in order; `None` where none flows. Written with ops, so that it
    /// can itself be differentiated.
    ///
    /// # Errors
    /// Those of the ops it is written with; with gradients of the right shapes there are none.
    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Tensor>>>;

    /// The gradient for input `index` as a product that can wait until it is used, if it is one that is
    /// better used piece by piece than written to memory and read again.
    fn late(&self, _at: &Backward, _index: usize) -> Option<Product> {
        None
    }
}

/// What a derivative may look at: the inputs, the output `y`, and the gradient `dy` that arrived.
pub struct Backward<'a> {
    /// The op's inputs, in order.
    pub inputs: &'a [Tensor],
    /// The same as the graph knows them.
    recorded: &'a [Tensor],
    /// The one whose gradient waits.
    late: Option<usize>,
    /// The op's result.
    pub y: &'a Tensor,
    /// The gradient of the loss with respect to `y`, of `y`'s shape.
    pub dy: &'a Tensor,
}

impl Backward<'_> {
    /// The input at `index`.
    pub fn input(&self, index: usize) -> &Tensor {
        &self.inputs[index]
    }

    /// Whether anyone asks for the gradient of input `index`.
    pub fn wants(&self, index: usize) -> bool {
        self.recorded[index].needs_gradient() && self.late != Some(index)
    }

    /// The gradient for input `index` if anyone asks for it.
    ///
    /// # Errors
    /// Those of `gradient`.
    pub fn wanted(
        &self,
        index: usize,
        gradient: impl FnOnce() -> Result<Tensor>,
    ) -> Result<Option<Tensor>> {
        self.wants(index).then(gradient).transpose()
    }

    /// Whether these gradients will be differentiated in turn, so that they must be made by ops.
    pub fn recorded(&self) -> bool {
        self.dy.needs_gradient() || self.inputs.iter().any(Tensor::needs_gradient)
    }

    /// The gradients for all inputs by way of `plain`, the op's value written with other ops: for a
    /// fused op whose own derivative leaves no graph, when one is [wanted](Backward::recorded).
    ///
    /// # Errors
    /// Those of `plain`.
    pub fn by_way_of(
        &self,
        plain: &dyn Fn(&[Tensor]) -> Result<Tensor>,
    ) -> Result<Inputs<Option<Tensor>>> {
        // New handles, at which the walk ends; one for each input, even where two are the same tensor.
        let mut inputs = Inputs::new();
        for (index, input) in self.inputs.iter().enumerate() {
            inputs.push(if self.wants(index) && !input.needs_gradient() {
                input.tracked()
            } else {
                input.reshape(input.shape())?
            });
        }
        let gradients = plain(&inputs)?.walk(self.dy.clone(), Then::Differentiate, &inputs)?;
        Ok(inputs.iter().map(|input| gradients.get(input)).collect())
    }
}

pub(crate) struct Record {
    /// Held inline unless it remembers much.
    op: SmallBox<dyn Op, S16>,
    pub(crate) inputs: Inputs<Tensor>,
    depth: u32,
}

impl Record {
    pub(crate) fn new(op: SmallBox<dyn Op, S16>, inputs: &[&Tensor]) -> Self {
        let mut record = Record {
            op,
            inputs: Inputs::new(),
            depth: 1,
        };
        for &input in inputs {
            record.depth = record.depth.max(1 + input.depth());
            record.inputs.push(input.clone());
        }
        record
    }
}

/// `aᵀ · b` of two matrices, `a` mostly zeros, not computed yet.
pub struct Product {
    a: Tensor,
    b: Tensor,
}

impl Product {
    /// `None` if most of `a` is not 0, so that nothing would be gained by waiting.
    pub(crate) fn new(a: &Tensor, b: &Tensor) -> Option<Self> {
        let product = Product {
            a: a.clone(),
            b: b.clone(),
        };
        let (a, b) = product.factors();
        MostlyZero::new::<Native>(a, b).is_some().then_some(product)
    }

    fn factors(&self) -> (MatRef<'_>, MatRef<'_>) {
        let (a, b) = (&self.a, &self.b);
        (
            MatRef::row_major(a.data(), a.shape()[0], a.shape()[1]).t(),
            MatRef::row_major(b.data(), b.shape()[0], b.shape()[1]),
        )
    }

    /// The product, for rows to be asked for.
    pub(crate) fn rows(&self) -> MostlyZero<'_> {
        let (a, b) = self.factors();
        MostlyZero::known(a, b)
    }

    fn value(&self) -> Result<Tensor> {
        self.a.transpose(&[1, 0])?.matmul(&self.b)
    }
}

/// A gradient, whole or on its way.
pub enum Gradient {
    /// Its values.
    Whole(Tensor),
    /// A product that is computed where it is used.
    Late(Product),
}

impl Gradient {
    fn value(&self) -> Result<Tensor> {
        match self {
            Gradient::Whole(gradient) => Ok(gradient.clone()),
            Gradient::Late(product) => product.value(),
        }
    }
}

/// Gradients of the tracked tensors that a result depends on.
///
/// On the way, also those that have arrived at other tensors, from which they will go on. Each comes with its
/// tensor, kept alive so that it stays the one it is, and the tensor's depth. The next to be visited is the last: they
/// are in the order of depth, those of one depth in the reverse of that in which they were reached.
#[derive(Default)]
pub struct Gradients(SmallVec<[(u32, Tensor, Gradient); 16]>);

impl Gradients {
    /// The gradient for a [tracked](Tensor::tracked) tensor, of its shape; `None` if the result does
    /// not depend on it.
    pub fn get(&self, leaf: &Tensor) -> Option<Tensor> {
        self.0[self.place(0, leaf)?].2.value().ok()
    }

    /// The gradient for a tracked tensor, as it is after [`backward_late`](Tensor::backward_late).
    pub fn take(&mut self, leaf: &Tensor) -> Option<Gradient> {
        let place = self.place(0, leaf)?;
        Some(self.0.remove(place).2)
    }

    /// How many leaves have a gradient.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no leaf has a gradient.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Where the first of this depth, or of a greater one, is.
    fn start(&self, depth: u32) -> usize {
        self.0.partition_point(|(other, ..)| *other < depth)
    }

    fn place(&self, depth: u32, tensor: &Tensor) -> Option<usize> {
        let start = self.start(depth);
        let is_it = |(_, other, _): &(u32, Tensor, Gradient)| other.id() == tensor.id();
        Some(start + self.0[start..].iter().position(is_it)?)
    }

    /// Adds a gradient to what has arrived at `tensor`.
    fn add(&mut self, depth: u32, tensor: &Tensor, gradient: Gradient) -> Result<()> {
        match self.place(depth, tensor) {
            Some(place) => {
                let sum = &mut self.0[place].2;
                *sum = Gradient::Whole(sum.value()?.add(&gradient.value()?)?);
            }
            None => {
                let place = self.start(depth);
                self.0.insert(place, (depth, tensor.clone(), gradient));
            }
        }
        Ok(())
    }
}

/// What becomes of the gradients of a walk.
#[derive(Clone, Copy, PartialEq)]
enum Then {
    /// They are looked at.
    Use,
    /// They are used once, maybe in pieces.
    Update,
    /// They are differentiated.
    Differentiate,
}

impl Tensor {
    /// Identity of the node while a handle to it is held.
    fn id(&self) -> usize {
        self.0.as_ptr().addr()
    }

    fn depth(&self) -> u32 {
        self.0.record.as_ref().map_or(0, |record| record.depth)
    }

    /// The gradients of this one-element tensor with respect to every tracked tensor it depends on.
    ///
    /// # Errors
    /// The tensor has more than one element.
    pub fn backward(&self) -> Result<Gradients> {
        self.check_scalar()?;
        self.walk(Tensor::full(self.shape(), 1.0)?, Then::Use, &[])
    }

    /// As [`backward`](Tensor::backward), for gradients that are [taken](Gradients::take): some of those for
    /// leaves may still be products.
    ///
    /// # Errors
    /// The tensor has more than one element.
    pub fn backward_late(&self) -> Result<Gradients> {
        self.backward_late_in(Gradients::default())
    }

    /// As [`backward_late`](Tensor::backward_late), in the memory of gradients of an earlier walk, which are
    /// forgotten: a training step that hands on its gradients to the next does not allocate room for them.
    ///
    /// # Errors
    /// The tensor has more than one element.
    pub fn backward_late_in(&self, mut room: Gradients) -> Result<Gradients> {
        self.check_scalar()?;
        room.0.clear();
        let dy = Tensor::full(self.shape(), 1.0)?;
        self.walk_in(room, dy, Then::Update, &[])
    }

    /// As [`backward`](Tensor::backward), and the gradients remember how they were made, so that they
    /// can be differentiated again (`createGraph` in other libraries).
    ///
    /// # Errors
    /// The tensor has more than one element.
    pub fn backward_graph(&self) -> Result<Gradients> {
        self.check_scalar()?;
        self.walk(Tensor::full(self.shape(), 1.0)?, Then::Differentiate, &[])
    }

    /// The gradients of `sum(self × dy)`: pulls `dy` back to every tracked tensor.
    ///
    /// # Errors
    /// `dy` has another shape.
    pub fn pull_back(&self, dy: &Tensor) -> Result<Gradients> {
        if dy.shape() != self.shape() {
            bail!(
                Shape,
                "pull_back: the gradient is {:?}, the tensor is {:?}",
                dy.shape(),
                self.shape()
            );
        }
        self.walk(dy.clone(), Then::Use, &[])
    }

    fn check_scalar(&self) -> Result<()> {
        if self.data().len() != 1 {
            bail!(
                Shape,
                "backward: {:?} is not a single value; sum or average it first",
                self.shape()
            );
        }
        Ok(())
    }

    /// Walks back from here to the leaves, and no further than to the tensors in `ends`.
    fn walk(&self, dy: Tensor, then: Then, ends: &[Tensor]) -> Result<Gradients> {
        self.walk_in(Gradients::default(), dy, then, ends)
    }

    /// The same with `gradients`, of which there are none yet, to collect them in.
    fn walk_in(
        &self,
        mut gradients: Gradients,
        dy: Tensor,
        then: Then,
        ends: &[Tensor],
    ) -> Result<Gradients> {
        // Leaves are those at depth 0.
        let depth = |tensor: &Tensor| match ends.iter().any(|end| end.id() == tensor.id()) {
            true => 0,
            false => tensor.depth(),
        };
        if self.needs_gradient() {
            gradients.add(depth(self), self, Gradient::Whole(dy))?;
        }
        while let Some((1.., ..)) = gradients.0.last()
            && let Some((_, y, dy)) = gradients.0.pop()
            && let Some(record) = &y.0.record
        {
            // Only what is to be differentiated remembers how it was made.
            let given = |tensor: &Tensor| match then {
                Then::Differentiate => tensor.clone(),
                Then::Use | Then::Update => tensor.detach(),
            };
            let mut inputs = Inputs::new();
            for input in &record.inputs {
                inputs.push(given(input));
            }
            let mut at = Backward {
                inputs: &inputs,
                recorded: &record.inputs,
                late: None,
                y: &given(&y),
                dy: &dy.value()?,
            };
            if then == Then::Update {
                for (index, leaf) in record.inputs.iter().enumerate() {
                    let first =
                        at.wants(index) && depth(leaf) == 0 && gradients.place(0, leaf).is_none();
                    if first && let Some(product) = record.op.late(&at, index) {
                        gradients.add(0, leaf, Gradient::Late(product))?;
                        at.late = Some(index);
                        break;
                    }
                }
            }
            let arriving = record.op.backward(&at)?;
            for (index, gradient) in arriving.into_iter().enumerate() {
                if let Some(gradient) = gradient.filter(|_| at.wants(index)) {
                    let input = &record.inputs[index];
                    debug_assert_eq!(
                        gradient.shape(),
                        input.shape(),
                        "gradient of {}",
                        record.op.name()
                    );
                    gradients.add(depth(input), input, Gradient::Whole(gradient))?;
                }
            }
        }
        Ok(gradients)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::rng::Rng;
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
