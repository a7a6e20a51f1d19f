//! One Taylor step of case A, expanded to the full order of the arithmetic, and its length.

mod common;

use common::InEach;
use criterion::Criterion;
use samcheck::arith::Context;
use samcheck::expr::Tape;
use samcheck::ode::{Stepper, order_for};
use samcheck::sam::{Clock, Flow};
use std::sync::Arc;

struct OneStep<'a> {
    criterion: &'a mut Criterion,
    flow: Flow,
}

impl InEach for OneStep<'_> {
    fn measure<C: Context>(&mut self, ctx: &C, label: &str) {
        let formulas = self.flow.formulas(&self.flow.first_mode());
        let tape = Arc::new(Tape::new(&formulas.graph, &formulas.rates));
        let order = order_for(ctx.digits());
        let state = self.flow.start(ctx);
        let mut stepper = Stepper::new(ctx, tape, self.flow.dimension(), order);
        self.criterion.bench_function(&format!("taylor-step-A/{label}"), |bench| {
            bench.iter(|| {
                stepper.expand(&state, order).expect("the start of case A is regular");
                // The next expansion foresees its radius from this one's.
                stepper.length()
            });
        });
    }
}

fn main() {
    let mut criterion = common::criterion();
    let (setting, start) = common::case_a();
    let flow = Flow::new(&setting, &start, Clock::Rescaled);
    // The cost grows like the square of the order times that of a product: tens of seconds a step at 3333 bits (order
    // 1156), which criterion takes ten times.
    let bits = common::with_long(&[53, 128, 333, 1000], &[3333, 10_000]);
    common::in_each(&bits, &mut OneStep { criterion: &mut criterion, flow });
    criterion.final_summary();
}
