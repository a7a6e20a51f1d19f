//! Theorem 4.5: 2-SAM, `L = 2`, one example, uniform start: three fates, and who leads as the start grows.

use super::Theorem;
use super::case::{Case, Profile, Scope, WrongLaw};
use super::instances::{q, row, show};
use super::two_sam::{Start, expect, near, root, root_number, solved, solvers, ten, uniform_example};
use crate::arith::bits_for_digits;
use crate::check::{Basis, Kind, Target};
use crate::predict::GUARD;
use crate::predict::two_sam::{
    Estimate, Fate, Solvers, alpha_low_squared, alpha_star, alpha_up_squared, first_leader, thresholds_squared,
};
use crate::run::{Ask, At, Horizon};
use rug::float::Round;
use rug::{Float, Rational};
use std::sync::{Arc, OnceLock};

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
    coq: &[
        "Thm_4_5.three_fates",
        "Thm_4_5.growth_certain",
        "Thm_4_5.collapse_certain",
        "Thm_4_5.alpha_star",
        "Thm_4_5.first_move",
        "Thm_4_4.first_leader",
        "Thm_4_4.leader_monotone_in_start",
        "Thm_4_5_collapse.collapse_time_bound",
    ],
    cases,
};

const UNSOLVED: &str = "the flow's scalar equation could not be solved at these digits";

/// `alpha*`, solved for once and only when it is needed.
#[derive(Clone)]
struct Critical {
    mu: Vec<Rational>,
    rho: Rational,
    solvers: Arc<Solvers>,
    value: Arc<OnceLock<Option<Estimate>>>,
}

impl Critical {
    fn new(mu: &[Rational], rho: &Rational, solvers: &Arc<Solvers>) -> Self {
        Critical { mu: mu.to_vec(), rho: rho.clone(), solvers: solvers.clone(), value: Arc::new(OnceLock::new()) }
    }

    fn value(&self) -> Result<&Estimate, String> {
        let value = self.value.get_or_init(|| alpha_star(&self.mu, &self.rho, &self.solvers));
        value.as_ref().ok_or_else(|| UNSOLVED.into())
    }

    /// The starts `alpha* (1 -+ 10^-digits)`.
    fn brackets(&self, digits: u32) -> [Case; 2] {
        [Fate::Collapses, Fate::Grows].map(|side| {
            let critical = self.clone();
            Case::later(move || bracket(&critical, digits, side))
        })
    }
}

fn cases(scope: &Scope) -> Result<Vec<Case>, String> {
    let solvers = solvers(scope);
    let (prec, digits) = (scope.prec(), scope.plan.digits);
    let fated = |start: Start| {
        let solvers = solvers.clone();
        Case::later(move || fate(prec, &solvers, &start))
    };
    if let Some(user) = &scope.user {
        let start = uniform_example(user)?;
        if start.example()?.fate().is_none() {
            return Err("it asks for a start not so near alpha* that its fate cannot be told".into());
        }
        let mut out = vec![fated(start.clone()), first(&start)?];
        out.extend(Critical::new(&start.mu, &start.rho, &solvers).brackets(digits));
        return Ok(out);
    }
    let (two, four, odd) = (row("1 2"), row("1 2 3 4"), row("1 11/10 5"));
    let (one, half) = (q("1"), q("1/2"));
    let pair = Critical::new(&two, &one, &solvers);
    let leading = |start: Start| Case::later(move || leader_at(&start));
    let mut out = Vec::new();
    // Below alpha_low, between it and alpha*, between alpha* and alpha_up, above.
    let (some, fates): (_, &[&str]) = match scope.profile {
        Profile::Quick => (&two, &["1/5", "11/20", "3/5"]),
        _ => (&four, &["1/5", "0.38", "2/5", "3/5"]),
    };
    for alpha in fates {
        out.push(fated(Start::new(some, &q(alpha), &one)));
    }
    out.extend(pair.brackets(if scope.profile == Profile::Quick { digits / 2 } else { digits }));
    for threshold in thresholds_squared(&four, &one) {
        for round in [Round::Down, Round::Up] {
            out.push(first(&Start::new(&four, &root(&threshold, digits / 2, round), &one))?);
        }
    }
    for alpha in GRID {
        out.push(leading(Start::new(&four, &q(alpha), &one)));
    }
    if scope.profile != Profile::Quick {
        for alpha in ["1/10", "1/5", "1/4", "1/3"] {
            out.push(fated(Start::new(&odd, &q(alpha), &half)));
        }
        for mu in [&four, &odd] {
            out.extend(Critical::new(mu, &one, &solvers).brackets(digits));
        }
        out.extend(pair.brackets(digits / 2));
        out.extend(pair.brackets(6));
        for alpha in ["1/5", "1/4", "1/3", "2/5", "1/2", "2/3"] {
            out.push(leading(Start::new(&odd, &q(alpha), &half)));
        }
    }
    out[0].starve = true;
    Ok(out)
}

/// Starts of the grid on which the leader at a fixed time is compared, ascending.
const GRID: [&str; 7] = ["0.3", "0.4", "1/2", "3/5", "7/10", "4/5", "1"];

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
    let said = expect("||grad <mu, beta>||", "s", show(s), right, source);
    case.expect(draft, Ask::GradientNorm(At::S(s.clone())), said);
    case.wrong.push(WrongLaw { id: "other-fate", what: format!("the start {other}"), draft, expect: 0, target: wrong });
}

/// One start of each kind: its fate, its gradient norm, the fall of `n` where there is one, the time of collapse.
fn fate(prec: u32, solvers: &Solvers, start: &Start) -> Result<Case, String> {
    let Start { mu, alpha, rho } = start;
    let example = start.example()?;
    let (fate, decided_at) = example.escape().ok_or("it asks for a start not too near alpha* to tell its fate")?;
    let square = Rational::from(alpha * alpha);
    let (low, up) = (alpha_low_squared(mu, rho), alpha_up_squared(mu, rho));
    let (end, collapse) = match fate {
        Fate::Grows => (near(&(decided_at * 9u32 / 8u32 + Float::with_val(64, 1) / 8u32)), None),
        Fate::Collapses => {
            let time = example.collapse_time(solvers).ok_or(UNSOLVED)?;
            (near(&((Float::with_val(64, &time.value) + decided_at * 3u32) / 4u32)), Some(time))
        }
    };
    // Past the collapse, where there is one.
    let horizon = collapse.as_ref().map_or(end.clone(), |time| near(&Float::with_val(64, &time.value * 2u32)));
    let mut case = start.case(Horizon::S(horizon));
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
    decided(&mut case, "fate", mu, rho, &end, fate);
    if let Some(time) = &collapse {
        let id = case.claim("collapse-time", Kind::Equality, "n reaches 0 at s_c");
        let source = "s(K) as K -> inf, by collocation in K (proofs/thm-4.5.md, The collapse)";
        case.expect(id, Ask::CollapseTime, expect("s_c", "s", "s_c".into(), solved(time), source));
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
    let said = expect("||grad <mu, beta>||", "s", show(&early), right, source);
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
fn bracket(critical: &Critical, digits: u32, side: Fate) -> Result<Case, String> {
    let (mu, rho, star) = (&critical.mu, &critical.rho, critical.value()?);
    // alpha* to eight digits more than it is moved by.
    let kept = crate::arith::text::decimal(&star.value, digits as usize + 8);
    let centre = crate::arith::text::parse_rational(&kept).map_err(|_| UNSOLVED)?;
    let alpha = moved(&centre, digits, side);
    let end = escape_time(mu, &centre, rho, digits, side)?;
    let mut case = Start::new(mu, &alpha, rho).case(Horizon::S(end.clone()));
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

fn moved(centre: &Rational, digits: u32, side: Fate) -> Rational {
    let by = Rational::from(1) / ten(digits);
    centre
        * match side {
            Fate::Collapses => 1 - by,
            Fate::Grows => 1 + by,
        }
}

/// When a start `10^-digits` beside `alpha*` shows its fate. Near the saddle the distance grows like `e^(mu_1 s)`: the time
/// of a start moved by `10^-8` at the most, plus `ln 10 / mu_1` for every digit more. A choice of horizon, no prediction.
fn escape_time(
    mu: &[Rational],
    centre: &Rational,
    rho: &Rational,
    digits: u32,
    side: Fate,
) -> Result<Rational, String> {
    let few = digits.min(8);
    let example = Start::new(mu, &moved(centre, few, side), rho).example()?;
    let (fate, decided_at) = example.escape().ok_or(UNSOLVED)?;
    if fate != side {
        return Err("alpha* is not where it was predicted".into());
    }
    let shown = match side {
        Fate::Grows => decided_at + Float::with_val(64, &mu[0]).recip() * 2u32,
        Fate::Collapses => {
            let end = example.collapse_time(&Solvers::new(GUARD)).ok_or(UNSOLVED)?;
            (Float::with_val(64, end.value) + decided_at) / 2u32
        }
    };
    let more = Float::with_val(64, 10).ln() * (digits - few) / Float::with_val(64, &mu[0]);
    Ok(near(&(shown + more)))
}

/// Who leads from the first instant.
fn first(start: &Start) -> Result<Case, String> {
    let Start { mu, alpha, rho } = start;
    let j = first_leader(mu, alpha, rho).ok_or("it asks for a start on no threshold of the first leader")?;
    let horizon = Rational::from((1, 1000)) / &mu[mu.len() - 1];
    let mut case = start.case(Horizon::S(horizon));
    let id = case.claim(
        "first-leader",
        Kind::Sequence,
        "the first leader is j for alpha_0 between the thresholds rho (mu_(j-1)+mu_j) and rho (mu_j+mu_(j+1)) over sqrt2 ||mu||",
    );
    let source = "alpha_0 against the thresholds, compared as squares of rationals (proofs/thm-4.5.md)";
    let target = Target::Word((j + 1).to_string());
    case.expect(id, Ask::FirstLeader, expect("first leader", "s", "0+".into(), target, source));
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
fn leader_at(start: &Start) -> Result<Case, String> {
    let (mu, example) = (&start.mu, start.example()?);
    let solvers = Solvers::new(bits_for_digits(20));
    let times = [q("1/20"), q("1/4"), q("1")].map(|s| s / &mu[mu.len() / 2]);
    let k = example.k(&times, &solvers).ok_or(UNSOLVED)?;
    let mut case = start.case(Horizon::S(times[2].clone()));
    let id = case.claim("leader-at", Kind::Sequence, "at a fixed s the leader is nondecreasing in alpha_0");
    for (s, k) in times.iter().zip(&k) {
        let j = example.leader_at(s, k).ok_or("two coordinates are equal at a time of the grid")?;
        let source = "s/K(s) against mu_j + mu_(j+1) (proofs/thm-4.4.md, The leader)";
        let target = Target::Word((j + 1).to_string());
        case.expect(id, Ask::LeaderAt(At::S(s.clone())), expect("leader", "s", show(s), target, source));
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
