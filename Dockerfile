# A static binary on an empty, non-root base. /data is the one volume: it holds
# the database; the config is mounted at /etc/copydesk/copydesk.yaml and names
# it as `database: /data/copydesk.db`.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/copydesk ./cmd/copydesk \
 && mkdir -p /out/data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/copydesk /copydesk
COPY --from=build --chown=nonroot:nonroot /out/data /data
USER nonroot
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["/copydesk", "health", "-c", "/etc/copydesk/copydesk.yaml"]
ENTRYPOINT ["/copydesk"]
CMD ["run", "-c", "/etc/copydesk/copydesk.yaml"]
