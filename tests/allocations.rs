//! A step of training in steady state asks the allocator for nothing.
#![cfg(not(target_arch = "wasm32"))]
use mapling::base::json::{Value, json};
use mapling::base::rng::Rng;
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::optim::{Adam, Optimizer, Sgd};
use mapling::learn::{Compile, Data, Event, Features, Fit, FitOptions, Trainer};
use mapling::nn::{
    Activation, Apply, Attention, AveragePooling2D, BatchNormalization, Constraint, Context,
    Conv1D, Conv2D, Dense, DepthwiseConv2D, Dims, Dropout, Embedding, Flatten, GRU, GaussianNoise,
    GroupNormalization, LSTM, Layer, LayerNormalization, Masking, MaxPooling1D, MaxPooling2D,
    Member, Model, MultiHeadAttention, OrCausal, Pair, RMSNormalization, Regularizer, Reshape,
    SeparableConv1D, SeparableConv2D, Sizes, SpatialDropout1D, Symbol, Tensors,
};
use mapling::ops::Padding;
use mapling::parallel::set_threads;
use mapling::tensor::shape::Shape;
use mapling::{Result, Tensor};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::rc::Rc;

/// The system's allocator, which counts how often each thread asks it.
struct Counting;

std::thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: all is done by the system's.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // SAFETY: the caller's contract is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often 60 steps of this model with a last layer of 10 classes, on batches of 16 of these samples, ask the
/// allocator, after 40 other steps.
fn count(model: Model, x: Features, optimizer: impl Into<Optimizer>) -> Result<usize> {
    model.add(Dense {
        activation: Activation::Softmax,
        ..Dense::new(10)
    })?;
    let labels = (0..x.len() as u32).map(|i| i % 10).collect();
    let loss = Loss::named("sparse_categorical_crossentropy")?;
    let compile = Compile::new(optimizer, loss).metrics(["accuracy"]);
    count_of(model, Data::new(x, Targets::classes(labels)), compile)
}

/// The same for any model.
fn count_of(model: Model, data: Data, compile: Compile) -> Result<usize> {
    let mut trainer = Trainer::new(model, 1);
    trainer.compile(compile)?;
    let options = FitOptions {
        batch_size: 16,
        ..FitOptions::default()
    };
    let mut fit = Fit::new(&mut trainer, data, options)?;
    for _ in 0..40 {
        fit.step(&mut trainer)?;
    }
    let before = COUNT.get();
    for _ in 0..60 {
        let event = fit.step(&mut trainer);
        assert!(matches!(event, Ok(Event::Batch { .. })), "{event:?}");
    }
    Ok(COUNT.get() - before)
}

const SAMPLES: usize = 1600;

/// Pictures that are mostly 0, a byte a pixel.
fn pictures() -> Features {
    let mut rng = Rng::new(2);
    let mut pixel = |_| if rng.unit() < 0.2 { 200 } else { 0 };
    let bytes = (0..SAMPLES * 784).map(&mut pixel).collect();
    Features::bytes(bytes, &[28, 28, 1]).unwrap()
}

fn dense() -> Result<Model> {
    let model = Model::sequential();
    model.add(Flatten::new())?;
    model.add(Dense {
        activation: Activation::Relu,
        ..Dense::new(128)
    })?;
    model.add(Dropout::new(0.2))?;
    model.add(Dense {
        activation: Activation::Tanh,
        ..Dense::new(32)
    })?;
    Ok(model)
}

fn convnet() -> Result<Model> {
    let model = Model::sequential();
    model.add(Conv2D {
        activation: Activation::Relu,
        ..Conv2D::new(4, Pair(3, 3))
    })?;
    model.add(MaxPooling2D::new())?;
    model.add(Conv2D::new(8, Pair(3, 3)))?;
    model.add(Activation::Sigmoid)?;
    model.add(AveragePooling2D::new())?;
    model.add(Flatten::new())?;
    Ok(model)
}

/// Its buffers have more than a megabyte, so that they are asked for.
fn large() -> Result<Model> {
    let model = Model::sequential();
    model.add(Conv2D {
        activation: Activation::Relu,
        ..Conv2D::new(32, Pair(3, 3))
    })?;
    model.add(BatchNormalization::new())?;
    model.add(Activation::Tanh)?;
    model.add(MaxPooling2D::new())?;
    model.add(Flatten::new())?;
    Ok(model)
}

fn recurrent() -> Result<Model> {
    let model = Model::sequential();
    model.add(Reshape::new(vec![28, 28]))?;
    model.add(LSTM {
        dropout: 0.1,
        ..LSTM::new(8)
    })?;
    Ok(model)
}

/// A block of a transformer over rows of pixels, with masks of all kinds.
fn transformer() -> Result<Model> {
    let input = Symbol::input([28, 8]);
    let attention = Member::new(MultiHeadAttention {
        dropout: 0.1,
        ..MultiHeadAttention::new(2, 4)
    })?;
    let options = json!({ "use_causal_mask": true });
    let masked = Masking::new().of(&input)?;
    let found = attention.apply_with(&[masked.clone(), masked.clone()], options)?;
    let sum = Sum.of_all(&[&masked, &found[0]])?;
    let x = LayerNormalization::new().of(&sum)?;
    let wide = Dense {
        activation: Activation::Gelu,
        ..Dense::new(16)
    };
    let y = Dense::new(8).of(&wide.of(&x)?)?;
    let y = GaussianNoise::new(0.1).of(&Sum.of_all(&[&x, &y])?)?;
    let y = RMSNormalization::new().of(&SpatialDropout1D::new(0.1).of(&y)?)?;
    let y = GroupNormalization {
        groups: 2,
        ..GroupNormalization::new()
    }
    .of(&y)?;
    let y = Attention::new().of_all(&[&y, &y])?;
    let block = Model::new(&[input], &[Flatten::new().of(&y)?])?;
    let model = Model::sequential();
    model.add(Reshape::new(vec![28, 28]))?;
    model.add(Dense::new(8))?;
    model.add(block)?;
    Ok(model)
}

/// Convolutions of rows, of channels by themselves, and what lies around them.
fn convolutions() -> Result<Model> {
    let model = Model::sequential();
    model.add(SeparableConv2D {
        activation: Activation::Relu,
        ..SeparableConv2D::new(8, Sizes([3, 3]))
    })?;
    model.add(DepthwiseConv2D {
        strides: Pair(2, 2),
        padding: Padding::Same,
        depth_multiplier: 2,
        ..DepthwiseConv2D::new(Pair(3, 3))
    })?;
    model.add(Reshape::new(vec![169, 16]))?;
    model.add(Conv1D {
        padding: OrCausal(Padding::Causal),
        activation: Activation::Relu,
        ..Conv1D::new(8, Sizes([5]))
    })?;
    model.add(MaxPooling1D::new())?;
    model.add(SeparableConv1D::new(4, Sizes([3])))?;
    model.add(Flatten::new())?;
    Ok(model)
}

/// Words, most of them rare, of a vocabulary of 500.
fn words() -> Features {
    let mut rng = Rng::new(4);
    let word = |_| (rng.unit() * rng.unit() * 500.0).floor();
    let values = (0..SAMPLES * 30).map(word).collect();
    Features::values(Tensor::new(values, &[SAMPLES, 30]).unwrap()).unwrap()
}

/// A table of words, masked where there is none.
fn sentences(vocabulary: usize) -> Result<Model> {
    let model = Model::sequential();
    model.add(Embedding {
        mask_zero: true,
        ..Embedding::new(vocabulary, 16)
    })?;
    model.add(GRU::new(6))?;
    Ok(model)
}

/// The sum of its inputs.
struct Sum;

impl Layer for Sum {
    fn class_name(&self) -> &str {
        "Sum"
    }

    fn config(&self) -> Value {
        Value::Null
    }

    fn output_shapes(&self, inputs: &[Shape]) -> Result<Vec<Shape>> {
        Ok(vec![inputs[0]])
    }

    fn call(&self, inputs: &[Tensor], _: &[Tensor], _: &mut Context) -> Result<Tensors> {
        let mut sum = inputs[0].clone();
        for input in &inputs[1..] {
            sum = sum.add(input)?;
        }
        Ok([sum].into_iter().collect())
    }
}

/// Two inputs and three outputs, a model inside that is called twice, a layer that is reached alone and inside that
/// model, and everything else that adds to the loss or changes after a step.
fn graph() -> Result<Model> {
    let l2 = Some(Regularizer {
        l2: 0.01,
        ..Regularizer::default()
    });
    let shared = Member::new(Dense {
        kernel_regularizer: l2,
        kernel_constraint: Some(Constraint::NonNeg),
        activity_regularizer: l2,
        ..Dense::new(12)
    })?;
    let inner = Model::sequential();
    inner.add_member(&shared)?;
    inner.add(Dropout {
        noise_shape: Some(Dims::from([None, Some(1)])),
        ..Dropout::new(0.2)
    })?;
    let inner = Member::new(inner)?;
    let (a, b) = (Symbol::input([12]), Symbol::input([12]));
    let first = inner.apply(&shared.apply(std::slice::from_ref(&a))?)?;
    let second = inner.apply(std::slice::from_ref(&b))?;
    let sum = Sum.of_all(&[&first[0], &second[0], &a])?;
    let outputs = [
        Dense::new(3).of(&sum)?,
        Dense::new(1).of(&sum)?,
        Dense::new(2).of(&sum)?,
    ];
    Model::new(&[a, b], &outputs)
}

/// Data for [`graph`], with a weight for each sample.
fn pairs() -> Result<Data> {
    let mut rng = Rng::new(3);
    let mut draw = |width| {
        let values = (0..SAMPLES * width).map(|_| rng.unit()).collect();
        Tensor::new(values, &[SAMPLES, width])
    };
    let x = [Features::values(draw(12)?)?, Features::values(draw(12)?)?];
    let targets = [draw(3)?, draw(1)?, draw(2)?].map(Targets::Values);
    Ok(Data {
        x: x.map(Rc::new).into(),
        targets: targets.map(Rc::new).into(),
        weights: [Some(draw(1)?.reshape(&[SAMPLES])?)].into(),
    })
}

/// The rows of pictures as sequences, in batches of 16.
fn rows() -> Result<Model> {
    let model = Model::sequential();
    model.set_input(Dims::fixed(&[28, 28, 1]).of_batch(Some(16)))?;
    model.add(Reshape::new(vec![28, 28]))?;
    Ok(model)
}

/// A layer that goes on with the state of the batch before.
fn stateful_lstm() -> Result<Model> {
    let model = rows()?;
    model.add(LSTM {
        stateful: true.into(),
        ..LSTM::new(8)
    })?;
    Ok(model)
}

/// Two such layers.
fn stateful_gru() -> Result<Model> {
    let model = rows()?;
    for return_sequences in [true, false] {
        model.add(GRU {
            stateful: true.into(),
            return_sequences,
            ..GRU::new(6)
        })?;
    }
    Ok(model)
}

/// So many layers that what a step holds of each does not fit where a few would.
fn deep() -> Result<Model> {
    let model = Model::sequential();
    model.add(Flatten::new())?;
    for _ in 0..20 {
        model.add(Dense {
            activation: Activation::Relu,
            ..Dense::new(8)
        })?;
    }
    Ok(model)
}

// One test, since tests that run beside each other would take each other's spare memory.
#[test]
fn a_step_in_steady_state_allocates_nothing() -> Result<()> {
    for threads in [1, 2] {
        set_threads(threads);
        assert_eq!(count(dense()?, pictures(), Adam::new())?, 0, "{threads}");
    }
    let momentum = Sgd {
        momentum: 0.9,
        ..Sgd::new()
    };
    assert_eq!(count(convnet()?, pictures(), momentum)?, 0);
    assert_eq!(count(large()?, pictures(), Adam::new())?, 0);
    assert_eq!(count(transformer()?, pictures(), Adam::new())?, 0);
    assert_eq!(count(recurrent()?, pictures(), Sgd::new())?, 0);
    for stateful in [stateful_lstm()?, stateful_gru()?] {
        assert_eq!(count(stateful, pictures(), Sgd::new())?, 0);
    }
    for threads in [1, 2] {
        set_threads(threads);
        assert_eq!(count(convolutions()?, pictures(), Sgd::new())?, 0);
    }
    for name in ["adam", "sgd", "adagrad"] {
        for vocabulary in [500, 5000] {
            let optimizer = Optimizer::from_json(&json!({ "class_name": name, "config": {} }))?;
            let count = count(sentences(vocabulary)?, words(), optimizer)?;
            assert_eq!(count, 0, "{name} {vocabulary}");
        }
    }
    let three_losses = Compile {
        loss_weights: vec![0.5, 2.0, 1.0],
        ..Compile::new(Adam::new(), Loss::named("mse")?).metrics(["mse"])
    };
    assert_eq!(count_of(graph()?, pairs()?, three_losses)?, 0);
    assert_eq!(count(deep()?, pictures(), Sgd::new())?, 0);
    for name in [
        "rmsprop", "adagrad", "adadelta", "adamw", "adamax", "nadam", "lion",
    ] {
        let decay = json!({
            "class_name": "CosineDecay",
            "config": { "initial_learning_rate": 0.001, "decay_steps": 1000 }
        });
        let config = json!({ "learning_rate": decay, "global_clipnorm": 1.0 });
        let optimizer = Optimizer::from_json(&json!({ "class_name": name, "config": config }))?;
        assert_eq!(count(dense()?, pictures(), optimizer)?, 0, "{name}");
    }
    for name in ["clipvalue", "clipnorm"] {
        let config = Value::Object(vec![(name.into(), 1.0.into())]);
        let optimizer = Optimizer::from_json(&json!({ "class_name": "adam", "config": config }))?;
        assert_eq!(count(dense()?, pictures(), optimizer)?, 0, "{name}");
    }
    for loss in [
        "huber",
        "log_cosh",
        "poisson",
        "kl_divergence",
        "cosine_similarity",
        "hinge",
    ] {
        let of_each = [["auc"], ["f1_score"], ["r2_score"]];
        let judged = Compile {
            metrics: of_each.map(|names| names.map(Into::into).into()).into(),
            ..Compile::new(Adam::new(), Loss::named(loss)?)
        };
        assert_eq!(count_of(graph()?, pairs()?, judged)?, 0, "{loss}");
    }
    Ok(())
}
