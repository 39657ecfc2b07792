import ExportedPrograms

/// Collects events by process and compilation.
struct EnvironmentLog {
  private(set) var environments: [LoggedEnvironment] = []
  private var indexes: [String: Int] = [:]
  /// Names of files, by the numbers that records have for them.
  private var files: [Int: String] = [:]

  var isEmpty: Bool { environments.isEmpty }

  /// The environment of a compilation; logs without a compile id have one for all.
  func environment(compileID: String?, process: String) -> LoggedEnvironment? {
    indexes["\(process) \(compileID ?? "")"].map { environments[$0] }
  }

  private mutating func update(
    _ compileID: String, _ process: String, _ body: (inout LoggedEnvironment) -> Void
  ) {
    let key = "\(process) \(compileID)"
    if let index = indexes[key] { return body(&environments[index]) }
    var environment = LoggedEnvironment(compileID: compileID, process: process)
    body(&environment)
    indexes[key] = environments.count
    environments.append(environment)
  }

  // Log lines

  /// Reads a line, if it is an event.
  mutating func read(
    _ text: SourceText, _ line: Int, _ range: Range<Int>, _ prefix: LogPrefix?
  ) throws(TextError) {
    guard range.count < 100_000, let event = EventLine(text, range) else { return }
    update(prefix?.compileID ?? "", prefix?.process ?? "") { event.apply(to: &$0) }
  }

  // Records

  /// Reads a record of a trace.
  mutating func add(_ record: TraceRecord, process: String) {
    guard let content = record.content else { return }
    switch record.name {
    case "str":
      if let items = content.elements, items.count == 2, let name = items[0].string,
        let number = items[1].integer
      {
        files[number] = name
      }
    case "create_symbol", "create_unbacked_symbol":
      guard let name = content["symbol"]?.string else { return }
      let (lower, upper) = EventLine.bounds(content["vr"]?.string ?? "")
      let symbol = LoggedEnvironment.Symbol(
        name: name, lower: lower, upper: upper, hint: content["val"]?.string.flatMap { Int($0) },
        source: content["source"]?.string, origin: origin(content["user_stack"]))
      update(record.compileID, process) { $0.add(symbol) }
    case "guard_added_fast", "guard_added":
      guard let expression = content["expr"]?.string else { return }
      let condition = LoggedEnvironment.Condition(
        expression: expression, origin: origin(content["user_stack"]))
      let isRuntime = content["prefix"]?.string == "runtime_assert"
      update(record.compileID, process) { $0.add(condition, isRuntimeAssert: isRuntime) }
    case "symbolic_shape_specialization":
      guard let name = content["symbol"]?.string, let value = content["value"]?.string else { return }
      update(record.compileID, process) {
        $0.replace(name, by: value)
        if let number = Int(value) { $0.narrow(name, number, number) }
      }
    default: break
    }
  }

  /// The innermost frame of the author's stack, as `model.py:8 in forward: code`.
  private func origin(_ stack: PythonExpression?) -> String? {
    guard let frames = stack?.elements else { return nil }
    let frame = frames.last { frame in
      guard let file = frame["filename"]?.integer.flatMap({ files[$0] }) else { return true }
      return !file.contains("site-packages/torch/")
    }
    guard let frame, let line = frame["line"]?.integer else { return nil }
    let file = frame["filename"]?.integer.flatMap { files[$0] }?.split(separator: "/").last.map { String($0) }
    let function = frame["name"]?.string.map { " in \($0)" } ?? ""
    return "\(file ?? "line "):\(line)\(function)" + (frame["loc"]?.string.map { ": \($0)" } ?? "")
  }
}

extension LoggedEnvironment {
  /// Tells the symbols of a graph what the log says of them.
  func state(in texts: SymbolTexts) {
    let known = Set(texts.symbols)
    for symbol in symbols where known.contains(symbol.name) {
      texts.state(RangeConstraint(text: symbol.name, lower: symbol.lower, upper: symbol.upper))
      if let hint = symbol.hint { _ = try? texts.intern(symbol.name.utf8, hint: .int(hint)) }
    }
  }
}
