//! `sum_(i+j=k) x_i y_j` while both series are still being found, coefficient by coefficient.
//!
//! Up to some 770 digits: one sum of products a coefficient, quadratic in the order. Beyond: the pairs `(i, j)` of two strips,
//! those with an index up to `k` modulo [`SIDE`], are summed one by one, all others by [`Squares`].

use super::MAX_DROP;
use crate::arith::LG_ONE;
use crate::arith::fixed::{Accuracy, Columns, Digits, Plan, Rows, SIDE, Spectrum, Squares, add, dot, double_and_add};

/// From this many limbs on there are squares.
pub(super) const LIMBS: usize = 42;
/// From so many products on a sum is formed digit by digit, in vectors; limb by limb below, where that is fine enough.
const MANY: usize = 6;

/// Bits that every coefficient has.
const LEAST: i64 = 32;

/// How many limbs each coefficient needs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lengths {
    /// Limbs of a row.
    pub n: usize,
    /// Bits below a slot's scale.
    pub precision: i64,
    /// Bits above it at most.
    pub headroom: i64,
    /// Bits that each further coefficient may do without, in units of `1 / LG_ONE`.
    pub decay: i64,
}

impl Lengths {
    /// Bits that coefficient `k` may do without.
    pub fn decayed(self, k: usize) -> i64 {
        (self.decay * k as i64).div_euclid(LG_ONE)
    }

    /// Limbs of coefficient `k`.
    pub fn at(self, k: usize) -> usize {
        let needed = self.precision + self.headroom - self.decayed(k);
        (needed.div_euclid(64) + i64::from(needed.rem_euclid(64) > 0)).clamp(1, self.n as i64) as usize
    }

    /// The lowest bits of the limbs of coefficient `k` that are zero in a slot whose first coefficient has so many bits.
    pub fn unused(self, k: usize, limbs: usize, bits: i64) -> usize {
        (limbs as i64 * 64 - (bits - self.decayed(k)).max(LEAST)).max(0) as usize
    }
}

/// The rows of a slot from one on.
#[derive(Clone, Copy)]
pub(super) struct Series<'a> {
    pub limbs: &'a [u64],
    pub negative: &'a [bool],
    /// Of all rows of the slot, `from` of them before these.
    pub digits: Option<&'a Digits>,
    pub spectrum: Option<&'a Spectrum>,
    pub from: usize,
    pub n: usize,
}

impl<'a> Series<'a> {
    fn rows(self, from: usize, count: usize) -> Rows<'a> {
        Rows {
            limbs: &self.limbs[from * self.n..(from + count) * self.n],
            negative: &self.negative[from..from + count],
        }
    }
}

/// Which sum: `sum_(i+j=k)`, for a coefficient of so many limbs.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub k: usize,
    pub limbs: usize,
    pub lengths: Lengths,
    /// Bits asked of the sum beyond those limbs, the product of the operands' bounds being 1; fewer where negative.
    pub more: i64,
}

impl Place {
    fn accuracy(self) -> Accuracy {
        Accuracy { limbs: self.limbs, bits: usize::try_from(64 * self.limbs as i64 + self.more).unwrap_or(0) }
    }
}

/// The buffers of one sum: its accumulator, as [`dot`]'s, and another one.
pub(super) struct Sums<'a> {
    pub acc: &'a mut [u64],
    pub other: &'a mut [u64],
    pub columns: &'a mut Columns,
}

impl Sums<'_> {
    /// `acc = sum_(i+j=k) x_i y_j`; `same`: both are one series, each pair is formed once.
    pub fn online(&mut self, x: Series, y: Series, same: bool, place: Place, squares: Option<(&mut Squares, &Plan)>) {
        // Of all rows of the slots.
        let k = place.k + x.from + y.from;
        let (Some((squares, plan)), Some(a), Some(b)) = (squares, x.spectrum, y.spectrum) else {
            return self.whole(x, y, same, place);
        };
        if k < 2 * SIDE {
            return self.strips((x.from..k + 1 - y.from).map(|i| ((a, i), (b, k - i))), place);
        }
        // Of which one row may not have been evaluated.
        let ends = (x.from..k % SIDE + 1).map(|i| ((a, i), (b, k - i)));
        if same {
            self.strips(ends, place);
            self.other.copy_from_slice(self.acc);
            add(self.acc, self.other);
        } else {
            self.strips(ends.chain((y.from..k % SIDE + 1).map(|j| ((a, k - j), (b, j)))), place);
        }
        add(self.acc, squares.sum(plan, (a, b, same), k, |k| place.lengths.at(k)));
    }

    fn strips<'a>(
        &mut self,
        pairs: impl Iterator<Item = ((&'a Spectrum, usize), (&'a Spectrum, usize))> + Clone,
        place: Place,
    ) {
        let pairs = pairs.map(|((x, i), (y, j))| ((&x.strip, i), (&y.strip, j)));
        self.columns.strips(self.acc, pairs, 2 * SIDE, place.accuracy());
    }

    fn whole(&mut self, x: Series, y: Series, same: bool, place: Place) {
        let k = place.k;
        let accuracy = place.accuracy();
        if !same {
            return pairs(self.acc, self.columns, (x, 0), (y, 0), k + 1, accuracy);
        }
        let half = k.div_ceil(2);
        pairs(self.acc, self.columns, (x, 0), (x, k + 1 - half), half, accuracy);
        if k.is_multiple_of(2) {
            pairs(self.other, self.columns, (x, k / 2), (x, k / 2), 1, accuracy);
        } else {
            self.other.fill(0);
        }
        double_and_add(self.acc, self.other);
    }
}

/// `count` rows of `x` from one on with those of `y` from one on, the last of these first.
fn pairs(
    acc: &mut [u64],
    columns: &mut Columns,
    (x, i): (Series, usize),
    (y, j): (Series, usize),
    count: usize,
    accuracy: Accuracy,
) {
    match (x.digits, y.digits) {
        (Some(a), Some(b)) if count >= MANY || accuracy.bits > 64 * accuracy.limbs + MAX_DROP as usize => {
            columns.dot(acc, a.range(x.from + i, count), b.range(y.from + j, count), accuracy);
        }
        _ => dot(acc, x.rows(i, count), y.rows(j, count), x.n, accuracy.limbs),
    }
}

#[cfg(test)]
mod tests;
