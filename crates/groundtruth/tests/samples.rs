//! The shipped samples come from this generator.
#![allow(clippy::unwrap_used)]

use std::path::Path;

#[test]
fn samples_are_what_the_generator_writes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    for sample in groundtruth::samples::samples().unwrap() {
        assert!(
            sample.old.len() + sample.new.len() < 150_000,
            "{} is too large to ship",
            sample.name
        );
        for (letter, bytes) in [('a', &sample.old), ('b', &sample.new)] {
            let file = folder.join(format!("{}-{letter}.pdf", sample.name));
            let shipped = std::fs::read(&file).unwrap();
            // Fonts of another version are embedded differently; the number of
            // pages and the words are the same, the bytes are not.
            if groundtruth::samples::same_fonts(&shipped, bytes) {
                assert!(
                    &shipped == bytes,
                    "run `cargo run -p groundtruth -- samples samples` to renew {}",
                    file.display()
                );
            }
        }
    }
}
