//! A whole flow, `s` from 0 to 10, cases A and B.

mod common;

use common::InEach;
use criterion::Criterion;
use rug::Rational;
use samcheck::arith::Context;
use samcheck::ode::Outcome;
use samcheck::run::{Horizon, Path, Watch};
use samcheck::sam::{Layers, Setting};

struct Whole<'a> {
    criterion: &'a mut Criterion,
    name: &'static str,
    setting: Setting,
    start: Layers,
}

impl InEach for Whole<'_> {
    fn measure<C: Context>(&mut self, ctx: &C, label: &str) {
        let horizon = Horizon::S(Rational::from(10));
        self.criterion.bench_function(&format!("flow-{}/{label}", self.name), |bench| {
            bench.iter(|| {
                let path =
                    Path::solve(ctx, &self.setting, &self.start, &horizon, Watch { leaders: false, clock: false });
                assert!(matches!(path.outcome, Outcome::Reached), "{:?}", path.outcome);
                path
            });
        });
    }
}

fn main() {
    let mut criterion = common::criterion();
    // Some twenty steps: far beyond 20 s a sample from 3333 bits on.
    let bits = common::with_long(&[53, 128, 333, 1000], &[3333, 10_000]);
    for (name, (setting, start)) in [("A", common::case_a()), ("B", common::case_b())] {
        common::in_each(&bits, &mut Whole { criterion: &mut criterion, name, setting, start });
    }
    criterion.final_summary();
}
