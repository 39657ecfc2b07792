// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  // Types that are made of others are asked for by a call, not by a name that the runtime must take apart and look
  // for among all conformances of the program: a tenth of what a fresh process needs up to its first result.
  .unsafeFlags(
    ["-Xfrontend", "-disable-concrete-type-metadata-mangled-name-accessors"], .when(configuration: .release)),
]

/// A library target with its test target: the arrows of the package, one call a target.
func library(
  _ name: String, _ dependencies: Target.Dependency..., path: String? = nil, goldens: Bool = false,
  alsoTests: [Target.Dependency] = []
) -> [Target] {
  [
    .target(name: name, dependencies: dependencies, path: path, swiftSettings: settings),
    .testTarget(
      name: "\(name)Tests", dependencies: dependencies + [.target(name: name), "TestSupport"] + alsoTests,
      resources: goldens ? [.copy("Goldens")] : [], swiftSettings: settings),
  ]
}

let collections = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let libraries: [[Target]] = [
  library("TensorVocabulary", goldens: true),
  library("OperatorSchemas", "TensorVocabulary", goldens: true),
  library("SymbolicExpressions", goldens: true),
  library("SymbolicShapes", "SymbolicExpressions", goldens: true, alsoTests: ["ReasoningScenarios"]),
  library("ReasoningScenarios", "SymbolicExpressions", "SymbolicShapes", path: "Tools/ReasoningScenarios"),
  library(
    "FX", "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes", collections,
    goldens: true),
  library(
    "FakeTensors", "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes"),
  library(
    "ATenOperators", "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes",
    "FakeTensors", goldens: true),
  library(
    "ShapePropagation", "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes",
    "FX", "FakeTensors", "ATenOperators", "ExportedPrograms", collections, goldens: true,
    alsoTests: ["SwiftFX", "SyntheticPrograms", "ZipArchives", "FaceComparison"]),
  library(
    "SizeAdmission", "TensorVocabulary", "SymbolicExpressions", "SymbolicShapes", "FX", "FakeTensors",
    "ATenOperators", "ShapePropagation", "ExportedPrograms", goldens: true),
  library("ZipArchives"),
  library(
    "ExportedPrograms", "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes",
    "FX", "FakeTensors", "ZipArchives", collections, goldens: true),
]

/// Every module behind `SwiftFX`.
///
/// Whoever imports the umbrella declares them all, or is not rebuilt when the layout of one of them
/// changes.
let umbrella: [Target.Dependency] = [
  "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes", "FX", "FakeTensors",
  "ATenOperators", "ShapePropagation", "SizeAdmission", "ZipArchives", "ExportedPrograms",
]

let package = Package(
  name: "swift-fx",
  platforms: [.macOS(.v26)],
  products: [
    .library(name: "SwiftFX", targets: ["SwiftFX"]),
    .executable(name: "swiftfx", targets: ["SwiftFXCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
  ],
  targets: libraries.flatMap { $0 } + [
    .target(name: "SwiftFX", dependencies: umbrella, swiftSettings: settings),
    .target(
      name: "TestSupport",
      dependencies: [
        "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes", "FakeTensors",
      ],
      path: "Tests/TestSupport", swiftSettings: settings),
    .target(name: "HeapPages", swiftSettings: settings),
    .target(
      name: "FaceComparison",
      dependencies: [
        "SymbolicExpressions", "SymbolicShapes", "FX", "FakeTensors", "ATenOperators", "ShapePropagation",
        "ExportedPrograms",
      ],
      path: "Tools/FaceComparison", swiftSettings: settings),
    .executableTarget(
      name: "SwiftFXCommand", dependencies: umbrella + ["SwiftFX", "HeapPages", argumentParser],
      swiftSettings: settings,
      // One file, which needs no Swift to run; and a third of what a small program took was spent on finding and
      // binding Swift's own libraries. The argument parser needs the parts of Foundation that are named.
      linkerSettings: [
        .unsafeFlags(
          [
            "-static-stdlib", "-l_FoundationCShims", "-l_FoundationCollections", "-use-ld=lld",
            // Written in one go, the file lies in the page cache in large pieces, of which fewer must be mapped.
            "-Xlinker", "--no-mmap-output-file",
          ],
          .when(platforms: [.linux], configuration: .release))
      ]),
    .executableTarget(
      name: "CustomOperator", dependencies: umbrella + ["SwiftFX"], path: "Examples/CustomOperator",
      swiftSettings: settings),
    .target(
      name: "SyntheticPrograms", dependencies: umbrella + ["SwiftFX"],
      path: "Benchmarks/SyntheticPrograms", swiftSettings: settings),
    .executableTarget(
      name: "swiftfx-benchmarks",
      dependencies: umbrella + ["SwiftFX", "HeapPages", "SyntheticPrograms", argumentParser],
      path: "Benchmarks/swiftfx-benchmarks", swiftSettings: settings),
    .testTarget(
      name: "CommandTests", dependencies: ["SwiftFXCommand"], exclude: ["Fixtures"], swiftSettings: settings),
    .executableTarget(
      name: "fx-conformance",
      dependencies: [
        "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes", "FakeTensors",
        "ATenOperators", "ReasoningScenarios", "FaceComparison", "ExportedPrograms", "TestSupport", argumentParser,
      ],
      path: "Tools/fx-conformance",
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
