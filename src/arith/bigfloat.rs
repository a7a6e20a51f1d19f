//! `num-bigfloat`: 40 decimal digits in pure Rust. It shares no line of its arithmetic with MPFR, so that a fault of the
//! one cannot hide in the other; GMP's integers appear only where numbers enter and leave.

use super::{Context, Dyadic, Fault, LG_ONE, Sign, Tri, lg, text};
use num_bigfloat::{BigFloat, INF_NEG, INF_POS, NAN, ONE, TWO, ZERO};
use rug::float::Special;
use rug::{Assign, Float, Integer, Rational};

/// Forty decimal digits, round to nearest, `1e-88 <= |x| < 1e167`. Measured errors: `+ - * div sqrt exp` 0.55 unit of the
/// last digit, `ln` a relative `3e-39`. A value outside of the range is a [`Fault`]: nonzero results of `mul`, `div`,
/// `div_u32` and `set_*` that vanish become the smallest subnormal instead of 0.
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
    if r.is_zero() && !is_zero { smallest(negative) } else { r }
}

/// `ln a` for `0.9 < a < 1.1` as `2 artanh((a - 1) / (a + 1))`, the difference being exact. The crate's own logarithm has an
/// absolute error of about `1e-40` there although the result goes to 0: at `1 - 1e-14` it loses fourteen digits silently.
fn ln_near_one(a: &BigFloat) -> BigFloat {
    // |z| < 1/19: the first term left out, z^36 / 37, is below 1e-47.
    const TERMS: u32 = 18;
    let z = a.sub(&ONE).div(&a.add(&ONE));
    let square = z.mul(&z);
    let term = |k: u32| ONE.div(&BigFloat::from_u32(2 * k + 1));
    let sum = (0..TERMS).rev().fold(ZERO, |sum, k| term(k).add(&square.mul(&sum)));
    z.mul(&sum).mul(&TWO)
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
        *r = keep_nonzero(a.mul(b), a.is_zero() || b.is_zero(), a.is_negative() != b.is_negative());
    }
    fn div(&self, r: &mut BigFloat, a: &BigFloat, b: &BigFloat) {
        *r = keep_nonzero(a.div(b), a.is_zero() || b.is_inf(), a.is_negative() != b.is_negative());
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
        *r = if a.is_inf() && a.is_negative() { ZERO } else { a.exp() };
        if r.is_zero() {
            return Err(Fault::Underflow);
        }
        self.fault(r).map_or(Ok(()), Err)
    }
    fn ln(&self, r: &mut BigFloat, a: &BigFloat) {
        let within = |lo: &[u8], hi: &[u8]| {
            let end = |tenths| BigFloat::from_bytes(tenths, 1, -1);
            self.lt(&end(lo), a) == Tri::True && self.lt(a, &end(hi)) == Tri::True
        };
        *r = if self.sign(a) != Sign::Positive {
            NAN
        } else if within(&[9], &[1, 1]) {
            ln_near_one(a)
        } else {
            a.ln()
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
            let (len, e) = (i64::try_from(a.get_mantissa_len()).unwrap_or_default(), i64::from(a.get_exponent()));
            (len > 0 && (a.is_subnormal() || len + e - 1 < MIN_EXPONENT)).then_some(Fault::Underflow)
        }
    }
    fn lg(&self, a: &BigFloat) -> Option<i64> {
        if self.fault(a).is_some() {
            return None;
        }
        let q = exact(a)?.abs();
        // The highest 32 bits of the value, rounded down, from a quotient of at least 64.
        let (numer, denom) = q.into_numer_denom();
        let shift = (64 + i64::from(denom.significant_bits()) - i64::from(numer.significant_bits())).max(0);
        let quotient = (numer << u32::try_from(shift).ok()?) / denom;
        let bits = quotient.significant_bits();
        let top = (quotient >> bits.checked_sub(32)?).to_u32()?;
        Some((i64::from(bits) - 1 - shift) * LG_ONE + lg::lg_mantissa(top))
    }
    fn underflow_lg(&self) -> Option<i64> {
        Some(-292 * LG_ONE) // 10^-88
    }
    fn to_float(&self, a: &BigFloat, bits: u32) -> Float {
        let mut r = Float::with_val(bits, Special::Nan);
        match exact(a) {
            Some(q) => r.assign(q),
            None if a.is_inf() => r.assign(if a.is_negative() { Special::NegInfinity } else { Special::Infinity }),
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
mod tests;
