//! Symmetries that hold for the flow as it is defined, whatever its solution: checked on random experiments.

use proptest::prelude::*;
use rug::ops::Pow;
use rug::{Float, Rational};
use samcheck::config::{Clock, Experiment, RunSpec};
use samcheck::report::simulate::{Row, Simulation};
use samcheck::sam::{Layers, Norm, Setting};
use samcheck::simulate::simulate;

const DIGITS: u32 = 16;

fn solve(setting: Setting, start: Layers, s: &Rational) -> Simulation {
    let run = RunSpec::Flow { clock: Clock::S, until: s.clone(), at: vec![s.clone()] };
    simulate(&Experiment { setting, start, run, digits: DIGITS })
}

/// A tenth.
fn tenth(n: i64) -> Rational {
    Rational::from((n, 10))
}

fn row(sim: &Simulation) -> Option<&Row> {
    sim.rows.first()
}

/// Equal to all digits but the last two.
fn same(a: &str, b: &str, factor: &Rational) -> Result<(), TestCaseError> {
    let float = |t: &str| Float::with_val(200, Float::parse(t).unwrap());
    let (a, b) = (float(a) * factor, float(b));
    let off = Float::with_val(200, &a - &b).abs();
    let scale = Float::with_val(200, b.abs_ref());
    let tol = scale * Float::with_val(200, 10).pow(2 - i32::try_from(DIGITS).unwrap());
    prop_assert!(off <= tol, "{a} is not {b}");
    Ok(())
}

fn norms() -> impl Strategy<Value = Norm> {
    prop_oneof![Just(Norm::None), Just(Norm::L2), Just(Norm::Linf), Just(Norm::L2Unnormalised)]
}

fn layers(depth: usize, d: usize) -> impl Strategy<Value = Vec<Vec<i64>>> {
    prop::collection::vec(prop::collection::vec(1i64..=20, d), depth)
}

fn tenths(rows: &[Vec<i64>]) -> Layers {
    rows.iter().map(|row| row.iter().map(|&n| tenth(n)).collect()).collect()
}

/// Both reach the same end, or the same kind of event stops both.
fn comparable<'a>(a: &'a Simulation, b: &'a Simulation) -> Result<Option<(&'a Row, &'a Row)>, TestCaseError> {
    let word = |s: &Simulation| s.outcome.split_whitespace().next().map(str::to_owned);
    prop_assert_eq!(word(a), word(b));
    prop_assert_eq!(a.events.len(), b.events.len(), "{:?} {:?}", a.events, b.events);
    Ok(row(a).zip(row(b)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn permuting_coordinates_permutes_the_result(
        norm in norms(), mu in prop::collection::vec(1i64..=30, 3), w in layers(2, 3), rho in 1i64..=10,
    ) {
        let permuted = |v: &[i64]| vec![v[2], v[0], v[1]];
        let z = |v: &[i64]| vec![v.iter().map(|&n| tenth(n)).collect::<Vec<_>>()];
        let setting = |v: &[i64]| Setting { z: z(v), depth: 2, norm, rho: tenth(rho) };
        let s = Rational::from((1, 4));
        let a = solve(setting(&mu), tenths(&w), &s);
        let w: Vec<Vec<i64>> = w.iter().map(|l| permuted(l)).collect();
        let b = solve(setting(&permuted(&mu)), tenths(&w), &s);
        if let Some((a, b)) = comparable(&a, &b)? {
            let one = Rational::from(1);
            for (j, k) in [2usize, 0, 1].into_iter().enumerate() {
                same(&a.beta[k], &b.beta[j], &one)?;
                for l in 0..2 {
                    same(&a.layers[l][k], &b.layers[l][j], &one)?;
                }
            }
            same(a.log_t.as_ref().unwrap(), b.log_t.as_ref().unwrap(), &one)?;
        }
    }

    #[test]
    fn permuting_layers_permutes_the_layers_and_leaves_beta(
        norm in norms(), depth in 2usize..=3, w in layers(3, 2), mu in prop::collection::vec(1i64..=20, 2), rho in 1i64..=10,
    ) {
        let setting = Setting { z: vec![mu.iter().map(|&n| tenth(n)).collect()], depth, norm, rho: tenth(rho) };
        let start = tenths(&w[..depth]);
        let mut turned = start.clone();
        turned.rotate_left(1);
        let s = Rational::from((1, 10));
        let (a, b) = (solve(setting.clone(), start, &s), solve(setting, turned, &s));
        if let Some((a, b)) = comparable(&a, &b)? {
            let one = Rational::from(1);
            for j in 0..2 {
                same(&a.beta[j], &b.beta[j], &one)?;
                for l in 0..depth {
                    same(&a.layers[(l + 1) % depth][j], &b.layers[l][j], &one)?;
                }
            }
        }
    }

    /// One sample, depth 2: `w -> c w`, `rho -> c rho` leaves the rescaled clock as it is, for every normalised perturbation.
    #[test]
    fn scaling_rho_and_the_start_together_scales_the_weights_on_the_same_rescaled_clock(
        linf in any::<bool>(), w in layers(2, 2), mu in prop::collection::vec(1i64..=20, 2), rho in 1i64..=10, c in 2i64..=9,
    ) {
        let norm = if linf { Norm::Linf } else { Norm::L2 };
        let factor = Rational::from((c, 3));
        let setting = |rho: Rational| Setting { z: vec![mu.iter().map(|&n| tenth(n)).collect()], depth: 2, norm, rho };
        let scaled: Layers = tenths(&w).iter().map(|l| l.iter().map(|x| Rational::from(x * &factor)).collect()).collect();
        let s = Rational::from((1, 3));
        let a = solve(setting(tenth(rho)), tenths(&w), &s);
        let b = solve(setting(tenth(rho) * &factor), scaled, &s);
        if let Some((a, b)) = comparable(&a, &b)? {
            for l in 0..2 {
                for j in 0..2 {
                    same(&a.layers[l][j], &b.layers[l][j], &factor)?;
                }
            }
        }
    }

    /// Repeating every sample changes nothing: the loss is a mean.
    #[test]
    fn repeating_every_sample_changes_nothing(
        l2 in any::<bool>(), z in prop::collection::vec(prop::collection::vec(1i64..=20, 2), 2), w in layers(2, 2),
    ) {
        let norm = if l2 { Norm::L2 } else { Norm::None };
        let rows: Vec<Vec<Rational>> = z.iter().map(|r| r.iter().map(|&n| tenth(n)).collect()).collect();
        let twice: Vec<Vec<Rational>> = rows.iter().chain(&rows).cloned().collect();
        let setting = |z| Setting { z, depth: 2, norm, rho: tenth(2) };
        let s = Rational::from((1, 8));
        let (a, b) = (solve(setting(rows), tenths(&w), &s), solve(setting(twice), tenths(&w), &s));
        if let Some((a, b)) = comparable(&a, &b)? {
            let one = Rational::from(1);
            for j in 0..2 {
                same(&a.beta[j], &b.beta[j], &one)?;
            }
            same(a.log_t.as_ref().unwrap(), b.log_t.as_ref().unwrap(), &one)?;
            same(a.log_loss.as_ref().unwrap(), b.log_loss.as_ref().unwrap(), &one)?;
        }
    }
}
