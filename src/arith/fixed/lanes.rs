//! Arithmetic on eight numbers of 52 bits at a time, written once: in vectors where the processor multiplies such numbers
//! in vectors (AVX-512 IFMA), number by number elsewhere. All of it is exact, so both give the same.

use super::digits::{DIGIT, LANES, MASK};

/// Eight numbers in memory: a line of the cache.
#[repr(align(64))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Eight(pub [u64; LANES]);

impl Eight {
    pub const ZERO: Eight = Eight([0; LANES]);
}

/// Number `i` of the `j`-th eight at place `j` of the `i`-th.
pub(super) fn transposed(a: &[Eight; LANES]) -> [Eight; LANES] {
    std::array::from_fn(|i| Eight(std::array::from_fn(|j| a[j].0[i])))
}

/// Eight numbers in registers.
pub(super) trait Lanes: Copy {
    fn load(a: &Eight) -> Self;
    /// From any place in memory.
    fn unaligned(a: &[u64; LANES]) -> Self;
    fn store(self, a: &mut Eight);
    fn splat(a: u64) -> Self;
    /// What is loaded soon may be fetched from memory now.
    fn soon(a: &Eight);
    /// `self + b` modulo `2^64`.
    fn plus(self, b: Self) -> Self;
    /// `self - b` modulo `2^64`.
    fn minus(self, b: Self) -> Self;
    /// The smaller of two.
    fn least(self, b: Self) -> Self;
    /// The low 52 bits.
    fn low(self) -> Self;
    /// The bits above the low 52.
    fn high(self) -> Self;
    /// `self` plus the low 52 bits of the product of the low 52 bits of `a` and `b`.
    fn add_low(self, a: Self, b: Self) -> Self;
    /// `self` plus the upper 52 bits of that product.
    fn add_high(self, a: Self, b: Self) -> Self;
}

/// What is to be done with eight numbers at a time.
pub(super) trait Work {
    fn run<V: Lanes>(self);
}

/// Does the work on this processor. What it calls must be inlined to the last function that handles lanes.
pub(super) fn run(work: impl Work) {
    #[cfg(target_arch = "x86_64")]
    let Some(work) = super::ifma::run(work) else { return };
    work.run::<[u64; LANES]>();
}

impl Lanes for [u64; LANES] {
    #[inline(always)]
    fn load(a: &Eight) -> Self {
        a.0
    }

    #[inline(always)]
    fn unaligned(a: &[u64; LANES]) -> Self {
        *a
    }

    #[inline(always)]
    fn store(self, a: &mut Eight) {
        a.0 = self;
    }

    #[inline(always)]
    fn splat(a: u64) -> Self {
        [a; LANES]
    }

    #[inline(always)]
    fn soon(_: &Eight) {}

    #[inline(always)]
    fn plus(self, b: Self) -> Self {
        each(self, b, u64::wrapping_add)
    }

    #[inline(always)]
    fn minus(self, b: Self) -> Self {
        each(self, b, u64::wrapping_sub)
    }

    #[inline(always)]
    fn least(self, b: Self) -> Self {
        each(self, b, u64::min)
    }

    #[inline(always)]
    fn low(self) -> Self {
        self.map(|a| a & MASK)
    }

    #[inline(always)]
    fn high(self) -> Self {
        self.map(|a| a >> DIGIT)
    }

    #[inline(always)]
    fn add_low(self, a: Self, b: Self) -> Self {
        self.plus(each(a, b, |a, b| product(a, b) as u64 & MASK))
    }

    #[inline(always)]
    fn add_high(self, a: Self, b: Self) -> Self {
        self.plus(each(a, b, |a, b| (product(a, b) >> DIGIT) as u64))
    }
}

#[inline(always)]
fn each(a: [u64; LANES], b: [u64; LANES], f: impl Fn(u64, u64) -> u64) -> [u64; LANES] {
    std::array::from_fn(|i| f(a[i], b[i]))
}

#[inline(always)]
fn product(a: u64, b: u64) -> u128 {
    u128::from(a & MASK) * u128::from(b & MASK)
}
