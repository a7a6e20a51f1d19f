//! inf-SAM at depth `L >= 3`, balanced start, rescaled clock: `dw/ds = mu (w - rho)^(L-1)` while `w > 0`.
//!
//! Source: Theorem 3.2; derivation in `proofs/thm-3.2.md`, section "Depth 3 and more". With `m = L - 2` and
//! `u = |w - rho|`, `u^-m` is linear in `s`; so every time below is an exact rational, and every decision
//! (before or after a zero, a blow-up, a tie) is exact. `depth` must be at least 3, `mu, alpha, rho > 0`.

use super::num::{GUARD, done, ipow, real, root};
use rug::ops::Pow;
use rug::{Float, Rational};
use std::cmp::Ordering;

/// `w(s)` for one coordinate; `None` from its own blow-up time on. Within one unit in the last place.
///
/// - `alpha > rho`: `rho + u_0 q^(-1/m)`, `q = 1 - m mu u_0^m s`;
/// - `alpha = rho`: constant;
/// - `alpha < rho`, `L` odd: `alpha + u_0 (1 - q^(-1/m))`, `q = 1 + m mu u_0^m s`, tends to `rho`;
/// - `alpha < rho`, `L` even: `rho (1 - (1 + delta)^(-1/m))`, `delta = m mu rho^m (hit - s)`, then pinned at 0.
pub fn w(mu: &Rational, alpha: &Rational, rho: &Rational, depth: u32, s: &Rational, prec: u32) -> Option<Float> {
    let m = exponent(depth);
    let wp = prec + GUARD;
    let slope = slope(mu, alpha, rho, depth);
    match (alpha.cmp(rho), depth.is_multiple_of(2)) {
        (Ordering::Greater, _) => {
            let u = offset_above(mu, alpha, rho, depth, s, wp)?;
            Some(done(prec, &(u + real(wp, rho))))
        }
        (Ordering::Equal, _) => Some(real(prec, alpha)),
        (Ordering::Less, false) => {
            // Everything is positive: no cancellation.
            let log = real(wp, &Rational::from(&slope * s)).ln_1p();
            let covered = -(-log / m).exp_m1();
            let u = Rational::from(rho - alpha);
            Some(done(prec, &(real(wp, &u) * covered + real(wp, alpha))))
        }
        (Ordering::Less, true) => {
            let left = hit_time(mu, alpha, rho, depth)? - s;
            if left <= 0 {
                return Some(Float::new(prec));
            }
            let delta = left * mu * ipow(rho, m) * m;
            let log = real(wp, &delta).ln_1p();
            Some(done(prec, &(-(-log / m).exp_m1() * real(wp, rho))))
        }
    }
}

/// `T_j = (alpha - rho)^-m / (m mu)`, the coordinate's own blow-up time; `None` unless `alpha > rho`.
pub fn blow_up_time(mu: &Rational, alpha: &Rational, rho: &Rational, depth: u32) -> Option<Rational> {
    (alpha > rho).then(|| slope(mu, alpha, rho, depth).recip())
}

/// When `w` reaches zero (and stays, by sliding): `((rho - alpha)^-m - rho^-m) / (m mu)`; `None` unless `L` is even and `alpha < rho`.
pub fn hit_time(mu: &Rational, alpha: &Rational, rho: &Rational, depth: u32) -> Option<Rational> {
    if alpha >= rho || !depth.is_multiple_of(2) {
        return None;
    }
    let m = exponent(depth);
    let start = ipow(&Rational::from(rho - alpha), m).recip();
    Some((start - ipow(rho, m).recip()) / mu / m)
}

/// The end of the joint flow: all of original time fits before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JointBlowUp {
    /// `T* = min_j T_j`, exact.
    pub time: Rational,
    /// The coordinates that attain it (`j*`; several at an exact tie), ascending.
    pub leaders: Vec<usize>,
}

/// `T*` and `j*`; `None` when no `alpha_j > rho`. Ties are decided in rationals.
pub fn joint_blow_up(mu: &[Rational], alpha: &[Rational], rho: &Rational, depth: u32) -> Option<JointBlowUp> {
    let times: Vec<Option<Rational>> =
        mu.iter().zip(alpha).map(|(mu, alpha)| blow_up_time(mu, alpha, rho, depth)).collect();
    let time = times.iter().flatten().min()?.clone();
    let leaders = (0..times.len()).filter(|&j| times[j].as_ref() == Some(&time)).collect();
    Some(JointBlowUp { time, leaders })
}

/// `w_j` at `T* - remaining` for every coordinate, `remaining` at most `T*`; `None` for the leaders at `remaining = 0`.
/// An outer `None` when nothing blows up.
pub fn w_before_blow_up(
    mu: &[Rational],
    alpha: &[Rational],
    rho: &Rational,
    depth: u32,
    remaining: &Rational,
    prec: u32,
) -> Option<Vec<Option<Float>>> {
    let end = joint_blow_up(mu, alpha, rho, depth)?;
    let s = Rational::from(&end.time - remaining);
    Some(mu.iter().zip(alpha).map(|(mu, alpha)| w(mu, alpha, rho, depth, &s, prec)).collect())
}

/// `w_{j*}` as a function of `T* - s > 0`: `rho + (m mu (T* - s))^(-1/m)`. It does not know `alpha`.
pub fn leader_at_remaining(mu: &Rational, rho: &Rational, depth: u32, remaining: &Rational, prec: u32) -> Float {
    let m = exponent(depth);
    let wp = prec + GUARD;
    let inverse = (Rational::from(mu * remaining) * m).recip();
    done(prec, &(root(real(wp, &inverse), m) + real(wp, rho)))
}

/// Its inverse: `T* - s = (w - rho)^-m / (m mu)` at the leader's value `w > rho`, exact in the number `w`.
pub fn remaining_at_leader(mu: &Rational, rho: &Rational, depth: u32, w: &Rational) -> Rational {
    let m = exponent(depth);
    let u = Rational::from(w - rho);
    (ipow(&u, m) * mu * m).recip()
}

/// `beta_j(T*)` of a coordinate that does not lead; `None` for a leader or when nothing blows up.
pub fn beta_at_blow_up(
    mu: &[Rational],
    alpha: &[Rational],
    rho: &Rational,
    depth: u32,
    j: usize,
    prec: u32,
) -> Option<Float> {
    let end = joint_blow_up(mu, alpha, rho, depth)?;
    let value = w(&mu[j], &alpha[j], rho, depth, &end.time, prec + GUARD)?;
    Some(done(prec, &value.pow(depth)))
}

/// `m = L - 2`.
pub(super) fn exponent(depth: u32) -> u32 {
    assert!(depth >= 3, "depth {depth}: these closed forms are for L >= 3");
    depth - 2
}

/// `w(s) - rho` of a coordinate above `rho`, relative error far below `2^-wp * 8`; `None` from its blow-up on.
pub(super) fn offset_above(
    mu: &Rational,
    alpha: &Rational,
    rho: &Rational,
    depth: u32,
    s: &Rational,
    wp: u32,
) -> Option<Float> {
    let q = 1 - slope(mu, alpha, rho, depth) * s;
    let u = Rational::from(alpha - rho);
    (q > 0 && u > 0).then(|| real(wp, &u) / root(real(wp, &q), exponent(depth)))
}

/// `m mu u_0^m`: the rate at which `(u_0/u)^m` moves.
pub(super) fn slope(mu: &Rational, alpha: &Rational, rho: &Rational, depth: u32) -> Rational {
    let m = exponent(depth);
    let u = Rational::from(alpha - rho).abs();
    ipow(&u, m) * mu * m
}
