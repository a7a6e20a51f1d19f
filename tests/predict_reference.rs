//! The predicted side against reference values that Python integrated from the original definition or evaluated
//! by other libraries (`tests/reference/*.py`, committed with the JSON they wrote).

use proptest::prelude::*;
use rug::ops::Pow;
use rug::{Float, Rational};
use samcheck::predict::clock::Coordinate;
use samcheck::predict::{direction, ei, fates, gd, legendre, linf_deep, linf_depth2, loss, quadrature, steps};
use serde_json::Value;

const PREC: u32 = 200;

fn cases(file: &str) -> (u32, Vec<Value>) {
    let path = format!("{}/tests/reference/{file}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let json: Value = serde_json::from_str(&text).unwrap();
    let digits = u32::try_from(json["digits"].as_u64().unwrap()).unwrap();
    (digits, json["cases"].as_array().unwrap().clone())
}

fn rational(v: &Value) -> Rational {
    q(v.as_str().unwrap())
}

fn q(text: &str) -> Rational {
    text.parse().unwrap()
}

fn rationals(v: &Value) -> Vec<Rational> {
    v.as_array().unwrap().iter().map(rational).collect()
}

fn float(v: &Value) -> Float {
    let parsed = Float::parse(v.as_str().unwrap()).unwrap();
    Float::with_val(PREC + 64, parsed)
}

/// `|a - b| <= 10^-digits max(|b|, floor)`.
fn close(what: &str, got: &Float, want: &Float, digits: u32, floor: u32) {
    let scale = Float::with_val(PREC, want.abs_ref()).max(&Float::with_val(PREC, floor));
    let tol = scale / Float::with_val(PREC, 10u32).pow(digits);
    let wide = got.prec().max(want.prec());
    let miss = Float::with_val(wide, got - want).abs();
    assert!(miss <= tol, "{what}: {got} against {want}, off by {miss:.3e}");
}

struct Instance {
    name: String,
    mu: Vec<Rational>,
    alpha: Vec<Rational>,
    rho: Rational,
    depth: u32,
}

fn instance(case: &Value) -> Instance {
    Instance {
        name: case["name"].as_str().unwrap_or_default().to_owned(),
        mu: rationals(&case["mu"]),
        alpha: rationals(&case["alpha"]),
        rho: rational(&case["rho"]),
        depth: u32::try_from(case["depth"].as_u64().unwrap_or(2)).unwrap(),
    }
}

fn w(i: &Instance, j: usize, s: &Rational, prec: u32) -> Float {
    if i.depth == 2 {
        linf_depth2::w(&i.mu[j], &i.alpha[j], &i.rho, s, prec).unwrap()
    } else {
        linf_deep::w(&i.mu[j], &i.alpha[j], &i.rho, i.depth, s, prec).unwrap()
    }
}

#[test]
fn closed_forms_agree_with_the_flow_integrated_from_its_definition() {
    let (digits, cases) = cases("flow_inf");
    assert!(cases.len() >= 13);
    for case in &cases {
        let i = instance(case);
        let s = rational(&case["s"]);
        for j in 0..i.mu.len() {
            close(&i.name, &w(&i, j, &s, PREC), &float(&case["w"][j]), digits, 1);
            if i.rho == 0 {
                let beta = gd::beta(&i.mu[j], &i.alpha[j], &s, PREC).unwrap();
                close(&i.name, &beta, &float(&case["w"][j]).square(), digits, 1);
            }
        }
    }
}

#[test]
fn times_of_zero_agree_with_the_events_of_the_definition() {
    let (digits, cases) = cases("flow_inf");
    let mut seen = 0;
    for case in &cases {
        let i = instance(case);
        for (j, hit) in case["hits"].as_object().unwrap() {
            let j: usize = j.parse().unwrap();
            let got = if i.depth == 2 {
                linf_depth2::hit_time(&i.mu[j], &i.alpha[j], &i.rho, PREC).unwrap()
            } else {
                let t = linf_deep::hit_time(&i.mu[j], &i.alpha[j], &i.rho, i.depth).unwrap();
                Float::with_val(PREC, t)
            };
            close(&i.name, &got, &float(hit), digits, 1);
            seen += 1;
        }
    }
    assert!(seen >= 4);
}

#[test]
fn the_quadrature_clock_agrees_with_the_time_the_definition_takes() {
    let (digits, cases) = cases("flow_inf");
    for case in &cases {
        let i = instance(case);
        let s = rational(&case["s"]);
        let time = quadrature::log_time(&i.mu, &i.alpha, &i.rho, i.depth, &s, 160).unwrap();
        assert!(time.error < Float::with_val(64, 1u32) >> 150u32, "{}: {}", i.name, time.error);
        close(&i.name, &time.log_t, &float(&case["log_t"]), digits, 1);
    }
}

#[test]
fn the_clock_of_a_pinned_coordinate_is_filippovs_and_the_algorithms_not_that_of_sign_zero() {
    let (digits, cases) = cases("filippov_clock");
    for case in &cases {
        let i = instance(case);
        let s = rational(&case["s"]);
        let time = quadrature::log_time(&i.mu, &i.alpha, &i.rho, i.depth, &s, 160).unwrap();
        close(&i.name, &time.log_t, &float(&case["log_t"]), digits, 1);
        let t = time.log_t.exp();
        let other = float(&case["t_sign_zero"]);
        assert!(Float::with_val(PREC, &t - &other) > Float::with_val(PREC, &t / 20u32), "{}", i.name);
        let finest = float(&case["t_algorithm"]["0.0001"]);
        let miss = Float::with_val(PREC, &finest / &t) - 1u32;
        assert!(miss.abs() < 0.01, "{}: algorithm {finest}, Filippov {t}", i.name);
    }
}

#[test]
fn the_joint_blow_up_and_where_the_others_stop_agree_with_the_definition() {
    let (digits, cases) = cases("blow_up");
    for case in &cases {
        let i = instance(case);
        let end = linf_deep::joint_blow_up(&i.mu, &i.alpha, &i.rho, i.depth).unwrap();
        let leader = usize::try_from(case["leader"].as_u64().unwrap()).unwrap();
        let tied: Vec<usize> =
            case["tied"].as_array().unwrap().iter().map(|j| usize::try_from(j.as_u64().unwrap()).unwrap()).collect();
        let mut leaders = vec![leader];
        leaders.extend(&tied);
        assert_eq!(end.leaders, leaders, "{}", i.name);
        close(&i.name, &Float::with_val(PREC, &end.time), &float(&case["time"]), digits, 1);
        let values = linf_deep::w_before_blow_up(&i.mu, &i.alpha, &i.rho, i.depth, &Rational::new(), PREC).unwrap();
        for (j, want) in case["others"].as_object().unwrap() {
            let j: usize = j.parse().unwrap();
            let got = values[j].as_ref().unwrap();
            close(&i.name, got, &float(want), digits, 1);
            let beta = linf_deep::beta_at_blow_up(&i.mu, &i.alpha, &i.rho, i.depth, j, PREC).unwrap();
            close(&i.name, &beta, &float(want).pow(i.depth), digits - 1, 1);
        }
        for (j, ratio) in tied.iter().zip(case["tied_ratio"].as_array().unwrap()) {
            // limit direction: beta_j/beta_leader = (ratio of w - rho)^L
            let v = direction::direction(&i.mu, &i.alpha, &i.rho, i.depth, PREC).unwrap();
            let got = Float::with_val(PREC, &v[*j] / &v[leader]);
            close(&i.name, &got, &float(ratio).pow(i.depth), digits - 2, 0);
        }
    }
}

#[test]
fn the_finding_of_theorem_3_2_stands_in_exact_rationals() {
    let mu = [q("1"), q("2"), q("3")];
    let alpha = [q("1/2"), q("6/5"), q("11/10")];
    let fates = fates::joint(&mu, &alpha, &q("1"), 3);
    assert_eq!(fates, [fates::Fate::StopsShort, fates::Fate::Diverges, fates::Fate::StopsShort]);
    assert_eq!(fates::alone(&alpha[2], &q("1"), 3), fates::Fate::Diverges);
    assert_eq!(linf_deep::joint_blow_up(&mu, &alpha, &q("1"), 3).unwrap().time, q("5/2"));
    for (j, want) in [(0, q("343/729")), (2, q("343/125"))] {
        let got = linf_deep::beta_at_blow_up(&mu, &alpha, &q("1"), 3, j, PREC).unwrap();
        close("beta(T*)", &got, &Float::with_val(PREC, want), 55, 0);
    }
}

#[test]
fn the_exponential_integral_agrees_with_mpmath_and_arb() {
    let (digits, cases) = cases("special");
    for case in cases.iter().filter(|c| c["kind"] == "ei") {
        let x = Float::with_val(600, rational(&case["x"]));
        let name = case["x"].as_str().unwrap();
        close(name, &ei::scaled(&x, PREC), &float(&case["scaled"]), digits, 0);
        if case["log"].is_string() {
            close(name, &ei::ln(&x, PREC), &float(&case["log"]), digits, 0);
        }
    }
}

#[test]
fn the_one_coordinate_clock_agrees_with_quadrature_of_its_defining_integral() {
    let (digits, cases) = cases("special");
    for case in cases.iter().filter(|c| c["kind"] == "clock") {
        let c = Coordinate::new(&rational(&case["mu"]), &rational(&case["alpha"]), &rational(&case["rho"])).unwrap();
        let log_t = Float::with_val(300, rational(&case["log_t"]));
        let zeta = c.zeta_of_log_t(&log_t, PREC).unwrap_or_else(|| panic!("{case}"));
        close("zeta", &zeta, &float(&case["zeta"]), digits, 0);
        let back = c.log_t_of_zeta(&zeta, PREC).unwrap();
        close("log t", &back, &log_t, 50, 1);
        // the two clocks of this side, Ei and Gauss-Legendre, share no formula: compare them where s is rational
        let s = Rational::from((3, 7));
        let mu = [rational(&case["mu"])];
        let alpha = [rational(&case["alpha"])];
        let one = c.log_t_of_zeta(&c.zeta(&s, 400), PREC).unwrap();
        let two = quadrature::log_time(&mu, &alpha, &rational(&case["rho"]), 2, &s, PREC).unwrap();
        close("two clocks", &one, &two.log_t, 55, 1);
    }
}

#[test]
fn both_clocks_reach_log_t_of_ten_to_the_thousand() {
    let c = Coordinate::new(&q("2"), &q("3/2"), &q("1")).unwrap();
    let log_t = Float::with_val(4000, 10u32).pow(1000u32);
    let zeta = c.zeta_of_log_t(&log_t, 3600).unwrap();
    // zeta - log t = log log t + log(2 mu) + o(1)
    let lag = Float::with_val(3600, &zeta - &log_t);
    let want = Float::with_val(300, log_t.ln_ref()) + Float::with_val(300, 4u32).ln();
    close("zeta - log t", &lag, &want, 70, 0);
    let s = c.s_of_zeta(&zeta, 64).to_rational().unwrap();
    let time = quadrature::log_time(&[q("2")], &[q("3/2")], &q("1"), 2, &s, PREC).unwrap();
    let exact = c.lag(&c.zeta(&s, 4000), PREC).unwrap();
    close("lag", &time.lag, &exact, 55, 0);
}

#[test]
fn the_loss_laws_hold_within_their_remainder_bounds_and_the_bounds_shrink() {
    for (mu, alpha, rho) in [("2", "3/2", "1"), ("1/3", "5/4", "1/2"), ("1", "2", "0")] {
        let (mu, alpha, rho) = (q(mu), q(alpha), q(rho));
        let c = Coordinate::new(&mu, &alpha, &rho).unwrap();
        let mut widths = Vec::new();
        for power in [1u32, 2, 5, 20, 60] {
            let log_t = Float::with_val(600, 10u32).pow(power) * 2u32;
            let zeta = c.zeta_of_log_t(&log_t, 400).unwrap();
            let laws = [
                (loss::zeta_law(&c, &log_t, PREC), zeta.clone()),
                (loss::perturbed_loss_law(&c, &log_t, PREC), loss::log_loss_at_margin(&zeta, 400)),
                (
                    loss::loss_law(&c, &rho, &log_t, PREC),
                    loss::log_loss_at_margin(&loss::margin_at_theta(&mu, &rho, &zeta, 400), 400),
                ),
            ];
            for (law, value) in laws {
                let law = law.unwrap();
                // leading is rounded to PREC bits: as wide as log t itself here
                let slack = Float::with_val(PREC, law.leading.abs_ref()) >> (PREC - 2);
                let rest = Float::with_val(600, &value - &law.leading);
                assert!(
                    rest >= Float::with_val(600, &law.low - &slack),
                    "{mu} {power}: {rest:.9e} below {:.9e}",
                    law.low
                );
                assert!(
                    rest <= Float::with_val(600, &law.high + &slack),
                    "{mu} {power}: {rest:.9e} above {:.9e}",
                    law.high
                );
                widths.push(Float::with_val(64, &law.high - &law.low));
            }
        }
        for k in 0..3 {
            assert!(widths[12 + k] < Float::with_val(64, &widths[k] / 1000u32));
        }
    }
}

#[test]
fn the_direction_bounds_hold_and_are_not_wasteful() {
    let rho = q("1");
    let l1 = |i: &Instance, s: &Rational| -> Float {
        let v = direction::direction(&i.mu, &i.alpha, &i.rho, i.depth, 400).unwrap();
        let beta: Vec<Float> = (0..i.mu.len()).map(|j| w(i, j, s, 400).pow(i.depth)).collect();
        let norm = beta.iter().fold(Float::new(400), |a, b| a + b);
        beta.iter().zip(v).fold(Float::new(400), |a, (b, v)| a + (Float::with_val(400, b / &norm) - v).abs())
    };
    let make = |mu: &[&str], alpha: &[&str], depth| Instance {
        name: String::new(),
        mu: mu.iter().map(|x| q(x)).collect(),
        alpha: alpha.iter().map(|x| q(x)).collect(),
        rho: rho.clone(),
        depth,
    };
    for i in [make(&["1", "2", "3"], &["3/2", "6/5", "1/2"], 2), make(&["1", "2", "3"], &["3", "1", "11/10"], 2)] {
        for s in [1, 3, 10, 40] {
            let s = Rational::from(s);
            let bound = direction::bound_depth2(&i.mu, &i.alpha, &i.rho, &s, 100).unwrap();
            let seen = l1(&i, &s);
            assert!(seen <= bound, "s = {s}: {seen:.5e} > {bound:.5e}");
            assert!(s < 10 || bound < seen * 1000u32, "s = {s}: {bound:.5e} is wasteful");
        }
    }
    for i in [
        make(&["1", "2", "3"], &["1/2", "6/5", "11/10"], 3),
        make(&["1", "2", "4"], &["2", "3/2", "11/10"], 3),
        make(&["1", "2", "3"], &["1/2", "8/5", "13/10"], 4),
        make(&["1", "4", "5"], &["2", "3/2", "1/2"], 4),
        make(&["1", "8", "5"], &["2", "3/2", "1/2"], 5),
        make(&["1", "2"], &["3/2", "7/5"], 6),
    ] {
        let end = linf_deep::joint_blow_up(&i.mu, &i.alpha, &i.rho, i.depth).unwrap();
        for k in [2u32, 10, 40, 120] {
            let remaining = &end.time / q("2").pow(k);
            let s = Rational::from(&end.time - &remaining);
            let bound = direction::bound_deep(&i.mu, &i.alpha, &i.rho, i.depth, &remaining, 100).unwrap();
            let seen = l1(&i, &s);
            assert!(seen <= bound, "L = {}, k = {k}: {seen:.5e} > {bound:.5e}", i.depth);
            assert!(k < 40 || bound < seen * 1000u32, "L = {}, k = {k}: {bound:.5e} is wasteful", i.depth);
            let lead = end.leaders[0];
            let at = linf_deep::leader_at_remaining(&i.mu[lead], &i.rho, i.depth, &remaining, 200);
            let same = direction::bound_deep_at_w(&i.mu, &i.alpha, &i.rho, i.depth, &at, 100).unwrap();
            close("bound at w", &same, &bound, 20, 0);
            for j in (0..i.mu.len()).filter(|j| !end.leaders.contains(j)) {
                let gap = fates::gap_bound(&i.mu, &i.alpha, &i.rho, i.depth, j, &remaining, 100).unwrap();
                let here = w(&i, j, &s, 400).pow(i.depth);
                let there = linf_deep::beta_at_blow_up(&i.mu, &i.alpha, &i.rho, i.depth, j, 400).unwrap();
                assert!((here - there).abs() <= gap, "L = {}, k = {k}, j = {j}: gap", i.depth);
            }
            let time = quadrature::log_time(&i.mu, &i.alpha, &i.rho, i.depth, &s, 100).unwrap();
            if let Some(most) = fates::remaining_bound(&i.mu, &i.alpha, &i.rho, i.depth, &time.log_t, 100) {
                assert!(remaining <= most, "L = {}, k = {k}: remaining", i.depth);
                assert!(k < 40 || most < Rational::from(&remaining * 2), "L = {}: remaining wasteful", i.depth);
            } else {
                assert!(k < 40);
            }
        }
    }
    for i in [make(&["1", "2"], &["1/2", "9/10"], 3), make(&["1", "2"], &["1/2", "1"], 5)] {
        for s in [1, 10, 1000, 1_000_000] {
            let s = Rational::from(s);
            let bound = direction::bound_constant_direction(&i.mu, &i.alpha, &i.rho, i.depth, &s, 100).unwrap();
            assert!(l1(&i, &s) <= bound);
        }
    }
    // even depth: exactly at the limit once the last coordinate has reached zero
    let i = make(&["1", "2"], &["1/2", "1"], 4);
    assert!(direction::bound_constant(&i.mu, &i.alpha, &i.rho, 4, &q("3/2"), 100).unwrap().is_zero());
    assert!(!direction::bound_constant(&i.mu, &i.alpha, &i.rho, 4, &q("149/100"), 100).unwrap().is_zero());
}

#[test]
fn every_basis_vector_is_the_limit_of_some_start() {
    let mu = [q("1"), q("2"), q("7")];
    for depth in 2..7 {
        for j in 0..3 {
            let alpha = direction::start_with_limit(j, 3, &q("1/3"));
            let v = direction::exact_direction(&mu, &alpha, &q("1/3"), depth).unwrap();
            assert!((0..3).all(|i| v[i] == u32::from(i == j)));
        }
    }
    assert_eq!(direction::limit(&mu, &[q("1/4"), q("1/5"), q("1/6")], &q("1/3"), 4), direction::Limit::Zero);
    assert_eq!(
        direction::exact_direction(&mu, &[q("1/4"), q("1/5"), q("1/6")], &q("1/3"), 5).unwrap(),
        vec![q("1/3"); 3]
    );
}

/// Equal `mu` at depth 2 lie outside the theorem: `w_j - rho = (alpha_j - rho) e^(mu s)` keeps the ratio of the offsets,
/// so `beta` tends to the direction of their squares. With rho = 3/2 none of 2, 3, 7/2 has the same offset as quotient.
#[test]
fn tied_coordinates_of_depth_two_share_the_limit_by_the_squares_of_their_offsets() {
    let v = direction::exact_direction(&[q("1"), q("2"), q("2")], &[q("3"), q("2"), q("7/2")], &q("3/2"), 2).unwrap();
    assert_eq!(v, [q("0"), q("1/17"), q("16/17")]);
}

/// The bounds of `proofs/thm-3.2.md`, "The gap", worked out by hand at rho = 2, mu = (1, 2), an eighth before `T*`.
#[test]
fn the_gap_bounds_are_those_of_the_page() {
    for (depth, alpha, want) in [
        // L rho^(L-1) mu (rho - alpha)^(L-1)/8
        (3, ["1/2", "3"], "27/8"),
        // L alpha^(L-1) mu rho^(L-1)/8
        (4, ["1/4", "3"], "1/16"),
        // L (w u)^(L-1) mu/8: T* = 1/4, u = 1/(1 - 1/4), w = 10/3
        (3, ["3", "4"], "200/27"),
    ] {
        let got = fates::gap_bound(&[q("1"), q("2")], &alpha.map(q), &q("2"), depth, 0, &q("1/8"), 100).unwrap();
        close("gap", &got, &Float::with_val(PREC, q(want)), 28, 0);
    }
}

/// `log(w - rho) = log 2 + 2` by mpmath (`mp.dps = 70; log(2) + 2`), and a zero so early that
/// `-log(1 - a) = a + a^2/2 + ...`, `a = 10^-40`, has all its digits only through `log1p`.
#[test]
fn logarithms_at_depth_two_keep_their_digits() {
    let got = linf_depth2::log_offset(&q("2/3"), &q("7/2"), &q("3/2"), &q("3"), PREC).unwrap();
    let want = "2.693147180559945309417232121458176568075500134360255254120680009";
    close("log offset", &got, &Float::with_val(300, Float::parse(want).unwrap()), 58, 0);
    let a = q("10").pow(40u32).recip();
    let hit = linf_depth2::hit_time(&q("2"), &Rational::from(&a * &q("3")), &q("3"), PREC).unwrap();
    let series = (&a + Rational::from(&a * &a) / 2u32) / 2u32;
    close("early zero", &hit, &Float::with_val(300, series), 58, 0);
    // So late that `log1p` would lose them: -log(10^-60)/2 = 30 log 10, by mpmath.
    let late = q("1") - q("10").pow(60u32).recip();
    let hit = linf_depth2::hit_time(&q("2"), &late, &q("1"), PREC).unwrap();
    let want = "69.077552789821370520539743640530926228033044658863189280999837029";
    close("late zero", &hit, &Float::with_val(300, Float::parse(want).unwrap()), 58, 0);
}

/// Five steps of the algorithm by mpmath, `mp.dps = 60`, both layers: `eps = rho sign(gradient)`, then
/// `w_l += eta sigma(-<mu, w^_1 w^_2>) mu w^_(1-l)`; below, with sigma at the weights themselves.
#[test]
fn the_algorithm_in_product_form_takes_the_steps_of_its_definition() {
    let mu = [q("1"), q("2")];
    let alpha = [q("3/4"), q("1/5")];
    for (at_weights, want) in [
        (
            false,
            [
                "0.86547221620711463702352010716979888776548783383017",
                "0.17486459531657327945956342066186153452634245868636",
            ],
        ),
        (
            true,
            [
                "0.83920319067528553947303986093922870314028958882215",
                "0.18092952250040585699595800282860257750666561333732",
            ],
        ),
    ] {
        let got = steps::weights((&mu, &alpha, &q("1/4")), &q("1/10"), 5, at_weights, PREC).unwrap();
        assert_eq!(got.len(), want.len());
        for (got, want) in got.iter().zip(want) {
            close("step", got, &Float::with_val(300, Float::parse(want).unwrap()), 48, 0);
        }
    }
}

#[test]
fn gradient_descents_path_ratio_and_direction_bound_are_consistent() {
    let mu = [q("1"), q("2"), q("5/2")];
    let alpha = [q("3"), q("1/2"), q("1/3")];
    for s in [0, 1, 5, 30] {
        let s = Rational::from(s);
        let beta: Vec<Float> = (0..3).map(|j| gd::beta(&mu[j], &alpha[j], &s, 400).unwrap()).collect();
        for j in 0..3 {
            let on_path = gd::beta_on_path((&mu[j], &alpha[j]), (&mu[2], &alpha[2]), &beta[2], PREC);
            close("path", &on_path, &beta[j], 55, 0);
            let ratio = gd::log_ratio((&mu[j], &alpha[j]), (&mu[2], &alpha[2]), &s, PREC);
            close("ratio", &ratio, &Float::with_val(400, &beta[j] / &beta[2]).ln(), 55, 1);
        }
        let norm = Float::with_val(400, &beta[0] + &beta[1]) + &beta[2];
        let far = (1 - Float::with_val(400, &beta[2] / &norm)) * 2u32;
        assert!(far <= gd::direction_bound(&mu, &alpha, &s, 100));
    }
}

#[test]
fn gauss_legendre_integrates_polynomials_exactly() {
    for n in [1u32, 2, 7, 40] {
        let rule = legendre::Rule::new(n, PREC);
        for power in [0, 2 * n - 2, 2 * n - 1] {
            let sum = rule
                .nodes
                .iter()
                .zip(&rule.weights)
                .fold(Float::new(PREC), |sum, (x, weight)| sum + Float::with_val(PREC, x.pow(power)) * weight);
            let want = if power % 2 == 0 { Rational::from((2, power + 1)) } else { Rational::new() };
            close("moment", &sum, &Float::with_val(PREC, want), 55, 1);
        }
    }
}

fn positive() -> impl Strategy<Value = Rational> {
    (1u32..40, 1u32..40).prop_map(Rational::from)
}

fn coordinates() -> impl Strategy<Value = (Vec<Rational>, Vec<Rational>)> {
    proptest::collection::vec((positive(), positive()), 1..5).prop_map(|v| v.into_iter().unzip())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// `(rho, alpha, s) -> (c rho, c alpha, c^-(L-2) s)` multiplies `w` by `c`.
    #[test]
    fn scaling_rho_and_alpha_scales_w(mu in positive(), alpha in positive(), rho in positive(), c in positive(), s in positive(), depth in 2u32..7) {
        let (alpha2, rho2) = (Rational::from(&alpha * &c), Rational::from(&rho * &c));
        let s2 = &s / c.clone().pow(depth - 2);
        let pair = |a: &Rational, r: &Rational, s: &Rational| if depth == 2 {
            linf_depth2::w(&mu, a, r, s, PREC).ok()
        } else {
            linf_deep::w(&mu, a, r, depth, s, PREC)
        };
        match (pair(&alpha, &rho, &s), pair(&alpha2, &rho2, &s2)) {
            (Some(one), Some(two)) => close("scaled", &two, &(one * Float::with_val(PREC, &c)), 57, 0),
            (None, None) => {}
            other => prop_assert!(false, "one blows up, the other does not: {other:?}"),
        }
    }

    #[test]
    fn permuting_coordinates_permutes_every_answer((mu, alpha) in coordinates(), rho in positive(), depth in 2u32..7) {
        let back = |v: &[Rational]| v.iter().rev().cloned().collect::<Vec<_>>();
        let (mu2, alpha2) = (back(&mu), back(&alpha));
        let mut there = fates::joint(&mu2, &alpha2, &rho, depth);
        there.reverse();
        prop_assert_eq!(fates::joint(&mu, &alpha, &rho, depth), there);
        let one = direction::direction(&mu, &alpha, &rho, depth, PREC);
        let two = direction::direction(&mu2, &alpha2, &rho, depth, PREC);
        match (one, two) {
            (Some(one), Some(mut two)) => {
                two.reverse();
                for (a, b) in one.iter().zip(&two) { close("direction", a, b, 58, 0); }
            }
            (a, b) => prop_assert!(a.is_none() && b.is_none()),
        }
    }

    /// Precision only adds digits: 100 bits against 300.
    #[test]
    fn the_last_bit_is_right(mu in positive(), alpha in positive(), rho in positive(), s in positive(), depth in 2u32..7) {
        let at = |prec| if depth == 2 {
            linf_depth2::w(&mu, &alpha, &rho, &s, prec).ok()
        } else {
            linf_deep::w(&mu, &alpha, &rho, depth, &s, prec)
        };
        if let (Some(low), Some(high)) = (at(100), at(300)) {
            prop_assert_eq!(low, Float::with_val(100, high));
        }
    }

    /// Just before its exact zero or blow-up nothing is lost.
    #[test]
    fn nothing_is_lost_next_to_a_zero(mu in positive(), alpha in positive(), rho in positive(), k in 1u32..300) {
        prop_assume!(alpha < rho);
        let hit = linf_deep::hit_time(&mu, &alpha, &rho, 4).unwrap();
        let s = &hit - &hit / q("2").pow(k);
        let w = linf_deep::w(&mu, &alpha, &rho, 4, &s, 100).unwrap();
        prop_assert_eq!(w, Float::with_val(100, linf_deep::w(&mu, &alpha, &rho, 4, &s, 500).unwrap()));
        let near = linf_depth2::hit_time(&mu, &alpha, &rho, k + 2).unwrap().to_rational().unwrap();
        let w = linf_depth2::w(&mu, &alpha, &rho, &near, 100).unwrap();
        prop_assert_eq!(w, Float::with_val(100, linf_depth2::w(&mu, &alpha, &rho, &near, 900).unwrap()));
    }
}
