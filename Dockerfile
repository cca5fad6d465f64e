# Rollcall in a container.
#
#   docker build -t rollcall .
#   docker run --rm -p 8080:8080 -v rollcall-data:/data rollcall
#   docker run --rm -v rollcall-data:/data -v "$PWD/manifests:/in:ro" rollcall ingest /in --dataset my-set --revision 1
#
# The builder compiles; the second stage holds the one program, no toolchain and no root.

FROM rust:1.95-slim AS builder
WORKDIR /build
# zstd's C sources are compiled by one dependency; libc6-dev comes with the image, a C compiler too.
# Dependencies first, against an empty program, so that a change of ours does not compile them again.
COPY Cargo.toml Cargo.lock ./
RUN mkdir -p src tests/it benches \
    && echo 'fn main() {}' > src/main.rs \
    && touch src/lib.rs \
    && echo 'fn main() {}' > tests/it/main.rs \
    && for bench in $(sed -n '/^\[\[bench\]\]/,/^$/s/^path = "\(.*\)"/\1/p' Cargo.toml); do \
         mkdir -p "$(dirname "$bench")" && echo 'fn main() {}' > "$bench"; \
       done \
    && cargo build --release --locked --bin rollcall
COPY src src
COPY templates templates
COPY static static
# New times, so that cargo sees that the empty program is out of date.
RUN find src -name '*.rs' -exec touch {} + \
    && cargo build --release --locked --bin rollcall \
    && strip target/release/rollcall

FROM debian:trixie-slim
LABEL org.opencontainers.image.title="Rollcall" \
      org.opencontainers.image.description="Am I in there? A search over public AI training datasets." \
      org.opencontainers.image.licenses="Apache-2.0 OR MIT"
RUN useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin rollcall \
    && install -d -o rollcall -g rollcall /data
COPY --from=builder /build/target/release/rollcall /usr/local/bin/rollcall
COPY LICENSE LICENSE-APACHE LICENSE-MIT /usr/share/doc/rollcall/
USER rollcall
WORKDIR /data
ENV ROLLCALL_DATA=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=3 \
    CMD ["rollcall", "health", "--listen", "127.0.0.1:8080"]
ENTRYPOINT ["rollcall"]
CMD ["serve", "--listen", "0.0.0.0:8080"]
