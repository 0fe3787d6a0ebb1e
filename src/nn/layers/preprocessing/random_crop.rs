//! A part of each picture, at a place that is drawn while training and in the middle at any other time.
use super::sizes::CenterCrop;
use super::sizes::in_proportion;
use super::{of_pictures, sized};
use crate::base::error::Result;
use crate::base::json::{Value, settings};
use crate::nn::layer::positive;
use crate::nn::pair::ChannelsLast;
use crate::nn::{Context, Mapping, Seed};
use crate::ops::Interpolation;
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;

settings! {
    /// Cuts a part of this size out of pictures, at the same place in all pictures of a batch, as Keras does. At any other
    /// time it is [`CenterCrop`], as Keras' documentation says.
    #[derive(Clone, Debug)]
    pub struct RandomCrop {
        /// How many rows the result has.
        height: usize,
        /// How many columns the result has.
        width: usize,
        /// With a seed the layer draws from a generator of its own.
        seed: Seed = Seed::default(),
        /// Where the channels are: last, always.
        data_format: ChannelsLast = ChannelsLast,
    }
}

impl Mapping for RandomCrop {
    fn class_name(&self) -> &str {
        "RandomCrop"
    }

    fn config(&self) -> Value {
        self.to_json()
    }

    fn check(&self) -> Result<()> {
        positive(
            "RandomCrop: `height` and `width`",
            &[self.height, self.width],
        )
    }

    fn seed(&self) -> Option<&Seed> {
        Some(&self.seed)
    }

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        sized("RandomCrop", input, self.height, self.width)
    }

    fn transform(&self, x: &Tensor, weights: &[Tensor], context: &mut Context) -> Result<Tensor> {
        if !context.training {
            return CenterCrop::new(self.height, self.width).transform(x, weights, context);
        }
        of_pictures("RandomCrop", x, |x| {
            let shape = *x.shape();
            let (rows, columns) = (shape[1], shape[2]);
            let [top, left] = if rows > self.height && columns > self.width {
                self.seed.draws(context, |rng| {
                    [rows - self.height, columns - self.width]
                        .map(|spare| rng.below(spare as u32 + 1) as usize)
                })
            } else {
                // Keras: the middle of what would have the result's proportions is where the part begins.
                let tall = in_proportion(columns, self.height, self.width);
                let wide = in_proportion(rows, self.width, self.height);
                [(rows, tall), (columns, wide)]
                    .map(|(length, part)| length.saturating_sub(part) / 2)
            };
            let part = shape
                .with(1, self.height.min(rows - top))
                .with(2, self.width.min(columns - left));
            let found = x.slice(&[0, top, left, 0], &part)?;
            let size = (self.height, self.width);
            match (part[1], part[2]) == size {
                true => Ok(found),
                false => found.resize(size, Interpolation::Bilinear, false, true),
            }
        })
    }
}
