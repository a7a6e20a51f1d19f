//! Theorem 4.2: the limit direction of 2-SAM at `L = 2`, and how slowly it is reached. One example here, with its constants;
//! several samples in `thm_4_2_several.rs`.

use super::Theorem;
use super::case::{Case, Profile, Scope, WrongLaw};
use super::instances::{q, row};
use super::thm_4_2_several as several;
use super::two_sam::{expect, growing_hypotheses, solvers, ten};
use crate::check::{Basis, Kind, Target};
use crate::predict::two_sam::{Example, Fate, Law, Solvers};
use crate::run::{Ask, At, Horizon};
use crate::sam::{Norm, Setting};
use rug::float::Special;
use rug::ops::Pow;
use rug::{Float, Rational};

pub(super) const THEOREM: Theorem = Theorem {
    id: "thm-4.2",
    title: "2-SAM, L = 2: the l1 max-margin direction, poly-logarithmically",
    statement: "One example, balanced start whose flow grows: beta/||beta||_1 -> e_d, the l1 max-margin direction, and \
                beta_j/beta_d ~ C_j (log t)^-(1-r), r = mu_j/mu_d, C_j = alpha_j^2 alpha_d^(-2r) mu_d^(1-r) exp(2 mu_j \
                (mu_d-mu_j) K_inf). Several samples: the l1 max-margin direction, over w >= 0 from balanced starts, over all \
                signs from w^(2) = 0; an inactive coordinate's share is (log t)^-(1-m_j/gamma*), m_j from the dual.",
    basis: Basis::Paper,
    hypotheses: &[
        "one example, 0 < mu_1 < ... < mu_d, d >= 2, balanced start alpha > 0; or several samples, w^(2) = w^(1) or w^(2) = 0",
        "the flow does not collapse (the loss vanishes), the direction converges",
        "several samples: the l1 max-margin problem has a unique, strictly complementary solution",
    ],
    page: "proofs/thm-4.2.md",
    coq: &["Thm_4_2.direction", "Thm_4_2.ratio_law", "Thm_4_2.direction_bound", "Thm_4_2_law.poly_log_law"],
    cases,
};

fn cases(scope: &Scope) -> Result<Vec<Case>, String> {
    let solvers = solvers(scope);
    let case = |mu: Vec<Rational>, alpha: Vec<Rational>, rho: Rational| {
        let (digits, prec, solvers) = (scope.plan.digits, scope.prec(), solvers.clone());
        Case::later(move || single(digits, prec, &solvers, &grows(&mu, &alpha, &rho)?, (&mu, &alpha, &rho)))
    };
    if let Some(user) = scope.user.as_ref().filter(|user| user.z.len() > 1) {
        return Ok(vec![several::on_data(user)?]);
    }
    if let Some(user) = &scope.user {
        let (mu, alpha, rho) = growing_hypotheses(user)?;
        grows(&mu, &alpha, &rho)?;
        return Ok(vec![case(mu, alpha, rho)]);
    }
    let one = q("1");
    let mut out =
        vec![case(row("1 2"), row("11/20 11/20"), one.clone()), case(row("1 2 3"), row("1 1/2 7/10"), one.clone())];
    if scope.profile != Profile::Quick {
        out.push(case(row("1 2 3 4"), row("3/5 3/5 3/5 3/5"), one.clone()));
        out.push(case(row("1 11/10 5"), row("1/2 1/2 1/2"), one));
        out.push(case(row("1/3 5/2"), row("1/5 2/5"), q("1/2")));
    }
    out[0].starve = true;
    out.extend(several::cases(scope.profile)?);
    Ok(out)
}

/// The example, if its flow grows.
fn grows(mu: &[Rational], alpha: &[Rational], rho: &Rational) -> Result<Example, String> {
    let example = Example::new(mu, alpha, rho).ok_or("it asks for 0 < mu_1 < ... < mu_d, alpha > 0, rho > 0")?;
    match example.fate() {
        Some(Fate::Grows) => Ok(example),
        _ => Err("it asks for a start whose flow does not collapse".into()),
    }
}

/// Direction, constants and exponents at a horizon that follows the digits.
fn single(
    digits: u32,
    prec: u32,
    solvers: &Solvers,
    example: &Example,
    (mu, alpha, rho): (&[Rational], &[Rational], &Rational),
) -> Result<Case, String> {
    let law = Law::new(example, solvers).ok_or("K_inf could not be solved for at these digits")?;
    // |x/C - 1| <= 2 remainder: an eighth of the tolerance each.
    let goal = Float::with_val(64, 10).pow(digits).recip() / 8u32;
    let power = law.horizon(&goal).ok_or("mu_(d-1)/mu_d is too near 1 for a horizon at these digits")?;
    let log_t = |power: u32| Float::with_val(64, 10).pow(power);
    let d = mu.len() - 1;
    // The first of the two horizons of the exponent: half-way, or where the bounds begin to hold.
    let bounded = |power: &u32| (0..d).all(|j| law.remainder_bound(j, &log_t(*power)).is_some());
    let first_power = (power / 2..power).find(bounded).ok_or("the bounds hold at one horizon only")?;
    let (near, far) = (ten(first_power), ten(power));
    let setting = Setting::single(mu, 2, Norm::L2, rho.clone());
    let start = setting.balanced(alpha);
    let mut case = Case::new(setting, start, Horizon::LogT(far.clone()));
    let horizon = format!("1e{power}");
    let at = At::LogT(far);
    let limit = case.claim("direction", Kind::Limit, "beta/||beta||_1 -> e_d, the l1 max-margin direction");
    let bound = law.direction_bound(&log_t(power)).unwrap_or_else(|| Float::with_val(64, Special::Infinity));
    let source = "1, remainder bound (3) of proofs/thm-4.2.md";
    let one = Float::with_val(prec, 1);
    let target = Target::limit(one.clone(), bound);
    let what = format!("beta_{}/||beta||_1", d + 1);
    case.expect(limit, Ask::Direction(d, at.clone()), expect(what, "log_t", horizon.clone(), target, source));
    case.wrong.push(WrongLaw {
        id: "l2-direction",
        what: "the l2 max-margin direction, proportional to mu".into(),
        draft: limit,
        expect: 0,
        target: Target::exact(l2_share(mu, prec)).scaled(one),
    });
    for j in 0..d {
        constant(&mut case, &law, j, d, (&at, &horizon), &log_t(power));
        let first = law.remainder_bound(j, &log_t(first_power));
        let second = law.remainder_bound(j, &log_t(power));
        if let (Some(first), Some(second)) = (first, second) {
            let span = Float::with_val(64, 10).ln() * (power - first_power);
            let tolerance = (first + second) / span;
            let places = [At::LogT(near.clone()), at.clone()];
            exponent(&mut case, &law, (j, d), places, format!("1e{first_power} to 1e{power}"), &tolerance);
        }
    }
    Ok(case)
}

/// `mu_d / ||mu||_1`, the share of coordinate `d` in the l2 max-margin direction.
fn l2_share(mu: &[Rational], prec: u32) -> Float {
    let sum = mu.iter().fold(Rational::new(), |a, m| a + m);
    Float::with_val(prec, &mu[mu.len() - 1] / sum)
}

fn constant(case: &mut Case, law: &Law, j: usize, d: usize, (at, horizon): (&At, &str), log_t: &Float) {
    let id = case.claim(
        format!("constant{}", j + 1),
        Kind::Limit,
        format!("beta_{}/beta_{} (log t)^(1-r) -> C_{}", j + 1, d + 1, j + 1),
    );
    let c = law.constant(j);
    let remainder = law.remainder_bound(j, log_t).unwrap_or_else(|| Float::with_val(64, Special::Infinity));
    let target = Target::Number {
        value: c.value.clone(),
        error: c.error.clone(),
        remainder: remainder * Float::with_val(64, &c.value) * 2u32,
        scale: None,
    };
    let source = "C_j with K_inf by collocation, remainder bound (2) of proofs/thm-4.2.md";
    let what = format!("C_{}", j + 1);
    let ask = Ask::RatioLaw(j, d, law.exponent(j), at.clone());
    case.expect(id, ask, expect(what, "log_t", horizon.into(), target, source));
    case.wrong.push(WrongLaw {
        id: "gd-constant",
        what: "the constant of gradient descent (K_inf = 0)".into(),
        draft: id,
        expect: 0,
        target: Target::exact(law.constant_of_gd(j)),
    });
}

fn exponent(case: &mut Case, law: &Law, (j, d): (usize, usize), at: [At; 2], horizon: String, tolerance: &Float) {
    let id = case.claim(
        format!("exponent{}", j + 1),
        Kind::Rate,
        format!("beta_{}/beta_{} falls like (log t)^-(1-r)", j + 1, d + 1),
    );
    let [first, second] = at;
    let bits = crate::arith::bits_for_digits(100).max(tolerance.get_exp().map_or(0, |e| e.unsigned_abs() + 64));
    let rate = -Float::with_val(bits, &law.exponent(j));
    let source = "-(1 - mu_j/mu_d), tolerance from the remainder bound (2) of proofs/thm-4.2.md";
    let said = expect("exponent of log t", "log_t", horizon, Target::within(&rate, tolerance), source);
    case.expect(id, Ask::RatioSlope(j, d, first, second), said);
    case.wrong.push(WrongLaw {
        id: "depth-one-exponent",
        what: "(log t)^-1, the exponent of depth 1".into(),
        draft: id,
        expect: 0,
        target: Target::within(&Float::with_val(bits, -1), tolerance),
    });
}
