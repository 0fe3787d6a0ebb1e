//! Metrics over several batches, with weights, against values worked out by hand.
#![cfg(not(target_arch = "wasm32"))]
use mapling::base::json::{Value, json};
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::metrics::Metric;
use mapling::nn::Dims;
use mapling::{Result, Tensor};

/// Targets, predictions and weights.
type Given<'a> = (&'a [f32], &'a [f32], Option<&'a [f32]>);

/// The value of a metric over batches of targets, predictions and weights, in rows of `width`.
fn over(metric: &Value, width: usize, batches: &[Given]) -> Result<f32> {
    let metric = Metric::from_json(metric, &Loss::named("mse")?, &Dims::from([width]))?;
    let mut sums = vec![0.0; metric.sums()];
    for (targets, predictions, weights) in batches {
        let shape = [predictions.len() / width, width];
        let targets = Targets::Values(Tensor::new(
            targets.to_vec(),
            &[shape[0], targets.len() / shape[0]],
        )?);
        let predictions = Tensor::new(predictions.to_vec(), &shape)?;
        let weights = match weights {
            Some(weights) => Some(Tensor::new(weights.to_vec(), &[shape[0]])?),
            None => None,
        };
        metric.add(&targets, &predictions, weights.as_ref(), &mut sums)?;
    }
    Ok(metric.value(&sums))
}

#[track_caller]
fn is(found: Result<f32>, expected: f32) {
    let found = found.unwrap();
    assert!((found - expected).abs() < 1e-5, "{found}, not {expected}");
}

#[test]
fn precision_recall_and_area_over_an_epoch_are_no_means_of_batches() {
    // The first batch has one yes that is right, the second three of which one is.
    let first: Given = (&[1.0, 0.0], &[0.9, 0.1], None);
    let second: Given = (&[0.0, 0.0, 1.0, 1.0], &[0.8, 0.7, 0.6, 0.2], None);
    is(over(&"precision".into(), 1, &[first, second]), 2.0 / 4.0);
    is(over(&"recall".into(), 1, &[first, second]), 2.0 / 3.0);
    is(over(&"true_positives".into(), 1, &[first, second]), 2.0);
    is(over(&"false_positives".into(), 1, &[first, second]), 2.0);
    is(over(&"false_negatives".into(), 1, &[first, second]), 1.0);
    is(over(&"true_negatives".into(), 1, &[first, second]), 1.0);
    // Of nine pairs of a positive and a negative, five are in order.
    is(over(&"auc".into(), 1, &[first, second]), 5.0 / 9.0);
    let strict = json!({ "class_name": "Precision", "config": { "thresholds": [0.75] } });
    is(over(&strict, 1, &[first, second]), 1.0 / 2.0);
}

#[test]
fn samples_count_by_their_weights() {
    let weights: &[f32] = &[1.0, 3.0];
    let batch: [Given; 1] = [(&[0.0, 1.0], &[0.5, 0.75], Some(weights))];
    is(over(&"mse".into(), 1, &batch), (0.25 + 3.0 * 0.0625) / 4.0);
    is(over(&"mae".into(), 1, &batch), (0.5 + 3.0 * 0.25) / 4.0);
    is(
        over(&"root_mean_squared_error".into(), 1, &batch),
        ((0.25f32 + 3.0 * 0.0625) / 4.0).sqrt(),
    );
    let answers: [Given; 1] = [(&[1.0, 1.0], &[0.9, 0.2], Some(weights))];
    is(over(&"recall".into(), 1, &answers), 1.0 / 4.0);
    is(over(&"binary_accuracy".into(), 1, &answers), 1.0 / 4.0);
}

#[test]
fn scores_of_classes_are_averaged_as_asked() {
    // Classes 0 and 1 each with a mistake in favour of the other, class 2 right.
    let targets: &[f32] = &[1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0];
    let scores: &[f32] = &[0.9, 0.1, 0.0, 0.2, 0.8, 0.0, 0.1, 0.9, 0.0, 0.0, 0.1, 0.9];
    let f1 = |average: &str| {
        let metric = json!({ "class_name": "F1Score", "config": { "average": average } });
        over(&metric, 3, &[(targets, scores, None)])
    };
    let third = 2.0 / 3.0;
    is(f1("macro"), (third + third + 1.0) / 3.0);
    is(f1("micro"), 0.75);
    is(f1("weighted"), (2.0 * third + third + 1.0) / 4.0);
    // Class numbers are taken for rows with a 1.
    let labels: &[f32] = &[0.0, 0.0, 1.0, 2.0];
    is(
        over(
            &"sparse_categorical_accuracy".into(),
            3,
            &[(labels, scores, None)],
        ),
        0.75,
    );
    let top = json!({ "class_name": "SparseTopKCategoricalAccuracy", "config": { "k": 2 } });
    is(over(&top, 3, &[(labels, scores, None)]), 1.0);
}

#[test]
fn perplexity_is_the_exponent_of_the_mean_over_all_batches() {
    let (sure, unsure): (&[f32], &[f32]) = (&[0.5, 0.5], &[0.875, 0.125]);
    let truth: &[f32] = &[0.0, 1.0];
    let batches = [(truth, sure, None), (truth, unsure, None)];
    // The mean of ln 2 and ln 8 is ln 4.
    is(over(&"perplexity".into(), 2, &batches), 4.0);
}

#[test]
fn unknown_metrics_and_settings_are_told_with_what_there_is() {
    let refused = |metric: &Value| match over(metric, 1, &[]) {
        Ok(_) => panic!("{metric} is taken"),
        Err(error) => error.to_string(),
    };
    assert!(refused(&"precison".into()).contains("there are accuracy"));
    let odd = json!({ "class_name": "AUC", "config": { "num_threshold": 10 } });
    assert!(refused(&odd).contains("did you mean \"num_thresholds\"?"));
    let few = json!({ "class_name": "AUC", "config": { "num_thresholds": 1 } });
    assert!(refused(&few).contains("from 2 to 100000 thresholds"));
}
