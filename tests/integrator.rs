//! The Taylor integrator against problems whose solutions are known in closed form.

use rug::{Float, Rational};
use samcheck::arith::{Context, Mpfr, Sign};
use samcheck::expr::{Graph, Id, Tape};
use samcheck::ode::{self, Boundary, Formula, Modes, Outcome, Smooth};
use std::sync::Arc;

fn smooth(build: impl FnOnce(&mut Graph) -> Vec<Id>) -> Smooth {
    let mut g = Graph::new();
    let field = build(&mut g);
    Smooth { tape: Arc::new(Tape::new(&g, &field)), dimension: field.len() }
}

fn solve(ctx: &Mpfr, system: &Smooth, start: &[Rational], to: &Rational) -> ode::Run<Mpfr, ()> {
    let state = start.iter().map(|q| ctx.rational(q)).collect();
    ode::integrate(ctx, system, (), state, Some(&ctx.rational(to)), 100_000, &mut ())
}

fn end(run: &ode::Run<Mpfr, ()>) -> Vec<Float> {
    let x = run.trajectory.end().unwrap();
    run.trajectory.state(&x).unwrap().1
}

fn close(a: &Float, b: &Float, digits: i32) {
    let bits = a.prec().max(b.prec());
    let err =
        Float::with_val(bits, a - b).abs() / Float::with_val(bits, b.abs_ref()).max(&Float::with_val(bits, 1e-30));
    let tol = Float::with_val(bits, 10).recip();
    assert!(err < rug::ops::Pow::pow(tol, digits), "{a} is not {b} to {digits} digits: {err:e}");
}

fn q(n: i64, d: i64) -> Rational {
    Rational::from((n, d))
}

#[test]
fn the_harmonic_oscillator_keeps_its_digits_at_every_precision_over_a_hundred_radians() {
    let system = smooth(|g| {
        let (x, y) = (g.var(0), g.var(1));
        vec![y, g.neg(x)]
    });
    for digits in [20u32, 50, 120] {
        let ctx = Mpfr::with_digits(digits + 5);
        let run = solve(&ctx, &system, &[q(1, 1), q(0, 1)], &q(100, 1));
        assert_eq!(run.outcome, Outcome::Reached);
        let wide = Float::with_val(2 * ctx.bits(), 100);
        close(&end(&run)[0], &wide.cos(), digits as i32);
    }
}

#[test]
fn a_kepler_orbit_of_eccentricity_one_half_closes_after_one_period() {
    let system = smooth(|g| {
        let (x, y, u, v) = (g.var(0), g.var(1), g.var(2), g.var(3));
        let (xx, yy) = (g.mul(x, x), g.mul(y, y));
        let rr = g.add(xx, yy);
        let r = g.sqrt(rr);
        let cube = g.pow(r, 3);
        let (ax, ay) = (g.div(x, cube), g.div(y, cube));
        vec![u, v, g.neg(ax), g.neg(ay)]
    });
    let ctx = Mpfr::with_digits(60);
    // perihelion 1/2, speed sqrt(3): period 2 pi; two half steps through symmetric points would hide an error
    let start = [ctx.rational(&q(1, 2)), ctx.zero(), ctx.zero(), ctx.rational(&q(3, 1)).sqrt()];
    let period = Float::with_val(ctx.bits(), rug::float::Constant::Pi) * 2u32;
    let run = ode::integrate(&ctx, &system, (), start.to_vec(), Some(&period), 10_000, &mut ());
    let last = end(&run);
    close(&last[0], &start[0], 55);
    close(&last[3], &start[3], 55);
    assert!(last[1].clone().abs() < 1e-55 && last[2].clone().abs() < 1e-55);
}

#[test]
fn the_logistic_curve_is_followed_into_saturation() {
    let system = smooth(|g| {
        let x = g.var(0);
        let xx = g.mul(x, x);
        vec![g.sub(x, xx)]
    });
    let ctx = Mpfr::with_digits(50);
    let run = solve(&ctx, &system, &[q(1, 3)], &q(30, 1));
    let e = Float::with_val(400, -30).exp();
    close(&end(&run)[0], &(Float::with_val(400, 1) / (e * 2u32 + 1u32)), 46);
}

#[test]
fn a_finite_time_blow_up_is_an_outcome_with_its_time_to_all_digits() {
    let system = smooth(|g| {
        let x = g.var(0);
        vec![g.mul(x, x)]
    });
    let ctx = Mpfr::with_digits(40);
    let run = ode::integrate(&ctx, &system, (), vec![ctx.rational(&q(3, 1))], None, 10_000, &mut ());
    let Outcome::BlowUp { x } = run.outcome else { panic!("{:?}", run.outcome) };
    close(&x, &(Float::with_val(200, 1) / 3u32), 37);
}

#[test]
fn a_collapse_is_not_called_a_blow_up() {
    // x' = -1/x from 1: reaches 0 at 1/2, where the field is singular
    let system = smooth(|g| {
        let x = g.var(0);
        let one = g.constant(-1);
        vec![g.div(one, x)]
    });
    let ctx = Mpfr::with_digits(40);
    let run = ode::integrate(&ctx, &system, (), vec![ctx.rational(&q(1, 1))], None, 10_000, &mut ());
    let Outcome::Collapse { x } = run.outcome else { panic!("{:?}", run.outcome) };
    close(&x, &Float::with_val(200, 0.5), 37);
}

#[test]
fn exponential_functions_and_logarithms_run_in_taylor_mode() {
    // x' = exp(-x) from 0: x = ln(1 + u); y' = ln(1 + x) with z' = 1/(1+z): checks Ln against a second exact curve
    let system = smooth(|g| {
        let (x, y) = (g.var(0), g.var(1));
        let minus = g.neg(x);
        let e = g.exp(minus);
        let ln = g.ln(y);
        vec![e, g.mul(y, ln)] // y = exp(exp(u)) from y(0) = e
    });
    let ctx = Mpfr::with_digits(60);
    let e1 = Float::with_val(ctx.bits(), 1).exp();
    let two = ctx.rational(&q(2, 1));
    let run = ode::integrate(&ctx, &system, (), vec![ctx.zero(), e1], Some(&two), 10_000, &mut ());
    let last = end(&run);
    close(&last[0], &Float::with_val(400, 3).ln(), 56);
    close(&last[1], &Float::with_val(400, 2).exp().exp(), 55);
}

#[test]
fn halving_the_tolerance_exponent_halves_the_digits_lost_the_order_follows_the_precision() {
    let system = smooth(|g| {
        let x = g.var(0);
        vec![x]
    });
    let exact = Float::with_val(2000, 5).exp();
    let mut last = 0;
    for digits in [15u32, 30, 60, 120] {
        let ctx = Mpfr::with_digits(digits);
        let got = end(&solve(&ctx, &system, &[q(1, 1)], &q(5, 1))).remove(0);
        let err = Float::with_val(2000, &got - &exact) / &exact;
        let reached = err.abs().log10().to_i32_saturating().map_or(0, |d| -d);
        assert!(reached >= digits as i32 - 2 && reached > last, "{digits} digits gave {reached}");
        last = reached;
    }
}

/// `x' = -1` above zero, `+2` below, `y' = 3` above, `0` below: slides on `x = 0` with `y' = 3 * 2/3 = 2`.
struct Sliding;

#[derive(Clone, Debug, PartialEq)]
enum Mode {
    Above,
    Below,
    On,
}

impl Modes for Sliding {
    type Mode = Mode;
    fn formula(&self, mode: &Mode) -> Formula {
        let mut g = Graph::new();
        let x = g.var(0);
        let (dx, dy) = match mode {
            Mode::Above => (g.constant(-1), g.constant(3)),
            Mode::Below => (g.constant(2), g.constant(0)),
            Mode::On => (g.constant(0), g.constant(2)),
        };
        let side = match mode {
            Mode::Above => Some(Sign::Positive),
            Mode::Below => Some(Sign::Negative),
            Mode::On => None,
        };
        let boundaries = side.map(|side| Boundary::Switch { label: 0, side, snap: vec![0] }).into_iter().collect();
        Formula { tape: Arc::new(Tape::new(&g, &[dx, dy, x])), dimension: 2, clocks: 0, boundaries, longest: None }
    }
    fn side(&self, _: &Mode, _: u32, side: Sign) -> Mode {
        if side == Sign::Positive { Mode::Above } else { Mode::Below }
    }
    fn slide(&self, _: &Mode, _: u32) -> Option<Mode> {
        Some(Mode::On)
    }
}

#[test]
fn a_path_that_both_sides_push_onto_a_surface_slides_on_it() {
    let ctx = Mpfr::with_digits(40);
    let start = vec![ctx.rational(&q(1, 3)), ctx.zero()];
    let run = ode::integrate(&ctx, &Sliding, Mode::Above, start, Some(&ctx.rational(&q(1, 1))), 100, &mut ());
    assert_eq!(run.outcome, Outcome::Reached);
    assert_eq!(run.modes, [Mode::Above, Mode::On]);
    close(&run.transitions[0].x, &(Float::with_val(200, 1) / 3u32), 39);
    let x = run.trajectory.end().unwrap();
    let state = run.trajectory.state(&x).unwrap().1;
    assert!(state[0].is_zero());
    close(&state[1], &(Float::with_val(200, 7) / 3u32), 39); // 3 * 1/3 + 2 * 2/3
}
