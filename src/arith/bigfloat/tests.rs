use super::*;
use proptest::prelude::*;

const C: BigFloat40 = BigFloat40;

fn number(s: &str) -> BigFloat {
    C.rational(&text::parse_rational(s).unwrap())
}

#[test]
fn rationals_are_rounded_to_nearest_at_the_fortieth_digit() {
    let zeros = "0".repeat(38);
    for (s, expected) in [
        ("2/3".to_owned(), format!("6.{}7e-1", "6".repeat(38))),
        ("0.1".to_owned(), "1e-1".to_owned()),
        (format!("1{zeros}15"), format!("1.{zeros}2e+40")),
        (format!("1{zeros}25"), format!("1.{zeros}2e+40")),
        (format!("-1{zeros}251"), format!("-1.{zeros}3e+41")),
        ("9".repeat(41), "1e+41".to_owned()),
        ("-1.25e-3".to_owned(), "-1.25e-3".to_owned()),
        ("0".to_owned(), "0".to_owned()),
    ] {
        assert_eq!(C.dump(&number(&s)), expected);
    }
}

#[test]
fn digits_lost_below_the_range_are_a_fault() {
    for (s, expected) in [
        ("1e-88", None),
        ("9.9e-89", Some(Fault::Underflow)),
        ("-1e-90", Some(Fault::Underflow)),
        ("1e-127", Some(Fault::Underflow)),
        ("-1e-5000", Some(Fault::Underflow)),
        ("1e166", None),
        ("1e168", Some(Fault::Overflow)),
        ("-1e5000", Some(Fault::Overflow)),
        ("0", None),
    ] {
        assert_eq!(C.fault(&number(s)), expected, "{s}");
        if s != "0" {
            assert_eq!(C.sign(&number(s)), if s.starts_with('-') { Sign::Negative } else { Sign::Positive });
        }
    }
    let (mut r, tiny, big) = (ZERO, number("1e-80"), number("-1e100"));
    C.mul(&mut r, &tiny, &tiny);
    assert_eq!(C.fault(&r), Some(Fault::Underflow));
    C.div(&mut r, &tiny, &big);
    assert_eq!((C.fault(&r), C.sign(&r)), (Some(Fault::Underflow), Sign::Negative));
    C.mul(&mut r, &big, &big);
    assert_eq!(C.fault(&r), Some(Fault::Overflow));
    C.set_dyadic(&mut r, Dyadic { m: 1, e: i64::MIN });
    assert_eq!(C.fault(&r), Some(Fault::Underflow));
    C.set_float(&mut r, &(Float::with_val(53, -1) << 1_000_000_000));
    assert_eq!((C.fault(&r), C.sign(&r)), (Some(Fault::Overflow), Sign::Negative));
    C.set_float(&mut r, &Float::with_val(53, Special::Nan));
    assert_eq!(C.fault(&r), Some(Fault::NotANumber));
}

#[test]
fn an_exponential_out_of_range_is_an_error_and_never_zero() {
    let mut r = ZERO;
    for (s, expected) in [
        ("-300", Err(Fault::Underflow)),
        ("-1e30", Err(Fault::Underflow)),
        ("-203", Err(Fault::Underflow)),
        ("-202", Ok(())),
        ("0", Ok(())),
        ("380", Ok(())),
        ("400", Err(Fault::Overflow)),
        ("1e30", Err(Fault::Overflow)),
    ] {
        assert_eq!(C.exp(&mut r, &number(s)), expected, "{s}");
    }
    assert_eq!(C.exp(&mut r, &NAN), Err(Fault::NotANumber));
    assert_eq!(C.exp(&mut r, &INF_NEG), Err(Fault::Underflow));
    assert_eq!(C.exp(&mut r, &INF_POS), Err(Fault::Overflow));
}

#[test]
fn undefined_operations_are_not_numbers() {
    let (mut r, minus) = (ZERO, number("-1"));
    for f in [BigFloat40::sqrt, BigFloat40::ln] {
        f(&C, &mut r, &minus);
        assert_eq!(C.fault(&r), Some(Fault::NotANumber));
    }
    C.div(&mut r, &ZERO, &ZERO);
    assert_eq!(C.fault(&r), Some(Fault::NotANumber));
    C.div(&mut r, &minus, &ZERO);
    assert_eq!((C.fault(&r), C.lg(&r)), (Some(Fault::Overflow), None));
    assert_eq!((C.dump(&r), C.to_float(&r, 9).is_infinite()), ("-inf".to_owned(), true));
    C.neg(&mut r, &ZERO);
    assert_eq!(C.dump(&r), "0");
}

/// Relative error of the logarithm in units of `1e-39`.
const LN: u32 = 3;

/// Numbers of forty digits with exponents of either sign.
fn numbers() -> impl Strategy<Value = BigFloat> {
    (any::<i128>(), 1u64.., -40i64..20)
        .prop_map(|(p, d, e)| C.rational(&(Rational::from((p, d)) * text::scale_by_ten(Integer::from(1), e))))
}

/// Whether the relative error is below `units * 1e-39`: one unit is at least one of the last digit.
fn within(units: u32, got: &BigFloat, want: &Float) -> bool {
    let error = Float::with_val(500, &C.to_float(got, 500) - want).abs();
    error <= want.clone().abs() * units / Float::with_val(500, Float::u_pow_u(10, 39))
}

proptest! {
    #[test]
    fn every_operation_keeps_its_digits(a in numbers(), b in numbers(), k in 1u32..) {
        prop_assume!(!a.is_zero() && !b.is_zero());
        let (x, y) = (C.to_float(&a, 500), C.to_float(&b, 500));
        let mut r = ZERO;
        C.add(&mut r, &a, &b);
        prop_assert!(within(1, &r, &Float::with_val(500, &x + &y)));
        C.sub(&mut r, &a, &b);
        prop_assert!(within(1, &r, &Float::with_val(500, &x - &y)));
        C.mul(&mut r, &a, &b);
        prop_assert!(within(1, &r, &Float::with_val(500, &x * &y)));
        C.div(&mut r, &a, &b);
        prop_assert!(within(1, &r, &Float::with_val(500, &x / &y)));
        C.mul_u32(&mut r, &a, k);
        prop_assert!(within(1, &r, &Float::with_val(500, &x * k)));
        C.div_u32(&mut r, &a, k);
        prop_assert!(within(1, &r, &Float::with_val(500, &x / k)));
        let magnitude = a.abs();
        C.sqrt(&mut r, &magnitude);
        prop_assert!(within(1, &r, &x.clone().abs().sqrt()));
        C.ln(&mut r, &magnitude);
        prop_assert!(within(LN, &r, &x.abs().ln()));
    }

    #[test]
    fn exponentials_keep_their_digits_over_the_whole_range(p in -200_000_000_000i64..380_000_000_000, e in 9i64..40) {
        let a = C.rational(&text::scale_by_ten(Integer::from(p), -e));
        let mut r = ZERO;
        prop_assert_eq!(C.exp(&mut r, &a), Ok(()));
        prop_assert!(within(1, &r, &C.to_float(&a, 500).exp()));
    }

    #[test]
    fn the_logarithm_keeps_its_digits_next_to_one(p in 1u64.., e in 0i64..38, below in any::<bool>()) {
        let distance = Rational::from((p, u64::MAX)) * text::scale_by_ten(Integer::from(1), -e) / Integer::from(2);
        let a = C.rational(&if below { Rational::from(1) - distance } else { distance + Rational::from(1) });
        let want = C.to_float(&a, 500).ln();
        prop_assume!(!want.is_zero());
        let mut r = ZERO;
        C.ln(&mut r, &a);
        prop_assert!(within(LN, &r, &want), "ln {a}: {r}");
    }

    #[test]
    fn a_number_survives_dump_float_and_rational(p in any::<i128>(), d in 1u64.., e in -40i64..60) {
        let a = C.rational(&(Rational::from((p, d)) * text::scale_by_ten(Integer::from(1), e)));
        let back = number(&C.dump(&a));
        prop_assert_eq!(a.cmp(&back), Some(0));
        // 400 bits hold 40 digits times 10^e only to rounding, but 40 digits come back.
        let mut again = ZERO;
        C.set_float(&mut again, &C.to_float(&a, 400));
        prop_assert_eq!(a.cmp(&again), Some(0));
    }
}
