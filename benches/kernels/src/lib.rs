//! Kernels at the shapes of the workloads, each as a closure to be timed.
//!
//! The same code runs natively (`src/main.rs`) and, through a few plain exports (`wasm.rs`), in any
//! engine that runs WebAssembly.
mod cases;
mod lines;
mod peak;
mod step;
#[cfg(target_arch = "wasm32")]
mod wasm;
mod winograd;

pub use cases::all;

/// One sample lasts about this long, in seconds: much longer than the clock's tick, and short enough
/// that some samples are not disturbed by other programs.
const SAMPLE: f64 = 0.002;
/// So much time is spent on samples each time, if one is not longer.
const BUDGET: f64 = 0.008;

/// Something to be timed.
pub struct Case {
    /// What is computed, with its sizes.
    pub name: String,
    /// Floating-point operations of one run: a multiplication and an addition count as two, also
    /// where a kernel finds a way around them.
    pub flops: f64,
    prepare: Box<dyn Fn() -> Box<dyn FnMut()>>,
    run: Option<Box<dyn FnMut()>>,
    repeats: usize,
}

impl Case {
    fn new<R: FnMut() + 'static>(
        name: String,
        flops: f64,
        prepare: impl Fn() -> R + 'static,
    ) -> Self {
        Case {
            name,
            flops,
            prepare: Box::new(move || Box::new(prepare())),
            run: None,
            repeats: 1,
        }
    }

    /// Seconds of one run in the best of some samples. `now` is a clock in seconds. The first call
    /// prepares the data and finds out how many runs a sample has.
    pub fn seconds(&mut self, now: impl Fn() -> f64) -> f64 {
        let run = self.run.get_or_insert_with(&self.prepare);
        let (mut best, mut spent) = (f64::INFINITY, 0.0);
        while spent < BUDGET {
            let start = now();
            (0..self.repeats).for_each(|_| run());
            let took = now() - start;
            if took < SAMPLE / 2.0 {
                let factor = (SAMPLE / took.max(SAMPLE / 16.0)).ceil();
                self.repeats *= factor as usize;
                continue;
            }
            best = best.min(took / self.repeats as f64);
            spent += took;
        }
        best
    }
}
