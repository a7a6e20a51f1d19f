//! Theorem 3.1: inf-SAM at depth 1 goes to the l2 maximum margin, with gradient descent beside it.

use super::Theorem;
use super::case::{Case, Profile, Scope};
use super::depth1;
use super::depth1_data::{self, Data, data};
use super::instances::q;
use crate::check::Basis;
use crate::predict::depth1::Perturbation;
use crate::sam::Norm;

pub(super) const THEOREM: Theorem = Theorem {
    id: "thm-3.1",
    title: "inf-SAM, L = 1: the l2 max-margin direction",
    statement: "For almost every separable data set, every rho and every start, the direction of the inf-SAM flow tends to \
                that of w = argmin ||w||^2, <z_n, w> >= 1, as for GD. Sharper: beta = w log t + v, on the support \
                <z_n, v> -> -log(N a_n) + log Lambda_n, w = sum a_n z_n, Lambda_n = e^(rho <z_n, s>) with the signs s the \
                gradient settles to, or Filippov's combination of two where a coordinate slides; the residual falls like \
                t^-min(1, m - 1, lambda_min).",
    basis: Basis::Paper,
    hypotheses: &[
        "separable data",
        "every support vector has a_n > 0, and they are independent",
        "at most one coordinate slides",
    ],
    page: "proofs/thm-3.1.md",
    coq: &[],
    cases,
};

/// Seed of the random data sets.
const SEED: u64 = 31;

fn sets(scope: &Scope) -> Vec<Data> {
    let mut out = vec![
        data("slides", "3 -1;-1 2", "1", "0 0"),
        data("d = 3, support does not span", "1 1 0;1 -1/2 1;2 2 3", "1/4", "0 0 0"),
    ];
    if scope.profile != Profile::Quick {
        out.extend([
            Data { settled: Some(q("25")), ..data("small lambda_min", "1 1/4;1 -1/4;3 1", "1/2", "1 1") },
            data("consistent signs", "1 2;2 1/2", "1/2", "0 0"),
            Data { settled: Some(q("3")), ..data("w_2 = 0", "1 1;1 -1", "1/2", "0 1/3") },
            Data {
                settled: Some(q("3")),
                ..data("d = 3, slides", "3/2 5/4 3/4;3/4 1/4 3/2;1/4 -1 -1/2", "1/2", "0 0 0")
            },
            data("d = 3, support spans", "1 0 1/2;0 1 1/2;1 1/2 -1/4", "1/4", "1/2 0 0"),
            data("d = 5, support does not span", "1 0 1 0 1;0 1 0 1 1/2;1 1 1/2 0 -1/4;2 2 2 2 2", "1/4", "0 0 0 0 0"),
            data("one example", "1 2", "1/2", "1/3 -1/2"),
        ]);
    }
    out.extend(depth1_data::random(SEED, scope.profile, Perturbation::Linf, "1/4"));
    out
}

fn cases(scope: &Scope) -> Result<Vec<Case>, String> {
    let sets = match &scope.user {
        Some(user) => vec![depth1_data::users(user)],
        None => sets(scope),
    };
    let mut out = depth1::beside_gd(scope, &sets, Norm::Linf)?;
    if scope.user.is_none() {
        out.extend(depth1::degenerate(Norm::Linf));
    }
    out[0].starve = true;
    Ok(out)
}
