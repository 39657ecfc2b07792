// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// The settings of executables, which alone may have unsafe flags: SwiftPM rejects a dependency whose libraries have
/// them.
let executableSettings =
  settings + [
    // Requests type metadata of generic types by calling accessors rather than by mangled name, which the runtime must
    // parse and look up among all conformances of the program.
    .unsafeFlags(
      ["-Xfrontend", "-disable-concrete-type-metadata-mangled-name-accessors"], .when(configuration: .release)
    )
  ]

/// Every module behind `SwiftFX`.
let modules = [
  "EscapedTexts", "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes", "FX",
  "FakeTensors", "ATenOperators", "ShapePropagation", "SizeAdmission", "ZipArchives", "ExportedPrograms",
  "GraphText",
]

/// The dependencies of every target that imports `SwiftFX`.
///
/// It must declare all modules; otherwise it is not rebuilt when the layout of one of them changes.
let umbrella = (modules + ["SwiftFX"]).map { Target.Dependency.target(name: $0) }

let graphs = ["FX", "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions"]
let archives = ["ExportedPrograms", "ZipArchives"]
let propagation = ["ShapePropagation", "SymbolicShapes", "FakeTensors", "ATenOperators"]

/// A library target with its test target, one call per target.
///
/// `Scripts/check_imports.py` compares the dependencies with the imports.
func library(
  _ name: String, _ dependencies: [Target.Dependency] = [], path: String? = nil, tests: [Target.Dependency],
  exclude: [String] = [], goldens: Bool = false
) -> [Target] {
  [
    .target(
      name: name, dependencies: dependencies, path: path, exclude: exclude, swiftSettings: settings),
    .testTarget(
      name: "\(name)Tests", dependencies: [.target(name: name)] + tests,
      resources: goldens ? [.copy("Goldens")] : [], swiftSettings: settings),
  ]
}

let collections = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let libraries: [[Target]] = [
  library("DenseTables", tests: []),
  library("EscapedTexts", tests: []),
  library("TensorVocabulary", tests: [], goldens: true),
  library("OperatorSchemas", ["TensorVocabulary"], tests: ["TensorVocabulary"], goldens: true),
  library("SymbolicExpressions", ["DenseTables"], tests: ["TestSupport"], goldens: true),
  library(
    "SymbolicShapes", ["DenseTables", "SymbolicExpressions"],
    tests: ["SymbolicExpressions", "ReasoningScenarios", "TestSupport"], goldens: true),
  library(
    "ReasoningScenarios", ["SymbolicExpressions", "SymbolicShapes"], path: "Tools/ReasoningScenarios",
    tests: ["SymbolicExpressions", "SymbolicShapes"]),
  library(
    "FX",
    [
      "DenseTables", "EscapedTexts", "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions",
      collections,
    ],
    tests: ["TensorVocabulary", "OperatorSchemas", collections, "TestSupport"], goldens: true),
  library(
    "FakeTensors",
    ["DenseTables", "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes"],
    tests: ["TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes"]),
  library(
    "ATenOperators",
    ["TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes", "FakeTensors"],
    tests: [
      "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes", "FakeTensors",
      "TestSupport",
    ], goldens: true),
  library(
    "GraphPasses",
    ["FX", "OperatorSchemas", collections, heap, deque],
    tests: ["FX"]),
  library("ZipArchives", tests: []),
  library(
    "ExportedPrograms",
    ["EscapedTexts", "TensorVocabulary", "OperatorSchemas", "FX", "ZipArchives", collections],
    tests: ["TensorVocabulary", "FX", "ZipArchives", "TestSupport"], goldens: true),
  library(
    "GraphText",
    [
      "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes", "FX",
      "ExportedPrograms",
    ],
    tests: [
      "SymbolicExpressions", "SymbolicShapes", "FX", "FakeTensors", "ATenOperators", "ShapePropagation",
      "ExportedPrograms", "FaceComparison",
    ], goldens: true),
  library(
    "ShapePropagation",
    [
      "DenseTables", "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes", "FX",
      "FakeTensors", "ExportedPrograms", collections,
    ],
    tests: modules.filter { $0 != "ShapePropagation" }.map { .target(name: $0) } + [
      "SwiftFX", "SyntheticPrograms", "FaceComparison", "FuzzTargets", "TestSupport",
    ], goldens: true),
  library(
    "ProgramPasses",
    [
      "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes", "FX", "FakeTensors",
      "ShapePropagation", "ExportedPrograms", "GraphPasses", collections,
    ],
    tests: [
      "TensorVocabulary", "SymbolicShapes", "FX", "FakeTensors", "ATenOperators", "ShapePropagation",
      "ExportedPrograms", "GraphText", "GraphPasses", "FaceComparison",
    ], goldens: true),
  library(
    "SizeAdmission",
    [
      "EscapedTexts", "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes", "FX",
      "FakeTensors", "ATenOperators", "ShapePropagation", "ExportedPrograms",
    ],
    tests: [
      "SymbolicExpressions", "SymbolicShapes", "FX", "ATenOperators", "ShapePropagation", "ExportedPrograms",
      "TestSupport",
    ], goldens: true),
  library(
    "ProgramCosts",
    [
      "EscapedTexts", "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes", "FX",
      "FakeTensors",
      "ShapePropagation", "ExportedPrograms",
    ],
    tests: [
      "TensorVocabulary", "SymbolicExpressions", "SymbolicShapes", "FX", "FakeTensors", "ATenOperators",
      "ShapePropagation", "ExportedPrograms",
    ], goldens: true),
  library(
    "ProgramComparison",
    [
      "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes", "FX", "FakeTensors",
      "ATenOperators", "ZipArchives", "ExportedPrograms", "ShapePropagation", "SizeAdmission", "ProgramCosts",
    ],
    tests: ["TensorVocabulary", "FX", "ExportedPrograms", "TestSupport"]),
  library(
    "ProgramReports",
    [
      "EscapedTexts", "SymbolicExpressions", "SymbolicShapes", "FX", "FakeTensors", "ExportedPrograms",
      "ShapePropagation", "SizeAdmission", "ProgramCosts", "ProgramComparison",
    ],
    tests: ["FX", "ATenOperators", "ExportedPrograms"], exclude: ["Page"]),
  library(
    "LibTorch",
    [
      "EscapedTexts", "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes", "FX",
      "FakeTensors", "ZipArchives", "ExportedPrograms", "ShapePropagation",
    ],
    tests: [
      "TensorVocabulary", "OperatorSchemas", "FX", "ExportedPrograms", "ZipArchives", "ProcessMemory",
    ], goldens: true),
]

/// The kinds of `FuzzTargets` for libFuzzer: only on demand, because it links with `-sanitize=fuzzer` alone.
///
/// `Documentation/reliability.md` says how it is built.
let libFuzzer: [Target] =
  Context.environment["SWIFTFX_LIBFUZZER"] == nil
  ? []
  : [
    .executableTarget(
      name: "swiftfx-libfuzzer", dependencies: ["FuzzTargets"], path: "Fuzzing/swiftfx-libfuzzer",
      swiftSettings: settings + [.unsafeFlags(["-parse-as-library"])])
  ]

let package = Package(
  name: "swift-fx",
  // These versions introduced `InlineArray`, which stores the sizes of a tensor.
  platforms: [.macOS(.v26), .iOS(.v26), .tvOS(.v26), .watchOS(.v26), .visionOS(.v26)],
  // A product also contains the modules whose types its own types use.
  products: [
    .library(name: "FX", targets: graphs),
    .library(name: "ExportedPrograms", targets: graphs + archives),
    .library(name: "ShapePropagation", targets: graphs + archives + propagation),
    .library(name: "SizeAdmission", targets: graphs + archives + propagation + ["SizeAdmission"]),
    .library(name: "GraphText", targets: graphs + archives + ["SymbolicShapes", "GraphText"]),
    .library(name: "GraphPasses", targets: graphs + ["GraphPasses"]),
    .library(name: "ProgramCosts", targets: graphs + archives + propagation + ["ProgramCosts"]),
    .library(
      name: "ProgramPasses", targets: graphs + archives + propagation + ["GraphPasses", "ProgramPasses"]),
    .library(
      name: "ProgramComparison",
      targets: graphs + archives + propagation + ["SizeAdmission", "ProgramCosts", "ProgramComparison"]),
    .library(
      name: "ProgramReports",
      targets: graphs + archives + propagation + [
        "SizeAdmission", "ProgramCosts", "ProgramComparison", "ProgramReports",
      ]),
    .library(name: "LibTorch", targets: graphs + archives + propagation + ["LibTorch"]),
    .library(name: "SwiftFX", targets: ["SwiftFX"]),
    .executable(name: "swiftfx", targets: ["SwiftFXCommand"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
  ],
  targets: libraries.flatMap { $0 } + libFuzzer + [
    .target(name: "SwiftFX", dependencies: modules.map { .target(name: $0) }, swiftSettings: settings),
    .target(
      name: "TestSupport",
      dependencies: [
        "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes", "FakeTensors",
      ],
      path: "Tests/TestSupport", swiftSettings: settings),
    .target(name: "HeapPages", swiftSettings: settings),
    .target(name: "ProcessMemory", swiftSettings: settings),
    .target(
      name: "FaceComparison",
      dependencies: [
        "SymbolicExpressions", "SymbolicShapes", "FX", "FakeTensors", "ATenOperators", "ShapePropagation",
        "ExportedPrograms",
      ],
      path: "Tools/FaceComparison", swiftSettings: settings),
    .executableTarget(
      name: "SwiftFXCommand",
      dependencies: umbrella + [
        "GraphPasses", "ProgramPasses", "ProgramComparison", "ProgramCosts", "ProgramReports", "LibTorch",
        "HeapPages", "ProcessMemory", argumentParser,
      ],
      swiftSettings: executableSettings,
      // A single file, which runs without a Swift installation. A third of the time for a small program was spent on
      // finding and binding Swift's own libraries. The argument parser needs the listed parts of Foundation.
      linkerSettings: [
        .unsafeFlags(
          [
            "-static-stdlib", "-l_FoundationCShims", "-l_FoundationCollections", "-use-ld=lld",
            // Written in one go, the file is in the page cache in large pieces, of which fewer must be mapped.
            "-Xlinker", "--no-mmap-output-file",
          ],
          .when(platforms: [.linux], configuration: .release))
      ]),
    .executableTarget(
      name: "CustomOperator", dependencies: umbrella, path: "Examples/CustomOperator",
      swiftSettings: settings),
    .executableTarget(
      name: "FuseLinearSilu", dependencies: umbrella + ["GraphPasses", "ProgramPasses"],
      path: "Examples/FuseLinearSilu", swiftSettings: settings),
    .executableTarget(
      name: "RunModel", dependencies: umbrella + ["LibTorch"], path: "Examples/RunModel",
      swiftSettings: settings),
    .target(
      name: "SyntheticPrograms", dependencies: umbrella,
      path: "Benchmarks/SyntheticPrograms", swiftSettings: settings),
    .executableTarget(
      name: "swiftfx-benchmarks",
      dependencies: umbrella + ["HeapPages", "ProcessMemory", "SyntheticPrograms", argumentParser],
      path: "Benchmarks/swiftfx-benchmarks", swiftSettings: executableSettings),
    .target(
      name: "FuzzTargets",
      dependencies: umbrella + [
        "GraphPasses", "ProgramPasses", "ProgramCosts", "ProgramComparison", "ProgramReports",
      ],
      path: "Fuzzing/FuzzTargets", swiftSettings: settings),
    .testTarget(
      name: "FuzzTargetsTests", dependencies: umbrella + ["FuzzTargets"], path: "Tests/FuzzTargetsTests",
      swiftSettings: settings),
    .executableTarget(
      name: "swiftfx-fuzz", dependencies: ["FuzzTargets", "ProcessMemory", argumentParser],
      path: "Fuzzing/swiftfx-fuzz", swiftSettings: executableSettings),
    .testTarget(
      name: "CommandTests", dependencies: ["SwiftFXCommand", "ZipArchives"], exclude: ["Fixtures"],
      swiftSettings: settings),
    .executableTarget(
      name: "fx-conformance",
      dependencies: [
        "TensorVocabulary", "OperatorSchemas", "SymbolicExpressions", "SymbolicShapes", "FakeTensors",
        "ATenOperators", "ReasoningScenarios", "FaceComparison", "ExportedPrograms", "FX", "GraphPasses",
        "ProgramPasses", "ShapePropagation",
        "TestSupport", argumentParser,
      ],
      path: "Tools/fx-conformance",
      swiftSettings: executableSettings),
  ],
  swiftLanguageModes: [.v6]
)
