//! inf-SAM's algorithm at depth 2, one example, balanced start, in product form.
//!
//! Source: derived, `proofs/algorithm.md`: while every `w_j > 0`,
//! `w_j(k) - rho = (alpha_j - rho) prod_{i<k} (1 + eta sigma_i mu_j)`, `sigma_i = sigma(-sum_j mu_j (w_j(i) - rho)^2)`.

use super::num::{GUARD, real};
use rug::{Float, Rational};

/// `w_j` after `steps` steps; `None` if a weight has not stayed positive. Of the [`GUARD`] bits, `k` steps use up `log2 k`
/// and as many as the errors grow by, at most `sum_i eta sigma_i mu_j` times `log2 e`.
///
/// `at_weights` evaluates `sigma` at the weights instead of the perturbed ones: the law of a program that forgets to
/// perturb the loss derivative.
pub fn weights(
    (mu, alpha, rho): (&[Rational], &[Rational], &Rational),
    eta: &Rational,
    steps: u32,
    at_weights: bool,
    prec: u32,
) -> Option<Vec<Float>> {
    let wp = prec + GUARD;
    let (mu, eta): (Vec<Float>, Float) = (mu.iter().map(|m| real(wp, m)).collect(), real(wp, eta));
    let rho = real(wp, rho);
    let mut u: Vec<Float> = alpha.iter().map(|a| real(wp, a) - &rho).collect();
    for _ in 0..steps {
        let mut margin = Float::new(wp);
        for (mu, u) in mu.iter().zip(&u) {
            let w = if at_weights { Float::with_val(wp, u + &rho) } else { u.clone() };
            margin += w.square() * mu;
        }
        let sigma = Float::with_val(wp, margin.exp() + 1u32).recip() * &eta;
        for (mu, u) in mu.iter().zip(&mut u) {
            *u *= Float::with_val(wp, mu * &sigma) + 1u32;
            if Float::with_val(wp, &*u + &rho) <= 0 {
                return None;
            }
        }
    }
    Some(u.into_iter().map(|u| Float::with_val(prec, u + &rho)).collect())
}
