//! 2-SAM at depth 2 on one example: everything follows from one function of one variable, `K(s)`.
//!
//! Source: derived, `proofs/thm-4.4.md`. `w_j = alpha_j e^(mu_j s - mu_j^2 K)`, `dK/ds = c = rho / (sqrt2 n)`, `n = ||mu w||`.
//! `K`, its limit, its hand-overs and its critical start have no closed form: they are solved by Gauss-Legendre
//! collocation (`collocation.rs`), each twice, with different stages, steps and precision, and the difference is the
//! error given with the value. Everything else on these pages is a formula in them.
//!
//! | file | what |
//! |---|---|
//! | `collocation.rs` | the solver |
//! | `table.rs`, `matrix.rs` | its linear maps, in fixed point |
//! | `field.rs` | `N(s, K)` and the equation, for layers of any signs |
//! | `nearby.rs` | exponentials at a place and near it |
//! | `path.rs` | `K(s)`, `K_inf`, fate, collapse time |
//! | `leaders.rs` | who leads, and the hand-overs |
//! | `critical.rs` | `alpha_low`, `alpha_up`, `alpha*` |
//! | `ablation.rs` | the same with an unnormalised perturbation |
//! | `reduction.rs` | every weight from `K`, layers of any signs |
//! | `law.rs` | Theorem 4.2: the constants `C_j` and the remainder bounds |

mod ablation;
mod collocation;
mod critical;
mod field;
mod law;
mod leaders;
mod matrix;
mod nearby;
mod path;
mod reduction;
mod table;

pub use ablation::k_unnormalised;
pub use critical::{alpha_low_squared, alpha_star, alpha_up_squared, first_leader, thresholds_squared};
pub use law::Law;
pub use leaders::{HandOver, Lead};
pub use path::{Estimate, Example, Fate, Solvers, k_of_layers};
pub use reduction::weights;
