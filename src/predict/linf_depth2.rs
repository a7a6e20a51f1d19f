//! inf-SAM at depth 2, balanced start, rescaled clock: `dw/ds = mu (w - rho)` while `w > 0`.
//!
//! Source: Theorem 3.2 at `L = 2`; derivation in `proofs/thm-3.2.md`, section "Depth 2".

use super::num::{GUARD, bits_before_point, done, integer_bits, real};
use crate::arith::Fault;
use rug::{Float, Rational};

/// `w(s) = rho + (alpha - rho) e^(mu s)`; zero from [`hit_time`] on when `alpha < rho`.
///
/// Needs `mu, alpha > 0`, `rho, s >= 0`. Within one unit in the last place: near the hitting time the working
/// precision grows until the cancellation is paid for. That ends, because `e^(mu s)` is transcendental at a
/// rational `mu s != 0` (Lindemann), so that `w` is never exactly zero at a rational time before it is pinned.
/// `Err(Overflow)` when `w` leaves MPFR's exponent range.
pub fn w(mu: &Rational, alpha: &Rational, rho: &Rational, s: &Rational, prec: u32) -> Result<Float, Fault> {
    let mu_s = Rational::from(mu * s);
    let offset = Rational::from(alpha - rho);
    if offset.is_zero() {
        return Ok(real(prec, alpha));
    }
    let mut wp = prec + GUARD + integer_bits(&mu_s);
    loop {
        // alpha + (alpha - rho) (e^(mu s) - 1): nothing cancels at small s.
        let grown = real(wp, &mu_s).exp_m1() * real(wp, &offset);
        let value = Float::with_val(wp, &grown + real(wp, alpha));
        if !value.is_finite() {
            return if offset < 0 { Ok(Float::new(prec)) } else { Err(Fault::Overflow) };
        }
        let kept = match (value.get_exp(), grown.get_exp()) {
            (Some(v), Some(g)) => i64::from(wp) + i64::from(v) - i64::from(g),
            (Some(_), None) => i64::from(wp),
            (None, _) => 0,
        };
        if offset >= 0 || kept >= i64::from(prec + GUARD / 2) + i64::from(integer_bits(&mu_s)) {
            let value = if value.is_sign_negative() { Float::new(prec) } else { value };
            return Ok(done(prec, &value));
        }
        wp *= 2;
    }
}

/// `w(s) - rho`'s logarithm, `log(alpha - rho) + mu s`: for `alpha > rho`, at any time whatever.
pub fn log_offset(mu: &Rational, alpha: &Rational, rho: &Rational, s: &Rational, prec: u32) -> Option<Float> {
    let offset = Rational::from(alpha - rho);
    if offset <= 0 {
        return None;
    }
    let wp = prec + GUARD;
    let log = log_rational(&offset, wp);
    let mu_s = Rational::from(mu * s);
    if mu_s.is_zero() {
        return Some(done(prec, &log));
    }
    // The sum can cancel; both terms are recomputed until it does not show. That ends: `e^(mu s)` is transcendental at
    // a rational `mu s != 0`, so the sum is not zero.
    let mut bits = wp;
    loop {
        let sum = real(bits, &mu_s) + log_rational(&offset, bits);
        let kept = sum.get_exp().map_or(0, |e| i64::from(bits) + i64::from(e) - i64::from(bits_before_point(&log)));
        if kept >= i64::from(prec + GUARD / 2) {
            return Some(done(prec, &sum));
        }
        bits *= 2;
    }
}

/// The time at which `w` reaches zero, `(1/mu) log(rho / (rho - alpha))`; `None` unless `alpha < rho`.
pub fn hit_time(mu: &Rational, alpha: &Rational, rho: &Rational, prec: u32) -> Option<Float> {
    if alpha >= rho {
        return None;
    }
    let ratio = Rational::from(rho - alpha) / rho;
    let wp = prec + GUARD;
    Some(done(prec, &(-log_rational(&ratio, wp) / real(wp, mu))))
}

/// `log q`, without cancellation near 1: `log1p(q - 1)` with `q - 1` exact.
fn log_rational(q: &Rational, bits: u32) -> Float {
    let above_half = Rational::from(q * 2u32) > 1 && *q < 2;
    if above_half { real(bits, &Rational::from(q - 1u32)).ln_1p() } else { real(bits, q).ln() }
}
