import ATenOperators
import FakeTensors
import OperatorSchemas
import Testing

@Suite struct OperatorTableTests {
  /// The last of two rows of one name would win, without anybody noticing.
  @Test func everyNameHasOneRow() {
    let names = OperatorTable.families.flatMap { $0.map(\.name) }
    let counts = Dictionary(names.map { ($0, 1) }, uniquingKeysWith: +)
    let repeated = counts.filter { $0.value > 1 }.keys.sorted()
    #expect(repeated.isEmpty, "\(repeated)")
  }

  /// A row without a schema of its own is for an operator of PyTorch's table.
  @Test func everyRowIsForAnOperator() {
    let bases = Set(SchemaTable.allNames.map(\.base))
    let names = OperatorTable.families.joined().lazy.filter { $0.schema == nil }.map(\.name)
    let unknown = names.filter { name in
      let parts = name.split(separator: ".").map(String.init)
      let isKnown = bases.contains(parts[0]) || parts.count > 1 && bases.contains(parts[1])
      return !isKnown && !name.hasPrefix("_foreach_") && !parts[0].hasSuffix("_copy")
    }
    #expect(Array(unknown).isEmpty, "\(Array(unknown))")
  }

  /// Schemas of rows are parsed when they are asked for, so that one that cannot be read would be no schema.
  @Test func everyStatedSchemaIsFound() throws {
    for row in OperatorTable.families.joined() {
      guard let text = row.schema else { continue }
      let schema = try FunctionSchema(text)
      #expect(OperatorTable.aten.schema(for: schema.name) == schema, "\(row.name)")
    }
  }
}
