//! What is known of `K` without solving for it: the balance of its own formulas, and the references of `MATH.md`.

use super::*;
use rug::{Float, Rational};

fn row(text: &str) -> Vec<Rational> {
    text.split(' ').map(|t| t.parse().unwrap()).collect()
}

fn q(text: &str) -> Rational {
    text.parse().unwrap()
}

fn digits(x: &Estimate, n: usize) -> String {
    assert!(x.error < Float::with_val(64, 10).recip().pow(u32::try_from(n).unwrap() + 2), "{}", x.error);
    crate::arith::text::decimal(&x.value, n)
}

use rug::ops::Pow;

#[test]
fn the_critical_start_agrees_with_its_references() {
    let solvers = Solvers::new(140);
    for (mu, want) in [
        ("1 2", "0.521321282599666543021133892104"),
        ("1 2 3 4", "0.384053782246231737434438266889"),
        ("1 11/10 5", "0.444904115679160767067049587411"),
    ] {
        let clock = std::time::Instant::now();
        let got = alpha_star(&row(mu), &q("1"), &solvers).unwrap();
        eprintln!("{mu}: {:?} err {}", clock.elapsed(), got.error);
        assert_eq!(digits(&got, 30), want);
    }
}
