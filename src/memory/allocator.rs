//! The allocator of the modules for JavaScript: the system's, for which spare buffers make way.
//!
//! Not every allocation is asked for (see `ask.rs`): arrays that JavaScript hands over, small vectors that grow. While
//! buffers lie spare none of them must fail, because that would end the instance.
#![allow(unsafe_code)]
use super::spare::give_back;
use core::alloc::{GlobalAlloc, Layout};
use std::alloc::System;

struct Yielding;

/// What `allocate` answers, a second time where memory was short and spare buffers were given back.
fn again(allocate: impl Fn() -> *mut u8) -> *mut u8 {
    let memory = allocate();
    if memory.is_null() && give_back() {
        return allocate();
    }
    memory
}

// SAFETY: every call is passed on to the system's allocator. An allocation that failed has changed nothing, so it may be
// tried again.
unsafe impl GlobalAlloc for Yielding {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's contract is the same.
        again(|| unsafe { System.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        again(|| unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        again(|| unsafe { System.realloc(memory, layout, size) })
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Yielding = Yielding;
