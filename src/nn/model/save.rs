//! Weights by their names, as a file in the safetensors format.
use super::Weight;
use super::safetensors::{self, Entry};
use crate::base::error::{Error, Result, bail};
use crate::base::json::{Fields, Value, brief, json};
use crate::base::sorted::sorted;
use crate::tensor::Tensor;
use alloc::{format, string::String, vec::Vec};
use core::fmt;

/// The weights as one file. Its memory is asked for once, and each value is written once.
///
/// # Errors
/// `State` if the file does not fit into memory.
pub(super) fn save<'a>(weights: impl Iterator<Item = &'a Weight>) -> Result<Vec<u8>> {
    let weights: Vec<&Weight> = weights.collect();
    let (mut head, mut end) = (Fields::new(), 0);
    for weight in &weights {
        let from = end;
        end += size_of_val(weight.value.data());
        let entry = json!({
            "dtype": "F32",
            "shape": weight.value.shape().to_vec(),
            "data_offsets": [from, end]
        });
        head.push((weight.name.clone(), entry));
    }
    let mut head = format!("{}", Value::Object(head));
    // Values that start at a multiple of eight bytes can be read in place.
    while !head.len().is_multiple_of(8) {
        head.push(' ');
    }
    let mut file = Vec::new();
    let length = 8 + head.len() + end;
    if file.try_reserve_exact(length).is_err() {
        bail!(
            State,
            "save_weights: a file of {length} bytes does not fit into memory"
        );
    }
    file.extend_from_slice(&(head.len() as u64).to_le_bytes());
    file.extend_from_slice(head.as_bytes());
    for weight in weights {
        let values = weight.value.data().iter();
        file.extend(values.flat_map(|value| value.to_le_bytes()));
    }
    Ok(file)
}

/// The values for these weights, in their order. Any value may be one, NaN and infinities too: a run that has
/// diverged can be saved and comes back as it was. Tensors of other names are left alone.
///
/// # Errors
/// `Format` if the file is not what the format allows, or a weight is missing or has another type or shape;
/// `State` if the values do not fit into memory.
pub(super) fn load<'a>(
    file: &[u8],
    weights: impl Iterator<Item = &'a Weight>,
) -> Result<Vec<Tensor>> {
    let (entries, bytes) = safetensors::read(file)?;
    let names = entries.iter().enumerate();
    let names: Vec<(&str, usize)> = names.map(|(place, entry)| (&*entry.name, place)).collect();
    let names = sorted(names);
    let load = |weight: &Weight| {
        let found = names.binary_search_by(|(name, _)| (*name).cmp(&weight.name));
        let entry = found.ok().and_then(|place| entries.get(names[place].1));
        match entry {
            Some(entry) => one(weight, entry, &bytes[entry.from..entry.to]),
            None => bail!(
                Format,
                "weights: `{}` is not in the file, which has {}",
                weight.name,
                brief(&Names(&entries))
            ),
        }
    };
    weights.map(load).collect()
}

/// Names one after the other.
struct Names<'a>(&'a [Entry]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, entry) in self.0.iter().enumerate() {
            f.write_str(if place == 0 { "" } else { ", " })?;
            f.write_str(&entry.name)?;
        }
        Ok(())
    }
}

fn one(weight: &Weight, entry: &Entry, bytes: &[u8]) -> Result<Tensor> {
    let (name, shape) = (&weight.name, weight.value.shape());
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
            bytes.len()
        )));
    }
    let words = bytes.as_chunks::<4>().0;
    values.extend(words.iter().map(|&word| f32::from_le_bytes(word)));
    Tensor::new(values, shape)
}

/// `MaxPooling2D` as `max_pooling2d`.
pub(super) fn snake(class_name: &str) -> String {
    let mut snake = String::new();
    let mut previous_lower = false;
    for c in class_name.chars() {
        if c.is_ascii_uppercase() && previous_lower {
            snake.push('_');
        }
        previous_lower = c.is_ascii_lowercase();
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn weight(name: &str, values: &[f32]) -> Weight {
        Weight {
            name: name.to_string(),
            value: Tensor::new(values.to_vec(), &[values.len()]).unwrap(),
            trainable: true,
        }
    }

    #[test]
    fn every_value_comes_back_with_its_bits_also_after_a_run_that_diverged() {
        let values = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -0.0, 1e-45, 1.5];
        let weights = [
            weight("b", &values),
            weight("a", &[f32::from_bits(0xffc0_1234)]),
        ];
        let file = save(weights.iter()).unwrap();
        for (weight, loaded) in weights.iter().zip(load(&file, weights.iter()).unwrap()) {
            let bits = |tensor: &Tensor| -> Vec<u32> {
                tensor.data().iter().map(|value| value.to_bits()).collect()
            };
            assert_eq!(bits(&weight.value), bits(&loaded), "{}", weight.name);
        }
    }

    #[test]
    fn a_weight_that_is_missing_is_named_beside_what_is_there() {
        let many: Vec<Weight> = (0..1000)
            .map(|at| weight(&format!("layer{at}"), &[0.0]))
            .collect();
        let missing = [weight("other", &[0.0])];
        let error = load(&save(many.iter()).unwrap(), missing.iter())
            .unwrap_err()
            .to_string();
        let expected = "weights: `other` is not in the file, which has layer0, layer1, ";
        assert!(error.starts_with(expected) && error.len() < 150, "{error}");
    }
}
