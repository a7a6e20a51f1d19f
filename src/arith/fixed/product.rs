//! Products of whole blocks of rows at once, by the method that takes least.

use super::{Blocks, Karatsuba, MAX_SIDE, Rows};

/// Side times limbs from which integers are multiplied faster than rows one by one. It must not depend on how GMP was
/// built: the two methods round differently.
const KRONECKER: usize = 14_000;

/// The buffers of one product.
#[derive(Clone, Debug, Default)]
pub struct Product {
    integers: Blocks,
    rows: Karatsuba,
    by_integers: bool,
}

impl Product {
    /// Forms `sum_(i+j=t) X_i Y_j` for every `t`, the rows (as many in `y` as in `x`) of `n` limbs. Sum `t` is asked of
    /// views of `views(t)` limbs, fewer the larger `t`, at least 2 for the first.
    pub fn multiply(&mut self, x: Rows, y: Rows, n: usize, views: &(impl Fn(usize) -> usize + Sync)) {
        let (side, m) = (x.negative.len(), views(0));
        self.by_integers = side > MAX_SIDE || side * m >= KRONECKER;
        if self.by_integers {
            self.integers.multiply(x, y, n, m);
        } else {
            self.rows.multiply(x, y, n, views);
        }
    }

    /// Adds sum `t` to an accumulator of `views(t) + 3` limbs, in the units of [`super::dot`].
    pub fn add_to(&self, acc: &mut [u64], t: usize) {
        if self.by_integers { self.integers.add_to(acc, t) } else { self.rows.add_to(acc, t) }
    }
}
