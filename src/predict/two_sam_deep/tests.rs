//! The field and one step against `tests/reference/bounds.py`, and the order of the leaders against the notes' own run.

use super::*;
use serde_json::Value;

fn row(v: &Value) -> Vec<Rational> {
    v.as_str().unwrap().split(' ').map(|x| x.parse().unwrap()).collect()
}

fn number(v: &Value) -> Float {
    Float::with_val(BITS, Float::parse(v.as_str().unwrap()).unwrap())
}

#[test]
fn the_rates_are_those_of_the_page_and_a_step_follows_the_flow_to_fourth_order() {
    let path = format!("{}/tests/reference/bounds.json", env!("CARGO_MANIFEST_DIR"));
    let json: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut seen = 0;
    for case in json["cases"].as_array().unwrap().iter().filter(|c| c["kind"] == "deep_sam") {
        let (mu, rho) = (row(&case["mu"]), row(&case["rho"]).remove(0));
        let field = Field::new(&mu, &rho, u32::try_from(case["depth"].as_u64().unwrap()).unwrap());
        let mut w: Vec<Float> = row(&case["w"]).iter().map(|x| real(BITS, x)).collect();
        let rates = field.rates(&w);
        field.step(&mut w, &rates, &real(BITS, &row(&case["h"])[0]));
        for j in 0..mu.len() {
            let close = |got: &Float, want: &Float, size: f64| {
                assert!((Float::with_val(BITS, got / want) - 1u32).abs() < size, "{got} against {want}");
            };
            close(&rates[j], &number(&case["rates"][j]), 1e-26);
            close(&w[j], &number(&case["after"][j]), 1e-10);
        }
        seen += 1;
    }
    assert_eq!(seen, 2);
}

/// `mu = (1, 2, 3)`, `rho = 1`, depth 3: the orders that an integration of the definition found (`proofs/open-questions.md`).
#[test]
fn the_orders_of_the_leaders_at_depth_three_are_those_of_the_definition() {
    let mu = [1, 2, 3].map(Rational::from);
    for (alpha, want) in [
        ((1, 20), "3 2 3"),
        ((3, 20), "3 2 1 2 3"),
        ((1, 5), "3 1 2 3"),
        ((3, 10), "3 1 3"),
        ((37, 100), "1 3"),
        ((1, 2), "1 2 3"),
        ((21, 20), "2 3"),
        ((6, 5), "3"),
    ] {
        let got = leaders(&mu, &Rational::from(alpha), &Rational::from(1), 3);
        assert_eq!(got.as_deref(), Some(want), "{alpha:?}");
    }
}
