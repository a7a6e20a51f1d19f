//! The exponential integral on the positive axis, without overflow.
//!
//! Source: derived, `proofs/rescaling.md`, "The exponential integral".

use rug::Float;

/// `e^-x Ei(x)` for `x > 0`, relative error below `2^-(bits-4)` (except within `2^-bits` of the zero of `Ei` at 0.3725...).
///
/// Below `2 bits` MPFR's correctly rounded `eint`; from there `sum_{k<n} k!/x^(k+1)` with
/// `|rest| <= 2 n!/x^(n+1) + x 2^-n e^(-x/2)` for `x >= 2 (n+1)`, `n` the first to bring it under `2^-bits / x`.
pub fn scaled(x: &Float, bits: u32) -> Float {
    assert!(*x > 0, "Ei is wanted on the positive axis");
    if *x < 2 * bits {
        let wp = bits + 32 + u32::BITS;
        let x = Float::with_val(wp.max(x.prec()), x);
        let decay = Float::with_val(wp, -&x).exp();
        return Float::with_val(bits, Float::with_val(wp, x.eint()) * decay);
    }
    let wp = bits + 16;
    let x = Float::with_val(wp.max(x.prec()), x);
    // e^(-x/2) <= e^-bits: with its factor x it is below 2^-bits / x at once; the first term decides n.
    let small = Float::with_val(32, Float::i_exp(1, -2 - i32::try_from(bits).unwrap_or(i32::MAX - 2)));
    let mut term = Float::with_val(wp, 1u32);
    let mut sum = Float::with_val(wp, 1u32);
    let mut k = 1u32;
    while term > small {
        term *= k;
        term /= &x;
        sum += &term;
        k += 1;
        debug_assert!(x > 2 * (k + 1));
    }
    Float::with_val(bits, sum / x)
}

/// `log Ei(x)` for `x` beyond the zero of `Ei`, as `x + log(e^-x Ei(x))`; absolute error `2^-bits max(1, |value|)`.
pub fn ln(x: &Float, bits: u32) -> Float {
    let wp = bits + 32;
    let scaled = scaled(x, wp).ln();
    Float::with_val(bits, scaled + x)
}
