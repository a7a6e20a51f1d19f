//! Signed fixed-point numbers of several 64-bit limbs, and the sum of products of such numbers: the kernel of Taylor
//! arithmetic on aligned coefficients ([`crate::expr::FixedJet`]). Error bounds: `proofs/taylor-kernel.md`.
//!
//! A number is a magnitude of `n` limbs, lowest first, and a sign. Numbers that share an alignment are the [`Rows`] of
//! one slice. A *view of `m` limbs* is a number's top `m` limbs: its value rounded towards zero to a multiple of
//! `B^(n-m)`, `B = 2^64`. Sums are gathered in an accumulator, a two's complement number, and [`store`] rounds it to a
//! view. Sums of few products are formed limb by limb ([`dot`]), of many digit by digit ([`Columns::dot`]), all those of
//! two series of long numbers by their values at roots of unity ([`Squares`]).

mod digits;
#[cfg(target_arch = "x86_64")]
mod ifma;
mod lanes;
mod limbs;
mod modular;
mod spectrum;
mod squares;
mod strips;
mod tiers;
mod transform;
mod vector;

use limbs::{carrying, negate};

pub use digits::{Accuracy, Columns, Digits, Range};
pub use limbs::add;
pub use spectrum::Spectrum;
pub use squares::Squares;
pub use strips::Strip;
pub use tiers::{Plan, SIDE};

/// Numbers of one alignment: `limbs` holds `n` a row, `negative` one sign a row.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    pub limbs: &'a [u64],
    pub negative: &'a [bool],
}

/// `acc = sum_i X_i Y_(count-1-i)` over the rows of `x` and `y` (as many), each seen through its top `m` of `n` limbs,
/// in units of `B^(m-2)`; `acc` has `m + 3` limbs. Products of limbs that start below are left out: each `X Y` loses
/// less than `m B^(m-1)` of its magnitude.
pub fn dot(acc: &mut [u64], x: Rows, y: Rows, n: usize, m: usize) {
    macro_rules! lengths {
        ($($m:literal)*) => {
            match m {
                $($m => dot_of::<$m>(acc, x, y, n),)*
                _ => dot_long(acc, x, y, n, m),
            }
        };
    }
    lengths!(1 2 3 4 5 6 7 8 9 10 11 12);
}

/// Adds `x * y` to the sum of a limb and that of the limb above.
#[inline(always)]
fn add_product(low: &mut u128, high: &mut u128, x: u64, y: u64) {
    let product = u128::from(x) * u128::from(y);
    *low = low.wrapping_add(u128::from(product as u64));
    *high = high.wrapping_add(product >> 64);
}

/// Adds the product of two views of `M` limbs to sums of limbs: `ends` are the limbs `M - 2` and `2 M - 1`, `columns`
/// those between. Sums of fewer than `2^50` products fit.
#[inline(always)]
fn add_row<const M: usize>(ends: &mut [u128; 2], columns: &mut [u128; M], x: &[u64; M], y: &[u64; M]) {
    let [below, above] = ends;
    let mut low = columns[0];
    for p in 0..M - 1 {
        add_product(below, &mut low, x[p], y[M - 2 - p]);
    }
    for c in 0..M - 1 {
        let mut high = columns[c + 1];
        for p in c..M {
            add_product(&mut low, &mut high, x[p], y[M - 1 + c - p]);
        }
        columns[c] = low;
        low = high;
    }
    add_product(&mut low, above, x[M - 1], y[M - 1]);
    columns[M - 1] = low;
}

fn dot_of<const M: usize>(acc: &mut [u64], x: Rows, y: Rows, n: usize) {
    // Terms of either sign apart: no term waits for a sign.
    let (mut ends, mut columns) = ([[0; 2]; 2], [[0; M]; 2]);
    let (mut at, mut end) = (n - M, y.limbs.len().wrapping_sub(M));
    for (s, t) in x.negative.iter().zip(y.negative.iter().rev()) {
        let (Some(x), Some(y)) = (x.limbs[at..].first_chunk::<M>(), y.limbs[end..].first_chunk::<M>()) else { return };
        at += n;
        end = end.wrapping_sub(n);
        let sign = usize::from(s ^ t);
        add_row(&mut ends[sign], &mut columns[sign], x, y);
    }
    let mut carry = 0i128;
    let mut push = |out: &mut u64, plus: u128, minus: u128| {
        let t = carry + (plus as i128 - minus as i128);
        *out = t as u64;
        carry = t >> 64;
    };
    push(&mut acc[0], ends[0][0], ends[1][0]);
    for (out, (plus, minus)) in acc[1..=M].iter_mut().zip(columns[0].iter().zip(&columns[1])) {
        push(out, *plus, *minus);
    }
    push(&mut acc[M + 1], ends[0][1], ends[1][1]);
    acc[M + 2] = carry as u64;
}

/// [`dot_of`] for longer numbers, limb by limb of `x`: the negative products, the sign of their sum, the positive ones.
fn dot_long(acc: &mut [u64], x: Rows, y: Rows, n: usize, m: usize) {
    acc.fill(0);
    for sign in [true, false] {
        let rows = x.limbs.chunks_exact(n).zip(y.limbs.chunks_exact(n).rev());
        let signs = x.negative.iter().zip(y.negative.iter().rev());
        for ((x, y), (s, t)) in rows.zip(signs) {
            if s ^ t == sign {
                add_views(acc, &x[n - m..], &y[n - m..]);
            }
        }
        if sign {
            negate(acc);
        }
    }
}

/// Adds the limbs from `m - 2` on of the products of the limbs of `x` and `y`, `m` of each, `m >= 2`.
fn add_views(acc: &mut [u64], x: &[u64], y: &[u64]) {
    let below = y.len() - 2;
    // Two limbs of `x` at a time: half the loads and stores of the sum.
    let (pairs, last) = x.as_chunks::<2>();
    for (i, &[x0, x1]) in pairs.iter().enumerate() {
        if x0 | x1 == 0 {
            continue; // a short constant
        }
        let p = 2 * i;
        let from = below.saturating_sub(p);
        let mut before = if from > 0 { y[from - 1] } else { 0 };
        let (acc, y) = (&mut acc[p + from - below..], &y[from..]);
        let (sum, above) = acc.split_at_mut(y.len());
        let (mut c0, mut c1) = (0, 0);
        let mut step = |r: &mut u64, y: u64| {
            multiply_add(r, x0, y, &mut c0);
            multiply_add(r, x1, before, &mut c1);
            before = y;
        };
        let (fours, rest) = sum.as_chunks_mut::<4>();
        let (y_fours, y_rest) = y.as_chunks::<4>();
        for (r, y) in fours.iter_mut().zip(y_fours) {
            for (r, &y) in r.iter_mut().zip(y) {
                step(r, y);
            }
        }
        for (r, &y) in rest.iter_mut().zip(y_rest) {
            step(r, y);
        }
        multiply_add(&mut c0, x1, before, &mut c1);
        add_high(above, [c0, c1]);
    }
    if let [x] = last {
        // The highest limb: `p = m - 1`.
        let (sum, above) = acc[1..].split_at_mut(y.len());
        let mut carry = 0;
        for (r, &y) in sum.iter_mut().zip(y) {
            multiply_add(r, *x, y, &mut carry);
        }
        add_high(above, [carry, 0]);
    }
}

/// `acc += low + high B`.
#[inline(always)]
fn add_high(acc: &mut [u64], [low, high]: [u64; 2]) {
    let [a, b, rest @ ..] = acc else { return };
    let (t, over) = a.overflowing_add(low);
    *a = t;
    let mut carry = u128::from(*b) + u128::from(high) + u128::from(over);
    *b = carry as u64;
    for r in rest {
        carry >>= 64;
        if carry == 0 {
            break;
        }
        carry += u128::from(*r);
        *r = carry as u64;
    }
}

/// `r += x y + carry`, and the carry to the limb above.
#[inline(always)]
fn multiply_add(r: &mut u64, x: u64, y: u64, carry: &mut u64) {
    let t = u128::from(x) * u128::from(y) + u128::from(*r) + u128::from(*carry);
    *r = t as u64;
    *carry = (t >> 64) as u64;
}

/// `acc = 2 acc + other`.
pub fn double_and_add(acc: &mut [u64], other: &[u64]) {
    let (mut above, mut carry) = (0, false);
    for (a, &b) in acc.iter_mut().zip(other) {
        let doubled = *a << 1 | above;
        above = *a >> 63;
        (*a, carry) = carrying(doubled, b, carry);
    }
}

/// `acc += a / 2^bits` (`-=` where `negative`), the quotient of the magnitude rounded down; `acc` is longer than `a`.
pub fn add_shifted(acc: &mut [u64], a: &[u64], bits: u64, negative: bool) {
    let mask = if negative { u64::MAX } else { 0 };
    let mut carry = negative;
    for (i, out) in acc.iter_mut().enumerate() {
        (*out, carry) = carrying(*out, shifted(a, 0, i, bits) ^ mask, carry);
    }
}

/// `acc = a * factor`; `acc` has one limb more than `a`.
pub fn mul_small(acc: &mut [u64], a: &[u64], factor: u32) {
    let mut carry = 0u128;
    for (out, &a) in acc.iter_mut().zip(a.iter().chain(&[0])) {
        let t = u128::from(a) * u128::from(factor) + carry;
        *out = t as u64;
        carry = t >> 64;
    }
}

/// `a = a / divisor` rounded down, limb by limb in halves: the remainder and the next half are one number of 64 bits.
fn div_small(a: &mut [u64], divisor: u32) {
    let (divisor, mut rest) = (u64::from(divisor), 0);
    for limb in a.iter_mut().rev() {
        let high = rest << 32 | *limb >> 32;
        let low = ((high % divisor) << 32) | (*limb & u64::from(u32::MAX));
        *limb = ((high / divisor) << 32) | (low / divisor);
        rest = low % divisor;
    }
}

/// `acc = a factor / divisor` in the units that [`dot`] gives the product of two views of as many limbs in, rounded towards zero.
pub fn scale_small(acc: &mut [u64], (a, negative): (&[u64], bool), factor: u32, divisor: u32) {
    acc[..2].fill(0);
    mul_small(&mut acc[2..], a, factor);
    div_small(acc, divisor);
    if negative {
        negate(acc);
    }
}

/// Limb `i` of `a B^gap / 2^bits`.
#[inline(always)]
fn shifted(a: &[u64], gap: usize, i: usize, bits: u64) -> u64 {
    let Ok(down) = usize::try_from(bits / 64) else { return 0 };
    let limb = |i: usize| i.checked_sub(gap).and_then(|i| a.get(i)).copied().unwrap_or(0);
    let at = i.saturating_add(down);
    match bits % 64 {
        0 => limb(at),
        rest => limb(at) >> rest | limb(at.saturating_add(1)) << (64 - rest),
    }
}

/// `a = a / 2^bits`, rounded down.
pub fn lower(a: &mut [u64], bits: u64) {
    for i in 0..a.len() {
        a[i] = shifted(a, 0, i, bits);
    }
}

/// `r = a B^(r.len() - a.len()) / 2^bits`, rounded down: `a` lowered by so many bits from the top of `r`.
pub fn place(r: &mut [u64], a: &[u64], bits: u64) {
    let longer = a.len().saturating_sub(r.len());
    let gap = r.len().saturating_sub(a.len());
    let bits = bits.saturating_add(64 * longer as u64);
    for (i, out) in r.iter_mut().enumerate() {
        *out = shifted(a, gap, i, bits);
    }
}

/// `r = acc / 2^bits` (`acc 2^-bits` where negative), rounded to nearest among the multiples of `2^unused`, and its sign;
/// `acc` is left as its magnitude. `false` where it does not fit.
#[must_use]
pub fn store(r: &mut [u64], negative: &mut bool, acc: &mut [u64], bits: i64, unused: usize) -> bool {
    *negative = acc.last().is_some_and(|&top| top >> 63 == 1);
    if *negative {
        negate(acc);
    }
    let (up, bits) = (bits.min(0).unsigned_abs(), bits.max(0).unsigned_abs());
    let (zeros, rest) = ((unused / 64).min(r.len()), unused % 64);
    // Half of the last place: the bit below it where that is the last of a limb, else as large a number.
    let half = match rest {
        0 => {
            let below = (64 * zeros as u64).saturating_add(bits).checked_sub(up + 1);
            below.map_or(0, |below| shifted(acc, 0, 0, below) & 1)
        }
        _ => 1 << (rest - 1),
    };
    let down = usize::try_from(bits / 64).unwrap_or(usize::MAX);
    let fits = match acc.get(down..).and_then(|acc| acc.split_at_checked(r.len() + 1)) {
        Some((used, above)) if up == 0 => {
            for (out, pair) in r.iter_mut().zip(used.windows(2)) {
                *out = ((u128::from(pair[1]) << 64 | u128::from(pair[0])) >> (bits % 64)) as u64;
            }
            used[r.len()] >> (bits % 64) == 0 && above.iter().all(|&limb| limb == 0)
        }
        _ => {
            // So many limbs higher, and lowered by less than one.
            let gap = usize::try_from(up.div_ceil(64)).unwrap_or(usize::MAX / 2);
            let bits = if up > 0 { (64 - up % 64) % 64 } else { bits };
            r.iter_mut().enumerate().for_each(|(i, out)| *out = shifted(acc, gap, i, bits));
            (r.len()..acc.len() + gap).all(|i| shifted(acc, gap, i, bits) == 0)
        }
    };
    r[..zeros].fill(0);
    let Some((lowest, above)) = r[zeros..].split_first_mut() else { return fits && half == 0 };
    let mut carry;
    (*lowest, carry) = lowest.overflowing_add(half);
    *lowest &= u64::MAX << rest;
    for out in above {
        if !carry {
            break;
        }
        (*out, carry) = out.overflowing_add(1);
    }
    fits && !carry
}

#[cfg(test)]
mod tests;
