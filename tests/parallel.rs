//! Tasks on several threads: each done once, with scratch of its own, whatever becomes of the others.
#![cfg(not(target_arch = "wasm32"))]
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use mapling::parallel::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The number of threads is everyone's: one test at a time changes it.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether `work` panics; without what a panic prints.
fn panics(work: impl FnOnce()) -> bool {
    let hook = std::panic::take_hook();
    std::panic::set_hook(std::boxed::Box::new(|_| {}));
    let result = catch_unwind(AssertUnwindSafe(work));
    std::panic::set_hook(hook);
    result.is_err()
}

#[test]
fn every_task_is_done_once_on_1_2_3_and_8_threads() {
    let _turn = turn();
    for count in [1, 2, 3, 8] {
        assert_eq!(set_threads(count), count);
        assert_eq!(threads(), count);
        for region in 0..2000 {
            let tasks = region % 37;
            let done: Vec<AtomicUsize> = (0..tasks).map(|_| AtomicUsize::new(0)).collect();
            for_each(tasks, |index| {
                done[index].fetch_add(1, Relaxed);
            });
            assert!(done.iter().all(|done| done.load(Relaxed) == 1));
        }
    }
    set_threads(1);
}

#[test]
fn pieces_cover_the_slices_in_step() {
    let _turn = turn();
    for count in [1, 2, 8] {
        set_threads(count);
        let (mut a, mut b) = (vec![0; 103], vec![0.0f32; 206]);
        for_each_of((chunks(&mut a, 10), chunks(&mut b, 20)), |index, (a, b)| {
            a.fill(index);
            b.fill(index as f32);
        });
        assert!(a.iter().enumerate().all(|(at, &piece)| piece == at / 10));
        assert!(
            b.iter()
                .enumerate()
                .all(|(at, &piece)| piece == (at / 20) as f32)
        );
    }
    set_threads(1);
}

#[test]
fn stripes_cover_the_columns_of_every_row() {
    let _turn = turn();
    for count in [1, 2, 8] {
        set_threads(count);
        for (rows, cols) in [(7, 29), (1, 10), (0, 5), (3, 0)] {
            let (mut a, mut b) = (vec![99; rows * cols], vec![99; cols]);
            let pieces = (stripes(&mut a, cols, 10), chunks(&mut b, 10));
            for_each_of(pieces, |index, (mut stripe, chunk)| {
                chunk.fill(index);
                for row in 0..rows {
                    assert_eq!(stripe.row(row).len(), chunk.len());
                    stripe.row(row).fill(100 * row + index);
                }
            });
            let expected = |at: usize| 100 * (at / cols) + at % cols / 10;
            assert!(a.iter().enumerate().all(|(at, &x)| x == expected(at)));
            assert!(b.iter().enumerate().all(|(at, &x)| x == at / 10));
        }
    }
    set_threads(1);
}

#[test]
fn each_thread_has_scratch_of_its_own() {
    let _turn = turn();
    set_threads(4);
    let (mut sums, mut scratch) = (vec![0; 500], vec![0; 4 * 64]);
    for_each_with_scratch(chunks(&mut sums, 1), &mut scratch, |index, sum, scratch| {
        assert_eq!(scratch.len(), 64);
        scratch.fill(index);
        std::thread::yield_now();
        sum[0] = scratch.iter().sum();
    });
    assert!(
        sums.iter()
            .enumerate()
            .all(|(index, &sum)| sum == 64 * index)
    );
    set_threads(1);
}

#[test]
fn every_piece_goes_through_all_stages_in_order() {
    let _turn = turn();
    for count in 1..=MOST_STAGES {
        set_threads(count);
        for pieces in [0, 1, 2, 5, 40] {
            let (mut sums, mut scratch) = (vec![0u64; 3 * pieces], vec![0; count]);
            pipeline(
                count,
                chunks(&mut sums, 3),
                &mut scratch,
                |stage, index, sums, scratch| {
                    assert_eq!(scratch.len(), 1);
                    for sum in sums {
                        *sum = 10 * *sum + stage as u64 + u64::from(index == 1);
                    }
                },
            );
            let expected =
                |more| (0..count).fold(0, |sum, stage| 10 * sum + stage as u64 + u64::from(more));
            let right = |(at, sum): (usize, &u64)| *sum == expected(at / 3 == 1);
            assert!(sums.iter().enumerate().all(right), "{count}: {sums:?}");
        }
    }
    set_threads(1);
}

#[test]
fn a_panic_at_a_stage_reaches_the_caller_and_holds_nobody_up() {
    let _turn = turn();
    for count in [2, 4] {
        set_threads(count);
        let (mut pieces, mut scratch) = ([0; 20], vec![0; count]);
        assert!(panics(|| pipeline(
            count,
            chunks(&mut pieces, 1),
            &mut scratch,
            |stage, index, piece, _| {
                assert!(stage != 1 || index % 7 != 3);
                piece[0] += 1;
            },
        )));
        let passed = |index| if index % 7 == 3 { count - 1 } else { count };
        assert!((0..20).all(|index| pieces[index] == passed(index)));
    }
    set_threads(1);
}

#[test]
fn work_inside_a_task_is_done_there() {
    let _turn = turn();
    set_threads(4);
    let total = AtomicUsize::new(0);
    for_each(20, |_| {
        assert_eq!(threads(), 1);
        for_each(30, |_| {
            total.fetch_add(1, Relaxed);
        })
    });
    assert_eq!(total.into_inner(), 600);
    assert_eq!(threads(), 4);
    set_threads(1);
}

#[test]
fn many_callers_at_once_all_get_their_work_done() {
    let _turn = turn();
    set_threads(3);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..500 {
                    let mut y = vec![0; 100];
                    for_each_piece(&mut y, 7, |index, y| y.fill(index + 1));
                    assert!(y.iter().enumerate().all(|(at, &piece)| piece == at / 7 + 1));
                }
            });
        }
    });
    set_threads(1);
}

#[test]
fn a_panic_in_a_task_reaches_the_caller_and_the_pool_works_on() {
    let _turn = turn();
    for count in [2, 4] {
        set_threads(count);
        assert!(panics(|| for_each(16, |index| assert!(index % 5 != 0))));
        let done = AtomicUsize::new(0);
        for_each(16, |_| {
            done.fetch_add(1, Relaxed);
        });
        assert_eq!(done.into_inner(), 16);
    }
    set_threads(1);
}

#[test]
fn pieces_are_whole_tiles_and_never_too_small() {
    let _turn = turn();
    set_threads(2);
    assert_eq!(piece(1000, 1, 1), 250);
    assert_eq!(piece(1000, 1, 4), 252);
    assert_eq!(piece(1000, 600, 4), 600);
    assert_eq!(piece(0, 0, 0), 1);
    assert_eq!(share(1000, 1, 1), 500);
    assert_eq!(share(1001, 1, 4), 504);
    assert_eq!(share(1000, 600, 4), 600);
    set_threads(1);
    assert_eq!(piece(1000, 1, 4), 1000);
    assert_eq!(share(1000, 1, 4), 1000);
}

#[test]
fn what_is_to_be_done_alone_is_done_by_the_caller_even_after_a_panic() {
    let _turn = turn();
    set_threads(4);
    let caller = std::thread::current().id();
    let workers = || {
        let others = AtomicUsize::new(0);
        for_each(400, |_| {
            std::thread::sleep(std::time::Duration::from_micros(10));
            if std::thread::current().id() != caller {
                others.fetch_add(1, Relaxed);
            }
        });
        others.into_inner()
    };
    for _ in 0..2 {
        let all = alone_if(true, || {
            assert_eq!(alone_if(false, threads), 1);
            (threads(), workers())
        });
        assert_eq!(all, (1, 0));
        assert_eq!(alone_if(false, threads), 4);
        assert_eq!(threads(), 4);
        assert!(workers() > 0);
        assert!(panics(|| alone_if(true, || panic!("alone"))));
        assert_eq!(threads(), 4);
    }
    set_threads(1);
}
