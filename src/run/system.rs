//! A [`Flow`] as a piecewise system for the integrator, and the tapes that read a state.

use crate::arith::Sign;
use crate::expr::Tape;
use crate::ode::{Boundary, Formula, Modes};
use crate::sam::{Clock, Flow, Mode, Surface};
use std::sync::Arc;

/// On `tau = log(1 + t)` the field grows like `e^tau`: by `e^20` in a step at most.
const LONGEST_IN_TAU: u32 = 20;

/// What a run is read for beside the weights: more of it makes for shorter steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watch {
    /// Who leads, and when the lead passes on.
    pub leaders: bool,
    /// `log t`.
    pub clock: bool,
}

/// A flow with the quantities that are watched along it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Watched<'a> {
    pub flow: &'a Flow,
    pub watch: Watch,
}

impl Watched<'_> {
    /// Where `z` and the growth factor stand among the watched quantities.
    pub fn clock_from(&self) -> usize {
        if self.watch.leaders { self.flow.setting.dimension() } else { 0 }
    }
}

impl Modes for Watched<'_> {
    type Mode = Mode;

    /// Watched quantities: `beta_1 ... beta_d` for the leaders, then `z` and the growth factor for the clock.
    fn formula(&self, mode: &Mode) -> Formula {
        let flow = self.flow;
        let f = flow.formulas(mode);
        let mut outputs = f.rates.clone();
        outputs.extend(f.switches.iter().map(|s| s.function));
        if self.watch.leaders {
            outputs.extend(&f.beta);
        }
        if self.watch.clock {
            outputs.extend([f.z, f.growth]);
        }
        let boundaries = f
            .switches
            .iter()
            .map(|s| {
                let label = flow.label(s.surface);
                match s.exit {
                    Some(to) => Boundary::Exit { label, to },
                    None => Boundary::Switch {
                        label,
                        side: flow.expected(mode, s.surface),
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
            dimension: flow.dimension(),
            clocks: flow.dimension() - flow.states(),
            boundaries,
            longest: (flow.clock == Clock::LogTime).then_some(LONGEST_IN_TAU),
        }
    }

    fn side(&self, mode: &Mode, label: u32, side: Sign) -> Mode {
        mode.with_side(self.flow.surface(label), side)
    }

    fn slide(&self, mode: &Mode, label: u32) -> Option<Mode> {
        self.flow.sliding(mode, self.flow.surface(label))
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

/// The tape of the field and, after it, `z` and the growth factor: what `log t` integrates.
pub(super) fn clock_tape(flow: &Flow, mode: &Mode) -> Arc<Tape> {
    let f = flow.formulas(mode);
    let mut outputs = f.rates.clone();
    outputs.extend([f.z, f.growth]);
    Arc::new(Tape::new(&f.graph, &outputs))
}
