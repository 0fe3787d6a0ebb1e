//! Batch normalisation (Ioffe and Szegedy 2015).
use crate::base::error::{Result, bail};
use crate::base::json::{Decimal, Value, settings};
use crate::nn::layer::sample_axis;
use crate::nn::pair::NotOffered;
use crate::nn::{Constraint, Context, Initializer, Mapping, Regularizer, WeightSpec};
use crate::tensor::Tensor;
use crate::tensor::shape::{MAX_RANK, Shape};
use alloc::{vec, vec::Vec};

/// Keras adds this to how many steps of a batch count, before it divides by them.
const FEW: f32 = 1e-7;

settings! {
    /// Gives each channel the mean 0 and the variance 1, then `gamma · x + beta`. While training, the statistics are
    /// those of the batch; in inference, and where the layer is frozen, they are moving averages, which each step of
    /// training draws a little towards those of its batch.
    #[derive(Clone, Debug)]
    pub struct BatchNormalization {
        /// Which axis the channels are; it counts the batch axis, and −1 is the last.
        axis: isize = -1,
        /// How much of a moving average stays in each step.
        momentum: f32 = 0.99,
        /// Added to the variance, so that nothing is divided by 0.
        epsilon: f32 = 1e-3,
        /// Whether `beta` is added.
        center: bool = true,
        /// Whether there is a factor `gamma`.
        scale: bool = true,
        /// What `beta` starts as.
        beta_initializer: Initializer = Initializer::Zeros,
        /// What `gamma` starts as.
        gamma_initializer: Initializer = Initializer::Ones,
        /// What the moving mean starts as.
        moving_mean_initializer: Initializer = Initializer::Zeros,
        /// What the moving variance starts as.
        moving_variance_initializer: Initializer = Initializer::Ones,
        /// What `beta` adds to the loss.
        beta_regularizer: Option<Regularizer> = None,
        /// What `gamma` adds to the loss.
        gamma_regularizer: Option<Regularizer> = None,
        /// What `beta` is held to.
        beta_constraint: Option<Constraint> = None,
        /// What `gamma` is held to.
        gamma_constraint: Option<Constraint> = None,
        /// Statistics over several devices; there is one here, so that both values mean the same.
        synchronized: bool = false,
        /// Not offered: corrections of a batch's statistics by the moving averages.
        renorm: bool = false,
        /// Not offered.
        renorm_clipping: Option<NotOffered> = None,
        /// Means nothing without `renorm`.
        renorm_momentum: f32 = 0.99,
    }
}

/// Mean and variance of each channel.
struct Statistics {
    mean: Tensor,
    variance: Tensor,
}

impl BatchNormalization {
    /// Splits the weights into `gamma`, `beta`, and the moving averages with the number of the first.
    fn parts<'a>(&self, weights: &'a [Tensor]) -> (Option<&'a Tensor>, Option<&'a Tensor>, usize) {
        let beta = usize::from(self.scale);
        (
            self.scale.then(|| &weights[0]),
            self.center.then(|| &weights[beta]),
            beta + usize::from(self.center),
        )
    }

    /// Draws the moving averages towards the statistics of a batch. Where the layer is called several times in one
    /// step, each call goes on from the one before.
    fn follow(&self, batch: &Statistics, weights: &[Tensor], context: &mut Context) -> Result<()> {
        let (.., first) = self.parts(weights);
        for (index, now) in [(first, &batch.mean), (first + 1, &batch.variance)] {
            let before = context.latest(index, weights).detach();
            let kept = before.scale(self.momentum);
            let moved = now.detach().scale(1.0 - self.momentum);
            context.update(index, kept.add(&moved)?);
        }
        Ok(())
    }

    /// `(x − mean) / √(variance + ε) · gamma + beta`, channels last.
    fn normalize(&self, x: &Tensor, by: &Statistics, weights: &[Tensor]) -> Result<Tensor> {
        let (gamma, beta, _) = self.parts(weights);
        let deviation = by.variance.shift(self.epsilon).sqrt();
        let factor = match gamma {
            Some(gamma) => gamma.div(&deviation)?,
            None => Tensor::scalar(1.0).div(&deviation)?,
        };
        let y = x.sub(&by.mean)?.mul(&factor)?;
        match beta {
            Some(beta) => y.add(beta),
            None => Ok(y),
        }
    }

    /// The statistics of the steps that count, channels last.
    fn masked(x: &Tensor, mask: &Tensor) -> Result<Statistics> {
        if mask.shape().len() + 1 != x.shape().len() {
            bail!(
                Shape,
                "BatchNormalization: a mask of shape {:?} does not fit inputs of shape {:?}; it must have one axis less",
                mask.shape(),
                x.shape()
            );
        }
        let mask = mask.reshape(&Shape::join(mask.shape(), &[1])?)?;
        let axes: Vec<isize> = (0..x.shape().len() as isize - 1).collect();
        let count = mask.sum(&[], false)?.shift(FEW);
        let counted = x.mul(&mask)?;
        let mean = counted.sum(&axes, false)?.div(&count)?;
        let apart = counted.sub(&mean)?;
        let squares = apart.mul(&apart)?.mul(&mask)?;
        let variance = squares.sum(&axes, false)?.div(&count)?;
        Ok(Statistics { mean, variance })
    }

    /// The layer on values whose channels are last.
    fn last(&self, x: &Tensor, weights: &[Tensor], context: &mut Context) -> Result<Tensor> {
        let (gamma, beta, first) = self.parts(weights);
        if !(context.training && context.trainable) {
            let moving = Statistics {
                mean: weights[first].clone(),
                variance: weights[first + 1].clone(),
            };
            return self.normalize(x, &moving, weights);
        }
        if let Some(mask) = context.mask(0) {
            let batch = Self::masked(x, mask)?;
            self.follow(&batch, weights, context)?;
            return self.normalize(x, &batch, weights);
        }
        let normalized = x.batch_norm(gamma, beta, self.epsilon)?;
        let batch = Statistics {
            mean: normalized.mean,
            variance: normalized.variance,
        };
        self.follow(&batch, weights, context)?;
        Ok(normalized.y)
    }
}

impl Mapping for BatchNormalization {
    fn class_name(&self) -> &str {
        "BatchNormalization"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        if self.renorm {
            bail!(
                Value,
                "BatchNormalization: `renorm` must be false: it is not offered here"
            );
        }
        if !(0.0..=1.0).contains(&self.momentum) {
            bail!(
                Value,
                "BatchNormalization: `momentum` must be from 0 to 1, but is {}",
                Decimal::from(self.momentum)
            );
        }
        if !(self.epsilon >= 0.0 && self.epsilon.is_finite()) {
            bail!(
                Value,
                "BatchNormalization: `epsilon` must be at least 0 and finite, but is {}",
                Decimal::from(self.epsilon)
            );
        }
        Ok(())
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        sample_axis("BatchNormalization", self.axis, input.len())?;
        Shape::new(input)
    }

    fn weights(&self, input: &[usize]) -> Vec<WeightSpec> {
        let axis = sample_axis("BatchNormalization", self.axis, input.len());
        let channels = axis.map_or(1, |axis| input[axis]);
        let spec = |name, initializer| WeightSpec::new(name, vec![channels], initializer);
        let mut weights = Vec::with_capacity(4);
        if self.scale {
            let gamma = spec("gamma", self.gamma_initializer);
            weights.push(gamma.held(self.gamma_regularizer, self.gamma_constraint.clone()));
        }
        if self.center {
            let beta = spec("beta", self.beta_initializer);
            weights.push(beta.held(self.beta_regularizer, self.beta_constraint.clone()));
        }
        weights.push(spec("moving_mean", self.moving_mean_initializer).state());
        weights.push(spec("moving_variance", self.moving_variance_initializer).state());
        weights
    }

    fn transform(&self, x: &Tensor, weights: &[Tensor], context: &mut Context) -> Result<Tensor> {
        let rank = x.shape().len();
        let axis = 1 + sample_axis("BatchNormalization", self.axis, rank.saturating_sub(1))?;
        if axis + 1 == rank {
            return self.last(x, weights, context);
        }
        // The channels go to the end and come back.
        let mut there = [0; MAX_RANK];
        let others = (0..rank).filter(|&other| other != axis);
        for (place, from) in there.iter_mut().zip(others.chain([axis])) {
            *place = from;
        }
        let mut back = [0; MAX_RANK];
        for (place, &from) in there[..rank].iter().enumerate() {
            back[from] = place;
        }
        let y = self.last(&x.transpose(&there[..rank])?, weights, context)?;
        y.transpose(&back[..rank])
    }

    fn passes_mask(&self) -> bool {
        true
    }
}
