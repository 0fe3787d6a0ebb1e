//! How models learn: what to minimise, how, and how well; the step, the evaluation, the epochs.
mod criteria;
mod evaluation;
mod features;
mod fit;
mod fit_options;
pub mod loss;
pub mod metrics;
pub mod optim;
mod pace;
mod position;
mod samples;
mod stream;
mod tally;
mod trainer;

pub use criteria::Compile;
pub use evaluation::{Evaluation, Guesses};
pub use features::Features;
pub use fit::Fit;
pub use fit_options::{Event, FitOptions};
pub use pace::Pace;
pub use position::Position;
pub use samples::{Data, SampleWeights};
pub use stream::Stream;
pub use tally::Logs;
pub use trainer::Trainer;
