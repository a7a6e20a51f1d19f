//! Unit tests of the verdict rule.

use super::*;

fn seen(value: f64, error: f64) -> Observed {
    let number = Measured::Number { value: Float::with_val(64, value), error: Float::with_val(64, error) };
    Observed { measured: vec![number], outcome: "reached".into(), truncation: Float::new(64), refinement: Vec::new() }
}

fn verdict(target: Target, value: f64, error: f64) -> Verdict {
    let expect =
        Expect { what: "x".into(), clock: "s", horizon: "1".into(), target, source: "a test of the rule".into() };
    judge(&expect, "#1", 0, &seen(value, error), 5).verdict
}

#[test]
fn a_range_is_decided_only_where_the_error_lets_it_be() {
    let range = || Target::within(&Float::with_val(64, 2), &Float::with_val(64, 0.5));
    assert_eq!(verdict(range(), 2.25, 0.25), Verdict::Pass);
    assert_eq!(verdict(range(), 2.25, 0.375), Verdict::Inconclusive);
    assert_eq!(verdict(range(), 3.0, 0.25), Verdict::Fail);
    assert_eq!(verdict(range(), 1.0, 0.25), Verdict::Fail);
    let one = Float::with_val(64, 1);
    assert_eq!(verdict(Target::above(one.clone(), &one), 9.0, 1.0), Verdict::Pass);
    assert_eq!(verdict(Target::below(one.clone(), &one), 9.0, 1.0), Verdict::Fail);
    assert_eq!(verdict(Target::below(one.clone(), &one), 1.0, 1.0), Verdict::Inconclusive);
}

#[test]
fn a_law_that_says_the_same_to_the_digits_asked_is_no_wrong_law() {
    let number = |x: f64| Target::exact(Float::with_val(64, x));
    assert!(number(2.0).agrees(&number(2.000_01), 5));
    assert!(!number(2.0).agrees(&number(2.000_03), 5));
    let word = |w: &str| Target::Word(w.into());
    assert!(word("1 2").agrees(&word("1 2"), 5));
    assert!(!word("1 2").agrees(&word("2"), 5));
    assert!(!word("2").agrees(&number(2.0), 5));
}

#[test]
fn a_number_passes_with_delta_and_budget_within_the_tolerance_and_fails_with_delta_beyond_it() {
    // tolerance 10^-5 * 2
    let two = || Target::exact(Float::with_val(64, 2));
    assert_eq!(verdict(two(), 2.0, 1.0e-5), Verdict::Pass);
    assert_eq!(verdict(two(), 2.000_015, 1.0e-5), Verdict::Inconclusive);
    assert_eq!(verdict(two(), 2.000_035, 1.0e-5), Verdict::Fail);
    let law = Target::limit(Float::with_val(64, 2), Float::with_val(64, 2.5e-5));
    assert_eq!(verdict(law, 2.0, 0.0), Verdict::Inconclusive);
}

fn exactly(value: f64, error: f64, remainder: f64) -> Target {
    let float = |x: f64| Float::with_val(64, x);
    Target::Number { value: float(value), error: float(error), remainder: float(remainder), scale: None }
}

#[test]
fn the_ends_of_a_tolerance_and_of_a_range_belong_to_them() {
    // tolerance 10^-5 * 10^5 = 1
    let hundred_thousand = || exactly(1.0e5, 0.0, 0.0);
    assert_eq!(verdict(hundred_thousand(), 1.0e5 + 0.5, 0.5), Verdict::Pass);
    assert_eq!(verdict(hundred_thousand(), 1.0e5 - 0.5, 0.501), Verdict::Inconclusive);
    assert_eq!(verdict(hundred_thousand(), 1.0e5 + 1.5, 0.5), Verdict::Inconclusive);
    assert_eq!(verdict(hundred_thousand(), 1.0e5 - 1.5, 0.499), Verdict::Fail);
    let range = || Target::within(&Float::with_val(64, 2), &Float::with_val(64, 0.5));
    for (value, error, want) in [
        (1.5, 0.0, Verdict::Pass),
        (2.5, 0.0, Verdict::Pass),
        (1.25, 0.25, Verdict::Inconclusive),
        (2.75, 0.25, Verdict::Inconclusive),
        (1.25, 0.125, Verdict::Fail),
        (2.75, 0.125, Verdict::Fail),
    ] {
        assert_eq!(verdict(range(), value, error), want, "{value} -+ {error}");
    }
}

#[test]
fn every_part_of_the_budget_counts_once() {
    // tolerance 1; 0.25 each of the run's rounding, its last terms, the prediction and the remainder
    let parts = |error: f64, truncation: f64, slip: f64, remainder: f64| {
        let target = exactly(1.0e5, slip, remainder);
        let expect = Expect { what: "x".into(), clock: "s", horizon: "1".into(), target, source: String::new() };
        let mut observed = seen(1.0e5, error);
        observed.truncation = Float::with_val(64, truncation) / 100_000u32;
        judge(&expect, "", 0, &observed, 5)
    };
    let all = parts(0.25, 0.25, 0.25, 0.25);
    let close = |text: &str, want: f64| (text.parse::<f64>().unwrap() - want).abs() < 1.0e-9;
    let budget = &all.budget;
    for part in [&budget.rounding, &budget.truncation, &budget.prediction, &budget.remainder] {
        assert!(close(part, 0.25), "{part}");
    }
    assert!(close(&budget.total, 1.0), "{}", budget.total);
    for more in
        [[0.375, 0.25, 0.25, 0.25], [0.25, 0.375, 0.25, 0.25], [0.25, 0.25, 0.375, 0.25], [0.25, 0.25, 0.25, 0.375]]
    {
        let [error, truncation, slip, remainder] = more;
        assert_eq!(parts(error, truncation, slip, remainder).verdict, Verdict::Inconclusive, "{more:?}");
    }
    let [error, truncation, slip, remainder] = [0.25, 0.125, 0.25, 0.25];
    assert_eq!(parts(error, truncation, slip, remainder).verdict, Verdict::Pass);
    // A range has the run's two only.
    let centre = Float::with_val(64, 1.0e5);
    let target = Target::within(&centre, &Float::with_val(64, 0.5));
    let expect = Expect { what: "x".into(), clock: "s", horizon: "1".into(), target, source: String::new() };
    let mut observed = seen(1.0e5, 0.25);
    for (truncation, want) in [(0.125, Verdict::Pass), (0.5, Verdict::Inconclusive)] {
        observed.truncation = Float::with_val(64, truncation) / 100_000u32;
        let evidence = judge(&expect, "", 0, &observed, 5);
        assert_eq!(evidence.verdict, want);
        let budget = evidence.budget;
        assert!(close(&budget.truncation, truncation) && close(&budget.rounding, 0.25), "{budget:?}");
        assert!(close(&budget.total, truncation + 0.25), "{budget:?}");
    }
}

#[test]
fn a_closed_form_is_trusted_to_two_units_in_its_last_place() {
    for value in [0.75, 1.0, 3.0, 1.0e-9, 1.0e9] {
        let Target::Number { value, error, .. } = Target::exact(Float::with_val(53, value)) else { panic!() };
        let mut next = value.clone();
        next.next_up();
        let unit = Float::with_val(64, &next - &value);
        assert_eq!(error, Float::with_val(64, &unit * 2u32), "{value}");
    }
}

#[test]
fn a_bound_is_resolved_to_a_millionth_of_its_scale() {
    let scale = Float::with_val(64, -2_000_000);
    for target in [Target::above(Float::with_val(64, 1), &scale), Target::below(Float::with_val(64, 1), &scale)] {
        assert_eq!(target.tolerance(5).unwrap(), 2);
    }
}

#[test]
fn words_and_things_not_observed_are_judged_too() {
    let mut observed = seen(1.0, 0.0);
    let judged = |observed: &Observed, target: Target| {
        let expect = Expect { what: "x".into(), clock: "s", horizon: "1".into(), target, source: "page".into() };
        let draft = Draft {
            id: "a".into(),
            kind: Kind::Sequence,
            statement: "b".into(),
            expects: vec![(0, expect.clone()), (0, expect)],
        };
        let claim = judge_claim(&draft, "#1", observed, 5);
        (claim.verdict, claim.reason)
    };
    let word = |w: &str| Target::Word(w.into());
    assert_eq!(judged(&observed, word("1")), (Verdict::Inconclusive, "not observed".into()));
    observed.measured[0] = Measured::Word("1 2".into());
    assert_eq!(judged(&observed, word("1 2")), (Verdict::Pass, String::new()));
    assert_eq!(judged(&observed, word("2")), (Verdict::Fail, "x = page: observed 1 2, not 2".into()));
    observed.measured[0] = Measured::Missing("underflow".into());
    assert_eq!(judged(&observed, word("2")), (Verdict::Inconclusive, "not observed: underflow".into()));
    let number = judged(&seen(1.0e5, 2.0), exactly(1.0e5, 0.0, 0.0));
    let why = format!("x = page: the error budget {} does not decide against {}", short(&two()), short(&one()));
    assert_eq!(number, (Verdict::Inconclusive, why));
    let (verdict, why) = judged(&seen(1.0, 2.0), Target::above(one(), &one()));
    assert_eq!(verdict, Verdict::Inconclusive);
    assert!(why.ends_with(", inf]") && why.contains("does not decide against ["), "{why}");
}

fn one() -> Float {
    Float::with_val(64, 1)
}

fn two() -> Float {
    Float::with_val(64, 2)
}

#[test]
fn the_worst_comparison_is_the_verdict_of_the_claim_and_none_is_no_pass() {
    let expect = |value: f64| Expect {
        what: "x".into(),
        clock: "s",
        horizon: "1".into(),
        target: exactly(value, 0.0, 0.0),
        source: "page".into(),
    };
    let claim = |values: &[f64]| {
        let expects = values.iter().map(|v| (0, expect(*v))).collect();
        let draft = Draft { id: "a".into(), kind: Kind::Equality, statement: "b".into(), expects };
        judge_claim(&draft, "#1", &seen(1.0e5, 0.75), 5)
    };
    assert_eq!(claim(&[1.0e5]).verdict, Verdict::Pass);
    assert!(claim(&[1.0e5]).tolerance.starts_with("10^-5 relative"));
    // Two digits more are shown than were asked for.
    let shown = &claim(&[1.0e5]).evidence[0].predicted.dec;
    assert_eq!(*shown, text::decimal(&Float::with_val(64, 1.0e5), 7));
    assert_eq!(claim(&[1.0e5, 1.0e5 + 1.0]).verdict, Verdict::Inconclusive);
    let worst = claim(&[1.0e5 + 1.0, 1.0e5 + 9.0, 1.0e5]);
    assert_eq!(worst.verdict, Verdict::Fail);
    assert!(worst.reason.ends_with(&format!("not {}", worst.evidence[1].predicted.dec)), "{}", worst.reason);
    assert_eq!(claim(&[]).verdict, Verdict::Inconclusive);
}

#[test]
fn the_digits_agreed_are_those_of_the_largest_difference() {
    let float = |x: f64| Float::with_val(64, x);
    // 2^-10 = 9.8e-4
    for (high, size, want) in [
        (0.000_976_562_5, 1.0, 3),
        (0.001_953_125, 2.0, 3),
        (0.125, 1.0, 0),
        (2.0, 1.0, 0),
        (0.0, 1.0, u32::MAX),
        (0.0, 0.0, 0),
        (f64::INFINITY, 1.0, 0),
    ] {
        assert_eq!(agreement(&float(high), &float(size)), want, "{high} of {size}");
    }
}

#[test]
fn a_constant_shifted_by_what_the_digits_asked_must_see_is_refuted() {
    let control = |digits: u32, value: &str, seen_value: &str, scale: Option<Float>| {
        let float = |text: &str| Float::with_val(400, Float::parse(text).unwrap());
        let zero = || Float::new(64);
        let target = Target::Number { value: float(value), error: zero(), remainder: zero(), scale };
        let expect = Expect { what: "x".into(), clock: "s", horizon: "1".into(), target, source: "page".into() };
        let draft = Draft { id: "a".into(), kind: Kind::Equality, statement: "b".into(), expects: vec![(0, expect)] };
        let mut observed = seen(0.0, 0.0);
        observed.measured[0] = Measured::Number { value: float(seen_value), error: zero() };
        shifted_constant(&draft, "#1", &observed, digits).unwrap()
    };
    // Beside the constant itself the shifted one fails; where the run saw the shifted one, it passes.
    for (digits, kept, shifted) in [
        (50, 30, "2.000000000000000000000000000002"),
        (40, 20, "2.00000000000000000002"),
        (39, 19, "2.0000000000000000002"),
        (12, 6, "2.000002"),
        (8, 4, "2.0002"),
    ] {
        let right = control(digits, "2", "2", None);
        assert_eq!((right.expected, right.got), (Verdict::Fail, Verdict::Fail), "{digits}");
        assert_eq!(right.what, format!("x changed by one part in 10^{kept}"));
        assert_eq!(right.id, "a/shifted");
        let wrong = control(digits, "2", shifted, None);
        assert_eq!(wrong.got, Verdict::Pass, "{digits}");
        assert!(right.fired() && !wrong.fired());
    }
    // A prediction of 0 moves on the stated scale.
    assert_eq!(control(12, "0", "0.000004", Some(Float::with_val(64, 4))).got, Verdict::Pass);
}

#[test]
fn a_wrong_law_is_judged_in_the_place_of_the_right_one() {
    let like = Expect {
        what: "x".into(),
        clock: "s",
        horizon: "1".into(),
        target: exactly(1.0, 0.0, 0.0),
        source: "page".into(),
    };
    let control = |wrong: f64| wrong_law("id", "what", exactly(wrong, 0.0, 0.0), 0, &like, &seen(1.0, 0.0), 5);
    assert_eq!((control(2.0).expected, control(2.0).got), (Verdict::Fail, Verdict::Fail));
    assert_eq!(control(1.0).got, Verdict::Pass);
    assert_eq!((control(2.0).id.as_str(), control(2.0).what.as_str()), ("id", "what"));
}
