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
//! | [`gd`] | gradient descent, `L = 2`: path and direction | `proofs/gd.md` |
//! | [`clock`] | original time for one coordinate, `L = 2`, in logarithms | `proofs/rescaling.md` |
//! | [`quadrature`] | original time for any number of coordinates and any depth | `proofs/rescaling.md` |
//! | [`loss`] | loss against original time, with remainder bounds | `proofs/rescaling.md` |
//! | [`ei`] | the exponential integral without overflow | `proofs/rescaling.md` |
//! | [`legendre`] | Gauss-Legendre nodes | `proofs/rescaling.md` |
//! | [`two_sam`] | 2-SAM, `L = 2`: `K(s)`, hand-overs, `alpha*`, the law of Theorem 4.2 | `proofs/thm-4.4.md` |
//!
//! Symbols: `m = L - 2`, `u = |w - rho|`, `beta_j = w_j^L`, `beta^_j` the same at the perturbed point, `z = <mu, beta^>`.
//! Coordinates are counted from 0 here, from 1 in the paper.

pub mod clock;
pub mod direction;
pub mod ei;
pub mod fates;
pub mod gd;
pub mod legendre;
pub mod linf_deep;
pub mod linf_depth2;
pub mod loss;
mod num;
pub mod quadrature;
pub mod two_sam;

pub use num::GUARD;
