//! Gradients that JavaScript holds though they are not computed yet: an optimizer takes them piece by piece, and who
//! reads their values has them computed then.
use super::failure::answer;
use super::slots::{self, note_at};
use crate::base::error::{Result, bail};
use crate::memory::ask_for;
use crate::tensor::Tensor;
use crate::tensor::autograd::{Gradient, Product};
use crate::tensor::shape::Shape;
use alloc::vec::Vec;
use core::cell::RefCell;
use wasm_bindgen::prelude::*;

std::thread_local! {
    /// The products, by the numbers of their slots, which are empty. There are few of them at a time.
    static LATE: RefCell<Vec<(u32, Product)>> = const { RefCell::new(Vec::new()) };
}

fn find(slot: u32) -> Option<Product> {
    LATE.with_borrow(|all| {
        let (_, product) = all.iter().rev().find(|(place, _)| *place == slot)?;
        Some(product.clone())
    })
}

/// Keeps a product for JavaScript and notes its shape, and 0 as the address of values that are not there. Returns its
/// slot.
pub(super) fn put(product: Product) -> u32 {
    let slot = slots::take_place();
    note_at(&shape(&product), 0);
    LATE.with_borrow_mut(|all| all.push((slot, product)));
    slot
}

fn shape(product: &Product) -> Shape {
    let [a, b] = product.parts();
    Shape::known(&[a.shape()[1], b.shape()[1]])
}

/// Forgets the product of this slot; whether there was one.
pub(super) fn forget(slot: u32) -> bool {
    LATE.with_borrow_mut(
        |all| match all.iter().rposition(|(place, _)| *place == slot) {
            Some(at) => {
                all.swap_remove(at);
                true
            }
            None => false,
        },
    )
}

/// Notes the shape of the product of this slot; whether there is one.
pub(super) fn look_at(slot: u32) -> bool {
    let product = find(slot);
    if let Some(product) = &product {
        note_at(&shape(product), 0);
    }
    product.is_some()
}

/// Computes the product of this slot, which has the values from then on; `None` if there is no product.
pub(super) fn compute(slot: u32) -> Option<Result<Tensor>> {
    let product = find(slot)?;
    Some((|| {
        ask_for("gradient", &[shape(&product).size()])?;
        let value = product.value()?;
        forget(slot);
        slots::fill(slot, value.clone());
        Ok(value)
    })())
}

/// The gradient in a slot with its shape, for an optimizer's update of a variable, which may want it `whole`.
///
/// # Errors
/// The slot is empty.
pub(super) fn gradient(slot: u32, whole: bool) -> Result<(Gradient, Shape)> {
    match find(slot) {
        Some(product) if !whole => {
            let shape = shape(&product);
            Ok((Gradient::Late(product), shape))
        }
        _ => {
            let gradient = slots::get(slot)?.detach();
            let shape = *gradient.shape();
            Ok((Gradient::Whole(gradient), shape))
        }
    }
}

/// Computes the product in a slot, if it is not computed yet, and notes where its values lie. Answers with the slot.
#[wasm_bindgen(js_name = computeLate)]
pub fn compute_late(slot: u32) -> u32 {
    match slots::get(slot) {
        Ok(_) if slots::look_at(slot) => slot,
        _ => answer(|| slots::get(slot)),
    }
}

/// A slot with a factor of the product in a slot: 0 for `a`, 1 for `b` of `aᵀ · b`. Its shape and address are noted.
#[wasm_bindgen(js_name = factorOf)]
pub fn factor_of(slot: u32, which: usize) -> u32 {
    answer(|| match find(slot) {
        Some(product) => Ok(product.parts()[which.min(1)].clone()),
        None => bail!(State, "there is no product in slot {slot}"),
    })
}

/// A slot with the product `aᵀ · b` of the matrices in two slots, which are empty then; not computed yet, if `a` is
/// mostly zeros.
#[wasm_bindgen(js_name = lateProduct)]
pub fn late_product(a: u32, b: u32) -> u32 {
    let factors = (slots::take(a), slots::take(b));
    let (Ok(a), Ok(b)) = factors else {
        return answer(|| factors.0.and(factors.1));
    };
    match Product::new(&a, &b) {
        Some(product) => put(product),
        None => answer(|| a.transpose(&[1, 0])?.matmul(&b)),
    }
}
