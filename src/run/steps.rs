//! Questions to the algorithm with step `eta`, beside the flow from the same start.

use super::path::Path;
use crate::arith::{Context, Fault, Sign, Tri};
use crate::sam::{Algorithm, Layers};
use rug::Rational;

/// A question to the discrete algorithm. Coordinates count from 0, the weight is that of the first layer.
#[derive(Clone, Debug, PartialEq)]
pub enum StepsAsk {
    /// `w_j` after so many steps.
    Weight { eta: Rational, steps: u32, coordinate: usize },
    /// `2 p(eta/2) - p(eta)`, `p(eta) = log2(e(eta) / e(eta/2))`, `e(eta)` the distance of the algorithm from the flow in
    /// `w_j` at time `t = steps * eta`: the order of the error, its own correction of order `eta` removed.
    Order { eta: Rational, steps: u32, coordinate: usize },
    /// `max |w_j| / eta` over the steps `from .. to`.
    Swing { eta: Rational, from: u32, to: u32, coordinate: usize },
}

/// Answers; `None` where the flow does not reach the time asked.
///
/// # Errors
/// The range loss of the arithmetic.
pub(super) fn answer<C: Context>(path: &mut Path<C>, start: &Layers, ask: &StepsAsk) -> Result<Option<C::Num>, Fault> {
    let ctx = path.ctx.clone();
    match ask {
        StepsAsk::Weight { eta, steps, coordinate } => after(path, start, eta, *steps, *coordinate).map(Some),
        StepsAsk::Order { eta, steps, coordinate } => order(path, start, eta, *steps, *coordinate),
        StepsAsk::Swing { eta, from, to, coordinate } => {
            let mut sam = Algorithm::new(&ctx, &path.flow.setting, start, eta);
            let (mut most, mut size) = (ctx.zero(), ctx.zero());
            for k in 1..=*to {
                sam.step()?;
                ctx.abs(&mut size, &sam.weights[*coordinate]);
                if k >= *from && ctx.lt(&most, &size) == Tri::True {
                    std::mem::swap(&mut most, &mut size);
                }
            }
            ctx.div(&mut size, &most, &ctx.rational(eta));
            Ok(Some(size))
        }
    }
}

/// `w_j` after `steps` steps.
fn after<C: Context>(
    path: &Path<C>,
    start: &Layers,
    eta: &Rational,
    steps: u32,
    coordinate: usize,
) -> Result<C::Num, Fault> {
    let mut sam = Algorithm::new(&path.ctx, &path.flow.setting, start, eta);
    for _ in 0..steps {
        sam.step()?;
    }
    Ok(sam.weights[coordinate].clone())
}

fn order<C: Context>(
    path: &mut Path<C>,
    start: &Layers,
    eta: &Rational,
    steps: u32,
    coordinate: usize,
) -> Result<Option<C::Num>, Fault> {
    let ctx = path.ctx.clone();
    let mut log_t = ctx.zero();
    ctx.ln(&mut log_t, &ctx.rational(&Rational::from(eta * steps)));
    let Some(x) = path.x_of_log_t(&log_t)? else { return Ok(None) };
    let Some(seen) = path.observe(&x)? else { return Ok(None) };
    let flow = &seen.layers[0][coordinate];
    // ln e(eta), ln e(eta/2), ln e(eta/4)
    let mut logs = Vec::new();
    for halvings in 0..3u32 {
        let finer = Rational::from(eta / (1u32 << halvings));
        let w = after(path, start, &finer, steps << halvings, coordinate)?;
        let (mut gap, mut size, mut log) = (ctx.zero(), ctx.zero(), ctx.zero());
        ctx.sub(&mut gap, &w, flow);
        ctx.abs(&mut size, &gap);
        if ctx.sign(&size) != Sign::Positive {
            return Ok(None);
        }
        ctx.ln(&mut log, &size);
        logs.push(log);
    }
    // 2 (l1 - l2) - (l0 - l1) = 3 l1 - 2 l2 - l0, over ln 2
    let (mut t, mut u, mut ln2) = (ctx.zero(), ctx.zero(), ctx.zero());
    ctx.mul_u32(&mut t, &logs[1], 3);
    ctx.mul_u32(&mut u, &logs[2], 2);
    let mut sum = ctx.zero();
    ctx.sub(&mut sum, &t, &u);
    ctx.sub(&mut t, &sum, &logs[0]);
    ctx.ln(&mut ln2, &ctx.rational(&Rational::from(2)));
    ctx.div(&mut u, &t, &ln2);
    Ok(Some(u))
}
