// swift-tools-version: 6.2
import PackageDescription

// A client package: each target uses one product of SwiftFX and contains the code of its documentation.
// `Scripts/check_snippets.py` copies this file to `.build/client-package` and writes the sources beside it.
let products = [
  "FX", "ExportedPrograms", "GraphText", "ShapePropagation", "SizeAdmission", "GraphPasses", "ProgramPasses",
  "ProgramCosts", "ProgramComparison", "ProgramReports", "SwiftFX",
]

let package = Package(
  name: "client",
  platforms: [.macOS(.v26)],
  dependencies: [.package(name: "swift-fx", path: "../..")],
  targets: products.map { product in
    .executableTarget(
      name: "\(product)Client", dependencies: [.product(name: product, package: "swift-fx")],
      swiftSettings: [.treatAllWarnings(as: .error)])
  },
  swiftLanguageModes: [.v6]
)
