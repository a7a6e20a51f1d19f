//! Gradient descent at depth 2, one example, balanced start: `rho = 0`, `dw/ds = mu w`.
//!
//! Source: the comparison the paper draws throughout; derivation in `proofs/gd.md`. Its original clock is
//! [`super::clock`] (one coordinate) and [`super::quadrature`] (several) with `rho = 0`.

use super::num::{GUARD, done, integer_bits, real, upper};
use crate::arith::Fault;
use rug::{Float, Rational};

/// `beta = alpha^2 e^(2 mu s)`. Within one unit in the last place; `Err(Overflow)` beyond MPFR's range.
pub fn beta(mu: &Rational, alpha: &Rational, s: &Rational, prec: u32) -> Result<Float, Fault> {
    let exponent = Rational::from(mu * s) * 2u32;
    let wp = prec + GUARD + integer_bits(&exponent);
    let value = real(wp, &exponent).exp() * real(wp, &Rational::from(alpha * alpha));
    if value.is_finite() { Ok(done(prec, &value)) } else { Err(Fault::Overflow) }
}

/// The path without the clock: `beta_j = alpha_j^2 (beta_k / alpha_k^2)^(mu_j/mu_k)` at the value `beta_k > 0`.
///
/// The exact number `beta_k` is meant; within one unit in the last place.
pub fn beta_on_path(
    (mu_j, alpha_j): (&Rational, &Rational),
    (mu_k, alpha_k): (&Rational, &Rational),
    beta_k: &Float,
    prec: u32,
) -> Float {
    let power = Rational::from(mu_j / mu_k);
    let start = Rational::from(alpha_k * alpha_k);
    // The logarithm is used absolutely: its integer bits, at most 32, and the power's are paid for in advance.
    let wp = prec + GUARD + 32 + integer_bits(&power);
    let log = Float::with_val(wp, beta_k / real(wp, &start)).ln();
    let factor = (log * real(wp, &power)).exp();
    done(prec, &(factor * real(wp, &Rational::from(alpha_j * alpha_j))))
}

/// `log(beta_j / beta_i) = 2 log(alpha_j/alpha_i) + 2 (mu_j - mu_i) s`, absolute error `2^-prec max(1, |value|)`.
pub fn log_ratio(
    (mu_j, alpha_j): (&Rational, &Rational),
    (mu_i, alpha_i): (&Rational, &Rational),
    s: &Rational,
    prec: u32,
) -> Float {
    let growth = Rational::from(mu_j - mu_i) * s * 2u32;
    let wp = prec + GUARD + integer_bits(&growth);
    let start = real(wp, &Rational::from(alpha_j / alpha_i)).ln() * 2u32;
    done(prec, &(start + real(wp, &growth)))
}

/// A bound on `‖beta/‖beta‖_1 - e_d‖_1` at time `s`, `mu` ascending strictly:
/// `2 sum_{i<d} (alpha_i/alpha_d)^2 e^(-2 (mu_d - mu_i) s)`.
pub fn direction_bound(mu: &[Rational], alpha: &[Rational], s: &Rational, prec: u32) -> Float {
    let wp = prec + GUARD;
    let mut sum = Float::new(wp);
    if let ([minor_mu @ .., mu_d], [minor_alpha @ .., alpha_d]) = (mu, alpha) {
        for (mu_i, alpha_i) in minor_mu.iter().zip(minor_alpha) {
            let ratio = Rational::from(alpha_i / alpha_d);
            let decay = Rational::from(mu_i - mu_d) * s * 2u32;
            let bits = wp + integer_bits(&decay);
            sum += real(bits, &decay).exp() * real(bits, &Rational::from(&ratio * &ratio));
        }
    }
    upper(prec, &(sum * 2u32))
}
