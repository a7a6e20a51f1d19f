//! `num-bigfloat`: 40 decimal digits in pure Rust. It shares no line of its arithmetic with MPFR, so that a fault of the
//! one cannot hide in the other; GMP's integers appear only where numbers enter and leave.

use super::{Context, Dyadic, Fault, LG_ONE, Sign, Tri, lg, text};
use num_bigfloat::{BigFloat, INF_NEG, INF_POS, NAN, ZERO};
use rug::float::Special;
use rug::{Assign, Float, Integer, Rational};

/// Forty decimal digits, round to nearest, `1e-88 <= |x| < 1e167`. Measured errors in units of the last digit: `+ - *` 0.5,
/// `div`, `sqrt`, `exp` 0.55; `ln` loses up to two digits next to 1. A value outside of the range is a [`Fault`]:
/// nonzero results of `mul`, `div`, `div_u32` and `set_*` that vanish become the smallest subnormal instead of 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BigFloat40;

const DIGITS: usize = 40;
/// Decimal exponent of the smallest number whose digits are trusted.
const MIN_EXPONENT: i64 = -88;
/// No number beyond `2^±RANGE_BITS` is representable: what is larger need not be written out.
const RANGE_BITS: i64 = 1000;

/// The smallest subnormal (`1e-128`) with the sign of the argument.
fn smallest(negative: bool) -> BigFloat {
    BigFloat::from_bytes(&[1], if negative { -1 } else { 1 }, i8::MIN)
}

fn infinity(negative: bool) -> BigFloat {
    if negative { INF_NEG } else { INF_POS }
}

/// Decimal digits, most significant first, and the power of ten of the last one; `None` for zero and what is not finite.
fn digits_of(a: &BigFloat) -> Option<(Vec<u8>, i64)> {
    let mut bytes = vec![0; a.get_mantissa_len()];
    a.get_mantissa_bytes(&mut bytes);
    (!bytes.is_empty()).then(|| (bytes, i64::from(a.get_exponent())))
}

/// The exact value; `None` where it is not finite.
fn exact(a: &BigFloat) -> Option<Rational> {
    if a.is_nan() || a.is_inf() {
        return None;
    }
    let Some((digits, e)) = digits_of(a) else {
        return Some(Rational::new());
    };
    let mut m = digits.iter().fold(Integer::new(), |m, &d| m * 10 + d);
    if a.is_negative() {
        m = -m;
    }
    Some(text::scale_by_ten(m, e))
}

/// `r`, or the smallest subnormal where a result that cannot be zero has vanished.
fn keep_nonzero(r: BigFloat, is_zero: bool, negative: bool) -> BigFloat {
    if r.is_zero() && !is_zero {
        smallest(negative)
    } else {
        r
    }
}

impl Context for BigFloat40 {
    type Num = BigFloat;

    fn name(&self) -> &'static str {
        "bigfloat"
    }
    fn digits(&self) -> u32 {
        40
    }
    fn zero(&self) -> BigFloat {
        ZERO
    }
    fn set(&self, r: &mut BigFloat, a: &BigFloat) {
        *r = *a;
    }
    fn set_rational(&self, r: &mut BigFloat, q: &Rational) {
        let negative = *q < 0;
        let lg = i64::from(q.numer().significant_bits()) - i64::from(q.denom().significant_bits());
        *r = if lg > RANGE_BITS {
            infinity(negative)
        } else if lg < -RANGE_BITS && !q.is_zero() {
            smallest(negative)
        } else if let Some(rounded) = text::round_digits(q, DIGITS) {
            // `BigFloat::parse` would truncate: the rounding is done here, and all forty digits are handed over.
            match i8::try_from(rounded.exponent + 1 - 40) {
                Ok(e) => BigFloat::from_bytes(&rounded.values(), if negative { -1 } else { 1 }, e),
                Err(_) if rounded.exponent > 0 => infinity(negative),
                Err(_) => smallest(negative),
            }
        } else {
            ZERO
        };
    }
    fn set_float(&self, r: &mut BigFloat, a: &Float) {
        let negative = a.is_sign_negative();
        match a.get_exp().map(i64::from) {
            // Judged by its exponent first: an exact rational of a huge one would fill the memory.
            Some(e) if e > RANGE_BITS => *r = infinity(negative),
            Some(e) if e < -RANGE_BITS => *r = smallest(negative),
            _ => match a.to_rational() {
                Some(q) => self.set_rational(r, &q),
                None => *r = if a.is_nan() { NAN } else { infinity(negative) },
            },
        }
    }
    fn set_dyadic(&self, r: &mut BigFloat, d: Dyadic) {
        let e = i32::try_from(d.e.clamp(-2 * RANGE_BITS, 2 * RANGE_BITS)).unwrap_or_default();
        self.set_rational(r, &(Rational::from(d.m) << e));
    }
    fn neg(&self, r: &mut BigFloat, a: &BigFloat) {
        *r = if a.is_zero() { ZERO } else { a.inv_sign() };
    }
    fn abs(&self, r: &mut BigFloat, a: &BigFloat) {
        *r = a.abs();
    }
    fn add(&self, r: &mut BigFloat, a: &BigFloat, b: &BigFloat) {
        *r = a.add(b);
    }
    fn sub(&self, r: &mut BigFloat, a: &BigFloat, b: &BigFloat) {
        *r = a.sub(b);
    }
    fn mul(&self, r: &mut BigFloat, a: &BigFloat, b: &BigFloat) {
        *r = keep_nonzero(
            a.mul(b),
            a.is_zero() || b.is_zero(),
            a.is_negative() != b.is_negative(),
        );
    }
    fn div(&self, r: &mut BigFloat, a: &BigFloat, b: &BigFloat) {
        *r = keep_nonzero(
            a.div(b),
            a.is_zero() || b.is_inf(),
            a.is_negative() != b.is_negative(),
        );
    }
    fn mul_u32(&self, r: &mut BigFloat, a: &BigFloat, k: u32) {
        *r = a.mul(&BigFloat::from_u32(k));
    }
    fn div_u32(&self, r: &mut BigFloat, a: &BigFloat, k: u32) {
        *r = keep_nonzero(a.div(&BigFloat::from_u32(k)), a.is_zero(), a.is_negative());
    }
    fn sqrt(&self, r: &mut BigFloat, a: &BigFloat) {
        *r = a.sqrt();
    }
    fn exp(&self, r: &mut BigFloat, a: &BigFloat) -> Result<(), Fault> {
        // The crate's `exp` gives 0 far below, and -infinity for -infinity.
        if a.is_nan() {
            *r = NAN;
            return Err(Fault::NotANumber);
        }
        *r = if a.is_inf() && a.is_negative() {
            ZERO
        } else {
            a.exp()
        };
        if r.is_zero() {
            return Err(Fault::Underflow);
        }
        self.fault(r).map_or(Ok(()), Err)
    }
    fn ln(&self, r: &mut BigFloat, a: &BigFloat) {
        *r = if self.sign(a) == Sign::Positive {
            a.ln()
        } else {
            NAN
        };
    }
    fn mul_add(&self, r: &mut BigFloat, a: &BigFloat, b: &BigFloat) {
        let mut product = ZERO;
        self.mul(&mut product, a, b);
        *r = r.add(&product);
    }
    fn sign(&self, a: &BigFloat) -> Sign {
        if a.is_nan() {
            Sign::Unknown
        } else if a.is_zero() {
            Sign::Zero
        } else if a.is_negative() {
            Sign::Negative
        } else {
            Sign::Positive
        }
    }
    fn lt(&self, a: &BigFloat, b: &BigFloat) -> Tri {
        match a.cmp(b) {
            Some(order) if order < 0 => Tri::True,
            Some(_) => Tri::False,
            None => Tri::Unknown,
        }
    }
    fn fault(&self, a: &BigFloat) -> Option<Fault> {
        if a.is_nan() {
            Some(Fault::NotANumber)
        } else if a.is_inf() {
            Some(Fault::Overflow)
        } else {
            let (len, e) = (
                i64::try_from(a.get_mantissa_len()).unwrap_or_default(),
                i64::from(a.get_exponent()),
            );
            (len > 0 && (a.is_subnormal() || len + e - 1 < MIN_EXPONENT))
                .then_some(Fault::Underflow)
        }
    }
    fn lg(&self, a: &BigFloat) -> Option<i64> {
        if self.fault(a).is_some() {
            return None;
        }
        let q = exact(a)?.abs();
        // The highest 32 bits of the value, rounded down, from a quotient of at least 64.
        let (numer, denom) = q.into_numer_denom();
        let shift =
            (64 + i64::from(denom.significant_bits()) - i64::from(numer.significant_bits())).max(0);
        let quotient = (numer << u32::try_from(shift).ok()?) / denom;
        let bits = quotient.significant_bits();
        let top = (quotient >> bits.checked_sub(32)?).to_u32()?;
        Some((i64::from(bits) - 1 - shift) * LG_ONE + lg::lg_mantissa(top))
    }
    fn to_float(&self, a: &BigFloat, bits: u32) -> Float {
        let mut r = Float::with_val(bits, Special::Nan);
        match exact(a) {
            Some(q) => r.assign(q),
            None if a.is_inf() => r.assign(if a.is_negative() {
                Special::NegInfinity
            } else {
                Special::Infinity
            }),
            None => {}
        }
        r
    }
    fn dump(&self, a: &BigFloat) -> String {
        if a.is_nan() {
            return "nan".to_owned();
        }
        if a.is_inf() {
            return if a.is_negative() { "-inf" } else { "inf" }.to_owned();
        }
        let Some((digits, e)) = digits_of(a) else {
            return "0".to_owned();
        };
        let exponent = i64::try_from(digits.len()).unwrap_or_default() - 1 + e;
        let digits: String = digits.iter().map(|&d| char::from(b'0' + d)).collect();
        text::scientific(a.is_negative(), digits.trim_end_matches('0'), exponent)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const C: BigFloat40 = BigFloat40;

    fn number(s: &str) -> BigFloat {
        C.rational(&text::parse_rational(s).unwrap())
    }

    #[test]
    fn rationals_are_rounded_to_nearest_at_the_fortieth_digit() {
        let zeros = "0".repeat(38);
        for (s, expected) in [
            ("2/3".to_owned(), format!("6.{}7e-1", "6".repeat(38))),
            ("0.1".to_owned(), "1e-1".to_owned()),
            (format!("1{zeros}15"), format!("1.{zeros}2e+40")),
            (format!("1{zeros}25"), format!("1.{zeros}2e+40")),
            (format!("-1{zeros}251"), format!("-1.{zeros}3e+41")),
            ("9".repeat(41), "1e+41".to_owned()),
            ("-1.25e-3".to_owned(), "-1.25e-3".to_owned()),
            ("0".to_owned(), "0".to_owned()),
        ] {
            assert_eq!(C.dump(&number(&s)), expected);
        }
    }

    #[test]
    fn digits_lost_below_the_range_are_a_fault() {
        for (s, expected) in [
            ("1e-88", None),
            ("9.9e-89", Some(Fault::Underflow)),
            ("-1e-90", Some(Fault::Underflow)),
            ("1e-127", Some(Fault::Underflow)),
            ("-1e-5000", Some(Fault::Underflow)),
            ("1e166", None),
            ("1e168", Some(Fault::Overflow)),
            ("-1e5000", Some(Fault::Overflow)),
            ("0", None),
        ] {
            assert_eq!(C.fault(&number(s)), expected, "{s}");
            if s != "0" {
                assert_eq!(
                    C.sign(&number(s)),
                    if s.starts_with('-') {
                        Sign::Negative
                    } else {
                        Sign::Positive
                    }
                );
            }
        }
        let (mut r, tiny, big) = (ZERO, number("1e-80"), number("-1e100"));
        C.mul(&mut r, &tiny, &tiny);
        assert_eq!(C.fault(&r), Some(Fault::Underflow));
        C.div(&mut r, &tiny, &big);
        assert_eq!(
            (C.fault(&r), C.sign(&r)),
            (Some(Fault::Underflow), Sign::Negative)
        );
        C.mul(&mut r, &big, &big);
        assert_eq!(C.fault(&r), Some(Fault::Overflow));
        C.set_dyadic(&mut r, Dyadic { m: 1, e: i64::MIN });
        assert_eq!(C.fault(&r), Some(Fault::Underflow));
        C.set_float(&mut r, &(Float::with_val(53, -1) << 1_000_000_000));
        assert_eq!(
            (C.fault(&r), C.sign(&r)),
            (Some(Fault::Overflow), Sign::Negative)
        );
        C.set_float(&mut r, &Float::with_val(53, Special::Nan));
        assert_eq!(C.fault(&r), Some(Fault::NotANumber));
    }

    #[test]
    fn an_exponential_out_of_range_is_an_error_and_never_zero() {
        let mut r = ZERO;
        for (s, expected) in [
            ("-300", Err(Fault::Underflow)),
            ("-1e30", Err(Fault::Underflow)),
            ("-203", Err(Fault::Underflow)),
            ("-202", Ok(())),
            ("0", Ok(())),
            ("380", Ok(())),
            ("400", Err(Fault::Overflow)),
            ("1e30", Err(Fault::Overflow)),
        ] {
            assert_eq!(C.exp(&mut r, &number(s)), expected, "{s}");
        }
        assert_eq!(C.exp(&mut r, &NAN), Err(Fault::NotANumber));
        assert_eq!(C.exp(&mut r, &INF_NEG), Err(Fault::Underflow));
        assert_eq!(C.exp(&mut r, &INF_POS), Err(Fault::Overflow));
    }

    #[test]
    fn undefined_operations_are_not_numbers() {
        let (mut r, minus) = (ZERO, number("-1"));
        for f in [BigFloat40::sqrt, BigFloat40::ln] {
            f(&C, &mut r, &minus);
            assert_eq!(C.fault(&r), Some(Fault::NotANumber));
        }
        C.div(&mut r, &ZERO, &ZERO);
        assert_eq!(C.fault(&r), Some(Fault::NotANumber));
        C.div(&mut r, &minus, &ZERO);
        assert_eq!((C.fault(&r), C.lg(&r)), (Some(Fault::Overflow), None));
        assert_eq!(
            (C.dump(&r), C.to_float(&r, 9).is_infinite()),
            ("-inf".to_owned(), true)
        );
        C.neg(&mut r, &ZERO);
        assert_eq!(C.dump(&r), "0");
    }

    proptest! {
        #[test]
        fn a_number_survives_dump_float_and_rational(p in any::<i128>(), d in 1u64.., e in -40i64..60) {
            let a = C.rational(&(Rational::from((p, d)) * text::scale_by_ten(Integer::from(1), e)));
            let back = number(&C.dump(&a));
            prop_assert_eq!(a.cmp(&back), Some(0));
            // 400 bits hold 40 digits times 10^e only to rounding, but 40 digits come back.
            let mut again = ZERO;
            C.set_float(&mut again, &C.to_float(&a, 400));
            prop_assert_eq!(a.cmp(&again), Some(0));
        }
    }
}
