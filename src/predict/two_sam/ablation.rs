//! The ablation: SAM with the plain gradient, `eps = rho grad Loss`, in the place of the normalised one.
//!
//! Source: derived, `proofs/mechanism.md`: the same formulas with `dK/ds = c = rho sigma(-<mu, beta>)`.

use super::super::num::real;
use super::collocation::Equation;
use super::nearby::Memo;
use super::path::{Estimate, Solvers, along};
use rug::{Float, Rational};

#[cfg(test)]
mod tests;

/// `dK/ds = rho sigma(-sum mu_j alpha_j^2 e^(2 mu_j s - 2 mu_j^2 K))`.
struct Unnormalised {
    mu: Vec<Float>,
    /// `mu_j alpha_j^2`.
    scale: Vec<Float>,
    rho: Float,
}

impl Equation for Unnormalised {
    fn rate(&self, s: &Float, k: &Float, bits: u32, memo: &mut Memo) -> (Float, Float) {
        // The margin, and minus its derivative by K.
        let (mut margin, mut slope) = (Float::new(bits), Float::new(bits));
        for (i, (mu, scale)) in self.mu.iter().zip(&self.scale).enumerate() {
            let inner = Float::with_val(bits, s - Float::with_val(bits, mu * k)) * mu * 2u32;
            let beta = Float::with_val(bits, memo.exp(i, inner) * scale);
            slope += Float::with_val(bits, &beta * mu) * mu * 2u32;
            margin += beta;
        }
        let sigma = Float::with_val(bits, margin.exp() + 1u32).recip();
        let rest = Float::with_val(bits, 1u32 - &sigma);
        let rate = Float::with_val(bits, &sigma * &self.rho);
        let by_k = Float::with_val(bits, &rate * rest) * slope;
        (rate, by_k)
    }
}

/// `K` at ascending times, from a balanced start.
pub fn k_unnormalised(
    mu: &[Rational],
    alpha: &[Rational],
    rho: &Rational,
    times: &[Rational],
    solvers: &Solvers,
) -> Option<Vec<Estimate>> {
    let top = mu.iter().max()?;
    let first = Float::with_val(64, real(64, top).recip()) / 4u32;
    solvers.twice(|solver| {
        let bits = solver.bits;
        let equation = Unnormalised {
            mu: mu.iter().map(|m| real(bits, m)).collect(),
            scale: mu.iter().zip(alpha).map(|(m, a)| real(bits, &(Rational::from(a * a) * m))).collect(),
            rho: real(bits, rho),
        };
        along(solver, &equation, times, &first)
    })
}
