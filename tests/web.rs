//! What browsers must show: the kernels' bits, errors that are `Error`s, flat memory, and learning.
//! `wasm-pack test --headless --chrome` and `--firefox` run it.
#![cfg(target_arch = "wasm32")]
use js_sys::{Error, Reflect};
use mapling::kernels::golden;
use mapling::simd::{Native, Portable};
use mapling::wasm::{
    CoreLayer, CoreOptimizer, Evaluation, Features, Fit, Network, Samples, binary, live_bytes,
    memory_bytes, operate, random, take_failure, unary,
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
fn circle() -> Samples {
    let mut rng = mapling::base::rng::Rng::new(7);
    let points: Vec<f32> = (0..2 * SAMPLES).map(|_| rng.uniform(-1.0, 1.0)).collect();
    let inside =
        |point: &[f32]| f32::from(u8::from(point[0] * point[0] + point[1] * point[1] < 0.6));
    let labels = points.chunks(2).map(inside).collect();
    samples(points, &[2], labels)
}

/// Values of this shape each, with a class number each.
fn samples(values: Vec<f32>, sample: &[u32], labels: Vec<f32>) -> Samples {
    let shape = [&[SAMPLES as u32], sample].concat();
    let mut samples = Samples::new();
    samples.add_input(&Features::floats(values, &shape).unwrap());
    samples.add_target(labels, &shape[..1]).unwrap();
    samples
}

fn layer(class_name: &str, config: &str) -> CoreLayer {
    CoreLayer::new(class_name, config).unwrap()
}

fn network(seed: f64) -> Network {
    let mut network = Network::sequential(seed).unwrap();
    let config = r#"{"units": 16, "activation": "relu", "input_shape": [2]}"#;
    network.add(&layer("Dense", config)).unwrap();
    compiled(&mut network);
    network
}

/// Adds the last layer, two classes, and what training needs.
fn compiled(network: &mut Network) {
    let config = r#"{"units": 2, "activation": "softmax"}"#;
    network.add(&layer("Dense", config)).unwrap();
    network.build(None).unwrap();
    let adam = r#"{"class_name": "Adam", "config": {"learning_rate": 0.01}}"#;
    let optimizer = CoreOptimizer::new(adam).unwrap();
    let settings = r#"{"losses": ["sparse_categorical_crossentropy"], "metrics": [["accuracy"]]}"#;
    network.compile(&optimizer, settings).unwrap();
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
    let failure = |slot: u32| -> (String, Option<String>) {
        assert_eq!(slot, u32::MAX);
        let error: Error = take_failure().dyn_into().expect("an instance of Error");
        let code = Reflect::get(&error, &"code".into()).expect("a code");
        (message(&error), code.as_string())
    };
    let [two, three] = [2, 3].map(|length| random(true, &[length], 0.0, 1.0, 1.0));
    let (text, code) = failure(binary(0, two, three));
    assert_eq!(text, "add: [2] and [3] cannot be broadcast together");
    assert_eq!(code.as_deref(), Some("shape"));
    let (text, code) = failure(unary(9999, two));
    assert_eq!(code.as_deref(), Some("value"), "{text}");
    assert!(failure(unary(0, 12345)).0.contains("slot 12345"));
    let numbers = [f64::NAN, -1.0, 1e300];
    assert!(failure(operate(0, &[two], &numbers)).0.contains("NaN"));
    assert!(message(&thrown(Network::sequential(f64::NAN))).contains("seed"));
    assert!(message(&thrown(Features::floats(vec![f32::NAN], &[1, 1]))).contains("NaN"));
}

#[wasm_bindgen_test]
fn after_an_error_everything_still_works() {
    let data = circle();
    let mut network = network(1.0);
    let wrong = samples(vec![0.0; 2 * SAMPLES], &[2], vec![2.0; SAMPLES]);
    assert!(
        message(&thrown(Fit::new(&mut network, &wrong, OPTIONS)))
            .contains("label 2 is outside 0..2")
    );
    let none = OPTIONS.replace("32", "0");
    assert!(message(&thrown(Fit::new(&mut network, &data, &none))).contains("atch"));
    assert!(message(&thrown(CoreLayer::new("Dense", "{}"))).contains("units"));
    // The first is more than can be addressed, the second more than there is.
    for inputs in [2_000_000_000, 16_384] {
        let huge = format!(r#"{{"units": 65535, "input_shape": [{inputs}]}}"#);
        let other = Network::sequential(0.0).unwrap();
        other.add(&layer("Dense", &huge)).unwrap();
        let error = thrown(other.build(None));
        let code = Reflect::get(&error, &"code".into()).expect("a code");
        assert_eq!(
            code.as_string().as_deref(),
            Some("memory"),
            "{}",
            message(&error)
        );
    }
    epochs(
        1,
        &mut Fit::new(&mut network, &data, OPTIONS).unwrap(),
        &mut network,
    );
}

#[wasm_bindgen_test]
fn memory_is_flat_over_a_thousand_steps() {
    let data = circle();
    let mut network = network(1.0);
    let mut fit = Fit::new(&mut network, &data, OPTIONS).unwrap();
    let steps = SAMPLES / 32;
    epochs(2, &mut fit, &mut network);
    let before = (memory_bytes(), live_bytes());
    epochs(1000 / steps, &mut fit, &mut network);
    assert_eq!((memory_bytes(), live_bytes()), before);
}

#[wasm_bindgen_test]
fn training_learns_what_no_line_can_tell_apart() {
    let data = circle();
    let mut network = network(1.0);
    let mut fit = Fit::new(&mut network, &data, OPTIONS).unwrap();
    epochs(60, &mut fit, &mut network);
    let mut evaluation = Evaluation::new(&mut network, &data, 64.0).unwrap();
    assert!(evaluation.run(&network, f64::INFINITY, 1e6).unwrap());
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
    let data = samples(steps, &[8, 1], labels);
    let mut network = Network::sequential(1.0).unwrap();
    let config = r#"{"units": 8, "input_shape": [8, 1]}"#;
    network.add(&layer("LSTM", config)).unwrap();
    compiled(&mut network);
    let mut fit = Fit::new(&mut network, &data, OPTIONS).unwrap();
    epochs(40, &mut fit, &mut network);
    let mut evaluation = Evaluation::new(&mut network, &data, 64.0).unwrap();
    assert!(evaluation.run(&network, f64::INFINITY, 1e6).unwrap());
    let accuracy = evaluation.logs()[1];
    assert!(accuracy > 0.95, "accuracy {accuracy}");
}

#[wasm_bindgen_test]
fn the_same_seed_ends_with_the_same_weights() {
    let trained = |seed: f64| {
        let data = circle();
        let mut network = network(seed);
        let mut fit = Fit::new(&mut network, &data, OPTIONS).unwrap();
        epochs(3, &mut fit, &mut network);
        network.save_weights().unwrap()
    };
    assert_eq!(trained(5.0), trained(5.0));
    assert_ne!(trained(5.0), trained(6.0));
}
