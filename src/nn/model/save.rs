//! Weights by their names, as a file in the safetensors format.
use super::safetensors::{self, Entry};
use crate::base::error::{Error, Result, bail};
use crate::base::json::{Fields, Value, brief, json};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{format, vec::Vec};

/// The weights as one file.
pub(super) fn save(weights: &[(&str, Tensor)]) -> Vec<u8> {
    let (mut head, mut bytes) = (Fields::new(), Vec::new());
    for (name, value) in weights {
        let from = bytes.len();
        bytes.extend(value.data().iter().flat_map(|value| value.to_le_bytes()));
        let entry = json!({
            "dtype": "F32",
            "shape": value.shape().to_vec(),
            "data_offsets": [from, bytes.len()]
        });
        head.push(((*name).into(), entry));
    }
    let mut head = format!("{}", Value::Object(head));
    // Values that start at a multiple of eight bytes can be read in place.
    while !head.len().is_multiple_of(8) {
        head.push(' ');
    }
    let length = (head.len() as u64).to_le_bytes();
    [&length, head.as_bytes(), &bytes].concat()
}

/// The values for these weights, in their order. Any value may be one, NaN and infinities too: a run that has
/// diverged can be saved and comes back as it was. Tensors of other names are left alone.
///
/// # Errors
/// `Format` if the file is not what the format allows, or a weight is missing or has another type or shape;
/// `State` if the values do not fit into memory.
pub(super) fn load(file: &[u8], weights: &[(&str, Shape)]) -> Result<Vec<Tensor>> {
    let entries = safetensors::read(file)?;
    let found = weights
        .iter()
        .map(|(name, shape)| one(name, shape, &entries));
    found.collect()
}

fn one(name: &str, shape: &Shape, entries: &[Entry<'_>]) -> Result<Tensor> {
    let Ok(place) = entries.binary_search_by(|entry| (*entry.name).cmp(name)) else {
        let names: Vec<&str> = entries.iter().map(|entry| &*entry.name).collect();
        bail!(
            Format,
            "weights: `{name}` is not in the file, which has {}",
            brief(&names.join(", "))
        );
    };
    let entry = &entries[place];
    if entry.dtype != "F32" || entry.shape != **shape {
        bail!(
            Format,
            "weights: `{name}` is {} {:?} in the file, but the model has F32 {shape:?}",
            entry.dtype,
            entry.shape
        );
    }
    let mut values = Vec::new();
    if values.try_reserve_exact(shape.size()).is_err() {
        return Err(Error::State(format!(
            "weights: the {} bytes of `{name}` do not fit into memory",
            entry.bytes.len()
        )));
    }
    let words = entry.bytes.as_chunks::<4>().0;
    values.extend(words.iter().map(|&word| f32::from_le_bytes(word)));
    Tensor::new(values, shape)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::{String, ToString};

    fn row(values: &[f32]) -> Tensor {
        Tensor::new(values.to_vec(), &[values.len()]).unwrap()
    }

    #[test]
    fn every_value_comes_back_with_its_bits_also_after_a_run_that_diverged() {
        let values = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -0.0, 1e-45, 1.5];
        let weights = [
            ("b", row(&values)),
            ("a", row(&[f32::from_bits(0xffc0_1234)])),
        ];
        let wanted = weights
            .each_ref()
            .map(|(name, value)| (*name, *value.shape()));
        let loaded = load(&save(&weights), &wanted).unwrap();
        for ((name, value), loaded) in weights.iter().zip(&loaded) {
            let bits = |tensor: &Tensor| -> Vec<u32> {
                tensor.data().iter().map(|value| value.to_bits()).collect()
            };
            assert_eq!(bits(value), bits(loaded), "{name}");
        }
    }

    #[test]
    fn a_weight_that_is_missing_is_named_beside_what_is_there() {
        let names: Vec<String> = (0..1000).map(|at| format!("layer{at}")).collect();
        let many: Vec<(&str, Tensor)> = names.iter().map(|name| (&**name, row(&[0.0]))).collect();
        let missing = [("other", *row(&[0.0]).shape())];
        let error = load(&save(&many), &missing).unwrap_err().to_string();
        let expected = "weights: `other` is not in the file, which has layer0, layer1, ";
        assert!(error.starts_with(expected) && error.len() < 150, "{error}");
    }
}
