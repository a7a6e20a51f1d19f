//! The exact reduction of 2-SAM at depth 2 on one example to one scalar equation, against the full flow.

use super::Theorem;
use super::case::{Case, Profile, Scope, WrongLaw};
use super::generator::SplitMix;
use super::instances::{q, row, show, single_example};
use super::two_sam::{expect, solved, solvers};
use crate::check::{Basis, Kind, Target};
use crate::predict::two_sam::{Estimate, Solvers, k_of_layers, weights};
use crate::run::{Ask, At, Horizon};
use crate::sam::{Norm, Setting};
use rug::{Float, Rational};

pub(super) const THEOREM: Theorem = Theorem {
    id: "reduction",
    title: "2-SAM, L = 2, one example: one scalar equation",
    statement: "With p = w1 + w2, q = w1 - w2, N^2 = sum mu_j^2 (p_j^2 + q_j^2)/2 and dK/ds = rho/N: p_j = p_j(0) exp(mu_j s \
                - mu_j^2 K), q_j = q_j(0) exp(-mu_j s - mu_j^2 K), for layers of any signs; so the layers balance \
                themselves, q_j/p_j ~ e^(-2 mu_j s).",
    basis: Basis::Derived,
    hypotheses: &["one example, mu_j > 0", "two layers, a nonzero gradient at the start"],
    page: "proofs/reduction.md",
    coq: &["Reduction.reduction_forward", "Reduction.reduction_backward"],
    cases,
};

/// Seed of the random starts.
const SEED: u64 = 20_260_308;

fn cases(scope: &Scope) -> Result<Vec<Case>, String> {
    let solvers = solvers(scope);
    let prec = scope.prec();
    let later = |mu: Vec<Rational>, layers: [Vec<Rational>; 2], rho: Rational| {
        let solvers = solvers.clone();
        Case::later(move || case(prec, &solvers, &mu, &layers, &rho))
    };
    if let Some(user) = &scope.user {
        let (mu, alpha, rho) = single_example(user)?;
        if rho <= 0 {
            return Err("it asks for rho > 0".into());
        }
        return Ok(vec![later(mu, [alpha.clone(), alpha], rho)]);
    }
    let mut out = vec![
        later(row("1 2"), [row("1 1"), row("0 0")], q("1")),
        later(row("1 2 3"), [row("1/2 -1 3/4"), row("1 1/2 -5/4")], q("1")),
    ];
    out[0].starve = true;
    let count = if scope.profile == Profile::Quick { 2 } else { 8 };
    let mut generator = SplitMix::new(SEED);
    for _ in 0..count {
        let d = 2 + generator.next() % 3;
        let mu: Vec<Rational> = (1..=d).map(|j| Rational::from((2 * j + generator.next() % 2, 2u64))).collect();
        let mut layer = || -> Vec<Rational> {
            // Multiples of 1/8 in (-2, 2), never 0.
            let entry = |bits: u64| Rational::from((i64::try_from(bits % 32).unwrap_or(0) * 2 - 31, 16u32));
            (0..d).map(|_| entry(generator.next())).collect()
        };
        let layers = [layer(), layer()];
        let solvers = solvers.clone();
        out.push(Case::later(move || {
            let mut case = case(prec, &solvers, &mu, &layers, &q("1/2"))?;
            case.instance.push_str(&format!(" (SplitMix64 seed {SEED})"));
            Ok(case)
        }));
    }
    Ok(out)
}

/// Both layers at two times, after a start that does not collapse before the first.
fn case(
    prec: u32,
    solvers: &Solvers,
    mu: &[Rational],
    layers: &[Vec<Rational>; 2],
    rho: &Rational,
) -> Result<Case, String> {
    let unsolved = "the scalar equation could not be solved: the flow collapses before s = 1/8";
    // A start that collapses is followed for as long as a power of two allows.
    let (end, ks) = [8u32, 4, 2, 1]
        .into_iter()
        .map(|eighths| Rational::from((eighths, 8)))
        .find_map(|end| {
            let half = Rational::from(&end / 2u32);
            k_of_layers(mu, layers, rho, &[half, end.clone()], solvers).map(|ks| (end, ks))
        })
        .ok_or(unsolved)?;
    let setting = Setting::single(mu, 2, Norm::L2, rho.clone());
    let mut case = Case::new(setting, layers.to_vec(), Horizon::S(end.clone()));
    let id = case.claim("weights", Kind::Equality, "both layers are those of the reduction");
    let times = [Rational::from(&end / 2u32), end];
    for (s, k) in times.iter().zip(&ks) {
        for (l, layer) in weights(mu, layers, s, k, prec).iter().enumerate() {
            for (j, w) in layer.iter().enumerate() {
                // A weight may pass through zero: the tolerance is on the scale of the start.
                let scale = Float::with_val(64, &layers[0][j]).abs() + Float::with_val(64, &layers[1][j]).abs();
                let target = solved(w).scaled(scale);
                let what = format!("w^({})_{}", l + 1, j + 1);
                let source = "p, q and K(s) (proofs/reduction.md)";
                case.expect(id, Ask::Weight(l, j, At::S(s.clone())), expect(what, "s", show(s), target, source));
            }
        }
    }
    let none = Estimate { value: Float::new(prec), error: Float::new(64) };
    let gd = weights(mu, layers, &times[0], &none, prec);
    case.wrong.push(WrongLaw {
        id: "gd",
        what: "GD's path, K = 0".into(),
        draft: id,
        expect: 0,
        target: Target::exact(gd[0][0].value.clone()),
    });
    let balanced = [layers[0].clone(), layers[0].clone()];
    let wrong = weights(mu, &balanced, &times[0], &ks[0], prec);
    if let Some(j) = (0..mu.len()).find(|&j| layers[0][j] != layers[1][j]) {
        case.wrong.push(WrongLaw {
            id: "one-layer",
            what: "the first layer as if the second were equal to it".into(),
            draft: id,
            expect: j,
            target: Target::exact(wrong[0][j].value.clone()),
        });
    }
    Ok(case)
}
