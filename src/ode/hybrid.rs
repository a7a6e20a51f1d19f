//! The driver: Taylor steps inside a mode, exact stops on switching surfaces, Filippov's rule for what follows.

use super::modes::{Boundary, Formula, Modes};
use super::roots::{Root, first_root};
use super::stepper::{Length, Stepper, order_for};
use super::trajectory::{Step, Trajectory};
use super::{LG_TEN, Outcome};
use crate::arith::{Context, LG_ONE, Sign, Tri};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransitionKind {
    Crosses,
    Slides,
    Leaves,
}

/// A change of mode at `x`.
#[derive(Clone, Debug)]
pub struct Transition<T> {
    pub x: T,
    pub label: u32,
    pub kind: TransitionKind,
}

/// What an observer answers to a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    Go,
    Stop,
}

/// A step just taken, with the Taylor coefficients of the watched quantities.
pub struct StepView<'a, C: Context> {
    pub trajectory: &'a Trajectory<C>,
    stepper: &'a Stepper<C>,
    watch_from: usize,
}

impl<C: Context> StepView<'_, C> {
    pub fn step(&self) -> Option<&Step<C::Num>> {
        self.trajectory.steps.last()
    }
    /// Coefficients of watched quantity `i` at the start of the step.
    pub fn watch(&self, i: usize) -> &[C::Num] {
        self.stepper.jet.output(self.watch_from + i)
    }
}

/// Follows an integration step by step: records events, decides when to stop.
pub trait Observer<C: Context> {
    fn step(&mut self, view: &StepView<C>) -> Signal;
}

/// The observer that only waits.
impl<C: Context> Observer<C> for () {
    fn step(&mut self, _: &StepView<C>) -> Signal {
        Signal::Go
    }
}

/// A finished integration.
#[derive(Clone, Debug)]
pub struct Run<C: Context, M> {
    pub trajectory: Trajectory<C>,
    pub outcome: Outcome<C::Num>,
    /// The modes passed through, in order.
    pub modes: Vec<M>,
    pub transitions: Vec<Transition<C::Num>>,
    /// `log2` of the largest relative size of a last Taylor term, in units of `LG_ONE`.
    pub truncation_lg: i64,
}

enum Verdict {
    Minus,
    Plus,
    Slide,
    Repels,
}

struct Driver<'a, C: Context, S: Modes> {
    ctx: &'a C,
    system: &'a S,
    order: usize,
    run: Run<C, S::Mode>,
    x: C::Num,
    state: Vec<C::Num>,
    formula: Formula,
    stepper: Stepper<C>,
    /// Surfaces the state lies on by construction, and how many times their switching functions are known to vanish at
    /// the start of the step: twice where the path has just stopped sliding, for it leaves a surface along it.
    on: Vec<(u32, usize)>,
}

fn stepper_of<C: Context>(ctx: &C, formula: &Formula, order: usize) -> Stepper<C> {
    Stepper::new(ctx, formula.tape.clone(), formula.dimension, order).watching(formula.dimension)
}

/// Integrates from `state` at `x = 0` until `horizon` (for ever without one), the observer's stop, or an [`Outcome`].
pub fn integrate<C: Context, S: Modes>(
    ctx: &C,
    system: &S,
    start: S::Mode,
    state: Vec<C::Num>,
    horizon: Option<&C::Num>,
    max_steps: usize,
    observer: &mut impl Observer<C>,
) -> Run<C, S::Mode> {
    let order = order_for(ctx.digits());
    let formula = system.formula(&start);
    let stepper = stepper_of(ctx, &formula, order);
    let run = Run {
        trajectory: Trajectory::new(ctx, formula.dimension, order),
        outcome: Outcome::Reached,
        modes: vec![start],
        transitions: Vec::new(),
        truncation_lg: i64::MIN,
    };
    let mut driver = Driver { ctx, system, order, run, x: ctx.zero(), state, formula, stepper, on: Vec::new() };
    driver.run.outcome = driver.follow(horizon, max_steps, observer);
    driver.run
}

impl<C: Context, S: Modes> Driver<'_, C, S> {
    fn follow(
        &mut self,
        horizon: Option<&C::Num>,
        max_steps: usize,
        observer: &mut impl Observer<C>,
    ) -> Outcome<C::Num> {
        let mut still = 0;
        while self.run.trajectory.steps.len() < max_steps {
            if let Err(end) = self.settle() {
                return end;
            }
            if let Err(fault) = self.stepper.expand(&self.state, self.order) {
                return Outcome::Lost { x: self.x.clone(), fault };
            }
            if self.at_rest() {
                return Outcome::Equilibrium { x: self.x.clone() };
            }
            let (mut length, last) = match self.length(horizon) {
                Ok(found) => found,
                Err(end) => return end,
            };
            self.run.truncation_lg = self.run.truncation_lg.max(last);
            let mut reached = false;
            if let Some(end) = horizon {
                let mut left = self.ctx.zero();
                self.ctx.sub(&mut left, end, &self.x);
                if self.ctx.lt(&length, &left) != Tri::True {
                    length = left;
                    reached = true;
                }
            }
            let hit = match self.first_boundary(&length) {
                Ok(hit) => hit,
                Err(()) => return Outcome::Stalled { x: self.x.clone() },
            };
            if let Some((_, v)) = &hit {
                self.ctx.set(&mut length, v);
                reached = false;
            }
            self.advance(length);
            let view = StepView {
                trajectory: &self.run.trajectory,
                stepper: &self.stepper,
                watch_from: self.formula.dimension + self.formula.boundaries.len(),
            };
            if observer.step(&view) == Signal::Stop {
                return Outcome::Stopped;
            }
            if reached {
                return Outcome::Reached;
            }
            self.on.clear();
            if let Some((i, _)) = hit {
                if let Err(end) = self.transit(i) {
                    return end;
                }
                still += 1;
            } else {
                still = 0;
            }
            if still > 8 * (self.formula.dimension + 1) {
                return Outcome::Stalled { x: self.x.clone() };
            }
        }
        Outcome::TooLong { x: self.x.clone() }
    }

    /// The components other than the clocks do not move at all.
    fn at_rest(&self) -> bool {
        let moving = self.formula.dimension - self.formula.clocks;
        let stride = self.order + 1;
        let c = self.stepper.coefficients();
        moving > 0
            && (0..moving).all(|j| c[j * stride + 1..(j + 1) * stride].iter().all(|a| self.ctx.sign(a) == Sign::Zero))
    }

    /// The step length the series allows, or the outcome it announces.
    fn length(&mut self, horizon: Option<&C::Num>) -> Result<(C::Num, i64), Outcome<C::Num>> {
        let ctx = self.ctx;
        let (length, last) = self.stepper.length();
        let x = || self.x.clone();
        let length = match length {
            Length::Finite(h) => h,
            Length::Rest => return Err(Outcome::Equilibrium { x: x() }),
            Length::Underflow => return Err(Outcome::Lost { x: x(), fault: crate::arith::Fault::Underflow }),
            Length::Unbounded => return Err(Outcome::Stalled { x: x() }),
            Length::Straight => {
                // Any length is exact: all the way, or `255 x + 1`, which multiplies what has been covered by 256.
                let mut far = ctx.rational(&rug::Rational::from(1));
                ctx.mul_add(&mut far, &self.x, &ctx.rational(&rug::Rational::from(255)));
                return Ok((horizon.cloned().unwrap_or(far), last));
            }
        };
        let longest = self.formula.longest.map(|h| ctx.rational(&rug::Rational::from(h)));
        let length = longest.filter(|h| ctx.lt(h, &length) == Tri::True).unwrap_or(length);
        if let Some(fault) = ctx.fault(&length) {
            return Err(Outcome::Lost { x: x(), fault });
        }
        let digits = i64::from(ctx.digits()) * LG_TEN;
        if let (Some(h), Some(at)) = (ctx.lg(&length), ctx.lg(&self.x))
            && h < at - digits + 3 * LG_ONE
        {
            return Err(if self.grows() { Outcome::BlowUp { x: x() } } else { Outcome::Collapse { x: x() } });
        }
        Ok((length, last))
    }

    /// Whether the component that changes fastest, relative to its size, grows.
    fn grows(&self) -> bool {
        let stride = self.order + 1;
        let c = self.stepper.coefficients();
        let fastest = (0..self.formula.dimension - self.formula.clocks)
            .filter_map(|j| Some((self.ctx.lg(&c[j * stride + 1])? - self.ctx.lg(&c[j * stride])?, j)))
            .max();
        fastest.is_some_and(|(_, j)| self.ctx.sign(&c[j * stride]) == self.ctx.sign(&c[j * stride + 1]))
    }

    /// The boundary met first within `length`, and where.
    fn first_boundary(&self, length: &C::Num) -> Result<Option<(usize, C::Num)>, ()> {
        let mut best: Option<(usize, C::Num)> = None;
        for (i, boundary) in self.formula.boundaries.iter().enumerate() {
            let g = self.stepper.jet.output(self.formula.dimension + i);
            let range = best.as_ref().map_or(length, |(_, v)| v);
            let on = self.on.iter().find(|(label, _)| boundary.is_switch() && *label == boundary.label());
            match first_root(self.ctx, g, range, on.map_or(0, |(_, zeros)| *zeros)) {
                Root::None => {}
                Root::At(v) => best = Some((i, v)),
                Root::Undecided => return Err(()),
            }
        }
        Ok(best)
    }

    /// Records the step of this length and moves to its end.
    fn advance(&mut self, length: C::Num) {
        let step = Step {
            start: self.x.clone(),
            length,
            coefficients: self.stepper.coefficients().to_vec(),
            mode: self.run.modes.len() - 1,
        };
        self.x = self.run.trajectory.end_of(&step);
        self.run.trajectory.steps.push(step);
        let i = self.run.trajectory.steps.len() - 1;
        self.state = self.run.trajectory.state_in(i, &self.run.trajectory.steps[i].length);
    }

    fn enter(&mut self, mode: S::Mode, label: u32, kind: TransitionKind, zeros: usize) {
        self.formula = self.system.formula(&mode);
        self.stepper = stepper_of(self.ctx, &self.formula, self.order);
        self.run.modes.push(mode);
        self.run.transitions.push(Transition { x: self.x.clone(), label, kind });
        self.on.push((label, zeros));
    }

    /// Resolves every boundary on which (or, by rounding, beyond which) the state already lies.
    fn settle(&mut self) -> Result<(), Outcome<C::Num>> {
        let from = self.formula.dimension;
        for _ in 0..4 * (self.formula.boundaries.len() + 1) {
            if self.formula.boundaries.is_empty() {
                return Ok(());
            }
            if let Err(fault) = self.stepper.expand(&self.state, 0) {
                return Err(Outcome::Lost { x: self.x.clone(), fault });
            }
            let wrong = self.formula.boundaries.iter().enumerate().position(|(i, b)| {
                let sign = self.ctx.sign(&self.stepper.jet.output(from + i)[0]);
                match b {
                    Boundary::Switch { label, .. } if self.on.iter().any(|(on, _)| on == label) => false,
                    Boundary::Switch { side, .. } => sign != *side,
                    Boundary::Exit { .. } => sign == Sign::Negative,
                }
            });
            match wrong {
                None => return Ok(()),
                Some(i) => self.transit(i)?,
            }
        }
        Err(Outcome::Stalled { x: self.x.clone() })
    }

    /// Changes mode at boundary `i`, on which the state lies.
    fn transit(&mut self, i: usize) -> Result<(), Outcome<C::Num>> {
        let mode = self.run.modes[self.run.modes.len() - 1].clone();
        let label = self.formula.boundaries[i].label();
        let (to, kind) = match self.formula.boundaries[i].clone() {
            Boundary::Exit { to, .. } => {
                self.enter(self.system.side(&mode, label, to), label, TransitionKind::Leaves, 2);
                return Ok(());
            }
            Boundary::Switch { side, snap, .. } => {
                for j in snap {
                    self.state[j] = self.ctx.zero();
                }
                let minus = self.system.side(&mode, label, Sign::Negative);
                let plus = self.system.side(&mode, label, Sign::Positive);
                let kind = |to: Sign| if to == side { TransitionKind::Leaves } else { TransitionKind::Crosses };
                match self.filippov(label, &minus, &plus)? {
                    Verdict::Minus => (minus, kind(Sign::Negative)),
                    Verdict::Plus => (plus, kind(Sign::Positive)),
                    Verdict::Slide => match self.system.slide(&mode, label) {
                        Some(mode) => (mode, TransitionKind::Slides),
                        None => return Err(Outcome::SlidesOnSeveral { x: self.x.clone() }),
                    },
                    Verdict::Repels => return Err(Outcome::NotUnique { x: self.x.clone() }),
                }
            }
        };
        self.enter(to, label, kind, 1);
        Ok(())
    }

    /// Filippov's test: where the two fields point, seen from the surface.
    fn filippov(&self, label: u32, minus: &S::Mode, plus: &S::Mode) -> Result<Verdict, Outcome<C::Num>> {
        let speed = |mode: &S::Mode| -> Result<Sign, Outcome<C::Num>> {
            let formula = self.system.formula(mode);
            let mut probe = Stepper::new(self.ctx, formula.tape.clone(), formula.dimension, 1);
            let lost = |fault| Outcome::Lost { x: self.x.clone(), fault };
            probe.expand(&self.state, 1).map_err(lost)?;
            let i = formula.boundaries.iter().position(|b| b.label() == label);
            Ok(i.map_or(Sign::Zero, |i| self.ctx.sign(&probe.jet.output(formula.dimension + i)[1])))
        };
        Ok(match (speed(minus)?, speed(plus)?) {
            (Sign::Positive, Sign::Positive) | (Sign::Zero, Sign::Positive) => Verdict::Plus,
            (Sign::Negative, Sign::Negative) | (Sign::Negative, Sign::Zero) => Verdict::Minus,
            (Sign::Negative, Sign::Positive) => Verdict::Repels,
            _ => Verdict::Slide,
        })
    }
}
