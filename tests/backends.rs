//! The same formulas in every arithmetic.

use rug::{Float, Rational};
use samcheck::arith::{BigFloat40, Context, Double, Interval, Mpfr};
use samcheck::expr::{Graph, Jet, Tape};
use samcheck::run::{Horizon, Path, Watch};
use samcheck::sam::{Clock, Flow, Layers, Norm, Setting};
use std::sync::Arc;

fn q(n: i64, d: i64) -> Rational {
    Rational::from((n, d))
}

fn settings() -> Vec<(&'static str, Setting, Layers)> {
    let one = |depth, norm| Setting::single(&[q(1, 1), q(2, 1)], depth, norm, q(1, 2));
    let two =
        |depth, norm| Setting { z: vec![vec![q(2, 1), q(-1, 1)], vec![q(1, 2), q(3, 1)]], depth, norm, rho: q(1, 5) };
    let unequal = vec![vec![q(1, 1), q(-1, 2)], vec![q(1, 3), q(2, 1)]];
    vec![
        ("gd", one(2, Norm::None), unequal.clone()),
        ("2-SAM", one(2, Norm::L2), unequal.clone()),
        ("2-SAM, two samples", two(2, Norm::L2), unequal.clone()),
        ("2-SAM, depth 3", one(3, Norm::L2), vec![vec![q(4, 5), q(3, 4)]; 3]),
        ("unnormalised", two(2, Norm::L2Unnormalised), unequal),
        ("inf-SAM", two(2, Norm::Linf), vec![vec![q(1, 1), q(3, 2)]; 2]),
        ("inf-SAM, one coordinate is pinned", one(2, Norm::Linf), vec![vec![q(1, 4), q(3, 2)]; 2]),
        ("depth 1", two(1, Norm::L2), vec![vec![q(1, 1), q(0, 1)]]),
    ]
}

/// Weights, `beta`, margins and `log t` at `s`.
fn read<C: Context>(ctx: &C, setting: &Setting, start: &Layers, s: &Rational) -> Vec<Float> {
    let mut path = Path::solve(ctx, setting, start, &Horizon::S(s.clone()), Watch { leaders: false, clock: false });
    let x = path.x_of_s(&ctx.rational(s)).unwrap_or_else(|| panic!("{}: {:?}", ctx.name(), path.outcome));
    let seen = path.observe(&x).unwrap().unwrap();
    let time = path.log_t(&x).unwrap().unwrap();
    let mut log_t = ctx.zero();
    ctx.add(&mut log_t, &time.z, &time.rest);
    let all = seen.layers.into_iter().flatten().chain(seen.beta).chain(seen.margins).chain([log_t]);
    all.map(|v| ctx.to_float(&v, 400)).collect()
}

#[track_caller]
fn agree(what: &str, a: &[Float], b: &[Float], digits: u32) {
    assert_eq!(a.len(), b.len());
    let tol = Float::with_val(64, Float::u_pow_u(10, digits)).recip();
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        let off = Float::with_val(400, a - b).abs();
        // Exact zeros (a pinned coordinate) must be zeros in both.
        let bound = Float::with_val(400, b.abs_ref()) * &tol;
        assert!(off <= bound, "{what}, quantity {i}: {a:.45e} against {b:.45e}");
    }
}

#[test]
fn f64_agrees_with_mpfr_to_twelve_digits() {
    for (name, setting, start) in settings() {
        let s = q(1, 2);
        agree(name, &read(&Double, &setting, &start, &s), &read(&Mpfr::with_digits(40), &setting, &start, &s), 12);
    }
}

#[test]
fn bigfloat_agrees_with_mpfr_to_thirty_digits() {
    for (name, setting, start) in settings() {
        let s = q(1, 2);
        agree(name, &read(&BigFloat40, &setting, &start, &s), &read(&Mpfr::with_digits(60), &setting, &start, &s), 30);
    }
}

#[test]
fn mpfr_agrees_with_itself_at_two_precisions_to_all_but_a_few_digits_of_the_lower() {
    for (name, setting, start) in settings() {
        let s = q(1, 2);
        agree(
            name,
            &read(&Mpfr::with_digits(40), &setting, &start, &s),
            &read(&Mpfr::with_digits(75), &setting, &start, &s),
            36,
        );
    }
}

#[test]
fn the_interval_evaluation_of_every_field_contains_the_mpfr_one_and_is_narrow() {
    for (name, setting, start) in settings() {
        let flow = Flow::new(&setting, &start, Clock::Rescaled);
        let mode = flow.first_mode();
        let f = flow.formulas(&mode);
        let mut outputs = f.rates.clone();
        outputs.extend(&f.beta);
        outputs.extend(&f.margins);
        outputs.extend([f.z, f.growth]);
        let count = outputs.len();
        let tape = Arc::new(Tape::new(&f.graph, &outputs));
        let narrow = Interval::with_digits(30);
        let wide = Mpfr::with_digits(80);
        let mut enclosed = Jet::new(&narrow, tape.clone(), flow.dimension(), 0);
        let mut exact = Jet::new(&wide, tape, flow.dimension(), 0);
        enclosed.evaluate(&flow.start(&narrow)).unwrap();
        exact.evaluate(&flow.start(&wide)).unwrap();
        for o in 0..count {
            let (range, value) = (enclosed.value(o), exact.value(o));
            // The 80-digit value itself is off by a last digit: exact outputs need that much room.
            let slack = Float::with_val(300, value.abs_ref()) >> 250u32;
            let (lo, hi) = (Float::with_val(300, range.lo() - &slack), Float::with_val(300, range.hi() + &slack));
            assert!(lo <= *value && *value <= hi, "{name}, output {o}: {range:?} does not contain {value:.40e}");
            let width = Float::with_val(300, range.hi() - range.lo());
            assert!(width <= Float::with_val(300, value.abs_ref()) * 1e-25, "{name}, output {o}: {range:?} is wide");
        }
    }
}

#[test]
fn an_exponential_out_of_range_is_a_fault_in_every_arithmetic_and_never_a_value() {
    fn check<C: Context>(ctx: &C, beyond: i64) {
        for sign in [1, -1] {
            let mut g = Graph::new();
            let x = g.var(0);
            let e = g.exp(x);
            let mut jet = Jet::new(ctx, Arc::new(Tape::new(&g, &[e])), 1, 0);
            assert!(jet.evaluate(&[ctx.rational(&q(sign * beyond, 1))]).is_err(), "{} {sign}", ctx.name());
        }
    }
    check(&Double, 1000);
    check(&BigFloat40, 1000);
    check(&Mpfr::with_digits(30), 10_000_000_000);
    check(&Interval::with_digits(30), 10_000_000_000);
}
