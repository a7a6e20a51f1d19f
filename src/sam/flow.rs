//! The SAM flow of a network from a start: its states, its modes and their fields.

use super::ModeFormulas;
use super::field::{Field, field};
use super::mode::{Mode, Surface, as_sign};
use super::{Layers, Norm, Setting};
use crate::arith::{Context, Mpfr, Sign};
use crate::expr::{Graph, Id, Jet, Tape};
use rug::Rational;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// The independent variable of the formulas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// `s`, `ds = S dt`.
    Rescaled,
    /// `q`, `dq = (1 + ||w||^2)^((L-2)/2) ds`: for `L >= 3`, where the flow blows up at a finite `s`. Carries `s`.
    Deep,
    /// `q`, `dq = (1 + 1/n) ds`, `n` the norm that normalises 2-SAM's perturbation: it goes to zero where the flow
    /// collapses at a finite `s`. Carries `s`.
    Normed,
    /// `q`, `dq = ds / (1 + s)`: for `L >= 3`, where a rest is approached like a power of `s`. Carries `s`.
    Log,
    /// `tau = log(1 + t)`: the original flow. Carries `tau`.
    LogTime,
}

impl Clock {
    /// Whether the state has `s` as one more component.
    pub fn carries_s(self) -> bool {
        matches!(self, Clock::Deep | Clock::Normed | Clock::Log)
    }
}

/// A flow: the setting, the start, and the classes of weights that stay equal for ever.
#[derive(Clone, Debug)]
pub struct Flow {
    pub setting: Setting,
    pub clock: Clock,
    /// Class of layer weight `(l, j)`, layer-major.
    pub(super) class_of: Vec<usize>,
    /// Start value of each class.
    values: Vec<Rational>,
    pub(super) known: Known,
}

/// The formulas of the modes met so far: the field, the clock and the readings of a state share them.
pub(super) type Known = Arc<Mutex<Vec<(Mode, Arc<ModeFormulas>)>>>;

/// A switching surface with its function, or an exit condition of a sliding mode (positive while it lasts).
#[derive(Clone, Debug)]
pub struct Switch {
    pub surface: Surface,
    pub function: Id,
    /// `Some(side)`: an exit to that side.
    pub exit: Option<Sign>,
}

/// Merged field of a mode: one rate a class.
pub(super) struct Merged {
    pub rates: Vec<Id>,
    /// As [`Field::raw_rates`]; empty on a sliding surface.
    pub raw_rates: Vec<Id>,
    pub field: Field,
}

impl Flow {
    /// Prepares the flow. Weights that start equal and whose formulas coincide once they are merged are one state:
    /// by uniqueness they stay equal.
    pub fn new(setting: &Setting, start: &Layers, clock: Clock) -> Flow {
        let all: Vec<Rational> = start.iter().flatten().cloned().collect();
        let mut class_of = classes(&all.iter().map(|v| v.to_string()).collect::<Vec<_>>());
        loop {
            let values = first_of_each(&class_of, &all);
            let known = Known::default();
            let flow = Flow { setting: setting.clone(), clock, class_of: class_of.clone(), values, known };
            let mut g = Graph::new();
            let mode = flow.pattern();
            let w = flow.weights(&mut g, &mode);
            let rates = field(&mut g, setting, &w, &flow.class_of, &mode).rates;
            let refined: Vec<(usize, Id)> = class_of.iter().copied().zip(rates).collect();
            let refined = classes(&refined);
            if refined == class_of {
                return flow;
            }
            class_of = refined;
        }
    }

    /// Number of classes of weights.
    pub fn states(&self) -> usize {
        self.values.len()
    }

    /// State variables, the clock's included.
    pub fn dimension(&self) -> usize {
        self.states() + usize::from(self.clock != Clock::Rescaled)
    }

    /// The start in a context, the clock's variable at 0.
    pub fn start<C: Context>(&self, ctx: &C) -> Vec<C::Num> {
        let mut state: Vec<C::Num> = self.values.iter().map(|v| ctx.rational(v)).collect();
        state.resize(self.dimension(), ctx.zero());
        state
    }

    /// Signs of the weights at the start, a zero counted as positive until Filippov's test decides.
    fn pattern(&self) -> Mode {
        Mode {
            weights: self.values.iter().map(|v| if *v < 0 { -1 } else { 1 }).collect(),
            ascents: vec![1; self.setting.dimension()],
            pinned: vec![false; self.states()],
            sliding: None,
            references: (self.smallest_margin(), self.smallest_margin()),
        }
    }

    fn smallest_margin(&self) -> usize {
        let (d, depth) = (self.setting.dimension(), self.setting.depth);
        let beta: Vec<Rational> = (0..d)
            .map(|j| {
                let layers = (0..depth).map(|l| &self.values[self.class_of[l * d + j]]);
                layers.fold(Rational::from(1), |acc, w| acc * w)
            })
            .collect();
        let margin = |z: &Vec<Rational>| z.iter().zip(&beta).map(|(z, b)| Rational::from(z * b)).sum::<Rational>();
        let margins: Vec<Rational> = self.setting.z.iter().map(margin).collect();
        (0..margins.len()).min_by(|&a, &b| margins[a].cmp(&margins[b])).unwrap_or(0)
    }

    /// The mode of the start.
    pub fn first_mode(&self) -> Mode {
        let mut mode = self.pattern();
        if self.setting.norm == Norm::Linf {
            // Signs decided at 60 digits; an exact zero is left to Filippov's test when the integration starts.
            let ctx = Mpfr::with_digits(60);
            let mut g = Graph::new();
            let w = self.weights(&mut g, &mode);
            let ascents = field(&mut g, &self.setting, &w, &self.class_of, &mode).ascents;
            let mut jet = Jet::new(&ctx, Arc::new(Tape::new(&g, &ascents)), self.states(), 0);
            if jet.evaluate(&self.start(&ctx)).is_ok() {
                for j in 0..mode.ascents.len() {
                    mode.ascents[j] = if ctx.sign(jet.value(j)) == Sign::Negative { -1 } else { 1 };
                }
            }
        }
        mode
    }

    /// The layer weights as formulas: class variables, pinned ones zero.
    pub(super) fn weights(&self, g: &mut Graph, mode: &Mode) -> Vec<Id> {
        self.class_of
            .iter()
            .map(|&c| if mode.pinned[c] { g.constant(0) } else { g.var(u32::try_from(c).unwrap_or(u32::MAX)) })
            .collect()
    }

    /// The field of a mode without sliding, merged.
    fn merged(&self, g: &mut Graph, mode: &Mode) -> Merged {
        let w = self.weights(g, mode);
        let field = field(g, &self.setting, &w, &self.class_of, mode);
        let of_class = |g: &mut Graph, rates: &[Id]| -> Vec<Id> {
            (0..self.states())
                .map(|c| {
                    let member = self.class_of.iter().position(|&k| k == c).unwrap_or(0);
                    if mode.pinned[c] { g.constant(0) } else { rates[member] }
                })
                .collect()
        };
        let (rates, raw_rates) = (of_class(g, &field.rates), of_class(g, &field.raw_rates));
        Merged { rates, raw_rates, field }
    }

    /// The field of any mode; on a sliding surface Filippov's convex combination. Because the combination is taken in
    /// the original time, weights `lambda / S` appear, and the rescaled rates combine with weights that the rescaled
    /// fields alone decide: `f = (g+' f- - g-' f+) / (g+' - g-')`, `dt/ds` likewise (proofs/rescaling.md).
    pub(super) fn total(&self, g: &mut Graph, mode: &Mode) -> (Merged, Vec<Switch>) {
        let Some(surface) = mode.sliding else { return (self.merged(g, mode), Vec::new()) };
        let mut plus = self.merged(g, &mode.with_side(surface, Sign::Positive));
        let mut minus = self.merged(g, &mode.with_side(surface, Sign::Negative));
        let function = match surface {
            Surface::Weight(c) => g.var(u32::try_from(c).unwrap_or(u32::MAX)),
            Surface::Ascent(j) => plus.field.ascents[j],
        };
        let speed = |g: &mut Graph, m: &Merged| {
            let parts: Vec<Id> = (0..self.states())
                .map(|c| {
                    let x = g.var(u32::try_from(c).unwrap_or(u32::MAX));
                    let dx = g.diff(function, x);
                    g.mul(dx, m.rates[c])
                })
                .collect();
            g.sum(&parts)
        };
        let (mut up, mut down) = (speed(g, &plus), speed(g, &minus));
        if let Surface::Weight(c) = surface {
            let zero = g.constant(0);
            let map = HashMap::from([(g.var(u32::try_from(c).unwrap_or(u32::MAX)), zero)]);
            for m in [&mut plus, &mut minus] {
                m.rates = g.substitute_all(&m.rates, &map);
                m.rates[c] = zero;
                m.field.beta = g.substitute_all(&m.field.beta, &map);
                m.field.margins = g.substitute_all(&m.field.margins, &map);
                m.field.ascents = g.substitute_all(&m.field.ascents, &map);
                (m.field.z, m.field.factor) = (g.substitute(m.field.z, &map), g.substitute(m.field.factor, &map));
            }
            (up, down) = (g.substitute(up, &map), g.substitute(down, &map));
        }
        let width = g.sub(up, down);
        let mix = |g: &mut Graph, on_plus: Id, on_minus: Id| {
            if on_plus == on_minus {
                return on_plus;
            }
            let (a, b) = (g.mul(up, on_minus), g.mul(down, on_plus));
            let top = g.sub(a, b);
            g.div(top, width)
        };
        let rates = (0..self.states()).map(|c| mix(g, plus.rates[c], minus.rates[c])).collect();
        let gap = g.sub(minus.field.z, plus.field.z);
        let ratio = g.exp(gap);
        let factor_minus = g.mul(minus.field.factor, ratio);
        let factor = mix(g, plus.field.factor, factor_minus);
        let toward = g.neg(up);
        let exits = vec![
            Switch { surface, function: toward, exit: Some(Sign::Positive) },
            Switch { surface, function: down, exit: Some(Sign::Negative) },
        ];
        (Merged { rates, raw_rates: Vec::new(), field: Field { factor, ..plus.field } }, exits)
    }

    /// Where the sign pattern of this mode ends.
    pub(super) fn switches(&self, g: &mut Graph, mode: &Mode, merged: &Merged) -> Vec<Switch> {
        let mut out = Vec::new();
        if self.setting.norm != Norm::Linf || self.setting.rho.is_zero() {
            return out;
        }
        for c in 0..self.states() {
            if self.setting.depth == 1 || mode.sliding == Some(Surface::Weight(c)) {
                continue;
            }
            let surface = Surface::Weight(c);
            if mode.pinned[c] {
                // It leaves zero when a side's field turns away from the surface.
                for (side, pushes_back) in [(Sign::Positive, -1), (Sign::Negative, 1)] {
                    let rate = self.total(g, &mode.with_side(surface, side)).0.rates[c];
                    let zero = g.constant(0);
                    let var = g.var(u32::try_from(c).unwrap_or(u32::MAX));
                    let rate = g.substitute(rate, &HashMap::from([(var, zero)]));
                    if g.as_constant(rate).is_none() {
                        let function = g.scale(&Rational::from(pushes_back), rate);
                        out.push(Switch { surface, function, exit: Some(side) });
                    }
                }
            } else {
                out.push(Switch { surface, function: g.var(u32::try_from(c).unwrap_or(u32::MAX)), exit: None });
            }
        }
        for (j, &ascent) in merged.field.ascents.iter().enumerate() {
            let surface = Surface::Ascent(j);
            if g.as_constant(ascent).is_none() && mode.sliding != Some(surface) {
                out.push(Switch { surface, function: ascent, exit: None });
            }
        }
        out
    }

    /// The mode that slides on `surface`: pinned where both sides give everything else the same field, Filippov's
    /// combination where they do not, `None` where that would be a second such surface or layers meet zero together.
    pub fn sliding(&self, mode: &Mode, surface: Surface) -> Option<Mode> {
        if let Surface::Weight(c) = surface {
            let d = self.setting.dimension();
            let members: Vec<usize> = (0..self.class_of.len()).filter(|&i| self.class_of[i] == c).collect();
            let whole = members.iter().all(|i| (0..self.setting.depth).all(|l| self.class_of[l * d + i % d] == c));
            if members.len() > 1 && !whole {
                return None;
            }
            let mut g = Graph::new();
            let zero = g.constant(0);
            let var = g.var(u32::try_from(c).unwrap_or(u32::MAX));
            let map = HashMap::from([(var, zero)]);
            let sides = [Sign::Positive, Sign::Negative].map(|side| {
                let m = self.total(&mut g, &mode.with_side(surface, side)).0;
                let mut rest = m.rates;
                rest[c] = zero;
                rest.extend([m.field.z, m.field.factor]);
                g.substitute_all(&rest, &map)
            });
            if sides[0] == sides[1] {
                let mut pinned = mode.with_side(surface, Sign::Positive);
                pinned.pinned[c] = true;
                return Some(pinned);
            }
        }
        if mode.sliding.is_some() {
            return None;
        }
        Some(Mode { sliding: Some(surface), ..mode.with_side(surface, Sign::Positive) })
    }

    /// The sign a mode expects of a switching function.
    pub fn expected(&self, mode: &Mode, surface: Surface) -> Sign {
        match surface {
            Surface::Weight(c) => as_sign(mode.weights[c]),
            Surface::Ascent(j) => as_sign(mode.ascents[j]),
        }
    }

    /// The label of a surface, and back.
    pub fn label(&self, surface: Surface) -> u32 {
        let i = match surface {
            Surface::Weight(c) => c,
            Surface::Ascent(j) => self.states() + j,
        };
        u32::try_from(i).unwrap_or(u32::MAX)
    }

    pub fn surface(&self, label: u32) -> Surface {
        let i = label as usize;
        if i < self.states() { Surface::Weight(i) } else { Surface::Ascent(i - self.states()) }
    }

    /// The coordinates `j` (0-based) whose layers include class `c`.
    pub fn coordinates_of(&self, c: usize) -> Vec<usize> {
        let d = self.setting.dimension();
        let mut out: Vec<usize> = (0..self.class_of.len()).filter(|&i| self.class_of[i] == c).map(|i| i % d).collect();
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// Numbers equal keys alike, in order of first appearance.
fn classes<K: PartialEq>(keys: &[K]) -> Vec<usize> {
    let mut seen: Vec<&K> = Vec::new();
    keys.iter()
        .map(|k| match seen.iter().position(|s| *s == k) {
            Some(i) => i,
            None => {
                seen.push(k);
                seen.len() - 1
            }
        })
        .collect()
}

fn first_of_each(class_of: &[usize], values: &[Rational]) -> Vec<Rational> {
    let count = class_of.iter().max().map_or(0, |m| m + 1);
    (0..count)
        .map(|c| class_of.iter().position(|&k| k == c).map_or_else(Rational::new, |i| values[i].clone()))
        .collect()
}
