//! The lanes of WebAssembly, by the instructions of `simd128`.
#![allow(unsafe_code)]
use super::{Lanes, PACKED, ROUND};
use core::arch::wasm32::*;

/// Four lanes in one v128.
#[derive(Clone, Copy, Debug)]
pub struct Wasm(v128);

/// [`PACKED`] with the four bytes of each lane, as `swizzle` takes it.
static PACKED_BYTES: [[u8; 16]; 16] = {
    let mut bytes = [[0; 16]; 16];
    let mut at = 0;
    while at < 256 {
        bytes[at / 16][at % 16] = 4 * PACKED[at / 16][at % 16 / 4] + (at % 4) as u8;
        at += 1;
    }
    bytes
};

impl Lanes for Wasm {
    type Mask = v128;

    #[inline(always)]
    fn splat(x: f32) -> Self {
        Wasm(f32x4_splat(x))
    }
    #[inline(always)]
    fn load(x: &[f32; 4]) -> Self {
        // SAFETY: the array is 16 readable bytes, and v128.load needs no alignment.
        Wasm(unsafe { v128_load(x.as_ptr().cast()) })
    }
    #[inline(always)]
    fn from_bytes(x: &[u8; 16]) -> [Self; 4] {
        // SAFETY: the array is 16 readable bytes, and v128.load needs no alignment.
        let bytes = unsafe { v128_load(x.as_ptr().cast()) };
        let (low, high) = (
            u16x8_extend_low_u8x16(bytes),
            u16x8_extend_high_u8x16(bytes),
        );
        [
            u32x4_extend_low_u16x8(low),
            u32x4_extend_high_u16x8(low),
            u32x4_extend_low_u16x8(high),
            u32x4_extend_high_u16x8(high),
        ]
        .map(|x| Wasm(f32x4_convert_i32x4(x)))
    }
    #[inline(always)]
    fn store(self, y: &mut [f32; 4]) {
        // SAFETY: the array is 16 writable bytes, and v128.store needs no alignment.
        unsafe { v128_store(y.as_mut_ptr().cast(), self.0) }
    }
    #[inline(always)]
    fn add(self, b: Self) -> Self {
        Wasm(f32x4_add(self.0, b.0))
    }
    #[inline(always)]
    fn sub(self, b: Self) -> Self {
        Wasm(f32x4_sub(self.0, b.0))
    }
    #[inline(always)]
    fn mul(self, b: Self) -> Self {
        Wasm(f32x4_mul(self.0, b.0))
    }
    /// In the fast build the machine decides whether the product is rounded before it is added.
    #[cfg(target_feature = "relaxed-simd")]
    #[inline(always)]
    fn mul_add(self, a: Self, b: Self) -> Self {
        Wasm(f32x4_relaxed_madd(a.0, b.0, self.0))
    }
    #[inline(always)]
    fn div(self, b: Self) -> Self {
        Wasm(f32x4_div(self.0, b.0))
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Wasm(f32x4_sqrt(self.0))
    }
    #[inline(always)]
    fn neg(self) -> Self {
        Wasm(f32x4_neg(self.0))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Wasm(f32x4_abs(self.0))
    }
    #[inline(always)]
    fn min(self, b: Self) -> Self {
        Wasm(f32x4_pmin(self.0, b.0))
    }
    #[inline(always)]
    fn max(self, b: Self) -> Self {
        Wasm(f32x4_pmax(self.0, b.0))
    }
    #[inline(always)]
    fn lt(self, b: Self) -> Self::Mask {
        f32x4_lt(self.0, b.0)
    }
    #[inline(always)]
    fn le(self, b: Self) -> Self::Mask {
        f32x4_le(self.0, b.0)
    }
    #[inline(always)]
    fn eq(self, b: Self) -> Self::Mask {
        f32x4_eq(self.0, b.0)
    }
    /// The lanes are doubled before they are compared with 0. From a plain comparison the compiler makes one of whole
    /// numbers under a mask, and engines build that mask anew each time.
    #[inline(always)]
    fn zeros(self) -> Self::Mask {
        f32x4_eq(f32x4_add(self.0, self.0), f32x4_splat(0.0))
    }
    #[inline(always)]
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        Wasm(v128_bitselect(yes.0, no.0, mask))
    }
    #[inline(always)]
    fn pow2(self) -> Self {
        let n = i32x4_shl(f32x4_add(self.0, f32x4_splat(ROUND)), 23);
        Wasm(i32x4_add(n, f32x4_splat(1.0)))
    }
    #[inline(always)]
    fn split(self) -> (Self, Self) {
        let mantissa = v128_or(v128_and(self.0, u32x4_splat(0x007f_ffff)), f32x4_splat(1.0));
        let exponent = i32x4_sub(u32x4_shr(self.0, 23), i32x4_splat(127));
        (Wasm(mantissa), Wasm(f32x4_convert_i32x4(exponent)))
    }
    #[inline(always)]
    fn is_zero(self) -> bool {
        i32x4_all_true(self.zeros())
    }
    #[inline(always)]
    fn nonzero(self) -> u32 {
        15 ^ u32::from(i32x4_bitmask(self.zeros()))
    }
    #[inline(always)]
    fn pack(self, bits: u32) -> Self {
        // SAFETY: each row is 16 readable bytes, and v128.load needs no alignment.
        let order = unsafe { v128_load(PACKED_BYTES[bits as usize & 15].as_ptr().cast()) };
        Wasm(u8x16_swizzle(self.0, order))
    }
    #[inline(always)]
    fn add_bits(self, b: Self) -> Self {
        Wasm(i32x4_add(self.0, b.0))
    }
    #[inline(always)]
    fn interleave(self, b: Self) -> [Self; 2] {
        [
            Wasm(i32x4_shuffle::<0, 4, 1, 5>(self.0, b.0)),
            Wasm(i32x4_shuffle::<2, 6, 3, 7>(self.0, b.0)),
        ]
    }
    #[inline(always)]
    fn transpose([a, b, c, d]: [Self; 4]) -> [Self; 4] {
        let (ab_low, ab_high) = (
            i32x4_shuffle::<0, 4, 1, 5>(a.0, b.0),
            i32x4_shuffle::<2, 6, 3, 7>(a.0, b.0),
        );
        let (cd_low, cd_high) = (
            i32x4_shuffle::<0, 4, 1, 5>(c.0, d.0),
            i32x4_shuffle::<2, 6, 3, 7>(c.0, d.0),
        );
        [
            Wasm(i64x2_shuffle::<0, 2>(ab_low, cd_low)),
            Wasm(i64x2_shuffle::<1, 3>(ab_low, cd_low)),
            Wasm(i64x2_shuffle::<0, 2>(ab_high, cd_high)),
            Wasm(i64x2_shuffle::<1, 3>(ab_high, cd_high)),
        ]
    }
}
