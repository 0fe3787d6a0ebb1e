//! Layers that put several tensors together element by element. Shapes of samples broadcast as in NumPy: a sample with
//! fewer axes gets new ones in front.
use crate::base::error::{Result, bail};
use crate::base::json::{Value, settings};
use crate::nn::layer::{Masks, Tensors};
use crate::nn::{Context, Layer};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};
use smallvec::smallvec;

/// Whether as many tensors are given as the layer takes.
fn check_count(class_name: &str, count: usize) -> Result<()> {
    let two = class_name == "Subtract";
    if count == 0 || two && count != 2 {
        let wanted = if two {
            "two inputs are"
        } else {
            "at least one input is"
        };
        bail!(
            Shape,
            "{class_name}: {wanted} expected, but there are {count}"
        );
    }
    Ok(())
}

/// The shape of all samples after broadcasting.
fn broadcast(class_name: &str, inputs: &[Shape]) -> Result<Shape> {
    check_count(class_name, inputs.len())?;
    inputs[1..].iter().try_fold(inputs[0], |shape, input| {
        Shape::broadcast(class_name, &shape, input)
    })
}

/// The tensors with as many axes each, new ones behind the batch axis.
fn aligned(class_name: &str, inputs: &[Tensor]) -> Result<Tensors> {
    check_count(class_name, inputs.len())?;
    let rank = inputs.iter().map(|x| x.shape().len()).max().unwrap_or(0);
    let align = |x: &Tensor| {
        let Some((batch, sample)) = x.shape().split_first() else {
            bail!(
                Shape,
                "{class_name}: an input is a single value without a batch axis"
            );
        };
        if x.shape().len() == rank {
            return Ok(x.clone());
        }
        let mut shape = Shape::new(&[*batch])?;
        for _ in x.shape().len()..rank {
            shape = Shape::join(&shape, &[1])?;
        }
        x.reshape(&Shape::join(&shape, sample)?)
    };
    inputs.iter().map(align).collect()
}

/// The mask of an element-by-element result: a step counts if it does in any input, or in all where one input has no
/// mask.
fn any_mask(context: &Context, count: usize) -> Result<Masks> {
    let mut all: Option<Tensor> = None;
    for index in 0..count {
        let Some(mask) = context.mask(index) else {
            return Ok(Masks::new());
        };
        all = Some(match all {
            None => mask.clone(),
            Some(all) => all.maximum(mask)?,
        });
    }
    Ok(smallvec![all])
}

/// A mask as one for each value of `x`.
fn widened(mask: &Tensor, x: &Tensor) -> Result<Tensor> {
    let mut mask = mask.clone();
    while mask.shape().len() < x.shape().len() {
        mask = mask.reshape(&Shape::join(mask.shape(), &[1])?)?;
    }
    Ok(mask)
}

type Pairwise = fn(&Tensor, &Tensor) -> Result<Tensor>;

fn fold(inputs: &Tensors, _: &Context, f: Pairwise) -> Result<Tensor> {
    let (first, rest) = (inputs[0].clone(), &inputs[1..]);
    rest.iter().try_fold(first, |all, x| f(&all, x))
}

/// Keras: a value whose step is masked counts as 1.
fn multiply(inputs: &Tensors, context: &Context, f: Pairwise) -> Result<Tensor> {
    let one = Tensor::scalar(1.0);
    let counted = inputs.iter().enumerate().map(|(index, x)| {
        Ok(match context.mask(index) {
            Some(mask) => widened(mask, x)?.select(x, &one)?,
            None => x.clone(),
        })
    });
    fold(&counted.collect::<Result<_>>()?, context, f)
}

/// Keras: of two values one of whose steps is masked the other is taken.
fn extreme(inputs: &Tensors, context: &Context, f: Pairwise) -> Result<Tensor> {
    let mut all = inputs[0].clone();
    let mut all_mask = context.mask(0).cloned();
    for (index, x) in inputs.iter().enumerate().skip(1) {
        let (mut x, mask) = (x.clone(), context.mask(index));
        if let Some(mask) = mask {
            x = widened(mask, &x)?.select(&x, &all)?;
        }
        if let Some(all_mask) = &all_mask {
            all = widened(all_mask, &all)?.select(&all, &x)?;
        }
        all_mask = match (all_mask, mask) {
            (Some(all), Some(mask)) => Some(all.maximum(mask)?),
            _ => None,
        };
        all = f(&all, &x)?;
    }
    Ok(all)
}

fn average(inputs: &Tensors, context: &Context, f: Pairwise) -> Result<Tensor> {
    let sum = fold(inputs, context, f)?;
    Ok(sum.room_for("average")?.scale(1.0 / inputs.len() as f32))
}

macro_rules! elementwise {
    ($($(#[$doc:meta])* $class:ident: $all:ident, $pair:ident;)*) => {$(
        settings! {
            $(#[$doc])*
            #[derive(Clone, Debug)]
            pub struct $class {}
        }

        impl Layer for $class {
            fn class_name(&self) -> &str {
                stringify!($class)
            }

            fn config(&self) -> Value {
                self.to_json()
            }

            fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
                Ok(vec![broadcast(self.class_name(), inputs)?])
            }

            fn call(
                &self,
                inputs: &[Tensor],
                _: &[Tensor],
                context: &mut Context,
            ) -> Result<Tensors> {
                let inputs = aligned(self.class_name(), inputs)?;
                Ok(smallvec![$all(&inputs, context, Tensor::$pair)?])
            }

            fn output_masks(&self, inputs: &[Tensor], context: &mut Context) -> Result<Masks> {
                any_mask(context, inputs.len())
            }
        }
    )*};
}

elementwise! {
    /// The sum of all inputs.
    Add: fold, add;
    /// The first of two inputs less the second.
    Subtract: fold, sub;
    /// The product of all inputs.
    Multiply: multiply, mul;
    /// The mean of all inputs.
    Average: average, add;
    /// The greatest value of all inputs.
    Maximum: extreme, maximum;
    /// The least value of all inputs.
    Minimum: extreme, minimum;
}
