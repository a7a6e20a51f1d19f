//! The predictions of depth 1 against reference values (`tests/reference/depth1.py`: zeros and Jacobians of the field from
//! its definition, Lambert's W), and their remainder bounds against the flow.

use rug::ops::Pow;
use rug::{Float, Rational};
use samcheck::arith::Mpfr;
use samcheck::check::{Observe, Seen};
use samcheck::predict::depth1::{Law, NoLaw, Perturbation};
use samcheck::predict::one_example::OneExample;
use samcheck::run::{Ask, At, Horizon, Probe};
use samcheck::sam::{Norm, Setting};
use serde_json::Value;

const PREC: u32 = 200;

fn reference() -> Value {
    let file: Value = serde_json::from_str(include_str!("reference/depth1.json")).unwrap();
    file["cases"][0].clone()
}

fn q(text: &str) -> Rational {
    samcheck::arith::text::parse_rational(text).unwrap()
}

fn row(v: &Value) -> Vec<Rational> {
    v.as_array().unwrap().iter().map(|x| q(x.as_str().unwrap())).collect()
}

fn rows(text: &str) -> Vec<Vec<Rational>> {
    text.split(';').map(|r| r.split_whitespace().map(q).collect()).collect()
}

fn float(v: &Value) -> Float {
    Float::with_val(PREC, Float::parse(v.as_str().unwrap()).unwrap())
}

fn perturbation(name: &str) -> Perturbation {
    match name {
        "l2" => Perturbation::L2,
        "linf" => Perturbation::Linf,
        _ => Perturbation::None,
    }
}

#[track_caller]
fn close(what: &str, got: &Float, want: &Float, digits: u32) {
    let scale = Float::with_val(PREC, want.abs_ref()).max(&Float::with_val(PREC, 1));
    let miss = Float::with_val(PREC, got - want).abs();
    let tolerance = scale / Float::with_val(PREC, 10).pow(digits);
    assert!(miss <= tolerance, "{what}: {got:.30} against {want:.30}");
}

#[test]
fn the_constants_are_where_the_field_vanishes_and_the_rates_are_its_eigenvalues_there() {
    let reference = reference();
    let cases = reference["limits"].as_array().unwrap();
    assert_eq!(cases.len(), 14);
    for case in cases {
        let name = format!("{} {}", case["name"], case["norm"]);
        let z: Vec<Vec<Rational>> = case["z"].as_array().unwrap().iter().map(row).collect();
        let rho = q(case["rho"].as_str().unwrap());
        let law = Law::new(&z, perturbation(case["norm"].as_str().unwrap()), &rho, PREC).unwrap();
        let support: Vec<usize> =
            case["support"].as_array().unwrap().iter().map(|n| usize::try_from(n.as_u64().unwrap()).unwrap()).collect();
        assert_eq!(law.margin.support, support, "{name}");
        let constants = case["constants"].as_array().unwrap();
        assert_eq!(law.constants.len(), constants.len());
        for (got, want) in law.constants.iter().zip(constants) {
            close(&name, got, &float(want), 36);
        }
        let rates = case["rates"].as_array().unwrap();
        assert_eq!(law.rates.len(), rates.len(), "{name}");
        for (got, want) in law.rates.iter().zip(rates) {
            close(&name, got, &float(want), 20);
        }
        let slides = case["sliding"].as_u64().map(|j| usize::try_from(j).unwrap());
        assert_eq!(law.pattern.iter().position(|s| *s == 0), slides, "{name}");
    }
}

#[test]
fn one_example_follows_lamberts_w() {
    let reference = reference();
    let cases = reference["one_example"].as_array().unwrap();
    assert_eq!(cases.len(), 12);
    for case in cases {
        let name = format!("{} at {}", case["norm"], case["log_t"]);
        let rho = q(case["rho"].as_str().unwrap());
        let norm = perturbation(case["norm"].as_str().unwrap());
        let law = OneExample::new(&row(&case["mu"]), &row(&case["alpha"]), norm, &rho, PREC);
        let log_t = q(case["log_t"].as_str().unwrap());
        close(&name, &law.margin(&log_t, PREC).unwrap(), &float(&case["u"]), 42);
        close(&name, &law.lag(&log_t, PREC).unwrap(), &float(&case["lag"]), 42);
    }
}

#[test]
fn data_without_a_law_say_why() {
    let law = |z: &str, p| Law::new(&rows(z), p, &q("1"), 64).map(|_| ());
    assert_eq!(law("1 0;-1 0", Perturbation::None), Err(NoLaw::NotSeparable));
    assert_eq!(law("1 0;1 1", Perturbation::L2), Err(NoLaw::Degenerate));
    assert_eq!(law("1 1;1 -1;1 2", Perturbation::None), Err(NoLaw::Degenerate));
    // Two coordinates without preference, each with its own pair: both chatter.
    assert_eq!(law("1 1 0;1 -1 0;1 0 1", Perturbation::Linf), Err(NoLaw::Degenerate));
    assert_eq!(law("1 1 1;1 -1 0;1 0 -1", Perturbation::Linf), Err(NoLaw::NoPattern));
}

/// The second and the third column are in proportion: where one slides the other has no sign either, and its rounding none.
#[test]
fn a_sum_that_is_zero_has_no_sign_at_any_precision() {
    let z = rows("3 4 -1;-1 -4 1");
    for prec in [50, 64, 100, 133, 150, 180, 200, 220, 300] {
        let law = Law::new(&z, Perturbation::Linf, &q("1/2"), prec).map(|law| law.pattern);
        assert_eq!(law, Err(NoLaw::NoPattern), "{prec} bits");
    }
}

/// By hand: `w = (-17, -2, -53)/141`, `a = (13, 9)/141`, and the signs `(-, +, -)` settle (`e^-3.5` and `e^-2.5` weigh the
/// two samples). The search swings between `(-, -, -)` and `(+, +, -)` and misses them. At `(., +, -)` the first coordinate
/// is pushed to `-` from both sides: no slide.
#[test]
fn a_coordinate_pushed_to_one_side_from_both_does_not_slide() {
    let z = rows("-2 -1/2 -2;1 1/2 -3");
    match Law::new(&z, Perturbation::Linf, &q("1"), PREC) {
        Ok(law) => assert_eq!(law.pattern, [-1, 1, -1]),
        Err(why) => assert_eq!(why, NoLaw::NoPattern),
    }
}

/// `<z_n, v>` on the support at several `tau`.
fn observed(
    z: &[Vec<Rational>],
    norm: Norm,
    rho: &str,
    start: &[Rational],
    law: &Law,
    taus: &[u32],
) -> Vec<Vec<Float>> {
    let setting = Setting { z: z.to_vec(), depth: 1, norm, rho: q(rho) };
    let asks = taus.iter().flat_map(|tau| {
        law.margin.support.iter().map(|&n| Ask::Frame(z[n].clone(), q("1"), At::Tau(Rational::from(*tau))))
    });
    let last = Rational::from(*taus.last().unwrap());
    let probe = Probe { setting, start: vec![start.to_vec()], horizon: Horizon::Tau(last), asks: asks.collect() };
    let seen = probe.observe(&Mpfr::with_digits(90)).seen;
    let numbers: Vec<Float> = seen
        .into_iter()
        .map(|s| match s {
            Seen::Number(x) => x,
            other => panic!("{other:?}"),
        })
        .collect();
    numbers.chunks(law.margin.support.len()).map(<[Float]>::to_vec).collect()
}

fn largest_residual(seen: &[Float], law: &Law) -> Float {
    let gaps = seen.iter().zip(&law.constants).map(|(x, c)| Float::with_val(300, x - c).abs());
    gaps.fold(Float::new(300), |m, x| m.max(&x))
}

#[test]
fn the_proved_bounds_hold_on_the_flow_and_fall_at_its_rate() {
    let taus = [5, 20, 60, 150];
    for (z, norm, rho, start) in [
        ("1 2;2 1/2", Norm::None, "0", "0 0"),
        ("1 1 0;1 -1/2 1;2 2 3", Norm::None, "0", "1 -1 0"),
        ("1 1/4;1 -1/4;3 1", Norm::None, "0", "1 1"),
        ("1 2;2 1/2", Norm::Linf, "1/2", "0 0"),
        ("1 0 1/2;0 1 1/2;1 1/2 -1/4", Norm::Linf, "1/4", "1/2 0 0"),
        ("1/2", Norm::None, "0", "-3"),
    ] {
        let (z, start) = (rows(z), rows(start)[0].clone());
        let kind = if norm == Norm::Linf { Perturbation::Linf } else { Perturbation::None };
        let law = Law::new(&z, kind, &q(rho), 400).unwrap();
        let mut bounds = Vec::new();
        for (tau, seen) in taus.iter().zip(observed(&z, norm, rho, &start, &law, &taus)) {
            let bound = law.bound_from_start(&start, &Rational::new(), &Rational::from(*tau));
            let residual = largest_residual(&seen, &law);
            assert!(residual <= bound, "{z:?} tau = {tau}: {residual:.3e} > {bound:.3e}");
            bounds.push(bound);
        }
        // From 60 to 150 it falls like e^(-kappa 90), up to the factor tau.
        let kappa = law.exponent().unwrap().clone().min(&Float::with_val(64, 1));
        let fall = Float::with_val(64, &bounds[3] / &bounds[2]).ln();
        assert!(fall <= Float::with_val(64, 3) - kappa * 90u32, "{z:?}: {fall:.4}");
    }
}

#[test]
fn the_bound_holds_for_signs_that_settle_late_and_the_estimate_holds_while_sliding() {
    let taus = [20, 60, 150];
    let z = rows("3/4 3/4 1/4;2 3/2 1;5/4 -1 5/4;0 0 3/4");
    let start = rows("7/4 1 -1")[0].clone();
    let law = Law::new(&z, Perturbation::Linf, &q("1/4"), 400).unwrap();
    for (tau, seen) in taus.iter().zip(observed(&z, Norm::Linf, "1/4", &start, &law, &taus)) {
        // A sign changes at tau = 1.83.
        let bound = law.bound_from_start(&start, &q("2"), &Rational::from(*tau));
        assert!(largest_residual(&seen, &law) <= bound, "tau = {tau}");
    }
    let near = law.near(&q("20"));
    let seen = observed(&z, Norm::Linf, "1/4", &start, &law, &taus);
    assert!(largest_residual(&seen[0], &law) <= near.distance, "not near at 20");
    for (tau, seen) in taus.iter().zip(&seen).skip(1) {
        let bound = law.bound_from_near(&near, &Rational::from(*tau));
        assert!(largest_residual(seen, &law) <= bound, "tau = {tau}: {bound:.3e}");
        assert!(bound < Float::with_val(64, 1), "tau = {tau}: {bound:.3e}");
    }
    for (z, rho) in [("3 -1;-1 2", "1"), ("3/2 5/4 3/4;3/4 1/4 3/2;1/4 -1 -1/2", "1/2")] {
        let z = rows(z);
        let start = vec![Rational::new(); z[0].len()];
        let law = Law::new(&z, Perturbation::Linf, &q(rho), 400).unwrap();
        assert!(law.slides());
        for (tau, seen) in taus.iter().zip(observed(&z, Norm::Linf, rho, &start, &law, &taus)) {
            let estimate = law.estimate_while_sliding(&start, &Rational::from(*tau));
            assert!(largest_residual(&seen, &law) <= estimate, "{z:?} tau = {tau}");
        }
    }
}

#[test]
fn two_sam_once_near_stays_within_its_bound() {
    for (z, rho, start) in [("1 2;2 1/2", "1/2", "0 0"), ("1 1 0;1 -1/2 1;2 2 3", "1/4", "0 0 0")] {
        let (z, start) = (rows(z), rows(start)[0].clone());
        let law = Law::new(&z, Perturbation::L2, &q(rho), 400).unwrap();
        let near = law.near(&Rational::from(80));
        let seen = observed(&z, Norm::L2, rho, &start, &law, &[80, 100, 140]);
        assert!(largest_residual(&seen[0], &law) <= near.distance, "not near at 80");
        for (tau, seen) in [100, 140].into_iter().zip(&seen[1..]) {
            let bound = law.bound_from_near(&near, &Rational::from(tau));
            let residual = largest_residual(seen, &law);
            assert!(residual <= bound, "tau = {tau}: {residual:.3e} > {bound:.3e}");
            assert!(bound < Float::with_val(64, &near.distance * 100u32), "tau = {tau}: {bound:.3e}");
        }
        // Too early, the push of the other samples is not yet small: no bound is claimed.
        assert!(law.bound_from_near(&law.near(&Rational::from(1)), &Rational::from(100)).is_infinite());
    }
}

#[test]
fn signs_are_not_read_where_the_run_has_not_been() {
    let setting = Setting { z: rows("1 2;2 1/2"), depth: 1, norm: Norm::Linf, rho: q("1/2") };
    let asks = [5, 20].map(|tau| Ask::Signs(At::Tau(Rational::from(tau)))).to_vec();
    let start = vec![vec![Rational::new(); 2]];
    let probe = Probe { setting, start, horizon: Horizon::Tau(Rational::from(10)), asks };
    let seen = probe.observe(&Mpfr::with_digits(30)).seen;
    assert!(matches!(seen[0], Seen::Word(_)), "{:?}", seen[0]);
    assert!(matches!(seen[1], Seen::Missing(_)), "{:?}", seen[1]);
}
