//! A bitmap of a digit (a scan, a photo's ink) becomes what MNIST would have made of it.
use super::{BOX, Boxed, Image, centre};
use crate::base::error::{Result, bail};
use crate::base::json::Decimal;
use alloc::vec::Vec;

/// In a bitmap, pixels fainter than this share of the darkest are paper.
const PAPER: f32 = 0.1;

/// Fits a greyscale bitmap of one digit (`width` × `height`, row-major, 0 for paper, ink positive)
/// as MNIST's makers would have: the ink's bounding box into 20×20, centred by mass.
///
/// # Errors
/// `Shape` if `pixels` does not hold `width` × `height` values, `Value` if there is no ink or a
/// pixel is not finite.
pub fn from_pixels(pixels: &[f32], width: usize, height: usize) -> Result<Image> {
    if width.checked_mul(height) != Some(pixels.len()) {
        bail!(
            Shape,
            "digit: {} pixels; expected {width} × {height}",
            pixels.len()
        );
    }
    if let Some(&pixel) = pixels.iter().find(|pixel| !pixel.is_finite()) {
        let pixel = Decimal::from(pixel);
        bail!(Value, "digit: the pixel {pixel} is not finite");
    }
    let darkest = pixels
        .iter()
        .fold(0.0_f32, |darkest, &pixel| darkest.max(pixel));
    let inked = |&(_, &pixel): &(usize, &f32)| pixel > PAPER * darkest;
    let (mut left, mut right, mut top, mut bottom) = (width, 0, height, 0);
    for (index, _) in pixels.iter().enumerate().filter(inked) {
        let (x, y) = (index % width, index / width);
        (left, right) = (left.min(x), right.max(x + 1));
        (top, bottom) = (top.min(y), bottom.max(y + 1));
    }
    if right <= left {
        bail!(Value, "digit: the bitmap is empty: no pixel is above 0");
    }
    // One pixel of the box is the mean over `step` × `step` pixels of the bitmap.
    let step = (right - left).max(bottom - top) as f32 / BOX as f32;
    let columns = shares(left, right, step);
    let rows = shares(top, bottom, step);
    let mut boxed: Boxed = [[0.0; BOX]; BOX];
    for &(row, y, tall) in &rows {
        for &(column, x, wide) in &columns {
            let ink = pixels
                .get(y * width + x)
                .map_or(0.0, |pixel| pixel.max(0.0) / darkest);
            if let Some(pixel) = boxed.get_mut(row).and_then(|row| row.get_mut(column)) {
                *pixel += ink * tall * wide;
            }
        }
    }
    Ok(centre(&boxed))
}

/// How the pixels `from..to` of one axis spread over the box: (place in the box, source pixel,
/// share of the place that it covers), the whole in the middle.
fn shares(from: usize, to: usize, step: f32) -> Vec<(usize, usize, f32)> {
    let margin = 0.5 * (BOX as f32 - (to - from) as f32 / step);
    let edge = |source: usize| (margin + (source - from) as f32 / step).clamp(0.0, BOX as f32);
    let mut shares = Vec::new();
    for source in from..to {
        let (start, end) = (edge(source), edge(source + 1));
        for place in start as usize..BOX.min(end as usize + 1) {
            let share = end.min(place as f32 + 1.0) - start.max(place as f32);
            shares.push((place, source, share.max(0.0)));
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::super::tests::{centre_of_mass, difference, inked};
    use super::*;
    use alloc::string::ToString;
    use alloc::vec;

    #[test]
    fn a_bitmap_of_any_size_is_fitted_like_a_drawing() {
        let bar = |width: usize, height: usize, x: usize, y: usize, wide: usize, tall: usize| {
            let mut pixels = vec![0.0; width * height];
            for row in pixels.chunks_mut(width).skip(y).take(tall) {
                row.iter_mut()
                    .skip(x)
                    .take(wide)
                    .for_each(|pixel| *pixel = 0.5);
            }
            from_pixels(&pixels, width, height).unwrap()
        };
        let small = bar(13, 30, 0, 3, 1, 5);
        assert_eq!(inked(&small).0, 20);
        for image in [
            bar(200, 150, 90, 10, 20, 100),
            bar(40, 40, 33, 12, 4, 20),
            bar(50, 1000, 49, 0, 1, 5),
        ] {
            assert!(difference(&small, &image) < 1e-5);
        }
        let (x, y) = centre_of_mass(&small);
        assert!((x - 14.0).abs() < 0.501 && (y - 14.0).abs() < 0.501);
        assert!((small.iter().sum::<f32>() - 80.0).abs() < 1e-3);
    }

    #[test]
    fn odd_bitmaps_are_refused() {
        assert!(
            from_pixels(&[0.0; 12], 3, 4)
                .unwrap_err()
                .to_string()
                .contains("empty")
        );
        assert!(
            from_pixels(&[], 0, 0)
                .unwrap_err()
                .to_string()
                .contains("empty")
        );
        assert!(
            from_pixels(&[1.0; 11], 3, 4)
                .unwrap_err()
                .to_string()
                .contains("11 pixels; expected 3 × 4")
        );
        assert!(
            from_pixels(&[f32::NAN], 1, 1)
                .unwrap_err()
                .to_string()
                .contains("not finite")
        );
        assert!(from_pixels(&[1.0; 4], usize::MAX, 2).is_err());
    }
}
