//! The *crew*: the threads that work together, and how they share out the tasks of a *region*, the work of one call.
//!
//! Each thread has a share of the tasks, the same part in every region, because the memory it worked on before is
//! still in its core's cache. A thread that has done its own share takes tasks from the shares of other threads.
//!
//! Each share has a *ticket*: a number that holds the generation of the region and how many tasks of the share
//! are still to be taken. A task is taken by a compare-and-swap on the ticket. So a worker that holds a task knows
//! that its region is under way, and a worker that comes too late finds no task to take, and is not waited for.
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
    /// Whether this thread is inside a task, or inside [`alone_if`]. Work that could be shared out there is done by
    /// this thread alone.
    static AT_TASK: Cell<bool> = const { Cell::new(false) };
}

/// The largest number of threads.
const MOST_THREADS: usize = 32;

/// How often a worker looks for a new region before it sleeps, which takes about half a millisecond in Chromium and
/// Firefox. A sleeping worker joins 20 to 50 µs late, and to wake it costs the caller as much. In a step of a small
/// network the caller works alone for up to 60 µs at a time, during which workers should stay awake.
const LOOKS: u32 = if cfg!(target_arch = "wasm32") {
    1_000_000
} else {
    20_000
};

/// How often a waiting thread looks for the work of another thread before it yields its core: the other thread may
/// need that core.
#[cfg(not(target_arch = "wasm32"))]
const YIELDS_AFTER: u64 = 1000;

/// How often a waiting thread looks for the work of another thread before it takes that thread for dead: about ten
/// seconds. Only browsers end a thread in the middle of its work.
const PATIENCE: u64 = if cfg!(target_arch = "wasm32") {
    1 << 33
} else {
    u64::MAX
};

/// A region's function, called with the number of the thread and the index of the task.
type Task<'a> = dyn Fn(usize, usize) + Sync + 'a;

/// A value that has a cache line to itself, so that threads which write to neighbours do not disturb each other.
#[repr(align(64))]
struct Line<T>(T);

/// The tasks of one call.
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
    /// The generation of the newest region.
    generation: Line<AtomicU32>,
    /// For each thread's share: generation × 2³² + how many of its tasks are still to be taken.
    tickets: [Line<AtomicU64>; MOST_THREADS],
    /// How many tasks of the region have not ended.
    left: Line<AtomicU32>,
    /// Whether a region is under way, or the number of threads is being changed.
    busy: AtomicBool,
    /// How many threads work together. Changes only under `busy`.
    threads: AtomicUsize,
    /// How many workers there are; their numbers go from 1 to this.
    joined: AtomicUsize,
    /// Whether a task of this region has panicked.
    panicked: AtomicBool,
    /// Whether a worker has died, after which no thread waits any more.
    given_up: AtomicBool,
    /// The region under way. Written under `busy` before the tickets; read by threads that have taken a task.
    region: UnsafeCell<Option<Region<'static>>>,
    workers: [Worker; MOST_THREADS],
}

// SAFETY: `region` is only written while no thread can hold a task (see `run`).
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
        // no ticket is left, and no thread reads `region` without a ticket. The region before has ended likewise, so
        // no thread reads while it is written here.
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
            // The caller writes `generation` and then reads `asleep`; a worker writes `asleep` and then reads
            // `generation`. All four are in one total order, so either the caller sees that the worker sleeps, or
            // the worker sees the new generation and stays awake.
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

    /// Takes and runs tasks until none are left, the tasks of this thread's own share first.
    fn take_tasks(&self, thread: usize) {
        let threads = self.threads.load(Relaxed);
        for owner in (thread..threads).chain(0..thread) {
            while let Some(number) = self.take(owner, thread) {
                // SAFETY: a task of this region is taken and has not ended, so `run` does not write.
                if let Some(region) = unsafe { *self.region.get() } {
                    let index = region.share(owner).end - number;
                    let task = || alone_if(true, || (region.task)(thread, index));
                    // A panic must not leave the caller waiting. The caller panics in turn.
                    if catch_unwind(AssertUnwindSafe(task)).is_err() {
                        self.panicked.store(true, Relaxed);
                    }
                }
                self.left.0.fetch_sub(1, Release);
            }
        }
    }

    /// Takes a task from the share of `owner` for `thread`, and returns how many tasks there were to take.
    fn take(&self, owner: usize, thread: usize) -> Option<usize> {
        let ticket = &self.tickets[owner].0;
        let mut now = ticket.load(Acquire);
        // The number of threads is read between two reads of the same ticket, so it belongs to that ticket's region.
        while now as u32 > 0 && thread < self.threads.load(Relaxed) {
            match ticket.compare_exchange_weak(now, now - 1, AcqRel, Acquire) {
                Ok(_) => return Some(now as u32 as usize),
                Err(newer) => now = newer,
            }
        }
        None
    }

    /// Waits until `until` is true, without sleeping.
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

    /// The endless loop of a worker.
    fn work(&self, number: usize) -> ! {
        let me = &self.workers[number];
        let mut seen = 0;
        loop {
            seen = self.next_generation(me, seen);
            self.take_tasks(number);
        }
    }

    /// Waits for a region of another generation than `seen`; stays awake at first, then sleeps.
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

/// How many threads work together; inside a task only one.
pub fn threads() -> usize {
    if AT_TASK.get() {
        return 1;
    }
    let threads = CREW.threads.load(Relaxed);
    #[cfg(test)]
    let threads = threads.min(ALLOWED.get());
    threads
}

#[cfg(test)]
std::thread_local! {
    /// Unit tests run side by side in one process. The threads that one of them asks for are there from then on, and only
    /// that one counts on them.
    static ALLOWED: Cell<usize> = const { Cell::new(1) };
}

/// Does `work` on this thread. If `alone`, work inside it that could be shared out is done on this thread too.
pub fn alone_if<T>(alone: bool, work: impl FnOnce() -> T) -> T {
    /// Sets back, even if the work panics, whether this thread was inside a task.
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

/// Runs the tasks on all threads. Returns false, and does nothing, where the caller has to do them alone.
pub(super) fn run(most: usize, count: usize, task: &Task<'_>) -> bool {
    !AT_TASK.get() && CREW.run(most, count, task)
}

/// Waits, inside a task, for tasks that were taken before it.
pub(super) fn wait(until: &dyn Fn() -> bool) {
    CREW.wait(until);
}

/// Lets `count` threads work together (at least 1, at most 32) and returns how many do: fewer where the
/// system refuses a thread, or, on WebAssembly, where fewer have come to `join`.
pub fn set_threads(count: usize) -> usize {
    let crew = &CREW;
    while crew.busy.swap(true, Acquire) {
        spin_loop();
    }
    let count = count.clamp(1, MOST_THREADS);
    #[cfg(not(target_arch = "wasm32"))]
    while crew.joined.load(Acquire) + 1 < count && start() {}
    let threads = count.min(crew.joined.load(Acquire) + 1);
    #[cfg(test)]
    ALLOWED.set(threads);
    #[cfg(test)]
    crew.threads.fetch_max(threads, Relaxed);
    #[cfg(not(test))]
    crew.threads.store(threads, Relaxed);
    crew.busy.store(false, Release);
    threads
}

/// Starts one more worker; false if the system refuses a thread.
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

/// The endless loop of worker `number`.
#[cfg(target_arch = "wasm32")]
pub fn work(number: usize) -> ! {
    CREW.work(number)
}

/// Says that a worker has died in the middle of its work: a thread that waits for the worker panics.
#[cfg(target_arch = "wasm32")]
pub fn give_up() {
    CREW.given_up.store(true, Relaxed);
}

/// Whether a worker has died in the middle of its work.
#[cfg(target_arch = "wasm32")]
pub fn has_given_up() -> bool {
    CREW.given_up.load(Relaxed)
}
