//! A part of each picture, at a place that is drawn while training and in the middle at any other time.
use super::{CenterCrop, of_pictures, sized};
use crate::base::error::Result;
use crate::base::json::{Value, settings};
use crate::nn::layer::positive;
use crate::nn::pair::ChannelsLast;
use crate::nn::{Context, Mapping, Seed};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;

settings! {
    /// Cuts a part of this size out of pictures, at the same place in all pictures of a batch, as Keras does. Pictures
    /// that are not larger are treated as by [`CenterCrop`].
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

    fn output_shape(&self, input: &[usize]) -> Result<Shape> {
        sized("RandomCrop", input, self.height, self.width)
    }

    fn transform(&self, x: &Tensor, weights: &[Tensor], context: &mut Context) -> Result<Tensor> {
        let single = usize::from(x.shape().len() == 4);
        let lengths = x.shape().get(single..single + 2);
        let larger = lengths.is_some_and(|x| x[0] > self.height && x[1] > self.width);
        if !(context.training && larger) {
            return CenterCrop::new(self.height, self.width).transform(x, weights, context);
        }
        of_pictures("RandomCrop", x, |x| {
            let shape = *x.shape();
            let [top, left] = self.seed.draws(context, |rng| {
                [shape[1] - self.height, shape[2] - self.width]
                    .map(|spare| rng.below(spare as u32 + 1) as usize)
            });
            x.slice(
                &[0, top, left, 0],
                &shape.with(1, self.height).with(2, self.width),
            )
        })
    }
}
