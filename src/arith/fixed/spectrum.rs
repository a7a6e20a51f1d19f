//! A series of numbers by its values at roots of unity ([`super::tiers`]).

use super::digits::LANES;
use super::lanes::{Eight, Lanes, Work, run, transposed};
use super::strips::Strip;
use super::tiers::{Level, NEAR, Plan, SIDE, Tier};
use super::transform::Transform;

/// The values of a series, for every tier, by each prime.
#[derive(Clone, Debug)]
pub struct Spectrum {
    /// The rows that are multiplied one by one.
    pub strip: Strip,
    pub(super) tiers: Vec<[Values; 2]>,
    pieces: Vec<Eight>,
    buffer: Vec<Eight>,
}

/// What is kept for one tier by one prime `p`, for each group of 8 values.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    /// The first [`NEAR`] rows, then the last ones, as many as the largest block holds: row `r` at place `r` modulo their
    /// number. All below `p`.
    pub rows: Vec<Eight>,
    /// For each level the transforms of blocks, below `p`, each at its place ([`Level::place`]).
    pub blocks: Vec<Vec<Eight>>,
}

impl Spectrum {
    /// For numbers of `n` limbs at most.
    pub fn new(n: usize) -> Self {
        Spectrum { strip: Strip::new(n), tiers: Vec::new(), pieces: Vec::new(), buffer: Vec::new() }
    }

    /// Makes room: all rows are to be set anew.
    pub fn clear(&mut self, plan: &Plan) {
        self.tiers.resize(plan.tiers.len(), Default::default());
        for (both, tier) in self.tiers.iter_mut().zip(&plan.tiers) {
            let groups = tier.length() / LANES;
            for values in both {
                values.rows.resize(groups * (NEAR + plan.largest_side()), Eight::ZERO);
                values.blocks.resize(plan.levels.len(), Vec::new());
                for (blocks, level) in values.blocks.iter_mut().zip(&plan.levels) {
                    blocks.resize(groups * level.places(tier.sums.end) * 2 * level.side, Eight::ZERO);
                }
            }
        }
        self.pieces.resize(plan.longest(), Eight::ZERO);
        self.buffer.resize(plan.longest(), Eight::ZERO);
    }

    /// Rows `from ... from + 7`: fractions of any numbers of limbs, lowest first, with their signs. `from` is a multiple
    /// of [`SIDE`], and all rows before are set.
    pub fn set<'a>(&mut self, plan: &Plan, from: usize, row: impl Fn(usize) -> (&'a [u64], bool)) {
        let side = plan.largest_side();
        for (values, tier) in self.tiers.iter_mut().zip(&plan.tiers) {
            if from >= tier.sums.end {
                continue;
            }
            let pieces = &mut self.pieces[..tier.pieces];
            for lane in 0..SIDE {
                let (limbs, negative) = row(from + lane);
                cut(pieces, lane, limbs, negative, tier);
            }
            for (i, values) in values.iter_mut().enumerate() {
                let buffer = &mut self.buffer[..tier.length()];
                run(Evaluate { transform: &tier.transforms[i], pieces, buffer });
                for (rows, block) in values.rows.chunks_exact_mut(NEAR + side).zip(buffer.as_chunks::<LANES>().0) {
                    let (first, last) = rows.split_at_mut(NEAR);
                    let last = &mut last[from % side..][..SIDE];
                    last.copy_from_slice(&transposed(block));
                    if from < NEAR {
                        first[from..from + SIDE].copy_from_slice(last);
                    }
                }
                let known = from + SIDE;
                for (level, blocks) in plan.levels.iter().zip(&mut values.blocks) {
                    let b = (known / level.side).wrapping_sub(1);
                    if known.is_multiple_of(level.side) && (1..=level.blocks(tier.sums.end)).contains(&b) {
                        let (places, transform) = (level.places(tier.sums.end), &level.transforms[i]);
                        let (rows, buffer) = (&values.rows, &mut self.buffer);
                        run(SetBlock { level, transform, b, places, rows, side, blocks, buffer });
                    }
                }
            }
        }
    }
}

/// The values of eight rows, from their pieces.
struct Evaluate<'a> {
    transform: &'a Transform,
    pieces: &'a [Eight],
    buffer: &'a mut [Eight],
}

impl Work for Evaluate<'_> {
    #[inline(always)]
    fn run<V: Lanes>(self) {
        let Evaluate { transform, pieces, buffer } = self;
        let (coefficients, rest) = buffer.split_at_mut(pieces.len());
        for (a, piece) in coefficients.iter_mut().zip(pieces) {
            transform.prime.residue(V::load(piece)).store(a);
        }
        rest.fill(Eight::ZERO);
        transform.forward::<V>(buffer);
        for a in buffer {
            transform.prime.canonical(V::load(a)).store(a);
        }
    }
}

/// The transform of a block of rows, `side` rows kept.
struct SetBlock<'a> {
    level: &'a Level,
    transform: &'a Transform,
    b: usize,
    places: usize,
    rows: &'a [Eight],
    side: usize,
    blocks: &'a mut [Eight],
    buffer: &'a mut [Eight],
}

impl Work for SetBlock<'_> {
    #[inline(always)]
    fn run<V: Lanes>(self) {
        let SetBlock { level, transform, b, places, rows, side, blocks, buffer } = self;
        let length = 2 * level.side;
        let rows = rows.chunks_exact(NEAR + side).map(|rows| &rows[NEAR + b * level.side % side..][..level.side]);
        for (blocks, rows) in blocks.chunks_exact_mut(places * length).zip(rows) {
            let (low, high) = buffer[..length].split_at_mut(level.side);
            low.copy_from_slice(rows);
            high.fill(Eight::ZERO);
            transform.forward::<V>(&mut buffer[..length]);
            let block = &mut blocks[level.place(b) * length..][..length];
            for (out, a) in block.iter_mut().zip(&*buffer) {
                transform.prime.canonical(V::load(a)).store(out);
            }
        }
    }
}

/// The pieces of a fraction, the highest first: from `-2^(bits - 1)` to half of `2^bits` but for the first, signed. What
/// lies below the last is left out.
fn cut(buffer: &mut [Eight], lane: usize, limbs: &[u64], negative: bool, tier: &Tier) {
    let Tier { bits, pieces, .. } = *tier;
    let (whole, asked) = (64 * limbs.len(), pieces * bits);
    // Bits above the last piece's end that are at hand, and how many: zeros below a shorter number's end.
    let below = asked.saturating_sub(whole);
    let (zeros, mut held) = (below / bits, below % bits);
    let (start, shift) = (whole.saturating_sub(asked) / 64, whole.saturating_sub(asked) % 64);
    let (mut limbs, mut window) = (limbs[start..].iter(), 0u128);
    if shift > 0 {
        window = limbs.next().map_or(0, |&limb| u128::from(limb >> shift));
        held = 64 - shift;
    }
    let (buffer, rest) = buffer[..pieces].split_at_mut(pieces - zeros.min(pieces));
    rest.iter_mut().for_each(|out| out.0[lane] = 0);
    let mut carry = 0;
    for (p, out) in buffer.iter_mut().enumerate().rev() {
        if held < bits {
            window |= limbs.next().map_or(0, |&limb| u128::from(limb) << held);
            held += 64;
        }
        let piece = (window as u64 & ((1 << bits) - 1)) + carry;
        window >>= bits;
        held -= bits;
        carry = u64::from(p > 0 && piece >> (bits - 1) > 0);
        let value = piece as i64 - (carry << bits) as i64;
        out.0[lane] = if negative { -value } else { value } as u64;
    }
}

#[cfg(test)]
mod tests;
