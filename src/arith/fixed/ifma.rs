//! Columns of products of digits, and [`Lanes`], by AVX-512 IFMA: eight products of 52 bits an instruction. The only
//! `unsafe` code of the crate, for two reasons alone:
//! - what is compiled for these instructions may be called only on a processor that has them: [`columns`] and [`run`] ask
//!   first, and nothing else calls the functions compiled so or makes an [`Ifma`];
//! - vectors go to and from memory by address: [`load`], [`load_some`] and [`store`] use an array of the vector's size.

#![allow(unsafe_code)]

use super::digits::{DIGIT, LANES, Range, TILE};
use super::lanes::{Eight, Lanes, Work};
use super::vector::diagonal;
use std::arch::x86_64::{
    __m512i, _MM_HINT_T0, _mm_prefetch, _mm512_add_epi64, _mm512_and_si512, _mm512_loadu_si512, _mm512_madd52hi_epu64,
    _mm512_madd52lo_epu64, _mm512_maskz_loadu_epi64, _mm512_min_epu64, _mm512_permutexvar_epi64, _mm512_set_epi64,
    _mm512_set1_epi64, _mm512_setzero_si512, _mm512_shuffle_i64x2, _mm512_srli_epi64, _mm512_storeu_si512,
    _mm512_sub_epi64, _mm512_unpackhi_epi64, _mm512_unpacklo_epi64,
};

/// Columns that the products of a tile of digits touch.
const TOUCHED: usize = 2 * TILE;
/// So many numbers of 52 bits may be added up in a lane: all lanes together stay below `2^64`.
const LANE: usize = (1 << (64 - DIGIT)) / LANES;

fn present() -> bool {
    is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512ifma")
}

/// Does the work; gives it back, undone, on a processor without the instructions.
pub(super) fn run<W: Work>(work: W) -> Option<W> {
    if !present() {
        return Some(work);
    }
    // SAFETY: the processor has the instructions.
    unsafe { run_present(work) };
    None
}

#[target_feature(enable = "avx512f,avx512ifma")]
fn run_present<W: Work>(work: W) {
    work.run::<Ifma>();
}

/// A vector. Its operations are instructions only once they are inlined to [`run_present`].
#[derive(Clone, Copy)]
struct Ifma(__m512i);

/// An operation of [`Ifma`]s.
macro_rules! operation {
    ($name:ident($($a:ident),*) = $call:expr) => {
        #[inline(always)]
        fn $name(self, $($a: Self),*) -> Self {
            // SAFETY: there is an `Ifma`, so the processor has the instructions.
            unsafe { Ifma($call(self.0 $(, $a.0)*)) }
        }
    };
}

impl Lanes for Ifma {
    #[inline(always)]
    fn load(a: &Eight) -> Self {
        Self::unaligned(&a.0)
    }

    #[inline(always)]
    fn unaligned(a: &[u64; LANES]) -> Self {
        // SAFETY: only `run_present` uses the type.
        unsafe { Ifma(load(a)) }
    }

    #[inline(always)]
    fn store(self, a: &mut Eight) {
        // SAFETY: there is an `Ifma`, so the processor has the instructions.
        a.0 = unsafe { store(self.0) };
    }

    #[inline(always)]
    fn splat(a: u64) -> Self {
        // SAFETY: only `run_present` uses the type.
        unsafe { Ifma(_mm512_set1_epi64(a as i64)) }
    }

    #[inline(always)]
    fn soon(a: &Eight) {
        // SAFETY: every processor with the instructions has this one, and it only hints at the line of the reference.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(std::ptr::from_ref(a).cast()) };
    }

    operation!(plus(b) = _mm512_add_epi64);
    operation!(minus(b) = _mm512_sub_epi64);
    operation!(least(b) = _mm512_min_epu64);
    operation!(low() = low);
    operation!(high() = _mm512_srli_epi64::<{ DIGIT as u32 }>);
    operation!(add_low(a, b) = _mm512_madd52lo_epu64);
    operation!(add_high(a, b) = _mm512_madd52hi_epu64);
}

#[target_feature(enable = "avx512f")]
fn low(a: __m512i) -> __m512i {
    _mm512_and_si512(a, _mm512_set1_epi64((1 << DIGIT) - 1))
}

/// See [`super::vector::columns`]; `false`, and nothing done, on a processor without the instructions.
pub(super) fn columns(columns: &mut [u128], x: Range, y: Range, width: usize, last: usize) -> bool {
    if !present() {
        return false;
    }
    // SAFETY: the processor has the instructions.
    unsafe { by_diagonals(columns, x, y, width, last) };
    true
}

#[target_feature(enable = "avx512f,avx512ifma")]
fn by_diagonals(columns: &mut [u128], x: Range, y: Range, width: usize, last: usize) {
    for t in 0..2 * width / TILE - 1 {
        // Digits a and b of a tile, from 0, belong to column `first + 1 + a + b`.
        let first = TILE * t + 1;
        let Some(reach) = last.checked_sub(first + 1) else { return };
        let columns = &mut columns[first..first + TOUCHED];
        match reach {
            0 => by_diagonal::<0>(columns, x, y, width, t),
            1 => by_diagonal::<1>(columns, x, y, width, t),
            2 => by_diagonal::<2>(columns, x, y, width, t),
            3 => by_diagonal::<3>(columns, x, y, width, t),
            4 => by_diagonal::<4>(columns, x, y, width, t),
            5 => by_diagonal::<5>(columns, x, y, width, t),
            _ => by_diagonal::<6>(columns, x, y, width, t),
        }
    }
}

/// The tiles of a diagonal: of each the products of digits `a + b <= REACH`.
#[target_feature(enable = "avx512f,avx512ifma")]
fn by_diagonal<const REACH: usize>(columns: &mut [u128], x: Range, y: Range, width: usize, t: usize) {
    let rounds = x.len().div_ceil(LANES);
    let mut sums = Sums::zero();
    let mut held = 0;
    for (p, q) in diagonal(t, width) {
        // A round adds at most 2 TILE numbers to a lane, of both halves together.
        if 2 * TILE * (held + rounds) > LANE {
            sums.flush(columns);
            held = 0;
        }
        let at = |i: usize| (x.forward(TILE * p + i), y.backward(TILE * q + i));
        let [(x0, y0), (x1, y1), (x2, y2), (x3, y3)] = [at(0), at(1), at(2), at(3)];
        sums = tile::<REACH>(sums, [x0, x1, x2, x3], [y0, y1, y2, y3], x.len());
        held += rounds;
    }
    sums.flush(columns);
}

/// Sums of the upper and of the lower halves of products, apart: an addition waits four cycles for the one before it.
#[derive(Clone, Copy)]
struct Sums {
    high: [__m512i; TOUCHED],
    low: [__m512i; TOUCHED],
}

#[target_feature(enable = "avx512f,avx512ifma")]
fn tile<const REACH: usize>(
    mut sums: Sums,
    x: [&[[u64; LANES]]; TILE],
    y: [&[[u64; LANES]]; TILE],
    count: usize,
) -> Sums {
    let reverse = _mm512_set_epi64(0, 1, 2, 3, 4, 5, 6, 7);
    let zero = _mm512_setzero_si512();
    let rounds = count.div_ceil(LANES);
    for c in 0..rounds {
        // Lanes beyond the last number count for nothing.
        let some = u8::MAX >> (LANES * (c + 1)).saturating_sub(count);
        let (mut xs, mut ys) = ([zero; TILE], [zero; TILE]);
        for a in 0..TILE {
            if a <= REACH {
                xs[a] = load_some(&x[a][c], some);
                ys[a] = _mm512_permutexvar_epi64(reverse, load(&y[a][rounds - 1 - c]));
            }
        }
        for (a, &x) in xs.iter().enumerate() {
            for (b, &y) in ys.iter().enumerate() {
                if a + b <= REACH {
                    sums.high[a + b] = _mm512_madd52hi_epu64(sums.high[a + b], x, y);
                    sums.low[a + b + 1] = _mm512_madd52lo_epu64(sums.low[a + b + 1], x, y);
                }
            }
        }
    }
    sums
}

impl Sums {
    #[target_feature(enable = "avx512f")]
    fn zero() -> Self {
        let zero = [_mm512_setzero_si512(); TOUCHED];
        Sums { high: zero, low: zero }
    }

    /// Adds the lanes of each sum to its column.
    #[target_feature(enable = "avx512f")]
    fn flush(&mut self, columns: &mut [u128]) {
        let mut sums = self.high;
        for (sum, low) in sums.iter_mut().zip(self.low) {
            *sum = _mm512_add_epi64(*sum, low);
        }
        // Halves of eight vectors become four vectors, of these two, of these one.
        let [a, b, c, d, e, f, g, h] = sums;
        let fours = [pairs(a, b), pairs(c, d), pairs(e, f), pairs(g, h)];
        let halves = [quarters(fours[0], fours[1]), quarters(fours[2], fours[3])];
        let total = store(quarters(halves[0], halves[1]));
        for (column, lane) in columns.iter_mut().zip(total) {
            *column = column.wrapping_add(u128::from(lane));
        }
        *self = Sums::zero();
    }
}

/// Sums of neighbours, of `a` in the even lanes, of `b` in the odd ones.
#[target_feature(enable = "avx512f")]
fn pairs(a: __m512i, b: __m512i) -> __m512i {
    _mm512_add_epi64(_mm512_unpacklo_epi64(a, b), _mm512_unpackhi_epi64(a, b))
}

/// Sums of neighbouring quarters (two lanes), of `a` in the lower half, of `b` in the upper.
#[target_feature(enable = "avx512f")]
fn quarters(a: __m512i, b: __m512i) -> __m512i {
    _mm512_add_epi64(_mm512_shuffle_i64x2::<0b10_00_10_00>(a, b), _mm512_shuffle_i64x2::<0b11_01_11_01>(a, b))
}

#[target_feature(enable = "avx512f")]
fn load(a: &[u64; LANES]) -> __m512i {
    // SAFETY: reads the 64 bytes of the array.
    unsafe { _mm512_loadu_si512(a.as_ptr().cast()) }
}

/// The lanes that `some` names; 0 in the others.
#[target_feature(enable = "avx512f")]
fn load_some(a: &[u64; LANES], some: u8) -> __m512i {
    // SAFETY: reads at most the 64 bytes of the array.
    unsafe { _mm512_maskz_loadu_epi64(some, a.as_ptr().cast()) }
}

#[target_feature(enable = "avx512f")]
fn store(a: __m512i) -> [u64; LANES] {
    let mut lanes = [0; LANES];
    // SAFETY: writes the 64 bytes of the array.
    unsafe { _mm512_storeu_si512(lanes.as_mut_ptr().cast(), a) };
    lanes
}
