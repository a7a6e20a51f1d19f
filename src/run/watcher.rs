//! Watches a run step by step: the lead, the horizon, and signs that another clock would do better.

use super::leaders::Leaders;
use super::path::Horizon;
use crate::arith::{Context, LG_ONE, Tri};
use crate::ode::{self, LG_TEN, Observer, Signal, Step, StepView};
use crate::sam::Clock;
use rug::Rational;

/// Watches the lead and knows when the asked clock has certainly passed its end.
pub(super) struct Watcher<C: Context> {
    pub ctx: C,
    pub leaders: Option<Leaders<C>>,
    /// Where `z` and the growth factor stand among the watched quantities.
    pub clock_from: usize,
    /// Component of the state that holds `s`, on a clock that carries it.
    pub s_component: Option<usize>,
    pub horizon: Horizon,
    pub limit: C::Num,
    /// A lower bound on `t`, as far as it can be added up.
    pub gathered: C::Num,
    pub clock: Clock,
    /// Whether steps that shrink announce a collapse, which the clock `s` approaches slowly.
    pub may_collapse: bool,
    /// Whether to look out for a rest approached like a power of `s`.
    pub may_creep: bool,
    /// Stopped because `s` comes to an end.
    pub ends: bool,
    /// Stopped because the steps grow like `s`, which is far from the horizon.
    pub creeps: bool,
}

/// Steps shorter than `s / 2^SHRUNK` are taken for an approaching collapse; [`Clock::Normed`] then tells.
const SHRUNK: i64 = 10;
/// From `s = 2^CREEPING` on, steps longer than `s / 2^CREEP` are taken for the approach to a rest like a power of `s`;
/// before a blow-up they get shorter.
const CREEPING: i64 = 10;
const CREEP: i64 = 5;

impl<C: Context> Watcher<C> {
    /// Whether `log t` has certainly passed the target: `t >= s` always, and `t` is at least the sum over the steps of
    /// their length times `dt/dx`, read at both ends, with a factor `e` in hand for what happens between them.
    fn passed(&mut self, view: &StepView<C>, step: &Step<C::Num>, s: &C::Num) -> bool {
        let ctx = &self.ctx.clone();
        let (mut ln, mut t, mut u) = (ctx.zero(), ctx.zero(), ctx.zero());
        ctx.ln(&mut ln, s);
        if ctx.lt(&self.limit, &ln) == Tri::True {
            return true;
        }
        ctx.ln(&mut ln, &step.length);
        let mut length = ctx.zero();
        ctx.sub(&mut length, &ln, &ctx.rational(&Rational::from(1)));
        let (z, growth) = (view.watch(self.clock_from), view.watch(self.clock_from + 1));
        let mut least: Option<C::Num> = None;
        for v in [&ctx.zero(), &step.length] {
            ctx.ln(&mut t, &ode::horner(ctx, growth, v));
            ctx.add(&mut u, &ode::horner(ctx, z, v), &t);
            ctx.add(&mut t, &u, &length);
            if least.as_ref().is_none_or(|l| ctx.lt(&t, l) == Tri::True) {
                least = Some(t.clone());
            }
        }
        let Some(least) = least else { return false };
        if ctx.lt(&self.limit, &least) == Tri::True {
            return true;
        }
        if ctx.exp(&mut t, &least).is_ok() {
            ctx.add(&mut u, &self.gathered, &t);
            std::mem::swap(&mut self.gathered, &mut u);
            ctx.ln(&mut ln, &self.gathered);
        }
        ctx.lt(&self.limit, &ln) == Tri::True
    }
}

impl<C: Context> Watcher<C> {
    /// Whether a step adds a fair part of `s` to `s`, again and again until a horizon far away.
    fn is_creeping(&self, s: &C::Num, gained: &C::Num) -> bool {
        let ctx = &self.ctx;
        let (Some(at), Some(gained)) = (ctx.lg(s), ctx.lg(gained)) else { return false };
        let far = match self.horizon {
            Horizon::S(_) => ctx.lg(&self.limit).is_some_and(|limit| limit - at > CREEPING * LG_ONE),
            Horizon::LogT(_) => true,
            Horizon::Tau(_) | Horizon::BlowUp { .. } => false,
        };
        far && at > CREEPING * LG_ONE && gained > at - CREEP * LG_ONE
    }
}

impl<C: Context> Observer<C> for Watcher<C> {
    fn step(&mut self, view: &StepView<C>) -> Signal {
        if let Some(leaders) = &mut self.leaders {
            leaders.step(view);
        }
        let Some(step) = view.step() else { return Signal::Go };
        let ctx = &self.ctx.clone();
        let (s, gained) = match self.s_component {
            Some(c) => {
                let series = view.trajectory.component(step, c);
                let s = ode::horner(ctx, series, &step.length);
                let mut gained = ctx.zero();
                ctx.sub(&mut gained, &s, &series[0]);
                // `s' > 0` and bounded only where the weights grow without bound.
                let digits = match self.horizon {
                    Horizon::BlowUp { digits } => digits,
                    // `t` runs to infinity at a blow-up, to a finite value at a collapse.
                    Horizon::LogT(_) if self.clock == Clock::Deep => u32::MAX,
                    _ => ctx.digits(),
                };
                self.ends = match (ctx.lg(&gained), ctx.lg(&s)) {
                    (Some(g), Some(s)) => digits != u32::MAX && g < s - i64::from(digits) * LG_TEN,
                    (None, _) => digits != u32::MAX,
                    _ => false,
                };
                (s, gained)
            }
            None => {
                let s = view.trajectory.end_of(step);
                if let (true, Some(h), Some(at)) = (self.may_collapse, ctx.lg(&step.length), ctx.lg(&s)) {
                    // The last step to a horizon is cut short, which announces nothing.
                    let last = matches!(self.horizon, Horizon::S(_)) && ctx.lt(&s, &self.limit) != Tri::True;
                    self.ends = !last && h < at - SHRUNK * LG_ONE;
                }
                (s, step.length.clone())
            }
        };
        let done = match self.horizon {
            Horizon::S(_) => ctx.lt(&s, &self.limit) != Tri::True,
            Horizon::LogT(_) => self.passed(view, step, &s),
            Horizon::Tau(_) | Horizon::BlowUp { .. } => false,
        };
        self.creeps = !done && self.may_creep && self.is_creeping(&s, &gained);
        if done || self.ends || self.creeps { Signal::Stop } else { Signal::Go }
    }
}
