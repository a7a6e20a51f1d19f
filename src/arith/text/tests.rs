use super::*;
use proptest::prelude::*;

fn q(s: &str) -> Rational {
    parse_rational(s).unwrap()
}

#[test]
fn decimals_and_fractions_are_read_exactly() {
    for (text, numer, denom) in [
        ("3", 3, 1),
        ("+3", 3, 1),
        (" -0.6 ", -3, 5),
        ("1e10", 10_000_000_000i64, 1),
        ("2.5E-3", 1, 400),
        ("1/2", 1, 2),
        ("-7/3", -7, 3),
        ("0.1", 1, 10),
        ("-0", 0, 1),
        ("5.", 5, 1),
        (".5", 1, 2),
        ("007", 7, 1),
    ] {
        assert_eq!(q(text), Rational::from((numer, denom)), "{text}");
    }
    assert_eq!(q("1e100000").numer().to_string().len(), 100_001);
}

#[test]
fn what_is_not_a_finite_number_is_refused_with_the_text_in_the_message() {
    use NumberError::{DecimalInFraction, Exponent, NotFinite, Syntax, ZeroDenominator};
    type Kind = fn(String) -> NumberError;
    let refused: [(&str, Kind); 29] = [
        ("nan", NotFinite),
        ("-inf", NotFinite),
        ("Infinity", NotFinite),
        ("1/0", ZeroDenominator),
        ("0/0", ZeroDenominator),
        ("1.5/2", DecimalInFraction),
        ("1/2e3", DecimalInFraction),
        ("0x10", Syntax),
        ("1_000", Syntax),
        ("1,5", Syntax),
        ("1/-2", Syntax),
        ("1/2/3", Syntax),
        ("1 / 2", Syntax),
        ("--1", Syntax),
        ("-", Syntax),
        (".", Syntax),
        ("/", Syntax),
        ("1/", Syntax),
        ("e5", Syntax),
        ("1e", Syntax),
        ("1e+", Syntax),
        ("1e1.5", Syntax),
        ("1e5e5", Syntax),
        ("1.2.3", Syntax),
        ("one", Syntax),
        ("\u{663}", Syntax),
        ("1e100001", Exponent),
        ("1e-100001", Exponent),
        ("1e99999999999999999999999", Exponent),
    ];
    for (text, kind) in refused {
        let error = parse_rational(text).unwrap_err();
        assert_eq!(error, kind(text.to_owned()));
        assert!(error.to_string().contains(text), "{error}");
    }
    assert_eq!(parse_rational("  "), Err(NumberError::Empty));
}

#[test]
fn long_texts_are_cut_in_messages_and_refused_beyond_the_limit() {
    let long = "9".repeat(MAX_LENGTH + 1);
    assert_eq!(parse_rational(&long), Err(NumberError::TooLong(format!("{}...", "9".repeat(SHOWN)))));
    assert!(parse_rational(&long[1..]).is_ok());
    let message = parse_rational(&"\n x".repeat(100)).unwrap_err().to_string();
    assert!(message.len() < 250 && !message.contains('\n'), "{message}");
}

#[test]
fn decimals_are_correctly_rounded_in_both_notations() {
    for (text, digits, expected) in [
        ("1/3", 5, "0.33333"),
        ("2/3", 5, "0.66667"),
        ("4", 30, "4"),
        ("1/2", 30, "0.5"),
        ("0", 3, "0"),
        ("0.125", 2, "0.12"),
        ("0.375", 2, "0.38"),
        ("-999.96", 4, "-1000"),
        ("999.96", 5, "999.96"),
        ("1e20", 3, "100000000000000000000"),
        ("1e21", 3, "1e+21"),
        ("1e-6", 3, "0.000001"),
        ("-1.5e-7", 3, "-1.5e-7"),
        ("22/7", 1, "3"),
        ("22/7", 0, "3"),
        ("123456789", 4, "123500000"),
    ] {
        assert_eq!(decimal_rational(&q(text), digits), expected, "{text} to {digits}");
    }
    let pi = Float::with_val(200, rug::float::Constant::Pi);
    assert_eq!(decimal(&pi, 1), "3");
    assert_eq!(decimal(&pi, 30), "3.14159265358979323846264338328");
    assert_eq!(decimal(&(pi.clone() >> 30), 4), "2.926e-9");
    assert_eq!(decimal(&(-pi << 100), 4), "-3.982e+30");
    assert_eq!(decimal(&Float::with_val(53, 0.5), 4), "0.5000");
    assert_eq!(decimal(&Float::with_val(53, 250), 2), "250");
    for (x, expected) in [(f64::NAN, "nan"), (f64::INFINITY, "inf"), (-f64::INFINITY, "-inf"), (-0.0, "0")] {
        assert_eq!(decimal(&Float::with_val(53, x), 9), expected);
    }
    assert_eq!((rational(&q("2/6")).as_str(), rational(&q("-2")).as_str()), ("1/3", "-2"));
}

proptest! {
    #[test]
    fn an_exact_number_survives_the_round_trip(p in any::<i128>(), d in 1u64..) {
        let value = Rational::from((p, d));
        prop_assert_eq!(&q(&rational(&value)), &value);
        // A decimal with enough digits is exact for a denominator 2^64.
        let dyadic = Rational::from(p) >> 64;
        prop_assert_eq!(&q(&decimal_rational(&dyadic, 200)), &dyadic);
    }

    #[test]
    fn a_decimal_is_within_half_a_unit_and_agrees_with_mpfr(p in any::<i64>(), d in 1u32.., digits in 1usize..30) {
        prop_assume!(p != 0);
        let value = Rational::from((p, d));
        let text = decimal_rational(&value, digits);
        let exponent = round_digits(&value, digits).unwrap().exponent;
        let places = i64::try_from(digits).unwrap() - 1 - exponent;
        let error = (q(&text) - &value).abs() * scale_by_ten(Integer::from(2), places);
        prop_assert!(error <= 1);
        let same = decimal(&Float::with_val(400, &value), digits);
        prop_assert_eq!(q(&same), q(&text));
    }

    #[test]
    fn no_text_makes_the_readers_panic(s in "[-+0-9a-fxpnei./@ ]{0,24}") {
        let _ = parse_rational(&s);
        let _ = parse_dump(&s);
    }
}
