//! Theorem 4.2 on one example: `beta_j / beta_d ~ C_j (log t)^-(1-r)`, `r = mu_j/mu_d`, with remainder bounds
//! (`proofs/thm-4.2.md`, "The remainder").

use super::super::num::{GUARD, done, real, upper};
use super::path::{Estimate, Example, Solvers};
use rug::{Float, Rational};

/// The law of a growing start.
#[derive(Clone, Debug)]
pub struct Law {
    example: Example,
    pub k_inf: Estimate,
    /// `C_j`, `j < d`.
    constants: Vec<Estimate>,
    /// Upper bounds of `R_j = C_j mu_d^-(1-r)`: `beta_j <= R_j beta_d^r` at every time.
    ratios: Vec<Float>,
}

/// What the bounds at one time are made of; all are bounds.
struct Size {
    /// Below `beta_d`.
    beta: Float,
    /// `sum_(j<d) beta_j / beta_d`.
    minor: Float,
    /// `|ln(log t / (mu_d beta_d))|`.
    clock: Float,
}

impl Law {
    /// `None` where the start does not grow.
    pub fn new(example: &Example, solvers: &Solvers) -> Option<Self> {
        let k_inf = example.k_inf(solvers)?;
        let prec = solvers.prec;
        let (mu, alpha) = (&example.mu, &example.alpha);
        let d = mu.len() - 1;
        let wp = prec + GUARD;
        let major = real(wp, &mu[d]).ln();
        let mut constants = Vec::new();
        let mut ratios = Vec::new();
        for j in 0..d {
            let r = Rational::from(&mu[j] / &mu[d]);
            let gain = Rational::from(&mu[d] - &mu[j]) * &mu[j] * 2u32;
            let start = real(wp, &alpha[j]).ln() * 2u32 - real(wp, &alpha[d]).ln() * real(wp, &r) * 2u32;
            let log_r = start + Float::with_val(wp, &k_inf.value * real(wp, &gain));
            let log_c = Float::with_val(wp, &major * real(wp, &(1 - r))) + &log_r;
            let value = done(prec, &log_c.exp());
            let relative = Float::with_val(64, &k_inf.error * real(64, &gain)) * 2u32;
            let error = Float::with_val(64, &value) * (relative + (Float::with_val(64, 1) >> (prec - 2)));
            constants.push(Estimate { value, error });
            ratios.push(upper(64, &(log_r.exp() * (Float::with_val(wp, 1) + (Float::with_val(wp, 1) >> 40u32)))));
        }
        Some(Law { example: example.clone(), k_inf, constants, ratios })
    }

    /// `C_j`.
    pub fn constant(&self, j: usize) -> &Estimate {
        &self.constants[j]
    }

    /// `C_j` with `K_inf = 0`.
    pub fn constant_of_gd(&self, j: usize) -> Float {
        let wp = self.constants[j].value.prec() + GUARD;
        let gain = Rational::from(self.example.major() - &self.example.mu[j]) * &self.example.mu[j] * 2u32;
        let amplified = Float::with_val(wp, &self.k_inf.value * real(wp, &gain)).exp();
        done(wp - GUARD, &(Float::with_val(wp, &self.constants[j].value) / amplified))
    }

    /// `1 - mu_j/mu_d`.
    pub fn exponent(&self, j: usize) -> Rational {
        1 - Rational::from(&self.example.mu[j] / self.example.major())
    }

    /// `(log x)^power` of a bound, through logarithms.
    fn power(x: &Float, power: &Rational) -> Float {
        (Float::with_val(64, x.ln_ref()) * real(64, power)).exp()
    }

    /// `None` where `log t` is too small for the bounds to hold.
    fn size(&self, log_t: &Float) -> Option<Size> {
        let (mu, alpha, rho) = (&self.example.mu, &self.example.alpha, &self.example.rho);
        let d = mu.len() - 1;
        let f = |q: &Rational| real(64, q);
        let major = f(&mu[d]);
        let beta = Float::with_val(64, log_t / &major) / 2u32;
        let rho_squared = f(&Rational::from(rho * rho));
        // Rescaled time at which beta_d has the value x, at most.
        let time = |x: &Float| {
            let ratio = Float::with_val(64, x / f(&Rational::from(&alpha[d] * &alpha[d]))).ln();
            let k = Float::with_val(64, &self.k_inf.value) * Float::with_val(64, major.square_ref()) * 2u32;
            (ratio + k) / &major / 2u32
        };
        let (mut minor, mut weighted) = (Float::new(64), Float::new(64));
        for (j, mu_j) in mu.iter().enumerate().take(d) {
            let share = Float::with_val(64, &self.ratios[j]) / Self::power(&beta, &self.exponent(j));
            weighted += Float::with_val(64, &share * f(mu_j)) / &major;
            minor += share;
        }
        let s = time(&beta);
        let lead = Float::with_val(64, &major * &beta);
        let whole =
            Float::with_val(64, &lead * Float::with_val(64, &weighted + 1u32)) + Float::with_val(64, &s * 2u32).ln();
        // Before w_d has reached sqrt2 rho.
        let early = time(&Float::with_val(64, &rho_squared * 2u32)).max(&Float::new(64));
        let mut before = Float::new(64);
        for (mu, alpha) in mu.iter().zip(alpha) {
            let growth = (Float::with_val(64, &early * f(mu)) * 2u32).exp();
            before += growth * f(&(Rational::from(alpha * alpha) * mu));
        }
        before *= f(&Rational::from(&mu[d] / &mu[0])).square();
        let least = Float::with_val(64, &lead / 4u32);
        let valid = beta >= Float::with_val(64, &rho_squared * 64u32)
            && whole < *log_t
            && before <= least
            && s >= 2
            && Float::with_val(64, &s * &major) >= 2;
        if !valid {
            return None;
        }
        let below = (Float::with_val(64, &least * &major) * 16u32).ln() + 1u32;
        let above = Float::with_val(64, &s * 2u32).ln();
        let first = below.max(&above) / &least;
        let second = (rho_squared * 2u32 / &beta).sqrt() + &weighted;
        if first > 0.5 || second > 0.5 {
            return None;
        }
        Some(Size { clock: (first + second) * 2u32, beta, minor })
    }

    /// A bound on `|ln(beta_j/beta_d (log t)^(1-r)) - ln C_j|` at this `log t`.
    pub fn remainder_bound(&self, j: usize, log_t: &Float) -> Option<Float> {
        let size = self.size(log_t)?;
        let mu = &self.example.mu;
        let d = mu.len() - 1;
        let gain = Rational::from(&mu[d] - &mu[j]) * &mu[j] * &self.example.rho * 2u32;
        let tail = real(64, &(gain / Rational::from(&mu[d] * &mu[d]))) * Float::with_val(64, 1).exp()
            / (Float::with_val(64, &size.beta * 2u32)).sqrt();
        let clock = size.clock * real(64, &self.exponent(j));
        Some(upper(53, &(clock + tail)))
    }

    /// A bound on `1 - beta_d/||beta||_1` at this `log t`.
    pub fn direction_bound(&self, log_t: &Float) -> Option<Float> {
        let size = self.size(log_t)?;
        Some(upper(53, &size.minor))
    }

    /// The least power of ten whose `log t` brings every bound to `goal`.
    pub fn horizon(&self, goal: &Float) -> Option<u32> {
        let d = self.example.mu.len() - 1;
        let digits = Float::with_val(64, -goal.clone().log10());
        let slowest = if d == 0 { Rational::from((1, 2)) } else { self.exponent(d - 1).min(Rational::from((1, 2))) };
        let first = (digits / real(64, &slowest)).to_u32_saturating_round(rug::float::Round::Up)?;
        (first..first.saturating_add(4000)).find(|power| {
            let log_t = Float::with_val(64, Float::u_pow_u(10, *power));
            let fine = |b: Option<Float>| b.is_some_and(|b| b <= *goal);
            fine(self.direction_bound(&log_t)) && (0..d).all(|j| fine(self.remainder_bound(j, &log_t)))
        })
    }
}
