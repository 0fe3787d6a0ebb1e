//! Four lanes of `f32`: one vocabulary, one meaning on every machine.
//!
//! [`Portable`] *defines* what each operation means, in plain Rust on `[f32; 4]`; `Wasm`, the v128 of
//! WebAssembly, and `Sse2`, of x86-64, agree with it bit for bit (only the payload of a NaN may differ). There is no
//! fused multiply-add and no approximate instruction, so the same program gives the same bits everywhere.
//! The one exception is opt-in: built with relaxed SIMD, `Wasm` may round [`Lanes::mul_add`] only once.
mod portable;
#[cfg(target_arch = "x86_64")]
mod sse2;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm;

pub use portable::Portable;
#[cfg(target_arch = "x86_64")]
pub use sse2::Sse2;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use wasm::Wasm;

/// The lanes this machine is built for.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub type Native = Wasm;
/// The lanes this machine is built for.
#[cfg(target_arch = "x86_64")]
pub type Native = Sse2;
/// The lanes this machine is built for.
#[cfg(not(any(
    target_arch = "x86_64",
    all(target_arch = "wasm32", target_feature = "simd128")
)))]
pub type Native = Portable;

/// 1.5 · 2²³: adding it leaves the nearest integer (ties to even) in a number's low bits.
const ROUND: f32 = 12_582_912.0;

/// For each subset of the four lanes, as bits: the numbers of its lanes in order, then zeros.
const PACKED: [[u8; 4]; 16] = {
    let mut packed = [[0; 4]; 16];
    let mut set = 0;
    while set < 16 {
        let (mut lane, mut at) = (0, 0);
        while lane < 4 {
            if set >> lane & 1 == 1 {
                packed[set][at] = lane;
                at += 1;
            }
            lane += 1;
        }
        set += 1;
    }
    packed
};

/// Four `f32` that are computed with at once.
pub trait Lanes: Copy + Send + Sync {
    /// Four truth values.
    type Mask: Copy;

    /// `x` in every lane.
    fn splat(x: f32) -> Self;
    /// Four values from memory.
    fn load(x: &[f32; 4]) -> Self;
    /// Sixteen bytes as numbers.
    fn from_bytes(x: &[u8; 16]) -> [Self; 4];
    /// Four values to memory.
    fn store(self, y: &mut [f32; 4]);

    /// `self + b`.
    fn add(self, b: Self) -> Self;
    /// `self − b`.
    fn sub(self, b: Self) -> Self;
    /// `self · b`.
    fn mul(self, b: Self) -> Self;
    /// `self + a · b`: rounded twice, as two instructions would (except in the build with relaxed SIMD).
    #[inline(always)]
    fn mul_add(self, a: Self, b: Self) -> Self {
        self.add(a.mul(b))
    }
    /// `self / b`.
    fn div(self, b: Self) -> Self;
    /// The correctly rounded square root.
    fn sqrt(self) -> Self;
    /// The sign flipped, of zeros too.
    fn neg(self) -> Self;
    /// The sign cleared.
    fn abs(self) -> Self;
    /// `b < self ? b : self`: a NaN in `self` stays, one in `b` is passed over.
    fn min(self, b: Self) -> Self;
    /// `self < b ? b : self`: a NaN in `self` stays, one in `b` is passed over.
    fn max(self, b: Self) -> Self;

    /// `self < b`, false for NaN.
    fn lt(self, b: Self) -> Self::Mask;
    /// `self ≤ b`, false for NaN.
    fn le(self, b: Self) -> Self::Mask;
    /// `self = b`, false for NaN.
    fn eq(self, b: Self) -> Self::Mask;
    /// Where a lane is 0, of either sign.
    fn zeros(self) -> Self::Mask;
    /// `yes` where the mask is true, else `no`. Moves bits, whatever they mean.
    fn select(mask: Self::Mask, yes: Self, no: Self) -> Self;

    /// 2ⁿ for integral `self = n` in −126..=127; unspecified elsewhere.
    fn pow2(self) -> Self;
    /// `(m, e)` with `self = m · 2^e` and `1 ≤ m < 2`, for positive normal numbers; unspecified elsewhere.
    fn split(self) -> (Self, Self);

    /// Whether every lane is 0, of either sign.
    fn is_zero(self) -> bool;
    /// A bit for each lane that is not 0 (NaN is not), the first lane's lowest.
    fn nonzero(self) -> u32;
    /// The lanes whose bit is set, in order, from the first lane on; what follows them is unspecified.
    fn pack(self, bits: u32) -> Self;
    /// The sum of the lanes' bits as whole numbers, wrapping.
    fn add_bits(self, b: Self) -> Self;
    /// `[self₀, b₀, self₁, b₁]` and `[self₂, b₂, self₃, b₃]`.
    fn interleave(self, b: Self) -> [Self; 2];
    /// Four rows of four, read as columns.
    fn transpose(rows: [Self; 4]) -> [Self; 4];

    /// The nearest integer, ties to even, for magnitudes up to 2²².
    #[inline(always)]
    fn round(self) -> Self {
        let magic = Self::splat(ROUND);
        self.add(magic).sub(magic)
    }

    /// The lanes as an array.
    #[inline(always)]
    fn to_array(self) -> [f32; 4] {
        let mut y = [0.0; 4];
        self.store(&mut y);
        y
    }

    /// The sum of the lanes, `(0 + 2) + (1 + 3)`.
    #[inline(always)]
    fn sum(self) -> f32 {
        let [a, b, c, d] = self.to_array();
        (a + c) + (b + d)
    }
}
