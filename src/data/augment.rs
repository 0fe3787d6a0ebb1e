//! Pictures that look a little different each time. A network that learns from such pictures also reads hands
//! that did not write the data set (Simard, Steinkraus and Platt 2003).
use crate::base::error::{Result, bail};
use crate::base::json::{Decimal, settings};
use crate::base::rng::Rng;
use crate::memory::{Buffer, ask_for};
use crate::tensor::Tensor;
use alloc::vec;
use core::f32::consts::TAU;

settings! {
    /// The most that a picture may be changed. Each change is drawn uniformly from minus this much to plus this much,
    /// so zeros change nothing.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub struct Augment {
        /// Turned about the centre, as a share of a whole turn.
        rotation: f32 = 0.0,
        /// Made larger or smaller, as a share of the size; height and width are drawn separately.
        zoom: f32 = 0.0,
        /// Slanted: how far sideways for each step down.
        shear: f32 = 0.0,
        /// Moved, as a share of height and width.
        shift: f32 = 0.0,
    }
}

/// Where each point of the new picture lies in the old one: `rows · [x, y]`, both measured from the centre, after
/// the shift (as a share of width and height) was taken back.
struct Map {
    rows: [[f32; 2]; 2],
    shift: [f32; 2],
}

impl Augment {
    /// Refuses shares that make no sense, NaN among them.
    ///
    /// # Errors
    /// `Value` for a share below 0, or above 1 (above 0.5 for rotation, 0.9 for zoom).
    pub fn check(&self) -> Result<()> {
        let limits = [
            ("rotation", self.rotation, 0.5),
            ("zoom", self.zoom, 0.9),
            ("shear", self.shear, 1.0),
            ("shift", self.shift, 1.0),
        ];
        for (name, value, most) in limits {
            if !(0.0..=most).contains(&value) {
                bail!(
                    Value,
                    "augment: {name} must be from 0 to {}, but is {}",
                    Decimal::from(most),
                    Decimal::from(value)
                );
            }
        }
        Ok(())
    }

    /// The pictures `[n, height, width]` or `[n, height, width, channels]`, each changed in its own way.
    /// Beyond the edge of a picture everything is 0.
    ///
    /// # Errors
    /// `Shape` for other shapes.
    pub fn apply(&self, pictures: &Tensor, rng: &mut Rng) -> Result<Tensor> {
        let (height, width, channels) = match pictures.shape()[..] {
            [_, height, width] => (height, width, 1),
            [_, height, width, channels] => (height, width, channels),
            ref other => bail!(
                Shape,
                "augment: expected pictures [n, height, width] or [n, height, width, channels], but got {other:?}"
            ),
        };
        let size = height * width * channels;
        ask_for("augment", &[pictures.data().len()])?;
        let mut changed = Buffer::zeros(pictures.data().len());
        if size > 0 {
            for (from, to) in pictures
                .data()
                .chunks_exact(size)
                .zip(changed.chunks_exact_mut(size))
            {
                self.draw(rng).resample(from, to, [height, width, channels]);
            }
        }
        Ok(Tensor::leaf(changed, *pictures.shape()))
    }

    fn draw(&self, rng: &mut Rng) -> Map {
        let mut share = |most: f32| rng.uniform(-most, most);
        let angle = TAU * share(self.rotation);
        let (sin, cos) = (libm::sinf(angle), libm::cosf(angle));
        let slant = share(self.shear);
        let (wide, high) = (1.0 + share(self.zoom), 1.0 + share(self.zoom));
        Map {
            rows: [
                [wide * (cos - slant * sin), wide * (sin + slant * cos)],
                [high * -sin, high * cos],
            ],
            shift: [share(self.shift), share(self.shift)],
        }
    }
}

impl Map {
    /// Fills the new picture: each of its pixels is mixed from the four pixels of the old picture that lie around
    /// the place that the map gives (bilinear interpolation).
    fn resample(&self, from: &[f32], to: &mut [f32], [height, width, channels]: [usize; 3]) {
        let centre = [0.5 * (width as f32 - 1.0), 0.5 * (height as f32 - 1.0)];
        let shift = [self.shift[0] * width as f32, self.shift[1] * height as f32];
        // With a border of zeros around the old picture, the four pixels exist for every place in it.
        let stride = (width + 2) * channels;
        let mut framed = vec![0.0; (height + 2) * stride];
        for (row, line) in from.chunks_exact(width * channels).enumerate() {
            let start = (row + 1) * stride + channels;
            framed[start..start + line.len()].copy_from_slice(line);
        }
        let mut pixels = to.chunks_exact_mut(channels);
        for row in 0..height {
            let y = row as f32 - centre[1] - shift[1];
            for column in 0..width {
                let x = column as f32 - centre[0] - shift[0];
                let place = |[by_x, by_y]: [f32; 2], centre: f32, last: usize| {
                    (by_x * x + by_y * y + centre + 1.0).clamp(0.0, last as f32)
                };
                let (left, right) = split(place(self.rows[0], centre[0], width + 1), width);
                let (top, bottom) = split(place(self.rows[1], centre[1], height + 1), height);
                let Some(pixel) = pixels.next() else { return };
                for (channel, value) in pixel.iter_mut().enumerate() {
                    let at = |row: usize, column: usize| {
                        framed[row * stride + column * channels + channel]
                    };
                    let line = |row| at(row, left) * (1.0 - right) + at(row, left + 1) * right;
                    *value = line(top) * (1.0 - bottom) + line(top + 1) * bottom;
                }
            }
        }
    }
}

/// The pixel at or before a place, and the distance from that pixel to the place.
fn split(place: f32, last: usize) -> (usize, f32) {
    let before = (place as usize).min(last);
    (before, place - before as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dots(places: &[[usize; 2]]) -> Tensor {
        let mut values = vec![0.0; 49 * places.len()];
        for (index, [row, column]) in places.iter().enumerate() {
            values[index * 49 + row * 7 + column] = 1.0;
        }
        Tensor::new(values, &[places.len(), 7, 7]).unwrap()
    }

    #[test]
    fn no_change_changes_nothing() {
        let pictures = dots(&[[0, 0], [6, 6], [3, 2]]);
        let same = Augment::default()
            .apply(&pictures, &mut Rng::new(1))
            .unwrap();
        assert_eq!(same.data(), pictures.data());
    }

    #[test]
    fn a_map_finds_each_pixel_where_it_was() {
        let picture = dots(&[[2, 3]]);
        let moved = |rows, shift| {
            let mut to = vec![0.0; 49];
            Map { rows, shift }.resample(picture.data(), &mut to, [7, 7, 1]);
            to.iter()
                .position(|&value| value == 1.0)
                .map(|at| [at / 7, at % 7])
        };
        let still = [[1.0, 0.0], [0.0, 1.0]];
        assert_eq!(moved(still, [0.0, 0.0]), Some([2, 3]));
        assert_eq!(moved(still, [2.0 / 7.0, 1.0 / 7.0]), Some([3, 5]));
        assert_eq!(moved(still, [-4.0 / 7.0, 0.0]), None);
        // A quarter turn: what lay above the centre lies beside it.
        assert_eq!(moved([[0.0, 1.0], [-1.0, 0.0]], [0.0, 0.0]), Some([3, 4]));
    }

    #[test]
    fn pictures_change_a_little_each_in_its_own_way_and_the_seed_says_how() {
        let pictures = dots(&[[3, 3], [3, 3], [3, 3]]);
        let augment = Augment {
            rotation: 0.05,
            zoom: 0.1,
            shear: 0.1,
            shift: 0.1,
        };
        let changed = augment.apply(&pictures, &mut Rng::new(7)).unwrap();
        let [first, second, _] = [0, 1, 2].map(|at| &changed.data()[at * 49..][..49]);
        assert_ne!(first, second);
        for picture in changed.data().chunks(49) {
            let ink: f32 = picture.iter().sum();
            assert!((0.7..1.4).contains(&ink), "ink {ink}");
        }
        let again = augment.apply(&pictures, &mut Rng::new(7)).unwrap();
        assert_eq!(again.data(), changed.data());
    }

    #[test]
    fn channels_move_together() {
        let picture =
            Tensor::new(vec![0.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0, 0.0], &[1, 2, 2, 2]).unwrap();
        let augment = Augment {
            shift: 0.5,
            ..Augment::default()
        };
        let changed = augment.apply(&picture, &mut Rng::new(2)).unwrap();
        for pair in changed.data().chunks(2) {
            assert_eq!(pair[1], 2.0 * pair[0]);
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_name() {
        for value in [-0.1, 1.5, f32::NAN] {
            let zoom = Augment {
                zoom: value,
                ..Augment::default()
            };
            let message = alloc::format!("{}", zoom.check().unwrap_err());
            assert!(message.starts_with("augment: zoom must be"), "{message}");
        }
        let flat = Tensor::new(vec![0.0; 4], &[2, 2]).unwrap();
        assert!(Augment::default().apply(&flat, &mut Rng::new(1)).is_err());
    }
}
