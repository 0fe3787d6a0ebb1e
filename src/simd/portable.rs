//! The lanes in plain Rust, which define what each operation means.
use super::{Lanes, PACKED, ROUND};
use core::array::from_fn;

/// Four lanes in an array. Other lanes are tested against these, bit for bit.
#[derive(Clone, Copy, Debug)]
pub struct Portable([f32; 4]);

impl Portable {
    #[inline(always)]
    fn map(self, f: impl Fn(f32) -> f32) -> Self {
        Portable(self.0.map(f))
    }

    #[inline(always)]
    fn zip(self, b: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        Portable(from_fn(|lane| f(self.0[lane], b.0[lane])))
    }

    #[inline(always)]
    fn compare(self, b: Self, f: impl Fn(&f32, &f32) -> bool) -> [u32; 4] {
        from_fn(|lane| {
            if f(&self.0[lane], &b.0[lane]) {
                u32::MAX
            } else {
                0
            }
        })
    }
}

impl Lanes for Portable {
    // Whole words of ones or zeros, which compilers turn into vector selects.
    type Mask = [u32; 4];

    #[inline(always)]
    fn splat(x: f32) -> Self {
        Portable([x; 4])
    }
    #[inline(always)]
    fn load(x: &[f32; 4]) -> Self {
        Portable(*x)
    }
    #[inline(always)]
    fn from_bytes(x: &[u8; 16]) -> [Self; 4] {
        from_fn(|i| Portable(from_fn(|lane| f32::from(x[4 * i + lane]))))
    }
    #[inline(always)]
    fn store(self, y: &mut [f32; 4]) {
        *y = self.0;
    }
    #[inline(always)]
    fn add(self, b: Self) -> Self {
        self.zip(b, |a, b| a + b)
    }
    #[inline(always)]
    fn sub(self, b: Self) -> Self {
        self.zip(b, |a, b| a - b)
    }
    #[inline(always)]
    fn mul(self, b: Self) -> Self {
        self.zip(b, |a, b| a * b)
    }
    #[inline(always)]
    fn div(self, b: Self) -> Self {
        self.zip(b, |a, b| a / b)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        self.map(libm::sqrtf)
    }
    #[inline(always)]
    fn neg(self) -> Self {
        self.map(|a| -a)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self.map(f32::abs)
    }
    #[inline(always)]
    fn min(self, b: Self) -> Self {
        self.zip(b, |a, b| if b < a { b } else { a })
    }
    #[inline(always)]
    fn max(self, b: Self) -> Self {
        self.zip(b, |a, b| if a < b { b } else { a })
    }
    #[inline(always)]
    fn lt(self, b: Self) -> Self::Mask {
        self.compare(b, f32::lt)
    }
    #[inline(always)]
    fn le(self, b: Self) -> Self::Mask {
        self.compare(b, f32::le)
    }
    #[inline(always)]
    fn eq(self, b: Self) -> Self::Mask {
        self.compare(b, f32::eq)
    }
    #[inline(always)]
    fn zeros(self) -> Self::Mask {
        self.eq(Portable([0.0; 4]))
    }
    #[inline(always)]
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Portable(from_fn(|i| {
            f32::from_bits((yes.0[i].to_bits() & mask[i]) | (no.0[i].to_bits() & !mask[i]))
        }))
    }
    #[inline(always)]
    fn pow2(self) -> Self {
        // The integer, left in the low bits by the rounding constant, becomes the biased exponent.
        self.map(|n| f32::from_bits(((n + ROUND).to_bits() << 23).wrapping_add(1.0f32.to_bits())))
    }
    #[inline(always)]
    fn split(self) -> (Self, Self) {
        let mantissa = self.map(|a| f32::from_bits((a.to_bits() & 0x007f_ffff) | 1.0f32.to_bits()));
        let exponent = self.map(|a| ((a.to_bits() >> 23) as i32 - 127) as f32);
        (mantissa, exponent)
    }
    #[inline(always)]
    fn is_zero(self) -> bool {
        self.0 == [0.0; 4]
    }
    #[inline(always)]
    fn nonzero(self) -> u32 {
        (0..4).fold(0, |bits, lane| {
            bits | u32::from(self.0[lane] != 0.0) << lane
        })
    }
    #[inline(always)]
    fn pack(self, bits: u32) -> Self {
        Portable(PACKED[bits as usize & 15].map(|lane| self.0[lane as usize]))
    }
    #[inline(always)]
    fn add_bits(self, b: Self) -> Self {
        self.zip(b, |a, b| {
            f32::from_bits(a.to_bits().wrapping_add(b.to_bits()))
        })
    }
    #[inline(always)]
    fn interleave(self, b: Self) -> [Self; 2] {
        let ([x, y, z, w], [p, q, r, s]) = (self.0, b.0);
        [Portable([x, p, y, q]), Portable([z, r, w, s])]
    }
    #[inline(always)]
    fn transpose(rows: [Self; 4]) -> [Self; 4] {
        from_fn(|column| Portable(from_fn(|row| rows[row].0[column])))
    }
}
