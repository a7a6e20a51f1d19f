use samcheck::arith::fixed::*;
use std::time::Instant;
fn main(){
  let mut s=1u64; let mut next=||{ s=s.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407); s^(s>>29)};
  for (n,count) in [(1usize,48usize),(2,48),(3,48),(4,48),(5,48),(5,8),(5,3),(8,60),(12,100),(17,190),(17,30),(34,16),(34,32),(34,300),(56,16),(56,32),(56,600)] {
    let limbs:Vec<u64>=(0..2*count*n).map(|_|next()).collect(); let neg:Vec<bool>=(0..2*count).map(|_|next()&1==1).collect();
    let (x,y)=(Rows{limbs:&limbs[..count*n],negative:&neg[..count]},Rows{limbs:&limbs[count*n..],negative:&neg[count..]});
    let mut dx=Digits::new(count,n); let mut dy=Digits::new(count,n);
    let t=Instant::now();
    for i in 0..count { dx.set(i,&x.limbs[i*n..(i+1)*n],x.negative[i]); dy.set(i,&y.limbs[i*n..(i+1)*n],y.negative[i]); }
    let set=t.elapsed().as_nanos() as f64/(2*count) as f64;
    let mut acc=vec![0;n+3]; let mut c=Columns::default();
    let reps=(20_000_000/(count*n*n)).max(3);
    let t=Instant::now(); for _ in 0..reps { dot(&mut acc,std::hint::black_box(x),y,n,n);} let a=t.elapsed().as_nanos() as f64/reps as f64;
    let t=Instant::now(); for _ in 0..reps { c.dot(&mut acc,std::hint::black_box(dx.range(0,count)),dy.range(0,count),Accuracy{limbs:n,drop:26});} let b=t.elapsed().as_nanos() as f64/reps as f64;
    println!("n={n:3} count={count:4}: dot {a:9.0} ns  digits {b:9.0} ns  ratio {:.2}   set {set:.0} ns  scalar? {}", a/b, std::env::var("SC").is_ok());
  }
}
