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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arith::LG_ONE;

    /// Sees whatever the test says it sees at so many digits (0 in `f64`).
    struct Fake<F>(F);

    impl<F: Fn(u32) -> Vec<Seen> + Sync> Observe for Fake<F> {
        fn observe<C: Context>(&self, ctx: &C) -> Sighting {
            let digits = if ctx.name() == "mpfr" { ctx.digits() } else { 0 };
            Sighting { seen: (self.0)(digits), outcome: format!("{digits} digits"), truncation_lg: -2 * LG_ONE }
        }
    }

    fn plan() -> Plan {
        Plan { digits: 20, arithmetic: Arithmetic::Mpfr, amplification: 3, forced: None }
    }

    fn number(x: f64) -> Seen {
        Seen::Number(Float::with_val(64, x))
    }

    fn tolerance(x: f64) -> Vec<Option<Float>> {
        vec![Some(Float::with_val(64, x))]
    }

    fn digits(observed: &Observed) -> Vec<[u32; 2]> {
        observed.refinement.iter().map(|r| r.digits).collect()
    }

    #[test]
    fn the_run_with_more_digits_is_judged_and_the_difference_of_the_two_is_its_error() {
        let probe = Fake(|digits| vec![number(if digits >= 53 { -7.0 } else { -6.5 })]);
        let observed = observe_twice(&probe, &plan(), &tolerance(50.0));
        assert_eq!(digits(&observed), [[20 + 3 + 15, 20 + 3 + 30]]);
        let (value, error) = (Float::with_val(64, -7), Float::with_val(64, 0.5));
        assert_eq!(observed.measured, [Measured::Number { value, error }]);
        assert_eq!(observed.outcome, "53 digits");
        assert_eq!(observed.refinement[0].difference_over_tolerance, text::decimal(&Float::with_val(64, 0.01), 3));
        assert_eq!(observed.truncation, 0.25);
    }

    #[test]
    fn digits_grow_by_half_until_the_difference_is_a_hundredth_of_the_tolerance_and_four_times_at_most() {
        let apart = |gap: f64| Fake(move |digits| vec![number(if digits >= 53 { 1.0 } else { 1.0 + gap })]);
        let all = [[38, 53], [57, 79], [85, 118], [127, 177], [190, 265]];
        assert_eq!(digits(&observe_twice(&apart(0.25), &plan(), &tolerance(25.0))), all[..1]);
        assert_eq!(digits(&observe_twice(&apart(0.25), &plan(), &tolerance(24.875))), all[..2]);
        let rounds = Fake(|digits| vec![number(f64::from(digits))]);
        let observed = observe_twice(&rounds, &plan(), &tolerance(1.0));
        assert_eq!(digits(&observed), all);
        assert_eq!(observed.outcome, "265 digits");
        // The worst of several decides, and one without a tolerance, or with the tolerance 0, does not.
        let several = Fake(|digits| {
            let other = if digits >= 53 { 1.0 } else { 1.25 };
            vec![number(1.0), number(other), number(1.0), number(f64::from(digits)), number(f64::from(digits))]
        });
        let some = |x: f64| Some(Float::with_val(64, x));
        let tolerances = [some(1.0), some(1.0), some(1.0), None, some(0.0)];
        let observed = observe_twice(&several, &plan(), &tolerances);
        assert_eq!(digits(&observed), all[..2]);
        assert_eq!(observed.refinement[0].difference_over_tolerance, text::decimal(&Float::with_val(64, 0.25), 3));
    }

    #[test]
    fn a_difference_that_is_no_number_is_never_fine() {
        let probe = Fake(|_| vec![number(f64::NAN), number(1.0)]);
        let one = || Some(Float::with_val(64, 1));
        assert_eq!(digits(&observe_twice(&probe, &plan(), &[one(), one()])).len(), 5);
    }

    #[test]
    fn digits_that_are_forced_and_an_arithmetic_that_has_no_more_are_taken_as_they_are() {
        let probe = Fake(|digits| vec![number(f64::from(digits))]);
        let forced = Plan { forced: Some([6, 9]), ..plan() };
        let observed = observe_twice(&probe, &forced, &tolerance(1.0));
        assert_eq!(digits(&observed), [[6, 9]]);
        let error = Float::with_val(64, 3);
        assert_eq!(observed.measured, [Measured::Number { value: Float::with_val(64, 9), error }]);
        for arithmetic in [Arithmetic::Double, Arithmetic::BigFloat] {
            let observed = observe_twice(&probe, &Plan { arithmetic, ..plan() }, &tolerance(1.0));
            let error = Float::with_val(64, 53);
            assert_eq!(observed.measured, [Measured::Number { value: Float::new(64), error }], "against MPFR");
            assert_eq!(observed.refinement.len(), 1);
        }
    }

    #[test]
    fn words_count_only_where_both_runs_say_the_same() {
        let word = |w: &str| Seen::Word(w.into());
        let probe = Fake(|digits| {
            let more = digits >= 53;
            let missing = |why: &str| Seen::Missing(why.into());
            vec![
                word("1 2"),
                word(if more { "1 2" } else { "2" }),
                if more { missing("late") } else { number(1.0) },
                if more { number(1.0) } else { missing("early") },
                if more { number(1.0) } else { word("1") },
            ]
        });
        let why = |i: usize| match &observe_twice(&probe, &plan(), &[]).measured[i] {
            Measured::Missing(why) => why.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(observe_twice(&probe, &plan(), &[]).measured[0], Measured::Word("1 2".into()));
        assert_eq!(why(1), "the two runs disagree: 1 2 at more digits, 2 at fewer");
        assert_eq!((why(2), why(3)), ("late".into(), "early".into()));
        assert_eq!(why(4), "the two runs saw different kinds of things");
    }

    #[test]
    fn an_arithmetic_has_the_name_of_its_context_and_is_asked_for_fewer_digits_than_it_has() {
        assert_eq!(Arithmetic::Mpfr.name(), Mpfr::with_digits(20).name());
        assert_eq!((Arithmetic::Mpfr.default_digits(), Arithmetic::Mpfr.max_digits()), (50, 100_000));
        for (arithmetic, name, has, asked) in [
            (Arithmetic::BigFloat, BigFloat40.name(), BigFloat40.digits(), 30),
            (Arithmetic::Double, Double.name(), Double.digits(), 12),
        ] {
            assert_eq!(arithmetic.name(), name);
            assert!(asked < has, "no digits left to measure");
            assert_eq!((arithmetic.default_digits(), arithmetic.max_digits()), (asked, asked), "{name}");
        }
    }
}
