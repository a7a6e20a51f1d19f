//! Bounds and remainders of the predicted side against the numbers that the formulas of `proofs/*.md` give, evaluated by
//! `tests/reference/{depth1_bounds,bounds,law}.py`: an inequality on a path is not enough to find a wrong constant.

use rug::ops::Pow;
use rug::{Float, Rational};
use serde_json::Value;

mod depth1;
mod inf_sam;
mod law;
mod precision;

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

fn list(case: &Value, key: &str) -> Vec<Rational> {
    row(&case[key])
}

#[track_caller]
fn close(what: &str, got: &Float, want: &Float, digits: u32) {
    let slack = Float::with_val(PREC, want.abs_ref()) / Float::with_val(PREC, 10).pow(digits);
    assert!(Float::with_val(PREC, got - want).abs() <= slack, "{what}: {got:.30} against {want:.30}");
}
