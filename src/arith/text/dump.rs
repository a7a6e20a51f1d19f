//! Every bit of a number as text, and back.

use super::{NumberError, all_digits, shown};
use rug::float::Special;
use rug::{Float, Integer};

/// Largest precision of a dump that is read, in bits.
const MAX_DUMP_BITS: u32 = 1 << 24;

/// Every bit of an MPFR number, in the notation of the module.
pub fn dump_float(x: &Float) -> String {
    let (bits, sign) = (x.prec(), if x.is_sign_negative() && !x.is_nan() { "-" } else { "" });
    if x.is_nan() || x.is_infinite() {
        let name = if x.is_nan() { "nan" } else { "inf" };
        return format!("{sign}{name}@{bits}");
    }
    let Some((m, e)) = x.to_integer_exp().filter(|(m, _)| !m.is_zero()) else {
        return format!("{sign}0x0@{bits}");
    };
    let m = m.abs();
    let fraction_bits = m.significant_bits() - 1;
    let nibbles = fraction_bits.div_ceil(4);
    let fraction = m.keep_bits(fraction_bits) << (4 * nibbles - fraction_bits);
    let hex =
        format!("{:0>width$}", fraction.to_string_radix(16), width = usize::try_from(nibbles).unwrap_or_default());
    let hex = hex.trim_end_matches('0');
    let point = if hex.is_empty() { "" } else { "." };
    format!("{sign}0x1{point}{hex}p{:+}@{bits}", i64::from(e) + i64::from(fraction_bits))
}

/// Reads back what [`dump_float`] wrote: the same number, bit for bit, with the same precision.
///
/// # Errors
/// [`NumberError::Dump`] for any other notation, for more digits than the stated precision holds, for an exponent out of
/// MPFR's range and for precisions above `2^24` bits; [`NumberError::TooLong`] for texts longer than any such dump.
pub fn parse_dump(s: &str) -> Result<Float, NumberError> {
    let s = s.trim();
    if s.len() > usize::try_from(MAX_DUMP_BITS / 4).unwrap_or_default() + 64 {
        return Err(NumberError::TooLong(shown(s)));
    }
    dump_value(s).ok_or_else(|| NumberError::Dump(shown(s)))
}

fn dump_value(s: &str) -> Option<Float> {
    let (number, bits) = s.split_once('@')?;
    let bits = Some(bits).filter(|b| all_digits(b))?.parse::<u32>().ok()?;
    if !(rug::float::prec_min()..=MAX_DUMP_BITS).contains(&bits) {
        return None;
    }
    let (negative, body) = match number.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, number),
    };
    let magnitude = match body {
        "nan" if !negative => Float::with_val(bits, Special::Nan),
        "inf" => Float::with_val(bits, Special::Infinity),
        "0x0" => Float::with_val(bits, Special::Zero),
        _ => {
            let (mantissa, exponent) = body.strip_prefix("0x1")?.split_once('p')?;
            let hex = if mantissa.is_empty() { "" } else { mantissa.strip_prefix('.')? };
            if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
                return None;
            }
            let exponent = exponent.parse::<i64>().ok()?;
            let m = Integer::from(Integer::parse_radix(format!("1{hex}"), 16).ok()?);
            let used = m.significant_bits() - m.find_one(0)?;
            let fraction_bits = i64::try_from(hex.len()).ok()? * 4;
            let mut x = Float::with_val(bits, &m);
            x <<= i32::try_from(exponent.checked_sub(fraction_bits)?).ok()?;
            // Beyond MPFR's exponent range the shift would have given another number.
            if used > bits || x.get_exp().map(i64::from) != exponent.checked_add(1) {
                return None;
            }
            x
        }
    };
    Some(if negative { -magnitude } else { magnitude })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dumps_are_hexadecimal_with_the_precision_behind() {
        let one = Float::with_val(256, 1);
        for (x, expected) in [
            (Float::with_val(256, 12), "0x1.8p+3@256"),
            (one.clone(), "0x1p+0@256"),
            (-one.clone() >> 7, "-0x1p-7@256"),
            (Float::with_val(53, std::f64::consts::PI), "0x1.921fb54442d18p+1@53"),
            (Float::with_val(5, 17), "0x1.1p+4@5"),
            (Float::with_val(256, Special::Zero), "0x0@256"),
            (Float::with_val(256, Special::NegZero), "-0x0@256"),
            (Float::with_val(9, Special::NegInfinity), "-inf@9"),
            (Float::with_val(9, Special::Nan), "nan@9"),
            (Float::with_val(53, f64::from_bits(1)), "0x1p-1074@53"),
        ] {
            assert_eq!(dump_float(&x), expected);
            let back = parse_dump(expected).unwrap();
            assert_eq!(dump_float(&back), expected);
            assert_eq!((back.prec(), back.is_sign_negative()), (x.prec(), x.is_sign_negative()));
        }
    }

    #[test]
    fn a_dump_that_is_not_exact_is_refused() {
        for text in [
            "",
            "0x1.8p+3",
            "0x1.8p+3@",
            "0x1.8p+3@0",
            "0x1.8p+3@+53",
            "0x1.8p+3@4000000000",
            "0x1.81p+3@4",
            "0x2p+3@53",
            "0x1.p@53",
            "1.8p+3@53",
            "0x1.8@53",
            "0x1.gp+0@53",
            "-nan@53",
            "0x1p+9999999999@53",
            "0x1p+2000000000@53",
            "0x1p-2000000000@53",
            "0x1.8p-9223372036854775808@53",
            "0x1p+9223372036854775807@53",
        ] {
            assert_eq!(parse_dump(text), Err(NumberError::Dump(text.to_owned())));
        }
    }

    proptest! {
        #[test]
        fn every_dump_reads_back_bit_for_bit(m in any::<i128>(), bits in 1u32..300, e in -100_000i32..100_000) {
            let x = Float::with_val(bits, m) << e;
            let back = parse_dump(&dump_float(&x)).unwrap();
            prop_assert_eq!(back.prec(), bits);
            prop_assert_eq!(back.is_sign_negative(), x.is_sign_negative());
            prop_assert_eq!(back, x);
        }
    }
}
