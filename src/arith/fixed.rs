//! Signed fixed-point numbers of several 64-bit limbs, and the sum of products of such numbers: the kernel of Taylor
//! arithmetic on aligned coefficients ([`crate::expr::FixedJet`]). Error bounds: `proofs/taylor-kernel.md`.
//!
//! A number is a magnitude of `n` limbs, lowest first, and a sign. Numbers that share an alignment are the [`Rows`] of
//! one slice. A *view of `m` limbs* is a number's top `m` limbs: its value rounded towards zero to a multiple of
//! `B^(n-m)`, `B = 2^64`. Sums are gathered in an accumulator, a two's complement number, and [`store`] rounds it to a
//! view.

mod block;

pub use block::Blocks;

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

/// [`dot_of`] for longer numbers, column by column.
fn dot_long(acc: &mut [u64], x: Rows, y: Rows, n: usize, m: usize) {
    let (mut carry, mut high) = (0i128, [0u128; 2]);
    for (out, c) in acc.iter_mut().zip(m - 2..2 * m) {
        let (mut low, mut next) = (high, [0u128; 2]);
        let (from, to) = ((c + 1).saturating_sub(m), (c + 1).min(m));
        let rows = x.limbs.chunks_exact(n).zip(y.limbs.chunks_exact(n).rev());
        let signs = x.negative.iter().zip(y.negative.iter().rev());
        if from < to {
            for ((x, y), (s, t)) in rows.zip(signs) {
                let (x, y) = (&x[n - m..][from..to], &y[n - m..][c + 1 - to..c + 1 - from]);
                let sign = usize::from(s ^ t);
                // In registers: where the sign leads would be memory.
                let (mut below, mut above) = (0, 0);
                for (&x, &y) in x.iter().zip(y.iter().rev()) {
                    add_product(&mut below, &mut above, x, y);
                }
                low[sign] += below;
                next[sign] += above;
            }
        }
        let sum = carry + (low[0] as i128 - low[1] as i128);
        *out = sum as u64;
        carry = sum >> 64;
        high = next;
    }
    acc[m + 2] = carry as u64;
}

/// `acc = 2 acc + other`.
pub fn double_and_add(acc: &mut [u64], other: &[u64]) {
    let (mut above, mut carry) = (0, false);
    for (a, &b) in acc.iter_mut().zip(other) {
        let doubled = *a << 1 | above;
        above = *a >> 63;
        let (t, c) = doubled.overflowing_add(b);
        let (t, d) = t.overflowing_add(u64::from(carry));
        *a = t;
        carry = c | d;
    }
}

/// `acc += a / 2^bits` (`-=` where `negative`), the quotient of the magnitude rounded down; `acc` is longer than `a`.
pub fn add_shifted(acc: &mut [u64], a: &[u64], bits: u64, negative: bool) {
    let mask = if negative { u64::MAX } else { 0 };
    let mut carry = negative;
    for (i, out) in acc.iter_mut().enumerate() {
        let (t, c) = out.overflowing_add(shifted(a, 0, i, bits) ^ mask);
        let (t, d) = t.overflowing_add(u64::from(carry));
        *out = t;
        carry = c | d;
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

/// `a = a / 2^bits`, rounded down; `bits < 64`.
pub fn lower(a: &mut [u64], bits: u32) {
    let mut above = 0;
    for limb in a.iter_mut().rev() {
        let value = *limb;
        *limb = value >> bits | above;
        above = value << (64 - bits);
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

/// `r = acc / 2^bits`, rounded to nearest, and its sign; `acc` is left as its magnitude. `false` where it does not fit.
#[must_use]
pub fn store(r: &mut [u64], negative: &mut bool, acc: &mut [u64], bits: u64) -> bool {
    *negative = acc.last().is_some_and(|&top| top >> 63 == 1);
    if *negative {
        let mut carry = true;
        for limb in acc.iter_mut() {
            (*limb, carry) = (!*limb).overflowing_add(u64::from(carry));
        }
    }
    let mut carry = bits > 0 && shifted(acc, 0, 0, bits - 1) & 1 == 1;
    for (i, out) in r.iter_mut().enumerate() {
        (*out, carry) = shifted(acc, 0, i, bits).overflowing_add(u64::from(carry));
    }
    !carry && (r.len()..acc.len()).all(|i| shifted(acc, 0, i, bits) == 0)
}

#[cfg(test)]
mod tests;
