//! `pdf-compare samples`: pairs to try the command on, carried in the program.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::Outcome;
use crate::output::Target;
use crate::trouble::Trouble;

/// Made by the project's own generator.
const SAMPLES: [(&str, &[u8]); 6] = [
    (
        "contract-a.pdf",
        include_bytes!("../../../samples/contract-a.pdf"),
    ),
    (
        "contract-b.pdf",
        include_bytes!("../../../samples/contract-b.pdf"),
    ),
    (
        "paper-a.pdf",
        include_bytes!("../../../samples/paper-a.pdf"),
    ),
    (
        "paper-b.pdf",
        include_bytes!("../../../samples/paper-b.pdf"),
    ),
    (
        "schematic-a.pdf",
        include_bytes!("../../../samples/schematic-a.pdf"),
    ),
    (
        "schematic-b.pdf",
        include_bytes!("../../../samples/schematic-b.pdf"),
    ),
];

/// Runs the command.
pub(crate) fn run(folder: &Path) -> Result<Outcome, Trouble> {
    fs::create_dir_all(folder)
        .map_err(|e| Trouble::io(&folder.display().to_string(), "cannot be made", e))?;
    for (name, bytes) in SAMPLES {
        let path = folder.join(name);
        let shown = path.display().to_string();
        Target::File(path).write(|out| {
            out.write_all(bytes)
                .map_err(|e| Trouble::io(&shown, "cannot be written", e))
        })?;
    }
    for pair in SAMPLES.chunks_exact(2) {
        if let [(old, _), (new, _)] = pair {
            let (old, new) = (folder.join(old), folder.join(new));
            writeln!(
                io::stdout(),
                "pdf-compare diff {} {}",
                old.display(),
                new.display()
            )
            .map_err(|e| Trouble::io("standard output", "cannot be written", e))?;
        }
    }
    Ok(Outcome::Same)
}
