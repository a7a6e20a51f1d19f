//! Theorem 4.1: 2-SAM at depth 1 goes to the l2 maximum margin, with gradient descent beside it.

use super::Theorem;
use super::case::{Case, Profile, Scope};
use super::depth1;
use super::depth1_data::{self, Data, data};
use crate::check::Basis;
use crate::predict::depth1::Perturbation;
use crate::sam::Norm;

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
    let random = match scope.profile {
        Profile::Quick => 1,
        Profile::Paper => 3,
        Profile::Long => 8,
    };
    out.extend(depth1_data::random(SEED, random, Perturbation::L2, "1/4"));
    out
}

fn cases(scope: &Scope) -> Result<Vec<Case>, String> {
    let sets = match &scope.user {
        Some(user) => vec![depth1_data::users(user)],
        None => sets(scope),
    };
    let mut out = Vec::new();
    for data in &sets {
        for norm in [Norm::None, Norm::L2] {
            out.push(depth1::case(scope, norm, data).map_err(|e| e.to_string())?);
        }
    }
    let one = match &scope.user {
        Some(user) if user.single => Some(depth1_data::users(user)),
        Some(_) => None,
        None => Some(data("one example", "1 2", "1/2", "1/3 -1/2")),
    };
    if let Some(data) = one {
        out.extend([Norm::None, Norm::L2, Norm::Linf].map(|norm| depth1::one_example(scope, norm, &data)));
    }
    if scope.user.is_none() {
        out.extend(depth1::degenerate(Norm::L2));
    }
    out[0].starve = true;
    Ok(out)
}
