//! `K(s)`, `K_inf`, the fate of a start and the time of its collapse (`proofs/thm-4.4.md`, `proofs/thm-4.5.md`).

use super::super::num::{GUARD, done, real};
use super::collocation::{Equation, Point, Solver};
use super::field::{Field, Turned};
use rug::{Float, Rational};
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// A value found by solving, with the difference of two solutions as its absolute error.
#[derive(Clone, Debug)]
pub struct Estimate {
    pub value: Float,
    pub error: Float,
}

/// Where a growing or shrinking path ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// `n' >= 0` at some time, hence for ever after.
    Grows,
    /// `c > 1/mu_1` at some time: all weights shrink to 0 in finite rescaled time.
    Collapses,
}

/// Two solvers for answers of `prec` bits, and a coarse one for the structure of a path.
#[derive(Clone, Debug)]
pub struct Solvers {
    pub(super) prec: u32,
    pub(super) fine: Arc<Solver>,
    pub(super) check: Arc<Solver>,
    pub(super) coarse: Arc<Solver>,
}

const COARSE_BITS: u32 = 128;
/// Bits with which a fate is decided first: most starts need no more, and a second solution confirms it.
const FATE_BITS: u32 = 64;

impl Solvers {
    pub fn new(prec: u32) -> Self {
        Solvers {
            prec,
            fine: Solver::of(prec + GUARD, 0),
            check: Solver::of(prec + GUARD / 2, 3),
            coarse: Solver::of(COARSE_BITS, 0),
        }
    }

    /// Every number `solve` answers with, from both solvers.
    pub(super) fn twice(&self, solve: impl Fn(&Solver) -> Option<Vec<Float>>) -> Option<Vec<Estimate>> {
        let (fine, check) = (solve(&self.fine)?, solve(&self.check)?);
        (fine.len() == check.len())
            .then(|| fine.iter().zip(&check).map(|(a, b)| Estimate::of(a, b, self.prec)).collect())
    }
}

impl Estimate {
    fn of(fine: &Float, check: &Float, prec: u32) -> Self {
        let value = done(prec, fine);
        let rounding = Float::with_val(64, value.abs_ref()) >> (prec - 1);
        let bits = fine.prec().max(check.prec());
        Estimate { value, error: Float::with_val(64, Float::with_val(bits, fine - check).abs()) + rounding }
    }

    /// The same with a bound added to its error.
    #[must_use]
    pub fn widened(mut self, by: &Float) -> Self {
        self.error += by;
        self
    }
}

/// One example with a balanced positive start.
#[derive(Clone, Debug)]
pub struct Example {
    pub(super) mu: Vec<Rational>,
    pub(super) alpha: Vec<Rational>,
    pub(super) rho: Rational,
}

impl Example {
    /// `None` unless `0 < mu_1 < ... < mu_d`, `alpha > 0`, `rho > 0`.
    pub fn new(mu: &[Rational], alpha: &[Rational], rho: &Rational) -> Option<Self> {
        let ascending = mu.windows(2).all(|w| w[0] < w[1]) && mu.first().is_some_and(|m| *m > 0);
        let positive = alpha.len() == mu.len() && alpha.iter().all(|a| *a > 0) && *rho > 0;
        (ascending && positive).then(|| Example { mu: mu.to_vec(), alpha: alpha.to_vec(), rho: rho.clone() })
    }

    /// The same `alpha_0` in every coordinate.
    pub fn uniform(mu: &[Rational], alpha: &Rational, rho: &Rational) -> Option<Self> {
        Example::new(mu, &vec![alpha.clone(); mu.len()], rho)
    }

    pub(super) fn field(&self, bits: u32) -> Field {
        Field::new(&self.mu, &[self.alpha.clone(), self.alpha.clone()], &self.rho, bits)
    }

    pub(super) fn major(&self) -> &Rational {
        &self.mu[self.mu.len() - 1]
    }

    /// A quarter of the shortest time in which a weight changes by a factor `e`.
    pub(super) fn first_step(&self) -> Float {
        Float::with_val(64, real(64, self.major()).recip()) / 4u32
    }

    /// `K` at every one of the ascending times.
    pub fn k(&self, times: &[Rational], solvers: &Solvers) -> Option<Vec<Estimate>> {
        solvers.twice(|solver| along(solver, &self.field(solver.bits), times, &self.first_step()))
    }

    /// `ln beta_j = 2 ln alpha_j + 2 mu_j s - 2 mu_j^2 K`.
    pub fn log_beta(&self, j: usize, s: &Rational, k: &Estimate, prec: u32) -> Estimate {
        let wp = prec + GUARD;
        let kappa = Rational::from(&self.mu[j] * &self.mu[j]) * 2u32;
        let growth = real(wp, &(Rational::from(&self.mu[j] * s) * 2u32));
        let fall = Float::with_val(wp, &k.value * real(wp, &kappa));
        let value = done(prec, &(real(wp, &self.alpha[j]).ln() * 2u32 + growth - fall));
        let rounding = Float::with_val(64, value.abs_ref()) >> (prec - 1);
        Estimate { value, error: Float::with_val(64, &k.error * real(64, &kappa)) + rounding }
    }

    /// `beta_j`, with the error `K` leaves it.
    pub fn beta(&self, j: usize, s: &Rational, k: &Estimate, prec: u32) -> Estimate {
        let log = self.log_beta(j, s, k, prec + GUARD);
        let value = done(prec, &log.value.exp());
        let error = Float::with_val(64, value.abs_ref()) * (log.error * 2u32 + (Float::with_val(64, 1) >> (prec - 1)));
        Estimate { value, error }
    }

    /// `||grad <mu, beta>||_2 = sqrt2 n = N`, with the error `K` leaves it.
    pub fn gradient_norm(&self, s: &Rational, k: &Estimate, prec: u32) -> Estimate {
        let wp = prec + GUARD;
        let value = done(prec, &self.field(wp).norm(&real(wp, s), &Float::with_val(wp, &k.value), wp));
        // |d ln N / dK| <= mu_d^2
        let square = real(64, &Rational::from(self.major() * self.major()));
        let relative = Float::with_val(64, &k.error * square) * 2u32 + (Float::with_val(64, 1) >> (prec - 1));
        Estimate { error: Float::with_val(64, value.abs_ref()) * relative, value }
    }

    /// What becomes of the start; `None` where 2000 bits do not decide it.
    pub fn fate(&self) -> Option<Fate> {
        self.escape().map(|(fate, _)| fate)
    }

    /// The fate and a time by which it is decided: `N >= rho mu_d`, or `N < rho mu_1`. Decided at two precisions, the
    /// paths of which still agree there.
    pub fn escape(&self) -> Option<(Fate, Float)> {
        let mut bits = FATE_BITS;
        let mut before: Option<(Fate, Point)> = None;
        while bits <= 2048 {
            let solver = Solver::of(bits, 0);
            if let Some((fate, at)) = &before {
                let there = solver.march(&self.field(bits), &Point::origin(bits), &at.x, &mut self.first_step());
                if there.is_some_and(|p| Float::with_val(bits, &p.y - &at.y).abs() < Float::with_val(64, 1) >> 20u32) {
                    return Some((*fate, at.x.clone()));
                }
            }
            before = self.decided(&solver);
            bits *= 2;
        }
        None
    }

    fn decided(&self, solver: &Solver) -> Option<(Fate, Point)> {
        let field = self.field(solver.bits);
        let (low, high) = (Rational::from(&self.rho * &self.mu[0]), Rational::from(&self.rho * self.major()));
        let mut at = Point::origin(solver.bits);
        let mut h = self.first_step();
        for _ in 0..20_000 {
            let norm = field.norm(&at.x, &at.y, 64);
            if norm >= high {
                return Some((Fate::Grows, at));
            }
            if norm < low {
                return Some((Fate::Collapses, at));
            }
            at = solver.advance(&field, &at, &mut h)?;
        }
        None
    }

    /// `K_inf` on a growing path.
    pub fn k_inf(&self, solvers: &Solvers) -> Option<Estimate> {
        if self.fate()? != Fate::Grows {
            return None;
        }
        let goal = Float::with_val(64, 1) >> solvers.prec;
        let solved = solvers.twice(|solver| {
            let field = self.field(solver.bits);
            let mut at = Point::origin(solver.bits);
            let mut h = self.first_step();
            loop {
                if self.tail(&at).is_some_and(|t| t <= goal) {
                    return Some(vec![at.y]);
                }
                at = solver.advance(&field, &at, &mut h)?;
            }
        })?;
        solved.into_iter().next().map(|k| k.widened(&goal))
    }

    /// `K_inf - K <= e rho / (sqrt2 mu_d^2 w_d)` once `w_d > e rho / sqrt2` (`proofs/thm-4.4.md`, "The tail").
    fn tail(&self, at: &Point) -> Option<Float> {
        let bits = at.y.prec();
        let d = real(bits, self.major());
        let exponent = Float::with_val(bits, &at.x - Float::with_val(bits, &d * &at.y)) * &d;
        let weight = exponent.exp() * real(bits, &self.alpha[self.alpha.len() - 1]);
        let level = real(64, &self.rho) * Float::with_val(64, 1).exp() / Float::with_val(64, 2).sqrt();
        let square = Float::with_val(64, d.square_ref());
        (weight > level).then(|| level / square / Float::with_val(64, &weight))
    }

    /// The rescaled time at which a collapsing path reaches 0.
    pub fn collapse_time(&self, solvers: &Solvers) -> Option<Estimate> {
        if self.fate()? != Fate::Collapses {
            return None;
        }
        let goal = Float::with_val(64, 1) >> solvers.prec;
        let solved = solvers.twice(|solver| {
            let turned = Turned(self.field(solver.bits));
            let mut at = Point::origin(solver.bits);
            let mut h = Float::with_val(64, self.first_step() / real(64, self.major()));
            loop {
                if self.time_left(&turned.0, &at).is_some_and(|t| t <= goal) {
                    return Some(vec![at.y]);
                }
                at = solver.advance(&turned, &at, &mut h)?;
            }
        })?;
        solved.into_iter().next().map(|s| s.widened(&goal))
    }

    /// `s_c - s <= e N / (rho mu_1^2)` once `mu_d N < rho mu_1^2 / e` (`proofs/thm-4.5.md`, "The collapse"). `K` is `x`.
    fn time_left(&self, field: &Field, at: &Point) -> Option<Float> {
        let norm = field.norm(&at.y, &at.x, 64);
        let first = real(64, &(Rational::from(&self.mu[0] * &self.mu[0]) * &self.rho));
        let bound = Float::with_val(64, 1).exp() * norm / first;
        (Float::with_val(64, &bound * real(64, self.major())) < 1).then_some(bound)
    }
}

/// `K` at ascending times from two layers of any signs.
pub fn k_of_layers(
    mu: &[Rational],
    layers: &[Vec<Rational>; 2],
    rho: &Rational,
    times: &[Rational],
    solvers: &Solvers,
) -> Option<Vec<Estimate>> {
    let top = mu.iter().max()?;
    let first = Float::with_val(64, real(64, top).recip()) / 4u32;
    solvers.twice(|solver| along(solver, &Field::new(mu, layers, rho, solver.bits), times, &first))
}

/// `y` at ascending times, from `y = 0` at `x = 0`.
pub(super) fn along(solver: &Solver, field: &impl Equation, times: &[Rational], first: &Float) -> Option<Vec<Float>> {
    let mut at = Point::origin(solver.bits);
    let mut out = Vec::new();
    let mut h = first.clone();
    for s in times {
        at = solver.march(field, &at, &real(solver.bits, s), &mut h)?;
        out.push(at.y.clone());
    }
    Some(out)
}
