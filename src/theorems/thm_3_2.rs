//! Theorem 3.2: inf-SAM, `L >= 2`, one example: the fate of each coordinate.

use super::Theorem;
use super::case::{Case, Profile, Reading, Scope, WrongLaw};
use super::instances::{q, row, show, single_example};
use crate::arith::bits_for_digits;
use crate::check::{Basis, Expect, Kind, Target};
use crate::predict::{fates, fates::Fate, linf_deep, linf_depth2};
use crate::run::{Ask, At, Horizon};
use crate::sam::{Norm, Setting};
use rug::ops::Pow;
use rug::{Float, Integer, Rational};

pub(super) const THEOREM: Theorem = Theorem {
    id: "thm-3.2",
    title: "inf-SAM, L >= 2: the fate of each coordinate",
    statement: "One example, balanced start alpha > 0, rescaled inf-SAM flow, coordinate by coordinate: alpha_j < rho: \
                beta_j -> 0 (L even), -> rho^L (L odd); alpha_j = rho: constant; alpha_j > rho: diverges, exponentially \
                for L = 2, at the finite rescaled time T_j for L >= 3.",
    basis: Basis::Paper,
    hypotheses: &["one example, mu > 0", "all layers start equal to alpha > 0", "solutions in Filippov's sense"],
    page: "proofs/thm-3.2.md",
    coq: &[
        "Thm_3_2.thm_3_2_closed_form",
        "Thm_3_2_fates.thm_3_2_fates",
        "Thm_3_2_fates.thm_3_2_sliding_unique",
        "Thm_3_2_fates.hit_time_depth2",
        "Thm_3_2_fates.hit_time_deep",
        "Thm_3_2_fates.blow_up_deep",
        "Thm_3_2_joint.thm_3_2_counterexample",
        "Bounds.gap_bound",
        "Bounds_deep.bound_constant_odd",
        "Bounds_deep.bound_constant_even",
    ],
    cases,
};

fn cases(scope: &Scope) -> Result<Vec<Case>, String> {
    if let Some(user) = &scope.user {
        let (mu, alpha, rho) = single_example(user)?;
        return Ok((2..=5).map(|depth| joint(scope, depth, &mu, &alpha, &rho)).collect());
    }
    let one = q("1");
    let mut out: Vec<Case> = (2..=5).map(|depth| joint(scope, depth, &row("1 2 3"), &row("1/2 1 6/5"), &one)).collect();
    // Every fate alone, where no other coordinate ends the flow.
    for depth in 3..=if scope.profile == Profile::Long { 5 } else { 4 } {
        out.push(below(scope, depth));
    }
    out.push(literal_reading(scope));
    if scope.profile != Profile::Quick {
        out.push(joint(scope, 2, &row("1/3 7/5 2 4"), &row("3/10 9/10 1/2 4/5"), &q("1/2")));
        out.push(joint(scope, 4, &row("1/3 7/5 2"), &row("3/10 9/10 1/5"), &q("1/2")));
        out.push(joint(scope, 6, &row("1 3"), &row("3/2 11/10"), &one));
    }
    if scope.profile == Profile::Long {
        out.push(joint(scope, 2, &row("1 2 3 4 5 6 7 8"), &row("1/4 1/2 3/4 1 5/4 3/2 7/4 2"), &one));
        out.push(joint(scope, 7, &row("1 2"), &row("2 1/2"), &one));
    }
    if let Some(first) = out.first_mut() {
        first.starve = true;
    }
    Ok(out)
}

/// All coordinates in one network: trajectories at several times before the end, hitting times, the blow-up time.
fn joint(scope: &Scope, depth: u32, mu: &[Rational], alpha: &[Rational], rho: &Rational) -> Case {
    let prec = scope.prec();
    let setting = Setting::single(mu, depth as usize, Norm::Linf, rho.clone());
    let start = setting.balanced(alpha);
    let end = if depth >= 3 { linf_deep::joint_blow_up(mu, alpha, rho, depth) } else { None };
    let last = end.as_ref().map_or_else(|| Rational::from(4), |e| e.time.clone());
    let horizon = match &end {
        Some(_) => Horizon::BlowUp { digits: scope.plan.digits + 20 },
        None => Horizon::S(last.clone()),
    };
    let mut case = Case::new(setting, start, horizon);
    let times: Vec<Rational> = [(1, 8), (1, 2), (99, 100)].iter().map(|&f| Rational::from(f) * &last).collect();
    for j in 0..mu.len() {
        let (name, fate) = (j + 1, fate_words(&alpha[j], rho, depth));
        let path = case.claim(
            format!("L{depth}/w{name}"),
            Kind::Equality,
            format!("w_{name}(s) follows its closed form: alpha_{name} {fate}"),
        );
        for s in &times {
            let Some(value) = weight(&mu[j], &alpha[j], rho, depth, s, prec) else { continue };
            let target = if value.is_zero() {
                Target::exact(value).scaled(Float::with_val(prec, rho))
            } else {
                Target::exact(value)
            };
            let expect = Expect {
                what: format!("w_{name}"),
                clock: "s",
                horizon: show(s),
                target,
                source: format!("closed form of Theorem 3.2 at L = {depth} (proofs/thm-3.2.md)"),
            };
            case.expect(path, Ask::Weight(0, j, At::S(s.clone())), expect);
        }
        if let Some(hit) = hit_time(&mu[j], &alpha[j], rho, depth, prec).filter(|h| *h < last) {
            let id = case.claim(
                format!("L{depth}/hit{name}"),
                Kind::Equality,
                format!("w_{name} reaches 0 at the predicted time and slides there"),
            );
            let expect = Expect {
                what: format!("time of w_{name} = 0"),
                clock: "s",
                horizon: crate::arith::text::decimal(&hit, 12),
                target: Target::exact(hit),
                source: "closed form (proofs/thm-3.2.md, hitting time)".into(),
            };
            case.expect(id, Ask::HitTime(j), expect);
        }
    }
    if let Some(end) = &end {
        let id = case.claim(format!("L{depth}/blow-up"), Kind::Equality, "the flow blows up at T* = min T_j");
        let expect = Expect {
            what: "T*".into(),
            clock: "s",
            horizon: show(&end.time),
            target: Target::exact(Float::with_val(prec, &end.time)),
            source: "min (alpha_j - rho)^-(L-2) / ((L-2) mu_j) (proofs/thm-3.2.md)".into(),
        };
        case.expect(id, Ask::BlowUpTime, expect);
    }
    // GD's path in the place of SAM's.
    if let Some(value) = weight(&mu[0], &alpha[0], &Rational::new(), depth, &times[0], prec) {
        case.wrong.push(WrongLaw {
            id: "gd-path",
            what: "w_1 of gradient descent (rho = 0)".into(),
            draft: 0,
            expect: 0,
            target: Target::exact(value),
        });
    }
    case
}

fn fate_words(alpha: &Rational, rho: &Rational, depth: u32) -> &'static str {
    match fates::alone(alpha, rho, depth) {
        Fate::Vanishes => "< rho, L even: to 0",
        Fate::TendsTo(_) => "< rho, L odd: towards rho",
        Fate::Constant(_) => "= rho: constant",
        Fate::Diverges | Fate::StopsShort => "> rho: grows",
    }
}

fn weight(mu: &Rational, alpha: &Rational, rho: &Rational, depth: u32, s: &Rational, prec: u32) -> Option<Float> {
    match depth {
        2 => linf_depth2::w(mu, alpha, rho, s, prec).ok(),
        _ => linf_deep::w(mu, alpha, rho, depth, s, prec),
    }
}

fn hit_time(mu: &Rational, alpha: &Rational, rho: &Rational, depth: u32, prec: u32) -> Option<Float> {
    match depth {
        2 => linf_depth2::hit_time(mu, alpha, rho, prec),
        _ => linf_deep::hit_time(mu, alpha, rho, depth).map(|s| Float::with_val(prec, &s)),
    }
}

/// `alpha < rho` and no coordinate above: `beta_j -> 0` or `rho^L`, with the remainder bound at the horizon.
fn below(scope: &Scope, depth: u32) -> Case {
    let (mu, alpha, rho) = (row("1 2"), row("1/2 3/5"), q("1"));
    let prec = scope.prec();
    let setting = Setting::single(&mu, depth as usize, Norm::Linf, rho.clone());
    let start = setting.balanced(&alpha);
    // L rho^(L-1) (m mu s)^(-1/m) <= 10^-D / 4: s = (4 L 10^D)^m.
    let far = Rational::from((Integer::from(10).pow(scope.plan.digits) * (8 * depth)).pow(depth - 2));
    let mut case = Case::new(setting, start, Horizon::S(far.clone()));
    let scale = Rational::from((&rho).pow(i32::try_from(depth).unwrap_or(0)));
    for (j, name) in [(0, 1), (1, 2)] {
        let limit = match fates::alone(&alpha[j], &rho, depth) {
            Fate::TendsTo(value) => value,
            _ => Rational::new(),
        };
        let single = crate::predict::direction::bound_constant(&mu[j..=j], &alpha[j..=j], &rho, depth, &far, prec);
        let id = case.claim(
            format!("L{depth}/limit{name}"),
            Kind::Limit,
            format!(
                "beta_{name} -> {} (alpha_{name} < rho, L {})",
                show(&limit),
                if depth.is_multiple_of(2) { "even" } else { "odd" }
            ),
        );
        let expect = Expect {
            what: format!("beta_{name}"),
            clock: "s",
            horizon: crate::arith::text::decimal_rational(&far, 3),
            target: Target::limit(
                Float::with_val(prec, &limit),
                single.unwrap_or_else(|| Float::with_val(64, f64::INFINITY)),
            )
            .scaled(Float::with_val(bits_for_digits(scope.plan.digits), &scale)),
            source: "limit of Theorem 3.2, remainder (5) of proofs/cor-3.5.md".into(),
        };
        case.expect(id, Ask::Beta(j, At::S(far.clone())), expect);
    }
    let other = if depth.is_multiple_of(2) { scale.clone() } else { Rational::new() };
    case.wrong.push(WrongLaw {
        id: "other-parity",
        what: "the limit of the other parity of L".into(),
        draft: 0,
        expect: 0,
        target: Target::exact(Float::with_val(prec, &other)).scaled(Float::with_val(prec, &scale)),
    });
    case
}

/// `L = 3`, `mu = (1,2,3)`, `alpha = (.5,1.2,1.1)`: the joint flow ends at `T*`, where only one coordinate diverges.
fn literal_reading(scope: &Scope) -> Case {
    let (mu, alpha, rho, depth) = (row("1 2 3"), row("1/2 6/5 11/10"), q("1"), 3);
    let mut case = joint(scope, depth, &mu, &alpha, &rho);
    let prec = scope.prec();
    let Some(end) = linf_deep::joint_blow_up(&mu, &alpha, &rho, depth) else { return case };
    // So close to T* that the gap to the value there is a thousandth of the tolerance.
    let remaining = end.time.clone() / Rational::from(Integer::from(10).pow(scope.plan.digits + 4));
    let near = Rational::from(&end.time - &remaining);
    let id = case.claim(
        "L3/stops-short",
        Kind::Limit,
        "jointly, the coordinates that do not lead tend to the finite beta_i(T*) as t -> inf",
    );
    let mut expects = Vec::new();
    for j in [0usize, 2] {
        let Some(value) = linf_deep::beta_at_blow_up(&mu, &alpha, &rho, depth, j, prec) else { continue };
        let Some(gap) = fates::gap_bound(&mu, &alpha, &rho, depth, j, &remaining, prec) else { continue };
        let expect = Expect {
            what: format!("beta_{}(T*)", j + 1),
            clock: "s",
            horizon: format!("T* (1 - 10^-{})", scope.plan.digits + 4),
            target: Target::limit(value, gap.clone()),
            source: "closed form at T*, gap bound (proofs/thm-3.2.md, The gap)".into(),
        };
        let index = case.ask(Ask::Beta(j, At::S(near.clone())));
        case.drafts[id].expects.push((index, expect.clone()));
        if j == 0 {
            let literal = Target::limit(Float::with_val(prec, 1), gap);
            expects.push((index, Expect { target: literal, source: "rho^L, read literally".into(), ..expect }));
        }
    }
    case.readings.push(Reading {
        claim: "thm-3.2/literal-joint",
        statement: "Read literally for the network, L >= 3: every alpha_j < rho (L odd) gives beta_j -> rho^L although \
                    another coordinate starts above rho. The joint flow ends at T* = min T_j, where that coordinate is \
                    still on its way: it tends to the finite beta_j(T*).",
        expects,
    });
    case
}
