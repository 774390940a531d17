//! x
use std::path::Path;
fn main() {
    let a: Vec<String> = std::env::args().collect();
    match groundtruth::cases::generate(Path::new(&a[1]), a[2].parse().unwrap_or(1), a.get(3).map_or("", |s| s)) { Ok(v) => println!("{}", v.len()), Err(e) => println!("{e}") }
}
