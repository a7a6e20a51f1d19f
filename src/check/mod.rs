//! Error budget, tolerance, verdict: the only place where a verdict is formed.

mod evidence;
mod judge;
mod observe;

pub use evidence::*;
pub use judge::{Draft, Expect, Target, judge, judge_claim, shifted_constant, wrong_law};
pub use observe::{Arithmetic, Measured, Observe, Observed, Plan, Seen, Sighting, observe_twice};
