//! Where memory is short, an error says so: nothing aborts, nothing is half done, and spare buffers make way first.
#![cfg(not(target_arch = "wasm32"))]
use mapling::base::rng::Rng;
use mapling::data::synthetic;
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::optim::Adam;
use mapling::learn::{Compile, Data, Features, Fit, FitOptions, Trainer};
use mapling::nn::{Constraint, Dense, Model};
use mapling::ops::{BINARY, Cell, Padding, Reading, Recurrence, Recurrent};
use mapling::{ErrorKind, Result, Tensor};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Mutex, PoisonError};

/// The system's allocator, which gives a thread nothing beyond its limit of what all have.
struct Limited;

static USED: AtomicUsize = AtomicUsize::new(0);
std::thread_local! {
    static LIMIT: std::cell::Cell<usize> = const { std::cell::Cell::new(usize::MAX) };
}
/// What is used is the whole process's: one test at a time.
static TURN: Mutex<()> = Mutex::new(());

// SAFETY: all is done by the system's; to refuse is allowed.
unsafe impl GlobalAlloc for Limited {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let size = layout.size();
        if USED.fetch_add(size, SeqCst).saturating_add(size) > LIMIT.get() {
            USED.fetch_sub(size, SeqCst);
            return std::ptr::null_mut();
        }
        // SAFETY: the caller's contract is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        USED.fetch_sub(layout.size(), SeqCst);
        // SAFETY: as above.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Limited = Limited;

const MB: usize = 1 << 20;

/// Runs a test while no other one does, in a thread of its own: the spare buffers that a thread keeps are gone when it has
/// been joined, and are no room that comes late for the next test.
fn alone(test: impl FnOnce() + Send + 'static) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Err(panic) = std::thread::spawn(test).join() {
        std::panic::resume_unwind(panic);
    }
}

/// What `work` gives while only so many megabytes more can be had.
fn with_room<T>(megabytes: usize, work: impl FnOnce() -> T) -> T {
    /// Lifts the limit, even if the work panics.
    struct Lift;
    impl Drop for Lift {
        fn drop(&mut self) {
            LIMIT.set(usize::MAX);
        }
    }
    let _lift = Lift;
    // Spare buffers of the test before would be room too: a refusal gives them back.
    LIMIT.set(USED.load(SeqCst) + MB / 16);
    assert!(of(4000).is_err());
    LIMIT.set(USED.load(SeqCst) + megabytes * MB);
    work()
}

/// A tensor of so many megabytes.
fn of(megabytes: usize) -> Result<Tensor> {
    Tensor::full(&[megabytes * MB / 4], 0.5)
}

fn assert_refused<T>(what: &str, result: Result<T>) {
    let limit = LIMIT.replace(usize::MAX);
    match result {
        Err(error) if error.kind() == ErrorKind::Memory => {
            let text = error.text();
            assert!(text.starts_with(&format!("{what}: ")), "{what}: {text}");
            assert!(text.ends_with(" bytes are wanted, which do not fit into memory"));
        }
        Err(other) => panic!("{what}: {other}"),
        Ok(_) => panic!("{what}: not refused"),
    }
    // A panic had to have room.
    LIMIT.set(limit);
}

#[test]
fn ops_refuse_what_does_not_fit() {
    alone(|| {
        with_room(64, || -> Result<()> {
            let (x, one) = (of(20)?, of(1)?);
            let length = 20 * MB / 4;
            let matrix = x.reshape(&[length / 1024, 1024])?;
            assert_refused("fill", Tensor::zeros(&[32 * MB]));
            assert_refused("broadcast_to", one.broadcast_to(&[100, MB / 4]));
            assert_refused("gather", matrix.gather(&vec![1; 20_000]));
            assert_refused(
                "scatter_add",
                matrix.scatter_add(&vec![1; length / 1024], 20_000),
            );
            assert_refused("concat", Tensor::concat(&vec![one.clone(); 50], 0));
            assert_refused("one_hot", Tensor::one_hot(&[1; 1000], 20_000));
            let (column, row) = (one.slice(&[0], &[4096])?, one.slice(&[0], &[4096])?);
            let (column, row) = (column.reshape(&[4096, 1])?, row.reshape(&[1, 4096])?);
            assert_refused("matmul", column.matmul(&row));
            assert_refused("add", column.add(&row));
            let bias = Tensor::zeros(&[4096])?;
            assert_refused("matmul", column.dense(&row, &bias, true));
            for op in BINARY {
                assert_refused(op.name, column.binary(op, &row));
            }
            let kernel = Tensor::zeros(&[1, 1, 1, 4096])?;
            let images = column.reshape(&[1, 64, 64, 1])?;
            let conv = images.conv2d(&kernel, (1, 1), (1, 1), Padding::Same);
            assert_refused("conv2d", conv);
            let kept = of(20)?;
            assert_refused("softmax", matrix.softmax());
            assert_refused("log_softmax", matrix.log_softmax());
            assert_refused("cross_entropy", matrix.cross_entropy(&matrix));
            assert_refused("transpose", matrix.transpose(&[1, 0]));
            assert_refused("slice", x.slice(&[1], &[length - 1]));
            assert_refused("pad", one.pad_zero(&[0], &[length]));
            assert_refused("mul", x.mul(&x));
            assert_refused("pow", x.pow(&x));
            assert_refused("dropout", x.dropout(0.5, &mut Rng::new(1)));
            assert_refused("sum", x.reshape(&[1, length])?.sum(&[0], false));
            let pictures = x.reshape(&[length / 1024, 32, 32, 1])?;
            let window = ((1, 1), (1, 1));
            assert_refused(
                "max_pool",
                pictures.max_pool(window.0, window.1, Padding::Valid),
            );
            let average = pictures.average_pool(window.0, window.1, Padding::Valid);
            assert_refused("average_pool", average);
            assert_refused("max", x.reshape(&[1, length])?.max(&[0], false));
            assert_refused("min", x.reshape(&[1, length])?.min(&[0], false));
            assert_refused("argmax", x.reshape(&[1, length])?.argmax(0));
            assert_refused("cumsum", x.cumsum(0, false, false));
            assert_refused("reverse", x.reverse(&[0]));
            assert_refused("select", x.select(&x, &x));
            assert_refused("broadcast_to", one.tile(&[100]));
            assert_refused(
                "slice",
                one.reshape(&[1, MB / 4])?.tile(&[18, 1])?.prod(&[0], false),
            );
            assert_refused("batch_norm", matrix.batch_norm(None, None, 1e-3).map(drop));
            drop(kept);
            // All that was refused has left nothing behind.
            assert_eq!(x.mul(&x)?.data()[0], 0.25);
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn spare_buffers_make_way_for_other_sizes() {
    alone(|| {
        with_room(64, || -> Result<()> {
            for round in 0..60 {
                let odd = 1_000_003 * (1 + round * 7 % 12) + round;
                let x = Tensor::full(&[odd], 1.0)?;
                let y = Tensor::full(&[odd / 7], 2.0)?;
                drop((x, y));
            }
            // Nearly all of it in one piece.
            of(56)?;
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn gradients_are_asked_for() {
    alone(|| {
        with_room(64, || -> Result<()> {
            let x = of(12)?.tracked();
            let one_more = of(12)?;
            // Ops that cannot refuse themselves.
            let y = x.scale(2.0).sum(&[], false)?;
            assert_refused("scale", y.backward());
            drop(one_more);
            assert_eq!(y.backward()?.get(&x).unwrap().data()[5], 2.0);
            Ok(())
        })
        .unwrap();
    });
}

#[test]
fn many_small_tensors_are_refused_in_the_end() {
    alone(|| {
        with_room(32, || {
            let mut kept = Vec::new();
            let error = loop {
                match Tensor::full(&[10_000], 1.0) {
                    Ok(x) => kept.push(x),
                    Err(error) => break error,
                }
            };
            assert!(kept.len() > 600, "{}", kept.len());
            assert_refused::<()>("fill", Err(error));
        });
    });
}

#[test]
fn what_lstms_remember_is_asked_for() {
    alone(|| {
        let tensors = || -> Result<_> {
            let x = Tensor::full(&[64, 300, 8], 0.1)?;
            let (kernel, recurrent) = (Tensor::zeros(&[8, 256])?, Tensor::zeros(&[64, 256])?);
            Ok((x, kernel.tracked(), recurrent.tracked()))
        };
        with_room(32, || -> Result<()> {
            let (x, kernel, recurrent) = tensors()?;
            let reading = Reading::default();
            assert_refused("lstm", x.lstm(&kernel, &recurrent, None, reading));
            let plain = x.lstm_plain(&kernel, &recurrent, None, reading, Cell::default());
            assert_refused("lstm", plain);
            let of_gates = |gates: usize| {
                [
                    kernel.slice(&[0, 0], &[8, 64 * gates]),
                    recurrent.slice(&[0, 0], &[64, 64 * gates]),
                ]
            };
            for (name, recurrence) in [
                ("simple_rnn", Recurrence::Simple),
                ("gru", Recurrence::Gru { reset_after: true }),
                ("gru", Recurrence::Gru { reset_after: false }),
            ] {
                let [kernel, recurrent] = of_gates(recurrence.gates());
                let (kernel, recurrent) = (kernel?, recurrent?);
                let of = Recurrent::new(recurrence, &kernel, &recurrent);
                let long = Tensor::full(&[64, 1200, 8], 0.1)?;
                assert_refused(name, long.recurrent(&of));
                assert_refused(name, long.recurrent_plain(&of, Cell::default()));
            }
            Ok(())
        })
        .unwrap();
    });
}

/// A model with a weight of 8 MB that is held to a constraint, in front of a small one.
fn trainer() -> Result<Trainer> {
    let model = Model::sequential();
    model.add(Dense {
        kernel_constraint: Some(Constraint::NonNeg),
        ..Dense::new(2000)
    })?;
    model.build(Some(&[1000].into()), 1)?;
    let mut trainer = Trainer::new(model, 1);
    trainer.compile(Compile::new(Adam::new(), Loss::named("meanSquaredError")?))?;
    Ok(trainer)
}

/// Two samples for it.
fn batch() -> Data {
    let x = Tensor::full(&[2, 1000], 0.1).unwrap();
    let targets = Targets::Values(Tensor::full(&[2, 2000], 1.0).unwrap());
    Data::new(Features::values(x).unwrap(), targets)
}

#[test]
fn a_step_whose_state_does_not_fit_changes_nothing() {
    alone(|| {
        let mut trainer = trainer().unwrap();
        let weights = trainer.model.weights();
        let before: Vec<Tensor> = weights.iter().map(|weight| weight.value()).collect();
        // Room for the gradient; for what Adam remembers too, but not for a copy of the weight, which is held here as well;
        // and at last for the copy, but not for what the constraint makes.
        for (what, megabytes) in [("Adam", 22), ("copy", 28), ("constraint", 25)] {
            with_room(megabytes, || {
                assert_refused(what, trainer.train_on_batch(&batch()));
            });
            for (weight, before) in weights.iter().zip(&before) {
                assert_eq!(weight.value().data(), before.data());
            }
            assert_eq!(trainer.optimizer().unwrap().borrow().steps(), 0);
        }
        drop(before);
        let first = trainer.train_on_batch(&batch()).unwrap();
        let second = trainer.train_on_batch(&batch()).unwrap();
        assert!(second.loss < first.loss);
    });
}

#[test]
fn answers_and_data_are_asked_for() {
    alone(|| {
        let mut trainer = trainer().unwrap();
        let bytes = Features::bytes(vec![7; 1000 * 8000], &[1000]).unwrap();
        let values = Tensor::full(&[8000, 2000], 0.5).unwrap();
        let data = Data::new(bytes, Targets::Values(values));
        with_room(48, || {
            assert_refused("predict", trainer.predict(&data.x, 32));
            let all: Vec<u32> = (0..data.len() as u32).cycle().take(16_000).collect();
            assert_refused("data", data.x[0].batch(&all));
            assert_refused("digits", synthetic::generate(1, 100_000));
            let half = FitOptions {
                validation_split: 0.9,
                ..FitOptions::default()
            };
            let fit = Fit::new(&mut trainer, data.clone(), half);
            assert_refused("gather", fit.map(drop));
        });
    });
}

#[test]
fn a_model_whose_weights_do_not_fit_is_not_built() {
    alone(|| {
        let model = Model::sequential();
        model.add(Dense::new(3000)).unwrap();
        model.add(Dense::new(3000)).unwrap();
        with_room(64, || {
            assert_refused("build", model.build(Some(&[3000].into()), 1));
        });
        assert!(!model.is_built());
        model.build(Some(&[3000].into()), 1).unwrap();
        with_room(64, || {
            assert_refused("save_weights", model.save_weights());
        });
    });
}
