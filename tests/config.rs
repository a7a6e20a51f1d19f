//! Experiment and data files: what is understood, exactly, and what is refused, with key and value.

use rug::Rational;
use samcheck::config::{Clock, RunSpec, UserStart, parse_data, parse_experiment};
use samcheck::sam::Norm;

const VALID: &str = r#"
[data]
mu = ["1", "2"]
[network]
depth = 2
[sam]
norm = "l2"
rho = "1"
[start]
uniform = "0.6"
[run]
kind = "flow"
clock = "s"
until = "4"
digits = 50
at = ["1", "2", "3", "4"]
"#;

fn q(text: &str) -> Rational {
    samcheck::arith::text::parse_rational(text).unwrap()
}

fn qs(texts: &[&str]) -> Vec<Rational> {
    texts.iter().map(|t| q(t)).collect()
}

/// The valid file with some of its lines replaced.
fn with(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(VALID.to_owned(), |text, (line, other)| {
        assert!(text.contains(line), "no line {line}");
        text.replacen(line, other, 1)
    })
}

const MU: &str = "mu = [\"1\", \"2\"]";
const UNIFORM: &str = "uniform = \"0.6\"";
const AT: &str = "at = [\"1\", \"2\", \"3\", \"4\"]";
const KIND: &str = "kind = \"flow\"\nclock = \"s\"\nuntil = \"4\"";
const ALGORITHM: &str = "kind = \"algorithm\"\neta = \"1/100\"\nuntil = 200";

#[test]
fn the_issues_example_is_read_exactly() {
    let e = parse_experiment(VALID, "x.toml").unwrap();
    assert_eq!(e.setting.z, [qs(&["1", "2"])]);
    assert_eq!((e.setting.depth, e.setting.norm, &e.setting.rho, e.digits), (2, Norm::L2, &q("1"), 50));
    assert_eq!(e.start, [qs(&["3/5", "3/5"]), qs(&["3/5", "3/5"])]);
    assert_eq!(e.run, RunSpec::Flow { clock: Clock::S, until: q("4"), at: qs(&["1", "2", "3", "4"]) });
}

#[test]
fn every_form_of_data_is_read_exactly() {
    let data = |text: &str| parse_experiment(&with(&[(MU, text)]), "x.toml").unwrap().setting.z;
    assert_eq!(data("z = [[\"1\",\"3\"], [\"2\",\"1/2\"]]"), [qs(&["1", "3"]), qs(&["2", "1/2"])]);
    assert_eq!(data("z = [[\"1e-3\", -3], [2, \"+0.50\"]]"), [qs(&["1/1000", "-3"]), qs(&["2", "1/2"])]);
    assert_eq!(data("x = [[\"1\",\"-3\"], [\"-2\",\"1/2\"]]\ny = [1, \"-1\"]"), [qs(&["1", "-3"]), qs(&["2", "-1/2"])]);
    assert_eq!(data("mu = [\"3\", 3]"), [qs(&["3", "3"])], "equal entries, in any order, are an experiment");
    // Separable, though not by the sum of the rows.
    assert_eq!(data("z = [[\"1\",\"0\"], [\"-10\",\"1\"]]").len(), 2);
}

#[test]
fn every_norm_and_start_is_read_exactly() {
    for norm in [Norm::None, Norm::L2, Norm::Linf, Norm::L2Unnormalised] {
        let text = with(&[("norm = \"l2\"", &format!("norm = \"{}\"", norm.name()))]);
        assert_eq!(parse_experiment(&text, "x.toml").unwrap().setting.norm, norm);
    }
    let text = with(&[("norm = \"l2\"\nrho = \"1\"", "norm = \"none\"")]);
    assert_eq!(parse_experiment(&text, "x.toml").unwrap().setting.rho, 0);
    let text = with(&[("rho = \"1\"", "rho = 0")]);
    assert_eq!(parse_experiment(&text, "x.toml").unwrap().setting.rho, 0);

    let start = |text: &str| parse_experiment(&with(&[(UNIFORM, text)]), "x.toml").unwrap().start;
    assert_eq!(start("balanced = [\"0.6\",\"-0.7\"]"), [qs(&["3/5", "-7/10"]), qs(&["3/5", "-7/10"])]);
    assert_eq!(start("layers = [[\"1\",\"1\"],[\"0\",\"0\"]]"), [qs(&["1", "1"]), qs(&["0", "0"])]);

    // At depth 1 the gradient never vanishes: 0 is a start.
    let text = with(&[("depth = 2", "depth = 1"), (UNIFORM, "uniform = 0")]);
    assert_eq!(parse_experiment(&text, "x.toml").unwrap().start, [qs(&["0", "0"])]);
}

#[test]
fn rows_are_sorted_and_each_there_once() {
    let run = |edits: &[(&str, &str)]| parse_experiment(&with(edits), "x.toml").unwrap().run;
    let flow = |clock, until: &str, at: &[&str]| RunSpec::Flow { clock, until: q(until), at: qs(at) };
    assert_eq!(run(&[(AT, "")]), flow(Clock::S, "4", &["4"]));
    assert_eq!(run(&[(AT, "at = [\"3\", \"0\", \"1/2\", \"0.5\"]")]), flow(Clock::S, "4", &["0", "1/2", "3"]));
    assert_eq!(run(&[(AT, "every = \"3/2\""), ("\"s\"", "\"t\"")]), flow(Clock::T, "4", &["0", "3/2", "3"]));
    assert_eq!(run(&[(AT, "every = 2")]), flow(Clock::S, "4", &["0", "2", "4"]));
    let log = ("clock = \"s\"", "clock = \"log_t\"");
    assert_eq!(run(&[log, (AT, "every = 2")]), flow(Clock::LogT, "4", &["0", "2", "4"]));
    assert_eq!(run(&[log, (AT, "every = 2\nfrom = \"-3\"")]), flow(Clock::LogT, "4", &["-3", "-1", "1", "3"]));
    assert_eq!(run(&[log, (AT, "at = [\"4\", \"-2.5\"]")]), flow(Clock::LogT, "4", &["-5/2", "4"]));
    let far = run(&[log, (AT, ""), ("until = \"4\"", "until = \"1e1000\"")]);
    assert_eq!(far, flow(Clock::LogT, "1e1000", &["1e1000"]));

    let algorithm = |at: &[u64]| RunSpec::Algorithm { eta: q("1/100"), steps: 200, at: at.to_vec() };
    assert_eq!(run(&[(KIND, ALGORITHM), (AT, "")]), algorithm(&[200]));
    assert_eq!(run(&[(KIND, ALGORITHM), (AT, "at = [\"100\", 0, 7, 7]\nclock = \"steps\"")]), algorithm(&[0, 7, 100]));
    assert_eq!(run(&[(KIND, ALGORITHM), (AT, "every = 80")]), algorithm(&[0, 80, 160]));
}

#[test]
fn the_echo_is_the_exact_experiment_again() {
    let text = with(&[(MU, "x = [[\"1\",\"-3\"]]\ny = [-1]"), (AT, "every = \"4/3\""), ("digits = 50", "")]);
    let echo = parse_experiment(&text, "x.toml").unwrap().echo();
    let expected = serde_json::json!({
        "data": { "z": [["-1", "3"]] },
        "network": { "depth": 2 },
        "sam": { "norm": "l2", "rho": "1" },
        "start": { "layers": [["3/5", "3/5"], ["3/5", "3/5"]] },
        "run": { "kind": "flow", "clock": "s", "until": "4", "digits": 50, "at": ["0", "4/3", "8/3", "4"] },
    });
    assert_eq!(echo, expected);
    let steps = parse_experiment(&with(&[(KIND, ALGORITHM), (AT, "every = 100")]), "x.toml").unwrap().echo();
    let run = serde_json::json!({
        "kind": "algorithm", "clock": "steps", "eta": "1/100", "until": 200, "digits": 50, "at": [0, 100, 200],
    });
    assert_eq!(steps["run"], run);
    // The echo is itself an experiment file.
    let again = parse_experiment(&toml::to_string(&echo).unwrap(), "echo.toml").unwrap();
    assert_eq!(again.echo(), echo);
}

/// Edits of the valid file, then what the message has to contain.
type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);

#[test]
fn every_refused_experiment_names_its_key_and_its_value() {
    let thousand = format!("mu = [{}]", "1,".repeat(1001));
    let rows = format!("z = [{}]", "[1,2],".repeat(1001));
    let many = format!("at = [{}]", "1,".repeat(100_001));
    let until = "until = \"4\"";
    let log: (&str, &str) = ("clock = \"s\"", "clock = \"log_t\"");
    let steps: (&str, &str) = (KIND, ALGORITHM);
    let cases: &[Case] = &[
        // Not TOML, or not these keys.
        (&[("depth = 2", "depth = ")], &["depth =", "5"]),
        (&[("depth = 2", "depth = 2\ndeptth = 3")], &["unknown field `deptth`", "deptth = 3", "line 6"]),
        (&[("[network]", "[netwrok]")], &["unknown field `netwrok`"]),
        (&[("depth = 2", "depth = 2\ndepth = 2")], &["duplicate key", "depth = 2"]),
        (&[("[network]\ndepth = 2", "")], &["missing field `network`"]),
        (&[("depth = 2", "")], &["missing field `depth`", "[network]"]),
        (&[("depth = 2", "depth = true")], &["depth = true", "boolean"]),
        (&[(UNIFORM, "uniform = [\"1\"]")], &["uniform = [\"1\"]", "sequence"]),
        (&[("norm = \"l2\"", "norm = 2")], &["norm = 2", "expected a string"]),
        // Numbers.
        (&[("rho = \"1\"", "rho = 0.5")], &["x.toml:8: sam.rho = 0.5:", "write it as a string"]),
        (&[("rho = \"1\"", "rho = nan")], &["sam.rho = nan", "write it as a string"]),
        (&[("rho = \"1\"", "rho = -inf")], &["sam.rho = -inf", "write it as a string"]),
        (&[("rho = \"1\"", "rho = \"nan\"")], &["sam.rho = \"nan\"", "finite"]),
        (&[("rho = \"1\"", "rho = \"-inf\"")], &["sam.rho = \"-inf\"", "finite"]),
        (&[("rho = \"1\"", "rho = \"1/0\"")], &["sam.rho = \"1/0\"", "divides by zero"]),
        (&[("rho = \"1\"", "rho = \"one\"")], &["sam.rho = \"one\"", "not a number"]),
        (&[("rho = \"1\"", "rho = \"\"")], &["sam.rho = \"\"", "empty"]),
        (&[("rho = \"1\"", "rho = \"1e100001\"")], &["sam.rho = \"1e100001\"", "exponent"]),
        (&[("rho = \"1\"", "rho = \"-1/3\"")], &["sam.rho = \"-1/3\"", "must not be negative"]),
        (&[("rho = \"1\"", "")], &["sam.rho is missing", "l2"]),
        (&[(MU, "mu = [\"1\",\n 2.5]")], &["x.toml:4: data.mu[2] = 2.5", "write it as a string"]),
        (&[("norm = \"l2\"", "norm = \"l3\"")], &["sam.norm = \"l3\"", "l2-unnormalised"]),
        // Data.
        (&[(MU, "")], &["data is missing", "exactly one of data.mu, data.z"]),
        (&[(MU, "mu = [1]\nz = [[1]]")], &["data.mu = [1]", "exactly one of"]),
        (&[(MU, "mu = [1]\ny = [1]")], &["data.mu = [1]", "exactly one of"]),
        (&[(MU, "z = [[1]]\nx = [[1]]\ny = [1]")], &["data.z = [[1]]", "exactly one of"]),
        (&[(MU, "x = [[1, 2]]")], &["data.x = [[1, 2]]", "data.y is missing"]),
        (&[(MU, "y = [1]")], &["data.y = [1]", "data.x is missing"]),
        (&[(MU, "mu = []")], &["data.mu = []", "empty"]),
        (&[(MU, "z = []")], &["data.z = []", "empty"]),
        (&[(MU, "z = [[1], []]")], &["data.z[2] = []", "empty"]),
        (&[(MU, "z = [[1, 2], [1, 2, 3]]")], &["data.z[2] = [1, 2, 3]", "length 3", "length 2"]),
        (&[(MU, "x = [[1, 2]]\ny = [1, -1]")], &["data.y = [1, -1]", "2 labels for 1 rows"]),
        (&[(MU, "x = [[1, 2]]\ny = []")], &["data.y = []", "empty"]),
        (&[(MU, "x = [[1, 2], [3, 4]]\ny = [1, 2]")], &["data.y[2] = 2", "1 or -1"]),
        (&[(MU, "mu = [1, \"-1/2\"]")], &["data.mu[2] = \"-1/2\"", "must be positive"]),
        (&[(MU, "mu = [0, 1]")], &["data.mu[1] = 0", "must be positive"]),
        (&[(MU, "z = [[0, 0], [0, 0]]")], &["data.z = [[0, 0], [0, 0]]", "all data are zero"]),
        (&[(MU, "z = [[1, 2], [0, 0]]")], &["data.z = [[1, 2], [0, 0]]", "not linearly separable", "1 z_2 = 0"]),
        (&[(MU, "z = [[1, 2], [\"-1/2\", -1]]")], &["data.z = ", "not linearly separable", "1/3 z_1 + 2/3 z_2 = 0"]),
        (&[(MU, &thousand)], &["data.mu = [1,1,1", "1001 coordinates", "1000"]),
        (&[(MU, &rows)], &["data.z = [[1,2],[1,2]", "1001 samples", "1000"]),
        // Network and start.
        (&[("depth = 2", "depth = 0")], &["network.depth = 0", "1 to 64"]),
        (&[("depth = 2", "depth = \"65\"")], &["network.depth = \"65\"", "1 to 64"]),
        (&[("depth = 2", "depth = -1")], &["network.depth = -1", "1 to 64"]),
        (&[("depth = 2", "depth = \"5/2\"")], &["network.depth = \"5/2\"", "integer"]),
        (&[("depth = 2", "depth = 2.0")], &["network.depth = 2.0", "write it as a string"]),
        (&[(UNIFORM, "")], &["start is missing", "exactly one of uniform, balanced, layers"]),
        (&[(UNIFORM, "uniform = 1\nbalanced = [1, 1]")], &["start.uniform = 1", "start.balanced"]),
        (
            &[(UNIFORM, "uniform = 1\nlayers = [[1, 1], [1, 1]]")],
            &["start.layers = [[1, 1], [1, 1]]", "exactly one of"],
        ),
        (&[(UNIFORM, "balanced = [1]")], &["start.balanced = [1]", "length 1", "2 coordinates"]),
        (&[(UNIFORM, "balanced = []")], &["start.balanced = []", "empty"]),
        (&[(UNIFORM, "layers = [[1, 1]]")], &["start.layers = [[1, 1]]", "1 layers", "network.depth = 2"]),
        (&[(UNIFORM, "layers = [[1], [1]]")], &["start.layers = [[1], [1]]", "length 1", "2 coordinates"]),
        (&[(UNIFORM, "layers = [[1, 1], [1]]")], &["start.layers[2] = [1]", "length 1", "length 2"]),
        (&[(UNIFORM, "uniform = 0")], &["start.uniform = 0", "gradient at the start is zero"]),
        (&[(UNIFORM, "balanced = [\"0.0\", 0]")], &["start.balanced = [\"0.0\", 0]", "gradient at the start is zero"]),
        (
            &[("depth = 2", "depth = 3"), (UNIFORM, "layers = [[1, 1], [0, 0], [0, 0]]")],
            &["start.layers = [[1, 1], [0, 0], [0, 0]]", "gradient at the start is zero"],
        ),
        // Run.
        (&[("kind = \"flow\"", "kind = \"flwo\"")], &["run.kind = \"flwo\"", "flow"]),
        (&[("kind = \"flow\"", "kind = \"flow\"\neta = \"1/2\"")], &["run.eta = \"1/2\"", "no step size"]),
        (&[("clock = \"s\"", "clock = \"steps\"")], &["run.clock = \"steps\"", "log_t"]),
        (&[("clock = \"s\"", "")], &["run.clock is missing", "log_t"]),
        (&[(until, "until = \"-1\"")], &["run.until = \"-1\"", "must be positive"]),
        (&[(until, "until = 0")], &["run.until = 0", "must be positive"]),
        (&[log, (until, "until = \"-1\"")], &["run.until = \"-1\"", "must be positive"]),
        (&[("digits = 50", "digits = 4")], &["run.digits = 4", "5 to 100000"]),
        (&[("digits = 50", "digits = 100001")], &["run.digits = 100001", "5 to 100000"]),
        (&[("digits = 50", "digits = 50.0")], &["run.digits = 50.0", "write it as a string"]),
        (&[(AT, "at = []")], &["run.at = []", "empty"]),
        (&[(AT, "at = [1, \"4.01\"]")], &["run.at[2] = \"4.01\"", "beyond run.until = \"4\""]),
        (&[(until, "until = \"1e-50000\"")], &["run.at[1] = \"1\"", "beyond run.until = \"1e-50000\""]),
        (&[(AT, "at = [-1]")], &["run.at[1] = -1", "before the start"]),
        (&[log, (AT, "at = [-1, 5]")], &["run.at[2] = 5", "beyond run.until = \"4\""]),
        (&[(AT, "at = [1]\nevery = 1")], &["run.every = 1", "run.at is given too"]),
        (&[(AT, "every = \"-1/2\"")], &["run.every = \"-1/2\"", "must be positive"]),
        (&[(AT, "every = \"1e-99999\"")], &["run.every = \"1e-99999\"", "more than 100000 rows"]),
        (&[(AT, "every = \"4/100000\"")], &["run.every = \"4/100000\"", "more than 100000 rows"]),
        (&[(AT, &many)], &["run.at = [1,1", "more than 100000 rows"]),
        (&[(AT, "every = 1\nfrom = 1")], &["run.from = 1", "log_t"]),
        (&[log, (AT, "from = \"-1\"")], &["run.from = \"-1\"", "run.every is missing"]),
        (&[log, (AT, "every = 1\nfrom = 5")], &["run.from = 5", "beyond run.until = \"4\""]),
        // The algorithm.
        (&[steps, ("eta = \"1/100\"", "")], &["run.eta is missing", "step size"]),
        (&[steps, ("\"1/100\"", "\"-1/100\"")], &["run.eta = \"-1/100\"", "must be positive"]),
        (&[steps, ("\"1/100\"", "0")], &["run.eta = 0", "must be positive"]),
        (&[steps, ("\"1/100\"", "0.01")], &["run.eta = 0.01", "write it as a string"]),
        (&[steps, ("until = 200", "until = \"3/2\"")], &["run.until = \"3/2\"", "integer from 1"]),
        (&[steps, ("until = 200", "until = 0")], &["run.until = 0", "integer from 1"]),
        (&[steps, ("until = 200", "until = 1000000001")], &["run.until = 1000000001", "1000000000"]),
        (&[steps, ("until = 200", "until = 1e3")], &["run.until = 1e3", "write it as a string"]),
        (&[steps, (AT, "clock = \"s\"")], &["run.clock = \"s\"", "steps"]),
        (&[steps, (AT, "at = [1, \"1/2\"]")], &["run.at[2] = \"1/2\"", "integer from 0 to 200"]),
        (&[steps, (AT, "at = [201]")], &["run.at[1] = 201", "integer from 0 to 200"]),
        (&[steps, (AT, "every = \"1/2\"")], &["run.every = \"1/2\"", "integer from 1"]),
        (&[steps, (AT, "every = 1\nfrom = 0")], &["run.from = 0", "log_t"]),
        (
            &[steps, ("until = 200", "until = 1000000000"), (AT, "every = 1")],
            &["run.every = 1", "more than 100000 rows"],
        ),
    ];
    let mut wrong = Vec::new();
    for (edits, parts) in cases {
        match parse_experiment(&with(edits), "x.toml") {
            Ok(_) => wrong.push(format!("accepted: {edits:?}")),
            Err(e) => {
                let message = e.to_string();
                let missing: Vec<_> = parts.iter().filter(|part| !message.contains(**part)).collect();
                if !missing.is_empty() || !message.starts_with("x.toml:") {
                    wrong.push(format!("{missing:?} not in: {message}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_data_file_is_read_exactly() {
    let d = parse_data("[data]\nmu = [\"1/3\", \"2.5\"]", "d.toml").unwrap();
    assert_eq!((d.z, d.single, d.rho, d.start), (vec![qs(&["1/3", "5/2"])], true, None, None));

    let text = "[data]\nz = [[1, 3], [2, \"1/2\"]]\n[sam]\nrho = \"0.1\"\n[start]\nbalanced = [\"0.2\", 3]";
    let d = parse_data(text, "d.toml").unwrap();
    assert_eq!((d.single, d.rho), (false, Some(q("1/10"))));
    assert_eq!(d.start, Some(UserStart::Balanced(qs(&["1/5", "3"]))));

    let d = parse_data("[data]\nmu = [1, 2, 3]\n[start]\nuniform = \"1/2\"\n[sam]", "d.toml").unwrap();
    assert_eq!(d.rho, None);
    assert_eq!(d.start.unwrap().alpha(3), qs(&["1/2", "1/2", "1/2"]));
}

#[test]
fn every_refused_data_file_names_its_key_and_its_value() {
    let cases: &[(&str, &[&str])] = &[
        ("", &["missing field `data`"]),
        ("[data]", &["data is missing"]),
        ("[data]\nmu = [1.5]", &["data.mu[1] = 1.5", "write it as a string"]),
        ("[data]\nz = [[1], [-1]]", &["data.z = [[1], [-1]]", "1/2 z_1 + 1/2 z_2 = 0"]),
        ("[data]\nmu = [1]\n[network]\ndepth = 2", &["unknown field `network`"]),
        ("[data]\nmu = [1]\n[sam]\nnorm = \"l2\"", &["unknown field `norm`"]),
        ("[data]\nmu = [1]\n[sam]\nrho = -1", &["d.toml:4: sam.rho = -1", "must not be negative"]),
        ("[data]\nmu = [1]\n[start]", &["start is missing"]),
        ("[data]\nmu = [1]\n[start]\nlayers = [[1]]", &["unknown field `layers`"]),
        ("[data]\nmu = [1]\n[start]\nuniform = 0", &["start.uniform = 0", "must be positive"]),
        ("[data]\nmu = [1]\n[start]\nbalanced = [-1]", &["start.balanced[1] = -1", "must be positive"]),
        ("[data]\nmu = [1]\n[start]\nbalanced = [1, 2]", &["start.balanced = [1, 2]", "length 2"]),
        ("[data]\nmu = [1]\n[start]\nuniform = 1\nbalanced = [1]", &["start.uniform = 1", "exactly one"]),
    ];
    for (text, parts) in cases {
        let message = parse_data(text, "d.toml").unwrap_err().to_string();
        for part in *parts {
            assert!(message.contains(part), "{part} not in: {message}");
        }
    }
}
