//! Properties of shapes, over many of them.
#![cfg(not(target_arch = "wasm32"))]
use mapling::Tensor;
use mapling::ops::Padding::{Same, Valid};
use mapling::tensor::shape::Shape;
use proptest::prelude::*;

fn dims(most: usize) -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(1usize..5, 0..=most)
}

fn counting(shape: &[usize]) -> Tensor {
    Tensor::new(
        (0..shape.iter().product())
            .map(|i: usize| i as f32)
            .collect(),
        shape,
    )
    .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn broadcasting_is_symmetric_and_keeps_the_longer_axes(a in dims(4), b in dims(4)) {
        let (x, y) = (counting(&a), counting(&b));
        match (x.add(&y), y.add(&x)) {
            (Ok(sum), Ok(mirrored)) => {
                prop_assert_eq!(sum.shape(), mirrored.shape());
                prop_assert_eq!(sum.data(), mirrored.data());
                prop_assert_eq!(sum.shape().len(), a.len().max(b.len()));
            }
            (Err(_), Err(_)) => prop_assert!(Shape::broadcast("add", x.shape(), y.shape()).is_err()),
            _ => prop_assert!(false, "one order works, the other does not: {:?} {:?}", a, b),
        }
    }

    #[test]
    fn broadcasting_then_summing_back_multiplies_by_the_repeats(a in dims(3), lead in 1usize..4) {
        let x = counting(&a);
        let wide = x.broadcast_to(&[&[lead], &a[..]].concat()).unwrap();
        let back = wide.sum_to(&a).unwrap();
        let scaled = x.scale(lead as f32);
        prop_assert_eq!(back.data(), scaled.data());
    }

    #[test]
    fn transposing_back_and_forth_changes_nothing(a in dims(5), seed in any::<u64>()) {
        let mut order: Vec<usize> = (0..a.len()).collect();
        mapling::base::rng::Rng::new(seed).shuffle(&mut order);
        let mut inverse = vec![0; order.len()];
        order.iter().enumerate().for_each(|(to, &from)| inverse[from] = to);
        let x = counting(&a);
        let there = x.transpose(&order).unwrap();
        let (moved, original) = (there.transpose(&inverse).unwrap(), x.data());
        prop_assert_eq!(moved.data(), original);
    }

    #[test]
    fn slices_joined_again_are_the_whole(a in dims(4), axis in 0usize..4, cut in 0usize..5) {
        prop_assume!(axis < a.len() && cut <= a[axis]);
        let x = counting(&a);
        let part = |from: usize, length: usize| {
            let (mut begin, mut size) = (vec![0; a.len()], a.clone());
            (begin[axis], size[axis]) = (from, length);
            x.slice(&begin, &size).unwrap()
        };
        let joined = Tensor::concat(&[part(0, cut), part(cut, a[axis] - cut)], axis as isize).unwrap();
        prop_assert_eq!(joined.data(), x.data());
    }

    #[test]
    fn same_padding_keeps_the_size_and_valid_never_grows(h in 1usize..9, w in 1usize..9, kh in 1usize..4, kw in 1usize..4) {
        let (x, kernel) = (counting(&[1, h, w, 2]), counting(&[kh, kw, 2, 3]));
        let same = x.conv2d(&kernel, (1, 1), (1, 1), Same).unwrap();
        prop_assert_eq!(&**same.shape(), [1, h, w, 3]);
        match x.conv2d(&kernel, (1, 1), (1, 1), Valid) {
            Ok(valid) => prop_assert_eq!(&**valid.shape(), [1, h + 1 - kh, w + 1 - kw, 3]),
            Err(_) => prop_assert!(kh > h || kw > w),
        }
    }

    #[test]
    fn any_reduction_keeps_the_total(a in dims(4), mask in any::<u8>()) {
        let x = counting(&a);
        let axes: Vec<isize> = (0..a.len()).filter(|axis| mask >> axis & 1 == 1).map(|axis| axis as isize).collect();
        let total = x.sum(&[], false).unwrap().item().unwrap();
        let parts = x.sum(&axes, true).unwrap();
        prop_assert_eq!(parts.shape().len(), a.len());
        prop_assert_eq!(parts.sum(&[], false).unwrap().item().unwrap(), total);
    }
}
