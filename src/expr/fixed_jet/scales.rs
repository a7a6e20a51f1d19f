//! The bounds of the slots at the start of an expansion, from the values there.

use super::{Factor, FixedJet, MAX_DROP, MAX_LIFTS, Scaling, Step, Unaligned, exponent_of};
use crate::arith::Context;
use crate::arith::fixed::Squares;
use crate::expr::Jet;

impl<C: Context> FixedJet<C> {
    /// Starts an expansion: `jet` holds the value of every slot at the start of the step; its first outputs are the
    /// derivatives of its variables.
    ///
    /// # Errors
    /// Values that cannot be aligned.
    pub fn start(&mut self, jet: &Jet<C>, scaling: Scaling) -> Result<(), Unaligned> {
        self.scaling = scaling;
        self.lengths.decay = scaling.decay;
        if self.squares.iter().any(Option::is_some) {
            let lengths = self.lengths;
            self.plan.set(self.order, |k| lengths.at(k));
            self.spectra.iter_mut().flatten().for_each(|spectrum| spectrum.clear(&self.plan));
            self.squares.iter_mut().flatten().for_each(Squares::clear);
        }
        let unit = scaling.exponent + i64::from(scaling.quarters > 0);
        for top in &mut self.top {
            *top = None;
        }
        // The motion of a variable over the unit of time.
        for (j, slot) in jet.variables().iter().enumerate() {
            let speed = exponent_of(&self.ctx, jet.value(j))?.map(|e| e + unit);
            if let Some(slot) = slot {
                self.top[*slot as usize] = exponent_of(&self.ctx, jet.start_of(*slot as usize))?.max(speed);
            }
        }
        self.set_scalars(jet)?;
        self.set_scales(jet)?;
        for _ in 0..MAX_LIFTS {
            if !self.lift_variables(jet, unit) {
                break;
            }
            self.set_scales(jet)?;
        }
        let far = |e: i64| e.abs() > 1 << 28;
        self.make_room(jet)?;
        if self.top.iter().flatten().any(|&top| far(top)) {
            return Err(Unaligned);
        }
        for i in 0..self.steps.len() {
            let Some(top) = self.top[i] else { continue };
            let (from, n) = (i * (self.order + 1), self.n);
            let row = &mut self.limbs[from * n..(from + 1) * n];
            self.ctx.to_fixed(jet.start_of(i), top, row, &mut self.negative[from]).ok_or(Unaligned)?;
            self.publish(i, 0);
        }
        if far(unit.saturating_mul(self.order as i64)) {
            return Err(Unaligned);
        }
        Ok(())
    }

    /// Fixed factors, and the reciprocals that quotients, roots and logarithms multiply by.
    fn set_scalars(&mut self, jet: &Jet<C>) -> Result<(), Unaligned> {
        let ctx = self.ctx.clone();
        for i in 0..self.steps.len() {
            let (slot, factor) = match self.steps[i] {
                Step::Scale(c, _) => {
                    self.scalars[i].set(&ctx, jet.start_of(c))?;
                    continue;
                }
                Step::Divide(_, b) | Step::Div(_, b, _) => (b, 1),
                Step::Sqrt(_) => (i, 2),
                Step::Ln(a, _) => (a, 1),
                _ => continue,
            };
            ctx.mul_u32(&mut self.divisor, jet.start_of(slot), factor);
            ctx.div(&mut self.number, &self.quarters[0], &self.divisor);
            self.scalars[i].set(&ctx, &self.number)?;
        }
        Ok(())
    }

    /// The scales of all slots from those of the variables, without the headroom.
    fn set_scales(&mut self, jet: &Jet<C>) -> Result<(), Unaligned> {
        let tape = self.tape.clone();
        for i in 0..self.steps.len() {
            let own = if tape.fixed[i] { None } else { exponent_of(&self.ctx, jet.start_of(i))? };
            let tops = &self.top;
            let of = |s: usize| tops[s];
            let scalar = |t: Option<i64>| match &self.scalars[i] {
                s if s.zero => None,
                s => t.map(|t| t + s.exponent),
            };
            let sum = |a: Option<i64>, b: Option<i64>| Some(a? + b?);
            let top = match &self.steps[i] {
                Step::Skip => self.top[i],
                Step::Linear(terms) => {
                    let sizes = terms.iter().map(|(s, factor)| match factor {
                        Factor::Sign(_) => of(*s),
                        Factor::Constant(c) => of(*s).map(|t| t + self.constants[*c].exponent),
                    });
                    let largest = sizes.max().flatten();
                    largest.map(|t| t + i64::from(terms.len().ilog2())).max(own)
                }
                Step::Scale(_, a) | Step::Divide(a, _) => scalar(of(*a)),
                Step::Mul(a, b) => sum(of(*a), of(*b)),
                Step::Square(a) => sum(of(*a), of(*a)),
                Step::Div(a, _, moving) => own.max(if *moving { scalar(of(*a)) } else { None }),
                Step::Sqrt(a) => own.max(scalar(of(*a)).map(|t| t + 1)),
                Step::Exp(..) => own,
                Step::Ln(a, _) => own.max(scalar(of(*a))),
            };
            self.top[i] = top;
            match self.steps[i] {
                // What moves in the exponent is small, whatever its value.
                Step::Exp(a, w) => self.top[w] = self.top[a].map(|t| t.min(4) + self.order_bits),
                Step::Ln(_, w) => self.top[w] = top.map(|t| t + self.order_bits),
                _ => {}
            }
        }
        Ok(())
    }

    /// Lifts the variables far below the terms of their derivatives, which cancel there: the rounding of those terms is
    /// more than what the variable then loses. One held at zero is left there: it has no digits to lose. Whether there was
    /// one.
    fn lift_variables(&mut self, jet: &Jet<C>, unit: i64) -> bool {
        let mut lifted = false;
        for (j, slot) in jet.variables().iter().enumerate() {
            let field = self.tape.outputs[j] as usize;
            let (Some(slot), Some(source)) = (slot, self.top[field]) else { continue };
            let beyond = (self.learnt[field] - self.headroom).max(0);
            let least = Some(source + beyond + unit + 1 - MAX_DROP);
            let top = &mut self.top[*slot as usize];
            if !self.tape.fixed[field] && top.is_some() && *top < least {
                *top = least;
                lifted = true;
            }
        }
        lifted
    }
}
