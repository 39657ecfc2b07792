import ExportedPrograms
import ShapePropagation
import Testing

@testable import SizeAdmission

/// Sizes that are numbers in an archive, with what ties them down.
@Suite struct ConstantSizeTests {
  /// The size, what is demanded of it and the node that does.
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

  /// `torch.cat([torch.zeros(k, 3), x])` takes rows of three.
  @Test func anOperatorThatTakesNoOtherNumberIsNamed() throws {
    #expect(
      try found("misc_symint_inputs_213") == ["x.shape[1] = 3": "needed by cat: guard Eq(3, x.shape[1])"])
  }

  /// `x.view(10, 2, 5)` takes a hundred elements.
  @Test func sizesThatHangTogetherAreTied() throws {
    let found = try found("exportdb_dynamic_shape_view_213")
    #expect(Set(found.keys) == ["x.shape[0] = 10", "x.shape[1] = 10"])
    #expect(found.values.contains { $0.hasPrefix("tied by view: guard Eq(x.shape[0]*x.shape[1], 100)") })
  }

  /// An index may have no more rows than what it indexes.
  @Test func aSizeThatMustNotBeLargerIsTied() throws {
    let found = try found("misc_index_ops_213")
    #expect(found["i.shape[0] = 6"]?.contains("guard i.shape[0] <= ") == true, "\(found)")
  }

  /// `if x.shape[0] == 3` chose the program; no operator of it cares.
  @Test func whatOnlyTheExampleFixedIsSaid() throws {
    let found = try found("exportdb_dynamic_shape_if_guard_28")
    #expect(!found.isEmpty && found.values.allSatisfy { $0 == "exporter" })
  }

  @Test func aProgramWithoutNumbersHasNone() throws {
    #expect(try found("misc_divisibility_guards_213").isEmpty)
  }
}
