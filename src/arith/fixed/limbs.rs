//! Sums of numbers of several limbs, lowest first.

/// `r = a + b + carry`, limb by limb, and the carry out.
#[inline(always)]
fn carrying(a: u64, b: u64, carry: bool) -> (u64, bool) {
    let (t, c) = a.overflowing_add(b);
    let (t, d) = t.overflowing_add(u64::from(carry));
    (t, c | d)
}

#[inline(always)]
fn borrowing(a: u64, b: u64, borrow: bool) -> (u64, bool) {
    let (t, c) = a.overflowing_sub(b);
    let (t, d) = t.overflowing_sub(u64::from(borrow));
    (t, c | d)
}

/// `acc += other`; the carry out.
pub fn add(acc: &mut [u64], other: &[u64]) -> bool {
    let mut carry = false;
    let (many, rest) = acc.as_chunks_mut::<4>();
    let (others, last) = other.as_chunks::<4>();
    for (a, b) in many.iter_mut().zip(others) {
        for (a, b) in a.iter_mut().zip(b) {
            (*a, carry) = carrying(*a, *b, carry);
        }
    }
    for (a, b) in rest.iter_mut().zip(last) {
        (*a, carry) = carrying(*a, *b, carry);
    }
    carry
}

/// `acc -= other`; the borrow out.
pub fn subtract(acc: &mut [u64], other: &[u64]) -> bool {
    let mut borrow = false;
    let (many, rest) = acc.as_chunks_mut::<4>();
    let (others, last) = other.as_chunks::<4>();
    for (a, b) in many.iter_mut().zip(others) {
        for (a, b) in a.iter_mut().zip(b) {
            (*a, borrow) = borrowing(*a, *b, borrow);
        }
    }
    for (a, b) in rest.iter_mut().zip(last) {
        (*a, borrow) = borrowing(*a, *b, borrow);
    }
    borrow
}

/// `a = -a`.
pub fn negate(a: &mut [u64]) {
    let mut carry = true;
    for limb in a {
        (*limb, carry) = (!*limb).overflowing_add(u64::from(carry));
    }
}
