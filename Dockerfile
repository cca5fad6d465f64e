# Rollcall in a container.
#
#   docker build -t rollcall .
#   docker run --rm -p 8080:8080 rollcall demo
#   docker run --rm -p 8080:8080 -v rollcall-data:/data rollcall
#   docker run --rm -v rollcall-data:/data -v "$PWD/manifests:/in:ro" rollcall ingest /in --dataset my-set --revision 1
#
# The builder compiles; the second stage holds the one program, no toolchain and no root. The builder's image has the C
# compiler that zstd needs. A server that is running sees what another container has taken in within a second.

# Both stages are the same Debian, so that the program finds the C library it was linked with.
FROM rust:1.95-slim-trixie AS builder
WORKDIR /build
COPY Cargo.toml Cargo.lock ./
COPY src src
COPY rules rules
COPY templates templates
COPY static static
# Cargo wants every target of Cargo.toml to be there, also those it is not asked to build.
COPY tests tests
COPY benches benches
# The mounts keep downloads and compiled dependencies between builds; they are no part of the image.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked --bin rollcall \
    && install -s -m 755 target/release/rollcall /rollcall

FROM debian:trixie-slim
LABEL org.opencontainers.image.title="Rollcall" \
      org.opencontainers.image.description="Am I in there? A search over public AI training datasets." \
      org.opencontainers.image.licenses="Apache-2.0 OR MIT"
RUN useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin rollcall \
    && install -d -o rollcall -g rollcall /data
COPY --from=builder /rollcall /usr/local/bin/rollcall
COPY LICENSE LICENSE-APACHE LICENSE-MIT /usr/share/doc/rollcall/
USER rollcall
WORKDIR /data
# `serve`, `demo` and the health check read the same address.
ENV ROLLCALL_DATA=/data \
    ROLLCALL_LISTEN=0.0.0.0:8080
VOLUME /data
EXPOSE 8080
# `health` gives up by itself after at most three seconds to connect and three for the answer.
HEALTHCHECK --interval=30s --timeout=7s --start-period=10s --retries=3 CMD ["rollcall", "health"]
ENTRYPOINT ["rollcall"]
CMD ["serve"]
