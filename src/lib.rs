//! `samcheck` checks, in arbitrary precision, the theorems of a paper about where Sharpness-Aware Minimization (SAM)
//! takes a linear diagonal network: C. Moon, D. Si, C. Yun, "Minor First, Major Last", ICLR 2026, arXiv 2603.08290.
//!
//! ```text
//!   observed: from the definition            predicted: from closed forms
//!   expr   formulas, derivative, tape        predict  one file a setting
//!   sam    loss, network, perturbation          |
//!   ode    Taylor, events, sliding              |
//!   run    clocks, questions to a flow          |
//!      \____________ theorems ________________/
//!                       |
//!         check  two runs, error budget, verdict  ->  report  JSON, table, exit code
//! ```
//!
//! The two sides share [`arith`] and nothing above it. Imports run one way: `arith <- expr <- {sam, ode} <- run` on the
//! left (`run` also answers in the plain data types of `check`), `arith <- predict` on the right.
//!
//! | paper | here |
//! |---|---|
//! | `z_n = y_n x_n`, `mu` | [`sam::Setting::z`] |
//! | `w^(l)`, `L`, `rho`, `alpha` | layers `[l][j]`, `depth`, `rho`, the start |
//! | `theta^ = theta + eps` | the *perturbed point*; `beta^`, `z = <mu, beta^>` |
//! | rescaled time `s`, `ds = S dt` | [`sam::Clock::Rescaled`]; `log t = z + rest`, [`run::LogTime`] |
//! | `T*` (blow-up of the rescaled flow, `L >= 3`) | [`ode::Outcome::BlowUp`] |

// The one exception says why: `arith/fixed/ifma.rs`.
#![deny(unsafe_code)]

pub mod arith;
pub mod check;
pub mod config;
pub mod expr;
pub mod ode;
pub mod predict;
pub mod report;
pub mod run;
pub mod sam;
pub mod simulate;
pub mod theorems;
