//! Products of blocks of rows, the four ways: where they cross is where `arith::fixed::Product` and
//! `expr/fixed_jet/online.rs` change from one to another.

#[allow(dead_code)] // what measures in each arithmetic
mod common;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use samcheck::arith::fixed::{Accuracy, Blocks, Columns, Digits, Karatsuba, Rows, dot};
use std::hint::black_box;

/// `side` rows of `m` limbs that look random, of either sign.
fn block(side: usize, m: usize, mut seed: u64) -> (Vec<u64>, Vec<bool>) {
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed ^ seed >> 29
    };
    ((0..side * m).map(|_| next()).collect(), (0..side).map(|_| next() & 1 == 1).collect())
}

fn blocks(c: &mut Criterion) {
    for m in [8, 17, 35, 54, 110, 160] {
        let mut group = c.benchmark_group(format!("blocks-{m}-limbs"));
        for side in [8, 32, 128, 512] {
            let (x, y) = (block(side, m, 1), block(side, m, 2));
            let [a, b] = [&x, &y].map(|(limbs, negative)| Rows { limbs, negative });
            let id = |way| BenchmarkId::new(way, side);
            let (mut integers, mut rows) = (Blocks::default(), Karatsuba::default());
            group.bench_function(id("kronecker"), |t| t.iter(|| integers.multiply(black_box(a), b, m, m)));
            group.bench_function(id("karatsuba"), |t| t.iter(|| rows.multiply(black_box(a), b, m, &|_| m)));
            let mut acc = vec![0; m + 3];
            let sums = || (0..2 * side - 1).map(|sum| ((sum + 1).saturating_sub(side), (sum + 1).min(side)));
            let [p, q] = [&x, &y].map(|(limbs, negative)| {
                let mut digits = Digits::new(side, m);
                limbs.chunks_exact(m).enumerate().for_each(|(i, row)| digits.set(i, row, negative[i]));
                digits
            });
            let mut columns = Columns::default();
            group.bench_function(id("digits"), |t| {
                t.iter(|| {
                    for (from, to) in sums() {
                        let (p, q) = (p.range(from, to - from), q.range(from, to - from));
                        columns.dot(&mut acc, black_box(p), q, Accuracy { limbs: m, drop: 48 });
                    }
                });
            });
            if side > 32 {
                continue;
            }
            group.bench_function(id("pairs"), |t| {
                t.iter(|| {
                    for (from, to) in sums() {
                        let rows = Rows { limbs: &x.0[from * m..to * m], negative: &x.1[from..to] };
                        let others = Rows { limbs: &y.0[from * m..to * m], negative: &y.1[from..to] };
                        dot(&mut acc, rows, others, m, m);
                    }
                });
            });
        }
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = common::criterion();
    targets = blocks
}
criterion_main!(benches);
