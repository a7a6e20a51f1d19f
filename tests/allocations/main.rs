//! The step loop allocates nothing but what it keeps.

mod counting;

use counting::allocations;
use rug::{Float, Rational};
use samcheck::arith::{Context, Double, Mpfr};
use samcheck::expr::Tape;
use samcheck::ode::{Stepper, order_for};
use samcheck::run::{Horizon, Path, Watch};
use samcheck::sam::{Clock, Flow, Norm, Setting};
use std::sync::Arc;

/// Allocations of an expansion and of its step length, once the first two have made the buffers.
fn of_a_step<C: Context>(ctx: &C, flow: &Flow) -> u64 {
    let f = flow.formulas(&flow.first_mode());
    let tape = Arc::new(Tape::new(&f.graph, &f.rates));
    let order = order_for(ctx.digits());
    let mut stepper = Stepper::new(ctx, tape, flow.dimension(), order);
    let state = flow.start(ctx);
    let mut step = || {
        stepper.expand(&state, order).unwrap();
        stepper.length();
    };
    step();
    step();
    allocations(step)
}

#[test]
fn a_taylor_step_allocates_nothing_and_a_run_only_what_it_keeps() {
    counting::install();
    assert!(allocations(|| drop(Float::new(100))) > 0, "GMP's allocations are not counted");
    let mu: Vec<Rational> = (1..=4).map(Rational::from).collect();
    let setting = Setting::single(&mu, 2, Norm::L2, Rational::from(1));
    let start = setting.balanced(&vec![Rational::from((3, 5)); 4]);
    let flow = Flow::new(&setting, &start, Clock::Rescaled);
    // In MPFR one: the step length, which is the answer.
    assert_eq!(of_a_step(&Double, &flow), 0);
    for digits in [30, 65, 330] {
        assert_eq!(of_a_step(&Mpfr::with_digits(digits), &flow), 1, "{digits} digits");
    }
    // MPFR's long quotients take scratch of their own, a few a step: sums by squares (from 60 limbs on) add none.
    assert_eq!(of_a_step(&Mpfr::with_digits(1150), &flow), of_a_step(&Mpfr::with_digits(1000), &flow));
    let ctx = Mpfr::with_digits(65);
    let watch = Watch { leaders: true, clock: true };
    let run = |s: u32| {
        let mut steps = 0;
        let count = allocations(|| {
            let path = Path::solve(&ctx, &setting, &start, &Horizon::S(Rational::from(s)), watch);
            steps = path.stats(watch).steps as u64;
        });
        (count, steps)
    };
    let (short, long) = (run(2), run(10));
    // What a step keeps: its coefficients. Beside them the state, places, the search for hand-overs: a few numbers each.
    let kept = flow.dimension() as u64 * (order_for(65) as u64 + 1);
    let (more, steps) = (long.0 - short.0, long.1 - short.1);
    assert!(more <= steps * (kept + 80), "{more} allocations in {steps} steps, which keep {kept} numbers each");
}
