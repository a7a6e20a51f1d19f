//! The data sets of Theorems 3.1 and 4.1: named ones, the user's, and random ones.

use super::case::Profile;
use super::generator::SplitMix;
use super::instances::{q, row};
use crate::config::UserData;
use crate::predict::depth1::{Law, Perturbation};
use rug::Rational;

/// A data set with what the runs on it need.
#[derive(Clone)]
pub(super) struct Data {
    pub what: String,
    pub z: Vec<Vec<Rational>>,
    pub rho: Rational,
    pub start: Vec<Rational>,
    /// From where on the signs of inf-SAM's gradient are claimed to keep; a quarter of the horizon where there is none.
    pub settled: Option<Rational>,
}

/// A data set of this module, its rows separated by `;`.
pub(super) fn data(what: &str, z: &str, rho: &str, start: &str) -> Data {
    let z = z.split(';').map(|r| row(r.trim())).collect();
    Data { what: what.into(), z, rho: q(rho), start: row(start), settled: Some(q("1")) }
}

/// The user's data: any separable set, from 0 where no start is given.
pub(super) fn users(user: &UserData) -> Data {
    let d = user.z[0].len();
    Data {
        what: "the user's data".into(),
        z: user.z.clone(),
        rho: user.rho.clone().unwrap_or_else(|| Rational::from(1)),
        start: user.start.as_ref().map_or_else(|| vec![Rational::new(); d], |s| s.alpha(d)),
        settled: None,
    }
}

/// A multiple of 1/4 in `[-1, 2]`.
fn entry(generator: &mut SplitMix) -> Rational {
    Rational::from((i32::try_from(generator.next() % 13).unwrap_or(0) - 4, 4))
}

/// The first data sets of the generator with this seed that have a law with a rate of at least 1/8 and, for the cost of a
/// run, a stiffness of at most 8. Each says its seed and how many draws before it were passed over.
pub(super) fn random(seed: u64, profile: Profile, perturbation: Perturbation, rho: &str) -> Vec<Data> {
    let count = match profile {
        Profile::Quick => 0,
        Profile::Paper => 3,
        Profile::Long => 8,
    };
    let mut generator = SplitMix::new(seed);
    let (mut out, mut passed) = (Vec::new(), 0u32);
    while out.len() < count && passed < 1000 {
        let (n, d) = (2 + generator.next() % 3, 2 + generator.next() % 2);
        let z: Vec<Vec<Rational>> = (0..n).map(|_| (0..d).map(|_| entry(&mut generator)).collect()).collect();
        let start = (0..d).map(|_| entry(&mut generator)).collect();
        let rho = q(rho);
        let usable = [Perturbation::None, perturbation].into_iter().all(|p| {
            Law::new(&z, p, &rho, 64)
                .is_ok_and(|law| law.exponent().is_some_and(|slow| *slow >= 0.125) && law.stiffness() <= 8)
        });
        if usable {
            let what = format!("SplitMix64 seed {seed}, {passed} draws passed over");
            out.push(Data { what, z, rho, start, settled: None });
        } else {
            passed += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_sets_are_the_same_every_time_and_have_a_law() {
        let draw = || random(7, Profile::Paper, Perturbation::Linf, "1/4");
        let (first, second) = (draw(), draw());
        assert_eq!(first.len(), 3);
        for (a, b) in first.iter().zip(&second) {
            assert_eq!((&a.z, &a.start, &a.what), (&b.z, &b.start, &b.what));
            assert!(Law::new(&a.z, Perturbation::Linf, &a.rho, 64).is_ok());
        }
    }
}
