//! The logistic loss, and its derivative with respect to the margins, up to the common positive factor that the
//! rescaled clock divides out.

use crate::expr::{Graph, Id};
use rug::Rational;
use std::collections::HashMap;

/// A variable number no state uses.
const PLACEHOLDER: u32 = u32::MAX;

/// The loss derivative at a point. With `S = (1/N) sum_n sigma(-m_n)`: `dLoss/dm_n = -S p_n` and `1/S = e^z factor`.
#[derive(Clone, Debug)]
pub struct Weights {
    /// `p_n`, normalised to sum 1.
    pub p: Vec<Id>,
    /// `e^z sigma(-m_n)`: the same weights before they are normalised, `-dLoss/dm_n = e^-z raw_n / N`.
    pub raw: Vec<Id>,
    /// Margin of the reference sample.
    pub z: Id,
    pub factor: Id,
}

/// `log(1 + e^-m)`.
fn loss_of_margin(g: &mut Graph, m: Id) -> Id {
    let minus = g.neg(m);
    let e = g.exp(minus);
    let one = g.constant(1);
    let inner = g.add(one, e);
    g.ln(inner)
}

/// Differentiates the loss and divides by `e^-z`, `z` the margin of sample `reference`: with `r_n = e^(z - m_n)`,
/// every exponential of a large margin but one has become a ratio, and for one sample the weight is exactly 1.
pub fn weights(g: &mut Graph, margins: &[Id], reference: usize) -> Weights {
    let m = g.var(PLACEHOLDER);
    let loss = loss_of_margin(g, m);
    let derivative = g.diff(loss, m);
    let descent = g.neg(derivative);
    let minus = g.neg(m);
    let exponential = g.exp(minus);

    let z = margins[reference];
    let minus_z = g.neg(z);
    let common = g.exp(minus_z);
    let scaled: Vec<Id> = margins
        .iter()
        .map(|&margin| {
            let gap = g.sub(z, margin);
            let ratio = g.exp(gap);
            let value = g.mul(common, ratio);
            let at_sample = g.substitute(descent, &HashMap::from([(exponential, value)]));
            g.div(at_sample, common)
        })
        .collect();
    let total = g.sum(&scaled);
    let p = scaled.iter().map(|&w| g.div(w, total)).collect();
    let n = g.constant(Rational::from(margins.len()));
    let factor = g.div(n, total);
    Weights { p, raw: scaled, z, factor }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arith::{Context, Mpfr};
    use crate::expr::{Jet, Tape};
    use std::sync::Arc;

    #[test]
    fn one_sample_has_weight_exactly_one() {
        let mut g = Graph::new();
        let m = g.var(0);
        let w = weights(&mut g, &[m], 0);
        assert_eq!(g.as_constant(w.p[0]), Some(&Rational::from(1)));
    }

    #[test]
    fn weights_and_clock_are_those_of_the_loss_for_every_reference() {
        let ctx = Mpfr::with_digits(50);
        let point: Vec<_> = [(1, 3), (-7, 5), (4, 1)].iter().map(|&q| ctx.rational(&Rational::from(q))).collect();
        for reference in 0..3 {
            let mut g = Graph::new();
            let margins: Vec<Id> = (0..3).map(|i| g.var(i)).collect();
            let losses: Vec<Id> = margins.iter().map(|&m| loss_of_margin(&mut g, m)).collect();
            let sum = g.sum(&losses);
            let loss = g.scale(&Rational::from((1, 3)), sum);
            let w = weights(&mut g, &margins, reference);
            let e = g.exp(w.z);
            let inverse_s = g.mul(e, w.factor);
            let mut outputs = w.p.clone();
            outputs.push(inverse_s);
            outputs.extend(margins.iter().map(|&m| g.diff(loss, m)).collect::<Vec<_>>());
            let mut jet = Jet::new(&ctx, Arc::new(Tape::new(&g, &outputs)), 3, 0);
            jet.evaluate(&point).unwrap();
            for n in 0..3 {
                // dLoss/dm_n = -S p_n
                let s = jet.value(3).clone().recip();
                let diff = rug::Float::with_val(200, jet.value(4 + n) + s * jet.value(n));
                assert!(diff.abs() < 1e-48);
            }
        }
    }
}
