//! The original time of a path, as `log t = z + rest`.
//!
//! `t = integral (e^z growth + drift) dx`, `z` the reference margin at the perturbed point. Where `z` is large only
//! its last `D ln 10` units matter: the integral is taken backwards from the endpoint in pieces over which `z`
//! changes by a few tens at most, each by the Taylor series of `e^(z - z_end)` in the local offset, and what lies
//! before is dropped once its bound is below the digits carried. `z` itself may be `10^1000`: only differences
//! within the window are ever formed (proofs/rescaling.md, "The clock as a pair").

use super::system::clock_tape;
use super::window::{Pieces, Window};
use crate::arith::{Context, Fault, Sign, Tri};
use crate::ode::{Root, Run, Stepper, first_root, horner, horner_derivative};
use crate::sam::{Clock, Flow, Mode};
use rug::Rational;
use std::collections::HashMap;

/// `log t = z + rest`.
#[derive(Clone, Debug)]
pub struct LogTime<T> {
    pub z: T,
    pub rest: T,
}

/// Lazily integrated clock of one run.
#[derive(Clone, Debug)]
pub(super) struct LogClock<C: Context> {
    ctx: C,
    steppers: Steppers<C>,
    series: HashMap<usize, Pieces<C::Num>>,
    /// `z` at the start of each step.
    starts: Vec<C::Num>,
    /// `log integral` up to the start of a step, where it had to be known.
    before: HashMap<usize, LogTime<C::Num>>,
    window: Window<C>,
}

/// Expand the flow of a mode with `z` and the growth factor along it.
#[derive(Clone, Debug)]
struct Steppers<C: Context> {
    ctx: C,
    of_mode: HashMap<usize, Stepper<C>>,
}

impl<C: Context> Steppers<C> {
    fn of(&mut self, flow: &Flow, run: &Run<C, Mode>, mode: usize) -> &mut Stepper<C> {
        let ctx = &self.ctx;
        self.of_mode.entry(mode).or_insert_with(|| {
            let tape = clock_tape(flow, &run.modes[mode]);
            let dimension = flow.dimension();
            Stepper::new(ctx, tape, dimension, run.trajectory.stride - 1).watching(dimension)
        })
    }

    /// Up to this many terms of `z` and growth a change of variable costs less than to expand the flow again: its products,
    /// half the square of their number for either, are some thirty times as dear as those of a convolution.
    fn short(&mut self, flow: &Flow, run: &Run<C, Mode>, mode: usize) -> usize {
        let twice = 2.0 * self.of(flow, run, mode).convolutions();
        run.trajectory.stride * (2 * twice as usize).isqrt() / 16
    }

    /// `z` and growth from an offset of step `i` on: the flow is expanded again there. What is left of the step is no longer
    /// than the radius of convergence there allows, which is at most `v` less than at the start of the step.
    fn pieces(&mut self, flow: &Flow, run: &Run<C, Mode>, i: usize, v: &C::Num) -> Result<Pieces<C::Num>, Fault> {
        let step = &run.trajectory.steps[i];
        let dimension = run.trajectory.dimension;
        let state = match self.ctx.sign(v) {
            Sign::Zero => run.trajectory.start_of(step),
            _ => run.trajectory.state_in(i, v),
        };
        let stepper = self.of(flow, run, step.mode);
        stepper.foresee(&step.length);
        stepper.expand(&state, run.trajectory.stride - 1)?;
        let read = |o: usize| stepper.jet.output(dimension + o).to_vec();
        Ok(Pieces { z: read(0), growth: read(1) })
    }
}

impl<C: Context> LogClock<C> {
    pub fn new(ctx: &C) -> Self {
        LogClock {
            ctx: ctx.clone(),
            steppers: Steppers { ctx: ctx.clone(), of_mode: HashMap::new() },
            series: HashMap::new(),
            starts: Vec::new(),
            before: HashMap::new(),
            window: Window::new(ctx),
        }
    }

    /// `z` and growth along a step.
    fn prepare(&mut self, flow: &Flow, run: &Run<C, Mode>, i: usize) -> Result<(), Fault> {
        if !self.series.contains_key(&i) {
            let pieces = self.steppers.pieces(flow, run, i, &self.ctx.zero())?;
            self.series.insert(i, pieces);
        }
        Ok(())
    }

    /// `integral e^(z - z_end) growth` over step `i` up to an offset of it, see [`Window::over_step`].
    fn share(
        &mut self,
        flow: &Flow,
        run: &Run<C, Mode>,
        (i, from): (usize, &C::Num),
        offset: C::Num,
        reference: &C::Num,
    ) -> Result<C::Num, Fault> {
        self.prepare(flow, run, i)?;
        let short = self.steppers.short(flow, run, run.trajectory.steps[i].mode);
        let LogClock { steppers, series, window, .. } = self;
        window.over_step((&series[&i], short), from, offset, reference, |v| steppers.pieces(flow, run, i, v))
    }

    /// `z` at the start of every step.
    fn prepare_starts(&mut self, flow: &Flow, run: &Run<C, Mode>) -> Result<(), Fault> {
        for i in self.starts.len()..run.trajectory.steps.len() {
            let step = &run.trajectory.steps[i];
            let dimension = run.trajectory.dimension;
            let stepper = self.steppers.of(flow, run, step.mode);
            stepper.expand(&run.trajectory.start_of(step), 0)?;
            let z = stepper.jet.output(dimension)[0].clone();
            self.starts.push(z);
        }
        Ok(())
    }

    /// The step and the offset where `z` first passes the value on its way up; `None` where no step does.
    pub fn where_z_is(
        &mut self,
        flow: &Flow,
        run: &Run<C, Mode>,
        value: &C::Num,
    ) -> Result<Option<(usize, C::Num)>, Fault> {
        let after = self.crossing(flow, run, value)?.unwrap_or(run.trajectory.steps.len());
        let Some(i) = after.checked_sub(1) else { return Ok(None) };
        self.prepare(flow, run, i)?;
        let mut series = self.series[&i].z.clone();
        let mut gap = self.ctx.zero();
        self.ctx.sub(&mut gap, &series[0], value);
        series[0] = gap;
        Ok(match first_root(&self.ctx, &series, &run.trajectory.steps[i].length, 0) {
            Root::At(v) => Some((i, v)),
            Root::None | Root::Undecided => None,
        })
    }

    /// The series over step `i`, where an integral has had to look at it.
    pub fn pieces(&self, i: usize) -> Option<&Pieces<C::Num>> {
        self.series.get(&i)
    }

    /// `log(growth / z')` at an offset of a prepared step: what `log t - z` tends to. `None` where `z` does not grow.
    pub fn asymptotic_rest(&self, i: usize, v: &C::Num) -> Option<C::Num> {
        let ctx = &self.ctx;
        let pieces = self.series.get(&i)?;
        let (growth, slope) = (horner(ctx, &pieces.growth, v), horner_derivative(ctx, &pieces.z, v));
        if ctx.sign(&growth) != Sign::Positive || ctx.sign(&slope) != Sign::Positive {
            return None;
        }
        let (mut ratio, mut rest) = (ctx.zero(), ctx.zero());
        ctx.div(&mut ratio, &growth, &slope);
        ctx.ln(&mut rest, &ratio);
        Some(rest)
    }

    /// The first step at whose start `z` exceeds `target`.
    pub fn crossing(&mut self, flow: &Flow, run: &Run<C, Mode>, target: &C::Num) -> Result<Option<usize>, Fault> {
        self.prepare_starts(flow, run)?;
        Ok(self.starts.iter().position(|z| self.ctx.lt(target, z) == Tri::True))
    }

    /// `log t` at offset `v` into step `i`; `s` is the rescaled time there. `None` at `t = 0`.
    pub fn log_t(
        &mut self,
        flow: &Flow,
        run: &Run<C, Mode>,
        i: usize,
        v: &C::Num,
        s: &C::Num,
    ) -> Result<Option<LogTime<C::Num>>, Fault> {
        let ctx = self.ctx.clone();
        if flow.clock == Clock::LogTime {
            // tau = log(1 + t) is the variable itself: log t = tau + log(1 - e^-tau).
            if ctx.sign(s) == Sign::Zero {
                return Ok(None);
            }
            let (mut a, mut b) = (ctx.zero(), ctx.zero());
            ctx.neg(&mut a, s);
            if ctx.exp(&mut b, &a).is_err() {
                return Ok(Some(LogTime { z: s.clone(), rest: ctx.zero() }));
            }
            ctx.sub(&mut a, &ctx.rational(&Rational::from(1)), &b);
            ctx.ln(&mut b, &a);
            return Ok(Some(LogTime { z: s.clone(), rest: b }));
        }
        let Some(grown) = self.integral(flow, run, i, v)? else { return Ok(None) };
        let single = flow.setting.samples() == 1;
        if !single || ctx.sign(s) != Sign::Positive {
            return Ok(Some(grown));
        }
        // One sample: the drift integrates to s exactly. log(e^a + s) with a = z + rest.
        let (mut total, mut gap, mut ratio, mut one_more, mut out) =
            (ctx.zero(), ctx.zero(), ctx.zero(), ctx.zero(), ctx.zero());
        let mut ln_s = ctx.zero();
        ctx.ln(&mut ln_s, s);
        ctx.add(&mut total, &grown.z, &grown.rest);
        ctx.sub(&mut gap, &ln_s, &total);
        let mut floor = ctx.zero();
        ctx.neg(&mut floor, &self.window.width);
        if ctx.lt(&gap, &floor) == Tri::True {
            return Ok(Some(grown));
        }
        ctx.exp(&mut ratio, &gap)?;
        ctx.add(&mut one_more, &ratio, &ctx.rational(&Rational::from(1)));
        ctx.ln(&mut ratio, &one_more);
        ctx.add(&mut out, &grown.rest, &ratio);
        Ok(Some(LogTime { z: grown.z, rest: out }))
    }

    /// `log integral_0 e^z growth dx` up to offset `v` of step `i`; `None` when that is nothing. Walks back step by
    /// step until what is left is negligible, known, or nothing.
    fn integral(
        &mut self,
        flow: &Flow,
        run: &Run<C, Mode>,
        i: usize,
        v: &C::Num,
    ) -> Result<Option<LogTime<C::Num>>, Fault> {
        self.prepare_starts(flow, run)?;
        let ctx = self.ctx.clone();
        self.prepare(flow, run, i)?;
        let z_end = horner(&ctx, &self.series[&i].z, v);
        self.fill_before(flow, run, i, &z_end)?;
        // Shares of e^z_end: of the step the endpoint lies in, and of the steps before.
        let (mut own, mut earlier) = (ctx.zero(), ctx.zero());
        let (mut t, mut u) = (ctx.zero(), ctx.zero());
        let mut complete = true;
        for k in (0..=i).rev() {
            let whole = run.trajectory.steps[k].length.clone();
            let from = if k == i { v } else { &whole };
            self.prepare(flow, run, k)?;
            let mut offset = ctx.zero();
            ctx.sub(&mut offset, &horner(&ctx, &self.series[&k].z, from), &z_end);
            let reference = {
                ctx.add(&mut t, &own, &earlier);
                t.clone()
            };
            let part = self.share(flow, run, (k, from), offset, &reference)?;
            if k == i {
                own = part;
            } else {
                ctx.add(&mut u, &earlier, &part);
                std::mem::swap(&mut earlier, &mut u);
            }
            if k == 0 {
                break;
            }
            if let Some(before) = self.before.get(&k) {
                ctx.sub(&mut t, &before.z, &z_end);
                ctx.add(&mut u, &t, &before.rest);
                ctx.exp(&mut t, &u)?;
                ctx.add(&mut u, &earlier, &t);
                std::mem::swap(&mut earlier, &mut u);
                break;
            }
            // Everything before is at most x * max e^z, with z largest at a step boundary.
            let mut bound = ctx.zero();
            let highest = self.starts[..=k].iter().reduce(|m, z| if ctx.lt(m, z) == Tri::True { z } else { m });
            ctx.sub(&mut bound, highest.unwrap_or(&z_end), &z_end);
            ctx.ln(&mut t, &run.trajectory.steps[k].start);
            ctx.add(&mut u, &bound, &t);
            ctx.add(&mut t, &own, &earlier);
            if self.window.negligible(&t, &u) {
                complete = false;
                break;
            }
        }
        if complete
            && i > 0
            && let Some(known) = self.logarithm(z_end.clone(), &earlier)
        {
            self.before.insert(i, known);
        }
        ctx.add(&mut t, &own, &earlier);
        Ok(self.logarithm(z_end, &t))
    }

    /// Where nothing up to step `i` is negligible, adds the steps up from the start, each of them once for all places asked.
    fn fill_before(&mut self, flow: &Flow, run: &Run<C, Mode>, i: usize, z_end: &C::Num) -> Result<(), Fault> {
        let ctx = self.ctx.clone();
        let (mut gap, mut size) = (ctx.zero(), ctx.zero());
        for z in &self.starts[..=i] {
            ctx.sub(&mut gap, z, z_end);
            ctx.abs(&mut size, &gap);
            if ctx.lt(&size, &self.window.width) != Tri::True {
                return Ok(());
            }
        }
        let known = (1..=i).rev().find(|k| self.before.contains_key(k)).unwrap_or(0);
        for k in known..i {
            self.prepare(flow, run, k)?;
            let length = &run.trajectory.steps[k].length;
            let z = horner(&ctx, &self.series[&k].z, length);
            let (mut earlier, mut t, mut u) = (ctx.zero(), ctx.zero(), ctx.zero());
            if let Some(before) = self.before.get(&k) {
                ctx.sub(&mut t, &before.z, &z);
                ctx.add(&mut u, &t, &before.rest);
                ctx.exp(&mut earlier, &u)?;
            }
            let part = self.share(flow, run, (k, length), ctx.zero(), &ctx.zero())?;
            ctx.add(&mut t, &earlier, &part);
            let Some(sum) = self.logarithm(z, &t) else { return Ok(()) };
            self.before.insert(k + 1, sum);
        }
        Ok(())
    }

    fn logarithm(&self, z: C::Num, sum: &C::Num) -> Option<LogTime<C::Num>> {
        if self.ctx.sign(sum) != Sign::Positive {
            return None;
        }
        let mut rest = self.ctx.zero();
        self.ctx.ln(&mut rest, sum);
        Some(LogTime { z, rest })
    }
}
