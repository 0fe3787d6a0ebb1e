//! Attention without projections: what queries and keys are alike in is a sum over their features.
use super::{CAUSAL, SCORES, as_mask, both, flag, three};
use crate::base::error::{Result, bail};
use crate::base::json::{Setting, Value, expected, settings};
use crate::nn::Seed;
use crate::nn::layer::{Masks, Tensors};
use crate::nn::layers::dropout::check_rate;
use crate::nn::{Context, Dims, Initializer, Layer, WeightSpec};
use crate::ops::causal;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{vec, vec::Vec};
use smallvec::{SmallVec, smallvec};

/// How alike a query and a key are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ScoreMode {
    /// Their product (Luong et al. 2015).
    #[default]
    Dot,
    /// `Σ tanh(query + key)`, times a weight.
    Concat,
}

impl Setting for ScoreMode {
    fn read(value: &Value) -> Result<Self> {
        match value.as_str() {
            Some("dot") => Ok(ScoreMode::Dot),
            Some("concat") => Ok(ScoreMode::Concat),
            _ => expected("\"dot\" or \"concat\"", value),
        }
    }
}

impl From<ScoreMode> for Value {
    fn from(mode: ScoreMode) -> Value {
        match mode {
            ScoreMode::Dot => "dot".into(),
            ScoreMode::Concat => "concat".into(),
        }
    }
}

settings! {
    /// For each query the mean of all values, weighted by the softmax of how alike their keys are to it. Inputs are
    /// `[query, value]` or `[query, value, key]`, samples of shape `[time, features]`.
    #[derive(Clone, Debug)]
    pub struct Attention {
        /// Whether there is a weight that products are multiplied by; with `concat`, sums before `tanh`.
        use_scale: bool = false,
        /// How alike a query and a key are.
        score_mode: ScoreMode = ScoreMode::Dot,
        /// The share of weights that are dropped.
        dropout: f32 = 0.0,
        /// With a seed the layer draws what is dropped from a generator of its own.
        seed: Seed = Seed::default(),
    }
}

settings! {
    /// The same where a query and a key are alike by `Σ scale · tanh(query + key)` (Bahdanau et al. 2015).
    #[derive(Clone, Debug)]
    pub struct AdditiveAttention {
        /// Whether each feature has a weight `scale`.
        use_scale: bool = true,
        /// The share of weights that are dropped.
        dropout: f32 = 0.0,
        /// With a seed the layer draws what is dropped from a generator of its own.
        seed: Seed = Seed::default(),
    }
}

/// `tanh(scale · (query + key))` of each pair: `[batch, queries, keys, features]`.
fn pairs(query: &Tensor, key: &Tensor, scale: Option<&Tensor>) -> Result<Tensor> {
    let ([batch, queries, features], [_, keys, _]) = (lengths(query), lengths(key));
    let query = query.reshape(&[batch, queries, 1, features])?;
    let mut sum = query.add(&key.reshape(&[batch, 1, keys, features])?)?;
    if let Some(scale) = scale {
        sum = sum.mul(scale)?;
    }
    Ok(sum.room_for("attention")?.tanh())
}

/// The lengths of an input's axes; it is known to have three.
fn lengths(x: &Tensor) -> [usize; 3] {
    let shape = x.shape();
    [shape[0], shape[1], shape[2]]
}

impl Attention {
    fn scores(&self, query: &Tensor, key: &Tensor, weights: &[Tensor]) -> Result<Tensor> {
        let scale = self.use_scale.then(|| &weights[0]);
        match self.score_mode {
            ScoreMode::Concat => {
                let sums = pairs(query, key, scale)?.sum(&[-1], false)?;
                sums.mul(&weights[usize::from(self.use_scale)])
            }
            ScoreMode::Dot => {
                let products = query.matmul_transposed(key)?;
                scale.map_or(Ok(products.clone()), |scale| products.mul(scale))
            }
        }
    }

    fn weight_specs(&self, _: usize) -> Vec<WeightSpec> {
        let one = |name| WeightSpec::new(name, vec![], Initializer::Ones);
        let scale = self.use_scale.then(|| one("scale"));
        let of_concat = self.score_mode == ScoreMode::Concat;
        let concat = of_concat.then(|| one("concat_score_weight"));
        scale.into_iter().chain(concat).collect()
    }
}

impl AdditiveAttention {
    fn scores(&self, query: &Tensor, key: &Tensor, weights: &[Tensor]) -> Result<Tensor> {
        let mut pairs = pairs(query, key, None)?;
        if self.use_scale {
            pairs = pairs.mul(&weights[0])?;
        }
        pairs.sum(&[-1], false)
    }

    fn weight_specs(&self, features: usize) -> Vec<WeightSpec> {
        let scale = WeightSpec::new("scale", vec![features], Initializer::glorot_uniform());
        self.use_scale.then_some(scale).into_iter().collect()
    }
}

/// The result for these scores, and the weights of values.
fn attend(
    class_name: &str,
    mut scores: Tensor,
    value: &Tensor,
    (dropout, seed): (f32, &Seed),
    context: &mut Context,
) -> Result<[Tensor; 2]> {
    let (queries, keys) = (scores.shape()[1], scores.shape()[2]);
    let mut mask = None;
    if let Some(of_values) = context.mask(1) {
        let batch = of_values.shape().first().copied().unwrap_or(1);
        mask = both(mask, as_mask(of_values)?.reshape(&[batch, 1, keys])?)?;
    }
    if flag(class_name, context.options, CAUSAL)? {
        mask = both(mask, causal(queries, keys)?.reshape(&[1, queries, keys])?)?;
    }
    if let Some(mask) = mask {
        // Keras draws scores that are hidden far down, and so do the gradients of queries that see nothing.
        let less = mask.room_for(class_name)?.shift(-1.0);
        scores = scores.add(&less.room_for(class_name)?.scale(1e9))?;
    }
    let weights = scores.softmax()?;
    let mut used = weights.clone();
    if context.training && dropout > 0.0 {
        used = seed.draws(context, |rng| used.dropout(dropout, rng))?;
    }
    let mut y = used.matmul(value)?;
    if let Some(of_queries) = context.mask(0) {
        let mask = as_mask(of_queries)?.reshape(&[y.shape()[0], queries, 1])?;
        y = mask.select(&y, &Tensor::scalar(0.0))?;
    }
    Ok([y, weights])
}

/// The shapes of the result and of the weights.
fn output_dims(class_name: &str, inputs: &[Dims]) -> Result<[Dims; 2]> {
    let all = three(class_name, inputs)?;
    let [&[queries, features], &[values, width], &[keys, of_keys]] = all.map(|dims| &dims[..])
    else {
        bail!(
            Shape,
            "{class_name}: samples must be [time, features], but have the shapes {inputs:?}"
        );
    };
    if features != of_keys || values != keys {
        bail!(
            Shape,
            "{class_name}: queries {:?}, values {:?} and keys {:?} do not fit together",
            all[0],
            all[1],
            all[2]
        );
    }
    Ok([Dims::new([queries, width]), Dims::new([queries, keys])])
}

macro_rules! attention_layer {
    ($($class:ident)*) => {$(
        impl Layer for $class {
    fn seed(&self) -> Option<&Seed> {
        Some(&self.seed)
    }

            fn class_name(&self) -> &str {
                stringify!($class)
            }

            fn config(&self) -> Value {
                self.to_json()
            }

            fn check(&self) -> Result<()> {
                check_rate(concat!(stringify!($class), ": `dropout`"), self.dropout)
            }

            fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
                let inputs: Vec<Dims> = inputs.iter().map(|input| Dims::fixed(input)).collect();
                let [y, _] = output_dims(stringify!($class), &inputs)?;
                Ok(vec![y.with(1)?])
            }

            fn output_dims_with(&self, inputs: &[Dims], options: &Value) -> Result<Vec<Dims>> {
                flag(stringify!($class), options, CAUSAL)?;
                let [y, weights] = output_dims(stringify!($class), inputs)?;
                Ok(match flag(stringify!($class), options, SCORES)? {
                    true => vec![y, weights],
                    false => vec![y],
                })
            }

            fn weights(&self, inputs: &[Shape]) -> Vec<WeightSpec> {
                let features = inputs.first().and_then(|query| query.last());
                self.weight_specs(features.copied().unwrap_or(1))
            }

            fn call(
                &self,
                inputs: &[Tensor],
                weights: &[Tensor],
                context: &mut Context,
            ) -> Result<Tensors> {
                let class_name = stringify!($class);
                let [query, value, key] = three(class_name, inputs)?;
                let samples = inputs.iter().map(|x| x.shape().get(1..).unwrap_or_default());
                output_dims(class_name, &samples.map(Dims::fixed).collect::<SmallVec<[Dims; 4]>>())?;
                if inputs.iter().any(|x| x.shape()[0] != query.shape()[0] || x.data().is_empty()) {
                    bail!(Shape, "{class_name}: as many samples of each input are expected, and at least one");
                }
                let scores = self.scores(query, key, weights)?;
                let [y, weights] = attend(class_name, scores, value, (self.dropout, &self.seed), context)?;
                Ok(match flag(class_name, context.options, SCORES)? {
                    true => smallvec![y, weights],
                    false => smallvec![y],
                })
            }

            fn output_masks(&self, _: &[Tensor], context: &mut Context) -> Result<Masks> {
                Ok(context.mask(0).map(|mask| Some(mask.clone())).into_iter().collect())
            }

            fn call_options(&self) -> &[&str] {
                &[CAUSAL, SCORES]
            }
        }
    )*};
}

attention_layer! { Attention AdditiveAttention }
