//! The recurrences, coefficient by coefficient.

use super::online::{LIMBS, Place, Series, Sums};
use super::{Factor, FixedJet, MAX_DROP, Misfit, RAISE, Row, Scalar, Step, Unaligned, publish, rows};
use crate::arith::Context;
use crate::arith::fixed::{Rows, add_shifted, dot, mul_small, scale_small, store};

/// How often a bound is raised at one coefficient, each time by so many bits more than the time before at least.
const MAX_RAISES: i64 = 16;
/// Bits of the two limbs that a sum has below its views, but for some.
const MOST_DROP: i64 = 120;

impl<C: Context> FixedJet<C> {
    /// Coefficient `k >= 1` of every slot, from those of the variables up to `k` and all lower ones.
    ///
    /// # Errors
    /// A coefficient that does not fit.
    pub fn forward(&mut self, k: usize) -> Result<(), Unaligned> {
        let m = self.limbs_at(k);
        for i in 0..self.steps.len() {
            let mut raises = 0;
            while let Err(Misfit { slot, by }) = self.step(i, k, m) {
                raises += 1;
                if raises > MAX_RAISES {
                    return Err(Unaligned);
                }
                self.raise(slot, by.max(raises * RAISE), k)?;
            }
        }
        Ok(())
    }

    /// Coefficient `k`, of `m` limbs, of slot `i`.
    fn step(&mut self, i: usize, k: usize, m: usize) -> Result<(), Misfit> {
        let (n, stride) = (self.n, self.order + 1);
        let FixedJet {
            steps,
            room,
            limbs,
            negative,
            top,
            constants,
            scalars,
            inverse,
            squares,
            plan,
            digits,
            spectra,
            columns,
            acc,
            other,
            row,
            ..
        } = self;
        let (lengths, squares) = (self.lengths, squares[i].as_mut());
        let (acc, other) = (&mut acc[..m + 3], &mut other[..m + 3]);
        let mut sign = [false];
        let mine = Misfit { slot: i, by: 0 };
        // The bound of a slot with all its headroom.
        let full = |slot: usize| top[slot].map(|t| t + (self.headroom - room[slot]).max(0));
        let Some(own) = top[i] else { return Ok(()) };
        // Bits of the views that this slot does not use.
        let unused = lengths.unused(k, m, own - self.unit[i]);
        let shift = |drop: i64, most: i64| {
            shift_of(drop, most, unused).map_err(|_| Misfit { slot: i, by: drop - most - unused as i64 })
        };
        let shift_of = |drop: i64| shift(drop, MAX_DROP);
        let shift_of_sum = |drop: i64| shift(drop, MOST_DROP);
        let down = |bits: i64| down(bits).map_err(|_| mine);
        // To all of the views, and to the bits that this slot uses.
        let put = |r: &mut [u64], negative: &mut bool, acc: &mut [u64], bits| {
            put(r, negative, acc, bits, 0).map_err(|_| mine)
        };
        let put_own = |r: &mut [u64], negative: &mut bool, acc: &mut [u64], bits| {
            self::put(r, negative, acc, bits, unused).map_err(|_| mine)
        };
        // `count` coefficients of a slot, from the one numbered `from` on.
        macro_rules! of {
            ($slot:expr, $from:expr, $count:expr) => {
                rows(limbs, negative, n, $slot * stride + $from, $count)
            };
        }
        // `sum_(i+j=k-shift)` over two series, each a slot from a coefficient on.
        macro_rules! online {
            ($x:expr, $y:expr, $same:expr, $shift:expr, $bits:expr) => {{
                let series = |(slot, from): (usize, usize)| Series {
                    limbs: &limbs[(slot * stride + from) * n..],
                    negative: &negative[slot * stride + from..],
                    digits: digits[slot].as_ref(),
                    spectrum: spectra[slot].as_ref(),
                    from,
                    n,
                };
                match k.checked_sub($shift) {
                    Some(sum) => {
                        let place = Place { k: sum, limbs: m, lengths, more: $bits - unused as i64 };
                        Sums { acc: &mut *acc, other: &mut *other, columns: &mut *columns }.online(
                            series($x),
                            series($y),
                            $same,
                            place,
                            squares.map(|squares| (squares, &*plan)),
                        )
                    }
                    None => acc.fill(0),
                }
            }};
        }
        // The limbs of coefficient `k` of a slot that are used, and its sign.
        macro_rules! view {
            ($slot:expr) => {{
                let end = ($slot * stride + k + 1) * n;
                (&limbs[end - m..end], negative[$slot * stride + k])
            }};
        }
        macro_rules! publish {
            ($slot:expr) => {
                publish((digits, spectra, plan), limbs, negative, Row { slot: $slot, k, m, lengths, stride })
            };
        }
        let (step, at) = (&steps[i], i * stride + k);
        let view = (at + 1) * n - m..(at + 1) * n;
        // Also where an operand is taken for zero.
        if self.still[i] {
            limbs[view].fill(0);
            negative[at] = false;
            return Ok(());
        }
        // The bound of the coefficient times what a quotient divides by.
        let whole = own + 2 - scalars[i].exponent;
        // Where set: the difference in `acc`, below `2^` the first, times the scalar is the coefficient.
        let mut finish: Option<(i64, &Scalar)> = None;
        let bits = match step {
            Step::Skip => return Ok(()),
            Step::Linear(terms) => {
                let sum = &mut acc[..m + 1];
                sum.fill(0);
                for &(s, factor) in terms {
                    let Some(t) = top[s] else { continue };
                    match factor {
                        Factor::Sign(minus) => {
                            let (a, negative) = view!(s);
                            add_shifted(sum, a, down(own - t)?, minus ^ negative);
                        }
                        Factor::Constant(c) => {
                            dot(other, constants[c].rows(), of!(s, k, 1), n, m);
                            let bits = shift_of(constants[c].exponent + t - own)?;
                            put(&mut row[n - m..], &mut sign[0], other, bits)?;
                            add_shifted(sum, &row[n - m..], 0, sign[0]);
                        }
                    }
                }
                put_own(&mut limbs[view], &mut negative[at], sum, 0)?;
                publish!(i);
                return Ok(());
            }
            Step::Scale(_, a) | Step::Divide(a, _) => {
                let Some(t) = top[*a] else { return Ok(()) };
                dot(acc, scalars[i].rows(), of!(*a, k, 1), n, m);
                shift_of(scalars[i].exponent + t - own)?
            }
            Step::Mul(a, b) => {
                let (Some(s), Some(t)) = (top[*a], top[*b]) else { return Ok(()) };
                let drop = s + t - own;
                match (self.still[*a], self.still[*b]) {
                    (false, false) => {
                        online!((*a, 0), (*b, 0), false, 0, drop);
                        shift_of_sum(drop)?
                    }
                    (true, _) => {
                        dot(acc, of!(*a, 0, 1), of!(*b, k, 1), n, m);
                        shift_of(drop)?
                    }
                    (_, true) => {
                        dot(acc, of!(*a, k, 1), of!(*b, 0, 1), n, m);
                        shift_of(drop)?
                    }
                }
            }
            Step::Square(a) => {
                let Some(t) = top[*a] else { return Ok(()) };
                let drop = 2 * t - own;
                online!((*a, 0), (*a, 0), true, 0, drop);
                shift_of_sum(drop)?
            }
            Step::Div(a, b, moving) => {
                let numerator = if *moving { top[*a] } else { None };
                let t = top[*b].filter(|_| !self.still[*b]).map(|b| b + own);
                let common = whole.max(numerator.and(full(*a)).unwrap_or(whole));
                match t {
                    Some(t) => {
                        online!((*b, 1), (i, 0), false, 1, t + scalars[i].exponent - own);
                        put(&mut row[n - m..], &mut sign[0], acc, shift_of_sum(t - common)?)?;
                    }
                    None => row.fill(0),
                }
                subtract_from(acc, numerator.map(|t| (view!(*a), common - t)), &row[n - m..], sign[0]).ok_or(mine)?;
                finish = Some((common, &scalars[i]));
                0
            }
            Step::Sqrt(a) => {
                let common = whole.max(full(*a).unwrap_or(whole));
                online!((i, 1), (i, 1), true, 2, own + scalars[i].exponent);
                put(&mut row[n - m..], &mut sign[0], acc, shift_of_sum(2 * own - common)?)?;
                subtract_from(acc, top[*a].map(|t| (view!(*a), common - t)), &row[n - m..], sign[0]).ok_or(mine)?;
                finish = Some((common, &scalars[i]));
                0
            }
            Step::Exp(a, w) => {
                let (Some(s), Some(t)) = (top[*a], top[*w]) else { return Ok(()) };
                let (value, minus) = view!(*a);
                // Two limbs higher, so that the weighted number may be shifted up as well.
                other.fill(0);
                mul_small(&mut other[2..m + 3], value, k as u32);
                let to = w * stride + k;
                put(&mut limbs[(to + 1) * n - m..(to + 1) * n], &mut negative[to], other, shift_of(s - t)?)
                    .map_err(|_| Misfit { slot: *w, by: 0 })?;
                negative[to] = minus;
                publish!(*w);
                online!((*w, 1), (i, 0), false, 1, t);
                put(&mut row[n - m..], &mut sign[0], acc, shift_of_sum(t - self.order_bits)?)?;
                let exponent = divide(acc, (row, sign), &inverse[0], 0, k, m);
                shift_of(exponent + self.order_bits)?
            }
            Step::Ln(a, w) => {
                let (Some(s), Some(t)) = (top[*a], top[*w]) else { return Ok(()) };
                let common = whole.max(full(*a).unwrap_or(whole));
                let sum_top = common + self.order_bits;
                online!((*w, 1), (*a, 1), false, 2, t + s + scalars[i].exponent - own);
                put(&mut row[n - m..], &mut sign[0], acc, shift_of_sum(t + s - sum_top)?)?;
                let exponent = divide(acc, (row, sign), &inverse[0], 0, k, m);
                put(&mut other[..m], &mut sign[0], acc, shift_of(exponent + sum_top - common)?)?;
                subtract_from(acc, Some((view!(*a), common - s)), &other[..m], sign[0]).ok_or(mine)?;
                finish = Some((common, &scalars[i]));
                0
            }
        };
        match finish {
            None => put_own(&mut limbs[view.clone()], &mut negative[at], acc, bits)?,
            Some((common, scalar)) => {
                put(&mut row[n - m..], &mut sign[0], &mut acc[..m + 1], 0)?;
                dot(acc, scalar.rows(), Rows { limbs: row, negative: &sign }, n, m);
                put_own(&mut limbs[view.clone()], &mut negative[at], acc, shift_of(scalar.exponent + common - own)?)?;
            }
        }
        publish!(i);
        if let Step::Ln(_, w) = step {
            let Some(t) = top[*w] else { return Ok(()) };
            other.fill(0);
            mul_small(&mut other[2..m + 3], &limbs[view], k as u32);
            let to = w * stride + k;
            let bits = shift_of(own - t)?;
            put(&mut limbs[(to + 1) * n - m..(to + 1) * n], &mut negative[to], other, bits)
                .map_err(|_| Misfit { slot: *w, by: 0 })?;
            negative[to] = negative[at];
            publish!(*w);
        }
        Ok(())
    }
}

/// The shift of a product, or a sum of products, whose bound lies `drop` bits above that of its slot, which does not use so
/// many bits of its view: its last digit lies at most `most` bits below the operands' views.
pub(super) fn shift_of(drop: i64, most: i64, unused: usize) -> Result<i64, Unaligned> {
    if drop > most + unused as i64 { Err(Unaligned) } else { Ok(128 - drop) }
}

/// `row t / k` for `t = 1 + quarters/4`, through the top `m` limbs: `acc` is as [`dot`]'s, times `2^` what is returned. The
/// quotient limb by limb where numbers are long, else the product by the inverse.
pub(super) fn divide(
    acc: &mut [u64],
    (row, negative): (&[u64], [bool; 1]),
    inverse: &[Scalar],
    quarters: usize,
    k: usize,
    m: usize,
) -> i64 {
    let n = row.len();
    if n >= LIMBS {
        scale_small(&mut acc[..m + 3], (&row[n - m..], negative[0]), 4 + quarters as u32, 4 * k as u32);
        return 0;
    }
    dot(acc, inverse[k].rows(), Rows { limbs: row, negative: &negative }, n, m);
    inverse[k].exponent
}

/// `acc = a / 2^bits - b`, in the first limbs of `acc`, one more than `b` has; `a` comes with its sign, the shift with it.
fn subtract_from(acc: &mut [u64], a: Option<((&[u64], bool), i64)>, b: &[u64], negative: bool) -> Option<()> {
    let sum = &mut acc[..b.len() + 1];
    sum.fill(0);
    add_shifted(sum, b, 0, !negative);
    if let Some(((a, negative), bits)) = a {
        add_shifted(sum, a, u64::try_from(bits).ok()?, negative);
    }
    Some(())
}

fn down(bits: i64) -> Result<u64, Unaligned> {
    u64::try_from(bits).map_err(|_| Unaligned)
}

pub(super) fn put(
    r: &mut [u64],
    negative: &mut bool,
    acc: &mut [u64],
    bits: i64,
    unused: usize,
) -> Result<(), Unaligned> {
    if store(r, negative, acc, bits, unused) { Ok(()) } else { Err(Unaligned) }
}
