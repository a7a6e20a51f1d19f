//! `simulate`: rows and events against values integrated from the definition by another method (tests/reference/gbs.py)
//! and against closed forms.

use rug::ops::Pow;
use rug::{Float, Rational};
use samcheck::config::parse_experiment;
use samcheck::report::simulate::{Event, EventKind, Simulation};
use samcheck::simulate::simulate;
use serde_json::Value;

const BITS: u32 = 400;

fn float(text: &str) -> Float {
    Float::with_val(BITS, Float::parse(text).unwrap())
}

fn ratio(n: i64, d: i64) -> Float {
    Float::with_val(BITS, Rational::from((n, d)))
}

/// Significant digits of a printed number.
fn digits_of(text: &str) -> usize {
    let mantissa = text.split(['e', 'E']).next().unwrap();
    mantissa.chars().filter(char::is_ascii_digit).skip_while(|&c| c == '0').count()
}

/// Every digit printed is right: at most one unit of the last one away.
#[track_caller]
fn right(what: &str, printed: &str, truth: &Float, digits: usize) {
    let value = float(printed);
    if *truth == 0 {
        assert!(value == 0, "{what}: printed {printed}, exactly 0");
        return;
    }
    assert!(digits_of(printed) >= digits, "{what}: {printed} has fewer than {digits} digits");
    let (mantissa, exponent) = printed.split_once(['e', 'E']).unwrap_or((printed, "0"));
    let places = mantissa.split_once('.').map_or(0, |(_, after)| after.len());
    let unit = Float::with_val(BITS, 10).pow(exponent.parse::<i32>().unwrap() - i32::try_from(places).unwrap());
    let off = Float::with_val(BITS, &value - truth).abs() / unit;
    assert!(off <= 1, "{what}: printed {printed}, truth {}: {off:.3e} units", truth.to_string_radix(10, Some(30)));
}

fn run(toml: &str) -> Simulation {
    simulate(&parse_experiment(toml, "test.toml").unwrap())
}

/// An experiment with a flow.
fn flow(data: &str, depth: u32, sam: &str, start: &str, run: &str) -> String {
    let (norm, rho) = sam.split_once(' ').unwrap();
    format!(
        "[data]\n{data}\n[network]\ndepth = {depth}\n[sam]\nnorm = \"{norm}\"\nrho = \"{rho}\"\n[start]\n{start}\n[run]\nkind = \"flow\"\n{run}\n"
    )
}

fn kinds(events: &[Event]) -> Vec<EventKind> {
    events.iter().map(|e| e.kind).collect()
}

fn reference(name: &str) {
    let file: Value = serde_json::from_str(include_str!("reference/gbs.json")).unwrap();
    let case = file["cases"].as_array().unwrap().iter().find(|c| c["name"] == name).unwrap();
    let got = run(case["toml"].as_str().unwrap());
    assert_eq!(got.outcome, "reached");
    let rows = case["rows"].as_array().unwrap();
    assert_eq!(got.rows.len(), rows.len());
    for (row, want) in got.rows.iter().zip(rows) {
        let at = &row.at;
        let number = |key: &str, value: &Option<String>, digits: usize| {
            let truth = want[key].as_str().unwrap();
            right(&format!("{key} at {at}"), value.as_ref().unwrap(), &float(truth), digits);
        };
        let list = |key: &str, values: &[String], truth: &Value| {
            for (j, (value, truth)) in values.iter().zip(truth.as_array().unwrap()).enumerate() {
                right(&format!("{key}[{j}] at {at}"), value, &float(truth.as_str().unwrap()), 20);
            }
        };
        number("s", &row.s, 20);
        number("log_t", &row.log_t, 20);
        number("log_loss", &row.log_loss, 20);
        // t = e^(log t): the digits of the integer part of log t are lost.
        number("t", &row.t, 18);
        list("beta", &row.beta, &want["beta"]);
        list("margins", &row.margins, &want["margins"]);
        for (l, layer) in row.layers.iter().enumerate() {
            list("layers", layer, &want["layers"][l]);
        }
    }
    let events = case["events"].as_array().unwrap();
    assert_eq!(got.events.len(), events.len(), "{:?}", got.events);
    for (event, want) in got.events.iter().zip(events) {
        let json = serde_json::to_value(event).unwrap();
        for key in ["kind", "coordinate", "from", "to"] {
            assert_eq!(json[key], want[key], "{key} of {json}");
        }
        for key in ["s", "log_t"] {
            right(key, json[key].as_str().unwrap(), &float(want[key].as_str().unwrap()), 20);
        }
    }
}

macro_rules! references {
    ($($(#[$attribute:meta])* $test:ident = $name:literal;)*) => {
        $($(#[$attribute])* #[test] fn $test() { reference($name); })*
    };
}

references! {
    two_sam_hands_over_from_minor_to_major = "2-SAM from 0.6";
    two_sam_on_its_way_to_collapse = "2-SAM that collapses";
    two_sam_near_the_separatrix_keeps_its_digits = "2-SAM near the separatrix";
    two_sam_on_the_original_clock = "2-SAM on the original clock";
    two_sam_from_a_zero_layer = "2-SAM with a zero layer";
    two_sam_with_mixed_signs_hands_over_twice = "2-SAM with mixed signs";
    two_sam_at_depth_three = "2-SAM, depth 3";
    two_sam_at_depth_one_with_three_samples = "2-SAM, depth 1, three samples";
    unnormalised_sam_on_log_t_below_zero = "unnormalised, early and late";
    gradient_descent_with_a_column_of_zeros = "GD with a zero column";
    inf_sam_at_depth_three = "inf-SAM, depth 3";
    inf_sam_at_depth_four_on_log_t = "inf-SAM, depth 4, log t";
    inf_sam_with_unequal_layers = "inf-SAM, depth 2, unequal layers";
    inf_sam_pins_a_coordinate_among_two_samples = "inf-SAM, depth 2, one coordinate is pinned";
    inf_sam_slides_at_depth_one = "inf-SAM, depth 1, slides";
    inf_sam_crosses_and_slides_on_a_gradient_coordinate_at_depth_two = "inf-SAM, depth 2, slides and stays";
    inf_sam_leaves_a_sliding_surface_within_the_first_step = "inf-SAM, depth 2, slides and leaves";
}

// --- closed forms ---------------------------------------------------------------------------------------------

#[test]
fn gradient_descent_follows_alpha_squared_e_to_the_two_mu_s() {
    let toml = flow(
        "mu = [\"1\", \"2\"]",
        2,
        "none 0",
        "balanced = [\"1/2\", \"3/4\"]",
        "clock = \"s\"\nuntil = \"3\"\ndigits = 40\nat = [\"0\", \"1/3\", \"3\"]",
    );
    let got = run(&toml);
    assert_eq!(got.outcome, "reached");
    assert!(got.events.is_empty());
    for (row, s) in got.rows.iter().zip([ratio(0, 1), ratio(1, 3), ratio(3, 1)]) {
        for (j, (mu, alpha)) in [(1u32, ratio(1, 2)), (2, ratio(3, 4))].into_iter().enumerate() {
            let beta = Float::with_val(BITS, &s * (2 * mu)).exp() * Float::with_val(BITS, alpha.square_ref());
            right("beta", &row.beta[j], &beta, 40);
        }
    }
    assert_eq!(
        (got.rows[0].log_t.as_deref(), got.rows[0].t.as_deref(), got.rows[0].leader),
        (None, Some("0"), Some(2))
    );
}

#[test]
fn five_digits_and_three_hundred_are_all_right() {
    for digits in [5usize, 300] {
        let toml = flow(
            "mu = [\"3\"]",
            2,
            "none 0",
            "uniform = \"1/3\"",
            &format!("clock = \"s\"\nuntil = \"1/7\"\ndigits = {digits}"),
        );
        let wide = 4000;
        let beta = Float::with_val(wide, Rational::from((6, 7))).exp() / 9u32;
        let printed = &run(&toml).rows[0].beta[0];
        assert_eq!(digits_of(printed), digits);
        let off = Float::with_val(wide, Float::with_val(wide, Float::parse(printed).unwrap()) / &beta - 1u32).abs();
        assert!(off <= Float::with_val(wide, 10).pow(1 - i32::try_from(digits).unwrap()));
    }
}

#[test]
fn fifty_rows_come_in_order_each_once() {
    let toml = flow(
        "mu = [\"1\"]",
        2,
        "none 0",
        "uniform = \"1\"",
        "clock = \"s\"\nuntil = \"49/50\"\ndigits = 10\nevery = \"1/50\"",
    );
    let got = run(&toml);
    assert_eq!(got.rows.len(), 50);
    for (k, row) in got.rows.iter().enumerate() {
        right("at", &row.at, &ratio(k as i64, 50), 0);
        right("beta", &row.beta[0], &Float::with_val(BITS, ratio(k as i64, 25).exp_ref()), 10);
    }
}

#[test]
fn one_coordinate_at_depth_two_collapses_when_its_start_is_below_rho_over_root_two() {
    // w' = mu (w - rho / sqrt 2): zero at s = (1/mu) ln(1 / (1 - sqrt 2 alpha / rho)).
    let toml = flow(
        "mu = [\"3\"]",
        2,
        "l2 1",
        "uniform = \"0.6\"",
        "clock = \"s\"\nuntil = \"1\"\ndigits = 12\nat = [\"1/2\", \"1\"]",
    );
    let got = run(&toml);
    assert_eq!(kinds(&got.events), [EventKind::Collapse]);
    assert_eq!(got.rows.len(), 1, "rows after the collapse are left out");
    let gap = 1u32 - Float::with_val(BITS, 2).sqrt() * ratio(3, 5);
    right("collapse", got.events[0].s.as_ref().unwrap(), &(-gap.ln() / 3u32), 12);
}

#[test]
fn a_collapse_of_two_coordinates_is_located_to_all_digits() {
    // mpmath, the reduction of MATH.md 5.1 by K: ds/dK = sqrt2 n(s, K), K from 0 to 100 (what is left is below e^-100).
    let toml = flow("mu = [\"1\", \"2\"]", 2, "l2 1", "uniform = \"0.4\"", "clock = \"s\"\nuntil = \"5\"\ndigits = 24");
    let got = run(&toml);
    right("collapse", got.events[0].s.as_ref().unwrap(), &float("1.31546027350597995980933147555"), 24);
}

#[test]
fn a_blow_up_at_depth_four_is_known_to_all_digits_and_rows_beyond_are_left_out() {
    // T = u_0^-2 / (2 mu), u_0 = 3/5, mu = 2.
    let toml = flow(
        "mu = [\"1\", \"2\"]",
        4,
        "linf 1",
        "balanced = [\"1/2\", \"8/5\"]",
        "clock = \"s\"\nuntil = \"2\"\ndigits = 15\nat = [\"1/2\", \"1\"]",
    );
    let got = run(&toml);
    assert_eq!(kinds(&got.events), [EventKind::BlowUp]);
    assert_eq!(got.rows.len(), 1);
    right("blow-up", got.events[0].s.as_ref().unwrap(), &ratio(25, 36), 15);
    assert_eq!(got.events[0].log_t, None);
}

#[test]
fn a_rest_approached_like_a_power_of_s_is_followed_to_ten_to_the_forty() {
    // w' = mu (w - 1)^2 from alpha < 1: 1 - w = 1 / (mu s + 1/(1 - alpha)).
    let out = run(&flow(
        "mu = [\"1\", \"2\"]",
        3,
        "linf 1",
        "balanced = [\"1/2\", \"9/10\"]",
        "clock = \"s\"\nuntil = \"1e40\"\ndigits = 40\nat = [\"10\", \"1e5\", \"1e30\", \"1e40\"]",
    ));
    assert_eq!(out.rows.len(), 4);
    for (row, s) in out.rows.iter().zip([1, 5, 30, 40].map(|e| Float::with_val(BITS, 10).pow(e))) {
        for (j, (mu, start)) in [(1u32, 2u32), (2, 10)].into_iter().enumerate() {
            let gap: Float = Float::with_val(BITS, &s * mu) + start;
            right("w", &row.layers[0][j], &(1 - gap.recip()), 40);
        }
    }
}

#[test]
fn a_blow_up_far_in_s_is_told_from_a_rest() {
    // From 1 + 10^-4: w - 1 = 1 / (10^4 - s), slow for long.
    let run_clock = "clock = \"s\"\nuntil = \"2e6\"\ndigits = 40\nat = [\"9000\", \"9999\", \"1e5\"]";
    let out = run(&flow("mu = [\"1\", \"2\"]", 3, "linf 1", "balanced = [\"10001/10000\", \"1/2\"]", run_clock));
    assert_eq!(out.rows.len(), 2);
    right("w", &out.rows[0].layers[0][0], &ratio(1001, 1000), 40);
    right("w", &out.rows[1].layers[0][0], &ratio(2, 1), 40);
    assert_eq!(kinds(&out.events), [EventKind::BlowUp]);
    right("T*", out.events[0].s.as_ref().unwrap(), &ratio(10_000, 1), 38);
}

#[test]
fn inf_sam_at_depth_two_hits_zero_and_stays_when_its_start_is_below_rho() {
    let toml = flow(
        "mu = [\"1\", \"2\"]",
        2,
        "linf 1",
        "balanced = [\"1/2\", \"3/2\"]",
        "clock = \"s\"\nuntil = \"1\"\ndigits = 20\nat = [\"1/2\", \"1\"]",
    );
    let got = run(&toml);
    assert_eq!(kinds(&got.events), [EventKind::HitsZero, EventKind::Slides]);
    for e in &got.events {
        assert_eq!(e.coordinate, Some(1));
        right("hit", e.s.as_ref().unwrap(), &Float::with_val(BITS, 2).ln(), 20);
    }
    for (row, s) in got.rows.iter().zip([ratio(1, 2), ratio(1, 1)]) {
        let w = 1u32 + Float::with_val(BITS, &s * 2u32).exp() / 2u32;
        right("w_2", &row.layers[0][1], &w, 20);
    }
    assert_eq!(got.rows[1].beta[0], "0");
}

#[test]
fn a_start_exactly_at_rho_stays() {
    let toml = flow(
        "mu = [\"1\", \"2\"]",
        2,
        "linf 1",
        "balanced = [\"1\", \"3/2\"]",
        "clock = \"s\"\nuntil = \"1\"\ndigits = 15",
    );
    let got = run(&toml);
    right("beta_1", &got.rows[0].beta[0], &ratio(1, 1), 15);
}

#[test]
fn two_sam_reaches_log_t_ten_to_the_thousand() {
    // mu_2 beta_2 = log t to 500 digits there; w = alpha e^(mu s - mu^2 K) eliminates K: beta_1 = alpha^2 (beta_2/alpha^2)^(1/2) e^(2K).
    let toml = flow(
        "mu = [\"1\", \"2\"]",
        2,
        "l2 1",
        "uniform = \"0.6\"",
        "clock = \"log_t\"\nuntil = \"1e1000\"\ndigits = 50",
    );
    let got = run(&toml);
    assert_eq!(got.outcome, "reached");
    right("beta_2", &got.rows[0].beta[1], &(float("1e1000") / 2u32), 50);
    assert_eq!(got.rows[0].t, None);
    assert_eq!(kinds(&got.events), [EventKind::HandOver]);
    // beta_2 = alpha^2 e^(4s - 8K), beta_1 = alpha^2 e^(2s - 2K): equal to s = 3K at the hand-over, and here K from both.
    let log = |text: &str| (float(text) / ratio(9, 25)).ln();
    let (l1, l2) = (log(&got.rows[0].beta[0]), log(&got.rows[0].beta[1]));
    let k: Float = (Float::with_val(BITS, &l1 * 2u32) - &l2) / 4u32;
    let s: Float = l1 / 2u32 + k;
    right("s", got.rows[0].s.as_ref().unwrap(), &s, 45);
}

#[test]
fn a_tie_has_no_leader() {
    let toml = flow("mu = [\"2\", \"2\"]", 2, "l2 1", "uniform = \"0.6\"", "clock = \"s\"\nuntil = \"1\"\ndigits = 10");
    let got = run(&toml);
    assert_eq!(got.rows[0].leader, None);
    assert_eq!(got.rows[0].beta[0], got.rows[0].beta[1]);
    assert!(got.events.is_empty());
}

#[test]
fn a_tie_at_zero_is_no_hand_over() {
    // Whether it happens depends on the last rounding, hence on the digits.
    for digits in [8, 10, 12, 20, 50] {
        let rows = format!("clock = \"s\"\nuntil = \"2\"\ndigits = {digits}");
        let got = run(&flow("mu = [\"1\", \"2\"]", 2, "linf 1", "uniform = \"1/2\"", &rows));
        assert_eq!(got.rows[0].leader, None);
        assert!(!kinds(&got.events).contains(&EventKind::HandOver), "{digits}: {:?}", got.events);
    }
}

#[test]
fn inf_sam_from_a_zero_layer_crosses_all_its_zeros() {
    // w' = mu (v - 1), v' = mu (w - 1) from v = 0+: u = w - 1, u(0) = a - 1, u'(0) = -mu.
    let toml = flow(
        "mu = [\"1\", \"2\"]",
        2,
        "linf 1",
        "layers = [[\"3\", \"3\"], [\"0\", \"0\"]]",
        "clock = \"s\"\nuntil = \"1/10\"\ndigits = 15",
    );
    let got = run(&toml);
    assert_eq!(got.outcome, "reached");
    for j in 0..2 {
        let x = ratio(i64::from(j as u8) + 1, 10);
        let w: Float = 1u32 + Float::with_val(BITS, x.cosh_ref()) * 2u32 - Float::with_val(BITS, x.sinh_ref());
        right("w", &got.rows[0].layers[0][j], &w, 15);
    }
}

#[test]
fn a_row_at_t_equal_to_one_needs_no_refinement() {
    let toml = flow("mu = [\"1\", \"2\"]", 2, "l2 1", "uniform = \"0.7\"", "clock = \"t\"\nuntil = \"1\"\ndigits = 15");
    let started = std::time::Instant::now();
    let got = run(&toml);
    assert_eq!(got.rows[0].log_t.as_deref(), Some("0"));
    assert!(float(got.rows[0].err.as_ref().unwrap()) < 1e-12, "{:?}", got.rows[0].err);
    assert!(started.elapsed().as_secs() < 3, "{:?}", started.elapsed());
}

#[test]
fn a_coordinate_held_at_zero_by_symmetry_does_not_spoil_the_error_bound() {
    let toml = flow(
        "z = [[\"1\", \"1\"], [\"1\", \"-1\"]]",
        1,
        "linf 1",
        "uniform = \"0\"",
        "clock = \"s\"\nuntil = \"1\"\ndigits = 8",
    );
    let got = run(&toml);
    right("beta_1", &got.rows[0].beta[0], &ratio(1, 1), 8);
    assert!(float(got.rows[0].err.as_ref().unwrap()) < 1e-6, "{:?}", got.rows[0].err);
}

#[test]
fn the_algorithm_takes_the_steps_of_its_definition() {
    // One coordinate, depth 1, inf norm: w <- w + eta mu sigma(-mu (w - rho)).
    let toml = "[data]\nmu = [\"3/2\"]\n[network]\ndepth = 1\n[sam]\nnorm = \"linf\"\nrho = \"1/4\"\n[start]\nuniform = \"1/5\"\n[run]\nkind = \"algorithm\"\neta = \"1/10\"\nuntil = 30\ndigits = 30\nat = [0, 30]\n";
    let got = run(toml);
    let mut w = ratio(1, 5);
    right("w", &got.rows[0].layers[0][0], &w, 0);
    for _ in 0..30 {
        let e = (ratio(3, 2) * (w.clone() - ratio(1, 4))).exp() + 1u32;
        w += ratio(3, 20) / e;
    }
    right("w", &got.rows[1].layers[0][0], &w, 30);
    right("t", got.rows[1].t.as_ref().unwrap(), &ratio(3, 1), 29);
    assert_eq!(got.rows[1].s, None);
}

#[test]
fn the_moment_of_sliding_beside_a_steep_sample_does_not_depend_on_the_digits() {
    // The third sample falls like e^(-2500 s): the series of the switching function must converge where its root is.
    let at = |digits: u32| {
        let run_block = format!("clock = \"s\"\nuntil = \"0.02\"\ndigits = {digits}");
        let z = "z = [[\"10\", \"-7\"], [\"-6\", \"12\"], [\"30\", \"40\"]]";
        let got = run(&flow(z, 1, "linf 1", "uniform = \"0\"", &run_block));
        assert_eq!(kinds(&got.events), [EventKind::Slides]);
        got.events[0].s.clone().unwrap()
    };
    let (few, many) = (at(20), at(50));
    assert!(many.starts_with(&few[..few.len() - 1]), "{few} {many}");
}

#[test]
fn rows_at_a_time_before_a_pin_or_a_collapse_are_on_the_path() {
    // Found by an independent integrator (Gragg-Bulirsch-Stoer from the definition, 25 digits): t = 4 lies before the pin at
    // t = 5.26 of the first flow, before the collapse at t = 6.295 of the second.
    let rows = "clock = \"t\"\nuntil = \"4\"\ndigits = 12\nat = [\"2\", \"4\"]";
    let got = run(&flow("mu = [\"1\"]", 2, "linf 1", "uniform = \"0.9\"", rows));
    right("s", got.rows[1].s.as_ref().unwrap(), &float("1.88190035156995"), 12);
    right("beta", &got.rows[1].beta[0], &float("0.117925574640358"), 12);
    assert_eq!((got.outcome.as_str(), got.events.len()), ("reached", 0));
    let got = run(&flow("mu = [\"1\", \"2\"]", 2, "l2 1", "uniform = \"0.5\"", rows));
    right("s", got.rows[1].s.as_ref().unwrap(), &float("1.93857253845147"), 12);
    right("beta", &got.rows[1].beta[0], &float("0.204655686322525"), 12);
}
