//! MPFR through `rug`: any precision, every operation correctly rounded, hence bit-identical everywhere.

use super::{Context, Dyadic, Fault, LG_ONE, Sign, Tri, bits_for_digits, digits_for_bits, lg, text};
use rug::float::Special;
use rug::{Assign, Float, Rational};

/// Arbitrary precision floating point, round to nearest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mpfr {
    pub(super) bits: u32,
}

impl Mpfr {
    /// A context of `bits` binary digits (at least 2).
    pub fn new(bits: u32) -> Self {
        Mpfr { bits: bits.max(2) }
    }

    /// A context that carries `digits` decimal digits.
    pub fn with_digits(digits: u32) -> Self {
        Mpfr::new(bits_for_digits(digits))
    }

    pub fn bits(&self) -> u32 {
        self.bits
    }
}

/// `floor(log2 |a| * LG_ONE)` of an MPFR number.
pub(super) fn float_lg(a: &Float) -> Option<i64> {
    let exp = i64::from(a.get_exp()?);
    // `get_significand` is normalised: the highest bit of its highest limb is set.
    let top = *a.get_significand()?.as_limbs().last()?;
    Some((exp - 1) * LG_ONE + lg::lg_mantissa((top >> 32) as u32))
}

impl Context for Mpfr {
    type Num = Float;

    fn name(&self) -> &'static str {
        "mpfr"
    }
    fn digits(&self) -> u32 {
        digits_for_bits(self.bits)
    }
    fn coarser(&self, digits: u32) -> Self {
        if digits < self.digits() { Mpfr::with_digits(digits) } else { *self }
    }
    fn zero(&self) -> Float {
        Float::with_val(self.bits, Special::Zero)
    }
    fn set(&self, r: &mut Float, a: &Float) {
        r.assign(a);
    }
    fn set_rational(&self, r: &mut Float, q: &Rational) {
        r.assign(q);
    }
    fn set_float(&self, r: &mut Float, a: &Float) {
        r.assign(a);
    }
    fn set_dyadic(&self, r: &mut Float, d: Dyadic) {
        r.assign(d.m);
        // Beyond MPFR's exponent range the shift saturates to infinity or zero, which `fault` names.
        let e = d.e.clamp(i64::from(i32::MIN), i64::from(i32::MAX));
        *r <<= i32::try_from(e).unwrap_or_default();
    }
    fn neg(&self, r: &mut Float, a: &Float) {
        r.assign(-a);
    }
    fn abs(&self, r: &mut Float, a: &Float) {
        r.assign(a.abs_ref());
    }
    fn add(&self, r: &mut Float, a: &Float, b: &Float) {
        r.assign(a + b);
    }
    fn sub(&self, r: &mut Float, a: &Float, b: &Float) {
        r.assign(a - b);
    }
    fn mul(&self, r: &mut Float, a: &Float, b: &Float) {
        r.assign(a * b);
    }
    fn div(&self, r: &mut Float, a: &Float, b: &Float) {
        r.assign(a / b);
    }
    fn mul_u32(&self, r: &mut Float, a: &Float, k: u32) {
        r.assign(a * k);
    }
    fn div_u32(&self, r: &mut Float, a: &Float, k: u32) {
        r.assign(a / k);
    }
    fn sqrt(&self, r: &mut Float, a: &Float) {
        r.assign(a.sqrt_ref());
    }
    fn exp(&self, r: &mut Float, a: &Float) -> Result<(), Fault> {
        r.assign(a.exp_ref());
        if r.is_zero() {
            return Err(Fault::Underflow);
        }
        self.fault(r).map_or(Ok(()), Err)
    }
    fn ln(&self, r: &mut Float, a: &Float) {
        r.assign(a.ln_ref());
    }
    fn mul_add(&self, r: &mut Float, a: &Float, b: &Float) {
        *r += a * b;
    }
    fn conv(&self, r: &mut Float, a: &[Float], b: &[Float]) {
        if super::conv::convolve(r, a, b) {
            return;
        }
        // Two roundings a term, but half a product: MPFR multiplies and adds at once by way of the whole product.
        let mut product = self.zero();
        r.assign(Special::Zero);
        for (x, y) in a.iter().zip(b.iter().rev()) {
            product.assign(x * y);
            *r += &product;
        }
    }
    fn sign(&self, a: &Float) -> Sign {
        match a.cmp0() {
            Some(std::cmp::Ordering::Less) => Sign::Negative,
            Some(std::cmp::Ordering::Equal) => Sign::Zero,
            Some(std::cmp::Ordering::Greater) => Sign::Positive,
            None => Sign::Unknown,
        }
    }
    fn lt(&self, a: &Float, b: &Float) -> Tri {
        match a.partial_cmp(b) {
            Some(std::cmp::Ordering::Less) => Tri::True,
            Some(_) => Tri::False,
            None => Tri::Unknown,
        }
    }
    fn fault(&self, a: &Float) -> Option<Fault> {
        if a.is_nan() {
            Some(Fault::NotANumber)
        } else if a.is_infinite() {
            Some(Fault::Overflow)
        } else {
            None
        }
    }
    fn lg(&self, a: &Float) -> Option<i64> {
        float_lg(a)
    }
    fn fixed_bits(&self) -> Option<u32> {
        Some(self.bits)
    }
    fn to_fixed(&self, a: &Float, top: i64, r: &mut [u64], negative: &mut bool) -> Option<()> {
        *negative = a.is_sign_negative();
        if a.is_zero() {
            r.fill(0);
            return Some(());
        }
        let significand = a.get_significand()?;
        let limbs = significand.as_limbs();
        let down = u64::try_from(top - i64::from(a.get_exp()?)).ok()?;
        super::fixed::place(r, limbs, down);
        Some(())
    }
    fn set_fixed(&self, r: &mut Float, limbs: &[u64], negative: bool, top: i64) {
        super::conv::assign_limbs(r, limbs, negative, top - 64 * limbs.len() as i64);
    }
    fn to_float(&self, a: &Float, bits: u32) -> Float {
        Float::with_val(bits, a)
    }
    fn dump(&self, a: &Float) -> String {
        text::dump_float(a)
    }
}
