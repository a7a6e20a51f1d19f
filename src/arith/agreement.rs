//! Tests that run on every context: all of them compute the same numbers, each to its own digits.

use super::*;
use rug::Integer;
use std::cmp::Ordering;

/// Reference precision, far beyond every context under test.
const REFERENCE: Mpfr = Mpfr { bits: 1024 };

const VALUES: [&str; 20] = [
    "1",
    "2",
    "3",
    "-1/3",
    "0.1",
    "-7.25",
    "22/7",
    "1e-20",
    "-3e-15",
    "1e20",
    "123456789.123456789",
    "1.0001",
    "0.9999",
    "0.91",
    "0.99999999999999",
    "1.00000000000001",
    "0.5",
    "1/1024",
    "41",
    "-17",
];

/// `|got - want| <= ulps * 10^(1 - digits) * |want|`.
fn close<C: Context>(ctx: &C, got: &C::Num, want: &Float, ulps: u32, what: &str) {
    if want.is_nan() {
        return assert_eq!(ctx.fault(got), Some(Fault::NotANumber), "{}: {what}", ctx.name());
    }
    let digits = i32::try_from(ctx.digits()).unwrap();
    let bound = text::scale_by_ten(Integer::from(ulps), i64::from(1 - digits)) * want.to_rational().unwrap().abs();
    let error = ctx.to_float(got, 1024).to_rational().unwrap() - want.to_rational().unwrap();
    assert!(error.clone().abs() <= bound, "{}: {what}: off by {:e}, wanted {want:.50}", ctx.name(), error.to_f64());
}

type Unary<C> = fn(&C, &mut <C as Context>::Num, &<C as Context>::Num);
type Binary<C> = fn(&C, &mut <C as Context>::Num, &<C as Context>::Num, &<C as Context>::Num);

fn unary<C: Context>() -> [(&'static str, Unary<C>); 8] {
    [
        ("set", |c, r, a| c.set(r, a)),
        ("neg", |c, r, a| c.neg(r, a)),
        ("abs", |c, r, a| c.abs(r, a)),
        ("sqrt", |c, r, a| c.sqrt(r, a)),
        ("ln", |c, r, a| c.ln(r, a)),
        ("mul_u32", |c, r, a| c.mul_u32(r, a, 4_000_000_007)),
        ("div_u32", |c, r, a| c.div_u32(r, a, 7)),
        ("exp", |c, r, a| {
            let mut magnitude = c.zero();
            c.abs(&mut magnitude, a);
            let small = c.lt(&magnitude, &c.rational(&Rational::from(50))) == Tri::True;
            c.exp(r, if small { a } else { &magnitude }).unwrap_or_else(|_| *r = c.zero());
        }),
    ]
}

fn binary<C: Context>() -> [(&'static str, Binary<C>); 5] {
    [
        ("add", |c, r, a, b| c.add(r, a, b)),
        ("sub", |c, r, a, b| c.sub(r, a, b)),
        ("mul", |c, r, a, b| c.mul(r, a, b)),
        ("div", |c, r, a, b| c.div(r, a, b)),
        ("mul_add", |c, r, a, b| {
            c.set(r, a);
            c.mul_add(r, a, b);
        }),
    ]
}

/// Every operation on every value, against MPFR on exactly the same operands.
fn agrees<C: Context>(ctx: &C, ulps: u32) {
    let numbers: Vec<C::Num> = VALUES.iter().map(|v| ctx.rational(&text::parse_rational(v).unwrap())).collect();
    let exact: Vec<Float> = numbers.iter().map(|a| ctx.to_float(a, 1024)).collect();
    let (mut r, mut want) = (ctx.zero(), REFERENCE.zero());
    for ((a, x), name) in numbers.iter().zip(&exact).zip(VALUES) {
        for ((op, f), (_, g)) in unary::<C>().iter().zip(unary::<Mpfr>()) {
            if *op == "exp" && x.cmp_abs(&Float::with_val(64, 50)) == Some(Ordering::Greater) {
                continue;
            }
            f(ctx, &mut r, a);
            g(&REFERENCE, &mut want, x);
            close(ctx, &r, &want, ulps, &format!("{op} {name}"));
        }
        for ((b, y), other) in numbers.iter().zip(&exact).zip(VALUES) {
            for ((op, f), (_, g)) in binary::<C>().iter().zip(binary::<Mpfr>()) {
                f(ctx, &mut r, a, b);
                g(&REFERENCE, &mut want, x, y);
                // A sum that cancels after a rounded product has no relative accuracy.
                if *op != "mul_add" || want.cmp_abs(x) == Some(Ordering::Greater) {
                    close(ctx, &r, &want, ulps, &format!("{name} {op} {other}"));
                }
            }
            assert_eq!(ctx.lt(a, b), REFERENCE.lt(x, y), "{}: {name} < {other}", ctx.name());
        }
        assert_eq!(ctx.sign(a), REFERENCE.sign(x));
        assert_eq!(ctx.fault(a), None);
    }
    assert_eq!(ctx.sign(&ctx.zero()), Sign::Zero);
    assert_eq!((ctx.fault(&ctx.zero()), ctx.lg(&ctx.zero())), (None, None));
    convolves(ctx, &numbers, &exact);
}

fn convolves<C: Context>(ctx: &C, numbers: &[C::Num], exact: &[Float]) {
    let mut r = ctx.rational(&Rational::from(5));
    ctx.conv(&mut r, &[], &[]);
    assert_eq!(ctx.sign(&r), Sign::Zero);
    let small = 5..9;
    let want = exact[small.clone()].iter().zip(exact[small.clone()].iter().rev());
    let want = want.fold(REFERENCE.zero(), |sum, (x, y)| sum + Float::with_val(1024, x * y));
    ctx.conv(&mut r, &numbers[small.clone()], &numbers[small]);
    close(ctx, &r, &want, 8, "conv");
}

/// The logarithm is rounded down to its unit, and a dyadic made from it is that number again.
fn logarithms_fit<C: Context>(ctx: &C) {
    for e in [-250, -64, -33, -1, 0, 1, 31, 64, 200] {
        for m in [1u32, 3, 0xfff, 0x8000_0001, u32::MAX] {
            let mut a = ctx.zero();
            ctx.set_dyadic(&mut a, Dyadic { m, e });
            let lg = ctx.lg(&a).unwrap();
            let exact = Float::with_val(200, m).log2() * LG_ONE + LG_ONE * e;
            let diff = exact - lg;
            assert!(diff > -0.01 && diff < 1.01, "{}: lg({m} 2^{e}) off by {diff}", ctx.name());
            let short = Dyadic::from_lg(lg);
            let (mut down, mut up) = (ctx.zero(), ctx.zero());
            ctx.set_dyadic(&mut down, short);
            ctx.set_dyadic(&mut up, Dyadic { m: short.m + 2, ..short });
            assert_ne!(ctx.lt(&a, &down), Tri::True, "{}: {short:?} exceeds {m} 2^{e}", ctx.name());
            assert_eq!(ctx.lt(&a, &up), Tri::True, "{}: {short:?} is far below {m} 2^{e}", ctx.name());
            let mut negative = ctx.zero();
            ctx.neg(&mut negative, &a);
            assert_eq!(ctx.lg(&negative), Some(lg));
        }
    }
}

#[test]
fn every_context_agrees_with_mpfr_to_its_digits() {
    agrees(&Double, 2);
    agrees(&BigFloat40, 1);
    agrees(&Mpfr::with_digits(50), 1);
    agrees(&Mpfr::with_digits(5), 1);
}

#[test]
fn logarithms_and_dyadics_fit_together_in_every_context() {
    logarithms_fit(&Double);
    logarithms_fit(&BigFloat40);
    logarithms_fit(&Mpfr::with_digits(50));
    logarithms_fit(&Interval::with_digits(50));
}

#[test]
fn contexts_state_their_names_and_digits() {
    assert_eq!((Double.name(), Double.digits()), ("f64", 15));
    assert_eq!((BigFloat40.name(), BigFloat40.digits()), ("bigfloat", 40));
    for digits in [5, 50, 1000] {
        let (mpfr, interval) = (Mpfr::with_digits(digits), Interval::with_digits(digits));
        assert_eq!((mpfr.name(), interval.name()), ("mpfr", "interval"));
        assert!(mpfr.digits() >= digits && interval.digits() >= digits && mpfr.digits() <= digits + 1);
        assert_eq!(mpfr.bits(), interval.bits());
    }
}
