//! The threads, and how they share out the tasks of a *region*: one call's work.
//!
//! Each thread has a share, the same part of the tasks in every region: what it worked on before is in its
//! core's cache. Whoever is done with its own takes from the others'.
//!
//! Everything hangs on each share's *ticket*: the region's generation and how many of the tasks are
//! still to be taken. Taking one is a compare-and-swap on it. A worker that holds a task therefore knows
//! that its region is under way, and one that comes too late finds nothing to take: nobody waits for it.
#![allow(unsafe_code)]
use core::cell::UnsafeCell;
use core::hint::spin_loop;
use core::ops::Range;
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::thread::{self, Thread};

std::thread_local! {
    /// Whether this thread is at a task, or at work [`alone`](alone_if): what is in there to share, it does alone.
    static AT_TASK: Cell<bool> = const { Cell::new(false) };
}

/// The largest number of threads.
const MOST_THREADS: usize = 32;

/// How often a worker looks for a new region before it sleeps: for about half a millisecond, in Chromium and Firefox
/// alike. One that sleeps joins 20 to 50 µs late, and to wake it costs the caller as much. What one thread does alone
/// in a step of a small network takes up to 60 µs, so workers would be asleep before each step's last region.
const LOOKS: u32 = if cfg!(target_arch = "wasm32") {
    1_000_000
} else {
    20_000
};

/// How often a thread looks for another one's work before it lets others run, which the other may wait for.
#[cfg(not(target_arch = "wasm32"))]
const YIELDS_AFTER: u64 = 1000;

/// How often a thread looks for another one's work before it takes that for dead: some ten seconds.
/// Only browsers end a thread in the middle of its work.
const PATIENCE: u64 = if cfg!(target_arch = "wasm32") {
    1 << 33
} else {
    u64::MAX
};

/// Called with the number of the thread and the task's index.
type Task<'a> = dyn Fn(usize, usize) + Sync + 'a;

/// A word that has a cache line to itself.
#[repr(align(64))]
struct Line<T>(T);

/// What a region's tasks are.
#[derive(Clone, Copy)]
struct Region<'a> {
    task: &'a Task<'a>,
    count: u32,
    /// How many threads have a share.
    shares: usize,
}

impl Region<'_> {
    /// The tasks of thread `owner`.
    fn share(&self, owner: usize) -> Range<usize> {
        let from = |thread| u64::from(self.count) * thread as u64 / self.shares as u64;
        from(owner) as usize..from(owner + 1) as usize
    }
}

struct Worker {
    thread: OnceLock<Thread>,
    asleep: AtomicBool,
}

struct Crew {
    /// The newest region's.
    generation: Line<AtomicU32>,
    /// By thread: generation × 2³² + tasks of its share that are to be taken.
    tickets: [Line<AtomicU64>; MOST_THREADS],
    /// Tasks that have not ended.
    left: Line<AtomicU32>,
    /// Someone's region is under way, or the number of threads is being changed.
    busy: AtomicBool,
    /// Changes only under `busy`.
    threads: AtomicUsize,
    /// Workers that are there, with numbers from 1 to this.
    joined: AtomicUsize,
    panicked: AtomicBool,
    given_up: AtomicBool,
    /// Written under `busy` before the tickets; read by whoever has taken a task.
    region: UnsafeCell<Option<Region<'static>>>,
    workers: [Worker; MOST_THREADS],
}

// SAFETY: `region` is only written while no task can be held (see there).
unsafe impl Sync for Crew {}

static CREW: Crew = Crew {
    generation: Line(AtomicU32::new(0)),
    tickets: [const { Line(AtomicU64::new(0)) }; MOST_THREADS],
    left: Line(AtomicU32::new(0)),
    busy: AtomicBool::new(false),
    threads: AtomicUsize::new(1),
    joined: AtomicUsize::new(0),
    panicked: AtomicBool::new(false),
    given_up: AtomicBool::new(false),
    region: UnsafeCell::new(None),
    workers: [const {
        Worker {
            thread: OnceLock::new(),
            asleep: AtomicBool::new(false),
        }
    }; MOST_THREADS],
};

impl Crew {
    fn run(&self, most: usize, count: usize, task: &Task<'_>) -> bool {
        let Ok(tasks) = u32::try_from(count) else {
            return false;
        };
        if self.threads.load(Relaxed) == 1 || self.busy.swap(true, Acquire) {
            return false;
        }
        let threads = self.threads.load(Relaxed);
        if threads == 1 || threads > most {
            self.busy.store(false, Release);
            return false;
        }
        // SAFETY: the lifetime ends with this call, which returns after the last task has ended; by then
        // no ticket is left, and nobody reads `region` without one. The region before has ended likewise, so
        // nobody reads while it is written here.
        let task = unsafe { core::mem::transmute::<&Task<'_>, &'static Task<'static>>(task) };
        let shares = threads.min(count);
        let region = Region {
            task,
            count: tasks,
            shares,
        };
        // SAFETY: as above.
        unsafe { *self.region.get() = Some(region) };
        self.left.0.store(tasks, Relaxed);
        let generation = self.generation.0.load(Relaxed).wrapping_add(1);
        for (owner, ticket) in self.tickets[..shares].iter().enumerate() {
            let tasks = region.share(owner).len() as u64;
            ticket.0.store(u64::from(generation) << 32 | tasks, Release);
        }
        self.generation.0.store(generation, SeqCst);
        for worker in &self.workers[1..shares] {
            // Both sides write their own word and then read the other's, in one total order: either this
            // sees that the worker sleeps, or the worker sees the new generation and does not.
            if worker.asleep.load(SeqCst) && worker.asleep.swap(false, SeqCst) {
                worker.thread.get().inspect(|thread| thread.unpark());
            }
        }
        self.take_tasks(0);
        self.wait(&|| self.left.0.load(Acquire) == 0);
        let panicked = self.panicked.swap(false, Relaxed);
        self.busy.store(false, Release);
        assert!(!panicked, "a task panicked");
        true
    }

    /// Takes and runs tasks until there are none, its own first.
    fn take_tasks(&self, thread: usize) {
        let threads = self.threads.load(Relaxed);
        for owner in (thread..threads).chain(0..thread) {
            while let Some(number) = self.take(owner, thread) {
                // SAFETY: a task of this region is taken and has not ended, so `run` does not write.
                if let Some(region) = unsafe { *self.region.get() } {
                    let index = region.share(owner).end - number;
                    let task = || alone_if(true, || (region.task)(thread, index));
                    // A panic must not leave the caller waiting; it is passed on there.
                    if catch_unwind(AssertUnwindSafe(task)).is_err() {
                        self.panicked.store(true, Relaxed);
                    }
                }
                self.left.0.fetch_sub(1, Release);
            }
        }
    }

    /// Takes a task of the share of `owner`, for `thread`; says how many there were.
    fn take(&self, owner: usize, thread: usize) -> Option<usize> {
        let ticket = &self.tickets[owner].0;
        let mut now = ticket.load(Acquire);
        // The number of threads is read between two looks at the same ticket: it cannot have changed.
        while now as u32 > 0 && thread < self.threads.load(Relaxed) {
            match ticket.compare_exchange_weak(now, now - 1, AcqRel, Acquire) {
                Ok(_) => return Some(now as u32 as usize),
                Err(newer) => now = newer,
            }
        }
        None
    }

    /// Waits, awake, for what other threads do.
    fn wait(&self, until: &dyn Fn() -> bool) {
        let mut looks = 0;
        while !until() {
            spin_loop();
            looks += 1;
            #[cfg(not(target_arch = "wasm32"))]
            if looks % YIELDS_AFTER == 0 {
                thread::yield_now();
            }
            if looks == PATIENCE {
                self.given_up.store(true, Relaxed);
            }
            if self.given_up.load(Relaxed) {
                panic!("a thread has died in the middle of its work");
            }
        }
    }

    /// What a worker does for ever.
    fn work(&self, number: usize) -> ! {
        let me = &self.workers[number];
        let mut seen = 0;
        loop {
            seen = self.next_generation(me, seen);
            self.take_tasks(number);
        }
    }

    /// Waits for a region of another generation than `seen`, awake at first.
    fn next_generation(&self, me: &Worker, seen: u32) -> u32 {
        for _ in 0..LOOKS {
            let now = self.generation.0.load(Relaxed);
            if now != seen {
                return now;
            }
            spin_loop();
        }
        loop {
            me.asleep.store(true, SeqCst);
            let now = self.generation.0.load(SeqCst);
            if now != seen {
                me.asleep.store(false, Relaxed);
                return now;
            }
            thread::park();
        }
    }
}

/// How many threads work together: one inside a task.
pub fn threads() -> usize {
    if AT_TASK.get() {
        1
    } else {
        CREW.threads.load(Relaxed)
    }
}

/// Does `work`, and if `alone` whatever it would share out, on this thread.
pub fn alone_if<T>(alone: bool, work: impl FnOnce() -> T) -> T {
    /// Whether this thread was at a task before: it is again afterwards, even if the work panics.
    struct Before(bool);
    impl Drop for Before {
        fn drop(&mut self) {
            AT_TASK.set(self.0);
        }
    }
    let before = AT_TASK.get();
    let _before = Before(before);
    AT_TASK.set(before || alone);
    work()
}

/// Runs the tasks on all threads; false, and nothing done, where the caller has to do them alone.
pub(super) fn run(most: usize, count: usize, task: &Task<'_>) -> bool {
    !AT_TASK.get() && CREW.run(most, count, task)
}

/// Waits, inside a task, for what tasks do that were taken before.
pub(super) fn wait(until: &dyn Fn() -> bool) {
    CREW.wait(until);
}

/// Lets `count` threads work together (at least 1, at most 32) and returns how many do: fewer where the
/// system refuses a thread, or, on WebAssembly, where fewer have come to [`join`].
pub fn set_threads(count: usize) -> usize {
    let crew = &CREW;
    while crew.busy.swap(true, Acquire) {
        spin_loop();
    }
    let count = count.clamp(1, MOST_THREADS);
    #[cfg(not(target_arch = "wasm32"))]
    while crew.joined.load(Acquire) + 1 < count && start() {}
    let threads = count.min(crew.joined.load(Acquire) + 1);
    crew.threads.store(threads, Relaxed);
    crew.busy.store(false, Release);
    threads
}

/// Starts one more worker; false if the system has none to give.
#[cfg(not(target_arch = "wasm32"))]
fn start() -> bool {
    let number = CREW.joined.load(Relaxed) + 1;
    let builder = thread::Builder::new().name(alloc::format!("mapling {number}"));
    let Ok(handle) = builder.spawn(move || CREW.work(number)) else {
        return false;
    };
    CREW.workers[number]
        .thread
        .get_or_init(|| handle.thread().clone());
    CREW.joined.store(number, Release);
    true
}

/// Makes the calling thread a worker and returns its number, with which it calls [`work`].
#[cfg(target_arch = "wasm32")]
pub fn join() -> usize {
    let number = CREW.joined.fetch_add(1, AcqRel) + 1;
    CREW.workers[number].thread.get_or_init(thread::current);
    number
}

/// What worker `number` does, for ever.
#[cfg(target_arch = "wasm32")]
pub fn work(number: usize) -> ! {
    CREW.work(number)
}

/// Says that a worker has died in the middle of its work: whoever waits for it panics.
#[cfg(target_arch = "wasm32")]
pub fn give_up() {
    CREW.given_up.store(true, Relaxed);
}

/// Whether a worker has died in the middle of its work.
#[cfg(target_arch = "wasm32")]
pub fn has_given_up() -> bool {
    CREW.given_up.load(Relaxed)
}
