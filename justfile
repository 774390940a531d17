# Daily commands; `just` lists them. Each is a script or one cargo call, so that
# nobody needs just itself.

[private]
default:
    @just --list

# Compare two files: just diff old.pdf new.pdf
diff *ARGS:
    cargo run --release -- diff {{ARGS}}

# Everything CI checks
test:
    scripts/test

# Format and lint only
lint:
    cargo fmt --all
    cargo clippy --workspace --all-targets -- -D warnings

# Score against documents with known edits, rewrite docs/accuracy.md
accuracy:
    scripts/accuracy

# Compare real files with their own re-saves
resaves *ARGS:
    scripts/resaves {{ARGS}}

# Time against other tools, rewrite docs/performance.md
bench:
    scripts/bench

# Fuzz every target for SECONDS each
fuzz SECONDS="600":
    scripts/fuzz {{SECONDS}}

# Take over changed snapshots after looking at them
snapshots:
    cargo insta review
