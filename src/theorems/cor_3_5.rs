//! Corollary 3.5: the limit direction of inf-SAM on one example, and the original clock of its paths.

use super::Theorem;
use super::case::{Case, Profile, Scope, WrongLaw};
use super::instances::{q, row, show, single_example};
use crate::arith::bits_for_digits;
use crate::check::{Basis, Expect, Kind, Target};
use crate::predict::clock::Coordinate;
use crate::predict::direction::{self, Limit};
use crate::predict::{fates, loss, quadrature};
use crate::run::{Ask, At, Horizon};
use crate::sam::{Norm, Setting};
use rug::ops::Pow;
use rug::{Float, Integer, Rational};

pub(super) const THEOREM: Theorem = Theorem {
    id: "cor-3.5",
    title: "inf-SAM: the limit direction depends on the start",
    statement: "If some alpha_j > rho, beta/||beta||_1 -> e_j*, j* = argmax mu_j (alpha_j - rho)^(L-2) over alpha_j > rho \
                (at a tie for L >= 3, to mu_j^(-L/(L-2)) on the tied). All alpha_j < rho: beta -> 0 (L even) or rho^L 1 \
                (L odd) and the loss does not vanish. Every e_j is the limit of some start. On the original clock, \
                L = 2: t in Ei, Loss(theta^) ~ 1/(2 mu t log t).",
    basis: Basis::Paper,
    hypotheses: &["one example, 0 < mu_1 < ... < mu_d", "balanced start alpha > 0", "no tie at L = 2"],
    page: "proofs/cor-3.5.md",
    coq: &[
        "Cor_3_5.cor_3_5",
        "Cor_3_5_cases.cor_3_5_tie",
        "Cor_3_5_cases.cor_3_5_no_growth",
        "Cor_3_5_cases.cor_3_5_every_basis_vector",
        "Bounds.bound_depth2",
        "Bounds_deep.bound_deep",
        "Bounds_deep.bound_constant_odd",
        "Bounds_deep.bound_constant_even",
        "Original_clock.original_clock_depth2",
        "Loss_law.perturbed_loss_law",
        "Loss_law.loss_law",
    ],
    cases,
};

fn cases(scope: &Scope) -> Result<Vec<Case>, String> {
    if let Some(user) = &scope.user {
        let (mu, alpha, rho) = single_example(user)?;
        return Ok((2..=4).map(|depth| limit(scope, depth, &mu, &alpha, &rho)).collect());
    }
    let (mu, rho) = (row("1 2 3"), q("1"));
    let mut out = Vec::new();
    for depth in 2..=4 {
        // Every basis vector is some start's limit.
        for j in 0..3 {
            out.push(limit(scope, depth, &mu, &direction::start_with_limit(j, 3, &rho), &rho));
        }
        // The zero limit, the constant limit.
        out.push(limit(scope, depth, &mu, &row("1/2 3/5 9/10"), &rho));
    }
    // Two above rho: the argmax decides, not the data's major coordinate.
    out.push(limit(scope, 3, &mu, &row("2 11/10 6/5"), &rho));
    // Ties: mu_j (alpha_j - rho) equal.
    out.push(limit(scope, 3, &row("1 2 3"), &row("2 3/2 1/2"), &rho));
    if scope.profile == Profile::Long {
        out.push(limit(scope, 4, &row("1 4 5"), &row("2 3/2 6/5"), &rho));
    }
    out.push(ei_clock(scope, &q("2"), &q("3/2"), &rho));
    out.push(joint_clock(scope, 2));
    if scope.profile != Profile::Quick {
        out.push(ei_clock(scope, &q("1/3"), &q("9/10"), &q("1/2")));
        out.push(joint_clock(scope, 4));
    }
    out.push(loss_law(scope, &q("2"), &q("3/2"), &rho));
    out[0].starve = true;
    Ok(out)
}

fn ten(n: u32) -> Rational {
    Rational::from(Integer::from(10).pow(n))
}

/// The limit the start has, whichever it is.
fn limit(scope: &Scope, depth: u32, mu: &[Rational], alpha: &[Rational], rho: &Rational) -> Case {
    let prec = scope.prec();
    let setting = Setting::single(mu, depth as usize, Norm::Linf, rho.clone());
    let start = setting.balanced(alpha);
    let digits = scope.plan.digits;
    match direction::limit(mu, alpha, rho, depth) {
        Limit::Direction { leaders } if depth == 2 => {
            // The slowest ratio falls like e^(-2 gap s).
            let leader = leaders[leaders.len() - 1];
            let gap = (0..mu.len())
                .filter(|&i| i != leader)
                .map(|i| if alpha[i] > *rho { Rational::from(&mu[leader] - &mu[i]) } else { mu[leader].clone() })
                .min()
                .unwrap_or_else(|| Rational::from(1));
            let far = Rational::from(digits + 12) * Rational::from((6, 5)) / gap;
            let bound = direction::bound_depth2(mu, alpha, rho, &far, prec);
            directed(
                scope,
                Case::new(setting, start, Horizon::S(far.clone())),
                depth,
                mu,
                alpha,
                rho,
                At::S(far),
                bound,
            )
        }
        Limit::Direction { leaders } => {
            // ||v - limit|| ~ r^(L/m) for one leader, r^(1/m) at a tie, r ~ (log t)^(-m/L).
            let power = if leaders.len() == 1 { digits + 6 } else { depth * (digits + 6) };
            let log_t = ten(power.max(60));
            let wide = prec + bits_for_digits(power.max(60));
            let bound = fates::remaining_bound(mu, alpha, rho, depth, &Float::with_val(wide, &log_t), prec)
                .and_then(|r| r.to_rational())
                .and_then(|r| direction::bound_deep(mu, alpha, rho, depth, &r, prec));
            let mut case = Case::new(setting, start, Horizon::LogT(log_t.clone()));
            if leaders.len() > 1 {
                // Two blow-up times must agree to the time left, r ~ (log t)^(-m/L).
                case.amplification = power * (depth - 2) / depth;
            }
            directed(scope, case, depth, mu, alpha, rho, At::LogT(log_t), bound)
        }
        Limit::Constant { .. } | Limit::Zero => {
            resting(scope, Case::new(setting, start, Horizon::S(q("1"))), depth, mu, alpha, rho)
        }
    }
}

#[allow(clippy::too_many_arguments)]
fn directed(
    scope: &Scope,
    mut case: Case,
    depth: u32,
    mu: &[Rational],
    alpha: &[Rational],
    rho: &Rational,
    at: At,
    bound: Option<Float>,
) -> Case {
    let prec = scope.prec();
    let (clock, horizon) = match &at {
        At::S(s) => ("s", show(s)),
        At::LogT(v) | At::Tau(v) => ("log_t", crate::arith::text::decimal_rational(v, 3)),
    };
    let Some(v) = direction::direction(mu, alpha, rho, depth, prec) else { return case };
    let remainder = bound.unwrap_or_else(|| Float::with_val(64, rug::float::Special::Infinity));
    let leaders: Vec<usize> = (0..v.len()).filter(|&j| !v[j].is_zero()).collect();
    let names: Vec<String> = leaders.iter().map(|j| format!("e_{}", j + 1)).collect();
    let id = case.claim(
        format!("L{depth}/direction"),
        Kind::Limit,
        format!("beta/||beta||_1 -> {}{}", names.join(" + "), if leaders.len() > 1 { ", weighted" } else { "" }),
    );
    for (j, value) in v.iter().enumerate() {
        let expect = Expect {
            what: format!("beta_{}/||beta||_1", j + 1),
            clock,
            horizon: horizon.clone(),
            target: Target::limit(value.clone(), remainder.clone()).scaled(Float::with_val(prec, 1)),
            source: "limit direction, remainder bound of proofs/cor-3.5.md".into(),
        };
        case.expect(id, Ask::Direction(j, at.clone()), expect);
    }
    let d = mu.len() - 1;
    if leaders != [d] {
        case.wrong.push(WrongLaw {
            id: "gd-direction",
            what: "e_d, the limit of gradient descent".into(),
            draft: id,
            expect: d,
            target: Target::exact(Float::with_val(prec, 1)),
        });
    } else if d > 0 {
        case.wrong.push(WrongLaw {
            id: "minor-direction",
            what: "e_1, the most minor coordinate".into(),
            draft: id,
            expect: 0,
            target: Target::exact(Float::with_val(prec, 1)),
        });
    }
    case
}

/// No coordinate above `rho`: `beta` tends to a constant, and the loss stays away from 0.
fn resting(scope: &Scope, mut case: Case, depth: u32, mu: &[Rational], alpha: &[Rational], rho: &Rational) -> Case {
    let prec = scope.prec();
    let even = depth.is_multiple_of(2);
    // Odd: L rho^(L-1) sum (m mu_j s)^(-1/m) <= tol / 4.
    // Even: past the time at which the last of them is pinned, which the bound below then says is so.
    let far = if even {
        let mut far = ten(3);
        let late = |far: &Rational| {
            let bound = |j: usize| direction::bound_constant(&mu[j..=j], &alpha[j..=j], rho, depth, far, prec);
            (0..mu.len()).any(|j| alpha[j] < *rho && !bound(j).is_some_and(|b| b.is_zero()))
        };
        while late(&far) {
            far *= 10u32;
        }
        far
    } else {
        (ten(scope.plan.digits) * Rational::from(16 * depth)).pow(i32::try_from(depth - 2).unwrap_or(1))
    };
    case.probe.horizon = Horizon::S(far.clone());
    let scale = Rational::from(rho.pow(i32::try_from(depth).unwrap_or(0)));
    let id = case.claim(
        format!("L{depth}/{}", if even { "zero" } else { "constant" }),
        Kind::Limit,
        if even { "all alpha_j < rho: beta -> 0" } else { "all alpha_j < rho: beta -> rho^L 1" },
    );
    for j in 0..mu.len() {
        let bound = direction::bound_constant(&mu[j..=j], &alpha[j..=j], rho, depth, &far, prec);
        let value = match fates::alone(&alpha[j], rho, depth) {
            fates::Fate::TendsTo(v) | fates::Fate::Constant(v) => v,
            _ => Rational::new(),
        };
        let expect = Expect {
            what: format!("beta_{}", j + 1),
            clock: "s",
            horizon: crate::arith::text::decimal_rational(&far, 3),
            target: Target::limit(
                Float::with_val(prec, &value),
                bound.unwrap_or_else(|| Float::with_val(64, rug::float::Special::Infinity)),
            )
            .scaled(Float::with_val(prec, &scale)),
            source: "limit, remainder (5) of proofs/cor-3.5.md".into(),
        };
        case.expect(id, Ask::Beta(j, At::S(far.clone())), expect);
    }
    if even && alpha.iter().all(|a| a < rho) {
        let id = case.claim(
            format!("L{depth}/pinned"),
            Kind::Sequence,
            "every coordinate is pinned at 0: the flow rests, the loss stays log 2",
        );
        let expect = Expect {
            what: "ending".into(),
            clock: "s",
            horizon: show(&far),
            target: Target::Word("equilibrium".into()),
            source: "all coordinates slide on 0 (proofs/cor-3.5.md)".into(),
        };
        case.expect(id, Ask::Ending, expect);
    }
    case.wrong.push(WrongLaw {
        id: "other-parity",
        what: "the limit of the other parity of L".into(),
        draft: id,
        expect: 0,
        target: Target::exact(Float::with_val(prec, if even { &scale } else { Rational::ZERO }))
            .scaled(Float::with_val(prec, &scale)),
    });
    case
}

/// One coordinate, `L = 2`: `t` as a function of the rescaled time, through `Ei`.
fn ei_clock(scope: &Scope, mu: &Rational, alpha: &Rational, rho: &Rational) -> Case {
    let prec = scope.prec();
    let setting = Setting::single(std::slice::from_ref(mu), 2, Norm::Linf, rho.clone());
    let start = setting.balanced(std::slice::from_ref(alpha));
    let far = Rational::from(1200) / mu; // log t ~ e^2400 ~ 10^1042
    let mut case = Case::new(setting, start, Horizon::S(far.clone()));
    let id = case.claim(
        "L2/ei-clock",
        Kind::Equality,
        "t = [Ei(zeta) + ln zeta - Ei(zeta_0) - ln zeta_0]/(2 mu), zeta = mu (w - rho)^2",
    );
    let Some(coordinate) = Coordinate::new(mu, alpha, rho) else { return case };
    for s in [Rational::from((1, 8)), Rational::from(1) / mu, Rational::from(3) / mu, far] {
        // zeta = zeta_0 e^(2 mu s): as many more bits as its exponent is long, so that zeta itself is sharp.
        let wide = prec + bits_for_digits(64);
        let zeta = coordinate.zeta(&s, wide);
        let Some(value) = coordinate.lag(&zeta, prec) else { continue };
        let expect = Expect {
            what: "log t - zeta".into(),
            clock: "s",
            horizon: show(&s),
            target: Target::exact(value),
            source: "Ei clock (proofs/rescaling.md)".into(),
        };
        case.expect(id, Ask::Lag(At::S(s.clone())), expect);
    }
    // sign(0) = 0 has no place here; the neighbouring wrong law is the leading asymptotics alone.
    if let Some(v) = coordinate.lag(&coordinate.zeta(&(Rational::from(3) / mu), prec), prec) {
        let zeta = coordinate.zeta(&(Rational::from(3) / mu), prec);
        let leading = -(zeta * Float::with_val(prec, mu) * 2u32).ln();
        case.wrong.push(WrongLaw {
            id: "leading-term",
            what: "log t = zeta - log(2 mu zeta) without the rest of Ei".into(),
            draft: id,
            expect: 2,
            target: Target::exact(leading).scaled(v),
        });
    }
    case
}

/// Several coordinates, one pinned at zero on the way: `t` by quadrature of the closed forms.
fn joint_clock(scope: &Scope, depth: u32) -> Case {
    let (mu, alpha, rho) = (row("1 2"), if depth == 2 { row("1/2 6/5") } else { row("1/2 3/2") }, q("1"));
    let prec = scope.prec();
    let setting = Setting::single(&mu, depth as usize, Norm::Linf, rho.clone());
    let start = setting.balanced(&alpha);
    let times = if depth == 2 { [q("1/2"), q("1"), q("3/2")] } else { [q("1/4"), q("1/2"), q("9/10")] };
    let mut case = Case::new(setting, start, Horizon::S(times[2].clone()));
    let id = case.claim(
        format!("L{depth}/joint-clock"),
        Kind::Equality,
        "log t of the joint flow, with beta^_j = rho^L on a coordinate pinned at 0 (Filippov)",
    );
    for s in &times {
        let Some(time) = quadrature::log_time(&mu, &alpha, &rho, depth, s, bits_for_digits(scope.plan.digits + 10))
        else {
            continue;
        };
        let value = Float::with_val(prec, &time.z + &time.lag);
        let expect = Expect {
            what: "log t".into(),
            clock: "s",
            horizon: show(s),
            target: Target::Number {
                value,
                error: Float::with_val(64, &time.error),
                remainder: Float::new(64),
                scale: None,
            },
            source: "Gauss-Legendre quadrature of 1 + e^z on the closed forms (proofs/rescaling.md)".into(),
        };
        case.expect(id, Ask::LogTime(At::S(s.clone())), expect);
    }
    case
}

/// `Loss(theta^) ~ 1/(2 mu t log t)` and `Loss(theta)` against it, with their remainder bounds.
fn loss_law(scope: &Scope, mu: &Rational, alpha: &Rational, rho: &Rational) -> Case {
    let prec = scope.prec();
    let digits = scope.plan.digits;
    let power = 2 * digits + 14;
    let log_t = ten(power);
    // log Loss is of size log t, the gap of size sqrt(log t).
    let wide = prec + 2 * bits_for_digits(power);
    let setting = Setting::single(std::slice::from_ref(mu), 2, Norm::Linf, rho.clone());
    let start = setting.balanced(std::slice::from_ref(alpha));
    let mut case = Case::new(setting, start, Horizon::LogT(log_t.clone()));
    case.amplification = digits + 20;
    let at = At::LogT(log_t.clone());
    let horizon = format!("1e{power}");
    let Some(coordinate) = Coordinate::new(mu, alpha, rho) else { return case };
    let value_of_log_t = Float::with_val(wide, &log_t);
    let (Some(perturbed), Some(plain)) = (
        loss::perturbed_loss_law(&coordinate, &value_of_log_t, wide),
        loss::loss_law(&coordinate, rho, &value_of_log_t, wide),
    ) else {
        return case;
    };
    let widest = |law: &loss::Law| Float::with_val(64, law.low.abs_ref()).max(&Float::with_val(64, law.high.abs_ref()));
    let id = case.claim("L2/loss-perturbed", Kind::Limit, "log Loss(theta^) + log t -> -(log log t + log 2 mu)");
    let value = Float::with_val(prec, &perturbed.leading + &value_of_log_t);
    let expect = Expect {
        what: "log Loss(theta^) + log t".into(),
        clock: "log_t",
        horizon: horizon.clone(),
        target: Target::limit(value.clone(), widest(&perturbed)),
        source: "-(log log t + log 2 mu), remainder bound of proofs/rescaling.md".into(),
    };
    case.expect(id, Ask::PerturbedLoss(at.clone()), expect);
    case.wrong.push(WrongLaw {
        id: "one-over-t",
        what: "Loss(theta^) ~ 1/(2 mu t), without log t".into(),
        draft: id,
        expect: 0,
        target: Target::exact(-(Float::with_val(prec, mu) * 2u32).ln()).scaled(value),
    });
    let id = case.claim(
        "L2/loss-gap",
        Kind::Limit,
        "log Loss(theta) - log Loss(theta^) -> -2 rho sqrt(mu log t) - mu rho^2",
    );
    let value = Float::with_val(prec, &plain.leading - &perturbed.leading);
    let remainder = Float::with_val(64, widest(&plain) + widest(&perturbed));
    let expect = Expect {
        what: "log Loss(theta) - log Loss(theta^)".into(),
        clock: "log_t",
        horizon,
        target: Target::limit(value, remainder),
        source: "-2 rho sqrt(mu log t) - mu rho^2, remainder bounds of proofs/rescaling.md".into(),
    };
    case.expect(id, Ask::LossGap(at), expect);
    case
}
