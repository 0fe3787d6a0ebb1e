//! `mapling-kernels ROUNDS [PART OF A NAME…]`: one JSON line for each case, its seconds in every round.
//! A module in WebAssembly has no such clock: there the hosts call the library and read theirs.
#[cfg(not(target_arch = "wasm32"))]
use cpu_time::ProcessTime;

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    let mut args = std::env::args().skip(1);
    let rounds: usize = args.next().and_then(|n| n.parse().ok()).unwrap_or(5);
    let wanted: Vec<String> = args.collect();
    let mut cases = mapling_kernels::all();
    cases.retain(|case| {
        case.name == "peak"
            || wanted.is_empty()
            || wanted.iter().any(|part| case.name.contains(part.as_str()))
    });
    // Processor time: what other programs take meanwhile does not count.
    let start = ProcessTime::now();
    let now = || start.elapsed().as_secs_f64();
    let mut seconds = vec![Vec::new(); cases.len()];
    for _ in 0..rounds {
        for (case, seconds) in cases.iter_mut().zip(&mut seconds) {
            seconds.push(case.seconds(now));
        }
    }
    for (case, seconds) in cases.iter().zip(&seconds) {
        let (name, flops) = (&case.name, case.flops);
        println!(r#"{{"name":"{name}","flops":{flops},"seconds":{seconds:?}}}"#);
    }
}
