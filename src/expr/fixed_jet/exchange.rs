//! Coefficients in and out: those of the variables, and what is read from the series.

use super::recurrence::{put, shift_of};
use super::{FixedJet, Jet, Unaligned, rows};
use crate::arith::Context;
use crate::arith::fixed::dot;

impl<C: Context> FixedJet<C> {
    /// Coefficient `k + 1` of the variables from coefficient `k` of their derivatives, the first outputs.
    ///
    /// # Errors
    /// A coefficient that does not fit.
    pub fn advance(&mut self, jet: &Jet<C>, k: usize) -> Result<(), Unaligned> {
        let (n, m, stride) = (self.n, self.limbs_at(k + 1), self.order + 1);
        for (j, slot) in jet.variables().iter().enumerate() {
            let Some(slot) = slot.map(|s| s as usize) else { continue };
            let field = self.tape.outputs[j] as usize;
            let at = slot * stride + k + 1;
            let r = at * n..(at + 1) * n;
            if k == 0 {
                match self.top[slot] {
                    None => continue,
                    Some(top) => {
                        let r = &mut self.limbs[r];
                        let top = top - self.unit;
                        self.ctx.to_fixed(jet.value(j), top, r, &mut self.negative[at]).ok_or(Unaligned)?;
                    }
                }
                continue;
            }
            let (fixed, source) = (self.tape.fixed[field], self.top[field]);
            let r = (at + 1) * n - m..(at + 1) * n;
            match (source, self.top[slot]) {
                (Some(source), Some(top)) if !fixed => {
                    let inverse = &self.inverse[k + 1];
                    let row = rows(&self.limbs, &self.negative, n, field * stride + k, 1);
                    dot(&mut self.acc, inverse.rows(), row, n, m);
                    let drop = inverse.exponent + source + self.unit - top;
                    let bits = shift_of(drop, 0)?;
                    put(&mut self.limbs[r], &mut self.negative[at], &mut self.acc[..m + 3], bits)?;
                }
                (Some(_), None) if !fixed => return Err(Unaligned),
                _ => {
                    self.limbs[r].fill(0);
                }
            }
        }
        Ok(())
    }

    /// Coefficients 1 ... `r.len()` of variable `j`, in the time of the tape.
    pub fn read_variable(&self, jet: &Jet<C>, j: usize, r: &mut [C::Num]) {
        // A variable that the tape does not use has a derivative all the same.
        match jet.variables()[j] {
            Some(slot) => r.iter_mut().enumerate().for_each(|(i, r)| self.read(r, slot as usize, i + 1)),
            None => {
                let field = self.tape.outputs[j] as usize;
                self.ctx.set(&mut r[0], jet.value(j));
                for (k, r) in r.iter_mut().enumerate().skip(1) {
                    let mut derivative = self.ctx.zero();
                    self.read(&mut derivative, field, k);
                    self.ctx.div_u32(r, &derivative, k as u32 + 1);
                }
            }
        }
    }

    /// Coefficients 1 and up of output `o`, written to the jet.
    pub fn read_output(&self, jet: &mut Jet<C>, o: usize) {
        let slot = self.tape.outputs[o] as usize;
        for (k, r) in jet.output_mut(o).iter_mut().enumerate().skip(1) {
            self.read(r, slot, k);
        }
    }

    fn read(&self, r: &mut C::Num, slot: usize, k: usize) {
        let (n, m) = (self.n, self.limbs_at(k));
        let at = slot * (self.order + 1) + k;
        match self.top[slot] {
            Some(top) if !self.tape.fixed[slot] => {
                let exponent = top - self.unit * k as i64;
                self.ctx.set_fixed(r, &self.limbs[(at + 1) * n - m..(at + 1) * n], self.negative[at], exponent);
            }
            _ => self.ctx.set(r, &self.ctx.zero()),
        }
    }
}
