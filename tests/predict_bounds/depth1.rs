//! The bounds of depth 1 (`proofs/thm-3.1.md`, `proofs/thm-4.1.md`).

use super::{PREC, bounds, cases, float, q, row};
use rug::{Float, Rational};
use samcheck::predict::depth1::{Law, Perturbation};
use serde_json::Value;

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
        for (few, many) in law.vector(128).iter().zip(law.vector(190)) {
            assert!((few - many).abs() < 1e-36, "{} {norm} vector", case["z"]);
        }
        let miss = law.stiffness() / float(&case["stiffness"]) - 1u32;
        assert!(miss.abs() < 1e-18, "{} {norm} stiffness", case["z"]);
        match (law.tangent(&tau, PREC), &case["tangent"]) {
            (None, Value::Null) => {}
            (Some(got), want) => {
                let miss = (got - float(want)).abs();
                assert!(miss <= Float::with_val(PREC, float(want) / 1e43 + 1e-50), "{} {norm} tangent", case["z"]);
            }
            (got, want) => panic!("{got:?} against {want}"),
        }
    }
}

#[test]
fn a_path_that_slides_has_no_proved_bound() {
    let z = ["3 -1", "-1 2"].map(|r| r.split(' ').map(|x| x.parse().unwrap()).collect::<Vec<Rational>>());
    let law = Law::new(&z, Perturbation::Linf, &Rational::from(1), PREC).unwrap();
    assert!(law.slides());
    let near = law.near(&Rational::from(50));
    assert!(law.bound_from_near(&near, &Rational::from(90)).is_infinite());
}
