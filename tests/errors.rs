//! Bad input: one clear error that names the thing and what was expected, and nothing has changed.
#![cfg(not(target_arch = "wasm32"))]
use mapling::base::json::{Value, json};
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::optim::{Optimizer, Sgd};
use mapling::learn::{Compile, Data, Features, Fit, FitOptions, Trainer};
use mapling::nn::{Activation, Dense, Dims, Flatten, LSTM, Member, Model};
use mapling::{Error, Tensor};

fn message<T>(result: Result<T, Error>) -> String {
    result.err().expect("an error").to_string()
}

fn zeros(shape: &[usize]) -> Tensor {
    Tensor::zeros(shape).unwrap()
}

fn trainer() -> Trainer {
    let model = Model::sequential();
    let last = Dense {
        activation: Activation::Softmax,
        ..Dense::new(3)
    };
    model.add(last).unwrap();
    model.build(Some(&Dims::from([2])), 1).unwrap();
    let mut trainer = Trainer::new(model, 1);
    let loss = Loss::named("sparse_categorical_crossentropy").unwrap();
    let compile = Compile::new(Sgd::new(), loss).metrics(["accuracy"]);
    trainer.compile(compile).unwrap();
    trainer
}

#[test]
fn ops_name_themselves_and_both_shapes() {
    let matmul = message(zeros(&[32, 784]).matmul(&zeros(&[100, 10])));
    assert_eq!(matmul, "matmul: [32, 784] × [100, 10]: inner sizes differ");
    assert_eq!(
        message(zeros(&[2, 3]).add(&zeros(&[4]))),
        "add: [2, 3] and [4] cannot be broadcast together"
    );
    assert!(message(Tensor::new(vec![1.0], &[2])).contains("holds 2 values, but 1 were given"));
    assert!(message(zeros(&[3]).sum(&[1], false)).contains("axis 1 is outside [3]"));
    assert!(message(zeros(&[3]).gather(&[3])).contains("index 3 is outside 0..3"));
    assert!(message(zeros(&[2]).backward()).contains("not a single value"));
    assert!(message(zeros(&[2, 0]).max(&[1], false)).contains("empty"));
    let dense = |x: &[usize], kernel: &[usize], bias: &[usize]| {
        message(zeros(x).dense(&zeros(kernel), &zeros(bias), true))
    };
    let expected = "dense: expected [samples, c], a kernel [c, units] and a bias [units], but got";
    for (x, kernel, bias) in [
        (&[3][..], &[3, 2][..], 2),
        (&[4, 2, 3], &[3, 2], 2),
        (&[2, 3], &[3, 2, 1], 2),
        (&[2, 3], &[4, 2], 2),
        (&[2, 3], &[3, 2], 3),
    ] {
        let message = dense(x, kernel, &[bias]);
        assert_eq!(
            message,
            format!("{expected} {x:?}, {kernel:?} and [{bias}]")
        );
    }
    let lstm = |x: &[usize], kernel: &[usize], recurrent: &[usize]| {
        let reading = mapling::ops::Reading::default();
        message(zeros(x).lstm(&zeros(kernel), &zeros(recurrent), None, reading))
    };
    assert!(lstm(&[2, 0, 3], &[3, 8], &[2, 8]).contains("at least one step"));
    assert!(lstm(&[2, 3], &[3, 8], &[2, 8]).contains("x [2, 3] must be [batch, time, features]"));
    assert!(lstm(&[2, 5, 3], &[4, 8], &[2, 8]).contains("the kernels must be [3, 8] and [2, 8]"));
    assert!(lstm(&[2, 5, 3], &[3, 8], &[2, 6]).contains("they are [3, 8], [2, 6]"));
}

#[test]
fn configurations_name_the_layer_the_key_and_what_there_is() {
    let add = |class: &str, config| message(Member::parse(class, &config));
    assert!(add("Dens", json!({})).starts_with("layer `Dens` is unknown; there are Dense, "));
    assert!(
        add("Dense", json!({ "unit": 3 }))
            .contains("unknown key \"unit\"; did you mean \"units\"?")
    );
    assert!(
        add("Dense", json!({ "units": 3, "input_shap": [2] }))
            .contains("unknown key \"input_shap\"; did you mean \"input_shape\"?")
    );
    assert!(add("Dense", json!({})).contains("missing field `units`"));
    assert!(add("Dense", json!({ "units": 0 })).contains("`units` must be at least 1"));
    assert!(
        add("Dense", json!({ "units": 3, "activation": "rilu" }))
            .contains("activation `rilu` is unknown; there are linear, relu")
    );
    assert!(
        add("Dense", json!({ "units": -1 })).contains("units")
            || add("Dense", json!({ "units": -1 })).contains("-1")
    );
    assert!(add("Dropout", json!({ "rate": 1.0 })).contains("`rate` must be"));
    assert!(add("Conv2D", json!({ "filters": 1, "kernel_size": 0 })).contains("`kernel_size`"));
    assert!(add("Conv2D", json!({ "filters": 1, "kernel_size": "3" })).contains("whole number"));
    assert!(add("Reshape", json!({ "target_shape": [-1, -1] })).contains("one −1"));
    let lstm = |key: &str, value: Value| add("LSTM", json!({ "units": 2, key: value }));
    assert!(lstm("units", json!(0)).contains("LSTM: `units` must be at least 1"));
    assert!(lstm("dropout", json!(1)).contains("LSTM: `dropout` must be"));
    assert!(lstm("recurrent_dropout", json!(-1)).contains("LSTM: `recurrent_dropout` must be"));
    assert!(lstm("time_major", json!(true)).contains("unknown key \"time_major\"; known: units, "));
    assert!(
        message(Loss::named("crossentropy")).contains("loss `crossentropy` is unknown; there are")
    );
    assert!(
        message(Optimizer::from_json(&json!("adamm")).map(|_| ()))
            .contains("optimizer `adamm` is unknown")
    );
    let rate = json!({ "class_name": "Adam", "config": { "learning_rate": -1 } });
    assert!(
        message(Optimizer::from_json(&rate).map(|_| ()))
            .contains("`learning_rate` must be at least 0")
    );
    let key = json!({ "class_name": "Adam", "config": { "lr": 1 } });
    assert!(
        message(Optimizer::from_json(&key).map(|_| ())).contains("unknown key \"lr\"; known: ")
    );
}

#[test]
fn models_say_what_is_missing() {
    let fixed = |shape: &[usize]| Dims::fixed(shape);
    assert!(message(Model::sequential().build(Some(&fixed(&[2])), 0)).contains("no layers"));
    let model = Model::sequential();
    model.add(Dense::new(3)).unwrap();
    assert!(message(model.build(None, 0)).contains("input shape"));
    assert!(message(model.save_weights()).contains("not built"));
    let rows = Model::sequential();
    rows.add(LSTM::new(usize::MAX / 2)).unwrap();
    let build = |shape: &[usize]| message(rows.build(Some(&fixed(shape)), 0));
    assert!(build(&[28, 28, 1]).contains("must be [time, features]"));
    assert!(build(&[28, 28]).contains("bytes are wanted"));
    let twice = Member::new(Flatten::new()).unwrap().with_name("dense");
    let twice = model.add_member(&twice.unwrap());
    assert!(message(twice).contains("`dense` is used twice"));
    let mut trainer = Trainer::new(model, 0);
    let x = Features::values(zeros(&[1, 2])).unwrap();
    let call = trainer.train_on_batch(&Data::new(x, Targets::classes(vec![0])));
    assert!(message(call).contains("compile"));
}

#[test]
fn data_that_do_not_fit_are_refused_before_anything_changes() {
    let mut trainer = trainer();
    let before: Vec<Vec<f32>> = trainer
        .model
        .values()
        .iter()
        .map(|w| w.data().to_vec())
        .collect();
    let mut fit = |x: &[f32], shape: &[usize], labels: &[f32], options: FitOptions| {
        let x = Features::values(Tensor::new(x.to_vec(), shape).unwrap())?;
        let labels = Tensor::new(labels.to_vec(), &[labels.len()])?;
        let targets = Targets::for_loss(&trainer.losses()?[0], labels)?;
        Fit::new(&mut trainer, Data::new(x, targets), options).map(|_| ())
    };
    let none = FitOptions::default;
    assert!(
        message(fit(&[0.0; 3], &[1, 3], &[0.0], none()))
            .contains("samples of shape [2], but these are [3]")
    );
    assert!(message(fit(&[0.0; 4], &[2, 2], &[0.0], none())).contains("2 samples, but 1 targets"));
    assert!(message(fit(&[0.0; 2], &[1, 2], &[3.0], none())).contains("label 3 is outside 0..3"));
    assert!(
        message(fit(&[0.0; 2], &[1, 2], &[0.5], none()))
            .contains("label 0.5 is not a class number")
    );
    assert!(
        message(fit(&[f32::NAN, 0.0], &[1, 2], &[0.0], none()))
            .contains("value 0 is NaN, not a finite number")
    );
    assert!(message(fit(&[], &[0, 2], &[], none())).contains("no samples"));
    let sized = |batch_size| FitOptions {
        batch_size,
        ..none()
    };
    assert!(
        message(fit(&[0.0; 2], &[1, 2], &[0.0], sized(0)))
            .contains("batch size must be at least 1")
    );
    let epochs = FitOptions {
        epochs: 0,
        ..none()
    };
    assert!(message(fit(&[0.0; 2], &[1, 2], &[0.0], epochs)).contains("epochs must be at least 1"));
    let split = FitOptions {
        validation_split: 1.0,
        ..none()
    };
    assert!(message(fit(&[0.0; 2], &[1, 2], &[0.0], split)).contains("validation split"));
    let rate = FitOptions {
        final_rate: 1.5,
        ..none()
    };
    assert!(message(fit(&[0.0; 2], &[1, 2], &[0.0], rate)).contains("final rate must be from 0"));
    let augmented = FitOptions {
        augment: Some(Default::default()),
        ..none()
    };
    assert!(message(fit(&[0.0; 2], &[1, 2], &[0.0], augmented)).contains("expected pictures"));
    let after: Vec<Vec<f32>> = trainer
        .model
        .values()
        .iter()
        .map(|w| w.data().to_vec())
        .collect();
    assert_eq!(before, after);
}

#[test]
fn weights_of_another_model_or_format_are_refused() {
    let trainer = trainer();
    assert!(
        message(trainer.model.load_weights(b"not safetensors")).contains("not a safetensors file")
    );
    let other = Model::sequential();
    other.add(Dense::new(4)).unwrap();
    other.build(Some(&Dims::from([2])), 0).unwrap();
    let foreign = message(trainer.model.load_weights(&other.save_weights().unwrap()));
    assert!(
        foreign.contains("`dense/kernel` is F32 [2, 4] in the file, but the model has F32 [2, 3]"),
        "{foreign}"
    );
    assert!(
        message(trainer.model.set_weights(&[zeros(&[2, 3])]))
            .contains("2 weights, but 1 were given")
    );
}

#[test]
fn a_weight_file_is_what_the_safetensors_crate_writes_and_reads() {
    use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
    let model = trainer().model;
    let ours = model.save_weights().unwrap();
    let read = SafeTensors::deserialize(&ours).unwrap();
    let bytes = |weight: &mapling::nn::Weight| -> Vec<u8> {
        let value = weight.value();
        let values = value.data().iter();
        values.flat_map(|value| value.to_le_bytes()).collect()
    };
    assert_eq!(read.len(), model.weights().len());
    for weight in model.weights() {
        let view = read.tensor(weight.name()).unwrap();
        assert_eq!((view.dtype(), view.shape()), (Dtype::F32, &*weight.shape()));
        assert_eq!(view.data(), bytes(&weight));
    }
    let doubled: Vec<(String, Vec<usize>, Vec<u8>)> = model
        .weights()
        .iter()
        .map(|weight| {
            let value = weight.value();
            let twice = value.data().iter().map(|value| value * 2.0 + 1.0);
            let bytes = twice.flat_map(f32::to_le_bytes).collect();
            (weight.name().to_string(), weight.shape().to_vec(), bytes)
        })
        .collect();
    let views = doubled.iter().map(|(name, shape, bytes)| {
        (
            name,
            TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap(),
        )
    });
    let note = [("format".to_string(), "pt".to_string())].into();
    let theirs = serialize(views, Some(note)).unwrap();
    let before = model.values();
    model.load_weights(&theirs).unwrap();
    for (before, after) in before.iter().zip(model.values()) {
        let doubled: Vec<f32> = before
            .data()
            .iter()
            .map(|value| value * 2.0 + 1.0)
            .collect();
        assert_eq!(after.data(), doubled);
    }
}

#[test]
fn a_damaged_weight_file_is_refused() {
    let model = trainer().model;
    let whole = model.save_weights().unwrap();
    let before: Vec<Vec<f32>> = model.values().iter().map(|w| w.data().to_vec()).collect();
    for end in 0..whole.len() {
        message(model.load_weights(&whole[..end]));
    }
    message(model.load_weights(&[&whole[..], &[0]].concat()));
    let values = &whole[whole.len() - 4 * (2 * 3 + 3)..];
    let head = str::from_utf8(&whole[8..whole.len() - values.len()]).unwrap();
    let with = |head: &str| [&(head.len() as u64).to_le_bytes(), head.as_bytes(), values].concat();
    model.load_weights(&with(head)).unwrap();
    for (from, to) in [
        ("[0,24]", "[24,0]"),
        ("[0,24]", "[0,23]"),
        ("[0,24]", "[-4,20]"),
        ("[0,24]", "[0]"),
        ("[0,24]", "[0,1e300]"),
        ("[24,36]", "[24,36000]"),
        ("\"F32\"", "\"F16\""),
        ("\"F32\"", "32"),
        ("[2,3]", "[3,2]"),
        ("[2,3]", "\"2,3\""),
        ("{\"dtype\"", "{\"type\""),
    ] {
        assert!(head.contains(from), "{from} in {head}");
        let error = message(model.load_weights(&with(&head.replacen(from, to, 1))));
        assert!(error.starts_with("weights: "), "{error}");
    }
    let huge = [&u64::MAX.to_le_bytes(), &whole[8..]].concat();
    assert!(message(model.load_weights(&huge)).contains("not a safetensors file"));
    let after: Vec<Vec<f32>> = model.values().iter().map(|w| w.data().to_vec()).collect();
    assert_eq!(before, after);
}

#[test]
fn a_setting_of_a_loss_that_nothing_reads_is_refused() {
    let ignoring = |class: Value| {
        let config = json!({ "ignore_class": class, "name": "loss" });
        Loss::from_json(&json!({ "class_name": "SparseCategoricalCrossentropy", "config": config }))
    };
    assert!(ignoring(Value::Null).is_ok(), "as Keras writes it");
    let refused = message(ignoring(json!(0)));
    assert!(
        refused.contains("unknown key \"ignore_class\""),
        "{refused}"
    );
}
