//! Theorems 3.1 and 4.1, depth 1: what `v = beta - w log t` tends to, and how fast.
//!
//! `w` is the l2 maximum margin, `S` its support, `a_n` its multipliers. For `n` in `S`, `<z_n, v> -> c_n`:
//! `e^(-c_n) Lambda_n = N a_n` with `Lambda_n = e^(-<z_n, eps>)` the factor that the perturbation puts on the sample
//! (a convex combination of two, where the path slides). Derived in `proofs/thm-3.1.md` and `proofs/thm-4.1.md`.

use super::linear::{apply, dot, eigenvalues, gram, inverse};
use super::max_margin_l2::{MaxMargin, max_margin};
use super::num::{GUARD, done, integer_bits, real};
use rug::{Float, Rational};

/// The perturbation of the flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Perturbation {
    /// Gradient descent.
    None,
    L2,
    Linf,
}

/// Why there is no law.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoLaw {
    #[error("the data are not separable")]
    NotSeparable,
    #[error("the data are outside `almost every`: the support vectors are dependent, or one has a_n = 0")]
    Degenerate,
    #[error(
        "no pattern of signs of the gradient with one coordinate chattering at most was found: the constant of v is not known"
    )]
    NoPattern,
}

/// The limit law of a data set under a perturbation.
#[derive(Clone, Debug)]
pub struct Law {
    pub z: Vec<Vec<Rational>>,
    pub perturbation: Perturbation,
    pub rho: Rational,
    pub margin: MaxMargin,
    /// `c_n` for the support, in its order.
    pub constants: Vec<Float>,
    /// inf-SAM: the sign of each coordinate of `sum_n p_n z_n` in the limit, 0 on the one that slides.
    pub pattern: Vec<i8>,
    /// Exponents of `t` in the residual of `<z_n, v>`, ascending; empty where they are not derived.
    pub rates: Vec<Float>,
    /// Smallest and largest eigenvalue of `H = sum_S a_n z_n z_n^T` on the span of `S`.
    pub curvature: (Float, Float),
}

/// `||x||_2` of a rational vector.
pub(super) fn norm(x: &[Rational], bits: u32) -> Float {
    real(bits, &dot(x, x)).sqrt()
}

impl Law {
    /// The law to `prec` bits.
    ///
    /// # Errors
    /// Why there is none.
    pub fn new(z: &[Vec<Rational>], perturbation: Perturbation, rho: &Rational, prec: u32) -> Result<Law, NoLaw> {
        let margin = max_margin(z).ok_or(NoLaw::NotSeparable)?;
        if !margin.strictly_complementary(z) {
            return Err(NoLaw::Degenerate);
        }
        let bits = prec + GUARD + spread(z, rho);
        let samples = Rational::from(z.len());
        let plain =
            margin.support.iter().map(|&n| -real(bits, &Rational::from(&samples * &margin.multipliers[n])).ln());
        let mut constants: Vec<Float> = plain.collect();
        let size = norm(&margin.w, bits);
        let mut pattern = Vec::new();
        let mut slide = None;
        match perturbation {
            Perturbation::None => {}
            // <z_n, eps_bar> = -rho <z_n, w>/||w|| = -rho/||w|| on the support.
            Perturbation::L2 => constants.iter_mut().for_each(|c| *c += real(bits, rho) / &size),
            Perturbation::Linf => {
                let found = settle(z, &margin, rho, bits).ok_or(NoLaw::NoPattern)?;
                constants.iter_mut().zip(&found.factors).for_each(|(c, f)| *c += Float::with_val(bits, f.ln_ref()));
                pattern.clone_from(&found.pattern);
                slide = Some(found);
            }
        }
        let (curvature, rates) = spectrum(z, &margin, perturbation, rho, slide.as_ref(), bits);
        Ok(Law {
            z: z.to_vec(),
            perturbation,
            rho: rho.clone(),
            constants: constants.iter().map(|c| done(prec, c)).collect(),
            margin,
            pattern,
            rates,
            curvature,
        })
    }

    /// Whether the path slides on a coordinate of the gradient.
    pub fn slides(&self) -> bool {
        self.pattern.contains(&0)
    }

    /// The exponent of `t` in the residual.
    pub fn exponent(&self) -> Option<&Float> {
        self.rates.first()
    }

    /// The largest rate of the linear flow about the limit: what a run to `tau` costs is this times `tau`.
    pub fn stiffness(&self) -> Float {
        let high = &self.curvature.1;
        let turn = match self.perturbation {
            Perturbation::L2 => real(64, &self.rho) / norm(&self.margin.w, 64) * high,
            Perturbation::None | Perturbation::Linf => Float::new(64),
        };
        (turn + 1u32) * high
    }

    /// Whether the support spans the space, so that the limit of `v` itself is known.
    pub fn spans(&self) -> bool {
        self.margin.support.len() == self.margin.w.len()
    }

    /// The limit of the part of `v` in the span of `S`: all of `v` where `S` spans. Errors of a few units in the last
    /// place of its largest intermediate, far below `2^-prec` of the constants with the bits in hand.
    pub fn vector(&self, prec: u32) -> Vec<Float> {
        let rows = self.margin.rows(&self.z);
        let bits = prec + GUARD;
        let Some(inverse) = inverse(&gram(&rows)) else { return Vec::new() };
        // v = sum_S b_n z_n with <z_n, v> = c_n.
        let b: Vec<Float> = inverse.iter().map(|row| apply(row, &self.constants, bits)).collect();
        (0..self.margin.w.len())
            .map(|j| {
                let column: Vec<Rational> = rows.iter().map(|r| r[j].clone()).collect();
                done(prec, &apply(&column, &b, bits))
            })
            .collect()
    }
}

/// Bits that the exponents `rho <z_n, s>` have before the point.
fn spread(z: &[Vec<Rational>], rho: &Rational) -> u32 {
    let widest = z.iter().map(|row| row.iter().map(|x| x.clone().abs()).sum::<Rational>()).max();
    2 * integer_bits(&(widest.unwrap_or_default() * rho.clone().abs()))
}

/// What the gradient's signs settle to, with the factor `Lambda_n` of each support vector.
struct Settled {
    pattern: Vec<i8>,
    factors: Vec<Float>,
    /// `d ln Lambda_n / d lambda` and the sliding coordinate.
    slope: Option<(usize, Vec<Float>)>,
}

/// Looks for signs `s` with `sign(sum_S a_n z_n / Lambda_n) = s`, or for all signs but one with that one at 0.
/// A pattern of signs alone is unique (`proofs/thm-3.1.md`), so where one is found nothing else is looked for. A sum that
/// is zero to half the bits has no sign: two columns in proportion on the support, say, which slide together.
fn settle(z: &[Vec<Rational>], margin: &MaxMargin, rho: &Rational, bits: u32) -> Option<Settled> {
    let d = margin.w.len();
    let rows = margin.rows(z);
    let weights: Vec<&Rational> = margin.support.iter().map(|&n| &margin.multipliers[n]).collect();
    // Factor e^(rho <z_n, s>) of each support vector.
    let factors = |signs: &[i8]| -> Vec<Float> {
        let s: Vec<Rational> = signs.iter().map(|x| Rational::from(i32::from(*x))).collect();
        rows.iter().map(|row| real(bits, &(dot(row, &s) * rho)).exp()).collect()
    };
    let ascent = |j: usize, factors: &[Float]| {
        let terms = rows.iter().zip(&weights).zip(factors);
        terms.fold((Float::new(bits), Float::new(64)), |(sum, size), ((row, a), f)| {
            let term = real(bits, &Rational::from(&row[j] * *a)) / f;
            let size = size + Float::with_val(64, term.abs_ref());
            (sum + term, size)
        })
    };
    let sign = |j: usize, factors: &[Float]| -> Option<i8> {
        let (sum, size) = ascent(j, factors);
        let decided = Float::with_val(64, sum.abs_ref()) > size >> (bits / 2);
        decided.then_some(if sum.is_sign_negative() { -1 } else { 1 })
    };
    let start: Vec<i8> = margin.w.iter().map(|x| if *x < 0 { -1 } else { 1 }).collect();
    let mut signs = start.clone();
    for _ in 0..2 * d + 2 {
        let found = factors(&signs);
        let Some(next) = (0..d).map(|j| sign(j, &found)).collect::<Option<Vec<i8>>>() else { break };
        if next == signs {
            return Some(Settled { pattern: signs, factors: found, slope: None });
        }
        signs = next;
    }
    for j in 0..d {
        let mut signs = start.clone();
        for _ in 0..2 * d + 2 {
            let side = |s: i8| {
                let mut signs = signs.clone();
                signs[j] = s;
                factors(&signs)
            };
            let Some((found, slope)) = slide(&side(1), &side(-1), |f| ascent(j, f).0, bits) else { break };
            let next = (0..d).map(|i| if i == j { Some(signs[j]) } else { sign(i, &found) });
            let Some(next) = next.collect::<Option<Vec<i8>>>() else { break };
            if next == signs {
                let mut pattern = signs;
                pattern[j] = 0;
                return Some(Settled { pattern, factors: found, slope: Some((j, slope)) });
            }
            signs = next;
        }
    }
    None
}

/// `Lambda = lambda plus + (1 - lambda) minus` with the ascent zero, and `d ln Lambda/d lambda`. The ascent decreases in
/// `lambda`, so a change of sign between the ends is a single root: bisection, then `bits` bits of it.
fn slide(
    plus: &[Float],
    minus: &[Float],
    ascent: impl Fn(&[Float]) -> Float,
    bits: u32,
) -> Option<(Vec<Float>, Vec<Float>)> {
    if !ascent(plus).is_sign_negative() || ascent(minus).is_sign_negative() {
        return None;
    }
    let mix = |lambda: &Float| -> Vec<Float> {
        plus.iter().zip(minus).map(|(p, m)| Float::with_val(bits, Float::with_val(bits, p - m) * lambda) + m).collect()
    };
    let (mut lo, mut hi) = (Float::new(bits), Float::with_val(bits, 1));
    for _ in 0..bits {
        let mid = Float::with_val(bits, &lo + &hi) / 2u32;
        if ascent(&mix(&mid)).is_sign_negative() { hi = mid } else { lo = mid }
    }
    let found = mix(&lo);
    let slope = plus.iter().zip(minus).zip(&found).map(|((p, m), f)| Float::with_val(bits, p - m) / f).collect();
    Some((found, slope))
}

/// The ends of the spectrum of `H` on the span of the support, and the exponents of the residual.
fn spectrum(
    z: &[Vec<Rational>],
    margin: &MaxMargin,
    perturbation: Perturbation,
    rho: &Rational,
    settled: Option<&Settled>,
    bits: u32,
) -> ((Float, Float), Vec<Float>) {
    let rows = margin.rows(z);
    let k = rows.len();
    let a: Vec<Float> = margin.support.iter().map(|&n| real(bits, &margin.multipliers[n])).collect();
    let products = gram(&rows);
    // sqrt(a) G sqrt(a) has the eigenvalues of H on the span.
    let matrix: Vec<Vec<Float>> = (0..k)
        .map(|i| (0..k).map(|l| Float::with_val(bits, &a[i] * &a[l]).sqrt() * real(bits, &products[i][l])).collect())
        .collect();
    let mut values = eigenvalues(&matrix, bits - GUARD);
    let one = Float::with_val(bits, 1);
    let ends = match (values.first(), values.last()) {
        (Some(low), Some(high)) => (low.clone(), high.clone()),
        _ => (one.clone(), one.clone()),
    };
    // Without the eigenvalue 1 of w.
    let off = |x: &Float| Float::with_val(bits, x - 1u32).abs();
    if let Some(i) = (0..k).min_by(|&i, &l| off(&values[i]).total_cmp(&off(&values[l]))) {
        values.remove(i);
    }
    let mut rates = match settled.and_then(|s| s.slope.as_ref().map(|(j, slope)| (s, *j, slope))) {
        Some((settled, j, slope)) => match sliding_rates(&rows, &a, settled, j, slope, &values, bits) {
            Some(rates) => rates,
            None => return (ends, Vec::new()),
        },
        None if perturbation == Perturbation::L2 => {
            let per = real(bits, rho) / norm(&margin.w, bits);
            values.iter().map(|x| (Float::with_val(bits, x * &per) + 1u32) * x).collect()
        }
        None => values,
    };
    rates.push(one);
    rates.extend(margin.margins.iter().filter(|m| **m > 1).map(|m| real(bits, &Rational::from(m - 1u32))));
    rates.sort_by(Float::total_cmp);
    (ends, rates)
}

/// Exponents on the sliding surface besides that of `w`: none for two support vectors, the trace less 1 for three.
/// The linear flow is `x' = -(H x - y <l, H x>/<l, y>)` on `<l, x> = 0`; see `proofs/thm-3.1.md`.
fn sliding_rates(
    rows: &[Vec<Rational>],
    a: &[Float],
    settled: &Settled,
    j: usize,
    slope: &[Float],
    values: &[Float],
    bits: u32,
) -> Option<Vec<Float>> {
    match rows.len() {
        0..=2 => return Some(Vec::new()),
        3 => {}
        _ => return None,
    }
    let products = gram(rows);
    // Coefficients of l, y and H y on the support vectors.
    let l: Vec<Float> =
        (0..rows.len()).map(|n| Float::with_val(bits, &a[n] / &settled.factors[n]) * real(bits, &rows[n][j])).collect();
    let y: Vec<Float> = a.iter().zip(slope).map(|(a, r)| Float::with_val(bits, a * r)).collect();
    let inner = |v: &[Float]| {
        let parts = products.iter().map(|row| apply(row, v, bits));
        l.iter().zip(parts).fold(Float::new(bits), |sum, (l, p)| sum + Float::with_val(bits, l * p))
    };
    let hy: Vec<Float> = products.iter().zip(a).map(|(row, a)| apply(row, &y, bits) * a).collect();
    let quotient = inner(&hy) / inner(&y);
    // The trace of H is that of the other eigenvalues plus 1; of the three on the surface one is 0, one is 1.
    let rest = values.iter().fold(Float::new(bits), |sum, x| sum + x) - quotient;
    (rest > 0).then(|| vec![rest])
}
