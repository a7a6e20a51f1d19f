//! Runs a tape in a context: coefficient by coefficient (Taylor mode), or at a point (coefficient 0 alone).
//!
//! A *jet* holds, for every slot of the tape, the Taylor coefficients `c_0 ... c_order` of its value along a curve.
//! The recurrences are the classical ones (Jorba & Zou 2005, section 2): each nonlinear operation is one convolution
//! per coefficient. Nothing is allocated after construction.

use super::{Op, Tape};
use crate::arith::{Context, Fault};
use rug::Rational;
use std::sync::Arc;

/// A coefficient of a linear combination, sorted by cost.
#[derive(Clone, Debug)]
enum Factor<T> {
    One,
    MinusOne,
    Other(T),
}

/// An instruction with its constants in the arithmetic of the context.
#[derive(Clone, Debug)]
enum Step<T> {
    /// Set from outside.
    Var,
    Const(T),
    Linear {
        constant: T,
        terms: Vec<(u32, Factor<T>)>,
    },
    /// Product with a number constant in time (first operand).
    Scale(u32, u32),
    Mul(u32, u32),
    Square(u32),
    Div(u32, u32),
    Sqrt(u32),
    /// The number is the row of `weighted` that holds `k * a_k`.
    Exp(u32, usize),
    /// The number is the row of `weighted` that holds `k * l_k`.
    Ln(u32, usize),
}

/// The Taylor coefficients of every slot of a tape.
#[derive(Clone, Debug)]
pub struct Jet<C: Context> {
    ctx: C,
    tape: Arc<Tape>,
    steps: Vec<Step<C::Num>>,
    stride: usize,
    /// Slot-major: coefficient `k` of slot `i` is at `i * stride + k`.
    data: Vec<C::Num>,
    weighted: Vec<C::Num>,
    /// `vars[i]`: slot of variable `i`, where the tape uses it.
    vars: Vec<Option<u32>>,
    scratch: [C::Num; 2],
}

impl<C: Context> Jet<C> {
    /// A jet of `order + 1` coefficients a slot, for a tape in `variables` variables.
    pub fn new(ctx: &C, tape: Arc<Tape>, variables: usize, order: usize) -> Self {
        let stride = order + 1;
        let mut vars = vec![None; variables];
        let mut rows = 0;
        let mut row = || {
            rows += 1;
            rows - 1
        };
        let factor = |q: &Rational| match q {
            q if *q == 1 => Factor::One,
            q if *q == -1 => Factor::MinusOne,
            q => Factor::Other(ctx.rational(q)),
        };
        let fixed = |s: &u32| tape.fixed[*s as usize];
        let mut steps = Vec::with_capacity(tape.ops.len());
        for (slot, op) in tape.ops.iter().enumerate() {
            steps.push(match op {
                Op::Var(i) => {
                    if let Some(v) = vars.get_mut(*i as usize) {
                        *v = u32::try_from(slot).ok();
                    }
                    Step::Var
                }
                Op::Const(q) => Step::Const(ctx.rational(q)),
                Op::Linear { constant, terms } => Step::Linear {
                    constant: ctx.rational(constant),
                    terms: terms.iter().map(|(s, q)| (*s, factor(q))).collect(),
                },
                Op::Mul(a, b) if fixed(a) => Step::Scale(*a, *b),
                Op::Mul(a, b) if fixed(b) => Step::Scale(*b, *a),
                Op::Mul(a, b) => Step::Mul(*a, *b),
                Op::Square(a) => Step::Square(*a),
                Op::Div(a, b) => Step::Div(*a, *b),
                Op::Sqrt(a) => Step::Sqrt(*a),
                Op::Exp(a) => Step::Exp(*a, row()),
                Op::Ln(a) => Step::Ln(*a, row()),
            });
        }
        let zero = ctx.zero();
        Jet {
            steps,
            stride,
            data: vec![zero.clone(); tape.ops.len() * stride],
            weighted: vec![zero.clone(); rows * stride],
            vars,
            scratch: [zero.clone(), zero],
            ctx: ctx.clone(),
            tape,
        }
    }

    pub fn context(&self) -> &C {
        &self.ctx
    }

    /// The program it runs.
    pub fn tape(&self) -> &Arc<Tape> {
        &self.tape
    }

    pub fn order(&self) -> usize {
        self.stride - 1
    }

    /// All coefficients of the slot of output `o`.
    pub fn output(&self, o: usize) -> &[C::Num] {
        self.slot(self.tape.outputs[o])
    }

    /// The slot of every variable, where the tape uses it.
    pub fn variables(&self) -> &[Option<u32>] {
        &self.vars
    }

    /// Coefficient 0 of a slot.
    pub(super) fn start_of(&self, slot: usize) -> &C::Num {
        &self.data[slot * self.stride]
    }

    /// All coefficients of output `o`, to be filled from elsewhere.
    pub fn output_mut(&mut self, o: usize) -> &mut [C::Num] {
        let from = self.tape.outputs[o] as usize * self.stride;
        &mut self.data[from..from + self.stride]
    }

    fn slot(&self, s: u32) -> &[C::Num] {
        let from = s as usize * self.stride;
        &self.data[from..from + self.stride]
    }

    /// Sets coefficient `k` of variable `i` (ignored where the tape does not use the variable).
    pub fn set_var(&mut self, i: usize, k: usize, value: &C::Num) {
        if let Some(slot) = self.vars.get(i).copied().flatten() {
            self.ctx.set(&mut self.data[slot as usize * self.stride + k], value);
        }
    }

    /// Computes coefficient `k` of every slot from the variables' coefficients up to `k` and all lower ones.
    ///
    /// # Errors
    /// The named range loss of an exponential; other faults show in the values themselves ([`Context::fault`]).
    pub fn forward(&mut self, k: usize) -> Result<(), Fault> {
        let (ctx, n) = (&self.ctx, self.stride);
        for (i, step) in self.steps.iter().enumerate() {
            if k > 0 && self.tape.fixed[i] {
                continue; // stays zero
            }
            let (done, rest) = self.data.split_at_mut(i * n);
            let (own, tail) = rest[..n].split_at_mut(k);
            let r = &mut tail[0];
            let at = |s: u32| &done[s as usize * n..s as usize * n + k + 1];
            let [t, u] = &mut self.scratch;
            match step {
                Step::Var => {}
                Step::Const(c) => ctx.set(r, c),
                Step::Linear { constant, terms } => {
                    let mut started = k == 0 && ctx.sign(constant) != crate::arith::Sign::Zero;
                    if started {
                        ctx.set(r, constant);
                    }
                    for (s, factor) in terms {
                        let a = &at(*s)[k];
                        match (factor, started) {
                            (Factor::One, false) => ctx.set(r, a),
                            (Factor::MinusOne, false) => ctx.neg(r, a),
                            (Factor::Other(c), false) => ctx.mul(r, c, a),
                            (Factor::One, true) => {
                                ctx.add(t, r, a);
                                std::mem::swap(r, t);
                            }
                            (Factor::MinusOne, true) => {
                                ctx.sub(t, r, a);
                                std::mem::swap(r, t);
                            }
                            (Factor::Other(c), true) => ctx.mul_add(r, c, a),
                        }
                        started = true;
                    }
                }
                Step::Scale(c, a) => ctx.mul(r, &at(*c)[0], &at(*a)[k]),
                Step::Mul(a, b) => ctx.conv(r, at(*a), at(*b)),
                Step::Square(a) => {
                    let a = at(*a);
                    let half = k.div_ceil(2); // pairs (i, k-i) with i < k-i
                    ctx.conv(t, &a[..half], &a[k + 1 - half..]);
                    ctx.add(r, t, t);
                    if k.is_multiple_of(2) {
                        ctx.mul_add(r, &a[k / 2], &a[k / 2]);
                    }
                }
                Step::Div(a, b) => {
                    let b = at(*b);
                    if k == 0 {
                        ctx.div(r, &at(*a)[0], &b[0]);
                    } else {
                        ctx.conv(t, &b[1..], own);
                        ctx.sub(u, &at(*a)[k], t);
                        ctx.div(r, u, &b[0]);
                    }
                }
                Step::Sqrt(a) => {
                    let a = &at(*a)[k];
                    if k == 0 {
                        ctx.sqrt(r, a);
                    } else {
                        let inner = &own[1..];
                        let half = inner.len() / 2;
                        ctx.conv(t, &inner[..half], &inner[inner.len() - half..]);
                        ctx.add(u, t, t);
                        if inner.len() % 2 == 1 {
                            ctx.mul_add(u, &inner[half], &inner[half]);
                        }
                        ctx.sub(t, a, u);
                        ctx.add(u, &own[0], &own[0]);
                        ctx.div(r, t, u);
                    }
                }
                Step::Exp(a, row) => {
                    let w = &mut self.weighted[row * n..row * n + k + 1];
                    let order = u32::try_from(k).unwrap_or(u32::MAX);
                    ctx.mul_u32(&mut w[k], &at(*a)[k], order);
                    if k == 0 {
                        ctx.exp(r, &at(*a)[0])?;
                    } else {
                        ctx.conv(t, &w[1..], own);
                        ctx.div_u32(r, t, order);
                    }
                }
                Step::Ln(a, row) => {
                    let a = at(*a);
                    let order = u32::try_from(k).unwrap_or(u32::MAX);
                    if k == 0 {
                        ctx.ln(r, &a[0]);
                    } else {
                        let w = &mut self.weighted[row * n..row * n + k + 1];
                        ctx.conv(t, &w[1..k], &a[1..k]);
                        ctx.div_u32(u, t, order);
                        ctx.sub(t, &a[k], u);
                        ctx.div(r, t, &a[0]);
                        ctx.mul_u32(&mut w[k], r, order);
                    }
                }
            }
        }
        Ok(())
    }

    /// Evaluates the tape at a point; read the values with [`Jet::value`].
    ///
    /// # Errors
    /// The named range loss of an exponential or of an output.
    pub fn evaluate(&mut self, point: &[C::Num]) -> Result<(), Fault> {
        for (i, x) in point.iter().enumerate() {
            self.set_var(i, 0, x);
        }
        self.forward(0)?;
        let outputs = &self.tape.outputs;
        outputs.iter().find_map(|&s| self.ctx.fault(&self.slot(s)[0])).map_or(Ok(()), Err)
    }

    /// Coefficient 0 of output `o`: its value at the point.
    pub fn value(&self, o: usize) -> &C::Num {
        &self.output(o)[0]
    }
}
