//! What the benchmarks share: the arithmetics they compare, the two cases, and how long criterion measures.

use criterion::Criterion;
use rug::Rational;
use samcheck::arith::{BigFloat40, Context, Double, Mpfr};
use samcheck::sam::{Layers, Norm, Setting};
use std::time::Duration;

/// A measurement that can be made in any arithmetic.
pub trait InEach {
    fn measure<C: Context>(&mut self, ctx: &C, label: &str);
}

/// Takes it in `f64`, in bigfloat, and in MPFR at each of these precisions.
pub fn in_each(bits: &[u32], what: &mut impl InEach) {
    what.measure(&Double, "f64");
    what.measure(&BigFloat40, "bigfloat");
    for &bits in bits {
        what.measure(&Mpfr::new(bits), &format!("mpfr-{bits}"));
    }
}

/// `precisions`, and `long` ones too where `SAMCHECK_BENCH_LONG` is set.
#[allow(dead_code)] // not every benchmark has long ones
pub fn with_long(precisions: &[u32], long: &[u32]) -> Vec<u32> {
    let long = if std::env::var_os("SAMCHECK_BENCH_LONG").is_some() { long } else { &[] };
    [precisions, long].concat()
}

/// 2-SAM at depth 2 with `rho = 1`, from a balanced start.
#[allow(dead_code)] // the scalar benchmark has no flow
pub fn case(mu: &[u32], alpha: &Rational) -> (Setting, Layers) {
    let mu: Vec<Rational> = mu.iter().map(|&m| Rational::from(m)).collect();
    let setting = Setting::single(&mu, 2, Norm::L2, Rational::from(1));
    let start = setting.balanced(&vec![alpha.clone(); mu.len()]);
    (setting, start)
}

/// Case A: `mu = (1, 2)`, `alpha_0 = 1`.
#[allow(dead_code)]
pub fn case_a() -> (Setting, Layers) {
    case(&[1, 2], &Rational::from(1))
}

/// Case B: `mu = (1, 2, 3, 4)`, `alpha_0 = 0.6`.
#[allow(dead_code)]
pub fn case_b() -> (Setting, Layers) {
    case(&[1, 2, 3, 4], &Rational::from((3, 5)))
}

/// Short measurements: the ratios of interest are far above the noise.
pub fn criterion() -> Criterion {
    Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args()
}
