//! The few conversions every file of this directory needs.

use rug::float::Round;
use rug::ops::Pow;
use rug::{Float, Rational};

/// Bits carried beyond the precision asked for.
pub const GUARD: u32 = 64;

/// A rational, rounded to `bits` bits.
pub(super) fn real(bits: u32, q: &Rational) -> Float {
    Float::with_val(bits, q)
}

/// An integer power of a rational, exact.
pub(super) fn ipow(q: &Rational, k: u32) -> Rational {
    q.clone().pow(k)
}

/// The answer, rounded once.
pub(super) fn done(prec: u32, x: &Float) -> Float {
    Float::with_val(prec, x)
}

/// An upper bound computed at `prec + GUARD` bits or more, rounded up and one step further, so that the rounding
/// errors made on the way cannot take it below the true bound. An exact zero stays zero.
pub(super) fn upper(prec: u32, x: &Float) -> Float {
    let (mut r, _) = Float::with_val_round(prec, x, Round::Up);
    if !r.is_zero() {
        r.next_up();
    }
    r
}

/// The mirror image of [`upper`].
pub(super) fn lower(prec: u32, x: &Float) -> Float {
    let (mut r, _) = Float::with_val_round(prec, x, Round::Down);
    if !r.is_zero() {
        r.next_down();
    }
    r
}

/// Bits before the binary point of `|x|`, 0 for numbers below 1 and for 0.
pub(super) fn bits_before_point(x: &Float) -> u32 {
    x.get_exp().map_or(0, |e| u32::try_from(e).unwrap_or(0))
}

/// The same for a rational (may be one too many).
pub(super) fn integer_bits(q: &Rational) -> u32 {
    let quotient = rug::Integer::from(q.numer() / q.denom());
    quotient.significant_bits() + 1
}

/// `x^(1/k)`, `x > 0`.
pub(super) fn root(x: Float, k: u32) -> Float {
    if k == 1 { x } else { x.root(k) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(n: i64, d: i64) -> Rational {
        Rational::from((n, d))
    }

    /// Ten bits: between 1/4 and 1/2 in steps of `2^-11`, `1/3 = 682.67 * 2^-11`; from 2 to 4 in steps of `2^-8`.
    #[test]
    fn a_bound_is_rounded_outwards_and_one_step_further() {
        let step = |n: i64, bits: i32| q(n, 1) >> bits;
        for (x, above, below) in [
            (q(1, 3), step(684, 11), step(681, 11)),
            (q(-1, 3), step(-681, 11), step(-684, 11)),
            (q(3, 1), step(769, 8), step(767, 8)),
        ] {
            assert_eq!(upper(10, &real(100, &x)), above);
            assert_eq!(lower(10, &real(100, &x)), below);
        }
        assert!(upper(10, &Float::new(100)).is_zero() && lower(10, &Float::new(100)).is_zero());
    }

    #[test]
    fn the_bits_before_the_point_are_counted() {
        for (n, d, bits) in [
            (0, 1, 0),
            (1, 3, 0),
            (1, 1, 1),
            (-5, 2, 2),
            (1023, 1, 10),
            (1024, 1, 11),
            (7 << 40, 3, 42),
            (-1, 1 << 40, 0),
        ] {
            assert_eq!(bits_before_point(&real(100, &q(n, d))), bits, "{n}/{d}");
            assert!((bits..=bits + 1).contains(&integer_bits(&q(n, d))), "{n}/{d}");
        }
    }
}
