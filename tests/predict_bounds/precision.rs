//! Every answer keeps its last place: at 100 bits it is what 600 bits round to, at large, small and cancelling arguments
//! too. (What else the working precision is, above that, is speed.)

use rug::ops::Pow;
use rug::{Float, Rational};
use samcheck::arith::Fault;
use samcheck::predict::clock::Coordinate;
use samcheck::predict::depth1::Perturbation;
use samcheck::predict::one_example::OneExample;
use samcheck::predict::{ei, gd, linf_deep, linf_depth2, loss};

const LOW: u32 = 100;
const HIGH: u32 = 600;

fn q(text: &str) -> Rational {
    text.parse().unwrap()
}

/// The same at both precisions, within `2^lost` units in the last place of a number of size `floor` at least.
#[track_caller]
fn same(at: impl Fn(u32) -> Float, lost: u32, floor: u32) {
    let (low, high) = (at(LOW), at(HIGH));
    let size = Float::with_val(HIGH, high.abs_ref()).max(&Float::with_val(HIGH, floor)) >> (LOW - 1 - lost);
    assert!(low.is_finite() && high.is_finite());
    let miss = Float::with_val(HIGH, &low - &high).abs();
    assert!(miss <= size, "{low} against {high:.60}");
}

#[test]
fn gradient_descent_keeps_its_digits_at_late_times() {
    let (mu, alpha, late) = (q("3"), q("7/5"), q("100000001/3"));
    same(|p| gd::beta(&mu, &alpha, &late, p).unwrap(), 0, 0);
    assert_eq!(gd::beta(&mu, &alpha, &q("10000000000"), LOW), Err(Fault::Overflow));
    let beta = gd::beta(&mu, &alpha, &late, 2 * HIGH).unwrap();
    let start = (q("2/3"), q("5/7"));
    same(|p| gd::beta_on_path((&start.0, &start.1), (&mu, &alpha), &beta, p), 0, 0);
    same(|p| gd::beta_on_path((&q("10"), &start.1), (&q("1/30"), &alpha), &Float::with_val(HIGH, 3), p), 0, 0);
    let far = q("2").pow(200u32);
    same(|p| gd::log_ratio((&start.0, &start.1), (&mu, &alpha), &far, p), 0, 1);
    same(|p| gd::log_ratio((&start.0, &start.1), (&mu, &alpha), &q("1/9"), p), 0, 1);
}

#[test]
fn the_exponential_integral_keeps_its_digits_on_both_sides_of_the_series() {
    for x in ["1/3", "7/2", "40", "199", "201", "1000", "1000000000000001/7"] {
        let x = Float::with_val(2 * HIGH, q(x));
        same(|p| ei::scaled(&x, p), 3, 0);
        if x > 1 {
            same(|p| ei::ln(&x, p), 0, 1);
        }
    }
}

#[test]
fn depth_two_keeps_its_digits_late_near_zero_and_where_logarithms_cancel() {
    let w = |alpha: &str, s: &str, p| linf_depth2::w(&q("2/3"), &q(alpha), &q("3/2"), &q(s), p);
    for (alpha, s) in [("7/2", "1000000000/3"), ("3/2", "5"), ("1", "1/10"), ("1/7", "1/7"), ("7/2", "0")] {
        same(|p| w(alpha, s, p).unwrap(), 0, 0);
    }
    // Beyond the range of the exponential: pinned, at rest, overflowing.
    assert_eq!(w("1", "10000000000", LOW), Ok(Float::new(LOW)));
    assert_eq!(w("3/2", "10000000000", LOW), Ok(Float::with_val(LOW, 1.5)));
    assert_eq!(w("7/2", "10000000000", LOW), Err(Fault::Overflow));
    // alpha - rho within 2^-300 of e^-2, so that log(alpha - rho) + 2 has lost 300 bits.
    let near = Float::with_val(310, -2).exp().to_rational().unwrap();
    let close = Rational::from(&near + 1u32);
    same(|p| linf_depth2::log_offset(&q("2"), &close, &q("1"), &q("1"), p).unwrap(), 0, 0);
    same(|p| linf_depth2::log_offset(&q("2"), &q("3"), &q("1"), &q("10000000000/7"), p).unwrap(), 0, 1);
    assert!(linf_depth2::log_offset(&q("2"), &q("1"), &q("1"), &q("1"), LOW).is_none());
    for alpha in ["1/1000000000000000000000000000000", "3/4", "1", "149999999999999999999999/100000000000000000000000"]
    {
        same(|p| linf_depth2::hit_time(&q("2/3"), &q(alpha), &q("3/2"), p).unwrap(), 0, 0);
    }
    assert!(linf_depth2::hit_time(&q("2/3"), &q("3/2"), &q("3/2"), LOW).is_none());
}

#[test]
fn depth_three_and_more_keeps_its_digits_and_ends_at_its_blow_up() {
    let (mu, alpha, rho) = ([q("2"), q("3"), q("5")], [q("1/2"), q("7/2"), q("7/4")], q("3/2"));
    for depth in [3, 4, 5, 7] {
        let end = linf_deep::joint_blow_up(&mu, &alpha, &rho, depth).unwrap();
        assert_eq!(end.leaders, [1]);
        assert!(linf_deep::w(&mu[1], &alpha[1], &rho, depth, &end.time, LOW).is_none());
        let left = &end.time / q("1000000007");
        let s = Rational::from(&end.time - &left);
        same(|p| linf_deep::leader_at_remaining(&mu[1], &rho, depth, &left, p), 0, 0);
        same(|p| linf_deep::leader_at_remaining(&mu[1], &rho, depth, &q("10000000000000"), p), 0, 0);
        for j in 0..3 {
            same(|p| linf_deep::w(&mu[j], &alpha[j], &rho, depth, &s, p).unwrap(), 0, 0);
            let before = linf_deep::w_before_blow_up(&mu, &alpha, &rho, depth, &left, LOW).unwrap();
            assert_eq!(before[j], linf_deep::w(&mu[j], &alpha[j], &rho, depth, &s, LOW));
            if j != 1 {
                same(|p| linf_deep::beta_at_blow_up(&mu, &alpha, &rho, depth, j, p).unwrap(), 0, 0);
            }
        }
        let w = linf_deep::leader_at_remaining(&mu[1], &rho, depth, &left, HIGH);
        let miss = linf_deep::w(&mu[1], &alpha[1], &rho, depth, &s, HIGH).unwrap() / w - 1u32;
        assert!(miss.abs() < 1e-170);
    }
    // By hand, L = 4: u^-2 = 1 - 4 * 11/144 = 25/36 below rho, and L = 3: u = 1/(1 + 2 * 3/7) = 7/13 below rho.
    let w = linf_deep::w(&q("2"), &q("1/2"), &q("3/2"), 3, &q("3/7"), LOW).unwrap();
    assert_eq!(w, Float::with_val(LOW, q("3/2") - q("7/13")));
    let w = linf_deep::w(&q("2"), &q("1/2"), &q("3/2"), 4, &q("11/144"), LOW).unwrap();
    assert_eq!(w, Float::with_val(LOW, q("3/10")));
}

#[test]
fn the_clock_of_one_coordinate_and_the_loss_keep_their_digits() {
    for (mu, alpha, rho) in [("3", "5/2", "4/3"), ("1/7", "3/2", "4/3"), ("11", "3", "4/3")] {
        let c = Coordinate::new(&q(mu), &q(alpha), &q(rho)).unwrap();
        assert_eq!(*c.zeta0(), (q(alpha) - q(rho)).square() * q(mu));
        for s in ["0", "1/3", "20", "10000001"] {
            same(|p| c.zeta(&q(s), p), 0, 0);
            let zeta = c.zeta(&q(s), 2 * HIGH);
            same(|p| c.s_of_zeta(&zeta, p), 0, 1);
            let back = Float::with_val(HIGH, c.s_of_zeta(&zeta, HIGH) - q(s)).abs();
            assert!(back < 1e-160);
        }
        let start = Float::with_val(2 * HIGH, c.zeta0());
        assert!(c.lag(&Float::with_val(2 * HIGH, &start - 1u32).max(&Float::new(HIGH)), LOW).is_none());
        for by in [1e-40, 0.001, 0.3, 7.0, 300.0, 1e30] {
            let zeta = Float::with_val(2 * HIGH, &start + by);
            same(|p| c.lag(&zeta, p).unwrap(), 0, 1);
            same(|p| c.log_t_of_zeta(&zeta, p).unwrap(), 0, 1);
            let log_t = c.log_t_of_zeta(&zeta, HIGH).unwrap();
            // So early that zeta is within 10^-40 of zeta_0 the inverse has no answer at 600 bits.
            if by < 1e-30 {
                continue;
            }
            same(|p| c.zeta_of_log_t(&log_t, p).unwrap(), 2, 0);
            let back = Float::with_val(HIGH, c.zeta_of_log_t(&log_t, HIGH / 2).unwrap() / &zeta) - 1u32;
            assert!(back.abs() < 1e-85, "{mu} {by}");
        }
    }
    for z in ["-3", "1/1000", "4", "150", "240", "100000"] {
        let z = Float::with_val(HIGH, q(z));
        same(|p| loss::log_loss_at_margin(&z, p), 0, 1);
        if z > 0 {
            same(|p| loss::margin_at_theta(&q("3"), &q("5/7"), &z, p), 0, 0);
        }
    }
    // z = 4, mu = 9, rho = 1/2: 4 + 2 sqrt(36)/2 + 9/4.
    assert_eq!(loss::margin_at_theta(&q("9"), &q("1/2"), &Float::with_val(LOW, 4), LOW), 12.25);
}

#[test]
fn one_example_of_depth_one_keeps_its_digits_at_late_times() {
    let law = |p| OneExample::new(&[q("1"), q("7/3")], &[q("1/2"), q("-4")], Perturbation::L2, &q("2/5"), p);
    for log_t in [q("5"), q("40"), q("2").pow(150u32)] {
        same(|p| law(p).lag(&log_t, p).unwrap(), 0, 1);
        same(|p| law(p).margin(&log_t, p).unwrap(), 0, 1);
    }
}
