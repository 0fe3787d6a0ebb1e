//! What browsers must show: the kernels' bits, errors that are `Error`s, flat memory, and learning.
//! `wasm-pack test --headless --chrome` and `--firefox` run it.
#![cfg(target_arch = "wasm32")]
use js_sys::{Error, Float32Array, Uint32Array};
use mapling::kernels::golden;
use mapling::simd::{Native, Portable};
use mapling::wasm::{
    Evaluation, Features, Fit, Labels, Network, compute, live_bytes, memory_bytes,
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const SAMPLES: usize = 256;
const OPTIONS: &str = r#"{"epochs": 1000, "batchSize": 32, "shuffle": true, "validationSplit": 0}"#;

/// What JavaScript would catch.
fn thrown<T>(result: mapling::Result<T>) -> Error {
    let value: JsValue = result.err().expect("an error").into();
    value.dyn_into().expect("an instance of Error")
}

fn message(error: &Error) -> String {
    error.message().into()
}

/// Points in a square, and whether they lie inside a circle: no line tells them apart.
fn circle() -> (Features, Labels) {
    let mut rng = mapling::base::rng::Rng::new(7);
    let points: Vec<f32> = (0..2 * SAMPLES).map(|_| rng.uniform(-1.0, 1.0)).collect();
    let inside =
        |point: &[f32]| f32::from(u8::from(point[0] * point[0] + point[1] * point[1] < 0.6));
    let labels = points.chunks(2).map(inside).collect();
    let samples = SAMPLES as u32;
    (
        Features::floats(points, &[samples, 2]).unwrap(),
        Labels::new(labels, &[samples]).unwrap(),
    )
}

fn network(seed: f64) -> Network {
    let mut network = Network::new(seed).unwrap();
    network
        .add(
            "Dense",
            r#"{"units": 16, "activation": "relu", "input_shape": [2]}"#,
        )
        .unwrap();
    compiled(&mut network);
    network
}

/// Adds the last layer, two classes, and what training needs.
fn compiled(network: &mut Network) {
    network
        .add("Dense", r#"{"units": 2, "activation": "softmax"}"#)
        .unwrap();
    network.build(None).unwrap();
    let settings = r#"{
        "optimizer": {"class_name": "Adam", "config": {"learning_rate": 0.01}},
        "loss": "sparse_categorical_crossentropy",
        "metrics": ["accuracy"]
    }"#;
    network.compile(settings).unwrap();
}

fn epochs(count: usize, fit: &mut Fit, network: &mut Network) {
    for _ in 0..count {
        fit.run(network, f64::INFINITY, 1e6).unwrap();
    }
}

#[wasm_bindgen_test]
fn kernels_have_the_same_bits_as_native_code() {
    assert_eq!(golden::golden_hash::<Native>(), golden::GOLDEN);
    assert_eq!(golden::golden_hash::<Portable>(), golden::GOLDEN);
}

#[wasm_bindgen_test]
fn errors_are_instances_of_error_and_say_what_was_expected() {
    let values = |values: &[f32]| Float32Array::from(values);
    let shape = |shape: &[u32]| Uint32Array::from(shape);
    let error = thrown(compute(
        "add",
        vec![values(&[1.0; 2]), values(&[1.0; 3])],
        vec![shape(&[2]), shape(&[3])],
        "{}",
    ));
    assert_eq!(
        message(&error),
        "add: [2] and [3] cannot be broadcast together"
    );
    let error = thrown(compute(
        "matmul",
        vec![values(&[1.0; 2])],
        vec![shape(&[2, 2])],
        "{}",
    ));
    assert!(
        message(&error).contains("[2, 2] holds 4 values"),
        "{}",
        message(&error)
    );
    assert!(message(&thrown(compute("sing", vec![], vec![], "{}"))).contains("sing"));
    assert!(message(&thrown(Network::new(f64::NAN))).contains("seed"));
    assert!(message(&thrown(Features::floats(vec![f32::NAN], &[1, 1]))).contains("NaN"));
}

#[wasm_bindgen_test]
fn after_an_error_everything_still_works() {
    let (x, y) = circle();
    let mut network = network(1.0);
    let wrong = Labels::new(vec![2.0; SAMPLES], &[SAMPLES as u32]).unwrap();
    assert!(
        message(&thrown(Fit::new(&mut network, &x, &wrong, OPTIONS)))
            .contains("label 2 is outside 0..2")
    );
    let none = OPTIONS.replace("32", "0");
    assert!(message(&thrown(Fit::new(&mut network, &x, &y, &none))).contains("atch"));
    assert!(message(&thrown(network.add("Dense", "{}"))).contains("built"));
    let huge = r#"{"units": 2000000000, "input_shape": [2000000000]}"#;
    let mut other = Network::new(0.0).unwrap();
    other.add("Dense", huge).unwrap();
    assert!(message(&thrown(other.build(None))).contains("bytes are wanted"));
    epochs(
        1,
        &mut Fit::new(&mut network, &x, &y, OPTIONS).unwrap(),
        &mut network,
    );
}

#[wasm_bindgen_test]
fn memory_is_flat_over_a_thousand_steps() {
    let (x, y) = circle();
    let mut network = network(1.0);
    let mut fit = Fit::new(&mut network, &x, &y, OPTIONS).unwrap();
    let steps = SAMPLES / 32;
    epochs(2, &mut fit, &mut network);
    let before = (memory_bytes(), live_bytes());
    epochs(1000 / steps, &mut fit, &mut network);
    assert_eq!((memory_bytes(), live_bytes()), before);
}

#[wasm_bindgen_test]
fn training_learns_what_no_line_can_tell_apart() {
    let (x, y) = circle();
    let mut network = network(1.0);
    let mut fit = Fit::new(&mut network, &x, &y, OPTIONS).unwrap();
    epochs(60, &mut fit, &mut network);
    let mut evaluation = Evaluation::new(&mut network, &x, &y, 64.0).unwrap();
    assert!(evaluation.run(&network, f64::INFINITY).unwrap());
    let [loss, accuracy] = evaluation.logs()[..] else {
        panic!("loss and accuracy")
    };
    assert!(
        loss < 0.2 && accuracy > 0.95,
        "loss {loss}, accuracy {accuracy}"
    );
}

#[wasm_bindgen_test]
fn an_lstm_learns_to_remember_the_first_of_eight_steps() {
    let mut rng = mapling::base::rng::Rng::new(3);
    let steps: Vec<f32> = (0..8 * SAMPLES).map(|_| rng.uniform(-1.0, 1.0)).collect();
    let labels = steps
        .chunks(8)
        .map(|steps| f32::from(u8::from(steps[0] > 0.0)))
        .collect();
    let samples = SAMPLES as u32;
    let x = Features::floats(steps, &[samples, 8, 1]).unwrap();
    let y = Labels::new(labels, &[samples]).unwrap();
    let mut network = Network::new(1.0).unwrap();
    network
        .add("LSTM", r#"{"units": 8, "input_shape": [8, 1]}"#)
        .unwrap();
    compiled(&mut network);
    let mut fit = Fit::new(&mut network, &x, &y, OPTIONS).unwrap();
    epochs(40, &mut fit, &mut network);
    let mut evaluation = Evaluation::new(&mut network, &x, &y, 64.0).unwrap();
    assert!(evaluation.run(&network, f64::INFINITY).unwrap());
    let accuracy = evaluation.logs()[1];
    assert!(accuracy > 0.95, "accuracy {accuracy}");
}

#[wasm_bindgen_test]
fn the_same_seed_ends_with_the_same_weights() {
    let trained = |seed: f64| {
        let (x, y) = circle();
        let mut network = network(seed);
        let mut fit = Fit::new(&mut network, &x, &y, OPTIONS).unwrap();
        epochs(3, &mut fit, &mut network);
        network.save_weights().unwrap()
    };
    assert_eq!(trained(5.0), trained(5.0));
    assert_ne!(trained(5.0), trained(6.0));
}
