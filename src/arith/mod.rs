//! Numbers. A *context* ([`Context`]) owns the precision and the rounding; a *number* is plain data; every
//! operation writes into a destination the caller owns, so that inner loops allocate nothing.
//!
//! | context | number | digits | use |
//! |---|---|---|---|
//! | [`Double`] | `f64` | 15 | the cost of plain floats, with the crate `libm` |
//! | [`BigFloat40`] | `num_bigfloat::BigFloat` | 40 | a second arithmetic that shares no line with MPFR |
//! | [`Mpfr`] | `rug::Float` | any | every verdict |
//! | [`Interval`] | two `rug::Float` | any | outward rounding: pointwise enclosures |
//!
//! This module is the only one that the observed and the predicted side have in common.

#[cfg(test)]
mod agreement;
mod bigfloat;
mod conv;
mod double;
pub mod fixed;
mod interval;
mod lg;
mod mpfr;
pub mod simplex;
pub mod text;

pub use bigfloat::BigFloat40;
pub use double::Double;
pub use interval::{Interval, Range};
pub use lg::{Dyadic, LG_ONE};
pub use mpfr::Mpfr;

use rug::{Float, Rational};
use std::fmt::Debug;

/// The answer to a comparison of numbers that may be known only up to an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tri {
    True,
    False,
    Unknown,
}

/// The sign of a number, `Unknown` where an enclosure straddles zero (or the number is not a number).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sign {
    Negative,
    Zero,
    Positive,
    Unknown,
}

/// Why a number can no longer be trusted: the named outcomes of range loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Fault {
    #[error("overflow: a value left the exponent range of the arithmetic")]
    Overflow,
    #[error("underflow: a nonzero value fell below the range in which the arithmetic keeps its digits")]
    Underflow,
    #[error("not a number: an undefined operation such as 0/0 or the logarithm of a negative value")]
    NotANumber,
}

/// One kind of arithmetic. Destinations come first; operands may not alias them.
pub trait Context: Clone + Send + Sync + 'static {
    /// The data of one number; its precision is that of the context that made it.
    type Num: Clone + Send + Sync + Debug + 'static;

    /// `"f64"`, `"bigfloat"`, `"mpfr"` or `"interval"`.
    fn name(&self) -> &'static str;
    /// Decimal digits that one operation keeps.
    fn digits(&self) -> u32;
    /// A context of the same kind with fewer digits, or this one where its digits are fixed.
    #[must_use]
    fn coarser(&self, _digits: u32) -> Self {
        self.clone()
    }

    fn zero(&self) -> Self::Num;
    fn set(&self, r: &mut Self::Num, a: &Self::Num);
    /// Nearest number to an exact rational (an enclosure of it, for intervals).
    fn set_rational(&self, r: &mut Self::Num, q: &Rational);
    /// Nearest number to an MPFR value (an enclosure of it, for intervals).
    fn set_float(&self, r: &mut Self::Num, a: &Float);
    /// `m * 2^e`, exactly where the precision allows (short mantissas: step lengths).
    fn set_dyadic(&self, r: &mut Self::Num, d: Dyadic);

    fn neg(&self, r: &mut Self::Num, a: &Self::Num);
    fn abs(&self, r: &mut Self::Num, a: &Self::Num);
    fn add(&self, r: &mut Self::Num, a: &Self::Num, b: &Self::Num);
    fn sub(&self, r: &mut Self::Num, a: &Self::Num, b: &Self::Num);
    fn mul(&self, r: &mut Self::Num, a: &Self::Num, b: &Self::Num);
    fn div(&self, r: &mut Self::Num, a: &Self::Num, b: &Self::Num);
    fn mul_u32(&self, r: &mut Self::Num, a: &Self::Num, k: u32);
    fn div_u32(&self, r: &mut Self::Num, a: &Self::Num, k: u32);
    fn sqrt(&self, r: &mut Self::Num, a: &Self::Num);
    /// `e^a`, which is never zero: a result out of range is an error, not a silent 0 or infinity.
    fn exp(&self, r: &mut Self::Num, a: &Self::Num) -> Result<(), Fault>;
    fn ln(&self, r: &mut Self::Num, a: &Self::Num);

    /// `r += a * b`.
    fn mul_add(&self, r: &mut Self::Num, a: &Self::Num, b: &Self::Num);
    /// Convolution kernel of Taylor arithmetic: `r = sum_i a[i] * b[n-1-i]`, `n = a.len() = b.len()`; 0 when empty.
    fn conv(&self, r: &mut Self::Num, a: &[Self::Num], b: &[Self::Num]) {
        debug_assert_eq!(a.len(), b.len());
        match (a.first(), b.last()) {
            (Some(x), Some(y)) => self.mul(r, x, y),
            _ => return self.set_dyadic(r, Dyadic { m: 0, e: 0 }),
        }
        for (x, y) in a[1..].iter().zip(b.iter().rev().skip(1)) {
            self.mul_add(r, x, y);
        }
    }

    fn sign(&self, a: &Self::Num) -> Sign;
    fn lt(&self, a: &Self::Num, b: &Self::Num) -> Tri;
    /// `Some` when the value is not a finite number with all its digits.
    fn fault(&self, a: &Self::Num) -> Option<Fault>;
    /// `log2 |a|` in units of `1 / LG_ONE`, rounded down to the unit; `None` for zero or a faulty number.
    fn lg(&self, a: &Self::Num) -> Option<i64>;

    /// `log2` (in units of `1 / LG_ONE`) of the size below which [`Context::fault`] reports an underflow; `None` where the
    /// range is not a concern.
    fn underflow_lg(&self) -> Option<i64> {
        None
    }

    /// Bits of a number, where numbers can be moved to and from fixed point ([`fixed`]); `None` where they cannot.
    fn fixed_bits(&self) -> Option<u32> {
        None
    }
    /// `|a| 2^(64 n - top)` rounded down to the `n` limbs of `r`, and the sign; `None` where it does not fit.
    fn to_fixed(&self, _a: &Self::Num, _top: i64, _r: &mut [u64], _negative: &mut bool) -> Option<()> {
        None
    }
    /// The number whose magnitude is `limbs 2^(top - 64 n)`.
    fn set_fixed(&self, _r: &mut Self::Num, _limbs: &[u64], _negative: bool, _top: i64) {}

    /// The value rounded to an MPFR number of `bits` bits (an interval's midpoint).
    fn to_float(&self, a: &Self::Num, bits: u32) -> Float;
    /// The value written exactly, in the notation [`text`] documents.
    fn dump(&self, a: &Self::Num) -> String;

    /// A fresh number equal to an exact rational.
    fn rational(&self, q: &Rational) -> Self::Num {
        let mut r = self.zero();
        self.set_rational(&mut r, q);
        r
    }
}

/// Binary digits that carry `digits` decimal ones: `ceil(digits * log2 10)`, in integers.
pub fn bits_for_digits(digits: u32) -> u32 {
    let bits = (u64::from(digits) * 33_219_281).div_ceil(10_000_000);
    u32::try_from(bits).unwrap_or(u32::MAX).max(2)
}

/// Decimal digits that `bits` binary ones carry: `floor(bits * log10 2)`, in integers.
pub fn digits_for_bits(bits: u32) -> u32 {
    u32::try_from(u64::from(bits) * 30_102_999 / 100_000_000).unwrap_or(u32::MAX)
}
