//! Sign patterns: where the inf-SAM field is analytic.

use crate::arith::Sign;

/// A surface on which the sign of a gradient component changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// A weight (all layers and coordinates of one class) is zero.
    Weight(usize),
    /// `sum_n p_n z_nj`, the factor that all layers' gradients of coordinate `j` share, is zero.
    Ascent(usize),
}

/// One mode of the flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mode {
    /// Sign of each class of weights: -1, 0 (the algorithm only) or 1.
    pub weights: Vec<i8>,
    /// Sign of each `sum_n p_n z_nj`.
    pub ascents: Vec<i8>,
    /// Classes held at zero, where both sides give the other weights the same field.
    pub pinned: Vec<bool>,
    /// The one surface on which the path follows Filippov's convex combination of both sides.
    pub sliding: Option<Surface>,
    /// Samples whose margins scale the exponentials, at `theta` and at `theta^`.
    pub references: (usize, usize),
}

impl Mode {
    /// The mode on one side of a surface.
    pub fn with_side(&self, surface: Surface, side: Sign) -> Mode {
        let sign = match side {
            Sign::Negative => -1,
            Sign::Positive => 1,
            Sign::Zero | Sign::Unknown => 0,
        };
        let mut mode = self.clone();
        match surface {
            Surface::Weight(c) => {
                mode.weights[c] = sign;
                mode.pinned[c] = false;
            }
            Surface::Ascent(j) => mode.ascents[j] = sign,
        }
        if mode.sliding == Some(surface) {
            mode.sliding = None;
        }
        mode
    }
}

/// The sign of a mode entry.
pub(super) fn as_sign(s: i8) -> Sign {
    match s {
        0 => Sign::Zero,
        s if s < 0 => Sign::Negative,
        _ => Sign::Positive,
    }
}
