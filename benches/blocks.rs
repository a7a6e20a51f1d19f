//! All sums of products of two series as they are found in an expansion, digit by digit and by values (`arith::fixed::Squares`):
//! where they cross is where `expr/fixed_jet/online.rs` changes from one to the other.

#[allow(dead_code)] // what measures in each arithmetic
mod common;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use samcheck::arith::fixed::{Accuracy, Columns, Digits, Plan, SIDE, Spectrum, Squares};
use std::hint::black_box;

/// Bits that each further coefficient may do without.
const DECAY: f64 = 2.6;
/// Bits by which an operand may exceed its scale.
const DROP: usize = 48;

/// `count` rows of `n` limbs that look random, of either sign.
fn series(count: usize, n: usize, mut seed: u64) -> (Vec<u64>, Vec<bool>) {
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed ^ seed >> 29
    };
    ((0..count * n).map(|_| next()).collect(), (0..count).map(|_| next() & 1 == 1).collect())
}

fn blocks(c: &mut Criterion) {
    let mut group = c.benchmark_group("sums-of-two-series");
    group.sample_size(10);
    for n in [35, 54, 80, 110, 160] {
        let count = ((64 * n) as f64 / DECAY) as usize / SIDE * SIDE;
        let limbs = |k: usize| n - ((k as f64 * DECAY) as usize / 64).min(n - 1);
        let both = [1, 2].map(|seed| series(count, n, seed));
        let view = |s: usize, k: usize| (&both[s].0[(k + 1) * n - limbs(k)..(k + 1) * n], both[s].1[k]);
        let [x, y] = [0, 1].map(|s| {
            let mut digits = Digits::new(count, n);
            (0..count).for_each(|k| digits.set(k, view(s, k).0, view(s, k).1));
            digits
        });
        let (mut acc, mut columns) = (vec![0; n + 3], Columns::default());
        // Pairs (from + i, k - from - i).
        let mut sum = |k: usize, from: usize, count: usize| {
            let (limbs, last) = (limbs(k), k + 1 - from - count);
            columns.dot(
                &mut acc,
                x.range(from, count),
                y.range(last, count),
                Accuracy { limbs, bits: 64 * limbs + DROP },
            );
            black_box(&acc);
        };
        group.bench_function(BenchmarkId::new("digits", n), |t| t.iter(|| (0..count).for_each(|k| sum(k, 0, k + 1))));
        let (mut plan, mut squares) = (Plan::default(), Squares::new(n));
        let (mut strips, mut strip) = (Columns::default(), vec![0; n + 3]);
        plan.set(count - 1, limbs);
        let mut spectra = [Spectrum::new(n), Spectrum::new(n)];
        group.bench_function(BenchmarkId::new("values", n), |t| {
            t.iter(|| {
                spectra.iter_mut().for_each(|spectrum| spectrum.clear(&plan));
                squares.clear();
                for k in 0..count {
                    for (s, spectrum) in spectra.iter_mut().enumerate() {
                        spectrum.strip.set(k, view(s, k).0, view(s, k).1);
                        if k > 0 && k % SIDE == 0 {
                            spectrum.set(&plan, k - SIDE, |k| view(s, k));
                        }
                    }
                    if k < 2 * SIDE {
                        sum(k, 0, k + 1);
                    } else {
                        let [x, y] = spectra.each_ref().map(|spectrum| &spectrum.strip);
                        let ends = (0..=k % SIDE).flat_map(|i| [((x, i), (y, k - i)), ((x, k - i), (y, i))]);
                        let accuracy = Accuracy { limbs: limbs(k), bits: 64 * limbs(k) + DROP };
                        strips.strips(&mut strip, ends, 2 * SIDE, accuracy);
                        black_box(&strip);
                        black_box(squares.sum(&plan, (&spectra[0], &spectra[1], false), k, limbs));
                    }
                }
            });
        });
    }
    group.finish();
}

criterion_group! { name = benches; config = common::criterion(); targets = blocks }
criterion_main!(benches);
