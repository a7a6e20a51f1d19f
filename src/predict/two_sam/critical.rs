//! The starts at which something changes: `alpha_low`, `alpha*`, `alpha_up`, and the thresholds of the first leader
//! (`proofs/thm-4.5.md`).

use super::super::num::real;
use super::collocation::{Point, Solver, lg};
use super::field::Field;
use super::path::{Estimate, Solvers};
use rug::{Float, Rational};
use std::cmp::Ordering;

/// What `alpha*` is looked for with.
const BRACKET_BITS: u32 = 64;
/// Bits by which the curvature of `K(0)` may exceed its slope.
const SPARE: i64 = 8;

fn power_sum(mu: &[Rational], k: u32) -> Rational {
    mu.iter().map(|m| super::super::num::ipow(m, k)).fold(Rational::new(), |a, b| a + b)
}

/// `alpha_low^2`, `alpha_low = rho mu_1 / (sqrt2 ||mu||)`: below it every weight shrinks from the start.
pub fn alpha_low_squared(mu: &[Rational], rho: &Rational) -> Rational {
    let top = Rational::from(&mu[0] * rho);
    Rational::from(&top * &top) / (power_sum(mu, 2) * 2u32)
}

/// `alpha_up^2`, `alpha_up = rho ||mu||_4^4 / (sqrt2 ||mu||_2 ||mu||_3^3)`: from it on `n` never falls.
pub fn alpha_up_squared(mu: &[Rational], rho: &Rational) -> Rational {
    let ratio = power_sum(mu, 4) / power_sum(mu, 3) * rho;
    Rational::from(&ratio * &ratio) / (power_sum(mu, 2) * 2u32)
}

/// The squares of the `d - 1` starts at which the first leader changes, `rho (mu_j + mu_(j+1)) / (sqrt2 ||mu||)`.
pub fn thresholds_squared(mu: &[Rational], rho: &Rational) -> Vec<Rational> {
    let norm = power_sum(mu, 2) * 2u32;
    mu.windows(2)
        .map(|w| {
            let top = Rational::from(&w[0] + &w[1]) * rho;
            Rational::from(&top * &top) / &norm
        })
        .collect()
}

/// Who leads a uniform start from the first instant (0-based); `None` on a threshold.
pub fn first_leader(mu: &[Rational], alpha: &Rational, rho: &Rational) -> Option<usize> {
    let square = Rational::from(alpha * alpha);
    let mut first = 0;
    for threshold in thresholds_squared(mu, rho) {
        match square.cmp(&threshold) {
            Ordering::Greater => first += 1,
            Ordering::Equal => return None,
            Ordering::Less => {}
        }
    }
    Some(first)
}

/// `alpha*`, the uniform start between collapse and growth, `d >= 2`: the start whose path runs into the saddle
/// `(rho/sqrt2) e_1`.
///
/// Solved backwards from the saddle, where the unstable direction contracts: `K(0)` as a function of `alpha` is zero at
/// `alpha*`. Each of the two solvers has its own length of path.
pub fn alpha_star(mu: &[Rational], rho: &Rational, solvers: &Solvers) -> Option<Estimate> {
    if mu.len() < 2 || mu.windows(2).any(|w| w[0] >= w[1]) || mu[0] <= 0 || *rho <= 0 {
        return None;
    }
    let one = Rational::from(1);
    let mut start = bracketed(mu, rho, &Solver::of(BRACKET_BITS, 0))?;
    // Marches at full precision cost the most: one of them is enough from where these lead to.
    let fine = solvers.fine.bits;
    let mut last = BRACKET_BITS;
    for bits in [solvers.coarse.bits, fine / 2, fine * 7 / 9] {
        if 2 * bits > 3 * last {
            start = polished(mu, rho, &Solver::of(bits, 0), &one, start)?;
            last = bits;
        }
    }
    let solved = solvers.twice(|solver| {
        let mut start = start.clone();
        let mut longer = one.clone();
        if solver.bits != fine {
            longer = Rational::from((23, 20));
            // From elsewhere, as far as the place is uncertain: what the slope is wrong by shows in the difference.
            start.log = Float::with_val(solver.bits, start.log) + (Float::with_val(64, 1) << start.left);
        }
        Some(vec![polished(mu, rho, solver, &longer, start)?.log.exp()])
    })?;
    solved.into_iter().next()
}

/// Where the secants have come to.
#[derive(Clone, Debug)]
struct Secant {
    /// `ln alpha*`.
    log: Float,
    /// The slope of `K(0)` there.
    slope: Float,
    /// `log2` of its relative error.
    error: i64,
    /// `log2` of what the place is off by.
    left: i32,
}

/// `K(0)` of the path that is at the saddle at `s = end`.
fn backwards(mu: &[Rational], alpha: &Float, rho: &Rational, solver: &Solver, end: &Float) -> Option<Float> {
    let bits = solver.bits;
    let field = Field::uniform(mu, alpha, rho, bits);
    // w_1 = rho / sqrt2: mu_1^2 K = mu_1 s - ln(rho / (sqrt2 alpha))
    let first = real(bits, &mu[0]);
    let ratio = real(bits, rho) / alpha / Float::with_val(bits, 2).sqrt();
    let k = (Float::with_val(bits, &first * end) - ratio.ln()) / first.square();
    let from = Point { x: end.clone(), y: k, t: Float::new(bits) };
    let mut step = Float::with_val(64, real(64, &mu[mu.len() - 1]).recip());
    solver.march(&field, &from, &Float::new(bits), &mut step).map(|p| p.y)
}

/// How long a path must be for `bits` bits: the terminal error is `e^(-2 mu_2 (mu_2/mu_1 - 1) S)` and shrinks by
/// `e^(-mu_1 S)` on the way back.
fn length(mu: &[Rational], bits: u32) -> Float {
    let spread = Rational::from(&mu[1] / &mu[0]) - 1u32;
    let rate = Rational::from(&mu[1] * &spread) * 2u32 + &mu[0];
    Float::with_val(64, bits + 16) * Float::with_val(64, 2).ln() / real(64, &rate)
}

/// `ln alpha*` to about ten digits.
fn bracketed(mu: &[Rational], rho: &Rational, solver: &Solver) -> Option<Secant> {
    let bits = solver.bits;
    let end = Float::with_val(bits, length(mu, bits));
    let miss = |log: &Float| backwards(mu, &Float::with_val(bits, log.exp_ref()), rho, solver, &end);
    let log = |square: &Rational| real(bits, square).ln() / 2u32;
    let (mut lo, mut hi) = (log(&alpha_low_squared(mu, rho)), log(&alpha_up_squared(mu, rho)));
    let (mut low, mut high) = (miss(&lo)?, miss(&hi)?);
    if low > 0 || high < 0 {
        return None;
    }
    let mut side = None;
    let mut last = (hi.clone(), high.clone());
    for _ in 0..200 {
        // The secant between the ends, the weight of a repeated end halved.
        let width = Float::with_val(bits, &hi - &lo);
        let slope = Float::with_val(bits, &high - &low) / width;
        let x = Float::with_val(bits, &hi - Float::with_val(bits, &high / slope));
        let value = miss(&x)?;
        let small = Float::with_val(64, value.abs_ref()) < Float::with_val(64, 1) >> (bits / 2);
        if small {
            return Some(Secant::through(&last, (x, value), bits));
        }
        let above = value > 0;
        last = (x.clone(), value.clone());
        if above {
            (hi, high) = (x, value);
            if side == Some(above) {
                low /= 2u32;
            }
        } else {
            (lo, low) = (x, value);
            if side == Some(above) {
                high /= 2u32;
            }
        }
        side = Some(above);
    }
    None
}

impl Secant {
    /// The next place and the slope from the values at the last two.
    fn through(before: &(Float, Float), (log, value): (Float, Float), bits: u32) -> Self {
        let (dx, dy) = (Float::with_val(bits, &log - &before.0), Float::with_val(bits, &value - &before.1));
        // The chord is off by the curvature, and by the rounding of the values.
        let error = lg(&dx).max(-i64::from(bits) - lg(&dy)) + SPARE;
        let slope = dy / dx;
        let left = Float::with_val(64, &value / &slope).get_exp().unwrap_or(i32::MIN);
        Secant { log, slope, error, left }
    }
}

/// `ln alpha*` by secants from the one given, to the full precision of `solver`.
fn polished(mu: &[Rational], rho: &Rational, solver: &Solver, longer: &Rational, start: Secant) -> Option<Secant> {
    let bits = solver.bits;
    let end = Float::with_val(bits, length(mu, bits)) * real(bits, longer);
    let mut at = Secant { log: Float::with_val(bits, start.log), slope: Float::with_val(bits, start.slope), ..start };
    let mut previous: Option<(Float, Float)> = None;
    for _ in 0..20 {
        let value = backwards(mu, &Float::with_val(bits, at.log.exp_ref()), rho, solver, &end)?;
        let here = (at.log.clone(), value);
        if let Some(before) = previous.filter(|before| before.0 != here.0 && before.1 != here.1) {
            at = Secant::through(&before, here.clone(), bits);
        }
        let by = Float::with_val(bits, &here.1 / &at.slope);
        at.log -= &by;
        let left = lg(&by) + at.error;
        if left < -i64::from(bits) {
            return Some(Secant { left: -i32::try_from(bits).ok()?, ..at });
        }
        previous = Some(here);
    }
    None
}
