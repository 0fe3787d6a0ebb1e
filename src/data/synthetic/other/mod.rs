//! What is no digit: letters, characters, signs, shapes, scribbles, and more than one thing at once.
//!
//! A network that has only ever seen digits takes everything for one. So it is shown what is none, drawn with the same
//! pens on the same sheets as the digits (outlier exposure: Hendrycks, Mazeika and Dietterich 2019).
mod characters;
mod figures;
mod form;
mod letters;
mod outlines;
mod scribbles;
mod several;
mod shapes;
mod signs;

use super::BYTES;
use super::glyph::Glyph;
use super::{bytes, inked};
use crate::base::rng::Rng;
use crate::memory::vector;
use alloc::vec::Vec;
use form::{Form, drawn};

/// The families of what is no digit, and how often each is drawn.
const FAMILIES: [(Family, f32); 12] = [
    (Family::Letters, 0.2),
    (Family::Characters, 0.08),
    (Family::Signs, 0.1),
    (Family::Shapes, 0.12),
    (Family::Outlines, 0.12),
    (Family::Figures, 0.14),
    (Family::Scribbles, 0.1),
    (Family::Digits, 0.05),
    (Family::Words, 0.03),
    (Family::CrossedOut, 0.02),
    (Family::Overlaid, 0.02),
    (Family::Turned, 0.02),
];

/// Draws something by rules.
type Maker = fn(&mut Rng) -> Glyph;

/// A family of things that are no digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Letters of Latin, Greek and Cyrillic.
    Letters,
    /// Characters of Chinese and Japanese.
    Characters,
    /// Signs of arithmetic, writing and keyboards.
    Signs,
    /// Hearts, stars, houses and their like.
    Shapes,
    /// Closed lines that are no oval.
    Outlines,
    /// Things made of parts.
    Figures,
    /// What means nothing.
    Scribbles,
    /// Two or three digits side by side.
    Digits,
    /// Two or three letters side by side.
    Words,
    /// Digits that are crossed out.
    CrossedOut,
    /// Two digits on the same place, or a digit with what does not belong to it.
    Overlaid,
    /// Digits that lie, stand on their heads or are mirrored, where that is no other digit.
    Turned,
}

impl Family {
    /// All families.
    pub const ALL: [Family; FAMILIES.len()] = {
        let mut all = [Family::Letters; FAMILIES.len()];
        let mut at = 0;
        while at < FAMILIES.len() {
            all[at] = FAMILIES[at].0;
            at += 1;
        }
        all
    };

    /// A family, each as often as it is drawn.
    pub fn any(rng: &mut Rng) -> Family {
        let mut choice = rng.unit();
        for (family, share) in FAMILIES {
            choice -= share;
            if choice < 0.0 {
                return family;
            }
        }
        Family::Letters
    }

    /// The signs of a family that is a table of them.
    fn forms(self) -> Option<&'static [Form]> {
        match self {
            Family::Letters => Some(letters::LETTERS),
            Family::Characters => Some(characters::CHARACTERS),
            Family::Signs => Some(signs::SIGNS),
            Family::Shapes => Some(shapes::SHAPES),
            _ => None,
        }
    }

    /// What draws the kinds of a family that follows rules.
    fn makers(self) -> Option<&'static [Maker]> {
        match self {
            Family::Outlines => Some(outlines::OUTLINES),
            Family::Figures => Some(figures::FIGURES),
            Family::Scribbles => Some(scribbles::SCRIBBLES),
            _ => None,
        }
    }

    /// How many kinds of things belong to the family.
    pub fn kinds(self) -> usize {
        let made = self.makers().map_or(1, <[Maker]>::len);
        self.forms().map_or(made, <[Form]>::len)
    }

    /// Draws something of the family's kind of this number, counted round: 28 × 28 bytes, 0 for paper to 255 for ink.
    pub fn draw(self, kind: usize, rng: &mut Rng) -> [u8; BYTES] {
        let kind = kind % self.kinds();
        bytes(&inked(|rng| self.glyph(kind, rng), rng))
    }

    fn glyph(self, kind: usize, rng: &mut Rng) -> Glyph {
        if let Some(forms) = self.forms() {
            return drawn(forms[kind], rng);
        }
        if let Some(makers) = self.makers() {
            return makers[kind](rng);
        }
        match self {
            Family::Digits => several::digits(rng),
            Family::Words => several::word(rng, letters::LETTERS),
            Family::CrossedOut => several::crossed_out(rng),
            Family::Overlaid => several::overlaid(rng),
            _ => several::turned(rng),
        }
    }
}

/// Draws `count` things that are no digit, of all families, and hands each to `take`. The same seed gives the same bytes
/// on every machine.
pub fn generate_into(seed: u64, count: usize, mut take: impl FnMut(&[u8; BYTES])) {
    let mut rng = Rng::new(seed);
    for _ in 0..count {
        let family = Family::any(&mut rng);
        let kind = rng.below(family.kinds() as u32) as usize;
        take(&family.draw(kind, &mut rng));
    }
}

/// The same as one row of bytes.
///
/// # Errors
/// There is no memory for so many.
pub fn generate(seed: u64, count: usize) -> crate::Result<Vec<u8>> {
    let mut images = vector("digits", count.saturating_mul(BYTES))?;
    generate_into(seed, count, |image| images.extend_from_slice(image));
    Ok(images)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::digit::SIDE;

    #[test]
    fn families_are_drawn_as_often_as_they_should_be() {
        let total: f32 = FAMILIES.iter().map(|family| family.1).sum();
        assert!((total - 1.0).abs() < 1e-6, "{total}");
        let mut rng = Rng::new(1);
        let mut counts = [0.0; FAMILIES.len()];
        for _ in 0..10_000 {
            let family = Family::any(&mut rng);
            let at = FAMILIES.iter().position(|one| one.0 == family).unwrap();
            counts[at] += 1e-4;
        }
        for ((family, share), count) in FAMILIES.iter().zip(counts) {
            assert!((share - count).abs() < 0.02, "{family:?}: {count}");
        }
    }

    #[test]
    fn every_kind_is_ink_that_fills_the_box_and_no_two_drawings_are_alike() {
        let mut rng = Rng::new(2);
        for family in Family::ALL {
            for kind in 0..family.kinds() {
                let [first, second] = [(); 2].map(|()| family.draw(kind, &mut rng));
                assert_ne!(first, second, "{family:?} {kind}");
                for image in [first, second] {
                    let inked = || (0..BYTES).filter(|&at| image[at] > 0);
                    let extent = |place: fn(usize) -> usize| {
                        let places = || inked().map(place);
                        places().max().unwrap() - places().min().unwrap() + 1
                    };
                    let size = extent(|at| at / SIDE).max(extent(|at| at % SIDE));
                    assert_eq!(size, 20, "{family:?} {kind}");
                }
            }
        }
    }

    #[test]
    fn the_first_hundred_have_the_same_bytes_everywhere() {
        let images = generate(1, 100).unwrap();
        assert_eq!(images.len(), 100 * BYTES);
        let hash = images
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        assert_eq!(hash, 0x3e63_ccd7_dd81_798a, "{hash:#x}");
    }
}
