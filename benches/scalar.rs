//! The scalar kernels under every series: a product, the convolution of 64 terms, an exponential.

mod common;

use common::InEach;
use criterion::Criterion;
use rug::Rational;
use samcheck::arith::Context;
use std::hint::black_box;

/// Terms of the convolution.
const TERMS: u32 = 64;

struct Kernels<'a>(&'a mut Criterion);

impl InEach for Kernels<'_> {
    fn measure<C: Context>(&mut self, ctx: &C, label: &str) {
        // Quotients that no binary or decimal number holds exactly: every limb is at work.
        let series = |d: u32| (1..=TERMS).map(|k| ctx.rational(&Rational::from((k + d, 97)))).collect::<Vec<_>>();
        let (a, b) = (series(1), series(2));
        let x = ctx.rational(&Rational::from((-7, 3)));
        let mut r = ctx.zero();

        self.0.bench_function(&format!("multiply/{label}"), |bench| {
            bench.iter(|| {
                ctx.mul(&mut r, black_box(&a[6]), black_box(&b[40]));
                black_box(&r);
            });
        });
        self.0.bench_function(&format!("conv-{TERMS}/{label}"), |bench| {
            bench.iter(|| {
                ctx.conv(&mut r, black_box(&a), black_box(&b));
                black_box(&r);
            });
        });
        self.0.bench_function(&format!("exp/{label}"), |bench| {
            bench.iter(|| {
                let fault = ctx.exp(&mut r, black_box(&x));
                black_box((&r, fault.is_ok()));
            });
        });
    }
}

fn main() {
    let mut criterion = common::criterion();
    common::in_each(&[53, 128, 333, 1000, 3333, 10_000], &mut Kernels(&mut criterion));
    criterion.final_summary();
}
