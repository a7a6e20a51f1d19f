//! Loss against original time at depth 2, one coordinate above `rho`: asymptotic laws with both remainder bounds.
//!
//! Source: derived, `proofs/rescaling.md`, "Loss rates". With `kappa = log t + log(2 mu)`, if `kappa >= 4` and
//! `kappa^2 e^-kappa (ln kappa + |A|) <= 1`, `A = Ei(zeta_0) + ln zeta_0`, then
//! `y_- + log y_- <= zeta <= kappa + log kappa + log kappa/(kappa - 1)`, `y_- = kappa - 3/kappa`.

use super::clock::Coordinate;
use super::num::{GUARD, bits_before_point, done, lower, real, upper};
use rug::{Float, Rational};

/// `low <= value - leading <= high`.
#[derive(Clone, Debug)]
pub struct Law {
    /// The asymptotic law.
    pub leading: Float,
    /// Bounds on what it leaves out, rounded outwards.
    pub low: Float,
    pub high: Float,
}

/// `log Loss` of one example with margin `z`: `log log(1 + e^-z)`, within one unit in the last place or `2^-prec`.
pub fn log_loss_at_margin(z: &Float, prec: u32) -> Float {
    let wp = prec + GUARD + bits_before_point(z);
    let e = Float::with_val(wp, -z).exp();
    if e.is_zero() || e.get_exp().is_some_and(|k| i64::from(k) < -i64::from(wp)) {
        // log(log1p(e)/e) lies in [-e, 0].
        return done(prec, &Float::with_val(wp, -z));
    }
    done(prec, &e.ln_1p().ln())
}

/// The margin at `theta` itself: `mu w^2 = zeta + 2 rho sqrt(mu zeta) + mu rho^2`.
pub fn margin_at_theta(mu: &Rational, rho: &Rational, zeta: &Float, prec: u32) -> Float {
    let wp = prec + GUARD;
    let cross = (Float::with_val(wp, zeta * real(wp, mu))).sqrt() * real(wp, rho) * 2u32;
    let square = real(wp, &(Rational::from(rho * rho) * mu));
    done(prec, &(cross + square + zeta))
}

/// `zeta = log t + log log t + log(2 mu) + remainder`; `None` where the bounds' conditions do not hold.
pub fn zeta_law(coordinate: &Coordinate, log_t: &Float, prec: u32) -> Option<Law> {
    let (kappa, low, high, wp) = enclosure(coordinate, log_t, prec)?;
    let leading = Float::with_val(wp, log_t.ln_ref()) + &kappa;
    Some(Law {
        low: lower(prec, &Float::with_val(wp, low - &leading)),
        high: upper(prec, &Float::with_val(wp, high - &leading)),
        leading: done(prec, &leading),
    })
}

/// `log Loss(theta^) = -(log t + log log t + log(2 mu)) + remainder`, that is `Loss ~ 1/(2 mu t log t)`.
pub fn perturbed_loss_law(coordinate: &Coordinate, log_t: &Float, prec: u32) -> Option<Law> {
    let (kappa, low, high, wp) = enclosure(coordinate, log_t, prec)?;
    let leading = -(Float::with_val(wp, log_t.ln_ref()) + &kappa);
    // log Loss = -zeta + r, r in [-e^-zeta, 0], zeta > kappa.
    let least = -Float::with_val(wp, &high + &leading) - Float::with_val(wp, -&kappa).exp();
    let most = -Float::with_val(wp, &low + &leading);
    Some(Law { low: lower(prec, &least), high: upper(prec, &most), leading: done(prec, &leading) })
}

/// `log Loss(theta) = -(log t + log log t + log(2 mu)) - 2 rho sqrt(mu log t) - mu rho^2 + remainder`.
///
/// The remainder is of size `rho sqrt(mu) (log log t) / sqrt(log t)`: half as many digits as at `theta^`.
pub fn loss_law(coordinate: &Coordinate, rho: &Rational, log_t: &Float, prec: u32) -> Option<Law> {
    let (kappa, low, high, wp) = enclosure(coordinate, log_t, prec)?;
    let mu = real(wp, coordinate.mu());
    let two_rho = real(wp, &Rational::from(rho * 2u32));
    let square = real(wp, &(Rational::from(rho * rho) * coordinate.mu()));
    let cross = |zeta: &Float| Float::with_val(wp, zeta * &mu).sqrt() * &two_rho + &square;
    let law = Float::with_val(wp, log_t.ln_ref()) + &kappa;
    let leading = -(law + cross(&Float::with_val(wp, log_t)));
    let least = -(Float::with_val(wp, &high + cross(&high)) + &leading) - Float::with_val(wp, -&kappa).exp();
    let most = -(Float::with_val(wp, &low + cross(&low)) + &leading);
    Some(Law { low: lower(prec, &least), high: upper(prec, &most), leading: done(prec, &leading) })
}

/// `(kappa, zeta_low, zeta_high, working precision)`; `None` where the conditions fail.
fn enclosure(coordinate: &Coordinate, log_t: &Float, prec: u32) -> Option<(Float, Float, Float, u32)> {
    // The remainders are as small as 1/log t: their digits stand behind those of log t, twice over.
    let wp = prec + 2 * GUARD + 3 * bits_before_point(log_t);
    let kappa = Float::with_val(wp, log_t + real(wp, &Rational::from(coordinate.mu() * 2u32)).ln());
    if kappa < 4 || *log_t <= 1 {
        return None;
    }
    let log_kappa = Float::with_val(wp, kappa.ln_ref());
    let zeta0 = real(2 * GUARD, coordinate.zeta0());
    // log of |A| <= |ln zeta_0| + |Ei(zeta_0)|, |Ei| = e^zeta_0 |scaled|.
    let scaled = super::ei::scaled(&zeta0, 2 * GUARD).abs();
    let log_ei = scaled.ln() + &zeta0;
    let log_rest = (Float::with_val(GUARD, &log_kappa) + zeta0.ln().abs()).ln();
    let log_sum = log_ei.max(&log_rest) + Float::with_val(GUARD, 2u32).ln();
    if Float::with_val(wp, &log_kappa * 2u32) - &kappa + log_sum > 0 {
        return None;
    }
    let y = Float::with_val(wp, &kappa - Float::with_val(wp, 3 / &kappa));
    let low = Float::with_val(wp, y.ln_ref()) + &y;
    let slack = Float::with_val(wp, &log_kappa / Float::with_val(wp, &kappa - 1u32));
    let high = Float::with_val(wp, &kappa + &log_kappa) + slack;
    Some((kappa, low, high, wp))
}
