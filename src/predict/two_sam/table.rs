//! Linear maps between values at nodes that lie mirrored about 0, in fixed point: the tables of the collocation.
//!
//! Sums and differences of the values at mirrored nodes go through one half of the table each: half as many products.

use super::collocation::SLACK;
use super::matrix::{Matrix, Vector};
use rug::{Float, Integer};

/// The map `M_ij = c_j + sum_l a_il b_jl` from node `j` to place `i`. Mirrored is number `i` of `n` to number `n - 1 - i`.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// The even `l`, for the first half of the places and nodes (with the middle one).
    even: Matrix,
    /// The odd `l`, for the first half of both (the middle node has none).
    odd: Matrix,
    /// The `c_j`, in one row.
    common: Matrix,
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
        // As far as both go.
        let length = a.iter().chain(b).map(Vec::len).min().unwrap_or(0);
        let half = |odd: usize| {
            let terms = |row: &Vec<Float>| row[..length].iter().skip(odd).step_by(2).map(fixed).collect::<Vec<_>>();
            let mut rows = vec![Vec::with_capacity(b.len()); a.len()];
            let a = Matrix::new(a.iter().map(terms));
            for b in b {
                let b = Vector::new(&terms(b));
                rows.iter_mut().zip(a.times(&b, bits)).for_each(|(row, sum)| row.push(sum));
            }
            Matrix::new(rows)
        };
        let common = Matrix::new([(0..b.len()).map(|j| common.get(j).map(fixed).unwrap_or_default()).collect()]);
        Table { even: half(0), odd: half(1), common, places, parity, bits }
    }

    /// The values at the places, to some `2^(4 - bits)` of the largest value at the nodes, or to what the table has; `None`
    /// where one is not finite.
    pub fn times(&self, values: &[Float], bits: u32) -> Option<Vec<Float>> {
        let bits = bits.min(self.bits);
        let top = values.iter().filter_map(Float::get_exp).max().unwrap_or(0);
        // Limbs below what the values have would be multiplied as well.
        let kept = values.iter().map(Float::prec).max().unwrap_or(0).saturating_add(SLACK).min(bits + SLACK);
        let down = i32::try_from(kept).ok()?.checked_sub(top)?;
        let fixed: Vec<Integer> =
            values.iter().map(|v| Float::with_val(v.prec(), v << down).to_integer()).collect::<Option<_>>()?;
        let pairs = || fixed.iter().zip(fixed.iter().rev()).take(values.len() / 2);
        let mut sums: Vec<Integer> = pairs().map(|(x, y)| Integer::from(x + y)).collect();
        let mut differences: Vec<Integer> = pairs().map(|(x, y)| Integer::from(x - y)).collect();
        if values.len() % 2 == 1 {
            sums.push(fixed[values.len() / 2].clone());
            differences.push(Integer::new());
        }
        let unit = self.bits - bits + kept;
        let up = i32::try_from(bits).ok()?.checked_sub(top)?;
        let float = |x: Integer| Float::with_val(bits, x) >> up;
        let (sums, differences) = (Vector::new(&sums), Vector::new(&differences));
        let common = self.common.times(&sums, unit).next().unwrap_or_default();
        let mut out = vec![Float::new(bits); self.places];
        for (i, (even, odd)) in self.even.times(&sums, unit).zip(self.odd.times(&differences, unit)).enumerate() {
            let even = even + &common;
            let mirrored = match self.parity {
                Parity::Same => Integer::from(&even - &odd),
                Parity::Opposite => Integer::from(&odd - &even) + &common * 2u32,
            };
            out[self.places - 1 - i] = float(mirrored);
            out[i] = float(even + odd);
        }
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::super::collocation::dot;
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
                    for bits in [100, 160] {
                        for (&place, got) in places.iter().zip(table.times(&values, bits).unwrap()) {
                            let error =
                                (got - whole(place)).abs() / values.iter().max_by(|x, y| x.total_cmp(y)).unwrap();
                            let least = Float::with_val(64, 1) >> (bits - 8);
                            assert!(error < least, "{nodes:?} to {place}, {parity:?}, {bits} bits: {error:e}");
                        }
                    }
                }
            }
        }
    }
}
