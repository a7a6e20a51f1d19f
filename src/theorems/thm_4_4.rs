//! Theorem 4.4: 2-SAM, `L = 2`, one example, uniform start: minor first, major last.

use super::Theorem;
use super::case::{Case, Profile, Scope, WrongLaw};
use super::instances::{q, row, show};
use super::two_sam::{Start, expect, near, root, solved, solvers, uniform_example};
use crate::check::{Basis, Kind, Target};
use crate::predict::two_sam::{Estimate, Example, Lead, Solvers, alpha_up_squared};
use crate::run::{Ask, At, Horizon};
use rug::float::Round;
use rug::{Float, Rational};

pub(super) const THEOREM: Theorem = Theorem {
    id: "thm-4.4",
    title: "2-SAM, L = 2: minor first, major last",
    statement: "One example, uniform start alpha_0 whose flow grows. The largest coordinate of beta(s) is j exactly while \
                mu_(j-1)+mu_j < s/K(s) < mu_j+mu_(j+1). From alpha_0 >= alpha_up the lead passes every index from the \
                first leader to d, in order, never back, j -> j+1 at the root of s = (mu_j+mu_(j+1)) K(s); from alpha* < \
                alpha_0 < alpha_up it may step down first. At equal beta_d a minor coordinate is exp(2 mu_j (mu_d-mu_j) K) \
                times GD's.",
    basis: Basis::Reconstructed,
    hypotheses: &[
        "one example, 0 < mu_1 < ... < mu_d, d >= 2",
        "uniform start alpha_0 > alpha*",
        "alpha_0 on no threshold of the first leader",
    ],
    page: "proofs/thm-4.4.md",
    coq: &[
        "Thm_4_4.leader_rule",
        "Thm_4_4_order.leaders_in_order",
        "Thm_4_4_order.leaders_down_then_up",
        "Reduction_balanced.amplification_factor",
        "Thm_4_4_tail.tail_bound_e",
    ],
    cases,
};

fn cases(scope: &Scope) -> Result<Vec<Case>, String> {
    let solvers = solvers(scope);
    let case = |start: Start| {
        let (prec, solvers) = (scope.prec(), solvers.clone());
        Case::later(move || lead(prec, &solvers, &start))
    };
    if let Some(user) = &scope.user {
        let start = uniform_example(user)?;
        start.growing()?;
        return Ok(vec![case(start)]);
    }
    let one = q("1");
    let mut starts = Vec::new();
    for d in 2..=if scope.profile == Profile::Quick { 4 } else { 8 } {
        let mu: Vec<Rational> = (1..=d).map(Rational::from).collect();
        starts.push(Start::new(&mu, &root(&alpha_up_squared(&mu, &one), 3, Round::Up), &one));
    }
    // The band in which the lead steps down first; the nearer to alpha*, the longer the way.
    let inside = if scope.profile == Profile::Quick { "0.41" } else { "0.3879" };
    starts.push(Start::new(&row("1 2 3 4"), &q(inside), &one));
    if scope.profile != Profile::Quick {
        // The two sides of the upper end of that band, 0.420423384...
        starts.push(Start::new(&row("1 2 3 4"), &q("0.42042338"), &one));
        starts.push(Start::new(&row("1 2 3 4"), &q("0.42042339"), &one));
        starts.push(Start::new(&row("1 11/10 5"), &q("1/2"), &one));
        starts.push(Start::new(&row("1/3 2 7/2"), &q("2/5"), &q("1/2")));
        // A start so large that d leads from the first instant, as in GD.
        starts.push(Start::new(&row("1 2 3 4"), &q("1"), &one));
    }
    let mut out: Vec<Case> = starts.into_iter().map(case).collect();
    out[0].starve = true;
    Ok(out)
}

/// The history of the lead of one start, its times, and the path against GD's.
fn lead(prec: u32, solvers: &Solvers, start: &Start) -> Result<Case, String> {
    let example = start.growing()?;
    let history = example.lead(solvers).ok_or("the hand-overs could not be told apart at these digits")?;
    // A little past the last hand-over; the page says why none follows.
    let last = history.hand_overs.last().map_or_else(|| Float::with_val(64, 1), |h| h.s.value.clone());
    let horizon = near(&(last * 9u32 / 8u32));
    let mut case = start.case(Horizon::S(horizon.clone()));
    against_gd(&mut case, prec, solvers, &example, start, &horizon)?;
    sequence(&mut case, &history, start.mu.len(), &horizon);
    hand_overs(&mut case, &history);
    Ok(case)
}

/// The order of the leaders.
fn sequence(case: &mut Case, history: &Lead, d: usize, horizon: &Rational) {
    let word = history.word();
    let steps_down = history.hand_overs.iter().any(|h| h.to < h.from);
    let id = case.claim(
        "leaders",
        Kind::Sequence,
        if steps_down {
            "the lead steps down first, then passes every index up to d"
        } else {
            "the lead passes every index from the first leader to d, in order, never back"
        },
    );
    let source = "the order in which s/K(s) crosses mu_j + mu_(j+1) (proofs/thm-4.4.md, The leader)";
    let target = Target::Word(word.clone());
    case.expect(id, Ask::Leaders, expect("leaders", "s", show(horizon), target, source));
    let mut wrong = |id_text: &'static str, what: &str, said: String| {
        if said != word {
            case.wrong.push(WrongLaw {
                id: id_text,
                what: what.into(),
                draft: id,
                expect: 0,
                target: Target::Word(said),
            });
        }
    };
    wrong("gd-leader", "the major coordinate leads from the first instant, as in GD", d.to_string());
    let reversed: Vec<&str> = word.split(' ').rev().collect();
    wrong("reversed", "the same leaders in the opposite order", reversed.join(" "));
    wrong("from-the-first", "every index from 1 to d", (1..=d).map(|j| j.to_string()).collect::<Vec<_>>().join(" "));
}

/// The time of every hand-over, on both clocks.
fn hand_overs(case: &mut Case, history: &Lead) {
    for (k, h) in history.hand_overs.iter().enumerate() {
        let (from, to) = (h.from + 1, h.to + 1);
        let id = case.claim(
            format!("hand-over{}", k + 1),
            Kind::Equality,
            format!("the lead passes from {from} to {to} at the root of s = (mu_{from}+mu_{to}) K(s)"),
        );
        let at = crate::arith::text::decimal(&h.s.value, 12);
        let source = "root of s = (mu_j + mu_(j+1)) K(s), collocation (proofs/thm-4.4.md, The hand-overs)";
        case.expect(
            id,
            Ask::HandOver(k),
            expect(format!("s of {from} -> {to}"), "s", at.clone(), solved(&h.s), source),
        );
        let source = "t = integral (1 + e^z) ds along K, collocation (proofs/thm-4.4.md, The hand-overs)";
        let said = expect(format!("log t of {from} -> {to}"), "s", at, solved(&h.log_t), source);
        case.expect(id, Ask::HandOverLogTime(k), said);
        // The next hand-over's time stands for a threshold off by one index.
        let other = history.hand_overs.get(k + 1).or_else(|| k.checked_sub(1).and_then(|i| history.hand_overs.get(i)));
        if let Some(other) = other {
            case.wrong.push(WrongLaw {
                id: "other-threshold",
                what: format!("the threshold of the pair {}, {}", other.from + 1, other.to + 1),
                draft: id,
                expect: 0,
                target: solved(&other.s),
            });
        }
    }
}

/// The path itself, and what it is beside GD's at equal `beta_d`.
fn against_gd(
    case: &mut Case,
    prec: u32,
    solvers: &Solvers,
    example: &Example,
    start: &Start,
    horizon: &Rational,
) -> Result<(), String> {
    let (mu, alpha) = (&start.mu, &start.alpha);
    let d = mu.len() - 1;
    let times = [Rational::from(horizon / 4u32), horizon.clone()];
    let k = example.k(&times, solvers).ok_or("K(s) could not be solved for at these digits")?;
    let id = case.claim("path", Kind::Equality, "beta_j(s) = alpha_j^2 exp(2 mu_j s - 2 mu_j^2 K(s))");
    for (s, k) in times.iter().zip(&k) {
        for j in 0..=d {
            let target = solved(&example.beta(j, s, k, prec));
            let source = "K(s) by collocation (proofs/thm-4.4.md, The reduction)";
            let said = expect(format!("beta_{}", j + 1), "s", show(s), target, source);
            case.expect(id, Ask::Beta(j, At::S(s.clone())), said);
        }
    }
    if let Ok(value) = crate::predict::gd::beta(&mu[0], alpha, &times[0], prec) {
        case.wrong.push(WrongLaw {
            id: "gd-path",
            what: "beta_1 of gradient descent (K = 0)".into(),
            draft: id,
            expect: 0,
            target: Target::exact(value),
        });
    }
    let id = case.claim(
        "amplification",
        Kind::Equality,
        "at equal beta_d, beta_j is exp(2 mu_j (mu_d - mu_j) K) times GD's",
    );
    for (s, k) in times.iter().zip(&k) {
        for j in 0..d {
            let r = Rational::from(&mu[j] / &mu[d]);
            // GD: ln beta_j - r ln beta_d keeps its start, 2 (1 - r) ln alpha_0.
            let start = Float::with_val(prec, alpha).ln() * Float::with_val(prec, &(1 - r.clone()) * Rational::from(2));
            let said = factor(k, &mu[j], &mu[d], &start, prec);
            let scale = Float::with_val(prec, said.value.abs_ref()).max(&Float::with_val(prec, 1));
            let source = "GD's constant + 2 mu_j (mu_d - mu_j) K(s) (proofs/thm-4.4.md, The amplification)";
            let what = format!("ln beta_{} - r ln beta_{}", j + 1, d + 1);
            let target = solved(&said).scaled(scale.clone());
            case.expect(id, Ask::LogBalance(j, d, r, At::S(s.clone())), expect(what, "s", show(s), target, source));
            if j == 0 && *s == times[0] {
                case.wrong.push(WrongLaw {
                    id: "gd-balance",
                    what: "no amplification (K = 0, GD's path without its clock)".into(),
                    draft: id,
                    expect: 0,
                    target: Target::exact(start).scaled(scale),
                });
            }
        }
    }
    Ok(())
}

fn factor(k: &Estimate, mu_j: &Rational, mu_d: &Rational, start: &Float, prec: u32) -> Estimate {
    let gain = Rational::from(mu_d - mu_j) * mu_j * 2u32;
    let value = Float::with_val(prec, &k.value * Float::with_val(prec, &gain)) + start;
    let rounding = Float::with_val(64, value.abs_ref()) >> (prec - 4);
    Estimate { value, error: Float::with_val(64, &k.error * Float::with_val(64, &gain)) + rounding }
}
