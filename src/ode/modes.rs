//! What the driver follows: a piecewise analytic system, mode by mode.

use crate::arith::Sign;
use crate::expr::Tape;
use std::fmt::Debug;
use std::sync::Arc;

/// The field of one mode. Outputs of the tape: the `dimension` components of the field, then one switching function
/// a boundary, then the watched quantities.
#[derive(Clone, Debug)]
pub struct Formula {
    pub tape: Arc<Tape>,
    pub dimension: usize,
    /// Trailing components that only measure time (`s`, `log t`): a state at rest may have them running.
    pub clocks: usize,
    pub boundaries: Vec<Boundary>,
    /// No step is longer than this. For a field that itself changes with `x` at a known rate: where it is still far
    /// below the precision, the series of a state at rest would let a step run past the moment it begins to matter.
    pub longest: Option<u32>,
}

/// Where a mode ends. `label` names the surface, the same in every mode.
#[derive(Clone, Debug)]
pub enum Boundary {
    /// The switching function has the sign `side` in this mode; `snap` lists state components that are zero on the surface.
    Switch { label: u32, side: Sign, snap: Vec<usize> },
    /// A sliding mode lasts while this function is positive, then leaves the surface to the side `to`.
    Exit { label: u32, to: Sign },
}

impl Boundary {
    pub(super) fn is_switch(&self) -> bool {
        matches!(self, Boundary::Switch { .. })
    }

    pub fn label(&self) -> u32 {
        match self {
            Boundary::Switch { label, .. } | Boundary::Exit { label, .. } => *label,
        }
    }
}

/// A piecewise analytic system.
pub trait Modes {
    type Mode: Clone + PartialEq + Debug;
    fn formula(&self, mode: &Self::Mode) -> Formula;
    /// The mode on one side of the surface `label`.
    fn side(&self, mode: &Self::Mode, label: u32, side: Sign) -> Self::Mode;
    /// The mode that slides on the surface `label`; `None` where Filippov's rule does not determine one.
    fn slide(&self, mode: &Self::Mode, label: u32) -> Option<Self::Mode>;
}

/// A system with one smooth field.
#[derive(Clone, Debug)]
pub struct Smooth {
    pub tape: Arc<Tape>,
    pub dimension: usize,
}

impl Modes for Smooth {
    type Mode = ();
    fn formula(&self, (): &()) -> Formula {
        Formula { tape: self.tape.clone(), dimension: self.dimension, clocks: 0, boundaries: Vec::new(), longest: None }
    }
    fn side(&self, (): &(), _: u32, _: Sign) {}
    fn slide(&self, (): &(), _: u32) -> Option<()> {
        None
    }
}
