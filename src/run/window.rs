//! `integral e^z growth dx` over the window that counts: the last `D ln 10` units of `z`, piece by piece, each by the
//! Taylor series of `e^z` in the local offset (proofs/rescaling.md, "The clock as a pair").

use crate::arith::{Context, Fault, LG_ONE, Sign, Tri};
use crate::ode::{horner_derivative, shift};
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
    /// rest is negligible beside `reference` and what it has. `pieces` are the series at the start of the step, `expand`
    /// makes those at another offset. Of up to `short` terms they are moved by a change of variable instead.
    pub fn over_step(
        &self,
        (pieces, short): (&Pieces<C::Num>, usize),
        from: &C::Num,
        offset: C::Num,
        reference: &C::Num,
        mut expand: impl FnMut(&C::Num) -> Result<Pieces<C::Num>, Fault>,
    ) -> Result<C::Num, Fault> {
        let ctx = &self.ctx;
        let (mut sum, mut offset, mut at) = (ctx.zero(), offset, from.clone());
        let (mut t, mut u) = (ctx.zero(), ctx.zero());
        if ctx.sign(&at) != Sign::Positive {
            return Ok(sum);
        }
        let is_short = |pieces: &Pieces<C::Num>| pieces.z.len().max(pieces.growth.len()) <= short;
        // About `at`, where they are short.
        let mut here = None;
        if self.terms(pieces, &horner_derivative(ctx, &pieces.z, from), from).iter().all(|&terms| terms <= short) {
            here = Some(self.about(&expand(from)?, from)).filter(&is_short);
        }
        loop {
            ctx.add(&mut t, reference, &sum);
            if self.negligible(&t, &offset) {
                break;
            }
            let coarse = self.coarser(&offset);
            here = here.map(|here| coarse.seen(&here.z, &here.growth));
            let slope = here.as_ref().map_or_else(|| horner_derivative(ctx, &pieces.z, &at), |here| here.z[1].clone());
            // About the left end of the piece, where e^z is smallest: the terms of its series add up.
            let mut width = coarse.width_at(&slope, &at);
            let (piece, whole, order) = loop {
                let whole = ctx.lt(&width, &at) != Tri::True;
                let piece = match &here {
                    Some(here) => {
                        ctx.neg(&mut t, &width);
                        coarse.seen(&shift(&coarse.ctx, &here.z, &t), &shift(&coarse.ctx, &here.growth, &t))
                    }
                    None if whole => coarse.about(pieces, &at),
                    None => {
                        ctx.sub(&mut t, &at, &width);
                        if ctx.lt(&t, &at) != Tri::True {
                            // Too near for the digits of a place.
                            here = Some(coarse.about(&expand(&at)?, &at));
                            continue;
                        }
                        // To the place as it is rounded.
                        ctx.sub(&mut width, &at, &t);
                        coarse.about(&expand(&t)?, &at)
                    }
                };
                if let Some(order) = coarse.order_on(&piece, &width) {
                    break (piece, whole, order);
                }
                ctx.div_u32(&mut u, &width, 2);
                std::mem::swap(&mut width, &mut u);
            };
            let (part, rise) = coarse.piece(&piece, &width, order)?;
            ctx.sub(&mut u, &offset, &rise);
            std::mem::swap(&mut offset, &mut u);
            ctx.exp(&mut t, &offset)?;
            ctx.mul_add(&mut sum, &t, &part);
            if whole {
                break;
            }
            ctx.sub(&mut u, &at, &width);
            std::mem::swap(&mut at, &mut u);
            here = Some(piece).filter(&is_short);
        }
        Ok(sum)
    }

    /// Both series about a place in the digits of this window, cut to the terms that it can see below the place, at most `v`
    /// of it.
    fn about(&self, pieces: &Pieces<C::Num>, v: &C::Num) -> Pieces<C::Num> {
        let [z, growth] = self.terms(pieces, &pieces.z[1], v);
        self.seen(&pieces.z[..z], &pieces.growth[..growth])
    }

    /// How many terms of either series that is, where `z` has this slope.
    fn terms(&self, pieces: &Pieces<C::Num>, slope: &C::Num, v: &C::Num) -> [usize; 2] {
        let ctx = &self.ctx;
        let Pieces { z, growth } = pieces;
        let Some(mut reach) = ctx.lg(v) else { return [z.len(), growth.len()] };
        if let (Some(slope), Some(window)) = (ctx.lg(slope), ctx.lg(&self.width)) {
            // Twice the window, in x; further back nothing counts while z falls about as fast as here.
            reach = reach.min(window - slope + LG_ONE);
        }
        let seen = |c: &[C::Num], floor: i64| {
            let size = |k: usize| ctx.lg(&c[k]).map(|l| l + reach * i64::try_from(k).unwrap_or(i64::MAX));
            (1..c.len()).rev().find(|&k| size(k).is_some_and(|l| l > floor)).unwrap_or(1) + 1
        };
        let floor = -self.floor_lg();
        let lead = ctx.lg(&growth[0]).unwrap_or(0);
        [seen(z, floor), seen(growth, lead + floor)]
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

    /// Both series in the digits of this window, `z` without its value: only differences are formed.
    fn seen(&self, z: &[C::Num], growth: &[C::Num]) -> Pieces<C::Num> {
        let mut z = rounded(&self.ctx, z);
        z[0] = self.ctx.zero();
        Pieces { z, growth: rounded(&self.ctx, growth) }
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

    /// The width, at most `at`, to try for a piece, from the slope of `z` at its end: a little less than the linear term
    /// allows, so that the curvature does not cost a halving.
    fn width_at(&self, slope: &C::Num, at: &C::Num) -> C::Num {
        let ctx = &self.ctx;
        let span = if ctx.sign(slope) == Sign::Positive { self.span } else { SHORT_SPAN };
        let (mut steep, mut width) = (ctx.zero(), ctx.zero());
        if ctx.sign(slope) != Sign::Zero {
            ctx.abs(&mut steep, slope);
            ctx.div(&mut width, &ctx.rational(&Rational::from((7 * span, 8))), &steep);
            if ctx.lt(&width, at) == Tri::True {
                return width;
            }
        }
        ctx.set(&mut width, at);
        width
    }

    /// The order to use on a piece, given the series about its left end; `None` where it is too wide: on the circle of `RATIO`
    /// widths about that end `z` may change by at most `RATIO` times the span and the growth factor at most by eightfold, so
    /// that by Cauchy's estimate coefficient `n` of their product is below `9 e^rise / RATIO^n`.
    fn order_on(&self, piece: &Pieces<C::Num>, width: &C::Num) -> Option<usize> {
        let ctx = &self.ctx;
        let rises = piece.z.get(1).is_some_and(|slope| ctx.sign(slope) == Sign::Positive);
        let limit = ctx.rational(&Rational::from(RATIO * if rises { self.span } else { SHORT_SPAN }));
        let (mut radius, mut first, mut limit_growth) = (ctx.zero(), ctx.zero(), ctx.zero());
        ctx.mul_u32(&mut radius, width, RATIO);
        ctx.abs(&mut first, &piece.growth[0]);
        ctx.mul_u32(&mut limit_growth, &first, 8);
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
        let rise = change(&piece.z);
        let fits = ctx.lt(&limit, &rise) != Tri::True && ctx.lt(&limit_growth, &change(&piece.growth)) != Tri::True;
        fits.then(|| self.order(&rise))
    }

    /// `integral_0^width e^(z(y) - z(0)) growth(y) dy` and `z(width) - z(0)`, from series about the left end.
    fn piece(&self, piece: &Pieces<C::Num>, width: &C::Num, order: usize) -> Result<(C::Num, C::Num), Fault> {
        let ctx = &self.ctx;
        let Pieces { z, growth } = piece;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arith::Mpfr;
    use rug::Float;
    use rug::ops::Pow;

    /// `z = a v^2 + a v` and its slope as the growth factor, from an offset on.
    fn series(ctx: &Mpfr, a: &Float, v: &Float) -> Pieces<Float> {
        let slope = Float::with_val(v.prec(), a * v) * 2u32 + a;
        let z = vec![
            Float::with_val(v.prec(), v.square_ref()) * a + Float::with_val(v.prec(), a * v),
            slope.clone(),
            a.clone(),
        ];
        let growth = vec![slope, Float::with_val(v.prec(), a * 2u32)];
        Pieces { z: rounded(ctx, &z), growth: rounded(ctx, &growth) }
    }

    /// `integral e^(z - z_end) z' = 1 - e^-z_end`, whichever way pieces are found and however small the window is.
    #[test]
    fn the_integral_of_a_derivative_is_the_difference_at_the_ends() {
        for digits in [30u32, 60, 400] {
            let ctx = Mpfr::with_digits(digits);
            let window = Window::new(&ctx);
            for power in [-1i32, 0, 1, 2, 3, 20, 3 * digits as i32] {
                let a = Float::with_val(64, 10).pow(power);
                let a = Float::with_val(ctx.zero().prec(), a);
                let end = Float::with_val(a.prec(), 3u32) / 2u32;
                for short in [0, usize::MAX] {
                    let mut asked = 0;
                    let start = series(&ctx, &a, &ctx.zero());
                    let expand = |v: &Float| {
                        asked += 1;
                        Ok(series(&ctx, &a, v))
                    };
                    let got = window.over_step((&start, short), &end, ctx.zero(), &ctx.zero(), expand).unwrap();
                    let z = Float::with_val(a.prec(), end.square_ref()) * &a + Float::with_val(a.prec(), &a * &end);
                    let exact: Float = 1 - Float::with_val(a.prec(), -z).exp();
                    let error = Float::with_val(64, got - &exact).abs() / &exact;
                    assert!(
                        error < Float::with_val(64, 10).pow(3 - digits as i32),
                        "{digits}, 10^{power}, {short}: {error}"
                    );
                    assert!(asked < 40, "{digits}, 10^{power}, {short}: expanded {asked} times");
                }
            }
        }
    }
}
