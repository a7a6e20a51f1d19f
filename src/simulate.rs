//! `samcheck simulate`: an experiment file to rows and events, every number with the digits two runs agree on.

use crate::arith::{Context, Mpfr, text};
use crate::config::{Clock, Experiment, RunSpec};
use crate::ode::{Outcome, TransitionKind};
use crate::report::simulate::{Event, EventKind, Row, Simulation};
use crate::run::{Horizon, Path, Stats, Watch, describe, leader_of, log_loss_of_margin};
use crate::sam::{Algorithm, Surface};
use rug::{Float, Integer, Rational};

/// A row of numbers before they are printed.
#[derive(Clone, Debug, Default)]
struct RawRow {
    s: Option<Float>,
    log_t: Option<Float>,
    layers: Vec<Vec<Float>>,
    beta: Vec<Float>,
    leader: Option<usize>,
    margins: Vec<Float>,
    log_loss: Option<Float>,
}

#[derive(Clone, Debug)]
struct RawEvent {
    kind: EventKind,
    coordinate: Option<usize>,
    from: Option<usize>,
    to: Option<usize>,
    s: Option<Float>,
    log_t: Option<Float>,
}

struct RawRun {
    /// One entry a requested row; `None` where the run does not get there.
    rows: Vec<Option<RawRow>>,
    events: Vec<RawEvent>,
    outcome: String,
    /// `None` for the algorithm.
    stats: Option<Stats>,
}

/// Extra digits of the two runs, as for a verdict.
const EXTRA: [u32; 2] = [15, 30];
/// `log t` up to which `t` itself is printed: beyond, MPFR's exponent ends.
const LOG_T_MAX: u32 = 700_000_000;

/// Runs an experiment at two precisions and prints what they agree on; up to four times the digits of both grow by half
/// when the rows have lost digits that were asked for.
pub fn simulate(experiment: &Experiment) -> Simulation {
    simulate_with_stats(experiment).0
}

/// [`simulate`], and what the last two runs took (nothing for the algorithm).
pub fn simulate_with_stats(experiment: &Experiment) -> (Simulation, Vec<Stats>) {
    let asked = experiment.digits;
    let mut extra = EXTRA;
    for attempt in 0.. {
        let (high, low) = rayon::join(|| run(experiment, asked + extra[1]), || run(experiment, asked + extra[0]));
        let printed = compare(experiment, &high, &low);
        if printed.full || attempt == 4 {
            let simulation = Simulation::new(experiment, printed.rows, printed.events, printed.outcome);
            return (simulation, low.stats.into_iter().chain(high.stats).collect());
        }
        extra = extra.map(|e| e + (asked + e) / 2);
    }
    (Simulation::new(experiment, Vec::new(), Vec::new(), "not run".into()), Vec::new())
}

fn run(experiment: &Experiment, digits: u32) -> RawRun {
    let ctx = Mpfr::with_digits(digits);
    match &experiment.run {
        RunSpec::Flow { clock, until, at } => flow(experiment, &ctx, *clock, until, at),
        RunSpec::Algorithm { eta, at, .. } => algorithm(experiment, &ctx, eta, at),
    }
}

/// `log` of an exact positive time; `None` for 0.
fn log_of(ctx: &Mpfr, t: &Rational) -> Option<Float> {
    (*t > 0).then(|| Float::with_val(ctx.bits(), t).ln())
}

fn flow(experiment: &Experiment, ctx: &Mpfr, clock: Clock, until: &Rational, at: &[Rational]) -> RawRun {
    let horizon = match clock {
        Clock::S => Horizon::S(until.clone()),
        Clock::LogT => Horizon::LogT(until.clone()),
        // log t is the clock that is integrated; a rational just above it is as good an end.
        Clock::T => match log_of(ctx, until).and_then(|l| (l + 1u32).ceil().to_integer()) {
            Some(l) => Horizon::LogT(Rational::from(l)),
            None => Horizon::S(Rational::new()),
        },
    };
    let watch = Watch { leaders: true, clock: true };
    let mut path = Path::solve(ctx, &experiment.setting, &experiment.start, &horizon, watch);
    let mut outcome = describe(ctx, &path.outcome, "s");
    let end = place(&mut path, clock, until).ok().flatten();
    if ends_before(&path, end.as_ref()) {
        "reached".clone_into(&mut outcome);
    }
    if path.leaders_undecided {
        outcome.push_str("; a hand-over could not be told from a touch at these digits");
    }
    let rows = at
        .iter()
        .map(|at| match read(&mut path, clock, at) {
            Ok(row) => row,
            Err(fault) => {
                outcome = format!("lost: {fault}");
                None
            }
        })
        .collect();
    RawRun { rows, events: events(&mut path, end.as_ref()), outcome, stats: Some(path.stats(watch)) }
}

/// The path's own variable at a place on the asked clock.
fn place(path: &mut Path<Mpfr>, clock: Clock, at: &Rational) -> Result<Option<Float>, crate::arith::Fault> {
    let ctx = path.ctx;
    match clock {
        Clock::S => Ok(path.x_of_s(&ctx.rational(at))),
        Clock::LogT => path.x_of_log_t(&ctx.rational(at)),
        Clock::T => match log_of(&ctx, at) {
            None => Ok(Some(ctx.zero())),
            Some(log_t) => path.x_of_log_t(&log_t),
        },
    }
}

/// Whether the end asked lies on the path, before whatever the path itself ended in.
fn ends_before(path: &Path<Mpfr>, until: Option<&Float>) -> bool {
    let (Outcome::BlowUp { x: end }
    | Outcome::Collapse { x: end }
    | Outcome::Equilibrium { x: end }
    | Outcome::SlidesOnSeveral { x: end }) = path.outcome.clone()
    else {
        return false;
    };
    until.and_then(|x| path.s_of_x(x)).is_some_and(|s| s < end)
}

fn read(path: &mut Path<Mpfr>, clock: Clock, at: &Rational) -> Result<Option<RawRow>, crate::arith::Fault> {
    let ctx = path.ctx;
    let x = place(path, clock, at)?;
    let Some(x) = x else { return Ok(None) };
    let Some(seen) = path.observe(&x)? else { return Ok(None) };
    let log_t = path.log_t(&x)?.map(|lt| Float::with_val(ctx.bits(), &lt.z + &lt.rest));
    // On its own clock a row stands exactly where it was asked.
    let exact = ctx.rational(at);
    let (s, log_t) = match clock {
        Clock::S => (Some(exact), log_t),
        Clock::LogT => (path.s_of_x(&x), Some(exact)),
        Clock::T => (path.s_of_x(&x), log_of(&ctx, at)),
    };
    Ok(Some(RawRow {
        s,
        log_t: if x.is_zero() { None } else { log_t },
        leader: leader_of(&ctx, &seen.beta).map(|j| j + 1),
        log_loss: Some(log_loss(&ctx, &seen.margins)),
        layers: seen.layers,
        beta: seen.beta,
        margins: seen.margins,
    }))
}

/// `log((1/N) sum_n log(1 + e^-m_n))`.
fn log_loss(ctx: &Mpfr, margins: &[Float]) -> Float {
    let logs: Vec<Float> = margins.iter().map(|m| log_loss_of_margin(ctx, m)).collect();
    let Some(top) = logs.iter().max_by(|a, b| a.total_cmp(b)) else { return ctx.zero() };
    let mut sum = ctx.zero();
    for l in &logs {
        sum += Float::with_val(ctx.bits(), l - top).exp();
    }
    (sum / u32::try_from(logs.len()).unwrap_or(1)).ln() + top
}

/// Events up to the last row's place, in the order of the path.
fn events(path: &mut Path<Mpfr>, end: Option<&Float>) -> Vec<RawEvent> {
    let ctx = path.ctx;
    type Found = (Float, EventKind, Option<usize>, Option<(usize, usize)>);
    let mut found: Vec<Found> = Vec::new();
    for h in &path.hand_overs {
        found.push((h.x.clone(), EventKind::HandOver, None, Some((h.from + 1, h.to + 1))));
    }
    for t in &path.run.transitions {
        let (coordinates, weight) = match path.flow.surface(t.label) {
            Surface::Weight(c) => (path.flow.coordinates_of(c), true),
            Surface::Ascent(j) => (vec![j], false),
        };
        for j in coordinates {
            if weight {
                found.push((t.x.clone(), EventKind::HitsZero, Some(j + 1), None));
            }
            if t.kind == TransitionKind::Slides {
                found.push((t.x.clone(), EventKind::Slides, Some(j + 1), None));
            }
        }
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut out: Vec<RawEvent> = found
        .into_iter()
        .filter(|(x, ..)| end.is_none_or(|end| x <= end))
        .map(|(x, kind, coordinate, pair)| RawEvent {
            kind,
            coordinate,
            from: pair.map(|p| p.0),
            to: pair.map(|p| p.1),
            s: path.s_of_x(&x),
            log_t: path.log_t(&x).ok().flatten().map(|lt| Float::with_val(ctx.bits(), &lt.z + &lt.rest)),
        })
        .collect();
    let last = match path.outcome.clone() {
        _ if ends_before(path, end) => None,
        Outcome::BlowUp { x } => Some((EventKind::BlowUp, x)),
        Outcome::Collapse { x } => Some((EventKind::Collapse, x)),
        _ => None,
    };
    if let Some((kind, s)) = last {
        // A blow-up is t = infinity: it has no log t.
        let log_t = match (kind, path.run.trajectory.end()) {
            (EventKind::Collapse, Some(x)) => {
                path.log_t(&x).ok().flatten().map(|lt| Float::with_val(ctx.bits(), &lt.z + &lt.rest))
            }
            _ => None,
        };
        out.push(RawEvent { kind, coordinate: None, from: None, to: None, s: Some(s.clone()), log_t });
    }
    out
}

fn algorithm(experiment: &Experiment, ctx: &Mpfr, eta: &Rational, at: &[u64]) -> RawRun {
    let mut sam = Algorithm::new(ctx, &experiment.setting, &experiment.start, eta);
    let (d, depth) = (experiment.setting.dimension(), experiment.setting.depth);
    let mut rows = Vec::new();
    let mut done = 0u64;
    let mut outcome = "reached".to_owned();
    for &k in at {
        while done < k {
            if let Err(fault) = sam.step() {
                outcome = format!("lost at step {done}: {fault}");
                rows.resize(at.len(), None);
                return RawRun { rows, events: Vec::new(), outcome, stats: None };
            }
            done += 1;
        }
        let Ok((beta, margins)) = sam.read() else {
            rows.push(None);
            continue;
        };
        rows.push(Some(RawRow {
            s: None,
            log_t: log_of(ctx, &(Rational::from(Integer::from(k)) * eta)),
            layers: (0..depth).map(|l| sam.weights[l * d..(l + 1) * d].to_vec()).collect(),
            leader: leader_of(ctx, &beta).map(|j| j + 1),
            log_loss: Some(log_loss(ctx, &margins)),
            beta,
            margins,
        }));
    }
    RawRun { rows, events: Vec::new(), outcome, stats: None }
}

struct Printed {
    rows: Vec<Row>,
    events: Vec<Event>,
    outcome: String,
    /// Every number has the digits asked.
    full: bool,
}

/// Prints numbers as far as two runs agree.
struct Printer {
    asked: u32,
    full: bool,
    /// Largest relative error met since the last [`Printer::take_error`].
    worst: Float,
}

impl Printer {
    /// Decimal text of `a` with the digits on which `b` agrees (one in hand), at most those asked.
    fn number(&mut self, a: &Float, b: &Float) -> String {
        let bits = a.prec().max(b.prec());
        let gap = Float::with_val(64, Float::with_val(bits, a - b).abs());
        if gap.is_zero() {
            return text::decimal(a, self.asked as usize);
        }
        let relative = Float::with_val(64, &gap / Float::with_val(64, a.abs_ref()));
        // `relative` is infinite where `a` is exactly zero and `b` is not.
        let sure =
            (-Float::with_val(64, relative.log10_ref())).floor().to_i32_saturating().unwrap_or(0).saturating_sub(1);
        let sure = u32::try_from(sure.max(0)).unwrap_or(0);
        if sure < self.asked {
            self.full = false;
        }
        // A number that is zero as far as the runs can tell is printed as 0 and has no relative error.
        if sure > 0 && relative > self.worst {
            self.worst = relative;
        }
        match sure.min(self.asked) {
            0 => "0".into(),
            n => text::decimal(a, n as usize),
        }
    }

    fn optional(&mut self, a: Option<&Float>, b: Option<&Float>) -> Option<String> {
        Some(self.number(a?, b?))
    }

    fn all(&mut self, a: &[Float], b: &[Float]) -> Vec<String> {
        a.iter().zip(b).map(|(a, b)| self.number(a, b)).collect()
    }

    fn take_error(&mut self) -> String {
        // Ten times the difference of the runs: the bound printed beside the row; at least the last digit printed.
        let floor = Float::with_val(64, Float::u_pow_u(10, self.asked)).recip();
        let worst = std::mem::replace(&mut self.worst, Float::new(64)) * 10u32;
        text::decimal(if worst > floor { &worst } else { &floor }, 2)
    }
}

fn compare(experiment: &Experiment, high: &RawRun, low: &RawRun) -> Printed {
    let mut p = Printer { asked: experiment.digits, full: true, worst: Float::new(64) };
    let at: Vec<String> = match &experiment.run {
        RunSpec::Flow { at, .. } => at.iter().map(|q| text::decimal_rational(q, experiment.digits as usize)).collect(),
        RunSpec::Algorithm { at, .. } => at.iter().map(u64::to_string).collect(),
    };
    let mut rows = Vec::new();
    for ((at, a), b) in at.into_iter().zip(&high.rows).zip(&low.rows) {
        let (Some(a), Some(b)) = (a, b) else { continue };
        let t = |row: &RawRow| {
            row.log_t.as_ref().filter(|l| **l < LOG_T_MAX).map(|l| Float::with_val(l.prec(), l.exp_ref()))
        };
        let (ta, tb) = (t(a), t(b));
        let mut row = Row {
            at,
            s: p.optional(a.s.as_ref(), b.s.as_ref()),
            log_t: p.optional(a.log_t.as_ref(), b.log_t.as_ref()),
            layers: a.layers.iter().zip(&b.layers).map(|(a, b)| p.all(a, b)).collect(),
            beta: p.all(&a.beta, &b.beta),
            leader: a.leader.filter(|_| a.leader == b.leader),
            margins: p.all(&a.margins, &b.margins),
            log_loss: p.optional(a.log_loss.as_ref(), b.log_loss.as_ref()),
            t: None,
            err: None,
        };
        row.err = Some(p.take_error());
        // t = e^(log t) loses the digits of the integer part of log t: it has its own, and no say in the refinement.
        let full = p.full;
        row.t = if a.log_t.is_none() { Some("0".into()) } else { p.optional(ta.as_ref(), tb.as_ref()) };
        p.full = full;
        p.worst = Float::new(64);
        rows.push(row);
    }
    let same =
        |(a, b): (&RawEvent, &RawEvent)| (a.kind, a.coordinate, a.from, a.to) == (b.kind, b.coordinate, b.from, b.to);
    let agree = high.events.len() == low.events.len() && high.events.iter().zip(&low.events).all(same);
    let events = high
        .events
        .iter()
        .zip(&low.events)
        .map(|(a, b)| Event {
            kind: a.kind,
            coordinate: a.coordinate,
            from: a.from,
            to: a.to,
            s: p.optional(a.s.as_ref(), b.s.as_ref()),
            log_t: p.optional(a.log_t.as_ref(), b.log_t.as_ref()),
        })
        .collect();
    let outcome =
        if agree { high.outcome.clone() } else { format!("{} (the two runs disagree on the events)", high.outcome) };
    Printed { rows, events, outcome, full: p.full && agree }
}
