//! The graph and the walk back through it.
//!
//! Every recorded tensor knows its op, its inputs and its depth: one more than its deepest input's.
//! Going from the greatest depth to the least visits a tensor after all that was made from it, so the
//! gradients from every use are summed before they are passed on. No recursion, no global tape.
use crate::error::{Result, bail};
use crate::kernels::gemm::{MatRef, MostlyZero};
use crate::simd::Native;
use crate::tensor::Tensor;
use alloc::{boxed::Box, collections::BinaryHeap, rc::Rc, vec::Vec};
use core::cmp::Reverse;

/// An operation in the graph: a struct that holds what its derivative needs beyond inputs and output.
pub trait Op {
    /// The name in error messages and pictures of the graph.
    fn name(&self) -> &'static str;

    /// The gradient for each input, in order; `None` where none flows. Written with ops, so that it
    /// can itself be differentiated.
    ///
    /// # Errors
    /// Those of the ops it is written with; with gradients of the right shapes there are none.
    fn backward(&self, at: &Backward) -> Result<Vec<Option<Tensor>>>;

    /// The gradient for input `index` as a product that can wait until it is used, if it is one that is
    /// better used piece by piece than written to memory and read again.
    fn late(&self, _at: &Backward, _index: usize) -> Option<Product> {
        None
    }
}

/// What a derivative may look at: the inputs, the output `y`, and the gradient `dy` that arrived.
pub struct Backward<'a> {
    inputs: &'a [Tensor],
    needs: &'a [bool],
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
        self.needs[index]
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
        self.needs[index].then(gradient).transpose()
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
    ) -> Result<Vec<Option<Tensor>>> {
        // New handles, at which the walk ends; one for each input, even where two are the same tensor.
        let handle = |(input, &needed): (&Tensor, &bool)| {
            if needed && !input.needs_gradient() {
                Ok(input.tracked())
            } else {
                input.reshape(input.shape())
            }
        };
        let inputs: Vec<Tensor> = (self.inputs.iter().zip(self.needs))
            .map(handle)
            .collect::<Result<_>>()?;
        let gradients = plain(&inputs)?.walk(self.dy.clone(), Then::Differentiate, &inputs)?;
        Ok(inputs.iter().map(|input| gradients.get(input)).collect())
    }
}

pub(crate) struct Record {
    op: Box<dyn Op>,
    pub(crate) inputs: Vec<Tensor>,
    depth: u32,
}

impl Record {
    pub(crate) fn new(op: Box<dyn Op>, inputs: &[&Tensor]) -> Self {
        let depth = 1 + inputs.iter().map(|input| input.depth()).max().unwrap_or(0);
        Record {
            op,
            inputs: inputs.iter().map(|&input| input.clone()).collect(),
            depth,
        }
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

/// Gradients of the tracked tensors that a result depends on.
#[derive(Default)]
pub struct Gradients {
    whole: AtTensors<Tensor>,
    late: AtTensors<Product>,
}

impl Gradients {
    /// The gradient for a [tracked](Tensor::tracked) tensor, of its shape; `None` if the result does
    /// not depend on it.
    pub fn get(&self, leaf: &Tensor) -> Option<Tensor> {
        self.whole.get(leaf.id()).cloned()
    }

    /// The gradient for a tracked tensor, as it is after [`backward_late`](Tensor::backward_late).
    pub fn take(&mut self, leaf: &Tensor) -> Option<Gradient> {
        if let Some((_, product)) = self.late.remove(leaf.id()) {
            return Some(Gradient::Late(product));
        }
        let (_, gradient) = self.whole.remove(leaf.id())?;
        Some(Gradient::Whole(gradient))
    }

    /// How many leaves have a gradient.
    pub fn len(&self) -> usize {
        self.whole.0.len() + self.late.0.len()
    }

    /// Whether no leaf has a gradient.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds what arrives at a leaf to what is there.
    fn add(&mut self, leaf: &Tensor, gradient: Tensor) -> Result<()> {
        if let Some((_, product)) = self.late.remove(leaf.id()) {
            let sum = product.value()?.add(&gradient)?;
            self.whole.insert(leaf, sum);
            return Ok(());
        }
        add(&mut self.whole, leaf, gradient).map(drop)
    }
}

/// Something at each of some tensors, which it keeps alive so that they stay the ones they are; in the order
/// of their identities. A walk holds few at a time.
struct AtTensors<T>(Vec<(Tensor, T)>);

impl<T> Default for AtTensors<T> {
    fn default() -> Self {
        AtTensors(Vec::new())
    }
}

impl<T> AtTensors<T> {
    fn place(&self, id: usize) -> core::result::Result<usize, usize> {
        self.0.binary_search_by_key(&id, |(tensor, _)| tensor.id())
    }

    fn get(&self, id: usize) -> Option<&T> {
        Some(&self.0[self.place(id).ok()?].1)
    }

    fn get_mut(&mut self, id: usize) -> Option<&mut T> {
        let place = self.place(id).ok()?;
        Some(&mut self.0[place].1)
    }

    fn insert(&mut self, tensor: &Tensor, value: T) {
        let (Ok(place) | Err(place)) = self.place(tensor.id());
        self.0.insert(place, (tensor.clone(), value));
    }

    fn remove(&mut self, id: usize) -> Option<(Tensor, T)> {
        let place = self.place(id).ok()?;
        Some(self.0.remove(place))
    }
}

/// Adds a gradient to what has arrived at `tensor`; whether it is the first.
fn add(arrived: &mut AtTensors<Tensor>, tensor: &Tensor, gradient: Tensor) -> Result<bool> {
    let Some(sum) = arrived.get_mut(tensor.id()) else {
        arrived.insert(tensor, gradient);
        return Ok(true);
    };
    *sum = sum.add(&gradient)?;
    Ok(false)
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
        Rc::as_ptr(&self.0) as usize
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
        self.check_scalar()?;
        self.walk(Tensor::full(self.shape(), 1.0)?, Then::Update, &[])
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
        let is_leaf = |tensor: &Tensor| {
            tensor.0.record.is_none() || ends.iter().any(|end| end.id() == tensor.id())
        };
        let (mut arrived, mut leaves) = (AtTensors::default(), Gradients::default());
        let mut order = BinaryHeap::new();
        let mut found = 0u32;
        let mut push = |tensor: &Tensor,
                        gradient: Tensor,
                        leaves: &mut Gradients,
                        order: &mut BinaryHeap<_>,
                        arrived: &mut AtTensors<Tensor>| {
            if is_leaf(tensor) {
                leaves.add(tensor, gradient)?;
            } else if add(arrived, tensor, gradient)? {
                order.push((tensor.depth(), Reverse(found), tensor.id()));
                found += 1;
            }
            Ok::<(), crate::Error>(())
        };
        if self.needs_gradient() {
            push(self, dy, &mut leaves, &mut order, &mut arrived)?;
        }
        while let Some((_, _, id)) = order.pop() {
            let Some((y, dy)) = arrived.remove(id) else {
                continue;
            };
            let Some(record) = &y.0.record else { continue };
            let mut needs: Vec<bool> = record.inputs.iter().map(Tensor::needs_gradient).collect();
            let gradients = if then == Then::Differentiate {
                record.op.backward(&Backward {
                    inputs: &record.inputs,
                    needs: &needs,
                    y: &y,
                    dy: &dy,
                })?
            } else {
                let inputs: Vec<Tensor> = record.inputs.iter().map(Tensor::detach).collect();
                let y = y.detach();
                if then == Then::Update {
                    for (index, leaf) in record.inputs.iter().enumerate() {
                        let first = needs[index]
                            && is_leaf(leaf)
                            && leaves.whole.get(leaf.id()).is_none()
                            && leaves.late.get(leaf.id()).is_none();
                        let at = Backward {
                            inputs: &inputs,
                            needs: &needs,
                            y: &y,
                            dy: &dy,
                        };
                        if first && let Some(product) = record.op.late(&at, index) {
                            leaves.late.insert(leaf, product);
                            needs[index] = false;
                        }
                    }
                }
                record.op.backward(&Backward {
                    inputs: &inputs,
                    needs: &needs,
                    y: &y,
                    dy: &dy,
                })?
            };
            for ((input, gradient), needed) in record.inputs.iter().zip(gradients).zip(needs) {
                if let Some(gradient) = gradient.filter(|_| needed) {
                    debug_assert_eq!(
                        gradient.shape(),
                        input.shape(),
                        "gradient of {}",
                        record.op.name()
                    );
                    push(input, gradient, &mut leaves, &mut order, &mut arrived)?;
                }
            }
        }
        Ok(leaves)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Rng;
    use alloc::vec;

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
