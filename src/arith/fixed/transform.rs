//! Number-theoretic transforms modulo one of [`super::modular::PRIMES`] of eight series at a time, one a lane: products of series become
//! products of values. The values come in an order of their own, the same for every series of one length.

use super::digits::LANES;
use super::lanes::{Eight, Lanes};
use super::modular::{Factor, Prime};

/// The roots of unity for one length: a power of two, or three, five or seven times one.
#[derive(Clone, Debug)]
pub(super) struct Transform {
    pub prime: Prime,
    /// 1, 3, 5 or 7.
    odd: usize,
    /// The power of two.
    block: usize,
    forward: Roots,
    backward: Roots,
}

/// Powers of one root of unity, or of its inverse.
#[derive(Clone, Debug)]
struct Roots {
    /// For each `L = 2, 4 ... block`, the powers `j < L/2` of that of order `L` from `L/2` on.
    halves: Vec<Factor>,
    /// All powers of that of order `odd block`.
    all: Vec<Factor>,
}

impl Roots {
    fn new(prime: Prime, block: usize, odd: usize, of: impl Fn(u64) -> u64) -> Self {
        let powers = |order: usize, count: usize| {
            let root = of(prime.root(order));
            let next = move |p: &u64| Some(prime.product(*p, root));
            std::iter::successors(Some(1), next).take(count).map(move |p| prime.factor(p))
        };
        let halves = (0..block.trailing_zeros()).map(|l| 1 << l);
        Roots {
            halves: std::iter::once(prime.factor(1)).chain(halves.flat_map(|h| powers(2 * h, h))).collect(),
            all: if odd > 1 { powers(odd * block, odd * block).collect() } else { Vec::new() },
        }
    }
}

impl Transform {
    /// The least length with a transform from `length` on, 8 at least.
    pub fn length_from(length: usize) -> usize {
        let two = length.next_power_of_two().max(LANES);
        [5 * two / 8, 3 * two / 4, 7 * two / 8, two].into_iter().find(|&l| l >= length && l % LANES == 0).unwrap_or(two)
    }

    /// For a length that [`Self::length_from`] gives.
    pub fn new(prime: Prime, length: usize) -> Self {
        let block = 1 << length.trailing_zeros();
        let odd = length / block;
        let forward = Roots::new(prime, block, odd, |r| r);
        let backward = Roots::new(prime, block, odd, |r| prime.inverse(r));
        Transform { prime, odd, block, forward, backward }
    }

    pub fn len(&self) -> usize {
        self.odd * self.block
    }

    /// `1 / len` modulo the prime, which [`Self::backward`] leaves out.
    pub fn scale(&self) -> u64 {
        self.prime.inverse(self.len() as u64)
    }

    /// From coefficients to values, all below twice the prime.
    #[inline(always)]
    pub fn forward<V: Lanes>(&self, data: &mut [Eight]) {
        self.odd_stage::<V>(data, true);
        let prime = self.prime;
        let roots = &self.forward.halves;
        let mut length = self.block;
        while length >= 4 {
            let quarter = length / 4;
            let (w, v) = (&roots[2 * quarter..4 * quarter], &roots[quarter..2 * quarter]);
            let (w, w_next) = w.split_at(quarter);
            for data in data.chunks_exact_mut(length) {
                let [a, b, c, d] = quarters(data, quarter);
                for j in 0..quarter {
                    let (p, q, r, s) = (V::load(&a[j]), V::load(&b[j]), V::load(&c[j]), V::load(&d[j]));
                    let (p, r) = (prime.add(p, r), prime.multiply(prime.subtract(p, r), w[j]));
                    let (q, s) = (prime.add(q, s), prime.multiply(prime.subtract(q, s), w_next[j]));
                    prime.add(p, q).store(&mut a[j]);
                    prime.multiply(prime.subtract(p, q), v[j]).store(&mut b[j]);
                    prime.add(r, s).store(&mut c[j]);
                    prime.multiply(prime.subtract(r, s), v[j]).store(&mut d[j]);
                }
            }
            length = quarter;
        }
        if length == 2 {
            neighbours::<V>(data, prime);
        }
    }

    /// From values to coefficients times the length, all below twice the prime.
    #[inline(always)]
    pub fn backward<V: Lanes>(&self, data: &mut [Eight]) {
        let prime = self.prime;
        let roots = &self.backward.halves;
        let mut length = 1;
        if self.block.trailing_zeros() % 2 == 1 {
            neighbours::<V>(data, prime);
            length = 2;
        }
        while length < self.block {
            let quarter = length;
            length *= 4;
            let (w, v) = (&roots[2 * quarter..4 * quarter], &roots[quarter..2 * quarter]);
            let (w, w_next) = w.split_at(quarter);
            for data in data.chunks_exact_mut(length) {
                let [a, b, c, d] = quarters(data, quarter);
                for j in 0..quarter {
                    let (p, q, r, s) = (V::load(&a[j]), V::load(&b[j]), V::load(&c[j]), V::load(&d[j]));
                    let (q, s) = (prime.multiply(q, v[j]), prime.multiply(s, v[j]));
                    let (p, q, r, s) = (prime.add(p, q), prime.subtract(p, q), prime.add(r, s), prime.subtract(r, s));
                    let (r, s) = (prime.multiply(r, w[j]), prime.multiply(s, w_next[j]));
                    prime.add(p, r).store(&mut a[j]);
                    prime.add(q, s).store(&mut b[j]);
                    prime.subtract(p, r).store(&mut c[j]);
                    prime.subtract(q, s).store(&mut d[j]);
                }
            }
        }
        self.odd_stage::<V>(data, false);
    }

    /// Between `odd` parts of the coefficients and as many of the values: coefficient `j` of part `i` enters part `q` of the
    /// values by the power `(j + i block) q` of the root, and the other way round by that of its inverse.
    #[inline(always)]
    fn odd_stage<V: Lanes>(&self, data: &mut [Eight], forward: bool) {
        match self.odd {
            3 => self.stage_of::<V, 3>(data, forward),
            5 => self.stage_of::<V, 5>(data, forward),
            7 => self.stage_of::<V, 7>(data, forward),
            _ => {}
        }
    }

    #[inline(always)]
    fn stage_of<V: Lanes, const ODD: usize>(&self, data: &mut [Eight], forward: bool) {
        let (prime, block) = (self.prime, self.block);
        let powers = if forward { &self.forward.all } else { &self.backward.all };
        for j in 0..block {
            let mut a = [V::splat(0); ODD];
            for (from, a) in a.iter_mut().enumerate() {
                *a = V::load(&data[j + from * block]);
            }
            for to in 0..ODD {
                let mut sum = V::splat(0);
                for (from, &a) in a.iter().enumerate() {
                    let (i, q) = if forward { (from, to) } else { (to, from) };
                    sum = prime.add(sum, prime.multiply(a, powers[(j + i * block) * q % (ODD * block)]));
                }
                sum.store(&mut data[j + to * block]);
            }
        }
    }
}

#[inline(always)]
fn quarters<T>(data: &mut [T], quarter: usize) -> [&mut [T]; 4] {
    let (ab, cd) = data.split_at_mut(2 * quarter);
    let ((a, b), (c, d)) = (ab.split_at_mut(quarter), cd.split_at_mut(quarter));
    [a, b, c, &mut d[..quarter]]
}

/// Sums and differences of neighbours.
#[inline(always)]
fn neighbours<V: Lanes>(data: &mut [Eight], prime: Prime) {
    for [a, b] in data.as_chunks_mut::<2>().0 {
        let (p, q) = (V::load(a), V::load(b));
        prime.add(p, q).store(a);
        prime.subtract(p, q).store(b);
    }
}

#[cfg(test)]
mod tests {
    use super::super::lanes::{Work, run};
    use super::super::modular::PRIMES;
    use super::*;
    use proptest::prelude::*;

    struct Convolve<'a>(&'a Transform, &'a mut [Eight], &'a mut [Eight]);

    impl Work for Convolve<'_> {
        #[inline(always)]
        fn run<V: Lanes>(self) {
            let Convolve(transform, x, y) = self;
            let prime = transform.prime;
            transform.forward::<V>(x);
            transform.forward::<V>(y);
            for (x, y) in x.iter_mut().flat_map(|x| &mut x.0).zip(y.iter().flat_map(|y| &y.0)) {
                *x = prime.product(prime.product(*x % prime.p, *y % prime.p), transform.scale());
            }
            transform.backward::<V>(x);
            for x in x {
                prime.canonical(V::load(x)).store(x);
            }
        }
    }

    proptest! {
        #[test]
        fn a_product_of_values_is_a_convolution(length in 1usize..200, seed in any::<u64>(), which in 0..2usize) {
            let (length, prime) = (Transform::length_from(length), PRIMES[which]);
            let transform = Transform::new(prime, length);
            prop_assert_eq!(transform.len(), length);
            let number = |i: usize| seed.wrapping_mul(i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) % prime.p;
            let series = |from: usize| (0..length).map(|i| Eight(std::array::from_fn(|l| number(from + 8 * i + l)))).collect();
            let (mut x, mut y): (Vec<Eight>, Vec<Eight>) = (series(0), series(9999));
            let exact: Vec<Eight> = (0..length)
                .map(|k| Eight(std::array::from_fn(|l| {
                    let sum: u128 = (0..length).map(|i| u128::from(prime.product(x[i].0[l], y[(length + k - i) % length].0[l]))).sum();
                    (sum % u128::from(prime.p)) as u64
                })))
                .collect();
            let (mut u, mut v) = (x.clone(), y.clone());
            run(Convolve(&transform, &mut x, &mut y));
            prop_assert_eq!(&x, &exact);
            // As on a processor without the instructions.
            Convolve(&transform, &mut u, &mut v).run::<[u64; LANES]>();
            prop_assert_eq!(&u, &exact);
        }
    }
}
