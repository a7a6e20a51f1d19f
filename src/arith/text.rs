//! Numbers as text, in and out, without a machine float on the way.
//!
//! * **Input** ([`parse_rational`]): `3`, `-0.6`, `2.5E-3`, `-7/3`, read exactly.
//! * **Decimal** ([`decimal`], [`decimal_rational`]): rounded to the nearest, ties to even; plain (`0.00125`) when the exponent
//!   is at least -6 and below `max(digits, 21)`, otherwise `d.ddde±N`.
//! * **Dump** ([`dump_float`], [`parse_dump`]): every bit. `0x1.8p+3@256` is `(1 + 8/16) * 2^3` in a number of 256 bits: one leading
//!   1, hexadecimal digits without trailing zeros, a binary exponent with its sign, the precision after `@`. Zero is `0x0@256`
//!   or `-0x0@256`; `nan@256`, `inf@256`, `-inf@256` are not numbers. An `f64` has `@53`. An interval is `[lo, hi]` of two dumps;
//!   a bigfloat is its exact decimal, `1.25e-3`.

mod dump;

pub use dump::{dump_float, parse_dump};

use rug::ops::Pow;
use rug::{Float, Integer, Rational};

/// Longest text that is read, in bytes.
const MAX_LENGTH: usize = 200_000;
/// Largest decimal exponent that is read: an exact `1e1000000000` would fill the memory.
const MAX_EXPONENT: i64 = 100_000;
/// How much of an offending text a message repeats.
const SHOWN: usize = 40;

/// Why a text is not a number. The message holds the text, cut to 40 characters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    #[error("a number is expected, but the text is empty")]
    Empty,
    #[error("`{0}` is not a number: write a decimal such as -0.6 or 2.5e-3, or a fraction such as 1/2")]
    Syntax(String),
    #[error("`{0}` is not finite: only finite numbers are accepted")]
    NotFinite(String),
    #[error("`{0}` divides by zero")]
    ZeroDenominator(String),
    #[error("`{0}` mixes a decimal with a fraction: both sides of `/` must be integers")]
    DecimalInFraction(String),
    #[error("`{0}` has an exponent beyond ±{MAX_EXPONENT}")]
    Exponent(String),
    #[error("the number `{0}` is longer than {MAX_LENGTH} characters")]
    TooLong(String),
    #[error("`{0}` is not an exact dump: expected the form 0x1.8p+3@256")]
    Dump(String),
}

/// The first characters of an offending text, control characters escaped.
fn shown(s: &str) -> String {
    let mut out: String = s.chars().take(SHOWN).flat_map(char::escape_debug).collect();
    if s.chars().nth(SHOWN).is_some() {
        out.push_str("...");
    }
    out
}

fn split_sign(s: &str) -> (bool, &str) {
    match s.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, s.strip_prefix('+').unwrap_or(s)),
    }
}

fn all_digits(s: &str) -> bool {
    s.bytes().all(|b| b.is_ascii_digit())
}

/// A nonempty text of decimal digits.
fn natural(s: &str) -> Option<Integer> {
    if s.is_empty() || !all_digits(s) {
        return None;
    }
    Integer::parse(s).ok().map(Integer::from)
}

/// `10^n`.
fn ten_to(n: u64) -> Integer {
    Integer::from(10).pow(u32::try_from(n).unwrap_or(u32::MAX))
}

/// `m * 10^e`, exactly.
pub(super) fn scale_by_ten(m: Integer, e: i64) -> Rational {
    let power = ten_to(e.unsigned_abs());
    if e < 0 { Rational::from((m, power)) } else { Rational::from(m * power) }
}

/// Reads a decimal (`-0.6`, `2.5E-3`) or a fraction of integers (`-7/3`), exactly. Spaces around it are ignored.
///
/// # Errors
/// Refused are the empty text, anything that is not a finite decimal or fraction, a zero denominator, a decimal within a
/// fraction (`1.5/2`), exponents beyond ±100000 and texts longer than 200000 characters.
pub fn parse_rational(s: &str) -> Result<Rational, NumberError> {
    let s = s.trim();
    if s.is_empty() {
        return Err(NumberError::Empty);
    }
    if s.len() > MAX_LENGTH {
        return Err(NumberError::TooLong(shown(s)));
    }
    let (negative, body) = split_sign(s);
    if ["nan", "inf", "infinity"].iter().any(|name| body.eq_ignore_ascii_case(name)) {
        return Err(NumberError::NotFinite(shown(s)));
    }
    let value = match body.split_once('/') {
        Some((p, q)) => fraction(s, p, q)?,
        None => decimal_text(s, body)?,
    };
    Ok(if negative { -value } else { value })
}

fn fraction(s: &str, p: &str, q: &str) -> Result<Rational, NumberError> {
    match (natural(p), natural(q)) {
        (Some(_), Some(q)) if q.is_zero() => Err(NumberError::ZeroDenominator(shown(s))),
        (Some(p), Some(q)) => Ok(Rational::from((p, q))),
        _ if decimal_text(s, p).is_ok() && decimal_text(s, q).is_ok() => Err(NumberError::DecimalInFraction(shown(s))),
        _ => Err(NumberError::Syntax(shown(s))),
    }
}

fn decimal_text(s: &str, body: &str) -> Result<Rational, NumberError> {
    let syntax = || NumberError::Syntax(shown(s));
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent_text(s, exponent)?),
        None => (body, 0),
    };
    let (whole, frac) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let m = natural(&[whole, frac].concat()).ok_or_else(syntax)?;
    let places = i64::try_from(frac.len()).map_err(|_| syntax())?;
    Ok(scale_by_ten(m, exponent - places))
}

fn exponent_text(s: &str, text: &str) -> Result<i64, NumberError> {
    let (negative, digits) = split_sign(text);
    if digits.is_empty() || !all_digits(digits) {
        return Err(NumberError::Syntax(shown(s)));
    }
    match digits.parse::<i64>() {
        Ok(e) if e <= MAX_EXPONENT => Ok(if negative { -e } else { e }),
        _ => Err(NumberError::Exponent(shown(s))),
    }
}

/// A nonzero number rounded to some decimal digits: `d.ddd * 10^exponent`.
pub(super) struct Digits {
    pub negative: bool,
    /// ASCII digits, as many as were asked for.
    pub digits: String,
    /// The power of ten of the first digit.
    pub exponent: i64,
    /// Whether nothing was rounded off.
    pub exact: bool,
}

impl Digits {
    /// The digits as numbers, most significant first.
    pub fn values(&self) -> Vec<u8> {
        self.digits.bytes().map(|b| b - b'0').collect()
    }
}

/// Rounds to `count >= 1` significant digits, to nearest, ties to even, in integers only; `None` for zero.
pub(super) fn round_digits(q: &Rational, count: usize) -> Option<Digits> {
    if q.is_zero() {
        return None;
    }
    let count = i64::try_from(count.max(1)).unwrap_or(i64::MAX);
    let (numer, denom) = (q.numer().clone().abs(), q.denom());
    // 0.30103 > log10 2, and the number is above 2^(lg - 1): the estimate is off by a few at most; the loop corrects it.
    let lg = i64::from(numer.significant_bits()) - i64::from(denom.significant_bits());
    let mut exponent = (lg * 30_103).div_euclid(100_000);
    let (lower, upper) = (ten_to(count.unsigned_abs() - 1), ten_to(count.unsigned_abs()));
    loop {
        let scale = count - 1 - exponent;
        let power = ten_to(scale.unsigned_abs());
        let (top, bottom) = if scale >= 0 {
            (Integer::from(&numer * &power), denom.clone())
        } else {
            (numer.clone(), Integer::from(denom * &power))
        };
        let (mut digits, rest) = top.div_rem(bottom.clone());
        if digits >= upper {
            exponent += 1;
        } else if digits < lower {
            exponent -= 1;
        } else {
            let exact = rest.is_zero();
            let above = (rest << 1u32).cmp(&bottom);
            if above.is_gt() || (above.is_eq() && digits.is_odd()) {
                digits += 1;
            }
            if digits == upper {
                digits = lower;
                exponent += 1;
            }
            return Some(Digits { negative: *q < 0, digits: digits.to_string(), exponent, exact });
        }
    }
}

/// `d.ddde±N`; `digits` is nonempty ASCII.
pub(super) fn scientific(negative: bool, digits: &str, exponent: i64) -> String {
    let sign = if negative { "-" } else { "" };
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{first}{point}{rest}e{exponent:+}")
}

/// Plain or scientific notation, see the module.
fn layout(negative: bool, digits: &str, exponent: i64, asked: usize) -> String {
    let widest = i64::try_from(asked.max(21)).unwrap_or(i64::MAX);
    if !(-6..widest).contains(&exponent) {
        return scientific(negative, digits, exponent);
    }
    let sign = if negative { "-" } else { "" };
    let magnitude = usize::try_from(exponent.unsigned_abs()).unwrap_or_default();
    if exponent < 0 {
        return format!("{sign}0.{}{digits}", "0".repeat(magnitude - 1));
    }
    let whole = magnitude + 1;
    match digits.split_at_checked(whole) {
        Some((all, "")) => format!("{sign}{all}"),
        Some((int, frac)) => format!("{sign}{int}.{frac}"),
        None => format!("{sign}{digits}{}", "0".repeat(whole - digits.len())),
    }
}

/// `digits` significant digits (at least 1) of a number, correctly rounded; `0`, `nan`, `inf`, `-inf` for what has none.
pub fn decimal(x: &Float, digits: usize) -> String {
    if x.is_nan() {
        return "nan".to_owned();
    }
    if x.is_zero() {
        return "0".to_owned();
    }
    let digits = digits.max(1);
    let (negative, text, exponent) = x.to_sign_string_exp(10, Some(digits));
    match exponent {
        // MPFR's exponent is that of `0.ddd`.
        Some(e) => layout(negative, &text, i64::from(e) - 1, digits),
        None => if negative { "-inf" } else { "inf" }.to_owned(),
    }
}

/// `digits` significant digits (at least 1) of an exact number, correctly rounded; a number that they hold exactly is
/// written without trailing zeros (`4`, `0.5`).
pub fn decimal_rational(q: &Rational, digits: usize) -> String {
    let Some(rounded) = round_digits(q, digits) else {
        return "0".to_owned();
    };
    let text = if rounded.exact { rounded.digits.trim_end_matches('0') } else { &rounded.digits };
    layout(rounded.negative, text, rounded.exponent, digits)
}

/// The exact number: `1/3`, `2`.
pub fn rational(q: &Rational) -> String {
    q.to_string()
}

#[cfg(test)]
mod tests;
