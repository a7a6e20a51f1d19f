//! Squares against sums pair by pair.

use super::*;

type Numbers = (Vec<u64>, Vec<bool>, Digits);

fn of(s: &Numbers, from: usize, n: usize) -> Series<'_> {
    Series { limbs: &s.0[from * n..], negative: &s.1[from..], digits: Some(&s.2), from, n }
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
    (limbs, negative, digits)
}

#[test]
fn squares_give_the_sums_that_pairs_give() {
    let (n, order) = (LIMBS, 600);
    // 60 limbs at first, 6 at the end.
    let lengths = Lengths { n, spare: 0, decay: LG_ONE * 64 * 54 / order as i64 };
    let [a, b] = [1, 2].map(|seed| series(order + 1, n, seed));
    let (x, y, tail) = (of(&a, 0, n), of(&b, 0, n), of(&a, 1, n));
    for (x, y, same, shift) in [(x, y, false, 0), (x, x, true, 0), (tail, y, false, 1), (tail, tail, true, 2)] {
        let mut ahead = Ahead::new(order, n).unwrap();
        let mut columns = Columns::default();
        for k in 0..=order - shift {
            let place = Place { k, shift, lengths, drop: 40 };
            let m = lengths.at(k + shift);
            let mut sums = [(); 2].map(|()| (vec![0; m + 3], vec![0; m + 3]));
            for (i, (acc, other)) in sums.iter_mut().enumerate() {
                let ahead = (i == 0).then_some(&mut ahead);
                Sums { acc, other, columns: &mut columns }.online(x, y, same, place, ahead);
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
