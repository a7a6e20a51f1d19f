//! An instance of a theorem: a run, what is expected of it, and what must not pass.

use super::Theorem;
use crate::arith::bits_for_digits;
use crate::check::{
    Claim, Control, Draft, Evidence, Expect, Finding, Kind, Measured, Observed, Plan, Rigor, Target, TheoremResult,
    Verdict, judge, judge_claim, observe_twice, shifted_constant, wrong_law,
};
use crate::config::UserData;
use crate::run::{Ask, Horizon, Probe};
use crate::sam::{Layers, Setting};
use rayon::prelude::*;
use rug::{Float, Rational};

/// How much to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    Quick,
    Paper,
    Long,
}

impl Profile {
    pub fn name(self) -> &'static str {
        match self {
            Profile::Quick => "quick",
            Profile::Paper => "paper",
            Profile::Long => "long",
        }
    }
}

/// What to verify, and how.
#[derive(Clone, Debug)]
pub struct Scope {
    pub plan: Plan,
    pub profile: Profile,
    /// Only this instance, counted from 1.
    pub instance: Option<usize>,
    /// The user's own data in place of the built-in instances.
    pub user: Option<UserData>,
}

impl Scope {
    /// Bits of the predictions: 40 digits more than asked, and never fewer than the errors are computed with.
    pub fn prec(&self) -> u32 {
        bits_for_digits(self.plan.digits + 40)
    }
}

/// A law that must be refuted on the run of a case.
pub struct WrongLaw {
    pub id: &'static str,
    pub what: String,
    /// Number of the draft and of its comparison that the wrong target replaces.
    pub draft: usize,
    pub expect: usize,
    pub target: Target,
}

/// A reading that does not hold, to be reported with its verdict.
pub struct Reading {
    pub claim: &'static str,
    pub statement: &'static str,
    /// The quantity asked and the value this reading predicts.
    pub expects: Vec<(usize, Expect)>,
}

/// A question whose answer must be refuted: the wrong law where the question itself is what is wrong.
pub struct Refuted {
    pub id: &'static str,
    pub what: String,
    /// The claim that the run must have decided.
    pub draft: usize,
    pub ask: usize,
    pub expect: Expect,
}

/// Another run whose values stand for the prediction: question `i` of `probe` for comparison `i` of the first claim.
pub struct Reference {
    pub probe: Probe,
    /// Its first value must be refuted in the place of the first prediction.
    pub wrong: Probe,
    pub what: &'static str,
}

/// One run with everything said about it.
pub struct Case {
    /// Data, depth, norm, start, in words.
    pub instance: String,
    pub probe: Probe,
    pub drafts: Vec<Draft>,
    pub wrong: Vec<WrongLaw>,
    pub readings: Vec<Reading>,
    pub refuted: Vec<Refuted>,
    /// A case that breaks a hypothesis on purpose: which one, and the verdict its claims must have. They are controls.
    pub breaks: Option<(&'static str, Verdict)>,
    /// Where the prediction is itself a run.
    pub reference: Option<Reference>,
    /// Digits the dynamics are known to cost: where the first pair of runs starts, never where it ends.
    pub amplification: u32,
    /// Digits beyond which the claims of this case gain nothing: rates, whose tolerance is not `10^-D`.
    pub most_digits: Option<u32>,
    /// Also run with too few digits, which must end INCONCLUSIVE.
    pub starve: bool,
    /// Where the predictions cost something: what makes the case, when its turn has come.
    later: Option<Build>,
}

type Build = Box<dyn FnOnce() -> Result<Case, String> + Send>;

impl Case {
    pub fn new(setting: Setting, start: Layers, horizon: Horizon) -> Self {
        let instance = describe(&setting, &start);
        Case {
            instance,
            probe: Probe { setting, start, horizon, asks: Vec::new() },
            drafts: Vec::new(),
            wrong: Vec::new(),
            readings: Vec::new(),
            refuted: Vec::new(),
            breaks: None,
            reference: None,
            amplification: 0,
            most_digits: None,
            starve: false,
            later: None,
        }
    }

    /// A case that is made when its turn has come.
    pub fn later(build: impl FnOnce() -> Result<Case, String> + Send + 'static) -> Self {
        let empty = Setting { z: Vec::new(), depth: 1, norm: crate::sam::Norm::None, rho: Rational::new() };
        let mut case = Case::new(empty, Layers::new(), Horizon::S(Rational::new()));
        case.later = Some(Box::new(build));
        case
    }

    /// The case itself, or why its predictions could not be made.
    fn made(mut self) -> Result<Self, String> {
        let Some(build) = self.later.take() else { return Ok(self) };
        build().map(|case| Case { starve: self.starve || case.starve, ..case })
    }

    /// Adds a question; its number.
    pub fn ask(&mut self, ask: Ask) -> usize {
        self.probe.asks.push(ask);
        self.probe.asks.len() - 1
    }

    /// Adds a claim; its number.
    pub fn claim(&mut self, id: impl Into<String>, kind: Kind, statement: impl Into<String>) -> usize {
        self.drafts.push(Draft { id: id.into(), kind, statement: statement.into(), expects: Vec::new() });
        self.drafts.len() - 1
    }

    /// Adds a question and what the claim expects of it.
    pub fn expect(&mut self, draft: usize, ask: Ask, expect: Expect) {
        let index = self.ask(ask);
        self.drafts[draft].expects.push((index, expect));
    }

    fn tolerances(&self, digits: u32) -> Vec<Option<Float>> {
        let mut out = vec![None; self.probe.asks.len()];
        let expects = self.drafts.iter().flat_map(|d| &d.expects).chain(self.readings.iter().flat_map(|r| &r.expects));
        for (i, e) in expects {
            let tolerance = e.target.tolerance(digits);
            if out[*i].is_none() {
                out[*i] = tolerance;
            }
        }
        out
    }
}

/// Text for a setting and a start.
pub fn describe(setting: &Setting, start: &Layers) -> String {
    let row = |r: &[Rational]| {
        let texts: Vec<String> = r.iter().map(crate::arith::text::rational).collect();
        format!("({})", texts.join(","))
    };
    let data = if setting.samples() == 1 {
        format!("mu={}", row(&setting.z[0]))
    } else {
        format!("z={}", setting.z.iter().map(|z| row(z)).collect::<Vec<_>>().join(""))
    };
    let balanced = start.windows(2).all(|w| w[0] == w[1]);
    let layers = if balanced {
        format!("alpha={}", start.first().map_or(String::new(), |a| row(a)))
    } else {
        format!("layers={}", start.iter().map(|a| row(a)).collect::<Vec<_>>().join(""))
    };
    format!(
        "L={} {} rho={} {data} {layers}",
        setting.depth,
        setting.norm.name(),
        crate::arith::text::rational(&setting.rho)
    )
}

/// The result of one case.
struct Done {
    claims: Vec<Claim>,
    controls: Vec<Control>,
    findings: Vec<Finding>,
}

impl Case {
    /// The case with the values of its reference run in the place of the predictions.
    fn resolved(mut self, plan: &Plan) -> Case {
        let Some(reference) = self.reference.take() else { return self };
        let observe = |probe: &Probe| as_targets(&observe_twice(probe, plan, &vec![None; probe.asks.len()]));
        let (targets, wrong) = rayon::join(|| observe(&reference.probe), || observe(&reference.wrong));
        for ((_, expect), target) in self.drafts[0].expects.iter_mut().zip(targets) {
            expect.target = match target {
                // A coordinate at rest in zero is compared on the scale of the start.
                Some(Target::Number { ref value, .. }) if value.is_zero() => {
                    target.map_or(Target::Word(String::new()), |t| t.scaled(Float::with_val(64, 1)))
                }
                Some(target) => target,
                None => Target::Word("nothing: the reference run did not get there".into()),
            };
        }
        if let Some(Some(target)) = wrong.into_iter().next() {
            self.wrong.push(WrongLaw { id: "other-clock", what: reference.what.into(), draft: 0, expect: 0, target });
        }
        self
    }
}

fn run_case(case: Case, number: usize, plan: &Plan) -> Done {
    let digits = case.most_digits.map_or(plan.digits, |most| most.min(plan.digits));
    let plan = &Plan { amplification: case.amplification, digits, ..*plan };
    let case = &case.resolved(plan);
    let instance = format!("#{number} {}", case.instance);
    let observed = observe_twice(&case.probe, plan, &case.tolerances(digits));
    let claims: Vec<Claim> = case.drafts.iter().map(|d| judge_claim(d, &instance, &observed, digits)).collect();
    // A claim left open proves nothing wrong either: it is INCONCLUSIVE already, and its controls have no run to act on.
    let decided = |draft: usize| claims[draft].verdict != Verdict::Inconclusive;
    let mut controls: Vec<Control> = (0..case.drafts.len())
        .filter(|&i| decided(i) && matches!(case.drafts[i].kind, Kind::Equality | Kind::Limit))
        .filter_map(|i| shifted_constant(&case.drafts[i], &instance, &observed, digits))
        .collect();
    for w in case.wrong.iter().filter(|w| decided(w.draft)) {
        let Some((index, like)) = case.drafts[w.draft].expects.get(w.expect) else { continue };
        // On some of a user's data the neighbouring law is the same law (GD for rho = 0).
        if like.target.agrees(&w.target, digits) {
            continue;
        }
        controls.push(wrong_law(w.id, &w.what, w.target.clone(), *index, like, &observed, digits));
    }
    for r in case.refuted.iter().filter(|r| decided(r.draft)) {
        let got = judge(&r.expect, &instance, r.ask, &observed, digits).verdict;
        controls.push(Control { id: r.id.into(), what: r.what.clone(), expected: Verdict::Fail, got });
    }
    if case.starve {
        controls.push(starved(case, &instance, plan));
    }
    if let Some((hypothesis, expected)) = case.breaks {
        controls = claims.iter().map(|c| broken(c, hypothesis, expected, &instance)).collect();
    }
    for control in &mut controls {
        control.id = format!("#{number}/{}", control.id);
    }
    let findings = case.readings.iter().map(|r| finding(r, &instance, &observed, digits)).collect();
    let claims = if case.breaks.is_some() { Vec::new() } else { claims };
    Done { claims, controls, findings }
}

/// A claim of a case that breaks a hypothesis, as a control.
fn broken(claim: &Claim, hypothesis: &str, expected: Verdict, instance: &str) -> Control {
    Control {
        id: format!("{}/hypothesis", claim.id),
        what: format!("{hypothesis}: {instance}"),
        expected,
        got: claim.verdict,
    }
}

/// A prediction that could not be made leaves one claim open.
fn unpredicted(number: usize, why: String) -> Done {
    let claim = Claim {
        id: "prediction".into(),
        kind: Kind::Equality,
        statement: format!("instance {number} has a prediction"),
        verdict: Verdict::Inconclusive,
        reason: why,
        tolerance: String::new(),
        evidence: Vec::new(),
    };
    Done { claims: vec![claim], controls: Vec::new(), findings: Vec::new() }
}

/// The first claim of the case, observed with a third of the digits asked: never PASS, never FAIL.
fn starved(case: &Case, instance: &str, plan: &Plan) -> Control {
    let few = (plan.digits / 3).max(4);
    let plan = Plan { forced: Some([few, few + 3]), arithmetic: crate::check::Arithmetic::Mpfr, ..*plan };
    let observed = observe_twice(&case.probe, &plan, &case.tolerances(plan.digits));
    let got = judge_claim(&case.drafts[0], instance, &observed, plan.digits).verdict;
    Control {
        id: format!("{}/starved", case.drafts[0].id),
        what: format!("the same run with {few} digits"),
        expected: Verdict::Inconclusive,
        got,
    }
}

fn finding(reading: &Reading, instance: &str, observed: &Observed, digits: u32) -> Finding {
    let evidence: Vec<Evidence> =
        reading.expects.iter().map(|(i, e)| judge(e, instance, *i, observed, digits)).collect();
    Finding {
        claim: reading.claim.into(),
        statement: reading.statement.into(),
        verdict: evidence.iter().map(|e| e.verdict).max().unwrap_or(Verdict::Inconclusive),
        counterexample: evidence,
    }
}

/// Runs every case, in parallel, in order.
pub(super) fn run(theorem: &Theorem, cases: Vec<Case>, scope: &Scope) -> TheoremResult {
    let chosen: Vec<(usize, Case)> = (1..).zip(cases).filter(|(i, _)| scope.instance.is_none_or(|k| k == *i)).collect();
    let done: Vec<(usize, Done)> = chosen
        .into_par_iter()
        .with_max_len(1)
        .map(|(i, case)| match case.made() {
            Ok(case) => {
                let drafts = if case.breaks.is_some() { 0 } else { case.drafts.len() };
                (drafts, run_case(case, i, &scope.plan))
            }
            Err(why) => (1, unpredicted(i, why)),
        })
        .collect();
    let registered = done.iter().map(|(drafts, _)| drafts).sum();
    let mut result = TheoremResult {
        id: theorem.id.into(),
        title: theorem.title.into(),
        statement: theorem.statement.into(),
        basis: theorem.basis,
        hypotheses: theorem.hypotheses.iter().map(|h| (*h).into()).collect(),
        page: theorem.page.into(),
        prediction_proof: theorem.prediction_proof(),
        exploratory: super::EXPLORATORY.contains(&theorem.id),
        rigor: Rigor::Estimated,
        registered,
        claims: Vec::new(),
        controls: Vec::new(),
        findings: Vec::new(),
    };
    for (_, d) in done {
        result.claims.extend(d.claims);
        result.controls.extend(d.controls);
        result.findings.extend(d.findings);
    }
    result
}

/// The measured values of a probe as targets for another: `None` where one was not observed.
fn as_targets(observed: &Observed) -> Vec<Option<Target>> {
    observed
        .measured
        .iter()
        .map(|m| match m {
            Measured::Number { value, error } => Some(Target::Number {
                value: value.clone(),
                error: error.clone(),
                remainder: Float::new(64),
                scale: None,
            }),
            Measured::Word(w) => Some(Target::Word(w.clone())),
            Measured::Missing(_) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_without_its_prediction_is_inconclusive_and_says_why() {
        let plan = Plan { digits: 10, arithmetic: crate::check::Arithmetic::Mpfr, amplification: 0, forced: None };
        let scope = Scope { plan, profile: Profile::Quick, instance: None, user: None };
        let cases = vec![Case::later(|| Err("no root at these digits".into()))];
        let result = run(&super::super::ALL[0], cases, &scope);
        assert_eq!(result.verdict(), Verdict::Inconclusive);
        assert_eq!(result.claims[0].reason, "no root at these digits");
    }
}
