//! What Theorems 3.1 and 4.1 share: a case from a limit law of [`crate::predict::depth1`].

use super::case::{Case, Refuted, Scope, WrongLaw};
use super::depth1_data::{Data, data};
use super::instances::show;
use crate::check::{Expect, Kind, Target, Verdict};
use crate::predict::depth1::{Law, NoLaw, Perturbation};
use crate::predict::max_margin_l2::l1_rival;
use crate::run::{Ask, At, Horizon};
use crate::sam::{Norm, Setting};
use rug::float::Special;
use rug::ops::Pow;
use rug::{Float, Rational};

/// `log(1 + t)` beyond `t = 10^1000`: the least horizon.
pub(super) const LEAST_TAU: u32 = 2303;
/// The farthest a run goes for its digits.
const FARTHEST_TAU: u32 = 100_000;
/// The most that stiffness times `tau` may be: some 5000 steps. Very stiff data end before [`LEAST_TAU`], undecided.
const DEAREST: u32 = 150_000;

/// The predicted side's name for a perturbation.
pub(super) fn perturbation(norm: Norm) -> Perturbation {
    match norm {
        Norm::L2 => Perturbation::L2,
        Norm::Linf => Perturbation::Linf,
        Norm::None | Norm::L2Unnormalised => Perturbation::None,
    }
}

/// Everything about one law at one horizon.
struct Limit {
    law: Law,
    tau: Rational,
    /// 2-SAM: observed on the way.
    near: Option<crate::predict::depth1_bound::Near>,
    /// Bound on `|<z_n, v> - c_n|`.
    remainder: Float,
    source: String,
}

impl Limit {
    /// The least horizon from [`LEAST_TAU`] on, in steps of a quarter, at which the remainder is an eighth of the tolerance.
    fn of(law: Law, data: &Data, digits: u32) -> Limit {
        let smallest = law.constants.iter().map(|c| Float::with_val(64, c.abs_ref()));
        let smallest = smallest.filter(|c| !c.is_zero()).fold(Float::with_val(64, 1), |m, c| m.min(&c));
        let asked = smallest / Float::with_val(64, 10).pow(digits) / 8u32;
        let affordable = Float::with_val(64, DEAREST / law.stiffness());
        let cap = affordable.min(&Float::with_val(64, FARTHEST_TAU)).trunc().to_rational().unwrap_or_default();
        let least = Rational::from(LEAST_TAU).min(cap.clone()).max(Rational::from(1));
        let (mut tau, mut out_of_reach) = (least.clone(), false);
        // Gradient descent has no signs to settle.
        let settled = if law.pattern.is_empty() { Some(Rational::new()) } else { data.settled.clone() };
        let arrival = law.arrival(&data.start) * 8u32;
        loop {
            let (near, remainder, page) = match law.perturbation {
                Perturbation::L2 => {
                    let near = law.near(&Rational::from(&tau / 4u32));
                    let bound = law.bound_from_near(&near, &tau);
                    (Some(near), bound, "bound (3) of proofs/thm-4.1.md")
                }
                _ if law.slides() => {
                    (None, law.estimate_while_sliding(&data.start, &tau), "estimate (4) of proofs/thm-3.1.md")
                }
                _ => match &settled {
                    Some(settled) => {
                        (None, law.bound_from_start(&data.start, settled, &tau), "bound (2) of proofs/thm-3.1.md")
                    }
                    None => {
                        let near = law.near(&Rational::from(&tau / 4u32));
                        let bound = law.bound_from_near(&near, &tau);
                        (Some(near), bound, "bound (2) from the nearness on, proofs/thm-3.1.md")
                    }
                },
            };
            let early = near.is_some() && arrival > tau;
            if remainder <= asked && !early || out_of_reach {
                // Undecided, it takes nothing for granted on the way.
                let near = near.filter(|_| !out_of_reach);
                let remainder = if early { Float::with_val(64, Special::Infinity) } else { remainder };
                let source = format!("-log(N a_n) + log Lambda_n, {page}");
                return Limit { law, tau, near, remainder, source };
            }
            if tau >= cap {
                // Left undecided, at the least horizon rather than after a long run.
                (tau, out_of_reach) = (least.clone(), true);
                continue;
            }
            tau = Rational::from((&tau * Rational::from((5, 4))).ceil_ref());
        }
    }
}

/// Two cases a data set: gradient descent, and SAM of this norm.
pub(super) fn beside_gd(scope: &Scope, sets: &[Data], norm: Norm) -> Result<Vec<Case>, String> {
    let pairs = sets.iter().flat_map(|data| [(Norm::None, data), (norm, data)]);
    pairs.map(|(norm, data)| case(scope, norm, data).map_err(|e| e.to_string())).collect()
}

/// The case of a data set: limit, signs, nearness, vector, direction, rate, with their controls.
pub(super) fn case(scope: &Scope, norm: Norm, data: &Data) -> Result<Case, NoLaw> {
    let prec = scope.prec();
    let law = Law::new(&data.z, perturbation(norm), &data.rho, prec)?;
    let limit = Limit::of(law, data, scope.plan.digits);
    let rho = if norm == Norm::None { Rational::new() } else { data.rho.clone() };
    let setting = Setting { z: data.z.clone(), depth: 1, norm, rho };
    let start = vec![data.start.clone()];
    let mut case = Case::new(setting, start, Horizon::Tau(limit.tau.clone()));
    case.instance = format!("{} ({})", case.instance, data.what);
    constants(&mut case, scope, norm, data, &limit);
    on_the_way(&mut case, norm, data, &limit);
    whole_vector(&mut case, scope, norm, &limit);
    direction(&mut case, norm, data, &limit);
    rate(&mut case, scope, norm, &limit);
    Ok(case)
}

/// A comparison at `tau`.
pub(super) fn expect(what: String, tau: &Rational, target: Target, source: &str) -> Expect {
    Expect { what, clock: "tau", horizon: show(tau), target, source: source.into() }
}

/// A limit law; its tolerance is absolute where the constant is 0.
fn law_of(value: &Float, remainder: &Float) -> Target {
    let target = Target::limit(value.clone(), remainder.clone());
    if value.is_zero() { target.scaled(Float::with_val(64, 1)) } else { target }
}

/// `<z_n, beta> - tau -> c_n`.
fn constants(case: &mut Case, scope: &Scope, norm: Norm, data: &Data, limit: &Limit) {
    let law = &limit.law;
    let at = At::Tau(limit.tau.clone());
    let one = Rational::from(1);
    let id = case.claim(
        format!("{}/constant", norm.name()),
        Kind::Limit,
        "on the support <z_n, beta> - log t tends to its constant",
    );
    for (&n, c) in law.margin.support.iter().zip(&law.constants) {
        let e = expect(format!("<z_{}, v>", n + 1), &limit.tau, law_of(c, &limit.remainder), &limit.source);
        case.expect(id, Ask::Frame(data.z[n].clone(), one.clone(), at.clone()), e);
    }
    // The other flow's constants.
    let other = if norm == Norm::None { Perturbation::L2 } else { Perturbation::None };
    if !data.rho.is_zero()
        && let Ok(wrong) = Law::new(&data.z, other, &data.rho, scope.prec())
    {
        case.wrong.push(WrongLaw {
            id: "other-flow",
            what: if norm == Norm::None { "2-SAM's constant" } else { "gradient descent's constant" }.into(),
            draft: id,
            expect: 0,
            target: law_of(&wrong.constants[0], &limit.remainder),
        });
    }
    // A frame that is not w: e_n moves the margin of the first support vector by a thousandth.
    let n = law.margin.support[0];
    let slope = Rational::from((1001, 1000));
    let ask = case.ask(Ask::Frame(data.z[n].clone(), slope, at));
    case.refuted.push(Refuted {
        id: "wrong-frame",
        what: "the frame 1.001 w: v diverges".into(),
        draft: id,
        ask,
        expect: expect(
            format!("<z_{}, v>", n + 1),
            &limit.tau,
            law_of(&law.constants[0], &limit.remainder),
            &limit.source,
        ),
    });
}

/// What the bounds take for granted of the run.
fn on_the_way(case: &mut Case, norm: Norm, data: &Data, limit: &Limit) {
    let law = &limit.law;
    if norm == Norm::Linf && !data.rho.is_zero() {
        let name = |s: &i8| match s {
            0 => "0",
            s if *s < 0 => "-",
            _ => "+",
        };
        let word = |s: &[i8]| s.iter().map(name).collect::<Vec<_>>().join(" ");
        let id = case.claim(
            format!("{}/signs", norm.name()),
            Kind::Sequence,
            "the signs of the gradient settle to those of the law (0: it slides)",
        );
        let target = Target::Word(word(&law.pattern));
        let settled = data.settled.clone().unwrap_or_else(|| Rational::from(&limit.tau / 4u32));
        let e = expect("signs".into(), &settled, target, "sign(sum_S a_n z_n/Lambda_n) (proofs/thm-3.1.md)");
        case.expect(id, Ask::Signs(At::Tau(settled)), e);
        let opposite: Vec<i8> = law.pattern.iter().map(|s| -s).chain(law.slides().then_some(1)).collect();
        case.wrong.push(WrongLaw {
            id: "opposite-signs",
            what: "every sign the other way".into(),
            draft: id,
            expect: 0,
            target: Target::Word(word(&opposite)),
        });
    }
    let Some(near) = &limit.near else { return };
    let at = At::Tau(near.tau.clone());
    let id = case.claim(
        format!("{}/near", norm.name()),
        Kind::Bound,
        "at a quarter of the horizon v is where the bound on the rest takes hold",
    );
    for (&n, c) in law.margin.support.iter().zip(&law.constants) {
        let target = Target::within(c, &near.distance);
        let e = expect(format!("<z_{}, v>", n + 1), &near.tau, target, "c_n -+ d_0 (proofs/thm-4.1.md)");
        case.expect(id, Ask::Frame(data.z[n].clone(), Rational::from(1), at.clone()), e);
    }
    for n in (0..data.z.len()).filter(|n| !law.margin.support.contains(n)) {
        let half = Float::with_val(64, Rational::from(&law.margin.margins[n] + 1u32) * &near.tau) / 2u32;
        let target = Target::above(half.clone(), &half);
        let e = expect(format!("<z_{}, beta>", n + 1), &near.tau, target, "(m_n + 1) tau/2 (proofs/thm-4.1.md)");
        case.expect(id, Ask::Frame(data.z[n].clone(), Rational::new(), at.clone()), e);
    }
    let low = Float::with_val(64, &law.constants[0] + Float::with_val(64, &near.distance * 2u32));
    case.wrong.push(WrongLaw {
        id: "elsewhere",
        what: "v two radii away from its limit".into(),
        draft: id,
        expect: 0,
        target: Target::above(low, &near.distance),
    });
}

/// Where the support spans: `v` itself, and the angle.
fn whole_vector(case: &mut Case, scope: &Scope, norm: Norm, limit: &Limit) {
    let law = &limit.law;
    if !law.spans() {
        return;
    }
    let prec = scope.prec();
    let at = At::Tau(limit.tau.clone());
    let away = law.bound_in_span(&limit.remainder);
    let id = case.claim(format!("{}/vector", norm.name()), Kind::Limit, "the support spans: v tends to a known vector");
    let size = law.vector(prec).iter().fold(Float::new(64), |m, x| m.max(&Float::with_val(64, x.abs_ref())));
    let size = if size.is_zero() { Float::with_val(64, 1) } else { size };
    for (j, v) in law.vector(prec).iter().enumerate() {
        let unit: Vec<Rational> = (0..law.margin.w.len()).map(|i| Rational::from(u32::from(i == j))).collect();
        let target = Target::limit(v.clone(), away.clone()).scaled(size.clone());
        let e = expect(format!("v_{}", j + 1), &limit.tau, target, &limit.source);
        case.expect(id, Ask::Frame(unit, law.margin.w[j].clone(), at.clone()), e);
    }
    let Some(tangent) = law.tangent(&limit.tau, prec).filter(|t| *t > 1e-12) else { return };
    let id = case.claim(
        format!("{}/angle", norm.name()),
        Kind::Limit,
        "the tangent of the angle to w is ||P v||/(||w|| log t + <v, w>/||w||) with the limit of v",
    );
    let slack = Float::with_val(64, &away / &limit.tau) * 4u32 / length(&law.margin.w);
    let target = law_of(&tangent, &slack);
    case.expect(
        id,
        Ask::Tangent(law.margin.w.clone(), at),
        expect("tan".into(), &limit.tau, target, "proofs/thm-3.1.md"),
    );
}

/// `||w||_2`, for the size of a bound.
fn length(w: &[Rational]) -> Float {
    let square: Rational = w.iter().map(|x| Rational::from(x * x)).sum();
    Float::with_val(64, square).sqrt()
}

/// The statement of the paper: the direction of `beta` is that of `w`, within an explicit `O(1/log t)`.
fn direction(case: &mut Case, norm: Norm, data: &Data, limit: &Limit) {
    let law = &limit.law;
    let settled = data.settled.clone().filter(|_| norm == Norm::Linf && !law.slides()).unwrap_or_default();
    let bound = law.bound_on_direction(&law.bound_on_rest(&data.start, &settled), &limit.tau);
    let total: Rational = law.margin.w.iter().map(|x| x.clone().abs()).sum();
    let id = case.claim(
        format!("{}/direction", norm.name()),
        Kind::Bound,
        "beta/||beta||_1 is within O(1/log t) of w/||w||_1, the l2 maximum margin",
    );
    let near = |x: &Rational| Target::within(&Float::with_val(64, x), &bound);
    for (j, w) in law.margin.w.iter().enumerate() {
        let e = expect(
            format!("beta_{}/||beta||_1", j + 1),
            &limit.tau,
            near(&Rational::from(w / &total)),
            "w_j/||w||_1 -+ the bound (5) of proofs/thm-3.1.md",
        );
        case.expect(id, Ask::Direction(j, At::Tau(limit.tau.clone())), e);
    }
    // The l1 maximum margin, where it is another direction by more than both bounds.
    let Some(rival) = l1_rival(&data.z) else { return };
    let other: Rational = rival.iter().map(|x| x.clone().abs()).sum();
    let apart = |j: usize| Rational::from(&law.margin.w[j] / &total) - Rational::from(&rival[j] / &other);
    let widest = (0..rival.len()).max_by(|&i, &j| apart(i).abs().cmp(&apart(j).abs()));
    if let Some(j) = widest.filter(|&j| apart(j).abs() > Float::with_val(64, &bound * 2u32)) {
        case.wrong.push(WrongLaw {
            id: "l1-margin",
            what: "the direction of the l1 maximum margin".into(),
            draft: id,
            expect: j,
            target: near(&Rational::from(&rival[j] / &other)),
        });
    }
}

/// The exponent of the residual, where it is below 1 and stands alone.
fn rate(case: &mut Case, scope: &Scope, norm: Norm, limit: &Limit) {
    let law = &limit.law;
    let [slow, next, ..] = &law.rates[..] else { return };
    // The next term: another exponent, or twice the same.
    let gap = Float::with_val(64, next - slow).min(&Float::with_val(64, slow));
    if gap < 0.03125 || *slow > 0.875 {
        return;
    }
    // At 3 tau the residual is 10^-(3 D/4).
    let digits = scope.plan.digits;
    let tau = Float::with_val(64, Float::with_val(64, 10).ln() * digits) / 4u32 / slow;
    let Some(tau) = tau.round().to_rational() else { return };
    let tolerance = Float::with_val(64, -(Float::with_val(64, &gap * &tau) / 2u32)).exp();
    // No claim where it would allow the next term less than a thousand times the amplitude of the first (gap tau >= 17), or
    // where its interval could not be told from the exponent 1.
    let early = Float::with_val(64, &gap * &tau) < 17;
    if early || Float::with_val(64, &tolerance * 2u32) >= Float::with_val(64, 1u32 - slow) {
        return;
    }
    let n = law.margin.support[0];
    let id = case.claim(
        format!("{}/rate", norm.name()),
        Kind::Rate,
        "the residual of <z_n, v> falls like t^-min(1, m - 1, lambda_min)",
    );
    let e = expect(
        "exponent".into(),
        &Rational::from(&tau * 3u32),
        Target::within(slow, &tolerance),
        "smallest exponent, tolerance (6) of proofs/thm-3.1.md",
    );
    case.expect(id, Ask::Decay(law.z[n].clone(), Rational::from(1), tau), e);
    let mut wrong = |id_of: &'static str, what: &str, value: &Float| {
        let target = Target::within(&Float::with_val(64, value), &tolerance);
        case.wrong.push(WrongLaw { id: id_of, what: what.into(), draft: id, expect: 0, target });
    };
    wrong("rate-one", "the exponent 1", &Float::with_val(64, 1));
    if norm == Norm::L2
        && let Ok(plain) = Law::new(&law.z, Perturbation::None, &law.rho, 64)
        && let Some(exponent) = plain.exponent().filter(|e| Float::with_val(64, *e - slow).abs() > tolerance * 2u32)
    {
        let target = Target::within(exponent, &Float::with_val(64, exponent >> 20));
        case.wrong.push(WrongLaw {
            id: "rate-of-gd",
            what: "gradient descent's exponent".into(),
            draft: id,
            expect: 0,
            target,
        });
    }
}

/// A data set with a support vector whose `a_n` is 0: there is no constant, so no claim about it can be decided.
pub(super) fn degenerate(norm: Norm) -> Option<Case> {
    let data = data("a_2 = 0", "1 0;1 1", "1/2", "0 0");
    let NoLaw::Degenerate = Law::new(&data.z, perturbation(norm), &data.rho, 64).err()? else { return None };
    let rho = if norm == Norm::None { Rational::new() } else { data.rho.clone() };
    let setting = Setting { z: data.z.clone(), depth: 1, norm, rho };
    let tau = Rational::from(50);
    let mut case = Case::new(setting, vec![data.start.clone()], Horizon::Tau(tau.clone()));
    let id = case.claim(
        format!("{}/constant", norm.name()),
        Kind::Limit,
        "a support vector with a_n = 0: outside `almost every`, no constant is known",
    );
    // -log(N a_1) alone, with the remainder that is known: none.
    let target = Target::limit(-Float::with_val(64, 2).ln(), Float::with_val(64, Special::Infinity));
    let e = expect("<z_1, v>".into(), &tau, target, &NoLaw::Degenerate.to_string());
    case.expect(id, Ask::Frame(data.z[0].clone(), Rational::from(1), At::Tau(tau.clone())), e);
    case.breaks = Some(("a degenerate data set (a_n = 0) is left undecided", Verdict::Inconclusive));
    Some(case)
}
