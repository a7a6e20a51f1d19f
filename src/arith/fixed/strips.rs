//! The pairs of two series of which one number is among the first, or among the last that are known: few products of long
//! numbers. The digits of one number lie side by side, and what is multiplied at a time are eight columns of one pair
//! ([`super::digits`] has eight pairs of one column: another layout, for many pairs).

use super::digits::{Accuracy, Columns, DIGIT, LANES, MASK};
use super::lanes::{Eight, Lanes, Work, run};
use super::tiers::SIDE;

/// Numbers that are kept: the first, and in turns the last.
const KEPT: usize = 2 * SIDE;
/// Vectors of columns that are summed side by side.
const TILE: usize = 4;
/// Columns of a tile, and zeros on either side of a number's digits.
const REACH: usize = TILE * LANES;
/// Products whose halves may be added up in a lane.
const MOST: usize = 1 << (64 - DIGIT);

/// The first [`SIDE`] numbers of a series and the last `2 SIDE`: magnitudes in digits of 52 bits, and signs.
#[derive(Clone, Debug)]
pub struct Strip {
    /// Digit `p` (0 the highest) of a number at `REACH + p` of its part.
    digits: Vec<u64>,
    negative: [bool; SIDE + KEPT],
    /// Of a number.
    width: usize,
}

impl Strip {
    /// For numbers of `n` limbs at most.
    pub fn new(n: usize) -> Self {
        let width = (64 * n).div_ceil(DIGIT);
        Strip { digits: vec![0; (SIDE + KEPT) * (width + 2 * REACH)], negative: [false; SIDE + KEPT], width }
    }

    /// Number `i` becomes `limbs` (a fraction of so many limbs, lowest first) with its sign; number `i - 2 SIDE` is forgotten
    /// but for the first [`SIDE`].
    pub fn set(&mut self, i: usize, limbs: &[u64], negative: bool) {
        let (stride, width) = (self.width + 2 * REACH, self.width);
        for place in [Some(SIDE + i % KEPT), (i < SIDE).then_some(i)].into_iter().flatten() {
            self.negative[place] = negative;
            let digits = &mut self.digits[place * stride + REACH..][..width];
            let (mut limbs, mut window, mut held) = (limbs.iter().rev(), 0u128, 0);
            for digit in digits {
                if held < DIGIT {
                    window = window << 64 | u128::from(limbs.next().copied().unwrap_or(0));
                    held += 64;
                }
                held -= DIGIT;
                *digit = (window >> held) as u64 & MASK;
            }
        }
    }

    /// The digits of number `i`, between zeros, and its sign.
    fn number(&self, i: usize) -> (&[u64], bool) {
        let (place, stride) = (if i < SIDE { i } else { SIDE + i % KEPT }, self.width + 2 * REACH);
        (&self.digits[place * stride..][..stride], self.negative[place])
    }
}

impl Columns {
    /// `acc = sum X_i Y_j` over `pairs` of kept numbers, `count` of them at most, as [`Self::dot`] gives it.
    pub fn strips<'a>(
        &mut self,
        acc: &mut [u64],
        pairs: impl Iterator<Item = ((&'a Strip, usize), (&'a Strip, usize))> + Clone,
        count: usize,
        accuracy: Accuracy,
    ) {
        let end = accuracy.last_column(count).saturating_sub(1).next_multiple_of(REACH);
        self.sums.clear();
        self.sums.resize(end + 2, 0);
        let pairs = pairs.map(|((x, i), (y, j))| (x.number(i), y.number(j)));
        run(Multiply { sums: &mut self.sums[1..], pairs });
        self.finish(&mut acc[..accuracy.limbs + 3], end + 1, 0);
    }
}

/// Adds products of digits `p` and `q` of pairs to `sums`: what has the weight `2^(-52 c)` to `sums[c - 1]`. All those of
/// `p + q + 1 < sums.len()`.
struct Multiply<'a, I> {
    sums: &'a mut [u128],
    pairs: I,
}

impl<'a, I: Iterator<Item = ((&'a [u64], bool), (&'a [u64], bool))> + Clone> Work for Multiply<'_, I> {
    #[inline(always)]
    fn run<V: Lanes>(self) {
        let Multiply { sums, pairs } = self;
        // Products of `p + q = first ...`: their lower halves belong to the place above.
        for first in (0..sums.len() - 1).step_by(REACH) {
            let sums = &mut sums[first..][..REACH + 1];
            for sign in [false, true] {
                let (mut halves, mut held) = (Halves::<V>::zero(), 0);
                for ((x, s), (y, t)) in pairs.clone() {
                    if s ^ t != sign {
                        continue;
                    }
                    let (mut from, end) = ((first + 1).saturating_sub(width(y)), width(x).min(first + REACH));
                    while from < end {
                        if held == MOST {
                            halves.add_to(sums, sign);
                            (halves, held) = (Halves::zero(), 0);
                        }
                        let to = end.min(from + MOST - held);
                        halves = halves.add_products(x, y, first, (from, to));
                        held += to - from;
                        from = to;
                    }
                }
                halves.add_to(sums, sign);
            }
        }
    }
}

/// Digits of a number between its zeros.
fn width(number: &[u64]) -> usize {
    number.len() - 2 * REACH
}

/// Sums of the upper and of the lower halves of products, by columns.
struct Halves<V> {
    high: [V; TILE],
    low: [V; TILE],
}

impl<V: Lanes> Halves<V> {
    #[inline(always)]
    fn zero() -> Self {
        Halves { high: [V::splat(0); TILE], low: [V::splat(0); TILE] }
    }

    /// Digits `from <= p < to` of `x` by those of `y` that `p + q = first ... first + REACH - 1` has.
    #[inline(always)]
    fn add_products(mut self, x: &[u64], y: &[u64], first: usize, (from, to): (usize, usize)) -> Self {
        let x = &x[REACH + from..REACH + to];
        // For digit `p`, digits `first - p ...` of `y`: one place before those for the last.
        let y = y[REACH + first + 1 - to..REACH + first + REACH - from].windows(REACH).rev();
        for (&x, y) in x.iter().zip(y) {
            let x = V::splat(x);
            for (c, y) in y.as_chunks().0.iter().enumerate() {
                let y = V::unaligned(y);
                self.high[c] = self.high[c].add_high(x, y);
                self.low[c] = self.low[c].add_low(x, y);
            }
        }
        self
    }

    #[inline(always)]
    fn add_to(self, sums: &mut [u128], negative: bool) {
        add(self.high, sums, negative);
        add(self.low, &mut sums[1..], negative);
    }
}

#[inline(always)]
fn add<V: Lanes>(halves: [V; TILE], sums: &mut [u128], negative: bool) {
    for (half, sums) in halves.into_iter().zip(sums.chunks_exact_mut(LANES)) {
        let mut lanes = Eight::ZERO;
        half.store(&mut lanes);
        for (sum, lane) in sums.iter_mut().zip(lanes.0) {
            let lane = u128::from(lane);
            *sum = if negative { sum.wrapping_sub(lane) } else { sum.wrapping_add(lane) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rug::Integer;
    use rug::integer::Order;

    fn series(numbers: &[(Vec<u64>, bool)], n: usize) -> Strip {
        let mut strip = Strip::new(n);
        for (i, (limbs, negative)) in numbers.iter().enumerate() {
            strip.set(i, limbs, *negative);
        }
        strip
    }

    /// In units of `2^-bits`.
    fn value((limbs, negative): &(Vec<u64>, bool), bits: usize) -> Integer {
        let magnitude = Integer::from_digits(limbs, Order::Lsf) << (bits - 64 * limbs.len()) as u32;
        if *negative { -magnitude } else { magnitude }
    }

    /// How far a sum over pairs is off, against what it may be off, in units of `2^-64` of the last limb of the accumulator; and
    /// that it is the same number by number.
    fn check(x: &[(Vec<u64>, bool)], y: &[(Vec<u64>, bool)], pairs: &[(usize, usize)], n: usize, accuracy: Accuracy) {
        let (a, b) = (series(x, n), series(y, n));
        let pairs_of = pairs.iter().map(|&(i, j)| ((&a, i), (&b, j)));
        let m = accuracy.limbs;
        let mut acc = vec![7; m + 3];
        Columns::default().strips(&mut acc, pairs_of.clone(), pairs.len(), accuracy);
        let whole = 64 * (2 * n + 2);
        let exact: Integer = pairs.iter().map(|&(i, j)| value(&x[i], 64 * n) * value(&y[j], 64 * n)).sum();
        let top = Integer::from(i64::from_ne_bytes(acc[m + 2].to_ne_bytes())) << whole as u32;
        let seen = top + (Integer::from_digits(&acc[..m + 2], Order::Lsf) << (whole - 64 * (m + 2)) as u32);
        let off: Integer = (exact << 128) - seen;
        let off = off.abs();
        let left_out = Integer::from(1) << (whole - accuracy.bits - 2) as u32;
        assert!(off <= left_out + (Integer::from(1) << (whole - 64 * (m + 2)) as u32), "{off:x}");

        let sums = |vectors: bool| {
            let mut sums = vec![0; accuracy.last_column(pairs.len()).next_multiple_of(REACH) + 1];
            let pairs = pairs_of.clone().map(|((x, i), (y, j))| (x.number(i), y.number(j)));
            let work = Multiply { sums: &mut sums, pairs };
            if vectors {
                run(work)
            } else {
                work.run::<[u64; LANES]>()
            }
            sums
        };
        assert_eq!(sums(true), sums(false));
    }

    fn numbers(count: usize, n: usize) -> impl Strategy<Value = Vec<(Vec<u64>, bool)>> {
        let limb = prop_oneof![2 => any::<u64>(), 1 => Just(0), 1 => Just(u64::MAX)];
        let limbs = (1..=n).prop_flat_map(move |m| prop::collection::vec(limb.clone(), m));
        prop::collection::vec((limbs, any::<bool>()), count)
    }

    proptest! {
        #[test]
        fn strips_leave_out_less_than_a_quarter(
            (n, m, x, y) in (1usize..22, 9usize..60).prop_flat_map(|(n, count)| (Just(n), 1..=n, numbers(count, n), numbers(count, n))),
            less in 0usize..60,
            ends in prop::collection::vec((0usize..SIDE, 0usize..SIDE), 0..9),
        ) {
            let last = x.len() - 1;
            let pairs: Vec<_> = ends.into_iter().flat_map(|(i, j)| [(i, last - j), (last - j, i)]).collect();
            check(&x, &y, &pairs, n, Accuracy { limbs: m, bits: 64 * m + 60 - less });
        }
    }

    #[test]
    fn lanes_are_emptied_before_they_overflow() {
        let n = 300;
        let x = vec![(vec![u64::MAX; n], false); KEPT];
        let y: Vec<_> = (0..KEPT).map(|i| (vec![u64::MAX; n], i % 5 == 4)).collect();
        let pairs: Vec<_> = (0..KEPT).map(|i| (i, KEPT - 1 - i)).collect();
        assert!(pairs.len() * (64 * n).div_ceil(DIGIT) > MOST);
        check(&x, &y, &pairs, n, Accuracy { limbs: n, bits: 64 * n });
    }
}
