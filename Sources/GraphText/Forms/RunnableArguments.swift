import ExportedPrograms
import FX
import SymbolicExpressions
import TensorVocabulary

/// Reads the `load_args` of an `fx_graph_runnable.py`, which says what the inputs of the graph are.
///
///     def load_args(reader):
///         buf0 = reader.storage(None, 16*s77)
///         reader.tensor(buf0, (s77, 4), is_leaf=True)  # arg2_1
///         reader.symint(10, expr='s77')  # arg1_1
///
/// - Source: `InputWriter` in `torch/_dynamo/repro/after_aot.py` and `torch/_dynamo/debug_utils.py`, v2.13.
struct RunnableArguments {
  private let text: SourceText
  private var graph: ReadGraph
  private var devices: [String: Device] = [:]
  private var placeholders: ArraySlice<Node>

  /// Whether a line starts such a function.
  static func isHeader(_ text: SourceText, _ line: Int) -> Bool {
    text.starts(text.lines[line].bytes, with: "def load_args(")
  }

  /// Reads the function at `row` into `graph`.
  ///
  /// - Returns: the row after it.
  static func read(
    _ text: SourceText, _ lines: [Int], at start: Int, into graph: inout ReadGraph
  ) throws(TextError) -> Int {
    var reader = RunnableArguments(
      text: text, graph: graph, placeholders: graph.module.graph.findNodes(.placeholder)[...])
    var row = start + 1
    while row < lines.count, text.isBlank(lines[row]) || text.indentation(of: lines[row]) > 0 {
      var parser = try PythonParser(PythonScanner(text, lines[row...]))
      for statement in try parser.statements() { try reader.read(statement) }
      row = max(parser.scanner.row, row + 1)
    }
    graph = reader.graph
    return row
  }

  private func failure(_ kind: TextError.Kind, at spot: Spot) -> TextError {
    TextError(kind, at: text.position(of: spot))
  }

  private mutating func read(_ statement: PythonStatement) throws(TextError) {
    switch statement.kind {
    case .assign(let target, let value):
      guard case .call(let function, _, let keywords) = value.kind, function.dottedName == "reader.storage"
      else { return }
      for keyword in keywords where keyword.name == "device" {
        devices[target.name.text] = try device(keyword.value)
      }
    case .expression(let value):
      guard case .call(let function, let arguments, let keywords) = value.kind,
        let name = function.dottedName, name.hasPrefix("reader.")
      else { return }
      guard let node = placeholders.popFirst() else {
        throw failure(
          .unexpected(expected: "as many arguments as the graph has inputs", found: "more"),
          at: statement.start)
      }
      switch name {
      case "reader.tensor": try tensor(node, arguments, keywords, at: value.start)
      case "reader.symint": try number(node, arguments, keywords, at: value.start)
      case "reader.const", "reader.generator", "reader.opaque", "reader.unsupported": record(.none, of: node)
      default: throw failure(.unsupported(name), at: function.start)
      }
    default: break
    }
  }

  private mutating func record(_ value: RecordedValue, of node: Node) {
    if case .tensor(let tensor) = value {
      for size in tensor.sizes { graph.symbols.noteSize(size, ofInput: true) }
    }
    graph.values["", default: RecordedValues()].setValue(value, of: node, in: graph.module.graph)
  }

  private mutating func tensor(
    _ node: Node, _ arguments: [PythonExpression], _ keywords: [PythonExpression.Keyword], at spot: Spot
  ) throws(TextError) {
    guard arguments.count >= 2, case .name(let storage) = arguments[0].kind else {
      throw failure(
        .unexpected(expected: "a storage and sizes", found: "\(arguments.count) arguments"), at: spot)
    }
    let sizes = try integers(arguments[1])
    var strides: [RecordedInt]?
    if arguments.count > 2, arguments[2].elements != nil { strides = try integers(arguments[2]) }
    var dtype = ScalarType.float32
    var offset: RecordedInt?
    for keyword in keywords {
      switch keyword.name {
      case "dtype":
        let name = keyword.value.dottedName ?? ""
        guard let type = ScalarType(name: name) else {
          throw failure(.unknownDtype(name), at: keyword.value.start)
        }
        dtype = type
      case "stride": strides = try integers(keyword.value)
      case "storage_offset": offset = try integer(keyword.value)
      default: break
      }
    }
    if let strides, strides.count != sizes.count {
      throw failure(.unexpected(expected: "\(sizes.count) strides", found: "\(strides.count)"), at: spot)
    }
    record(
      .tensor(
        RecordedTensor(
          dtype: dtype, sizes: sizes, strides: strides, storageOffset: offset,
          device: devices[storage] ?? .cpu)),
      of: node)
  }

  private mutating func number(
    _ node: Node, _ arguments: [PythonExpression], _ keywords: [PythonExpression.Keyword], at spot: Spot
  ) throws(TextError) {
    guard let hint = arguments.first?.integer else {
      throw failure(.unexpected(expected: "an example value", found: "none"), at: spot)
    }
    if let expression = keywords.first(where: { $0.name == "expr" })?.value, let name = expression.string {
      do throws(ExpressionParseError) {
        let (id, _) = try graph.symbols.intern(name.utf8, hint: .int(hint))
        return record(.symInt(RecordedInt(id)), of: node)
      } catch {
        throw failure(.badExpression(error.excerpt(of: name), reason: "\(error)"), at: expression.start)
      }
    }
    guard let value = RecordedInt(hint) else { throw failure(.tooLarge("\(hint)"), at: spot) }
    record(.symInt(value), of: node)
  }

  private func integers(_ list: PythonExpression) throws(TextError) -> [RecordedInt] {
    guard let items = list.elements else {
      throw failure(.unexpected(expected: "a tuple of sizes", found: "something else"), at: list.start)
    }
    guard items.count <= ValueAnnotation.dimLimit else {
      throw failure(.tooManyDims(limit: ValueAnnotation.dimLimit), at: list.start)
    }
    var integers: [RecordedInt] = []
    for item in items { integers.append(try integer(item)) }
    return integers
  }

  private func integer(_ value: PythonExpression) throws(TextError) -> RecordedInt {
    if let constant = value.integer {
      guard let integer = RecordedInt(constant) else {
        throw failure(.tooLarge("\(constant)"), at: value.start)
      }
      return integer
    }
    return RecordedInt(
      try graph.symbols.intern(
        text, value.start.offset..<max(value.start.offset, value.end), line: value.start.line
      ).id)
  }

  private func device(_ value: PythonExpression) throws(TextError) -> Device {
    guard case .call(_, let arguments, let keywords) = value.kind else {
      throw failure(.unexpected(expected: "a device", found: "something else"), at: value.start)
    }
    let type = keywords.first { $0.name == "type" }?.value.string ?? arguments.first?.string
    let index = keywords.first { $0.name == "index" }?.value.integer
    guard let type, let device = Device(type) else {
      throw failure(.unexpected(expected: "a device", found: "something else"), at: value.start)
    }
    return Device(device.type, index: index.flatMap { Int16(exactly: $0) } ?? device.index)
  }
}
