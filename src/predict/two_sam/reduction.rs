//! The exact reduction: from `K(s)` to every weight, for two layers of any signs.
//!
//! Source: derived, `proofs/reduction.md`: `p = w1 + w2`, `q = w1 - w2`; `p_j = p_j(0) e^(mu_j s - mu_j^2 K)`,
//! `q_j = q_j(0) e^(-mu_j s - mu_j^2 K)`.

use super::super::num::{GUARD, done, real};
use super::path::Estimate;
use rug::{Float, Rational};

/// `[l][j]`: the weights at time `s`, with the error `K` leaves them.
pub fn weights(
    mu: &[Rational],
    layers: &[Vec<Rational>; 2],
    s: &Rational,
    k: &Estimate,
    prec: u32,
) -> [Vec<Estimate>; 2] {
    let wp = prec + GUARD;
    let mut out = [Vec::new(), Vec::new()];
    for (j, mu) in mu.iter().enumerate() {
        let square = Rational::from(mu * mu);
        let fall = Float::with_val(wp, &k.value * real(wp, &square));
        let growth = real(wp, &Rational::from(mu * s));
        let start = [Rational::from(&layers[0][j] + &layers[1][j]), Rational::from(&layers[0][j] - &layers[1][j])];
        let p = Float::with_val(wp, &growth - &fall).exp() * real(wp, &start[0]);
        let q = Float::with_val(wp, -growth - &fall).exp() * real(wp, &start[1]);
        // |dw/dK| = mu^2 |w|, and the exponents are rounded at wp bits.
        let size = Float::with_val(64, p.abs_ref()) + Float::with_val(64, q.abs_ref());
        let slip = Float::with_val(64, &k.error * real(64, &square)) + (Float::with_val(64, 1) >> (prec - 1));
        let error = Float::with_val(64, &size * &slip);
        for (layer, value) in out.iter_mut().zip([Float::with_val(wp, &p + &q), Float::with_val(wp, &p - &q)]) {
            layer.push(Estimate { value: done(prec, &(value / 2u32)), error: error.clone() });
        }
    }
    out
}
