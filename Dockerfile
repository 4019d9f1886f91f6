# The server in a container: docker build -t sharesmart . && docker run -p 8443:8443 -v sharesmart:/data sharesmart
FROM golang:1.26.11-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "-s -w" -o /out/sharesmart ./cmd/sharesmart \
    && mkdir -m 0700 /out/data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/sharesmart /usr/bin/sharesmart
COPY --from=build --chown=nonroot:nonroot /out/data /data
ENV SHARESMART_DATA=/data SHARESMART_HTTPS=:8443
USER nonroot
VOLUME ["/data"]
EXPOSE 8443
HEALTHCHECK --interval=10s --timeout=6s --start-period=10s CMD ["/usr/bin/sharesmart", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/sharesmart"]
CMD ["serve"]
