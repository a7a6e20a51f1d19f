//! Base-2 logarithms in fixed point, in integers only: what step lengths and radii are computed from, so that
//! they are the same on every machine.

/// One unit of `log2` in the fixed-point scale.
pub const LG_ONE: i64 = 1 << 16;
const FRACTION_BITS: u32 = 16;

/// The short binary number `m * 2^e`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dyadic {
    pub m: u32,
    pub e: i64,
}

/// `floor(log2(top / 2^31) * 2^16)` for a mantissa with its highest bit set (`2^31 <= top < 2^32`), by repeated squaring.
pub(super) fn lg_mantissa(top: u32) -> i64 {
    let mut x = u64::from(top);
    let mut out = 0i64;
    for _ in 0..FRACTION_BITS {
        x = (x * x) >> 31;
        out <<= 1;
        if x >> 32 != 0 {
            out |= 1;
            x >>= 1;
        }
    }
    out
}

impl Dyadic {
    /// The largest number with a 12-bit mantissa that is at most `2^(lg / LG_ONE)` (up to the rounding of the logarithm).
    pub fn from_lg(lg: i64) -> Self {
        const MANTISSA: u32 = 12;
        let (whole, frac) = (lg.div_euclid(LG_ONE), lg.rem_euclid(LG_ONE));
        let (mut lo, mut hi) = (1u32 << (MANTISSA - 1), 1u32 << MANTISSA);
        while hi - lo > 1 {
            let mid = lo.midpoint(hi);
            if lg_mantissa(mid << (32 - MANTISSA)) <= frac {
                lo = mid;
            } else {
                hi = mid;
            }
        }
        Dyadic { m: lo, e: whole - i64::from(MANTISSA) + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fixed_point_logarithm_agrees_with_mpfr_to_one_unit() {
        for top in [1u32 << 31, 0x9000_0000, 0xb504_f334, 0xdead_beef, u32::MAX] {
            let exact = (rug::Float::with_val(80, top) >> 31u32).log2() * LG_ONE;
            let diff = exact - lg_mantissa(top);
            assert!((-0.01..=1.01).contains(&diff), "{top:x}: off by {diff}");
        }
    }

    #[test]
    fn a_dyadic_from_a_logarithm_is_just_below_it() {
        for lg in [-1_000_000i64, -70_000, -1, 0, 1, 40_000, 65_536, 9_999_999] {
            let d = Dyadic::from_lg(lg);
            let back = (rug::Float::with_val(80, d.m) << i32::try_from(d.e).unwrap()).log2() * LG_ONE;
            let diff = rug::Float::with_val(80, lg) - back;
            assert!((-2..60).contains(&diff), "{lg}: {d:?} off by {diff}");
        }
    }
}
