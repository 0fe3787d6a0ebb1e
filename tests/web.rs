//! What browsers must show: the kernels' bits, errors that are `Error`s, flat memory, and learning.
//! `wasm-pack test --headless --chrome` and `--firefox` run it.
#![cfg(target_arch = "wasm32")]
use js_sys::{Error, Reflect};
use mapling::kernels::golden;
use mapling::simd::{Native, Portable};
use mapling::wasm::{
    CoreLayer, CoreOptimizer, CoreSymbol, Evaluation, Features, Fit, Network, Samples, binary,
    free, gradients, live_bytes, memory_bytes, operate, random, slots_in_use, take_failure, track,
    unary,
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

/// Inputs whose samples have the shape `sample`, with the class of each.
fn samples(values: Vec<f32>, sample: &[u32], labels: Vec<f32>) -> Samples {
    let count = labels.len() as u32;
    let mut samples = Samples::new();
    let shape = [&[count], sample].concat();
    samples.add_input(&Features::floats(values, &shape).unwrap());
    samples.add_target(labels, &[count]).unwrap();
    samples
}

fn layer(class_name: &str, config: &str) -> CoreLayer {
    CoreLayer::new(class_name, config).unwrap()
}

/// A network of these layers, and one for two classes after them, with what training needs.
fn network(layers: &[(&str, &str)], seed: f64) -> Network {
    let mut network = Network::sequential(seed).unwrap();
    for (class_name, config) in layers {
        network.add(&layer(class_name, config)).unwrap();
    }
    network
        .add(&layer("Dense", r#"{"units": 2, "activation": "softmax"}"#))
        .unwrap();
    network.build(None).unwrap();
    compile(&mut network);
    network
}

fn compile(network: &mut Network) {
    let adam = r#"{"class_name": "Adam", "config": {"learning_rate": 0.01}}"#;
    let settings = r#"{"losses": ["sparse_categorical_crossentropy"], "metrics": [["accuracy"]]}"#;
    network
        .compile(&CoreOptimizer::new(adam).unwrap(), settings)
        .unwrap();
}

const HIDDEN: (&str, &str) = (
    "Dense",
    r#"{"units": 16, "activation": "relu", "input_shape": [2]}"#,
);

/// The share of samples that a network answers rightly, and its loss.
fn evaluated(network: &mut Network, samples: &Samples) -> (f64, f64) {
    let mut evaluation = Evaluation::new(network, samples, 64.0).unwrap();
    assert!(evaluation.run(network, f64::INFINITY, 1e6).unwrap());
    let [loss, accuracy] = evaluation.logs()[..] else {
        panic!("loss and accuracy")
    };
    (accuracy, loss)
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
    let [two, three] = [2, 3].map(|length| random(1, &[length], 0.0, 1.0, 1.0));
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
    assert!(message(&thrown(CoreLayer::new("Dens", "{}"))).contains("Dens"));
    assert!(message(&thrown(CoreSymbol::input(None, "[-1]"))).contains("-1"));
}

#[wasm_bindgen_test]
fn slots_are_free_again_and_gradients_come_through_them() {
    let before = slots_in_use();
    let x = random(1, &[3, 4], 0.0, 1.0, 1.0);
    let end = track(x);
    // The sum of x + x.
    let y = binary(0, end, end);
    let found = gradients(y, u32::MAX, &[end, x], false).unwrap();
    // `x` itself is what was tracked, not a tensor that `y` was made from.
    assert_eq!(found[1], u32::MAX);
    for slot in [x, end, y, found[0]] {
        free(slot);
    }
    // A slot that is empty stays so.
    free(x);
    assert_eq!(slots_in_use(), before);
}

#[wasm_bindgen_test]
fn after_an_error_everything_still_works() {
    let data = circle();
    let mut network = network(&[HIDDEN], 1.0);
    let wrong = samples(vec![0.0; 2 * SAMPLES], &[2], vec![2.0; SAMPLES]);
    assert!(
        message(&thrown(Fit::new(&mut network, &wrong, OPTIONS)))
            .contains("label 2 is outside 0..2")
    );
    let other_shape = samples(vec![0.0; 3 * SAMPLES], &[3], vec![1.0; SAMPLES]);
    assert!(message(&thrown(Fit::new(&mut network, &other_shape, OPTIONS))).contains("[3]"));
    let none = OPTIONS.replace("32", "0");
    assert!(message(&thrown(Fit::new(&mut network, &data, &none))).contains("atch"));
    let huge = r#"{"units": 2000000000, "input_shape": [2000000000]}"#;
    let other = Network::sequential(0.0).unwrap();
    let refused = other
        .add(&layer("Dense", huge))
        .and_then(|()| other.build(None));
    assert!(message(&thrown(refused)).contains("bytes are wanted"));
    epochs(
        1,
        &mut Fit::new(&mut network, &data, OPTIONS).unwrap(),
        &mut network,
    );
}

#[wasm_bindgen_test]
fn memory_is_flat_over_a_thousand_steps() {
    let mut network = network(&[HIDDEN], 1.0);
    let mut fit = Fit::new(&mut network, &circle(), OPTIONS).unwrap();
    let steps = SAMPLES / 32;
    epochs(2, &mut fit, &mut network);
    let before = (memory_bytes(), live_bytes());
    epochs(1000 / steps, &mut fit, &mut network);
    assert_eq!((memory_bytes(), live_bytes()), before);
}

#[wasm_bindgen_test]
fn training_learns_what_no_line_can_tell_apart() {
    let data = circle();
    let mut network = network(&[HIDDEN], 1.0);
    let mut fit = Fit::new(&mut network, &data, OPTIONS).unwrap();
    epochs(60, &mut fit, &mut network);
    let (accuracy, loss) = evaluated(&mut network, &data);
    assert!(
        loss < 0.2 && accuracy > 0.95,
        "loss {loss}, accuracy {accuracy}"
    );
}

#[wasm_bindgen_test]
fn a_graph_with_a_shared_layer_learns_too() {
    let data = circle();
    let input = CoreSymbol::input(None, "[null, 2]").unwrap();
    let apply = |layer: &CoreLayer, on: &[&CoreSymbol]| -> CoreSymbol {
        let on = on.iter().map(|symbol| symbol.copy()).collect();
        layer.apply(on, "null").unwrap().remove(0)
    };
    let relu = r#"{"units": 2, "activation": "relu"}"#;
    let shared = layer("Dense", &relu.replace('2', "16"));
    let narrow = layer("Dense", relu);
    let first = apply(&shared, &[&input]);
    let second = apply(&shared, &[&apply(&narrow, &[&first])]);
    let sum = apply(&layer("Add", "{}"), &[&first, &second]);
    let last = layer("Dense", r#"{"units": 2, "activation": "softmax"}"#);
    let output = apply(&last, &[&sum]);
    let mut network = Network::from_symbols(vec![input], vec![output], 1.0).unwrap();
    network.build(None).unwrap();
    compile(&mut network);
    let mut fit = Fit::new(&mut network, &data, OPTIONS).unwrap();
    epochs(60, &mut fit, &mut network);
    let (accuracy, loss) = evaluated(&mut network, &data);
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
    let lstm = ("LSTM", r#"{"units": 8, "input_shape": [8, 1]}"#);
    let mut network = network(&[lstm], 1.0);
    let mut fit = Fit::new(&mut network, &data, OPTIONS).unwrap();
    epochs(40, &mut fit, &mut network);
    let (accuracy, _) = evaluated(&mut network, &data);
    assert!(accuracy > 0.95, "accuracy {accuracy}");
}

#[wasm_bindgen_test]
fn the_same_seed_ends_with_the_same_weights() {
    let trained = |seed: f64| {
        let mut network = network(&[HIDDEN], seed);
        let mut fit = Fit::new(&mut network, &circle(), OPTIONS).unwrap();
        epochs(3, &mut fit, &mut network);
        network.save_weights().unwrap()
    };
    assert_eq!(trained(5.0), trained(5.0));
    assert_ne!(trained(5.0), trained(6.0));
}
