//! Linear maps between values at nodes that lie mirrored about 0, in fixed point: the tables of the collocation.
//!
//! Sums and differences of the values at mirrored nodes go through one half of the table each: half as many products.
//! Their sums are [`Columns::dot`]'s, to the bits asked: arithmetic that the observed side uses too, checked against exact
//! integers in `arith/fixed/tests.rs`.

use super::collocation::dot;
use crate::arith::fixed::{Accuracy, Columns, Digits, Range};
use rug::integer::Order;
use rug::{Float, Integer};
use std::sync::Arc;

/// Bits of the numbers below those of the result: some hundred of them are added up.
const GUARD: u32 = 10;

/// The map `M_ij = c_j + sum_l a_il b_jl` from node `j` to place `i`. Mirrored is number `i` of `n` to number `n - 1 - i`.
#[derive(Clone, Debug)]
pub(super) struct Table {
    rows: Arc<Rows>,
    places: usize,
    parity: Parity,
    /// Bits of the result, below the largest value.
    bits: u32,
}

/// The numbers of a table, as fractions of `2^exponent`.
#[derive(Debug)]
struct Rows {
    /// The even `l`, for the first half of the places and nodes (with the middle one).
    even: Vec<Row>,
    /// The odd `l`, for the first half of both (the middle node has none).
    odd: Vec<Row>,
    common: Option<Row>,
    exponent: i32,
}

/// Numbers in the order in which sums of products take them: the last one first.
#[derive(Debug)]
struct Row {
    digits: Digits,
    count: usize,
}

impl Row {
    /// The last `count` numbers: of a row of the table, which stands backwards, those for the first `count` nodes.
    fn last(&self, count: usize) -> Range<'_> {
        self.digits.range(self.count - count, count)
    }
}

/// What `a_l` is at a mirrored place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Parity {
    /// `(-1)^l` times itself: Legendre polynomials.
    Same,
    /// `-(-1)^l` times itself: their integrals.
    Opposite,
}

/// Limbs of the numbers.
fn limbs_of(bits: u32) -> u32 {
    (bits + GUARD).div_ceil(64)
}

/// These numbers, below `2^(64 limbs)`, as fractions of that.
fn row<'a>(numbers: impl ExactSizeIterator<Item = &'a Integer>, limbs: u32) -> Row {
    let (count, n) = (numbers.len(), limbs as usize);
    let mut digits = Digits::new(count, n);
    let mut view = vec![0; n];
    for (i, number) in numbers.enumerate() {
        let used = number.significant_digits::<u64>();
        view.fill(0);
        number.write_digits(&mut view[..used], Order::Lsf);
        digits.set(i, &view, *number < 0);
    }
    Row { digits, count }
}

impl Table {
    /// From `a_i` for the first half of `places` places and `b_j` for the first half of the nodes, either with the middle
    /// one; `common` is `c_j` for these nodes, or empty. `b_jl` is `(-1)^l` times itself at the mirrored node.
    pub fn new(a: &[Vec<Float>], b: &[Vec<Float>], common: &[Float], places: usize, parity: Parity, bits: u32) -> Self {
        let half = |odd: usize| -> Vec<Vec<Float>> {
            let terms = |rows: &[Vec<Float>]| -> Vec<Vec<Float>> {
                rows.iter().map(|row| row.iter().skip(odd).step_by(2).cloned().collect()).collect()
            };
            let (a, b) = (terms(a), terms(b));
            a.iter().map(|a| b.iter().map(|b| dot(a, b, bits)).collect()).collect()
        };
        let (even, odd) = (half(0), half(1));
        let numbers = even.iter().chain(&odd).flatten().chain(common);
        let exponent = numbers.filter_map(Float::get_exp).max().unwrap_or(0);
        let limbs = limbs_of(bits);
        let row = |numbers: &Vec<Float>| {
            let fixed: Vec<Integer> = numbers.iter().map(|x| fixed(x, limbs, exponent).unwrap_or_default()).collect();
            row(fixed.iter().rev(), limbs)
        };
        let common = (!common.is_empty()).then(|| row(&common.to_vec()));
        let rows = Rows { even: even.iter().map(row).collect(), odd: odd.iter().map(row).collect(), common, exponent };
        Table { rows: Arc::new(rows), places, parity, bits }
    }

    /// The same with fewer bits.
    pub fn shortened(&self, bits: u32) -> Self {
        Table { bits, rows: self.rows.clone(), ..*self }
    }

    /// The values at the places, to `bits` bits of the largest value at the nodes; `None` where one is not finite.
    pub fn times(&self, values: &[Float]) -> Option<Vec<Float>> {
        let limbs = limbs_of(self.bits);
        // Sums are below half of this.
        let top = values.iter().filter_map(Float::get_exp).max().unwrap_or(0).checked_add(2)?;
        let fixed: Vec<Integer> = values.iter().map(|v| fixed(v, limbs, top)).collect::<Option<_>>()?;
        let pairs = || fixed.iter().zip(fixed.iter().rev()).take(values.len() / 2);
        let mut sums: Vec<Integer> = pairs().map(|(x, y)| Integer::from(x + y)).collect();
        let differences: Vec<Integer> = pairs().map(|(x, y)| Integer::from(x - y)).collect();
        if values.len() % 2 == 1 {
            sums.push(fixed[values.len() / 2].clone());
        }
        let (sums, differences) = (row(sums.iter(), limbs), row(differences.iter(), limbs));
        let n = limbs as usize;
        let accuracy = Accuracy { limbs: n, bits: (self.bits + GUARD) as usize };
        let (mut columns, mut acc) = (Columns::default(), vec![0; n + 3]);
        // In units of `2^(-64 (n + 2))`, of two's complement.
        let mut product = |row: &Row, values: &Row| {
            if values.count == 0 {
                return Integer::new();
            }
            columns.dot(&mut acc, row.last(values.count), values.last(values.count), accuracy);
            let sum = Integer::from_digits(&acc, Order::Lsf);
            if acc[n + 2] >> 63 == 1 { sum - (Integer::from(1) << (64 * (limbs + 3))) } else { sum }
        };
        let unit = self.rows.exponent.checked_add(top)?.checked_sub(i32::try_from(64 * (limbs + 2)).ok()?)?;
        let float = |x: &Integer| Float::with_val(self.bits, x) << unit;
        let mut out = vec![Float::new(self.bits); self.places];
        let common = self.rows.common.as_ref().map_or_else(Integer::new, |common| product(common, &sums));
        for (i, (a, b)) in self.rows.even.iter().zip(&self.rows.odd).enumerate() {
            let even = product(a, &sums);
            let odd = product(b, &differences);
            let mirrored = match self.parity {
                Parity::Same => Integer::from(&even - &odd),
                Parity::Opposite => Integer::from(&odd - &even),
            };
            out[self.places - 1 - i] = float(&(mirrored + &common));
            out[i] = float(&(even + odd + &common));
        }
        Some(out)
    }
}

/// `x / 2^exponent` as a fraction of so many limbs, rounded; `None` where it is not finite.
fn fixed(x: &Float, limbs: u32, exponent: i32) -> Option<Integer> {
    let up = i32::try_from(64 * limbs).ok()?.checked_sub(exponent)?;
    Float::with_val(x.prec(), x << up).to_integer()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of `sum_l l-th coefficient x^l` stand in for Legendre polynomials: the parities are the same.
    fn powers(x: i32, from: u32) -> Vec<Float> {
        (0..6).map(|l| Float::with_val(200, Float::i_pow_u(x, l + from)) >> 12).collect()
    }

    #[test]
    fn the_halves_make_up_the_whole_table() {
        for nodes in [vec![7, 4, 0, -4, -7], vec![5, 2, -2, -5], vec![0], vec![3, -3]] {
            for places in [vec![6, 3, 1, -1, -3, -6], vec![2, 0, -2]] {
                for (parity, from, with) in [(Parity::Same, 0, 0), (Parity::Opposite, 1, 3)] {
                    let first = |all: &[i32], from| {
                        all[..all.len().div_ceil(2)].iter().map(|&x| powers(x, from)).collect::<Vec<_>>()
                    };
                    let common: Vec<Float> = nodes[..nodes.len().div_ceil(2)]
                        .iter()
                        .map(|x: &i32| Float::with_val(64, x.abs() * with))
                        .collect();
                    let table =
                        Table::new(&first(&places, from), &first(&nodes, 0), &common, places.len(), parity, 160);
                    let values: Vec<Float> = (0..nodes.len()).map(|j| Float::with_val(64, 3 * j * j + 1)).collect();
                    let whole = |place: i32| {
                        let mut sum = Float::new(200);
                        for (value, &node) in values.iter().zip(&nodes) {
                            sum += dot(&powers(place, from), &powers(node, 0), 200) * value;
                            sum += Float::with_val(64, value * (node.abs() * with));
                        }
                        sum
                    };
                    for table in [table.shortened(100), table] {
                        for (&place, got) in places.iter().zip(table.times(&values).unwrap()) {
                            assert!((got - whole(place)).abs() < 1e-20, "{nodes:?} to {place}, {parity:?}");
                        }
                    }
                }
            }
        }
    }
}
