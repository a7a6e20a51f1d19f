//! The original clock at depth 2, one coordinate above `rho` (inf-SAM; GD is `rho = 0`), in logarithms throughout.
//!
//! Source: derived, `proofs/rescaling.md`, "One coordinate". `zeta = mu (w - rho)^2 = <mu, beta^>` obeys
//! `d zeta / dt = 2 mu zeta / (1 + e^zeta)`, so
//! `2 mu t = Ei(zeta) + ln zeta - Ei(zeta_0) - ln zeta_0`.
//! With several coordinates `z = sum_j mu_j beta^_j` is not a function of one of them: use [`super::quadrature`].

use super::ei;
use super::num::{GUARD, bits_before_point, done, integer_bits, real};
use rug::float::Special;
use rug::{Float, Rational};

/// One coordinate: `mu > 0`, `alpha > rho >= 0`.
#[derive(Clone, Debug)]
pub struct Coordinate {
    mu: Rational,
    zeta0: Rational,
}

impl Coordinate {
    /// `None` unless `mu > 0` and `alpha > rho >= 0`.
    pub fn new(mu: &Rational, alpha: &Rational, rho: &Rational) -> Option<Self> {
        let offset = Rational::from(alpha - rho);
        (*mu > 0 && *rho >= 0 && offset > 0)
            .then(|| Self { mu: mu.clone(), zeta0: Rational::from(&offset * &offset) * mu })
    }

    /// `zeta_0 = mu (alpha - rho)^2`, exact.
    pub fn zeta0(&self) -> &Rational {
        &self.zeta0
    }

    /// `mu`.
    pub fn mu(&self) -> &Rational {
        &self.mu
    }

    /// `zeta(s) = zeta_0 e^(2 mu s)`, infinite beyond MPFR's range.
    pub fn zeta(&self, s: &Rational, prec: u32) -> Float {
        let exponent = Rational::from(&self.mu * s) * 2u32;
        let wp = prec + GUARD + integer_bits(&exponent);
        done(prec, &(real(wp, &exponent).exp() * real(wp, &self.zeta0)))
    }

    /// `s` from `zeta`: `log(zeta/zeta_0) / (2 mu)`, absolute error `2^-prec max(1, |s|)`.
    pub fn s_of_zeta(&self, zeta: &Float, prec: u32) -> Float {
        let wp = prec + GUARD;
        let ratio = Float::with_val(wp + zeta.prec(), zeta / real(wp + zeta.prec(), &self.zeta0));
        done(prec, &(ratio.ln() / real(wp, &self.mu) / 2u32))
    }

    /// `log t - zeta`, absolute error `2^-prec max(1, |value|)`; `None` unless `zeta > zeta_0` (that is, `t > 0`).
    pub fn lag(&self, zeta: &Float, prec: u32) -> Option<Float> {
        let exact = zeta.to_rational()?;
        if exact <= self.zeta0 {
            return None;
        }
        let gap = exact - &self.zeta0;
        let mut wp = prec + GUARD;
        loop {
            // e^-zeta times the bracket; the terms cancel when zeta is near zeta_0.
            let zeta0 = real(wp + integer_bits(&self.zeta0), &self.zeta0);
            let decay = (-real(wp + integer_bits(&gap), &gap)).exp();
            let now = ei::scaled(zeta, wp);
            let then = ei::scaled(&zeta0, wp) * decay;
            let relative = Rational::from(&gap / &self.zeta0);
            let log = real(wp, &relative).ln_1p() * Float::with_val(wp, -zeta).exp();
            let sum = Float::with_val(wp, &now - &then) + &log;
            let top = [&now, &then, &log].iter().filter_map(|x| x.get_exp()).max()?;
            let kept = sum.get_exp().map_or(0, |e| i64::from(wp) + i64::from(e) - i64::from(top));
            if sum > 0 && kept >= i64::from(prec + GUARD / 2) {
                let twice_mu = real(wp, &Rational::from(&self.mu * 2u32));
                return Some(done(prec, &(sum / twice_mu).ln()));
            }
            wp *= 2;
        }
    }

    /// `log t` at `zeta`, absolute error `2^-prec max(1, |log t|)`; `None` unless `zeta > zeta_0`.
    pub fn log_t_of_zeta(&self, zeta: &Float, prec: u32) -> Option<Float> {
        let wp = prec + GUARD + bits_before_point(zeta);
        Some(done(prec, &(self.lag(zeta, wp)? + zeta)))
    }

    /// `zeta` at a given `log t` (any finite number, taken as exact), relative error `2^-(prec-2)`.
    ///
    /// Newton's method on `zeta -> log t(zeta)` inside a bracket, then a check that the sign of
    /// `log t(zeta) - log t` changes between `zeta (1 -+ 2^-(prec-1))`: an answer that fails it is not returned. That is
    /// so at times so early that `zeta/zeta_0 - 1` is itself below about `2^-(prec/6)`.
    pub fn zeta_of_log_t(&self, log_t: &Float, prec: u32) -> Option<Float> {
        if !log_t.is_finite() {
            return None;
        }
        let wp = prec + GUARD + bits_before_point(log_t);
        let ceiling = || -> Option<Float> {
            // log t >= zeta - log zeta - log(2 mu) - (a constant): doubling finds an upper end.
            let mut hi = real(wp, &self.zeta0) + Float::with_val(wp, log_t.abs_ref()) + 1u32;
            while self.log_t_of_zeta(&hi, wp)? <= *log_t {
                hi *= 2u32;
            }
            Some(hi)
        };
        let mut hi = ceiling()?;
        let mut lo = real(wp, &self.zeta0);
        let mut x = self.first_guess(log_t, &lo, &hi, wp);
        for round in 0..400u32 {
            let here = self.log_t_of_zeta(&x, wp);
            let miss = here.as_ref().map(|here| Float::with_val(wp, here - log_t));
            let step = match (&here, &miss) {
                (Some(here), Some(miss)) => {
                    if *miss > 0 {
                        hi.clone_from(&x);
                    } else {
                        lo.clone_from(&x);
                    }
                    // d log t / d zeta = (1 + e^zeta) / (2 mu zeta t)
                    let e = Float::with_val(wp, &x - here).exp() + Float::with_val(wp, -here).exp();
                    let slope = e / real(wp, &self.mu) / 2u32 / &x;
                    Float::with_val(wp, miss / slope)
                }
                _ => {
                    lo.clone_from(&x);
                    Float::with_val(wp, Special::Nan)
                }
            };
            let next = Float::with_val(wp, &x - &step);
            let inside = next > lo && next < hi;
            let small = step.is_zero()
                || step
                    .get_exp()
                    .zip(x.get_exp())
                    .is_some_and(|(s, x)| i64::from(x) - i64::from(s) > i64::from(prec / 2 + 16));
            if inside && small {
                // Quadratic: one more step of this size squared is below the last place.
                return self.confirmed(&done(prec + 16, &next), log_t, wp, prec);
            }
            x = if inside && round % 8 != 7 {
                next
            } else {
                // Geometric where the bracket is wide, arithmetic where it is narrow.
                let product = Float::with_val(wp, &lo * &hi);
                product.sqrt()
            };
        }
        None
    }

    fn first_guess(&self, log_t: &Float, lo: &Float, hi: &Float, wp: u32) -> Float {
        let kappa = Float::with_val(wp, log_t + real(wp, &Rational::from(&self.mu * 2u32)).ln());
        let mut guess = lo.clone();
        if kappa > 2 {
            guess = Float::with_val(wp, kappa.ln_ref()) + &kappa;
        }
        if guess > *lo && guess < *hi { guess } else { Float::with_val(wp, lo * hi).sqrt() }
    }

    fn confirmed(&self, zeta: &Float, log_t: &Float, wp: u32, prec: u32) -> Option<Float> {
        let shift = Float::with_val(wp, zeta) >> (prec - 1);
        let below = Float::with_val(wp, zeta - &shift);
        let above = Float::with_val(wp, zeta + &shift);
        let low = self.log_t_of_zeta(&below, wp).is_none_or(|t| t < *log_t);
        let high = self.log_t_of_zeta(&above, wp).is_some_and(|t| t > *log_t);
        (low && high).then(|| done(prec, zeta))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An answer is kept only within one part in `2^(prec-1)`, however it was found.
    #[test]
    fn an_answer_that_is_off_is_not_confirmed() {
        let q = |n: i32, d: i32| Rational::from((n, d));
        let c = Coordinate::new(&q(3, 1), &q(5, 2), &q(4, 3)).unwrap();
        for zeta in [5u32, 40, 1000] {
            let zeta = Float::with_val(300, zeta);
            let log_t = c.log_t_of_zeta(&zeta, 300).unwrap();
            assert_eq!(c.confirmed(&zeta, &log_t, 300, 100), Some(Float::with_val(100, &zeta)));
            for off in [1i32, -1] {
                let beside = |bits: u32| Float::with_val(300, &zeta + (Float::with_val(300, &zeta) >> bits) * off);
                assert!(c.confirmed(&beside(97), &log_t, 300, 100).is_none());
                assert!(c.confirmed(&beside(101), &log_t, 300, 100).is_some());
            }
        }
    }
}
