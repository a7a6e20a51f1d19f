//! Theorem 3.2: the fate of each coordinate under inf-SAM, `L >= 2`, one example, balanced positive start.
//!
//! Two readings, `proofs/thm-3.2.md`: *coordinate by coordinate* (each scalar equation runs for its own whole
//! life), and *joint* (the network's flow, which for `L >= 3` ends at `T* = min T_j`).

use super::linf_deep::{self, joint_blow_up, offset_above};
use super::num::{GUARD, ipow, real, upper};
use rug::ops::Pow;
use rug::{Float, Rational};
use std::cmp::Ordering;

/// Where `beta_j` goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Reaches 0 in finite rescaled time and stays (`alpha < rho`, `L` even).
    Vanishes,
    /// Tends to `rho^L` (`alpha < rho`, `L` odd).
    TendsTo(Rational),
    /// Does not move (`alpha = rho`).
    Constant(Rational),
    /// Grows without bound (`alpha > rho`): exponentially for `L = 2`, in finite rescaled time for `L >= 3`.
    Diverges,
    /// Joint reading only: another coordinate ends the flow first; the value is [`linf_deep::beta_at_blow_up`].
    StopsShort,
}

/// The coordinate-by-coordinate reading, the paper's wording.
pub fn alone(alpha: &Rational, rho: &Rational, depth: u32) -> Fate {
    match (alpha.cmp(rho), depth.is_multiple_of(2)) {
        (Ordering::Greater, _) => Fate::Diverges,
        (Ordering::Equal, _) => Fate::Constant(ipow(rho, depth)),
        (Ordering::Less, true) => Fate::Vanishes,
        (Ordering::Less, false) => Fate::TendsTo(ipow(rho, depth)),
    }
}

/// The joint reading: what the coordinates of one network do together as `t -> inf`.
///
/// Differs from [`alone`] only for `L >= 3` with some `alpha_j > rho`: then every coordinate that does not lead,
/// is not constant and has not reached zero by `T*` stops short.
pub fn joint(mu: &[Rational], alpha: &[Rational], rho: &Rational, depth: u32) -> Vec<Fate> {
    let single = alpha.iter().map(|alpha| alone(alpha, rho, depth));
    let end = if depth >= 3 { joint_blow_up(mu, alpha, rho, depth) } else { None };
    let Some(end) = end else {
        return single.collect();
    };
    single
        .enumerate()
        .map(|(j, fate)| match fate {
            Fate::Diverges if end.leaders.contains(&j) => Fate::Diverges,
            Fate::Constant(value) => Fate::Constant(value),
            Fate::Vanishes => match linf_deep::hit_time(&mu[j], &alpha[j], rho, depth) {
                Some(hit) if hit <= end.time => Fate::Vanishes,
                _ => Fate::StopsShort,
            },
            _ => Fate::StopsShort,
        })
        .collect()
}

/// A bound on `|beta_j(T*) - beta_j(T* - remaining)|` for a coordinate that does not lead (`L >= 3`):
/// `remaining` times the largest `|d beta_j/ds|` on that stretch. `None` for a leader or without blow-up.
///
/// `proofs/thm-3.2.md`, "The gap": above `L w^(L-1) mu (w-rho)^(L-1)` at `T*`; below, `L` odd
/// `L rho^(L-1) mu (rho-alpha)^(L-1)`; below, `L` even `L alpha^(L-1) mu rho^(L-1)`.
pub fn gap_bound(
    mu: &[Rational],
    alpha: &[Rational],
    rho: &Rational,
    depth: u32,
    j: usize,
    remaining: &Rational,
    prec: u32,
) -> Option<Float> {
    let end = joint_blow_up(mu, alpha, rho, depth)?;
    if end.leaders.contains(&j) {
        return None;
    }
    let wp = prec + GUARD;
    let k = depth - 1;
    let speed = match (alpha[j].cmp(rho), depth.is_multiple_of(2)) {
        (Ordering::Equal, _) => Float::new(wp),
        (Ordering::Greater, _) => {
            let u = offset_above(&mu[j], &alpha[j], rho, depth, &end.time, wp)?;
            let w = Float::with_val(wp, &u + real(wp, rho));
            (w * u).pow(k)
        }
        (Ordering::Less, false) => real(wp, &ipow(&(Rational::from(rho - &alpha[j]) * rho), k)),
        (Ordering::Less, true) => real(wp, &ipow(&Rational::from(&alpha[j] * rho), k)),
    };
    let scale = Rational::from(&mu[j] * remaining) * depth;
    Some(upper(prec, &(speed * real(wp, &scale))))
}

/// A bound on `T* - s` at original time `t`, from `log t`: `(1/(m mu_*)) (mu_* / (log t - c))^(m/L)`,
/// `c = log(2 T*) + sum_{j not leading} mu_j max(0, sup beta^_j)`; `None` while `log t` is too small for it, or without blow-up.
///
/// `proofs/thm-3.2.md`, "The gap": `t <= T* (1 + e^z)`, and `z <= sum over leaders of mu_j u_j^L + Z`. At a tie the bracket
/// `(m mu_*)^(-L/m) mu_*` is summed over the leaders. Needs `t >= 2 T*`.
pub fn remaining_bound(
    mu: &[Rational],
    alpha: &[Rational],
    rho: &Rational,
    depth: u32,
    log_t: &Float,
    prec: u32,
) -> Option<Float> {
    let end = joint_blow_up(mu, alpha, rho, depth)?;
    let wp = prec + GUARD;
    let m = depth - 2;
    // z = A remaining^(-L/m) + (others, at most Z), A = sum over leaders of mu_j (m mu_j)^(-L/m).
    let mut leading = Float::new(wp);
    let mut others = Float::new(wp);
    for j in 0..mu.len() {
        if end.leaders.contains(&j) {
            let base = real(wp, &(Rational::from(&mu[j] * m)));
            leading += real(wp, &mu[j]) / base.root(m).pow(depth);
        } else {
            match (alpha[j].cmp(rho), depth.is_multiple_of(2)) {
                (Ordering::Greater, _) => {
                    let u = offset_above(&mu[j], &alpha[j], rho, depth, &end.time, wp)?;
                    others += u.pow(depth) * real(wp, &mu[j]);
                }
                (Ordering::Less, true) => others += real(wp, &(ipow(rho, depth) * &mu[j])),
                _ => {}
            }
        }
    }
    // e^z >= t/T* - 1 >= t/(2 T*) once t >= 2 T*.
    let floor = Float::with_val(wp, log_t) - real(wp, &Rational::from(&end.time * 2u32)).ln();
    if floor <= 0 {
        return None;
    }
    let z = floor - others;
    if z <= 0 {
        return None;
    }
    let ratio = leading / z;
    Some(upper(prec, &ratio.root(depth).pow(m)))
}
