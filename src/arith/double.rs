//! Plain `f64` with the crate `libm`, so that its bits are the same on every machine.

use super::{Context, Dyadic, Fault, LG_ONE, Sign, Tri, lg, text};
use rug::{Float, Rational};

/// IEEE double precision, round to nearest: 15 decimal digits. `exp` and `ln` are within one unit of the last place,
/// everything else is correctly rounded. A product that vanishes below `2^-1075` is 0 and cannot be told from a true one;
/// a value that comes from outside (`set_*`) and is too small becomes the smallest subnormal, which `fault` names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Double;

const BITS: u32 = 53;
const MANTISSA_BITS: u32 = 52;
const EXPONENT_BIAS: i64 = 1023;
const SMALLEST: f64 = f64::from_bits(1);

/// Nearest `f64`; never 0 unless `a` is.
fn nearest(a: &Float) -> f64 {
    let x = a.to_f64();
    if x == 0.0 && !a.is_zero() { SMALLEST.copysign(if a.is_sign_negative() { -1.0 } else { 1.0 }) } else { x }
}

impl Context for Double {
    type Num = f64;

    fn name(&self) -> &'static str {
        "f64"
    }
    fn digits(&self) -> u32 {
        f64::DIGITS
    }
    fn zero(&self) -> f64 {
        0.0
    }
    #[inline(always)]
    fn set(&self, r: &mut f64, a: &f64) {
        *r = *a;
    }
    fn set_rational(&self, r: &mut f64, q: &Rational) {
        *r = nearest(&Float::with_val(BITS, q));
    }
    fn set_float(&self, r: &mut f64, a: &Float) {
        *r = nearest(a);
    }
    fn set_dyadic(&self, r: &mut f64, d: Dyadic) {
        let e = i32::try_from(d.e.clamp(-4096, 4096)).unwrap_or_default();
        *r = libm::scalbn(f64::from(d.m), e);
        if *r == 0.0 && d.m != 0 {
            *r = SMALLEST;
        }
    }
    #[inline(always)]
    fn neg(&self, r: &mut f64, a: &f64) {
        *r = -*a;
    }
    #[inline(always)]
    fn abs(&self, r: &mut f64, a: &f64) {
        *r = a.abs();
    }
    #[inline(always)]
    fn add(&self, r: &mut f64, a: &f64, b: &f64) {
        *r = *a + *b;
    }
    #[inline(always)]
    fn sub(&self, r: &mut f64, a: &f64, b: &f64) {
        *r = *a - *b;
    }
    #[inline(always)]
    fn mul(&self, r: &mut f64, a: &f64, b: &f64) {
        *r = *a * *b;
    }
    #[inline(always)]
    fn div(&self, r: &mut f64, a: &f64, b: &f64) {
        *r = *a / *b;
    }
    #[inline(always)]
    fn mul_u32(&self, r: &mut f64, a: &f64, k: u32) {
        *r = *a * f64::from(k);
    }
    #[inline(always)]
    fn div_u32(&self, r: &mut f64, a: &f64, k: u32) {
        *r = *a / f64::from(k);
    }
    #[inline(always)]
    fn sqrt(&self, r: &mut f64, a: &f64) {
        *r = a.sqrt();
    }
    #[inline(always)]
    fn exp(&self, r: &mut f64, a: &f64) -> Result<(), Fault> {
        *r = libm::exp(*a);
        if *r == 0.0 {
            return Err(Fault::Underflow);
        }
        self.fault(r).map_or(Ok(()), Err)
    }
    #[inline(always)]
    fn ln(&self, r: &mut f64, a: &f64) {
        *r = libm::log(*a);
    }
    #[inline(always)]
    fn mul_add(&self, r: &mut f64, a: &f64, b: &f64) {
        *r += *a * *b;
    }
    #[inline(always)]
    fn conv(&self, r: &mut f64, a: &[f64], b: &[f64]) {
        debug_assert_eq!(a.len(), b.len());
        let mut sum = 0.0;
        for (x, y) in a.iter().zip(b.iter().rev()) {
            sum += x * y;
        }
        *r = sum;
    }
    #[inline(always)]
    fn sign(&self, a: &f64) -> Sign {
        if *a > 0.0 {
            Sign::Positive
        } else if *a < 0.0 {
            Sign::Negative
        } else if *a == 0.0 {
            Sign::Zero
        } else {
            Sign::Unknown
        }
    }
    #[inline(always)]
    fn lt(&self, a: &f64, b: &f64) -> Tri {
        if a < b {
            Tri::True
        } else if a >= b {
            Tri::False
        } else {
            Tri::Unknown
        }
    }
    #[inline(always)]
    fn fault(&self, a: &f64) -> Option<Fault> {
        if a.is_nan() {
            Some(Fault::NotANumber)
        } else if a.is_infinite() {
            Some(Fault::Overflow)
        } else if a.is_subnormal() {
            Some(Fault::Underflow)
        } else {
            None
        }
    }
    fn lg(&self, a: &f64) -> Option<i64> {
        if !a.is_normal() {
            return None;
        }
        let bits = a.abs().to_bits();
        let exponent = i64::try_from(bits >> MANTISSA_BITS).unwrap_or_default() - EXPONENT_BIAS;
        let fraction = bits & ((1 << MANTISSA_BITS) - 1);
        let top = (1 << 31) | u32::try_from(fraction >> (MANTISSA_BITS - 31)).unwrap_or_default();
        Some(exponent * LG_ONE + lg::lg_mantissa(top))
    }
    fn underflow_lg(&self) -> Option<i64> {
        Some(-1022 * LG_ONE)
    }
    fn to_float(&self, a: &f64, bits: u32) -> Float {
        Float::with_val(bits, *a)
    }
    fn dump(&self, a: &f64) -> String {
        text::dump_float(&Float::with_val(BITS, *a))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rationals_become_the_nearest_double() {
        for (numer, denom, expected) in [(1, 10, 0.1), (1, 3, 1.0 / 3.0), (-7, 3, -7.0 / 3.0), (0, 1, 0.0)] {
            assert_eq!(Double.rational(&Rational::from((numer, denom))).to_bits(), f64::to_bits(expected));
        }
        // 2^53 + 1.000001 lies above the tie: truncation would give 2^53.
        let q = Rational::from((9_007_199_254_740_993_000_001u128, 1_000_000u32));
        assert_eq!(Double.rational(&q), 9_007_199_254_740_994.0);
    }

    #[test]
    fn faults_have_names() {
        for (x, expected) in [
            (f64::NAN, Some(Fault::NotANumber)),
            (f64::NEG_INFINITY, Some(Fault::Overflow)),
            (f64::MIN_POSITIVE / 2.0, Some(Fault::Underflow)),
            (f64::MIN_POSITIVE, None),
            (-0.0, None),
        ] {
            assert_eq!(Double.fault(&x), expected, "{x}");
            if expected.is_some() {
                assert_eq!(Double.lg(&x), None);
            }
        }
        let mut r = 0.0;
        assert_eq!(Double.exp(&mut r, &-800.0), Err(Fault::Underflow));
        assert_eq!(Double.exp(&mut r, &-740.0), Err(Fault::Underflow));
        assert_eq!(Double.exp(&mut r, &800.0), Err(Fault::Overflow));
        assert_eq!(Double.exp(&mut r, &f64::NAN), Err(Fault::NotANumber));
        assert_eq!(Double.exp(&mut r, &0.0), Ok(()));
        assert_eq!((Double.sign(&f64::NAN), Double.lt(&f64::NAN, &0.0)), (Sign::Unknown, Tri::Unknown));
    }

    #[test]
    fn what_enters_too_small_is_a_fault_and_not_zero() {
        let mut r = 0.0;
        Double.set_dyadic(&mut r, Dyadic { m: 3, e: -5000 });
        assert_eq!(Double.fault(&r), Some(Fault::Underflow));
        Double.set_rational(&mut r, &(Rational::from(-1) >> 5000));
        assert_eq!((Double.fault(&r), Double.sign(&r)), (Some(Fault::Underflow), Sign::Negative));
        Double.set_float(&mut r, &(Float::with_val(99, 1) << 5000));
        assert_eq!(Double.fault(&r), Some(Fault::Overflow));
        Double.set_float(&mut r, &Float::with_val(99, 0));
        assert_eq!(r, 0.0);
    }

    #[test]
    fn dumps_hold_every_bit() {
        assert_eq!(Double.dump(&std::f64::consts::PI), "0x1.921fb54442d18p+1@53");
        for x in [0.1, -1e300, f64::MIN_POSITIVE, f64::from_bits(1), -0.0, f64::INFINITY] {
            assert_eq!(text::parse_dump(&Double.dump(&x)).unwrap().to_f64().to_bits(), x.to_bits());
        }
    }
}
