// swift-tools-version: 6.2
import PackageDescription

// A client package: each target uses one product of SwiftFX and contains the code of its documentation; the last one
// uses them all, and contains the code of the pages that are about no single product.
// `Scripts/check_snippets.py` copies this file to `.build/client-package` and writes the sources beside it.
let products = [
  "FX", "ExportedPrograms", "GraphText", "ShapePropagation", "SizeAdmission", "GraphPasses", "ProgramPasses",
  "ProgramCosts", "ProgramComparison", "ProgramReports", "SwiftFX",
]

let package = Package(
  name: "client",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "swift-fx", path: "../..")],
  targets: (products.map { ($0, [$0]) } + [("Documentation", products)]).map { name, products in
    .executableTarget(
      name: "\(name)Client", dependencies: products.map { .product(name: $0, package: "swift-fx") },
      swiftSettings: [.treatAllWarnings(as: .error)])
  },
  swiftLanguageModes: [.v6]
)
