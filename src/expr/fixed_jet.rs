//! Taylor coefficients of a tape in aligned fixed point, with fewer digits the higher the order.
//!
//! In the scaled time `u = x / T`, `T` just below the radius of convergence, the coefficients of every slot stay
//! within a few bits of their slot's scale, and on a step of `T F / e^2` coefficient `k` matters by `(F / e^2)^k`
//! only. All coefficients of a slot so share one exponent, a sum of products needs neither shifts nor comparisons, and
//! coefficient `k` is computed with `k log2(e^2 / F)` bits less than the first. How far above its scale a slot may reach
//! is learnt (`room`), and what enters far below the rest has fewer digits, or none (`units`). The recurrences are those of
//! [`super::Jet`], which supplies the values at the start of the step. Error bounds: `proofs/taylor-kernel.md`.

mod exchange;
mod online;
mod recurrence;
mod room;
mod scales;
mod units;

use super::{Jet, Op, Tape};
use crate::arith::fixed::{Columns, Digits, Plan, Rows, SIDE, Spectrum, Squares};
use crate::arith::{Context, LG_ONE};
use online::{LIMBS, Lengths};
use std::sync::Arc;

/// Bits below the working precision: what the roundings of one coefficient's sums may add up to.
const GUARD: usize = 28;
/// What a slot's largest number may lie above its scale at least, and at most, in bits.
const LEAST_HEADROOM: usize = 24;
const MOST_HEADROOM: usize = 48;
/// The last digit of a product may lie this many bits below those of its operands' views; what a sum of few products leaves
/// out lies 64 below them.
const MAX_DROP: i64 = 56;
/// How often variables are lifted for one expansion.
const MAX_LIFTS: usize = 3;
/// Bits that a slot's bound lies above the largest number of the last expansion.
const SPARE: i64 = 8;
/// Bits that a derivative may lose to a bound that has been raised.
const LOSS: i64 = 8;
/// Bits by which a slot's bound is raised beyond the headroom when a coefficient does not fit.
const RAISE: i64 = 8;

/// The coefficients do not fit the alignment: a step for [`Jet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unaligned;

/// A coefficient does not fit below the bound of this slot (`by` is 0: by how much is not known), or its last digit would
/// lie `by` bits too far below those of its operands.
#[derive(Clone, Copy, Debug)]
struct Misfit {
    slot: usize,
    by: i64,
}

/// `log2` of `1 + q/4` in units of `1 / LG_ONE`, rounded down.
const LG_QUARTERS: [i64; 4] = [0, 21_097, 38_336, 52_910];

/// The scaling of one expansion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scaling {
    /// The unit of time is `2^exponent (1 + quarters/4)`.
    exponent: i64,
    quarters: usize,
    /// Bits that each further coefficient may do without, in units of `1 / LG_ONE`.
    decay: i64,
}

impl Scaling {
    /// For series whose radius of convergence has this `log2` at least, and steps at most that long; all in units of
    /// `1 / LG_ONE`.
    pub fn new(radius: i64, longest: i64) -> Self {
        let (exponent, rest) = (radius.div_euclid(LG_ONE), radius.rem_euclid(LG_ONE));
        let quarters = LG_QUARTERS.iter().rposition(|&lg| lg <= rest).unwrap_or(0);
        Scaling { exponent, quarters, decay: exponent * LG_ONE + LG_QUARTERS[quarters] - longest }
    }
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

impl Step {
    /// Whether its size follows from those of its operands; a recurrence, or a variable, grows by itself.
    fn follows(&self) -> bool {
        matches!(self, Step::Linear(_) | Step::Scale(..) | Step::Divide(..) | Step::Mul(..) | Step::Square(_))
    }

    /// The slots whose series are convolved, that of the step itself where it stands (`None` in the pair).
    fn operands(&self) -> Option<[Option<usize>; 2]> {
        match *self {
            Step::Mul(a, b) => Some([Some(a), Some(b)]),
            Step::Square(a) => Some([Some(a); 2]),
            Step::Div(_, b, _) => Some([Some(b), None]),
            Step::Sqrt(_) => Some([None; 2]),
            Step::Exp(_, w) => Some([Some(w), None]),
            Step::Ln(a, w) => Some([Some(w), Some(a)]),
            Step::Skip | Step::Linear(_) | Step::Scale(..) | Step::Divide(..) => None,
        }
    }
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
    /// Bits that a slot's largest number may lie above its scale before digits are lost.
    headroom: i64,
    /// Bits that hold `k <= order`.
    order_bits: i64,
    lengths: Lengths,
    scaling: Scaling,
    /// `limbs[(slot * (order + 1) + k) * n ..]`; the weighted series are further slots.
    limbs: Vec<u64>,
    negative: Vec<bool>,
    /// Bound of a slot's numbers: below `2^top`; `None` for a slot that is zero.
    top: Vec<Option<i64>>,
    /// Variables and outputs beyond the field: read as they are, to their last digit.
    exact: Vec<bool>,
    /// Bits between a slot's scale and its bound: what the last expansion took and a few more, all the headroom at first.
    room: Vec<i64>,
    /// The same as the last expansion that fitted left it.
    learnt: Vec<i64>,
    /// Bits by which a slot exceeds its scale on the step, as far as the last expansions showed.
    reach: Vec<i64>,
    /// Slots of which all coefficients but the first are zero in this expansion.
    still: Vec<bool>,
    /// `log2` of what the last digit of a slot's first coefficient counts for.
    unit: Vec<i64>,
    constants: Vec<Scalar>,
    /// A fixed factor, or the reciprocal of a first coefficient: one a slot.
    scalars: Vec<Scalar>,
    /// `t / k` for each of the four `t = 1 + q/4`; none where numbers are long ([`recurrence::divide`]).
    inverse: [Vec<Scalar>; 4],
    /// `t` (the first is 1), and `t^-k`.
    quarters: [C::Num; 4],
    powers: [Vec<C::Num>; 4],
    /// The rows of the slots that are convolved, once more, where numbers are not long.
    digits: Vec<Option<Digits>>,
    /// The same by their values, where they are.
    spectra: Vec<Option<Spectrum>>,
    columns: Columns,
    plan: Plan,
    /// The squares of long products, one a slot that forms one.
    squares: Vec<Option<Squares>>,
    acc: Vec<u64>,
    other: Vec<u64>,
    row: Vec<u64>,
    number: C::Num,
    divisor: C::Num,
    zero: C::Num,
}

impl<C: Context> FixedJet<C> {
    /// `None` for an arithmetic without fixed-point access ([`Context::fixed_bits`]).
    pub fn new(ctx: &C, tape: Arc<Tape>, dimension: usize, order: usize) -> Option<Self> {
        let bits = ctx.fixed_bits()?;
        let bits = bits as usize + GUARD;
        let n = (bits + LEAST_HEADROOM).div_ceil(64);
        let headroom = (64 * n - bits).min(MOST_HEADROOM);
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
                    let mut factor = |q: &rug::Rational| match q {
                        q if *q == 1 => Some(Factor::Sign(false)),
                        q if *q == -1 => Some(Factor::Sign(true)),
                        q => constant(q),
                    };
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
        let long = n >= LIMBS && order > 4 * SIDE;
        let squares = steps.iter().map(|step| step.operands().filter(|_| long).map(|_| Squares::new(n))).collect();
        let quarter = |q: u32| rug::Rational::from((4 + q, 4));
        let over = |q: u32, k: usize| {
            let mut r = scalar();
            r.set(ctx, &ctx.rational(&(quarter(q) / rug::Integer::from(k.max(1))))).ok().map(|()| r)
        };
        let inverses = if n < LIMBS { order + 1 } else { 0 };
        let table = |q: u32| (0..inverses).map(|k| over(q, k)).collect::<Option<Vec<_>>>();
        let inverse = [table(0)?, table(1)?, table(2)?, table(3)?];
        let powers = [0, 1, 2, 3].map(|q| {
            let power = |k: usize| rug::ops::Pow::pow(quarter(q), -i32::try_from(k).unwrap_or(0));
            (0..=order).map(|k| ctx.rational(&power(k))).collect()
        });
        let rows = weighted * (order + 1);
        let (mut digits, mut spectra) = (vec![None; weighted], vec![None; weighted]);
        for (i, step) in steps.iter().enumerate() {
            for slot in step.operands().into_iter().flatten() {
                let slot = slot.unwrap_or(i);
                if long {
                    spectra[slot].get_or_insert_with(|| Spectrum::new(n));
                } else {
                    digits[slot].get_or_insert_with(|| Digits::new(order + 1, n));
                }
            }
        }
        let mut exact = vec![false; weighted];
        for &slot in tape.outputs.iter().skip(dimension) {
            exact[slot as usize] = true;
        }
        for (exact, op) in exact.iter_mut().zip(&tape.ops) {
            *exact |= matches!(op, Op::Var(_));
        }
        Some(FixedJet {
            steps,
            order,
            n,
            headroom: headroom as i64,
            order_bits: i64::from(usize::BITS - order.leading_zeros()),
            lengths: Lengths { n, precision: bits as i64, headroom: headroom as i64, decay: 0 },
            digits,
            spectra,
            columns: Columns::default(),
            plan: Plan::default(),
            squares,
            scaling: Scaling::default(),
            limbs: vec![0; rows * n],
            negative: vec![false; rows],
            top: vec![None; weighted],
            room: vec![headroom as i64; weighted],
            learnt: vec![headroom as i64; weighted],
            reach: vec![units::UNSEEN; weighted],
            still: vec![false; weighted],
            unit: vec![0; weighted],
            exact,
            constants,
            scalars: vec![scalar(); slots],
            inverse,
            quarters: [0, 1, 2, 3].map(|q| ctx.rational(&quarter(q))),
            powers,
            acc: vec![0; n + 3],
            other: vec![0; n + 3],
            row: vec![0; n],
            number: ctx.zero(),
            divisor: ctx.zero(),
            zero: ctx.zero(),
            ctx: ctx.clone(),
            tape,
        })
    }

    /// The limbs that coefficient `k` needs.
    fn limbs_at(&self, k: usize) -> usize {
        self.lengths.at(k)
    }

    /// Makes coefficient `k` of a slot, just found, known to the sums of products.
    fn publish(&mut self, slot: usize, k: usize) {
        let FixedJet { digits, spectra, plan, lengths, order, limbs, negative, .. } = self;
        publish(
            (digits, spectra, plan),
            limbs,
            negative,
            Row { slot, k, m: lengths.at(k), lengths: *lengths, stride: *order + 1 },
        );
    }
}

/// Coefficient `k`, of `m` limbs, of a slot.
struct Row {
    slot: usize,
    k: usize,
    m: usize,
    lengths: Lengths,
    stride: usize,
}

fn publish(
    (digits, spectra, plan): (&mut [Option<Digits>], &mut [Option<Spectrum>], &Plan),
    limbs: &[u64],
    negative: &[bool],
    Row { slot, k, m, lengths, stride }: Row,
) {
    let (n, from) = (lengths.n, slot * stride);
    let view = |k: usize, m: usize| (&limbs[(from + k + 1) * n - m..(from + k + 1) * n], negative[from + k]);
    if let Some(digits) = &mut digits[slot] {
        let (limbs, negative) = view(k, m);
        digits.set(k, limbs, negative);
    }
    if let Some(spectrum) = &mut spectra[slot] {
        let (row, negative) = view(k, m);
        spectrum.strip.set(k, row, negative);
        if (k + 1).is_multiple_of(SIDE) {
            spectrum.set(plan, k + 1 - SIDE, |k| view(k, lengths.at(k)));
        }
    }
}

/// `count` rows from row `from` on.
fn rows<'a>(limbs: &'a [u64], negative: &'a [bool], n: usize, from: usize, count: usize) -> Rows<'a> {
    Rows { limbs: &limbs[from * n..(from + count) * n], negative: &negative[from..from + count] }
}
