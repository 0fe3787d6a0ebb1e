//! The products and convolutions that one step of each workload computes.
use crate::lines::Lines;
use crate::{Case, peak, step, winograd};
use mapling::base::rng::Rng;
use mapling::data::synthetic;
use mapling::kernels::conv::{self, Conv2d, Finish, Padding};
use mapling::kernels::gemm::{self, MatRef};
use mapling::simd::Native;
use std::hint::black_box;

/// Where the zeros are.
#[derive(Clone, Copy)]
pub enum Values {
    /// Nowhere: nothing can be skipped.
    Dense,
    /// Where digits have paper: four fifths, mostly at the same places in every row.
    Pixels,
    /// Where an activation is off: half, anywhere.
    Relu,
    /// Where max pooling passed on nothing, or to an activation that is off: seven eighths.
    Pooled,
}
use Values::{Dense, Pixels, Pooled, Relu};

impl Values {
    /// So many of them.
    pub fn fill(self, len: usize) -> Lines {
        let mut rng = Rng::new(len as u64);
        if let Pixels = self {
            let (bytes, _) =
                synthetic::generate(1, len.div_ceil(784)).expect("there is memory for the digits");
            let value = |&byte| f32::from(byte) / 255.0;
            return bytes[..len].iter().map(value).collect();
        }
        let kept = match self {
            Relu => 0.5,
            Pooled => 0.125,
            _ => 1.0,
        };
        let value = |_| {
            if rng.unit() < kept {
                rng.uniform(0.1, 1.0)
            } else {
                0.0
            }
        };
        (0..len).map(value).collect()
    }

    fn label(self) -> &'static str {
        match self {
            Dense => "",
            Pixels => ", pixels",
            Relu => ", ReLU",
            Pooled => ", pooled",
        }
    }
}

/// Which factor lies in memory as its transpose.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// `A·B`: forward.
    Plain,
    /// `Aᵀ·B`: the gradient of the weights.
    TransposedA,
    /// `A·Bᵀ`: the gradient of the input.
    TransposedB,
}
use Form::{Plain, TransposedA, TransposedB};

fn view(data: &[f32], rows: usize, cols: usize, transposed: bool) -> MatRef<'_> {
    if transposed {
        MatRef::row_major(data, cols, rows).t()
    } else {
        MatRef::row_major(data, rows, cols)
    }
}

/// m×k times k×n; `a` says where the zeros of the first factor are.
fn gemm([m, k, n]: [usize; 3], form: Form, a: Values) -> Case {
    let form_name = match form {
        Plain => "",
        TransposedA => " AtB",
        TransposedB => " ABt",
    };
    let name = format!("gemm {m}x{k}x{n}{form_name}{}", a.label());
    Case::new(name, 2.0 * (m * k * n) as f64, move || {
        let (a, b) = (a.fill(m * k), Dense.fill(k * n));
        let mut c = Lines::zeros(m * n);
        let mut scratch = Lines::zeros(gemm::scratch_len(m, n, k));
        move || {
            let a = view(&a, m, k, form == TransposedA);
            let b = view(&b, k, n, form == TransposedB);
            gemm::gemm::<Native>(a, b, black_box(&mut c), false, &mut scratch);
        }
    })
}

/// A convolution layer of a workload.
#[derive(Clone, Copy)]
struct Layer {
    batch: usize,
    side: usize,
    channels: usize,
    kernel: usize,
    filters: usize,
    padding: Padding,
}

#[derive(Clone, Copy)]
enum Pass {
    Forward,
    InputGradient,
    KernelGradient,
}
use Pass::{Forward, InputGradient, KernelGradient};

impl Layer {
    fn geometry(self) -> Conv2d {
        let Layer {
            batch,
            side,
            channels,
            kernel,
            filters,
            padding,
        } = self;
        let (x, w) = (
            [batch, side, side, channels],
            [kernel, kernel, channels, filters],
        );
        Conv2d::new(&x, &w, (1, 1), (1, 1), padding).expect("the layer's shapes fit")
    }

    /// `values` are those of the input, or of the gradient that comes in.
    fn case(self, pass: Pass, values: Values) -> Case {
        let Layer {
            batch,
            side,
            channels,
            kernel,
            filters,
            ..
        } = self;
        let pass_name = match pass {
            Forward => "forward",
            InputGradient => "dx",
            KernelGradient => "dw",
        };
        let name = format!(
            "conv {batch}x{side}x{side}x{channels} {kernel}x{kernel}->{filters} {pass_name}{}",
            values.label()
        );
        let g = self.geometry();
        let (x_len, w_len) = (
            batch * side * side * channels,
            kernel * kernel * channels * filters,
        );
        let y_len: usize = g.out_shape().iter().product();
        let flops = 2.0 * (y_len * kernel * kernel * channels) as f64;
        Case::new(name, flops, move || {
            let (x, dy) = match (pass, values) {
                (KernelGradient, Pooled) => (Dense.fill(x_len), values.fill(y_len)),
                (KernelGradient, _) => (values.fill(x_len), Dense.fill(y_len)),
                _ => (values.fill(x_len), values.fill(y_len)),
            };
            let w = Dense.fill(w_len);
            let mut result = Lines::zeros(match pass {
                Forward => y_len,
                InputGradient => x_len,
                KernelGradient => w_len,
            });
            let [mut db, mut scratch] = [filters, g.scratch_len()].map(Lines::zeros);
            move || {
                let (result, scratch) = (black_box(&mut result[..]), &mut scratch[..]);
                match pass {
                    Forward => {
                        conv::forward::<Native>(&g, &x, &w, Finish::default(), result, scratch);
                    }
                    InputGradient => {
                        conv::input_gradient::<Native>(&g, &dy, None, &w, result, scratch);
                    }
                    KernelGradient => {
                        let db = &mut db[..];
                        conv::kernel_gradient::<Native>(&g, &x, &dy, None, result, db, scratch);
                    }
                }
            }
        })
    }
}

/// A depthwise convolution of 3×3 with as much padding as keeps the size.
fn depthwise(batch: usize, side: usize, channels: usize, pass: Pass) -> Case {
    let pass_name = match pass {
        Forward => "forward",
        InputGradient => "dx",
        KernelGradient => "dw",
    };
    let name = format!("depthwise {batch}x{side}x{side}x{channels} 3x3 {pass_name}");
    let len = batch * side * side * channels;
    Case::new(name, 2.0 * (9 * len) as f64, move || {
        let (images, kernel) = ([batch, side, side, channels], [3, 3, channels, 1]);
        let g = Conv2d::new(&images, &kernel, (1, 1), (1, 1), Padding::Same).expect("it fits");
        let [x, w] = [len, 9 * channels].map(|len| Dense.fill(len));
        let mut result = Lines::zeros(len);
        let parts = conv::depthwise_scratch_len(&g).max(w.len());
        let mut scratch = Lines::zeros(parts);
        move || {
            let result = black_box(&mut result[..]);
            match pass {
                Forward => conv::depthwise::<Native>(&g, &x, &w, result),
                InputGradient => {
                    let turned = &mut scratch[..w.len()];
                    conv::depthwise_input_gradient::<Native>(&g, &x, &w, result, turned);
                }
                KernelGradient => {
                    let (dw, parts) = (&mut result[..w.len()], &mut scratch[..]);
                    conv::depthwise_kernel_gradient::<Native>(&g, &x, &x, dw, parts);
                }
            }
        }
    })
}

/// Every case; the first one is the peak.
pub fn all() -> Vec<Case> {
    let valid = |batch, side, channels, kernel, filters| Layer {
        batch,
        side,
        channels,
        kernel,
        filters,
        padding: Padding::Valid,
    };
    let same = |layer| Layer {
        padding: Padding::Same,
        ..layer
    };
    let keras = [valid(128, 28, 1, 3, 32), valid(128, 13, 32, 3, 64)];
    let lenet = [same(valid(20, 28, 1, 5, 8)), same(valid(20, 14, 8, 5, 16))];
    vec![
        Case::new("peak".into(), peak::FLOPS, || peak::run),
        gemm([256, 256, 256], Plain, Dense),
        // W1: Dense(128), then Dense(10), batch 32.
        gemm([32, 784, 128], Plain, Dense),
        gemm([32, 784, 128], Plain, Pixels),
        gemm([784, 32, 128], TransposedA, Dense),
        gemm([784, 32, 128], TransposedA, Pixels),
        gemm([32, 128, 10], Plain, Dense),
        gemm([32, 128, 10], Plain, Relu),
        gemm([128, 32, 10], TransposedA, Dense),
        gemm([32, 10, 128], TransposedB, Dense),
        gemm([64, 128, 10], Plain, Dense),
        // W1b: batch 128.
        gemm([128, 784, 128], Plain, Dense),
        gemm([784, 128, 128], TransposedA, Dense),
        // W2, batch 128, and its Dense(10).
        keras[0].case(Forward, Dense),
        keras[0].case(Forward, Pixels),
        keras[0].case(KernelGradient, Dense),
        keras[0].case(KernelGradient, Pixels),
        keras[0].case(KernelGradient, Pooled),
        keras[1].case(Forward, Dense),
        keras[1].case(Forward, Relu),
        winograd::case(),
        keras[1].case(InputGradient, Dense),
        keras[1].case(InputGradient, Pooled),
        keras[1].case(KernelGradient, Dense),
        keras[1].case(KernelGradient, Pooled),
        gemm([128, 1600, 10], Plain, Dense),
        gemm([1600, 128, 10], TransposedA, Dense),
        gemm([128, 10, 1600], TransposedB, Dense),
        // W2b, batch 20.
        lenet[0].case(Forward, Dense),
        lenet[0].case(KernelGradient, Dense),
        lenet[1].case(Forward, Dense),
        lenet[1].case(InputGradient, Dense),
        lenet[1].case(KernelGradient, Dense),
        // W3: all 28 rows' input products, a step's recurrent product, and their gradients.
        gemm([1792, 28, 256], Plain, Dense),
        gemm([64, 64, 256], Plain, Dense),
        gemm([64, 256, 64], TransposedB, Dense),
        gemm([64, 1792, 256], TransposedA, Dense),
        // W4: one prediction.
        gemm([1, 784, 128], Plain, Dense),
        valid(1, 13, 32, 3, 64).case(Forward, Dense),
        // A separable convnet, batch 64.
        depthwise(64, 14, 32, Forward),
        depthwise(64, 14, 32, InputGradient),
        depthwise(64, 14, 32, KernelGradient),
        step::case(),
    ]
}
