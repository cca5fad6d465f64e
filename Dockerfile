# Rollcall in a container.
#
#   docker build -t rollcall .
#   docker run --rm -p 8080:8080 -v rollcall-data:/data rollcall
#   docker run --rm -v rollcall-data:/data -v "$PWD/manifests:/in:ro" rollcall ingest /in --dataset my-set --revision 1
#
# The builder compiles; the second stage holds the one program, no toolchain and no root.

# Both stages are the same Debian, so that the program finds the C library it was linked with.
FROM rust:1.95-slim-trixie AS builder
WORKDIR /build
COPY Cargo.toml Cargo.lock ./
COPY src src
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
ENV ROLLCALL_DATA=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s --retries=3 \
    CMD ["rollcall", "health", "--listen", "127.0.0.1:8080"]
ENTRYPOINT ["rollcall"]
CMD ["serve", "--listen", "0.0.0.0:8080"]
