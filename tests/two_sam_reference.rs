//! The predicted side of 2-SAM at depth 2 against the flow that Python integrated from the original definition
//! (`tests/reference/two_sam.py`), and against what is known of it without solving.

use rug::ops::Pow;
use rug::{Float, Rational};
use samcheck::predict::two_sam::{
    Estimate, Example, Fate, Law, Solvers, alpha_low_squared, alpha_star, alpha_up_squared, first_leader, k_of_layers,
    thresholds_squared, weights,
};
use serde_json::Value;

const PREC: u32 = 150;

fn q(text: &str) -> Rational {
    samcheck::arith::text::parse_rational(text).unwrap()
}

fn row(text: &str) -> Vec<Rational> {
    text.split(' ').map(q).collect()
}

fn rationals(v: &Value) -> Vec<Rational> {
    v.as_array().unwrap().iter().map(|x| q(x.as_str().unwrap())).collect()
}

fn float(v: &Value) -> Float {
    Float::with_val(PREC + 64, Float::parse(v.as_str().unwrap()).unwrap())
}

/// Relative agreement, and an error bound that is not smaller than the digits asked need.
fn close(what: &str, got: &Estimate, want: &Float, digits: u32) {
    let tol = Float::with_val(64, want.abs_ref()) * Float::with_val(64, 10).pow(digits).recip();
    let miss = Float::with_val(PREC + 64, &got.value - want).abs();
    assert!(miss <= tol, "{what}: {} against {want}", got.value);
    assert!(got.error <= tol && got.error > 0, "{what}: error {}", got.error);
}

fn uniform(mu: &str, alpha: &str) -> Example {
    Example::uniform(&row(mu), &q(alpha), &q("1")).unwrap()
}

#[test]
fn k_the_path_and_the_hand_overs_agree_with_the_flow_integrated_from_its_definition() {
    let path = format!("{}/tests/reference/two_sam.json", env!("CARGO_MANIFEST_DIR"));
    let json: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let digits = u32::try_from(json["digits"].as_u64().unwrap()).unwrap();
    let solvers = Solvers::new(PREC);
    let (mut rows, mut hand_overs, mut unbalanced) = (0, 0, 0);
    for case in json["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let (mu, rho) = (rationals(&case["mu"]), q(case["rho"].as_str().unwrap()));
        let layers = [rationals(&case["layers"][0]), rationals(&case["layers"][1])];
        let times: Vec<Rational> =
            case["rows"].as_array().unwrap().iter().map(|r| q(r["s"].as_str().unwrap())).collect();
        let k = k_of_layers(&mu, &layers, &rho, &times, &solvers).unwrap();
        let example = Example::new(&mu, &layers[0], &rho).filter(|_| layers[0] == layers[1]);
        unbalanced += u32::from(example.is_none());
        for ((row, s), k) in case["rows"].as_array().unwrap().iter().zip(&times).zip(&k) {
            close(name, k, &float(&row["k"]), digits);
            rows += 1;
            let Some(example) = &example else { continue };
            close(name, &example.gradient_norm(s, k, PREC), &float(&row["norm"]), digits);
            for j in 0..mu.len() {
                close(name, &example.beta(j, s, k, PREC), &float(&row["beta"][j]), digits);
            }
        }
        for want in case["hand_overs"].as_array().unwrap() {
            let lead = example.as_ref().unwrap().lead(&solvers).unwrap();
            let index = |key: &str| usize::try_from(want[key].as_u64().unwrap()).unwrap();
            let got = lead.hand_overs.iter().find(|h| (h.from, h.to) == (index("from"), index("to"))).unwrap();
            close(name, &got.s, &float(&want["s"]), digits);
            close(name, &got.log_t, &float(&want["log_t"]), digits - 2);
            hand_overs += 1;
        }
    }
    assert!(rows >= 10 && hand_overs >= 3 && unbalanced >= 1);
}

#[test]
fn the_critical_start_has_the_thirty_digits_that_two_other_methods_found() {
    let solvers = Solvers::new(140);
    for (mu, want) in [
        ("1 2", "0.521321282599666543021133892104"),
        ("1 2 3 4", "0.384053782246231737434438266889"),
        // The notes have a 0 as the 21st digit; the flow from alpha* (1 -+ 10^-50) decides for the 5 (proofs/thm-4.5.md).
        ("1 11/10 5", "0.444904115679160767067549587411"),
    ] {
        let mu = row(mu);
        let star = alpha_star(&mu, &q("1"), &solvers).unwrap();
        let want = Float::with_val(PREC, Float::parse(want).unwrap());
        close("alpha*", &star, &want, 29);
        // Linear in rho, and between the two starts that are decided at once.
        let half = alpha_star(&mu, &q("1/2"), &solvers).unwrap();
        close("alpha* at rho = 1/2", &half, &Float::with_val(PREC, &star.value / 2u32), 38);
        let square = Float::with_val(PREC, star.value.square_ref());
        assert!(alpha_low_squared(&mu, &q("1")) < square && square < alpha_up_squared(&mu, &q("1")));
    }
}

/// `proofs/thm-4.5.md` by hand: `||mu||^2 = 5`, `||mu||_3^3 = 9`, `||mu||_4^4 = 17` for `mu = (1, 2)`.
#[test]
fn the_starts_that_are_decided_at_once_are_those_of_the_page() {
    assert_eq!(alpha_low_squared(&row("1 2"), &q("3")), q("9/10"));
    assert_eq!(alpha_up_squared(&row("1 2"), &q("3")), q("289/90"));
}

#[test]
fn a_start_beside_the_critical_one_falls_to_its_side() {
    for (alpha, fate) in [
        ("0.5213212825996665", Fate::Collapses),
        ("0.5213212825996666", Fate::Grows),
        ("0.1", Fate::Collapses),
        ("2", Fate::Grows),
    ] {
        assert_eq!(uniform("1 2", alpha).fate(), Some(fate), "{alpha}");
        // s is mu s: the same start and fate at half of mu, where rho mu_1 is not rho.
        assert_eq!(uniform("1/2 1", alpha).fate(), Some(fate), "{alpha}");
    }
}

/// `mu = (1/2, 2)`, `rho = 3`, both starts just inside: `rho mu_1 = 1.5 < N(0) = 1.516`, `N(0) = 5.54 < rho mu_2 = 6`.
#[test]
fn a_fate_is_decided_where_the_norm_has_left_the_band_of_the_page() {
    let solvers = Solvers::new(80);
    for (alpha, fate) in [("0.52", Fate::Collapses), ("1.9", Fate::Grows)] {
        let example = Example::uniform(&row("1/2 2"), &q(alpha), &q("3")).unwrap();
        let (got, s) = example.escape().unwrap();
        let s = s.to_rational().unwrap();
        let k = &example.k(std::slice::from_ref(&s), &solvers).unwrap()[0];
        let norm = example.gradient_norm(&s, k, 80).value;
        assert_eq!(got, fate);
        assert!(if fate == Fate::Grows { norm >= 6 } else { norm < 1.5 }, "{alpha}: {norm}");
    }
}

#[test]
fn the_order_of_the_leaders_is_that_of_the_thresholds() {
    let solvers = Solvers::new(80);
    for (alpha, word) in [
        ("0.385", "1 2 3 4"),
        ("0.3879", "2 1 2 3 4"),
        ("0.42042338", "2 1 2 3 4"),
        ("0.42042339", "2 3 4"),
        ("0.6", "2 3 4"),
        ("0.7", "3 4"),
        ("1", "4"),
        // Collapsing: down to the most minor.
        ("0.2", "1"),
    ] {
        assert_eq!(uniform("1 2 3 4", alpha).lead(&solvers).unwrap().word(), word, "{alpha}");
    }
    // Down from the second: alpha* > rho (mu_1 + mu_2)/(sqrt2 ||mu||) here.
    let lead = uniform("1 11/10 5", "0.4").lead(&solvers).unwrap();
    assert_eq!(lead.word(), "2 1");
}

#[test]
fn a_start_on_a_threshold_has_no_first_leader() {
    // sqrt2 ||mu|| = 10 for mu = (1, 7): the threshold is 8/10.
    let mu = row("1 7");
    assert_eq!(thresholds_squared(&mu, &q("1")), [q("16/25")]);
    assert_eq!(first_leader(&mu, &q("4/5"), &q("1")), None);
    assert_eq!(first_leader(&mu, &q("0.79"), &q("1")), Some(0));
    assert_eq!(first_leader(&mu, &q("0.81"), &q("1")), Some(1));
}

#[test]
fn the_collapse_time_is_where_the_gradient_norm_runs_to_zero() {
    let solvers = Solvers::new(140);
    let example = uniform("1 2", "0.4");
    let end = example.collapse_time(&solvers).unwrap();
    assert!(end.error < 1e-38);
    // N ~ rho mu_1^2 (s_c - s) at the end.
    let s = end.value.to_rational().unwrap() * q("0.9999");
    let k = &example.k(std::slice::from_ref(&s), &solvers).unwrap()[0];
    let left = Float::with_val(PREC, &end.value - Float::with_val(PREC, &s));
    let ratio = example.gradient_norm(&s, k, PREC).value / left;
    assert!(Float::with_val(64, &ratio - 1u32).abs() < 1e-3, "{ratio}");
    assert!(example.k_inf(&solvers).is_none());
    assert!(uniform("1 2", "0.6").collapse_time(&solvers).is_none());
}

#[test]
fn the_remainder_bounds_of_the_law_hold_where_the_path_is_known_and_are_not_idle() {
    let solvers = Solvers::new(PREC);
    let example = uniform("1 2", "0.6");
    let law = Law::new(&example, &solvers).unwrap();
    // From beta_d alone: log t = z (1 + O(log z / z)), z = mu_d beta_d (1 - c mu_d)^2 + ...
    for s in ["10", "20", "30"] {
        let s = q(s);
        let k = &example.k(std::slice::from_ref(&s), &solvers).unwrap()[0];
        let (log_1, log_2) = (example.log_beta(0, &s, k, PREC), example.log_beta(1, &s, k, PREC));
        let (b1, b2) = (log_1.value.clone().exp(), log_2.value.clone().exp());
        let c = 1 / example.gradient_norm(&s, k, PREC).value;
        let shrink = |m: u32| Float::with_val(PREC, 1 - Float::with_val(PREC, &c * m)).square();
        let log_t = b1 * shrink(1) + b2 * 2u32 * shrink(2);
        let half = Float::with_val(PREC, 0.5);
        let seen = log_1.value - log_2.value + Float::with_val(PREC, log_t.ln_ref()) * half;
        let miss = (seen - Float::with_val(PREC, law.constant(0).value.ln_ref())).abs();
        let bound = law.remainder_bound(0, &log_t).unwrap();
        assert!(miss <= bound, "{miss} > {bound}");
        assert!(Float::with_val(64, &bound / 100u32) < miss, "{bound} is idle beside {miss}");
    }
    assert!(law.remainder_bound(0, &Float::with_val(64, 2)).is_none());
}

fn page_cases(kind: &str) -> Vec<Value> {
    let path = format!("{}/tests/reference/bounds.json", env!("CARGO_MANIFEST_DIR"));
    let json: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    json["cases"].as_array().unwrap().iter().filter(|c| c["kind"] == kind).cloned().collect()
}

fn list(v: &Value) -> Vec<Rational> {
    row(v.as_str().unwrap())
}

/// `K` exactly `q`, said to be wrong by at most `2^-100`.
fn given(k: &Rational) -> Estimate {
    Estimate { value: Float::with_val(PREC + 64, k), error: Float::with_val(64, 1) >> 100u32 }
}

#[track_caller]
fn same(what: &str, got: &Float, want: &Float, digits: u32) {
    let tol = Float::with_val(64, want.abs_ref()) / Float::with_val(64, 10).pow(digits);
    assert!(Float::with_val(PREC + 64, got - want).abs() <= tol, "{what}: {got} against {want}");
}

/// `proofs/reduction.md` and `thm-4.4.md`: `|dw/dK| = mu^2 |w|`, `|d ln beta/dK| = 2 mu^2`, `|d ln N/dK| <= mu_d^2`, the
/// last two taken twice for `beta` and `N` themselves.
#[test]
fn weights_and_sizes_follow_from_k_with_the_errors_of_the_page() {
    let ulp = Float::with_val(64, 1) >> (PREC - 1);
    for case in page_cases("weights") {
        let (mu, s) = (list(&case["mu"]), q(case["s"].as_str().unwrap()));
        let layers = [list(&case["first"]), list(&case["second"])];
        let k = given(&q(case["k"].as_str().unwrap()));
        let got = weights(&mu, &layers, &s, &k, PREC);
        for (j, mu) in mu.iter().enumerate() {
            let (one, two) = (float(&case["layers"][0][j]), float(&case["layers"][1][j]));
            same("first", &got[0][j].value, &one, 42);
            same("second", &got[1][j].value, &two, 42);
            // |p| + |q| = 2 max(|w1|, |w2|)
            let size = one.abs().max(&two.abs()) * 2u32;
            let slip = Float::with_val(64, &k.error * Rational::from(mu * mu)) + &ulp;
            same("error", &got[1][j].error, &(size * slip), 15);
            same("error", &got[0][j].error, &got[1][j].error, 15);
        }
    }
    for case in page_cases("path") {
        let (mu, alpha, s) = (list(&case["mu"]), list(&case["alpha"]), q(case["s"].as_str().unwrap()));
        let example = Example::new(&mu, &alpha, &q(case["rho"].as_str().unwrap())).unwrap();
        let k = given(&q(case["k"].as_str().unwrap()));
        for (j, mu) in mu.iter().enumerate() {
            let (want, kappa) = (float(&case["log_beta"][j]), Rational::from(mu * mu) * 2u32);
            let log = example.log_beta(j, &s, &k, PREC);
            let of_k = Float::with_val(64, &k.error * &kappa);
            same("log beta", &log.value, &want, 42);
            same("its error", &log.error, &(want.clone().abs() * &ulp + &of_k), 15);
            let beta = example.beta(j, &s, &k, PREC);
            same("beta", &beta.value, &want.clone().exp(), 42);
            same("its error", &beta.error, &(want.exp() * (of_k * 2u32 + &ulp)), 15);
        }
        let norm = example.gradient_norm(&s, &k, PREC);
        let top = &mu[mu.len() - 1];
        let slip = Float::with_val(64, &k.error * (Rational::from(top * top) * 2u32)) + &ulp;
        same("norm", &norm.value, &float(&case["norm"]), 42);
        same("its error", &norm.error, &(float(&case["norm"]) * slip), 15);
    }
}

/// What is left where `K` is exact: `2^-(prec - 1)` of the value.
#[test]
fn an_exact_k_leaves_the_rounding_alone() {
    let ulp = Float::with_val(64, 1) >> (PREC - 1);
    for case in page_cases("path") {
        let (mu, alpha, s) = (list(&case["mu"]), list(&case["alpha"]), q(case["s"].as_str().unwrap()));
        let example = Example::new(&mu, &alpha, &q(case["rho"].as_str().unwrap())).unwrap();
        let k = Estimate { error: Float::new(64), ..given(&q(case["k"].as_str().unwrap())) };
        let check = |what: &str, got: &Estimate| {
            same(what, &got.error, &(Float::with_val(64, got.value.abs_ref()) * &ulp), 15);
        };
        for j in 0..mu.len() {
            check("log beta", &example.log_beta(j, &s, &k, PREC));
            check("beta", &example.beta(j, &s, &k, PREC));
        }
        check("norm", &example.gradient_norm(&s, &k, PREC));
    }
    for case in page_cases("weights") {
        let (mu, s) = (list(&case["mu"]), q(case["s"].as_str().unwrap()));
        let layers = [list(&case["first"]), list(&case["second"])];
        let k = Estimate { error: Float::new(64), ..given(&q(case["k"].as_str().unwrap())) };
        let got = weights(&mu, &layers, &s, &k, PREC);
        for (one, two) in got[0].iter().zip(&got[1]) {
            let size = one.value.clone().abs().max(&two.value.clone().abs()) * 2u32;
            same("weight", &one.error, &(size * &ulp), 15);
        }
    }
}

/// Thresholds 3 and 6 of `A = s/K` for `mu = (1, 2, 4)`.
#[test]
fn the_leader_at_a_time_is_read_off_the_thresholds_and_not_within_the_error_of_k() {
    let example = uniform("1 2 4", "1");
    let at = |k: &str, error: f64| {
        let k = Estimate { value: Float::with_val(PREC, q(k)), error: Float::with_val(64, error) };
        example.leader_at(&q("2"), &k)
    };
    assert_eq!(at("1", 1e-9), Some(0));
    assert_eq!(at("0.5", 1e-9), Some(1));
    assert_eq!(at("0.1", 1e-9), Some(2));
    // s - theta K = 2 - 4/4 is 4 times the error: it may be 0.
    let k = Estimate { value: Float::with_val(PREC, 0.25), error: Float::with_val(64, 0.25) };
    assert_eq!(uniform("1 3", "1").leader_at(&q("2"), &k), None);
    // K = 2/3 - 2^-120, known to 2^-140: the last bits of K decide.
    let near = q("2/3") - (q("1") >> 120u32);
    let k = Estimate { value: Float::with_val(PREC, near), error: Float::with_val(64, 1) >> 140u32 };
    assert_eq!(example.leader_at(&q("2"), &k), Some(1));
    // s - theta K = 2 - 3 (2/3 -+ 0.001) = +-0.003, by 3 times the error.
    for (k, error, leader) in [
        ("0.667666666666666666666666666", 0.0009, Some(0)),
        ("0.667666666666666666666666666", 0.0011, None),
        ("0.665666666666666666666666667", 0.0009, Some(1)),
        ("0.665666666666666666666666667", 0.0011, None),
        ("0.334333333333333333333333333", 0.0009, Some(1)),
        ("0.332333333333333333333333333", 0.0009, Some(2)),
        ("0.332333333333333333333333333", 0.0011, None),
    ] {
        assert_eq!(at(k, error), leader, "{k} {error}");
    }
}

#[test]
fn the_critical_start_is_found_at_few_digits_too() {
    let solvers = Solvers::new(40);
    for (mu, rho, want) in
        [("1 2", "3", "1.563963847798999629063399676312"), ("1 11/10 5", "1", "0.444904115679160767")]
    {
        let star = alpha_star(&row(mu), &q(rho), &solvers).unwrap();
        same("alpha*", &star.value, &Float::with_val(PREC, Float::parse(want).unwrap()), 11);
        assert!(star.error < 1e-11);
    }
    assert!(alpha_star(&row("2"), &q("1"), &solvers).is_none());
    assert!(alpha_star(&row("2 2"), &q("1"), &solvers).is_none());
    assert!(alpha_star(&row("2 1"), &q("1"), &solvers).is_none());
    assert!(alpha_star(&row("1 3 2"), &q("1"), &solvers).is_none());
    assert!(alpha_star(&row("-1 2"), &q("1"), &solvers).is_none());
    assert!(alpha_star(&row("1 2"), &q("0"), &solvers).is_none());
}

/// By hand, `rho = 3`: `||(2, 3, 5)||^2 = 38`, `||.||_3^3 = 160`, `||.||_4^4 = 722`.
#[test]
fn the_starts_decided_at_once_and_the_thresholds_of_three_coordinates_are_those_of_the_page() {
    let mu = row("2 3 5");
    assert_eq!(alpha_low_squared(&mu, &q("3")), q("36/76"));
    assert_eq!(alpha_up_squared(&mu, &q("3")), q("2166/160").square() / q("76"));
    assert_eq!(thresholds_squared(&mu, &q("3")), [q("225/76"), q("576/76")]);
}

#[test]
fn examples_outside_the_setting_are_refused() {
    let make = |mu: &str, alpha: &str, rho: &str| Example::new(&row(mu), &row(alpha), &q(rho)).is_some();
    assert!(make("1 2", "1 3", "1"));
    assert!(!make("2 2", "1 3", "1") && !make("0 2", "1 3", "1") && !make("3 2", "1 3", "1"));
    assert!(!make("1 2", "1", "1") && !make("1 2", "0 1", "1") && !make("1 2", "1 3", "0"));
}

/// Just above `alpha*` the path lingers, and hands over at `z` about `10^33`: at 130 bits `log t` is there `z - ln z'`, at
/// 220 bits still the integral.
#[test]
fn log_t_of_a_late_hand_over_is_the_same_by_the_law_and_by_the_integral() {
    let example = uniform("1 2", "0.5213212876");
    let at = |prec: u32| example.lead(&Solvers::new(prec)).unwrap().hand_overs.remove(0).log_t;
    let (law, integral) = (at(130), at(220));
    assert!(law.value > 1e30 && law.value < 1e41, "{}", law.value);
    same("log t", &law.value, &integral.value, 36);
}

/// At a hand-over `s = (mu_j + mu_(j+1)) K(s)`, to every digit asked.
#[test]
fn a_hand_over_lies_on_its_threshold_to_the_digits_asked() {
    for (mu, alpha, prec) in [("1 2", "0.6", 60u32), ("1 2", "0.6", 400), ("1 2 3", "0.45", 400)] {
        let solvers = Solvers::new(prec);
        let (example, mu) = (uniform(mu, alpha), row(mu));
        let lead = example.lead(&solvers).unwrap();
        assert!(!lead.hand_overs.is_empty());
        for h in &lead.hand_overs {
            let s = h.s.value.to_rational().unwrap();
            let k = &example.k(std::slice::from_ref(&s), &solvers).unwrap()[0];
            let theta = Rational::from(&mu[h.from] + &mu[h.to]);
            let miss = Float::with_val(prec + 64, &h.s.value - Float::with_val(prec + 64, &k.value * &theta)).abs();
            let ulp = Float::with_val(64, &h.s.value) >> prec;
            assert!(miss < Float::with_val(64, &ulp * 64u32), "{mu:?} {prec}: {miss:.3e}");
            assert!(h.s.error < ulp * 64u32, "{mu:?} {prec}: error {:.3e}", h.s.error);
            let ulp = Float::with_val(64, h.log_t.value.abs_ref()) >> prec;
            assert!(h.log_t.error < ulp * 1024u32, "{mu:?} {prec}: error of log t {:.3e}", h.log_t.error);
        }
    }
}
