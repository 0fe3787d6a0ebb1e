//! How the tests read Keras' numbers, and how they compare with them.
use mapling::Tensor;
use mapling::base::json::Value;

pub fn floats(values: &Value) -> Vec<f32> {
    let values = values.as_array().unwrap().iter();
    values.map(|value| value.as_f64().unwrap() as f32).collect()
}

pub fn tensor(value: &Value) -> Tensor {
    let lengths = value["shape"].as_array().unwrap().iter();
    let shape: Vec<usize> = lengths.map(|dim| dim.as_u64().unwrap() as usize).collect();
    Tensor::new(floats(&value["data"]), &shape).unwrap()
}

/// Compares values with those of Keras. Some are so small that rounding is all there is of them: differences are taken
/// as a share of the greatest value, or of a thousandth.
#[allow(dead_code, reason = "not every test that reads these numbers needs it")]
#[track_caller]
pub fn close(what: &str, ours: &[f32], keras: &[f32]) {
    within(1e-5, what, ours, keras);
}

/// The same within another share.
#[track_caller]
pub fn within(share: f32, what: &str, ours: &[f32], keras: &[f32]) {
    assert_eq!(ours.len(), keras.len(), "{what}");
    let scale = keras.iter().fold(1e-3f32, |scale, x| scale.max(x.abs()));
    for (index, (a, b)) in ours.iter().zip(keras).enumerate() {
        let off = (a - b).abs() / scale;
        assert!(off <= share, "{what}[{index}]: {a}, but Keras has {b}");
    }
}
