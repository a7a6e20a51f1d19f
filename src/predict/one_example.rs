//! Depth 1, one example: the flow against original time, in closed form.
//!
//! `u = <mu, beta>`; the perturbation lowers it by a constant `c` (0, `rho ||mu||_2`, `rho ||mu||_1`), so with
//! `u^ = u - c`: `du^/dt = ||mu||^2 sigma(-u^)`, which integrates to `u^ + e^(u^) = ||mu||^2 t + u^_0 + e^(u^_0) = K`.
//! That is `u^ = ln y` with `y + ln y = K`. Derived in `proofs/thm-4.1.md`.

use super::depth1::{Perturbation, norm};
use super::linear::dot;
use super::num::{GUARD, done, integer_bits, real};
use rug::{Float, Rational};

/// One example with a start.
#[derive(Clone, Debug)]
pub struct OneExample {
    /// `||mu||_2^2`.
    size: Rational,
    /// `c`.
    shift: Float,
    /// `u^_0`.
    start: Float,
    /// Bits that the numbers above carry.
    bits: u32,
}

impl OneExample {
    /// The example `mu` from `beta = alpha`, for answers of `prec` bits.
    pub fn new(mu: &[Rational], alpha: &[Rational], perturbation: Perturbation, rho: &Rational, prec: u32) -> Self {
        let l1: Rational = mu.iter().map(|x| x.clone().abs()).sum();
        let bits = prec + 2 * GUARD + integer_bits(&dot(mu, alpha)) + integer_bits(&Rational::from(&l1 * rho));
        let shift = match perturbation {
            Perturbation::None => Float::new(bits),
            Perturbation::L2 => norm(mu, bits) * rho,
            Perturbation::Linf => real(bits, &l1) * rho,
        };
        let start = real(bits, &dot(mu, alpha)) - &shift;
        OneExample { size: dot(mu, mu), shift, start, bits }
    }

    /// `log t - u^` at `log t`; `None` where `K <= 1`. Absolute error a few units in the last of `prec` bits.
    pub fn lag(&self, log_t: &Rational, prec: u32) -> Option<Float> {
        let bits = self.bits + integer_bits(&log_t.clone().abs());
        let time = real(bits, log_t);
        // K/t = ||mu||^2 + (u^_0 + e^(u^_0))/t; e^-(log t) below MPFR's range is 0, and below every digit.
        let rest = Float::with_val(bits, self.start.exp_ref()) + &self.start;
        let share = rest * Float::with_val(bits, -&time).exp() + real(bits, &self.size);
        if share <= 0 {
            return None;
        }
        let gap = -Float::with_val(bits, share.ln_ref());
        let log_k = Float::with_val(bits, &time - &gap);
        if log_k <= 0 {
            return None;
        }
        // x = ln y is the root of g(x) = x + ln(1 + x e^-x) - log K, that is of x + e^x = K. Newton's method on the
        // convex e^x + x - K, started on its right at log K, divided by e^x throughout so that nothing overflows:
        // x - (1 + x e^-x - K e^-x)/(1 + e^-x).
        let mut x = log_k.clone();
        for _ in 0..bits {
            let inverse = Float::with_val(bits, -&x).exp();
            let ratio = Float::with_val(bits, &log_k - &x).exp();
            let value = Float::with_val(bits, &x * &inverse) + 1u32 - ratio;
            let step = value / (inverse + 1u32);
            x -= &step;
            let small = step.get_exp().is_none_or(|e| {
                let at = x.get_exp().unwrap_or(0).max(0);
                e < at - i32::try_from(bits - GUARD / 2).unwrap_or(i32::MAX)
            });
            if small {
                break;
            }
        }
        // log t - x without cancelling: gap + ln(1 + x e^-x).
        let small = Float::with_val(bits, -&x).exp() * &x;
        Some(done(prec, &(small.ln_1p() + gap)))
    }

    /// `u = <mu, beta>` at `log t`.
    pub fn margin(&self, log_t: &Rational, prec: u32) -> Option<Float> {
        let bits = self.bits + integer_bits(&log_t.clone().abs());
        let lag = self.lag(log_t, bits)?;
        Some(done(prec, &(real(bits, log_t) - lag + &self.shift)))
    }
}
