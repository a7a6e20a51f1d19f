//! How far above its scale each slot's numbers may reach.
//!
//! The *room* of a slot is the bits between its scale and its bound. Within the headroom it is free: all digits below the
//! scale are there whatever the room. Beyond the headroom a slot *loses* digits, as many as the room exceeds it, and what
//! is computed from it may not pretend to have more.

use super::{Factor, FixedJet, LOSS, MAX_DROP, RAISE, SPARE, Step, Unaligned};
use crate::arith::Context;
use crate::arith::fixed::lower;
use crate::expr::Jet;

/// Rows whose sizes are looked at together.
const CHUNK: usize = 8;
/// Bits by which an operand's last digit counts for less than that of the result.
const FINER: i64 = 6;
/// Beyond all numbers that fit.
const MOST_REACH: i64 = 1 << 28;

impl<C: Context> FixedJet<C> {
    /// Bounds from the scales: as much room as the last expansion took, and as the operands ask for.
    ///
    /// # Errors
    /// A slot that is read to its last digit would lose digits.
    pub(super) fn make_room(&mut self, jet: &Jet<C>) -> Result<(), Unaligned> {
        self.set_units(jet);
        self.set_still();
        self.room.copy_from_slice(&self.learnt);
        for (top, room) in self.top.iter_mut().zip(&self.room) {
            *top = top.map(|scale| scale + room);
        }
        self.settle(0)
    }

    /// Gives a slot, of which the coefficients before `known` are known, room for larger numbers.
    ///
    /// # Errors
    /// A slot that is read to its last digit would lose digits.
    pub(super) fn raise(&mut self, slot: usize, known: usize) -> Result<(), Unaligned> {
        let left = self.headroom - self.room[slot];
        self.lift(slot, if left > 0 { left.min(RAISE) } else { RAISE }, known)?;
        self.settle(known)
    }

    /// How much room the expansion has taken: so much and a few bits more is made for the next one.
    pub fn learn(&mut self) {
        for i in 0..self.top.len() {
            let Some(top) = self.top[i] else {
                // Negligible, so not seen: steps may have grown meanwhile.
                self.reach[i] = (self.reach[i] + self.reach[i] / 4 + SPARE).min(MOST_REACH);
                continue;
            };
            let (scale, first) = (top - self.room[i], usize::from(i >= self.steps.len()));
            let (mut largest, mut reach) = (i64::MIN, i64::MIN);
            for from in (first..=self.order).step_by(CHUNK) {
                if let Some(bits) = self.significant(i, from..(from + CHUNK).min(self.order + 1)) {
                    largest = largest.max(top + bits);
                    reach = reach.max(top + bits - self.lengths.decayed(from));
                }
            }
            if largest == i64::MIN {
                continue;
            }
            let taken = (largest - scale).max(0);
            self.learnt[i] = if taken > self.headroom { taken + SPARE } else { (taken + SPARE).min(self.headroom) };
            self.reach[i] = (reach - scale).max(0) + SPARE;
        }
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

    /// What the last digit of each slot has to count for, from those that are read to theirs; the bounds are the scales
    /// still. A slot far below the sum that it is in needs few digits, or none: it is taken for zero.
    fn set_units(&mut self, jet: &Jet<C>) {
        let precision = self.lengths.precision;
        let FixedJet { steps, top, unit, reach, scalars, constants, exact, tape, .. } = self;
        unit.fill(i64::MAX);
        for (j, slot) in jet.variables().iter().enumerate() {
            let field = tape.outputs[j] as usize;
            let needed = match slot {
                Some(slot) => top[*slot as usize].map(|scale| scale - precision - self.scaling.exponent - 1 - FINER),
                // The tape does not use the variable: its derivative is read in its place.
                None => top[field].map(|scale| scale - precision),
            };
            unit[field] = needed.map_or(unit[field], |needed| unit[field].min(needed));
        }
        for i in (0..steps.len()).rev() {
            let Some(scale) = top[i] else { continue };
            let own = match &steps[i] {
                _ if exact[i] => scale - precision,
                // An error of a recurrence grows as its solution does.
                Step::Div(..) | Step::Sqrt(_) | Step::Exp(..) | Step::Ln(..) => unit[i].saturating_sub(reach[i]),
                _ => unit[i],
            };
            let own = own.max(scale - precision);
            unit[i] = own;
            let scalar = scalars[i].exponent;
            let size = |slot: usize| top[slot].map_or(0, |scale| scale + reach[slot]);
            let mut finer = |slot: usize, by: i64| unit[slot] = unit[slot].min(own.saturating_sub(by + FINER));
            match &steps[i] {
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
                    finer(*w, size(i));
                    finer(*a, size(i) + self.order_bits);
                }
                Step::Ln(a, w) => {
                    finer(*a, scalar + size(*w).max(0));
                    unit[*w] = i64::MIN;
                }
            }
        }
        for ((top, unit), exact) in top.iter_mut().zip(unit).zip(exact) {
            if let Some(scale) = *top {
                *unit = (*unit).max(scale - precision);
                if scale < *unit && !*exact {
                    *top = None;
                }
            }
        }
    }

    /// Which slots stand still because whatever moves in them is taken for zero.
    fn set_still(&mut self) {
        for i in 0..self.steps.len() {
            let (still, top) = (&self.still, &self.top);
            let rests = |slot: usize| still[slot] || top[slot].is_none();
            self.still[i] = match &self.steps[i] {
                Step::Skip => false,
                Step::Linear(terms) => terms.iter().all(|&(s, _)| rests(s)),
                Step::Scale(_, a) | Step::Divide(a, _) | Step::Square(a) | Step::Sqrt(a) | Step::Ln(a, _) => rests(*a),
                Step::Mul(a, b) => rests(*a) && rests(*b),
                Step::Div(a, b, moving) => (!moving || rests(*a)) && rests(*b),
                Step::Exp(a, w) => rests(*a) || rests(*w),
            };
        }
    }

    /// Raises every slot, of which the coefficients before `known` are known, to the room that its operands ask for.
    fn settle(&mut self, known: usize) -> Result<(), Unaligned> {
        for i in 0..self.steps.len() {
            if let Step::Exp(a, w) = self.steps[i] {
                self.ensure(w, self.kept(self.lost(a), 0), known)?;
            }
            self.ensure(i, self.asked(i), known)?;
            if let Step::Ln(_, w) = self.steps[i] {
                self.ensure(w, self.kept(self.lost(i), 0), known)?;
            }
        }
        Ok(())
    }

    fn ensure(&mut self, slot: usize, room: i64, known: usize) -> Result<(), Unaligned> {
        let by = room - self.room[slot];
        if by > 0 && self.top[slot].is_some() { self.lift(slot, by, known) } else { Ok(()) }
    }

    /// The room of slot `i` that no operand has more digits lost than the slot, those aside that the slot has not either
    /// because the operand lies below its scale; and that no term of a sum lies above it.
    fn asked(&self, i: usize) -> i64 {
        let Some(own) = self.scale(i) else { return 0 };
        let scalar = self.scalars[i].exponent;
        let below = |slot: usize, shift: i64| self.scale(slot).map_or(0, |s| own - s - shift);
        // Where the operand's last digit counts for more by a factor of at least `2^far`.
        let far = |far: i64, lost: i64| self.headroom + far + lost - MAX_DROP;
        match &self.steps[i] {
            Step::Skip => 0,
            Step::Linear(terms) => {
                let of = |&(s, factor): &(usize, Factor)| match factor {
                    Factor::Sign(_) => self.top[s].map_or(0, |top| top - own),
                    Factor::Constant(c) => self.kept(self.lost(s), below(s, self.constants[c].exponent)),
                };
                terms.iter().map(of).max().unwrap_or(0)
            }
            Step::Scale(_, a) | Step::Divide(a, _) => self.kept(self.lost(*a), 0),
            Step::Mul(a, b) => self.kept(self.lost(*a) + self.lost(*b), 0),
            Step::Square(a) => self.kept(2 * self.lost(*a), 0),
            Step::Div(a, b, moving) => {
                let numerator = if *moving { self.kept(self.lost(*a), below(*a, scalar)) } else { 0 };
                let (lost, scale) = (self.lost(*b), self.scale(*b).unwrap_or(-scalar));
                numerator.max(self.kept(lost, 0)).max(far(scale + scalar, lost))
            }
            Step::Sqrt(a) => self.kept(self.lost(*a), below(*a, scalar)).max(far(own + scalar, 0)),
            Step::Exp(a, w) => {
                let small = self.scale(*w).map_or(0, |w| self.order_bits - w);
                self.kept(self.lost(*a).max(self.lost(*w)), small)
            }
            Step::Ln(a, w) => {
                let lost = self.lost(*w) + self.lost(*a);
                let product = self.scale(*a).map_or(0, |a| far(a + scalar, lost));
                self.kept(self.lost(*a), below(*a, scalar)).max(self.kept(lost, 0)).max(product)
            }
        }
    }

    /// The room of a slot one of whose operands, `small` bits below the slot's scale, has lost so many digits.
    fn kept(&self, lost: i64, small: i64) -> i64 {
        if lost > 0 { self.headroom + lost - LOSS - small.max(0) } else { 0 }
    }

    /// Digits that a slot has lost.
    pub(super) fn lost(&self, slot: usize) -> i64 {
        self.top[slot].map_or(0, |top| (top - self.unit[slot] - self.lengths.precision - self.headroom).max(0))
    }

    fn scale(&self, slot: usize) -> Option<i64> {
        self.top[slot].map(|top| top - self.room[slot])
    }

    fn lift(&mut self, slot: usize, by: i64, known: usize) -> Result<(), Unaligned> {
        let (n, from) = (self.n, slot * (self.order + 1));
        if self.exact[slot] && self.room[slot] + by > self.headroom {
            return Err(Unaligned);
        }
        self.room[slot] += by;
        self.top[slot] = self.top[slot].map(|top| top + by);
        for row in self.limbs[from * n..(from + known) * n].chunks_exact_mut(n) {
            lower(row, by as u64);
        }
        for k in 0..known {
            self.publish(slot, k);
        }
        for (i, (step, squares)) in self.steps.iter().zip(&mut self.squares).enumerate() {
            if let (Some(squares), Some(operands)) = (squares, step.operands())
                && operands.iter().any(|o| o.unwrap_or(i) == slot)
            {
                squares.clear();
            }
        }
        Ok(())
    }
}
