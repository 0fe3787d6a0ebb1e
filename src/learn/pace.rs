//! Whether all threads together are faster than one at the steps of a training, found out while it runs.
//!
//! A step of a small network takes a fifth of a millisecond, in which threads meet several times. What that costs
//! depends on where their cores lie, which no program can ask and which may change: cores that share no cache, two
//! threads of one core, a slow core beside a fast one, a core that another program is using. So now and then some
//! steps are done the other way, and what was faster goes on. The bits are the same either way.

/// A trial compares so many steps, done as before, with as many done the other way,
const STEPS: usize = 9;
/// of which the first do not count: data have to come from one core to another.
const WARM: usize = 2;
/// The other way has to take less than this share of the time.
const BETTER: f64 = 0.95;
/// A trial that has lost as much time as so many steps take ends early.
const PATIENCE: f64 = 18.0;
/// Steps to the end of the next trial after a change of ways, which may have been a mistake;
const SOON: usize = 32;
/// twice as many after each trial that changed nothing, up to this,
const CYCLE: usize = 512;
/// or up to this where a trial costs so much that it would take more than a hundredth of the time.
const LONGEST: f64 = 65_536.0;

/// Says for each step whether one thread should do it, from how long those before have taken.
pub struct Pace {
    alone: bool,
    /// Steps to the end of the next trial.
    left: usize,
    /// What `left` was after the trial before.
    cycle: usize,
    /// How long the trial's steps took, as before or the other way.
    times: [f64; STEPS],
    /// How long steps took that were done as before: the median.
    before: f64,
    /// How much longer those took that were done the other way, in all.
    lost: f64,
}

impl Default for Pace {
    fn default() -> Self {
        Pace {
            alone: false,
            left: 2 * STEPS,
            cycle: SOON,
            times: [0.0; STEPS],
            before: 0.0,
            lost: 0.0,
        }
    }
}

impl Pace {
    /// Whether one thread should do the next step.
    pub fn alone(&self) -> bool {
        self.alone != (self.left <= STEPS)
    }

    /// Whether one thread should do other work than steps, which no trial looks at.
    pub fn settled_alone(&self) -> bool {
        self.alone
    }

    /// The step took so long, in any unit.
    pub fn took(&mut self, time: f64) {
        if let Some(at) = (2 * STEPS).checked_sub(self.left) {
            self.times[at % STEPS] = time;
            if at >= STEPS {
                self.lost += time - self.before;
            }
        }
        self.left -= 1;
        if self.left == STEPS {
            (self.before, self.lost) = (median(&mut self.times), 0.0);
        } else if self.left < STEPS {
            let hopeless = self.lost > PATIENCE * self.before;
            if hopeless || self.left == 0 {
                let other = median(&mut self.times);
                self.decide(!hopeless && other < BETTER * self.before);
            }
        }
    }

    fn decide(&mut self, change: bool) {
        self.alone ^= change;
        self.cycle = if change {
            SOON
        } else {
            let cheap = (100.0 * self.lost / self.before).min(LONGEST);
            (2 * self.cycle).min(CYCLE).max(cheap as usize)
        };
        self.left = self.cycle;
    }
}

/// Of those that count.
fn median(times: &mut [f64; STEPS]) -> f64 {
    let times = &mut times[WARM..];
    // Few of them: each goes forward to its place.
    for last in 1..times.len() {
        for place in (1..=last).rev() {
            if times[place - 1] > times[place] {
                times.swap(place - 1, place);
            }
        }
    }
    times[times.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Trains with steps that take `time(step, alone)`; how many of them one thread did, and the time of all.
    fn train(pace: &mut Pace, steps: usize, time: impl Fn(usize, bool) -> f64) -> (usize, f64) {
        let (mut count, mut sum) = (0, 0.0);
        for step in 0..steps {
            let alone = pace.alone();
            let time = time(step, alone);
            pace.took(time);
            count += usize::from(alone);
            sum += time;
        }
        (count, sum)
    }

    #[test]
    fn threads_that_help_do_nearly_all_steps() {
        let mut pace = Pace::default();
        let (count, time) = train(&mut pace, 10_000, |_, alone| if alone { 0.3 } else { 0.2 });
        assert!((1..300).contains(&count), "{count}");
        assert!(time < 1.015 * 2000.0, "{time}");
    }

    #[test]
    fn threads_that_do_not_help_are_found_out_at_once() {
        for (with, most) in [(0.28, 1.01), (0.5, 1.02), (8.0, 1.05)] {
            let mut pace = Pace::default();
            let slow = |_, alone| if alone { 0.24 } else { with };
            train(&mut pace, 2 * STEPS, slow);
            assert!(pace.alone());
            let (_, time) = train(&mut pace, 20_000, slow);
            assert!(time < most * 0.24 * 20_000.0, "{with}: {time}");
        }
    }

    #[test]
    fn a_change_of_what_is_faster_is_found_out_in_the_next_trial() {
        let mut pace = Pace::default();
        train(&mut pace, 5000, |_, alone| if alone { 1.0 } else { 1.4 });
        let (count, _) = train(&mut pace, 2000, |_, alone| if alone { 1.4 } else { 1.0 });
        assert!(count < CYCLE + 100, "{count}");
        assert!(!pace.alone());
    }

    #[test]
    fn a_first_trial_misled_by_code_still_being_compiled_is_mended_soon() {
        let mut pace = Pace::default();
        let (count, _) = train(&mut pace, 2000, |step, alone| {
            let compiled = if step < STEPS { 3.0 } else { 1.0 };
            compiled * if alone { 2.0 } else { 1.1 }
        });
        assert!(count < SOON + 60, "{count}");
    }

    #[test]
    fn steps_that_something_else_holds_up_change_nothing() {
        let mut pace = Pace::default();
        let (count, _) = train(&mut pace, 50_000, |step, alone| {
            let held_up = if step % 5 == 0 { 10.0 } else { 0.0 };
            held_up + if alone { 0.2 } else { 0.15 }
        });
        assert!(count < 1000, "{count}");
    }

    #[test]
    fn other_work_is_done_the_settled_way_even_in_a_trial() {
        let mut pace = Pace::default();
        let mut trials = 0;
        for _ in 0..2000 {
            trials += usize::from(pace.alone());
            assert!(!pace.settled_alone());
            pace.took(if pace.alone() { 2.0 } else { 1.0 });
        }
        assert!(trials > 0);
    }

    #[test]
    fn what_is_about_as_fast_stays() {
        let mut pace = Pace::default();
        let (count, _) = train(&mut pace, 50_000, |_, alone| if alone { 0.98 } else { 1.0 });
        assert!(count < 1000, "{count}");
    }

    #[test]
    fn a_clock_that_shows_nothing_changes_nothing() {
        let mut pace = Pace::default();
        let (count, _) = train(&mut pace, 5000, |_, _| 0.0);
        assert!(count < 250, "{count}");
    }
}
