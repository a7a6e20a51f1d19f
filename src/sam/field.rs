//! The SAM field from its definition: loss, derivative, perturbation, gradient at the perturbed point.
//!
//! Every derivative is taken by [`Graph::diff`]; no right-hand side is typed by hand. The chain rule is followed in
//! the factors `Loss(m)`, `m(beta)`, `beta(w)`, because the factors of the gradient are what its sign switches on.

use super::loss::{Weights, weights};
use super::mode::Mode;
use super::{Norm, Setting};
use crate::expr::{Graph, Id};
use rug::Rational;
use std::collections::HashMap;

/// Symbols for layer weights and for `beta`, apart from all state variables.
const WEIGHT_SYMBOLS: u32 = 1 << 24;
const BETA_SYMBOLS: u32 = 1 << 28;

/// The field at one point of `w`-space, in a mode, on the rescaled clock (`ds = S dt`).
#[derive(Clone, Debug)]
pub struct Field {
    /// `d w^(l)_j / ds`, layer-major.
    pub rates: Vec<Id>,
    /// `d w^(l)_j / dt = e^-z raw_rates`: without the division by the sum of the weights.
    pub raw_rates: Vec<Id>,
    /// `dt/ds = 1/S = e^z factor`, at the perturbed point.
    pub z: Id,
    pub factor: Id,
    /// `||grad Loss|| / S` at the unperturbed point, where the perturbation is normalised by it.
    pub norm: Option<Id>,
    /// `sum_n p_n z_nj` at the unperturbed point.
    pub ascents: Vec<Id>,
    /// At the unperturbed point.
    pub beta: Vec<Id>,
    pub margins: Vec<Id>,
}

/// The network and the data as formulas in symbols, differentiated once.
#[derive(Clone, Debug)]
struct Symbols {
    weights: Vec<Id>,
    beta: Vec<Id>,
    /// `d beta_j / d w^(l)_j`, layer-major.
    beta_by_weight: Vec<Id>,
    /// `d m_n / d beta_j`, sample-major.
    margin_by_beta: Vec<Id>,
    beta_symbols: Vec<Id>,
    margins: Vec<Id>,
}

fn symbols(g: &mut Graph, setting: &Setting) -> Symbols {
    let (d, depth) = (setting.dimension(), setting.depth);
    let index = |i: usize| u32::try_from(i).unwrap_or(u32::MAX >> 5);
    let weights: Vec<Id> = (0..depth * d).map(|i| g.var(WEIGHT_SYMBOLS + index(i))).collect();
    let beta: Vec<Id> = (0..d)
        .map(|j| {
            let layers: Vec<Id> = (0..depth).map(|l| weights[l * d + j]).collect();
            g.product(&layers)
        })
        .collect();
    let beta_by_weight = (0..depth * d).map(|i| g.diff(beta[i % d], weights[i])).collect();
    let beta_symbols: Vec<Id> = (0..d).map(|j| g.var(BETA_SYMBOLS + index(j))).collect();
    let margins: Vec<Id> = setting
        .z
        .iter()
        .map(|z| {
            let terms: Vec<_> = beta_symbols.iter().copied().zip(z.iter().cloned()).collect();
            g.linear(Rational::new(), &terms)
        })
        .collect();
    let margin_by_beta = margins.iter().flat_map(|&m| beta_symbols.iter().map(move |&b| (m, b))).collect::<Vec<_>>();
    let margin_by_beta = margin_by_beta.into_iter().map(|(m, b)| g.diff(m, b)).collect();
    Symbols { weights, beta, beta_by_weight, margin_by_beta, beta_symbols, margins }
}

/// Predictor, margins, loss weights and the factors of the gradient at a point.
struct Point {
    beta: Vec<Id>,
    margins: Vec<Id>,
    weights: Weights,
    /// `sum_n p_n dm_n/dbeta_j`: minus the loss gradient in `beta`, over `S`.
    ascents: Vec<Id>,
    /// The same with the weights before they are normalised.
    raw_ascents: Vec<Id>,
    /// `d beta_j / d w^(l)_j`.
    beta_by_weight: Vec<Id>,
}

impl Point {
    fn at(g: &mut Graph, s: &Symbols, w: &[Id], reference: usize) -> Point {
        let map: HashMap<Id, Id> = s.weights.iter().copied().zip(w.iter().copied()).collect();
        let beta = g.substitute_all(&s.beta, &map);
        let beta_by_weight = g.substitute_all(&s.beta_by_weight, &map);
        let map: HashMap<Id, Id> = s.beta_symbols.iter().copied().zip(beta.iter().copied()).collect();
        let margins = g.substitute_all(&s.margins, &map);
        let weights = weights(g, &margins, reference);
        let d = beta.len();
        let ascend = |g: &mut Graph, weights: &[Id]| -> Vec<Id> {
            let ascent = |j: usize, g: &mut Graph| {
                let terms: Vec<Id> =
                    weights.iter().enumerate().map(|(n, &p)| g.mul(p, s.margin_by_beta[n * d + j])).collect();
                g.sum(&terms)
            };
            (0..d).map(|j| ascent(j, g)).collect()
        };
        let (ascents, raw_ascents) = (ascend(g, &weights.p), ascend(g, &weights.raw));
        Point { beta, margins, weights, ascents, raw_ascents, beta_by_weight }
    }

    /// The gradient of the margins in the layers, weighted: `-grad Loss / S` for `ascents`, layer-major.
    fn descent(&self, g: &mut Graph, ascents: &[Id]) -> Vec<Id> {
        let d = self.beta.len();
        self.beta_by_weight.iter().enumerate().map(|(i, &b)| g.mul(ascents[i % d], b)).collect()
    }
}

/// Builds the field. `w` are the layer weights (layer-major); `class_of[i]` finds the sign of `w[i]` in the mode.
pub fn field(g: &mut Graph, setting: &Setting, w: &[Id], class_of: &[usize], mode: &Mode) -> Field {
    let s = symbols(g, setting);
    let here = Point::at(g, &s, w, mode.references.0);
    let (perturbation, norm) = perturbation(g, setting, &s, &here, class_of, mode);
    let moved: Vec<Id> = w.iter().zip(&perturbation).map(|(&w, &e)| g.add(w, e)).collect();
    let there = Point::at(g, &s, &moved, mode.references.1);
    let share = Rational::from((1, u32::try_from(setting.samples()).unwrap_or(u32::MAX)));
    let raw = there.descent(g, &there.raw_ascents);
    Field {
        rates: there.descent(g, &there.ascents),
        raw_rates: raw.iter().map(|&r| g.scale(&share, r)).collect(),
        z: there.weights.z,
        factor: there.weights.factor,
        norm,
        ascents: here.ascents,
        beta: here.beta,
        margins: here.margins,
    }
}

/// `eps`, layer-major, and the norm it was divided by.
fn perturbation(
    g: &mut Graph,
    setting: &Setting,
    s: &Symbols,
    here: &Point,
    class_of: &[usize],
    mode: &Mode,
) -> (Vec<Id>, Option<Id>) {
    let minus_rho = Rational::from(-&setting.rho);
    let mut divisor = None;
    let eps = match setting.norm {
        _ if setting.rho.is_zero() => vec![g.constant(0); class_of.len()],
        Norm::None => vec![g.constant(0); class_of.len()],
        Norm::L2 => {
            // A unit vector: the sum of the weights cancels, and need not be formed.
            let several = setting.samples() > 1;
            let descent = here.descent(g, if several { &here.raw_ascents } else { &here.ascents });
            let squares: Vec<Id> = descent.iter().map(|&x| g.mul(x, x)).collect();
            let total = g.sum(&squares);
            let norm = g.sqrt(total);
            divisor = Some(if several {
                let total = g.sum(&here.weights.raw);
                g.div(norm, total)
            } else {
                norm
            });
            descent
                .iter()
                .map(|&x| {
                    let unit = g.div(x, norm);
                    g.scale(&minus_rho, unit)
                })
                .collect()
        }
        Norm::L2Unnormalised => {
            // grad = -S descent, S = e^-z / factor
            let minus_z = g.neg(here.weights.z);
            let e = g.exp(minus_z);
            let slope = g.div(e, here.weights.factor);
            here.descent(g, &here.ascents)
                .iter()
                .map(|&x| {
                    let step = g.mul(slope, x);
                    g.scale(&minus_rho, step)
                })
                .collect()
        }
        Norm::Linf => {
            // The sign of -ascent_j * d beta_j / d w, factor by factor.
            let d = setting.dimension();
            let class_of_symbol: HashMap<Id, usize> = s.weights.iter().copied().zip(class_of.iter().copied()).collect();
            (0..class_of.len())
                .map(|i| {
                    let (_, factors) = g.factors(s.beta_by_weight[i]);
                    let mut sign = i32::from(mode.ascents[i % d]);
                    for (symbol, power) in factors {
                        let factor = class_of_symbol.get(&symbol).map_or(1, |&c| i32::from(mode.weights[c]));
                        sign *= factor.pow(power);
                    }
                    g.constant(&minus_rho * Rational::from(sign))
                })
                .collect()
        }
    };
    (eps, divisor)
}
