//! `sum_(i+j=k) x_i y_j` while both series are still being found, coefficient by coefficient.
//!
//! Up to some 1100 digits: one sum of products a coefficient, quadratic in the order. Beyond: the pairs `(i, j)` are covered by
//! squares of sides `N = S, 2S, 4S ...`, those whose smaller index is in `N - 1 ... 2N - 2`, each multiplied at once
//! (`arith::fixed::Product`) as soon as its coefficients are there, and by two strips of width `S - 1`, which are summed
//! pair by pair (M. J. Fischer and L. J. Stockmeyer, "Fast on-line integer multiplication", 1974).

use crate::arith::LG_ONE;
use crate::arith::fixed::{Accuracy, Columns, Digits, Product, Rows, add, dot, double_and_add};

/// Side of the smallest square.
const SIDE: usize = 64;
/// From this many limbs on there are squares.
const LIMBS: usize = 60;
/// A square is summed pair by pair where its rows are shorter, or fewer.
const SHORT: usize = 20;
const FEW: usize = 128;
/// From so many products on a sum is formed digit by digit, in vectors; limb by limb below.
const MANY: usize = 6;
/// Side times limbs from which two products are worth two threads (some 100 us each).
const SHARED: usize = 400;

/// How many limbs each coefficient needs.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lengths {
    /// Limbs of a row.
    pub n: usize,
    /// Bits of the `n` limbs that the precision does not ask for.
    pub spare: i64,
    /// Bits that each further coefficient may do without, in units of `1 / LG_ONE`.
    pub decay: i64,
}

impl Lengths {
    pub fn at(self, k: usize) -> usize {
        let whole = self.n as i64 * 64;
        let needed = whole - self.spare - (self.decay * k as i64).div_euclid(LG_ONE);
        (needed.div_euclid(64) + i64::from(needed.rem_euclid(64) > 0)).clamp(1, self.n as i64) as usize
    }
}

/// The rows of a slot from one on.
#[derive(Clone, Copy)]
pub(super) struct Series<'a> {
    pub limbs: &'a [u64],
    pub negative: &'a [bool],
    /// Of all rows of the slot, `from` of them before these.
    pub digits: Option<&'a Digits>,
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

/// Which sum: `sum_(i+j=k)`, coefficient `k + shift` of its slot.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub k: usize,
    pub shift: usize,
    pub lengths: Lengths,
    /// Bits by which the product of the operands' bounds exceeds the bound of the sum.
    pub drop: i64,
}

impl Place {
    fn accuracy(self) -> Accuracy {
        Accuracy { limbs: self.lengths.at(self.k + self.shift), drop: usize::try_from(self.drop).unwrap_or(0) }
    }
}

/// What the squares of one product have prepared for its later coefficients.
#[derive(Clone, Debug)]
pub(super) struct Ahead {
    sums: Vec<u64>,
    products: [Product; 2],
    acc: Vec<u64>,
    columns: Columns,
    /// The next sum whose squares are to be multiplied.
    next: usize,
    order: usize,
    n: usize,
}

impl Ahead {
    /// `None` where the numbers are too short for squares.
    pub fn new(order: usize, n: usize) -> Option<Self> {
        let room = (order + 1) * (n + 3);
        (n >= LIMBS && order > 2 * SIDE).then(|| Ahead {
            sums: vec![0; room],
            products: Default::default(),
            acc: vec![0; n + 3],
            columns: Columns::default(),
            next: 0,
            order,
            n,
        })
    }

    /// Starts an expansion.
    pub fn clear(&mut self) {
        self.sums.fill(0);
        self.next = 0;
    }

    /// Divides the sums of the coefficients from `k` on by `2^bits`: an operand's bound has been raised.
    pub fn lower(&mut self, lengths: Lengths, k: usize, bits: u32) {
        for c in k..=self.order {
            let sum = &mut self.sums[c * (self.n + 3)..][..lengths.at(c) + 3];
            let mut above = (sum[sum.len() - 1] as i64 >> 63) as u64;
            for limb in sum.iter_mut().rev() {
                let value = *limb;
                *limb = value >> bits | above << (64 - bits);
                above = value;
            }
        }
    }

    /// Multiplies the squares that a sum completes.
    fn multiply(&mut self, x: Series, y: Series, same: bool, place: Place) {
        let Place { k, shift, lengths, .. } = place;
        if k < self.next {
            return; // done, and the coefficient is computed again
        }
        self.next = k + 1;
        let m = lengths.at(k + shift);
        let mut side = SIDE;
        while (k + 2).is_multiple_of(side) && 2 * side <= k + 2 {
            let (low, high) = (side - 1, k + 1 - side);
            let pairs = [(low, high), (high, low)];
            let count = if low == high || same { 1 } else { 2 };
            let twice = same && low != high;
            if m < SHORT || side < FEW {
                for &(i, j) in &pairs[..count] {
                    self.sum_pairs(x, y, (i, j), side, place, twice);
                }
            } else {
                let views = |t: usize| lengths.at(k + shift + t);
                let form = |product: &mut Product, (i, j): (usize, usize)| {
                    product.multiply(x.rows(i, side), y.rows(j, side), lengths.n, &views);
                };
                let [one, other] = &mut self.products;
                if count == 2 && side * m >= SHARED && rayon::current_thread_index().is_some() {
                    rayon::join(|| form(one, pairs[0]), || form(other, pairs[1]));
                } else {
                    form(one, pairs[0]);
                    if count == 2 {
                        form(other, pairs[1]);
                    }
                }
                for t in 0..(2 * side - 1).min(self.order + 1 - k - shift) {
                    let c = k + shift + t;
                    let sum = &mut self.sums[c * (self.n + 3)..][..lengths.at(c) + 3];
                    one.add_to(sum, t);
                    match count {
                        2 => other.add_to(sum, t),
                        _ if twice => one.add_to(sum, t),
                        _ => {}
                    }
                }
            }
            side *= 2;
        }
    }

    /// A square pair by pair: for numbers that have become short.
    fn sum_pairs(&mut self, x: Series, y: Series, (i, j): (usize, usize), side: usize, place: Place, twice: bool) {
        let Place { k, shift, lengths, .. } = place;
        for t in 0..(2 * side - 1).min(self.order + 1 - k - shift) {
            let c = k + shift + t;
            let (first, last) = ((t + 1).saturating_sub(side), t.min(side - 1));
            let count = last + 1 - first;
            let m = lengths.at(c);
            let acc = &mut self.acc[..m + 3];
            let accuracy = Place { k: k + t, ..place }.accuracy();
            pairs(acc, &mut self.columns, (x, i + first), (y, j + t - last), count, accuracy);
            let sum = &mut self.sums[c * (self.n + 3)..][..m + 3];
            add(sum, acc);
            if twice {
                add(sum, acc);
            }
        }
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
    pub fn online(&mut self, x: Series, y: Series, same: bool, place: Place, ahead: Option<&mut Ahead>) {
        let Place { k, shift, lengths, .. } = place;
        let m = lengths.at(k + shift);
        let n = lengths.n;
        let Some(ahead) = ahead else { return self.whole(x, y, same, place) };
        ahead.multiply(x, y, same, place);
        let width = SIDE - 1;
        if k + 1 < 2 * width {
            return self.whole(x, y, same, place);
        }
        pairs(self.acc, self.columns, (x, 0), (y, k + 1 - width), width, place.accuracy());
        if same {
            self.other.copy_from_slice(self.acc);
        } else {
            pairs(self.other, self.columns, (x, k + 1 - width), (y, 0), width, place.accuracy());
        }
        add(self.acc, self.other);
        add(self.acc, &ahead.sums[(k + shift) * (n + 3)..][..m + 3]);
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
            dot(self.other, x.rows(k / 2, 1), x.rows(k / 2, 1), x.n, accuracy.limbs);
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
        (Some(a), Some(b)) if count >= MANY => {
            columns.dot(acc, a.range(x.from + i, count), b.range(y.from + j, count), accuracy);
        }
        _ => dot(acc, x.rows(i, count), y.rows(j, count), x.n, accuracy.limbs),
    }
}

#[cfg(test)]
mod tests;
