//! One Taylor step of case A, expanded to the full order of the arithmetic, and its length; in `f64` also written out by
//! hand, for what the tape costs.

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

/// Order of the step in `f64`.
const ORDER: usize = 20;

/// The recurrences of `w_j' = mu_j w_j - (mu_j^2 / sqrt 2) w_j / n`, `n = norm(mu w)`, straight on: what the tape of case A
/// computes, without a tape.
fn straight_line(start: [f64; 2]) -> [[f64; ORDER + 1]; 2] {
    let mu = [1.0, 2.0];
    let (mut w, mut q) = ([[0.0; ORDER + 1]; 2], [[0.0; ORDER + 1]; 2]);
    let (mut n, mut sum) = ([0.0; ORDER + 1], [0.0; ORDER + 1]);
    for j in 0..2 {
        w[j][0] = start[j];
    }
    let square = |a: &[f64; ORDER + 1], k: usize, from: usize| -> f64 {
        let half: f64 = (from..k.div_ceil(2)).map(|i| a[i] * a[k - i]).sum();
        2.0 * half + if k.is_multiple_of(2) && k / 2 >= from { a[k / 2] * a[k / 2] } else { 0.0 }
    };
    for k in 0..=ORDER {
        sum[k] = (0..2).map(|j| mu[j] * mu[j] * square(&w[j], k, 0)).sum();
        n[k] = if k == 0 { sum[0].sqrt() } else { (sum[k] - square(&n, k, 1)) / (2.0 * n[0]) };
        for j in 0..2 {
            let product: f64 = (0..k).map(|i| q[j][i] * n[k - i]).sum();
            q[j][k] = (w[j][k] - product) / n[0];
            if k < ORDER {
                w[j][k + 1] = mu[j] * (w[j][k] - mu[j] * q[j][k] / 2f64.sqrt()) / (k + 1) as f64;
            }
        }
    }
    w
}

fn main() {
    let mut criterion = common::criterion();
    let (setting, start) = common::case_a();
    let flow = Flow::new(&setting, &start, Clock::Rescaled);
    // The cost grows like the square of the order times that of a product: tens of seconds a step at 3333 bits (order
    // 1156), which criterion takes ten times.
    let bits = common::with_long(&[53, 128, 333, 1000], &[3333, 10_000]);
    common::in_each(&bits, &mut OneStep { criterion: &mut criterion, flow });
    criterion.bench_function("taylor-step-A/f64-straight-line", |bench| {
        bench.iter(|| straight_line(std::hint::black_box([1.0, 1.0])));
    });
    criterion.final_summary();
}
