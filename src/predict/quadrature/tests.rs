//! The error bound of a panel, from the formulas of `proofs/rescaling.md`.

use super::super::num::root;
use super::*;

const WP: u32 = 200;

fn q(text: &str) -> Rational {
    text.parse().unwrap()
}

#[track_caller]
fn same(got: &Float, want: &Float) {
    let miss = Float::with_val(WP, got / want) - 1u32;
    assert!(miss.clone().abs() < 1e-30, "{got} against {want}");
}

/// `mu (w(s - x) - rho)^L` from the closed forms of the weights.
fn exact((mu, alpha, rho, depth): (&str, &str, &str, u32), at: &Rational) -> Float {
    let (mu, alpha, rho) = (q(mu), q(alpha), q(rho));
    let w = if depth == 2 {
        linf_depth2::w(&mu, &alpha, &rho, at, WP).unwrap()
    } else {
        linf_deep::w(&mu, &alpha, &rho, depth, at, WP).unwrap()
    };
    (w - real(WP, &rho)).pow(depth) * real(WP, &mu)
}

#[test]
fn the_rule_errs_by_at_most_the_number_of_the_theorem() {
    // (64/15) 4^(-2(n-1)) / (1 - 1/16) = (1024/225) 16^-(n-1)
    for n in [1, 2, 9] {
        let want = Float::with_val(WP, q("1024/225")) >> (4 * (u32::try_from(n).unwrap() - 1));
        assert!(tail(n) >= want && tail(n) <= want * 1.1, "{n}");
    }
}

/// Panel from `x = 1/9` to `1/5`: half-width `2/45`, centre `7/45`, least real point `7/45 - (17/8)(2/45) = 11/180`.
#[test]
fn the_bound_on_the_ellipse_is_that_of_the_page() {
    let (from, to) = (real(WP, &q("1/9")), real(WP, &q("1/5")));
    let s = q("3/10");
    let at = &s - q("11/180");
    let sum = |c: (&str, &str, &str, u32)| Sum::new(&[q(c.0)], &[q(c.1)], &q(c.2), c.3, &s, WP);
    for case in [("2", "5/2", "4/3", 2), ("3", "9/5", "4/3", 3), ("2", "5/4", "3/4", 5), ("2", "2/3", "4/3", 4)] {
        same(&sum(case).z_on_ellipse(&from, &to).unwrap(), &exact(case, &at));
        same(&sum(case).z(&from), &exact(case, &(&s - q("1/9"))));
    }
    // Fading: K = mu u_0^L, q = 1 + m mu u_0^m (s - x) in a disc: largest q, arc of the disc by 11/7 of its sine.
    for case in [("2", "2/3", "4/3", 3), ("5", "1/2", "5/4", 5)] {
        let (mu, u, m) = (q(case.0), q(case.2) - q(case.1), case.3 - 2);
        let slope = ipow(&u, m) * &mu * m;
        let middle = &slope * (&s - q("7/45")) + 1u32;
        let radius = slope * q("17/180");
        let angle = Rational::from(&radius / &middle) * q("11/7") * case.3 / m;
        let cosine = 1 - angle.square() / 2u32;
        let largest = real(WP, &(middle + radius));
        let want = real(WP, &(ipow(&u, case.3) * &mu * cosine)) / root(largest, m).pow(case.3);
        same(&sum(case).z_on_ellipse(&from, &to).unwrap(), &-want);
        same(&sum(case).z(&from), &exact(case, &(&s - q("1/9"))));
    }
    // The blow-up of (3, 9/5, 4/3) at depth 3 is at s = 5/7: an ellipse that reaches it has no bound.
    let late = Sum::new(&[q("3")], &[q("9/5")], &q("4/3"), 3, &q("7/10"), WP);
    assert!(late.z_on_ellipse(&Float::new(WP), &real(WP, &q("1/39"))).is_none());
    assert!(late.z_on_ellipse(&Float::new(WP), &real(WP, &q("1/40"))).is_some());
    // A long panel of a fading coordinate: the disc holds 0, or its arc is too wide.
    let fading = Sum::new(&[q("5")], &[q("1/2")], &q("5/4"), 5, &q("9"), WP);
    assert!(fading.z_on_ellipse(&Float::new(WP), &Float::with_val(WP, 9)).is_none());
    assert!(fading.z_on_ellipse(&Float::new(WP), &Float::with_val(WP, 5)).is_none());
    assert!(fading.z_on_ellipse(&Float::new(WP), &Float::with_val(WP, 3)).is_some());
}

/// One panel: `2 (s/2) e^16 tail / e^lag`, and the rounding; with a pinned coordinate two.
#[test]
fn the_error_given_is_that_of_the_panels() {
    for (mu, alpha, rho, depth, s) in [("2", "5/2", "4/3", 2, "1/100"), ("3", "9/5", "4/3", 3, "1/50")] {
        let time = log_time(&[q(mu)], &[q(alpha)], &q(rho), depth, &q(s), 120).unwrap();
        // (120 + 64)/4 + 10 points.
        let panel = Float::with_val(WP, 16).exp() * tail(56) * real(WP, &q(s));
        let want = panel / time.lag.clone().exp() + (Float::with_val(WP, 1) >> 152u32);
        let miss = Float::with_val(WP, &time.error / want) - 1u32;
        assert!(miss.clone().abs() < 1e-17, "{miss}");
        assert_eq!(time.log_t, Float::with_val(120, Float::with_val(WP, &time.z + &time.lag)));
    }
    let (mu, alpha, rho) = ([q("2"), q("3")], [q("5/2"), q("1/2")], q("4/3"));
    assert!(log_time(&mu, &alpha, &rho, 2, &q("0"), 100).is_none());
    assert!(log_time(&mu, &alpha, &rho, 3, &q("3/7"), 100).is_none());
    assert!(log_time(&mu, &alpha, &rho, 3, &q("42/100"), 100).is_some());
}

/// Far out only the last stretch counts, and the rest is left out: against the closed form of `clock`.
#[test]
fn far_out_the_lag_is_that_of_the_closed_form_within_the_error_given() {
    for s in ["3", "9/2", "7"] {
        let time = log_time(&[q("2")], &[q("5/2")], &q("4/3"), 2, &q(s), 100).unwrap();
        let one = super::super::clock::Coordinate::new(&q("2"), &q("5/2"), &q("4/3")).unwrap();
        let exact = one.lag(&one.zeta(&q(s), 4000), 150).unwrap();
        let miss = Float::with_val(WP, &time.lag - &exact).abs();
        let last = Float::with_val(64, exact.abs_ref()) >> 108u32;
        assert!(miss <= Float::with_val(64, &time.error + &last), "{s}: {miss:.3e}");
        assert!(time.error < Float::with_val(64, 1) >> 98u32);
    }
}

/// A coordinate that has been at zero since `s - 1/2` adds `mu rho^L` on the panel, on its ellipse too.
#[test]
fn a_pinned_coordinate_adds_its_constant() {
    // Depth 4: zero at (1 - 4/9)/(2 mu) = 5/18 for mu = 1, alpha = 1/2, rho = 3/2.
    let s = q("7/9");
    let sum = |mu: &[&str], alpha: &[&str]| {
        let list = |x: &[&str]| x.iter().map(|x| q(x)).collect::<Vec<_>>();
        Sum::new(&list(mu), &list(alpha), &q("3/2"), 4, &s, WP)
    };
    let both = sum(&["3", "2", "1"], &["7/4", "3/2", "1/2"]);
    let other = sum(&["3"], &["7/4"]);
    let (from, to) = (real(WP, &q("1/9")), real(WP, &q("1/5")));
    let constant = real(WP, &q("81/16"));
    same(&(both.z_on_ellipse(&from, &to).unwrap() - &constant), &other.z_on_ellipse(&from, &to).unwrap());
    same(&(both.z(&from) - &constant), &other.z(&from));
    same(&both.turns()[0].clone(), &real(WP, &q("1/2")));
}

/// `s` from a search for `lag = 0` (`|lag| < 2^-89`), so that the last rounding of `lag`, relative to itself, hides nothing:
/// the way there is good to `2^-(prec + GUARD - 16)`, the error given has a factor `2^16` to spare.
#[test]
fn where_the_lag_is_zero_it_is_far_better_than_the_error_given() {
    let s = q("410079547401170897494637233") >> 89u32;
    let one = super::super::clock::Coordinate::new(&q("1/8"), &q("3"), &q("1")).unwrap();
    let exact = one.lag(&one.zeta(&s, 4000), 500).unwrap();
    assert!(exact.clone().abs() < Float::with_val(64, 1) >> 89u32);
    for prec in [60u32, 100, 200] {
        let time = log_time(&[q("1/8")], &[q("3")], &q("1"), 2, &s, prec).unwrap();
        let miss = Float::with_val(500, &time.lag - &exact).abs();
        assert!(miss < Float::with_val(64, 1) >> (prec + GUARD - 16), "{prec} bits: {miss:.3e}");
        assert!(time.error < Float::with_val(64, 1) >> (prec + 31) && time.error > Float::with_val(64, miss) << 16u32);
    }
}

/// The rounding is `2^-132`; what is left out, here up to `2^-164` of `t` and most of the rest of the error, comes on top.
#[test]
fn what_is_left_out_is_in_the_error() {
    let time = log_time(&[q("2")], &[q("5/2")], &q("4/3"), 2, &q("15/2"), 100).unwrap();
    let over = time.error - (Float::with_val(64, 1) >> 132u32);
    assert!(over > Float::with_val(64, 1) >> 165u32 && over < Float::with_val(64, 1) >> 162u32, "{over:.3e}");
}
