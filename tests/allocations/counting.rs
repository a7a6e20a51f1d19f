//! Counts the allocations of a thread, Rust's and GMP's (which are MPFR's too).
//!
//! The only unsafe code of the tests. Why it is sound: the Rust side hands every call on to [`System`] unchanged. GMP's
//! functions keep its contract: it passes back the size of every block it frees or moves, so the layout is the one the
//! block was made with; `ALIGN` is at least `malloc`'s; sizes are never 0; failure aborts, as GMP demands. They are
//! installed before GMP has allocated anything: this program has one test, which begins with [`install`].
#![allow(unsafe_code)]

use gmp_mpfr_sys::gmp;
use std::alloc::{GlobalAlloc, Layout, System, alloc, dealloc, handle_alloc_error, realloc};
use std::cell::Cell;
use std::ffi::c_void;

const ALIGN: usize = 16;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        unsafe { System.realloc(block, layout, size) }
    }
}

fn layout(size: usize) -> Layout {
    Layout::from_size_align(size.max(1), ALIGN).unwrap_or(Layout::new::<u8>())
}

extern "C" fn gmp_alloc(size: usize) -> *mut c_void {
    let block = unsafe { alloc(layout(size)) };
    if block.is_null() {
        handle_alloc_error(layout(size));
    }
    block.cast()
}

unsafe extern "C" fn gmp_realloc(block: *mut c_void, old: usize, new: usize) -> *mut c_void {
    let block = unsafe { realloc(block.cast(), layout(old), new.max(1)) };
    if block.is_null() {
        handle_alloc_error(layout(new));
    }
    block.cast()
}

unsafe extern "C" fn gmp_free(block: *mut c_void, size: usize) {
    unsafe { dealloc(block.cast(), layout(size)) }
}

/// Counts GMP's allocations from now on.
pub fn install() {
    unsafe { gmp::set_memory_functions(Some(gmp_alloc), Some(gmp_realloc), Some(gmp_free)) }
}

/// How often `work` allocates or reallocates on this thread.
pub fn allocations(work: impl FnOnce()) -> u64 {
    let before = COUNT.get();
    work();
    COUNT.get() - before
}
