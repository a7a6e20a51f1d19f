//! The fixed-point expansions against the floating-point recurrences at twice the digits.

use super::*;
use crate::arith::Mpfr;
use crate::expr::Graph;
use rug::ops::Pow;
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
            let (Length::Finite(h), _) = fast.length() else { panic!() };
            compare(&fast, &state, &h, &tape(), &wide);
        }
    }
}

/// The coefficients of an expansion in fixed point against the recurrences with many digits, on a step of length `h`.
fn compare(fast: &Stepper<Mpfr>, state: &[Float], h: &Float, tape: &Arc<Tape>, wide: &Mpfr) {
    let (digits, bits) = (fast.jet.context().digits(), fast.jet.context().bits());
    assert!(fast.aligned.as_ref().is_some_and(|a| a.longest.is_some()), "{digits} digits: not aligned");
    let plain = |ctx: &Mpfr| {
        let mut plain = Stepper::new(ctx, tape.clone(), 2, fast.stride - 1);
        let state: Vec<Float> = state.iter().map(|x| Float::with_val(ctx.bits(), x)).collect();
        plain.expand_plain(&state, fast.stride - 1).unwrap();
        plain
    };
    let (exact, floating) = (plain(wide), plain(fast.jet.context()));
    let series = |s: &Stepper<Mpfr>, i: usize| match i {
        0 | 1 => s.coefficients[i * s.stride..(i + 1) * s.stride].to_vec(),
        _ => s.jet.output(2).to_vec(),
    };
    let units = |a: &[Float], b: &[Float]| -> Float {
        let mut power = Float::with_val(wide.bits(), 1);
        let mut error = Float::with_val(64, 0);
        for (a, b) in a.iter().zip(b) {
            error += Float::with_val(64, Float::with_val(wide.bits(), a - b) * &power).abs();
            power *= h;
        }
        (error / Float::with_val(64, b[0].abs_ref())) << bits
    };
    for i in 0..3 {
        let exact = series(&exact, i);
        let (fixed, floating) = (units(&series(fast, i), &exact), units(&series(&floating, i), &exact));
        // One unit for the roundings of the coefficients read, 7 for the scale (twice the motion over T); or what the values
        // at the start leave to any recurrence.
        assert!(
            fixed < floating.clone().max(&Float::with_val(64, 8)),
            "{digits} digits, series {i}: {fixed} units, in floating point {floating}"
        );
    }
}

/// The state after a step of length `h` along the coefficients.
fn advance(stepper: &Stepper<Mpfr>, state: &mut [Float], h: &Float) {
    for (j, x) in state.iter_mut().enumerate() {
        let series = &stepper.coefficients[j * stepper.stride..(j + 1) * stepper.stride];
        *x = series.iter().rev().fold(stepper.jet.context().zero(), |sum, a| sum * h + a);
    }
}

/// Samples whose weights come from nowhere, count, and fade: exponentials that grow and that fall, in sums, products,
/// quotients and roots with numbers of order 1.
fn samples() -> Arc<Tape> {
    let mut g = Graph::new();
    let (x, y) = (g.var(0), g.var(1));
    let one = Rational::from(1);
    let exponential = |g: &mut Graph, slope: i32, offset: i32| {
        let a = g.linear(Rational::from(offset), &[(x, Rational::from(slope))]);
        g.exp(a)
    };
    let fading = exponential(&mut g, -40, 0);
    let rising = exponential(&mut g, 60, -500);
    let weight = g.mul(rising, y);
    let quick = g.mul(fading, rising);
    let sum = g.linear(one.clone(), &[(fading, one.clone()), (weight, one.clone()), (quick, one.clone())]);
    let inverse = g.div(y, sum);
    let root = g.sqrt(sum);
    let f = g.linear(one.clone(), &[(inverse, Rational::from((1, 4)))]);
    let h = g.linear(Rational::from(0), &[(root, Rational::from((1, 9))), (y, Rational::from((-1, 5)))]);
    let watched = g.mul(inverse, root);
    Arc::new(Tape::new(&g, &[f, h, watched]))
}

#[test]
fn what_is_left_out_for_being_small_does_not_matter_on_the_step() {
    for digits in [30u32, 80, 200] {
        let order = order_for(digits);
        let (ctx, wide) = (Mpfr::with_digits(digits), Mpfr::with_digits(2 * digits + 500));
        let mut fast = Stepper::new(&ctx, samples(), 2, order).watching(2);
        let mut state: Vec<Float> = [(1, 2), (2, 3)].map(|q| ctx.rational(&Rational::from(q))).into();
        let mut left_out = 0;
        // From x = 1/2, where one exponential counts, through where neither does, until the other one does.
        let mut steps = 0;
        while state[0] < 3 {
            fast.expand(&state, order).unwrap();
            let (Length::Finite(h), _) = fast.length() else { panic!() };
            compare(&fast, &state, &h, &samples(), &wide);
            left_out += fast.aligned.as_ref().unwrap().jet.left_out();
            advance(&fast, &mut state, &h);
            steps += 1;
            assert!(steps < 3000);
        }
        assert!(left_out > 0 || digits == 200, "{digits} digits: nothing left out in {steps} steps");
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

#[test]
fn a_variable_at_rest_in_zero_that_accelerates_is_not_left_there() {
    let mut g = Graph::new();
    let (x, y) = (g.var(0), g.var(1));
    let f = g.linear(Rational::from(1), &[(y, Rational::from(1))]);
    // Not the variable itself, which is never taken for zero.
    let h = g.linear(Rational::from(0), &[(x, Rational::from(2))]);
    let ctx = Mpfr::with_digits(50);
    let order = order_for(50);
    let mut stepper = Stepper::new(&ctx, Arc::new(Tape::new(&g, &[f, h])), 2, order);
    stepper.expand(&[ctx.zero(), ctx.zero()], order).unwrap();
    assert_eq!(*stepper.coefficient(1, 2), 1);
}

#[test]
fn factors_that_grow_and_fade_over_a_long_unit_of_time_stay_in_fixed_point() {
    // y = 1 / (20 + t) has the radius 20 + t, x = t + 1/20 - y hardly bends, and its derivative is a product of factors that
    // change by e^20 and more meanwhile.
    let mut g = Graph::new();
    let (x, y) = (g.var(0), g.var(1));
    let minus = g.linear(Rational::from(0), &[(x, Rational::from(-1))]);
    let (rises, falls) = (g.exp(x), g.exp(minus));
    let square = g.mul(y, y);
    let pace = g.linear(Rational::from(1), &[(square, Rational::from(1))]);
    let rises = g.mul(rises, pace);
    let f = g.mul(rises, falls);
    let h = g.linear(Rational::from(0), &[(square, Rational::from(-1))]);
    for digits in [100u32, 200, 300] {
        let (ctx, order) = (Mpfr::with_digits(digits), order_for(digits));
        let mut stepper = Stepper::new(&ctx, Arc::new(Tape::new(&g, &[f, h])), 2, order);
        let mut state: Vec<Float> = [(0, 1), (1, 20)].map(|q| ctx.rational(&Rational::from(q))).into();
        let (mut time, mut left) = (ctx.zero(), 0);
        for _ in 0..150 {
            stepper.expand(&state, order).unwrap();
            left += usize::from(stepper.aligned.as_ref().is_none_or(|a| a.longest.is_none()));
            let (Length::Finite(h), _) = stepper.length() else { panic!() };
            advance(&stepper, &mut state, &h);
            time += h;
        }
        assert_eq!(left, 0, "{digits} digits: expansions left to floating point");
        let exact = Float::with_val(ctx.bits(), 1) / (Float::with_val(ctx.bits(), &time) + 20u32);
        let error = Float::with_val(64, &state[1] / exact - 1u32).abs();
        assert!(error < Float::with_val(64, 10).pow(6 - digits as i32), "{digits} digits: {error:e} at {time:.3}");
    }
}
