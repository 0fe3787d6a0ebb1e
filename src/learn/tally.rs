//! What is added up over batches: losses and what metrics need. Means over an epoch are worked out here and nowhere
//! else.
use super::metrics::Metric;
use alloc::vec::Vec;
use smallvec::SmallVec;

/// The loss, then the loss of each output where there are several, then the metrics; over samples.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Logs {
    /// The mean loss.
    pub loss: f32,
    /// The mean loss of each output where there are several, then the value of each metric.
    pub metrics: SmallVec<[f32; 8]>,
}

/// Losses and sums of metrics over some batches.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    samples: f64,
    loss: f64,
    /// The loss of each output where there are several.
    outputs: SmallVec<[f64; 4]>,
    sums: SmallVec<[f64; 16]>,
}

impl Tally {
    /// A batch of so many samples with this loss, and the loss of each output where there are several, in the memory of
    /// this tally.
    pub(crate) fn batch(mut self, samples: usize, loss: f32, outputs: &[f32]) -> Self {
        self.samples = samples as f64;
        self.loss = f64::from(loss) * self.samples;
        self.outputs.clear();
        let each = outputs.iter().map(|&loss| f64::from(loss) * self.samples);
        self.outputs.extend(each);
        self.sums.clear();
        self
    }

    /// Room for the sums of one more metric.
    pub(crate) fn sums_of(&mut self, metric: &Metric) -> &mut [f64] {
        let from = self.sums.len();
        self.sums.resize(from + metric.sums(), 0.0);
        &mut self.sums[from..]
    }

    /// Adds what another has.
    pub(crate) fn add(&mut self, other: &Tally) {
        self.samples += other.samples;
        self.loss += other.loss;
        self.outputs.resize(other.outputs.len(), 0.0);
        self.sums.resize(other.sums.len(), 0.0);
        let both = self.outputs.iter_mut().zip(&other.outputs);
        both.for_each(|(sum, more)| *sum += more);
        let both = self.sums.iter_mut().zip(&other.sums);
        both.for_each(|(sum, more)| *sum += more);
    }

    /// Everything that was added up, in a row: as many numbers as [`Criteria::sums`](super::criteria::Criteria::sums)
    /// says, before the first batch too.
    pub(crate) fn numbers(&self, count: usize, to: &mut Vec<f64>) {
        let end = to.len() + count;
        to.extend([self.samples, self.loss]);
        to.extend(self.outputs.iter().chain(&self.sums));
        to.resize(end, 0.0);
    }

    /// The tally of which these are the [`numbers`](Tally::numbers), of a model with so many losses of outputs.
    pub(crate) fn from_numbers(outputs: usize, numbers: &[f64]) -> Self {
        match numbers {
            // Before the first batch there are no sums, which metrics would divide by.
            [] | [0.0, ..] | [_] => Tally::default(),
            &[samples, loss, ref rest @ ..] => {
                let (outputs, sums) = rest.split_at(outputs.min(rest.len()));
                Tally {
                    samples,
                    loss,
                    outputs: outputs.into(),
                    sums: sums.into(),
                }
            }
        }
    }

    /// The means over all of it.
    pub(crate) fn logs<'a>(&self, metrics: impl Iterator<Item = &'a Metric>) -> Logs {
        let samples = self.samples.max(1.0);
        let mut values: SmallVec<[f32; 8]> = self
            .outputs
            .iter()
            .map(|sum| (sum / samples) as f32)
            .collect();
        let mut from = 0;
        for metric in metrics {
            let own = self.sums.get(from..from + metric.sums());
            // Before the first batch there is nothing to divide by.
            values.push(own.map_or(0.0, |sums| metric.value(sums)));
            from += metric.sums();
        }
        Logs {
            loss: (self.loss / samples) as f32,
            metrics: values,
        }
    }
}
