//! Exponentials at a place, kept so that those nearby (the next round of Newton's method) cost a few products.

use rug::Float;

/// From a distance below `2^-NEAR` on the exponential series is shorter than a new exponential.
const NEAR: i32 = 40;

/// The exponentials taken at one place: argument and value, by the caller's number.
#[derive(Clone, Debug, Default)]
pub(super) struct Memo(Vec<Option<(Float, Float)>>);

impl Memo {
    /// `e^x` to the precision of `x`; `slot` says which of the place's exponentials it is.
    pub fn exp(&mut self, slot: usize, x: Float) -> &Float {
        if self.0.len() <= slot {
            self.0.resize(slot + 1, None);
        }
        let known = &mut self.0[slot];
        let value = match known.take() {
            Some((at, value)) if at.prec() == x.prec() => match x.clone() - at {
                by if by.is_zero() => value,
                by if by.get_exp().is_some_and(|e| e < -NEAR) => moved(value, &by),
                _ => Float::with_val(x.prec(), x.exp_ref()),
            },
            _ => Float::with_val(x.prec(), x.exp_ref()),
        };
        &known.insert((x, value)).1
    }
}

/// `value e^by` for a small `by`.
fn moved(value: Float, by: &Float) -> Float {
    let bits = i64::from(value.prec());
    let (mut sum, mut term) = (value.clone(), value);
    for k in 1u32.. {
        term *= by;
        term /= k;
        sum += &term;
        let (Some(t), Some(s)) = (term.get_exp(), sum.get_exp()) else { break };
        if i64::from(s) - i64::from(t) > bits {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exponential_nearby_has_the_digits_of_a_new_one() {
        for bits in [64u32, 280, 1000] {
            let mut memo = Memo::default();
            let start = Float::with_val(bits, 7) / 3u32;
            memo.exp(0, start.clone());
            let mut x = start;
            for shift in [41u32, 60, 100, 500, 39, 2] {
                x += (Float::with_val(bits, 5) / 7u32) >> shift;
                let error = Float::with_val(bits, memo.exp(0, x.clone()) / Float::with_val(bits, x.exp_ref()) - 1u32);
                assert!(error.is_zero() || error.get_exp().unwrap() < 6 - bits as i32, "{bits} bits, 2^-{shift}");
            }
            // The same place with more bits has an exponential of its own.
            let wide = Float::with_val(2 * bits, &x);
            assert_eq!(*memo.exp(0, wide.clone()), wide.exp());
        }
    }
}
