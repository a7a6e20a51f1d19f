//! Squares against sums pair by pair.

use super::*;

type Numbers = (Vec<u64>, Vec<bool>, Digits, Spectrum);

fn of(s: &Numbers, from: usize, n: usize) -> Series<'_> {
    Series { limbs: &s.0[from * n..], negative: &s.1[from..], digits: Some(&s.2), spectrum: Some(&s.3), from, n }
}

/// Random rows, 40 bits below their bound.
fn series(count: usize, n: usize, mut seed: u64) -> Numbers {
    let mut next = || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed ^ seed >> 29
    };
    let mut limbs: Vec<u64> = (0..count * n).map(|_| next()).collect();
    limbs.chunks_exact_mut(n).for_each(|row| row[n - 1] >>= 40);
    let negative: Vec<bool> = (0..count).map(|_| next() & 1 == 1).collect();
    let mut digits = Digits::new(count, n);
    for (i, row) in limbs.chunks_exact(n).enumerate() {
        digits.set(i, row, negative[i]);
    }
    (limbs, negative, digits, Spectrum::new(n))
}

#[test]
fn squares_give_the_sums_that_pairs_give() {
    // Two levels of blocks; 24 limbs at first, 3 at the end.
    let (n, order) = (24, 2600);
    let lengths = Lengths { n, precision: 64 * n as i64, headroom: 0, decay: LG_ONE * 64 * 21 / order as i64 };
    let mut plan = Plan::default();
    plan.set(order, |k| lengths.at(k));
    let mut numbers = [1, 2].map(|seed| series(order + 1, n, seed));
    // Sums over x and y, both from some row on.
    for (x, y, shift) in [((0, 0), (1, 0), 0), ((0, 0), (0, 0), 0), ((0, 1), (1, 0), 1), ((0, 1), (0, 1), 2)] {
        let (mut squares, mut columns) = (Squares::new(n), Columns::default());
        numbers.iter_mut().for_each(|numbers| numbers.3.clear(&plan));
        for c in shift..=order {
            // Row c of the operands is known before sum c; values are passed on eight at a time.
            for (limbs, negative, _, spectrum) in &mut numbers {
                let view = |k: usize| (&limbs[(k + 1) * n - lengths.at(k)..(k + 1) * n], negative[k]);
                for c in if c == shift { 0..c + 1 } else { c..c + 1 } {
                    spectrum.strip.set(c, view(c).0, view(c).1);
                }
                if (c + 1).is_multiple_of(SIDE) {
                    spectrum.set(&plan, c + 1 - SIDE, view);
                }
            }
            // As where a bound is raised. At 1407 a block is complete that no sum has asked for yet.
            if [100, 351, 1100, 1407, 1535, 2400].contains(&c) {
                squares.clear();
            }
            let k = c - shift;
            let m = lengths.at(c);
            let place = Place { k, limbs: m, lengths, more: 40 };
            let mut sums = [(); 2].map(|()| (vec![0; m + 3], vec![0; m + 3]));
            let [x, y] = [x, y].map(|(which, from)| of(&numbers[which], from, n));
            let same = std::ptr::eq(x.limbs, y.limbs);
            for (i, (acc, other)) in sums.iter_mut().enumerate() {
                let squares = (i == 0).then_some((&mut squares, &plan));
                Sums { acc, other, columns: &mut columns }.online(x, y, same, place, squares);
            }
            let [squares, pairs] = sums.map(|(acc, _)| acc);
            // In units of B^(m-2): less than 2^-40 of a unit of B^m apart, each of k pairs by two views.
            let (mut gap, mut borrow) = (Vec::new(), false);
            for (s, p) in squares.iter().zip(&pairs) {
                let (t, c) = s.overflowing_sub(*p);
                let (t, d) = t.overflowing_sub(u64::from(borrow));
                borrow = c | d;
                gap.push(t);
            }
            if gap.last().is_some_and(|top| top >> 63 == 1) {
                gap.iter_mut().for_each(|g| *g = !*g);
            }
            let top = gap.iter().rposition(|g| *g != 0).map_or(0, |i| 64 * i + 64 - gap[i].leading_zeros() as usize);
            // Operands are below 2^-40: a view of either loses 2^-40 units of B^m, that is 2^(128-40) here, a pair.
            let bound = 128 - 40 + (usize::BITS - (k + 1).leading_zeros()) as usize + 1;
            assert!(top <= bound, "k = {k}: 2^{top}, 2^{bound} allowed");
        }
    }
}
