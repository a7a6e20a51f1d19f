//! A solved flow, readable on the clocks `s`, `t` (as `log t`) and `tau`.

use super::leaders::{HandOver, Leaders};
use super::log_clock::{LogClock, LogTime};
use super::system::{Layout, Watch, Watched, reading_tape};
use super::watcher::Watcher;
use crate::arith::{Context, Fault, Sign};
use crate::expr::{Jet, Tape};
use crate::ode::{self, Outcome, Run, Step};
use crate::sam::{Clock, Flow, Layers, Mode, Norm, Setting};
use rug::Rational;
use std::collections::HashMap;

/// How far to follow a flow.
#[derive(Clone, Debug, PartialEq)]
pub enum Horizon {
    /// Rescaled time.
    S(Rational),
    /// `log t`.
    LogT(Rational),
    /// `tau = log(1 + t)`, with the flow on the original clock.
    Tau(Rational),
    /// To the blow-up (`L >= 3`), until a step adds less than `10^-digits` of `s`.
    BlowUp { digits: u32 },
}

/// Steps allowed before a run is given up as [`Outcome::TooLong`].
const MAX_STEPS: usize = 200_000;

/// What a state shows.
#[derive(Clone, Debug)]
pub struct Observation<T> {
    /// `[l][j]`.
    pub layers: Vec<Vec<T>>,
    pub beta: Vec<T>,
    /// `<z_n, beta>` at `theta`.
    pub margins: Vec<T>,
}

/// A solved flow.
#[derive(Clone, Debug)]
pub struct Path<C: Context> {
    pub ctx: C,
    pub flow: Flow,
    pub run: Run<C, Mode>,
    /// How it ended, on the clock `s` (on `tau` for a flow on the original clock).
    pub outcome: Outcome<C::Num>,
    /// `None` at a tie to all orders.
    pub first_leader: Option<usize>,
    pub hand_overs: Vec<HandOver<C::Num>>,
    pub leaders_undecided: bool,
    readers: HashMap<usize, (Jet<C>, Layout)>,
    pub(super) clock: LogClock<C>,
    /// Given up for [`Clock::Log`].
    creeps: bool,
}

impl<C: Context> Path<C> {
    /// Follows the flow of `setting` from `start`.
    pub fn solve(ctx: &C, setting: &Setting, start: &Layers, horizon: &Horizon, watch: Watch) -> Path<C> {
        let clock = match horizon {
            Horizon::Tau(_) => Clock::LogTime,
            // The plain clock is the cheaper one, as long as no blow-up comes before the horizon.
            Horizon::S(_) => Clock::Rescaled,
            _ if setting.depth >= 3 => Clock::Deep,
            _ => Clock::Rescaled,
        };
        let mut path = Path::solve_on(ctx, setting, start, horizon, clock, true, watch);
        while let Some(clock) = path.better_clock() {
            path = Path::solve_on(ctx, setting, start, horizon, clock, false, watch);
        }
        path
    }

    /// The clock on which the flow is to be followed again, from what this one met.
    fn better_clock(&self) -> Option<Clock> {
        let setting = &self.flow.setting;
        match (self.flow.clock, &self.outcome) {
            _ if self.creeps => Some(Clock::Log),
            (Clock::Rescaled | Clock::Log, Outcome::BlowUp { .. }) if setting.depth >= 3 => Some(Clock::Deep),
            // 2-SAM at depth 2 may collapse: the norm of its gradient reaches zero at a finite `s`.
            (Clock::Rescaled, Outcome::Collapse { .. })
                if setting.depth == 2 && setting.norm == Norm::L2 && !setting.rho.is_zero() =>
            {
                Some(Clock::Normed)
            }
            // Nothing moves any more: the plain clock tells how long, and comes there as well.
            (Clock::Log, Outcome::Equilibrium { .. }) => Some(Clock::Rescaled),
            _ => None,
        }
    }

    /// `may_creep`: whether to stop where [`Clock::Log`] would go further in a step.
    fn solve_on(
        ctx: &C,
        setting: &Setting,
        start: &Layers,
        horizon: &Horizon,
        clock: Clock,
        may_creep: bool,
        watch: Watch,
    ) -> Path<C> {
        let flow = Flow::new(setting, start, clock);
        // On `tau` the clock is the variable itself.
        let reads_time = (watch.clock || matches!(horizon, Horizon::LogT(_))) && clock != Clock::LogTime;
        let watch = Watch { clock: reads_time, ..watch };
        let system = Watched { flow: &flow, watch };
        let zero = Rational::new();
        let limit = ctx.rational(match horizon {
            Horizon::S(q) | Horizon::LogT(q) | Horizon::Tau(q) => q,
            Horizon::BlowUp { .. } => &zero,
        });
        let exact_end = matches!((horizon, clock), (Horizon::S(_), Clock::Rescaled) | (Horizon::Tau(_), _));
        let mut watcher = Watcher {
            ctx: ctx.clone(),
            leaders: watch.leaders.then(|| Leaders::new(ctx, setting.dimension())),
            clock_from: system.clock_from(),
            s_component: clock.carries_s().then(|| flow.states()),
            horizon: horizon.clone(),
            limit: limit.clone(),
            gathered: ctx.zero(),
            clock,
            may_collapse: clock == Clock::Rescaled && setting.norm == Norm::L2 && setting.depth == 2,
            may_creep: may_creep && setting.depth >= 3 && clock != Clock::LogTime,
            ends: false,
            creeps: false,
        };
        let run = ode::integrate(
            ctx,
            &system,
            flow.first_mode(),
            flow.start(ctx),
            exact_end.then_some(&limit),
            MAX_STEPS,
            &mut watcher,
        );
        let mut path = Path {
            ctx: ctx.clone(),
            outcome: run.outcome.clone(),
            run,
            creeps: watcher.creeps,
            first_leader: watcher.leaders.as_ref().and_then(|l| l.first),
            leaders_undecided: watcher.leaders.as_ref().is_some_and(|l| l.undecided),
            hand_overs: watcher.leaders.map(|l| l.hand_overs).unwrap_or_default(),
            readers: HashMap::new(),
            clock: LogClock::new(ctx),
            flow,
        };
        path.outcome = path.outcome_in_s(watcher.ends);
        if matches!(path.outcome, Outcome::Equilibrium { .. }) {
            path.rest_until(horizon, &limit);
        }
        path
    }

    /// The outcome with its place on the clock `s`.
    fn outcome_in_s(&self, ends: bool) -> Outcome<C::Num> {
        let at = |x: &C::Num| self.s_of_x(x).unwrap_or_else(|| x.clone());
        let end = || self.run.trajectory.end().and_then(|x| self.s_of_x(&x)).unwrap_or_else(|| self.ctx.zero());
        match &self.run.outcome {
            Outcome::Stopped if ends && self.flow.clock != Clock::Normed && self.flow.setting.depth >= 3 => {
                Outcome::BlowUp { x: end() }
            }
            Outcome::Stopped if ends => Outcome::Collapse { x: end() },
            Outcome::Stopped => Outcome::Reached,
            Outcome::BlowUp { x } => Outcome::BlowUp { x: at(x) },
            Outcome::Collapse { x } => Outcome::Collapse { x: at(x) },
            Outcome::Equilibrium { x } => Outcome::Equilibrium { x: at(x) },
            Outcome::SlidesOnSeveral { x } => Outcome::SlidesOnSeveral { x: at(x) },
            other => other.clone(),
        }
    }

    /// A state at rest stays: lays one constant step as far as the horizon asks.
    fn rest_until(&mut self, horizon: &Horizon, limit: &C::Num) {
        let ctx = self.ctx.clone();
        let trajectory = &mut self.run.trajectory;
        let (start, state) = match trajectory.end() {
            Some(x) => {
                let i = trajectory.steps.len() - 1;
                (x, trajectory.state_in(i, &trajectory.steps[i].length))
            }
            None => (ctx.zero(), self.flow.start(&ctx)),
        };
        let mode = self.run.modes.len() - 1;
        // On the clock `s` the state runs on for `limit` (for `e^limit`, on `log t`: t >= s); the deep clock advances
        // at the rate it has there.
        let mut length = limit.clone();
        if let Horizon::LogT(_) = horizon
            && ctx.exp(&mut length, limit).is_err()
        {
            return;
        }
        let mut coefficients = vec![ctx.zero(); self.flow.dimension() * trajectory.stride];
        for (j, x) in state.iter().enumerate() {
            ctx.set(&mut coefficients[j * trajectory.stride], x);
        }
        if self.flow.clock.carries_s() {
            let f = self.flow.formulas(&self.run.modes[mode]);
            let tape = std::sync::Arc::new(Tape::new(&f.graph, &f.rates));
            let mut jet = Jet::new(&ctx, tape, self.flow.dimension(), 0);
            if jet.evaluate(&state).is_err() {
                return;
            }
            let rate = jet.value(self.flow.states()).clone();
            ctx.set(&mut coefficients[self.flow.states() * trajectory.stride + 1], &rate);
            let asked = length.clone();
            ctx.div(&mut length, &asked, &rate);
        }
        if ctx.sign(&length) == Sign::Positive {
            trajectory.steps.push(Step { start, length, coefficients, mode });
        }
    }

    /// The rescaled time at `x` (`tau` itself for a flow on the original clock).
    pub fn s_of_x(&self, x: &C::Num) -> Option<C::Num> {
        match self.flow.clock {
            Clock::Rescaled | Clock::LogTime => Some(x.clone()),
            Clock::Deep | Clock::Normed | Clock::Log => {
                if self.run.trajectory.steps.is_empty() {
                    return Some(self.ctx.zero());
                }
                self.run.trajectory.state(x).map(|(_, state)| state[self.flow.states()].clone())
            }
        }
    }

    /// `log t` at `x`; `None` at `t = 0`.
    ///
    /// # Errors
    /// The range loss of the arithmetic.
    pub fn log_t(&mut self, x: &C::Num) -> Result<Option<LogTime<C::Num>>, Fault> {
        let Some(i) = self.run.trajectory.locate(x) else { return Ok(None) };
        let Some(s) = self.s_of_x(x) else { return Ok(None) };
        let mut v = self.ctx.zero();
        self.ctx.sub(&mut v, x, &self.run.trajectory.steps[i].start);
        if self.ctx.sign(&v) == Sign::Zero && i > 0 {
            let before = self.run.trajectory.steps[i - 1].length.clone();
            return self.clock.log_t(&self.flow, &self.run, i - 1, &before, &s);
        }
        self.clock.log_t(&self.flow, &self.run, i, &v, &s)
    }

    /// Everything a state shows at `x`; `None` outside the path.
    ///
    /// # Errors
    /// The range loss of the arithmetic.
    pub fn observe(&mut self, x: &C::Num) -> Result<Option<Observation<C::Num>>, Fault> {
        let (mode, state) = match self.run.trajectory.state(x) {
            Some((i, state)) => (self.run.trajectory.steps[i].mode, state),
            // A path that could not take its first step still has its start.
            None if self.ctx.sign(x) == Sign::Zero => (0, self.flow.start(&self.ctx)),
            None => return Ok(None),
        };
        let (d, depth) = (self.flow.setting.dimension(), self.flow.setting.depth);
        let n = self.flow.setting.samples();
        let (jet, layout) = self.readers.entry(mode).or_insert_with(|| {
            let (tape, layout) = reading_tape(&self.flow, &self.run.modes[mode]);
            (Jet::new(&self.ctx, tape, self.flow.dimension(), 0), layout)
        });
        jet.evaluate(&state)?;
        let read = |o: usize| jet.value(o).clone();
        Ok(Some(Observation {
            layers: (0..depth).map(|l| (0..d).map(|j| read(layout.layers + l * d + j)).collect()).collect(),
            beta: (0..d).map(|j| read(layout.beta + j)).collect(),
            margins: (0..n).map(|k| read(layout.margins + k)).collect(),
        }))
    }

    /// The time left from `x` to the end of the path, summed without cancellation (`L >= 3`: `T* - s` after
    /// [`Horizon::BlowUp`]).
    pub fn remaining(&self, x: &C::Num) -> Option<C::Num> {
        let ctx = &self.ctx;
        let trajectory = &self.run.trajectory;
        let first = trajectory.locate(x)?;
        let c = self.flow.states();
        let (mut sum, mut t, mut v) = (ctx.zero(), ctx.zero(), ctx.zero());
        for step in trajectory.steps[first + 1..].iter().rev() {
            let mut series = trajectory.component(step, c).to_vec();
            series[0] = ctx.zero();
            ctx.add(&mut t, &sum, &ode::horner(ctx, &series, &step.length));
            std::mem::swap(&mut sum, &mut t);
        }
        let step = &trajectory.steps[first];
        ctx.sub(&mut v, x, &step.start);
        let mut series = ode::shift(ctx, trajectory.component(step, c), &v);
        series[0] = ctx.zero();
        ctx.sub(&mut t, &step.length, &v);
        let left = ode::horner(ctx, &series, &t);
        ctx.add(&mut t, &sum, &left);
        Some(t)
    }
}
