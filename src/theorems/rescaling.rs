//! The rescaled clock: the flow on `s` and the flow on `tau = log(1 + t)` trace the same path at the same times.

use super::Theorem;
use super::case::{Case, Profile, Reference, Scope};
use super::instances::{q, row, show};
use crate::check::{Basis, Expect, Kind, Target};
use crate::run::{Ask, At, Horizon, Probe};
use crate::sam::{Layers, Norm, Setting};
use rug::Rational;

pub(super) const THEOREM: Theorem = Theorem {
    id: "rescaling",
    title: "the rescaled clock: one path, two clocks",
    statement: "With ds = S dt, S = (1/N) sum sigma(-<z_n, beta(theta^)>), the rescaled flow d theta/ds = sum p_n grad \
                <z_n, beta>(theta^) traces the path of the original flow, and t = integral ds/S. Checked for one and \
                several samples, every perturbation, and through Filippov sliding.",
    basis: Basis::Paper,
    hypotheses: &["a start with nonzero gradient", "sliding on at most one surface with different sides"],
    page: "proofs/rescaling.md",
    coq: &["Clock.rescaled_to_original", "Clock.original_to_rescaled"],
    cases,
};

fn cases(scope: &Scope) -> Result<Vec<Case>, String> {
    let z = |rows: &[&str]| rows.iter().map(|r| row(r)).collect::<Vec<_>>();
    let setting = |z: Vec<Vec<Rational>>, depth, norm, rho: &str| Setting { z, depth, norm, rho: q(rho) };
    let mut settings: Vec<(Setting, Layers)> = Vec::new();
    if let Some(user) = &scope.user {
        let d = user.z[0].len();
        let Some(start) = &user.start else { return Err("it needs a [start] with uniform or balanced values".into()) };
        let rho = user.rho.clone().unwrap_or_else(|| Rational::from(1));
        for norm in [Norm::L2, Norm::Linf] {
            let s = Setting { z: user.z.clone(), depth: 2, norm, rho: rho.clone() };
            let layers = s.balanced(&start.alpha(d));
            if s.gradient_vanishes(&layers) {
                return Err("it needs a start with a nonzero gradient".into());
            }
            settings.push((s, layers));
        }
    } else {
        let mut add = |s: Setting, alpha: &str| {
            let layers = s.balanced(&row(alpha));
            settings.push((s, layers));
        };
        add(setting(z(&["1 2"]), 2, Norm::L2, "1"), "3/5 3/5");
        add(setting(z(&["1 2 3"]), 2, Norm::Linf, "1"), "1/2 1 6/5");
        add(setting(z(&["3 -1", "-1 2"]), 1, Norm::Linf, "1"), "0 0");
        if scope.profile != Profile::Quick {
            add(setting(z(&["1 3", "2 1/2"]), 2, Norm::L2, "1/2"), "1 4/5");
            add(setting(z(&["1 2"]), 2, Norm::L2Unnormalised, "1/2"), "3/5 2/5");
            add(setting(z(&["1 3", "2 1/2", "1 1"]), 3, Norm::None, "0"), "1 1");
            add(setting(z(&["1 2"]), 3, Norm::L2, "1/2"), "1 1");
            add(setting(z(&["2 -1", "1/2 1"]), 2, Norm::Linf, "1/4"), "1 1/2");
            let free = setting(z(&["2 -1 4/5", "1 -5/2 3/5"]), 2, Norm::L2, "1/2");
            settings.push((free, vec![row("1 1 1"), row("0 0 0")]));
        }
    }
    let mut out: Vec<Case> = settings.iter().map(|(s, start)| case(s, start)).collect();
    if let Some(first) = out.first_mut() {
        first.starve = true;
    }
    Ok(out)
}

fn case(setting: &Setting, start: &Layers) -> Case {
    let taus = [q("1/2"), q("2"), q("6")];
    let mut asks: Vec<Ask> = Vec::new();
    for tau in &taus {
        asks.extend((0..setting.dimension()).map(|j| Ask::Beta(j, At::Tau(tau.clone()))));
    }
    // The rescaled side, far enough: t >= s, and log t near tau.
    let rescaled = Probe {
        setting: setting.clone(),
        start: start.clone(),
        horizon: Horizon::LogT(taus[2].clone()),
        asks: asks.clone(),
    };
    let mut case = Case::new(setting.clone(), start.clone(), Horizon::Tau(taus[2].clone()));
    let id = case.claim(
        "same-path",
        Kind::Equality,
        "beta at tau on the original clock is beta at the same t on the rescaled one",
    );
    for ask in &asks {
        let Ask::Beta(j, At::Tau(tau)) = ask else { continue };
        let expect = Expect {
            what: format!("beta_{}", j + 1),
            clock: "tau",
            horizon: show(tau),
            target: Target::Word("observed on the rescaled clock".into()),
            source: "the rescaled flow at log t = log(e^tau - 1) (proofs/rescaling.md)".into(),
        };
        case.expect(id, ask.clone(), expect);
    }
    // The clocks are not the same: beta at s = tau is another point of the path.
    let same_s = Probe { horizon: Horizon::S(q("1")), asks: vec![Ask::Beta(0, At::S(q("1/2")))], ..rescaled.clone() };
    case.reference = Some(Reference { probe: rescaled, wrong: same_s, what: "beta_1 at s = 1/2 for tau = 1/2" });
    case
}
