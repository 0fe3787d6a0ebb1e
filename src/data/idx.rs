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
    let shape = shape(bytes, bytes.len())?;
    let data = &bytes[4 + 4 * shape.len()..];
    Ok(Idx { shape, data })
}

/// How many bytes of a file [`shape`] wants to see.
pub const HEADER: usize = 4 + 4 * MAX_RANK;

/// The dimensions of a file of `length` bytes that begins with `header`: its first [`HEADER`] bytes, or all of them.
///
/// # Errors
/// As for [`parse`].
pub fn shape(header: &[u8], length: usize) -> Result<Vec<usize>> {
    let Some((magic, rest)) = header.split_first_chunk::<4>() else {
        bail!(Format, "idx: {length} bytes are too few for a header");
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
    let Some(sizes) = rest.get(..4 * rank) else {
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
    let values = length.saturating_sub(4 + 4 * rank);
    if promised != Some(values) {
        bail!(
            Format,
            "idx: {values} values follow the header, which promises {shape:?}"
        );
    }
    Ok(shape)
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
    fn the_first_bytes_and_the_length_tell_the_shape() {
        let mut header = alloc::vec![0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28];
        header.extend([1; 12]);
        assert_eq!(header.len(), HEADER);
        assert_eq!(shape(&header, 16 + 2 * 784).unwrap(), [2, 28, 28]);
        assert!(shape(&header, 16 + 2 * 784 - 1).is_err());
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
