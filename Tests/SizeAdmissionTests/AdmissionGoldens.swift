import ATenOperators
import ExportedPrograms
import Foundation
import ShapePropagation
import Testing

@testable import SizeAdmission

/// Sizes given to PyTorch, and whether it ran; see `Scripts/record_admission.py`.
struct AdmissionGolden: Sendable, CustomTestStringConvertible {
  /// One size of an input, or an integer input.
  struct Place: Sendable, Equatable {
    let input: String
    let dim: Int?
  }

  let name: String
  let places: [Place]
  let cases: [(sizes: [Int], isAccepted: Bool, error: String)]

  var testDescription: String { name }

  /// An archive among the goldens here, or of the propagation tests.
  static func archive(_ name: String) -> String {
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let own = here.appendingPathComponent("Goldens/\(name).pt2").path
    if FileManager.default.fileExists(atPath: own) { return own }
    return here.deletingLastPathComponent().appendingPathComponent(
      "ShapePropagationTests/Goldens/\(name).pt2"
    )
    .path
  }

  /// Drawn sizes.
  static let all = goldens("admission")

  /// Sizes where answers change.
  ///
  /// Some refusals depend on the values of tensors.
  static let edges = goldens("edges")

  private static func goldens(_ kind: String) -> [AdmissionGolden] {
    let folder = Bundle.module.resourceURL?.appendingPathComponent("Goldens").path ?? ""
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".\(kind).json") }.sorted()
      .compactMap {
        AdmissionGolden(file: "\(folder)/\($0)", name: String($0.dropLast(".\(kind).json".count)))
      }
  }

  private init?(file: String, name: String) {
    guard let data = FileManager.default.contents(atPath: file),
      let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let parameters = object["parameters"] as? [[Any]], let cases = object["cases"] as? [[Any]]
    else { return nil }
    self.name = name
    places = parameters.compactMap { entry in
      (entry[0] as? String).map { Place(input: $0, dim: entry[1] as? Int) }
    }
    self.cases = cases.compactMap { entry in
      guard let sizes = entry[0] as? [Int], let isAccepted = entry[1] as? Bool,
        let error = entry[2] as? String
      else { return nil }
      return (sizes, isAccepted, error)
    }
  }

  /// The sizes as command-line arguments.
  func arguments(_ sizes: [Int]) -> [String] { arguments(sizes.map { "\($0)" }) }

  func arguments(_ sizes: [String]) -> [String] {
    var arguments: [(input: String, sizes: [String])] = []
    for (place, size) in zip(places, sizes) {
      if arguments.last?.input != place.input { arguments.append((place.input, [])) }
      arguments[arguments.count - 1].sizes.append(size)
    }
    return arguments.map { "\($0.input)=\($0.sizes.joined(separator: "x"))" }
  }
}

/// A checker for one of the archives.
func checker(_ name: String) throws -> SizeChecker {
  SizeChecker(
    try FakeProgram(ExportedProgram(path: AdmissionGolden.archive(name))), table: .aten)
}
