//! Sums of numbers of several limbs, lowest first.

/// A limb of `a + b`, given the carry from below, and the carry above.
#[inline(always)]
pub fn carrying(a: u64, b: u64, carry: bool) -> (u64, bool) {
    let (t, c) = a.overflowing_add(b);
    let (t, d) = t.overflowing_add(u64::from(carry));
    (t, c | d)
}

/// Applies `limb` from the lowest limbs up, four in a row: what it carries then stays in a register's flag.
#[inline(always)]
fn chain(acc: &mut [u64], other: &[u64], limb: impl Fn(u64, u64, bool) -> (u64, bool)) -> bool {
    let mut carry = false;
    let (fours, rest) = acc.as_chunks_mut::<4>();
    let (other_fours, other_rest) = other.as_chunks::<4>();
    for (a, b) in fours.iter_mut().zip(other_fours) {
        for (a, b) in a.iter_mut().zip(b) {
            (*a, carry) = limb(*a, *b, carry);
        }
    }
    for (a, b) in rest.iter_mut().zip(other_rest) {
        (*a, carry) = limb(*a, *b, carry);
    }
    carry
}

/// `acc += other`, as long as it; the carry out.
pub fn add(acc: &mut [u64], other: &[u64]) -> bool {
    chain(acc, other, carrying)
}

/// `a = -a`.
pub fn negate(a: &mut [u64]) {
    let mut carry = true;
    for limb in a {
        (*limb, carry) = carrying(!*limb, 0, carry);
    }
}
