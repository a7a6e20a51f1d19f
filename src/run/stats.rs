//! What a run took: steps, order, and how many convolutions its formulas cost.

use super::path::Path;
use super::system::{Watch, Watched};
use crate::arith::Context;
use crate::expr::Tape;
use crate::ode::{Modes, order_for};
use std::fmt;

/// What following one flow took.
#[derive(Clone, Debug, PartialEq)]
pub struct Stats {
    /// Decimal digits of the arithmetic.
    pub digits: u32,
    /// Order of the Taylor expansions.
    pub order: usize,
    pub steps: usize,
    /// Weights of the network, all layers.
    pub weights: usize,
    /// States that the integrator carries: equal weights once, a clock that is integrated among them.
    pub states: usize,
    /// One entry a mode of the piecewise flow, in order.
    pub modes: Vec<ModeStats>,
}

/// The formulas of one mode.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModeStats {
    /// Instructions of the tape that is expanded.
    pub instructions: usize,
    /// Full convolutions a Taylor coefficient of the field costs; a square counts one half.
    pub field: f32,
    /// The same with what is read off beside the field: the leaders' `beta`, the clock, switching functions.
    pub watched: f32,
}

impl<C: Context> Path<C> {
    /// What this path, followed with `watch`, took.
    pub fn stats(&self, watch: Watch) -> Stats {
        let system = Watched { flow: &self.flow, watch };
        let modes = self.run.modes.iter().map(|mode| {
            let tape = system.formula(mode).tape;
            let f = self.flow.formulas(mode);
            ModeStats {
                instructions: tape.ops.len(),
                field: Tape::new(&f.graph, &f.rates).convolutions(),
                watched: tape.convolutions(),
            }
        });
        let setting = &self.flow.setting;
        Stats {
            digits: self.ctx.digits(),
            order: order_for(self.ctx.digits()),
            steps: self.run.trajectory.steps.len(),
            weights: setting.depth * setting.dimension(),
            states: self.flow.dimension(),
            modes: modes.collect(),
        }
    }
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(
            f,
            "{} digits: {} steps of order {}; {} weights, {} states carried",
            self.digits, self.steps, self.order, self.weights, self.states
        )?;
        for (i, mode) in self.modes.iter().enumerate() {
            writeln!(
                f,
                "  mode {}: {} instructions, {} convolutions a coefficient for the field, {} with all that is read",
                i + 1,
                mode.instructions,
                mode.field,
                mode.watched
            )?;
        }
        Ok(())
    }
}
