//! Attention of several heads (Vaswani et al. 2017).
use super::{CAUSAL, SCORES, as_mask, both, flag, three};
use crate::base::error::{Result, bail};
use crate::base::json::{Fields, Setting, Value, expected, settings};
use crate::nn::Seed;
use crate::nn::layer::{Masks, Tensors, positive};
use crate::nn::layers::axes::AxisList;
use crate::nn::layers::dropout::check_rate;
use crate::nn::pair::NotOffered;
use crate::nn::{Constraint, Context, Dims, Initializer, Layer, Regularizer, WeightSpec};
use crate::ops::Heads;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{format, vec, vec::Vec};
use smallvec::{SmallVec, smallvec};

/// The layer's name in messages.
const NAME: &str = "MultiHeadAttention";
/// The tensors that a call may give by name. The query comes first; these follow in this order.
const VALUE: &str = "value";
const KEY: &str = "key";
const MASK: &str = "attention_mask";

/// The lengths of the axes of a step's output; in JSON a number or a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lengths(Vec<usize>);

impl Setting for Lengths {
    fn read(value: &Value) -> Result<Self> {
        let lengths = match value {
            Value::Array(_) => Vec::read(value),
            one => usize::read(one).map(|length| vec![length]),
        };
        match lengths {
            Ok(lengths) if !lengths.is_empty() => Ok(Lengths(lengths)),
            _ => expected("a length or a list of them", value),
        }
    }
}

impl From<Lengths> for Value {
    fn from(lengths: Lengths) -> Value {
        lengths.0.into()
    }
}

settings! {
    /// Queries, keys and values are projected for each of several heads; each head's queries take means of its values,
    /// weighted by the softmax of their products with the keys; what all heads find is projected once more. Inputs are a
    /// query, a value, and a key unless that is the value: `[time, features]` each. A call may be told
    /// `use_causal_mask` (no query looks at later keys), `attention_mask` (`[batch, queries, keys]`: which keys a query
    /// may look at) and `return_attention_scores` (the weights `[heads, queries, keys]` are a second result).
    #[derive(Clone, Debug)]
    pub struct MultiHeadAttention {
        /// How many heads there are.
        num_heads: usize,
        /// How long a head's queries and keys are.
        key_dim: usize,
        /// How long a head's values are; as long as its keys where nothing is given.
        value_dim: Option<usize> = None,
        /// The share of weights that are dropped.
        dropout: f32 = 0.0,
        /// Whether projections add a bias.
        use_bias: bool = true,
        /// What a step of the output is; as long as the query's where nothing is given.
        output_shape: Option<Lengths> = None,
        /// The axis of time, which is all that is offered: 1 or −2.
        attention_axes: Option<AxisList> = None,
        /// Not offered: to look at near keys only.
        sliding_window: Option<NotOffered> = None,
        /// How Keras computes it, never what.
        flash_attention: Option<bool> = None,
        /// What the kernels start as.
        kernel_initializer: Initializer = Initializer::glorot_uniform(),
        /// What the biases start as.
        bias_initializer: Initializer = Initializer::Zeros,
        /// What the kernels add to the loss.
        kernel_regularizer: Option<Regularizer> = None,
        /// What the biases add to the loss.
        bias_regularizer: Option<Regularizer> = None,
        /// What the results of projections add to the loss.
        activity_regularizer: Option<Regularizer> = None,
        /// What the kernels are held to.
        kernel_constraint: Option<Constraint> = None,
        /// What the biases are held to.
        bias_constraint: Option<Constraint> = None,
        /// Not offered: to open and close what heads find.
        use_gate: bool = false,
        /// With a seed the layer draws what is dropped from a generator of its own.
        seed: Seed = Seed::default(),
    }
}

impl MultiHeadAttention {
    fn value_dim(&self) -> usize {
        self.value_dim.unwrap_or(self.key_dim)
    }

    /// The axes of a step of the output.
    fn step(&self, features: usize) -> SmallVec<[usize; 2]> {
        match &self.output_shape {
            Some(Lengths(lengths)) => lengths.iter().copied().collect(),
            None => smallvec![features],
        }
    }

    /// The kernel and the bias of a projection from axes of lengths `from` to some of lengths `to`.
    fn specs(&self, name: &str, from: &[usize], to: &[usize]) -> Vec<WeightSpec> {
        let spec = |part, shape, initializer| {
            WeightSpec::new(&format!("{name}/{part}"), shape, initializer)
        };
        let kernel = spec("kernel", [from, to].concat(), self.kernel_initializer);
        let kernel = kernel
            .with_fans(from.iter().product(), to.iter().product())
            .held(self.kernel_regularizer, self.kernel_constraint.clone());
        let bias = self.use_bias.then(|| {
            let bias = spec("bias", to.to_vec(), self.bias_initializer);
            bias.held(self.bias_regularizer, self.bias_constraint.clone())
        });
        [kernel].into_iter().chain(bias).collect()
    }

    /// The projection number `index` of `x`, `[batch, time, …]`, to rows of a length.
    fn project(
        &self,
        x: &Tensor,
        weights: &[Tensor],
        index: usize,
        context: &mut Context,
    ) -> Result<Tensor> {
        let (batch, time, features) = (x.shape()[0], x.shape()[1], x.shape()[2]);
        let each = if self.use_bias { 2 } else { 1 };
        let [kernel, bias @ ..] = &weights[each * index..][..each] else {
            bail!(State, "{NAME}: a weight is missing");
        };
        let wide = kernel.data().len() / features.max(1);
        let flat = x.reshape(&[batch * time, features])?;
        let kernel = kernel.reshape(&[features, wide])?;
        let y = match bias.first() {
            Some(bias) => flat.dense(&kernel, &bias.reshape(&[wide])?, false)?,
            None => flat.matmul(&kernel)?,
        };
        let y = y.reshape(&[batch, time, wide])?;
        context.regularize(self.activity_regularizer, &y)?;
        Ok(y)
    }

    /// Which keys queries may look at: `[batch, heads, queries, keys]`, where lengths but the last may be 1.
    fn mask(&self, inputs: &[Tensor], context: &Context) -> Result<Option<Tensor>> {
        let (query, key) = (inputs[0].shape(), inputs[1].shape());
        let (batch, queries, keys) = (query[0], query[1], key[1]);
        let mut all = None;
        for place in 1..inputs.len().min(3) {
            if let Some(mask) = context.mask(place) {
                all = both(all, as_mask(mask)?.reshape(&[batch, 1, 1, keys])?)?;
            }
        }
        if let Some(mask) = context.mask(0) {
            let mask = as_mask(mask)?.reshape(&[batch, 1, queries, 1])?;
            all = both(all, mask.broadcast_to(&[batch, 1, queries, keys])?)?;
        }
        if let Some(mask) = inputs.get(3) {
            let shape = mask.shape();
            let shape = match &**shape {
                [.., _, _] if shape.len() == 2 => Shape::join(&[1, 1], shape)?,
                [batch, rest @ ..] if shape.len() == 3 => Shape::join(&[*batch, 1], rest)?,
                _ => *shape,
            };
            let whole = [batch, self.num_heads, queries, keys];
            let fits = shape.len() == 4
                && shape
                    .iter()
                    .zip(whole)
                    .all(|(&own, all)| own == all || own == 1);
            if !fits {
                bail!(
                    Shape,
                    "{NAME}: `{MASK}` must be [batch, queries, keys], [{batch}, {queries}, {keys}] here, but is {:?}",
                    mask.shape()
                );
            }
            let mask = as_mask(&mask.reshape(&shape)?)?;
            let wide = [shape[0], shape[1], shape[2], keys];
            all = both(all, mask.broadcast_to(&wide)?)?;
        }
        Ok(all)
    }

    /// The shapes of the result and of the weights for samples of a query, a value and a key.
    fn shapes(&self, inputs: &[Dims]) -> Result<[Dims; 2]> {
        let all = three(NAME, &inputs[..inputs.len().min(3)])?;
        let [&[queries, features], &[values, _], &[keys, _]] = all.map(|dims| &dims[..]) else {
            bail!(
                Shape,
                "{NAME}: samples must be [time, features], but have the shapes {inputs:?}"
            );
        };
        if values != keys || inputs.len() > 4 {
            bail!(
                Shape,
                "{NAME}: there must be as many keys as values, but samples have the shapes {inputs:?}"
            );
        }
        if let Some(mask) = inputs.get(3) {
            let whole = [Some(self.num_heads), queries, keys];
            let may_be = |(own, all): (&Option<usize>, &Option<usize>)| {
                own.is_none() || all.is_none() || *own == Some(1) || own == all
            };
            if mask.len() > 3 || !mask.iter().rev().zip(whole.iter().rev()).all(may_be) {
                bail!(
                    Shape,
                    "{NAME}: `{MASK}` must be [batch, queries, keys], {:?} for each sample here, but is {mask:?}",
                    Dims::new([queries, keys])
                );
            }
        }
        let step = self.step(features.unwrap_or(1));
        let step = step.iter().map(|&length| Some(length));
        Ok([
            Dims::new([queries].into_iter().chain(step)),
            Dims::new([Some(self.num_heads), queries, keys]),
        ])
    }
}

impl Layer for MultiHeadAttention {
    fn seed(&self) -> Option<&Seed> {
        Some(&self.seed)
    }

    fn class_name(&self) -> &str {
        NAME
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        let of_output = self.output_shape.as_ref().map(|lengths| &lengths.0[..]);
        positive("MultiHeadAttention: `num_heads`", &[self.num_heads])?;
        positive("MultiHeadAttention: `key_dim`", &[self.key_dim])?;
        positive("MultiHeadAttention: `value_dim`", &[self.value_dim()])?;
        positive(
            "MultiHeadAttention: `output_shape`",
            of_output.unwrap_or(&[1]),
        )?;
        check_rate("MultiHeadAttention: `dropout`", self.dropout)?;
        if self.use_gate {
            bail!(
                Value,
                "{NAME}: `use_gate` must be false: it is not offered here"
            );
        }
        if let Some(axes) = &self.attention_axes
            && axes.places(NAME, 2).map_or(true, |places| *places != [1])
        {
            bail!(
                Value,
                "{NAME}: `attention_axes` must be [1], the axis of time, which is all that is offered, but is {}",
                Value::from(axes.clone())
            );
        }
        Ok(())
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        let inputs: Vec<Dims> = inputs.iter().map(|input| Dims::fixed(input)).collect();
        Ok(vec![self.shapes(&inputs)?[0].with(1)?])
    }

    fn output_dims_with(&self, inputs: &[Dims], options: &Value) -> Result<Vec<Dims>> {
        flag(NAME, options, CAUSAL)?;
        let [y, weights] = self.shapes(inputs)?;
        Ok(match flag(NAME, options, SCORES)? {
            true => vec![y, weights],
            false => vec![y],
        })
    }

    fn weights(&self, inputs: &[Shape]) -> Vec<WeightSpec> {
        let Ok([query, value, key]) = three(NAME, &inputs[..inputs.len().min(3)]) else {
            return Vec::new();
        };
        let features = |x: &Shape| [x.last().copied().unwrap_or(1)];
        let (heads, width) = (self.num_heads, self.value_dim());
        let of_keys = [heads, self.key_dim];
        [
            self.specs("query", &features(query), &of_keys),
            self.specs("key", &features(key), &of_keys),
            self.specs("value", &features(value), &[heads, width]),
            self.specs(
                "attention_output",
                &[heads, width],
                &self.step(features(query)[0]),
            ),
        ]
        .concat()
    }

    fn call(
        &self,
        inputs: &[Tensor],
        weights: &[Tensor],
        context: &mut Context,
    ) -> Result<Tensors> {
        let samples = inputs
            .iter()
            .map(|x| x.shape().get(1..).unwrap_or_default());
        let [dims, _] = self.shapes(&samples.map(Dims::fixed).collect::<SmallVec<[Dims; 4]>>())?;
        let [query, value, key] = three(NAME, &inputs[..inputs.len().min(3)])?;
        let batch = query.shape()[0];
        if value.shape()[0] != batch || key.shape()[0] != batch {
            bail!(
                Shape,
                "{NAME}: as many samples of each input are expected, not {:?}, {:?} and {:?}",
                query.shape(),
                value.shape(),
                key.shape()
            );
        }
        let scores = flag(NAME, context.options, SCORES)?;
        let mut how = Heads {
            count: self.num_heads,
            scale: 1.0 / libm::sqrtf(self.key_dim as f32),
            causal: flag(NAME, context.options, CAUSAL)?,
            mask: self.mask(inputs, context)?,
            // Keras has two ways to compute this, which differ where a query sees nothing.
            mean_if_blind: self.dropout == 0.0 && !scores,
            dropped: None,
        };
        let q = self.project(query, weights, 0, context)?;
        let k = self.project(key, weights, 1, context)?;
        let v = self.project(value, weights, 2, context)?;
        if context.training && self.dropout > 0.0 {
            let shape = [batch, self.num_heads, q.shape()[1], k.shape()[1]];
            let all = Tensor::full(&shape, 1.0)?;
            let dropped = self
                .seed
                .draws(context, |rng| all.dropout(self.dropout, rng));
            how.dropped = Some(dropped?);
        }
        let (found, weighed) = match scores {
            true => {
                let (found, weighed) = q.attention_with_weights(&k, &v, &how)?;
                (found, Some(weighed))
            }
            false => (q.attention(&k, &v, &how)?, None),
        };
        let y = self.project(&found, weights, 3, context)?;
        let y = match &self.output_shape {
            Some(_) => y.reshape(&Shape::join(&[batch], &dims.with(1)?)?)?,
            None => y,
        };
        Ok([y].into_iter().chain(weighed).collect())
    }

    fn output_masks(&self, _: &[Tensor], context: &mut Context) -> Result<Masks> {
        let mask = context.mask(0).map(|mask| Some(mask.clone()));
        Ok(mask.into_iter().collect())
    }

    fn call_options(&self) -> &[&str] {
        &[VALUE, KEY, MASK, CAUSAL, SCORES]
    }

    fn call_tensors(&self) -> &[&str] {
        &[VALUE, KEY, MASK]
    }

    fn takes_separately(&self) -> bool {
        true
    }

    fn arrange(&self, count: usize, options: Value) -> Result<(Vec<usize>, Value)> {
        // Which input is given under a name.
        let named = |key: &str| -> Result<Option<usize>> {
            let place = match &options[key] {
                Value::Null => return Ok(None),
                Value::Array(places) if places.len() == 1 => usize::read(&places[0]).ok(),
                _ => None,
            };
            match place.filter(|&place| place > 0 && place < count) {
                Some(place) => Ok(Some(place)),
                None => bail!(Value, "{NAME}: `{key}` must be one tensor"),
            }
        };
        let (value, key, mask) = (named(VALUE)?, named(KEY)?, named(MASK)?);
        let of_names = [value, key, mask];
        // The inputs that are given without a name, in order.
        let mut plain = (0..count).filter(|&place| !of_names.contains(&Some(place)));
        let query = plain.next();
        let value = value.or_else(|| plain.next());
        let key = key.or_else(|| plain.next());
        let (Some(query), Some(value), None) = (query, value, plain.next()) else {
            bail!(
                Shape,
                "{NAME}: a query, a value and perhaps a key are expected, but there are {count} inputs"
            );
        };
        let mut order = vec![query, value];
        // What follows the value is the key.
        order.extend(key.or(mask.map(|_| value)));
        order.extend(mask);
        let mut options: Fields = options
            .as_object()
            .unwrap_or_default()
            .iter()
            .filter(|(key, _)| !self.call_tensors().contains(&&**key))
            .cloned()
            .collect();
        if mask.is_some() {
            options.push((MASK.into(), vec![3usize].into()));
        }
        let options = match options.is_empty() {
            true => Value::Null,
            false => Value::Object(options),
        };
        Ok((order, options))
    }
}
