//! What is recorded, and how gradients of one tensor add up.
use crate::check;
use mapling::Tensor;
use mapling::base::rng::Rng;

#[test]
fn dropout_lets_gradients_through_its_mask_only() {
    check("dropout", &[&[4, 7]], -1.0, 1.0, &|x| {
        x[0].mul(&x[0])?.dropout(0.4, &mut Rng::new(3))
    });
}

#[test]
fn shared_input_adds_both_gradients() {
    check("x · x + x", &[&[5]], -1.0, 1.0, &|x| {
        x[0].mul(&x[0])?.add(&x[0])
    });
    check("x · xᵀ", &[&[3, 2]], -1.0, 1.0, &|x| {
        x[0].matmul(&x[0].transpose(&[1, 0])?)
    });
    let x = Tensor::scalar(3.0).tracked();
    let y = x.add(&x).unwrap().add(&x).unwrap();
    assert_eq!(y.backward().unwrap().get(&x).unwrap().data(), [3.0]);
}

#[test]
fn third_derivative_of_a_cube_is_six() {
    let x = Tensor::scalar(1.7).tracked();
    let mut y = x.mul(&x).unwrap().mul(&x).unwrap();
    for _ in 0..3 {
        y = y.backward_graph().unwrap().get(&x).unwrap();
    }
    assert!((y.item().unwrap() - 6.0).abs() < 1e-5);
}

#[test]
fn nothing_is_recorded_unless_asked_for() {
    let (x, w) = (Tensor::scalar(2.0), Tensor::scalar(3.0).tracked());
    assert!(!x.mul(&x).unwrap().needs_gradient());
    assert!(x.mul(&w).unwrap().needs_gradient());
    assert!(!x.mul(&w).unwrap().detach().needs_gradient());
}
