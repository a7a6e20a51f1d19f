//! Questions about how fast a direction is approached, on the clock `log t`.

use super::path::{Observation, Path};
use crate::arith::{Context, Fault, Sign, Tri};
use rug::Rational;

/// A question between two values of `log t`. Coordinates count from 0.
#[derive(Clone, Debug, PartialEq)]
pub enum LimitAsk {
    /// Change of `ln |beta_j|` over that of `ln |beta_k|`.
    Growth { j: usize, k: usize, between: [Rational; 2] },
    /// Change of `ln(1 - min_n <z_n, beta> / (margin ||beta||_1))` over that of `ln log t`.
    Approach { margin: Rational, between: [Rational; 2] },
    /// `min_n <z_n, beta>` at this `log t`.
    LeastMargin { log_t: Rational },
}

/// Answers; `None` where the path does not reach the place.
///
/// # Errors
/// The range loss of the arithmetic.
pub(super) fn answer<C: Context>(path: &mut Path<C>, ask: &LimitAsk) -> Result<Option<C::Num>, Fault> {
    let ctx = path.ctx.clone();
    match ask {
        LimitAsk::LeastMargin { log_t } => Ok(at(path, log_t)?.and_then(|seen| least(&ctx, &seen.margins).cloned())),
        LimitAsk::Growth { j, k, between } => {
            let (Some(a), Some(b)) = (at(path, &between[0])?, at(path, &between[1])?) else { return Ok(None) };
            let change = |i: usize| Some(difference(&ctx, log_size(&ctx, &b.beta[i])?, log_size(&ctx, &a.beta[i])?));
            Ok(quotient(&ctx, change(*j), change(*k)))
        }
        LimitAsk::Approach { margin, between } => {
            let (Some(a), Some(b)) = (at(path, &between[0])?, at(path, &between[1])?) else { return Ok(None) };
            let log_gap = |seen: &Observation<C::Num>| log_size(&ctx, &gap(&ctx, seen, margin)?);
            let change = log_gap(&b).zip(log_gap(&a)).map(|(b, a)| difference(&ctx, b, a));
            let [from, to] = between.each_ref().map(|log_t| log_size(&ctx, &ctx.rational(log_t)));
            let time = to.zip(from).map(|(b, a)| difference(&ctx, b, a));
            Ok(quotient(&ctx, change, time))
        }
    }
}

fn at<C: Context>(path: &mut Path<C>, log_t: &Rational) -> Result<Option<Observation<C::Num>>, Fault> {
    let target = path.ctx.rational(log_t);
    let x = path.x_of_log_t(&target)?;
    x.map_or(Ok(None), |x| path.observe(&x))
}

fn least<'a, C: Context>(ctx: &C, margins: &'a [C::Num]) -> Option<&'a C::Num> {
    margins.iter().reduce(|m, x| if ctx.lt(x, m) == Tri::True { x } else { m })
}

/// `1 - min_n <z_n, beta> / (margin ||beta||_1)`.
fn gap<C: Context>(ctx: &C, seen: &Observation<C::Num>, margin: &Rational) -> Option<C::Num> {
    let (mut sum, mut t, mut u) = (ctx.zero(), ctx.zero(), ctx.zero());
    for b in &seen.beta {
        ctx.abs(&mut t, b);
        ctx.add(&mut u, &sum, &t);
        std::mem::swap(&mut sum, &mut u);
    }
    ctx.mul(&mut t, &sum, &ctx.rational(margin));
    ctx.sub(&mut u, &t, least(ctx, &seen.margins)?);
    ctx.div(&mut sum, &u, &t);
    Some(sum)
}

/// `ln |x|`; `None` for 0.
fn log_size<C: Context>(ctx: &C, x: &C::Num) -> Option<C::Num> {
    let (mut size, mut log) = (ctx.zero(), ctx.zero());
    ctx.abs(&mut size, x);
    if ctx.sign(&size) != Sign::Positive {
        return None;
    }
    ctx.ln(&mut log, &size);
    Some(log)
}

fn difference<C: Context>(ctx: &C, a: C::Num, b: C::Num) -> C::Num {
    let mut r = ctx.zero();
    ctx.sub(&mut r, &a, &b);
    r
}

fn quotient<C: Context>(ctx: &C, a: Option<C::Num>, b: Option<C::Num>) -> Option<C::Num> {
    let (a, b) = (a?, b.filter(|b| ctx.sign(b) != Sign::Zero)?);
    let mut r = ctx.zero();
    ctx.div(&mut r, &a, &b);
    Some(r)
}
