//! The algorithm with step `eta` beside the flow: its exact product, its order, its chatter where the flow slides.

use super::Theorem;
use super::case::{Case, Profile, Reading, Scope, WrongLaw};
use super::instances::{q, row, show, single_example};
use crate::check::{Basis, Expect, Kind, Target};
use crate::predict::steps;
use crate::run::{Ask, Horizon, StepsAsk};
use crate::sam::{Layers, Norm, Setting};
use rug::{Float, Rational};

pub(super) const THEOREM: Theorem = Theorem {
    id: "algorithm",
    title: "the algorithm with step eta: order 1, an exact product, chatter",
    statement: "On bounded times theta_{k+1} = theta_k - eta grad(theta^_k) stays within O(eta) of the flow, with order 1 \
                where the flow is smooth; inf-SAM, L = 2: w_j(k) - rho = (alpha_j - rho) prod (1 + eta sigma_i mu_j) while \
                positive; where the flow is pinned at w_j = 0 the algorithm swings about it by at most eta rho mu_j / 2.",
    basis: Basis::Derived,
    hypotheses: &["a fixed step eta", "order: no sign of the gradient changes up to the time compared"],
    page: "proofs/algorithm.md",
    coq: &[],
    cases,
};

fn cases(scope: &Scope) -> Result<Vec<Case>, String> {
    let eta = q("1/64");
    if let Some(user) = &scope.user {
        let (mu, alpha, rho) = single_example(user)?;
        return Ok(vec![product(scope, &mu, &alpha, &rho, &eta, 100)?]);
    }
    let mut out = vec![
        product(scope, &row("1 2"), &row("6/5 9/20"), &q("1/2"), &q("1/10"), 30)?,
        product(scope, &row("1 2 3"), &row("9/10 1 11/10"), &q("1"), &eta, 150)?,
    ];
    out[0].starve = true;
    let single = |mu: &str, depth, norm, rho: &str| Setting::single(&row(mu), depth, norm, q(rho));
    let several = |z: &[&str], depth, norm, rho: &str| Setting {
        z: z.iter().map(|r| row(r)).collect(),
        depth,
        norm,
        rho: q(rho),
    };
    let mut smooth: Vec<(Setting, &str)> = vec![
        (single("1 2", 2, Norm::L2, "1"), "3/5 3/5"),
        (single("1 2", 2, Norm::Linf, "1/2"), "6/5 9/10"),
        (several(&["1 3", "2 1/2"], 1, Norm::L2, "1/2"), "0 0"),
    ];
    if scope.profile != Profile::Quick {
        smooth.push((single("1 2", 3, Norm::L2, "1/2"), "1 1"));
        smooth.push((several(&["1 3", "2 1/2"], 2, Norm::None, "0"), "1/2 1"));
    }
    for (setting, alpha) in smooth {
        let start = setting.balanced(&row(alpha));
        out.push(order(setting, start));
    }
    out.push(chatter(&q("1"), &q("1/2"), &q("1"), &eta));
    if scope.profile != Profile::Quick {
        let mut second = chatter(&q("3"), &q("1/5"), &q("1/2"), &q("1/200"));
        second.readings.clear();
        out.push(second);
    }
    Ok(out)
}

/// `w_j(k)` against the product form.
fn product(
    scope: &Scope,
    mu: &[Rational],
    alpha: &[Rational],
    rho: &Rational,
    eta: &Rational,
    steps: u32,
) -> Result<Case, String> {
    let predict = |at_weights| steps::weights((mu, alpha, rho), eta, steps, at_weights, scope.prec());
    let (Some(right), Some(wrong)) = (predict(false), predict(true)) else {
        return Err(format!("{steps} steps of {} take a weight to zero or below", show(eta)));
    };
    let setting = Setting::single(mu, 2, Norm::Linf, rho.clone());
    let start = setting.balanced(alpha);
    let mut case = Case::new(setting, start, Horizon::S(Rational::new()));
    let id = case.claim("product", Kind::Equality, "w_j(k) - rho = (alpha_j - rho) prod_{i<k} (1 + eta sigma_i mu_j)");
    for (coordinate, value) in right.into_iter().enumerate() {
        let expect = Expect {
            what: format!("w_{} after {steps} steps of {eta}", coordinate + 1),
            clock: "steps",
            horizon: steps.to_string(),
            target: Target::exact(value),
            source: "the product form (proofs/algorithm.md)".into(),
        };
        let ask = StepsAsk::Weight { eta: eta.clone(), steps, coordinate };
        case.expect(id, Ask::Steps(ask), expect);
    }
    // A coordinate at rho does not move, whatever sigma is.
    if let Some((expect, value)) = wrong.into_iter().enumerate().find(|(j, _)| alpha[*j] != *rho) {
        case.wrong.push(WrongLaw {
            id: "sigma-at-theta",
            what: "sigma_i at the weights instead of the perturbed ones".into(),
            draft: 0,
            expect,
            target: Target::exact(value),
        });
    }
    Ok(case)
}

/// The order is compared to `eta`, three digits: thirty leave room for the differences it is formed from.
const RATE_DIGITS: u32 = 30;

/// Steps of the coarsest run of the order claim, to `t = 2`.
const ORDER_STEPS: u32 = 512;

/// What the order claim expects of coordinate `coordinate`: see the page for why the tolerance is `eta`.
fn expect_order(order: u32, coordinate: usize) -> (Ask, Expect) {
    let eta = Rational::from((2, ORDER_STEPS));
    let target = Target::within(&Float::with_val(64, order), &Float::with_val(64, &eta));
    let expect = Expect {
        what: format!("order of w_{} in eta", coordinate + 1),
        clock: "t",
        horizon: "2".into(),
        target,
        source: "2 p(eta/2) - p(eta) = 1 + O(eta^2) (proofs/algorithm.md)".into(),
    };
    (Ask::Steps(StepsAsk::Order { eta, steps: ORDER_STEPS, coordinate }), expect)
}

fn order(setting: Setting, start: Layers) -> Case {
    let mut case = Case::new(setting, start, Horizon::LogT(q("1")));
    case.most_digits = Some(RATE_DIGITS);
    let id = case.claim("order", Kind::Rate, "the distance from the flow at t = 2 falls like eta");
    for coordinate in 0..case.probe.setting.dimension() {
        let (ask, expect) = expect_order(1, coordinate);
        case.expect(id, ask, expect);
    }
    let (_, wrong) = expect_order(2, 0);
    case.wrong.push(WrongLaw {
        id: "order-2",
        what: "order 2, of a midpoint rule".into(),
        draft: 0,
        expect: 0,
        target: wrong.target,
    });
    case
}

/// One coordinate that the flow pins at zero.
fn chatter(mu: &Rational, alpha: &Rational, rho: &Rational, eta: &Rational) -> Case {
    let setting = Setting::single(std::slice::from_ref(mu), 2, Norm::Linf, rho.clone());
    let start = setting.balanced(std::slice::from_ref(alpha));
    let mut case = Case::new(setting, start, Horizon::LogT(q("1")));
    case.most_digits = Some(RATE_DIGITS);
    let id = case.claim("chatter", Kind::Bound, "once at zero, |w| stays between a fraction of eta and eta rho mu / 2");
    // The flow is at zero by t = (1 + e^(mu rho^2)) s, s = ln(rho / (rho - alpha)) / mu; twice that, and a hundred steps.
    let real = |x: &Rational| Float::with_val(64, x);
    let barrier = Float::with_val(64, real(&Rational::from(rho * rho)) * real(mu)).exp() + 1u32;
    let hit = Float::with_val(64, real(rho) / real(&Rational::from(rho - alpha))).ln() / real(mu) * &barrier;
    let from = Float::with_val(64, hit * 2u32 / real(eta)).to_u32_saturating().unwrap_or(u32::MAX);
    let swing = Float::with_val(64, real(&Rational::from(rho * mu)) / 2u32);
    // Two steps in a row move by eta sigma mu (rho - |w|), sigma >= sigma(-mu (rho + eta rho mu)^2): half of that is
    // reached on one side.
    let reach = Rational::from(eta * mu) * rho + rho;
    let sigma = Float::with_val(64, real(&Rational::from(&reach * &reach)) * real(mu)).exp() + 1u32;
    let least = Float::with_val(64, &swing / sigma) * (1u32 - real(&Rational::from(eta * mu)));
    let expect = Expect {
        what: "max |w| / eta over 100 steps".into(),
        clock: "steps",
        horizon: format!("{from}"),
        target: Target::Range {
            low: Some(least),
            resolution: Float::with_val(64, &swing / 1000u32),
            high: Some(swing),
        },
        source: "sigma <= 1/2, |w^| <= rho (proofs/algorithm.md)".into(),
    };
    let ask = StepsAsk::Swing { eta: eta.clone(), from, to: from + 100, coordinate: 0 };
    case.expect(id, Ask::Steps(ask), expect);
    case.wrong.push(WrongLaw {
        id: "no-chatter",
        what: "the algorithm rests at zero as the flow does".into(),
        draft: 0,
        expect: 0,
        target: Target::below(real(&Rational::from((1, 1000))), &real(&Rational::from(1))),
    });
    let (ask, expect) = expect_order(1, 0);
    let index = case.ask(ask);
    case.readings.push(Reading {
        claim: "algorithm/order-while-sliding",
        statement: "Order 1 does not extend to where the flow slides: there the algorithm is within O(eta) of it, but its \
                    distance depends on where in its swing it is, and the order measured is irregular.",
        expects: vec![(index, expect)],
    });
    case
}
