//! What a Taylor step costs: the convolutions of the formulas built from the definition, counted.

use rug::Rational;
use rug::ops::Pow;
use samcheck::arith::Mpfr;
use samcheck::run::{Horizon, Path, Watch};
use samcheck::sam::{Clock, Layers, Norm, Setting};

const NOTHING: Watch = Watch { leaders: false, clock: false };

/// Balanced 2-SAM at depth 2, `rho = 1`, one example `mu = (1, ..., d)`.
fn two_sam(d: u32, alpha: Rational) -> (Setting, Layers) {
    let mu: Vec<Rational> = (1..=d).map(Rational::from).collect();
    let setting = Setting::single(&mu, 2, Norm::L2, Rational::from(1));
    let start = setting.balanced(&vec![alpha; d as usize]);
    (setting, start)
}

#[test]
fn the_flow_built_from_its_definition_costs_at_most_half_again_the_convolutions_of_the_best_form_by_hand() {
    // By hand, `(ln w_j)' = mu_j - mu_j^2 rho/N` and `N N' = sum ...`: d products and a square root.
    for d in [2, 4, 10] {
        let (setting, start) = two_sam(d, Rational::from(1));
        let path = Path::solve(&Mpfr::with_digits(20), &setting, &start, &Horizon::S(Rational::from((1, 10))), NOTHING);
        let stats = path.stats(NOTHING);
        assert_eq!((stats.weights, stats.states), (2 * d as usize, d as usize), "equal layers are carried once");
        let best = d as f32 + 0.5;
        assert!(stats.modes[0].field <= 1.5 * best, "d = {d}: {} against {best}", stats.modes[0].field);
    }
}

#[test]
fn a_rest_approached_like_a_power_of_s_takes_steps_like_its_logarithm() {
    let setting = Setting::single(&[Rational::from(1), Rational::from(2)], 3, Norm::Linf, Rational::from(1));
    let start = setting.balanced(&[Rational::from((1, 2)), Rational::from((9, 10))]);
    let far = Rational::from(10).pow(40i32);
    let path = Path::solve(&Mpfr::with_digits(60), &setting, &start, &Horizon::S(far), NOTHING);
    assert_eq!(path.flow.clock, Clock::Log);
    // On the rescaled clock 676 steps came to 10^30 only.
    let steps = path.run.trajectory.steps.len();
    assert!(steps < 150, "{steps}");
}
