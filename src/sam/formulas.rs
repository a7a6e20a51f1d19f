//! The formulas of a mode of a flow on its clock.

use super::flow::{Clock, Flow, Switch};
use super::mode::{Mode, Surface};
use crate::expr::{Graph, Id};
use std::sync::{Arc, PoisonError};

/// The formulas of a mode. State variables: one a class, then the clock's own (`s` or `tau`), if any.
#[derive(Clone, Debug)]
pub struct ModeFormulas {
    pub graph: Graph,
    /// Derivative of each state variable.
    pub rates: Vec<Id>,
    pub switches: Vec<Switch>,
    /// Layer weights, layer-major.
    pub layers: Vec<Id>,
    pub beta: Vec<Id>,
    pub margins: Vec<Id>,
    /// `dt/dx = e^z growth + drift`, `x` the clock's variable.
    pub z: Id,
    pub growth: Id,
    pub drift: Id,
}

impl Flow {
    /// `ds/dq` of [`Clock::Deep`].
    fn slowing(&self, g: &mut Graph, layers: &[Id]) -> Id {
        let one = g.constant(1);
        let squares: Vec<Id> = layers.iter().map(|&w| g.mul(w, w)).collect();
        let total = g.sum(&squares);
        let base = g.add(one, total);
        let power = u32::try_from(self.setting.depth.saturating_sub(2)).unwrap_or(0);
        let speed = if power % 2 == 0 {
            g.pow(base, power / 2)
        } else {
            let root = g.sqrt(base);
            g.pow(root, power)
        };
        g.div(one, speed)
    }

    /// All formulas of a mode on the flow's clock, found once.
    pub fn formulas(&self, mode: &Mode) -> Arc<ModeFormulas> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, formulas)) = known.iter().find(|(m, _)| m == mode) {
            return formulas.clone();
        }
        let formulas = Arc::new(self.find_formulas(mode));
        known.push((mode.clone(), formulas.clone()));
        formulas
    }

    fn find_formulas(&self, mode: &Mode) -> ModeFormulas {
        let mut g = Graph::new();
        let (merged, exits) = self.total(&mut g, mode);
        let mut switches = self.switches(&mut g, mode, &merged);
        switches.extend(exits);
        let zero = g.constant(0);
        let mut layers = self.weights(&mut g, mode);
        if let Some(Surface::Weight(c)) = mode.sliding {
            for (w, &k) in layers.iter_mut().zip(&self.class_of) {
                if k == c {
                    *w = zero;
                }
            }
        }
        let one = g.constant(1);
        let mut rates = merged.rates;
        let (z, factor) = (merged.field.z, merged.field.factor);
        // One sample, not sliding: 1/S = 1 + e^z exactly, and e^-z, which underflows, is not needed.
        let (mut growth, mut drift) =
            if self.setting.samples() == 1 && mode.sliding.is_none() { (one, one) } else { (factor, zero) };
        let own = g.var(u32::try_from(self.states()).unwrap_or(u32::MAX));
        match self.clock {
            Clock::Rescaled => {}
            Clock::Deep | Clock::Normed | Clock::Log => {
                let slow = match merged.field.norm {
                    Some(n) if self.clock == Clock::Normed => {
                        let more = g.add(one, n);
                        g.div(n, more)
                    }
                    _ if self.clock == Clock::Log => g.add(one, own),
                    _ => self.slowing(&mut g, &layers),
                };
                rates = rates.iter().map(|&r| g.mul(r, slow)).collect();
                rates.push(slow);
                (growth, drift) = (g.mul(growth, slow), g.mul(drift, slow));
            }
            Clock::LogTime => {
                // d tau = dt / (1 + t), so dw/dtau = e^tau S dw/ds and S e^tau = e^(tau - z) / factor.
                let gap = g.sub(own, z);
                let e = g.exp(gap);
                rates = if merged.raw_rates.is_empty() {
                    let speed = g.div(e, factor);
                    rates.iter().map(|&r| g.mul(r, speed)).collect()
                } else {
                    merged.raw_rates.iter().map(|&r| g.mul(r, e)).collect()
                };
                rates.push(one);
            }
        }
        ModeFormulas {
            rates,
            switches,
            layers,
            beta: merged.field.beta,
            margins: merged.field.margins,
            z,
            growth,
            drift,
            graph: g,
        }
    }
}
