//! Decimal texts as magnitudes: comparing and shortening `8.1234e-1000053` without ever forming `10^1000053`.

use crate::arith::text::{decimal_rational, parse_rational};
use rug::Rational;
use std::cmp::Ordering;

/// The absolute value of a decimal text: zero, or `mantissa * 10^exponent` with `1 <= mantissa < 10`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Magnitude {
    exponent: i64,
    mantissa: Rational,
}

impl Magnitude {
    /// `None` for what is not a number.
    pub fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.trim().split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse().ok()?),
            None => (text, 0),
        };
        Some(Magnitude { exponent, mantissa: parse_rational(mantissa).ok()?.abs() }.normal())
    }

    pub fn is_zero(&self) -> bool {
        self.mantissa.is_zero()
    }

    fn normal(mut self) -> Self {
        if self.is_zero() {
            self.exponent = 0;
            return self;
        }
        while self.mantissa >= 10 {
            self.mantissa /= 10;
            self.exponent = self.exponent.saturating_add(1);
        }
        while self.mantissa < 1 {
            self.mantissa *= 10;
            self.exponent = self.exponent.saturating_sub(1);
        }
        self
    }

    /// `None` at a division by zero.
    pub fn ratio(&self, other: &Magnitude) -> Option<Magnitude> {
        if other.is_zero() {
            return None;
        }
        let mantissa = Rational::from(&self.mantissa / &other.mantissa);
        Some(Magnitude { exponent: self.exponent.saturating_sub(other.exponent), mantissa }.normal())
    }

    /// Two digits and an exponent: `8.1e-53`, `1e-50`.
    pub fn scientific(&self) -> String {
        if self.is_zero() {
            return "0".to_owned();
        }
        let tenths = Rational::from(&self.mantissa * 10u32).round();
        let tenths = tenths.numer().to_u32().unwrap_or_default();
        let (tenths, exponent) =
            if tenths == 100 { (10, self.exponent.saturating_add(1)) } else { (tenths, self.exponent) };
        match tenths % 10 {
            0 => format!("{}e{exponent}", tenths / 10),
            tail => format!("{}.{tail}e{exponent}", tenths / 10),
        }
    }

    /// Plain where that is short (`4`, `0.25`, `1230`), else as [`Self::scientific`].
    pub fn short(&self) -> String {
        if !(-3..4).contains(&self.exponent) {
            return self.scientific();
        }
        let mut value = self.mantissa.clone();
        for _ in 0..self.exponent.unsigned_abs() {
            if self.exponent > 0 { value *= 10 } else { value /= 10 }
        }
        decimal_rational(&value, 4)
    }
}

impl PartialOrd for Magnitude {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Magnitude {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.is_zero(), other.is_zero()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => self.exponent.cmp(&other.exponent).then_with(|| self.mantissa.cmp(&other.mantissa)),
        }
    }
}

/// A delta or tolerance in two digits; what is not a number stays as it is, up to 12 characters.
pub(super) fn scientific(text: &str) -> String {
    Magnitude::parse(text).map_or_else(|| cut(text, 12), |m| m.scientific())
}

/// The first `limit` characters of a text, with `...` for the rest, where that is shorter.
pub(super) fn cut(text: &str, limit: usize) -> String {
    if text.chars().nth(limit + 3).is_none() {
        return text.to_owned();
    }
    text.chars().take(limit).chain("...".chars()).collect()
}

/// `t = 10^x` for `log t`, the exponent in short: `t=10^(4.2e6)`.
pub(super) fn power_of_ten(log_t: &str) -> Option<String> {
    let m = Magnitude::parse(log_t)?;
    // ln 10 to 19 digits, far beyond the two or four that are shown.
    let ln_10 = Magnitude::parse("2.302585092994045684")?;
    let sign = if log_t.trim().starts_with('-') { "-" } else { "" };
    let x = m.ratio(&ln_10)?;
    Some(format!("t=10^({sign}{})", x.short()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn m(text: &str) -> Magnitude {
        Magnitude::parse(text).unwrap()
    }

    #[test]
    fn magnitudes_far_beyond_any_float_compare() {
        assert!(m("1e-100000000") < m("1.1e-100000000"));
        assert!(m("-9.9e3") < m("1e4"));
        assert!(m("0") < m("1e-100000000000"));
        assert_eq!(m("0.00125"), m("12.5e-4"));
        assert!(Magnitude::parse("nan").is_none());
        assert!(Magnitude::parse("2>1>3").is_none());
    }

    #[test]
    fn shortening_rounds() {
        assert_eq!(scientific("8.1499e-53"), "8.1e-53");
        assert_eq!(scientific("9.96e-51"), "1e-50");
        assert_eq!(scientific("0.0864"), "8.6e-2");
        assert_eq!(scientific("0"), "0");
        assert_eq!(scientific("a long text that is no number"), "a long text ...");
        assert_eq!(m("4").short(), "4");
        assert_eq!(m("0.25").short(), "0.25");
        assert_eq!(m("1230").short(), "1230");
        assert_eq!(m("12300").short(), "1.2e4");
    }

    #[test]
    fn log_t_becomes_a_power_of_ten() {
        // 9631226 / ln 10 = 4182788.2 (mpmath).
        assert_eq!(power_of_ten("9631226").as_deref(), Some("t=10^(4.2e6)"));
        assert_eq!(power_of_ten("1e1000").as_deref(), Some("t=10^(4.3e999)"));
        assert_eq!(power_of_ten("2.302585092994045684").as_deref(), Some("t=10^(1)"));
        assert_eq!(power_of_ten("-"), None);
    }
}
