//! Gradients at chosen tensors: a walk back that ends there, and visits only what leads there.
use super::Tensor;
use super::backward::{Backward, Purpose};
use super::gradient::Gradient;
use super::record::{Inputs, Op};
use crate::base::error::Result;
use crate::base::places::Places;
use alloc::{vec, vec::Vec};
use smallvec::smallvec;

/// What is known of a tensor on the way from a result back to the ends of a walk.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    /// The walk ends at the tensor.
    End,
    /// The tensor was computed from an end.
    Leads,
    /// No end is reached from the tensor.
    LeadsNowhere,
}

/// Which tensors of a graph lead to the ends of a walk, by their identity.
pub(super) struct Ways(Places);

/// The ways that [`Places`] hold by their number.
const WAYS: [Way; 3] = [Way::End, Way::Leads, Way::LeadsNowhere];

impl Ways {
    /// Looks through the graph from `result` down to the ends, and no further.
    fn new(result: &Tensor, ends: &[Tensor]) -> Self {
        let mut ways = Ways(Places::new());
        for end in ends {
            ways.0.set(end.id(), Way::End as usize);
        }
        // Whatever is computed from an end is deeper than the end.
        let least = ends.iter().map(Tensor::depth).min().unwrap_or(0);
        // The path from the result to the tensor that is looked at, each tensor with the number of its inputs
        // that have been looked at.
        let mut path = vec![(result, 0)];
        while let Some((tensor, looked_at)) = path.pop() {
            if looked_at == 0 && ways.of(tensor).is_some() {
                continue;
            }
            let record = tensor.0.record.as_ref();
            let inputs = record
                .filter(|record| record.depth > least)
                .map_or(&[][..], |record| &record.inputs[..]);
            if let Some(input) = inputs.get(looked_at) {
                path.push((tensor, looked_at + 1));
                path.push((input, 0));
                continue;
            }
            let way = match inputs.iter().any(|input| ways.lead(input)) {
                true => Way::Leads,
                false => Way::LeadsNowhere,
            };
            ways.0.set(tensor.id(), way as usize);
        }
        ways
    }

    /// What is known of `tensor`.
    fn of(&self, tensor: &Tensor) -> Option<Way> {
        WAYS.get(self.0.get(tensor.id())?).copied()
    }

    /// Whether an end is reached from `tensor`, or is `tensor`.
    pub(super) fn lead(&self, tensor: &Tensor) -> bool {
        matches!(self.of(tensor), Some(Way::End | Way::Leads))
    }

    /// Whether the walk ends at `tensor`.
    pub(super) fn end_at(&self, tensor: &Tensor) -> bool {
        self.of(tensor) == Some(Way::End)
    }
}

/// The tensor itself, as a new node of the graph. Derivative: `dx = dy`.
struct Identity;

impl Op for Identity {
    fn name(&self) -> &'static str {
        "identity"
    }

    fn backward(&self, at: &Backward) -> Result<Inputs<Option<Gradient>>> {
        Ok(smallvec![Some(at.dy.clone().into())])
    }
}

impl Tensor {
    /// A new handle to these values at which a walk can end. What is computed from it is recorded; gradients of an
    /// outer walk go on from it to where this tensor comes from.
    pub(crate) fn end(&self) -> Tensor {
        match self.needs_gradient() {
            true => self.view(Identity, *self.shape()),
            false => self.tracked(),
        }
    }

    /// The gradients of `sum(self × dy)` with respect to each of `ends`, in order; `None` where this tensor does
    /// not depend on an end. The walk goes no further than to the ends: of two ends of which one was computed
    /// from the other, only what does not go by way of the later one reaches the earlier one. Make the handles
    /// with [`end`](Tensor::end). If they are to be differentiated in turn, the gradients remember how they were
    /// made; else some may be [late](Gradient::Late).
    ///
    /// # Errors
    /// `dy` has another shape than this tensor, or there is no memory for the gradients.
    pub(crate) fn gradients_at(
        &self,
        dy: Tensor,
        ends: &[Tensor],
        differentiate: bool,
    ) -> Result<Vec<Option<Gradient>>> {
        self.check_gradient("gradients", &dy)?;
        let purpose = match differentiate {
            true => Purpose::Differentiate,
            false => Purpose::Update,
        };
        let gradients = self.walk(dy, purpose, Some(Ways::new(self, ends)))?;
        Ok(ends.iter().map(|end| gradients.find(end)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::error::bail;

    /// The gradient at an end that the result depends on.
    fn there(gradient: Option<Gradient>) -> Tensor {
        gradient.map(|gradient| gradient.value()).unwrap().unwrap()
    }

    /// An op whose derivative must not be asked for.
    struct Closed;

    impl Op for Closed {
        fn name(&self) -> &'static str {
            "closed"
        }

        fn backward(&self, _: &Backward) -> Result<Inputs<Option<Gradient>>> {
            bail!(State, "closed: visited")
        }
    }

    fn one() -> Tensor {
        Tensor::scalar(1.0)
    }

    #[test]
    fn only_what_leads_to_an_end_is_visited() -> Result<()> {
        let outer = Tensor::scalar(3.0).tracked();
        let closed = outer.view(Closed, *outer.shape());
        assert!(closed.backward().is_err());
        // Above the end there is a node that must not be visited, and beside the way to the end too.
        let (x, other) = (closed.end(), Tensor::scalar(5.0).end());
        let y = x.mul(&x)?.mul(&closed)?.add(&other.mul(&closed)?)?;
        let unused = Tensor::scalar(7.0).end();
        let ends = [x.clone(), unused, other, x];
        let values: Vec<_> = y
            .gradients_at(one(), &ends, false)?
            .into_iter()
            .map(|gradient| gradient.map(|gradient| there(Some(gradient)).data()[0]))
            .collect();
        assert_eq!(values, [Some(18.0), None, Some(3.0), Some(18.0)]);
        Ok(())
    }

    #[test]
    fn gradients_within_gradients_are_derivatives_of_higher_order() -> Result<()> {
        // x⁴ by three nested scopes.
        let x = Tensor::scalar(2.0).end();
        let inner = x.end();
        let innermost = inner.end();
        let square = innermost.mul(&innermost)?;
        let y = square.mul(&square)?;
        let first = y.gradients_at(one(), &[innermost], true)?.remove(0);
        let first = there(first);
        assert_eq!(first.data(), [32.0]);
        let second = first.gradients_at(one(), &[inner], true)?.remove(0);
        let second = there(second);
        assert_eq!(second.data(), [48.0]);
        let third = second.gradients_at(one(), &[x], false)?.remove(0);
        let third = there(third);
        assert_eq!((third.data(), third.needs_gradient()), (&[48.0][..], false));
        Ok(())
    }

    #[test]
    fn a_result_that_is_an_end_has_the_gradient_given() -> Result<()> {
        let x = Tensor::scalar(2.0).end();
        let dy = Tensor::scalar(9.0);
        let ends = [x.clone()];
        let gradients = x.gradients_at(dy.clone(), &ends, false)?;
        assert_eq!(there(gradients[0].clone()).data(), dy.data());
        assert!(x.gradients_at(Tensor::zeros(&[2])?, &ends, false).is_err());
        let constant = Tensor::scalar(1.0);
        assert!(constant.gradients_at(one(), &ends, false)?[0].is_none());
        Ok(())
    }

    #[test]
    fn ways_through_100_000_ops_are_found_without_recursion() -> Result<()> {
        let x = Tensor::scalar(1.0).end();
        let mut y = x.clone();
        for _ in 0..100_000 {
            y = y.neg();
        }
        let gradients = y.gradients_at(one(), &[x], false)?;
        assert_eq!(there(gradients[0].clone()).data(), [1.0]);
        Ok(())
    }
}
