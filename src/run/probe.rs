//! Questions to a flow, answered in any arithmetic: what the theorems read off a run.

use super::frame::{decay, frame, gradient_norm, ratio_and_log_time, signs_from, tangent};
use super::leaders::leader_of;
use super::limits::{self, LimitAsk};
use super::path::{Horizon, Path};
use super::steps::{self, StepsAsk};
use super::system::Watch;
use crate::arith::{Context, Fault, bits_for_digits};
use crate::check::{Observe, Seen, Sighting};
use crate::ode::{Outcome, TransitionKind};
use crate::sam::{Layers, Setting, Surface};
use rug::Rational;

/// A place on the path.
#[derive(Clone, Debug, PartialEq)]
pub enum At {
    S(Rational),
    LogT(Rational),
    /// `tau = log(1 + t)`.
    Tau(Rational),
}

/// A question. Coordinates count from 0.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// `w^(l)_j`.
    Weight(usize, usize, At),
    Beta(usize, At),
    /// `beta_j / ||beta||_1`.
    Direction(usize, At),
    /// `ln beta_j - ratio ln beta_k`.
    LogBalance(usize, usize, Rational, At),
    /// `log t`.
    LogTime(At),
    /// `log t - z`, `z` the margin at the perturbed point (one sample).
    Lag(At),
    /// `log Loss(theta^) + log t` (one sample).
    PerturbedLoss(At),
    /// `log Loss(theta) - log Loss(theta^)` (one sample).
    LossGap(At),
    /// The rescaled time at which coordinate `j` is pinned at zero.
    HitTime(usize),
    /// `T*`.
    BlowUpTime,
    /// The leaders in order, 1-based, e.g. `1 2 3`.
    Leaders,
    /// The coordinate that leads from the first instant, 1-based.
    FirstLeader,
    /// The coordinate that leads at a place, 1-based.
    LeaderAt(At),
    /// The rescaled time of hand-over number `k`, counted from 0.
    HandOver(usize),
    /// `log t` at hand-over number `k`.
    HandOverLogTime(usize),
    /// The rescaled time at which the flow collapses.
    CollapseTime,
    /// `||grad_theta <z, beta>||_2`, all layers (one sample).
    GradientNorm(At),
    /// `beta_j / beta_k (log t)^power`.
    RatioLaw(usize, usize, Rational, At),
    /// The exponent of `log t` in `beta_j / beta_k` between two places.
    RatioSlope(usize, usize, At, At),
    /// How the flow ended, in a word.
    Ending,
    /// `sum_j c_j beta_j - slope tau`, `tau = log(1 + t)`, for `(c, slope)`.
    Frame(Vec<Rational>, Rational, At),
    /// The exponent `k` of `e^(-k tau)` in the same quantity, from its values at `tau`, `2 tau` and `3 tau`.
    Decay(Vec<Rational>, Rational, Rational),
    /// The tangent of the angle between `beta` and a vector.
    Tangent(Vec<Rational>, At),
    /// The sign of each coordinate of minus the gradient from a place on, 0 where it slides; missing if one changes later.
    Signs(At),
    /// To the algorithm with a step `eta`, from the same start.
    Steps(StepsAsk),
    /// How fast a direction is approached.
    Limit(LimitAsk),
}

impl Ask {
    /// Whether the answer needs no `log t`: a state at a rescaled time.
    fn is_timeless(&self) -> bool {
        match self {
            Ask::Weight(_, _, at) | Ask::Beta(_, at) | Ask::Direction(_, at) | Ask::LogBalance(_, _, _, at) => {
                matches!(at, At::S(_))
            }
            Ask::GradientNorm(at) | Ask::LeaderAt(at) => matches!(at, At::S(_)),
            Ask::HitTime(_)
            | Ask::BlowUpTime
            | Ask::CollapseTime
            | Ask::Leaders
            | Ask::FirstLeader
            | Ask::HandOver(_)
            | Ask::Ending => true,
            _ => false,
        }
    }

    fn is_about_the_lead(&self) -> bool {
        matches!(self, Ask::Leaders | Ask::FirstLeader | Ask::HandOver(_) | Ask::HandOverLogTime(_))
    }
}

/// A flow with questions.
#[derive(Clone, Debug)]
pub struct Probe {
    pub setting: Setting,
    pub start: Layers,
    pub horizon: Horizon,
    pub asks: Vec<Ask>,
}

/// The outcome in a word.
pub fn ending<T>(outcome: &Outcome<T>) -> &'static str {
    match outcome {
        Outcome::Reached | Outcome::Stopped => "reached",
        Outcome::BlowUp { .. } => "blow_up",
        Outcome::Collapse { .. } => "collapse",
        Outcome::Equilibrium { .. } => "equilibrium",
        Outcome::SlidesOnSeveral { .. } => "slides_on_several",
        Outcome::Stalled { .. } => "stalled",
        Outcome::TooLong { .. } => "too_long",
        Outcome::Lost { .. } => "lost",
        Outcome::NotUnique { .. } => "not_unique",
    }
}

/// The outcome with its place on the named clock and its fault, for people.
pub fn describe<C: Context>(ctx: &C, outcome: &Outcome<C::Num>, clock: &str) -> String {
    let show = |x: &C::Num| crate::arith::text::decimal(&ctx.to_float(x, 64), 6);
    match outcome {
        Outcome::Reached | Outcome::Stopped => "reached".into(),
        Outcome::Lost { x, fault } => format!("lost at {}: {fault}", show(x)),
        Outcome::BlowUp { x }
        | Outcome::Collapse { x }
        | Outcome::Equilibrium { x }
        | Outcome::SlidesOnSeveral { x }
        | Outcome::Stalled { x }
        | Outcome::TooLong { x }
        | Outcome::NotUnique { x } => format!("{} at {clock} = {}", ending(outcome), show(x)),
    }
}

impl Probe {
    fn answer<C: Context>(&self, path: &mut Path<C>, ask: &Ask) -> Result<Option<Seen>, Fault> {
        match ask {
            Ask::Steps(ask) => Ok(steps::answer(path, &self.start, ask)?.map(|x| number(&path.ctx, &x))),
            ask => answer(path, ask),
        }
    }
}

impl Observe for Probe {
    fn observe<C: Context>(&self, ctx: &C) -> Sighting {
        let watch = Watch {
            leaders: self.asks.iter().any(Ask::is_about_the_lead),
            clock: !self.asks.iter().all(Ask::is_timeless),
        };
        let mut path = Path::solve(ctx, &self.setting, &self.start, &self.horizon, watch);
        let clock = if path.flow.clock == crate::sam::Clock::LogTime { "tau" } else { "s" };
        let outcome = describe(ctx, &path.outcome, clock);
        let seen = self
            .asks
            .iter()
            .map(|ask| match self.answer(&mut path, ask) {
                Ok(Some(seen)) => seen,
                Ok(None) => Seen::Missing(format!("the run does not get there ({outcome})")),
                Err(fault) => Seen::Missing(fault.to_string()),
            })
            .collect();
        Sighting { seen, outcome, truncation_lg: path.run.truncation_lg }
    }
}

fn number<C: Context>(ctx: &C, x: &C::Num) -> Seen {
    // Every digit the context carries, and for 40 decimal digits the binary expansion of them.
    Seen::Number(ctx.to_float(x, bits_for_digits(ctx.digits() + 5)))
}

/// The path's own variable at a place.
pub(super) fn locate<C: Context>(path: &mut Path<C>, at: &At) -> Result<Option<C::Num>, Fault> {
    let ctx = path.ctx.clone();
    match at {
        At::S(s) => Ok(path.x_of_s(&ctx.rational(s))),
        At::LogT(v) => path.x_of_log_t(&ctx.rational(v)),
        At::Tau(tau) => {
            let tau = ctx.rational(tau);
            if path.flow.clock == crate::sam::Clock::LogTime {
                return Ok(path.x_of_s(&tau));
            }
            // log t = log(e^tau - 1)
            let (mut e, mut t, mut log_t) = (ctx.zero(), ctx.zero(), ctx.zero());
            ctx.exp(&mut e, &tau)?;
            ctx.sub(&mut t, &e, &ctx.rational(&Rational::from(1)));
            ctx.ln(&mut log_t, &t);
            path.x_of_log_t(&log_t)
        }
    }
}

/// `log log(1 + e^-m)`.
pub fn log_loss_of_margin<C: Context>(ctx: &C, m: &C::Num) -> C::Num {
    let (mut minus, mut e, mut out) = (ctx.zero(), ctx.zero(), ctx.zero());
    ctx.neg(&mut minus, m);
    // Below the last digit of 1 the logarithm is the exponential: log Loss = -m.
    let digits = i64::from(ctx.digits() + 2) * crate::ode::LG_TEN;
    if ctx.exp(&mut e, &minus).is_err() || ctx.lg(&e).is_none_or(|l| l < -digits) {
        return minus;
    }
    // log1p by the series where e is small, so that no digit of it is lost to the 1.
    let mut log1p = ctx.zero();
    if ctx.lg(&e).is_some_and(|l| l < -4 * crate::arith::LG_ONE) {
        let (mut power, mut t, mut term) = (e.clone(), ctx.zero(), ctx.zero());
        for k in 1..=ctx.digits() + 2 {
            ctx.div_u32(&mut term, &power, k);
            if k % 2 == 1 {
                ctx.add(&mut t, &log1p, &term)
            } else {
                ctx.sub(&mut t, &log1p, &term)
            }
            std::mem::swap(&mut log1p, &mut t);
            ctx.mul(&mut t, &power, &e);
            std::mem::swap(&mut power, &mut t);
            if ctx.lg(&power).is_none_or(|l| l < ctx.lg(&e).unwrap_or(0) - digits) {
                break;
            }
        }
    } else {
        let mut one_more = ctx.zero();
        ctx.add(&mut one_more, &e, &ctx.rational(&Rational::from(1)));
        ctx.ln(&mut log1p, &one_more);
    }
    ctx.ln(&mut out, &log1p);
    out
}

fn answer<C: Context>(path: &mut Path<C>, ask: &Ask) -> Result<Option<Seen>, Fault> {
    let ctx = path.ctx.clone();
    let observe = |path: &mut Path<C>, at: &At| {
        let x = locate(path, at)?;
        x.map_or(Ok(None), |x| path.observe(&x))
    };
    let log_time = |path: &mut Path<C>, at: &At| {
        let x = locate(path, at)?;
        x.map_or(Ok(None), |x| Ok(path.log_t(&x)?.map(|lt| (x, lt))))
    };
    Ok(match ask {
        Ask::Weight(l, j, at) => observe(path, at)?.map(|o| number(&ctx, &o.layers[*l][*j])),
        Ask::Beta(j, at) => observe(path, at)?.map(|o| number(&ctx, &o.beta[*j])),
        Ask::Direction(j, at) => observe(path, at)?.map(|o| {
            let (mut norm, mut a, mut t) = (ctx.zero(), ctx.zero(), ctx.zero());
            for b in &o.beta {
                ctx.abs(&mut a, b);
                ctx.add(&mut t, &norm, &a);
                std::mem::swap(&mut norm, &mut t);
            }
            ctx.div(&mut t, &o.beta[*j], &norm);
            number(&ctx, &t)
        }),
        Ask::LogBalance(j, k, ratio, at) => observe(path, at)?.map(|o| {
            let (mut a, mut b, mut t) = (ctx.zero(), ctx.zero(), ctx.zero());
            ctx.ln(&mut a, &o.beta[*j]);
            ctx.ln(&mut b, &o.beta[*k]);
            ctx.mul(&mut t, &b, &ctx.rational(ratio));
            ctx.sub(&mut b, &a, &t);
            number(&ctx, &b)
        }),
        Ask::LogTime(at) => log_time(path, at)?.map(|(_, lt)| {
            let mut sum = ctx.zero();
            ctx.add(&mut sum, &lt.z, &lt.rest);
            number(&ctx, &sum)
        }),
        Ask::Lag(at) => log_time(path, at)?.map(|(_, lt)| number(&ctx, &lt.rest)),
        Ask::PerturbedLoss(at) => log_time(path, at)?.map(|(_, lt)| {
            // log Loss + log t = (log Loss + z) + (log t - z); the first is 0 to the digits once z is large.
            let (mut t, mut sum) = (ctx.zero(), ctx.zero());
            ctx.add(&mut t, &log_loss_of_margin(&ctx, &lt.z), &lt.z);
            ctx.add(&mut sum, &t, &lt.rest);
            number(&ctx, &sum)
        }),
        Ask::LossGap(at) => match log_time(path, at)? {
            None => None,
            Some((x, lt)) => path.observe(&x)?.map(|o| {
                let mut gap = ctx.zero();
                ctx.sub(&mut gap, &log_loss_of_margin(&ctx, &o.margins[0]), &log_loss_of_margin(&ctx, &lt.z));
                number(&ctx, &gap)
            }),
        },
        Ask::HitTime(j) => {
            let hit = path.run.transitions.iter().find(|t| {
                t.kind == TransitionKind::Slides
                    && matches!(path.flow.surface(t.label), Surface::Weight(c) if path.flow.coordinates_of(c).contains(j))
            });
            hit.and_then(|t| path.s_of_x(&t.x)).map(|s| number(&ctx, &s))
        }
        Ask::BlowUpTime => match &path.outcome {
            Outcome::BlowUp { x } => Some(number(&ctx, x)),
            _ => None,
        },
        Ask::Leaders => {
            if path.leaders_undecided {
                return Ok(Some(Seen::Missing("a hand-over could not be told from a touch at these digits".into())));
            }
            path.first_leader.map(|first| {
                let mut names = vec![(first + 1).to_string()];
                names.extend(path.hand_overs.iter().map(|h| (h.to + 1).to_string()));
                Seen::Word(names.join(" "))
            })
        }
        Ask::Limit(ask) => limits::answer(path, ask)?.map(|x| number(&ctx, &x)),
        // Asked of the start, not of the path: see `Probe::answer`.
        Ask::Steps(_) => None,
        Ask::Ending => Some(Seen::Word(ending(&path.outcome).into())),
        Ask::Frame(c, slope, at) => frame(path, c, slope, at)?.map(|x| number(&ctx, &x)),
        Ask::Decay(c, slope, tau) => decay(path, c, slope, tau)?.map(|x| number(&ctx, &x)),
        Ask::Tangent(w, at) => observe(path, at)?.map(|o| number(&ctx, &tangent(&ctx, &o.beta, w))),
        Ask::Signs(at) => locate(path, at)?.and_then(|x| signs_from(path, &x)),
        Ask::FirstLeader => path.first_leader.map(|first| Seen::Word((first + 1).to_string())),
        Ask::LeaderAt(at) => observe(path, at)?.map(|o| match leader_of(&ctx, &o.beta) {
            Some(j) => Seen::Word((j + 1).to_string()),
            None => Seen::Word("tie".into()),
        }),
        Ask::HandOver(k) => path.hand_overs.get(*k).and_then(|h| path.s_of_x(&h.x)).map(|s| number(&ctx, &s)),
        Ask::HandOverLogTime(k) => match path.hand_overs.get(*k).map(|h| h.x.clone()) {
            None => None,
            Some(x) => path.log_t(&x)?.map(|lt| {
                let mut sum = ctx.zero();
                ctx.add(&mut sum, &lt.z, &lt.rest);
                number(&ctx, &sum)
            }),
        },
        Ask::CollapseTime => match &path.outcome {
            Outcome::Collapse { x } => Some(number(&ctx, x)),
            _ => None,
        },
        Ask::GradientNorm(at) => {
            let z = path.flow.setting.z[0].clone();
            observe(path, at)?.map(|o| number(&ctx, &gradient_norm(&ctx, &z, &o.layers)))
        }
        Ask::RatioLaw(j, k, power, at) => ratio_and_log_time(path, (*j, *k), at)?
            .map(|[ratio, log_log_t]| {
                let (mut t, mut u, mut out) = (ctx.zero(), ctx.zero(), ctx.zero());
                ctx.mul(&mut t, &log_log_t, &ctx.rational(power));
                ctx.add(&mut u, &ratio, &t);
                ctx.exp(&mut out, &u)?;
                Ok(number(&ctx, &out))
            })
            .transpose()?,
        Ask::RatioSlope(j, k, first, second) => {
            let pair = (ratio_and_log_time(path, (*j, *k), first)?, ratio_and_log_time(path, (*j, *k), second)?);
            match pair {
                (Some([r1, l1]), Some([r2, l2])) => {
                    let (mut dr, mut dl, mut out) = (ctx.zero(), ctx.zero(), ctx.zero());
                    ctx.sub(&mut dr, &r2, &r1);
                    ctx.sub(&mut dl, &l2, &l1);
                    ctx.div(&mut out, &dr, &dl);
                    Some(number(&ctx, &out))
                }
                _ => None,
            }
        }
    })
}
