//! The products of digits, column by column: in vectors where the processor multiplies digits in vectors (AVX-512 IFMA),
//! one by one elsewhere. The columns are exact, so both give the same number.

use super::digits::{Range, TILE};

/// Adds to `columns[c]`, of weight `2^(-52 c)`, the products of digit `p` of `x_i` and digit `q` of `y_(count-1-i)`,
/// `p, q < width` counted from 0, `p + q + 2 = c <= last`. A product may be split over its column and the one above.
pub(super) fn columns(columns: &mut [u128], x: Range, y: Range, width: usize, last: usize) {
    #[cfg(target_arch = "x86_64")]
    if super::ifma::columns(columns, x, y, width, last) {
        return;
    }
    one_by_one(columns, x, y, width, last);
}

pub(super) fn one_by_one(columns: &mut [u128], x: Range, y: Range, width: usize, last: usize) {
    for (c, column) in columns.iter_mut().enumerate().take(last + 1).skip(2) {
        let pairs = c - 2;
        for p in pairs.saturating_sub(width - 1)..=pairs.min(width - 1) {
            let products = x.digit(p).iter().zip(y.digit(pairs - p).iter().rev());
            let sum: u128 = products.map(|(&x, &y)| u128::from(x) * u128::from(y)).sum();
            *column = column.wrapping_add(sum);
        }
    }
}

/// The tiles `(P, Q)` on the diagonal `P + Q = t` of `width / TILE` tiles a side.
#[cfg(target_arch = "x86_64")]
pub(super) fn diagonal(t: usize, width: usize) -> impl Iterator<Item = (usize, usize)> {
    let side = width / TILE;
    ((t + 1).saturating_sub(side)..=t.min(side - 1)).map(move |p| (p, t - p))
}
