//! Kernels that share out their work: the same bits on any number of threads.
#![cfg(not(target_arch = "wasm32"))]
use mapling::base::rng::Rng;
use mapling::kernels::conv::{self, Conv2d, Finish, Padding};
use mapling::kernels::gemm::{self, MatRef};
use mapling::kernels::pool::{self, Pool2d};
use mapling::parallel::set_threads;
use mapling::simd::Native;
use std::sync::{Mutex, PoisonError};

/// Fails unless `work` leaves the same bits on 2, 3 and 8 threads as on one.
fn check(what: &str, work: impl Fn() -> Vec<Vec<f32>>) {
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let bits = |threads| -> Vec<Vec<u32>> {
        assert_eq!(set_threads(threads), threads);
        let found = work();
        (found
            .iter()
            .map(|x| x.iter().map(|x| x.to_bits()).collect()))
        .collect()
    };
    let alone = bits(1);
    for threads in [2, 3, 8] {
        assert!(bits(threads) == alone, "{what} on {threads} threads");
    }
    set_threads(1);
}

/// Random values, of which about this share is not 0.
fn sparse(rng: &mut Rng, len: usize, density: f32) -> Vec<f32> {
    (0..len)
        .map(|_| {
            if rng.unit() < density {
                rng.uniform(-1.0, 1.0)
            } else {
                0.0
            }
        })
        .collect()
}

#[test]
fn products() {
    let mut rng = Rng::new(21);
    for (m, n, k) in [
        (32, 128, 784),
        (35, 70, 600),
        (130, 33, 300),
        (64, 300, 90),
        (3, 900, 400),
        (35, 70, 8200),
    ] {
        for (density, spoilt) in [(0.2, false), (1.0, false), (0.2, true)] {
            let a = sparse(&mut rng, m * k, density);
            let mut b = sparse(&mut rng, k * n, 1.0);
            if spoilt {
                b[k * n / 2] = f32::INFINITY;
            }
            let before = sparse(&mut rng, m * n, 1.0);
            check(&format!("{m}×{k}×{n}, density {density}"), || {
                let views = [MatRef::row_major(&a, m, k), MatRef::row_major(&a, k, m).t()];
                let products = views.into_iter().flat_map(|a| [(a, false), (a, true)]);
                products
                    .map(|(a, accumulate)| {
                        let mut c = before.clone();
                        let mut scratch = vec![f32::NAN; gemm::scratch_len(m, n, k)];
                        let b = MatRef::row_major(&b, k, n);
                        gemm::gemm::<Native>(a, b, &mut c, accumulate, &mut scratch);
                        c
                    })
                    .collect()
            });
        }
    }
}

#[test]
fn convolutions() {
    let mut rng = Rng::new(22);
    for (x_shape, w_shape, stride, dilation) in [
        ([9, 20, 20, 1], [3, 3, 1, 37], (1, 1), (1, 1)),
        ([2, 9, 8, 1], [5, 3, 1, 6], (2, 1), (1, 2)),
        ([2, 9, 8, 3], [3, 3, 3, 10], (1, 2), (1, 1)),
        ([9, 19, 18, 3], [5, 3, 3, 10], (2, 1), (1, 2)),
        ([9, 8, 9, 12], [3, 3, 12, 40], (1, 1), (1, 1)),
        ([2, 9, 9, 6], [3, 2, 6, 5], (2, 3), (2, 1)),
        ([2, 9, 9, 5], [2, 3, 5, 4], (1, 1), (2, 2)),
    ] {
        for padding in [Padding::Same, Padding::Valid] {
            let g = Conv2d::new(&x_shape, &w_shape, stride, dilation, padding).unwrap();
            let x = sparse(&mut rng, x_shape.iter().product(), 0.3);
            let w = sparse(&mut rng, w_shape.iter().product(), 1.0);
            let dy = sparse(&mut rng, g.out_shape().iter().product(), 0.3);
            check(&format!("{g:?}"), || {
                let mut scratch = vec![f32::NAN; g.scratch_len()];
                let [mut y, mut dx, mut dw] = [&dy, &x, &w].map(|like| vec![7.0; like.len()]);
                let mut db = vec![7.0; g.f];
                conv::forward::<Native>(&g, &x, &w, Finish::default(), &mut y, &mut scratch);
                conv::input_gradient::<Native>(&g, &dy, None, &w, &mut dx, &mut scratch);
                conv::kernel_gradient::<Native>(&g, &x, &dy, None, &mut dw, &mut db, &mut scratch);
                vec![y, dx, dw, db]
            });
        }
    }
}

#[test]
fn depthwise_convolutions() {
    let mut rng = Rng::new(24);
    for (stride, padding) in [((1, 1), Padding::Same), ((2, 1), Padding::Valid)] {
        let g = Conv2d::new(&[19, 20, 21, 10], &[3, 5, 10, 1], stride, (1, 1), padding).unwrap();
        let x = sparse(&mut rng, 19 * 20 * 21 * 10, 1.0);
        let w = sparse(&mut rng, 3 * 5 * 10, 1.0);
        let dy = sparse(&mut rng, 19 * g.oh * g.ow * 10, 1.0);
        check(&format!("depthwise {g:?}"), || {
            let [mut y, mut dx, mut dw] = [&dy, &x, &w].map(|like| vec![7.0; like.len()]);
            let (mut turned, mut parts) =
                (w.clone(), vec![f32::NAN; conv::depthwise_scratch_len(&g)]);
            conv::depthwise::<Native>(&g, &x, &w, &mut y);
            conv::depthwise_input_gradient::<Native>(&g, &dy, &w, &mut dx, &mut turned);
            conv::depthwise_kernel_gradient::<Native>(&g, &x, &dy, &mut dw, &mut parts);
            vec![y, dx, dw]
        });
    }
}

#[test]
fn pooling() {
    let mut rng = Rng::new(23);
    let g = Pool2d::new(&[9, 40, 40, 12], (3, 2), (2, 2), Padding::Same).unwrap();
    let x = sparse(&mut rng, 9 * 40 * 40 * 12, 1.0);
    let dy = sparse(&mut rng, g.out_shape().iter().product(), 1.0);
    check("pooling", || {
        let [mut max, mut at, mut mean] = [7.0; 3].map(|old| vec![old; dy.len()]);
        let [mut max_dx, mut mean_dx] = [7.0; 2].map(|old| vec![old; x.len()]);
        pool::max_forward::<Native>(&g, &x, &mut max, &mut at);
        pool::max_gradient(g.n, &at, &dy, &mut max_dx);
        pool::average_forward::<Native>(&g, &x, &mut mean);
        pool::average_gradient::<Native>(&g, &dy, &mut mean_dx);
        vec![max, at, mean, max_dx, mean_dx]
    });
}
