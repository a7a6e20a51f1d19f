//! `integral e^z growth dx` over the window that counts: the last `D ln 10` units of `z`, piece by piece, each by the
//! Taylor series of `e^z` in the local offset (proofs/rescaling.md, "The clock as a pair").

use crate::arith::{Context, Fault, LG_ONE, Sign, Tri};
use crate::ode::shift;
use rug::Rational;

/// A piece of the integral is so short that on a circle of `RATIO` times its width `z` changes by at most `RATIO`
/// times `span`. With `n` coefficients of `e^z` it then errs by `e^(RATIO span) / RATIO^n` (Cauchy, see `width`), and
/// `n^2` times the number of pieces, `D ln 10 / span`, is least near `span = 3 D / 8`.
const RATIO: u32 = 6;

/// Where `z` falls the terms of `e^z` alternate: a longer piece would lose digits.
const SHORT_SPAN: u32 = 3;

/// Digits that a piece has beyond those that its share of the integral needs.
const BESIDE: u64 = 10;
/// Digits of a piece, at least.
const LEAST: u32 = 20;
/// By so many digits numbers are shortened at once: one limb.
const STRIDE: u32 = 20;

/// Series of `z` and of the growth factor over one step.
#[derive(Clone, Debug)]
pub(super) struct Pieces<T> {
    pub z: Vec<T>,
    pub growth: Vec<T>,
}

/// The first `n + 1` Taylor coefficients of `integral_0^v e^(z(y) - z(0)) growth(y) dy`; both series are zero beyond their
/// lengths. `needed` says how many digits coefficient `k` of the integrand needs, fewer and fewer.
pub(super) fn integral_of_exp<C: Context>(
    ctx: &C,
    z: &[C::Num],
    growth: &[C::Num],
    n: usize,
    needed: impl Fn(usize) -> u32,
) -> Vec<C::Num> {
    let order = |k: usize| u32::try_from(k).unwrap_or(u32::MAX);
    let mut weighted = vec![ctx.zero(); z.len()];
    for (k, (w, z)) in weighted.iter_mut().zip(z).enumerate().skip(1) {
        ctx.mul_u32(w, z, order(k));
    }
    let (mut ctx, mut growth) = (ctx.clone(), growth.to_vec());
    let mut e: Vec<C::Num> = Vec::with_capacity(n);
    let mut out = vec![ctx.zero()];
    for k in 0..n {
        let fewer = ctx.coarser(needed(k).max(LEAST));
        if fewer.digits() + STRIDE <= ctx.digits() {
            ctx = fewer;
            (weighted, growth) = (rounded(&ctx, &weighted), rounded(&ctx, &growth));
            let used = k.saturating_sub(weighted.len().max(growth.len()));
            let last = rounded(&ctx, &e[used..]);
            e.splice(used.., last);
        }
        let (mut next, mut t) = (ctx.zero(), ctx.zero());
        if k == 0 {
            ctx.set_rational(&mut next, &Rational::from(1));
        } else {
            let reach = k.min(weighted.len() - 1);
            ctx.conv(&mut t, &weighted[1..=reach], &e[k - reach..k]);
            ctx.div_u32(&mut next, &t, order(k));
        }
        e.push(next);
        let reach = (k + 1).min(growth.len());
        ctx.conv(&mut t, &growth[..reach], &e[k + 1 - reach..=k]);
        let mut next = ctx.zero();
        ctx.div_u32(&mut next, &t, order(k + 1));
        out.push(next);
    }
    out
}

/// The numbers in the digits of a context.
fn rounded<C: Context>(ctx: &C, numbers: &[C::Num]) -> Vec<C::Num> {
    let round = |a| {
        let mut r = ctx.zero();
        ctx.set(&mut r, a);
        r
    };
    numbers.iter().map(round).collect()
}

/// Integrates over pieces, at the digits of a context.
#[derive(Clone, Debug)]
pub(super) struct Window<C: Context> {
    ctx: C,
    /// Change of `z` over a piece on which it grows, at most.
    span: u32,
    /// `(D + 5) ln 10`.
    pub width: C::Num,
}

impl<C: Context> Window<C> {
    pub fn new(ctx: &C) -> Self {
        let span = SHORT_SPAN.max(ctx.digits() * 3 / 8);
        let (mut ln10, mut window) = (ctx.zero(), ctx.zero());
        ctx.ln(&mut ln10, &ctx.rational(&Rational::from(10)));
        ctx.mul_u32(&mut window, &ln10, ctx.digits() + 5);
        Window { ctx: ctx.clone(), span, width: window }
    }

    /// `integral e^(z - z_end) growth` over a step up to `from`, where `z - z_end = offset`; stops early where the
    /// rest is negligible beside `reference` and what it has.
    pub fn over_step(
        &self,
        pieces: &Pieces<C::Num>,
        from: &C::Num,
        offset: C::Num,
        reference: &C::Num,
    ) -> Result<C::Num, Fault> {
        let ctx = &self.ctx;
        let (mut z, mut growth) = self.localise(pieces, from);
        let (mut sum, mut offset, mut at) = (ctx.zero(), offset, from.clone());
        let (mut t, mut u) = (ctx.zero(), ctx.zero());
        while ctx.sign(&at) == Sign::Positive {
            ctx.add(&mut t, reference, &sum);
            if self.negligible(&t, &offset) {
                break;
            }
            let coarse = self.coarser(&offset);
            (z, growth) = (rounded(&coarse.ctx, &z), rounded(&coarse.ctx, &growth));
            let left = rounded(&coarse.ctx, std::slice::from_ref(&at));
            // About the left end of the piece, where e^z is smallest: the terms of its series add up.
            let (width, order) = coarse.step_back(&mut z, &mut growth, &left[0]);
            let (part, rise) = coarse.piece(&z, &growth, &width, order)?;
            ctx.sub(&mut u, &offset, &rise);
            std::mem::swap(&mut offset, &mut u);
            ctx.exp(&mut t, &offset)?;
            ctx.mul_add(&mut sum, &t, &part);
            if coarse.ctx.lt(&width, &left[0]) != Tri::True {
                break;
            }
            ctx.sub(&mut u, &at, &width);
            std::mem::swap(&mut at, &mut u);
        }
        Ok(sum)
    }

    /// For a piece below which `z - z_end = offset`: what counts there by `e^offset` needs so many digits less.
    fn coarser(&self, offset: &C::Num) -> Self {
        let Some(down) = (-self.ctx.to_float(offset, 64)).to_integer() else { return self.clone() };
        // 1 / ln 10 > 0.434; where z falls, a piece reaches `SHORT_SPAN` above its end.
        let down = if down < 0 { 0 } else { u32::try_from(&down).unwrap_or(u32::MAX) };
        let spare = (u64::from(down) * 434 / 1000).saturating_sub(BESIDE);
        let digits = self.ctx.digits().saturating_sub(u32::try_from(spare).unwrap_or(u32::MAX)).max(LEAST);
        if digits >= self.ctx.digits() { self.clone() } else { Window::new(&self.ctx.coarser(digits)) }
    }

    /// Both series about the offset `v`, cut to the terms that the window below it can see, `z` without its value
    /// (only differences are formed).
    fn localise(&self, pieces: &Pieces<C::Num>, v: &C::Num) -> (Vec<C::Num>, Vec<C::Num>) {
        let ctx = &self.ctx;
        let (mut z, mut growth) = (shift(ctx, &pieces.z, v), shift(ctx, &pieces.growth, v));
        let mut reach = ctx.lg(v);
        if let (Some(slope), Some(window)) = (z.get(1).and_then(|a| ctx.lg(a)), ctx.lg(&self.width)) {
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

    /// Whether `e^offset` is below the digits carried of `sum`.
    pub fn negligible(&self, sum: &C::Num, offset: &C::Num) -> bool {
        let ctx = &self.ctx;
        if ctx.sign(sum) != Sign::Positive {
            return false;
        }
        let (mut ln, mut t) = (ctx.zero(), ctx.zero());
        ctx.ln(&mut ln, sum);
        ctx.sub(&mut t, &ln, &self.width);
        ctx.lt(offset, &t) == Tri::True
    }

    /// Terms of the series of `e^z` on a piece about which `z` moves by at most `rise` on a circle of `RATIO` widths:
    /// `n >= (D ln 10 + rise) / ln RATIO`; `1 / ln 6 < 0.56`, `ln 10 / ln 6 < 1.29`.
    fn order(&self, rise: &C::Num) -> usize {
        let rise = self.ctx.to_float(rise, 64).ceil().to_u32_saturating().unwrap_or(0).min(RATIO * self.span);
        ((self.ctx.digits() + 5) * 129 / 100 + rise * 56 / 100) as usize + 1
    }

    /// Moves both series back to the left end of the next piece; its width, at most `at`, and the order to use there: on
    /// the circle of `RATIO` widths about that end `z` changes by at most `RATIO` times the span and the growth factor at
    /// most by eightfold, so that by Cauchy's estimate coefficient `n` of their product is below `9 e^rise / RATIO^n`.
    fn step_back(&self, z: &mut Vec<C::Num>, growth: &mut Vec<C::Num>, at: &C::Num) -> (C::Num, usize) {
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
            // What the series moves by on the circle.
            let change = |c: &[C::Num]| {
                let (mut bound, mut a, mut u) = (ctx.zero(), ctx.zero(), ctx.zero());
                for c in c[1..].iter().rev() {
                    ctx.abs(&mut a, c);
                    ctx.add(&mut u, &bound, &a);
                    ctx.mul(&mut bound, &u, &radius);
                }
                bound
            };
            let rise = change(&left_z);
            if ctx.lt(&limit, &rise) != Tri::True && ctx.lt(&limit_growth, &change(&left_growth)) != Tri::True {
                (*z, *growth) = (left_z, left_growth);
                z[0] = ctx.zero();
                return (width, self.order(&rise));
            }
            ctx.div_u32(&mut u, &width, 2);
            std::mem::swap(&mut width, &mut u);
        }
    }

    /// `integral_0^width e^(z(y) - z(0)) growth(y) dy` and `z(width) - z(0)`, from series about the left end.
    fn piece(&self, z: &[C::Num], growth: &[C::Num], width: &C::Num, order: usize) -> Result<(C::Num, C::Num), Fault> {
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
        let n = order.max(z.len());
        let (zs, gs) = (scaled(z, n), scaled(growth, n));
        // Where the change of z is all in its first terms, the rest of the exponent series is zero to the digits.
        let live = 1 + zs.iter().rposition(|a| ctx.lg(a).is_some_and(|l| l > -self.floor_lg())).unwrap_or(0);
        let live_growth = 1 + match ctx.lg(&gs[0]) {
            Some(g0) => gs.iter().rposition(|a| ctx.lg(a).is_some_and(|l| l > g0 - self.floor_lg())).unwrap_or(0),
            None => n - 1,
        };
        let (mut rise, mut integral, mut t) = (ctx.zero(), ctx.zero(), ctx.zero());
        for a in zs[1..].iter().rev() {
            ctx.add(&mut t, &rise, a);
            std::mem::swap(&mut rise, &mut t);
        }
        // The bound of the coefficients falls by RATIO (log10 below 0.779) from each to the next and passes the last digit at
        // `n`: they need as many digits as they lie above it, and some for what the sums of products add up.
        let needed = |k: usize| u32::try_from((n - k) as u64 * 779 / 1000 + BESIDE).unwrap_or(u32::MAX);
        for a in &integral_of_exp(ctx, &zs[..live], &gs[..live_growth], n, needed)[1..] {
            ctx.add(&mut t, &integral, a);
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
