# One image for compare-ui, gateway, ingest, db-router and pdf-compare.

# What runs: also the target of compose/dev.yml, which mounts ready binaries into it.
FROM debian:trixie-slim AS runtime
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates curl tini \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin pdfcompare \
 && install -d -o pdfcompare -g pdfcompare -m 750 /data /data/blobs /data/staging
USER pdfcompare
WORKDIR /data
EXPOSE 8080 8081 8082 8083
ENTRYPOINT ["tini", "--"]
CMD ["pdf-compare", "serve", "--listen", "0.0.0.0:8080", "--data", "/data"]

# The manifests with empty sources: the same bytes until a dependency changes, so
# that the layer with the built dependencies below is kept until then.
FROM rust:1-slim-trixie AS manifests
WORKDIR /src
COPY . .
RUN rm -rf samples docs \
 && find crates -type f ! -name Cargo.toml ! -path '*/src/lib.rs' ! -path '*/src/main.rs' \
      ! -path '*/src/bin/*.rs' ! -path '*/tests/*.rs' ! -path '*/benches/*.rs' -delete \
 && find crates -type d -empty -delete \
 && find crates -name '*.rs' -exec truncate -s 0 {} + \
 && find crates \( -path '*/src/main.rs' -o -path '*/src/bin/*.rs' \) \
      -exec sh -c 'for f; do echo "fn main() { }" > "$f"; done' sh {} + \
 && find . -exec touch -d 2000-01-01 {} +

FROM rust:1-slim-trixie AS build
# No debug information: it would be stripped anyway, and building it takes time.
ENV CARGO_PROFILE_RELEASE_DEBUG=false CARGO_PROFILE_RELEASE_STRIP=true CARGO_TERM_PROGRESS_WHEN=never
ARG PROFILE=release
ARG PACKAGES="-p compare-ui -p gateway -p ingest -p db-router -p pdf-compare"
WORKDIR /src
COPY --from=manifests /src .
RUN cargo build --profile $PROFILE --locked --bins $PACKAGES
COPY . .
# Cargo goes by time, and a checked-out file may be older than its empty stand-in.
RUN find crates -name '*.rs' -exec touch {} + \
 && cargo build --profile $PROFILE --locked --bins $PACKAGES \
 && install -d /out \
 && for name in compare-ui gateway ingest db-router pdf-compare; do install -m 755 "target/$PROFILE/$name" /out/; done

FROM runtime
COPY --from=build /out/ /usr/local/bin/
