#!/usr/bin/env bash
# Generate the manual page Packaging/swiftfx.1 from the options that the command declares.
set -euo pipefail
cd "$(dirname "$0")/.."
swift package plugin --allow-writing-to-package-directory generate-manual --configuration debug \
  --date "$(git log -1 --format=%cs -- Sources/SwiftFXCommand)"
cp .build/plugins/GenerateManual/outputs/SwiftFXCommand/swiftfx.1 Packaging/swiftfx.1
