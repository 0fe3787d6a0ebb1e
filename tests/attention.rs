//! Keras' numbers for layers of normalisation, activation and attention with settings, masks and inputs that
//! `keras-1.json` does not have (`tests/oracle/attention.py` made them): outputs and gradients within 1e-5 of their scale.
#![cfg(not(target_arch = "wasm32"))]
mod oracle;

use mapling::base::json::{self, Fields, Value};
use mapling::base::rng::Rng;
use mapling::nn::{
    AdditiveAttention, Context, Dims, Effects, Masks, Member, Model, MultiHeadAttention, Symbol,
};
use mapling::ops::Heads;
use mapling::parallel::set_threads;
use mapling::tensor::shape::Shape;
use mapling::{Result, Tensor};
use oracle::{tensor, within};

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn check(case: &Value) -> Result<()> {
    let (name, class) = (
        case["name"].as_str().unwrap(),
        case["layer"].as_str().unwrap(),
    );
    let member = Member::parse(class, &case["config"])?;
    let layer = member.layer();
    let inputs: Vec<Tensor> = list(&case["inputs"])
        .iter()
        .map(|x| tensor(x).tracked())
        .collect();
    // Inputs by name are told by their places.
    let mut options: Fields = case["options"].as_object().unwrap().to_vec();
    for (key, place) in case["named"].as_object().unwrap() {
        options.push((key.clone(), vec![place.clone()].into()));
    }
    let (order, options) = layer.arrange(inputs.len(), Value::Object(options))?;
    let given: Vec<Tensor> = order.iter().map(|&place| inputs[place].clone()).collect();
    let mask = |&place: &usize| match &list(&case["masks"]).get(place) {
        Some(Value::Null) | None => None,
        Some(mask) => Some(tensor(mask)),
    };
    let masks: Masks = order.iter().map(mask).collect();
    let samples: Vec<Shape> = given
        .iter()
        .map(|x| Shape::new(&x.shape()[1..]))
        .collect::<Result<_>>()?;
    let specs = layer.weights(&samples);
    let mut weights = Vec::new();
    for (spec, keras) in specs.iter().zip(list(&case["weights"])) {
        let value = tensor(keras);
        assert_eq!(spec.name, keras["name"].as_str().unwrap(), "{name}");
        assert_eq!(spec.shape, **value.shape(), "{name}: {}", spec.name);
        weights.push(value.tracked());
    }
    assert_eq!(specs.len(), list(&case["weights"]).len(), "{name}");
    let (mut rng, mut effects) = (Rng::new(0), Effects::default());
    let mut context = Context::new(false, &mut rng, &mut effects);
    (context.masks, context.options) = (&masks, &options);
    let outputs = member.call(&given, &weights, &mut context, false)?;
    let keras = list(&case["outputs"]);
    assert_eq!(outputs.len(), keras.len(), "{name}");
    let dims: Vec<Dims> = samples.iter().map(|sample| Dims::fixed(sample)).collect();
    let promised = layer.output_dims_with(&dims, &options)?;
    let mut total: Option<Tensor> = None;
    for (place, (y, keras)) in outputs.iter().zip(keras).enumerate() {
        let what = format!("{name}: output {place}");
        assert_eq!(y.shape(), tensor(keras).shape(), "{what}");
        assert_eq!(promised[place], Dims::fixed(&y.shape()[1..]), "{what}");
        within(1e-5, &what, y.data(), tensor(keras).data());
        let part = y
            .mul(&tensor(&list(&case["dys"])[place]))?
            .sum(&[], false)?;
        total = Some(match total {
            Some(total) => total.add(&part)?,
            None => part,
        });
    }
    let gradients = total.unwrap().backward()?;
    let leaves = inputs.iter().chain(&weights);
    let expected = list(&case["dinputs"]).iter().chain(list(&case["dweights"]));
    // All are of one scale. Some are so small that rounding is all there is of them: that of the bias of keys is 0.
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for (leaf, keras) in leaves.zip(expected) {
        let gradient = gradients.get(leaf);
        let gradient = gradient.unwrap_or(Tensor::zeros(leaf.shape())?);
        assert_eq!(gradient.shape(), tensor(keras).shape(), "{name}");
        ours.extend_from_slice(gradient.data());
        theirs.extend_from_slice(tensor(keras).data());
    }
    within(1e-5, &format!("{name}: gradients"), &ours, &theirs);
    Ok(())
}

#[test]
fn settings_masks_and_several_inputs_are_keras() {
    let oracle = json::parse(include_str!("oracle/attention.json")).unwrap();
    for case in list(&oracle["cases"]) {
        check(case).unwrap_or_else(|error| panic!("{}: {error}", case["name"]));
    }
}

fn random(shape: &[usize], seed: u64) -> Tensor {
    let (size, mut rng) = (shape.iter().product(), Rng::new(seed));
    Tensor::new((0..size).map(|_| rng.normal()).collect(), shape).unwrap()
}

#[test]
fn rows_and_heads_have_the_same_bits_on_any_number_of_threads() -> Result<()> {
    let how = Heads {
        count: 4,
        scale: 0.25,
        causal: true,
        mask: None,
        mean_if_blind: true,
        dropped: None,
    };
    let run = || -> Result<Vec<Vec<f32>>> {
        let [q, k, v] = [1, 2, 3].map(|seed| random(&[32, 64, 64], seed).tracked());
        let [gamma, beta] = [4, 5].map(|seed| random(&[64], seed).tracked());
        let y = q.attention(&k, &v, &how)?;
        let normal = y.layer_norm(Some(&gamma), Some(&beta), 1e-3, true)?;
        let products = normal.matmul_transposed(&normal)?;
        let gradients = products.sum(&[], false)?.backward()?;
        let leaves = [&q, &k, &v, &gamma, &beta];
        let mut all = vec![
            y.data().to_vec(),
            normal.data().to_vec(),
            products.data().to_vec(),
        ];
        all.extend(leaves.map(|leaf| gradients.get(leaf).unwrap().data().to_vec()));
        Ok(all)
    };
    set_threads(1);
    let alone = run()?;
    for threads in [2, 3] {
        set_threads(threads);
        assert!(alone == run()?, "{threads} threads");
    }
    set_threads(1);
    Ok(())
}

#[test]
fn inputs_by_name_are_written_and_read_as_keras_does() -> Result<()> {
    let inputs = [[3, 4], [5, 6], [5, 4], [3, 5]].map(Symbol::input);
    let member = Member::new(MultiHeadAttention::new(2, 3))?;
    let options = json::parse(
        r#"{"value": [2], "key": [3], "attention_mask": [1], "return_attention_scores": true}"#,
    )?;
    let [query, value, key, mask] = &inputs;
    let given = [query, mask, value, key].map(Symbol::clone);
    let outputs = member.apply_with(&given, options)?;
    assert_eq!(format!("{:?}", outputs[1].dims()), "[2, 3, 5]");
    let model = Model::new(&inputs, &outputs)?;
    model.build(None, 1)?;
    let written = model.to_json();
    let layers = written["config"]["layers"].as_array().unwrap();
    let call = &layers.last().unwrap()["inbound_nodes"][0];
    assert_eq!(call["args"].as_array().unwrap().len(), 3);
    let mask = &call["kwargs"]["attention_mask"];
    assert_eq!(mask["class_name"].as_str(), Some("__keras_tensor__"));
    assert_eq!(call["kwargs"]["return_attention_scores"], Value::Bool(true));
    let again = Model::from_json(&written)?;
    again.build(None, 2)?;
    for (own, other) in model.weights().iter().zip(again.weights()) {
        assert_eq!(own.name(), other.name());
        other.set(&own.value())?;
    }
    let samples = [[2, 3, 4], [2, 5, 6], [2, 5, 4], [2, 3, 5]];
    let mut x: Vec<Tensor> = samples
        .iter()
        .zip(1..)
        .map(|(s, seed)| random(s, seed))
        .collect();
    x[3] = x[3].step();
    let [first, second] = [model.forward(&x)?, again.forward(&x)?];
    assert_eq!(first[0].data(), second[0].data());
    assert_eq!(first[1].data(), second[1].data());
    // A third input by place is the key, and no fourth is one.
    assert!(member.apply(&inputs[..3]).is_ok());
    let refused = member.apply(&inputs).err().unwrap().to_string();
    assert!(refused.contains("but there are 4 inputs"), "{refused}");
    Ok(())
}

#[test]
fn queries_values_and_keys_that_do_not_fit_are_refused() {
    let refusal = |inputs: &[&[usize]], member: &Member| {
        let symbols: Vec<Symbol> = inputs.iter().map(|x| Symbol::input(*x)).collect();
        member.apply(&symbols).err().unwrap().to_string()
    };
    let heads = Member::new(MultiHeadAttention::new(2, 3)).unwrap();
    let additive = Member::new(AdditiveAttention::new()).unwrap();
    for (inputs, member, expected) in [
        (
            &[&[3, 4][..]][..],
            &heads,
            "a query, a value and perhaps a key are expected, but there are 1 inputs",
        ),
        (&[&[3, 4], &[5]], &heads, "samples must be [time, features]"),
        (
            &[&[3, 4], &[5, 4], &[6, 4]],
            &heads,
            "as many keys as values",
        ),
        (&[&[3, 4], &[5, 6]], &additive, "do not fit together"),
    ] {
        let refused = refusal(inputs, member);
        assert!(refused.contains(expected), "{refused}");
    }
    for config in [
        r#"{"num_heads": 0, "key_dim": 2}"#,
        r#"{"num_heads": 2, "key_dim": 2, "attention_axes": [1, 2]}"#,
        r#"{"num_heads": 2, "key_dim": 2, "use_gate": true}"#,
        r#"{"num_heads": 2, "key_dim": 2, "sliding_window": 3}"#,
        r#"{"num_heads": 2, "key_dim": 2, "dropout": 1}"#,
        r#"{"num_heads": 2, "key_dim": 2, "output_shape": []}"#,
        r#"{"num_heads": 2}"#,
    ] {
        let config = json::parse(config).unwrap();
        assert!(
            Member::parse("MultiHeadAttention", &config).is_err(),
            "{config}"
        );
    }
    let mean = Member::parse("Attention", &Value::Null).unwrap();
    let causal = json::parse(r#"{"use_causal_mask": 3}"#).unwrap();
    let input = Symbol::input([2, 2]);
    let refused = mean
        .apply_with(&[input.clone(), input], causal)
        .err()
        .unwrap();
    assert!(
        refused
            .to_string()
            .contains("`use_causal_mask`: expected true or false"),
        "{refused}"
    );
}
