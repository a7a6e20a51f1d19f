//! Series of fixed-point numbers in digits of 52 bits, laid out so that a sum of products is many sums of products of
//! digits, each over neighbours in memory: what vector instructions multiply ([`super::vector`]).
//!
//! A number is a fraction `X`, `|X| < 1`, of which the top `m` limbs are kept. Stored is `X' = (1 + X) / 2 >= 0`: products
//! then need no signs. With `S` the sum of all digits' numbers, `sum X Y = 4 sum X' Y' - 2 sum (X' + Y') + count`, and the
//! sums of digits are kept beside the digits. Everything is an exact integer, so the order of additions, and with it the
//! machine, does not matter. Error bounds: `proofs/taylor-kernel.md`.

use super::vector;

/// Bits of a digit.
pub(super) const DIGIT: usize = 52;
/// Digits are taken by fours.
pub(super) const TILE: usize = 4;
/// Numbers that a vector holds.
pub(super) const LANES: usize = 8;
pub(super) const MASK: u64 = (1 << DIGIT) - 1;
/// So many numbers are summed at once: their digits stay in the nearest cache while all columns are formed.
const CHUNK: usize = 256;

/// Digits that hold a fraction of so many bits and its sign, in whole tiles.
pub(super) fn digits_of(bits: usize) -> usize {
    (bits + 1).div_ceil(DIGIT).next_multiple_of(TILE)
}

/// What a sum of products is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Accuracy {
    /// Limbs of the views, whose square is the unit of the sum.
    pub limbs: usize,
    /// The sum is rounded to multiples of `2^-bits`, the operands being fractions.
    pub bits: usize,
}

impl Accuracy {
    /// Digits of either operand.
    pub(super) fn width(self) -> usize {
        digits_of(64 * self.limbs)
    }

    /// The last column formed. What is left out of a sum of `count` products is below
    /// `width count 2^(2 - DIGIT (last - 1))`: below a quarter of what the sum is rounded to, so that a sum that is zero
    /// there is exactly zero. Noise would be taken for coefficients.
    pub(super) fn last_column(self, count: usize) -> usize {
        let products = (self.width() * count).max(1).ilog2() as usize + 1;
        (self.bits + 4 + products).div_ceil(DIGIT) + 1
    }
}

/// A series of numbers.
#[derive(Clone, Debug)]
pub struct Digits {
    /// Digit `p` (0 the highest) of number `i` at `p * stride + LANES + i`: a vector may reach beyond either end.
    digits: Vec<u64>,
    /// The sum of digit `p` over the first `i` numbers at `p * stride + i`.
    sums: Vec<u64>,
    stride: usize,
}

impl Digits {
    /// Room for `count` numbers of `n` limbs.
    pub fn new(count: usize, n: usize) -> Self {
        // An odd number of lines: the same numbers' digits fall into all sets of the nearest cache.
        let stride = ((count.div_ceil(LANES) + 2) | 1) * LANES;
        let room = digits_of(64 * n) * stride;
        Digits { digits: vec![0; room], sums: vec![0; room], stride }
    }

    /// Number `i` becomes `limbs` (a fraction of so many limbs) with its sign; all numbers before are known.
    pub fn set(&mut self, i: usize, limbs: &[u64], negative: bool) {
        let m = limbs.len();
        // The bits of X' are one bit that says X >= 0, then those of X, of its complement where X < 0.
        let zero = limbs.iter().all(|&l| l == 0);
        let flip = if negative && !zero { u64::MAX } else { 0 };
        // The complement is one more than the flipped bits: the carry ends in the lowest limb that is not 0.
        let lowest = limbs.iter().position(|&l| l != 0).unwrap_or(m);
        let limb = |from_top: usize| {
            let Some(at) = (m - 1).checked_sub(from_top) else { return 0 };
            match flip {
                0 => limbs[at],
                _ if at < lowest => 0,
                _ if at == lowest => limbs[at].wrapping_neg(),
                _ => !limbs[at],
            }
        };
        let mut next = 1;
        let (mut here, mut after) = (limb(0), limb(1));
        for p in 0..digits_of(64 * m) {
            let digit = match (p * DIGIT).checked_sub(1) {
                None => (!flip & 1) << (DIGIT - 1) | here >> (64 - DIGIT + 1),
                Some(bit) => {
                    if bit / 64 >= next {
                        next += 1;
                        here = after;
                        after = limb(next);
                    }
                    let shift = bit % 64;
                    (here << shift | after >> 1 >> (63 - shift)) >> (64 - DIGIT)
                }
            };
            let at = p * self.stride + i;
            self.digits[at + LANES] = digit;
            self.sums[at + 1] = self.sums[at].wrapping_add(digit);
        }
    }

    /// `count` numbers from `from` on.
    pub fn range(&self, from: usize, count: usize) -> Range<'_> {
        Range { series: self, from, count }
    }
}

/// Some neighbouring numbers of a series.
#[derive(Clone, Copy, Debug)]
pub struct Range<'a> {
    series: &'a Digits,
    from: usize,
    count: usize,
}

impl<'a> Range<'a> {
    /// The rounds of lanes that cover the numbers, from the first on: the last round may reach beyond.
    pub(super) fn forward(self, p: usize) -> &'a [[u64; LANES]] {
        let start = p * self.series.stride + LANES + self.from;
        let length = self.count.next_multiple_of(LANES);
        self.series.digits[start..start + length].as_chunks().0
    }

    /// The rounds of lanes that cover the numbers, the last ones last: the first round may reach before them.
    pub(super) fn backward(self, p: usize) -> &'a [[u64; LANES]] {
        let end = p * self.series.stride + LANES + self.from + self.count;
        let length = self.count.next_multiple_of(LANES);
        self.series.digits[end - length..end].as_chunks().0
    }

    /// Digit `p` of the numbers.
    pub(super) fn digit(self, p: usize) -> &'a [u64] {
        let start = p * self.series.stride + LANES + self.from;
        &self.series.digits[start..start + self.count]
    }

    fn sum(self, p: usize) -> u64 {
        let at = p * self.series.stride + self.from;
        self.series.sums[at + self.count].wrapping_sub(self.series.sums[at])
    }

    pub(super) fn len(self) -> usize {
        self.count
    }

    fn part(self, from: usize, count: usize) -> Self {
        Range { from: self.from + from, count, ..self }
    }
}

/// Room for the columns of a sum of products.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    pub(super) sums: Vec<u128>,
    digits: Vec<u64>,
}

impl Columns {
    /// `acc = sum_i X_i Y_(count-1-i)` over two ranges of one length, in units of `B^(m-2)` for views of `m` limbs;
    /// `acc` has `m + 3` limbs.
    pub fn dot(&mut self, acc: &mut [u64], x: Range, y: Range, accuracy: Accuracy) {
        let (width, last) = (accuracy.width(), accuracy.last_column(x.len()));
        let end = last.max(width + 1);
        self.sums.clear();
        self.sums.resize(end + 2 * TILE, 0);
        // Column c, of weight 2^(-52 c): the products, less half the sums of digit c - 1; a quarter of the count on top.
        let count = x.len();
        self.sums[1] = (count as u128) << (DIGIT - 2);
        for from in (0..count).step_by(CHUNK) {
            let chunk = CHUNK.min(count - from);
            let (x, y) = (x.part(from, chunk), y.part(count - from - chunk, chunk));
            vector::columns(&mut self.sums, x, y, width, last);
            for p in 0..width {
                let sum = x.sum(p) + y.sum(p);
                self.sums[p + 1] = self.sums[p + 1].wrapping_sub(u128::from(sum >> 1));
                self.sums[p + 2] = self.sums[p + 2].wrapping_sub(u128::from((sum & 1) << (DIGIT - 1)));
            }
        }
        self.finish(&mut acc[..accuracy.limbs + 3], end, 2);
    }

    /// `sum_c sums_c 2^(-52 c)`, `1 <= c <= end`, times `2^up`, in limbs; `up` is at most 2.
    pub(super) fn finish(&mut self, acc: &mut [u64], end: usize, up: usize) {
        self.digits.resize(end + 1, 0);
        let mut carry = 0i128;
        for (digit, &sum) in self.digits[1..=end].iter_mut().zip(&self.sums[1..=end]).rev() {
            let t = sum as i128 + carry;
            *digit = t as u64 & MASK;
            carry = t >> DIGIT;
        }
        self.pack(acc, end, carry as i64, up);
    }

    /// `top + sum_c digits_c 2^(-52 c)`, `1 <= c <= end`, times `2^up`, in limbs.
    fn pack(&self, acc: &mut [u64], end: usize, top: i64, up: usize) {
        let Some((highest, fraction)) = acc.split_last_mut() else { return };
        *highest = (top << up) as u64 | self.digits[1] >> (DIGIT - up);
        let digits = &self.digits[..=end];
        let digit = |c: usize| digits.get(c).copied().unwrap_or(0);
        for (r, out) in fraction.iter_mut().rev().enumerate() {
            let bit = 64 * r + up;
            let (c, skip) = (bit / DIGIT + 1, bit % DIGIT);
            let left = 64 - DIGIT + skip;
            *out = digit(c) << left
                | match left.checked_sub(DIGIT) {
                    None | Some(0) => digit(c + 1) >> (DIGIT - left),
                    Some(more) => digit(c + 1) << more | digit(c + 2) >> (DIGIT - more),
                };
        }
    }
}
