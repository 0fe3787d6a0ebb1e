//! How well a small network tells digits from what is none, and how few digits it refuses.
#[path = "../tests/mnist/mod.rs"]
mod mnist;
use mapling::Result;
use mapling::base::json::{self, Value};
use mapling::base::rng::Rng;
use mapling::data::augment::Augment;
use mapling::data::digit;
use mapling::data::synthetic::{self, other::Family};
use mapling::learn::loss::{Loss, Targets};
use mapling::learn::optim::Adam;
use mapling::learn::{Compile, Data, Event, Features, Fit, FitOptions, Trainer};
use mapling::nn::{Activation, Conv2D, Dense, Flatten, MaxPooling2D, Model, Pair, Reshape};
use mapling::tensor::Tensor;
use std::rc::Rc;

fn env(name: &str, default: f64) -> f64 {
    std::env::var(name)
        .ok()
        .and_then(|t| t.parse().ok())
        .unwrap_or(default)
}

fn model(kind: &str, out: usize) -> Result<Model> {
    let model = Model::sequential();
    let conv = |filters, stride| Conv2D {
        activation: Activation::Relu,
        strides: Pair(stride, stride),
        ..Conv2D::new(filters, Pair(3, 3))
    };
    if kind != "dense" {
        model.add(Reshape::new(vec![28, 28, 1]))?;
    }
    let (f1, f2, units) = (
        env("F1", 8.0) as usize,
        env("F2", 16.0) as usize,
        env("UNITS", 32.0) as usize,
    );
    match kind {
        "strided" => {
            model.add(conv(f1, 2))?;
            model.add(conv(f2, 2))?;
            model.add(Flatten::new())?;
        }
        "pooled" => {
            model.add(conv(f1, 1))?;
            model.add(MaxPooling2D::new())?;
            model.add(conv(f2, 1))?;
            model.add(MaxPooling2D::new())?;
            model.add(Flatten::new())?;
        }
        "mixed" => {
            model.add(conv(f1, 2))?;
            model.add(conv(f2, 1))?;
            model.add(MaxPooling2D::new())?;
            model.add(Flatten::new())?;
        }
        _ => {
            model.add(Flatten::new())?;
        }
    }
    if units > 0 {
        model.add(Dense {
            activation: Activation::Relu,
            ..Dense::new(units)
        })?;
    }
    model.add(Dense {
        activation: Activation::Softmax,
        ..Dense::new(out)
    })?;
    Ok(model)
}

fn strokes_of(path: &str) -> Result<Vec<(String, Vec<u8>)>> {
    let all = json::parse(&std::fs::read_to_string(path).unwrap_or("[]".into()))?;
    let list = |value: &Value| value.as_array().unwrap_or_default().to_vec();
    let mut out = vec![];
    for one in all.as_array().unwrap_or_default() {
        let strokes: Vec<Vec<[f32; 2]>> = list(&one["strokes"])
            .iter()
            .map(|s| {
                list(s)
                    .iter()
                    .map(|p| {
                        let a = list(p);
                        [a[0].as_f64().unwrap() as f32, a[1].as_f64().unwrap() as f32]
                    })
                    .collect()
            })
            .collect();
        let name = one["label"]
            .as_str()
            .map(|s| s.to_string())
            .or(one["label"].as_u64().map(|n| n.to_string()))
            .unwrap_or_default();
        out.push((
            name,
            digit::rasterize(&strokes)?
                .map(|v| (255.0 * v).round() as u8)
                .to_vec(),
        ));
    }
    Ok(out)
}

fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let f: Vec<&str> = stat.split(' ').collect();
    (f[13].parse::<f64>().unwrap_or(0.0) + f[14].parse::<f64>().unwrap_or(0.0)) / 100.0
}

fn main() -> Result<()> {
    let kind = std::env::var("KIND").unwrap_or("strided".into());
    let half = env("HALF", 1.0) > 0.0;
    let (n_mnist, n_styles, n_other, epochs) = (
        env("MNIST", 20000.0) as usize,
        env("STYLES", 10000.0) as usize,
        env("OTHER", 20000.0) as usize,
        env("EPOCHS", 3.0) as usize,
    );
    let seed = env("SEED", 1.0) as u64;
    let eleven = env("ELEVEN", 1.0) > 0.0;
    let Some(m) = mnist::Mnist::load() else {
        return Ok(());
    };
    let started = std::time::Instant::now();
    let held = 3000;
    let mut images = m.train_images[..n_mnist * 784].to_vec();
    let mut labels = m.train_labels[..n_mnist].to_vec();
    let (more, their) = synthetic::generate(7, n_styles)?;
    images.extend(&more);
    labels.extend(&their);
    let none = if eleven { 10 } else { 1 };
    if !eleven {
        labels.fill(0);
    }
    let mut rng = Rng::new(seed + 100);
    for _ in 0..n_other {
        let family = Family::any(&mut rng);
        let mut kind = rng.below(family.kinds() as u32) as usize;
        if half && family.kinds() > 1 {
            kind &= !1;
        }
        images.extend(family.draw(kind, &mut rng));
        labels.push(none);
    }
    println!("drawn in {:?}", started.elapsed());
    let count = labels.len();
    let data = Data::new(
        Features::bytes(images, &[28, 28])?,
        Targets::classes(labels.into_iter().map(u32::from).collect()),
    );
    let mut trainer = Trainer::new(model(&kind, none as usize + 1)?, seed);
    let mut adam = Adam::new();
    adam.learning_rate = env("RATE", 0.003) as f32;
    trainer.compile(
        Compile::new(adam, Loss::named("sparse_categorical_crossentropy")?).metrics(["accuracy"]),
    )?;
    let aug = env("AUG", 1.0);
    let options = FitOptions {
        epochs,
        batch_size: env("BATCH", 32.0) as usize,
        augment: (aug > 0.0).then_some(Augment {
            rotation: 0.03,
            zoom: 0.1,
            shear: 0.15,
            shift: 0.035,
        }),
        final_rate: 0.05,
        ..FitOptions::default()
    };
    let started = std::time::Instant::now();
    let mut fit = Fit::new(&mut trainer, data, options)?;
    loop {
        match fit.step(&mut trainer)? {
            Event::Done => break,
            _ => {}
        }
    }
    println!(
        "{kind}: trained on {count} × {epochs} in {:?}, all CPU {:.1} s",
        started.elapsed(),
        cpu()
    );
    let out = none as usize + 1;
    let scores = |trainer: &Trainer, bytes: &[u8]| -> Result<Vec<f32>> {
        let n = bytes.len() / 784;
        let x = Features::values(Tensor::new(
            bytes
                .iter()
                .map(|&b| f32::from(b) / 255.0)
                .collect::<Vec<_>>(),
            &[n, 28, 28],
        )?)?;
        let answers = trainer.predict(&[Rc::new(x)], 64)?;
        Ok(answers[0]
            .data()
            .chunks(out)
            .map(|row| {
                let p = row[none as usize].max(1e-9);
                (p / (1.0 - p).max(1e-9)).ln()
            })
            .collect())
    };
    // calibration on digits held out: last of the MNIST training set, and fresh styles
    let from = 60000 - held;
    let mut cal = scores(&trainer, &m.train_images[from * 784..])?;
    let mut cal_s = scores(&trainer, &synthetic::generate(999, held)?.0)?;
    cal.sort_by(f32::total_cmp);
    cal_s.sort_by(f32::total_cmp);
    let fa = env("FA", 0.005);
    let q = |v: &Vec<f32>| v[((1.0 - fa) * v.len() as f64) as usize];
    let _ = q;
    let mnist_test = scores(&trainer, &m.test_images)?;
    let pens = strokes_of("../../shared/drawn/pen-digits.json")?;
    let pen = scores(
        &trainer,
        &pens.iter().flat_map(|p| p.1.clone()).collect::<Vec<_>>(),
    )?;
    let mut rng = Rng::new(4242);
    let mut kinds: Vec<(Family, usize, Vec<f32>)> = vec![];
    for family in Family::ALL {
        for kind in 0..family.kinds() {
            let n = if family.kinds() > 1 { 100 } else { 1000 };
            let bytes: Vec<u8> = (0..n).flat_map(|_| family.draw(kind, &mut rng)).collect();
            kinds.push((family, kind, scores(&trainer, &bytes)?));
        }
    }
    let mut sets = vec![];
    for path in std::env::args().skip(1) {
        let all = strokes_of(&path)?;
        if all.is_empty() {
            continue;
        }
        let s = scores(
            &trainer,
            &all.iter().flat_map(|p| p.1.clone()).collect::<Vec<_>>(),
        )?;
        sets.push((path, all, s));
    }
    for fa in [0.005, 0.0075, 0.01] {
        let t = cal[((1.0 - fa) * cal.len() as f64) as usize];
        let share =
            |v: &[f32]| 100.0 * v.iter().filter(|&&s| s > t).count() as f32 / v.len() as f32;
        print!(
            "FA {fa} t {t:.2}: MNIST test {:.2} styles {:.2} pen {:.2};",
            share(&mnist_test),
            share(&cal_s),
            share(&pen)
        );
        for family in Family::ALL {
            let mean = |parity: usize| {
                let v: Vec<f32> = kinds
                    .iter()
                    .filter(|k| k.0 == family && k.1 & 1 == parity)
                    .map(|k| share(&k.2))
                    .collect();
                v.iter().sum::<f32>() / v.len() as f32
            };
            print!(" {family:?} {:.1}/{:.1}", mean(0), mean(1));
        }
        for (path, _, s) in &sets {
            print!(" {} {:.1}", path.rsplit('/').next().unwrap(), share(s));
        }
        println!();
        if fa == 0.0075 {
            for family in Family::ALL {
                let mut w: Vec<(i32, usize)> = kinds
                    .iter()
                    .filter(|k| k.0 == family)
                    .map(|k| (share(&k.2) as i32, k.1))
                    .collect();
                w.sort();
                w.truncate(12);
                println!("   {family:?} {w:?}");
            }
            for (path, all, s) in &sets {
                println!(
                    "   {path} missed {}",
                    all.iter()
                        .zip(s)
                        .filter(|(_, s)| **s <= t)
                        .map(|(p, _)| p.0.as_str())
                        .collect::<Vec<_>>()
                        .join(" ")
                );
            }
        }
    }
    Ok(())
}
