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
    if x == 0.0 && !a.is_zero() {
        SMALLEST.copysign(if a.is_sign_negative() { -1.0 } else { 1.0 })
    } else {
        x
    }
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
    fn to_float(&self, a: &f64, bits: u32) -> Float {
        Float::with_val(bits, *a)
    }
    fn dump(&self, a: &f64) -> String {
        text::dump_float(&Float::with_val(BITS, *a))
    }
}
