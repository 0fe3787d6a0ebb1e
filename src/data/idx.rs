//! IDX, the file format of MNIST (LeCun, Cortes and Burges, <http://yann.lecun.com/exdb/mnist/>):
//! two zero bytes, a type, the number of dimensions, each dimension as a big-endian `u32`, the values.
use crate::base::error::{Result, bail};
use alloc::vec::Vec;

/// The only type of value that is read: unsigned bytes, as in MNIST and its relatives.
const UNSIGNED_BYTE: u8 = 0x08;
/// Images in colour have four dimensions; more has not been seen.
const MAX_RANK: usize = 6;

/// An IDX file that lies in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idx<'a> {
    /// The dimensions, outermost first: `[60000, 28, 28]` for images, `[60000]` for labels.
    pub shape: Vec<usize>,
    /// The values, row-major; as many as the dimensions' product.
    pub data: &'a [u8],
}

/// Reads an uncompressed IDX file of unsigned bytes.
///
/// # Errors
/// `Format` if the bytes are anything else, too short or too long.
pub fn parse(bytes: &[u8]) -> Result<Idx<'_>> {
    let Some((magic, rest)) = bytes.split_first_chunk::<4>() else {
        bail!(
            Format,
            "idx: {} bytes are too few for a header",
            bytes.len()
        );
    };
    let &[zero, zero_too, kind, rank] = magic;
    if magic.starts_with(&[0x1f, 0x8b]) {
        bail!(Format, "idx: the file is still compressed (gzip)");
    }
    if (zero, zero_too) != (0, 0) {
        bail!(
            Format,
            "idx: not an IDX file: it starts with {magic:02x?} instead of two zeros"
        );
    }
    if kind != UNSIGNED_BYTE {
        bail!(
            Format,
            "idx: values of type 0x{kind:02x}; only unsigned bytes (0x08) are read"
        );
    }
    let rank = usize::from(rank);
    if !(1..=MAX_RANK).contains(&rank) {
        bail!(Format, "idx: {rank} dimensions; expected 1 to {MAX_RANK}");
    }
    let Some((sizes, data)) = rest.split_at_checked(4 * rank) else {
        bail!(
            Format,
            "idx: the file ends within the sizes of its {rank} dimensions"
        );
    };
    let shape: Vec<usize> = sizes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|&size| u32::from_be_bytes(size) as usize)
        .collect();
    let promised = shape
        .iter()
        .try_fold(1, |product: usize, &size| product.checked_mul(size));
    if promised != Some(data.len()) {
        bail!(
            Format,
            "idx: {} values follow the header, which promises {shape:?}",
            data.len()
        );
    }
    Ok(Idx { shape, data })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    fn message(bytes: &[u8]) -> alloc::string::String {
        parse(bytes).unwrap_err().to_string()
    }

    #[test]
    fn images_and_labels_are_read() {
        let images = parse(&[
            0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6,
        ])
        .unwrap();
        assert_eq!(
            (images.shape.as_slice(), images.data),
            (&[2, 1, 3][..], &[1, 2, 3, 4, 5, 6][..])
        );
        let labels = parse(&[0, 0, 8, 1, 0, 0, 0, 2, 7, 9]).unwrap();
        assert_eq!(
            (labels.shape.as_slice(), labels.data),
            (&[2][..], &[7, 9][..])
        );
        assert!(parse(&[0, 0, 8, 1, 0, 0, 0, 0]).unwrap().data.is_empty());
    }

    #[test]
    fn every_truncation_and_every_extension_is_refused() {
        let whole = [0, 0, 8, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4];
        for end in 0..whole.len() {
            assert!(message(&whole[..end]).starts_with("idx: "), "{end} bytes");
        }
        let mut longer = whole.to_vec();
        longer.push(5);
        assert_eq!(
            message(&longer),
            "idx: 5 values follow the header, which promises [2, 2]"
        );
    }

    #[test]
    fn foreign_files_are_refused_by_name() {
        assert!(message(b"\x89PNG\r\n").contains("not an IDX file"));
        assert!(message(&[0x1f, 0x8b, 8, 0, 0]).contains("gzip"));
        assert!(message(&[0, 0, 13, 1, 0, 0, 0, 0]).contains("type 0x0d"));
        assert!(message(&[0, 0, 8, 0]).contains("0 dimensions"));
        assert!(message(&[0, 0, 8, 255]).contains("255 dimensions"));
    }

    #[test]
    fn dimensions_that_overflow_are_refused() {
        let mut bytes = alloc::vec![0, 0, 8, 6];
        bytes.extend([255; 24]);
        assert!(message(&bytes).contains("promises"));
    }
}
