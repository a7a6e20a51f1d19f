use super::*;
use proptest::prelude::*;

fn vector(v: &[i32]) -> Vec<Rational> {
    v.iter().map(|&x| Rational::from(x)).collect()
}

fn lp(a: &[&[i32]], b: &[i32], c: &[i32]) -> Lp {
    Lp::new(a.iter().map(|row| vector(row)).collect(), vector(b), vector(c)).unwrap()
}

/// `A^T y`.
fn transposed(lp: &Lp, y: &[Rational]) -> Vec<Rational> {
    (0..lp.c.len())
        .map(|j| lp.a.iter().zip(y).fold(Rational::new(), |s, (row, y)| s + Rational::from(&row[j] * y)))
        .collect()
}

/// Checks the proof that comes with an outcome.
fn proves(lp: &Lp, outcome: &Outcome) -> bool {
    let times = |x: &[Rational]| lp.a.iter().map(|row| dot(row, x)).collect::<Vec<_>>();
    match outcome {
        Outcome::Optimal { x, value, dual } => {
            times(x) == lp.b
                && x.iter().all(|x| *x >= 0)
                && dot(&lp.c, x) == *value
                && dot(&lp.b, dual) == *value
                && transposed(lp, dual).iter().zip(&lp.c).all(|(y, c)| y >= c)
        }
        Outcome::Infeasible { ray } => transposed(lp, ray).iter().all(|x| *x >= 0) && dot(&lp.b, ray) < 0,
        Outcome::Unbounded { ray } => {
            times(ray).iter().all(Rational::is_zero) && ray.iter().all(|x| *x >= 0) && dot(&lp.c, ray) > 0
        }
    }
}

fn separates(z: &[Vec<Rational>], answer: &Separability) -> bool {
    match answer {
        Separability::Separable { beta } => z.iter().all(|v| dot(v, beta) > 0),
        Separability::NotSeparable { weights } => {
            let d = z.first().map_or(0, Vec::len);
            weights.len() == z.len()
                && weights.iter().all(|w| *w >= 0)
                && weights.iter().sum::<Rational>() == 1
                && (0..d).all(|j| dot(&z.iter().map(|v| v[j].clone()).collect::<Vec<_>>(), weights).is_zero())
        }
    }
}

#[test]
fn a_small_program_has_its_known_optimum_and_dual() {
    // max 3x + 5y, x <= 4, 2y <= 12, 3x + 2y <= 18 (Dantzig's example) with slacks.
    let program = lp(&[&[1, 0, 1, 0, 0], &[0, 2, 0, 1, 0], &[3, 2, 0, 0, 1]], &[4, 12, 18], &[3, 5, 0, 0, 0]);
    let Outcome::Optimal { x, value, dual } = program.solve() else { panic!("an optimum exists") };
    assert_eq!((x, value), (vector(&[2, 6, 2, 0, 0]), Rational::from(36)));
    assert_eq!(dual, vec![Rational::new(), Rational::from((3, 2)), Rational::from(1)]);
}

#[test]
fn infeasible_and_unbounded_programs_are_proved_such() {
    let program = lp(&[&[1, 1], &[1, 1]], &[1, 2], &[1, 0]);
    assert!(matches!(program.solve(), Outcome::Infeasible { .. }) && proves(&program, &program.solve()));
    let program = lp(&[&[1, 1]], &[-1], &[0, 0]);
    assert!(matches!(program.solve(), Outcome::Infeasible { .. }) && proves(&program, &program.solve()));
    let program = lp(&[&[1, -1]], &[1], &[1, 0]);
    assert!(matches!(program.solve(), Outcome::Unbounded { .. }) && proves(&program, &program.solve()));
}

#[test]
fn the_degenerate_program_that_makes_dantzigs_rule_cycle_is_solved() {
    // Beale 1955, rows scaled to integers.
    let a: &[&[i32]] = &[&[25, -6000, -4, 900, 100, 0, 0], &[25, -4500, -1, 150, 0, 50, 0], &[0, 0, 1, 0, 0, 0, 1]];
    let program = lp(a, &[0, 0, 1], &[75, -15_000, 2, -600, 0, 0, 0]);
    let outcome = program.solve();
    assert!(proves(&program, &outcome), "{outcome:?}");
    assert!(matches!(outcome, Outcome::Optimal { value, .. } if value == 5));
}

#[test]
fn redundant_rows_and_empty_programs_are_no_trouble() {
    let program = lp(&[&[1, 1], &[2, 2], &[0, 0]], &[1, 2, 0], &[1, 2]);
    let outcome = program.solve();
    assert!(proves(&program, &outcome) && matches!(outcome, Outcome::Optimal { value, .. } if value == 2));
    let program = lp(&[], &[], &[]);
    assert!(proves(&program, &program.solve()));
    assert_eq!(Lp::new(vec![vector(&[1])], vec![], vector(&[1])), Err(ShapeError));
}

#[test]
fn separability_is_decided_with_a_proof_on_known_cases() {
    let cases: [(&[&[i32]], bool); 6] = [
        (&[&[1, 0], &[0, 1]], true),
        (&[&[1, -1], &[-1, 2]], true),
        (&[&[1, 2], &[-1, -2]], false),
        (&[&[1, 0], &[-1, 1], &[0, -1]], false),
        (&[&[0, 0], &[1, 1]], false),
        (&[], true),
    ];
    for (z, separable) in cases {
        let z: Vec<_> = z.iter().map(|v| vector(v)).collect();
        let answer = separator_or_certificate(&z);
        assert_eq!(matches!(answer, Separability::Separable { .. }), separable, "{z:?}");
        assert!(separates(&z, &answer), "{z:?}: {answer:?}");
    }
}

/// `n` vectors of `d` small rationals, the same on every run.
fn scattered(n: usize, d: usize) -> Vec<Vec<Rational>> {
    let mut state = 1u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i32::try_from((state >> 33) % below).unwrap()
    };
    (0..n).map(|_| (0..d).map(|_| Rational::from((next(19) - 9, next(4) + 1))).collect()).collect()
}

#[test]
fn data_sets_of_realistic_size_are_decided_with_a_proof() {
    // As many vectors as dimensions: in general position, hence separable.
    let mut z = scattered(60, 60);
    let answer = separator_or_certificate(&z);
    assert!(matches!(answer, Separability::Separable { .. }) && separates(&z, &answer));
    // The last one turned against a positive combination of all others: separable no more, by this certificate alone.
    let against =
        |j: usize| -> Rational { z[..59].iter().zip(1..).map(|(v, n)| Rational::from(&v[j] * -(n % 5 + 1))).sum() };
    z[59] = (0..60).map(against).collect();
    let answer = separator_or_certificate(&z);
    assert!(matches!(answer, Separability::NotSeparable { .. }) && separates(&z, &answer));
    // Separable by a margin too narrow for the perceptron.
    let z = scattered(60, 30);
    let whole: Vec<_> = z.iter().map(|v| integers(v.iter()).0).collect();
    assert_eq!(perceptron(&whole, 30), None);
    let answer = separator_or_certificate(&z);
    assert!(matches!(answer, Separability::Separable { .. }) && separates(&z, &answer));
}

proptest! {
    #[test]
    fn every_outcome_carries_a_valid_proof(
        rows in prop::collection::vec((prop::collection::vec(-3i32..4, 5), -3i32..4), 0..5),
        c in prop::collection::vec(-3i32..4, 5),
    ) {
        let (a, b): (Vec<_>, Vec<_>) = rows.iter().map(|(row, b)| (vector(row), Rational::from(*b))).unzip();
        let program = Lp::new(a, b, vector(&c)).unwrap();
        let outcome = program.solve();
        prop_assert!(proves(&program, &outcome), "{:?}", outcome);
    }

    #[test]
    fn every_answer_about_separability_is_proved(
        z in prop::collection::vec(prop::collection::vec((-9i32..10, 1i32..5), 3), 1..8),
    ) {
        let z: Vec<Vec<_>> = z.iter().map(|v| v.iter().map(|&p| Rational::from(p)).collect()).collect();
        let answer = separator_or_certificate(&z);
        prop_assert!(separates(&z, &answer), "{:?}", answer);
    }
}
