//! A hash of the bits that every kernel gives for seeded input. It must be the same on every machine. The tables of
//! `elementwise.rs` and `scalar.rs` are in it as they are: a new row needs nothing here but the new hash.
use super::conv::{self, Conv2d, Padding};
use super::gemm::{self, MatRef, gemm};
use super::pool::{self, Pool2d};
use super::{attention, layer_norm};
use super::{elementwise as el, lstm, reduce, scalar, softmax, update};
use crate::base::rng::Rng;
use crate::simd::Lanes;
use alloc::{vec, vec::Vec};

/// What [`golden_hash`] gives everywhere.
pub const GOLDEN: u64 = 0x21b8_f8fe_4e49_4f7d;

/// All of [`golden_hashes`] in one.
pub fn golden_hash<L: Lanes>() -> u64 {
    golden_hashes::<L>()
        .iter()
        .fold(Hash::new(), |hash, (_, part)| hash.word(*part))
        .0
}

/// The kernels of each file with a hash of the bits that they give.
pub fn golden_hashes<L: Lanes>() -> [(&'static str, u64); 12] {
    [
        ("unary", unary::<L>()),
        ("binary", binary::<L>()),
        ("reduce", reductions::<L>()),
        ("softmax", softmaxes::<L>()),
        ("gemm", products::<L>()),
        ("sparse gemm", sparse_products::<L>()),
        ("conv", convolutions::<L>()),
        ("depthwise", depthwise::<L>()),
        ("pool", pools::<L>()),
        ("update", updates::<L>()),
        ("lstm", recurrences::<L>()),
        ("layer norm and attention", rows::<L>()),
    ]
}

/// FNV-1a over 32-bit words.
struct Hash(u64);

impl Hash {
    fn new() -> Self {
        Hash(0xcbf2_9ce4_8422_2325)
    }

    fn word(self, word: u64) -> Self {
        Hash((self.0 ^ word).wrapping_mul(0x0100_0000_01b3))
    }

    /// Machines differ in the bits of a NaN, so each counts as the same one.
    fn floats(self, x: &[f32]) -> Self {
        let bits = |x: &f32| if x.is_nan() { f32::NAN } else { *x }.to_bits();
        x.iter().fold(self, |hash, x| hash.word(u64::from(bits(x))))
    }
}

fn uniform(rng: &mut Rng, len: usize, low: f32, high: f32) -> Vec<f32> {
    (0..len).map(|_| rng.uniform(low, high)).collect()
}

fn unary<L: Lanes>() -> u64 {
    let mut rng = Rng::new(1);
    let mut hash = Hash::new();
    let kernels = [el::unary::<L>(), scalar::unary()].concat();
    let edges = [
        0.0,
        -0.0,
        f32::INFINITY,
        f32::MIN_POSITIVE,
        1e-42,
        f32::MAX,
        1.0,
        0.625,
        0.707_106_77,
    ];
    for len in [0, 1, 2, 3, 4, 5, 31, 1000] {
        let mut x = uniform(&mut rng, len, -110.0, 110.0);
        x.extend(edges);
        x.extend(edges.map(|edge| -edge));
        let mut y = vec![0.0; x.len()];
        for kernel in &kernels {
            kernel(&x, &mut y);
            hash = hash.floats(&y);
        }
    }
    let bytes: Vec<u8> = (0..300).map(|byte| (byte % 256) as u8).collect();
    let mut y = vec![0.0; bytes.len()];
    el::from_bytes::<L>(&bytes, &mut y);
    hash.floats(&y).0
}

fn binary<L: Lanes>() -> u64 {
    let mut rng = Rng::new(2);
    let mut hash = Hash::new();
    let kernels = [el::binary::<L>(), scalar::binary()].concat();
    for len in [0, 1, 2, 3, 4, 7, 33] {
        // Positive, so that powers are numbers.
        let (a, b) = (
            uniform(&mut rng, len * 3, 0.1, 4.0),
            uniform(&mut rng, len * 3, 0.1, 4.0),
        );
        let mut y = vec![0.0; a.len()];
        for kernel in &kernels {
            for b in [&b[..], &b[..len], &b[..len.min(1)]] {
                kernel(&a, b, &mut y);
                hash = hash.floats(&y);
            }
        }
        el::relu_gradient::<L>(&a, &b, &mut y);
        hash = hash.floats(&y);
        el::leaky_relu::<L>(&b, 0.2, &mut y);
        el::leaky_relu_gradient::<L>(&a, &b, 0.2, &mut y);
        hash = hash.floats(&y);
        el::clamp::<L>(&a, 1.0, 2.0, &mut y);
        el::add_scalar::<L>(&a, 0.7, &mut y);
        hash = hash.floats(&y);
        el::mul_scalar::<L>(&a, 0.7, &mut y);
        el::accumulate::<L>(&mut y, &a);
        el::finish_rows::<L>(&mut y, &b[..len], false);
        el::axpy::<L>(-0.3, &b, &mut y);
        hash = hash.floats(&y);
    }
    hash.0
}

fn reductions<L: Lanes>() -> u64 {
    let mut rng = Rng::new(3);
    let mut hash = Hash::new();
    for (m, n) in [
        (0, 3),
        (3, 0),
        (1, 1),
        (5, 7),
        (300, 37),
        (131, 16),
        (3, 1001),
    ] {
        let x = uniform(&mut rng, m * n, -1.0, 1.0);
        let mut rows = vec![0.0; n];
        reduce::sum_rows::<L>(&x, &mut rows);
        hash = hash
            .floats(&rows)
            .floats(&[reduce::sum::<L>(&x), reduce::max::<L>(&x)]);
    }
    hash.0
}

fn softmaxes<L: Lanes>() -> u64 {
    let mut rng = Rng::new(4);
    let mut hash = Hash::new();
    for (m, n) in [(0, 3), (1, 1), (3, 10), (5, 7), (2, 301)] {
        let x = uniform(&mut rng, m * n, -30.0, 30.0);
        let mut y = vec![0.0; m * n];
        softmax::softmax::<L>(&x, &mut y, n);
        hash = hash.floats(&y);
        softmax::log_softmax::<L>(&x, &mut y, n);
        hash = hash.floats(&y);
    }
    hash.0
}

fn products<L: Lanes>() -> u64 {
    let mut rng = Rng::new(5);
    let mut hash = Hash::new();
    for (m, n, k) in [
        (0, 3, 2),
        (3, 2, 0),
        (1, 1, 1),
        (1, 10, 128),
        (5, 7, 9),
        (67, 13, 300),
        (4, 530, 5),
    ] {
        let (a, b) = (
            uniform(&mut rng, m * k, -1.0, 1.0),
            uniform(&mut rng, k * n, -1.0, 1.0),
        );
        let mut c = vec![0.0; m * n];
        let mut scratch = vec![0.0; gemm::scratch_len(m, n, k)];
        gemm::<L>(
            MatRef::row_major(&a, m, k),
            MatRef::row_major(&b, k, n),
            &mut c,
            false,
            &mut scratch,
        );
        gemm::<L>(
            MatRef::row_major(&a, k, m).t(),
            MatRef::row_major(&b, n, k).t(),
            &mut c,
            true,
            &mut scratch,
        );
        hash = hash.floats(&c);
    }
    hash.0
}

/// Products with factors that are mostly 0, of either sign.
fn sparse_products<L: Lanes>() -> u64 {
    let mut rng = Rng::new(10);
    let mut hash = Hash::new();
    for (m, n, k) in [(2, 9, 50), (20, 70, 101), (33, 41, 50), (100, 32, 16)] {
        let mut a = uniform(&mut rng, m * k, -1.0, 1.0);
        for (x, other) in a
            .iter_mut()
            .zip([0.0, -0.0, 0.0, 1e-42, 0.0].iter().cycle())
        {
            if x.abs() < 0.9 {
                *x = *other;
            }
        }
        let b = uniform(&mut rng, k * n, -1.0, 1.0);
        let mut c = vec![0.0; m * n];
        let mut scratch = vec![0.0; gemm::scratch_len(m, n, k)];
        let b = MatRef::row_major(&b, k, n);
        gemm::<L>(MatRef::row_major(&a, m, k), b, &mut c, false, &mut scratch);
        let across = MatRef::row_major(&a, k, m).t();
        gemm::<L>(across, b, &mut c, true, &mut scratch);
        hash = hash.floats(&c);
    }
    hash.0
}

fn convolutions<L: Lanes>() -> u64 {
    let mut rng = Rng::new(6);
    let mut hash = Hash::new();
    for (x, w, stride, dilation, padding) in [
        ([2, 9, 7, 1], [3, 3, 1, 5], (1, 1), (1, 1), Padding::Valid),
        ([2, 9, 7, 3], [3, 2, 3, 8], (2, 1), (1, 1), Padding::Same),
        ([1, 9, 11, 4], [3, 3, 4, 6], (1, 1), (2, 3), Padding::Same),
        ([2, 5, 5, 6], [1, 1, 6, 4], (1, 1), (1, 1), Padding::Valid),
    ] {
        let g = Conv2d::new(&x, &w, stride, dilation, padding).expect("valid by hand");
        let x = uniform(&mut rng, x.iter().product(), -1.0, 1.0);
        let w = uniform(&mut rng, w.iter().product(), -1.0, 1.0);
        let dy = uniform(&mut rng, g.out_shape().iter().product(), -1.0, 1.0);
        let (mut y, mut dx, mut dw) = (vec![0.0; dy.len()], vec![0.0; x.len()], vec![0.0; w.len()]);
        let mut db = vec![0.0; g.f];
        let mut scratch = vec![0.0; g.scratch_len()];
        conv::forward::<L>(&g, &x, &w, conv::Finish::default(), &mut y, &mut scratch);
        conv::input_gradient::<L>(&g, &dy, None, &w, &mut dx, &mut scratch);
        conv::kernel_gradient::<L>(&g, &x, &dy, None, &mut dw, &mut db, &mut scratch);
        hash = hash.floats(&y).floats(&dx).floats(&dw).floats(&db);
    }
    hash.0
}

fn depthwise<L: Lanes>() -> u64 {
    let mut rng = Rng::new(16);
    let mut hash = Hash::new();
    for (x, [kh, kw], stride, dilation, padding) in [
        ([3, 9, 7, 5], [3, 3], (1, 1), (1, 1), Padding::Same),
        ([2, 9, 11, 8], [3, 5], (2, 1), (1, 1), Padding::Valid),
        ([20, 6, 9, 4], [2, 3], (1, 1), (2, 2), Padding::Causal),
    ] {
        let g = Conv2d::new(&x, &[kh, kw, x[3], 1], stride, dilation, padding);
        let g = g.expect("valid by hand");
        let dy = uniform(&mut rng, g.n * g.oh * g.ow * g.c, -1.0, 1.0);
        let x = uniform(&mut rng, x.iter().product(), -1.0, 1.0);
        let w = uniform(&mut rng, kh * kw * g.c, -1.0, 1.0);
        let [mut y, mut dx, mut dw] = [&dy, &x, &w].map(|like| vec![0.0; like.len()]);
        let (mut turned, mut parts) = (w.clone(), vec![0.0; conv::depthwise_scratch_len(&g)]);
        conv::depthwise::<L>(&g, &x, &w, &mut y);
        conv::depthwise_input_gradient::<L>(&g, &dy, &w, &mut dx, &mut turned);
        conv::depthwise_kernel_gradient::<L>(&g, &x, &dy, &mut dw, &mut parts);
        hash = hash.floats(&y).floats(&dx).floats(&dw);
    }
    hash.0
}

fn pools<L: Lanes>() -> u64 {
    let mut rng = Rng::new(7);
    let mut hash = Hash::new();
    for (x, size, stride, padding) in [
        ([2, 6, 8, 4], (2, 2), (2, 2), Padding::Valid),
        ([1, 7, 5, 7], (3, 2), (2, 1), Padding::Same),
        ([2, 5, 5, 1], (3, 3), (2, 2), Padding::Same),
    ] {
        let g = Pool2d::new(&x, size, stride, padding).expect("valid by hand");
        let x = uniform(&mut rng, x.iter().product(), -1.0, 1.0);
        let len = g.out_shape().iter().product();
        let (mut y, mut at, mut dx) = (vec![0.0; len], vec![0.0; len], vec![0.0; x.len()]);
        pool::max_forward::<L>(&g, &x, &mut y, &mut at);
        pool::max_gradient(g.n, &at, &y, &mut dx);
        hash = hash.floats(&y).floats(&dx).floats(&at);
        pool::average_forward::<L>(&g, &x, &mut y);
        pool::average_gradient::<L>(&g, &y, &mut dx);
        hash = hash.floats(&y).floats(&dx);
    }
    hash.0
}

fn updates<L: Lanes>() -> u64 {
    let mut rng = Rng::new(8);
    let mut hash = Hash::new();
    for len in [0, 1, 3, 4, 6, 101] {
        let [mut w, g, mut m] = [(); 3].map(|()| uniform(&mut rng, len, -1.0, 1.0));
        let mut v = uniform(&mut rng, len, 0.0, 1.0);
        update::sgd::<L>(&mut w, &g, 0.01);
        update::momentum::<L>(&mut w, &g, &mut m, 0.01, 0.9, false);
        update::momentum::<L>(&mut w, &g, &mut m, 0.01, 0.9, true);
        update::adam::<L>(&mut w, &g, &mut m, &mut v, 0.001, 0.9, 0.999, 1e-7);
        hash = hash.floats(&w).floats(&m).floats(&v);
    }
    hash.0
}

fn recurrences<L: Lanes>() -> u64 {
    let mut rng = Rng::new(9);
    let mut hash = Hash::new();
    for (m, units) in [(0, 3), (1, 1), (3, 5), (5, 16), (2, 67)] {
        let mut any = |len| uniform(&mut rng, len, -4.0, 4.0);
        let (mut z, bias) = (any(m * 4 * units), any(4 * units));
        let (c_before, dh, mut dc) = (any(m * units), any(m * units), any(m * units));
        let [mut c, mut tanh_c, mut h] = [(); 3].map(|()| vec![0.0; m * units]);
        lstm::forward::<L>(&mut z, &bias, &c_before, &mut c, &mut tanh_c, &mut h);
        let step = lstm::Step {
            gates: &z,
            c_before: &c_before,
            tanh_c: &tanh_c,
        };
        let mut dz = vec![0.0; z.len()];
        lstm::backward::<L>(step, &dh, &mut dc, &mut dz, units);
        hash = [&z, &c, &tanh_c, &h, &dc, &dz]
            .iter()
            .fold(hash, |hash, x| hash.floats(x));
    }
    hash.0
}

fn rows<L: Lanes>() -> u64 {
    let mut rng = Rng::new(11);
    let mut hash = Hash::new();
    for (m, n) in [(1, 1), (3, 5), (2, 16), (4, 67), (1, 1500)] {
        let mut any = |len| uniform(&mut rng, len, -4.0, 4.0);
        let (x, dy, gamma, beta) = (any(m * n), any(m * n), any(n), any(n));
        let (mut y, mut dx) = (vec![0.0; m * n], vec![0.0; m * n]);
        let (mut statistics, mut sums) = (vec![0.0; 2 * m], vec![0.0; 2 * n]);
        for centered in [true, false] {
            let how = (1e-3, centered);
            layer_norm::normalize::<L>(&x, [&gamma, &beta], how, &mut y, &mut statistics);
            let of_rows = (&statistics[..], centered);
            layer_norm::gradients::<L>([&x, &dy], &gamma, of_rows, &mut dx, &mut sums);
            hash = [&y, &statistics, &dx, &sums]
                .iter()
                .fold(hash, |hash, x| hash.floats(x));
        }
        let mask: Vec<f32> = x.iter().map(|x| f32::from(*x > -2.0)).collect();
        for (at, row) in y.chunks_exact_mut(n).enumerate() {
            let sight = attention::Sight {
                end: n - n / (at + 2),
                mask: Some(&mask[at * n..][..n]),
            };
            attention::weigh::<L>(row, 0.3, sight, 0.1);
            let row_of_gradient = &mut dx[at * n..][..n];
            attention::weigh_gradient::<L>(row, row_of_gradient, 0.3, sight);
            hash = hash.floats(row).floats(row_of_gradient);
        }
    }
    hash.0
}
