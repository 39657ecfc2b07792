import FX
import TensorVocabulary

/// Expressions as arguments of nodes.
extension GraphBuilder {
  /// The argument that an expression writes.
  ///
  /// - Throws: ``TextError`` for names that nothing defines and for Python that no printed graph has.
  func argument(_ expression: PythonExpression) throws(TextError) -> Node.Argument {
    switch expression.kind {
    case .name(let name): return try named(name, expression)
    case .int(let value):
      guard value != .min else { throw failure(.tooLarge("9223372036854775808"), at: expression.start) }
      return .int(value)
    case .float(let value): return .float(value)
    case .imaginary(let value): return .complex(0, value)
    case .string(let text): return .string(text)
    case .ellipsis: return .ellipsis
    case .tuple(let items): return .tuple(try arguments(items))
    case .list(let items): return .list(try arguments(items))
    case .dict(let entries): return try dict(entries)
    case .unary("-", let operand): return try negated(operand, expression)
    case .unary("+", let operand): return try argument(operand)
    case .binary(let mark, let left, let right): return try complex(mark, left, right, expression)
    case .attribute: return try dotted(expression)
    case .call(let function, let arguments, let keywords):
      return try call(function, arguments, keywords, expression)
    case .slice(let start, let stop, let step):
      return .slice(.init(try bound(start), try bound(stop), try bound(step)))
    case .unary, .item: throw failure(.unsupported("an operation inside an argument"), at: expression.start)
    }
  }

  func arguments(_ expressions: [PythonExpression]) throws(TextError) -> [Node.Argument] {
    var arguments: [Node.Argument] = []
    arguments.reserveCapacity(expressions.count)
    for expression in expressions { arguments.append(try argument(expression)) }
    return arguments
  }

  func keywordArguments(
    _ keywords: [PythonExpression.Keyword]
  ) throws(TextError) -> [Node.KeywordArgument] {
    var arguments: [Node.KeywordArgument] = []
    for keyword in keywords { arguments.append(Named(keyword.name, try argument(keyword.value))) }
    return arguments
  }

  private func bound(_ expression: PythonExpression?) throws(TextError) -> Node.Argument {
    guard let expression else { return .none }
    return try argument(expression)
  }

  private func named(_ name: String, _ expression: PythonExpression) throws(TextError) -> Node.Argument {
    switch name {
    case "None": return .none
    case "True": return .bool(true)
    case "False": return .bool(false)
    case "inf" where node(name) == nil: return .float(.infinity)
    case "nan" where node(name) == nil: return .float(.nan)
    case "Ellipsis": return .ellipsis
    default: break
    }
    if node(name) == nil, PythonFunctions.builtins.contains(name) {
      return .operator(.init("builtins.\(name)"))
    }
    return .node(try node(name, at: expression.start))
  }

  private func dict(
    _ entries: [(key: PythonExpression, value: PythonExpression)]
  ) throws(TextError) -> Node.Argument {
    var arguments: [DictEntry<Node.Argument>] = []
    for entry in entries {
      let key: DictionaryKey
      switch try argument(entry.key) {
      case .string(let text): key = .string(text)
      case .int(let value): key = .int(value)
      default:
        throw failure(
          .unsupported("a dictionary key that is neither a string nor an integer"), at: entry.key.start)
      }
      arguments.append(DictEntry(key, try argument(entry.value)))
    }
    return .dict(arguments)
  }

  private func negated(
    _ operand: PythonExpression, _ expression: PythonExpression
  ) throws(TextError) -> Node.Argument {
    if let value = expression.integer { return .int(value) }
    switch try argument(operand) {
    case .float(let value): return .float(-value)
    case .complex(let real, let imaginary): return .complex(-real, -imaginary)
    default: throw failure(.unsupported("an operation inside an argument"), at: expression.start)
    }
  }

  /// `1+2j`.
  private func complex(
    _ mark: String, _ left: PythonExpression, _ right: PythonExpression, _ expression: PythonExpression
  ) throws(TextError) -> Node.Argument {
    guard mark == "+" || mark == "-", case .complex(_, let imaginary) = try argument(right) else {
      throw failure(.unsupported("an operation inside an argument"), at: expression.start)
    }
    let signed = mark == "-" ? -imaginary : imaginary
    switch try argument(left) {
    case .int(let real): return .complex(Double(real), signed)
    case .float(let real): return .complex(real, signed)
    default: throw failure(.unsupported("an operation inside an argument"), at: expression.start)
    }
  }

  /// `torch.float32`, `torch.ops.aten.add.Tensor`.
  private func dotted(_ expression: PythonExpression) throws(TextError) -> Node.Argument {
    guard let name = expression.dottedName else {
      throw failure(.unsupported("an operation inside an argument"), at: expression.start)
    }
    if let constant = Self.constant(named: name) { return constant }
    if let root = name.split(separator: ".").first, node(String(root)) != nil {
      throw failure(.unsupported("an operation inside an argument"), at: expression.start)
    }
    return .operator(Node.Target(name))
  }

  /// One of PyTorch's constants: a dtype, a layout or a memory format, by its full name.
  static func constant(named name: String) -> Node.Argument? {
    guard name.hasPrefix("torch.") else { return nil }
    let bare = name.dropFirst("torch.".count)
    if let format = MemoryFormat(name: bare) { return .memoryFormat(format) }
    if let type = ScalarType(name: bare) { return .dtype(type) }
    if let layout = Layout(name: bare) { return .layout(layout) }
    return nil
  }

  /// A constructor: `device(type='cpu')`, `slice(None, 2, None)`, `torch.Size([2, 3])`.
  private func call(
    _ function: PythonExpression, _ arguments: [PythonExpression], _ keywords: [PythonExpression.Keyword],
    _ expression: PythonExpression
  ) throws(TextError) -> Node.Argument {
    let items = try self.arguments(arguments)
    switch function.dottedName {
    case "device"?, "torch.device"?: return .device(try device(items, keywords, expression))
    case "slice"?:
      switch items.count {
      case 1: return .slice(.init(.none, items[0]))
      case 2: return .slice(.init(items[0], items[1]))
      case 3: return .slice(.init(items[0], items[1], items[2]))
      default: throw failure(.unsupported("a slice of \(items.count) bounds"), at: expression.start)
      }
    case "range"?:
      let bounds = arguments.compactMap(\.integer)
      guard bounds.count == arguments.count else { break }
      switch bounds.count {
      case 1: return .range(.init(0, bounds[0]))
      case 2: return .range(.init(bounds[0], bounds[1]))
      case 3: return .range(.init(bounds[0], bounds[1], bounds[2]))
      default: break
      }
    case "torch.Size"?:
      if case .list(let sizes)? = items.first { return .tuple(sizes) }
      if case .tuple? = items.first { return items[0] }
    case "complex"?:
      if let parts = Self.parts(items) { return .complex(parts.real, parts.imaginary) }
    case "float"?:
      if case .string(let word)? = items.first, let value = Double(word) { return .float(value) }
    case let name?:
      // A named tuple: its class, called with the fields.
      if keywords.isEmpty, case .tuple(let fields)? = items.first, items.count == 1 { return .tuple(fields) }
      if items.isEmpty, !keywords.isEmpty, !name.hasPrefix("torch.ops.") {
        return .tuple(try keywordArguments(keywords).map(\.value))
      }
    case nil: break
    }
    throw failure(
      .unsupported("\(function.dottedName ?? "a call") inside an argument"), at: expression.start)
  }

  private static func parts(_ items: [Node.Argument]) -> (real: Double, imaginary: Double)? {
    let numbers = items.compactMap { item -> Double? in
      switch item {
      case .float(let value): value
      case .int(let value): Double(value)
      default: nil
      }
    }
    return numbers.count == 2 && items.count == 2 ? (numbers[0], numbers[1]) : nil
  }

  private func device(
    _ items: [Node.Argument], _ keywords: [PythonExpression.Keyword], _ expression: PythonExpression
  ) throws(TextError) -> Device {
    var type = items.first
    var index = items.count > 1 ? items[1] : nil
    for keyword in keywords {
      if keyword.name == "type" { type = try argument(keyword.value) }
      if keyword.name == "index" { index = try argument(keyword.value) }
    }
    guard case .string(let name)? = type else {
      throw failure(.unexpected(expected: "a device", found: "no type"), at: expression.start)
    }
    guard let device = Device(name) else {
      throw failure(.unexpected(expected: "a device", found: "'\(name)'"), at: expression.start)
    }
    guard case .int(let number)? = index else { return device }
    guard let number = Int16(exactly: number) else {
      throw failure(.tooLarge("\(number)"), at: expression.start)
    }
    return Device(device.type, index: number)
  }
}
