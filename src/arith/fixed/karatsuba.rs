//! Products of whole blocks of rows at once, by Karatsuba's method over the rows: a block of `2 h` rows takes three
//! products of blocks of `h`, the smallest of which are sums of products, digit by digit. So the lower half
//! of the limbs of a product is never computed, nor what the later sums of a block have no use for.

use super::digits::{Accuracy, Columns, Digits};
use super::limbs::{add, carrying, negate, subtract};
use super::{Rows, place};
use std::cell::RefCell;

/// Bits above the rows into which the sums of rows grow; one limb more makes room for them, and for 54 bits below.
const HEADROOM: u64 = 10;
/// The largest side: so many rows add up to less than the headroom.
pub const MAX_SIDE: usize = 1 << (HEADROOM - 1);
/// Limbs that an accumulator of [`dot`] has beyond its views.
const EXTRA: usize = 3;

/// The buffers of block products.
#[derive(Clone, Debug, Default)]
pub struct Karatsuba {
    x: Packed,
    y: Packed,
    /// `2 side - 1` sums of `w + EXTRA` limbs.
    sums: Vec<u64>,
    scratch: Scratch,
    /// Limbs of a packed row.
    w: usize,
}

#[derive(Clone, Debug, Default)]
struct Packed {
    limbs: Vec<u64>,
    negative: Vec<bool>,
}

impl Packed {
    /// The rows, seen through their top `w - 1` of `n` limbs, in `w` limbs each, `HEADROOM` bits below the top.
    fn set(&mut self, rows: Rows, n: usize, w: usize) {
        self.negative.clear();
        self.negative.extend_from_slice(rows.negative);
        self.limbs.resize(rows.negative.len() * w, 0);
        for (r, a) in self.limbs.chunks_exact_mut(w).zip(rows.limbs.chunks_exact(n)) {
            place(r, &a[n + 1 - w..], HEADROOM);
        }
    }
}

#[derive(Clone, Debug, Default)]
struct Scratch {
    limbs: Vec<u64>,
    negative: Vec<bool>,
    sums: Vec<u64>,
}

impl Karatsuba {
    /// Forms `sum_(i+j=t) X_i Y_j` for every `t`, the rows (as many in `y` as in `x`, at most [`MAX_SIDE`]) of `n` limbs.
    /// Sum `t` is asked of views of `views(t) >= 1` limbs, fewer the larger `t`.
    pub fn multiply(&mut self, x: Rows, y: Rows, n: usize, views: &(impl Fn(usize) -> usize + Sync)) {
        self.w = views(0).min(n) + 1;
        self.x.set(x, n, self.w);
        self.y.set(y, n, self.w);
        let side = x.negative.len();
        let a = self.w + EXTRA;
        self.sums.resize((2 * side).saturating_sub(1) * a, 0);
        // h + h/2 + ... rows of either operand, and as many pairs of sums; threads share what is left at every level.
        let room = if shared(side, self.w) { 2 * side * side.ilog2() as usize } else { 2 * side };
        self.scratch.limbs.resize(room * self.w, 0);
        self.scratch.negative.resize(room, false);
        self.scratch.sums.resize(room * a, 0);
        let Scratch { limbs, negative, sums } = &mut self.scratch;
        let [x, y] = [&self.x, &self.y].map(|p| Block { limbs: &p.limbs, negative: &p.negative, stride: self.w });
        product(&mut self.sums, x, y, self.w, &|t| views(t) + 1, 0, (limbs, negative, sums));
    }

    /// Adds sum `t` to an accumulator of `views(t) + 3` limbs in the units of [`super::dot`], less than two units off beside what
    /// views of so many limbs lose.
    pub fn add_to(&self, acc: &mut [u64], t: usize) {
        let a = self.w + EXTRA;
        let sum = &self.sums[t * a..(t + 1) * a];
        // In units of B^(w-2) of rows that lie 64 - HEADROOM bits up each.
        let bits = 2 * (64 - HEADROOM) - 64;
        let from = self.w + 2 - acc.len();
        let fill = ((sum[a - 1] as i64) >> 63) as u64;
        let limb = |i: usize| sum.get(from + i).copied().unwrap_or(fill);
        let mut carry = false;
        for (i, out) in acc.iter_mut().enumerate() {
            let moved = limb(i) >> bits | limb(i + 1) << (64 - bits);
            (*out, carry) = carrying(*out, moved, carry);
        }
    }
}

/// Blocks up to this side are multiplied pair by pair: below, lanes would be left empty.
const LEAF: usize = 32;
/// Bits of the sums of a leaf below the unit of its views, where its numbers end: with [`HEADROOM`] and what the levels
/// above multiply errors by, a sum that is zero in the end is exactly zero.
const DROP: usize = 32;

/// The digits of a leaf's rows and the columns of its sums.
#[derive(Debug, Default)]
struct Leaf {
    digits: Option<[Digits; 2]>,
    /// Rows and limbs that the digits have room for.
    room: (usize, usize),
    columns: Columns,
}

thread_local! {
    // Scratch space of a thread: which one forms a leaf does not matter.
    static SCRATCH: RefCell<Leaf> = RefCell::default();
}

impl Leaf {
    /// As [`product`], pair by pair.
    fn product(&mut self, out: &mut [u64], x: Block, y: Block, w: usize, views: impl Fn(usize) -> usize) {
        let side = x.negative.len();
        let (rows, limbs) = (side.max(self.room.0), w.max(self.room.1));
        if (rows, limbs) != self.room {
            self.room = (rows, limbs);
            self.digits = None;
        }
        let [a, b] = self.digits.get_or_insert_with(|| [(); 2].map(|()| Digits::new(rows, limbs)));
        for (digits, block) in [(&mut *a, x), (&mut *b, y)] {
            for (i, (row, &negative)) in block.limbs.chunks_exact(block.stride).zip(block.negative).enumerate() {
                digits.set(i, &row[block.stride - w..], negative);
            }
        }
        for (t, out) in out.chunks_exact_mut(w + EXTRA).enumerate() {
            let v = views(t).min(w);
            let (low, out) = out.split_at_mut(w - v);
            low.fill(0);
            let (from, last) = ((t + 1).saturating_sub(side), t.min(side - 1));
            let count = last + 1 - from;
            self.columns.dot(out, a.range(from, count), b.range(from, count), Accuracy { limbs: v, drop: DROP });
        }
    }
}

/// Whether two of the products of a block are worth two threads (some 100 us each). A thread that is none of a pool's
/// would have to wait for one.
fn shared(side: usize, w: usize) -> bool {
    side * w >= 800 && rayon::current_thread_index().is_some()
}

/// Rows that lie `stride` limbs apart and are seen through some of their top limbs.
#[derive(Clone, Copy)]
struct Block<'a> {
    limbs: &'a [u64],
    negative: &'a [bool],
    stride: usize,
}

impl<'a> Block<'a> {
    fn part(self, from: usize, to: usize) -> Self {
        let limbs = &self.limbs[from * self.stride..to * self.stride];
        Block { limbs, negative: &self.negative[from..to], ..self }
    }
}

type Buffers<'a> = (&'a mut [u64], &'a mut [bool], &'a mut [u64]);

/// `out_t = sum_(i+j=t) X_i Y_j` in sums of `w + EXTRA` limbs, for views of `w` limbs; of those, sum `t` needs what views
/// of `views(first + t)` limbs give.
fn product(
    out: &mut [u64],
    x: Block,
    y: Block,
    w: usize,
    views: &(impl Fn(usize) -> usize + Sync),
    first: usize,
    scratch: Buffers,
) {
    let (side, a) = (x.negative.len(), w + EXTRA);
    if side <= LEAF || !side.is_multiple_of(2) {
        return SCRATCH.with_borrow_mut(|leaf| leaf.product(out, x, y, w, |t| views(first + t)));
    }
    let h = side / 2;
    let (limbs, negative, sums) = scratch;
    let (low, rest) = out.split_at_mut((2 * h - 1) * a);
    let (gap, high) = rest.split_at_mut(a);
    gap.fill(0);
    let [(x0, x1), (y0, y1)] = [x, y].map(|b| (b.part(0, h), b.part(h, side)));
    // The upper and the middle product begin with sum `h`: shorter numbers will do.
    let v = views(first + h).min(w);
    let (b, below) = (v + EXTRA, w - v);
    let (mid, sums) = sums.split_at_mut((2 * h - 1) * b);
    if shared(side, w) {
        let (la, lb) = limbs.split_at_mut(limbs.len() / 2);
        let (na, nb) = negative.split_at_mut(negative.len() / 2);
        let (sa, sb) = sums.split_at_mut(sums.len() / 2);
        let lower = || product(low, x0, y0, w, views, first, (la, na, sa));
        rayon::join(lower, || product(mid, x1, y1, v, views, first + h, (lb, nb, sb)));
    } else {
        product(low, x0, y0, w, views, first, (limbs, negative, sums));
        product(mid, x1, y1, v, views, first + h, (limbs, negative, sums));
    }
    for (high, mid) in high.chunks_exact_mut(a).zip(mid.chunks_exact(b)) {
        high[..below].fill(0);
        high[below..].copy_from_slice(mid);
    }
    let (xs, limbs) = limbs.split_at_mut(h * v);
    let (ys, limbs) = limbs.split_at_mut(h * v);
    let (xn, negative) = negative.split_at_mut(h);
    let (yn, negative) = negative.split_at_mut(h);
    add_blocks(xs, xn, x0, x1, v);
    add_blocks(ys, yn, y0, y1, v);
    let [xs, ys] = [(xs, xn), (ys, yn)].map(|(limbs, negative)| Block { limbs, negative, stride: v });
    product(mid, xs, ys, v, views, first + h, (limbs, negative, sums));
    for (mid, (low, high)) in mid.chunks_exact_mut(b).zip(low.chunks_exact(a).zip(high.chunks_exact(a))) {
        subtract(mid, &low[below..]);
        subtract(mid, &high[below..]);
    }
    for (out, mid) in out[h * a..].chunks_exact_mut(a).zip(mid.chunks_exact(b)) {
        add(&mut out[below..], mid);
    }
}

/// The rows of one block plus those of another, both seen through their top `v` limbs.
fn add_blocks(r: &mut [u64], negative: &mut [bool], x: Block, y: Block, v: usize) {
    let below = x.stride - v;
    let signs = negative.iter_mut().zip(x.negative.iter().zip(y.negative));
    let rows = x.limbs.chunks_exact(x.stride).zip(y.limbs.chunks_exact(y.stride));
    for ((r, (x, y)), (sign, (s, t))) in r.chunks_exact_mut(v).zip(rows).zip(signs) {
        r.copy_from_slice(&x[below..]);
        *sign = *s;
        if s == t {
            add(r, &y[below..]);
        } else if subtract(r, &y[below..]) {
            negate(r);
            *sign = *t;
        }
    }
}
