//! What many layers refuse.
use crate::base::error::{Result, bail};
use alloc::format;

/// Refuses a size of 0; `what` names the layer and key.
pub(crate) fn positive(what: &str, sizes: &[usize]) -> Result<()> {
    if sizes.contains(&0) {
        bail!(Value, "{what} must be at least 1, but is {sizes:?}");
    }
    Ok(())
}

/// Refuses sizes of 0 among those of several keys.
pub(crate) fn all_positive(class_name: &str, sizes: &[(&str, &[usize])]) -> Result<()> {
    let one = |(key, sizes): &(&str, &[usize])| positive(&format!("{class_name}: `{key}`"), sizes);
    sizes.iter().try_for_each(one)
}

/// Refuses an input with another number of axes; `what` says what a sample should be.
pub(crate) fn expect_rank(
    class_name: &str,
    input: &[usize],
    rank: usize,
    what: &str,
) -> Result<()> {
    if input.len() != rank {
        bail!(
            Shape,
            "{class_name}: each sample must be {what}, but has the shape {input:?}"
        );
    }
    Ok(())
}

/// Which axis of a sample `axis` means, which counts the batch axis as Keras does: −1 is the last, 1 the first of the
/// sample.
///
/// # Errors
/// The batch axis, or an axis that is not there.
pub(crate) fn sample_axis(class_name: &str, axis: isize, rank: usize) -> Result<usize> {
    let counted = if axis < 0 {
        axis + rank as isize + 1
    } else {
        axis
    };
    if counted == 0 {
        bail!(
            Value,
            "{class_name}: `axis` cannot be {axis}, the batch axis: what becomes of a sample must not depend on the others of its batch"
        );
    }
    if counted < 1 || counted > rank as isize {
        let why = format!("samples have {rank} axes, numbered from 1");
        bail!(Value, "{class_name}: `axis` cannot be {axis}: {why}");
    }
    Ok(counted as usize - 1)
}
