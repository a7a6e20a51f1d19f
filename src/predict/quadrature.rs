//! The original clock for any number of coordinates and any depth `L >= 2` (inf-SAM; GD at `L = 2` is `rho = 0`):
//! `t(s) = integral_0^s (1 + e^(z(y))) dy`, `z = sum_j mu_j beta^_j`, as the pair `(z, log t - z)`.
//!
//! Source: derived, `proofs/rescaling.md`, "Several coordinates". `beta^_j = (w_j - rho)^L`, and `rho^L` for a
//! coordinate pinned at zero (even `L`, Filippov). `z` never decreases, so only the last stretch of `s` counts; it
//! is cut into panels, each summed by Gauss-Legendre with the error bound of an analytic integrand.

use super::legendre::Rule;
use super::num::{GUARD, bits_before_point, done, integer_bits, ipow, real, upper};
use super::{linf_deep, linf_depth2};
use rug::ops::Pow;
use rug::{Float, Rational};
use std::cmp::Ordering;

#[cfg(test)]
mod tests;

/// Original time, never formed itself: `log t = z + lag`.
#[derive(Clone, Debug)]
pub struct LogTime {
    /// `z = <mu, beta^>` at the time asked, to `prec` bits.
    pub z: Float,
    /// `log t - z`.
    pub lag: Float,
    /// A bound on the absolute error of `lag` before its own rounding to `prec + 8` bits (half a unit in the last place,
    /// not in here): quadrature, the part left out, rounding on the way.
    pub error: Float,
    /// `log t` to `prec` bits of itself: good to `error` plus half an ulp.
    pub log_t: Float,
}

/// What a coordinate adds to `z` at `s - x`.
#[derive(Debug)]
enum Part {
    /// `mu (alpha - rho)^2 e^(2 mu (s - x))`: `start` at `x = 0`, `rate = 2 mu`.
    Exponential { start: Float, rate: Float },
    /// `coefficient * (q + slope x)^(-L/m)`: growing with `s`.
    Power { coefficient: Float, q: Float, slope: Float },
    /// `-coefficient * (q - slope x)^(-L/m)`: odd `L`, below `rho`.
    Fading { coefficient: Float, q: Float, slope: Float },
    /// `alpha = rho`.
    Nothing,
}

#[derive(Debug)]
struct Term {
    part: Part,
    /// While `x <= pinned.0` the coordinate sits at zero and adds `pinned.1 = mu rho^L`.
    pinned: Option<(Float, Float)>,
}

/// Semi-axis sum 4: the ellipse reaches `2.125` half-widths along, `1.875` across.
const REACH: (u32, u32) = (17, 8);
/// How much larger than on the panel the integrand may be on its ellipse, as a power of e.
const EXCESS: u32 = 16;

/// `log t` at rescaled time `s > 0`; `None` at `s <= 0` and from the joint blow-up on.
///
/// `lag` is aimed at an absolute error of `2^-prec`; `error` is what was reached.
pub fn log_time(
    mu: &[Rational],
    alpha: &[Rational],
    rho: &Rational,
    depth: u32,
    s: &Rational,
    prec: u32,
) -> Option<LogTime> {
    let blown = depth >= 3 && linf_deep::joint_blow_up(mu, alpha, rho, depth).is_some_and(|end| *s >= end.time);
    if *s <= 0 || blown {
        return None;
    }
    let target = prec + GUARD;
    // First look at z to learn how many bits stand before its point; z - z' must keep `target` bits after it.
    let rough = Sum::new(mu, alpha, rho, depth, s, 2 * GUARD);
    let wide = bits_before_point(&rough.z(&Float::new(2 * GUARD)));
    let wp = target + wide + GUARD;
    let sum = Sum::new(mu, alpha, rho, depth, s, wp);
    let end = real(wp, s);
    let z_end = sum.z(&Float::new(wp));
    if !z_end.is_finite() {
        return None;
    }
    let rule = Rule::new(target / 4 + 10, target + GUARD / 2);

    // The constant 1 of the integrand, scaled: s e^-z.
    let mut total = Float::with_val(target, -&z_end).exp() * Float::with_val(target, &end);
    let mut error = Float::new(GUARD);
    let mut from = Float::new(wp);
    let mut width = end.clone();
    while from < end {
        let z_from = sum.z(&from);
        let drop = Float::with_val(target, &z_from - &z_end).exp();
        let rest = Float::with_val(target, &end - &from) * &drop;
        if total > 0 && rest < Float::with_val(GUARD, &total) >> target {
            error += rest;
            break;
        }
        width *= 2u32;
        let ceiling = Float::with_val(wp, &z_from + EXCESS);
        let to = loop {
            let mut to = Float::with_val(wp, &from + &width);
            for turn in sum.turns() {
                if *turn > from && *turn < to {
                    to.clone_from(turn);
                }
            }
            if to > end {
                to.clone_from(&end);
            }
            width = Float::with_val(wp, &to - &from);
            if sum.z_on_ellipse(&from, &to).is_some_and(|z| z <= ceiling) {
                break to;
            }
            width /= 2u32;
        };
        let half = Float::with_val(wp, &width / 2u32);
        let centre = Float::with_val(wp, &from + &half);
        let mut panel = Float::new(target);
        for (node, weight) in rule.nodes.iter().zip(&rule.weights) {
            let x = Float::with_val(wp, node * &half) + &centre;
            let z = sum.z_between(&x, &centre);
            panel += (Float::with_val(target, &z - &z_end)).exp() * weight;
        }
        total += panel * &half;
        error += drop * half * Float::with_val(GUARD, EXCESS).exp() * tail(rule.nodes.len());
        from = to;
    }
    let relative = upper(GUARD, &Float::with_val(GUARD, error / &total));
    // Rounding: every panel value and the exponent differences are good to 2^-(prec + GUARD/2).
    let rounding = Float::with_val(GUARD, 1u32) >> (prec + GUARD / 2);
    let lag = total.ln();
    let log_t = Float::with_val(prec + wide + GUARD, &z_end + &lag);
    Some(LogTime {
        z: done(prec, &z_end),
        lag: done(prec + 8, &lag),
        error: relative * 2u32 + rounding,
        log_t: done(prec, &log_t),
    })
}

/// `(64/15) 4^(-2(n-1)) / (1 - 1/16)`, rounded up.
fn tail(n: usize) -> Float {
    let n = u32::try_from(n).unwrap_or(u32::MAX / 8);
    Float::with_val(GUARD, 5u32) >> (4 * (n - 1))
}

/// `z(s - x)` as a function of `x`, and bounds of it.
#[derive(Debug)]
struct Sum {
    terms: Vec<Term>,
    depth: u32,
    wp: u32,
    turns: Vec<Float>,
}

impl Sum {
    fn new(mu: &[Rational], alpha: &[Rational], rho: &Rational, depth: u32, s: &Rational, wp: u32) -> Self {
        let terms: Vec<Term> = mu.iter().zip(alpha).map(|(mu, alpha)| term(mu, alpha, rho, depth, s, wp)).collect();
        let turns = terms.iter().filter_map(|term| Some(term.pinned.as_ref()?.0.clone())).collect();
        Self { terms, depth, wp, turns }
    }

    /// The places where some coordinate reaches zero: the integrand is analytic between them.
    fn turns(&self) -> &[Float] {
        &self.turns
    }

    fn z(&self, x: &Float) -> Float {
        self.z_between(x, x)
    }

    /// `z(s - x)` on the analytic branch that holds at `inside`.
    fn z_between(&self, x: &Float, inside: &Float) -> Float {
        let mut z = Float::new(self.wp);
        for term in &self.terms {
            match &term.pinned {
                Some((until, value)) if inside < until => z += value,
                _ => z += self.value(&term.part, x),
            }
        }
        z
    }

    fn value(&self, part: &Part, x: &Float) -> Float {
        let wp = self.wp;
        match part {
            Part::Nothing => Float::new(wp),
            Part::Exponential { start, rate } => (-Float::with_val(wp, rate * x)).exp() * start,
            Part::Power { coefficient, q, slope } => self.power(Float::with_val(wp, slope * x) + q, coefficient),
            Part::Fading { coefficient, q, slope } => -self.power(q - Float::with_val(wp, slope * x), coefficient),
        }
    }

    /// `coefficient q^(-L/m)`.
    fn power(&self, q: Float, coefficient: &Float) -> Float {
        coefficient / q.root(self.depth - 2).pow(self.depth)
    }

    /// An upper bound of `Re z` on the ellipse around `[from, to]`; `None` where a singularity is inside.
    fn z_on_ellipse(&self, from: &Float, to: &Float) -> Option<Float> {
        let wp = self.wp;
        let half = Float::with_val(wp, to - from) / 2u32;
        let centre = Float::with_val(wp, from + &half);
        let reach = half * REACH.0 / REACH.1;
        let nearest = Float::with_val(wp, &centre - &reach);
        let mut z = Float::new(wp);
        for term in &self.terms {
            if let Some((until, value)) = &term.pinned
                && centre < *until
            {
                z += value;
                continue;
            }
            z += match &term.part {
                Part::Power { q, slope, .. } if Float::with_val(wp, slope * &nearest) + q <= 0 => {
                    return None;
                }
                // |e^(-rate x)| and |q|^(-L/m) are largest at the real point of least x.
                Part::Exponential { .. } | Part::Power { .. } => self.value(&term.part, &nearest),
                Part::Nothing => Float::new(wp),
                Part::Fading { coefficient, q, slope } => {
                    // q lies in a disc: Re q^(-L/m) >= |q|^(-L/m) (1 - ((L/m) arg q)^2 / 2), arg q <= (pi/2) sin.
                    let middle = q - Float::with_val(wp, slope * &centre);
                    let radius = Float::with_val(wp, slope * &reach);
                    if radius >= middle {
                        return None;
                    }
                    let largest = Float::with_val(wp, &middle + &radius);
                    let angle = radius / middle * 11u32 / 7u32 * self.depth / (self.depth - 2);
                    let cosine: Float = 1 - angle.square() / 2u32;
                    if cosine < 0 {
                        return None;
                    }
                    -(self.power(largest, coefficient) * cosine)
                }
            };
        }
        Some(z)
    }
}

/// One coordinate of `z`, prepared at the end time `s`.
fn term(mu: &Rational, alpha: &Rational, rho: &Rational, depth: u32, s: &Rational, wp: u32) -> Term {
    let nothing = Term { part: Part::Nothing, pinned: None };
    let side = alpha.cmp(rho);
    if side == Ordering::Equal {
        return nothing;
    }
    let offset = Rational::from(alpha - rho).abs();
    let scale = ipow(&offset, depth) * mu;
    let pinned_value = real(wp, &(ipow(rho, depth) * mu));
    if depth == 2 {
        let exponent = Rational::from(mu * s) * 2u32;
        let bits = wp + integer_bits(&exponent);
        let start = real(bits, &exponent).exp() * real(bits, &scale);
        let part = Part::Exponential { start: Float::with_val(wp, start), rate: real(wp, &Rational::from(mu * 2u32)) };
        let pinned = linf_depth2::hit_time(mu, alpha, rho, bits + wp)
            .map(|hit| Float::with_val(wp, real(bits + wp, s) - hit))
            .filter(|until| *until > 0)
            .map(|until| (until, pinned_value));
        return Term { part, pinned };
    }
    let slope = linf_deep::slope(mu, alpha, rho, depth);
    let run = Rational::from(&slope * s);
    let coefficient = real(wp, &scale);
    if side == Ordering::Less && !depth.is_multiple_of(2) {
        return Term {
            part: Part::Fading { coefficient, q: real(wp, &(run + 1u32)), slope: real(wp, &slope) },
            pinned: None,
        };
    }
    let pinned = linf_deep::hit_time(mu, alpha, rho, depth)
        .map(|hit| s - hit)
        .filter(|until| *until > 0)
        .map(|until| (real(wp, &until), pinned_value));
    Term { part: Part::Power { coefficient, q: real(wp, &(1 - run)), slope: real(wp, &slope) }, pinned }
}
