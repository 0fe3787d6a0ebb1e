//! Weights as safetensors: names, shapes and little-endian `f32`, readable by every other framework.
//!
//! The file is the head's length (eight bytes), the head as JSON (for each tensor its type, its shape,
//! and where its bytes lie), and the bytes.
use crate::base::error::{Error, Result, bail};
use crate::base::json::{self, Fields, Setting, Value, json};
use crate::nn::Weight;
use crate::tensor::Tensor;
use alloc::{format, vec::Vec};

/// The weights as one file.
pub(super) fn save(weights: &[Weight]) -> Vec<u8> {
    let (mut head, mut bytes) = (Fields::new(), Vec::new());
    for weight in weights {
        let from = bytes.len();
        let value = weight.value();
        bytes.extend(value.data().iter().flat_map(|value| value.to_le_bytes()));
        let entry = json!({
            "dtype": "F32",
            "shape": value.shape().to_vec(),
            "data_offsets": [from, bytes.len()]
        });
        head.push((weight.name().into(), entry));
    }
    let mut head = format!("{}", Value::Object(head));
    // Values that start at a multiple of eight bytes can be read in place.
    while !head.len().is_multiple_of(8) {
        head.push(' ');
    }
    let length = (head.len() as u64).to_le_bytes();
    [&length, head.as_bytes(), &bytes].concat()
}

/// The values for these weights, in their order.
pub(super) fn load(file: &[u8], weights: &[Weight]) -> Result<Vec<Tensor>> {
    let (head, bytes) = parts(file)?;
    let load = |weight: &Weight| {
        let (name, shape) = (weight.name(), weight.shape());
        let entry = &head[name];
        if entry == &Value::Null {
            let fields = head.as_object().unwrap_or_default();
            let names: Vec<&str> = fields.iter().map(|(name, _)| &**name).collect();
            bail!(
                Format,
                "weights: `{name}` is not in the file, which has {}",
                names.join(", ")
            );
        }
        let (dtype, found) = (&entry["dtype"], Vec::<usize>::read(&entry["shape"]));
        if dtype.as_str() != Some("F32") || found.as_deref() != Ok(&*shape) {
            bail!(
                Format,
                "weights: `{name}` is {} {:?} in the file, but the model has F32 {shape:?}",
                dtype.as_str().unwrap_or("?"),
                found.unwrap_or_default()
            );
        }
        let own = match Vec::<usize>::read(&entry["data_offsets"]).as_deref() {
            Ok(&[from, to]) => bytes.get(from..to),
            _ => None,
        };
        match own.map(<[u8]>::as_chunks::<4>) {
            Some((words, [])) if words.len() == shape.size() => Tensor::new(
                words.iter().map(|&word| f32::from_le_bytes(word)).collect(),
                &shape,
            ),
            _ => Err(foreign(&format!(
                "the values of `{name}` are not all there"
            ))),
        }
    };
    weights.iter().map(load).collect()
}

/// The head and the bytes of a file that is whole.
fn parts(file: &[u8]) -> Result<(Value, &[u8])> {
    let Some((length, rest)) = file.split_first_chunk::<8>() else {
        return Err(foreign("it is too short"));
    };
    let length = usize::try_from(u64::from_le_bytes(*length)).unwrap_or(usize::MAX);
    let Some((head, bytes)) = rest.split_at_checked(length) else {
        return Err(foreign("its head is cut off"));
    };
    let head = match core::str::from_utf8(head).map(json::parse) {
        Ok(Ok(head @ Value::Object(_))) => head,
        Ok(Err(error)) => return Err(foreign(&format!("{error}"))),
        _ => return Err(foreign("its head is not a JSON object")),
    };
    let tensors = head.as_object().unwrap_or_default().iter();
    let end = tensors
        .filter_map(|(_, entry)| entry["data_offsets"][1].as_u64())
        .max();
    if end.unwrap_or(0) != bytes.len() as u64 {
        return Err(foreign("its length is not what its head says"));
    }
    Ok((head, bytes))
}

fn foreign(why: &str) -> Error {
    Error::Format(format!("weights: not a safetensors file ({why})"))
}
