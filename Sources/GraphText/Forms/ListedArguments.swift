import FX
import OperatorSchemas
import TensorVocabulary

/// Reads arguments as `str(graph)` has them: nodes with `%`, strings without quotes.
///
/// A string may hold brackets and commas. It ends where a comma or bracket at its own depth follows, and the last
/// positional string of a schema ends with the arguments.
struct ListedArguments {
  /// An argument whose nodes are not looked up yet.
  indirect enum Item {
    /// The name of a node, and its place in the line.
    case node(String)
    case constant(Node.Argument)
    case tuple([Item])
    case list([Item])
    case dict([(key: DictionaryKey, value: Item)])
    case slice([Item])
  }

  struct Failure: Error {
    var kind: TextError.Kind
    var index: Int
  }

  private let schema: FunctionSchema?
  private var bytes: [UInt8] = []
  private var index = 0
  private var end = 0
  private var depth = 0

  init(schema: FunctionSchema?) { self.schema = schema }

  mutating func start(_ bytes: [UInt8], _ range: Range<Int>) {
    self.bytes = bytes
    index = range.lowerBound
    end = range.upperBound
    depth = 0
  }

  private func failure(_ kind: TextError.Kind, at index: Int? = nil) -> Failure {
    Failure(kind: kind, index: index ?? self.index)
  }

  private mutating func consume(_ byte: UInt8) -> Bool {
    guard index < end, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func skipBlanks() { while index < end, bytes[index].isBlank { index += 1 } }

  /// Skips what separates an item that begins at `start` from the next one.
  private mutating func endItem(from start: Int) throws(Failure) {
    skipBlanks()
    if consume(UInt8(ascii: ",")) { return skipBlanks() }
    // A bracket of another kind begins no item.
    guard index > start else {
      throw failure(.unexpected(expected: "an argument", found: "a closing bracket"))
    }
  }

  /// Everything up to the end, as one argument.
  mutating func whole() throws(Failure) -> Item {
    let item = try item(type: nil, isLast: true)
    guard index == end else { throw failure(.unexpected(expected: "the end of the argument", found: "more")) }
    return item
  }

  /// The positional arguments of a call.
  mutating func tuple() throws(Failure) -> [Item] {
    guard consume(UInt8(ascii: "(")) else { throw failure(.unexpected(expected: "'('", found: "none")) }
    var items: [Item] = []
    skipBlanks()
    while index < end, !consume(UInt8(ascii: ")")) {
      let arguments = schema?.arguments ?? []
      let type = items.count < arguments.count ? arguments[items.count].type : nil
      let positional = arguments.count { !$0.isKeywordOnly }
      let start = index
      items.append(try item(type: type, isLast: items.count == positional - 1))
      try endItem(from: start)
    }
    guard index == end else {
      throw failure(.unexpected(expected: "the end of the arguments", found: "more"))
    }
    return items
  }

  /// The keyword arguments of a call.
  mutating func keywords() throws(Failure) -> [(name: String, value: Item)] {
    guard consume(UInt8(ascii: "{")) else { throw failure(.unexpected(expected: "'{'", found: "none")) }
    let entries = try entries { [schema] name in schema?.arguments.first { $0.name == name }?.type }
    guard index == end else {
      throw failure(.unexpected(expected: "the end of the arguments", found: "more"))
    }
    return entries
  }

  /// The entries of a dictionary whose brace is open.
  private mutating func entries(
    _ type: (String) -> ArgumentType?
  ) throws(Failure) -> [(name: String, value: Item)] {
    var entries: [(name: String, value: Item)] = []
    skipBlanks()
    while index < end, !consume(UInt8(ascii: "}")) {
      let start = index
      while index < end, bytes[index] != UInt8(ascii: ":") { index += 1 }
      let name = String(decoding: bytes[start..<index], as: UTF8.self)
      guard consume(UInt8(ascii: ":")) else { throw failure(.unexpected(expected: "':'", found: "none")) }
      skipBlanks()
      entries.append((name, try item(type: type(name), isLast: false)))
      skipBlanks()
      if consume(UInt8(ascii: ",")) { skipBlanks() }
    }
    return entries
  }

  private mutating func items(closedBy mark: UInt8) throws(Failure) -> [Item] {
    var items: [Item] = []
    skipBlanks()
    while !consume(mark) {
      guard index < end else { throw failure(.unexpected(expected: "a closing bracket", found: "the end")) }
      let start = index
      items.append(try item(type: nil, isLast: false))
      try endItem(from: start)
    }
    return items
  }

  private mutating func item(type: ArgumentType?, isLast: Bool) throws(Failure) -> Item {
    guard index < end else { throw failure(.unexpected(expected: "an argument", found: "the end")) }
    guard depth < PythonScanner.depthLimit else { throw failure(.tooDeep(limit: PythonScanner.depthLimit)) }
    depth += 1
    defer { depth -= 1 }
    let start = index
    if type?.nonOptional == .string { return .constant(text(isLast: isLast)) }
    switch bytes[index] {
    case UInt8(ascii: "%"):
      index += 1
      let name = word()
      if !name.isEmpty { return .node(name) }
      index = start
    case UInt8(ascii: "("):
      index += 1
      if let items = try? items(closedBy: UInt8(ascii: ")")), isAtEndOfItem { return Self.tuple(items) }
      index = start
    case UInt8(ascii: "["):
      index += 1
      if let items = try? items(closedBy: UInt8(ascii: "]")), isAtEndOfItem { return .list(items) }
      index = start
    case UInt8(ascii: "{"):
      index += 1
      if let entries = try? entries({ _ in nil }), isAtEndOfItem {
        return .dict(entries.map { (key: Self.key($0.name), value: $0.value) })
      }
      index = start
    default: break
    }
    if bytes[index..<end].starts(with: "slice(".utf8), let slice = slice() { return slice }
    guard case .string(let text) = text(isLast: false) else { return .constant(.none) }
    return .constant(Self.constant(text, type))
  }

  /// The key of a dictionary: `str(graph)` writes `1` for an integer and for a text, and it is taken for an integer.
  private static func key(_ text: String) -> DictionaryKey {
    guard let value = Int(text), "\(value)" == text else { return .string(text) }
    return .int(value)
  }

  /// `(1+2j)` is a number, not a tuple.
  private static func tuple(_ items: [Item]) -> Item {
    if items.count == 1, case .constant(.string(let text)) = items[0], let number = complex(text) {
      return .constant(number)
    }
    return .tuple(items)
  }

  private var isAtEndOfItem: Bool {
    index >= end || bytes[index] == UInt8(ascii: ",") || bytes[index] == UInt8(ascii: ")")
      || bytes[index] == UInt8(ascii: "]") || bytes[index] == UInt8(ascii: "}")
  }

  private mutating func word() -> String {
    let start = index
    while index < end, bytes[index].continuesName { index += 1 }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  /// A bare string; the last one of a call ends where the arguments do.
  private mutating func text(isLast: Bool) -> Node.Argument {
    let start = index
    if isLast {
      // The tuple's own bracket, and the comma of a tuple of one.
      index = max(end - 1, start)
      if index > start + 1, bytes[index - 1] == UInt8(ascii: ",") { index -= 1 }
      return .string(String(decoding: bytes[start..<index], as: UTF8.self))
    }
    var inside = 0
    loop: while index < end {
      switch bytes[index] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): inside += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        if inside == 0 { break loop }
        inside -= 1
      case UInt8(ascii: ",") where inside == 0:
        // Items are separated by a comma and a blank; a tuple of one ends in a comma.
        if index + 1 < end, bytes[index + 1] == UInt8(ascii: " ") || bytes[index + 1] == UInt8(ascii: ")") {
          break loop
        }
      default: break
      }
      index += 1
    }
    return .string(String(decoding: bytes[start..<index], as: UTF8.self))
  }

  /// `slice(None, u0, None)`, whose nodes have no `%`.
  private mutating func slice() -> Item? {
    let start = index
    index += "slice(".utf8.count
    guard let items = try? items(closedBy: UInt8(ascii: ")")), (1...3).contains(items.count) else {
      index = start
      return nil
    }
    return .slice(
      items.map { item in
        if case .constant(.string(let name)) = item { return .node(name) }
        return item
      })
  }

  // Constants

  /// The constant that a bare word stands for where an argument of `type` is expected.
  private static func constant(_ text: String, _ type: ArgumentType?) -> Node.Argument {
    switch text {
    case "None": return .none
    case "True": return .bool(true)
    case "False": return .bool(false)
    case "inf": return .float(.infinity)
    case "-inf": return .float(-.infinity)
    case "nan": return .float(.nan)
    case "Ellipsis": return .ellipsis
    default: break
    }
    if let value = Int(text), text.utf8.first != UInt8(ascii: "+") { return .int(value) }
    if let first = text.utf8.first, first.isDigit || first == UInt8(ascii: "-"), let value = Double(text) {
      return .float(value)
    }
    if let number = complex(text) { return number }
    if let constant = GraphBuilder.constant(named: text) { return constant }
    if type?.nonOptional == .device, let device = Device(text) { return .device(device) }
    if isOperator(text) { return .operator(Node.Target(operator: text)) }
    return .string(text)
  }

  /// `aten.add.Tensor`: an overload that a higher-order operator is given.
  private static func isOperator(_ text: String) -> Bool {
    SchemaTable.schema(named: text) != nil && text.contains(".")
  }

  /// `2j`, `1+2j`, `(1-2.5j)`.
  private static func complex(_ text: String) -> Node.Argument? {
    guard text.utf8.last == UInt8(ascii: "j") else { return nil }
    let body = text.dropLast()
    if let imaginary = Double(body) { return .complex(0, imaginary) }
    var split = body.endIndex
    while split > body.startIndex {
      split = body.index(before: split)
      guard split > body.startIndex, body[split] == "+" || body[split] == "-",
        body[body.index(before: split)] != "e"
      else { continue }
      guard let real = Double(body[..<split]), let imaginary = Double(body[split...]) else { return nil }
      return .complex(real, imaginary)
    }
    return nil
  }
}

extension ListedArguments.Item {
  /// The argument, with its nodes looked up.
  ///
  /// - Throws: ``TextError`` for a name that no earlier line defines.
  func resolved(in builder: GraphBuilder, at spot: Spot) throws(TextError) -> Node.Argument {
    switch self {
    case .node(let name): return .node(try builder.node(name, at: spot))
    case .constant(let argument): return argument
    case .tuple(let items): return .tuple(try Self.resolved(items, builder, spot))
    case .list(let items): return .list(try Self.resolved(items, builder, spot))
    case .slice(let items):
      let bounds = try Self.resolved(items, builder, spot)
      switch bounds.count {
      case 1: return .slice(.init(.none, bounds[0]))
      case 2: return .slice(.init(bounds[0], bounds[1]))
      default: return .slice(.init(bounds[0], bounds[1], bounds[2]))
      }
    case .dict(let entries):
      var resolved: [DictEntry<Node.Argument>] = []
      for entry in entries {
        resolved.append(DictEntry(entry.key, try entry.value.resolved(in: builder, at: spot)))
      }
      return .dict(resolved)
    }
  }

  private static func resolved(
    _ items: [ListedArguments.Item], _ builder: GraphBuilder, _ spot: Spot
  ) throws(TextError) -> [Node.Argument] {
    var arguments: [Node.Argument] = []
    for item in items { arguments.append(try item.resolved(in: builder, at: spot)) }
    return arguments
  }
}
