//! A step of training in steady state asks the allocator for nothing.
#![cfg(not(target_arch = "wasm32"))]
use mapling::Result;
use mapling::base::json::{Value, json};
use mapling::base::rng::Rng;
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::optim::Optimizer;
use mapling::learn::{Compile, Data, Event, Features, Fit, FitOptions, Trainer};
use mapling::nn::Sequential;
use mapling::parallel::set_threads;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::rc::Rc;

/// The system's allocator, which counts how often each thread asks it.
struct Counting;

std::thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: all is done by the system's.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: the caller's contract is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often 60 steps on batches of 16 of these samples ask the allocator, after 40 others.
fn count(layers: &[(&str, Value)], x: Features, optimizer: &Value) -> Result<usize> {
    let mut model = Sequential::new();
    for (class, config) in layers {
        model.add(class, config.clone())?;
    }
    model.add("Dense", json!({ "units": 10, "activation": "softmax" }))?;
    let mut trainer = Trainer::new(model, 1);
    trainer.compile(Compile {
        optimizer: Optimizer::from_json(optimizer)?,
        loss: Loss::named("sparse_categorical_crossentropy")?,
        metrics: vec!["accuracy".into()],
    })?;
    let labels = (0..x.len() as u32).map(|i| i % 10).collect();
    let data = Data {
        x: Rc::new(x),
        targets: Rc::new(Targets::Classes(labels)),
    };
    let options = FitOptions {
        batch_size: 16,
        ..FitOptions::default()
    };
    let mut fit = Fit::new(&mut trainer, data, options)?;
    for _ in 0..40 {
        fit.step(&mut trainer)?;
    }
    let before = COUNT.get();
    for _ in 0..60 {
        let event = fit.step(&mut trainer);
        assert!(matches!(event, Ok(Event::Batch { .. })), "{event:?}");
    }
    Ok(COUNT.get() - before)
}

const SAMPLES: usize = 1600;

/// Pictures that are mostly 0, a byte a pixel.
fn pictures() -> Features {
    let mut rng = Rng::new(2);
    let mut pixel = |_| if rng.unit() < 0.2 { 200 } else { 0 };
    let bytes = (0..SAMPLES * 784).map(&mut pixel).collect();
    Features::bytes(bytes, &[28, 28, 1]).unwrap()
}

// One test, since tests that run beside each other would take each other's spare memory.
#[test]
fn a_step_in_steady_state_allocates_nothing() -> Result<()> {
    let dense = [
        ("Flatten", json!({ "input_shape": [28, 28, 1] })),
        ("Dense", json!({ "units": 128, "activation": "relu" })),
        ("Dropout", json!({ "rate": 0.2 })),
        ("Dense", json!({ "units": 32, "activation": "tanh" })),
    ];
    for threads in [1, 2] {
        set_threads(threads);
        assert_eq!(count(&dense, pictures(), &json!("adam"))?, 0, "{threads}");
    }
    let convolution =
        json!({ "filters": 4, "kernel_size": 3, "activation": "relu", "input_shape": [28, 28, 1] });
    let convnet = [
        ("Conv2D", convolution),
        ("MaxPooling2D", json!({})),
        ("Conv2D", json!({ "filters": 8, "kernel_size": 3 })),
        ("Activation", json!({ "activation": "sigmoid" })),
        ("AveragePooling2D", json!({})),
        ("Flatten", json!({})),
    ];
    let momentum = json!({ "class_name": "SGD", "config": { "momentum": 0.9 } });
    assert_eq!(count(&convnet, pictures(), &momentum)?, 0);
    // Buffers of more than a megabyte, which are asked for.
    let large = json!({ "filters": 32, "kernel_size": 3, "activation": "relu", "input_shape": [28, 28, 1] });
    let convnet = [
        ("Conv2D", large),
        ("Activation", json!({ "activation": "tanh" })),
        ("MaxPooling2D", json!({})),
        ("Flatten", json!({})),
    ];
    assert_eq!(count(&convnet, pictures(), &json!("adam"))?, 0);
    let rows = json!({ "target_shape": [28, 28], "input_shape": [28, 28, 1] });
    let recurrent = [
        ("Reshape", rows),
        ("LSTM", json!({ "units": 8, "dropout": 0.1 })),
    ];
    assert_eq!(count(&recurrent, pictures(), &json!("sgd"))?, 0);
    Ok(())
}
