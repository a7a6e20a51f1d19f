//! Enclosures: two MPFR numbers, every operation rounded outwards.

use super::mpfr::float_lg;
use super::{Context, Dyadic, Fault, Sign, Tri, bits_for_digits, digits_for_bits, text};
use rug::float::{Round, Special};
use rug::ops::{AddAssignRound, AssignRound};
use rug::{Assign, Float, Rational};
use std::cmp::Ordering;

/// Interval arithmetic: the true result is always inside. Dividing by an interval that holds 0 gives the whole line (or not a
/// number for `[0, 0]`); the root or logarithm of an interval that reaches below 0 is not a number; both are faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    bits: u32,
}

/// A closed interval `[lo, hi]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Range {
    lo: Float,
    hi: Float,
}

impl Range {
    /// Lower end.
    pub fn lo(&self) -> &Float {
        &self.lo
    }

    /// Upper end.
    pub fn hi(&self) -> &Float {
        &self.hi
    }

    /// Whether `x`, compared exactly, lies inside (the ends included).
    pub fn contains(&self, x: &Float) -> bool {
        self.lo <= *x && *x <= self.hi
    }

    fn is_nan(&self) -> bool {
        self.lo.is_nan() || self.hi.is_nan()
    }

    fn set_nan(&mut self) {
        self.lo.assign(Special::Nan);
        self.hi.assign(Special::Nan);
    }

    fn side(&self) -> Side {
        if self.lo >= 0 {
            Side::Above
        } else if self.hi <= 0 {
            Side::Below
        } else {
            Side::Across
        }
    }
}

/// Where an interval lies with respect to 0.
#[derive(Clone, Copy)]
enum Side {
    Above,
    Below,
    Across,
}

/// The ends whose products bound the product of two intervals; `None` when both straddle 0 and four products compete.
type Corners<'a> = Option<[(&'a Float, &'a Float); 2]>;

fn corners<'a>(a: &'a Range, b: &'a Range) -> Corners<'a> {
    use Side::{Above, Across, Below};
    Some(match (a.side(), b.side()) {
        (Above, Above) => [(&a.lo, &b.lo), (&a.hi, &b.hi)],
        (Above, Below) => [(&a.hi, &b.lo), (&a.lo, &b.hi)],
        (Above, Across) => [(&a.hi, &b.lo), (&a.hi, &b.hi)],
        (Below, Above) => [(&a.lo, &b.hi), (&a.hi, &b.lo)],
        (Below, Below) => [(&a.hi, &b.hi), (&a.lo, &b.lo)],
        (Below, Across) => [(&a.lo, &b.hi), (&a.lo, &b.lo)],
        (Across, Above) => [(&a.lo, &b.hi), (&a.hi, &b.hi)],
        (Across, Below) => [(&a.hi, &b.lo), (&a.lo, &b.lo)],
        (Across, Across) => return None,
    })
}

/// Replaces `x` by `y` when `y` lies further in the direction `order`, or is not a number (which must not get lost).
fn widen(x: &mut Float, y: Float, order: Ordering) {
    if y.is_nan() || y.partial_cmp(x) == Some(order) {
        *x = y;
    }
}

impl Interval {
    /// A context whose ends have `bits` binary digits (at least 2).
    pub fn new(bits: u32) -> Self {
        Interval { bits: bits.max(2) }
    }

    /// A context whose ends carry `digits` decimal digits.
    pub fn with_digits(digits: u32) -> Self {
        Interval::new(bits_for_digits(digits))
    }

    /// Binary digits of the ends.
    pub fn bits(&self) -> u32 {
        self.bits
    }

    fn fresh(&self) -> Float {
        Float::with_val(self.bits, Special::Zero)
    }

    fn assign<T>(&self, r: &mut Range, value: T)
    where
        T: Copy,
        Float: AssignRound<T, Round = Round, Ordering = Ordering>,
    {
        r.lo.assign_round(value, Round::Down);
        r.hi.assign_round(value, Round::Up);
    }
}

impl Context for Interval {
    type Num = Range;

    fn name(&self) -> &'static str {
        "interval"
    }
    fn digits(&self) -> u32 {
        digits_for_bits(self.bits)
    }
    fn zero(&self) -> Range {
        Range { lo: self.fresh(), hi: self.fresh() }
    }
    fn set(&self, r: &mut Range, a: &Range) {
        r.lo.assign_round(&a.lo, Round::Down);
        r.hi.assign_round(&a.hi, Round::Up);
    }
    fn set_rational(&self, r: &mut Range, q: &Rational) {
        self.assign(r, q);
    }
    fn set_float(&self, r: &mut Range, a: &Float) {
        self.assign(r, a);
    }
    fn set_dyadic(&self, r: &mut Range, d: Dyadic) {
        let e = i32::try_from(d.e.clamp(i64::from(i32::MIN), i64::from(i32::MAX))).unwrap_or_default();
        let m = Float::with_val(32, d.m);
        self.assign(r, &m);
        for (end, round) in [(&mut r.lo, Round::Down), (&mut r.hi, Round::Up)] {
            // The shift is exact except beyond MPFR's exponent range, where it must still enclose.
            let from = end.clone();
            end.assign_round(&from << e, round);
        }
    }
    fn neg(&self, r: &mut Range, a: &Range) {
        r.lo.assign_round(-&a.hi, Round::Down);
        r.hi.assign_round(-&a.lo, Round::Up);
    }
    fn abs(&self, r: &mut Range, a: &Range) {
        if a.is_nan() {
            return r.set_nan();
        }
        match a.side() {
            Side::Above => self.set(r, a),
            Side::Below => self.neg(r, a),
            Side::Across => {
                r.lo.assign(Special::Zero);
                let far = if a.lo.cmp_abs(&a.hi) == Some(Ordering::Greater) { &a.lo } else { &a.hi };
                r.hi.assign_round(far.abs_ref(), Round::Up);
            }
        }
    }
    fn add(&self, r: &mut Range, a: &Range, b: &Range) {
        r.lo.assign_round(&a.lo + &b.lo, Round::Down);
        r.hi.assign_round(&a.hi + &b.hi, Round::Up);
    }
    fn sub(&self, r: &mut Range, a: &Range, b: &Range) {
        r.lo.assign_round(&a.lo - &b.hi, Round::Down);
        r.hi.assign_round(&a.hi - &b.lo, Round::Up);
    }
    fn mul(&self, r: &mut Range, a: &Range, b: &Range) {
        if a.is_nan() || b.is_nan() {
            return r.set_nan();
        }
        if let Some([(p, q), (s, t)]) = corners(a, b) {
            r.lo.assign_round(p * q, Round::Down);
            r.hi.assign_round(s * t, Round::Up);
        } else {
            r.lo.assign_round(&a.lo * &b.hi, Round::Down);
            r.hi.assign_round(&a.lo * &b.lo, Round::Up);
            let mut other = self.fresh();
            other.assign_round(&a.hi * &b.lo, Round::Down);
            widen(&mut r.lo, other, Ordering::Less);
            let mut other = self.fresh();
            other.assign_round(&a.hi * &b.hi, Round::Up);
            widen(&mut r.hi, other, Ordering::Greater);
        }
    }
    fn div(&self, r: &mut Range, a: &Range, b: &Range) {
        if a.is_nan() || b.is_nan() || (b.lo.is_zero() && b.hi.is_zero()) {
            return r.set_nan();
        }
        let ends = if b.lo > 0 {
            let low = if a.lo >= 0 { &b.hi } else { &b.lo };
            let high = if a.hi >= 0 { &b.lo } else { &b.hi };
            [(&a.lo, low), (&a.hi, high)]
        } else if b.hi < 0 {
            let low = if a.hi >= 0 { &b.hi } else { &b.lo };
            let high = if a.lo >= 0 { &b.lo } else { &b.hi };
            [(&a.hi, low), (&a.lo, high)]
        } else {
            r.lo.assign(Special::NegInfinity);
            return r.hi.assign(Special::Infinity);
        };
        r.lo.assign_round(ends[0].0 / ends[0].1, Round::Down);
        r.hi.assign_round(ends[1].0 / ends[1].1, Round::Up);
    }
    fn mul_u32(&self, r: &mut Range, a: &Range, k: u32) {
        r.lo.assign_round(&a.lo * k, Round::Down);
        r.hi.assign_round(&a.hi * k, Round::Up);
    }
    fn div_u32(&self, r: &mut Range, a: &Range, k: u32) {
        if k == 0 {
            return r.set_nan();
        }
        r.lo.assign_round(&a.lo / k, Round::Down);
        r.hi.assign_round(&a.hi / k, Round::Up);
    }
    fn sqrt(&self, r: &mut Range, a: &Range) {
        if a.is_nan() || a.lo < 0 {
            return r.set_nan();
        }
        r.lo.assign_round(a.lo.sqrt_ref(), Round::Down);
        r.hi.assign_round(a.hi.sqrt_ref(), Round::Up);
    }
    fn exp(&self, r: &mut Range, a: &Range) -> Result<(), Fault> {
        r.lo.assign_round(a.lo.exp_ref(), Round::Down);
        r.hi.assign_round(a.hi.exp_ref(), Round::Up);
        if r.lo.is_zero() {
            return Err(Fault::Underflow);
        }
        self.fault(r).map_or(Ok(()), Err)
    }
    fn ln(&self, r: &mut Range, a: &Range) {
        if a.is_nan() || a.lo <= 0 {
            return r.set_nan();
        }
        r.lo.assign_round(a.lo.ln_ref(), Round::Down);
        r.hi.assign_round(a.hi.ln_ref(), Round::Up);
    }
    fn mul_add(&self, r: &mut Range, a: &Range, b: &Range) {
        if a.is_nan() || b.is_nan() {
            return r.set_nan();
        }
        if let Some([(p, q), (s, t)]) = corners(a, b) {
            r.lo.add_assign_round(p * q, Round::Down);
            r.hi.add_assign_round(s * t, Round::Up);
        } else {
            let (mut lo, mut hi) = (r.lo.clone(), r.hi.clone());
            r.lo.add_assign_round(&a.lo * &b.hi, Round::Down);
            r.hi.add_assign_round(&a.lo * &b.lo, Round::Up);
            lo.add_assign_round(&a.hi * &b.lo, Round::Down);
            hi.add_assign_round(&a.hi * &b.hi, Round::Up);
            widen(&mut r.lo, lo, Ordering::Less);
            widen(&mut r.hi, hi, Ordering::Greater);
        }
    }
    fn sign(&self, a: &Range) -> Sign {
        if a.lo > 0 && a.hi > 0 {
            Sign::Positive
        } else if a.lo < 0 && a.hi < 0 {
            Sign::Negative
        } else if a.lo.is_zero() && a.hi.is_zero() {
            Sign::Zero
        } else {
            Sign::Unknown
        }
    }
    fn lt(&self, a: &Range, b: &Range) -> Tri {
        if a.is_nan() || b.is_nan() {
            Tri::Unknown
        } else if a.hi < b.lo {
            Tri::True
        } else if a.lo >= b.hi {
            Tri::False
        } else {
            Tri::Unknown
        }
    }
    fn fault(&self, a: &Range) -> Option<Fault> {
        if a.is_nan() {
            Some(Fault::NotANumber)
        } else if a.lo.is_infinite() || a.hi.is_infinite() {
            Some(Fault::Overflow)
        } else {
            None
        }
    }
    fn lg(&self, a: &Range) -> Option<i64> {
        if self.fault(a).is_some() {
            return None;
        }
        float_lg(if a.lo.cmp_abs(&a.hi) == Some(Ordering::Greater) { &a.lo } else { &a.hi })
    }
    fn to_float(&self, a: &Range, bits: u32) -> Float {
        Float::with_val(bits, &a.lo + &a.hi) >> 1u32
    }
    fn dump(&self, a: &Range) -> String {
        format!("[{}, {}]", text::dump_float(&a.lo), text::dump_float(&a.hi))
    }
}

#[cfg(test)]
mod tests;
