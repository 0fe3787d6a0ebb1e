//! Products and sums of sizes that users choose. They end at the greatest whole number instead of wrapping: on wasm32,
//! 65,536 × 65,536 would be 0, and memory for nothing would be asked for.

/// The most values that an array may have: what can be addressed, and numbered by the 32 bits of a float.
pub const LIMIT: usize = {
    let addressable = isize::MAX as usize / size_of::<f32>();
    let numbered = u32::MAX as usize;
    if addressable < numbered {
        addressable
    } else {
        numbered
    }
};

/// The product of `sizes`, or the greatest number.
pub(super) fn product<const N: usize>(sizes: [usize; N]) -> usize {
    sizes.into_iter().fold(1, usize::saturating_mul)
}

/// The sum of `sizes`, or the greatest number.
pub(super) fn total<const N: usize>(sizes: [usize; N]) -> usize {
    sizes.into_iter().fold(0, usize::saturating_add)
}

/// How many bytes so many values take.
pub(super) fn bytes(values: usize) -> u64 {
    (values as u64).saturating_mul(size_of::<f32>() as u64)
}
