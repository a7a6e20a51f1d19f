//! Bounds of inf-SAM and of gradient descent (`proofs/cor-3.5.md`, `thm-3.2.md`, `gd.md`, `rescaling.md`).

use super::{PREC, bounds, cases, close, float, list, q};
use rug::{Float, Rational};
use samcheck::predict::clock::Coordinate;
use samcheck::predict::{direction, fates, gd, loss};
use serde_json::Value;

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
    assert_eq!(seen, [24, 21]);
}

fn r(text: &str) -> Vec<Rational> {
    text.split(' ').map(|x| x.parse().unwrap()).collect()
}

/// `mu_j (alpha_j - rho)^(L-2)` ties the first two at `rho = 3/2`; weights `mu^(-L/(L-2))`: `mu^-3`, `mu^-2`, `mu^(-5/3)`.
#[test]
fn a_tie_is_shared_by_the_powers_of_the_page_and_has_no_bound_at_depth_two() {
    let rho = Rational::from((3, 2));
    let at = |mu: &str, alpha: &str, depth| direction::exact_direction(&r(mu), &r(alpha), &rho, depth);
    assert_eq!(at("2 3 6", "3 5/2 1", 3), Some(r("27/35 8/35 0")));
    assert_eq!(at("2 8 3", "7/2 5/2 5/4", 4), Some(r("16/17 1/17 0")));
    assert_eq!(at("16 2 3", "5/2 7/2 8/5", 5), None);
    // (16/2)^(5/3) = 32.
    let v = direction::direction(&r("16 2 3"), &r("5/2 7/2 8/5"), &rho, 5, PREC).unwrap();
    close("irrational", &v[0], &(Float::with_val(PREC, 1) / 33u32), 59);
    close("irrational", &v[1], &(Float::with_val(PREC, 32) / 33u32), 59);
    assert!(v[2].is_zero());
    let one = Rational::from(1);
    assert!(direction::bound_depth2(&r("2 2"), &r("3 4"), &rho, &one, 100).is_none());
    assert!(direction::bound_depth2(&r("2 3"), &r("1 1"), &rho, &one, 100).is_none());
    assert!(direction::bound_constant(&r("2 3"), &r("1 2"), &rho, 3, &one, 100).is_none());
}

/// Depth 2, `rho = 3/2`: `alpha = 1` reaches zero at `log 3 / mu`, `alpha = 3/4` at `log 2 / mu`.
#[test]
fn a_coordinate_counts_until_it_has_reached_zero() {
    let rho = Rational::from((3, 2));
    let at = |s: &str| direction::bound_constant(&r("2 3"), &r("1 3/4"), &rho, 2, &r(s)[0], 100).unwrap();
    bounds("both move", &at("1/5"), &Float::with_val(PREC, 1.5625), 29);
    bounds("one moves", &at("1/2"), &Float::with_val(PREC, 1), 29);
    assert!(at("11/20").is_zero());
    // On the way to the limit (rho^L on the coordinate at rho): 2 * distance / norm.
    let v = direction::bound_constant_direction(&r("2 3"), &r("3/2 3/4"), &rho, 2, &r("1/10")[0], 100).unwrap();
    bounds("direction", &v, &Float::with_val(PREC, 0.5), 29);
}

/// Depth 4, `rho = 3/2`: `T* = 1/4` by the first; below `rho` from `1/2` zero is reached at `5/(18 mu)`, for `mu = 10/9`
/// at `T*` itself.
#[test]
fn a_coordinate_vanishes_with_the_others_only_if_it_does_so_by_the_joint_blow_up() {
    use fates::Fate::{Constant, Diverges, StopsShort, Vanishes};
    let rho = Rational::from((3, 2));
    let got = fates::joint(&r("2 2 1 10/9 5 7"), &r("5/2 1/2 1/2 1/2 3/2 8/5"), &rho, 4);
    assert_eq!(got, [Diverges, Vanishes, StopsShort, Vanishes, Constant(Rational::from((81, 16))), StopsShort]);
    assert_eq!(direction::start_with_limit(1, 3, &Rational::from((5, 3))), r("5/6 10/3 5/6"));
    let beyond = fates::gap_bound(&r("2 2"), &r("5/2 1/2"), &rho, 4, 0, &Rational::from((1, 9)), 100);
    assert!(beyond.is_none());
}
