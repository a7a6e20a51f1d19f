use super::*;
use crate::config::parse_experiment;
use crate::report::schema::json_schema;

const EXPERIMENT: &str = r#"
[data]
mu = ["1", "2"]
[network]
depth = 2
[sam]
norm = "l2"
rho = "1/3"
[start]
uniform = "0.6"
[run]
kind = "flow"
clock = "s"
until = "4"
"#;

fn simulation() -> Simulation {
    let text = |values: &[&str]| values.iter().map(|&v| v.to_owned()).collect::<Vec<_>>();
    let row = Row {
        at: "0".to_owned(),
        s: Some("0".to_owned()),
        log_t: None,
        t: Some("0".to_owned()),
        layers: vec![text(&["0.6", "0.6"]), text(&["0.6", "0.6"])],
        beta: text(&["0.36", "0.36"]),
        leader: None,
        margins: text(&["1.08"]),
        log_loss: Some("-1.2".to_owned()),
        err: Some("0".to_owned()),
    };
    let end = Row { leader: Some(2), log_t: Some("1e1000".to_owned()), t: None, ..row.clone() };
    let event =
        |kind| Event { kind, coordinate: None, from: Some(1), to: Some(2), s: Some("1".to_owned()), log_t: None };
    let events = vec![event(EventKind::HandOver), event(EventKind::BlowUp)];
    Simulation::new(&parse_experiment(EXPERIMENT, "x.toml").unwrap(), vec![row, end], events, "reached".to_owned())
}

#[test]
fn a_simulation_meets_the_published_schema() {
    let validator = jsonschema::validator_for(&json_schema()).unwrap();
    let mut value = serde_json::to_value(simulation()).unwrap();
    assert!(validator.is_valid(&value), "{value}");
    assert_eq!(value["events"][0]["kind"], "hand_over");
    assert_eq!(value["config"]["sam"]["rho"], "1/3");
    value["rows"][0]["at"] = serde_json::json!(0.5);
    assert!(!validator.is_valid(&value));
}

#[test]
fn the_csv_has_a_column_for_every_number() {
    let mut out = Vec::new();
    simulation().write_csv(&mut out).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "at,s,log_t,t,w1_1,w1_2,w2_1,w2_2,beta_1,beta_2,leader,margin_1,log_loss,err\n\
         0,0,,0,0.6,0.6,0.6,0.6,0.36,0.36,,1.08,-1.2,0\n\
         0,0,1e1000,,0.6,0.6,0.6,0.6,0.36,0.36,2,1.08,-1.2,0\n"
    );
}

#[test]
fn a_run_without_rows_still_has_its_header() {
    let mut out = Vec::new();
    Simulation { rows: Vec::new(), ..simulation() }.write_csv(&mut out).unwrap();
    assert!(String::from_utf8(out).unwrap().starts_with("at,s,log_t,t,w1_1"));
}
