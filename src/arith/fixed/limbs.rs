//! Sums of numbers of several limbs, lowest first.

/// A limb of `a + b`, given the carry from below, and the carry above.
#[inline(always)]
pub fn carrying(a: u64, b: u64, carry: bool) -> (u64, bool) {
    let (t, c) = a.overflowing_add(b);
    let (t, d) = t.overflowing_add(u64::from(carry));
    (t, c | d)
}

/// `acc += other`, as long as it; four limbs in a row: what they carry then stays in a register's flag.
pub fn add(acc: &mut [u64], other: &[u64]) {
    let mut carry = false;
    let (fours, rest) = acc.as_chunks_mut::<4>();
    let (other_fours, other_rest) = other.as_chunks::<4>();
    for (a, b) in fours.iter_mut().zip(other_fours) {
        for (a, b) in a.iter_mut().zip(b) {
            (*a, carry) = carrying(*a, *b, carry);
        }
    }
    for (a, b) in rest.iter_mut().zip(other_rest) {
        (*a, carry) = carrying(*a, *b, carry);
    }
}

/// `a = -a`.
pub fn negate(a: &mut [u64]) {
    let mut carry = true;
    for limb in a {
        (*limb, carry) = carrying(!*limb, 0, carry);
    }
}
