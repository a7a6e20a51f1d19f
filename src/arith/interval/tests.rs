use super::*;
use proptest::prelude::*;

const C: Interval = Interval { bits: 64 };

fn rational(p: i64, q: i64) -> Rational {
    Rational::from((p, q))
}

/// `[p, q]` of small integers.
fn range(lo: i32, hi: i32) -> Range {
    Range { lo: Float::with_val(64, lo), hi: Float::with_val(64, hi) }
}

fn binary(f: impl Fn(&Interval, &mut Range, &Range, &Range), a: &Range, b: &Range) -> Range {
    let mut r = C.zero();
    f(&C, &mut r, a, b);
    r
}

#[test]
fn products_and_quotients_have_the_known_ends_for_every_pair_of_signs() {
    let ranges = [range(2, 3), range(-3, -2), range(-2, 3), range(0, 3), range(-3, 0), range(0, 0), range(-5, 1)];
    for a in &ranges {
        for b in &ranges {
            let corners: Vec<Float> = [(&a.lo, &b.lo), (&a.lo, &b.hi), (&a.hi, &b.lo), (&a.hi, &b.hi)]
                .map(|(x, y)| Float::with_val(64, x * y))
                .into();
            let min = corners.iter().fold(corners[0].clone(), |m, x| m.min(x));
            let max = corners.iter().fold(corners[0].clone(), |m, x| m.max(x));
            assert_eq!(binary(Interval::mul, a, b), Range { lo: min.clone(), hi: max.clone() }, "{a:?} {b:?}");
            let mut sum = range(10, 20);
            C.mul_add(&mut sum, a, b);
            assert_eq!(sum, Range { lo: min + 10, hi: max + 20 });
        }
    }
    for (a, b, lo, hi) in [
        (range(4, 8), range(1, 2), 2, 8),
        (range(4, 8), range(-2, -1), -8, -2),
        (range(-8, -4), range(1, 2), -8, -2),
        (range(-8, -4), range(-2, -1), 2, 8),
        (range(-4, 8), range(1, 2), -4, 8),
        (range(-4, 8), range(-2, -1), -8, 4),
    ] {
        assert_eq!(binary(Interval::div, &a, &b), range(lo, hi), "{a:?} / {b:?}");
    }
}

#[test]
fn undefined_operations_are_faults() {
    let whole = binary(Interval::div, &range(1, 2), &range(-1, 1));
    assert_eq!(C.fault(&whole), Some(Fault::Overflow));
    assert!(whole.contains(&Float::with_val(9, -77)));
    assert_eq!(C.fault(&binary(Interval::div, &range(1, 2), &range(0, 1))), Some(Fault::Overflow));
    let nan = binary(Interval::div, &range(1, 2), &range(0, 0));
    let mut r = C.zero();
    let unary: [fn(&Interval, &mut Range, &Range); 2] = [Interval::sqrt, Interval::ln];
    for f in unary {
        f(&C, &mut r, &range(-1, 4));
        assert_eq!(C.fault(&r), Some(Fault::NotANumber));
    }
    C.ln(&mut r, &range(0, 4));
    assert_eq!(C.fault(&r), Some(Fault::NotANumber));
    C.div_u32(&mut r, &range(1, 2), 0);
    assert_eq!(C.fault(&r), Some(Fault::NotANumber));
    for half in [
        Range { lo: nan.lo.clone(), hi: Float::with_val(64, 1) },
        Range { lo: Float::with_val(64, -1), hi: nan.hi.clone() },
    ] {
        for b in [range(2, 3), range(-2, 3), range(-3, -2)] {
            assert_eq!(C.fault(&binary(Interval::mul, &half, &b)), Some(Fault::NotANumber));
            assert_eq!(C.fault(&binary(Interval::mul, &b, &half)), Some(Fault::NotANumber));
            assert_eq!(C.fault(&binary(Interval::div, &half, &b)), Some(Fault::NotANumber));
        }
        C.abs(&mut r, &half);
        assert_eq!(C.fault(&r), Some(Fault::NotANumber));
        assert_eq!((C.sign(&half), C.lt(&half, &range(5, 6)), C.lg(&half)), (Sign::Unknown, Tri::Unknown, None));
    }
    assert_eq!(C.exp(&mut r, &range(-2_000_000_000, 0)), Err(Fault::Underflow));
    assert_eq!(C.exp(&mut r, &range(0, 2_000_000_000)), Err(Fault::Overflow));
    assert_eq!(C.exp(&mut r, &nan), Err(Fault::NotANumber));
}

#[test]
fn comparisons_and_signs_are_three_valued() {
    for (a, b, expected) in [
        (range(1, 2), range(3, 4), Tri::True),
        (range(1, 3), range(3, 4), Tri::Unknown),
        (range(3, 4), range(1, 3), Tri::False),
        (range(3, 3), range(3, 3), Tri::False),
        (range(1, 4), range(2, 3), Tri::Unknown),
    ] {
        assert_eq!(C.lt(&a, &b), expected, "{a:?} < {b:?}");
    }
    for (a, expected) in [
        (range(1, 2), Sign::Positive),
        (range(-2, -1), Sign::Negative),
        (range(0, 0), Sign::Zero),
        (range(0, 1), Sign::Unknown),
        (range(-1, 0), Sign::Unknown),
        (range(-1, 1), Sign::Unknown),
    ] {
        assert_eq!(C.sign(&a), expected, "{a:?}");
    }
    let mut r = C.zero();
    for (a, lo, hi) in [(range(-3, 2), 0, 3), (range(-3, -2), 2, 3), (range(2, 3), 2, 3), (range(-1, 4), 0, 4)] {
        C.abs(&mut r, &a);
        assert_eq!(r, range(lo, hi));
    }
}

#[test]
fn the_magnitude_the_midpoint_and_the_dump_speak_of_both_ends() {
    assert_eq!(C.lg(&range(-8, 2)), Some(3 * crate::arith::LG_ONE));
    assert_eq!(C.to_float(&range(-8, 2), 20), -3);
    assert_eq!(C.dump(&range(-8, 3)), "[-0x1p+3@64, 0x1.8p+1@64]");
}

#[test]
fn a_dyadic_out_of_range_is_still_enclosed() {
    let mut r = C.zero();
    C.set_dyadic(&mut r, Dyadic { m: 3, e: i64::MIN });
    assert!(r.lo.is_zero() && r.hi > 0 && C.fault(&r).is_none());
    C.set_dyadic(&mut r, Dyadic { m: 3, e: i64::MAX });
    assert!(r.lo.is_finite() && C.fault(&r) == Some(Fault::Overflow));
}

fn bounded() -> impl Strategy<Value = Rational> {
    (-1_000_000i64..1_000_000, 1i64..1_000_000).prop_map(|(p, q)| rational(p, q))
}

/// An interval around `x` that reaches `left` and `right` of it.
fn around(x: &Rational, left: u32, right: u32) -> Range {
    let end = |q: Rational, round| Float::with_val_round(64, &q, round).0;
    let step = |k: u32| Rational::from((k, 1000));
    Range { lo: end(x.clone() - step(left), Round::Down), hi: end(x.clone() + step(right), Round::Up) }
}

/// Whether an enclosure of a true value holds its approximation of twice the precision, up to that one's own error.
fn encloses(r: &Range, x: &Float) -> bool {
    let (mut below, mut above) = (x.clone(), x.clone());
    below.next_down();
    above.next_up();
    C.fault(r).is_some() || x.is_nan() || (r.lo <= above && below <= r.hi)
}

proptest! {
    #[test]
    fn every_operation_encloses_the_result_at_twice_the_precision(
        p in bounded(), q in bounded(), sides in prop::array::uniform4(0u32..2000), k in 1u32..,
    ) {
        let [x, y] = [&p, &q].map(|q| Float::with_val(128, q));
        let (a, b) = (around(&p, sides[0], sides[1]), around(&q, sides[2], sides[3]));
        let (thin_a, thin_b) = (C.rational(&p), C.rational(&q));
        prop_assert!(encloses(&thin_a, &x));
        let mut r = C.zero();
        for (a, b) in [(&a, &b), (&thin_a, &thin_b), (&a, &thin_b), (&thin_a, &b)] {
            type Op = fn(&Interval, &mut Range, &Range, &Range);
            let table: [(Op, Float); 4] = [
                (Interval::add, Float::with_val(128, Rational::from(&p + &q))),
                (Interval::sub, Float::with_val(128, Rational::from(&p - &q))),
                (Interval::mul, Float::with_val(128, Rational::from(&p * &q))),
                (Interval::div, Float::with_val(128, &x / &y)),
            ];
            for (f, exact) in &table {
                f(&C, &mut r, a, b);
                prop_assert!(encloses(&r, exact), "{:?} {:?} {:?}", a, b, exact);
            }
            C.set(&mut r, b);
            C.mul_add(&mut r, a, b);
            prop_assert!(encloses(&r, &Float::with_val(128, &q + Rational::from(&p * &q))));
            C.conv(&mut r, &[a.clone(), b.clone()], &[b.clone(), a.clone()]);
            prop_assert!(encloses(&r, &Float::with_val(128, Rational::from(&p * &p) + Rational::from(&q * &q))));
            C.mul_u32(&mut r, a, k);
            prop_assert!(encloses(&r, &Float::with_val(128, &x * k)));
            C.div_u32(&mut r, a, k);
            prop_assert!(encloses(&r, &Float::with_val(128, &x / k)));
            C.sqrt(&mut r, a);
            prop_assert!(encloses(&r, &x.clone().sqrt()));
            C.ln(&mut r, a);
            prop_assert!(encloses(&r, &x.clone().ln()));
            C.neg(&mut r, a);
            prop_assert!(encloses(&r, &-x.clone()));
            C.abs(&mut r, a);
            prop_assert!(encloses(&r, &x.clone().abs()));
            prop_assert!(C.exp(&mut r, a).is_ok() && encloses(&r, &x.clone().exp()));
        }
    }

    #[test]
    fn a_thin_enclosure_is_one_unit_wide(p in bounded(), q in bounded()) {
        prop_assume!(!q.is_zero());
        let mut r = C.zero();
        C.div(&mut r, &C.rational(&p), &C.rational(&q));
        let width = Float::with_val(64, &r.hi - &r.lo);
        prop_assert!(width <= C.to_float(&r, 64).abs() * (Float::with_val(64, 1) >> 60));
    }
}
