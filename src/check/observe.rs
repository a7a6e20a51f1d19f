//! The two-run rule: everything observed is observed twice, at two precisions (hence two Taylor orders), and the
//! difference is its error.

use super::Refinement;
use crate::arith::{BigFloat40, Context, Double, Mpfr, text};
use rug::Float;

/// The arithmetic of the observed side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    Mpfr,
    BigFloat,
    Double,
}

impl Arithmetic {
    pub fn name(self) -> &'static str {
        match self {
            Arithmetic::Mpfr => "mpfr",
            Arithmetic::BigFloat => "bigfloat",
            Arithmetic::Double => "f64",
        }
    }

    /// Digits asked when the user names none.
    pub fn default_digits(self) -> u32 {
        match self {
            Arithmetic::Mpfr => 50,
            Arithmetic::BigFloat => 30,
            Arithmetic::Double => 12,
        }
    }

    /// The most digits that can be asked.
    pub fn max_digits(self) -> u32 {
        match self {
            Arithmetic::Mpfr => 100_000,
            Arithmetic::BigFloat => 30,
            Arithmetic::Double => 12,
        }
    }
}

/// How to observe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Digits asked, `D`.
    pub digits: u32,
    pub arithmetic: Arithmetic,
    /// `g`: digits that the dynamics are known to cost, on top of `D + 15` and `D + 30`. A start: what is needed is
    /// found by the difference of the runs.
    pub amplification: u32,
    /// Working digits of the first pair, when they are not `D + 15` and `D + 30` (the control "too little precision").
    pub forced: Option<[u32; 2]>,
}

/// One observed quantity.
#[derive(Clone, Debug, PartialEq)]
pub enum Seen {
    Number(Float),
    /// A sequence, a leader, an outcome.
    Word(String),
    /// Not observed, and why.
    Missing(String),
}

/// What one run saw.
#[derive(Clone, Debug)]
pub struct Sighting {
    pub seen: Vec<Seen>,
    pub outcome: String,
    /// `log2` of the largest last Taylor term relative to its component, in units of [`crate::arith::LG_ONE`].
    pub truncation_lg: i64,
}

/// Something that can be observed in any arithmetic.
pub trait Observe: Sync {
    fn observe<C: Context>(&self, ctx: &C) -> Sighting;
}

/// A quantity with its estimated absolute error.
#[derive(Clone, Debug, PartialEq)]
pub enum Measured {
    Number { value: Float, error: Float },
    Word(String),
    Missing(String),
}

/// The outcome of the two-run rule.
#[derive(Clone, Debug)]
pub struct Observed {
    pub measured: Vec<Measured>,
    pub outcome: String,
    /// Largest relative size of a last Taylor term of the run.
    pub truncation: Float,
    pub refinement: Vec<Refinement>,
}

/// Attempts before the difference of the runs is taken as it is.
const ATTEMPTS: usize = 5;
/// Bits in which errors and tolerances are computed.
const ERROR_BITS: u32 = 64;

fn pair<P: Observe>(probe: &P, plan: &Plan, digits: [u32; 2]) -> (Sighting, Sighting) {
    // The value judged comes first, the run that measures its error second. An arithmetic of fixed precision is
    // measured against MPFR, which takes over as the second run.
    match plan.arithmetic {
        Arithmetic::Mpfr => rayon::join(
            || probe.observe(&Mpfr::with_digits(digits[1])),
            || probe.observe(&Mpfr::with_digits(digits[0])),
        ),
        Arithmetic::BigFloat => {
            rayon::join(|| probe.observe(&BigFloat40), || probe.observe(&Mpfr::with_digits(digits[1])))
        }
        Arithmetic::Double => rayon::join(|| probe.observe(&Double), || probe.observe(&Mpfr::with_digits(digits[1]))),
    }
}

/// Observes twice, at `D + 15 + g` and `D + 30 + g` digits; while some difference exceeds a hundredth of its tolerance the
/// digits of both grow by half, four times at most. `tolerances` belong to the numbers seen, in order.
pub fn observe_twice<P: Observe>(probe: &P, plan: &Plan, tolerances: &[Option<Float>]) -> Observed {
    let mut digits = plan.forced.unwrap_or([15, 30].map(|extra| plan.digits + plan.amplification + extra));
    let mut refinement = Vec::new();
    loop {
        let (judged, other) = pair(probe, plan, digits);
        let mut worst = Float::new(ERROR_BITS);
        let measured: Vec<Measured> = judged
            .seen
            .iter()
            .zip(&other.seen)
            .enumerate()
            .map(|(i, seen)| match seen {
                (Seen::Number(a), Seen::Number(b)) => {
                    let bits = a.prec().max(b.prec());
                    let error = Float::with_val(ERROR_BITS, Float::with_val(bits, a - b).abs());
                    if let Some(Some(tol)) = tolerances.get(i)
                        && !tol.is_zero()
                    {
                        let ratio = Float::with_val(ERROR_BITS, &error / tol);
                        if ratio > worst || ratio.is_nan() {
                            worst = ratio;
                        }
                    }
                    Measured::Number { value: a.clone(), error }
                }
                (Seen::Word(a), Seen::Word(b)) if a == b => Measured::Word(a.clone()),
                (Seen::Word(a), Seen::Word(b)) => {
                    Measured::Missing(format!("the two runs disagree: {a} at more digits, {b} at fewer"))
                }
                (Seen::Missing(why), _) | (_, Seen::Missing(why)) => Measured::Missing(why.clone()),
                _ => Measured::Missing("the two runs saw different kinds of things".into()),
            })
            .collect();
        refinement.push(Refinement { digits, difference_over_tolerance: text::decimal(&worst, 3) });
        let fixed = plan.arithmetic != Arithmetic::Mpfr || plan.forced.is_some();
        let fine = worst <= Float::with_val(ERROR_BITS, 1) / 100u32;
        if fine || fixed || refinement.len() == ATTEMPTS {
            let truncation = Float::with_val(ERROR_BITS, 2);
            let exponent = Float::with_val(ERROR_BITS, judged.truncation_lg) / crate::arith::LG_ONE;
            return Observed {
                measured,
                outcome: judged.outcome,
                truncation: rug::ops::Pow::pow(truncation, &exponent),
                refinement,
            };
        }
        digits = digits.map(|d| d + d / 2);
    }
}
