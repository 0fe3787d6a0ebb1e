//! What is refused here and what the format's own program refuses agree.
use super::*;
use ::safetensors::tensor::SafeTensors;
use alloc::string::ToString;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// A file with this head and so many bytes behind.
fn file(head: &str, bytes: usize) -> Vec<u8> {
    let values = (0..bytes).map(|at| at as u8);
    let length = (head.len() as u64).to_le_bytes();
    length
        .into_iter()
        .chain(head.bytes())
        .chain(values)
        .collect()
}

const GOOD: &str = r#"{"a":{"dtype":"F32","shape":[2,1],"data_offsets":[4,12]},"__metadata__":{"format":"pt"},"b":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"c":{"dtype":"F32","shape":[0,7],"data_offsets":[12,12]}}  "#;

/// Name, type, shape and bytes of a tensor.
type Found<'a> = (String, &'static str, Vec<usize>, &'a [u8]);

/// The tensors of a file, in the order of their names.
fn found(file: &[u8]) -> Result<Vec<Found<'_>>> {
    let (entries, bytes) = read(file)?;
    let found = entries.into_iter().map(|entry| {
        let own = &bytes[entry.from..entry.to];
        (entry.name, entry.dtype, entry.shape, own)
    });
    Ok(sorted(found.collect()))
}

fn refused(file: &[u8]) -> String {
    read(file).err().expect("an error").to_string()
}

#[test]
fn tensors_of_any_type_and_order_are_found_by_name() {
    let whole = file(GOOD, 12);
    let expected: [(&str, &str, &[usize], &[u8]); 3] = [
        ("a", "F32", &[2, 1], &[4, 5, 6, 7, 8, 9, 10, 11]),
        ("b", "F16", &[2], &[0, 1, 2, 3]),
        ("c", "F32", &[0, 7], &[]),
    ];
    let found = found(&whole).unwrap();
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!((&*found.0, found.1, &*found.2, found.3), expected);
    }
    assert!(SafeTensors::deserialize(&whole).is_ok());
    assert_eq!(read(&file("{}", 0)).unwrap().0.len(), 0);
}

#[test]
fn what_the_format_does_not_allow_is_refused_with_the_part_and_the_tensor() {
    let cases = [
        ("[4,12]", "[0,8]", "tensor `a`: its bytes 0 to 8 overlap"),
        (
            "[4,12]",
            "[5,13]",
            "tensor `a`: its bytes 5 to 13 leave a hole",
        ),
        (
            "[4,12]",
            "[12,4]",
            "tensor `a`: its data_offsets cannot be [12,4]",
        ),
        (
            "[4,12]",
            "[4,11]",
            "tensor `a`: 7 bytes cannot be F32 [2,1]",
        ),
        ("[4,12]", "[-4,4]", "tensor `a`: its data_offsets"),
        ("[4,12]", "[4,1e30]", "tensor `a`: its data_offsets"),
        ("[2,1]", "[2,2]", "tensor `a`: 8 bytes cannot be F32 [2,2]"),
        (
            "[2,1]",
            "2",
            "tensor `a`: its shape: expected a list, not 2",
        ),
        (
            "[2,1]",
            "[4294967296,4294967296,4294967296]",
            "tensor `a`: 8 bytes",
        ),
        (
            "\"F16\"",
            "\"F128\"",
            "tensor `b`: its type cannot be \"F128\"",
        ),
        (
            "\"F16\"",
            "\"F6_E2M3\"",
            "tensor `b`: 4 bytes cannot be F6_E2M3 [2]",
        ),
        (
            "\"b\"",
            "\"a\"",
            "its head: JSON: expected each name once in an object, not `a` again",
        ),
        (
            "\"pt\"",
            "1",
            "`__metadata__` of its head is not texts by name",
        ),
        ("{\"a\"", " {\"a\"", "its head is not a JSON object"),
        ("  ", " x", "its head: JSON: expected the end"),
    ];
    for (from, to, expected) in cases {
        let head = GOOD.replacen(from, to, 1);
        assert_ne!(head, GOOD, "{from}");
        let error = refused(&file(&head, 12));
        assert!(error.contains(expected), "{from} → {to}: {error}");
    }
    assert!(
        refused(&file(GOOD, 11))
            .contains("tensor `a`: its bytes 4 to 12 go beyond the end of the file")
    );
    assert!(refused(&file(GOOD, 13)).contains("1 bytes at its end belong to no tensor"));
    assert!(refused(&file("{}", 0)[..9]).contains("its head is cut off"));
    assert!(refused(&file("{}", 0)[..7]).contains("too short"));
    let long = [&100_000_001_u64.to_le_bytes()[..], b"{}"].concat();
    assert!(refused(&long).contains("its head would be 100000001 bytes long"));
    assert!(refused(&file("[1]", 0)).contains("not a JSON object"));
    assert!(refused(&[&3_u64.to_le_bytes()[..], b"{\"\xff"].concat()).contains("not UTF-8"));
}

/// A file that was good, with some bytes replaced, taken out or put in.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    // Mostly what heads are written in, so that more than the JSON is tried.
    let byte = prop_oneof![
        3 => prop::sample::select(b"0123456789[]{},:\"-F abc".to_vec()),
        1 => any::<u8>(),
    ];
    let change = (any::<prop::sample::Index>(), byte, 0..3);
    (prop::collection::vec(change, 1..4), any::<bool>()).prop_map(|(changes, right_length)| {
        let mut bytes = file(GOOD, 12);
        for (place, byte, kind) in changes {
            let at = place.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, byte),
            }
        }
        // Where the length of the head is right, more than that is tried.
        if right_length {
            let head = bytes.len().saturating_sub(8 + 12) as u64;
            for (byte, right) in bytes.iter_mut().zip(head.to_le_bytes()) {
                *byte = right;
            }
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(13), ..ProptestConfig::with_cases(5000) })]

    #[test]
    fn a_changed_file_is_read_as_the_formats_own_program_reads_it(bytes in mutated()) {
        match (found(&bytes), SafeTensors::deserialize(&bytes)) {
            (Ok(ours), Ok(theirs)) => {
                prop_assert_eq!(ours.len(), theirs.len());
                for (name, dtype, shape, values) in ours {
                    let view = theirs.tensor(&name).unwrap();
                    prop_assert_eq!(view.shape(), &*shape);
                    prop_assert_eq!(view.data(), values);
                    prop_assert_eq!(view.dtype().to_string(), dtype);
                }
            }
            // A whole number may be written as `2.0` or `-0` here.
            (Ok(_), Err(error)) => {
                let error = error.to_string();
                prop_assert!(error.contains("floating point"), "only they refuse: {}", error);
            }
            // What the description forbids and the program lets pass.
            (Err(ours), Ok(_)) => {
                let ours = ours.to_string();
                let stricter = ours.contains("each name once") || ours.contains("not a JSON object");
                prop_assert!(stricter, "only we refuse: {}", ours);
            }
            (Err(ours), Err(_)) => prop_assert!(ours.to_string().starts_with("weights: not a safetensors file (")),
        }
    }

    #[test]
    fn bytes_of_any_kind_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), head in 0u64..64) {
        let _ = read(&bytes);
        let _ = read(&[&head.to_le_bytes()[..], b"{", &bytes].concat());
    }
}

#[test]
fn a_head_of_many_tensors_is_read_in_moments() {
    let count = 20_000;
    let entries: Vec<String> = (0..count)
        .map(|at| {
            format!(
                r#""t{at}":{{"dtype":"U8","shape":[1],"data_offsets":[{at},{}]}}"#,
                at + 1
            )
        })
        .collect();
    let whole = file(&format!("{{{}}}", entries.join(",")), count);
    assert_eq!(found(&whole).unwrap().len(), count);
}
