//! Bounds and remainders of the predicted side against the numbers that the formulas of `proofs/*.md` give, evaluated by
//! `tests/reference/{depth1_bounds,bounds,law}.py`: an inequality on a path is not enough to find a wrong constant.

use rug::ops::Pow;
use rug::{Float, Rational};
use samcheck::predict::clock::Coordinate;
use samcheck::predict::depth1::{Law, Perturbation};
use samcheck::predict::two_sam::{self, Example, Solvers};
use samcheck::predict::{direction, fates, gd, loss};
use serde_json::Value;

const PREC: u32 = 200;

fn cases(file: &str) -> Vec<Value> {
    let path = format!("{}/tests/reference/{file}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
    let json: Value = serde_json::from_str(&text).unwrap();
    json["cases"].as_array().unwrap().clone()
}

fn q(v: &Value) -> Rational {
    v.as_str().unwrap().parse().unwrap()
}

fn row(v: &Value) -> Vec<Rational> {
    v.as_str().unwrap().split(' ').map(|x| x.parse().unwrap()).collect()
}

fn float(v: &Value) -> Float {
    Float::with_val(PREC, Float::parse(v.as_str().unwrap()).unwrap())
}

/// A bound of `digits` digits: never below the page's number, and above it by no more than its rounding.
#[track_caller]
fn bounds(what: &str, got: &Float, want: &Float, digits: u32) {
    let slack = Float::with_val(PREC, want.abs_ref()) / Float::with_val(PREC, 10).pow(digits);
    let over = Float::with_val(PREC, got - want);
    let below = Float::with_val(PREC, -&slack) / 10_000_000u32;
    assert!(over >= below && over <= slack, "{what}: {got:.25} against {want:.25}");
}

#[test]
fn the_remainder_bounds_of_depth_one_are_the_numbers_of_their_pages() {
    for case in cases("depth1_bounds") {
        let z: Vec<Vec<Rational>> = case["z"]
            .as_str()
            .unwrap()
            .split(';')
            .map(|r| r.split(' ').map(|x| x.parse().unwrap()).collect())
            .collect();
        let (kind, norm) = match case["norm"].as_str().unwrap() {
            "l2" => (Perturbation::L2, "l2"),
            "linf" => (Perturbation::Linf, "linf"),
            _ => (Perturbation::None, "gd"),
        };
        let law = Law::new(&z, kind, &q(&case["rho"]), PREC).unwrap();
        let (start, settled, tau) = (row(&case["start"]), q(&case["settled"]), q(&case["tau"]));
        let check = |key: &str, got: &Float| match case.get(key) {
            None => {}
            Some(Value::Null) => assert!(got.is_infinite(), "{} {norm} {key}: {got}", case["z"]),
            Some(want) => bounds(&format!("{} {norm} {key}", case["z"]), got, &float(want), 18),
        };
        check("from_start", &law.bound_from_start(&start, &settled, &tau));
        check("arrival", &law.arrival(&start));
        check("sliding", &law.estimate_while_sliding(&start, &tau));
        let near = law.near(&q(&case["tau_1"]));
        // Not a bound: rounded to the nearest.
        let miss = Float::with_val(PREC, &near.distance / float(&case["distance"])) - 1u32;
        assert!(miss.abs() < 1e-18, "{} {norm} distance", case["z"]);
        check("from_near", &law.bound_from_near(&near, &q(&case["late"])));
        assert!(law.bound_from_near(&near, &(q(&case["tau_1"]) - Rational::from((1, 1000)))).is_infinite());
        check("in_span", &law.bound_in_span(&Float::with_val(PREC, Rational::from((3, 7)))));
        check("rest", &law.bound_on_rest(&start, &settled));
        check("direction", &law.bound_on_direction(&Float::with_val(PREC, Rational::from((5, 3))), &tau));
        match (law.tangent(&tau, PREC), &case["tangent"]) {
            (None, Value::Null) => {}
            (Some(got), want) => {
                let miss = (got - float(want)).abs();
                assert!(miss <= Float::with_val(PREC, float(want) / 1e18 + 1e-40), "{} {norm} tangent", case["z"]);
            }
            (got, want) => panic!("{got:?} against {want}"),
        }
    }
}

fn list(case: &Value, key: &str) -> Vec<Rational> {
    row(&case[key])
}

#[track_caller]
fn close(what: &str, got: &Float, want: &Float, digits: u32) {
    let slack = Float::with_val(PREC, want.abs_ref()) / Float::with_val(PREC, 10).pow(digits);
    assert!(Float::with_val(PREC, got - want).abs() <= slack, "{what}: {got:.30} against {want:.30}");
}

fn depth_of(case: &Value) -> u32 {
    u32::try_from(case["depth"].as_u64().unwrap()).unwrap()
}

#[test]
fn the_direction_bounds_are_the_numbers_of_corollary_3_5() {
    let mut seen = [0; 3];
    for case in cases("bounds") {
        let kind = case["kind"].as_str().unwrap();
        if !["depth2", "deep", "constant"].contains(&kind) {
            continue;
        }
        let (mu, alpha, rho) = (list(&case, "mu"), list(&case, "alpha"), q(&case["rho"]));
        let want = float(&case["bound"]);
        match kind {
            "depth2" => {
                let got = direction::bound_depth2(&mu, &alpha, &rho, &q(&case["s"]), 100).unwrap();
                bounds(kind, &got, &want, 29);
                seen[0] += 1;
            }
            "deep" => {
                let depth = depth_of(&case);
                let got = direction::bound_deep(&mu, &alpha, &rho, depth, &q(&case["remaining"]), 100).unwrap();
                bounds(&case.to_string(), &got, &want, 29);
                let w = float(&case["w"]);
                let got = direction::bound_deep_at_w(&mu, &alpha, &rho, depth, &w, 100).unwrap();
                close(&case.to_string(), &got, &want, 28);
                let rho_itself = Float::with_val(PREC, &rho);
                assert!(direction::bound_deep_at_w(&mu, &alpha, &rho, depth, &rho_itself, 100).is_none());
                seen[1] += 1;
            }
            _ => {
                let (depth, s) = (depth_of(&case), q(&case["s"]));
                let got = direction::bound_constant(&mu, &alpha, &rho, depth, &s, 100).unwrap();
                bounds(&case.to_string(), &got, &want, 29);
                let got = direction::bound_constant_direction(&mu, &alpha, &rho, depth, &s, 100).unwrap();
                bounds(&case.to_string(), &got, &float(&case["direction"]), 29);
                seen[2] += 1;
            }
        }
    }
    assert_eq!(seen, [2, 6, 3]);
}

#[test]
fn the_time_left_before_the_joint_blow_up_is_bounded_by_the_number_of_the_page() {
    let mut seen = 0;
    for case in cases("bounds").iter().filter(|c| c["kind"] == "remaining") {
        let log_t = Float::with_val(PREC, q(&case["log_t"]));
        let (mu, alpha) = (list(case, "mu"), list(case, "alpha"));
        let got = fates::remaining_bound(&mu, &alpha, &q(&case["rho"]), depth_of(case), &log_t, 100);
        match &case["bound"] {
            Value::Null => assert!(got.is_none(), "{case}"),
            want => bounds(&case.to_string(), &got.unwrap(), &float(want), 29),
        }
        seen += 1;
    }
    assert_eq!(seen, 7);
}

#[test]
fn gradient_descents_numbers_are_those_of_the_page() {
    for case in cases("bounds").iter().filter(|c| c["kind"] == "gd") {
        let (mu, alpha, s) = (list(case, "mu"), list(case, "alpha"), q(&case["s"]));
        let d = mu.len() - 1;
        bounds("direction", &gd::direction_bound(&mu, &alpha, &s, 100), &float(&case["bound"]), 29);
        let ratio = gd::log_ratio((&mu[0], &alpha[0]), (&mu[d], &alpha[d]), &s, PREC);
        close("log ratio", &ratio, &float(&case["log_ratio"]), 43);
        for j in 0..=d {
            let want = float(&case["beta"][j]);
            close("beta", &gd::beta(&mu[j], &alpha[j], &s, PREC).unwrap(), &want, 43);
            let last = gd::beta(&mu[d], &alpha[d], &s, 2 * PREC).unwrap();
            let got = gd::beta_on_path((&mu[j], &alpha[j]), (&mu[d], &alpha[d]), &last, PREC);
            close("beta on the path", &got, &want, 43);
        }
    }
}

#[test]
fn the_loss_laws_and_both_their_remainder_bounds_are_the_numbers_of_the_page() {
    let mut seen = [0, 0];
    for case in cases("bounds").iter().filter(|c| c["kind"] == "loss") {
        let rho = q(&case["rho"]);
        let coordinate = Coordinate::new(&q(&case["mu"]), &q(&case["alpha"]), &rho).unwrap();
        let log_t = Float::with_val(PREC, q(&case["log_t"]));
        let laws = [
            ("zeta", loss::zeta_law(&coordinate, &log_t, PREC)),
            ("perturbed", loss::perturbed_loss_law(&coordinate, &log_t, PREC)),
            ("theta", loss::loss_law(&coordinate, &rho, &log_t, PREC)),
        ];
        for (name, law) in laws {
            seen[usize::from(case["zeta"].is_null())] += 1;
            if case["zeta"].is_null() {
                assert!(law.is_none(), "{case} {name}");
                continue;
            }
            let (law, want) = (law.unwrap_or_else(|| panic!("{case} {name}")), &case[name]);
            close(name, &law.leading, &float(&want[0]), 38);
            close(name, &law.low, &float(&want[1]), 37);
            close(name, &law.high, &float(&want[2]), 37);
        }
    }
    assert_eq!(seen, [15, 9]);
}

#[test]
fn the_law_of_theorem_4_2_and_its_remainder_bounds_are_the_numbers_of_the_page() {
    let solvers = Solvers::new(64);
    let mut seen = [0, 0];
    for case in cases("law") {
        let (mu, rho) = (list(&case, "mu"), q(&case["rho"]));
        let example = Example::new(&mu, &list(&case, "alpha"), &rho).unwrap();
        let law = two_sam::Law::new(&example, &solvers).unwrap();
        close("K_inf", &law.k_inf.value, &float(&case["k_inf"]), 17);
        for j in 0..mu.len() - 1 {
            close("C_j", &law.constant(j).value, &float(&case["constants"][j]), 17);
            close("C_j of gradient descent", &law.constant_of_gd(j), &float(&case["of_gd"][j]), 17);
            assert_eq!(law.exponent(j), 1 - Rational::from(&mu[j] / &mu[mu.len() - 1]));
            // The error of K_inf, twice its linear part, and the last digit.
            let error = &law.constant(j).error;
            let gain = Rational::from(&mu[mu.len() - 1] - &mu[j]) * &mu[j] * 4u32;
            let last = Float::with_val(64, 1) >> 62u32;
            let want = (Float::with_val(64, &law.k_inf.error * gain) + last) * &law.constant(j).value;
            close("error of C_j", error, &want, 15);
        }
        for row in case["rows"].as_array().unwrap() {
            let log_t = Float::with_val(PREC, q(&row["log_t"]));
            let none = row["rest"].is_null();
            seen[usize::from(none)] += 1;
            let direction = law.direction_bound(&log_t);
            assert_eq!(direction.is_none(), none, "{mu:?} {row}");
            for j in 0..mu.len() - 1 {
                let rest = law.remainder_bound(j, &log_t);
                assert_eq!(rest.is_none(), none, "{mu:?} {row}");
                if let Some(rest) = rest {
                    close("remainder", &rest, &float(&row["rest"][j]), 11);
                }
            }
            if let Some(direction) = direction {
                close("direction", &direction, &float(&row["direction"]), 11);
            }
        }
        for pair in case["horizons"].as_array().unwrap() {
            let power = law.horizon(&Float::with_val(64, q(&pair[0]))).unwrap();
            assert_eq!(u64::from(power), pair[1].as_u64().unwrap(), "{mu:?} {pair}");
        }
    }
    assert!(seen[0] >= 10 && seen[1] >= 5, "{seen:?}");
}
