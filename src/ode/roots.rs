//! Roots of Taylor polynomials on a step: isolated by bounds on the polynomial and its derivative, polished by
//! Newton's method to the full precision of the context.

use crate::arith::{Context, Dyadic, LG_ONE, Sign, Tri};

/// The first root on an interval.
#[derive(Clone, Debug, PartialEq)]
pub enum Root<T> {
    /// There is none.
    None,
    /// At this offset.
    At(T),
    /// The bounds could not tell (a multiple root, to the digits carried).
    Undecided,
}

/// Subdivisions of a step before a root search gives up.
const MAX_DEPTH: u32 = 48;

/// `sum_k c_k v^k`.
pub fn horner<C: Context>(ctx: &C, c: &[C::Num], v: &C::Num) -> C::Num {
    let mut acc = c.last().cloned().unwrap_or_else(|| ctx.zero());
    let mut t = ctx.zero();
    for a in c.iter().rev().skip(1) {
        ctx.mul(&mut t, &acc, v);
        ctx.add(&mut acc, &t, a);
    }
    acc
}

/// `sum_k k c_k v^(k-1)`.
pub fn horner_derivative<C: Context>(ctx: &C, c: &[C::Num], v: &C::Num) -> C::Num {
    let (mut acc, mut t, mut u) = (ctx.zero(), ctx.zero(), ctx.zero());
    for (k, a) in c.iter().enumerate().skip(1).rev() {
        ctx.mul(&mut t, &acc, v);
        ctx.mul_u32(&mut u, a, u32::try_from(k).unwrap_or(u32::MAX));
        ctx.add(&mut acc, &t, &u);
    }
    acc
}

/// `sum_{k >= from} weight_k |c_k| v^(k-from)` over the terms whose sign opposes that of `lead`, the weight being 1 or `k`.
fn opposing_tail<C: Context>(ctx: &C, c: &[C::Num], v: &C::Num, from: usize, weighted: bool, lead: &C::Num) -> C::Num {
    let against = ctx.sign(lead);
    let (mut acc, mut t, mut u) = (ctx.zero(), ctx.zero(), ctx.zero());
    for (k, a) in c.iter().enumerate().skip(from).rev() {
        ctx.mul(&mut t, &acc, v);
        if ctx.sign(a) == against {
            std::mem::swap(&mut acc, &mut t);
            continue;
        }
        ctx.abs(&mut acc, a);
        if weighted {
            ctx.mul_u32(&mut u, &acc, u32::try_from(k).unwrap_or(u32::MAX));
            std::mem::swap(&mut acc, &mut u);
        }
        ctx.add(&mut u, &t, &acc);
        std::mem::swap(&mut acc, &mut u);
    }
    acc
}

/// `|lead| > v * rest`.
fn dominates<C: Context>(ctx: &C, lead: &C::Num, rest: &C::Num, v: &C::Num) -> bool {
    let (mut a, mut b) = (ctx.zero(), ctx.zero());
    ctx.abs(&mut a, lead);
    ctx.mul(&mut b, rest, v);
    ctx.lt(&b, &a) == Tri::True
}

/// Coefficients of `v -> c(a + v)`.
pub fn shift<C: Context>(ctx: &C, c: &[C::Num], a: &C::Num) -> Vec<C::Num> {
    shift_to(ctx, c, a, c.len())
}

/// The first `terms` of them, by repeated synthetic division.
pub fn shift_to<C: Context>(ctx: &C, c: &[C::Num], a: &C::Num, terms: usize) -> Vec<C::Num> {
    let mut out = c.to_vec();
    let mut t = ctx.zero();
    let mut s = ctx.zero();
    for i in 0..out.len().saturating_sub(1).min(terms) {
        for k in (i..out.len() - 1).rev() {
            ctx.mul(&mut t, &out[k + 1], a);
            ctx.add(&mut s, &out[k], &t);
            std::mem::swap(&mut out[k], &mut s);
        }
    }
    out.truncate(terms);
    out
}

/// The first root of `sum_k c_k v^k` in `0 < v <= length`.
///
/// The polynomial is known to vanish `zeros` times at 0 (the step starts on the surface): these roots are divided out,
/// whatever rounding left in the coefficients below.
pub fn first_root<C: Context>(ctx: &C, c: &[C::Num], length: &C::Num, zeros: usize) -> Root<C::Num> {
    let c = &c[zeros.min(c.len())..];
    if c.iter().skip(1).all(|a| ctx.sign(a) == Sign::Zero) {
        return Root::None;
    }
    match isolate(ctx, c, length, 0) {
        Isolated::None => Root::None,
        Isolated::Undecided => Root::Undecided,
        Isolated::In(from, width) => Root::At(polish(ctx, c, from, &width)),
    }
}

enum Isolated<T> {
    None,
    /// A simple root in `[from, from + width]`.
    In(T, T),
    Undecided,
}

fn isolate<C: Context>(ctx: &C, c: &[C::Num], length: &C::Num, depth: u32) -> Isolated<C::Num> {
    let rest = opposing_tail(ctx, c, length, 1, false, &c[0]);
    if dominates(ctx, &c[0], &rest, length) {
        return Isolated::None;
    }
    if c.len() > 1
        && let curvature = opposing_tail(ctx, c, length, 2, true, &c[1])
        && dominates(ctx, &c[1], &curvature, length)
    {
        let (at_start, at_end) = (ctx.sign(&c[0]), ctx.sign(&horner(ctx, c, length)));
        return match (at_start, at_end) {
            (Sign::Zero, _) => Isolated::In(ctx.zero(), ctx.zero()),
            (a, b) if a == b => Isolated::None,
            _ => Isolated::In(ctx.zero(), length.clone()),
        };
    }
    if depth == MAX_DEPTH {
        return Isolated::Undecided;
    }
    let mut half = ctx.zero();
    ctx.div_u32(&mut half, length, 2);
    match isolate(ctx, c, &half, depth + 1) {
        Isolated::None => {}
        found => return found,
    }
    match isolate(ctx, &shift(ctx, c, &half), &half, depth + 1) {
        Isolated::In(from, width) => {
            let mut moved = ctx.zero();
            ctx.add(&mut moved, &from, &half);
            Isolated::In(moved, width)
        }
        other => other,
    }
}

/// Newton's method inside a bracket that holds one simple root; a bisection wherever Newton would leave the bracket.
fn polish<C: Context>(ctx: &C, c: &[C::Num], from: C::Num, width: &C::Num) -> C::Num {
    let (mut lo, mut hi) = (from, ctx.zero());
    ctx.add(&mut hi, &lo, width);
    let start_sign = ctx.sign(&horner(ctx, c, &lo));
    if start_sign == Sign::Zero {
        return lo;
    }
    let precision = i64::from(ctx.digits()) * super::LG_TEN;
    let (mut v, mut step, mut t) = (ctx.zero(), ctx.zero(), ctx.zero());
    ctx.add(&mut t, &lo, &hi);
    ctx.div_u32(&mut v, &t, 2);
    // Each pass halves the bracket or doubles the digits: the bound is never met by a bracketed simple root.
    for _ in 0..2 * ctx.digits() + 400 {
        let value = horner(ctx, c, &v);
        match ctx.sign(&value) {
            Sign::Zero => return v,
            s if s == start_sign => ctx.set(&mut lo, &v),
            _ => ctx.set(&mut hi, &v),
        }
        let slope = horner_derivative(ctx, c, &v);
        ctx.div(&mut step, &value, &slope);
        ctx.sub(&mut t, &v, &step);
        let inside = ctx.lt(&lo, &t) == Tri::True && ctx.lt(&t, &hi) == Tri::True;
        if let (Some(ds), Some(dv)) = (ctx.lg(&step), ctx.lg(&v))
            && ds <= dv - precision + 4 * LG_ONE
        {
            return if inside { t } else { v };
        }
        if inside {
            std::mem::swap(&mut v, &mut t);
        } else {
            ctx.add(&mut t, &lo, &hi);
            ctx.div_u32(&mut v, &t, 2);
        }
    }
    v
}

/// `2^(lg / LG_ONE)`, rounded down to a short binary number of the context.
pub fn short<C: Context>(ctx: &C, lg: i64) -> C::Num {
    let mut r = ctx.zero();
    ctx.set_dyadic(&mut r, Dyadic::from_lg(lg));
    r
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arith::Mpfr;
    use rug::{Float, Rational};

    fn poly(ctx: &Mpfr, c: &[(i32, i32)]) -> Vec<Float> {
        c.iter().map(|&q| ctx.rational(&Rational::from(q))).collect()
    }

    #[test]
    fn the_first_of_several_roots_is_found_to_all_digits() {
        let ctx = Mpfr::with_digits(60);
        // (v - 1/3)(v - 2/3)(v - 3)
        let c = poly(&ctx, &[(-2, 3), (29, 9), (-4, 1), (1, 1)]);
        let Root::At(v) = first_root(&ctx, &c, &ctx.rational(&Rational::from(2)), 0) else { panic!() };
        assert!((v - Float::with_val(200, 1) / 3u32).abs() < 1e-59);
    }

    #[test]
    fn a_root_at_the_start_is_divided_out_when_asked() {
        let ctx = Mpfr::with_digits(40);
        let c = poly(&ctx, &[(1, 1_000_000_000), (-1, 2), (1, 1)]); // v (v - 1/2) with dirt in c_0
        let Root::At(v) = first_root(&ctx, &c, &ctx.rational(&Rational::from(1)), 1) else { panic!() };
        assert_eq!(v, 0.5);
        // Tangential: v^2 (1/2 - v), whose slope at 0 is rounding of the wrong sign.
        let c = poly(&ctx, &[(0, 1), (-1, 1_000_000_000), (1, 2), (-1, 1)]);
        let Root::At(v) = first_root(&ctx, &c, &ctx.rational(&Rational::from(1)), 2) else { panic!() };
        assert_eq!(v, 0.5);
    }

    #[test]
    fn no_root_is_reported_where_there_is_none_and_a_double_root_is_undecided() {
        let ctx = Mpfr::with_digits(40);
        let one = ctx.rational(&Rational::from(1));
        assert_eq!(first_root(&ctx, &poly(&ctx, &[(1, 3), (-1, 1), (1, 1)]), &one, 0), Root::None);
        // (v - 1/3)^2: never decided by sign changes
        assert_eq!(first_root(&ctx, &poly(&ctx, &[(1, 9), (-2, 3), (1, 1)]), &one, 0), Root::Undecided);
    }
}
