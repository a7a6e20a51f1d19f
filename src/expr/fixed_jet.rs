//! Taylor coefficients of a tape in aligned fixed point, with fewer digits the higher the order.
//!
//! In the scaled time `u = x / 2^e`, `2^e` just below the radius of convergence, the coefficients of every slot stay
//! within a few bits of their slot's scale, and on a step of `2^e F / e^2` coefficient `k` matters by `(F / e^2)^k`
//! only. All coefficients of a slot so share one exponent, a sum of products needs neither shifts nor comparisons, and
//! coefficient `k` is computed with `k log2(e^2 / F)` bits less than the first. The recurrences are those of
//! [`super::Jet`], which supplies the values at the start of the step. Error bounds: `proofs/taylor-kernel.md`.

use super::{Jet, Op, Tape};
use crate::arith::fixed::{Rows, add_shifted, dot, double_and_add, mul_small, store};
use crate::arith::{Context, LG_ONE};
use std::sync::Arc;

/// Bits below the working precision: what the roundings of one coefficient's sums may add up to.
const GUARD: usize = 16;
/// A product may lie this many bits below the scale of its operands before the guard bits are used up.
const MAX_DROP: i64 = 56;

/// The coefficients do not fit the alignment: a step for [`Jet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unaligned;

/// The scaling of one expansion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scaling {
    /// `e`: the unit of time is `2^e`.
    pub unit: i64,
    /// Bits that each further coefficient may do without, in units of `1 / LG_ONE`.
    pub decay: i64,
}

/// An instruction on the rows `k >= 1`.
#[derive(Clone, Debug)]
enum Step {
    /// Variables are set from outside; a slot fixed in time has no rows.
    Skip,
    /// Terms that move in time, each with its constant (an index into `constants`; `None`: the sign alone).
    Linear(Vec<(usize, Factor)>),
    /// The first operand is fixed in time.
    Scale(usize, usize),
    Mul(usize, usize),
    Square(usize),
    /// Quotient by a slot fixed in time.
    Divide(usize, usize),
    /// Quotient of a moving slot, or of one fixed in time (`false`).
    Div(usize, usize, bool),
    Sqrt(usize),
    /// The last number is the slot of the weighted series `k a_k`.
    Exp(usize, usize),
    Ln(usize, usize),
}

#[derive(Clone, Copy, Debug)]
enum Factor {
    Sign(bool),
    Constant(usize),
}

/// A number of full length: `0.limbs * 2^exponent`.
#[derive(Clone, Debug, Default)]
struct Scalar {
    limbs: Vec<u64>,
    negative: [bool; 1],
    exponent: i64,
    zero: bool,
}

impl Scalar {
    fn set<C: Context>(&mut self, ctx: &C, value: &C::Num) -> Result<(), Unaligned> {
        self.zero = false;
        match exponent_of(ctx, value)? {
            None => self.zero = true,
            Some(exponent) => {
                self.exponent = exponent;
                ctx.to_fixed(value, exponent, &mut self.limbs, &mut self.negative[0]).ok_or(Unaligned)?;
            }
        }
        Ok(())
    }

    fn rows(&self) -> Rows<'_> {
        Rows { limbs: &self.limbs, negative: &self.negative }
    }
}

/// The least `e` with `|value| < 2^e`; `None` for zero.
fn exponent_of<C: Context>(ctx: &C, value: &C::Num) -> Result<Option<i64>, Unaligned> {
    match ctx.lg(value) {
        Some(lg) => Ok(Some(lg.div_euclid(LG_ONE) + 1)),
        None if ctx.fault(value).is_none() => Ok(None),
        None => Err(Unaligned),
    }
}

/// See the module's text.
#[derive(Clone, Debug)]
pub struct FixedJet<C: Context> {
    ctx: C,
    tape: Arc<Tape>,
    steps: Vec<Step>,
    order: usize,
    /// Limbs of a coefficient.
    n: usize,
    /// Bits between a slot's scale and its largest number.
    headroom: i64,
    /// Bits that hold `k <= order`.
    order_bits: i64,
    /// Bits of the `n` limbs that the precision does not ask for.
    spare: i64,
    unit: i64,
    decay: i64,
    /// `limbs[(slot * (order + 1) + k) * n ..]`; the weighted series are further slots.
    limbs: Vec<u64>,
    negative: Vec<bool>,
    /// Bound of a slot's numbers: below `2^top`; `None` for a slot that is zero.
    top: Vec<Option<i64>>,
    constants: Vec<Scalar>,
    /// A fixed factor, or the reciprocal of a first coefficient: one a slot.
    scalars: Vec<Scalar>,
    /// `1 / k`.
    inverse: Vec<Scalar>,
    acc: Vec<u64>,
    other: Vec<u64>,
    row: Vec<u64>,
    number: C::Num,
}

impl<C: Context> FixedJet<C> {
    /// `None` for an arithmetic without fixed-point access ([`Context::fixed_bits`]).
    pub fn new(ctx: &C, tape: Arc<Tape>, order: usize) -> Option<Self> {
        let bits = ctx.fixed_bits()?;
        let headroom = (16 + order / 8).min(48);
        let n = (bits as usize + headroom + GUARD).div_ceil(64);
        let slots = tape.ops.len();
        let mut weighted = slots;
        let mut constants = Vec::new();
        let scalar = || Scalar { limbs: vec![0; n], ..Scalar::default() };
        let mut constant = |q: &rug::Rational| {
            let mut c = scalar();
            c.set(ctx, &ctx.rational(q)).ok()?;
            constants.push(c);
            Some(Factor::Constant(constants.len() - 1))
        };
        let fixed = |s: &u32| tape.fixed[*s as usize];
        let at = |s: &u32| *s as usize;
        let mut steps = Vec::with_capacity(slots);
        for (i, op) in tape.ops.iter().enumerate() {
            let mut row = || {
                weighted += 1;
                weighted - 1
            };
            steps.push(match op {
                _ if tape.fixed[i] => Step::Skip,
                Op::Var(_) | Op::Const(_) => Step::Skip,
                Op::Linear { terms, .. } => {
                    let moving = terms.iter().filter(|(s, _)| !fixed(s));
                    let factor = |q: &rug::Rational| match q {
                        q if *q == 1 => Some(Factor::Sign(false)),
                        q if *q == -1 => Some(Factor::Sign(true)),
                        q => constant(q),
                    };
                    let mut factor = factor;
                    Step::Linear(moving.map(|(s, q)| Some((at(s), factor(q)?))).collect::<Option<_>>()?)
                }
                Op::Mul(a, b) if fixed(a) => Step::Scale(at(a), at(b)),
                Op::Mul(a, b) if fixed(b) => Step::Scale(at(b), at(a)),
                Op::Mul(a, b) => Step::Mul(at(a), at(b)),
                Op::Square(a) => Step::Square(at(a)),
                Op::Div(a, b) if fixed(b) => Step::Divide(at(a), at(b)),
                Op::Div(a, b) => Step::Div(at(a), at(b), !fixed(a)),
                Op::Sqrt(a) => Step::Sqrt(at(a)),
                Op::Exp(a) => Step::Exp(at(a), row()),
                Op::Ln(a) => Step::Ln(at(a), row()),
            });
        }
        let mut inverse = Vec::with_capacity(order + 1);
        for k in 0..=order {
            let mut r = scalar();
            r.set(ctx, &ctx.rational(&rug::Rational::from((1, k.max(1))))).ok()?;
            inverse.push(r);
        }
        let rows = weighted * (order + 1);
        Some(FixedJet {
            steps,
            order,
            n,
            headroom: headroom as i64,
            order_bits: i64::from(usize::BITS - order.leading_zeros()),
            spare: (n * 64 - bits as usize - headroom - GUARD) as i64,
            unit: 0,
            decay: 0,
            limbs: vec![0; rows * n],
            negative: vec![false; rows],
            top: vec![None; weighted],
            constants,
            scalars: vec![scalar(); slots],
            inverse,
            acc: vec![0; n + 3],
            other: vec![0; n + 3],
            row: vec![0; n],
            number: ctx.zero(),
            ctx: ctx.clone(),
            tape,
        })
    }

    /// Starts an expansion: `jet` holds the values of every slot at the start of the step, `field` the number of state
    /// components, whose derivatives are the first outputs.
    ///
    /// # Errors
    /// Values that cannot be aligned.
    pub fn start(&mut self, jet: &Jet<C>, scaling: Scaling) -> Result<(), Unaligned> {
        Scaling { unit: self.unit, decay: self.decay } = scaling;
        let (tape, ctx) = (self.tape.clone(), self.ctx.clone());
        let exponent = |slot: usize| exponent_of(&ctx, jet.start_of(slot));
        for top in &mut self.top {
            *top = None;
        }
        // The motion of a variable over the unit of time.
        for (j, slot) in jet.variables().iter().enumerate() {
            let speed = exponent_of(&ctx, jet.value(j))?.map(|e| e + self.unit);
            if let Some(slot) = slot {
                self.top[*slot as usize] = exponent(*slot as usize)?.max(speed);
            }
        }
        // Scales first, without the headroom.
        for i in 0..self.steps.len() {
            let own = if tape.fixed[i] { None } else { exponent(i)? };
            let reciprocal_of = match self.steps[i] {
                Step::Scale(c, _) => {
                    self.scalars[i].set(&ctx, jet.start_of(c))?;
                    None
                }
                Step::Divide(_, b) | Step::Div(_, b, _) => Some((b, 1)),
                Step::Sqrt(_) => Some((i, 2)),
                Step::Ln(a, _) => Some((a, 1)),
                _ => None,
            };
            if let Some((slot, factor)) = reciprocal_of {
                let mut divisor = ctx.zero();
                ctx.mul_u32(&mut divisor, jet.start_of(slot), factor);
                ctx.div(&mut self.number, &ctx.rational(&rug::Rational::from(1)), &divisor);
                self.scalars[i].set(&ctx, &self.number)?;
            }
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
        for i in 0..self.steps.len() {
            let Some(top) = self.top[i] else { continue };
            let (from, n) = (i * (self.order + 1), self.n);
            let row = &mut self.limbs[from * n..(from + 1) * n];
            let top = top + self.headroom;
            ctx.to_fixed(jet.start_of(i), top, row, &mut self.negative[from]).ok_or(Unaligned)?;
        }
        let far = |e: i64| e.abs() > 1 << 28;
        for top in self.top.iter_mut().flatten() {
            *top += self.headroom;
            if far(*top) {
                return Err(Unaligned);
            }
        }
        if far(self.unit.saturating_mul(self.order as i64)) {
            return Err(Unaligned);
        }
        Ok(())
    }

    /// The limbs that coefficient `k` needs.
    fn limbs_at(&self, k: usize) -> usize {
        let whole = self.n as i64 * 64;
        let needed = whole - self.spare - (self.decay * k as i64).div_euclid(LG_ONE);
        (needed.div_euclid(64) + i64::from(needed.rem_euclid(64) > 0)).clamp(1, self.n as i64) as usize
    }

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
                    let bits = shift_of(inverse.exponent + source + self.unit - top)?;
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

    /// Coefficient `k >= 1` of every slot, from those of the variables up to `k` and all lower ones.
    ///
    /// # Errors
    /// A coefficient that does not fit.
    pub fn forward(&mut self, k: usize) -> Result<(), Unaligned> {
        let (n, m, stride) = (self.n, self.limbs_at(k), self.order + 1);
        let FixedJet { steps, limbs, negative, top, constants, scalars, inverse, acc, other, row, .. } = self;
        let (acc, other) = (&mut acc[..m + 3], &mut other[..m + 3]);
        let mut sign = [false];
        // `count` coefficients of a slot, from the one numbered `from` on.
        macro_rules! of {
            ($slot:expr, $from:expr, $count:expr) => {
                rows(limbs, negative, n, $slot * stride + $from, $count)
            };
        }
        // The limbs of coefficient `k` of a slot that are used, and its sign.
        macro_rules! view {
            ($slot:expr) => {{
                let end = ($slot * stride + k + 1) * n;
                (&limbs[end - m..end], negative[$slot * stride + k])
            }};
        }
        for (i, step) in steps.iter().enumerate() {
            let Some(own) = top[i] else { continue };
            let at = i * stride + k;
            let view = (at + 1) * n - m..(at + 1) * n;
            // What is left in `row` (below `2^t`) times `scalar` is the coefficient.
            let mut finish: Option<(i64, &Scalar)> = None;
            let bits = match step {
                Step::Skip => continue,
                Step::Linear(terms) => {
                    let sum = &mut acc[..m + 1];
                    sum.fill(0);
                    for &(s, factor) in terms {
                        let Some(t) = top[s] else { continue };
                        match factor {
                            Factor::Sign(minus) => {
                                let (a, negative) = view!(s);
                                add_shifted(sum, a, down(own - t)?, minus ^ negative);
                            }
                            Factor::Constant(c) => {
                                dot(other, constants[c].rows(), of!(s, k, 1), n, m);
                                let bits = shift_of(constants[c].exponent + t - own)?;
                                put(&mut row[n - m..], &mut sign[0], other, bits)?;
                                add_shifted(sum, &row[n - m..], 0, sign[0]);
                            }
                        }
                    }
                    put(&mut limbs[view], &mut negative[at], sum, 0)?;
                    continue;
                }
                Step::Scale(_, a) | Step::Divide(a, _) => {
                    let Some(t) = top[*a] else { continue };
                    dot(acc, scalars[i].rows(), of!(*a, k, 1), n, m);
                    shift_of(scalars[i].exponent + t - own)?
                }
                Step::Mul(a, b) => {
                    let (Some(s), Some(t)) = (top[*a], top[*b]) else { continue };
                    dot(acc, of!(*a, 0, k + 1), of!(*b, 0, k + 1), n, m);
                    shift_of(s + t - own)?
                }
                Step::Square(a) => {
                    let Some(t) = top[*a] else { continue };
                    symmetric(acc, other, |from, count| of!(*a, from, count), k, n, m, 0);
                    shift_of(2 * t - own)?
                }
                Step::Div(a, b, moving) => {
                    let numerator = if *moving { top[*a] } else { None };
                    let t = top[*b].map(|b| b + own);
                    let Some(common) = numerator.max(t.map(|t| t - self.headroom)) else { continue };
                    match t {
                        Some(t) => {
                            dot(acc, of!(*b, 1, k), of!(i, 0, k), n, m);
                            put(&mut row[n - m..], &mut sign[0], acc, shift_of(t - common)?)?;
                        }
                        None => row.fill(0),
                    }
                    let sum = &mut acc[..m + 1];
                    sum.fill(0);
                    add_shifted(sum, &row[n - m..], 0, !sign[0]);
                    if let Some(t) = numerator {
                        let (a, negative) = view!(*a);
                        add_shifted(sum, a, down(common - t)?, negative);
                    }
                    finish = Some((common, &scalars[i]));
                    0
                }
                Step::Sqrt(a) => {
                    let common = top[*a].max(Some(2 * own - self.headroom)).unwrap_or(own);
                    symmetric(acc, other, |from, count| of!(i, from, count), k, n, m, 1);
                    put(&mut row[n - m..], &mut sign[0], acc, shift_of(2 * own - common)?)?;
                    let sum = &mut acc[..m + 1];
                    sum.fill(0);
                    add_shifted(sum, &row[n - m..], 0, !sign[0]);
                    if let Some(t) = top[*a] {
                        let (a, negative) = view!(*a);
                        add_shifted(sum, a, down(common - t)?, negative);
                    }
                    finish = Some((common, &scalars[i]));
                    0
                }
                Step::Exp(a, w) => {
                    let (Some(s), Some(t)) = (top[*a], top[*w]) else { continue };
                    let (value, minus) = view!(*a);
                    // Two limbs higher, so that the weighted number may be shifted up as well.
                    other.fill(0);
                    mul_small(&mut other[2..m + 3], value, k as u32);
                    let to = w * stride + k;
                    put(&mut limbs[(to + 1) * n - m..(to + 1) * n], &mut negative[to], other, shift_of(s - t)?)?;
                    negative[to] = minus;
                    dot(acc, of!(*w, 1, k), of!(i, 0, k), n, m);
                    put(&mut row[n - m..], &mut sign[0], acc, shift_of(t - self.order_bits)?)?;
                    dot(acc, inverse[k].rows(), Rows { limbs: row, negative: &sign }, n, m);
                    shift_of(inverse[k].exponent + self.order_bits)?
                }
                Step::Ln(a, w) => {
                    let (Some(s), Some(t)) = (top[*a], top[*w]) else { continue };
                    let common = s.max(own + s - self.headroom);
                    let sum_top = own + s - self.headroom + self.order_bits;
                    dot(acc, of!(*w, 1, k - 1), of!(*a, 1, k - 1), n, m);
                    put(&mut row[n - m..], &mut sign[0], acc, shift_of(t + s - sum_top)?)?;
                    dot(acc, inverse[k].rows(), Rows { limbs: row, negative: &sign }, n, m);
                    put(&mut other[..m], &mut sign[0], acc, shift_of(inverse[k].exponent + sum_top - common)?)?;
                    let sum = &mut acc[..m + 1];
                    sum.fill(0);
                    add_shifted(sum, &other[..m], 0, !sign[0]);
                    let (value, negative) = view!(*a);
                    add_shifted(sum, value, down(common - s)?, negative);
                    finish = Some((common, &scalars[i]));
                    0
                }
            };
            match finish {
                None => put(&mut limbs[view.clone()], &mut negative[at], acc, bits)?,
                Some((common, scalar)) => {
                    put(&mut row[n - m..], &mut sign[0], &mut acc[..m + 1], 0)?;
                    dot(acc, scalar.rows(), Rows { limbs: row, negative: &sign }, n, m);
                    put(&mut limbs[view.clone()], &mut negative[at], acc, shift_of(scalar.exponent + common - own)?)?;
                }
            }
            if let Step::Ln(_, w) = step {
                mul_small(&mut other[..m + 1], &limbs[view], k as u32);
                let to = w * stride + k;
                let bits = self.order_bits as u64;
                put(&mut limbs[(to + 1) * n - m..(to + 1) * n], &mut negative[to], &mut other[..m + 1], bits)?;
                negative[to] = negative[at];
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
                self.ctx.from_fixed(r, &self.limbs[(at + 1) * n - m..(at + 1) * n], self.negative[at], exponent);
            }
            _ => self.ctx.set(r, &self.ctx.zero()),
        }
    }
}

/// `count` rows from row `from` on.
fn rows<'a>(limbs: &'a [u64], negative: &'a [bool], n: usize, from: usize, count: usize) -> Rows<'a> {
    Rows { limbs: &limbs[from * n..(from + count) * n], negative: &negative[from..from + count] }
}

/// `acc = sum_i a_i a_(k-i)` over `i = skip ... k - skip`, each pair once.
fn symmetric<'a>(
    acc: &mut [u64],
    other: &mut [u64],
    of: impl Fn(usize, usize) -> Rows<'a>,
    k: usize,
    n: usize,
    m: usize,
    skip: usize,
) {
    let half = (k + 1 - 2 * skip) / 2;
    dot(acc, of(skip, half), of(k + 1 - skip - half, half), n, m);
    if k.is_multiple_of(2) {
        dot(other, of(k / 2, 1), of(k / 2, 1), n, m);
    } else {
        other.fill(0);
    }
    double_and_add(acc, other);
}

/// The shift of a product that is to be read `drop` bits above its operands' common scale.
fn shift_of(drop: i64) -> Result<u64, Unaligned> {
    if drop > MAX_DROP { Err(Unaligned) } else { Ok((128 - drop) as u64) }
}

fn down(bits: i64) -> Result<u64, Unaligned> {
    u64::try_from(bits).map_err(|_| Unaligned)
}

fn put(r: &mut [u64], negative: &mut bool, acc: &mut [u64], bits: u64) -> Result<(), Unaligned> {
    if store(r, negative, acc, bits) { Ok(()) } else { Err(Unaligned) }
}
