//! Corollary 3.5: the limit of `beta / ‖beta‖_1` under inf-SAM, `L >= 2`, and how far it still is.
//!
//! Source: Corollary 3.5; ties and every bound are derived in `proofs/cor-3.5.md`.

use super::linf_deep::{exponent, hit_time, joint_blow_up, remaining_at_leader};
use super::num::{GUARD, done, integer_bits, ipow, real, upper};
use rug::float::Round;
use rug::ops::Pow;
use rug::{Float, Rational};
use std::cmp::Ordering;

/// What `beta` tends to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limit {
    /// `‖beta‖ -> inf`; the direction sits on `leaders` (ascending), one of them unless there is an exact tie.
    Direction { leaders: Vec<usize> },
    /// `beta` tends to this nonzero vector: no coordinate starts above `rho`, the loss does not vanish.
    Constant { beta: Vec<Rational> },
    /// `beta -> 0` (all below `rho`, `L` even): there is no limit direction, the loss does not vanish.
    Zero,
}

/// The limit, decided in rationals: `j* = argmax { mu_j (alpha_j - rho)^(L-2) : alpha_j > rho }`.
///
/// At `L = 2` equal `mu` are outside the setting (`mu` ascends strictly); should they be given, all the tied are
/// leaders, and [`direction`] weighs them by `(alpha_j - rho)^2`.
pub fn limit(mu: &[Rational], alpha: &[Rational], rho: &Rational, depth: u32) -> Limit {
    let scores: Vec<Option<Rational>> = mu
        .iter()
        .zip(alpha)
        .map(|(mu, alpha)| (alpha > rho).then(|| ipow(&Rational::from(alpha - rho), depth - 2) * mu))
        .collect();
    if let Some(best) = scores.iter().flatten().max() {
        let leaders = (0..scores.len()).filter(|&j| scores[j].as_ref() == Some(best)).collect();
        return Limit::Direction { leaders };
    }
    let beta: Vec<Rational> = alpha
        .iter()
        .map(|alpha| match (alpha.cmp(rho), depth.is_multiple_of(2)) {
            (Ordering::Less, true) => Rational::new(),
            _ => ipow(rho, depth),
        })
        .collect();
    if beta.iter().all(|b| *b == 0) { Limit::Zero } else { Limit::Constant { beta } }
}

/// The limit direction as an exact rational vector of `l1` norm 1, where it is one: no tie, or a tie at
/// `L = 2, 3, 4`, or a constant limit. `None` for the zero limit and for irrational weights (ties at `L >= 5`).
pub fn exact_direction(mu: &[Rational], alpha: &[Rational], rho: &Rational, depth: u32) -> Option<Vec<Rational>> {
    let weights: Vec<Rational> = match limit(mu, alpha, rho, depth) {
        Limit::Zero => return None,
        Limit::Constant { beta } => beta,
        Limit::Direction { leaders } => {
            let mut v = vec![Rational::new(); mu.len()];
            for &j in &leaders {
                v[j] = match (leaders.len(), depth) {
                    (1, _) => Rational::from(1),
                    (_, 2) => ipow(&Rational::from(&alpha[j] - rho), 2),
                    (_, 3) => ipow(&mu[j], 3).recip(),
                    (_, 4) => ipow(&mu[j], 2).recip(),
                    _ => return None,
                };
            }
            v
        }
    };
    let total: Rational = weights.iter().sum();
    Some(weights.into_iter().map(|w| w / &total).collect())
}

/// The limit direction, each entry within one unit in the last place; `None` for the zero limit.
/// On a tie at `L >= 3` it is proportional to `mu_j^(-L/(L-2))` on the tied coordinates.
pub fn direction(mu: &[Rational], alpha: &[Rational], rho: &Rational, depth: u32, prec: u32) -> Option<Vec<Float>> {
    if let Some(exact) = exact_direction(mu, alpha, rho, depth) {
        return Some(exact.iter().map(|v| real(prec, v)).collect());
    }
    let Limit::Direction { leaders } = limit(mu, alpha, rho, depth) else {
        return None;
    };
    let wp = prec + GUARD;
    let mut v = vec![Float::new(wp); mu.len()];
    for &j in &leaders {
        v[j] = real(wp, &mu[j]).recip().root(exponent(depth)).pow(depth);
    }
    let total = v.iter().fold(Float::new(wp), |sum, x| sum + x);
    Some(v.iter().map(|x| done(prec, &Float::with_val(wp, x / &total))).collect())
}

/// `L = 2`: a bound on `‖beta/‖beta‖_1 - e_{j*}‖_1` at time `s`; `None` unless the limit is a single `e_{j*}`.
///
/// `2 sum_{i != j*} (alpha_i / (alpha_{j*} - rho))^2 e^(-2 (mu_{j*} - mu_i^+) s)`, `mu_i^+ = mu_i` if
/// `alpha_i > rho`, else 0.
pub fn bound_depth2(mu: &[Rational], alpha: &[Rational], rho: &Rational, s: &Rational, prec: u32) -> Option<Float> {
    let leader = match limit(mu, alpha, rho, 2) {
        Limit::Direction { leaders } if leaders.len() == 1 => leaders[0],
        _ => return None,
    };
    let wp = prec + GUARD;
    let offset = Rational::from(&alpha[leader] - rho);
    let mut sum = Float::new(wp);
    for i in (0..mu.len()).filter(|&i| i != leader) {
        let ratio = Rational::from(&alpha[i] / &offset);
        let mut rate = mu[leader].clone();
        if alpha[i] > *rho {
            rate -= &mu[i];
        }
        let decay = -(rate * s * 2u32);
        let bits = wp + integer_bits(&decay);
        sum += real(bits, &decay).exp() * real(bits, &Rational::from(&ratio * &ratio));
    }
    Some(upper(prec, &(sum * 2u32)))
}

/// `L >= 3`: a bound on `‖beta/‖beta‖_1 - v‖_1` at `T* - s = remaining` (and at every later time), `v` the limit
/// direction; `None` unless `beta` diverges.
///
/// `(F - 1) + 2 sum_{i not leading} B_i / sum_{j leading} (m mu_j remaining)^(-L/m)`; `F = 1` for one leader, else
/// `(1 + rho (m mu_max remaining)^(1/m))^L`, `mu_max` the largest of the leaders'; `B_i` bounds `beta_i` up to `T*`:
/// its value there if `alpha_i > rho`, `alpha_i^L` below for even `L`, `rho^L` otherwise.
pub fn bound_deep(
    mu: &[Rational],
    alpha: &[Rational],
    rho: &Rational,
    depth: u32,
    remaining: &Rational,
    prec: u32,
) -> Option<Float> {
    let end = joint_blow_up(mu, alpha, rho, depth)?;
    let wp = prec + GUARD;
    let m = exponent(depth);
    let mut leading = Float::new(wp);
    let mut rest = Float::new(wp);
    for j in 0..mu.len() {
        if end.leaders.contains(&j) {
            let inverse = (Rational::from(&mu[j] * remaining) * m).recip();
            leading += real(wp, &inverse).root(m).pow(depth);
        } else if alpha[j] > *rho {
            let value = super::linf_deep::w(&mu[j], &alpha[j], rho, depth, &end.time, wp)?;
            rest += value.pow(depth);
        } else if alpha[j] < *rho && depth.is_multiple_of(2) {
            rest += real(wp, &ipow(&alpha[j], depth));
        } else {
            rest += real(wp, &ipow(rho, depth));
        }
    }
    let mut bound = rest * 2u32 / leading;
    if end.leaders.len() > 1 {
        let fastest = end.leaders.iter().map(|&j| &mu[j]).max()?;
        let x = (Rational::from(fastest * remaining)) * m;
        let shift = real(wp, &x).root(m) * real(wp, rho);
        // F - 1 = expm1(L log1p(shift))
        bound += (shift.ln_1p() * depth).exp_m1();
    }
    Some(upper(prec, &bound))
}

/// [`bound_deep`] where the first leader has the value `w > rho` (taken as exact).
pub fn bound_deep_at_w(
    mu: &[Rational],
    alpha: &[Rational],
    rho: &Rational,
    depth: u32,
    w: &Float,
    prec: u32,
) -> Option<Float> {
    let leader = *joint_blow_up(mu, alpha, rho, depth)?.leaders.first()?;
    let w = w.to_rational().filter(|w| w > rho)?;
    let remaining = remaining_at_leader(&mu[leader], rho, depth, &w);
    bound_deep(mu, alpha, rho, depth, &remaining, prec)
}

/// No `alpha_j > rho`: a bound on `‖beta(s) - beta(inf)‖_1` at time `s` (and at every later time); `None` otherwise.
///
/// `L` odd: `sum_{alpha_j < rho} L rho^(L-1) min(rho - alpha_j, (m mu_j s)^(-1/m))`.
/// `L` even: `sum over the coordinates that have not reached zero of alpha_j^L`: exactly 0 from the last arrival on.
pub fn bound_constant(
    mu: &[Rational],
    alpha: &[Rational],
    rho: &Rational,
    depth: u32,
    s: &Rational,
    prec: u32,
) -> Option<Float> {
    if alpha.iter().any(|alpha| alpha > rho) {
        return None;
    }
    let wp = prec + GUARD;
    let mut sum = Float::new(wp);
    for (mu, alpha) in mu.iter().zip(alpha).filter(|(_, alpha)| *alpha < rho) {
        if depth.is_multiple_of(2) {
            let moving = if depth == 2 {
                !reached_depth2(mu, alpha, rho, s, wp)
            } else {
                hit_time(mu, alpha, rho, depth).is_none_or(|hit| hit > *s)
            };
            if moving {
                sum += real(wp, &ipow(alpha, depth));
            }
        } else {
            let m = exponent(depth);
            let mut u = real(wp, &Rational::from(rho - alpha));
            if *s > 0 {
                let inverse = (Rational::from(mu * s) * m).recip();
                u = u.min(&real(wp, &inverse).root(m));
            }
            sum += u * real(wp, &(ipow(rho, depth - 1) * depth));
        }
    }
    Some(upper(prec, &sum))
}

/// The same turned into directions: `‖x/‖x‖ - y/‖y‖‖ <= 2 ‖x - y‖ / ‖y‖`; `None` for the zero limit too.
pub fn bound_constant_direction(
    mu: &[Rational],
    alpha: &[Rational],
    rho: &Rational,
    depth: u32,
    s: &Rational,
    prec: u32,
) -> Option<Float> {
    let Limit::Constant { beta } = limit(mu, alpha, rho, depth) else {
        return None;
    };
    let wp = prec + GUARD;
    let norm: Rational = beta.iter().sum();
    let distance = bound_constant(mu, alpha, rho, depth, s, wp)?;
    Some(upper(prec, &(distance * 2u32 / real(wp, &norm))))
}

/// A start whose limit direction is `e_j`, for any `mu` and depth: `2 rho` there, `rho/2` elsewhere.
pub fn start_with_limit(j: usize, dimension: usize, rho: &Rational) -> Vec<Rational> {
    (0..dimension).map(|i| if i == j { Rational::from(rho * 2u32) } else { Rational::from(rho / 2u32) }).collect()
}

/// `s` at or past the depth-2 hitting time; only a certain yes is a yes.
fn reached_depth2(mu: &Rational, alpha: &Rational, rho: &Rational, s: &Rational, wp: u32) -> bool {
    super::linf_depth2::hit_time(mu, alpha, rho, wp).is_some_and(|mut hit| {
        hit.next_up();
        let (s, _) = Float::with_val_round(wp, s, Round::Down);
        s >= hit
    })
}
