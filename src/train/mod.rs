//! The loop around it all: a model with an optimizer, a loss and metrics; the step, the evaluation, the
//! epochs.
mod evaluation;
mod features;
mod fit;
mod pace;
mod trainer;

pub use evaluation::{Evaluation, Guesses};
pub use features::Features;
pub use fit::{Data, Event, Fit, FitOptions};
pub use pace::Pace;
pub use trainer::{Compile, Logs, Trainer};
