//! The bounds that end a march, from `proofs/thm-4.4.md` (3) and `proofs/thm-4.5.md`, and the error of an estimate.

use super::*;

fn q(text: &str) -> Rational {
    text.parse().unwrap()
}

fn point(x: &str, y: &str) -> Point {
    Point { x: real(150, &q(x)), y: real(150, &q(y)), t: Float::new(150) }
}

#[track_caller]
fn same(got: &Float, want: f64) {
    assert!((Float::with_val(64, got / want) - 1u32).abs() < 1e-14, "{got} against {want}");
}

/// `mu = (2, 3)`, `alpha = (1/2, 4/5)`, `rho = 5/7`. At `s = 3/4`, `K = 1/5`: `w_2 = 4/5 e^(9/4 - 9/5)`.
#[test]
fn what_is_left_of_k_and_of_a_collapse_is_bounded_as_on_the_pages() {
    let example = Example::new(&[q("2"), q("3")], &[q("1/2"), q("4/5")], &q("5/7")).unwrap();
    let (rho, e, w) = (5.0 / 7.0, std::f64::consts::E, 0.8 * f64::exp(0.45));
    assert!(e * rho / 2f64.sqrt() > w);
    assert!(example.tail(&point("3/4", "1/5")).is_none());
    let w = 0.8 * f64::exp(3.0 * 1.25 - 9.0 * 0.2);
    same(&example.tail(&point("5/4", "1/5")).unwrap(), e * rho / (2f64.sqrt() * 9.0 * w));
    // K is x and s is y: N from the closed form of both weights.
    let norm = |s: f64, k: f64| {
        let w = [0.5 * f64::exp(2.0 * s - 4.0 * k), 0.8 * f64::exp(3.0 * s - 9.0 * k)];
        (2.0 * (4.0 * w[0] * w[0] + 9.0 * w[1] * w[1])).sqrt()
    };
    let field = example.field(150);
    let bound = |s: f64, k: f64| e * norm(s, k) / (rho * 4.0);
    same(&example.time_left(&field, &point("4/5", "1/4")).unwrap(), bound(0.25, 0.8));
    // Conditional on mu_d times the bound being below 1.
    assert!(bound(0.25, 0.6) * 3.0 < 1.0 && bound(0.25, 0.45) * 3.0 > 1.0 && bound(0.25, 0.45) < 1.0);
    assert!(example.time_left(&field, &point("3/5", "1/4")).is_some());
    assert!(example.time_left(&field, &point("9/20", "1/4")).is_none());
}

#[test]
fn an_estimate_says_the_difference_of_its_two_solutions_and_its_rounding() {
    let fine = Float::with_val(200, q("1000000001/3"));
    let check = Float::with_val(160, Float::with_val(200, &fine - 1e-30));
    let got = Estimate::of(&fine, &check, 100);
    assert_eq!(got.value, Float::with_val(100, &fine));
    let want = Float::with_val(200, &fine - &check) + (Float::with_val(64, &got.value) >> 99u32);
    assert!((Float::with_val(64, &got.error / &want) - 1u32).abs() < 1e-15);
    let wide = got.clone().widened(&Float::with_val(64, 0.25));
    assert_eq!(wide.error, Float::with_val(64, &got.error + 0.25));
}
