//! Attention, whole and in pieces.
use crate::{check, random};
use mapling::base::rng::Rng;
use mapling::ops::Heads;
use mapling::{Result, Tensor};

/// Attention of two heads with and without masks, of which one hides every key from a query.
fn attentions(queries: usize, keys: usize) -> Vec<(&'static str, Heads)> {
    let mut rng = Rng::new(4);
    let mut hiding = |shape: &[usize]| {
        let mask = random(shape, &mut rng, -0.6, 1.0).step();
        let first = &mut mask.data().to_vec();
        first[..shape[3]].fill(0.0);
        Tensor::new(first.clone(), shape).unwrap()
    };
    let open = Heads {
        count: 2,
        scale: 0.7,
        causal: false,
        mask: None,
        mean_if_blind: true,
        dropped: None,
    };
    let masked = |mask, mean_if_blind| Heads {
        mask: Some(mask),
        mean_if_blind,
        ..open.clone()
    };
    vec![
        ("open", open.clone()),
        (
            "causal",
            Heads {
                causal: true,
                ..open.clone()
            },
        ),
        ("keys hidden", masked(hiding(&[2, 1, 1, keys]), true)),
        ("pairs hidden", masked(hiding(&[1, 1, queries, keys]), true)),
        (
            "nothing seen",
            masked(hiding(&[2, 2, queries, keys]), false),
        ),
        (
            "dropped",
            Heads {
                causal: true,
                dropped: Some(hiding(&[2, 2, queries, keys]).scale(1.25)),
                ..masked(hiding(&[2, 1, queries, keys]), false)
            },
        ),
    ]
}

#[test]
fn attention() {
    for (queries, keys, depth, width) in [(1, 1, 1, 2), (3, 4, 2, 3), (5, 2, 3, 1)] {
        let shapes: &[&[usize]] = &[
            &[2, queries, 2 * depth],
            &[2, keys, 2 * depth],
            &[2, keys, 2 * width],
        ];
        for (name, how) in attentions(queries, keys) {
            check(&format!("attention, {name}"), shapes, -1.0, 1.0, &|x| {
                x[0].attention(&x[1], &x[2], &how)
            });
        }
    }
}

#[test]
fn fused_attention_and_its_gradients_are_those_of_the_plain_form() -> Result<()> {
    let mut rng = Rng::new(5);
    for (queries, keys) in [(1, 7), (2, 3), (33, 20), (12, 41)] {
        for (name, how) in attentions(queries, keys) {
            let [q, k] =
                [queries, keys].map(|time| random(&[2, time, 18], &mut rng, -2.0, 2.0).tracked());
            let v = random(&[2, keys, 24], &mut rng, -2.0, 2.0).tracked();
            let fused = q.attention(&k, &v, &how)?;
            let (plain, _) = q.attention_with_weights(&k, &v, &how)?;
            let dy = random(fused.shape(), &mut rng, -1.0, 1.0);
            let [ours, theirs] = [fused.pull_back(&dy)?, plain.pull_back(&dy)?];
            let mut pairs = vec![(fused, plain)];
            for x in [&q, &k, &v] {
                pairs.push((ours.get(x).unwrap(), theirs.get(x).unwrap()));
            }
            for (place, (fused, plain)) in pairs.iter().enumerate() {
                let scale = plain
                    .data()
                    .iter()
                    .fold(0.1f32, |most, x| most.max(x.abs()));
                for (a, b) in fused.data().iter().zip(plain.data()) {
                    assert!(
                        (a - b).abs() < 1e-5 * scale,
                        "{name} {queries}×{keys}, {place}: {a} and {b}"
                    );
                }
            }
        }
    }
    Ok(())
}
