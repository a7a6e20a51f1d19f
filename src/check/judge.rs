//! The verdict rule. `delta = |observed - predicted|`, `B` the error budget: PASS if `delta + B <= tol`, FAIL if
//! `delta - B > tol`, INCONCLUSIVE otherwise. No other place forms a verdict.

use super::{Budget, Claim, Control, Evidence, Kind, Measured, Observed, Prediction, Value, Verdict};
use crate::arith::{bits_for_digits, text};
use rug::Float;
use rug::ops::Pow;

/// What a theorem says about one observed quantity.
#[derive(Clone, Debug)]
pub struct Expect {
    /// The quantity, e.g. `w_1`.
    pub what: String,
    /// Clock and place of the observation.
    pub clock: &'static str,
    pub horizon: String,
    pub target: Target,
    /// Formula and page.
    pub source: String,
}

/// The predicted value.
#[derive(Clone, Debug)]
pub enum Target {
    Number {
        value: Float,
        /// Bound on the absolute error of `value`.
        error: Float,
        /// Bound on the remainder of a limit law at this horizon; 0 for an equality.
        remainder: Float,
        /// What the tolerance is relative to, where that is not `|value|` (a prediction of exactly 0).
        scale: Option<Float>,
    },
    /// Rates, orders and bounds: the value lies in this interval, open where an end is missing.
    Range {
        low: Option<Float>,
        high: Option<Float>,
        /// The size of error at which the observation is fine enough; decides no verdict.
        resolution: Float,
    },
    Word(String),
}

impl Target {
    /// A closed form accurate to two units in its last place.
    pub fn exact(value: Float) -> Self {
        Target::limit(value, Float::new(64))
    }

    /// A limit law with an explicit remainder bound.
    pub fn limit(value: Float, remainder: Float) -> Self {
        let error = match value.get_exp() {
            Some(e) => Float::with_val(64, 2).pow(e - i32::try_from(value.prec()).unwrap_or(i32::MAX) + 1),
            None => Float::new(64),
        };
        Target::Number { value, error, remainder, scale: None }
    }

    /// `|value - centre| <= tolerance`, for a rate whose tolerance the page derives.
    pub fn within(centre: &Float, tolerance: &Float) -> Self {
        Target::Range {
            low: Some(Float::with_val(centre.prec(), centre - tolerance)),
            high: Some(Float::with_val(centre.prec(), centre + tolerance)),
            resolution: tolerance.clone(),
        }
    }

    /// The value is above `low`, observed to one part in `10^6` of `scale`.
    pub fn above(low: Float, scale: &Float) -> Self {
        Target::Range { low: Some(low), high: None, resolution: Float::with_val(64, scale.abs_ref()) / 1_000_000u32 }
    }

    /// The value is below `high`, observed to one part in `10^6` of `scale`.
    pub fn below(high: Float, scale: &Float) -> Self {
        Target::Range { low: None, high: Some(high), resolution: Float::with_val(64, scale.abs_ref()) / 1_000_000u32 }
    }

    /// The same, with the tolerance relative to `scale`.
    #[must_use]
    pub fn scaled(self, by: Float) -> Self {
        match self {
            Target::Number { value, error, remainder, .. } => {
                Target::Number { value, error, remainder, scale: Some(by) }
            }
            other => other,
        }
    }

    /// Whether the other prediction says the same, to the digits asked: then it is no wrong law.
    pub fn agrees(&self, other: &Target, digits: u32) -> bool {
        match (self, other) {
            (Target::Word(a), Target::Word(b)) => a == b,
            (Target::Number { value: a, .. }, Target::Number { value: b, .. }) => {
                let gap = Float::with_val(64, Float::with_val(a.prec().max(b.prec()), a - b).abs());
                self.tolerance(digits).is_some_and(|tolerance| gap <= tolerance)
            }
            _ => false,
        }
    }

    /// `10^-D` times the size of the prediction, the resolution of a range; `None` for words.
    pub fn tolerance(&self, digits: u32) -> Option<Float> {
        match self {
            Target::Number { value, scale, .. } => {
                let size = Float::with_val(64, scale.as_ref().unwrap_or(value).abs_ref());
                Some(size / Float::with_val(64, 10).pow(digits))
            }
            Target::Range { resolution, .. } => Some(resolution.clone()),
            Target::Word(_) => None,
        }
    }
}

/// What the last Taylor terms of the run amount to in this value.
fn truncation_of(seen: &Float, observed: &Observed) -> Float {
    Float::with_val(64, seen.abs_ref()) * &observed.truncation
}

/// Where `seen -+ error` lies: inside, outside, or neither for certain.
fn inside(seen: &Float, error: &Float, low: Option<&Float>, high: Option<&Float>) -> Verdict {
    let (below, above) = (Float::with_val(seen.prec(), seen - error), Float::with_val(seen.prec(), seen + error));
    if low.is_some_and(|l| above < *l) || high.is_some_and(|h| below > *h) {
        return Verdict::Fail;
    }
    if low.is_none_or(|l| below >= *l) && high.is_none_or(|h| above <= *h) {
        return Verdict::Pass;
    }
    Verdict::Inconclusive
}

/// `[low, high]` for people.
fn interval(low: Option<&Float>, high: Option<&Float>, write: impl Fn(&Float) -> String) -> String {
    let end = |x: Option<&Float>, missing: &str| x.map_or_else(|| missing.to_owned(), &write);
    format!("[{}, {}]", end(low, "-inf"), end(high, "inf"))
}

/// A claim with its comparisons still to be judged: the index of each observed quantity and what is expected of it.
#[derive(Clone, Debug)]
pub struct Draft {
    pub id: String,
    pub kind: Kind,
    pub statement: String,
    pub expects: Vec<(usize, Expect)>,
}

/// The rule a tolerance comes from, in words, for the report.
fn tolerance_rule(kind: Kind, digits: u32) -> String {
    match kind {
        Kind::Equality | Kind::Limit => {
            format!("10^-{digits} relative to the prediction (to the stated scale where it is 0)")
        }
        Kind::Rate => "from the next-order term (see the page)".into(),
        Kind::Order | Kind::Bound | Kind::Sequence => "decided only where the error budget decides".into(),
    }
}

fn short(x: &Float) -> String {
    text::decimal(x, 3)
}

/// Judges one comparison.
pub fn judge(expect: &Expect, instance: &str, index: usize, observed: &Observed, digits: u32) -> Evidence {
    let measured = observed.measured.get(index);
    let shown = digits as usize + 2;
    let mut evidence = Evidence {
        instance: instance.into(),
        clock: expect.clock.into(),
        horizon: expect.horizon.clone(),
        observed: Value { dec: "-".into(), dump: "-".into() },
        predicted: Prediction {
            dec: "-".into(),
            dump: "-".into(),
            source: format!("{} = {}", expect.what, expect.source),
        },
        delta: "-".into(),
        digits_agree: 0,
        tolerance: "-".into(),
        budget: Budget::default(),
        verdict: Verdict::Inconclusive,
        outcome: observed.outcome.clone(),
        refinement: observed.refinement.clone(),
    };
    match &expect.target {
        Target::Number { value, .. } => {
            evidence.predicted.dec = text::decimal(value, shown);
            evidence.predicted.dump = text::dump_float(value);
        }
        Target::Range { low, high, .. } => {
            evidence.predicted.dec = interval(low.as_ref(), high.as_ref(), |x| text::decimal(x, 6));
            evidence.predicted.dump = interval(low.as_ref(), high.as_ref(), text::dump_float);
        }
        Target::Word(w) => evidence.predicted.dec.clone_from(w),
    }
    match (measured, &expect.target) {
        (Some(Measured::Word(seen)), Target::Word(said)) => {
            evidence.observed.dec.clone_from(seen);
            evidence.verdict = if seen == said { Verdict::Pass } else { Verdict::Fail };
        }
        (Some(Measured::Number { value: seen, error }), Target::Number { value, error: slip, remainder, scale }) => {
            evidence.observed = Value { dec: text::decimal(seen, shown), dump: text::dump_float(seen) };
            let tolerance = expect.target.tolerance(digits).unwrap_or_else(|| Float::new(64));
            let bits = seen.prec().max(value.prec());
            let delta = Float::with_val(64, Float::with_val(bits, seen - value).abs());
            let truncation = truncation_of(seen, observed);
            let budget = Float::with_val(64, &truncation + error) + slip + remainder;
            let high = Float::with_val(64, &delta + &budget);
            let low = Float::with_val(64, &delta - &budget);
            evidence.verdict = if high <= tolerance {
                Verdict::Pass
            } else if low > tolerance {
                Verdict::Fail
            } else {
                Verdict::Inconclusive
            };
            let size = Float::with_val(64, scale.as_ref().unwrap_or(value).abs_ref());
            evidence.digits_agree = agreement(&high, &size);
            evidence.delta = short(&delta);
            evidence.tolerance = short(&tolerance);
            evidence.budget = Budget {
                truncation: short(&truncation),
                rounding: short(error),
                prediction: short(slip),
                remainder: short(remainder),
                total: short(&budget),
            };
        }
        (Some(Measured::Number { value: seen, error }), Target::Range { low, high, .. }) => {
            evidence.observed = Value { dec: text::decimal(seen, shown), dump: text::dump_float(seen) };
            let truncation = truncation_of(seen, observed);
            let budget = Float::with_val(64, &truncation + error);
            evidence.verdict = inside(seen, &budget, low.as_ref(), high.as_ref());
            evidence.digits_agree = agreement(&budget, &Float::with_val(64, seen.abs_ref()));
            evidence.budget = Budget {
                truncation: short(&truncation),
                rounding: short(error),
                total: short(&budget),
                ..Budget::default()
            };
        }
        (Some(Measured::Missing(why)), _) => evidence.observed.dec = format!("not observed: {why}"),
        _ => evidence.observed.dec = "not observed".into(),
    }
    evidence
}

/// Decimal digits in which two numbers agree whose difference is at most `high`.
fn agreement(high: &Float, size: &Float) -> u32 {
    if size.is_zero() || !high.is_finite() {
        return 0;
    }
    if high.is_zero() {
        return u32::MAX;
    }
    let ratio = Float::with_val(64, high / size);
    (-ratio.log10()).floor().to_i32_saturating().and_then(|d| u32::try_from(d).ok()).unwrap_or(0)
}

/// Judges a claim: its verdict is the worst of its comparisons.
pub fn judge_claim(draft: &Draft, instance: &str, observed: &Observed, digits: u32) -> Claim {
    let evidence: Vec<Evidence> = draft.expects.iter().map(|(i, e)| judge(e, instance, *i, observed, digits)).collect();
    let verdict = evidence.iter().map(|e| e.verdict).max().unwrap_or(Verdict::Inconclusive);
    let reason = evidence
        .iter()
        .find(|e| e.verdict == verdict && verdict != Verdict::Pass)
        .map(|e| match e.verdict {
            Verdict::Fail => format!("{}: observed {}, not {}", e.predicted.source, e.observed.dec, e.predicted.dec),
            _ if e.budget.total.is_empty() => e.observed.dec.clone(),
            _ => {
                let against = if e.tolerance == "-" { &e.predicted.dec } else { &e.tolerance };
                format!("{}: the error budget {} does not decide against {against}", e.predicted.source, e.budget.total)
            }
        })
        .unwrap_or_default();
    Claim {
        id: draft.id.clone(),
        kind: draft.kind,
        statement: draft.statement.clone(),
        verdict,
        reason,
        tolerance: tolerance_rule(draft.kind, digits),
        evidence,
    }
}

/// The control of an equality or a limit with a known constant: the constant changed by one part in `10^(D-20)`
/// (in `10^(D/2)` below 40 digits, where that would be no change at all) must FAIL.
pub fn shifted_constant(draft: &Draft, instance: &str, observed: &Observed, digits: u32) -> Option<Control> {
    let (index, expect) = draft.expects.first()?;
    let Target::Number { value, error, remainder, scale } = &expect.target else { return None };
    let digits_kept = if digits >= 40 { digits - 20 } else { digits / 2 };
    let bits = value.prec().max(bits_for_digits(digits + 10));
    let size = Float::with_val(bits, scale.as_ref().unwrap_or(value));
    let moved = Float::with_val(bits, value + size / Float::with_val(bits, 10).pow(digits_kept));
    let target = Target::Number {
        value: moved,
        error: error.clone(),
        remainder: remainder.clone(),
        // The tolerance of the claim, not of the wrong constant.
        scale: Some(Float::with_val(bits, scale.as_ref().unwrap_or(value))),
    };
    let wrong = Expect { target, ..expect.clone() };
    Some(Control {
        id: format!("{}/shifted", draft.id),
        what: format!("{} changed by one part in 10^{digits_kept}", expect.what),
        expected: Verdict::Fail,
        got: judge(&wrong, instance, *index, observed, digits).verdict,
    })
}

/// A wrong law in the place of the right one: must FAIL.
pub fn wrong_law(
    id: &str,
    what: &str,
    target: Target,
    index: usize,
    like: &Expect,
    observed: &Observed,
    digits: u32,
) -> Control {
    let wrong = Expect { target, ..like.clone() };
    let got = judge(&wrong, "", index, observed, digits).verdict;
    Control { id: id.into(), what: what.into(), expected: Verdict::Fail, got }
}

#[cfg(test)]
mod tests;
