//! Matrices times vectors of long integers, of the sums only the limbs that are asked for.
//!
//! Numbers are kept as `X' = X + 2^(64 m - 1) >= 0` in `m` limbs: products then need no signs. With `Y' = Y + 2^(64 n - 1)`,
//! `sum X Y = sum X' Y' - 2^(64 m - 1) sum Y - 2^(64 n - 1) sum X - count 2^(64 (m + n) - 2)`. The limbs of one weight lie side
//! by side, so the products of one weight are a sum over neighbours in memory, and the lowest weights are left out.

use rug::Integer;
use rug::integer::Order;

const LIMB: u32 = u64::BITS;

/// Integers of one length, the limbs of one weight side by side, the lowest weight first.
#[derive(Clone, Debug)]
pub(super) struct Vector {
    limbs: Vec<u64>,
    count: usize,
    /// Limbs of a number.
    size: usize,
    sum: Integer,
}

impl Vector {
    /// With as many limbs as the largest number needs.
    pub fn new(numbers: &[Integer]) -> Self {
        let bits = numbers.iter().map(Integer::significant_bits).max().unwrap_or(0);
        let (count, size) = (numbers.len(), bits / LIMB + 1);
        let half = Integer::from(1) << (LIMB * size - 1);
        let mut limbs = vec![0; count * size as usize];
        for (j, number) in numbers.iter().enumerate() {
            for (p, digit) in Integer::from(number + &half).to_digits(Order::Lsf).into_iter().enumerate() {
                limbs[p * count + j] = digit;
            }
        }
        Vector { limbs, count, size: size as usize, sum: numbers.iter().sum() }
    }

    fn limb(&self, p: usize) -> &[u64] {
        &self.limbs[p * self.count..][..self.count]
    }
}

/// A matrix of integers.
#[derive(Clone, Debug)]
pub(super) struct Matrix(Vec<Vector>);

impl Matrix {
    /// From its rows.
    pub fn new(rows: impl IntoIterator<Item = Vec<Integer>>) -> Self {
        Matrix(rows.into_iter().map(|row| Vector::new(&row)).collect())
    }

    /// `2^-unit M v`, each sum to less than 2.
    pub fn times(&self, vector: &Vector, unit: u32) -> impl Iterator<Item = Integer> {
        self.0.iter().map(move |row| sum(row, vector, unit))
    }
}

/// `2^-unit sum_j x_j y_j`, to less than 2.
fn sum(x: &Vector, y: &Vector, unit: u32) -> Integer {
    debug_assert_eq!(x.count, y.count);
    // Left out are at most `products` of two limbs for each weight below the cut: less than `products 2^(64 (cut + 1))`.
    let products = x.count * x.size.min(y.size);
    let cut = unit.saturating_sub(LIMB + 1 + (products | 1).ilog2()) / LIMB;
    let shift = |by: usize| LIMB as i32 * by as i32 - (LIMB * cut) as i32 - 1;
    let weights = x.size + y.size - 1;
    let mut limbs = Vec::with_capacity(weights + 2);
    let mut carry = 0u128;
    for weight in cut as usize..weights {
        let (mut low, mut high) = (carry, 0u64);
        for p in weight.saturating_sub(y.size - 1)..=weight.min(x.size - 1) {
            add_products(&mut low, &mut high, x.limb(p), y.limb(weight - p));
        }
        limbs.push(low as u64);
        carry = low >> LIMB | u128::from(high) << LIMB;
    }
    limbs.extend([carry as u64, (carry >> LIMB) as u64]);
    let mut sum = Integer::from_digits(&limbs, Order::Lsf);
    sum -= Integer::from(&y.sum << shift(x.size));
    sum -= Integer::from(&x.sum << shift(y.size));
    sum -= Integer::from(x.count) << (shift(x.size + y.size) - 1);
    sum >> (unit - LIMB * cut)
}

/// `high 2^128 + low` becomes more by `sum_j a_j b_j`.
fn add_products(low: &mut u128, high: &mut u64, a: &[u64], b: &[u64]) {
    for (&a, &b) in a.iter().zip(b) {
        let (sum, over) = low.overflowing_add(u128::from(a) * u128::from(b));
        *low = sum;
        *high += u64::from(over);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number() -> impl Strategy<Value = Integer> {
        let limbs = proptest::collection::vec(any::<u64>(), 0..6);
        (limbs, any::<bool>()).prop_map(|(limbs, negative)| {
            let x = Integer::from_digits(&limbs, Order::Lsf);
            if negative { -x } else { x }
        })
    }

    proptest! {
        #[test]
        fn sums_are_those_of_whole_products(
            terms in proptest::collection::vec((number(), number()), 0..40),
            unit in 0..900u32,
        ) {
            let (x, y): (Vec<Integer>, Vec<Integer>) = terms.into_iter().unzip();
            let whole: Integer = x.iter().zip(&y).map(|(x, y)| Integer::from(x * y)).sum();
            let got: Vec<Integer> = Matrix::new([x]).times(&Vector::new(&y), unit).collect();
            prop_assert!(((got[0].clone() << unit) - whole).abs() < Integer::from(2) << unit);
        }
    }
}
