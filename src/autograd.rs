//! The graph and the walk back through it.
//!
//! Every recorded tensor knows its op, its inputs and its depth: one more than its deepest input's.
//! Going from the greatest depth to the least visits a tensor after all that was made from it, so the
//! gradients from every use are summed before they are passed on. No recursion, no global tape.
use crate::error::{Result, bail};
use crate::tensor::Tensor;
use alloc::{boxed::Box, collections::BTreeMap, collections::BinaryHeap, rc::Rc, vec::Vec};
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
        plain: impl FnOnce(&[Tensor]) -> Result<Tensor>,
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
        let gradients = plain(&inputs)?.walk(self.dy.clone(), true, &inputs)?;
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

/// Gradients of the tracked tensors that a result depends on.
pub struct Gradients(BTreeMap<usize, (Tensor, Tensor)>);

impl Gradients {
    /// The gradient for a [tracked](Tensor::tracked) tensor, of its shape; `None` if the result does
    /// not depend on it.
    pub fn get(&self, leaf: &Tensor) -> Option<Tensor> {
        self.0.get(&leaf.id()).map(|(_, gradient)| gradient.clone())
    }

    /// How many leaves have a gradient.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no leaf has a gradient.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
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
        self.walk(Tensor::full(self.shape(), 1.0)?, false, &[])
    }

    /// As [`backward`](Tensor::backward), and the gradients remember how they were made, so that they
    /// can be differentiated again (`createGraph` in other libraries).
    ///
    /// # Errors
    /// The tensor has more than one element.
    pub fn backward_graph(&self) -> Result<Gradients> {
        self.check_scalar()?;
        self.walk(Tensor::full(self.shape(), 1.0)?, true, &[])
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
        self.walk(dy.clone(), false, &[])
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
    fn walk(&self, dy: Tensor, create_graph: bool, ends: &[Tensor]) -> Result<Gradients> {
        let mut arrived: BTreeMap<usize, (Tensor, Tensor)> = BTreeMap::new();
        let mut order = BinaryHeap::new();
        let mut found = 0u32;
        let mut leaves = BTreeMap::new();
        let mut push = |tensor: &Tensor,
                        gradient: Tensor,
                        order: &mut BinaryHeap<_>,
                        arrived: &mut BTreeMap<_, _>| {
            let inner = tensor.0.record.is_some() && ends.iter().all(|end| end.id() != tensor.id());
            let slot = if inner { arrived } else { &mut leaves };
            match slot.get_mut(&tensor.id()) {
                None => {
                    if inner {
                        order.push((tensor.depth(), Reverse(found), tensor.id()));
                        found += 1;
                    }
                    slot.insert(tensor.id(), (tensor.clone(), gradient));
                }
                Some((_, sum)) => *sum = Tensor::add(sum, &gradient)?,
            }
            Ok::<(), crate::Error>(())
        };
        if self.needs_gradient() {
            push(self, dy, &mut order, &mut arrived)?;
        }
        while let Some((_, _, id)) = order.pop() {
            let Some((y, dy)) = arrived.remove(&id) else {
                continue;
            };
            let Some(record) = &y.0.record else { continue };
            let needs: Vec<bool> = record.inputs.iter().map(Tensor::needs_gradient).collect();
            let gradients = if create_graph {
                record.op.backward(&Backward {
                    inputs: &record.inputs,
                    needs: &needs,
                    y: &y,
                    dy: &dy,
                })?
            } else {
                let inputs: Vec<Tensor> = record.inputs.iter().map(Tensor::detach).collect();
                record.op.backward(&Backward {
                    inputs: &inputs,
                    needs: &needs,
                    y: &y.detach(),
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
                    push(input, gradient, &mut order, &mut arrived)?;
                }
            }
        }
        Ok(Gradients(leaves))
    }
}
