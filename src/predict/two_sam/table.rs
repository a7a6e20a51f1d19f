//! Linear maps between values at nodes that lie mirrored about 0, in fixed point: the tables of the collocation.
//!
//! Sums and differences of the values at mirrored nodes go through one half of the table each: half as many products.

use super::collocation::{SLACK, dot};
use rug::{Assign, Float, Integer};

/// The map `M_ij = c_j + sum_l a_il b_jl` from node `j` to place `i`. Mirrored is number `i` of `n` to number `n - 1 - i`.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// The even `l`, for the first half of the places and nodes (with the middle one).
    even: Vec<Vec<Integer>>,
    /// The odd `l`, for the first half of both (the middle node has none).
    odd: Vec<Vec<Integer>>,
    common: Vec<Integer>,
    places: usize,
    parity: Parity,
    /// Bits below the point.
    bits: u32,
}

/// What `a_l` is at a mirrored place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Parity {
    /// `(-1)^l` times itself: Legendre polynomials.
    Same,
    /// `-(-1)^l` times itself: their integrals.
    Opposite,
}

impl Table {
    /// From `a_i` for the first half of `places` places and `b_j` for the first half of the nodes, either with the middle
    /// one; `common` is `c_j` for these nodes, or empty. `b_jl` is `(-1)^l` times itself at the mirrored node.
    pub fn new(a: &[Vec<Float>], b: &[Vec<Float>], common: &[Float], places: usize, parity: Parity, bits: u32) -> Self {
        let fixed = |x: &Float| (Float::with_val(x.prec() + bits, x) << bits).to_integer().unwrap_or_default();
        let half = |odd: usize| {
            let terms = |rows: &[Vec<Float>]| -> Vec<Vec<Float>> {
                rows.iter().map(|row| row.iter().skip(odd).step_by(2).cloned().collect()).collect()
            };
            let (a, b) = (terms(a), terms(b));
            a.iter().map(|a| b.iter().map(|b| fixed(&dot(a, b, bits))).collect()).collect()
        };
        let common = common.iter().map(fixed).collect();
        Table { even: half(0), odd: half(1), common, places, parity, bits }
    }

    /// Bits below the point.
    pub fn bits(&self) -> u32 {
        self.bits
    }

    /// The same with fewer bits.
    pub fn shortened(&self, bits: u32) -> Self {
        let row = |row: &Vec<Integer>| row.iter().map(|x| Integer::from(x >> (self.bits - bits))).collect();
        let half = |rows: &[Vec<Integer>]| rows.iter().map(row).collect();
        Table { even: half(&self.even), odd: half(&self.odd), common: row(&self.common), bits, ..*self }
    }

    /// The values at the places, to `bits` bits of the largest value at the nodes, or to as many as these have; `None` where
    /// one is not finite.
    pub fn times(&self, values: &[Float]) -> Option<Vec<Float>> {
        let top = values.iter().filter_map(Float::get_exp).max().unwrap_or(0);
        // Limbs below what the values have would be multiplied as well.
        let bits = values.iter().map(Float::prec).max().unwrap_or(0).saturating_add(SLACK).min(self.bits);
        let down = i32::try_from(bits).ok()?.checked_sub(top)?;
        let fixed: Vec<Integer> =
            values.iter().map(|v| Float::with_val(v.prec(), v << down).to_integer()).collect::<Option<_>>()?;
        let pairs = || fixed.iter().zip(fixed.iter().rev()).take(values.len() / 2);
        let mut sums: Vec<Integer> = pairs().map(|(x, y)| Integer::from(x + y)).collect();
        let differences: Vec<Integer> = pairs().map(|(x, y)| Integer::from(x - y)).collect();
        if values.len() % 2 == 1 {
            sums.push(fixed[values.len() / 2].clone());
        }
        let product = |out: &mut Integer, row: &[Integer], values: &[Integer]| {
            out.assign(0);
            row.iter().zip(values).for_each(|(a, b)| *out += a * b);
        };
        let float = |x: &Integer| Float::with_val(self.bits, x) >> self.bits >> down;
        let mut out = vec![Float::new(self.bits); self.places];
        let (mut common, mut even, mut odd) = (Integer::new(), Integer::new(), Integer::new());
        product(&mut common, &self.common, &sums);
        for (i, (a, b)) in self.even.iter().zip(&self.odd).enumerate() {
            product(&mut even, a, &sums);
            product(&mut odd, b, &differences);
            let mirrored = match self.parity {
                Parity::Same => Integer::from(&even - &odd),
                Parity::Opposite => Integer::from(&odd - &even),
            };
            out[self.places - 1 - i] = float(&(mirrored + &common));
            even += &odd;
            even += &common;
            out[i] = float(&even);
        }
        Some(out)
    }
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
