//! Against GMP integers.

use super::*;
use proptest::prelude::*;
use rug::Integer;
use rug::integer::Order;

fn magnitude(a: &[u64]) -> Integer {
    Integer::from_digits(a, Order::Lsf)
}

/// Value of an accumulator.
fn integer(a: &[u64]) -> Integer {
    let negative = a.last().is_some_and(|top| top >> 63 == 1);
    if negative { magnitude(a) - (Integer::from(1) << bits(a.len())) } else { magnitude(a) }
}

fn bits(n: usize) -> u32 {
    64 * n as u32
}

/// Limbs that are often 0 or all ones, where carries run.
fn limbs(n: usize) -> impl Strategy<Value = Vec<u64>> {
    prop::collection::vec(prop_oneof![2 => any::<u64>(), 1 => Just(0), 1 => Just(u64::MAX), 1 => Just(1 << 63)], n)
}

fn signs(n: usize) -> impl Strategy<Value = Vec<bool>> {
    prop::collection::vec(any::<bool>(), n)
}

type Signed = (Vec<u64>, Vec<bool>);

fn rows() -> impl Strategy<Value = (usize, usize, Signed, Signed)> {
    (1usize..22, 0usize..17)
        .prop_flat_map(|(n, k)| (Just(n), 1..=n, (limbs(n * k), signs(k)), (limbs(n * k), signs(k))))
}

proptest! {
    #[test]
    fn dot_leaves_out_less_than_its_bound((n, m, x, y) in rows()) {
        let views = |a: &Signed| -> Vec<Integer> {
            let signed = |(row, &s): (&[u64], &bool)| if s { -magnitude(&row[n - m..]) } else { magnitude(&row[n - m..]) };
            a.0.chunks(n).zip(&a.1).map(signed).collect()
        };
        let exact: Integer = views(&x).iter().zip(views(&y).iter().rev()).map(|(x, y)| Integer::from(x * y)).sum();
        let mut acc = vec![7; m + 3];
        dot(&mut acc, Rows { limbs: &x.0, negative: &x.1 }, Rows { limbs: &y.0, negative: &y.1 }, n, m);
        // In units of B^(m-2), for one limb B^-1.
        let sum: Integer = (integer(&acc) << bits(m)) >> 128;
        let left_out = (exact - sum).abs();
        prop_assert!(left_out <= Integer::from(x.1.len() * m) << bits(m - 1), "{left_out:x}");
        prop_assert!(m > 2 || left_out == 0);
    }

    #[test]
    fn digits_leave_out_less_than_a_dot((n, m, x, y) in rows(), from in 0usize..4, more in -150isize..60) {
        let digits = |a: &Signed| {
            let mut digits = Digits::new(a.1.len(), n);
            for (i, (row, &s)) in a.0.chunks(n).zip(&a.1).enumerate() {
                digits.set(i, row, s);
            }
            digits
        };
        let (dx, dy) = (digits(&x), digits(&y));
        let count = x.1.len().saturating_sub(from);
        let whole = |a: &Signed, i: usize| {
            let a = (magnitude(&a.0[i * n..(i + 1) * n]), a.1[i]);
            if a.1 { -a.0 } else { a.0 }
        };
        // In units of B^(m-2) of views of m limbs.
        let exact: Integer = (0..count).map(|i| whole(&x, from + i) * whole(&y, count - 1 - i)).sum();
        let mut acc = vec![7; m + 3];
        let asked = (64 * m).saturating_add_signed(more);
        let accuracy = Accuracy { limbs: m, bits: asked };
        Columns::default().dot(&mut acc, dx.range(from, count), dy.range(0, count), accuracy);
        let seen: Integer = integer(&acc) << bits(2 * n - m);
        let exact: Integer = exact << 128;
        let off = (exact - seen).abs();
        // Two views, each less than B^-m off, what is left out, and a unit: times B^(2n) here, with B^2.
        let scale = bits(2 * n + 2);
        let views: Integer = Integer::from(if m == n { 0 } else { 2 * count }) << (scale - bits(m));
        let left_out = (Integer::from(1) << scale) >> (asked as u32 + 2);
        prop_assert!(off <= views + left_out + (Integer::from(1) << bits(2 * n - m)), "{off:x}");
    }

    #[test]
    fn vectors_give_what_single_products_give((n, m, x, y) in rows()) {
        let mut series = [&x, &y].map(|a| {
            let mut digits = Digits::new(a.1.len(), n);
            for (i, (row, &s)) in a.0.chunks(n).zip(&a.1).enumerate() {
                digits.set(i, row, s);
            }
            digits
        });
        let count = x.1.len();
        let [dx, dy] = series.each_mut();
        let (dx, dy) = (dx.range(0, count), dy.range(0, count));
        let accuracy = Accuracy { limbs: m, bits: 64 * m };
        let (width, last) = (accuracy.width(), accuracy.last_column(count));
        let value = |f: &dyn Fn(&mut [u128])| {
            let mut columns = vec![0; last.max(width) + 8];
            f(&mut columns);
            columns.iter().fold(Integer::new(), |sum, &c| (sum << 52) + c)
        };
        prop_assert_eq!(
            value(&|c| vector::columns(c, dx, dy, width, last)),
            value(&|c| vector::one_by_one(c, dx, dy, width, last))
        );
    }

    #[test]
    fn store_is_nearest_or_refuses(a in (1usize..6).prop_flat_map(limbs), len in 1usize..6, shift in -200i32..400, unused in 0u32..400) {
        let (mut r, mut negative) = (vec![5; len], false);
        let unused = unused.min(bits(len) - 1);
        let fits = store(&mut r, &mut negative, &mut a.clone(), i64::from(shift), unused as usize);
        let down = shift + unused as i32;
        let half = if down <= 0 { Integer::new() } else { Integer::from(1) << (down - 1) };
        let nearest = ((integer(&a).abs() + half) >> down) << unused;
        prop_assert_eq!(fits, nearest.significant_bits() <= bits(len));
        prop_assert_eq!(negative, integer(&a) < 0);
        prop_assert!(!fits || magnitude(&r) == nearest);
    }

    #[test]
    fn place_lowers_from_the_top(a in (1usize..6).prop_flat_map(limbs), len in 1usize..6, down in 0u32..400) {
        let mut r = vec![5; len];
        place(&mut r, &a, u64::from(down));
        prop_assert_eq!(magnitude(&r), ((magnitude(&a) << bits(len)) >> bits(a.len())) >> down);
    }

    #[test]
    fn sums_and_small_products((r, a) in (1usize..6).prop_flat_map(|n| (limbs(n), limbs(n))), shift in 0u32..400, negative in any::<bool>(), factor in any::<u32>(), divisor in 1u32..) {
        let mut acc = r.clone();
        acc.extend([0, 0]);
        add_shifted(&mut acc, &a, u64::from(shift), negative);
        let moved = magnitude(&a) >> shift;
        let sum = if negative { magnitude(&r) - &moved } else { magnitude(&r) + &moved };
        prop_assert_eq!(integer(&acc), sum.clone());
        let mut other = a.clone();
        other.extend([0, 0]);
        double_and_add(&mut acc, &other);
        prop_assert_eq!(integer(&acc), sum * 2 + magnitude(&a));
        let mut acc = vec![9; a.len() + 1];
        mul_small(&mut acc, &a, factor);
        prop_assert_eq!(magnitude(&acc), magnitude(&a) * factor);
        let mut acc = vec![9; a.len() + 3];
        scale_small(&mut acc, (&a, negative), factor, divisor);
        let scaled: Integer = ((magnitude(&a) * factor) << 128) / divisor;
        prop_assert_eq!(integer(&acc), if negative { -scaled } else { scaled });
    }
}
