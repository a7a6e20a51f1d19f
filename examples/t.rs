use rug::*;
use samcheck::arith::*;
use samcheck::run::*;
use samcheck::sam::*;
fn main() {
    let d: u32 = std::env::args().nth(1).map(|s| s.parse().unwrap()).unwrap_or(65);
    let ctx = Mpfr::with_digits(d);
    let q = |s: &str| text::parse_rational(s).unwrap();
    let s = Setting::single(&[q("1"), q("2")], 2, Norm::L2, q("1"));
    let t0 = std::time::Instant::now();
    let mut p = Path::solve(&ctx, &s, &s.balanced(&[q("0.6"), q("0.6")]), &Horizon::LogT(q("1e1000")));
    println!(
        "{:?} steps {} classes {} leader {:?} {:?}",
        p.outcome,
        p.run.trajectory.steps.len(),
        p.flow.states(),
        p.first_leader,
        t0.elapsed()
    );
    for h in &p.hand_overs {
        println!("{} -> {} at {}", h.from + 1, h.to + 1, text::decimal(&h.x, 50));
    }
    let tgt = ctx.rational(&q("1e1000"));
    let x = p.x_of_log_t(&tgt).unwrap().unwrap();
    println!("s={} {:?}", text::decimal(&x, 50), t0.elapsed());
    let lt = p.log_t(&x).unwrap().unwrap();
    println!("z={} rest={}", text::decimal(&lt.z, 60), text::decimal(&lt.rest, 60));
    for t in ["1", "10", "100", "1000"] {
        let x = p.x_of_log_t(&ctx.rational(&q(t))).unwrap().unwrap();
        let o = p.observe(&x).unwrap().unwrap();
        println!(
            "log t={t}: s={} beta={:?} {:?}",
            text::decimal(&x, 30),
            o.beta.iter().map(|b| text::decimal(b, 30)).collect::<Vec<_>>(),
            t0.elapsed()
        );
    }
    // L=4 linf
    let s = Setting::single(&[q("1"), q("2"), q("3")], 4, Norm::Linf, q("1"));
    let t0 = std::time::Instant::now();
    let p = Path::solve(&ctx, &s, &s.balanced(&[q("0.5"), q("1.2"), q("1")]), &Horizon::BlowUp { digits: d });
    if let samcheck::ode::Outcome::BlowUp { x } = &p.outcome {
        println!(
            "T*={} (25/4=6.25...) steps {} {:?}",
            text::decimal(x, 50),
            p.run.trajectory.steps.len(),
            t0.elapsed()
        );
    } else {
        println!("{:?}", p.outcome)
    }
    for t in &p.run.transitions {
        println!("{:?} {} at {}", t.kind, t.label, text::decimal(&p.s_of_x(&t.x).unwrap(), 50));
    }
    // depth 1 four samples
    let z: Vec<Vec<Rational>> =
        [["3", "-1"], ["-1", "2"], ["1", "1"], ["2", "3"]].iter().map(|r| r.iter().map(|v| q(v)).collect()).collect();
    for n in [Norm::None, Norm::L2, Norm::Linf] {
        let s = Setting { z: z.clone(), depth: 1, norm: n, rho: q("1") };
        let t0 = std::time::Instant::now();
        let mut p = Path::solve(&ctx, &s, &s.balanced(&[q("0"), q("0")]), &Horizon::LogT(q("2000")));
        println!(
            "{:?} steps {} {:?} {:?} modes {}",
            p.outcome,
            p.run.trajectory.steps.len(),
            p.run.transitions.len(),
            t0.elapsed(),
            p.run.modes.len()
        );
        if let Some(x) = p.x_of_log_t(&ctx.rational(&q("2000"))).unwrap() {
            let o = p.observe(&x).unwrap().unwrap();
            println!(" v={:?} {:?}", o.beta.iter().map(|b| text::decimal(b, 30)).collect::<Vec<_>>(), t0.elapsed());
        }
    }
}
