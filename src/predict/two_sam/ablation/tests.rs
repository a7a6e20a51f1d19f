//! The equation of the ablation against `tests/reference/bounds.py`.

use super::*;
use serde_json::Value;

fn row(v: &Value) -> Vec<Rational> {
    v.as_str().unwrap().split(' ').map(|x| x.parse().unwrap()).collect()
}

#[test]
fn the_unnormalised_pull_its_slope_and_its_integral_are_those_of_the_page() {
    let path = format!("{}/tests/reference/bounds.json", env!("CARGO_MANIFEST_DIR"));
    let json: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let solvers = Solvers::new(96);
    let mut seen = 0;
    for case in json["cases"].as_array().unwrap().iter().filter(|c| c["kind"] == "ablated") {
        let (mu, alpha, rho) = (row(&case["mu"]), row(&case["alpha"]), row(&case["rho"]).remove(0));
        let close = |got: &Float, key: &str, digits: i32| {
            let want = Float::with_val(200, Float::parse(case[key].as_str().unwrap()).unwrap());
            let miss = Float::with_val(200, got - &want).abs();
            assert!(miss <= Float::with_val(200, want.abs_ref()) * 10f64.powi(-digits), "{key}: {got} {want}");
        };
        let scale = mu.iter().zip(&alpha).map(|(m, a)| real(200, &(Rational::from(a * a) * m))).collect();
        let equation = Unnormalised { mu: mu.iter().map(|m| real(200, m)).collect(), scale, rho: real(200, &rho) };
        let s = row(&case["s"]);
        let (rate, by_k) =
            equation.rate(&real(200, &s[0]), &real(200, &Rational::from((1, 3))), 200, &mut Memo::default());
        close(&rate, "rate", 43);
        close(&by_k, "by_k", 22);
        let k = k_unnormalised(&mu, &alpha, &rho, &s, &solvers).unwrap();
        close(&k[0].value, "k", 23);
        seen += 1;
    }
    assert_eq!(seen, 2);
}
