//! 2-SAM beyond depth 2, one example, balanced start: who leads, by a classical integrator.
//!
//! Source: derived, `proofs/open-questions.md`: `dw_j/ds = mu_j (w_j - rho mu_j w_j^(L-1)/(sqrt(L) n))^(L-1)`,
//! `n = ||mu w^(L-1)||`. There is no closed form: the sequence of leaders is read off a fourth-order Runge-Kutta run in
//! steps over which no weight changes by more than one part in [`STEPS_PER_FOLD`], at 96 bits.

use super::num::real;
use rug::ops::Pow;
use rug::{Float, Rational};

/// Bits of the run: rounding stays far below its truncation error.
const BITS: u32 = 96;
/// Steps in which a weight may change by a factor `e`.
const STEPS_PER_FOLD: u32 = 400;
/// The run ends when the largest weight has grown past this multiple of `1 + rho`: what leads then leads to the end.
const FAR: u32 = 1000;

#[cfg(test)]
mod tests;

struct Field {
    mu: Vec<Float>,
    /// `rho mu_j / sqrt L`.
    pull: Vec<Float>,
    power: u32,
}

impl Field {
    fn new(mu: &[Rational], rho: &Rational, depth: u32) -> Self {
        let root = Float::with_val(BITS, depth).sqrt();
        Field {
            mu: mu.iter().map(|m| real(BITS, m)).collect(),
            pull: mu.iter().map(|m| real(BITS, &Rational::from(m * rho)) / &root).collect(),
            power: depth - 1,
        }
    }

    fn rates(&self, w: &[Float]) -> Vec<Float> {
        let powers: Vec<Float> = w.iter().map(|w| Float::with_val(BITS, w.pow(self.power))).collect();
        let mut square = Float::new(BITS);
        for (p, mu) in powers.iter().zip(&self.mu) {
            square += Float::with_val(BITS, p * mu).square();
        }
        let n = square.sqrt();
        let rate = |j: usize| {
            let moved = Float::with_val(BITS, &w[j] - Float::with_val(BITS, &self.pull[j] * &powers[j]) / &n);
            Float::with_val(BITS, moved.pow(self.power)) * &self.mu[j]
        };
        (0..w.len()).map(rate).collect()
    }

    /// One step of length `h` from `w`, where the rates are `k1`.
    fn step(&self, w: &mut [Float], k1: &[Float], h: &Float) {
        let half = Float::with_val(BITS, h / 2u32);
        let k2 = self.rates(&moved(w, k1, &half));
        let k3 = self.rates(&moved(w, &k2, &half));
        let k4 = self.rates(&moved(w, &k3, h));
        for (j, w) in w.iter_mut().enumerate() {
            let middle = Float::with_val(BITS, &k2[j] + &k3[j]) * 2u32;
            *w += Float::with_val(BITS, middle + &k1[j] + &k4[j]) * h / 6u32;
        }
    }
}

fn moved(w: &[Float], by: &[Float], h: &Float) -> Vec<Float> {
    w.iter().zip(by).map(|(w, k)| Float::with_val(BITS, h * k) + w).collect()
}

/// The leaders in order, 1-based, e.g. `3 2 3`, from a uniform start; `None` if the run does not grow.
///
/// `depth >= 3`, `mu` ascending. A lead shorter than a step is not seen.
pub fn leaders(mu: &[Rational], alpha: &Rational, rho: &Rational, depth: u32) -> Option<String> {
    let field = Field::new(mu, rho, depth);
    let far = Float::with_val(BITS, real(BITS, rho) + 1u32) * FAR;
    let mut w = vec![real(BITS, alpha); mu.len()];
    let mut names: Vec<usize> = Vec::new();
    // Enough for a few hundred factors of e.
    for _ in 0..300 * STEPS_PER_FOLD {
        let k1 = field.rates(&w);
        let fold = w.iter().zip(&k1).map(|(w, k)| Float::with_val(BITS, w / Float::with_val(BITS, k.abs_ref())));
        let h = fold.min_by(|a, b| a.total_cmp(b))? / STEPS_PER_FOLD;
        field.step(&mut w, &k1, &h);
        let leader = (0..w.len()).max_by(|&a, &b| w[a].total_cmp(&w[b]))?;
        if names.last() != Some(&(leader + 1)) {
            names.push(leader + 1);
        }
        if w[leader] > far {
            return Some(names.iter().map(usize::to_string).collect::<Vec<_>>().join(" "));
        }
    }
    None
}
