import FX
import OperatorSchemas

/// One line of a listing, such as `%relu : [num_users=1] = call_method[target=relu](args = (%x,), kwargs = {})`.
struct ListedNode {
  private let text: SourceText
  private let line: Int
  private var bytes: [UInt8]
  /// The offset in the text of the first byte.
  private let base: Int
  private var index = 0

  init(_ text: SourceText, line: Int, _ range: Range<Int>) {
    self.text = text
    self.line = line
    bytes = Array(text.bytes[range])
    base = range.lowerBound
  }

  /// Whether the line ends as the line of a node does.
  var isClosed: Bool {
    bytes.last == UInt8(ascii: ")") || bytes.last == UInt8(ascii: "]") || bytes.last == UInt8(ascii: "}")
  }

  /// Adds a line that continues this one.
  mutating func extend(by line: Int) {
    bytes.append(0x0A)
    bytes += text.bytes[text.lines[line].bytes]
  }

  /// The spot of the byte at `index`; bytes of continuing lines count as the end of the first one.
  private func spot(_ index: Int) -> Spot {
    Spot(line: line, offset: min(base + index, text.lines[line].bytes.upperBound))
  }

  private func failure(_ kind: TextError.Kind, at index: Int) -> TextError {
    TextError(kind, at: text.position(of: spot(index)))
  }

  private func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private func starts(with prefix: StaticString, at index: Int) -> Bool {
    prefix.withUTF8Buffer { bytes[min(index, bytes.count)...].starts(with: $0) }
  }

  private mutating func expect(_ prefix: StaticString) throws(TextError) {
    guard starts(with: prefix, at: index) else {
      let end = bytes[min(index, bytes.count)...].prefix(16)
      throw failure(
        .unexpected(
          expected: "'\(prefix)'",
          found: end.isEmpty ? "the end of the line" : "'\(String(decoding: end, as: UTF8.self))'"),
        at: index)
    }
    index += prefix.utf8CodeUnitCount
  }

  private mutating func name() throws(TextError) -> String {
    let start = index
    while index < bytes.count, bytes[index].continuesName { index += 1 }
    guard index > start else { throw failure(.unexpected(expected: "a name", found: "none"), at: start) }
    return string(start..<index)
  }

  private func find(_ byte: UInt8, from start: Int) -> Int? {
    start <= bytes.count ? bytes[start...].firstIndex(of: byte) : nil
  }

  // The line

  /// Adds the node; `schema` finds the schema of a function.
  mutating func add(
    to builder: inout GraphBuilder, _ schema: (Node.Target) -> FunctionSchema?
  ) throws(TextError) {
    try expect("%")
    let name = PythonStatement.Name(text: try self.name(), spot: spot(1))
    try expect(" : ")
    let annotation = skipType()
    try expect("[num_users=")
    let digits = index
    while index < bytes.count, bytes[index].isDigit { index += 1 }
    guard index > digits else { throw failure(.unexpected(expected: "a number", found: "none"), at: digits) }
    try expect("] = ")
    let opStart = index
    let opName = try self.name()
    guard let op = Graph.Op(name: opName), op != .output else {
      throw failure(
        .unexpected(expected: "an operation such as call_function", found: "'\(opName)'"), at: opStart)
    }
    try expect("[target=")
    let targetStart = index
    let target = try target(op)
    var arguments = ListedArguments(schema: op == .callFunction ? schema(target) : nil)
    var args: [Node.Argument] = []
    var kwargs: [Node.KeywordArgument] = []
    switch op {
    case .placeholder:
      if starts(with: "(default=", at: index) {
        index += "(default=".utf8.count
        let end = max(bytes.count - 1, index)
        args = [
          try read(&arguments, to: end) { (reader) throws(ListedArguments.Failure) in try reader.whole() }
            .resolved(in: builder, at: spot(index))
        ]
      }
    case .getAttr, .output: break
    case .callFunction, .callMethod, .callModule:
      try expect("(args = ")
      let start = index
      guard let middle = lastOccurrence(of: ", kwargs = {", from: index), bytes.last == UInt8(ascii: ")")
      else {
        throw failure(.unclosed("'('"), at: start - "(args = ".utf8.count)
      }
      let positional = try read(&arguments, to: middle) { (reader) throws(ListedArguments.Failure) in
        try reader.tuple()
      }
      index = middle + ", kwargs = ".utf8.count
      let named = try read(&arguments, to: bytes.count - 1) { (reader) throws(ListedArguments.Failure) in
        try reader.keywords()
      }
      for item in positional { args.append(try item.resolved(in: builder, at: spot(start))) }
      for entry in named {
        kwargs.append(Named(entry.name, try entry.value.resolved(in: builder, at: spot(start))))
      }
    }
    try builder.add(
      op, target, args, kwargs, name: name, targetSpot: spot(targetStart), annotation: annotation)
  }

  private mutating func read<Result>(
    _ arguments: inout ListedArguments, to end: Int,
    _ body: (inout ListedArguments) throws(ListedArguments.Failure) -> Result
  ) throws(TextError) -> Result {
    arguments.start(bytes, index..<end)
    do throws(ListedArguments.Failure) { return try body(&arguments) } catch {
      throw failure(error.kind, at: error.index)
    }
  }

  private func lastOccurrence(of needle: StaticString, from start: Int) -> Int? {
    let count = needle.utf8CodeUnitCount
    guard bytes.count - count >= start else { return nil }
    return (start...bytes.count - count).reversed().first { starts(with: needle, at: $0) }
  }

  /// Passes over a type such as `Tensor "f32[2][1]cpu"` before the number of users.
  ///
  /// - Returns: the annotation, when the type has one.
  private mutating func skipType() -> (text: String, spot: Spot)? {
    let start = index
    guard !starts(with: "[", at: index) else { return nil }
    while index < bytes.count, !starts(with: "[num_users=", at: index) { index += 1 }
    guard let open = bytes[start..<index].firstIndex(of: UInt8(ascii: "\"")),
      let close = bytes[open + 1..<index].firstIndex(of: UInt8(ascii: "\""))
    else { return nil }
    return (string(open + 1..<close), spot(open))
  }

  private mutating func target(_ op: Graph.Op) throws(TextError) -> Node.Target {
    let start = index
    // A target may have brackets of its own.
    let marks: StaticString = "](args = ("
    let end =
      (start..<bytes.count).first { starts(with: marks, at: $0) } ?? find(UInt8(ascii: "]"), from: start)
    guard let end, end > start else { throw failure(.unclosed("'['"), at: start - 1) }
    index = end + 1
    let name = string(start..<end)
    guard op == .callFunction else { return Node.Target(name) }
    return name.hasPrefix("operator.") ? Node.Target("_\(name)") : PythonFunctions.target(name)
  }
}
