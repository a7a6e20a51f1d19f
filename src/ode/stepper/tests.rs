//! The fixed-point expansions against the floating-point recurrences at twice the digits.

use super::*;
use crate::arith::Mpfr;
use crate::expr::Graph;
use rug::{Float, Rational};

/// Every operation of the tape, with cancellation, a high power and an exponential far below the rest.
fn tape() -> Arc<Tape> {
    let mut g = Graph::new();
    let (x, y) = (g.var(0), g.var(1));
    let two = Rational::from(2);
    let (xx, yy) = (g.mul(x, x), g.mul(y, y));
    let norm = g.add(xx, yy);
    let norm = g.sqrt(norm);
    let unit = g.div(x, norm);
    let log = g.ln(norm);
    let fast = g.scale(&Rational::from(-40), norm);
    let small = g.exp(fast);
    let high = g.pow(unit, 16);
    let near = g.linear(Rational::from(-1), &[(x, Rational::from(1))]);
    let slope = g.product(&[near, log]);
    let f =
        g.linear(Rational::from((1, 3)), &[(slope, two), (small, Rational::from(1)), (high, Rational::from((1, 7)))]);
    let h = g.sub(unit, y);
    let watched = g.mul(y, log);
    Arc::new(Tape::new(&g, &[f, h, watched]))
}

#[test]
fn aligned_coefficients_keep_the_digits_that_the_step_needs() {
    for digits in [30u32, 65, 80, 150, 330, 620] {
        let order = order_for(digits);
        let (ctx, wide) = (Mpfr::with_digits(digits), Mpfr::with_digits(2 * digits + 40));
        let mut fast = Stepper::new(&ctx, tape(), 2, order).watching(2);
        let state: Vec<Float> = [(5, 4), (2, 3)].map(|q| ctx.rational(&Rational::from(q))).into();
        // Twice: with a radius guessed, and with one foreseen. The longest numbers, which are multiplied in blocks, once.
        for _ in 0..if digits < 600 { 2 } else { 1 } {
            fast.expand(&state, order).unwrap();
            assert!(fast.aligned.as_ref().is_some_and(|a| a.longest.is_some()), "{digits} digits: not aligned");
            let (Length::Finite(h), _) = fast.length() else { panic!() };
            let mut slow = Stepper::new(&wide, tape(), 2, order);
            let exact: Vec<Float> = state.iter().map(|x| Float::with_val(wide.bits(), x)).collect();
            slow.expand_plain(&exact, order).unwrap();
            let series = |s: &Stepper<Mpfr>, i: usize| match i {
                0 | 1 => s.coefficients[i * s.stride..(i + 1) * s.stride].to_vec(),
                _ => s.jet.output(2).to_vec(),
            };
            for i in 0..3 {
                let (a, b) = (series(&fast, i), series(&slow, i));
                let mut power = Float::with_val(wide.bits(), 1);
                let mut error = Float::with_val(64, 0);
                for (a, b) in a.iter().zip(&b) {
                    error += Float::with_val(64, Float::with_val(wide.bits(), a - b) * &power).abs();
                    power *= &h;
                }
                let units: Float = (error / Float::with_val(64, b[0].abs_ref())) << ctx.bits();
                // One unit for the roundings of the coefficients read, 7 for the scale (twice the motion over T).
                assert!(units < 8, "{digits} digits, series {i}: {units} units");
            }
        }
    }
}

#[test]
fn a_radius_foreseen_too_long_is_refused_and_the_plain_recurrences_take_over() {
    let ctx = Mpfr::with_digits(50);
    let order = order_for(50);
    let mut stepper = Stepper::new(&ctx, tape(), 2, order);
    let state: Vec<Float> = [(5, 4), (2, 3)].map(|q| ctx.rational(&Rational::from(q))).into();
    stepper.expand(&state, order).unwrap();
    let (Length::Finite(right), _) = stepper.length() else { panic!() };
    stepper.aligned.as_mut().unwrap().radii = [Some(40 * LG_ONE), None];
    stepper.expand(&state, order).unwrap();
    assert!(stepper.aligned.as_ref().unwrap().longest.is_none());
    let (Length::Finite(h), _) = stepper.length() else { panic!() };
    assert!(Float::with_val(53, h / right - 1u32).abs() < 0.1);
}
