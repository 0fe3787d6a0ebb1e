//! A generator of handwritten digits, for when MNIST cannot be had.
//!
//! A digit is written in one of the styles that people use, its points tremble, the sheet
//! is bent and slanted, a pen is chosen, and MNIST's own recipe makes the image. A network that has
//! learned from these digits reads MNIST's too, though not as well as one that has learned from MNIST.
mod eight;
mod five;
mod four;
mod glyph;
mod nine;
mod one;
pub mod other;
mod seven;
mod six;
mod three;
mod two;
mod zero;

use super::digit::{self, Image, Point};
use crate::base::error::Result;
use crate::base::rng::Rng;
use crate::memory::vector;
use alloc::vec::Vec;
use core::f32::consts::TAU;
use glyph::{Glyph, Style};

/// The styles of every digit. MNIST's writers were Americans of the 1990s; the flags, feet, crossbars and hooks that people
/// elsewhere write are more frequent here than in MNIST.
const STYLES: [&[Style]; 10] = [
    zero::STYLES,
    one::STYLES,
    two::STYLES,
    three::STYLES,
    four::STYLES,
    five::STYLES,
    six::STYLES,
    seven::STYLES,
    eight::STYLES,
    nine::STYLES,
];

/// A hand that writes digits, each one differently. The seed determines all of them.
#[derive(Clone, Debug)]
pub struct Digits {
    rng: Rng,
}

impl Digits {
    /// The hand that belongs to `seed`.
    pub fn new(seed: u64) -> Self {
        Digits {
            rng: Rng::new(seed),
        }
    }

    /// Writes the last decimal of `digit` once more.
    pub fn write(&mut self, digit: u8) -> Image {
        let style = style_of(digit, &mut self.rng);
        inked(style, &mut self.rng)
    }
}

/// One of the styles in which people write the last decimal of `digit`.
fn style_of(digit: u8, rng: &mut Rng) -> fn(&mut Rng) -> Glyph {
    let styles = STYLES[usize::from(digit % 10)];
    let mut choice = rng.unit();
    let mut style = styles[0].1;
    for &(weight, write) in styles {
        style = write;
        choice -= weight;
        if choice < 0.0 {
            break;
        }
    }
    style
}

/// The strokes that `write` gives, as one hand puts them on a sheet with one pen, all drawn from `rng`.
fn inked(write: impl FnOnce(&mut Rng) -> Glyph, rng: &mut Rng) -> Image {
    let sheet = Sheet::new(rng);
    let mut lines = write(rng).0;
    for line in &mut lines {
        for point in line.iter_mut() {
            let mut miss = || TREMBLE * rng.normal();
            *point = sheet.place([point[0] + miss(), point[1] + miss()]);
        }
        *line = digit::stroke::bend(line);
    }
    // MNIST's pens are spread log-normally: 2.4 pixels, 90 % between 1.6 and 3.6.
    let pen = 2.4 * libm::expf(0.24 * rng.normal());
    digit::draw(lines, pen.clamp(1.3, 4.5))
}

/// Ink in bytes. Most of an image is paper, of which there is nothing to round.
fn bytes(image: &Image) -> [u8; BYTES] {
    image.map(|ink| match ink {
        0.0 => 0,
        ink => libm::roundf(255.0 * ink) as u8,
    })
}

/// How far, in pixels, a hand misses the point that it aims at.
const TREMBLE: f32 = 0.22;

/// How one digit as a whole is distorted.
struct Sheet {
    width: f32,
    /// How much wider the lower part is than the upper.
    taper: f32,
    /// How far the middle is moved downwards.
    sag: f32,
    slant: f32,
    turn: (f32, f32),
    bow: f32,
    waves: [Wave; 4],
}

/// An elastic distortion (after Simard, Steinkraus and Platt 2003, with waves for their filtered noise).
struct Wave {
    frequency: Point,
    phase: f32,
    amplitude: Point,
}

impl Sheet {
    fn new(rng: &mut Rng) -> Self {
        let angle = 0.08 * rng.normal();
        Sheet {
            width: libm::expf(0.22 * rng.normal()),
            taper: 0.15 * rng.normal().clamp(-3.0, 3.0),
            sag: rng.normal().clamp(-3.0, 3.0),
            slant: 0.22 + 0.24 * rng.normal(),
            turn: (libm::cosf(angle), libm::sinf(angle)),
            bow: 0.6 * rng.normal(),
            waves: core::array::from_fn(|_| Wave::new(rng)),
        }
    }

    fn place(&self, [x, y]: Point) -> Point {
        let (mut dx, mut dy) = (0.0, 0.0);
        for wave in &self.waves {
            let height = libm::sinf(wave.frequency[0] * x + wave.frequency[1] * y + wave.phase);
            dx += wave.amplitude[0] * height;
            dy += wave.amplitude[1] * height;
        }
        let (x, y) = (x + dx - 6.5, y + dy - 10.0);
        let x = self.width * x * (1.0 + self.taper * 0.1 * y);
        let y = y + self.sag * (1.0 - 0.01 * y * y);
        let x = x - self.slant * y + self.bow * (0.01 * y * y);
        let (cos, sin) = self.turn;
        [cos * x - sin * y, sin * x + cos * y]
    }
}

impl Wave {
    fn new(rng: &mut Rng) -> Self {
        let mut frequency = || TAU / 20.0 * rng.normal().clamp(-2.0, 2.0) * 0.6;
        let frequency = [frequency(), frequency()];
        Wave {
            frequency,
            phase: rng.uniform(0.0, TAU),
            amplitude: [0.5 * rng.normal(), 0.5 * rng.normal()],
        }
    }
}

/// The bytes of one image.
pub const BYTES: usize = digit::SIDE * digit::SIDE;

/// Writes as many digits as there are `labels`, in random order, and each of the ten equally often (to within one). Fills
/// in the labels, and hands each image to `take` once it is written: 28 × 28 bytes, 0 for paper to 255 for ink. The same
/// seed gives the same bytes on every machine.
pub fn generate_into(seed: u64, labels: &mut [u8], mut take: impl FnMut(&[u8; BYTES])) {
    let mut digits = Digits::new(seed);
    for (index, label) in labels.iter_mut().enumerate() {
        *label = (index % 10) as u8;
    }
    digits.rng.fork().shuffle(labels);
    for &mut label in labels {
        let image = digits.write(label);
        take(&bytes(&image));
    }
}

/// Writes `count` digits as [`generate_into`] does: the images, one after the other, and the labels.
///
/// # Errors
/// There is no memory for so many.
pub fn generate(seed: u64, count: usize) -> Result<(Vec<u8>, Vec<u8>)> {
    let mut labels = vector("digits", count)?;
    let mut images = vector("digits", count.saturating_mul(BYTES))?;
    labels.resize(count, 0);
    generate_into(seed, &mut labels, |image| images.extend_from_slice(image));
    Ok((images, labels))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::error::ErrorKind;
    use crate::data::digit::SIDE;

    #[test]
    fn labels_are_balanced_and_shuffled() {
        let (images, labels) = generate(3, 1003).unwrap();
        assert_eq!(images.len(), 1003 * SIDE * SIDE);
        for digit in 0..10 {
            let count = labels.iter().filter(|&&label| label == digit).count();
            assert_eq!(count, 100 + usize::from(digit < 3));
        }
        assert!(
            labels
                .windows(10)
                .all(|run| (1..10).any(|step| run[step] != (run[0] + step as u8) % 10))
        );
        assert_eq!(generate(3, 0), Ok((Vec::new(), Vec::new())));
    }

    #[test]
    fn seeds_and_repetitions_give_different_images() {
        let mut hand = Digits::new(1);
        assert_ne!(hand.write(8), hand.write(8));
        assert_ne!(generate(1, 10), generate(2, 10));
    }

    #[test]
    fn more_digits_than_fit_are_refused_with_the_bytes_they_take() {
        for count in [usize::MAX, usize::MAX / BYTES, 1 << (usize::BITS - 9)] {
            assert!(
                generate(1, count).is_err_and(|error| error.kind() == ErrorKind::Memory),
                "{count}"
            );
        }
    }

    #[test]
    fn every_style_is_readable_ink_in_the_box() {
        let mut hand = Digits::new(4);
        for &(_, style) in STYLES.iter().copied().flatten() {
            for _ in 0..50 {
                let image = inked(style, &mut hand.rng);
                let ink: f32 = image.iter().sum();
                assert!((20.0..350.0).contains(&ink), "ink {ink}");
                let rows = image
                    .chunks(SIDE)
                    .filter(|row| row.iter().any(|&ink| ink > 0.0))
                    .count();
                let columns =
                    (0..SIDE).filter(|&x| image.iter().skip(x).step_by(SIDE).any(|&ink| ink > 0.0));
                assert_eq!(rows.max(columns.count()), 20);
            }
        }
    }

    #[test]
    fn the_styles_of_a_digit_are_all_chosen() {
        for (digit, styles) in STYLES.iter().enumerate() {
            let total: f32 = styles.iter().map(|style| style.0).sum();
            assert!((total - 1.0).abs() < 1e-6, "{digit}: {total}");
            assert!(
                styles.len() > 1 && styles.iter().all(|style| style.0 >= 0.08),
                "{digit}"
            );
        }
    }

    #[test]
    fn ink_and_pens_are_those_of_mnist() {
        let (images, _) = generate(5, 2000).unwrap();
        let ink = images.iter().map(|&ink| f32::from(ink)).sum::<f32>() / 255.0 / 2000.0;
        assert!(
            (ink - 102.4).abs() < 10.0,
            "mean ink {ink}, MNIST's is 102.4"
        );
        let black = images.iter().filter(|&&ink| ink >= 250).count() as f32;
        let grey = images
            .iter()
            .filter(|&&ink| (1..250).contains(&ink))
            .count() as f32;
        assert!(
            (grey / black - 1.6).abs() < 0.2,
            "{} greys a black, MNIST has 1.6",
            grey / black
        );
    }

    #[test]
    fn the_first_hundred_have_the_same_bytes_everywhere() {
        let (images, labels) = generate(1, 100).unwrap();
        let hash = images
            .iter()
            .chain(&labels)
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        assert_eq!(hash, 0x64d7_8360_4668_8d9d, "{hash:#x}");
    }
}
