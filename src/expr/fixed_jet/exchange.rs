//! Coefficients in and out: those of the variables, and what is read from the series.

use super::recurrence::{divide, put, shift_of};
use super::{FixedJet, Jet, LOSS, MAX_DROP, RAISE, Scaling, Unaligned};
use crate::arith::Context;

impl<C: Context> FixedJet<C> {
    /// Coefficient `k + 1` of the variables from coefficient `k` of their derivatives, the first outputs.
    ///
    /// # Errors
    /// A coefficient that does not fit.
    pub fn advance(&mut self, jet: &Jet<C>, k: usize) -> Result<(), Unaligned> {
        for (j, slot) in jet.variables().iter().enumerate() {
            let Some(slot) = slot.map(|s| s as usize) else { continue };
            if k == 0 {
                self.set_motion(jet, j, slot)?;
                continue;
            }
            let field = self.tape.outputs[j] as usize;
            while !self.integrate(field, slot, k)? {
                self.raise(slot, RAISE, k + 1)?;
            }
            self.publish(slot, k + 1);
        }
        Ok(())
    }

    /// Coefficient 1 of variable `j`.
    fn set_motion(&mut self, jet: &Jet<C>, j: usize, slot: usize) -> Result<(), Unaligned> {
        let Some(top) = self.top[slot] else { return Ok(()) };
        let (n, at) = (self.n, slot * (self.order + 1) + 1);
        self.ctx.mul(&mut self.number, jet.value(j), &self.quarters[self.scaling.quarters]);
        let (r, negative) = (&mut self.limbs[at * n..(at + 1) * n], &mut self.negative[at]);
        self.ctx.to_fixed(&self.number, top - self.scaling.exponent, r, negative).ok_or(Unaligned)?;
        self.publish(slot, 1);
        Ok(())
    }

    /// Coefficient `k + 1` of a variable from coefficient `k` of its derivative; `false` where it does not fit below the
    /// variable's bound.
    fn integrate(&mut self, field: usize, slot: usize, k: usize) -> Result<bool, Unaligned> {
        let (n, m, stride) = (self.n, self.limbs_at(k + 1), self.order + 1);
        let at = slot * stride + k + 1;
        let r = (at + 1) * n - m..(at + 1) * n;
        match (self.top[field], self.top[slot]) {
            (Some(source), Some(top)) if !self.tape.fixed[field] => {
                let Scaling { exponent, quarters, .. } = self.scaling;
                let from = field * stride + k;
                let row = (&self.limbs[from * n..(from + 1) * n], [self.negative[from]]);
                let by = divide(&mut self.acc, row, &self.inverse[quarters], quarters, k + 1, m);
                let drop = by + source + exponent - top;
                // By how much more the derivative's last digit counts than the variable's: lifted variables, and lost digits.
                let below = self.room[field] - self.room[slot] - drop;
                if self.lost(field) > below.max(0) + LOSS || self.lost(field) - below > MAX_DROP {
                    return Err(Unaligned);
                }
                let unused = self.lengths.unused(k + 1, m, top - self.unit[slot]);
                let bits = shift_of(drop, MAX_DROP, unused)?;
                let negative = &mut self.negative[at];
                Ok(put(&mut self.limbs[r], negative, &mut self.acc[..m + 3], bits, unused).is_ok())
            }
            (Some(_), None) if !self.tape.fixed[field] => Err(Unaligned),
            _ => {
                self.limbs[r].fill(0);
                Ok(true)
            }
        }
    }

    /// Coefficients 1 ... `r.len()` of variable `j`, in the time of the tape.
    pub fn read_variable(&mut self, jet: &Jet<C>, j: usize, r: &mut [C::Num]) {
        match jet.variables()[j] {
            Some(slot) => r.iter_mut().enumerate().for_each(|(i, r)| self.read(r, slot as usize, i + 1)),
            // A variable that the tape does not use has a derivative all the same.
            None => {
                let field = self.tape.outputs[j] as usize;
                self.ctx.set(&mut r[0], jet.value(j));
                for (k, r) in r.iter_mut().enumerate().skip(1) {
                    self.read(r, field, k);
                    self.ctx.div_u32(&mut self.number, r, k as u32 + 1);
                    self.ctx.set(r, &self.number);
                }
            }
        }
    }

    /// Coefficients 1 and up of output `o`, written to the jet.
    pub fn read_output(&mut self, jet: &mut Jet<C>, o: usize) {
        let slot = self.tape.outputs[o] as usize;
        for (k, r) in jet.output_mut(o).iter_mut().enumerate().skip(1) {
            self.read(r, slot, k);
        }
    }

    fn read(&mut self, r: &mut C::Num, slot: usize, k: usize) {
        let (n, m) = (self.n, self.limbs_at(k));
        let at = slot * (self.order + 1) + k;
        let Scaling { exponent, quarters, .. } = self.scaling;
        match self.top[slot] {
            Some(top) if !self.tape.fixed[slot] => {
                let limbs = &self.limbs[(at + 1) * n - m..(at + 1) * n];
                let top = top - exponent * k as i64;
                if quarters == 0 {
                    self.ctx.set_fixed(r, limbs, self.negative[at], top);
                } else {
                    self.ctx.set_fixed(&mut self.number, limbs, self.negative[at], top);
                    self.ctx.mul(r, &self.number, &self.powers[quarters][k]);
                }
            }
            _ => self.ctx.set(r, &self.zero),
        }
    }
}
