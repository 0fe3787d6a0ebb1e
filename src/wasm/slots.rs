//! Tensors that JavaScript holds, each by a number: its slot.
use super::failure::answer;
use crate::base::error::{Result, bail};
#[cfg(feature = "eager")]
use crate::kernels::elementwise::expand_in_place;
use crate::memory::{Buffer, ask_for};
#[cfg(feature = "eager")]
use crate::simd::Native;
use crate::tensor::Tensor;
use crate::tensor::shape::{MAX_RANK, Shape};
use alloc::vec::Vec;
use core::cell::RefCell;
use core::sync::atomic::{AtomicU32, Ordering::Relaxed};
use wasm_bindgen::prelude::*;

struct Slots {
    tensors: Vec<Option<Tensor>>,
    free: Vec<u32>,
}

std::thread_local! {
    static SLOTS: RefCell<Slots> = const {
        RefCell::new(Slots { tensors: Vec::new(), free: Vec::new() })
    };
}

/// A place at a fixed address where JavaScript reads and writes shapes, so that no array is made for an op: the
/// rank, six lengths, and the address of the values.
static NOTE: [AtomicU32; 2 + MAX_RANK] = [const { AtomicU32::new(0) }; _];

fn note(tensor: &Tensor) {
    note_at(tensor.shape(), tensor.data().as_ptr().addr());
}

/// Notes a shape and an address.
pub(super) fn note_at(shape: &Shape, address: usize) {
    NOTE[0].store(shape.len() as u32, Relaxed);
    for (place, &length) in NOTE[1..].iter().zip(shape.iter()) {
        place.store(length as u32, Relaxed);
    }
    NOTE[1 + MAX_RANK].store(address as u32, Relaxed);
}

/// Keeps a tensor for JavaScript, and notes its shape and where its values lie. Returns its slot.
pub(super) fn put(tensor: Tensor) -> u32 {
    note(&tensor);
    let slot = take_place();
    fill(slot, tensor);
    slot
}

/// An empty slot that nobody else gets.
pub(super) fn take_place() -> u32 {
    SLOTS.with_borrow_mut(|slots| {
        slots.free.pop().unwrap_or_else(|| {
            slots.tensors.push(None);
            slots.tensors.len() as u32 - 1
        })
    })
}

/// Puts a tensor into a slot that is taken.
pub(super) fn fill(slot: u32, tensor: Tensor) {
    SLOTS.with_borrow_mut(|slots| slots.tensors[slot as usize] = Some(tensor));
}

/// The tensor in a slot: its handle, not a copy of its values. A gradient that waits is computed.
///
/// # Errors
/// The slot is empty, or there is no memory for such a gradient.
pub(super) fn get(slot: u32) -> Result<Tensor> {
    match held(slot) {
        Some(tensor) => Ok(tensor),
        None => waiting(slot),
    }
}

/// The tensor in a slot, if there is one with values.
fn held(slot: u32) -> Option<Tensor> {
    SLOTS.with_borrow(|slots| slots.tensors.get(slot as usize).cloned().flatten())
}

/// Whether the slot, in which no tensor is, has a gradient that waits; its shape is noted.
fn waits(slot: u32) -> bool {
    #[cfg(feature = "eager")]
    let waits = super::late::look_at(slot);
    #[cfg(not(feature = "eager"))]
    let waits = {
        let _ = slot;
        false
    };
    waits
}

/// The tensor in a slot that has no values yet.
fn waiting(slot: u32) -> Result<Tensor> {
    #[cfg(feature = "eager")]
    if let Some(computed) = super::late::compute(slot) {
        return computed;
    }
    bail!(State, "there is no tensor in slot {slot}")
}

/// The tensor in a slot, which is empty afterwards.
///
/// # Errors
/// The slot was empty before.
pub(super) fn take(slot: u32) -> Result<Tensor> {
    let found = SLOTS.with_borrow_mut(|slots| {
        let tensor = slots.tensors.get_mut(slot as usize)?.take()?;
        slots.free.push(slot);
        Some(tensor)
    });
    match found {
        Some(tensor) => Ok(tensor),
        None => bail!(State, "there is no tensor in slot {slot}"),
    }
}

/// The tensors in these slots.
///
/// # Errors
/// One of them is empty.
#[cfg(feature = "eager")]
pub(super) fn gather(slots: &[u32]) -> Result<Vec<Tensor>> {
    slots.iter().map(|&slot| get(slot)).collect()
}

/// Runs `change` on the tensor in a slot, whose only handle it has if nobody else holds one.
///
/// # Errors
/// The slot is empty, or that of `change`.
pub(super) fn change(slot: u32, change: impl FnOnce(&mut Tensor) -> Result<()>) -> Result<()> {
    let mut tensor = take(slot)?;
    let result = change(&mut tensor);
    SLOTS.with_borrow_mut(|slots| {
        slots.free.pop();
        slots.tensors[slot as usize] = Some(tensor);
    });
    result
}

/// The address of the note about the tensor that was put into a slot or looked at last: rank, six lengths, the
/// values' address, 32 bits each.
#[wasm_bindgen(js_name = noteAddress)]
pub fn note_address() -> usize {
    NOTE.as_ptr().addr()
}

/// Empties a slot.
#[wasm_bindgen]
pub fn free(slot: u32) {
    // A slot that is empty already is as it should be, but for a gradient that waits.
    if take(slot).is_err() {
        forget(slot);
    }
}

/// Empties a slot in which a gradient waits.
fn forget(slot: u32) {
    #[cfg(feature = "eager")]
    let did_wait = super::late::forget(slot);
    #[cfg(not(feature = "eager"))]
    let did_wait = waits(slot);
    if did_wait {
        SLOTS.with_borrow_mut(|slots| slots.free.push(slot));
    }
}

/// Notes shape and address of the tensor in a slot, 0 if it is a gradient that waits; whether there is one.
#[wasm_bindgen(js_name = lookAt)]
pub fn look_at(slot: u32) -> bool {
    match held(slot) {
        Some(tensor) => {
            note(&tensor);
            true
        }
        None => waits(slot),
    }
}

/// Puts the values of the tensor in slot `from` into slot `to` instead of those that are there.
///
/// # Errors
/// One of the slots is empty.
#[wasm_bindgen]
pub fn replace(to: u32, from: u32) -> Result<()> {
    let value = get(from)?.detach();
    change(to, |tensor| {
        *tensor = value;
        Ok(())
    })
}

/// Lets the tensor in a slot forget how it was made; a gradient that waits does not know it.
///
/// # Errors
/// The slot is empty.
#[wasm_bindgen]
pub fn detach(slot: u32) -> Result<()> {
    let detached = change(slot, |tensor| {
        *tensor = tensor.detach();
        Ok(())
    });
    if detached.is_err() && waits(slot) {
        return Ok(());
    }
    detached
}

/// Another slot with the same tensor.
#[wasm_bindgen]
pub fn share(slot: u32) -> u32 {
    answer(|| get(slot))
}

/// Another slot with the same values in another shape.
#[wasm_bindgen]
pub fn view(slot: u32, lengths: &[u32]) -> u32 {
    answer(|| get(slot)?.reshape(&super::shape(lengths)))
}

/// A slot for values that JavaScript writes to the address that is noted, before anything else is called. The
/// shape is that in the note.
#[wasm_bindgen]
pub fn allocate() -> u32 {
    answer(|| {
        let rank = (NOTE[0].load(Relaxed) as usize).min(MAX_RANK);
        let mut lengths = [0; MAX_RANK];
        for (length, place) in lengths[..rank].iter_mut().zip(&NOTE[1..]) {
            *length = place.load(Relaxed) as usize;
        }
        let shape = Shape::new(&lengths[..rank])?;
        ask_for("tensor", &[shape.size()])?;
        Ok(Tensor::leaf(Buffer::dirty(shape.size()), shape))
    })
}

/// Turns bytes, which lie in the last quarter of the tensor in a slot, into values: `byte / 255`.
///
/// # Errors
/// The slot is empty.
#[cfg(feature = "eager")]
#[wasm_bindgen(js_name = expandBytes)]
pub fn expand_bytes(slot: u32) -> Result<()> {
    change(slot, |tensor| {
        expand_in_place::<Native>(tensor.make_mut()?);
        Ok(())
    })
}

/// How many slots are in use.
#[wasm_bindgen(js_name = slotsInUse)]
pub fn slots_in_use() -> usize {
    SLOTS.with_borrow(|slots| slots.tensors.len() - slots.free.len())
}
