//! Taylor integration of piecewise analytic systems `dx/du = f(x)`, in any [`crate::arith::Context`].
//!
//! A [`Formula`] is the vector field of one *mode* (one sign pattern) as a tape; [`integrate`] follows it with
//! Taylor steps whose order and length follow from the digits of the context, stops at the exact zeros of the
//! switching functions, and lets Filippov's test choose the next mode. Nothing here knows about SAM.

mod hybrid;
mod modes;
mod roots;
mod stepper;
mod trajectory;

pub use hybrid::{Observer, Run, Signal, StepView, Transition, TransitionKind, integrate};
pub use modes::{Boundary, Formula, Modes, Smooth};
pub use roots::{Root, first_root, horner, horner_derivative, shift, shift_to};
pub use stepper::{Stepper, order_for};
pub use trajectory::{Step, Trajectory};

use crate::arith::Fault;

/// `log2 10` in units of [`crate::arith::LG_ONE`], rounded up.
pub const LG_TEN: i64 = 217_706;

/// Why an integration ended. `x` is the independent variable of the formulas.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome<T> {
    /// The horizon.
    Reached,
    /// The observer asked to stop.
    Stopped,
    /// The solution leaves every bounded set at `x`.
    BlowUp { x: T },
    /// The solution runs into a singularity of the field at `x` while it shrinks.
    Collapse { x: T },
    /// The right-hand side is zero, or moves nothing within the precision carried.
    Equilibrium { x: T },
    /// The path would have to slide on several switching surfaces at once: not determined by Filippov's rule.
    SlidesOnSeveral { x: T },
    /// The step length gave no progress although the field is neither zero nor singular, or was infinite without reason.
    Stalled { x: T },
    /// More steps than allowed.
    TooLong { x: T },
    /// The arithmetic lost the value.
    Lost { x: T, fault: Fault },
    /// Two solutions leave the starting point.
    NotUnique { x: T },
}
