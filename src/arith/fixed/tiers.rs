//! Which values stand for a series: later sums need fewer bits, so they are formed from shorter numbers at fewer points.
//!
//! A number is cut into pieces of `bits` bits, the coefficients of a polynomial; its values at `length` roots of unity
//! modulo each of two primes are kept. A sum of products of numbers is a polynomial too, whose coefficients are found again,
//! exactly, as long as they stay below half the product of the primes. (Of one prime the number of products takes a third of
//! the bits, of two a sixth: fewer values for the same numbers.)

use super::digits::LANES;
use super::modular::{Factor, HALF, PRIMES, Prime};
use super::transform::Transform;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Rows that are evaluated at once, and sums that are found at once from values. Pairs of which a row has not been
/// evaluated yet are summed by [`super::strips`].
pub const SIDE: usize = LANES;
/// Pairs with an index below this are multiplied value by value.
pub(super) const NEAR: usize = 64;
/// A block of the next level is that many blocks. The smallest holds [`NEAR`] rows.
const FAN: usize = 4;
/// There is a next level where it has as many blocks at least.
const BLOCKS: usize = 10;
/// A tier ends where so many times as many values, at most, will do.
const SHORTER: (usize, usize) = (2, 3);
/// Limbs below which no further tier begins.
const LAST: usize = 12;

/// The sums formed from numbers of one length.
#[derive(Clone, Debug)]
pub(super) struct Tier {
    /// These sums, from a multiple of [`SIDE`] to a multiple of it.
    pub sums: Range<usize>,
    /// Of a piece.
    pub bits: usize,
    /// Of a number.
    pub pieces: usize,
    /// By each prime.
    pub transforms: [Arc<Transform>; 2],
    /// What makes the coefficients of a sum of products, divided by `2^52`, of what [`Transform::backward`] gives.
    pub scales: [Factor; 2],
}

impl Tier {
    /// Values modulo one prime.
    pub fn length(&self) -> usize {
        self.transforms[0].len()
    }
}

/// Blocks of rows of one side. Block `b` holds the rows from `b side` on.
#[derive(Clone, Debug)]
pub(super) struct Level {
    pub side: usize,
    /// Pairs of blocks of which the lower index is at least 1 and below this belong to the level: on the last, all.
    pub fan: usize,
    /// Over the rows of a block and as many zeros, by each prime.
    pub transforms: [Transform; 2],
    pub scales: [Factor; 2],
}

impl Level {
    fn new(side: usize) -> Self {
        let transforms = PRIMES.map(|prime| Transform::new(prime, 2 * side));
        let scales = [0, 1].map(|i| PRIMES[i].factor(transforms[i].scale()));
        Level { side, fan: FAN, transforms, scales }
    }

    /// Where block `b >= 1` is kept. On the last level all are, on the others the first `fan - 1` and, in turns, the last `fan`:
    /// one more than squares ask for, because those before the last are formed anew where sums are.
    pub fn place(&self, b: usize) -> usize {
        if b < self.fan { b - 1 } else { self.fan - 1 + b % self.fan }
    }

    /// Blocks that sums before `end` can meet.
    pub fn blocks(&self, end: usize) -> usize {
        (end - 1) / self.side
    }

    /// Places of blocks.
    pub fn places(&self, end: usize) -> usize {
        self.blocks(end).min(self.fan.saturating_mul(2) - 1)
    }
}

/// The tiers of an expansion, and the levels of blocks of its rows.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub(super) tiers: Vec<Tier>,
    pub(super) levels: Vec<Level>,
    known: BTreeMap<usize, [Arc<Transform>; 2]>,
}

impl Plan {
    /// For sums up to `order`, sum `k` of views of `limbs(k)` limbs, fewer the larger `k`.
    pub fn set(&mut self, order: usize, limbs: impl Fn(usize) -> usize) {
        self.tiers.clear();
        let end = (order + 1).next_multiple_of(SIDE);
        let mut from = 0;
        while from < end {
            // Until a good deal fewer values will do.
            let values = |k: usize, to: usize| pieces(64 * limbs(k), to).2;
            let most = values(from, end);
            let fewer = |k: &usize| limbs(*k) >= LAST && values(*k, end) * SHORTER.1 <= most * SHORTER.0;
            let to = (from + SIDE..end).step_by(SIDE).find(fewer).unwrap_or(end);
            let (bits, pieces, length) = pieces(64 * limbs(from), to);
            let new = || PRIMES.map(|prime| Arc::new(Transform::new(prime, length)));
            let transforms = self.known.entry(length).or_insert_with(new).clone();
            let scale = |i: usize, prime: Prime| prime.factor(prime.product(transforms[i].scale(), prime.radix()));
            let scales = [scale(0, PRIMES[0]), scale(1, PRIMES[1])];
            self.tiers.push(Tier { sums: from..to, bits, pieces, transforms, scales });
            from = to;
        }
        let sides = std::iter::successors(Some(NEAR), |side| Some(side * FAN))
            .take_while(|side| *side == NEAR || end >= BLOCKS * side);
        if self.levels.len() != sides.clone().count() {
            self.levels = sides.map(Level::new).collect();
            if let Some(last) = self.levels.last_mut() {
                last.fan = usize::MAX;
            }
        }
    }

    /// Room for values at most.
    pub(super) fn longest(&self) -> usize {
        self.tiers.iter().map(Tier::length).max().unwrap_or(0).max(2 * self.largest_side())
    }

    /// Rows of the largest block.
    pub(super) fn largest_side(&self) -> usize {
        self.levels.last().map_or(NEAR, |level| level.side)
    }
}

/// Bits of a piece, as many as `count` products of numbers of `whole` bits allow, pieces of a number, and values of a product.
/// The pieces are at most half of `2^bits`, the first at most all of it: the coefficients of the sum of products are at most
/// `count (pieces + 8) 2^(2 bits - 2)`.
fn pieces(whole: usize, count: usize) -> (usize, usize, usize) {
    let fits = |&bits: &usize| ((count * (whole.div_ceil(bits) + 8)) as u128) << (2 * bits - 2) < HALF;
    let bits = (2..48).rev().find(fits).unwrap_or(1);
    let pieces = whole.div_ceil(bits);
    (bits, pieces, Transform::length_from(2 * pieces - 1))
}
