//! Quantities formed from what a state shows: in a moving frame, as a ratio, as an angle.

use super::path::Path;
use super::probe::{At, locate};
use crate::arith::{Context, Fault, Sign, Tri};
use crate::check::Seen;
use crate::sam::Surface;
use rug::Rational;

/// `||grad_theta <z, beta>||_2`: for each layer and coordinate `z_j` times the product of the other layers.
pub(super) fn gradient_norm<C: Context>(ctx: &C, z: &[Rational], layers: &[Vec<C::Num>]) -> C::Num {
    let (mut sum, mut t) = (ctx.zero(), ctx.zero());
    for l in 0..layers.len() {
        for (j, z) in z.iter().enumerate() {
            let mut product = ctx.rational(z);
            for layer in layers.iter().enumerate().filter(|(k, _)| *k != l).map(|(_, layer)| layer) {
                ctx.mul(&mut t, &product, &layer[j]);
                std::mem::swap(&mut product, &mut t);
            }
            let mut square = ctx.zero();
            ctx.mul(&mut square, &product, &product);
            ctx.add(&mut t, &sum, &square);
            std::mem::swap(&mut sum, &mut t);
        }
    }
    let mut norm = ctx.zero();
    ctx.sqrt(&mut norm, &sum);
    norm
}

/// `ln(beta_j / beta_k)` and `log log t` at a place.
pub(super) fn ratio_and_log_time<C: Context>(
    path: &mut Path<C>,
    (j, k): (usize, usize),
    at: &At,
) -> Result<Option<[C::Num; 2]>, Fault> {
    let ctx = path.ctx.clone();
    let Some(x) = locate(path, at)? else { return Ok(None) };
    let Some(lt) = path.log_t(&x)? else { return Ok(None) };
    let Some(o) = path.observe(&x)? else { return Ok(None) };
    let (mut a, mut b, mut ratio) = (ctx.zero(), ctx.zero(), ctx.zero());
    ctx.ln(&mut a, &o.beta[j]);
    ctx.ln(&mut b, &o.beta[k]);
    ctx.sub(&mut ratio, &a, &b);
    ctx.add(&mut a, &lt.z, &lt.rest);
    ctx.ln(&mut b, &a);
    Ok(Some([ratio, b]))
}

/// `sum_j c_j beta_j - slope tau`.
pub(super) fn frame<C: Context>(
    path: &mut Path<C>,
    c: &[Rational],
    slope: &Rational,
    at: &At,
) -> Result<Option<C::Num>, Fault> {
    let ctx = path.ctx.clone();
    let tau = match at {
        At::Tau(tau) => tau.clone(),
        _ if slope.is_zero() => Rational::new(),
        _ => return Ok(None),
    };
    let Some(x) = locate(path, at)? else { return Ok(None) };
    let Some(seen) = path.observe(&x)? else { return Ok(None) };
    let mut sum = ctx.rational(&-(tau * slope));
    for (b, c) in seen.beta.iter().zip(c) {
        ctx.mul_add(&mut sum, b, &ctx.rational(c));
    }
    Ok(Some(sum))
}

/// For `f = c + a e^(-k tau)`: `k = log[(f(tau) - f(2 tau))/(f(2 tau) - f(3 tau))]/tau`, whatever `c` is.
pub(super) fn decay<C: Context>(
    path: &mut Path<C>,
    c: &[Rational],
    slope: &Rational,
    tau: &Rational,
) -> Result<Option<C::Num>, Fault> {
    let ctx = path.ctx.clone();
    let mut seen = Vec::new();
    for k in 1..=3u32 {
        let Some(x) = frame(path, c, slope, &At::Tau(Rational::from(tau * k)))? else { return Ok(None) };
        seen.push(x);
    }
    let (mut first, mut second, mut ratio) = (ctx.zero(), ctx.zero(), ctx.zero());
    ctx.sub(&mut first, &seen[0], &seen[1]);
    ctx.sub(&mut second, &seen[1], &seen[2]);
    ctx.div(&mut ratio, &first, &second);
    if ctx.sign(&ratio) != Sign::Positive {
        return Ok(None);
    }
    ctx.ln(&mut first, &ratio);
    ctx.div(&mut second, &first, &ctx.rational(tau));
    Ok(Some(second))
}

/// `||beta - k w|| / (k ||w||)`, `k w` the projection on `w`.
pub(super) fn tangent<C: Context>(ctx: &C, beta: &[C::Num], w: &[Rational]) -> C::Num {
    let size: Rational = w.iter().map(|x| Rational::from(x * x)).sum();
    let (mut inner, mut k, mut off, mut t, mut gap) = (ctx.zero(), ctx.zero(), ctx.zero(), ctx.zero(), ctx.zero());
    for (b, w) in beta.iter().zip(w) {
        ctx.mul_add(&mut inner, b, &ctx.rational(w));
    }
    ctx.div(&mut k, &inner, &ctx.rational(&size));
    for (b, w) in beta.iter().zip(w) {
        ctx.mul(&mut t, &k, &ctx.rational(w));
        ctx.sub(&mut gap, b, &t);
        let same = gap.clone();
        ctx.mul_add(&mut off, &gap, &same);
    }
    ctx.sqrt(&mut t, &off);
    ctx.sqrt(&mut gap, &ctx.rational(&size));
    ctx.mul(&mut off, &k, &gap);
    ctx.div(&mut k, &t, &off);
    k
}

/// The signs of the last mode, if the path has entered it before `x`.
pub(super) fn signs_from<C: Context>(path: &Path<C>, x: &C::Num) -> Option<Seen> {
    if path.run.transitions.iter().any(|t| path.ctx.lt(&t.x, x) != Tri::True) {
        return Some(Seen::Missing("a sign of the gradient still changes after the time named".into()));
    }
    let mode = path.run.modes.last()?;
    let sign = |j: usize| match mode.sliding {
        Some(Surface::Ascent(k)) if k == j => "0",
        _ if mode.ascents[j] < 0 => "-",
        _ => "+",
    };
    Some(Seen::Word((0..mode.ascents.len()).map(sign).collect::<Vec<_>>().join(" ")))
}
