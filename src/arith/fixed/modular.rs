//! Numbers modulo primes of 51 bits, eight at a time, kept in `0 ... 2 p - 1`: the extra bits of a lane take the place of
//! most comparisons (D. Harvey, "Faster arithmetic for number-theoretic transforms", 2014).

use super::digits::DIGIT;
use super::lanes::Lanes;

const ONE: u64 = 1 << DIGIT;

/// A prime of which twice is below `2^52`, with roots of unity of every order `2^a`, `3 2^a`, `5 2^a` and `7 2^a` that is
/// needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Prime {
    pub p: u64,
    /// `1 / p` modulo `2^52`.
    inverse: u64,
    /// Generates the numbers other than 0.
    generator: u64,
    /// 1, and `2^52`.
    one: Factor,
    radix: Factor,
}

/// `20452225 * 105 * 2^20 + 1` and `20452207 * 105 * 2^20 + 1`. A whole number is known from its residues by both.
pub(super) const PRIMES: [Prime; 2] = [Prime::new(0x7_ffff_fe90_0001, 22), Prime::new(0x7_ffff_8870_0001, 19)];

/// Newton's method: each round doubles the bits that are right, 3 at first.
const fn inverse_of(odd: u64) -> u64 {
    let (mut r, mut round) = (odd, 0);
    while round < 5 {
        r = r.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(r)));
        round += 1;
    }
    r
}

/// A number to multiply by, with its quotient by the prime in units of `2^-52` (V. Shoup).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Factor {
    value: u64,
    ratio: u64,
}

impl Factor {
    const fn new(value: u64, p: u64) -> Self {
        Factor { value, ratio: (((value as u128) << DIGIT) / p as u128) as u64 }
    }
}

impl Prime {
    const fn new(p: u64, generator: u64) -> Self {
        let (one, radix) = (Factor::new(1, p), Factor::new(ONE % p, p));
        Prime { p, inverse: inverse_of(p) & (ONE - 1), generator, one, radix }
    }

    pub const fn factor(self, value: u64) -> Factor {
        Factor::new(value, self.p)
    }

    /// `a f` in `0 ... 2 p - 1`, whatever `a < 2^52` is.
    #[inline(always)]
    pub fn multiply<V: Lanes>(self, a: V, f: Factor) -> V {
        let quotient = V::splat(0).add_high(a, V::splat(f.ratio));
        V::splat(0).add_low(a, V::splat(f.value)).add_low(quotient, V::splat(ONE - self.p)).low()
    }

    /// `a - 2 p` where that is not negative, `a < 4 p`.
    #[inline(always)]
    fn fold<V: Lanes>(self, a: V) -> V {
        a.least(a.minus(V::splat(2 * self.p)))
    }

    /// `a - p` where that is not negative, `a < 2 p`.
    #[inline(always)]
    pub fn canonical<V: Lanes>(self, a: V) -> V {
        a.least(a.minus(V::splat(self.p)))
    }

    /// `a + p` where `a`, a signed number above `-p`, is negative.
    #[inline(always)]
    pub fn residue<V: Lanes>(self, a: V) -> V {
        a.least(a.plus(V::splat(self.p)))
    }

    #[inline(always)]
    pub fn add<V: Lanes>(self, a: V, b: V) -> V {
        self.fold(a.plus(b))
    }

    #[inline(always)]
    pub fn subtract<V: Lanes>(self, a: V, b: V) -> V {
        self.fold(a.plus(V::splat(2 * self.p)).minus(b))
    }

    /// The sum over `2^52` (P. Montgomery), in `0 ... 2 p - 1`.
    #[inline(always)]
    pub fn reduced<V: Lanes>(self, Sum(low, upper): Sum<V>) -> V {
        let quotient = V::splat(0).add_low(low, V::splat(self.inverse));
        // The low 52 bits of the sum and of quotient p are the same, the upper ones of the latter below p. Products
        // are below 2^102: what follows is below 2^57.
        let sum = upper.plus(low.high()).plus(V::splat(self.p)).minus(V::splat(0).add_high(quotient, V::splat(self.p)));
        self.add(self.multiply(sum.low(), self.one), self.multiply(sum.high(), self.radix))
    }

    pub const fn product(self, a: u64, b: u64) -> u64 {
        (a as u128 * b as u128 % self.p as u128) as u64
    }

    const fn power(self, a: u64, mut exponent: u64) -> u64 {
        let (mut r, mut square) = (1, a);
        while exponent > 0 {
            if exponent & 1 == 1 {
                r = self.product(r, square);
            }
            square = self.product(square, square);
            exponent >>= 1;
        }
        r
    }

    pub const fn inverse(self, a: u64) -> u64 {
        self.power(a, self.p - 2)
    }

    /// A primitive root of unity, for an order that divides `p - 1`.
    pub fn root(self, order: usize) -> u64 {
        self.power(self.generator, (self.p - 1) / order as u64)
    }

    /// What undoes the division of [`Self::reduced`].
    pub fn radix(self) -> u64 {
        self.radix.value
    }
}

/// Products that add up without being reduced, at most.
pub(super) const TERMS: usize = 64;

/// A sum of at most [`TERMS`] products of numbers below a prime: its low and its upper part, in units of 1 and of `2^52`.
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
}

/// Whole numbers from their residues by [`PRIMES`]: those below [`HALF`] in magnitude.
pub(super) const HALF: u128 = PRIMES[0].p as u128 * (PRIMES[1].p / 2) as u128;

/// `1 / PRIMES[0]` modulo `PRIMES[1]`.
const JOINING: Factor = PRIMES[1].factor(PRIMES[1].inverse(PRIMES[0].p % PRIMES[1].p));

/// `h` below the second prime: the whole number is `a + h p` modulo the product of both primes, `p` the first and `a` below it the
/// residue by it (H. Garner); `b` is the residue by the second.
#[inline(always)]
pub(super) fn joined<V: Lanes>(a: V, b: V) -> V {
    let second = PRIMES[1];
    second.canonical(second.multiply(second.subtract(b, a), JOINING))
}

/// The whole number of the least magnitude that [`joined`] speaks of.
pub(super) fn whole(a: u64, h: u64) -> i128 {
    let [first, second] = PRIMES;
    let h = if h > second.p / 2 { h as i64 - second.p as i64 } else { h as i64 };
    i128::from(a) + i128::from(h) * i128::from(first.p)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rug::Integer;

    #[test]
    fn the_primes_are_primes_and_have_the_roots() {
        for prime in PRIMES {
            assert_ne!(Integer::from(prime.p).is_probably_prime(40), rug::integer::IsPrime::No);
            assert!(2 * prime.p < ONE);
            for order in [2usize, 3, 5, 7, 1 << 20, 105 << 20] {
                let r = prime.root(order);
                assert_eq!(prime.power(r, order as u64), 1);
                for q in [2, 3, 5, 7] {
                    assert!(order % q != 0 || prime.power(r, (order / q) as u64) != 1);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn lanes_multiply_modulo_the_primes(a in any::<u64>(), b in any::<u64>(), c in 0..ONE, signed in any::<i64>()) {
            for prime in PRIMES {
                let two = 2 * prime.p;
                let (a, b, signed) = (a % two, b % two, signed % prime.p as i64);
                let [a, b, c] = [a, b, c].map(|a| [a; 8]);
                let value = |r: [u64; 8]| { assert!(r[0] < two); r[0] % prime.p };
                prop_assert_eq!(value(prime.multiply(c, prime.factor(b[0] % prime.p))), prime.product(c[0], b[0] % prime.p));
                let term = |sum: Sum<_>, _| sum.add_product(prime.canonical(a), prime.canonical(b));
                prop_assert_eq!(
                    prime.product(value(prime.reduced((0..TERMS).fold(Sum::zero(), term))), prime.radix()),
                    prime.product(prime.product(a[0] % prime.p, b[0] % prime.p), TERMS as u64)
                );
                prop_assert_eq!(value(prime.add(a, b)), (a[0] + b[0]) % prime.p);
                prop_assert_eq!(value(prime.subtract(a, b)), (a[0] + two - b[0]) % prime.p);
                prop_assert_eq!(prime.canonical(a)[0], a[0] % prime.p);
                prop_assert_eq!(prime.residue([signed as u64; 8])[0], signed.rem_euclid(prime.p as i64) as u64);
            }
        }

        #[test]
        fn residues_give_the_whole_number(z in -(HALF as i128) + 1..HALF as i128, shift in 0u32..110) {
            for z in [z >> shift, HALF as i128 - 1 - (z >> shift).abs().min(7), 1 - HALF as i128 + (z >> shift).abs().min(7)] {
                let [a, b] = PRIMES.map(|prime| z.rem_euclid(i128::from(prime.p)) as u64);
                prop_assert_eq!(whole(a, joined([a; 8], [b; 8])[0]), z);
            }
        }
    }
}
