//! The lanes of x86-64, by the instructions of SSE2.
#![allow(unsafe_code)]
use super::{Lanes, PACKED, ROUND};
use core::arch::x86_64::*;
use core::array::from_fn;

/// Calls intrinsics of SSE2. Most are unsafe only because a machine might lack the instructions; loads and stores also
/// need valid pointers.
macro_rules! sse2 {
    ($value:expr) => {
        // SAFETY: every x86-64 has SSE2. Pointers come from arrays of 16 bytes, and movups needs no alignment.
        unsafe { $value }
    };
}

/// Four lanes in one register. Every x86-64 has SSE2.
#[derive(Clone, Copy, Debug)]
pub struct Sse2(__m128);

impl Lanes for Sse2 {
    type Mask = __m128;

    #[inline(always)]
    fn splat(x: f32) -> Self {
        sse2!(Sse2(_mm_set1_ps(x)))
    }
    #[inline(always)]
    fn load(x: &[f32; 4]) -> Self {
        sse2!(Sse2(_mm_loadu_ps(x.as_ptr())))
    }
    #[inline(always)]
    fn from_bytes(x: &[u8; 16]) -> [Self; 4] {
        from_fn(|i| {
            let [a, b, c, d] = from_fn(|lane| i32::from(x[4 * i + lane]));
            Sse2(sse2!(_mm_cvtepi32_ps(_mm_setr_epi32(a, b, c, d))))
        })
    }
    #[inline(always)]
    fn store(self, y: &mut [f32; 4]) {
        sse2!(_mm_storeu_ps(y.as_mut_ptr(), self.0))
    }
    #[inline(always)]
    fn add(self, b: Self) -> Self {
        sse2!(Sse2(_mm_add_ps(self.0, b.0)))
    }
    #[inline(always)]
    fn sub(self, b: Self) -> Self {
        sse2!(Sse2(_mm_sub_ps(self.0, b.0)))
    }
    #[inline(always)]
    fn mul(self, b: Self) -> Self {
        sse2!(Sse2(_mm_mul_ps(self.0, b.0)))
    }
    #[inline(always)]
    fn div(self, b: Self) -> Self {
        sse2!(Sse2(_mm_div_ps(self.0, b.0)))
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        sse2!(Sse2(_mm_sqrt_ps(self.0)))
    }
    #[inline(always)]
    fn neg(self) -> Self {
        sse2!(Sse2(_mm_xor_ps(self.0, _mm_set1_ps(-0.0))))
    }
    #[inline(always)]
    fn abs(self) -> Self {
        sse2!(Sse2(_mm_andnot_ps(_mm_set1_ps(-0.0), self.0)))
    }
    // minps gives its second operand unless the first is smaller, and maxps unless the first is larger.
    #[inline(always)]
    fn min(self, b: Self) -> Self {
        sse2!(Sse2(_mm_min_ps(b.0, self.0)))
    }
    #[inline(always)]
    fn max(self, b: Self) -> Self {
        sse2!(Sse2(_mm_max_ps(b.0, self.0)))
    }
    #[inline(always)]
    fn lt(self, b: Self) -> Self::Mask {
        sse2!(_mm_cmplt_ps(self.0, b.0))
    }
    #[inline(always)]
    fn le(self, b: Self) -> Self::Mask {
        sse2!(_mm_cmple_ps(self.0, b.0))
    }
    #[inline(always)]
    fn eq(self, b: Self) -> Self::Mask {
        sse2!(_mm_cmpeq_ps(self.0, b.0))
    }
    #[inline(always)]
    fn zeros(self) -> Self::Mask {
        sse2!(_mm_cmpeq_ps(self.0, _mm_setzero_ps()))
    }
    #[inline(always)]
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self {
        sse2!(Sse2(_mm_or_ps(
            _mm_and_ps(mask, yes.0),
            _mm_andnot_ps(mask, no.0),
        )))
    }
    #[inline(always)]
    fn pow2(self) -> Self {
        sse2!({
            let n = _mm_castps_si128(_mm_add_ps(self.0, _mm_set1_ps(ROUND)));
            let one = _mm_castps_si128(_mm_set1_ps(1.0));
            Sse2(_mm_castsi128_ps(_mm_add_epi32(
                _mm_slli_epi32::<23>(n),
                one,
            )))
        })
    }
    #[inline(always)]
    fn split(self) -> (Self, Self) {
        sse2!({
            let bits = _mm_castps_si128(self.0);
            let mantissa = _mm_and_si128(bits, _mm_set1_epi32(0x007f_ffff));
            let exponent = _mm_sub_epi32(_mm_srli_epi32::<23>(bits), _mm_set1_epi32(127));
            (
                Sse2(_mm_or_ps(_mm_castsi128_ps(mantissa), _mm_set1_ps(1.0))),
                Sse2(_mm_cvtepi32_ps(exponent)),
            )
        })
    }
    #[inline(always)]
    fn is_zero(self) -> bool {
        self.nonzero() == 0
    }
    #[inline(always)]
    fn nonzero(self) -> u32 {
        sse2!(_mm_movemask_ps(_mm_cmpneq_ps(self.0, _mm_setzero_ps())) as u32)
    }
    #[inline(always)]
    fn pack(self, bits: u32) -> Self {
        let lanes = self.to_array();
        Self::load(&PACKED[bits as usize & 15].map(|lane| lanes[lane as usize]))
    }
    #[inline(always)]
    fn add_bits(self, b: Self) -> Self {
        sse2!({
            let (a, b) = (_mm_castps_si128(self.0), _mm_castps_si128(b.0));
            Sse2(_mm_castsi128_ps(_mm_add_epi32(a, b)))
        })
    }
    #[inline(always)]
    fn interleave(self, b: Self) -> [Self; 2] {
        sse2!([
            Sse2(_mm_unpacklo_ps(self.0, b.0)),
            Sse2(_mm_unpackhi_ps(self.0, b.0)),
        ])
    }
    #[inline(always)]
    fn transpose([mut a, mut b, mut c, mut d]: [Self; 4]) -> [Self; 4] {
        sse2!(_MM_TRANSPOSE4_PS(&mut a.0, &mut b.0, &mut c.0, &mut d.0));
        [a, b, c, d]
    }
}
