//! Numbers modulo a prime of 51 bits, eight at a time, kept in `0 ... 2 P - 1`: the extra bits of a lane take the place of
//! most comparisons (D. Harvey, "Faster arithmetic for number-theoretic transforms", 2014).

use super::digits::DIGIT;
use super::lanes::Lanes;

/// `143165575 * 15 * 2^20 + 1`: there are roots of unity of every order `2^a`, `3 2^a`, `5 2^a` and `7 2^a` that is needed. Twice
/// the prime is below `2^52`.
pub(super) const P: u64 = 0x7_ffff_fe90_0001;
/// Generates the numbers modulo [`P`] other than 0.
const GENERATOR: u64 = 22;
const ONE: u64 = 1 << DIGIT;
/// `1 / P` modulo `2^52`.
const INVERSE: u64 = inverse_of(P) & (ONE - 1);

/// Newton's method: each round doubles the bits that are right, 3 at first.
const fn inverse_of(odd: u64) -> u64 {
    let (mut r, mut round) = (odd, 0);
    while round < 5 {
        r = r.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(r)));
        round += 1;
    }
    r
}

/// A number to multiply by, with its quotient by [`P`] in units of `2^-52` (V. Shoup).
#[derive(Clone, Copy, Debug)]
pub(super) struct Factor {
    value: u64,
    ratio: u64,
}

impl Factor {
    const ONE: Factor = Factor::new(1);
    /// `2^52`.
    const RADIX: Factor = Factor::new(ONE % P);

    pub const fn new(value: u64) -> Self {
        Factor { value, ratio: (((value as u128) << DIGIT) / P as u128) as u64 }
    }
}

/// `a f` in `0 ... 2 P - 1`, whatever `a < 2^52` is.
#[inline(always)]
pub(super) fn multiply<V: Lanes>(a: V, f: Factor) -> V {
    let quotient = V::splat(0).add_high(a, V::splat(f.ratio));
    V::splat(0).add_low(a, V::splat(f.value)).add_low(quotient, V::splat(ONE - P)).low()
}

/// `a - 2 P` where that is not negative, `a < 4 P`.
#[inline(always)]
pub(super) fn fold<V: Lanes>(a: V) -> V {
    a.least(a.minus(V::splat(2 * P)))
}

/// `a - P` where that is not negative, `a < 2 P`.
#[inline(always)]
pub(super) fn canonical<V: Lanes>(a: V) -> V {
    a.least(a.minus(V::splat(P)))
}

#[inline(always)]
pub(super) fn add<V: Lanes>(a: V, b: V) -> V {
    fold(a.plus(b))
}

#[inline(always)]
pub(super) fn subtract<V: Lanes>(a: V, b: V) -> V {
    fold(a.plus(V::splat(2 * P)).minus(b))
}

/// Products that add up without being reduced, at most.
pub(super) const TERMS: usize = 64;

/// A sum of at most [`TERMS`] products of numbers below `P`: its low and its upper part, in units of 1 and of `2^52`.
#[derive(Clone, Copy)]
pub(super) struct Sum<V>(V, V);

impl<V: Lanes> Sum<V> {
    #[inline(always)]
    pub fn zero() -> Self {
        Sum(V::splat(0), V::splat(0))
    }

    #[inline(always)]
    pub fn add_product(self, a: V, b: V) -> Self {
        Sum(self.0.add_low(a, b), self.1.add_high(a, b))
    }

    /// The sum over `2^52` (P. Montgomery).
    #[inline(always)]
    pub fn reduced(self) -> V {
        let Sum(low, upper) = self;
        let quotient = V::splat(0).add_low(low, V::splat(INVERSE));
        // The low 52 bits of the sum and of quotient P are the same, the upper ones of the latter below P. Products
        // are below 2^102: what follows is below 2^57.
        let sum = upper.plus(low.high()).plus(V::splat(P)).minus(V::splat(0).add_high(quotient, V::splat(P)));
        add(multiply(sum.low(), Factor::ONE), multiply(sum.high(), Factor::RADIX))
    }
}

pub(super) fn product(a: u64, b: u64) -> u64 {
    (u128::from(a) * u128::from(b) % u128::from(P)) as u64
}

pub(super) fn power(a: u64, mut exponent: u64) -> u64 {
    let (mut r, mut square) = (1, a);
    while exponent > 0 {
        if exponent & 1 == 1 {
            r = product(r, square);
        }
        square = product(square, square);
        exponent >>= 1;
    }
    r
}

pub(super) fn inverse(a: u64) -> u64 {
    power(a, P - 2)
}

/// A primitive root of unity, for an order that divides `P - 1`.
pub(super) fn root(order: usize) -> u64 {
    power(GENERATOR, (P - 1) / order as u64)
}

/// What undoes the division of [`Sum::reduced`].
pub(super) fn radix() -> u64 {
    ONE % P
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rug::Integer;

    #[test]
    fn the_prime_is_one_and_has_the_roots() {
        assert_ne!(Integer::from(P).is_probably_prime(40), rug::integer::IsPrime::No);
        for order in [2usize, 3, 5, 7, 1 << 20, 105 << 20] {
            let r = root(order);
            assert_eq!(power(r, order as u64), 1);
            for q in [2, 3, 5, 7] {
                assert!(order % q != 0 || power(r, (order / q) as u64) != 1);
            }
        }
    }

    proptest! {
        #[test]
        fn lanes_multiply_modulo_the_prime(a in 0..2 * P, b in 0..2 * P, c in 0..ONE) {
            let ([a, b, c], two) = ([a, b, c].map(|a| [a; 8]), 2 * P);
            let value = |r: [u64; 8]| { assert!(r[0] < two); r[0] % P };
            prop_assert_eq!(value(multiply(c, Factor::new(b[0] % P))), product(c[0], b[0] % P));
            let products = (0..TERMS).fold(Sum::zero(), |sum, _| sum.add_product(canonical(a), canonical(b)));
            prop_assert_eq!(
                product(value(products.reduced()), radix()),
                product(product(a[0] % P, b[0] % P), TERMS as u64)
            );
            prop_assert_eq!(value(add(a, b)), (a[0] + b[0]) % P);
            prop_assert_eq!(value(subtract(a, b)), (a[0] + two - b[0]) % P);
            prop_assert_eq!(canonical(a)[0], a[0] % P);
        }
    }
}
