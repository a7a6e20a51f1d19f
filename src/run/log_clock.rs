//! The original time of a path, as `log t = z + rest`.
//!
//! `t = integral (e^z growth + drift) dx`, `z` the reference margin at the perturbed point. Where `z` is large only
//! its last `D ln 10` units matter: the integral is taken backwards from the endpoint in pieces over which `z`
//! changes by a few tens at most, each by the Taylor series of `e^(z - z_end)` in the local offset, and what lies
//! before is dropped once its bound is below the digits carried. `z` itself may be `10^1000`: only differences
//! within the window are ever formed (proofs/rescaling.md, "The clock as a pair").

use super::system::clock_tape;
use crate::arith::{Context, Fault, LG_ONE, Sign, Tri};
use crate::expr::Jet;
use crate::ode::{Root, Run, first_root, horner, horner_derivative, shift};
use crate::sam::{Clock, Flow, Mode};
use rug::Rational;
use std::collections::HashMap;

/// `log t = z + rest`.
#[derive(Clone, Debug)]
pub struct LogTime<T> {
    pub z: T,
    pub rest: T,
}

/// A piece of the integral is so short that on a circle of `RATIO` times its width `z` changes by at most `RATIO`
/// times `span`. With `n` coefficients of `e^z` it then errs by `e^(RATIO span) / RATIO^n` (Cauchy, see `width`), and
/// `n^2` times the number of pieces, `D ln 10 / span`, is least near `span = 3 D / 8`.
const RATIO: u32 = 6;

/// Where `z` falls the terms of `e^z` alternate: a longer piece would lose digits.
const SHORT_SPAN: u32 = 3;

/// Series of `z` and of the growth factor over one step.
#[derive(Clone, Debug)]
struct Pieces<T> {
    z: Vec<T>,
    growth: Vec<T>,
}

/// Lazily integrated clock of one run.
#[derive(Clone, Debug)]
pub(super) struct LogClock<C: Context> {
    ctx: C,
    jets: HashMap<usize, Jet<C>>,
    series: HashMap<usize, Pieces<C::Num>>,
    /// `z` at the start of each step.
    starts: Vec<C::Num>,
    /// `log integral` up to the start of a step, where it had to be known.
    before: HashMap<usize, LogTime<C::Num>>,
    exp_order: usize,
    /// Change of `z` over a piece on which it grows, at most.
    span: u32,
    /// `(D + 5) ln 10`.
    window: C::Num,
}

impl<C: Context> LogClock<C> {
    pub fn new(ctx: &C) -> Self {
        // n >= (D ln 10 + RATIO span) / ln RATIO; 1 / ln 6 < 0.56, ln 10 / ln 6 < 1.29.
        let span = SHORT_SPAN.max(ctx.digits() * 3 / 8);
        let exp_order = (ctx.digits() + 5) * 129 / 100 + RATIO * span * 56 / 100;
        let (mut ln10, mut window) = (ctx.zero(), ctx.zero());
        ctx.ln(&mut ln10, &ctx.rational(&Rational::from(10)));
        ctx.mul_u32(&mut window, &ln10, ctx.digits() + 5);
        LogClock {
            ctx: ctx.clone(),
            jets: HashMap::new(),
            series: HashMap::new(),
            starts: Vec::new(),
            before: HashMap::new(),
            exp_order: exp_order as usize + 1,
            span,
            window,
        }
    }

    fn jet(&mut self, flow: &Flow, run: &Run<C, Mode>, mode: usize) -> &mut Jet<C> {
        let ctx = &self.ctx;
        self.jets.entry(mode).or_insert_with(|| {
            let tape = clock_tape(flow, &run.modes[mode]);
            Jet::new(ctx, tape, flow.dimension(), run.trajectory.stride - 1)
        })
    }

    /// Composes `z` and growth with the path over a step.
    fn prepare(&mut self, flow: &Flow, run: &Run<C, Mode>, i: usize) -> Result<(), Fault> {
        if self.series.contains_key(&i) {
            return Ok(());
        }
        let step = &run.trajectory.steps[i];
        let stride = run.trajectory.stride;
        let jet = self.jet(flow, run, step.mode);
        for k in 0..stride {
            for j in 0..run.trajectory.dimension {
                jet.set_var(j, k, &step.coefficients[j * stride + k]);
            }
            jet.forward(k)?;
        }
        let pieces = Pieces { z: jet.output(0).to_vec(), growth: jet.output(1).to_vec() };
        self.series.insert(i, pieces);
        Ok(())
    }

    /// `z` at the start of every step.
    fn prepare_starts(&mut self, flow: &Flow, run: &Run<C, Mode>) -> Result<(), Fault> {
        for i in self.starts.len()..run.trajectory.steps.len() {
            let step = &run.trajectory.steps[i];
            let stride = run.trajectory.stride;
            let dimension = run.trajectory.dimension;
            let jet = self.jet(flow, run, step.mode);
            for j in 0..dimension {
                jet.set_var(j, 0, &step.coefficients[j * stride]);
            }
            jet.forward(0)?;
            let z = jet.output(0)[0].clone();
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
        Ok(match first_root(&self.ctx, &series, &run.trajectory.steps[i].length, false) {
            Root::At(v) => Some((i, v)),
            Root::None | Root::Undecided => None,
        })
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
        ctx.neg(&mut floor, &self.window);
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
            let part = self.over_step(k, from, offset, &reference)?;
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
            if self.negligible(&t, &u) {
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

    /// `integral e^(z - z_end) growth` over step `k` up to `from`, where `z - z_end = offset`; stops early where the
    /// rest is negligible beside `reference` and what it has.
    fn over_step(&self, k: usize, from: &C::Num, offset: C::Num, reference: &C::Num) -> Result<C::Num, Fault> {
        let ctx = &self.ctx;
        let (mut z, mut growth) = self.localise(&self.series[&k], from);
        let (mut sum, mut offset, mut at) = (ctx.zero(), offset, from.clone());
        let (mut t, mut u) = (ctx.zero(), ctx.zero());
        while ctx.sign(&at) == Sign::Positive {
            ctx.add(&mut t, reference, &sum);
            if self.negligible(&t, &offset) {
                break;
            }
            // About the left end of the piece, where e^z is smallest: the terms of its series add up.
            let width = self.width(&mut z, &mut growth, &at);
            let (part, rise) = self.piece(&z, &growth, &width)?;
            ctx.sub(&mut u, &offset, &rise);
            std::mem::swap(&mut offset, &mut u);
            ctx.exp(&mut t, &offset)?;
            ctx.mul_add(&mut sum, &t, &part);
            ctx.sub(&mut u, &at, &width);
            std::mem::swap(&mut at, &mut u);
        }
        Ok(sum)
    }

    /// Both series about the offset `v`, cut to the terms that the window below it can see, `z` without its value
    /// (only differences are formed).
    fn localise(&self, pieces: &Pieces<C::Num>, v: &C::Num) -> (Vec<C::Num>, Vec<C::Num>) {
        let ctx = &self.ctx;
        let (mut z, mut growth) = (shift(ctx, &pieces.z, v), shift(ctx, &pieces.growth, v));
        let mut reach = ctx.lg(v);
        if let (Some(slope), Some(window)) = (z.get(1).and_then(|a| ctx.lg(a)), ctx.lg(&self.window)) {
            // Twice the window, in x; further back nothing counts while z falls about as fast as here.
            reach = reach.map(|r| r.min(window - slope + LG_ONE));
        }
        if let Some(reach) = reach {
            let seen = |c: &[C::Num], floor: i64| {
                let size = |k: usize| ctx.lg(&c[k]).map(|l| l + reach * i64::try_from(k).unwrap_or(i64::MAX));
                (1..c.len()).rev().find(|&k| size(k).is_some_and(|l| l > floor)).unwrap_or(1) + 1
            };
            let floor = -self.floor_lg();
            z.truncate(seen(&z, floor));
            let lead = ctx.lg(&growth[0]).unwrap_or(0);
            growth.truncate(seen(&growth, lead + floor));
        }
        z[0] = ctx.zero();
        (z, growth)
    }

    fn logarithm(&self, z: C::Num, sum: &C::Num) -> Option<LogTime<C::Num>> {
        if self.ctx.sign(sum) != Sign::Positive {
            return None;
        }
        let mut rest = self.ctx.zero();
        self.ctx.ln(&mut rest, sum);
        Some(LogTime { z, rest })
    }

    /// Whether `e^offset` is below the digits carried of `sum`.
    fn negligible(&self, sum: &C::Num, offset: &C::Num) -> bool {
        let ctx = &self.ctx;
        if ctx.sign(sum) != Sign::Positive {
            return false;
        }
        let (mut ln, mut t) = (ctx.zero(), ctx.zero());
        ctx.ln(&mut ln, sum);
        ctx.sub(&mut t, &ln, &self.window);
        ctx.lt(offset, &t) == Tri::True
    }

    /// Moves both series back to the left end of the next piece and gives its width, at most `at`: on the circle of
    /// `RATIO` widths about that end `z` changes by at most `RATIO` times the span and the growth factor at most by
    /// eightfold, so that by Cauchy's estimate coefficient `n` of their product is below `9 e^(RATIO span) / RATIO^n`.
    fn width(&self, z: &mut Vec<C::Num>, growth: &mut Vec<C::Num>, at: &C::Num) -> C::Num {
        let ctx = &self.ctx;
        let rises = z.get(1).is_some_and(|slope| ctx.sign(slope) == Sign::Positive);
        let span = if rises { self.span } else { SHORT_SPAN };
        let (mut width, mut t, mut u) = (at.clone(), ctx.zero(), ctx.zero());
        if let Some(slope) = z.get(1)
            && ctx.sign(slope) != Sign::Zero
        {
            // A little less than the linear term allows, so that the curvature does not cost a halving.
            ctx.abs(&mut t, slope);
            ctx.div(&mut u, &ctx.rational(&Rational::from((7 * span, 8))), &t);
            if ctx.lt(&u, &width) == Tri::True {
                std::mem::swap(&mut width, &mut u);
            }
        }
        let limit = ctx.rational(&Rational::from(RATIO * span));
        let (mut radius, mut limit_growth) = (ctx.zero(), ctx.zero());
        loop {
            ctx.neg(&mut t, &width);
            let (left_z, left_growth) = (shift(ctx, z, &t), shift(ctx, growth, &t));
            ctx.mul_u32(&mut radius, &width, RATIO);
            ctx.abs(&mut t, &left_growth[0]);
            ctx.mul_u32(&mut limit_growth, &t, 8);
            let fits = |c: &[C::Num], limit: &C::Num| {
                let (mut bound, mut a, mut u) = (ctx.zero(), ctx.zero(), ctx.zero());
                for c in c[1..].iter().rev() {
                    ctx.abs(&mut a, c);
                    ctx.add(&mut u, &bound, &a);
                    ctx.mul(&mut bound, &u, &radius);
                }
                ctx.lt(limit, &bound) != Tri::True
            };
            if fits(&left_z, &limit) && fits(&left_growth, &limit_growth) {
                (*z, *growth) = (left_z, left_growth);
                z[0] = ctx.zero();
                return width;
            }
            ctx.div_u32(&mut u, &width, 2);
            std::mem::swap(&mut width, &mut u);
        }
    }

    /// `integral_0^width e^(z(y) - z(0)) growth(y) dy` and `z(width) - z(0)`, from series about the left end.
    fn piece(&self, z: &[C::Num], growth: &[C::Num], width: &C::Num) -> Result<(C::Num, C::Num), Fault> {
        let ctx = &self.ctx;
        // In xi = y / width: coefficients c_k width^k.
        let scaled = |c: &[C::Num], length: usize| {
            let (mut power, mut t) = (ctx.rational(&Rational::from(1)), ctx.zero());
            let mut out = Vec::with_capacity(length);
            for k in 0..length {
                let mut r = ctx.zero();
                if let Some(a) = c.get(k) {
                    ctx.mul(&mut r, a, &power);
                }
                out.push(r);
                ctx.mul(&mut t, &power, width);
                std::mem::swap(&mut power, &mut t);
            }
            out
        };
        let n = self.exp_order.max(z.len());
        let (zs, gs) = (scaled(z, n), scaled(growth, n));
        // Where the change of z is all in its first terms, the rest of the exponent series is zero to the digits.
        let live = 1 + zs.iter().rposition(|a| ctx.lg(a).is_some_and(|l| l > -self.floor_lg())).unwrap_or(0);
        let live_growth = 1 + match ctx.lg(&gs[0]) {
            Some(g0) => gs.iter().rposition(|a| ctx.lg(a).is_some_and(|l| l > g0 - self.floor_lg())).unwrap_or(0),
            None => n - 1,
        };
        let mut weighted = vec![ctx.zero(); live];
        let mut rise = ctx.zero();
        let mut t = ctx.zero();
        for k in 1..live {
            ctx.mul_u32(&mut weighted[k], &zs[k], u32::try_from(k).unwrap_or(u32::MAX));
        }
        for k in (1..n).rev() {
            ctx.add(&mut t, &rise, &zs[k]);
            std::mem::swap(&mut rise, &mut t);
        }
        let mut e: Vec<C::Num> = Vec::with_capacity(n);
        e.push(ctx.rational(&Rational::from(1)));
        for k in 1..n {
            let reach = k.min(live - 1);
            let mut r = ctx.zero();
            ctx.conv(&mut t, &weighted[1..=reach], &e[k - reach..k]);
            ctx.div_u32(&mut r, &t, u32::try_from(k).unwrap_or(u32::MAX));
            e.push(r);
        }
        let (mut integral, mut u) = (ctx.zero(), ctx.zero());
        for k in 0..n {
            let reach = (k + 1).min(live_growth);
            ctx.conv(&mut t, &gs[..reach], &e[k + 1 - reach..=k]);
            ctx.div_u32(&mut u, &t, u32::try_from(k + 1).unwrap_or(u32::MAX));
            ctx.add(&mut t, &integral, &u);
            std::mem::swap(&mut integral, &mut t);
        }
        ctx.mul(&mut t, &integral, width);
        Ok((t, rise))
    }

    /// `log2` of ten to the digits carried and a few more, in the fixed-point scale.
    fn floor_lg(&self) -> i64 {
        (i64::from(self.ctx.digits()) + 5) * crate::ode::LG_TEN
    }
}
