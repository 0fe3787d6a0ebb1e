//! How models learn: what to minimise, how, and how well; the step, the evaluation, the epochs.
mod evaluation;
mod features;
mod fit;
pub mod loss;
pub mod metrics;
pub mod optim;
mod pace;
mod trainer;

pub use evaluation::{Evaluation, Guesses};
pub use features::Features;
pub use fit::{Data, Event, Fit, FitOptions};
pub use pace::Pace;
pub use trainer::{Compile, Logs, Trainer};
