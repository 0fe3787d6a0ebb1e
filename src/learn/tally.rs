//! What is added up over batches: losses and what metrics need. Means over an epoch are worked out here and nowhere
//! else.
use super::metrics::Metric;
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
    /// How many losses of outputs there are: none where there is one output.
    outputs: usize,
    /// Samples, loss, the loss of each output where there are several, the sums of metrics; nothing before the first
    /// batch.
    sums: SmallVec<[f64; 22]>,
}

impl Tally {
    /// A batch of so many samples with this loss, and the loss of each output where there are several, in the memory of
    /// this tally.
    pub(crate) fn batch(mut self, samples: usize, loss: f32, outputs: &[f32]) -> Self {
        let samples = samples as f64;
        let losses = [loss].into_iter().chain(outputs.iter().copied());
        self.outputs = outputs.len();
        self.sums.clear();
        self.sums.push(samples);
        self.sums
            .extend(losses.map(|loss| f64::from(loss) * samples));
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
        self.outputs = other.outputs;
        self.sums.resize(other.sums.len(), 0.0);
        let both = self.sums.iter_mut().zip(&other.sums);
        both.for_each(|(sum, more)| *sum += more);
    }

    /// Everything that was added up, in a row; nothing before the first batch.
    pub(crate) fn numbers(&self) -> &[f64] {
        &self.sums
    }

    /// The tally of which these are the [`numbers`](Tally::numbers), or none where there are no samples, of a model with
    /// so many losses of outputs.
    pub(crate) fn from_numbers(outputs: usize, numbers: &[f64]) -> Self {
        let mut tally = Tally::default();
        // Metrics would divide by the number of samples.
        if numbers.first().is_some_and(|&samples| samples != 0.0) {
            tally.outputs = outputs;
            tally.sums.extend_from_slice(numbers);
        }
        tally
    }

    /// The means over all of it.
    pub(crate) fn logs<'a>(&self, metrics: impl Iterator<Item = &'a Metric>) -> Logs {
        let samples = self.sums.first().map_or(1.0, |samples| samples.max(1.0));
        let mut from = 2 + self.outputs;
        let losses = self.sums.get(1..from).unwrap_or_default();
        let mut losses = losses.iter().map(|sum| (sum / samples) as f32);
        let loss = losses.next().unwrap_or(0.0);
        let mut values: SmallVec<[f32; 8]> = losses.collect();
        for metric in metrics {
            let own = self.sums.get(from..from + metric.sums());
            // Before the first batch there is nothing to divide by.
            values.push(own.map_or(0.0, |sums| metric.value(sums)));
            from += metric.sums();
        }
        Logs {
            loss,
            metrics: values,
        }
    }
}
