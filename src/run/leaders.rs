//! Who leads: the coordinate with the largest `|beta_j|`, and the exact moments at which the lead is handed over.

use crate::arith::{Context, Sign, Tri};
use crate::ode::{Root, StepView, first_root, shift};
use std::cmp::Ordering;

/// The lead passes from one coordinate to another (0-based) at `x`.
#[derive(Clone, Debug)]
pub struct HandOver<T> {
    pub x: T,
    pub from: usize,
    pub to: usize,
}

/// Index of the largest `|beta_j|`; `None` at a tie.
pub fn leader_of<C: Context>(ctx: &C, beta: &[C::Num]) -> Option<usize> {
    let series: Vec<&[C::Num]> = beta.iter().map(std::slice::from_ref).collect();
    largest(ctx, &series).filter(|_| !beta.is_empty())
}

/// The lexicographically largest of `|series|`: who leads from the first instant on. `None` at a tie to all orders.
fn largest<C: Context>(ctx: &C, series: &[&[C::Num]]) -> Option<usize> {
    let mut best = 0;
    let mut tied = false;
    for j in 1..series.len() {
        match compare(ctx, series[j], series[best]) {
            Ordering::Greater => (best, tied) = (j, false),
            Ordering::Equal => tied = true,
            Ordering::Less => {}
        }
    }
    (!tied).then_some(best)
}

fn compare<C: Context>(ctx: &C, a: &[C::Num], b: &[C::Num]) -> Ordering {
    let (mut x, mut y) = (ctx.zero(), ctx.zero());
    let (sa, sb) = (first_sign(ctx, a), first_sign(ctx, b));
    for (p, q) in a.iter().zip(b) {
        signed(ctx, &mut x, p, sa);
        signed(ctx, &mut y, q, sb);
        match (ctx.lt(&x, &y), ctx.lt(&y, &x)) {
            (Tri::True, _) => return Ordering::Less,
            (_, Tri::True) => return Ordering::Greater,
            _ => {}
        }
    }
    Ordering::Equal
}

fn first_sign<C: Context>(ctx: &C, a: &[C::Num]) -> Sign {
    a.iter().map(|x| ctx.sign(x)).find(|s| *s != Sign::Zero).unwrap_or(Sign::Positive)
}

fn signed<C: Context>(ctx: &C, r: &mut C::Num, a: &C::Num, sign: Sign) {
    if sign == Sign::Negative { ctx.neg(r, a) } else { ctx.set(r, a) }
}

/// Follows the lead through a run.
#[derive(Clone, Debug)]
pub struct Leaders<C: Context> {
    ctx: C,
    dimension: usize,
    pub first: Option<usize>,
    current: Option<usize>,
    pub hand_overs: Vec<HandOver<C::Num>>,
    /// A root search could not tell: the sequence is not certain from here on.
    pub undecided: bool,
    /// Buffer of [`Leaders::set_gap`].
    gap: Vec<C::Num>,
}

impl<C: Context> Leaders<C> {
    pub fn new(ctx: &C, dimension: usize) -> Self {
        Leaders {
            ctx: ctx.clone(),
            dimension,
            first: None,
            current: None,
            hand_overs: Vec::new(),
            undecided: false,
            gap: Vec::new(),
        }
    }

    /// Takes in one step; the first `dimension` watched quantities are `beta`.
    pub fn step(&mut self, view: &StepView<C>) {
        let Some(step) = view.step() else { return };
        let ctx = self.ctx.clone();
        let series: Vec<&[C::Num]> = (0..self.dimension).map(|j| view.watch(j)).collect();
        let mut fresh = false;
        let Some(mut leader) = self.current.or_else(|| {
            fresh = true;
            largest(&ctx, &series)
        }) else {
            return;
        };
        if fresh && self.first.is_none() {
            self.first = Some(leader);
        }
        // Offset into the step from which the current leader leads, and who shares its value there.
        let mut from = ctx.zero();
        let mut previous: Option<usize> = None;
        // In one step a lead passes on a few times at most; more of it is rounding at a tie.
        for round in 0.. {
            if round > 4 * self.dimension {
                self.undecided = true;
                break;
            }
            let mut left = ctx.zero();
            ctx.sub(&mut left, &step.length, &from);
            let mut next: Option<(usize, C::Num)> = None;
            // A coordinate at rest in zero takes no lead, though a leader that falls to zero meets it there.
            let moves = |j: usize| series[j].iter().any(|a| ctx.sign(a) != Sign::Zero);
            for j in (0..self.dimension).filter(|&j| j != leader && moves(j)) {
                for plus in [false, true] {
                    self.set_gap(series[leader], series[j], plus, &from);
                    let touches = previous == Some(j) || (fresh && ctx.sign(&self.gap[0]) == Sign::Zero);
                    let leaves_zero = touches && self.vanishes_first(&series[leader][0]);
                    let range = next.as_ref().map_or(&left, |(_, v)| v);
                    match first_root(&ctx, &self.gap, range, usize::from(leaves_zero)) {
                        Root::None => {}
                        Root::At(v) => next = Some((j, v)),
                        Root::Undecided => self.undecided = true,
                    }
                }
            }
            let Some((j, v)) = next else { break };
            let mut at = ctx.zero();
            ctx.add(&mut at, &from, &v);
            let mut x = ctx.zero();
            ctx.add(&mut x, &step.start, &at);
            self.hand_overs.push(HandOver { x, from: leader, to: j });
            (previous, leader, from, fresh) = (Some(leader), j, at, false);
        }
        self.current = Some(leader);
    }

    /// Sets the gap to the coefficients, about offset `from`, of `|beta_leader| - beta_j` (or `+ beta_j`).
    fn set_gap(&mut self, leader: &[C::Num], other: &[C::Num], plus: bool, from: &C::Num) {
        let ctx = &self.ctx;
        let sign = first_sign(ctx, leader);
        let mut lead = ctx.zero();
        self.gap.resize_with(leader.len(), || ctx.zero());
        for (r, (a, b)) in self.gap.iter_mut().zip(leader.iter().zip(other)) {
            signed(ctx, &mut lead, a, sign);
            if plus {
                ctx.add(r, &lead, b);
            } else {
                ctx.sub(r, &lead, b);
            }
        }
        if ctx.sign(from) != Sign::Zero {
            self.gap = shift(ctx, &self.gap, from);
        }
    }

    /// Of the two gaps of a pair, the one that is zero, to the digits, at the start.
    fn vanishes_first(&self, scale: &C::Num) -> bool {
        match (self.ctx.lg(&self.gap[0]), self.ctx.lg(scale)) {
            (None, _) => true,
            (Some(g), Some(s)) => g < s - i64::from(self.ctx.digits()) * crate::ode::LG_TEN / 2,
            (Some(_), None) => false,
        }
    }
}
