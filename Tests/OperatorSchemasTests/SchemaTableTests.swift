import Foundation
import OperatorSchemas
import Testing

@Suite struct SchemaTableTests {
  /// The overloads called in PyTorch 2.13's operator tests, with the properties that PyTorch reports for
  /// them.
  static let recorded: [RecordedSchema] = (try? RecordedSchema.load()) ?? []

  @Test func holdsEveryNamespace() {
    for namespace in SchemaTable.namespaces {
      #expect(SchemaTable.allNames.contains { $0.namespace == namespace })
    }
    #expect(SchemaTable.allNames.count == 3769 + 140 + 19 + 305 + 6 + 13 + 2 + 35)
    #expect(Set(SchemaTable.allNames).count == SchemaTable.allNames.count)
  }

  /// Parsing and printing reproduce the line, up to the digits of floats.
  @Test func printsWhatItRead() throws {
    for name in SchemaTable.allNames {
      let schema = try #require(SchemaTable.schema(for: name), "\(name)")
      #expect(schema.name == name)
      let line = try #require(SchemaTable.text(for: name))
      #expect(schema.description == normalised(line))
      #expect(try FunctionSchema(schema.description) == schema)
    }
  }

  @Test func agreesWithPyTorchOnViewsAndMutation() throws {
    #expect(Self.recorded.count == 1071)
    for recorded in Self.recorded {
      let name = try #require(OperatorName(recorded.overload))
      let schema = try #require(SchemaTable.schema(for: name), "\(name)")
      #expect(schema.isView == recorded.isView, "\(schema)")
      #expect(schema.isMutable == recorded.isMutable, "\(schema)")
    }
  }

  @Test func listsTheOverloadsOfAnOperator() {
    #expect(
      SchemaTable.overloads(of: "aten.add").map(\.overload) == [
        "default", "Scalar", "Scalar_out", "Tensor", "complex", "complex_float", "complex_int", "float",
        "float_complex", "float_int", "int", "int_complex", "int_float", "out", "str", "t",
      ])
    #expect(SchemaTable.overloads(of: "aten::relu").map(\.overload) == ["default", "out"])
    #expect(SchemaTable.overloads(of: "aten.ad").isEmpty)
    #expect(SchemaTable.overloads(of: "nobody.add").isEmpty)
    #expect(SchemaTable.overloads(of: "").isEmpty)
  }

  @Test func hasNoSchemasOfUnknownOperators() throws {
    for text in ["aten.add.Tenso", "aten.add.Tensor2", "aten.a.default", "aten.zzz.default", "my.add.int"] {
      let name = try #require(OperatorName(text))
      #expect(SchemaTable.schema(for: name) == nil)
    }
  }

  /// Rewrites floats as the shortest text that parses to the same number, with a decimal point.
  private func normalised(_ line: String) -> String {
    line.replacing(/-?[0-9]+\.?[0-9]*e-?[0-9]+|-?[0-9]+\.[0-9]{16,}/) { match in
      Double(match.output).map { "\($0)" } ?? String(match.output)
    }
    .replacing(/float\? \w+=[0-9]+(?=[,)])/) { "\($0.output)." }
  }
}

/// One line of `Goldens/overloads.tsv`: an overload, and whether PyTorch calls it a view and mutable.
struct RecordedSchema {
  var overload: String
  var isView: Bool
  var isMutable: Bool

  static func load() throws -> [RecordedSchema] {
    let url = try #require(Bundle.module.url(forResource: "Goldens/overloads", withExtension: "tsv"))
    return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      try #require(fields.count == 2)
      return RecordedSchema(
        overload: String(fields[0]), isView: fields[1].contains("view"),
        isMutable: fields[1].contains("mutable"))
    }
  }
}
