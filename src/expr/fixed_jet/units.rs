//! What the last digit of each slot counts for.
//!
//! No slot has more digits than the precision below its scale. A slot that enters what is read far below it (a small term
//! of a sum, the exponential of a sample that hardly counts) needs fewer, or none: it is then taken for zero, and what
//! moves by it alone stands still. How far depends on how a slot grows on the step, its *reach*, which the expansion before
//! shows, and each expansion is done again where it shows more ([`FixedJet::learn`]). Bounds: `proofs/taylor-kernel.md`.

use super::{Factor, FixedJet, Jet, SPARE, Step};
use crate::arith::Context;

/// Rows whose sizes are looked at together.
const CHUNK: usize = 8;
/// Bits by which an operand's last digit counts for less than that of the result.
const FINER: i64 = 6;
/// Bits that a slot which grows by itself has below its scale at least: it has to be seen growing.
const SEEN: i64 = 32;
/// Bits by which a slot that is taken for zero has to lie below what counts at least, twice its reach aside.
const FAR: i64 = 64;
/// The reach of a slot that has not been seen: no digit is left out for it.
pub(super) const UNSEEN: i64 = 1 << 28;

impl<C: Context> FixedJet<C> {
    /// Forgets how slots grew: the next expansion is not on the step after the last one.
    pub fn forget(&mut self) {
        self.reach.fill(UNSEEN);
    }

    /// Sees how much room the expansion has taken, so much and a few bits more is made for the next one, and how far the
    /// slots reached; `false` where digits had been left out for a lesser reach.
    pub fn learn(&mut self) -> bool {
        let mut right = true;
        for i in 0..self.top.len() {
            let Some(top) = self.top[i] else {
                // Not seen: steps may have grown meanwhile.
                self.reach[i] = (self.reach[i] + self.reach[i] / 2 + SPARE).min(UNSEEN);
                continue;
            };
            let followed = self.steps.get(i).is_none_or(Step::follows);
            let (scale, first) = (top - self.room[i], usize::from(i >= self.steps.len()));
            let (mut largest, mut reach) = (scale, scale);
            for from in (first..=self.order).step_by(CHUNK) {
                if let Some(bits) = self.significant(i, from..(from + CHUNK).min(self.order + 1)) {
                    largest = largest.max(top + bits);
                    reach = reach.max(top + bits - self.lengths.decayed(from));
                }
            }
            let taken = largest - scale;
            self.learnt[i] = if taken > self.headroom { taken + SPARE } else { (taken + SPARE).min(self.headroom) };
            if !followed {
                let reach = reach - scale;
                right &= reach <= self.reach[i];
                self.reach[i] = reach + reach / 4 + SPARE;
            }
        }
        right
    }

    /// Slots of the last expansion that were taken for zero, or stood still.
    #[cfg(test)]
    pub fn left_out(&self) -> usize {
        self.still.iter().zip(&self.top).filter(|(still, top)| **still || top.is_none()).count()
    }

    /// `log2` of the bound of some rows of a slot, less that of all; `None`: they are zero.
    fn significant(&self, slot: usize, rows: std::ops::Range<usize>) -> Option<i64> {
        let from = (slot * (self.order + 1) + rows.start) * self.n;
        let limbs = &self.limbs[from..from + rows.len() * self.n];
        (1..=self.lengths.at(rows.end - 1)).find_map(|from_top| {
            let together = limbs.chunks_exact(self.n).fold(0, |all, row| all | row[self.n - from_top]);
            (together != 0).then(|| 64 - 64 * from_top as i64 - i64::from(together.leading_zeros()))
        })
    }

    /// The units, from the slots that are read to their last digit back to their operands; the bounds are the scales still.
    pub(super) fn set_units(&mut self, jet: &Jet<C>) {
        self.follow();
        let precision = self.lengths.precision;
        let FixedJet { steps, top, unit, reach, scalars, constants, exact, tape, .. } = self;
        unit.fill(i64::MAX);
        for (j, slot) in jet.variables().iter().enumerate() {
            let field = tape.outputs[j] as usize;
            let needed = match slot.and_then(|slot| top[slot as usize]) {
                Some(scale) => Some(scale - precision - self.scaling.exponent - 1 - FINER),
                // The tape does not use the variable and its derivative is read in its place, or the variable is zero and
                // will not be if its derivative is not.
                None => top[field].map(|scale| scale - precision),
            };
            unit[field] = needed.map_or(unit[field], |needed| unit[field].min(needed));
        }
        // The unit of a slot of which all uses are known; `None` where it is taken for zero.
        let own_unit = |slot: usize, scale: i64, needed: i64, grown: i64| {
            let needed = if exact[slot] { scale - precision } else { needed };
            let seen = if grown > 0 { scale - SEEN } else { i64::MAX };
            let own = needed.saturating_sub(grown).min(seen).max(scale - precision);
            (scale + 2 * reach[slot] + FAR >= needed).then_some(own)
        };
        for (i, step) in steps.iter().enumerate().rev() {
            let Some(scale) = top[i] else { continue };
            // An error of a recurrence grows as its solution does.
            let grown = if step.follows() { 0 } else { reach[i] };
            let Some(own) = own_unit(i, scale, unit[i], grown) else {
                top[i] = None;
                if let Step::Exp(_, w) | Step::Ln(_, w) = step {
                    top[*w] = None;
                }
                continue;
            };
            unit[i] = own;
            let scalar = scalars[i].exponent;
            let size = |slot: usize| top[slot].map_or(0, |scale| scale + reach[slot]);
            let mut finer = |slot: usize, by: i64| unit[slot] = unit[slot].min(own - by - FINER);
            match step {
                Step::Skip => {}
                Step::Linear(terms) => {
                    for &(s, factor) in terms {
                        match factor {
                            Factor::Sign(_) => finer(s, 0),
                            Factor::Constant(c) => finer(s, constants[c].exponent),
                        }
                    }
                }
                Step::Scale(_, a) | Step::Divide(a, _) | Step::Sqrt(a) => finer(*a, scalar),
                Step::Mul(a, b) => {
                    finer(*a, size(*b));
                    finer(*b, size(*a));
                }
                Step::Square(a) => finer(*a, size(*a)),
                Step::Div(a, b, moving) => {
                    if *moving {
                        finer(*a, scalar);
                    }
                    finer(*b, scalar + size(i));
                }
                Step::Exp(a, w) => {
                    finer(*a, size(i) + self.order_bits);
                    if let Some(scale) = top[*w] {
                        match own_unit(*w, scale, own - size(i) - FINER, 0) {
                            Some(own) => unit[*w] = own,
                            None => top[*w] = None,
                        }
                    }
                }
                Step::Ln(a, w) => {
                    finer(*a, scalar + size(*w).max(0));
                    // The weighted series is the slot's own, so it is not taken for zero.
                    unit[*w] = top[*w].map_or(0, |scale| scale - precision);
                }
            }
        }
    }

    /// The reach of what follows from other slots, one by one.
    fn follow(&mut self) {
        let FixedJet { steps, top, reach, scalars, constants, .. } = self;
        for (i, step) in steps.iter().enumerate() {
            let size = |slot: usize| top[slot].map(|scale| scale + reach[slot]);
            let sum = |a: Option<i64>, b: Option<i64>| Some(a? + b?);
            let scalar = scalars[i].exponent;
            let (slot, size) = match step {
                Step::Linear(terms) => {
                    let of = |&(s, factor): &(usize, Factor)| match factor {
                        Factor::Sign(_) => size(s),
                        Factor::Constant(c) => sum(size(s), Some(constants[c].exponent)),
                    };
                    (i, sum(terms.iter().map(of).max().flatten(), Some(i64::from(terms.len().max(1).ilog2()) + 1)))
                }
                Step::Scale(_, a) | Step::Divide(a, _) => (i, sum(size(*a), Some(scalar))),
                Step::Mul(a, b) => (i, sum(size(*a), size(*b))),
                Step::Square(a) => (i, sum(size(*a), size(*a))),
                // The exponential grows by itself, its weighted series follows from the exponent.
                Step::Exp(a, w) => (*w, sum(size(*a), Some(self.order_bits))),
                Step::Skip | Step::Div(..) | Step::Sqrt(_) | Step::Ln(..) => continue,
            };
            if let (Some(size), Some(scale)) = (size, top[slot]) {
                reach[slot] = (size - scale).clamp(0, UNSEEN);
            }
        }
    }

    /// Which slots stand still because whatever moves in them is taken for zero.
    pub(super) fn set_still(&mut self) {
        for i in 0..self.steps.len() {
            let (still, top) = (&self.still, &self.top);
            let rests = |slot: usize| still[slot] || top[slot].is_none();
            self.still[i] = match &self.steps[i] {
                Step::Skip => false,
                Step::Linear(terms) => terms.iter().all(|&(s, _)| rests(s)),
                Step::Scale(_, a) | Step::Divide(a, _) | Step::Square(a) | Step::Sqrt(a) | Step::Ln(a, _) => rests(*a),
                Step::Mul(a, b) => rests(*a) && rests(*b) || top[*a].is_none() || top[*b].is_none(),
                Step::Div(a, b, moving) => (!moving || rests(*a)) && rests(*b),
                Step::Exp(a, w) => rests(*a) || rests(*w),
            };
        }
    }
}
