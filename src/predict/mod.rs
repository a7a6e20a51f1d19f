//! The predicted side: closed forms for what the flows do, in exact rationals and MPFR numbers.
//!
//! It shares no code with the observed side: from this crate it may import [`crate::arith`] and nothing else.
//! Parameters (`mu`, `alpha`, `rho`, times) are exact rationals. Where an argument is a [`rug::Float`] (a state,
//! a logarithm of a time), its value is taken as exact. `prec` is the precision of the answer in bits.
//!
//! **Accuracy.** Unless its own text says otherwise, a function works with at least [`GUARD`] bits more than
//! `prec`, plus the bits that cancel, and rounds once at the end: the answer is within one unit in the last place.
//! Functions whose name holds `bound` return a number that is *not below* the bound derived in `proofs/`.
//!
//! | file | what it predicts | page |
//! |---|---|---|
//! | [`linf_depth2`] | inf-SAM, `L = 2`: `w(s)`, the time `w` reaches zero | `proofs/thm-3.2.md` |
//! | [`linf_deep`] | inf-SAM, `L >= 3`: `w(s)`, times of zero and blow-up, the joint blow-up `T*` | `proofs/thm-3.2.md` |
//! | [`fates`] | Theorem 3.2: where each coordinate goes, in both readings | `proofs/thm-3.2.md` |
//! | [`direction`] | Corollary 3.5: limit of `beta / ‖beta‖_1`, exact ties, distance bounds | `proofs/cor-3.5.md` |
//! | [`max_margin_l2`], [`linear`] | the l2 maximum margin, exactly; small exact linear algebra | `proofs/thm-3.1.md` |
//! | [`depth1`] | Theorems 3.1, 4.1: the limit of `beta - w log t`, its rates | `proofs/thm-3.1.md`, `proofs/thm-4.1.md` |
//! | [`depth1_bound`] | how far it still is | `proofs/thm-3.1.md`, `proofs/thm-4.1.md` |
//! | [`one_example`] | depth 1, one example: the path on the original clock | `proofs/thm-4.1.md` |
//! | [`gd`] | gradient descent, `L = 2`: path and direction | `proofs/gd.md` |
//! | [`clock`] | original time for one coordinate, `L = 2`, in logarithms | `proofs/rescaling.md` |
//! | [`quadrature`] | original time for any number of coordinates and any depth | `proofs/rescaling.md` |
//! | [`loss`] | loss against original time, with remainder bounds | `proofs/rescaling.md` |
//! | [`ei`] | the exponential integral without overflow | `proofs/rescaling.md` |
//! | [`two_sam_deep`] | 2-SAM, `L >= 3`: who leads | `proofs/open-questions.md` |
//! | [`max_margin_l1`] | Theorem 4.2: the l1 max-margin problem, exact, with its dual | `proofs/thm-4.2.md` |
//! | [`steps`] | inf-SAM's algorithm, `L = 2`, as a product | `proofs/algorithm.md` |
//! | [`legendre`] | Gauss-Legendre nodes | `proofs/rescaling.md` |
//! | [`two_sam`] | 2-SAM, `L = 2`: `K(s)`, hand-overs, `alpha*`, the law of Theorem 4.2 | `proofs/thm-4.4.md` |
//!
//! Symbols: `m = L - 2`, `u = |w - rho|`, `beta_j = w_j^L`, `beta^_j` the same at the perturbed point, `z = <mu, beta^>`.
//! Coordinates are counted from 0 here, from 1 in the paper.

pub mod clock;
pub mod depth1;
pub mod depth1_bound;
pub mod direction;
pub mod ei;
pub mod fates;
pub mod gd;
pub mod legendre;
pub mod linear;
pub mod linf_deep;
pub mod linf_depth2;
pub mod loss;
pub mod max_margin_l1;
pub mod max_margin_l2;
mod num;
pub mod one_example;
pub mod quadrature;
pub mod steps;
pub mod two_sam;
pub mod two_sam_deep;

pub use num::GUARD;
