//! Why minor coordinates lead: the ablation of the normalisation in 2-SAM's perturbation.

use super::Theorem;
use super::case::{Case, Profile, Scope, WrongLaw};
use super::instances::{q, row, show};
use super::two_sam::{Start, expect, solved, solvers, uniform_example};
use crate::check::{Basis, Kind, Target};
use crate::predict::two_sam::{Example, Solvers, k_unnormalised};
use crate::run::{Ask, At, Horizon};
use crate::sam::{Norm, Setting};
use rug::Rational;

pub(super) const THEOREM: Theorem = Theorem {
    id: "mechanism",
    title: "2-SAM, L = 2: the normalisation makes the minor coordinates lead",
    statement: "With eps = rho grad in the place of rho grad/||grad|| the path has the same formula with dK/ds = rho \
                sigma(-<mu, beta>) <= rho/2; if rho (mu_(d-1) + mu_d)/2 < 1 the major coordinate leads from the first \
                instant, while normalised SAM from the same start, with the same rho, leads with a minor one.",
    basis: Basis::Paper,
    hypotheses: &[
        "one example, 0 < mu_1 < ... < mu_d, d >= 2, uniform start",
        "rho (mu_(d-1) + mu_d)/2 < 1",
        "alpha_0 > alpha*, and below rho (mu_(d-1) + mu_d)/(sqrt2 ||mu||)",
    ],
    page: "proofs/mechanism.md",
    coq: &["Thm_4_4.leader_rule"],
    cases,
};

fn cases(scope: &Scope) -> Result<Vec<Case>, String> {
    let solvers = solvers(scope);
    let prec = scope.prec();
    let both = |start: Start| -> Result<[Case; 2], String> {
        let top = Rational::from(&start.mu[start.mu.len() - 2] + &start.mu[start.mu.len() - 1]);
        if top * &start.rho >= 2 {
            return Err("it asks for rho (mu_(d-1) + mu_d)/2 < 1".into());
        }
        let example = start.growing()?;
        let (first, second) = ((start.clone(), solvers.clone()), (start, solvers.clone()));
        Ok([
            Case::later(move || ablated(prec, &first.1, &first.0)),
            Case::later(move || normalised(&second.1, &second.0, &example)),
        ])
    };
    if let Some(user) = &scope.user {
        return Ok(both(uniform_example(user)?)?.into());
    }
    let mut out: Vec<Case> = both(Start::new(&row("1 2"), &q("3/10"), &q("1/2")))?.into();
    if scope.profile != Profile::Quick {
        out.extend(both(Start::new(&row("1 2 3 4"), &q("1/10"), &q("1/5")))?);
        out.extend(both(Start::new(&row("1 3/2 5/2"), &q("1/10"), &q("1/5")))?);
    }
    out[0].starve = true;
    Ok(out)
}

/// The ablation: its path, and that the major coordinate leads throughout.
fn ablated(prec: u32, solvers: &Solvers, start: &Start) -> Result<Case, String> {
    let d = start.mu.len();
    let alpha = vec![start.alpha.clone(); d];
    let example = start.example()?;
    let times = [q("1/2"), q("2")];
    let ks = k_unnormalised(&start.mu, &alpha, &start.rho, &times, solvers)
        .ok_or("the scalar equation of the ablation could not be solved at these digits")?;
    let setting = Setting::single(&start.mu, 2, Norm::L2Unnormalised, start.rho.clone());
    let layers = setting.balanced(&alpha);
    let mut case = Case::new(setting, layers, Horizon::S(times[1].clone()));
    let path = case.claim(
        "ablated-path",
        Kind::Equality,
        "beta_j = alpha_0^2 exp(2 mu_j s - 2 mu_j^2 K), dK/ds = rho sigma(-<mu, beta>)",
    );
    for (s, k) in times.iter().zip(&ks) {
        for j in 0..d {
            let beta = example.beta(j, s, k, prec);
            let source = "K of the unnormalised perturbation (proofs/mechanism.md)";
            let e = expect(format!("beta_{}", j + 1), "s", show(s), solved(&beta), source);
            case.expect(path, Ask::Beta(j, At::S(s.clone())), e);
        }
    }
    if let Some(k) = example.k(&times[..1], solvers).and_then(|k| k.into_iter().next()) {
        case.wrong.push(WrongLaw {
            id: "normalised-path",
            what: "the path of normalised SAM".into(),
            draft: path,
            expect: 0,
            target: solved(&example.beta(0, &times[0], &k, prec)),
        });
    }
    let id =
        case.claim("ablated-leader", Kind::Sequence, "without the normalisation the major coordinate leads throughout");
    let source = "d log(beta_d/beta_j)/ds = 2 (mu_d - mu_j)(1 - c (mu_d + mu_j)), c <= rho/2 (proofs/mechanism.md)";
    case.expect(id, Ask::Leaders, expect("leaders", "s", show(&times[1]), Target::Word(d.to_string()), source));
    case.wrong.push(WrongLaw {
        id: "sam-leaders",
        what: "the leaders of normalised SAM".into(),
        draft: id,
        expect: 0,
        target: Target::Word(example.lead(solvers).map(|lead| lead.word()).unwrap_or_default()),
    });
    Ok(case)
}

/// Normalised SAM from the same start: minor first.
fn normalised(solvers: &Solvers, start: &Start, example: &Example) -> Result<Case, String> {
    let lead = example.lead(solvers).ok_or("the hand-overs could not be solved for at these digits")?;
    let d = start.mu.len();
    if lead.word() == d.to_string() {
        return Err("it asks for alpha_0 below rho (mu_(d-1) + mu_d)/(sqrt2 ||mu||)".into());
    }
    let end = lead.hand_overs.iter().map(|h| h.s.value.clone()).max_by(|a, b| a.total_cmp(b));
    let end = Rational::from(end.and_then(|s| (s + 1u32).ceil().to_integer()).unwrap_or_default());
    let mut case = start.case(Horizon::S(end.clone()));
    let id = case.claim("normalised-leaders", Kind::Sequence, "with the normalisation a minor coordinate leads first");
    let source = "roots of s = (mu_j + mu_(j+1)) K(s) (proofs/thm-4.4.md)";
    case.expect(id, Ask::Leaders, expect("leaders", "s", show(&end), Target::Word(lead.word()), source));
    case.wrong.push(WrongLaw {
        id: "ablated-leaders",
        what: "the major coordinate throughout, as without the normalisation".into(),
        draft: id,
        expect: 0,
        target: Target::Word(d.to_string()),
    });
    Ok(case)
}
