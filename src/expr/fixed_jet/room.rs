//! How far above its scale each slot's numbers may reach.
//!
//! The *room* of a slot is the bits between its scale and its bound. Within the headroom it is free. Beyond it, where rows
//! have no more limbs, a slot *loses* digits, and what is computed from it may not pretend to have more ([`super::units`]
//! has the units that digits count down to).

use super::{Factor, FixedJet, LOSS, MAX_DROP, Step, Unaligned};
use crate::arith::Context;
use crate::arith::fixed::lower;
use crate::expr::Jet;

/// Bits by which a slot's bound is raised within the headroom.
const FREE_RAISE: i64 = 24;

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

    /// Gives a slot, of which the coefficients before `known` are known, room for larger numbers: what is free of the
    /// headroom, or `by` bits beyond it.
    ///
    /// # Errors
    /// A slot that is read to its last digit would lose digits.
    pub(super) fn raise(&mut self, slot: usize, by: i64, known: usize) -> Result<(), Unaligned> {
        let free = self.headroom - self.room[slot];
        self.lift(slot, if free > 0 { free.min(FREE_RAISE) } else { by }, known)?;
        self.settle(known)
    }

    /// Forgets the room beyond the headroom that the last expansions took: one in a shorter unit of time takes less.
    pub fn doubt(&mut self) {
        for learnt in &mut self.learnt {
            *learnt = (*learnt).min(self.headroom);
        }
    }

    /// Raises every slot, of which the coefficients before `known` are known, to the room that its operands ask for.
    fn settle(&mut self, known: usize) -> Result<(), Unaligned> {
        for i in 0..self.steps.len() {
            if let Step::Exp(a, w) = self.steps[i] {
                self.ensure(w, self.kept(w, a, self.order_bits), known)?;
            }
            self.ensure(i, self.asked(i), known)?;
            if let Step::Ln(_, w) = self.steps[i] {
                self.ensure(w, self.kept(w, i, self.order_bits), known)?;
            }
        }
        Ok(())
    }

    fn ensure(&mut self, slot: usize, room: i64, known: usize) -> Result<(), Unaligned> {
        let by = room - self.room[slot];
        if by > 0 && self.top[slot].is_some() { self.lift(slot, by, known) } else { Ok(()) }
    }

    /// The room of slot `i` with which no operand has lost digits that the slot has, and no term of a sum lies above it.
    fn asked(&self, i: usize) -> i64 {
        let Some(own) = self.scale(i) else { return 0 };
        let scalar = self.scalars[i].exponent;
        let of = |slot: usize| self.scale(slot).unwrap_or(0);
        // Where an operand's last digit counts for more by a factor of `2^far`.
        let far = |far: i64, lost: i64| self.losing(i, far + lost - MAX_DROP);
        match &self.steps[i] {
            Step::Skip => 0,
            Step::Linear(terms) => {
                let of = |&(s, factor): &(usize, Factor)| match factor {
                    Factor::Sign(_) => self.top[s].map_or(0, |top| top - own),
                    Factor::Constant(c) => self.kept(i, s, self.constants[c].exponent),
                };
                terms.iter().map(of).max().unwrap_or(0)
            }
            Step::Scale(_, a) | Step::Divide(a, _) => self.kept(i, *a, scalar),
            Step::Mul(a, b) => self.kept(i, *a, of(*b)).max(self.kept(i, *b, of(*a))),
            Step::Square(a) => self.kept(i, *a, of(*a)),
            Step::Div(a, b, moving) => {
                let numerator = if *moving { self.kept(i, *a, scalar) } else { 0 };
                let product = self.scale(*b).map_or(0, |b| b + scalar);
                numerator.max(self.kept(i, *b, scalar + own)).max(far(product, self.lost(*b)))
            }
            Step::Sqrt(a) => self.kept(i, *a, scalar).max(far(own + scalar, 0)),
            Step::Exp(_, w) => self.kept(i, *w, own),
            Step::Ln(a, w) => {
                let product = self.scale(*a).map_or(0, |scale| far(scale + scalar, self.lost(*a)));
                self.kept(i, *a, scalar).max(self.kept(i, *w, scalar + of(*a))).max(product)
            }
        }
    }

    /// The room with which slot `i` has lost as much as it does by an operand's loss, whose errors count `2^by` fold.
    fn kept(&self, i: usize, operand: usize, by: i64) -> i64 {
        match self.lost(operand) {
            0 => 0,
            lost => self.losing(i, lost + self.unit[operand] + by - self.unit[i] - LOSS),
        }
    }

    /// The room of a slot that has lost so many digits.
    fn losing(&self, slot: usize, lost: i64) -> i64 {
        match self.scale(slot) {
            Some(scale) if lost > 0 => lost + self.unit[slot] + self.lengths.precision + self.headroom - scale,
            _ => 0,
        }
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
