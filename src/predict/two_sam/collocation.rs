//! Gauss-Legendre collocation for one scalar equation `y' = f(x, y)`, with an integral `t = integral g(x, y) dx` carried
//! along: the predicted side's own solver (`proofs/thm-4.4.md`, "The scalar equation").
//!
//! The stage equations are solved by Newton's method in function space: a correction obeys `e' = f_y e + r`, solved by
//! its integrating factor on the same nodes, from the stages of a coarser tableau (at full precision: rounding noise is not smooth, and only what is smooth
//! converges quadratically this way). Step lengths follow from
//! the last two Legendre coefficients of the stage derivative, `tail`: the stages are good to about `tail`, the end
//! of a step to its square.

use super::super::legendre::Rule;
use super::nearby::Memo;
use super::table::{Parity, Table};
use rug::ops::AssignRound;
use rug::{Assign, Float, float::Round};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The equation solved.
pub(super) trait Equation {
    /// `f` and its derivative by `y`; `memo` belongs to the place.
    fn rate(&self, x: &Float, y: &Float, bits: u32, memo: &mut Memo) -> (Float, Float);

    /// The integrand `g`, given `f` there; `None` where no integral is carried.
    fn integrand(&self, _x: &Float, _y: &Float, _rate: &Float, _bits: u32, _memo: &mut Memo) -> Option<Float> {
        None
    }
}

/// A point of the solution, with the integral up to it.
#[derive(Clone, Debug)]
pub(super) struct Point {
    pub x: Float,
    pub y: Float,
    pub t: Float,
}

impl Point {
    /// `y = 0` at `x = 0`.
    pub fn origin(bits: u32) -> Self {
        Point { x: Float::new(bits), y: Float::new(bits), t: Float::new(bits) }
    }
}

/// The most stages: beyond it the tables cost more than short steps do.
const MAX_STAGES: u32 = 160;
/// Steps before a march is given up.
const MAX_STEPS: usize = 6000;
/// A step shorter than `2^-VANISHING` of the way so far ends a march.
const VANISHING: u32 = 40;
/// From this precision on the first guess comes from a coarser tableau.
const INNER_FROM: u32 = 120;
/// Bits that the sums of a table may lose.
pub(super) const SLACK: u32 = 16;
/// Newton rounds before a step is halved.
const ROUNDS: usize = 25;

/// A Gauss-Legendre tableau of fixed precision.
#[derive(Clone, Debug)]
pub(super) struct Solver {
    pub bits: u32,
    nodes: Vec<Float>,
    weights: Vec<Float>,
    /// From values at the nodes to the integral from -1 to each of them.
    integrals: Table,
    /// `[k][j]`: weights that give the Legendre coefficients of order `m - 2 + k`.
    tails: [Vec<Float>; 2],
    /// A coarser tableau whose stages are the first guess.
    inner: Option<Box<Inner>>,
}

#[derive(Clone, Debug)]
struct Inner {
    solver: Arc<Solver>,
    /// From values at its nodes to values at the outer ones.
    values: Table,
    /// From values at its nodes to the integral from -1 to each of the outer ones.
    integrals: Table,
}

/// The stages of a step.
struct Stages {
    xs: Vec<Float>,
    ys: Vec<Float>,
    rates: Vec<Float>,
    memos: Vec<Memo>,
    half: Float,
    /// What the precision of the step is relative to.
    scale: Float,
}

/// The tableaux made so far: many examples share them, and they cost more than a short march.
static MADE: Mutex<BTreeMap<(u32, u32), Arc<Solver>>> = Mutex::new(BTreeMap::new());

impl Solver {
    /// A tableau for `bits` bits; `extra` stages more than usual, so that two solvers differ in their steps.
    pub fn of(bits: u32, extra: u32) -> Arc<Self> {
        let made = || MADE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(solver) = made().get(&(bits, extra)) {
            return solver.clone();
        }
        // Two threads may both make it: the same one.
        let solver = Arc::new(Solver::new(bits, extra));
        made().entry((bits, extra)).or_insert(solver).clone()
    }

    fn new(bits: u32, extra: u32) -> Self {
        // 0.65 stages a digit: a step is about as long as the solution's radius of convergence there.
        let stages = (bits / 5 + 4).min(MAX_STAGES) + extra;
        let rule = Rule::new(stages, bits);
        let m = rule.nodes.len();
        // P_0 ... P_m at every node.
        let values: Vec<Vec<Float>> = rule.nodes.iter().map(|x| legendre_values(x, m, bits)).collect();
        let half = &values[..m.div_ceil(2)];
        let integrals = integrals_at(half, m, half, &rule.weights, bits);
        let tail = |l: usize| {
            let scale = u32::try_from(2 * l + 1).unwrap_or(u32::MAX);
            (0..m).map(|j| Float::with_val(bits, &values[j][l] * &rule.weights[j]) * scale / 2u32).collect()
        };
        let tails = [tail(m - 2), tail(m - 1)];
        let inner = (bits >= INNER_FROM).then(|| {
            let solver = Solver::of(bits * 9 / 16, 0);
            let (count, exact) = (solver.nodes.len(), |x| Float::with_val(bits, x));
            let own: Vec<Vec<Float>> =
                solver.nodes[..count.div_ceil(2)].iter().map(|x| legendre_values(&exact(x), count, bits)).collect();
            let values = values_at(half, m, &own, &solver.weights, bits);
            let integrals = integrals_at(half, m, &own, &solver.weights, bits);
            Box::new(Inner { solver, values, integrals })
        });
        Solver { bits, tails, nodes: rule.nodes, weights: rule.weights, integrals, inner }
    }

    /// One step of length `h` (of either sign): the new point and `log2` of the tail relative to the solution.
    /// `None` where Newton does not converge.
    pub fn step<E: Equation>(&self, eq: &E, from: &Point, h: &Float) -> Option<(Point, i64)> {
        let stages = self.stages(eq, from, h)?;
        self.close(eq, from, h, stages)
    }

    /// The stages of one step.
    fn stages<E: Equation>(&self, eq: &E, from: &Point, h: &Float) -> Option<Stages> {
        let m = self.nodes.len();
        let bits = self.bits;
        // What a table gives, and what a Newton correction is formed with: half the digits do, as what it leaves is of the
        // order of its square.
        let (full, coarse) = (bits + SLACK, bits / 2 + 2 * SLACK);
        let half = Float::with_val(bits, h / 2u32);
        let centre = Float::with_val(bits, &from.x + &half);
        let xs: Vec<Float> = self.nodes.iter().map(|c| Float::with_val(bits, c * &half) + &centre).collect();
        let (mut rates, mut shifts) = match &self.inner {
            Some(inner) => {
                let guess = inner.solver.stages(eq, from, h)?.rates;
                (inner.values.times(&guess, full)?, inner.integrals.times(&guess, full)?)
            }
            None => {
                let rates = vec![eq.rate(&from.x, &from.y, bits, &mut Memo::default()).0; m];
                let shifts = self.integrals.times(&rates, full)?;
                (rates, shifts)
            }
        };
        let mut memos = vec![Memo::default(); m];
        for _ in 0..ROUNDS {
            let mut ys: Vec<Float> = shifts.iter().map(|d| Float::with_val(bits, d * &half) + &from.y).collect();
            let places = xs.iter().zip(&ys).zip(&mut memos);
            let (at, slopes): (Vec<Float>, Vec<Float>) = places.map(|((x, y), memo)| eq.rate(x, y, bits, memo)).unzip();
            let factors: Vec<Float> =
                self.integrals.times(&slopes, coarse)?.into_iter().map(|x| (x * &half).exp()).collect();
            let residues: Vec<Float> =
                at.iter().zip(&rates).zip(&factors).map(|((f, k), e)| Float::with_val(e.prec(), f - k) / e).collect();
            let mut corrections = self.integrals.times(&residues, coarse)?;
            for (c, e) in corrections.iter_mut().zip(&factors) {
                *c *= e;
                *c *= &half;
            }
            let scale = largest(&rates) * Float::with_val(64, h.abs_ref()) + Float::with_val(64, from.y.abs_ref());
            let size = largest(&corrections);
            if !size.is_finite() || !scale.is_finite() {
                return None;
            }
            let mut after = at;
            for (i, c) in corrections.iter().enumerate() {
                after[i] += Float::with_val(bits, &slopes[i] * c);
                ys[i] += c;
            }
            if size.is_zero() || lg(&scale) - lg(&size) >= i64::from(bits / 2) + 8 {
                return Some(Stages { xs, ys, rates: after, memos, half, scale });
            }
            let changes: Vec<Float> =
                after.iter().zip(&rates).map(|(new, old)| Float::with_val(bits, new - old)).collect();
            rates = after;
            // The changes lie so many bits below what is solved for.
            let below = lg(&scale) - lg(&largest(&changes)) - lg(h);
            let digits = u32::try_from(i64::from(full) - below).unwrap_or(0).clamp(coarse, full);
            for (shift, by) in shifts.iter_mut().zip(self.integrals.times(&changes, digits)?) {
                *shift += by;
            }
        }
        None
    }

    fn close<E: Equation>(&self, eq: &E, from: &Point, h: &Float, stages: Stages) -> Option<(Point, i64)> {
        let Stages { xs, ys, rates, mut memos, half, scale } = stages;
        let bits = self.bits;
        let y = dot(&self.weights, &rates, bits) * &half + &from.y;
        let mut tail = self.tail(&rates, h) - lg(&scale);
        let mut t = from.t.clone();
        let integrand: Option<Vec<Float>> =
            (0..xs.len()).map(|i| eq.integrand(&xs[i], &ys[i], &rates[i], bits, &mut memos[i])).collect();
        if let Some(values) = integrand {
            t += dot(&self.weights, &values, bits) * half;
            tail = tail.max(self.tail(&values, h) - lg(&Float::with_val(64, t.abs_ref())));
        }
        let x = Float::with_val(bits, &from.x + h);
        (y.is_finite() && t.is_finite()).then_some((Point { x, y, t }, tail))
    }

    /// `log2` of the step length times the larger of the last two Legendre coefficients.
    fn tail(&self, values: &[Float], h: &Float) -> i64 {
        let sizes: Vec<Float> = self.tails.iter().map(|row| dot(row, values, self.bits)).collect();
        lg(&largest(&sizes)) + lg(h)
    }

    /// One accepted step of length at most `|h|`; `h` becomes what the next step should be.
    pub fn advance<E: Equation>(&self, eq: &E, from: &Point, h: &mut Float) -> Option<Point> {
        self.advance_within(eq, from, h, -i64::from(self.bits / 2) - 8)
    }

    /// The same with another bound of the tail, as `log2`.
    pub fn advance_within<E: Equation>(&self, eq: &E, from: &Point, h: &mut Float, goal: i64) -> Option<Point> {
        let m = i64::try_from(self.nodes.len()).unwrap_or(1);
        for _ in 0..200 {
            match self.step(eq, from, h) {
                Some((to, tail)) => {
                    // The tail goes like a power of the step of about the number of stages.
                    let gain = ((goal - tail) * 8 / m).clamp(-16, 10);
                    let factor = Float::with_val(64, gain) / 8u32;
                    let scaled = Float::with_val(64, &*h * factor.exp2() * Float::with_val(64, 0.9));
                    if tail <= goal {
                        *h = scaled;
                        return Some(to);
                    }
                    *h = scaled;
                }
                None => *h /= 2u32,
            }
        }
        None
    }

    /// To `x = end`, on either side, with steps from `|h|` on; `h` becomes the length that the next step could have.
    pub fn march<E: Equation>(&self, eq: &E, from: &Point, end: &Float, h: &mut Float) -> Option<Point> {
        let mut at = from.clone();
        let forward = *end > from.x;
        h.abs_mut();
        for _ in 0..MAX_STEPS {
            let left = Float::with_val(self.bits, end - &at.x);
            if left.is_zero() {
                return Some(at);
            }
            if Float::with_val(64, left.abs_ref()) <= *h {
                let mut last = left;
                let to = self.advance(eq, &at, &mut last)?;
                if to.x == *end || (to.x > *end) == forward {
                    // A short last step says only that the next may be as long as itself.
                    h.max_mut(&last.abs());
                    return Some(Point { x: end.clone(), ..to });
                }
                let settled = Float::with_val(self.bits, end - &to.x).abs() <= ulp(end, self.bits);
                at = to;
                if settled {
                    return Some(at);
                }
                *h = last.abs();
            } else {
                let mut signed = if forward { h.clone() } else { Float::with_val(64, -&*h) };
                at = self.advance(eq, &at, &mut signed)?;
                *h = signed.abs();
                // Towards a collapse the steps shrink without end.
                if *h < Float::with_val(64, at.x.abs_ref()) >> VANISHING {
                    return None;
                }
            }
        }
        None
    }
}

fn ulp(x: &Float, bits: u32) -> Float {
    Float::with_val(64, x.abs_ref()) >> (bits - 2)
}

fn legendre_values(x: &Float, top: usize, bits: u32) -> Vec<Float> {
    let mut out = vec![Float::with_val(bits, 1u32), Float::with_val(bits, x)];
    for k in 1..top {
        let n = u32::try_from(k).unwrap_or(u32::MAX);
        let up = Float::with_val(bits, x * &out[k]) * (2 * n + 1);
        let down = Float::with_val(bits, &out[k - 1] * n);
        out.push((up - down) / (n + 1));
    }
    out
}

/// `L_j(x) = w_j sum_l (2l+1)/2 P_l(x_j) P_l(x)`, the Lagrange polynomials of a rule's nodes, at `count` places. Of places
/// and nodes the first halves are given, by their Legendre values `P_0, P_1, ...`; the rule has as many nodes as weights.
fn values_at(places: &[Vec<Float>], count: usize, nodes: &[Vec<Float>], weights: &[Float], bits: u32) -> Table {
    let own = |(row, w): (&Vec<Float>, &Float)| {
        let half = Float::with_val(bits, w / 2u32);
        let odd = (1u32..).step_by(2);
        row.iter().take(weights.len()).zip(odd).map(|(p, odd)| Float::with_val(bits, p * &half) * odd).collect()
    };
    let own: Vec<Vec<Float>> = nodes.iter().zip(weights).map(own).collect();
    Table::new(places, &own, &[], count, Parity::Same, bits + SLACK)
}

/// Their integrals from -1 to the places, `w_j/2 (1 + sum_l (P_(l+1) - P_(l-1))(x) P_l(x_j))`, `P_(-1) = 0`.
fn integrals_at(places: &[Vec<Float>], count: usize, nodes: &[Vec<Float>], weights: &[Float], bits: u32) -> Table {
    let common: Vec<Float> = weights.iter().take(nodes.len()).map(|w| Float::with_val(bits, w / 2u32)).collect();
    let weighted = |(row, w): (&Vec<Float>, &Float)| {
        row.iter().take(weights.len()).map(|p| Float::with_val(bits, p * w)).collect()
    };
    let own: Vec<Vec<Float>> = nodes.iter().zip(&common).map(weighted).collect();
    let steps = |at: &Vec<Float>| {
        let step = |l: usize| match l {
            0 => at[1].clone(),
            _ => Float::with_val(bits, &at[l + 1] - &at[l - 1]),
        };
        (0..weights.len()).map(step).collect()
    };
    let steps: Vec<Vec<Float>> = places.iter().map(steps).collect();
    Table::new(&steps, &own, &common, count, Parity::Opposite, bits + SLACK)
}

/// `sum_i a_i b_i`, as far as both go.
pub(super) fn dot(a: &[Float], b: &[Float], bits: u32) -> Float {
    let (mut sum, mut term) = (Float::new(bits), Float::new(bits));
    for (x, y) in a.iter().zip(b) {
        term.assign_round(x * y, Round::Nearest);
        sum += &term;
    }
    sum
}

fn largest(values: &[Float]) -> Float {
    let mut out = Float::new(64);
    for v in values {
        if v.is_nan() {
            out.assign(v);
            return out;
        }
        if v.cmp_abs(&out) == Some(std::cmp::Ordering::Greater) {
            out.assign(v.abs_ref());
        }
    }
    out
}

/// `log2 |x|`, rounded up; very small for 0.
pub(super) fn lg(x: &Float) -> i64 {
    x.get_exp().map_or(i64::from(i32::MIN), i64::from)
}
