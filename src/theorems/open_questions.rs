//! Questions the paper leaves open, answered on instances: exploratory, never called theorems of the paper.

use super::Theorem;
use super::case::{Case, Profile, Scope, WrongLaw};
use super::instances::{q, row, show, single_example};
use crate::check::{Basis, Expect, Kind, Target};
use crate::predict::two_sam_deep;
use crate::run::{Ask, At, Horizon};
use crate::sam::{Norm, Setting};
use rug::{Float, Rational};

pub(super) const THEOREM: Theorem = Theorem {
    id: "open-questions",
    title: "open: 2-SAM at L = 3, unbalanced inf-SAM",
    statement: "Explored, not claimed: from a uniform start 2-SAM at L = 3 passes through the leaders of its reduced \
                equation, not monotonically in alpha_0, and never collapses; unbalanced inf-SAM at L = 2 with layers of \
                one sign grows where |w1| + |w2| > 2 rho and dies where it is less.",
    basis: Basis::Derived,
    hypotheses: &["one example, 0 < mu_1 < ... < mu_d"],
    page: "proofs/open-questions.md",
    coq: &[],
    cases,
};

/// Leaders and fates ask for no more digits.
const DIGITS: u32 = 15;

fn cases(scope: &Scope) -> Result<Vec<Case>, String> {
    if let Some(user) = &scope.user {
        let (mu, alpha, rho) = single_example(user)?;
        if alpha.iter().any(|a| *a != alpha[0]) {
            return Err("it asks for a uniform start".into());
        }
        return Ok(vec![leaders(&mu, &alpha[0], &rho)?]);
    }
    let starts: &[&str] = match scope.profile {
        Profile::Quick => &["1/10", "1/5", "6/5"],
        _ => &["1/50", "1/10", "3/20", "1/5", "3/10", "37/100", "1/2", "21/20", "6/5"],
    };
    let mut out = Vec::new();
    for alpha in starts {
        out.push(leaders(&row("1 2 3"), &q(alpha), &q("1"))?);
    }
    out.push(unbalanced("3/10", "9/5"));
    out.push(unbalanced("3/10", "8/5"));
    Ok(out)
}

/// The leaders of the flow at depth 3.
fn leaders(mu: &[Rational], alpha: &Rational, rho: &Rational) -> Result<Case, String> {
    if mu.len() < 2 {
        return Err("it asks for at least two coordinates".into());
    }
    let word = two_sam_deep::leaders(mu, alpha, rho, 3).ok_or("the reduced equation does not grow")?;
    let setting = Setting::single(mu, 3, Norm::L2, rho.clone());
    let start = setting.balanced(&vec![alpha.clone(); mu.len()]);
    let mut case = Case::new(setting, start, Horizon::BlowUp { digits: 6 });
    case.most_digits = Some(DIGITS);
    let id =
        case.claim("leaders", Kind::Sequence, "the leaders are those of the reduced equation, and the flow blows up");
    let expect = |what: &str, word: &str, source: &str| Expect {
        what: what.into(),
        clock: "s",
        horizon: "T*".into(),
        target: Target::Word(word.into()),
        source: source.into(),
    };
    let source = "Runge-Kutta on dw/ds = mu (w - rho mu w^2/(sqrt3 n))^2 (proofs/open-questions.md)";
    case.expect(id, Ask::Leaders, expect("leaders", &word, source));
    case.expect(id, Ask::Ending, expect("ending", "blow_up", "every rate is a square: no weight falls"));
    let all: Vec<String> = (1..=mu.len()).map(|j| j.to_string()).collect();
    let minor_first = all.join(" ");
    let other = if word == minor_first { all[mu.len() - 1].clone() } else { minor_first };
    let what = "another sequence: minor to major, or the major alone".into();
    case.wrong.push(WrongLaw { id: "other-leaders", what, draft: id, expect: 0, target: Target::Word(other) });
    Ok(case)
}

/// inf-SAM at depth 2 from layers `a`, `b` of one sign, `rho = 1`, one coordinate.
fn unbalanced(a: &str, b: &str) -> Case {
    let setting = Setting::single(&[q("1")], 2, Norm::Linf, q("1"));
    let grows = q(a) + q(b) > 2;
    let mut case = Case::new(setting, vec![row(a), row(b)], Horizon::S(q("5/2")));
    case.most_digits = Some(DIGITS);
    let id = case.claim("unbalanced", Kind::Bound, "beta(5/2) > rho^2 if |w1| + |w2| > 2 rho, < rho^2 if it is less");
    let one = Float::with_val(64, 1);
    let target = |grows: bool| if grows { Target::above(one.clone(), &one) } else { Target::below(one.clone(), &one) };
    let expect = Expect {
        what: "beta".into(),
        clock: "s",
        horizon: show(&q("5/2")),
        target: target(grows),
        source: "w1 + w2 - 2 rho grows like e^(mu s) (proofs/open-questions.md)".into(),
    };
    case.expect(id, Ask::Beta(0, At::S(q("5/2"))), expect);
    let what = "the opposite fate".into();
    case.wrong.push(WrongLaw { id: "other-fate", what, draft: id, expect: 0, target: target(!grows) });
    case
}
