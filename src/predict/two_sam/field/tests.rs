//! The equation and its margin against `tests/reference/bounds.py`.

use super::super::nearby::Memo;
use super::*;
use serde_json::Value;

const BITS: u32 = 200;

fn cases(kind: &str) -> Vec<Value> {
    let path = format!("{}/tests/reference/bounds.json", env!("CARGO_MANIFEST_DIR"));
    let json: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    json["cases"].as_array().unwrap().iter().filter(|c| c["kind"] == kind).cloned().collect()
}

fn row(v: &Value) -> Vec<Rational> {
    v.as_str().unwrap().split(' ').map(|x| x.parse().unwrap()).collect()
}

fn number(v: &Value) -> Float {
    real(BITS, &row(v)[0])
}

#[track_caller]
fn close(got: &Float, want: &Value, digits: i32) {
    let want = Float::with_val(BITS, Float::parse(want.as_str().unwrap()).unwrap());
    let miss = Float::with_val(BITS, got - &want).abs();
    assert!(miss <= Float::with_val(BITS, want.abs_ref()) * 10f64.powi(-digits), "{got:.40} against {want:.40}");
}

fn balanced(case: &Value) -> Field {
    let alpha = row(&case["alpha"]);
    Field::new(&row(&case["mu"]), &[alpha.clone(), alpha], &row(&case["rho"])[0], BITS)
}

/// By powers of common exponentials, and with an exponential for every term.
fn both_ways(field: Field) -> [Field; 2] {
    assert!(field.unit.is_some());
    [field.clone(), Field { unit: None, ..field }]
}

#[test]
fn the_common_unit_is_the_largest_and_its_multiples_are_at_most_64() {
    let of = |mu: &[(i32, i32)]| common_unit(&mu.iter().map(|m| Rational::from(*m)).collect::<Vec<_>>());
    assert_eq!(of(&[(1, 6), (1, 4)]), Some((Rational::from((1, 12)), vec![2, 3])));
    assert_eq!(of(&[(4, 3), (2, 1)]), Some((Rational::from((2, 3)), vec![2, 3])));
    assert_eq!(of(&[(1, 1), (64, 1)]), Some((Rational::from(1), vec![1, 64])));
    assert_eq!(of(&[(1, 1), (65, 1)]), None);
}

#[test]
fn the_norm_the_margin_and_its_rate_are_those_of_the_definition() {
    for case in cases("path") {
        let (s, k) = (number(&case["s"]), number(&case["k"]));
        for field in both_ways(balanced(&case)) {
            close(&field.norm(&s, &k, BITS), &case["norm"], 43);
            close(&field.margin_at(&s, &k), &case["margin"], 43);
            close(&field.margin_rate(&s, &k), &case["rate"], 20);
        }
    }
}

#[test]
fn layers_of_any_signs_have_the_field_the_slope_and_the_clock_of_the_definition() {
    for case in cases("weights") {
        let layers = [row(&case["first"]), row(&case["second"])];
        let (s, k) = (number(&case["s"]), number(&case["k"]));
        for field in both_ways(Field::new(&row(&case["mu"]), &layers, &row(&case["rho"])[0], BITS)) {
            let (rate, by_k) = field.rate(&s, &k, BITS, &mut Memo::default());
            close(&rate, &case["rate"], 43);
            close(&by_k, &case["by_k"], 22);
            close(&field.margin_at(&s, &k), &case["margin"], 43);
            assert!(field.integrand(&s, &k, &rate, BITS, &mut Memo::default()).is_none());
            let clocked = field.clone().with_clock(Float::with_val(BITS, 3));
            let log = clocked.integrand(&s, &k, &rate, BITS, &mut Memo::default()).unwrap().ln() + 3u32;
            close(&log, &case["margin"], 43);
            // The same curve turned: ds/dK = 1/c, and its derivative by s by a difference.
            let turned = Turned(field);
            let (inverse, by_s) = turned.rate(&k, &s, BITS, &mut Memo::default());
            close(&inverse.recip(), &case["rate"], 43);
            let h = Float::with_val(BITS, 1) >> 60u32;
            let at = |s: Float| turned.rate(&k, &s, BITS, &mut Memo::default()).0;
            let slope = (at(Float::with_val(BITS, &s + &h)) - at(Float::with_val(BITS, &s - &h))) / (h * 2u32);
            assert!(Float::with_val(BITS, &by_s / slope - 1u32).abs() < 1e-33);
        }
    }
}

#[test]
fn a_uniform_start_is_the_same_start_in_every_coordinate() {
    let mu = [Rational::from(2), Rational::from((7, 2))];
    let alpha = vec![Rational::from((3, 5)); 2];
    let one = Field::new(&mu, &[alpha.clone(), alpha], &Rational::from(3), BITS);
    let two = Field::uniform(&mu, &real(BITS, &Rational::from((3, 5))), &Rational::from(3), BITS);
    let (s, k) = (real(BITS, &Rational::from((2, 3))), real(BITS, &Rational::from((1, 5))));
    let miss = one.rate(&s, &k, BITS, &mut Memo::default()).0 / two.rate(&s, &k, BITS, &mut Memo::default()).0 - 1u32;
    assert!(miss.abs() < 1e-55);
}

#[test]
fn a_power_is_the_product() {
    let x = real(BITS, &Rational::from((9, 8)));
    let mut product = Float::with_val(BITS, 1);
    for p in 1..=MAX_MULTIPLE {
        product *= &x;
        assert!(Float::with_val(BITS, power(&x, p) / &product - 1u32).abs() < 1e-55, "{p}");
    }
}
