//! The abstract's conclusion: an infinite-time implicit bias does not describe what happens at finite times.

use super::Theorem;
use super::case::{Case, Profile, Scope, WrongLaw};
use super::instances::{q, row, show};
use super::two_sam::{Start, expect, solved, solvers, ten, uniform_example};
use crate::check::{Basis, Kind, Target};
use crate::predict::gd;
use crate::predict::two_sam::{Law, Solvers, first_leader};
use crate::run::{Ask, At, Horizon};
use crate::sam::{Norm, Setting};
use rug::float::Special;
use rug::ops::Pow;
use rug::{Float, Rational};

pub(super) const THEOREM: Theorem = Theorem {
    id: "finite-vs-infinite",
    title: "GD and 2-SAM, L = 2: the same limit, different leaders on the way",
    statement: "One example, one uniform start: GD and 2-SAM have the same limit direction e_d. GD leads with the major \
                coordinate d from the first instant; 2-SAM leads with minor coordinates first and hands the lead over at \
                finite times: the limit does not tell the path.",
    basis: Basis::Paper,
    hypotheses: &[
        "one example, 0 < mu_1 < ... < mu_d, d >= 2",
        "uniform start alpha_0 > alpha*, led by a minor coordinate",
    ],
    page: "proofs/finite-vs-infinite.md",
    coq: &["Thm_4_4.leader_rule", "Thm_4_2.direction", "Thm_4_2.direction_bound"],
    cases,
};

fn cases(scope: &Scope) -> Result<Vec<Case>, String> {
    let solvers = solvers(scope);
    let mut starts = Vec::new();
    if let Some(user) = &scope.user {
        let start = uniform_example(user)?;
        start.growing()?;
        if first_leader(&start.mu, &start.alpha, &start.rho).is_some_and(|j| j + 1 == start.mu.len()) {
            return Err("it asks for a start led by a minor coordinate: with this one 2-SAM leads as GD does".into());
        }
        starts.push(start);
    } else {
        let one = q("1");
        starts.push(Start::new(&row("1 2"), &q("11/20"), &one));
        if scope.profile != Profile::Quick {
            starts.push(Start::new(&row("1 2 3"), &q("9/20"), &one));
            starts.push(Start::new(&row("1 2 3 4"), &q("0.385"), &one));
            starts.push(Start::new(&row("1 11/10 5"), &q("1/2"), &one));
        }
    }
    let mut out = Vec::new();
    for start in starts {
        let (digits, solvers, same) = (scope.plan.digits, solvers.clone(), start.clone());
        out.push(Case::later(move || sam(digits, &solvers, &same)));
        out.push(gradient_descent(scope, &start.mu, &start.alpha));
    }
    out[0].starve = true;
    Ok(out)
}

fn limit_claim(case: &mut Case, mu: &[Rational], at: At, place: (&'static str, String), bound: Float, source: &str) {
    let d = mu.len() - 1;
    // Exactly 1: no error of its own.
    let one = Float::with_val(64, 1);
    let target = Target::Number { value: one.clone(), error: Float::new(64), remainder: bound, scale: None };
    let id = case.claim("limit", Kind::Limit, "beta/||beta||_1 -> e_d, for GD and 2-SAM alike");
    let what = format!("beta_{}/||beta||_1", d + 1);
    let said = expect(what, place.0, place.1, target, source);
    case.expect(id, Ask::Direction(d, at), said);
    case.wrong.push(WrongLaw {
        id: "minor-limit",
        what: "the limit is the first leader, not e_d".into(),
        draft: id,
        expect: 0,
        target: Target::exact(Float::new(64)).scaled(one),
    });
}

/// 2-SAM: when the lead passes, who leads, and the limit.
fn sam(digits: u32, solvers: &Solvers, start: &Start) -> Result<Case, String> {
    let example = start.growing()?;
    let history = example.lead(solvers).ok_or("the hand-overs could not be told apart at these digits")?;
    let d = start.mu.len();
    let law = Law::new(&example, solvers).ok_or("K_inf could not be solved for at these digits")?;
    let goal = Float::with_val(64, 10).pow(digits).recip() / 8u32;
    let power = law.horizon(&goal).ok_or("mu_(d-1)/mu_d is too near 1 for a horizon at these digits")?;
    let mut case = start.case(Horizon::LogT(ten(power)));
    let id = case.claim("times", Kind::Equality, "the finite times at which 2-SAM hands the lead over");
    for (k, h) in history.hand_overs.iter().enumerate() {
        let (name, at) = (format!("{} -> {}", h.from + 1, h.to + 1), crate::arith::text::decimal(&h.s.value, 12));
        let source = "root of s = (mu_j + mu_(j+1)) K(s) (proofs/thm-4.4.md, The hand-overs)";
        case.expect(id, Ask::HandOver(k), expect(format!("s of {name}"), "s", at.clone(), solved(&h.s), source));
        let said = expect(format!("log t of {name}"), "s", at, solved(&h.log_t), source);
        case.expect(id, Ask::HandOverLogTime(k), said);
    }
    let id = case.claim("leaders", Kind::Sequence, "2-SAM leads with minor coordinates before the major one");
    let source = "s/K(s) against mu_j + mu_(j+1) (proofs/thm-4.4.md, The leader)";
    let said = expect("leaders", "log_t", format!("1e{power}"), Target::Word(history.word()), source);
    case.expect(id, Ask::Leaders, said);
    case.wrong.push(WrongLaw {
        id: "gd-leaders",
        what: "GD's leader".into(),
        draft: id,
        expect: 0,
        target: Target::Word(d.to_string()),
    });
    let bound = law.direction_bound(&Float::with_val(64, 10).pow(power));
    let bound = bound.unwrap_or_else(|| Float::with_val(64, Special::Infinity));
    let source = "1, remainder bound (3) of proofs/thm-4.2.md";
    limit_claim(&mut case, &start.mu, At::LogT(ten(power)), ("log_t", format!("1e{power}")), bound, source);
    Ok(case)
}

/// GD from the same start.
fn gradient_descent(scope: &Scope, mu: &[Rational], alpha: &Rational) -> Case {
    let d = mu.len();
    let setting = Setting::single(mu, 2, Norm::None, Rational::new());
    let alphas = vec![alpha.clone(); d];
    let start = setting.balanced(&alphas);
    let gap = Rational::from(&mu[d - 1] - &mu[d - 2]);
    let far = Rational::from(scope.plan.digits + 12) * Rational::from((6, 5)) / gap;
    let mut case = Case::new(setting, start, Horizon::S(far.clone()));
    let id = case.claim("gd-leaders", Kind::Sequence, "GD leads with the major coordinate from the first instant");
    let source = "beta_d > beta_j for s > 0 (proofs/gd.md)";
    let said = expect("leaders", "s", show(&far), Target::Word(d.to_string()), source);
    case.expect(id, Ask::Leaders, said);
    case.wrong.push(WrongLaw {
        id: "sam-leaders",
        what: "minor first, major last, which is 2-SAM's".into(),
        draft: id,
        expect: 0,
        target: Target::Word((1..=d).map(|j| j.to_string()).collect::<Vec<_>>().join(" ")),
    });
    let bound = gd::direction_bound(mu, &alphas, &far, scope.prec());
    limit_claim(&mut case, mu, At::S(far.clone()), ("s", show(&far)), bound, "1, remainder bound of proofs/gd.md");
    case
}
