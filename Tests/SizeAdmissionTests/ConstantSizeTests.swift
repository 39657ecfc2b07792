import ExportedPrograms
import ShapePropagation
import Testing

@testable import SizeAdmission

/// Sizes that are constant in an archive, and what fixes them.
@Suite struct ConstantSizeTests {
  /// The size, its constraint and the node that imposes it.
  private func found(_ name: String) throws -> [String: String] {
    let constants = try ConstantSize.all(in: try ExportedProgram(path: AdmissionGolden.archive(name)))
    return Dictionary(
      uniqueKeysWithValues: constants.map { constant in
        let cause =
          switch constant.cause {
          case .needed(let demand, let place): "needed by \(place?.nodeName ?? "?"): \(demand)"
          case .tied(let demand, let place): "tied by \(place?.nodeName ?? "?"): \(demand)"
          case .exporter: "exporter"
          case .unknown: "unknown"
          }
        return ("\(constant.name) = \(constant.value)", cause)
      })
  }

  /// `torch.cat([torch.zeros(k, 3), x])` requires rows of three.
  @Test func namesAnOperatorThatRequiresTheSize() throws {
    #expect(
      try found("misc_symint_inputs_213") == ["x.shape[1] = 3": "needed by cat: guard Eq(3, x.shape[1])"])
  }

  /// `x.view(10, 2, 5)` requires a hundred elements.
  @Test func namesAnOperatorThatRelatesSizes() throws {
    let found = try found("exportdb_dynamic_shape_view_213")
    #expect(Set(found.keys) == ["x.shape[0] = 10", "x.shape[1] = 10"])
    #expect(found.values.contains { $0.hasPrefix("tied by view: guard Eq(x.shape[0]*x.shape[1], 100)") })
  }

  /// Where the number came from: `torch.zeros(k, 3)`, `x.view(10, 2, 5)`, and the weight of a linear layer.
  @Test(arguments: [
    ("misc_symint_inputs_213", "x.shape[1]", "3 is written in zeros"),
    ("exportdb_dynamic_shape_view_213", "x.shape[0]", "10 is written in view"),
    ("hf_gpt2_static_cache_step_213", "x.shape[2]", "16 is qkv.weight.shape[1]"),
  ])
  func namesWhereTheNumberArose(_ name: String, _ size: String, _ source: String) throws {
    let constants = try ConstantSize.all(in: try ExportedProgram(path: AdmissionGolden.archive(name)))
    let constant = try #require(constants.first { $0.name == size })
    #expect(constant.sources.contains { $0.text == source && $0.place != nil }, "\(constant.sources)")
  }

  /// An index may not have more rows than the tensor it indexes.
  @Test func namesAnOperatorThatBoundsTheSize() throws {
    let found = try found("misc_index_ops_213")
    #expect(found["i.shape[0] = 6"]?.contains("guard i.shape[0] <= ") == true, "\(found)")
  }

  /// `if x.shape[0] == 3` selected the program; no operator depends on it.
  @Test func reportsSizesFixedOnlyByTheExample() throws {
    let found = try found("exportdb_dynamic_shape_if_guard_28")
    #expect(!found.isEmpty && found.values.allSatisfy { $0 == "exporter" })
  }

  @Test func aProgramWithoutConstantSizesHasNone() throws {
    #expect(try found("misc_divisibility_guards_213").isEmpty)
  }
}
