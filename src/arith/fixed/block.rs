//! Products of whole blocks of rows at once, by Kronecker substitution: a block is packed into one integer, a slot of
//! `2 m + 1` limbs a row, so that one product of integers holds every sum of products. From some size on it takes less
//! than the sums one by one, because GMP's product of long integers is far from quadratic.

use super::Rows;
use super::limbs::carrying;
use rug::integer::Order;
use rug::{Assign, Integer};

/// The buffers of block products.
#[derive(Clone, Debug, Default)]
pub struct Blocks {
    packed: Vec<u64>,
    negative: Integer,
    operands: [Integer; 2],
    product: Integer,
    slot: usize,
}

impl Blocks {
    /// Forms `sum_(i+j=t) X_i Y_j` for every `t`, the rows (as many in `y` as in `x`) seen through their top `m` of `n`
    /// limbs, exactly.
    pub fn multiply(&mut self, x: Rows, y: Rows, n: usize, m: usize) {
        self.pack(0, x, n, m);
        if std::ptr::eq(x.limbs, y.limbs) {
            self.product.assign(self.operands[0].square_ref());
            return;
        }
        self.pack(1, y, n, m);
        self.product.assign(&self.operands[0] * &self.operands[1]);
    }

    /// Adds sum `t` to an accumulator of `r + 3` limbs in the units of [`super::dot`] for views of `r <= m` limbs,
    /// `m >= 2`, less than a unit off.
    pub fn add_to(&self, acc: &mut [u64], t: usize) {
        let limbs = self.product.as_limbs();
        let from = (t + 1) * self.slot - acc.len();
        let minus = self.product.is_negative();
        let mut carry = minus;
        for (i, out) in acc.iter_mut().enumerate() {
            // Above the integer's own limbs there are zeros.
            let limb = limbs.get(from + i).copied().unwrap_or(0);
            (*out, carry) = carrying(*out, if minus { !limb } else { limb }, carry);
        }
    }

    fn pack(&mut self, which: usize, x: Rows, n: usize, m: usize) {
        self.slot = 2 * m + 1;
        for sign in [false, true] {
            self.packed.clear();
            self.packed.resize(x.negative.len() * self.slot, 0);
            for (i, (row, negative)) in x.limbs.chunks_exact(n).zip(x.negative).enumerate() {
                if *negative == sign {
                    self.packed[i * self.slot..][..m].copy_from_slice(&row[n - m..]);
                }
            }
            let into = if sign { &mut self.negative } else { &mut self.operands[which] };
            into.assign_digits(&self.packed, Order::Lsf);
        }
        self.operands[which] -= &self.negative;
    }
}
