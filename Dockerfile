# Only the command `swiftfx`: a release build is a single file that needs only the C and C++ libraries.
#
#   docker build -t swiftfx .
#   docker run --rm -v "$PWD:/models:ro" swiftfx propagate /models/model.pt2
FROM swift:6.3-noble AS build
WORKDIR /swiftfx
COPY . .
RUN swift build -c release --product swiftfx \
  && cp "$(swift build -c release --show-bin-path)/swiftfx" /usr/local/bin/swiftfx

FROM ubuntu:noble
COPY --from=build /usr/local/bin/swiftfx /usr/local/bin/swiftfx
COPY LICENSE NOTICE /usr/share/doc/swiftfx/
USER nobody
ENTRYPOINT ["swiftfx"]
