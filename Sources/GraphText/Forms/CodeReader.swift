import ExportedPrograms
import FX

/// Reads a graph from the Python code that PyTorch generates for it.
///
///     class GraphModule(torch.nn.Module):
///         def forward(self, x: "f32[s0, 16]"):
///             relu: "f32[s0, 16]" = torch.ops.aten.relu.default(x);  x = None
///             return (relu,)
///
/// Indentation delimits classes and functions, whatever stands before or after them. Subgraphs are classes inside the
/// class.
struct CodeReader {
  private let text: SourceText
  private let lines: [Int]
  private let symbols: SymbolTexts
  private var members: [(name: String, value: PythonExpression)] = []
  private var values: [String: RecordedValues] = [:]
  private var places: [String: NodePlaces] = [:]

  /// The most classes inside classes.
  private static let depthLimit = 32

  private init(_ text: SourceText, _ lines: [Int], _ symbols: SymbolTexts) {
    self.text = text
    self.lines = lines
    self.symbols = symbols
  }

  /// Whether a line starts a class that is a module.
  static func isHeader(_ text: SourceText, _ line: Int) -> Bool { header(text, line) != nil }

  /// Where `class` stands in a line, and the name of the class.
  private static func header(_ text: SourceText, _ line: Int) -> (start: Int, name: Range<Int>)? {
    let range = text.trimmed(line)
    guard let last = range.last, text.bytes[last] == UInt8(ascii: ":"),
      let start = text.find("class ", in: range)
    else { return nil }
    // A log has the file of the graph's code before the class.
    if start > range.lowerBound, text.bytes[start - 1] != UInt8(ascii: " ") { return nil }
    let base =
      text.find("(torch.nn.Module)", in: range) ?? text.find("(nn.Module)", in: range)
      ?? text.find("(Module)", in: range) ?? text.find("(torch.nn.modules.module.Module)", in: range)
    guard let base, start + 6 < base else { return nil }
    return (start, start + 6..<base)
  }

  /// Reads the class whose header is at `row` of `lines`.
  ///
  /// - Returns: the graph, and the row after it.
  static func read(
    _ text: SourceText, _ lines: [Int], at row: Int
  ) throws(TextError) -> (graph: ReadGraph, next: Int) {
    var reader = CodeReader(text, lines, SymbolTexts())
    let (module, next) = try reader.readClass(at: row, path: "", depth: 0)
    return (reader.graph(module, row), next)
  }

  /// Reads the function at `row`, which stands in no class.
  static func readFunction(
    _ text: SourceText, _ lines: [Int], at row: Int
  ) throws(TextError) -> (graph: ReadGraph, next: Int) {
    var reader = CodeReader(text, lines, SymbolTexts())
    let (module, next) = try reader.readForward(at: row, path: "")
    return (reader.graph(module, row), next)
  }

  private func graph(_ module: GraphModule, _ row: Int) -> ReadGraph {
    ReadGraph(
      module: module, values: values, places: places, symbols: symbols, start: text.start(of: lines[row]),
      members: members)
  }

  private func failure(_ kind: TextError.Kind, _ row: Int) -> TextError {
    guard row < lines.count else { return TextError(kind, at: text.position(of: endSpot)) }
    return TextError(
      kind, at: text.position(of: Spot(line: lines[row], offset: text.trimmed(lines[row]).lowerBound)))
  }

  private var endSpot: Spot {
    let last = lines.last { !text.isBlank($0) } ?? 0
    return Spot(line: last, offset: text.lines[last].bytes.upperBound)
  }

  /// The first row from `row` on that is not blank and no comment.
  private func codeRow(from row: Int) -> Int {
    var row = row
    while row < lines.count {
      let range = text.trimmed(lines[row])
      if let first = range.first, text.bytes[first] != UInt8(ascii: "#") { return row }
      row += 1
    }
    return row
  }

  private func word(_ word: StaticString, at row: Int) -> Bool {
    text.starts(text.trimmed(lines[row]), with: word)
  }

  private mutating func readClass(
    at start: Int, path: String, depth: Int
  ) throws(TextError) -> (GraphModule, next: Int) {
    guard depth < Self.depthLimit else { throw failure(.tooDeep(limit: Self.depthLimit), start) }
    guard let (_, name) = Self.header(text, lines[start]) else {
      throw failure(.unexpected(expected: "a class", found: "something else"), start)
    }
    let indentation = text.indentation(of: lines[start])
    var module: GraphModule?
    var submodules: [(String, GraphModule)] = []
    var row = codeRow(from: start + 1)
    while row < lines.count, text.indentation(of: lines[row]) > indentation, !text.lines[lines[row]].isFence {
      if word("def __init__", at: row) {
        row = try readConstructor(at: row, isRoot: path.isEmpty)
      } else if word("def ", at: row), module == nil {
        (module, row) = try readForward(at: row, path: path)
      } else if let (_, inner) = Self.header(text, lines[row]) {
        let name = text.text(inner)
        let (submodule, next) = try readClass(
          at: row, path: path.isEmpty ? name : "\(path).\(name)", depth: depth + 1)
        submodules.append((name, submodule))
        row = next
      } else if module == nil || word("def ", at: row) {
        throw failure(.unexpected(expected: "'def forward'", found: "other code"), row)
      } else {
        throw failure(.unexpected(expected: "the end of the class", found: "other code"), row)
      }
      row = codeRow(from: row)
    }
    guard var module else {
      if row >= lines.count { throw failure(.cutOff(nodes: 0), row) }
      throw failure(.unexpected(expected: "'def forward'", found: "other code"), row)
    }
    module.className = text.text(name)
    for (name, submodule) in submodules { module.setSubmodule(submodule, at: name) }
    return (module, row)
  }

  /// Reads `self.name = value` of a constructor.
  private mutating func readConstructor(at start: Int, isRoot: Bool) throws(TextError) -> Int {
    let indentation = text.indentation(of: lines[start])
    var row = codeRow(from: start + 1)
    while row < lines.count, text.indentation(of: lines[row]) > indentation {
      var parser = try PythonParser(PythonScanner(text, lines[row...]))
      for statement in try parser.statements() {
        switch statement.kind {
        case .update(let target, "=", let value):
          if isRoot, case .attribute(let base, let name) = target.kind, base.dottedName == "self" {
            members.append((name, value))
          }
        case .expression(let value):
          if isRoot, case .call(let function, let arguments, _) = value.kind,
            function.dottedName == "self.register_buffer", arguments.count > 1, let name = arguments[0].string
          {
            members.append((name, arguments[1]))
          }
        default: break
        }
      }
      row = codeRow(from: max(parser.scanner.row, row + 1))
    }
    return row
  }

  private mutating func readForward(at start: Int, path: String) throws(TextError) -> (GraphModule, next: Int)
  {
    let indentation = text.indentation(of: lines[start])
    var parser = try PythonParser(PythonScanner(text, lines[start...]))
    var builder = GraphBuilder(text, symbols)
    builder.laterDefinition = { [text, lines] in Self.definition(of: $0, text, lines[start...]) }
    var parameters = ForwardParameters(try parser.functionHeader())
    var row = max(parser.scanner.row, start + 1)
    // `def forward(self, x): return x` on one line.
    if parser.token.kind != .newline, parser.token.kind != .end {
      try parameters.define(in: &builder)
      guard try builder.add(try parser.statements()) else {
        throw failure(.cutOff(nodes: builder.count), row)
      }
      return (keep(&builder, path), max(parser.scanner.row, row))
    }
    var returned = false
    while row < lines.count {
      let line = lines[row]
      let range = text.trimmed(line)
      guard let first = range.first else {
        row += 1
        continue
      }
      if text.lines[line].isFence { break }
      if text.bytes[first] == UInt8(ascii: "#") {
        builder.stackTrace = SourceComment.stackTrace(text, range, otherwise: builder.stackTrace)
        row += 1
        continue
      }
      if text.indentation(of: line) <= indentation { break }
      if returned {
        // Classes of subgraphs follow the function at the depth of `def`, never deeper.
        throw failure(
          .unexpected(expected: "the end of the function after its return", found: "other code"), row)
      }
      if text.starts(range, with: "...") || text.starts(range, with: "…") { throw failure(.elided, row) }
      var parser = try PythonParser(PythonScanner(text, lines[row...]))
      var statements = try parser.statements()[...]
      while let statement = statements.first, try parameters.take(statement) { statements.removeFirst() }
      if !statements.isEmpty {
        try parameters.define(in: &builder)
        returned = try builder.add(Array(statements))
      }
      row = max(parser.scanner.row, row + 1)
    }
    if !returned {
      try parameters.define(in: &builder)
      throw failure(.cutOff(nodes: builder.count), row)
    }
    return (keep(&builder, path), row)
  }

  private mutating func keep(_ builder: inout GraphBuilder, _ path: String) -> GraphModule {
    let module = builder.finish()
    values[path] = builder.values
    places[path] = builder.places
    return module
  }

  /// The number of the line that assigns to `name`.
  private static func definition(of name: String, _ text: SourceText, _ lines: ArraySlice<Int>) -> Int? {
    let wanted = Array(name.utf8)
    return lines.first { line in
      let range = text.trimmed(line)
      let rest = text.bytes[range].dropFirst(wanted.count)
      return text.bytes[range].starts(with: wanted)
        && (rest.starts(with: ": ".utf8) || rest.starts(with: " = ".utf8))
    }.map { text.lines[$0].number }
  }
}
