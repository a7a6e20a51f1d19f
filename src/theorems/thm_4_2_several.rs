//! Theorem 4.2, several samples: the l1 max-margin direction is approached at the exponents its dual gives.

use super::case::{Case, Profile, WrongLaw};
use super::instances::{q, row, show};
use crate::check::{Expect, Kind, Target};
use crate::config::UserData;
use crate::predict::max_margin_l1::{L1Margin, Signs, solve};
use crate::run::{Ask, Horizon, LimitAsk};
use crate::sam::{Layers, Norm, Setting};
use rug::ops::Pow;
use rug::{Float, Rational};

/// Exponents are compared to two or three digits.
const DIGITS: u32 = 8;

/// The built-in instances: balanced and sign-free starts, GD beside 2-SAM, and a start that collapses.
pub(super) fn cases(profile: Profile) -> Result<Vec<Case>, String> {
    let data = |rows: &[&str]| rows.iter().map(|r| row(r)).collect::<Vec<_>>();
    let page = data(&["2 -1 4/5", "1 -5/2 3/5"]);
    let mut out = vec![
        balanced(&page, Norm::L2, "1/2", &row("1 1 1"))?,
        balanced(&page, Norm::None, "0", &row("1 1 1"))?,
        collapsing(&page)?,
    ];
    if profile != Profile::Quick {
        out.push(balanced(&data(&["1 3 1/2", "2 1/2 1"]), Norm::L2, "1/2", &row("1 4/5 1"))?);
        out.push(sign_free(&page, Norm::L2, "1/2")?);
        out.push(sign_free(&page, Norm::None, "0")?);
    }
    if profile == Profile::Long {
        out.push(balanced(&data(&["3 1 -1", "-1 2 1/2"]), Norm::L2, "1/4", &row("1 1 1"))?);
    }
    Ok(out)
}

/// The user's own data, from the balanced start given.
pub(super) fn on_data(user: &UserData) -> Result<Case, String> {
    let Some(start) = &user.start else { return Err("it needs a [start] with uniform or balanced values".into()) };
    let alpha = start.alpha(user.z[0].len());
    if alpha.iter().any(|a| *a <= 0) {
        return Err("it asks for a positive start".into());
    }
    let rho = user.rho.clone().unwrap_or_else(|| Rational::from(1));
    case(&user.z, Norm::L2, rho, vec![alpha; 2], Signs::Nonnegative)
}

fn balanced(z: &[Vec<Rational>], norm: Norm, rho: &str, alpha: &[Rational]) -> Result<Case, String> {
    case(z, norm, q(rho), vec![alpha.to_vec(); 2], Signs::Nonnegative)
}

/// From `w^(1) = 1`, `w^(2) = 0`: `beta` starts at zero and is free to take any sign.
fn sign_free(z: &[Vec<Rational>], norm: Norm, rho: &str) -> Result<Case, String> {
    let d = z[0].len();
    let start = vec![vec![Rational::from(1); d], vec![Rational::new(); d]];
    case(z, norm, q(rho), start, Signs::Any)
}

/// A start so small that 2-SAM collapses: the loss does not vanish, a hypothesis of the theorem is not met.
fn collapsing(z: &[Vec<Rational>]) -> Result<Case, String> {
    let d = z[0].len();
    let start = vec![vec![q("1/20"); d]; 2];
    let mut case = case(z, Norm::L2, q("1/2"), start, Signs::Nonnegative)?;
    case.breaks = Some(("the loss does not vanish", crate::check::Verdict::Inconclusive));
    case.wrong.clear();
    Ok(case)
}

fn case(z: &[Vec<Rational>], norm: Norm, rho: Rational, start: Layers, signs: Signs) -> Result<Case, String> {
    let margin = solve(z, signs).map_err(|e| e.to_string())?;
    // Several support vectors relax towards each other at a rate like ||beta||: stiff, and a hundred times the steps for a hundred times the horizon.
    let stiff = margin.dual.iter().filter(|p| !p.is_zero()).count() > 1;
    let between = if stiff { ["1e2", "1e4"] } else { ["1e4", "1e6"] };
    let other = solve(z, if signs == Signs::Any { Signs::Nonnegative } else { Signs::Any }).ok();
    let between = between.map(q);
    let setting = Setting { z: z.to_vec(), depth: 2, norm, rho: rho.clone() };
    let mut case = Case::new(setting, start, Horizon::LogT(between[1].clone()));
    case.most_digits = Some(DIGITS);
    let tolerances = Tolerances { margin: &margin, rho: &rho, between: &between };
    loss_vanishes(&mut case, &between[1]);
    growth(&mut case, &tolerances, other.as_ref());
    approach(&mut case, &tolerances);
    Ok(case)
}

/// Hypothesis of the theorem, checked: the least margin follows `log t`.
fn loss_vanishes(case: &mut Case, log_t: &Rational) {
    let id = case.claim("vanishing-loss", Kind::Bound, "hypothesis: the loss vanishes, min_n <z_n, beta> > log t / 2");
    let end = Float::with_val(64, log_t);
    let expect = Expect {
        what: "least margin".into(),
        clock: "log_t",
        horizon: show(log_t),
        target: Target::above(Float::with_val(64, &end / 2u32), &end),
        source: "log Loss ~ -log t (proofs/thm-4.2.md)".into(),
    };
    case.expect(id, Ask::Limit(LimitAsk::LeastMargin { log_t: log_t.clone() }), expect);
    case.wrong.push(WrongLaw {
        id: "loss-stays",
        what: "the loss stays where it was".into(),
        draft: id,
        expect: 0,
        target: Target::below(Float::with_val(64, 1), &end),
    });
}

/// Tolerances of the exponents, from the next-order terms of the page.
struct Tolerances<'a> {
    margin: &'a L1Margin,
    rho: &'a Rational,
    between: &'a [Rational; 2],
}

impl Tolerances<'_> {
    /// The slowest of the corrections, as a power of `log t`: inactive coordinates, and `K_inf - K` for SAM.
    fn slowest(&self) -> Rational {
        let gaps = (0..self.margin.w.len()).filter(|&j| self.margin.w[j].is_zero()).map(|j| self.exponent(j));
        let sam = (!self.rho.is_zero()).then(|| Rational::from((1, 2)));
        gaps.chain(sam).chain([Rational::from(1)]).min().unwrap_or_default()
    }

    /// `1 - m_j/gamma*`.
    fn exponent(&self, j: usize) -> Rational {
        Rational::from(1) - Rational::from(&self.margin.strength[j] / &self.margin.margin)
    }

    /// `size T_1^-delta / ln(T_2/T_1)`.
    fn of(&self, size: &Rational) -> Float {
        let first = Float::with_val(64, &self.between[0]);
        let span = Float::with_val(64, Float::with_val(64, &self.between[1]) / &first).ln();
        let power = Float::with_val(64, self.slowest());
        Float::with_val(64, size) / first.pow(power) / span
    }
}

/// `ln |beta_j| / ln |beta_k| -> m_j / gamma*`, `k` the largest active coordinate.
fn growth(case: &mut Case, t: &Tolerances, other: Option<&L1Margin>) {
    let m = t.margin;
    let k = (0..m.w.len()).max_by(|&a, &b| m.w[a].clone().abs().cmp(&m.w[b].clone().abs())).unwrap_or(0);
    let inactive: Vec<usize> = (0..m.w.len()).filter(|&j| m.w[j].is_zero()).collect();
    if inactive.is_empty() {
        return;
    }
    let id = case.claim("growth", Kind::Rate, "inactive |beta_j| grows like |beta_k|^(m_j/gamma*), k active");
    let target = |ratio: &Rational| {
        // One unit of each next-order term, and what their product with the two rates makes of it.
        let size = Rational::from(1) + ratio.clone().abs() * (Rational::from(1) - ratio).abs() + t.rho;
        Target::within(&Float::with_val(64, ratio), &t.of(&size))
    };
    for (n, &j) in inactive.iter().enumerate() {
        let ratio = Rational::from(&m.strength[j] / &m.margin);
        let expect = Expect {
            what: format!("d ln|beta_{}| / d ln|beta_{}|", j + 1, k + 1),
            clock: "log_t",
            horizon: show(&t.between[1]),
            target: target(&ratio),
            source: "m_j/gamma*, m_j from the dual of the l1 max-margin problem (proofs/thm-4.2.md)".into(),
        };
        case.expect(id, Ask::Limit(LimitAsk::Growth { j, k, between: t.between.clone() }), expect);
        let same = "every coordinate keeps its share, as on the way to the l2 max-margin direction".into();
        case.wrong.push(WrongLaw {
            id: "l2-direction",
            what: same,
            draft: id,
            expect: n,
            target: target(&Rational::from(1)),
        });
        // The other problem, where it says something else about this coordinate.
        if let Some(o) = other.filter(|o| Rational::from(&o.strength[j] / &o.margin) != ratio) {
            let wrong = Rational::from(&o.strength[j] / &o.margin);
            let what = "the exponent of the other l1 problem (any signs for nonnegative)".into();
            case.wrong.push(WrongLaw { id: "other-signs", what, draft: id, expect: n, target: target(&wrong) });
        }
    }
}

/// `1 - min_n <z_n, beta>/(gamma* ||beta||_1)` falls like the slowest inactive share.
fn approach(case: &mut Case, t: &Tolerances) {
    let exponents = (0..t.margin.w.len()).filter(|&j| t.margin.w[j].is_zero()).map(|j| t.exponent(j));
    let Some(slowest) = exponents.min().filter(|e| *e < 1) else { return };
    let id =
        case.claim("approach", Kind::Rate, "1 - min_n <z_n, beta>/(gamma* ||beta||_1) ~ (log t)^-min(1 - m_j/gamma*)");
    let target = |exponent: Rational| {
        let size = Rational::from(2) + t.rho;
        Target::within(&Float::with_val(64, -exponent), &t.of(&size))
    };
    let expect = Expect {
        what: "exponent of log t".into(),
        clock: "log_t",
        horizon: show(&t.between[1]),
        target: target(slowest.clone()),
        source: "m_j from the dual of the l1 max-margin problem (proofs/thm-4.2.md)".into(),
    };
    let ask = LimitAsk::Approach { margin: t.margin.margin.clone(), between: t.between.clone() };
    case.expect(id, Ask::Limit(ask), expect);
    case.wrong.push(WrongLaw {
        id: "power-of-t",
        what: "exponent 1: the direction as fast as 1/log t".into(),
        draft: id,
        expect: 0,
        target: target(Rational::from(1)),
    });
}
