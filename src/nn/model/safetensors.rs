//! The safetensors format: names, types, shapes and little-endian values, readable by every other framework.
//!
//! A file is the head's length (eight bytes, little-endian), the head as JSON (for each tensor its type, its
//! shape, and the range of its bytes), and the bytes. The rules are those of the format's own description and
//! program (<https://github.com/huggingface/safetensors>, section *Format*): names are not repeated, ranges
//! neither overlap nor leave holes, and each is as long as its type and shape say. Values are not looked at:
//! NaN and infinities are values like any other.
use crate::base::error::{Error, ErrorKind, Result, bail};
use crate::base::json::{self, Fields, Setting, Value, brief};
use crate::base::sorted::sorted;
use alloc::{format, string::String, vec::Vec};

/// The longest head that the format allows.
const MOST_HEAD: usize = 100_000_000;

/// Every type of value that the format knows, with its size in bits.
const TYPES: [(&str, usize); 22] = [
    ("F4", 4),
    ("F6_E2M3", 6),
    ("F6_E3M2", 6),
    ("BOOL", 8),
    ("U8", 8),
    ("I8", 8),
    ("F8_E5M2", 8),
    ("F8_E4M3", 8),
    ("F8_E8M0", 8),
    ("F8_E4M3FNUZ", 8),
    ("F8_E5M2FNUZ", 8),
    ("I16", 16),
    ("U16", 16),
    ("F16", 16),
    ("BF16", 16),
    ("I32", 32),
    ("U32", 32),
    ("F32", 32),
    ("F64", 64),
    ("I64", 64),
    ("U64", 64),
    ("C64", 64),
];

/// One tensor of a file.
pub(super) struct Entry {
    pub name: String,
    pub dtype: &'static str,
    pub shape: Vec<usize>,
    /// Where its values begin and end among the bytes behind the head: as many as type and shape say.
    pub from: usize,
    pub to: usize,
}

/// The tensors of a file, and the bytes behind its head.
///
/// # Errors
/// `Format` for anything that the format does not allow; the message names the part of the file, and the tensor.
pub(super) fn read(file: &[u8]) -> Result<(Vec<Entry>, &[u8])> {
    let Some((length, rest)) = file.split_first_chunk::<8>() else {
        return Err(foreign("it is too short for the length of its head"));
    };
    let length = u64::from_le_bytes(*length);
    if length > MOST_HEAD as u64 {
        return Err(foreign(&format!(
            "its head would be {length} bytes long, and at most {MOST_HEAD} are allowed"
        )));
    }
    let Some((head, bytes)) = rest.split_at_checked(length as usize) else {
        return Err(foreign("its head is cut off"));
    };
    let mut entries = Vec::new();
    for (name, entry) in fields(head)? {
        if name == "__metadata__" {
            check_notes(&entry)?;
        } else {
            entries.push(entry_of(name, &entry)?);
        }
    }
    check_ranges(&entries, bytes.len())?;
    Ok((entries, bytes))
}

fn fields(head: &[u8]) -> Result<Fields> {
    if !head.starts_with(b"{") {
        return Err(foreign("its head is not a JSON object"));
    }
    match core::str::from_utf8(head).map(json::parse) {
        Ok(Ok(Value::Object(fields))) => Ok(fields),
        Ok(Ok(_)) => Err(foreign("its head is not a JSON object")),
        Ok(Err(error)) => Err(foreign(&format!("its head: {error}"))),
        Err(_) => Err(foreign("its head is not UTF-8")),
    }
}

/// The head may carry texts by name that are no tensors.
fn check_notes(notes: &Value) -> Result<()> {
    let texts = match notes {
        Value::Null => return Ok(()),
        Value::Object(fields) => fields.iter().all(|(_, text)| text.as_str().is_some()),
        _ => false,
    };
    if !texts {
        return Err(foreign("`__metadata__` of its head is not texts by name"));
    }
    Ok(())
}

/// A tensor as the head describes it.
fn entry_of(name: String, entry: &Value) -> Result<Entry> {
    let dtype = &entry["dtype"];
    let Some(&(dtype, bits)) = TYPES.iter().find(|(one, _)| dtype.as_str() == Some(one)) else {
        return wrong(&name, &format!("its type cannot be {}", brief(dtype)));
    };
    let shape = match Vec::<usize>::read(&entry["shape"]) {
        Ok(shape) => shape,
        Err(error) => return wrong(&name, &format!("its shape: {error}")),
    };
    let range = &entry["data_offsets"];
    let (from, to) = match Vec::<usize>::read(range).as_deref() {
        Ok(&[from, to]) if from <= to => (from, to),
        _ => {
            return wrong(
                &name,
                &format!("its data_offsets cannot be {}", brief(range)),
            );
        }
    };
    let bits = shape
        .iter()
        .try_fold(bits, |product: usize, &length| product.checked_mul(length));
    let bytes = bits.filter(|bits| bits % 8 == 0).map(|bits| bits / 8);
    if bytes != Some(to - from) {
        let shape = brief(&Value::from(shape));
        return wrong(
            &name,
            &format!("{} bytes cannot be {dtype} {shape}", to - from),
        );
    }
    Ok(Entry {
        name,
        dtype,
        shape,
        from,
        to,
    })
}

/// The ranges lie one after the other, from the first byte to the last of `length`.
fn check_ranges(entries: &[Entry], length: usize) -> Result<()> {
    let places = entries.iter().enumerate();
    let ranges = places.map(|(place, entry)| (entry.from, entry.to, place));
    let mut end = 0;
    for (from, to, place) in sorted(ranges.collect()) {
        let what = if from < end {
            "overlap those of the tensor before it"
        } else if from > end {
            "leave a hole behind the tensor before it"
        } else if to > length {
            "go beyond the end of the file"
        } else {
            end = to;
            continue;
        };
        let name = &entries[place].name;
        return wrong(name, &format!("its bytes {from} to {to} {what}"));
    }
    if end < length {
        let left = length - end;
        return Err(foreign(&format!(
            "{left} bytes at its end belong to no tensor"
        )));
    }
    Ok(())
}

fn wrong<T>(name: &str, why: &str) -> Result<T> {
    bail!(
        Format,
        "weights: not a safetensors file (tensor `{}`: {why})",
        brief(&name)
    );
}

fn foreign(why: &str) -> Error {
    Error::new(
        ErrorKind::Format,
        format_args!("weights: not a safetensors file ({why})"),
    )
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
