//! A [`Flow`] as a piecewise system for the integrator, and the tapes that read a state.

use crate::arith::Sign;
use crate::expr::Tape;
use crate::ode::{Boundary, Formula, Modes};
use crate::sam::{Flow, Mode, Surface};
use std::sync::Arc;

impl Modes for Flow {
    type Mode = Mode;

    /// Watched quantities: `beta_1 ... beta_d`, then `z` and the growth factor.
    fn formula(&self, mode: &Mode) -> Formula {
        let f = self.formulas(mode);
        let mut outputs = f.rates.clone();
        outputs.extend(f.switches.iter().map(|s| s.function));
        outputs.extend(&f.beta);
        outputs.extend([f.z, f.growth]);
        let boundaries = f
            .switches
            .iter()
            .map(|s| {
                let label = self.label(s.surface);
                match s.exit {
                    Some(to) => Boundary::Exit { label, to },
                    None => Boundary::Switch {
                        label,
                        side: self.expected(mode, s.surface),
                        snap: match s.surface {
                            Surface::Weight(c) => vec![c],
                            Surface::Ascent(_) => Vec::new(),
                        },
                    },
                }
            })
            .collect();
        Formula {
            tape: Arc::new(Tape::new(&f.graph, &outputs)),
            dimension: self.dimension(),
            clocks: self.dimension() - self.states(),
            boundaries,
        }
    }

    fn side(&self, mode: &Mode, label: u32, side: Sign) -> Mode {
        mode.with_side(self.surface(label), side)
    }

    fn slide(&self, mode: &Mode, label: u32) -> Option<Mode> {
        self.sliding(mode, self.surface(label))
    }
}

/// Where the outputs of a reading tape stand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub layers: usize,
    pub beta: usize,
    pub margins: usize,
}

/// The tape that reads layers, `beta` and margins off a state of this mode.
pub(super) fn reading_tape(flow: &Flow, mode: &Mode) -> (Arc<Tape>, Layout) {
    let f = flow.formulas(mode);
    let mut outputs = f.layers.clone();
    let beta = outputs.len();
    outputs.extend(&f.beta);
    let margins = outputs.len();
    outputs.extend(&f.margins);
    (Arc::new(Tape::new(&f.graph, &outputs)), Layout { layers: 0, beta, margins })
}

/// The tape of `z` and the growth factor alone: what `log t` integrates.
pub(super) fn clock_tape(flow: &Flow, mode: &Mode) -> Arc<Tape> {
    let f = flow.formulas(mode);
    Arc::new(Tape::new(&f.graph, &[f.z, f.growth]))
}
