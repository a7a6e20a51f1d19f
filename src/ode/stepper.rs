//! One Taylor step: coefficients of the solution, radius of convergence, step length.
//!
//! Order and length follow Jorba & Zou, "A software package for the numerical integration of ODEs by means of
//! high-order Taylor methods" (2005): for `D` digits, order about `1 + 1.15 D` and step `R / e^2`, so that the first
//! neglected term is `e^(-2 order) ~ 10^-D`. The radius `R` is estimated *component by component*, each against its
//! own size: one common norm would cost small components their digits.

use super::LG_TEN;
use super::roots::short;
use crate::arith::{Context, Fault, LG_ONE};
use crate::expr::{FixedJet, Jet, Scaling, Tape, Unaligned};
use std::sync::Arc;

/// `log2(e^2)` in units of `LG_ONE`.
const LG_E_SQUARED: i64 = 189_097;

/// Taylor order that makes a step of `R / e^2` accurate to `digits` decimal digits.
pub fn order_for(digits: u32) -> usize {
    ((u64::from(digits) * 115).div_ceil(100) + 2) as usize
}

/// How far a step may go.
#[derive(Clone, Debug, PartialEq)]
pub enum Length<T> {
    /// A short binary number.
    Finite(T),
    /// The field is constant along the solution, which is a straight line: exact for any length.
    Straight,
    /// The right-hand side is zero, or moves nothing within the precision.
    Rest,
    /// No coefficient bounds the radius although the field is not constant: a fault.
    Unbounded,
    /// Coefficients that matter fell below the range of the arithmetic.
    Underflow,
}

/// Expands solutions of `x' = f(x)`; the first `dimension` outputs of the tape are the components of `f`.
#[derive(Clone, Debug)]
pub struct Stepper<C: Context> {
    pub jet: Jet<C>,
    dimension: usize,
    /// Outputs of the tape that are read from the series over the whole step.
    watched: std::ops::Range<usize>,
    stride: usize,
    coefficients: Vec<C::Num>,
    aligned: Option<Aligned<C>>,
}

/// The least order of the expansion that guesses a radius where no earlier step shows one; an eighth of the full order
/// where that is more, because what a guess is wrong by counts once an order.
const SCOUT: usize = 12;
/// The least digits of that expansion, an eighth of the digits where that is more: coefficients are asked for their size only.
const SCOUT_DIGITS: u32 = 150;
/// What a radius may differ from the one foreseen: 0.1 bits.
const MARGIN: i64 = LG_ONE / 10;
/// By how much the radius is taken to change from one step to the next at most.
const TREND: i64 = LG_ONE / 4;
/// By how much the unit of time is shortened when coefficients do not fit, twice as much each further time: those of an
/// entire function (a component that grows exponentially) first rise, below the radius that the last of them show. Little at
/// first: most that do not fit are found before the first coefficient, and each bit costs digits in all of them.
const TIGHTEN: i64 = LG_ONE / 16;
/// How often for one expansion at most.
const MAX_TIGHTENINGS: u32 = 7;
/// And by how much in all. From about two bits on the step is held to less than its radius allows: more steps, but cheap ones.
const TIGHTEST: i64 = 5 * LG_ONE;
/// Bits that each further coefficient may do without at least: how far below the unit of time a step has to stay.
const LEAST_DECAY: i64 = LG_ONE * 3 / 4;
/// The same where the step is known: the unit of time is rounded down by so much at most ([`Scaling::new`]), and no coefficient
/// may need more digits than the first.
const NO_DECAY: i64 = LG_ONE / 3;
/// What each expansion that fits gives back.
const LOOSEN: i64 = LG_ONE / 24;

/// Fixed-point expansions and what they need to know before they start.
#[derive(Clone, Debug)]
struct Aligned<C: Context> {
    jet: FixedJet<C>,
    /// `log2` of the radii of the last two steps, the last one first.
    radii: [Option<i64>; 2],
    /// How far below the radius foreseen the unit of time lies, beside [`MARGIN`].
    tightened: i64,
    /// `log2` of the longest step on which the last expansion has the digits of the context; `None`: any.
    longest: Option<i64>,
    /// `log2` of the step that the next expansion is for, where that is known ([`Stepper::foresee`]).
    length: Option<i64>,
    /// Expansions to be left to the floating point, and how many after the next failure.
    pause: u32,
    next_pause: u32,
}

impl<C: Context> Stepper<C> {
    pub fn new(ctx: &C, tape: Arc<Tape>, dimension: usize, order: usize) -> Self {
        let stride = order + 1;
        let end = tape.outputs.len();
        let fixed = if order > SCOUT { FixedJet::new(ctx, tape.clone(), dimension, order) } else { None };
        Stepper {
            aligned: fixed.map(|jet| Aligned {
                jet,
                radii: [None; 2],
                tightened: 0,
                longest: None,
                length: None,
                pause: 0,
                next_pause: 1,
            }),
            watched: end..end,
            jet: Jet::new(ctx, tape, dimension, order),
            dimension,
            stride,
            coefficients: vec![ctx.zero(); dimension * stride],
        }
    }

    /// Holds the step to lengths on which the outputs from this one on are as accurate as the solution: the series of
    /// `w^2` converges more slowly than that of `w`.
    #[must_use]
    pub fn watching(mut self, from: usize) -> Self {
        self.watched.start = from.min(self.watched.end);
        self
    }

    /// Prepares the next expansion for a step of a known length, whatever the last one was like.
    pub fn foresee(&mut self, length: &C::Num) {
        let lg = self.jet.context().lg(length);
        if let Some(aligned) = &mut self.aligned {
            aligned.radii = [lg.map(|lg| lg + LG_E_SQUARED), None];
            aligned.length = lg.map(|lg| lg + 1);
            aligned.pause = 0;
            aligned.jet.forget();
        }
    }

    /// Full convolutions that one Taylor coefficient costs.
    pub fn convolutions(&self) -> f32 {
        self.jet.tape().convolutions()
    }

    /// Component-major coefficients of the last expansion.
    pub fn coefficients(&self) -> &[C::Num] {
        &self.coefficients
    }

    fn coefficient(&self, j: usize, k: usize) -> &C::Num {
        &self.coefficients[j * self.stride + k]
    }

    /// Taylor coefficients, up to `order`, of the solution through `state` and of every output along it beyond the field.
    ///
    /// # Errors
    /// The fault that made a coefficient meaningless.
    pub fn expand(&mut self, state: &[C::Num], order: usize) -> Result<(), Fault> {
        let Some(mut aligned) = self.aligned.take() else { return self.expand_plain(state, order) };
        let done = if order + 1 == self.stride { self.expand_aligned(&mut aligned, state) } else { Ok(false) };
        self.aligned = Some(aligned);
        if done? { Ok(()) } else { self.expand_plain(state, order) }
    }

    /// The expansion to the full order in fixed point; `Ok(false)` where that is not possible.
    fn expand_aligned(&mut self, aligned: &mut Aligned<C>, state: &[C::Num]) -> Result<bool, Fault> {
        aligned.longest = None;
        let length = aligned.length.take();
        if aligned.pause > 0 {
            aligned.pause -= 1;
            return Ok(false);
        }
        let foreseen = match aligned.radii {
            [Some(last), Some(before)] => {
                // Not where the radii leap to and fro: a long step leaves noise in what fades fast, and the next one sees that.
                Some(last.min(before + TREND) + (last - before).clamp(-TREND, TREND))
            }
            [Some(last), None] => Some(last),
            [None, _] => self.scout(state)?,
        };
        let Some(foreseen) = foreseen else { return Ok(false) };
        for (j, x) in state.iter().enumerate() {
            self.jet.set_var(j, 0, x);
        }
        self.jet.forward(0)?;
        let free = foreseen + MARGIN - LG_E_SQUARED;
        // A step of a known length cannot be shortened instead.
        let tightest = length.map_or(TIGHTEST, |length| (foreseen - MARGIN - length - NO_DECAY).max(0));
        aligned.tightened = (aligned.tightened - LOOSEN).clamp(0, tightest);
        for attempt in 0..=MAX_TIGHTENINGS {
            let unit = foreseen - MARGIN - aligned.tightened;
            let longest = length.unwrap_or_else(|| free.min(unit - LEAST_DECAY));
            let scaling = Scaling::new(unit, longest);
            match self.fill(&mut aligned.jet, state, scaling) {
                Ok(true) => {
                    aligned.next_pause = 1;
                    aligned.longest = Some(longest);
                    return Ok(true);
                }
                // Once more, with the digits that turned out to be needed.
                Ok(false) => continue,
                Err(Unaligned) if aligned.tightened == tightest => break,
                Err(Unaligned) => aligned.jet.doubt(),
            }
            aligned.tightened = (aligned.tightened + (TIGHTEN << attempt)).min(tightest);
        }
        aligned.radii = [None; 2];
        aligned.tightened = 0;
        aligned.pause = aligned.next_pause;
        aligned.next_pause = (2 * aligned.next_pause).min(64);
        Ok(false)
    }

    /// `log2` of the radius that an expansion to a lower order shows, with fewer digits where there are many.
    fn scout(&mut self, state: &[C::Num]) -> Result<Option<i64>, Fault> {
        let order = SCOUT.max((self.stride - 1) / 8);
        let ctx = self.jet.context();
        let few = ctx.coarser((ctx.digits() / 8).max(SCOUT_DIGITS));
        if few.digits() >= ctx.digits() {
            self.expand_plain(state, order)?;
            return Ok(self.radius(order));
        }
        let tape = self.jet.tape().clone();
        let mut scout = Stepper::new(&few, tape, self.dimension, order).watching(self.watched.start);
        let rounded = |x| {
            let mut r = few.zero();
            few.set(&mut r, x);
            r
        };
        let state: Vec<C::Num> = state.iter().map(rounded).collect();
        // What is no number with so few digits may be one with all of them.
        Ok(scout.expand_plain(&state, order).ok().and_then(|()| scout.radius(order)))
    }

    /// Expands in fixed point; `false`, and nothing read, where the expansion left out digits that it shows to matter.
    fn fill(&mut self, fixed: &mut FixedJet<C>, state: &[C::Num], scaling: Scaling) -> Result<bool, Unaligned> {
        let order = self.stride - 1;
        fixed.start(&self.jet, scaling)?;
        for k in 0..order {
            fixed.advance(&self.jet, k)?;
            fixed.forward(k + 1)?;
        }
        if !fixed.learn() {
            return Ok(false);
        }
        for (j, x) in state.iter().enumerate() {
            let row = &mut self.coefficients[j * self.stride..(j + 1) * self.stride];
            row[0].clone_from(x);
            fixed.read_variable(&self.jet, j, &mut row[1..]);
        }
        for o in self.dimension..self.watched.end {
            fixed.read_output(&mut self.jet, o);
        }
        Ok(true)
    }

    fn expand_plain(&mut self, state: &[C::Num], order: usize) -> Result<(), Fault> {
        let ctx = self.jet.context().clone();
        for (j, x) in state.iter().enumerate() {
            ctx.set(&mut self.coefficients[j * self.stride], x);
            self.jet.set_var(j, 0, x);
        }
        for k in 0..=order {
            self.jet.forward(k)?;
            if k == order {
                break;
            }
            for j in 0..self.dimension {
                let next = &mut self.coefficients[j * self.stride + k + 1];
                ctx.div_u32(next, &self.jet.output(j)[k], u32::try_from(k + 1).unwrap_or(u32::MAX));
                self.jet.set_var(j, k + 1, next);
                match ctx.fault(next) {
                    None => {}
                    // A high coefficient below the range may be harmless: `length` decides.
                    Some(Fault::Underflow) if k > 0 => {}
                    Some(fault) => return Err(fault),
                }
            }
        }
        Ok(())
    }

    /// Whether a coefficient that fell below the range of the arithmetic could matter on a step of `2^lg_h`.
    fn lost_below_range(&self, lg_h: i64) -> bool {
        let ctx = self.jet.context();
        let Some(smallest) = ctx.underflow_lg() else { return false };
        let below = i64::from(ctx.digits()) * LG_TEN;
        (0..self.dimension).any(|j| {
            let first = (2..self.stride).find(|&k| ctx.fault(self.coefficient(j, k)) == Some(Fault::Underflow));
            let scale = ctx.lg(self.coefficient(j, 0)).max(ctx.lg(self.coefficient(j, 1)).map(|x| x + lg_h));
            match (first, scale) {
                (Some(k), Some(scale)) => smallest + lg_h * i64::try_from(k).unwrap_or(i64::MAX) > scale - below,
                _ => false,
            }
        })
    }

    /// `log2` of the radius that the highest nonzero coefficients of one series show: the last three (a parity may empty
    /// one of them), or lower ones.
    fn radius_of(p: usize, size: impl Fn(usize) -> Option<i64>) -> Option<i64> {
        let (x0, x1) = (size(0), size(1));
        let mut radius: Option<i64> = None;
        for k in (2..=p).rev() {
            if k + 3 <= p && radius.is_some() {
                break;
            }
            let Some(xk) = size(k) else { continue };
            let k = i64::try_from(k).unwrap_or(i64::MAX);
            // Against the size of the component, or of its motion where it passes through zero.
            let by_size = x0.map(|x| (x - xk).div_euclid(k));
            let by_motion = x1.map(|x| (x - xk).div_euclid(k - 1));
            if let Some(r) = by_size.max(by_motion) {
                radius = Some(radius.map_or(r, |best| best.min(r)));
            }
        }
        radius
    }

    /// `log2` of the radius of convergence that the coefficients up to order `p` show, the least of the components' and
    /// the watched outputs'.
    fn radius(&self, p: usize) -> Option<i64> {
        let ctx = self.jet.context();
        // Coefficients below the range say nothing about the radius.
        let usable = |a: &C::Num| if ctx.fault(a).is_none() { ctx.lg(a) } else { None };
        let components = (0..self.dimension).filter_map(|j| Self::radius_of(p, |k| usable(self.coefficient(j, k))));
        let watched = self.watched.clone().filter_map(|i| {
            let output = self.jet.output(i);
            Self::radius_of(p, |k| usable(&output[k]))
        });
        components.chain(watched).min()
    }

    /// Step length after [`Stepper::expand`] to the full order, and `log2` of the relative size of the last term.
    pub fn length(&mut self) -> (Length<C::Num>, i64) {
        let p = self.stride - 1;
        let radius = self.radius(p);
        let mut longest = None;
        if let Some(aligned) = &mut self.aligned {
            aligned.radii = [radius, aligned.radii[0]];
            longest = aligned.longest;
        }
        let ctx = self.jet.context();
        let lg = |j: usize, k: usize| ctx.lg(self.coefficient(j, k));
        let moves = (0..self.dimension).any(|j| lg(j, 1).is_some());
        let straight = (0..self.dimension).all(|j| (2..=p).all(|k| lg(j, k).is_none()));
        if !moves {
            return (Length::Rest, i64::MIN);
        }
        if straight {
            return (Length::Straight, i64::MIN);
        }
        let Some(radius) = radius else { return (Length::Unbounded, i64::MIN) };
        let lg_free = radius - LG_E_SQUARED;
        let lg_h = longest.into_iter().fold(lg_free, i64::min);
        if self.lost_below_range(lg_h) {
            return (Length::Underflow, i64::MIN);
        }
        // Nothing moves: every component's whole change over the step that the radius allows is below its last digit.
        let below = i64::from(ctx.digits()) * LG_TEN;
        let at_rest = (0..self.dimension).all(|j| {
            let lg = |k: usize| ctx.lg(self.coefficient(j, k));
            match (lg(0), lg(1)) {
                (_, None) => true,
                (Some(x0), Some(x1)) => x1 + lg_free < x0 - below,
                (None, Some(_)) => false,
            }
        });
        if at_rest {
            return (Length::Rest, i64::MIN);
        }
        let last = (0..self.dimension)
            .filter_map(|j| {
                let xp = ctx.lg(self.coefficient(j, p))?;
                let scale = ctx.lg(self.coefficient(j, 0)).max(ctx.lg(self.coefficient(j, 1)).map(|x| x + lg_h))?;
                Some(xp + lg_h * i64::try_from(p).unwrap_or(i64::MAX) - scale)
            })
            .max()
            .unwrap_or(-below);
        (Length::Finite(short(ctx, lg_h)), last.max(-2 * below).min(64 * LG_ONE))
    }
}

#[cfg(test)]
mod tests;
