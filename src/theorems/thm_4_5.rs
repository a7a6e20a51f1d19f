//! Theorem 4.5: 2-SAM, `L = 2`, one example, uniform start: three fates, and who leads as the start grows.

use super::Theorem;
use super::case::{Case, Profile, Scope, WrongLaw, q, row, show};
use super::two_sam::{expect, near, root, root_number, setting, solved, solvers, ten, uniform_example};
use crate::arith::bits_for_digits;
use crate::check::{Basis, Kind, Target};
use crate::predict::two_sam::{
    Estimate, Example, Fate, Solvers, alpha_low_squared, alpha_star, alpha_up_squared, first_leader, thresholds_squared,
};
use crate::run::{Ask, At, Horizon};
use rayon::prelude::*;
use rug::float::Round;
use rug::{Float, Rational};

pub(super) const THEOREM: Theorem = Theorem {
    id: "thm-4.5",
    title: "2-SAM, L = 2: three fates of a uniform start",
    statement: "One example, uniform start alpha_0. One alpha* in (alpha_low, alpha_up) separates collapse to 0 in finite \
                rescaled time (below) from growth (above); at alpha_0 >= alpha_up the gradient norm never falls, between \
                alpha* and alpha_up it falls once, then rises for ever. The first leader is j exactly for alpha_0 between \
                rho (mu_(j-1)+mu_j)/(sqrt2 ||mu||) and rho (mu_j+mu_(j+1))/(sqrt2 ||mu||), and at a fixed s the leader is \
                nondecreasing in alpha_0.",
    basis: Basis::Reconstructed,
    hypotheses: &["one example, 0 < mu_1 < ... < mu_d, d >= 2", "uniform start alpha_0 > 0, not alpha* itself"],
    page: "proofs/thm-4.5.md",
    cases,
};

const UNSOLVED: &str = "the flow's scalar equation could not be solved at these digits";

/// One instance to be built.
enum Spec {
    Fate(Rational),
    /// `alpha*` from below or above, by a relative `10^-digits`.
    Bracket(Estimate, u32, Fate),
    FirstLeader(Rational),
    LeaderAt(Rational),
}

fn cases(scope: &Scope) -> Result<Vec<Case>, String> {
    let solvers = solvers(scope);
    let digits = scope.plan.digits;
    let mut specs: Vec<(Vec<Rational>, Rational, Spec)> = Vec::new();
    if let Some(user) = &scope.user {
        let (mu, alpha, rho) = uniform_example(user)?;
        for spec in [Spec::Fate(alpha.clone()), Spec::FirstLeader(alpha)] {
            specs.push((mu.clone(), rho.clone(), spec));
        }
        brackets(&mut specs, &mu, &rho, &solvers, &[digits])?;
        return build(scope, &solvers, &specs);
    }
    let (two, four, one) = (row("1 2"), row("1 2 3 4"), q("1"));
    // Below alpha_low, between it and alpha*, between alpha* and alpha_up, above.
    for alpha in ["1/5", "0.38", "2/5", "3/5"] {
        specs.push((four.clone(), one.clone(), Spec::Fate(q(alpha))));
    }
    brackets(&mut specs, &two, &one, &solvers, &[digits])?;
    for threshold in thresholds_squared(&four, &one) {
        for round in [Round::Down, Round::Up] {
            specs.push((four.clone(), one.clone(), Spec::FirstLeader(root(&threshold, 20, round))));
        }
    }
    for alpha in ["0.3", "0.4", "1/2", "3/5", "7/10", "4/5", "1"] {
        specs.push((four.clone(), one.clone(), Spec::LeaderAt(q(alpha))));
    }
    if scope.profile != Profile::Quick {
        let (odd, half) = (row("1 11/10 5"), q("1/2"));
        for alpha in ["1/10", "1/5", "1/4", "1/3"] {
            specs.push((odd.clone(), half.clone(), Spec::Fate(q(alpha))));
        }
        for mu in [&four, &odd] {
            brackets(&mut specs, mu, &one, &solvers, &[digits])?;
        }
        brackets(&mut specs, &two, &one, &solvers, &[3, digits / 2])?;
        for alpha in ["1/5", "1/4", "1/3", "2/5", "1/2", "2/3"] {
            specs.push((odd.clone(), half.clone(), Spec::LeaderAt(q(alpha))));
        }
    }
    let mut out = build(scope, &solvers, &specs)?;
    out[0].starve = true;
    Ok(out)
}

fn build(scope: &Scope, solvers: &Solvers, specs: &[(Vec<Rational>, Rational, Spec)]) -> Result<Vec<Case>, String> {
    specs
        .par_iter()
        .map(|(mu, rho, spec)| match spec {
            Spec::Fate(alpha) => fate(scope, solvers, mu, alpha, rho),
            Spec::Bracket(star, digits, side) => bracket(mu, star, rho, *digits, *side),
            Spec::FirstLeader(alpha) => first(mu, alpha, rho),
            Spec::LeaderAt(alpha) => leader_at(mu, alpha, rho),
        })
        .collect()
}

fn brackets(
    specs: &mut Vec<(Vec<Rational>, Rational, Spec)>,
    mu: &[Rational],
    rho: &Rational,
    solvers: &Solvers,
    digits: &[u32],
) -> Result<(), String> {
    let star = alpha_star(mu, rho, solvers).ok_or(UNSOLVED)?;
    for &n in digits {
        for side in [Fate::Collapses, Fate::Grows] {
            specs.push((mu.to_vec(), rho.clone(), Spec::Bracket(star.clone(), n, side)));
        }
    }
    Ok(())
}

fn uniform_case(mu: &[Rational], alpha: &Rational, rho: &Rational, horizon: Rational) -> Case {
    let setting = setting(mu, rho);
    let start = setting.balanced(&vec![alpha.clone(); mu.len()]);
    Case::new(setting, start, Horizon::S(horizon))
}

/// Adds the claim that decides the fate at `s`: `N >= rho mu_d` forces `n' >= 0`, `N < rho mu_1` is `c > 1/mu_1`.
fn decided(case: &mut Case, id: &str, mu: &[Rational], rho: &Rational, s: &Rational, fate: Fate) {
    let level = |m: &Rational| Float::with_val(128, m) * Float::with_val(128, rho);
    let (low, high) = (level(&mu[0]), level(&mu[mu.len() - 1]));
    let grows = Target::above(high.clone(), &high);
    let collapses = Target::below(low.clone(), &low);
    let (right, wrong, words, other) = match fate {
        Fate::Grows => (grows, collapses, "grows: sqrt2 n >= rho mu_d, so n' >= 0 from here on", "collapses"),
        Fate::Collapses => (collapses, grows, "collapses: sqrt2 n < rho mu_1, so c > 1/mu_1", "grows"),
    };
    let draft = case.claim(id, Kind::Bound, format!("the start {words}"));
    let source = "the certain criterion of proofs/thm-4.5.md, The fates";
    let said = expect("||grad <mu, beta>||".into(), "s", show(s), right, source);
    case.expect(draft, Ask::GradientNorm(At::S(s.clone())), said);
    case.wrong.push(WrongLaw { id: "other-fate", what: format!("the start {other}"), draft, expect: 0, target: wrong });
}

/// One start of each kind: its fate, its gradient norm, the fall of `n` where there is one, the time of collapse.
fn fate(scope: &Scope, solvers: &Solvers, mu: &[Rational], alpha: &Rational, rho: &Rational) -> Result<Case, String> {
    let prec = scope.prec();
    let example = Example::uniform(mu, alpha, rho).ok_or("it asks for 0 < mu_1 < ... < mu_d, alpha_0 > 0, rho > 0")?;
    let (fate, decided_at) = example.escape().ok_or("it asks for a start not too near alpha* to tell its fate")?;
    let square = Rational::from(alpha * alpha);
    let (low, up) = (alpha_low_squared(mu, rho), alpha_up_squared(mu, rho));
    let end = match fate {
        Fate::Grows => near(&(decided_at * 9u32 / 8u32 + Float::with_val(64, 1) / 8u32)),
        Fate::Collapses => {
            let collapse = example.collapse_time(solvers).ok_or(UNSOLVED)?;
            near(&((Float::with_val(64, &collapse.value) + decided_at * 3u32) / 4u32))
        }
    };
    let mut case = uniform_case(mu, alpha, rho, end.clone());
    decided(&mut case, "fate", mu, rho, &end, fate);
    let early = Rational::from(&end / 64u32);
    let times = [early.clone(), end.clone()];
    let k = example.k(&times, solvers).ok_or(UNSOLVED)?;
    let id = case.claim("gradient-norm", Kind::Equality, "sqrt2 n(s) = ||grad <mu, beta>|| follows K(s)");
    for (s, k) in times.iter().zip(&k) {
        let said = solved(&example.gradient_norm(s, k, prec));
        let source = "sqrt(2 sum mu_j^2 beta_j), K(s) by collocation (proofs/thm-4.4.md, The reduction)";
        let what = "||grad <mu, beta>||".to_owned();
        case.expect(id, Ask::GradientNorm(At::S(s.clone())), expect(what, "s", show(s), said, source));
    }
    // N(0)^2 = 2 alpha_0^2 ||mu||^2
    let norm = mu.iter().map(|m| Rational::from(m * m)).fold(Rational::new(), |a, b| a + b);
    let start = root_number(&(norm * &square * 2u32), prec);
    let (words, falls) = if square >= up {
        ("alpha_0 >= alpha_up: n rises from the first instant", false)
    } else if square < low {
        ("alpha_0 < alpha_low: n falls from the first instant, to 0", true)
    } else {
        ("alpha_low <= alpha_0 < alpha_up: n falls first", true)
    };
    let id = case.claim("first-move", Kind::Order, words);
    let sides = (Target::below(start.clone(), &start), Target::above(start.clone(), &start));
    let (right, wrong) = if falls { sides } else { (sides.1, sides.0) };
    let source = "n(0), and the sign of n'(0) from alpha_up (proofs/thm-4.5.md, The first move)";
    let said = expect("||grad <mu, beta>||".into(), "s", show(&early), right, source);
    case.expect(id, Ask::GradientNorm(At::S(early)), said);
    case.wrong.push(WrongLaw {
        id: "other-move",
        what: "n moves the other way".into(),
        draft: id,
        expect: 0,
        target: wrong,
    });
    Ok(case)
}

/// The flow from `alpha* (1 -+ 10^-digits)`.
fn bracket(mu: &[Rational], star: &Estimate, rho: &Rational, digits: u32, side: Fate) -> Result<Case, String> {
    // alpha* to eight digits more than it is moved by.
    let kept = crate::arith::text::decimal(&star.value, digits as usize + 8);
    let centre = crate::arith::text::parse_rational(&kept).map_err(|_| UNSOLVED)?;
    let move_by = Rational::from(1) / ten(digits);
    let alpha = match side {
        Fate::Collapses => centre * (1 - move_by),
        Fate::Grows => centre * (1 + move_by),
    };
    // Near the saddle the distance grows like e^(mu_1 s): it is e^-8 before, or e^12 after, it has become of order 1.
    let units = Float::with_val(64, 10).ln() * digits + if side == Fate::Grows { 12 } else { -8 };
    let end = near(&(units / Float::with_val(64, &mu[0])));
    if end <= 0 {
        return Err("at least four digits are needed to bracket alpha*".into());
    }
    let mut case = uniform_case(mu, &alpha, rho, end.clone());
    let text: Vec<String> = mu.iter().map(crate::arith::text::rational).collect();
    let sign = if side == Fate::Grows { "+" } else { "-" };
    case.instance = format!(
        "L=2 l2 rho={} mu=({}) alpha_0 = alpha* (1 {sign} 10^-{digits}), alpha* = {kept}",
        crate::arith::text::rational(rho),
        text.join(",")
    );
    let id = if side == Fate::Grows { "alpha*/above" } else { "alpha*/below" };
    decided(&mut case, id, mu, rho, &end, side);
    Ok(case)
}

/// Who leads from the first instant.
fn first(mu: &[Rational], alpha: &Rational, rho: &Rational) -> Result<Case, String> {
    let j = first_leader(mu, alpha, rho).ok_or("it asks for a start on no threshold of the first leader")?;
    let horizon = Rational::from((1, 1000)) / &mu[mu.len() - 1];
    let mut case = uniform_case(mu, alpha, rho, horizon);
    let id = case.claim(
        "first-leader",
        Kind::Sequence,
        "the first leader is j for alpha_0 between the thresholds rho (mu_(j-1)+mu_j) and rho (mu_j+mu_(j+1)) over sqrt2 ||mu||",
    );
    let source = "alpha_0 against the thresholds, compared as squares of rationals (proofs/thm-4.5.md)";
    let target = Target::Word((j + 1).to_string());
    case.expect(id, Ask::FirstLeader, expect("first leader".into(), "s", "0+".into(), target, source));
    let neighbour = if j + 1 < mu.len() { j + 2 } else { j };
    case.wrong.push(WrongLaw {
        id: "other-threshold",
        what: "the thresholds off by one index".into(),
        draft: id,
        expect: 0,
        target: Target::Word(neighbour.to_string()),
    });
    if j + 1 < mu.len() {
        case.wrong.push(WrongLaw {
            id: "gd-leader",
            what: "the major coordinate leads from the first instant, as in GD".into(),
            draft: id,
            expect: 0,
            target: Target::Word(mu.len().to_string()),
        });
    }
    Ok(case)
}

/// Who leads at fixed times; over a grid of starts the answer must not decrease, because `K` does not increase.
fn leader_at(mu: &[Rational], alpha: &Rational, rho: &Rational) -> Result<Case, String> {
    let example = Example::uniform(mu, alpha, rho).ok_or(UNSOLVED)?;
    let solvers = Solvers::new(bits_for_digits(20));
    let times = [q("1/20"), q("1/4"), q("1")].map(|s| s / &mu[mu.len() / 2]);
    let k = example.k(&times, &solvers).ok_or(UNSOLVED)?;
    let mut case = uniform_case(mu, alpha, rho, times[2].clone());
    let id = case.claim("leader-at", Kind::Sequence, "at a fixed s the leader is nondecreasing in alpha_0");
    for (s, k) in times.iter().zip(&k) {
        let j = example.leader_at(s, k).ok_or("two coordinates are equal at a time of the grid")?;
        let source = "s/K(s) against mu_j + mu_(j+1) (proofs/thm-4.4.md, The leader)";
        let target = Target::Word((j + 1).to_string());
        case.expect(id, Ask::LeaderAt(At::S(s.clone())), expect("leader".into(), "s", show(s), target, source));
        if case.wrong.is_empty() && j + 1 < mu.len() {
            case.wrong.push(WrongLaw {
                id: "gd-leader",
                what: "the major coordinate, as in GD".into(),
                draft: id,
                expect: case.drafts[id].expects.len() - 1,
                target: Target::Word(mu.len().to_string()),
            });
        }
    }
    Ok(case)
}
