import FX
import OperatorSchemas

/// Reads `str(graph)`: one node a line.
///
///     graph():
///         %x : [num_users=1] = placeholder[target=x]
///         %add : [num_users=1] = call_function[target=torch.ops.aten.add.Tensor](args = (%x, 1), kwargs = {})
///         return add
///
/// - Source: `Node.format_node` in `torch/fx/node.py`, v2.13.
struct ListingReader {
  private let text: SourceText
  private let lines: [Int]
  private var builder: GraphBuilder
  private var schemas: [Node.Target: FunctionSchema?] = [:]

  /// Whether a line is the head of such a listing.
  static func isHeader(_ text: SourceText, _ line: Int) -> Bool {
    let range = text.trimmed(line)
    return text.starts(range, with: "graph(") && text.text(range).hasSuffix("):")
  }

  /// Reads the listing whose head is at `row` of `lines`.
  ///
  /// - Returns: the graph, and the row after it.
  static func read(
    _ text: SourceText, _ lines: [Int], at row: Int
  ) throws(TextError) -> (graph: ReadGraph, next: Int) {
    let symbols = SymbolTexts()
    var reader = ListingReader(text: text, lines: lines, builder: GraphBuilder(text, symbols))
    reader.builder.laterDefinition = { [text] name in
      let wanted = Array("%\(name) : ".utf8)
      return lines[row...].first { text.bytes[text.trimmed($0)].starts(with: wanted) }.map {
        text.lines[$0].number
      }
    }
    let next = try reader.readNodes(from: row + 1)
    let module = reader.builder.finish()
    let graph = ReadGraph(
      module: module, values: ["": reader.builder.values], places: ["": reader.builder.places],
      symbols: symbols,
      start: text.start(of: lines[row]))
    return (graph, next)
  }

  private mutating func readNodes(from start: Int) throws(TextError) -> Int {
    var row = start
    while row < lines.count {
      let line = lines[row]
      let range = text.trimmed(line)
      if range.isEmpty {
        row += 1
        continue
      }
      if text.starts(range, with: "return") {
        try readReturn(row)
        return row + 1
      }
      if text.starts(range, with: "...") || text.starts(range, with: "…") {
        throw TextError(.elided, at: text.position(of: Spot(line: line, offset: range.lowerBound)))
      }
      guard text.bytes[range.lowerBound] == UInt8(ascii: "%") else { break }
      var node = ListedNode(text, line: line, range)
      row += 1
      // A string with a line break in it goes on.
      while row < lines.count, !node.isClosed, continues(row) {
        node.extend(by: lines[row])
        row += 1
      }
      var known = schemas
      try node.add(to: &builder) { target in Self.schema(of: target, &known) }
      schemas = known
    }
    let last = lines[..<row].last { !text.isBlank($0) } ?? lines[start - 1]
    throw TextError(
      .cutOff(nodes: builder.count),
      at: text.position(of: Spot(line: last, offset: text.lines[last].bytes.upperBound)))
  }

  /// The schema of a function; each is parsed once.
  private static func schema(
    of target: Node.Target, _ known: inout [Node.Target: FunctionSchema?]
  ) -> FunctionSchema? {
    if let schema = known[target] { return schema }
    let schema = SchemaTable.schema(named: target.text)
    known[target] = .some(schema)
    return schema
  }

  private func continues(_ row: Int) -> Bool {
    let range = text.trimmed(lines[row])
    return !text.starts(range, with: "%") && !text.starts(range, with: "return ")
      && !text.lines[lines[row]].isFence
  }

  private mutating func readReturn(_ row: Int) throws(TextError) {
    var parser = try PythonParser(PythonScanner(text, lines[row...]))
    let start = parser.token.start
    try parser.advance()
    guard parser.token.kind != .newline, parser.token.kind != .end else {
      return builder.addOutput(.none, at: start)
    }
    let value = try parser.expressionOrTuple()
    builder.addOutput(try builder.argument(value), at: start)
  }
}
