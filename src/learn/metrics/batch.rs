//! A batch as metrics look at it: targets, predictions row by row, and how much each row counts.
use crate::base::error::{Result, bail};
use crate::base::json::Decimal;
use crate::learn::loss::{Loss, Targets};
use crate::tensor::Tensor;

/// Is given each row: its number, how much it counts, its predictions and targets.
type Visit<'a> = dyn FnMut(usize, f64, &[f32], &[f32]) + 'a;

/// Targets and predictions of a batch.
pub(super) struct Batch<'a> {
    targets: &'a Targets,
    pub(super) prediction: &'a Tensor,
    weights: Option<&'a [f32]>,
    /// How many values a row of the last axis has.
    pub(super) width: usize,
    /// Whether each row has sums of its own.
    pub(super) each: bool,
}

impl<'a> Batch<'a> {
    /// # Errors
    /// Weights of which the predictions are no multiple.
    pub(super) fn new(
        targets: &'a Targets,
        prediction: &'a Tensor,
        weights: Option<&'a Tensor>,
    ) -> Result<Self> {
        let (width, count) = match prediction.shape().split_last() {
            Some((&width, rows)) => (width.max(1), rows.iter().product::<usize>()),
            None => (1, 1),
        };
        if let Some(weights) = weights {
            let fits = count.checked_rem(weights.data().len()) == Some(0);
            if !fits {
                bail!(
                    Shape,
                    "sample_weight: there are weights {:?} for predictions {:?}",
                    weights.shape(),
                    prediction.shape()
                );
            }
        }
        Ok(Batch {
            targets,
            prediction,
            weights: weights.map(Tensor::data),
            width,
            each: false,
        })
    }

    /// How many rows there are.
    pub(super) fn rows(&self) -> usize {
        self.prediction.data().len() / self.width
    }

    /// How much a row of `rows` counts.
    fn weight(&self, row: usize, rows: impl FnOnce() -> usize) -> f64 {
        match self.weights {
            None => 1.0,
            Some(weights) => match rows() / weights.len() {
                0 => 1.0,
                each => f64::from(weights[(row / each).min(weights.len() - 1)]),
            },
        }
    }

    /// How much each row counts.
    pub(super) fn weight_of(&self, row: usize) -> f64 {
        self.weight(row, || self.rows())
    }

    /// The class number of a row. Values are taken for class numbers.
    ///
    /// # Errors
    /// Another number of them than of rows.
    pub(super) fn labels(&self) -> Result<impl Fn(usize) -> usize + '_> {
        let (classes, values) = match self.targets {
            Targets::Classes { labels, .. } => (&labels[..], &[][..]),
            Targets::Values(values) => (&[][..], values.data()),
        };
        if classes.len() + values.len() != self.rows() {
            bail!(
                Shape,
                "there are {} class numbers for predictions {:?}",
                classes.len() + values.len(),
                self.prediction.shape()
            );
        }
        let odd = values
            .iter()
            .find(|&&y| !(y >= 0.0 && y as u32 as f32 == y));
        if let Some(&y) = odd {
            bail!(Value, "{} is not a class number", Decimal::from(y));
        }
        Ok(move |row: usize| match classes.get(row) {
            Some(&class) => class as usize,
            None => values[row] as usize,
        })
    }

    /// Calls `f` for each row.
    ///
    /// # Errors
    /// Targets of another shape than that of predictions.
    pub(super) fn rows_with_values(&self, f: &mut Visit) -> Result<()> {
        let targets = self.values()?;
        let rows = self.prediction.data().chunks(self.width);
        let both = rows.zip(targets.data().chunks(self.width));
        for (row, (p, t)) in both.enumerate() {
            f(row, self.weight_of(row), p, t);
        }
        Ok(())
    }

    /// The targets as values, one for each of the predictions. Of class numbers rows with a 1 are made.
    ///
    /// # Errors
    /// Another shape than that of predictions.
    pub(super) fn values(&self) -> Result<Tensor> {
        let prediction = self.prediction.shape();
        match self.targets {
            Targets::Classes { labels, .. } if self.width > 1 => {
                Tensor::one_hot(labels, self.width)?.reshape(prediction)
            }
            targets => {
                let values = targets.tensor()?;
                if values.data().len() != self.prediction.data().len() {
                    bail!(
                        Shape,
                        "targets are {:?}, predictions {prediction:?}",
                        values.shape()
                    );
                }
                values.reshape(prediction)
            }
        }
    }

    /// The loss of each row.
    ///
    /// # Errors
    /// Targets that do not fit.
    pub(super) fn losses(&self, loss: &Loss) -> Result<Tensor> {
        match self.targets {
            Targets::Classes { .. } if loss.is_sparse() => {
                loss.losses(self.targets, self.prediction)
            }
            Targets::Values(values) if loss.is_sparse() => {
                loss.losses(&Targets::for_loss(loss, values.clone())?, self.prediction)
            }
            _ => loss.losses(&Targets::Values(self.values()?), self.prediction),
        }
    }

    /// Adds values, one for each row or several, to a total and what it is divided by.
    ///
    /// # Errors
    /// None that can be reached.
    pub(super) fn mean(&self, values: &Tensor, sums: &mut [f64]) -> Result<()> {
        let values = values.data();
        match self.weights {
            None => {
                let total: f64 = values.iter().map(|&value| f64::from(value)).sum();
                sums[0] += total;
                sums[1] += values.len() as f64;
            }
            Some(_) => {
                for (row, &value) in values.iter().enumerate() {
                    let weight = self.weight(row, || values.len());
                    sums[0] += weight * f64::from(value);
                    sums[1] += weight;
                }
            }
        }
        Ok(())
    }

    /// Adds for each row whether it is right.
    pub(super) fn right(&self, right: &dyn Fn(usize) -> bool, sums: &mut [f64]) {
        for row in 0..self.rows() {
            let weight = self.weight_of(row);
            let part = if right(row) { weight } else { 0.0 };
            self.share(row, part, weight, sums);
        }
    }

    /// Adds a row's part of a mean to the sums, or to the row's own where each is asked for.
    pub(super) fn share(&self, row: usize, part: f64, of: f64, sums: &mut [f64]) {
        let at = if self.each { 2 * row } else { 0 };
        sums[at] += part;
        sums[at + 1] += of;
    }
}
