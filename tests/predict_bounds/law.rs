//! Theorem 4.2 on one example (`proofs/thm-4.2.md`).

use super::{PREC, cases, close, float, list, q};
use rug::{Float, Rational};
use samcheck::predict::two_sam::{self, Example, Solvers};

#[test]
fn the_law_of_theorem_4_2_and_its_remainder_bounds_are_the_numbers_of_the_page() {
    let solvers = Solvers::new(64);
    let mut seen = [0, 0];
    for case in cases("law") {
        let (mu, rho) = (list(&case, "mu"), q(&case["rho"]));
        let example = Example::new(&mu, &list(&case, "alpha"), &rho).unwrap();
        let law = two_sam::Law::new(&example, &solvers).unwrap();
        close("K_inf", &law.k_inf.value, &float(&case["k_inf"]), 17);
        for j in 0..mu.len() - 1 {
            close("C_j", &law.constant(j).value, &float(&case["constants"][j]), 17);
            close("C_j of gradient descent", &law.constant_of_gd(j), &float(&case["of_gd"][j]), 17);
            assert_eq!(law.exponent(j), 1 - Rational::from(&mu[j] / &mu[mu.len() - 1]));
            // The error of K_inf, twice its linear part, and the last digit.
            let error = &law.constant(j).error;
            let gain = Rational::from(&mu[mu.len() - 1] - &mu[j]) * &mu[j] * 4u32;
            let last = Float::with_val(64, 1) >> 62u32;
            let want = (Float::with_val(64, &law.k_inf.error * gain) + last) * &law.constant(j).value;
            close("error of C_j", error, &want, 15);
        }
        for row in case["rows"].as_array().unwrap() {
            let log_t = Float::with_val(PREC, q(&row["log_t"]));
            let none = row["rest"].is_null();
            seen[usize::from(none)] += 1;
            let direction = law.direction_bound(&log_t);
            assert_eq!(direction.is_none(), none, "{mu:?} {row}");
            for j in 0..mu.len() - 1 {
                let rest = law.remainder_bound(j, &log_t);
                assert_eq!(rest.is_none(), none, "{mu:?} {row}");
                if let Some(rest) = rest {
                    close("remainder", &rest, &float(&row["rest"][j]), 11);
                }
            }
            if let Some(direction) = direction {
                close("direction", &direction, &float(&row["direction"]), 11);
            }
        }
        for pair in case["horizons"].as_array().unwrap() {
            let power = law.horizon(&Float::with_val(64, q(&pair[0]))).unwrap();
            assert_eq!(u64::from(power), pair[1].as_u64().unwrap(), "{mu:?} {pair}");
        }
    }
    assert!(seen[0] >= 10 && seen[1] >= 5, "{seen:?}");
}
