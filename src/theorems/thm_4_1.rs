//! Theorem 4.1: 2-SAM at depth 1 goes to the l2 maximum margin, with gradient descent beside it.

use super::Theorem;
use super::case::{Case, Profile, Scope, WrongLaw};
use super::depth1::{self, LEAST_TAU, expect, perturbation};
use super::depth1_data::{self, Data, data};
use super::instances::{q, show};
use crate::check::{Basis, Expect, Kind, Target};
use crate::predict::depth1::Perturbation;
use crate::predict::one_example::OneExample;
use crate::run::{Ask, At, Horizon};
use crate::sam::{Norm, Setting};
use rug::ops::Pow;
use rug::{Float, Integer, Rational};

pub(super) const THEOREM: Theorem = Theorem {
    id: "thm-4.1",
    title: "2-SAM, L = 1: the l2 max-margin direction",
    statement: "For almost every separable data set, every rho and every start, the direction of the 2-SAM flow tends to \
                that of w = argmin ||w||^2, <z_n, w> >= 1, as for GD. Sharper: beta = w log t + v, on the support \
                <z_n, v> -> -log(N a_n) + rho/||w||, w = sum a_n z_n; the residual falls like \
                t^-min(1, m - 1, lambda (1 + rho lambda/||w||)). One example: u^ + e^(u^) = K.",
    basis: Basis::Paper,
    hypotheses: &["separable data", "every support vector has a_n > 0, and they are independent"],
    page: "proofs/thm-4.1.md",
    coq: &["Depth1.depth1_K_form", "Depth1.depth1_root", "Depth1.depth1_constant", "Depth1.depth1_direction"],
    cases,
};

/// Seed of the random data sets.
const SEED: u64 = 41;

fn sets(scope: &Scope) -> Vec<Data> {
    let mut out = vec![
        data("support spans", "1 2;2 1/2", "1/2", "0 0"),
        data("d = 3, support does not span", "1 1 0;1 -1/2 1;2 2 3", "1/4", "0 0 0"),
    ];
    if scope.profile != Profile::Quick {
        out.extend([
            data("small lambda_min", "1 1/4;1 -1/4;3 1", "1/2", "1 1"),
            data("w_2 = 0", "1 1;1 -1", "1/2", "0 1/3"),
            data("d = 3, support spans", "1 0 1/2;0 1 1/2;1 1/2 -1/4", "1/4", "1/2 0 0"),
            data("d = 5, support does not span", "1 0 1 0 1;0 1 0 1 1/2;1 1 1/2 0 -1/4;2 2 2 2 2", "1/4", "0 0 0 0 0"),
        ]);
    }
    if scope.profile == Profile::Long {
        out.push(data("stiff", "3 -1;-1 2", "1", "0 0"));
    }
    out.extend(depth1_data::random(SEED, scope.profile, Perturbation::L2, "1/4"));
    out
}

fn cases(scope: &Scope) -> Result<Vec<Case>, String> {
    let sets = match &scope.user {
        Some(user) => vec![depth1_data::users(user)],
        None => sets(scope),
    };
    let mut out = depth1::beside_gd(scope, &sets, Norm::L2)?;
    let one = match &scope.user {
        Some(user) if user.single => Some(depth1_data::users(user)),
        Some(_) => None,
        None => Some(data("one example", "1 2", "1/2", "1/3 -1/2")),
    };
    if let Some(data) = one {
        out.extend([Norm::None, Norm::L2, Norm::Linf].map(|norm| one_example(scope, norm, &data)));
    }
    if scope.user.is_none() {
        out.extend(depth1::degenerate(Norm::L2));
    }
    out[0].starve = true;
    Ok(out)
}

/// One example: `u^ + e^(u^) = K` on the way to `log t = 10^1000`.
fn one_example(scope: &Scope, norm: Norm, data: &Data) -> Case {
    let prec = scope.prec();
    let mu = &data.z[0];
    let rho = if norm == Norm::None { Rational::new() } else { data.rho.clone() };
    let far = Rational::from(Integer::from(10).pow(1000));
    let setting = Setting::single(mu, 1, norm, rho);
    let mut case = Case::new(setting, vec![data.start.clone()], Horizon::LogT(far.clone()));
    let law = OneExample::new(mu, &data.start, perturbation(norm), &data.rho, prec);
    let id = case.claim(
        format!("{}/one-example", norm.name()),
        Kind::Equality,
        "u^ + e^(u^) = ||mu||^2 t + u^_0 + e^(u^_0) = K, u^ = <mu, beta> - c",
    );
    let source = "log y with y + log y = K (proofs/thm-4.1.md)";
    let place = |log_t: &Rational| if *log_t > 1_000_000 { "1e1000".into() } else { show(log_t) };
    for log_t in [q("1"), q("5"), q("40"), Rational::from(LEAST_TAU)] {
        let Some(value) = law.margin(&log_t, prec) else { continue };
        let e = Expect { clock: "log_t", ..expect("<mu, beta>".into(), &log_t, Target::exact(value), source) };
        case.expect(id, Ask::Frame(mu.clone(), Rational::new(), At::LogT(log_t.clone())), e);
    }
    for log_t in [q("1"), q("40"), far] {
        let Some(value) = law.lag(&log_t, prec) else { continue };
        let mut e = expect("log t - u^".into(), &log_t, Target::exact(value), source);
        (e.clock, e.horizon) = ("log_t", place(&log_t));
        case.expect(id, Ask::Lag(At::LogT(log_t)), e);
    }
    let first = q("1");
    if let Some(lag) = law.lag(&first, prec) {
        // Without the logarithm: e^(u^) = K, so u = log K + c, that is u + log(1 + u^ e^-u^).
        let hat = Float::with_val(prec, &first - lag);
        let share = Float::with_val(prec, Float::with_val(prec, -&hat).exp() * &hat).ln_1p();
        if let Some(u) = law.margin(&first, prec) {
            case.wrong.push(WrongLaw {
                id: "no-logarithm",
                what: "e^(u^) = K".into(),
                draft: id,
                expect: 0,
                target: Target::exact(u + share),
            });
        }
    }
    case
}
