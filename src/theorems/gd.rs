//! Gradient descent at depth 2 on one example: the contrast to SAM.

use super::Theorem;
use super::case::{Case, Profile, Scope, WrongLaw};
use super::instances::{q, row, show, single_example};
use crate::check::{Basis, Expect, Kind, Target};
use crate::predict::{clock::Coordinate, gd, linf_depth2};
use crate::run::{Ask, At, Horizon};
use crate::sam::{Norm, Setting};
use rug::{Float, Rational};

pub(super) const THEOREM: Theorem = Theorem {
    id: "gd",
    title: "GD, L = 2, one example: the path, its leader, its limit",
    statement: "beta_j = alpha_j^2 e^(2 mu_j s); beta_j = alpha_j^2 (beta_d/alpha_d^2)^(mu_j/mu_d) without a clock; from \
                a uniform start the major coordinate d leads from the first instant and beta/||beta||_1 -> e_d.",
    basis: Basis::Paper,
    hypotheses: &["one example, 0 < mu_1 < ... < mu_d", "balanced start alpha > 0"],
    page: "proofs/gd.md",
    coq: &[],
    cases,
};

fn cases(scope: &Scope) -> Result<Vec<Case>, String> {
    if let Some(user) = &scope.user {
        let (mu, alpha, _) = single_example(user)?;
        return Ok(vec![case(scope, &mu, &alpha)]);
    }
    let mut out =
        vec![case(scope, &row("1 2"), &row("3/5 3/5")), case(scope, &row("1 2 3 4"), &row("2/5 2/5 2/5 2/5"))];
    out.push(case(scope, &row("2"), &row("1/3")));
    if scope.profile != Profile::Quick {
        out.push(case(scope, &row("1 11/10 5"), &row("1 1/2 1/10")));
    }
    out[0].starve = true;
    Ok(out)
}

fn case(scope: &Scope, mu: &[Rational], alpha: &[Rational]) -> Case {
    let prec = scope.prec();
    let d = mu.len() - 1;
    let setting = Setting::single(mu, 2, Norm::None, Rational::new());
    let start = setting.balanced(alpha);
    // Far enough that the direction bound is below 10^-D / 10: it falls by e^-2 in a time 1/gap.
    let gap = if d == 0 { Rational::from(1) } else { Rational::from(&mu[d] - &mu[d - 1]) };
    let mut far = if d == 0 { q("5") } else { Rational::from(scope.plan.digits) * Rational::from((23, 20)) / &gap };
    let enough = Float::with_val(64, Float::u_pow_u(10, scope.plan.digits + 1)).recip();
    while gd::direction_bound(mu, alpha, &far, prec) > enough {
        far += Rational::from(gap.recip_ref());
    }
    let mut case = Case::new(setting, start, Horizon::S(far.clone()));
    let path = case.claim("path", Kind::Equality, "beta_j(s) = alpha_j^2 e^(2 mu_j s)");
    for s in [q("1/2"), q("3")] {
        for j in 0..=d {
            let Ok(value) = gd::beta(&mu[j], &alpha[j], &s, prec) else { continue };
            let expect = Expect {
                what: format!("beta_{}", j + 1),
                clock: "s",
                horizon: show(&s),
                target: Target::exact(value),
                source: "alpha^2 e^(2 mu s) (proofs/gd.md)".into(),
            };
            case.expect(path, Ask::Beta(j, At::S(s.clone())), expect);
        }
    }
    if d > 0 {
        let id = case.claim("balance", Kind::Equality, "ln beta_j - (mu_j/mu_d) ln beta_d is constant");
        for j in 0..d {
            let ratio = Rational::from(&mu[j] / &mu[d]);
            let ln = |a: &Rational| Float::with_val(prec, a).ln() * 2u32;
            let value = Float::with_val(prec, ln(&alpha[j]) - ln(&alpha[d]) * &ratio);
            let scale = Float::with_val(prec, value.abs_ref()).max(&Float::with_val(prec, 1));
            let expect = Expect {
                what: format!("ln beta_{} - r ln beta_{}", j + 1, d + 1),
                clock: "s",
                horizon: "5".into(),
                target: Target::limit(value, Float::new(64)).scaled(scale),
                source: "2 ln alpha_j - 2 r ln alpha_d (proofs/gd.md)".into(),
            };
            case.expect(id, Ask::LogBalance(j, d, ratio, At::S(q("5"))), expect);
        }
        let id = case.claim("direction", Kind::Limit, "beta/||beta||_1 -> e_d");
        let expect = Expect {
            what: format!("beta_{0}/||beta||_1", d + 1),
            clock: "s",
            horizon: show(&far),
            target: Target::limit(Float::with_val(prec, 1), gd::direction_bound(mu, alpha, &far, prec)),
            source: "1, remainder bound of proofs/gd.md".into(),
        };
        case.expect(id, Ask::Direction(d, At::S(far.clone())), expect.clone());
        case.wrong.push(WrongLaw {
            id: "minor-direction",
            what: "the direction of the most minor coordinate".into(),
            draft: id,
            expect: 0,
            target: Target::exact(Float::new(prec)).scaled(Float::with_val(prec, 1)),
        });
        if alpha.windows(2).all(|a| a[0] == a[1]) {
            let id =
                case.claim("leader", Kind::Sequence, "from a uniform start coordinate d leads from the first instant");
            let expect = Expect {
                what: "leaders".into(),
                clock: "s",
                horizon: show(&far),
                target: Target::Word((d + 1).to_string()),
                source: "beta_d > beta_j for s > 0 (proofs/gd.md)".into(),
            };
            case.expect(id, Ask::Leaders, expect);
            case.wrong.push(WrongLaw {
                id: "sam-leaders",
                what: "minor first, major last, which is SAM's".into(),
                draft: id,
                expect: 0,
                target: Target::Word((1..=d + 1).map(|j| j.to_string()).collect::<Vec<_>>().join(" ")),
            });
        }
    } else if let Some(coordinate) = Coordinate::new(&mu[0], &alpha[0], &Rational::new()) {
        // One coordinate: the original clock in closed form.
        let id = case.claim("clock", Kind::Equality, "t = [Ei(z) + ln z - Ei(z_0) - ln z_0]/(2 mu)");
        for s in [q("1/2"), q("2"), q("5")] {
            let wide = prec + 64 + crate::arith::bits_for_digits(scope.plan.digits * 2);
            let Some(value) = coordinate.lag(&coordinate.zeta(&s, wide), prec) else { continue };
            let expect = Expect {
                what: "log t - z".into(),
                clock: "s",
                horizon: show(&s),
                target: Target::exact(value),
                source: "Ei clock at rho = 0 (proofs/rescaling.md)".into(),
            };
            case.expect(id, Ask::Lag(At::S(s.clone())), expect);
        }
    }
    if let Ok(value) = linf_depth2::w(&mu[0], &alpha[0], &Rational::from((1, 2)), &q("1/2"), prec) {
        let squared = Float::with_val(prec, value.square_ref());
        let target = Target::exact(squared).scaled(Float::with_val(prec, &alpha[0]));
        case.wrong.push(WrongLaw {
            id: "sam-path",
            what: "inf-SAM's path, rho = 1/2".into(),
            draft: 0,
            expect: 0,
            target,
        });
    }
    case
}
