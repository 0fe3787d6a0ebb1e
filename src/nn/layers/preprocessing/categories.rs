//! Numbers of classes as rows.
use crate::base::error::{Result, bail};
use crate::base::json::{Decimal, Setting, Value, expected, settings};
use crate::memory::{Buffer, ask_for, vector};
use crate::nn::layer::{Tensors, positive};
use crate::nn::{Context, Layer};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};
use smallvec::smallvec;

/// What a row says of the classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// A row for each number, with a 1 at its place.
    OneHot,
    /// A row for each sample, with a 1 for each class among its numbers.
    MultiHot,
    /// A row for each sample: how often each class is among its numbers.
    Count,
}

impl Setting for Encoding {
    fn read(value: &Value) -> Result<Self> {
        match value.as_str() {
            Some("one_hot" | "oneHot") => Ok(Encoding::OneHot),
            Some("multi_hot" | "multiHot" | "binary") => Ok(Encoding::MultiHot),
            Some("count") => Ok(Encoding::Count),
            _ => expected("`one_hot`, `multi_hot` or `count`", value),
        }
    }
}

impl From<Encoding> for Value {
    fn from(encoding: Encoding) -> Value {
        match encoding {
            Encoding::OneHot => "one_hot".into(),
            Encoding::MultiHot => "multi_hot".into(),
            Encoding::Count => "count".into(),
        }
    }
}

settings! {
    /// Numbers of classes as rows of as many values as there are classes. A second input holds weights, of which each
    /// counts instead of 1 where classes are counted.
    #[derive(Clone, Debug)]
    pub struct CategoryEncoding {
        /// How many classes there are.
        num_tokens: usize,
        /// What a row says of them.
        output_mode: Encoding = Encoding::MultiHot,
        /// Must be false: rows are written out.
        sparse: bool = false,
    }
}

impl CategoryEncoding {
    /// The numbers and their weights.
    fn inputs<'a, T>(&self, inputs: &'a [T]) -> Result<(&'a T, Option<&'a T>)> {
        match inputs {
            [x] => Ok((x, None)),
            [x, weights] if self.output_mode == Encoding::Count => Ok((x, Some(weights))),
            _ => bail!(
                Shape,
                "CategoryEncoding: {} inputs; one is expected, and weights only where classes are counted",
                inputs.len()
            ),
        }
    }

    /// The shape of the result for numbers of this shape, whose first axis is the batch.
    fn shape(&self, x: &[usize]) -> Result<Shape> {
        let tokens = [self.num_tokens];
        match (self.output_mode, x) {
            (Encoding::OneHot, [outer @ .., 1]) if !outer.is_empty() => Shape::join(outer, &tokens),
            (Encoding::OneHot, all) => Shape::join(all, &tokens),
            (_, [] | [_]) => Shape::new(&tokens),
            (_, &[batch, _]) => Shape::new(&[batch, self.num_tokens]),
            (_, other) => bail!(
                Shape,
                "CategoryEncoding: each sample must be a row of numbers, but has the shape {:?}",
                &other[1..]
            ),
        }
    }
}

impl Layer for CategoryEncoding {
    fn class_name(&self) -> &str {
        "CategoryEncoding"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        positive("CategoryEncoding: `num_tokens`", &[self.num_tokens])?;
        if self.sparse {
            bail!(Value, "CategoryEncoding: `sparse` is not offered here");
        }
        Ok(())
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        let (x, _) = self.inputs(inputs)?;
        let shape = self.shape(&Shape::join(&[2], x)?)?;
        // Numbers that are not in rows are one sample.
        let skip = usize::from(shape.len() > 1);
        Ok(vec![Shape::new(&shape[skip..])?])
    }

    fn call(&self, inputs: &[Tensor], _: &[Tensor], _: &mut Context) -> Result<Tensors> {
        let (x, weights) = self.inputs(inputs)?;
        if let Some(weights) = weights
            && weights.shape() != x.shape()
        {
            bail!(
                Shape,
                "CategoryEncoding: weights of {:?} for numbers of {:?}",
                weights.shape(),
                x.shape()
            );
        }
        let shape = self.shape(x.shape())?;
        ask_for("CategoryEncoding", &[shape.size(), x.data().len()])?;
        let rows = shape.size() / self.num_tokens;
        let each = (x.data().len() / rows.max(1)).max(1);
        let mut places = vector("CategoryEncoding", x.data().len())?;
        for (index, &token) in x.data().iter().enumerate() {
            if !(token > -1.0 && token < self.num_tokens as f32) {
                bail!(
                    Value,
                    "CategoryEncoding: {} is not one of {} classes, numbered from 0",
                    Decimal::from(token),
                    self.num_tokens
                );
            }
            places.push((index / each * self.num_tokens + token as usize) as u32);
        }
        if self.output_mode == Encoding::Count {
            // With an op, so that gradients flow to the weights.
            let ones = || Tensor::full(&[places.len()], 1.0);
            let counts = weights.map_or_else(ones, |weights| weights.reshape(&[places.len()]))?;
            let counts = counts.scatter_add(&places, shape.size())?;
            return Ok(smallvec![counts.reshape(&shape)?]);
        }
        let mut marks = Buffer::zeros(shape.size());
        for place in places {
            marks[place as usize] = 1.0;
        }
        Ok(smallvec![Tensor::leaf(marks, shape)])
    }

    fn call_options(&self) -> &[&str] {
        &["count_weights"]
    }

    fn call_tensors(&self) -> &[&str] {
        &["count_weights"]
    }
}
