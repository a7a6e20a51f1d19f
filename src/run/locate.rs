//! Places on a path: the clock's own variable at a rescaled time, and at a value of `log t`.

use super::log_clock::LogTime;
use super::path::Path;
use super::window::integral_of_exp;
use crate::arith::{Context, Fault, LG_ONE, Sign, Tri};
use crate::ode::{LG_TEN, Root, first_root, horner, horner_derivative, shift_to};
use crate::sam::Clock;
use rug::Rational;

/// Integrals of `log t` before the secant on the growing side is given up: it gains digits at every round or not at all.
const MAX_SECANTS: usize = 16;

impl<C: Context> Path<C> {
    /// The clock's variable at rescaled time `s`; `None` where the path does not reach it.
    pub fn x_of_s(&self, s: &C::Num) -> Option<C::Num> {
        if !self.flow.clock.carries_s() {
            return self.run.trajectory.state(s).map(|_| s.clone());
        }
        let trajectory = &self.run.trajectory;
        let c = self.flow.states();
        let after =
            trajectory.steps.partition_point(|step| self.ctx.lt(s, &trajectory.component(step, c)[0]) != Tri::True);
        let i = after.checked_sub(1)?;
        let step = &trajectory.steps[i];
        let mut series = trajectory.component(step, c).to_vec();
        let mut gap = self.ctx.zero();
        self.ctx.sub(&mut gap, &series[0], s);
        let mut x = self.ctx.zero();
        if self.ctx.sign(&gap) == Sign::Zero {
            return Some(step.start.clone());
        }
        series[0] = gap;
        match first_root(&self.ctx, &series, &step.length, 0) {
            Root::At(v) => {
                self.ctx.add(&mut x, &step.start, &v);
                Some(x)
            }
            _ if i + 1 < trajectory.steps.len() => Some(trajectory.steps[i + 1].start.clone()),
            _ => None,
        }
    }

    /// The clock's variable where `log t` has the value `target`; `None` where the path does not reach it.
    ///
    /// # Errors
    /// The range loss of the arithmetic.
    pub fn x_of_log_t(&mut self, target: &C::Num) -> Result<Option<C::Num>, Fault> {
        let ctx = self.ctx.clone();
        if let Some(x) = self.x_on_the_growing_side(target)? {
            return Ok(Some(x));
        }
        if ctx.sign(target) == Sign::Negative
            && let Some(x) = self.x_near_the_start(target)?
        {
            return Ok(Some(x));
        }
        self.x_by_bisection(target)
    }

    /// Where `z` grows, `log t = z + rest` with a `rest` that changes by `O(1/z)` of what `z` does: `z = target - rest`
    /// is solved on the polynomials of the path, `rest` is read there by one integral, and a secant on `rest` does what
    /// is left. `None` where the path is not of that kind.
    fn x_on_the_growing_side(&mut self, target: &C::Num) -> Result<Option<C::Num>, Fault> {
        let ctx = self.ctx.clone();
        if self.flow.clock == Clock::LogTime {
            return Ok(None);
        }
        let Some((i, v)) = self.clock.where_z_is(&self.flow, &self.run, target)? else { return Ok(None) };
        let Some(rest) = self.clock.asymptotic_rest(i, &v) else { return Ok(None) };
        // d miss / d rest = -1 + O(1/z).
        self.secant(target, rest, -1, |path, rest| {
            let (mut wanted, mut x) = (ctx.zero(), ctx.zero());
            ctx.sub(&mut wanted, target, rest);
            let Some((i, v)) = path.clock.where_z_is(&path.flow, &path.run, &wanted)? else { return Ok(None) };
            ctx.add(&mut x, &path.run.trajectory.steps[i].start, &v);
            Ok(Some(x))
        })
    }

    /// In the first step, where `log t = ln x + O(1)`: a secant in `ln x`. `None` where it leaves that step.
    fn x_near_the_start(&mut self, target: &C::Num) -> Result<Option<C::Num>, Fault> {
        let ctx = self.ctx.clone();
        let Some(first) = self.run.trajectory.steps.first().map(|step| step.length.clone()) else { return Ok(None) };
        self.secant(target, target.clone(), 1, |_, ln_x| {
            let mut x = ctx.zero();
            ctx.exp(&mut x, ln_x)?;
            Ok((ctx.lt(&x, &first) == Tri::True).then_some(x))
        })
    }

    /// The place `x(u)` where `log t` is `target`, by secants in `u` from a first slope of `log t` of 1 or -1. `None`
    /// where they do not converge or `x(u)` does not exist.
    fn secant(
        &mut self,
        target: &C::Num,
        mut u: C::Num,
        first_slope: i32,
        place: impl Fn(&mut Self, &C::Num) -> Result<Option<C::Num>, Fault>,
    ) -> Result<Option<C::Num>, Fault> {
        let ctx = self.ctx.clone();
        let floor = i64::from(ctx.digits()) * LG_TEN;
        let (mut t, mut w) = (ctx.zero(), ctx.zero());
        let mut previous: Option<(C::Num, C::Num)> = None;
        let mut last = i64::MAX;
        for _ in 0..MAX_SECANTS {
            let Some(x) = place(self, &u)? else { return Ok(None) };
            let Some(seen) = self.log_t(&x)? else { return Ok(None) };
            let mut miss = ctx.zero();
            ctx.add(&mut t, &seen.z, &seen.rest);
            ctx.sub(&mut miss, &t, target);
            match (ctx.lg(&miss), ctx.lg(target)) {
                (None, _) => return Ok(Some(x)),
                // To the last digits, or as near as the rounding of log t lets it come.
                (Some(m), Some(at)) if m < at - floor + 3 * LG_ONE || (m < at - floor / 2 && m >= last) => {
                    return Ok(Some(x));
                }
                (Some(m), _) => last = m,
            }
            // Near enough one local series ends the search; the integral there has the last word.
            if let Some(x) = self.nearby(&x, &seen, target)
                && let Some(seen) = self.log_t(&x)?
            {
                ctx.add(&mut t, &seen.z, &seen.rest);
                ctx.sub(&mut w, &t, target);
                if ctx.lg(&w).is_none_or(|m| m < ctx.lg(target).unwrap_or(0) - floor + 3 * LG_ONE) {
                    return Ok(Some(x));
                }
            }
            let mut step = ctx.zero();
            match &previous {
                Some((before, missed)) => {
                    ctx.sub(&mut t, &u, before);
                    ctx.sub(&mut w, &miss, missed);
                    if ctx.sign(&w) == Sign::Zero {
                        return Ok(None);
                    }
                    let mut inverse = ctx.zero();
                    ctx.div(&mut inverse, &t, &w);
                    ctx.mul(&mut step, &miss, &inverse);
                }
                None if first_slope < 0 => ctx.neg(&mut step, &miss),
                None => ctx.set(&mut step, &miss),
            }
            previous = Some((u.clone(), miss));
            ctx.sub(&mut t, &u, &step);
            std::mem::swap(&mut u, &mut t);
        }
        Ok(None)
    }

    /// From a place where `log t` has been integrated to the one where it is `target`, without another integral:
    /// `t(x + d) / t(x) = 1 + e^(z - log t) integral_0^d e^(z(x + y) - z(x)) growth dy`, the integrand by its Taylor series
    /// and `d` by Newton's method; for one sample with the drift, which integrates to `s`. `None` where `d` is not small against
    /// the step. How many terms are kept is an estimate: what comes of it is to be seen at the next integral.
    fn nearby(&self, x: &C::Num, seen: &LogTime<C::Num>, target: &C::Num) -> Option<C::Num> {
        let ctx = &self.ctx;
        let i = self.run.trajectory.locate(x)?;
        let step = &self.run.trajectory.steps[i];
        let pieces = self.clock.pieces(i)?;
        let (mut t, mut u, mut v) = (ctx.zero(), ctx.zero(), ctx.zero());
        ctx.sub(&mut v, x, &step.start);
        // wanted = (e^(target - log t) - 1) e^(rest): the integral in units of e^z(x).
        ctx.sub(&mut t, target, &seen.z);
        ctx.sub(&mut u, &t, &seen.rest);
        ctx.exp(&mut t, &u).ok()?;
        ctx.sub(&mut u, &t, &ctx.rational(&Rational::from(1)));
        ctx.exp(&mut t, &seen.rest).ok()?;
        let mut wanted = ctx.zero();
        ctx.mul(&mut wanted, &u, &t);
        let (growth, slope) = (horner(ctx, &pieces.growth, &v), horner_derivative(ctx, &pieces.z, &v));
        let mut d = ctx.zero();
        ctx.div(&mut d, &wanted, &growth);
        // Terms that fall like the change of z, or like d over the step.
        let size = ctx.lg(&d)?;
        let fall = (size - ctx.lg(&step.length)?).max(size + ctx.lg(&slope)?);
        if fall > -2 * LG_ONE {
            return None;
        }
        let terms = usize::try_from(i64::from(ctx.digits()) * LG_TEN / -fall).ok()? * 5 / 4 + 8;
        let terms = terms.min(pieces.z.len());
        let (z, growth) = (shift_to(ctx, &pieces.z, &v, terms), shift_to(ctx, &pieces.growth, &v, terms));
        let mut series = integral_of_exp(ctx, &z, &growth, terms, |_| ctx.digits());
        ctx.neg(&mut t, &seen.z);
        if self.flow.setting.samples() == 1 && ctx.exp(&mut u, &t).is_ok() {
            match self.flow.clock.carries_s() {
                true => {
                    let s = shift_to(ctx, self.run.trajectory.component(step, self.flow.states()), &v, terms);
                    for (a, s) in series.iter_mut().zip(&s).skip(1) {
                        ctx.mul_add(a, s, &u);
                    }
                }
                false => {
                    ctx.add(&mut t, &series[1], &u);
                    std::mem::swap(&mut series[1], &mut t);
                }
            }
        }
        for _ in 0..64 {
            let (value, rate) = (horner(ctx, &series, &d), horner_derivative(ctx, &series, &d));
            ctx.sub(&mut t, &value, &wanted);
            ctx.div(&mut u, &t, &rate);
            ctx.sub(&mut t, &d, &u);
            std::mem::swap(&mut d, &mut t);
            match (ctx.lg(&u), ctx.lg(&d)) {
                (Some(change), Some(size)) if change > size - i64::from(ctx.digits()) * LG_TEN + 4 * LG_ONE => {}
                _ => break,
            }
        }
        ctx.add(&mut t, x, &d);
        (ctx.sign(&t) == Sign::Positive).then_some(t)
    }

    fn x_by_bisection(&mut self, target: &C::Num) -> Result<Option<C::Num>, Fault> {
        let ctx = self.ctx.clone();
        let Some(end) = self.run.trajectory.end() else { return Ok(None) };
        let below = |path: &mut Self, x: &C::Num| -> Result<bool, Fault> {
            Ok(match path.gap_to(x, target)? {
                None => true,
                Some(gap) => ctx.sign(&gap) == Sign::Negative,
            })
        };
        if below(self, &end)? {
            return Ok(None);
        }
        // The step: from the one where `z` itself passes the target, in doubling strides, then by halves.
        let steps = self.run.trajectory.steps.len();
        let guess = self.clock.crossing(&self.flow, &self.run, target)?.unwrap_or(steps);
        let hint = guess.min(steps - 1);
        let (mut first, mut last) = (0, steps);
        let mut stride = 1;
        if below(self, &self.run.trajectory.steps[hint].start.clone())? {
            first = hint;
            while first + stride < steps && last == steps {
                let i = first + stride;
                if below(self, &self.run.trajectory.steps[i].start.clone())? {
                    first = i
                } else {
                    last = i
                }
                stride *= 2;
            }
        } else {
            last = hint;
            while last > stride && first == 0 {
                let i = last - stride;
                if below(self, &self.run.trajectory.steps[i].start.clone())? {
                    first = i
                } else {
                    last = i
                }
                stride *= 2;
            }
        }
        while last - first > 1 {
            let mid = first.midpoint(last);
            if below(self, &self.run.trajectory.steps[mid].start.clone())? { first = mid } else { last = mid }
        }
        let mut lo = self.run.trajectory.steps[first].start.clone();
        let mut hi = self.run.trajectory.end_of(&self.run.trajectory.steps[first]);
        let (mut x, mut t) = (ctx.zero(), ctx.zero());
        ctx.add(&mut t, &lo, &hi);
        ctx.div_u32(&mut x, &t, 2);
        let precision = i64::from(ctx.digits()) * LG_TEN;
        // Secant steps through the last two points, kept inside the bracket; a bisection where they leave it.
        let mut previous: Option<(C::Num, C::Num)> = None;
        let mut last_step = i64::MAX;
        for round in 0u32..4 * ctx.digits() + 200 {
            let Some(seen) = self.log_t(&x)? else {
                lo = x.clone();
                ctx.add(&mut t, &lo, &hi);
                ctx.div_u32(&mut x, &t, 2);
                continue;
            };
            let gap = self.gap(&seen, target);
            match ctx.sign(&gap) {
                Sign::Zero => return Ok(Some(x)),
                Sign::Negative => lo = x.clone(),
                _ => hi = x.clone(),
            }
            let mut next = None;
            if let Some(near) = self.nearby(&x, &seen, target) {
                ctx.sub(&mut t, &near, &x);
                if ctx.lg(&t).is_none_or(|moved| ctx.lg(&x).is_some_and(|at| moved < at - precision + 3 * LG_ONE)) {
                    return Ok(Some(near));
                }
                if ctx.lt(&lo, &near) == Tri::True && ctx.lt(&near, &hi) == Tri::True {
                    next = Some(near);
                }
            }
            if let Some((px, pg)) = &previous {
                let (mut dx, mut dg, mut step) = (ctx.zero(), ctx.zero(), ctx.zero());
                ctx.sub(&mut dx, &x, px);
                ctx.sub(&mut dg, &gap, pg);
                ctx.mul(&mut t, &gap, &dx);
                ctx.div(&mut step, &t, &dg);
                ctx.sub(&mut t, &x, &step);
                match (ctx.lg(&step), ctx.lg(&x)) {
                    (None, _) => return Ok(Some(x)),
                    // Converged, or as near as the rounding of log t lets it come.
                    (Some(ds), Some(at)) if ds < at - precision || (ds < at - precision / 2 && ds >= last_step) => {
                        return Ok(Some(x));
                    }
                    (Some(ds), _) => last_step = ds,
                }
                if next.is_none() && ctx.lt(&lo, &t) == Tri::True && ctx.lt(&t, &hi) == Tri::True {
                    next = Some(t.clone());
                }
            }
            previous = Some((x.clone(), gap));
            // Every fourth round far from convergence halves, so that no bracket is crept through.
            if round % 4 == 3 && last_step > ctx.lg(&x).unwrap_or(0) - precision / 8 {
                next = None;
            }
            x = next.unwrap_or_else(|| {
                let (mut sum, mut mid) = (ctx.zero(), ctx.zero());
                ctx.add(&mut sum, &lo, &hi);
                ctx.div_u32(&mut mid, &sum, 2);
                mid
            });
            ctx.sub(&mut t, &hi, &lo);
            match (ctx.lg(&t), ctx.lg(&x)) {
                (None, _) => return Ok(Some(x)),
                (Some(w), Some(at)) if w < at - precision => return Ok(Some(x)),
                _ => {}
            }
        }
        Ok(Some(x))
    }

    /// [`Path::gap`] at a place.
    fn gap_to(&mut self, x: &C::Num, target: &C::Num) -> Result<Option<C::Num>, Fault> {
        Ok(self.log_t(x)?.map(|seen| self.gap(&seen, target)))
    }

    /// `log(log t / target)` where both are large, `log t - target` otherwise; its sign is that of `log t - target`.
    fn gap(&self, seen: &LogTime<C::Num>, target: &C::Num) -> C::Num {
        let ctx = &self.ctx;
        let (mut total, mut out) = (ctx.zero(), ctx.zero());
        ctx.add(&mut total, &seen.z, &seen.rest);
        let ten = ctx.rational(&Rational::from(10));
        if ctx.lt(&ten, target) == Tri::True && ctx.sign(&total) == Sign::Positive {
            // Where log t grows exponentially its logarithm is nearly straight, which secants like.
            let mut ratio = ctx.zero();
            ctx.div(&mut ratio, &total, target);
            ctx.ln(&mut out, &ratio);
        } else {
            ctx.sub(&mut out, &total, target);
        }
        out
    }
}
