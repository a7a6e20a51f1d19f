//! The convolution kernel of Taylor arithmetic for MPFR numbers: products of significands accumulated in fixed point
//! over 64-bit limbs, rounded once.
//!
//! All operands have `n` limbs. Let `2^E` bound every product in magnitude. The accumulator holds `n + 1` limbs below
//! `2^E` and two above. Each product is truncated where it falls below the accumulator's last limb: with the columns
//! of the product that are not computed at all (fewer than `n` of them, each below `2^64` units of the next one), the limbs
//! of operands that are not looked at where the product lies lower (two units) and the shift, one term errs by less than
//! `(n + 4) 2^(E - 64 (n + 1))`. The sum of `m` terms so errs by less than `m (n + 4) 2^-64` units in the last place *of the largest product*, then is rounded to nearest once: sequential
//! `mul`/`add`, which rounds every term at least at that size, is never more accurate.

use rug::integer::Order;
use rug::{Assign, Float, Integer};
use std::cell::RefCell;

/// Above this many limbs GMP's own multiplication is faster.
const MAX_LIMBS: usize = 24;

thread_local! {
    static SUM: RefCell<Integer> = const { RefCell::new(Integer::new()) };
}

/// `r = sum_i a[i] b[n-1-i]`; `false` (and `r` untouched) where this kernel does not apply: mixed or long precisions, or
/// an operand that is not finite.
pub(super) fn convolve(r: &mut Float, a: &[Float], b: &[Float]) -> bool {
    let prec = r.prec();
    let n = prec.div_ceil(64) as usize;
    if n > MAX_LIMBS {
        return false;
    }
    let mut top: Option<i64> = None;
    for (x, y) in a.iter().zip(b.iter().rev()) {
        if x.prec() != prec || y.prec() != prec || !x.is_finite() || !y.is_finite() {
            return false;
        }
        if let (Some(ex), Some(ey)) = (x.get_exp(), y.get_exp()) {
            top = top.max(Some(i64::from(ex) + i64::from(ey)));
        }
    }
    let Some(top) = top else {
        r.assign(0);
        return true;
    };
    let mut acc = [0u64; MAX_LIMBS + 3];
    let acc = &mut acc[..n + 3];
    let mut product = [0u64; MAX_LIMBS + 2];
    for (x, y) in a.iter().zip(b.iter().rev()) {
        let (Some(ex), Some(ey)) = (x.get_exp(), y.get_exp()) else { continue };
        let shift = usize::try_from(top - i64::from(ex) - i64::from(ey)).unwrap_or(usize::MAX);
        let (limbs_down, bits_down) = (shift / 64, (shift % 64) as u32);
        if limbs_down > n {
            continue;
        }
        let (Some(sx), Some(sy)) = (x.get_significand(), y.get_significand()) else { continue };
        let (lx, ly) = (sx.as_limbs(), sy.as_limbs());
        if lx.len() != n || ly.len() != n {
            return false;
        }
        let negative = x.is_sign_negative() != y.is_sign_negative();
        // Of operands whose product lies `limbs_down` limbs lower only that many fewer limbs are seen, and one more.
        let used = (n + 1 - limbs_down).min(n);
        if short_product(acc, &lx[n - used..], &ly[n - used..], bits_down, negative, limbs_down > 0) {
            continue;
        }
        // The top n + 1 limbs of the product are kept, less what the shift drops; one more below for the carries.
        let kept = n + 1 - limbs_down;
        let product = &mut product[..kept + 1];
        high_product(product, lx, ly);
        add_shifted(acc, &mut product[1..], bits_down, negative);
    }
    finish(r, acc, top, n)
}

/// `acc += -+ (x * y) >> bits` for operands of few limbs, in loops of fixed length; with `lower` one limb less of the
/// product is kept. `false` for other lengths.
fn short_product(acc: &mut [u64], x: &[u64], y: &[u64], bits: u32, negative: bool, lower: bool) -> bool {
    macro_rules! of_length {
        ($($n:literal)*) => {
            match x.len() {
                $($n => {
                    const N: usize = $n;
                    let (Ok(x), Ok(y)) = (<&[u64; N]>::try_from(x), <&[u64; N]>::try_from(y)) else { return false };
                    // Columns N - 2 ... 2 N - 1 of the product.
                    let mut p = [0u64; N + 2];
                    for i in 0..N {
                        let mut carry = 0u64;
                        for j in (N - 2).saturating_sub(i)..N {
                            let k = i + j + 2 - N;
                            let t = u128::from(x[i]) * u128::from(y[j]) + u128::from(p[k]) + u128::from(carry);
                            p[k] = t as u64;
                            carry = (t >> 64) as u64;
                        }
                        p[i + 2] = carry;
                    }
                    let mut v = [0u64; N + 1];
                    v.copy_from_slice(&p[1..]);
                    if bits > 0 {
                        for k in 0..N {
                            v[k] = v[k] >> bits | v[k + 1] << (64 - bits);
                        }
                        v[N] >>= bits;
                    }
                    if lower {
                        add_limbs(acc, &v[1..], negative);
                    } else {
                        add_limbs(acc, &v, negative);
                    }
                    true
                })*
                _ => false,
            }
        };
    }
    of_length!(2 3 4 5 6 7 8 9 10)
}

/// `acc += -+ v`, the carry taken as far as it goes.
#[inline]
fn add_limbs(acc: &mut [u64], v: &[u64], negative: bool) {
    let mut carry = false;
    let (low, high) = acc.split_at_mut(v.len());
    for (limb, &v) in low.iter_mut().zip(v) {
        let (t, a, u, b);
        if negative {
            (t, a) = limb.overflowing_sub(v);
            (u, b) = t.overflowing_sub(u64::from(carry));
        } else {
            (t, a) = limb.overflowing_add(v);
            (u, b) = t.overflowing_add(u64::from(carry));
        }
        *limb = u;
        carry = a | b;
    }
    for limb in high {
        if !carry {
            return;
        }
        (*limb, carry) = if negative { limb.overflowing_sub(1) } else { limb.overflowing_add(1) };
    }
}

/// The top `out.len()` limbs of `x * y` (each of `n` limbs), with the columns below left out.
fn high_product(out: &mut [u64], x: &[u64], y: &[u64]) {
    let n = x.len();
    let columns = out.len().min(2 * n);
    let first = 2 * n - columns; // lowest column computed
    let offset = out.len() - columns;
    out.fill(0);
    for (i, &xi) in x.iter().enumerate() {
        let from = first.saturating_sub(i).min(n);
        let mut carry = 0u64;
        let k = offset + (i + from).saturating_sub(first);
        let (columns, above) = out[k..].split_at_mut(n - from);
        for (column, &yj) in columns.iter_mut().zip(&y[from..]) {
            let t = u128::from(xi) * u128::from(yj) + u128::from(*column) + u128::from(carry);
            *column = t as u64;
            carry = (t >> 64) as u64;
        }
        if let Some(column) = above.first_mut() {
            *column = carry; // column i + n has not been touched before
        }
    }
}

/// `acc += -+ product >> bits`, the product's top limb aligned with the accumulator's third limb from the top.
fn add_shifted(acc: &mut [u64], product: &mut [u64], bits: u32, negative: bool) {
    if bits > 0 {
        for k in 0..product.len() {
            let above = product.get(k + 1).map_or(0, |next| next << (64 - bits));
            product[k] = product[k] >> bits | above;
        }
    }
    add_limbs(acc, product, negative);
}

/// Two's complement accumulator to a rounded number.
fn finish(r: &mut Float, acc: &mut [u64], top: i64, n: usize) -> bool {
    let negative = acc.last().is_some_and(|l| l >> 63 == 1);
    if negative {
        let mut carry = true;
        for l in acc.iter_mut() {
            let (v, c) = (!*l).overflowing_add(u64::from(carry));
            *l = v;
            carry = c;
        }
    }
    // Units of the accumulator: 2^(top - 64 (n + 1)).
    assign_limbs(r, acc, negative, top - 64 * (n as i64 + 1))
}

/// `r = -+ limbs 2^exponent`, rounded; `false` (and `r` not to be used) where the exponent is out of range.
pub(super) fn assign_limbs(r: &mut Float, limbs: &[u64], negative: bool, exponent: i64) -> bool {
    let Ok(exponent) = i32::try_from(exponent) else { return false };
    SUM.with_borrow_mut(|sum| {
        sum.assign_digits(limbs, Order::Lsf);
        r.assign(&*sum);
    });
    *r <<= exponent;
    if negative {
        rug::ops::NegAssign::neg_assign(r);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rug::Rational;

    fn exact(a: &[Float], b: &[Float]) -> Rational {
        let term = |(x, y): (&Float, &Float)| x.to_rational().unwrap_or_default() * y.to_rational().unwrap_or_default();
        a.iter().zip(b.iter().rev()).map(term).fold(Rational::new(), |s, t| s + t)
    }

    fn number(prec: u32, (mantissa, low, exponent): (i64, u64, i32)) -> Float {
        let third = Float::with_val(prec, low) / 3u32;
        (Float::with_val(prec, mantissa) + third) << exponent
    }

    /// Error in units of `2^-prec` of the largest product.
    fn error_in_ulps(prec: u32, a: &[Float], b: &[Float]) -> Float {
        let mut r = Float::new(prec);
        assert!(convolve(&mut r, a, b));
        let exact = exact(a, b);
        let largest = a
            .iter()
            .zip(b.iter().rev())
            .map(|(x, y)| Float::with_val(64, x * y).abs())
            .fold(Float::new(64), |m, p| if p > m { p } else { m });
        let size = Float::with_val(64, Float::with_val(64, &exact).abs()).max(&largest);
        if size.is_zero() {
            return Float::new(64);
        }
        let error = Float::with_val(64, r.to_rational().unwrap_or_default() - exact).abs();
        (error / size) << prec
    }

    proptest! {
        #[test]
        fn the_error_is_half_a_unit_of_the_larger_of_result_and_largest_product(
            prec in prop::sample::select(vec![2u32, 53, 64, 65, 128, 200, 266, 320, 333, 1000, 1536]),
            terms in prop::collection::vec(((any::<i64>(), any::<u64>(), -200..200i32), (any::<i64>(), any::<u64>(), -200..200i32)), 0..24),
        ) {
            let a: Vec<Float> = terms.iter().map(|t| number(prec, t.0)).collect();
            let b: Vec<Float> = terms.iter().map(|t| number(prec, t.1)).collect();
            prop_assert!(error_in_ulps(prec, &a, &b) <= 1.0001);
        }

        #[test]
        fn terms_that_cancel_leave_the_digits_below_them(prec in prop::sample::select(vec![64u32, 100, 266]), x in any::<i64>(), y in any::<u64>()) {
            let (p, q) = (number(prec, (x, y, 3)), number(prec, (x ^ 12345, y, -3)));
            let small = number(prec, (7, 1, -90));
            let a = vec![p.clone(), small.clone(), Float::with_val(prec, -&p)];
            let b = vec![q.clone(), small, q];
            // a . reverse(b) = p q + small^2 - p q
            let mut r = Float::new(prec);
            prop_assert!(convolve(&mut r, &a, &b));
            prop_assert!(error_in_ulps(prec, &a, &b) <= 1.0001);
        }
    }

    #[test]
    fn what_is_not_finite_or_mixed_is_left_to_the_plain_loop() {
        let mut r = Float::new(64);
        let nan = Float::with_val(64, rug::float::Special::Nan);
        assert!(!convolve(&mut r, &[nan], &[Float::with_val(64, 1)]));
        assert!(!convolve(&mut r, &[Float::with_val(65, 1)], &[Float::with_val(64, 1)]));
        assert!(!convolve(&mut Float::new(64 * 25), &[Float::with_val(64 * 25, 1)], &[Float::with_val(64 * 25, 1)]));
    }
}
