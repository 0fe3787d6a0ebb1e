//! Weights by their names, as a file in the safetensors format.
use super::safetensors::{self, Entry};
use crate::base::error::{Result, bail};
use crate::base::json::{Fields, Value, brief, json};
use crate::base::sorted::sorted;
use crate::memory::{Buffer, ask_for, vector};
use crate::tensor::Tensor;
use crate::tensor::shape::Shape;
use alloc::{format, vec::Vec};
use core::fmt;

/// The weights as one file. Its memory is asked for once, and each value is written once.
///
/// # Errors
/// `Memory` if the file does not fit into memory.
pub(super) fn save(weights: &[(&str, Tensor)]) -> Result<Vec<u8>> {
    let (mut head, mut end) = (Fields::new(), 0);
    for (name, value) in weights {
        let from = end;
        end += size_of_val(value.data());
        let entry = json!({
            "dtype": "F32",
            "shape": value.shape().to_vec(),
            "data_offsets": [from, end]
        });
        head.push(((*name).into(), entry));
    }
    let mut head = format!("{}", Value::Object(head));
    // Values that start at a multiple of eight bytes can be read in place.
    while !head.len().is_multiple_of(8) {
        head.push(' ');
    }
    let mut file = vector("save_weights", 8 + head.len() + end)?;
    file.extend_from_slice(&(head.len() as u64).to_le_bytes());
    file.extend_from_slice(head.as_bytes());
    for (_, value) in weights {
        let values = value.data().iter();
        file.extend(values.flat_map(|value| value.to_le_bytes()));
    }
    Ok(file)
}

/// The values for these weights, in their order. Any value may be one, NaN and infinities too: a run that has
/// diverged can be saved and comes back as it was. Tensors of other names are left alone.
///
/// # Errors
/// `Format` if the file is not what the format allows, or a weight is missing or has another type or shape;
/// `Memory` if the values do not fit into memory.
pub(super) fn load(file: &[u8], weights: &[(&str, Shape)]) -> Result<Vec<Tensor>> {
    let (entries, bytes) = safetensors::read(file)?;
    let names = entries.iter().enumerate();
    let names: Vec<(&str, usize)> = names.map(|(place, entry)| (&*entry.name, place)).collect();
    let names = sorted(names);
    let load = |&(wanted, ref shape): &(&str, Shape)| {
        let found = names.binary_search_by(|(name, _)| (*name).cmp(wanted));
        let entry = found.ok().and_then(|place| entries.get(names[place].1));
        match entry {
            Some(entry) => one(wanted, shape, entry, &bytes[entry.from..entry.to]),
            None => bail!(
                Format,
                "weights: `{wanted}` is not in the file, which has {}",
                brief(&Names(&entries))
            ),
        }
    };
    weights.iter().map(load).collect()
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

fn one(name: &str, shape: &Shape, entry: &Entry, bytes: &[u8]) -> Result<Tensor> {
    if entry.dtype != "F32" || entry.shape != **shape {
        bail!(
            Format,
            "weights: `{name}` is {} {:?} in the file, but the model has F32 {shape:?}",
            entry.dtype,
            entry.shape
        );
    }
    ask_for("load_weights", &[shape.size()])?;
    let words = bytes.as_chunks::<4>().0.iter();
    let values: Buffer = words.map(|&word| f32::from_le_bytes(word)).collect();
    Ok(Tensor::leaf(values, *shape))
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
        let loaded = load(&save(&weights).unwrap(), &wanted).unwrap();
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
        let error = load(&save(&many).unwrap(), &missing)
            .unwrap_err()
            .to_string();
        let expected = "weights: `other` is not in the file, which has layer0, layer1, ";
        assert!(error.starts_with(expected) && error.len() < 150, "{error}");
    }
}
