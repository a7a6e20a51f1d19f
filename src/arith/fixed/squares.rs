//! `sum_(i+j=k) x_i y_j` while both series are still being found, by the values of [`super::spectrum`].
//!
//! The pairs of rows that both lie before the multiple of [`SIDE`] up to `k` are covered: those of the first [`NEAR`] rows
//! value by value, the others by squares, a block of rows of one series by a block of the other, the larger the further
//! both are from the first rows (M. J. Fischer and L. J. Stockmeyer, "Fast on-line integer multiplication", 1974; J. van
//! der Hoeven, "Faster relaxed multiplication", 2014). All squares of one side `N` whose indices of blocks add up to `t`
//! are due at sum `t N`, the first they count for, when all their rows are known. A square is a product of polynomials in
//! the row, point by point, by transforms over the rows; those of a sum of squares are added before they are transformed
//! back.

use super::digits::LANES;
use super::lanes::{Eight, Lanes, Work, run, transposed};
use super::modular::{Factor, Prime, Sum, TERMS, joined, whole};
use super::spectrum::Spectrum;
use super::tiers::{Level, NEAR, Plan, SIDE, Tier};
use super::transform::Transform;

/// So far ahead blocks are fetched from memory, in eights: a block is a stream of its own, more of them than a processor
/// follows by itself.
const AHEAD: usize = 24;
/// Limbs of a sum beyond those of the views, as [`super::dot`]'s.
const EXTRA: usize = 3;
/// Sums, or values of one, whose products are added side by side: as many as registers hold.
const TILE: usize = 4;

/// The squares of the sums of products of two series.
#[derive(Clone, Debug)]
pub struct Squares {
    /// For every tier and prime, values `8 g ... 8 g + 7` of its sum `c` at `g window + c`, `c` from its first sum on.
    tiers: Vec<[Vec<Eight>; 2]>,
    /// One a prime.
    buffers: [Vec<Eight>; 2],
    /// Sums `next - SIDE ... next - 1`, each in `n + 3` limbs.
    sums: Vec<u64>,
    n: usize,
    /// The squares due before this sum are formed.
    next: usize,
}

impl Squares {
    /// For numbers of `n` limbs.
    pub fn new(n: usize) -> Self {
        let sums = vec![0; SIDE * (n + EXTRA)];
        Squares { tiers: Vec::new(), buffers: [Vec::new(), Vec::new()], sums, n, next: 0 }
    }

    /// Forgets all sums.
    pub fn clear(&mut self) {
        self.next = 0;
    }

    /// The part of sum `k >= 2 SIDE` that squares cover, for views of `limbs(k)` limbs: as [`super::dot`] gives it, less than
    /// a unit off. Rows before the multiple of [`SIDE`] up to `k` are known; `same`: both series are one.
    pub fn sum(
        &mut self,
        plan: &Plan,
        (x, y, same): (&Spectrum, &Spectrum, bool),
        k: usize,
        limbs: impl Fn(usize) -> usize,
    ) -> &[u64] {
        if self.next <= k {
            self.reach(plan, (x, y, same), k, &limbs);
        }
        &self.sums[k % SIDE * (self.n + EXTRA)..][..limbs(k) + EXTRA]
    }

    fn reach(
        &mut self,
        plan: &Plan,
        (x, y, same): (&Spectrum, &Spectrum, bool),
        k: usize,
        limbs: &impl Fn(usize) -> usize,
    ) {
        let first = k - k % SIDE;
        let anew = self.next == 0;
        if anew {
            self.tiers.resize(plan.tiers.len(), Default::default());
            for (both, tier) in self.tiers.iter_mut().zip(&plan.tiers) {
                for sums in both {
                    sums.clear();
                    sums.resize(tier.length() / LANES * tier.sums.len(), Eight::ZERO);
                }
            }
            self.buffers.iter_mut().for_each(|buffer| buffer.resize(plan.longest(), Eight::ZERO));
        }
        for (l, level) in plan.levels.iter().enumerate() {
            // Squares of one side count for fewer sums than two sides.
            let last = first / level.side;
            let from = if anew { last.saturating_sub(1).max(2) } else { self.next.div_ceil(level.side).max(2) };
            for t in from..=last {
                for (i, (tier, both)) in plan.tiers.iter().zip(&mut self.tiers).enumerate() {
                    for (p, (sums, buffer)) in both.iter_mut().zip(&mut self.buffers).enumerate() {
                        let [x, y] = [x, y].map(|series| series.tiers[i][p].blocks[l].as_slice());
                        let (transform, scale) = (&level.transforms[p], level.scales[p]);
                        run(Multiply { level, transform, scale, tier, x, y, same, t, sums, buffer });
                    }
                }
            }
        }
        self.next = first + SIDE;
        for (i, (tier, both)) in plan.tiers.iter().zip(&mut self.tiers).enumerate() {
            if tier.sums.contains(&first) {
                for (p, (values, buffer)) in both.iter_mut().zip(&mut self.buffers).enumerate() {
                    let (transform, scale) = (&tier.transforms[p], tier.scales[p]);
                    let [x, y] = [x, y].map(|series| series.tiers[i][p].rows.as_slice());
                    let (prime, kept) = (transform.prime, plan.largest_side());
                    run(Near { prime, tier, kept, x, y, same, first, sums: values });
                    let buffer = &mut buffer[..tier.length()];
                    gather(buffer, values, tier, first);
                    run(Interpolate { transform, scale, buffer });
                }
                let [a, b] = &mut self.buffers;
                run(Join { a, b: &mut b[..tier.length()] });
                for (lane, sum) in self.sums.chunks_exact_mut(self.n + EXTRA).enumerate() {
                    carry(&mut sum[..limbs(first + lane) + EXTRA], [a, b], lane, tier);
                }
            }
        }
    }
}

/// The squares of one side whose blocks' indices add up to `t`, for one tier.
struct Multiply<'a> {
    level: &'a Level,
    transform: &'a Transform,
    scale: Factor,
    tier: &'a Tier,
    x: &'a [Eight],
    y: &'a [Eight],
    same: bool,
    t: usize,
    sums: &'a mut [Eight],
    buffer: &'a mut [Eight],
}

impl Work for Multiply<'_> {
    #[inline(always)]
    fn run<V: Lanes>(self) {
        let Multiply { level, transform, scale, tier, x, y, same, t, sums, buffer } = self;
        let (first, end, length) = (tier.sums.start, tier.sums.end, 2 * level.side);
        let prime = transform.prime;
        let due = t * level.side;
        // Sums before the tier's first are another's.
        let skip = first.saturating_sub(due);
        if due >= end || skip >= length - 1 {
            return;
        }
        let room = level.places(end) * length;
        let out = &mut buffer[..length];
        let groups = sums.chunks_exact_mut(end - first).zip(x.chunks_exact(room).zip(y.chunks_exact(room)));
        for (sums, (x, y)) in groups {
            // The block of lower index is one of `x`, or of `y`, or both are the same one.
            let halves = t.div_ceil(2).min(level.fan);
            out.fill(Eight::ZERO);
            add_products::<V>(out, (level, prime), (x, y), t, (1, halves));
            if same {
                for a in out.iter_mut() {
                    let half = V::load(a);
                    prime.add(half, half).store(a);
                }
            } else {
                add_products::<V>(out, (level, prime), (y, x), t, (1, halves));
            }
            if t.is_multiple_of(2) && t / 2 < level.fan {
                add_products::<V>(out, (level, prime), (x, y), t, (t / 2, t / 2 + 1));
            }
            transform.backward::<V>(out);
            for (sum, product) in sums[due + skip - first..].iter_mut().zip(&out[skip..length - 1]) {
                prime.add(V::load(sum), prime.multiply(V::load(product), scale)).store(sum);
            }
        }
    }
}

/// `out += sum_b x_b y_(t-b)` over 2^52, the transforms of blocks `from <= b < to` of `x`.
#[inline(always)]
fn add_products<V: Lanes>(
    out: &mut [Eight],
    (level, prime): (&Level, Prime),
    (x, y): (&[Eight], &[Eight]),
    t: usize,
    (from, to): (usize, usize),
) {
    let length = out.len();
    let mut b = from;
    while b < to {
        let count = TERMS.min(to - b);
        let empty: &[Eight] = &[];
        let (mut xs, mut ys) = ([empty; TERMS], [empty; TERMS]);
        for i in 0..count {
            xs[i] = &x[level.place(b + i) * length..][..length];
            ys[i] = &y[level.place(t - b - i) * length..][..length];
        }
        add_terms::<V>(out, &xs[..count], &ys[..count], prime);
        b += count;
    }
}

#[inline(always)]
fn add_terms<V: Lanes>(out: &mut [Eight], xs: &[&[Eight]], ys: &[&[Eight]], prime: Prime) {
    for (i, out) in out.as_chunks_mut::<TILE>().0.iter_mut().enumerate() {
        let mut sums = [Sum::<V>::zero(); TILE];
        for (x, y) in xs.iter().zip(ys) {
            for series in [x, y] {
                if let Some(ahead) = series.get(TILE * i + AHEAD..TILE * (i + 1) + AHEAD) {
                    ahead.iter().for_each(V::soon);
                }
            }
            let (x, y) = (&x[TILE * i..][..TILE], &y[TILE * i..][..TILE]);
            for p in 0..TILE {
                sums[p] = sums[p].add_product(V::load(&x[p]), V::load(&y[p]));
            }
        }
        for (out, sum) in out.iter_mut().zip(sums) {
            prime.add(V::load(out), prime.reduced(sum)).store(out);
        }
    }
}

/// The pairs whose lower index is below [`NEAR`] and whose upper one is below `first`, for sums
/// `first ... first + SIDE - 1`, from values of rows, of which the last `kept` are kept.
struct Near<'a> {
    prime: Prime,
    tier: &'a Tier,
    kept: usize,
    x: &'a [Eight],
    y: &'a [Eight],
    same: bool,
    first: usize,
    sums: &'a mut [Eight],
}

impl Work for Near<'_> {
    #[inline(always)]
    fn run<V: Lanes>(self) {
        let Near { prime, tier, kept, x, y, same, first, sums } = self;
        let room = NEAR + kept;
        let groups = x.chunks_exact(room).zip(y.chunks_exact(room)).enumerate();
        let (all_x, all_y) = (x, y);
        for (sums, (g, (x, y))) in sums.chunks_exact_mut(tier.sums.len()).zip(groups) {
            // What the next group reads lies on other pages.
            for series in [Some(all_x), (!same).then_some(all_y)].into_iter().flatten() {
                if let Some(next) = series.get((g + 1) * room..(g + 2) * room) {
                    let [earlier, later] = window(next, first);
                    for (first, last) in next[..NEAR].iter().zip(earlier.iter().chain(later)) {
                        V::soon(first);
                        V::soon(last);
                    }
                }
            }
            let sums = &mut sums[first - tier.sums.start..][..SIDE];
            if first >= 2 * NEAR {
                add_strip::<V>(sums, (x, y), first, same, prime);
                if !same {
                    add_strip::<V>(sums, (y, x), first, false, prime);
                }
                continue;
            }
            for (c, sum) in (first..).zip(sums) {
                let from = c - first + 1;
                let near = prime.reduced(pairs::<V>(x, y, c, (from, NEAR.min(c + 1 - from))));
                let far = prime.reduced(pairs::<V>(y, x, c, (from, NEAR.min((c + 1).saturating_sub(NEAR)))));
                prime.add(V::load(sum), prime.add(near, far)).store(sum);
            }
        }
    }
}

/// Rows `first - NEAR ... first - 1` of a group, in this order.
#[inline(always)]
fn window(rows: &[Eight], first: usize) -> [&[Eight]; 2] {
    let ring = &rows[NEAR..];
    let start = first.saturating_sub(NEAR) % ring.len();
    let whole = NEAR.min(ring.len() - start);
    [&ring[start..][..whole], &ring[..NEAR - whole]]
}

/// Adds `sum_i x_i y_(c-i)` over 2^52, `c - first < i < NEAR`, to sums `c = first ... first + SIDE - 1`, or twice that.
#[inline(always)]
fn add_strip<V: Lanes>(sums: &mut [Eight], (x, y): (&[Eight], &[Eight]), first: usize, twice: bool, prime: Prime) {
    let mut last = [Eight::ZERO; NEAR];
    let [earlier, later] = window(y, first);
    last[..earlier.len()].copy_from_slice(earlier);
    last[earlier.len()..].copy_from_slice(later);
    for (o, sums) in sums.chunks_exact_mut(TILE).enumerate() {
        let mut acc = [Sum::<V>::zero(); TILE];
        // Of the first rows those that go with rows before `first`.
        for (sum, acc) in (TILE * o..).zip(&mut acc) {
            for i in sum + 1..SIDE {
                *acc = acc.add_product(V::load(&x[i]), V::load(&last[NEAR + sum - i]));
            }
        }
        for i in (SIDE..NEAR).step_by(TILE) {
            // Row c - i for the first sum and the last of these rows of x.
            let from = NEAR + TILE * o + 1 - TILE - i;
            let (mut xs, mut ys) = ([V::splat(0); TILE], [V::splat(0); 2 * TILE - 1]);
            for j in 0..TILE {
                xs[j] = V::load(&x[i + j]);
            }
            for j in 0..2 * TILE - 1 {
                ys[j] = V::load(&last[from + j]);
            }
            for c in 0..TILE {
                for j in 0..TILE {
                    acc[c] = acc[c].add_product(xs[j], ys[c + TILE - 1 - j]);
                }
            }
        }
        for (sum, acc) in sums.iter_mut().zip(acc) {
            let strip = prime.reduced(acc);
            let strip = if twice { prime.add(strip, strip) } else { strip };
            prime.add(V::load(sum), strip).store(sum);
        }
    }
}

/// `sum_i x_i y_(c-i)`, `from <= i < to`.
#[inline(always)]
fn pairs<V: Lanes>(x: &[Eight], y: &[Eight], c: usize, (from, to): (usize, usize)) -> Sum<V> {
    let (ring, mut sum) = (&y[NEAR..], Sum::zero());
    for i in from..to {
        sum = sum.add_product(V::load(&x[i]), V::load(&ring[(c - i) % ring.len()]));
    }
    sum
}

/// The values of [`SIDE`] sums from one on, one sum a lane.
fn gather(buffer: &mut [Eight], values: &[Eight], tier: &Tier, from: usize) {
    let window = tier.sums.len();
    for (g, block) in buffer.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
        if let Some(sums) = values[g * window + from - tier.sums.start..].first_chunk() {
            *block = transposed(sums);
        }
    }
}

/// The coefficients of sums, below the prime.
struct Interpolate<'a> {
    transform: &'a Transform,
    scale: Factor,
    buffer: &'a mut [Eight],
}

impl Work for Interpolate<'_> {
    #[inline(always)]
    fn run<V: Lanes>(self) {
        let Interpolate { transform, scale, buffer } = self;
        let prime = transform.prime;
        transform.backward::<V>(buffer);
        for a in buffer {
            prime.canonical(prime.multiply(V::load(a), scale)).store(a);
        }
    }
}

/// What [`whole`] makes the coefficients of, in the place of the residues by the second prime.
struct Join<'a> {
    a: &'a [Eight],
    b: &'a mut [Eight],
}

impl Work for Join<'_> {
    #[inline(always)]
    fn run<V: Lanes>(self) {
        let Join { a, b } = self;
        for (a, b) in a.iter().zip(b) {
            joined(V::load(a), V::load(b)).store(b);
        }
    }
}

/// `acc = sum_c z_c 2^(-bits (c + 2))`, the coefficients of one lane, with one limb above the point, rounded down and less than
/// a unit off.
fn carry(acc: &mut [u64], [a, b]: [&[Eight]; 2], lane: usize, tier: &Tier) {
    let Some((top, fraction)) = acc.split_last_mut() else { return };
    fraction.fill(0);
    let bits = tier.bits;
    let length = 64 * fraction.len();
    // Coefficients are below 2^101: those further down are less than half a unit together.
    let used = (2 * tier.pieces - 1).min((length + 103) / bits);
    let (mask, mut carry) = ((1i128 << bits) - 1, 0i128);
    // Coefficient c ends at bit `bits (c + 2)`; what is carried beyond the first ends at bit `bits`.
    for end in (1..used + 2).rev() {
        let sum = carry + end.checked_sub(2).map_or(0, |c| whole(a[c].0[lane], b[c].0[lane]));
        carry = sum >> bits;
        let piece = (sum & mask) as u64;
        match length.checked_sub(bits * end) {
            Some(low) => {
                let (at, shift) = (low / 64, low % 64);
                fraction[at] |= piece << shift;
                if shift + bits > 64 {
                    fraction[at + 1] |= piece >> (64 - shift);
                }
            }
            None if bits * end - length < bits => fraction[0] |= piece >> (bits * end - length),
            None => {}
        }
    }
    *top = carry as u64;
}
