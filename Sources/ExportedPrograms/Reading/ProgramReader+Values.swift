import FX
import TensorVocabulary

/// Tables of recorded values: name to metadata.
extension ProgramReader {
  /// Reads a table value by value.
  mutating func values(
    _ value: (inout ProgramReader, NameID) throws(JSONFailure) -> RecordedValues.Record
  ) throws(JSONFailure) {
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      let name = key.withBytes { current.graph.internName($0) }
      let start = scanner.offset
      let record = try value(&self, name)
      places?.ends[start] = scanner.offset
      guard current.values.set(record, for: name) else {
        throw scanner.failure(.duplicateName(key.text), at: key)
      }
    }
  }

  /// Reads the metadata of a tensor.
  mutating func tensorValue(_ name: NameID) throws(JSONFailure) -> RecordedValues.Record {
    var record = RecordedValues.Record(kind: .tensor)
    var sizes: Range<UInt32>?
    var strides: Range<UInt32>?
    var offset: UInt32?
    var hasType = false
    if scanner.opens("{\"dtype\": ") {
      // The order of `json.dumps`; members in any other order are left to the loop.
      hasType = true
      record.dtype = try dtype()
      if scanner.consume(", \"sizes\": ") { sizes = try symInts(allowsNegative: false) }
      if scanner.consume(", \"requires_grad\": ") { record.requiresGrad = try scanner.boolean() }
      if scanner.consume(", \"device\": ") { record.device = try knownDevice() }
      if scanner.consume(", \"strides\": ") { strides = try symInts(allowsNegative: true) }
      if scanner.consume(", \"storage_offset\": ") { offset = current.values.append(try symInt()) }
    } else {
      try scanner.beginObject()
    }
    while let key = try scanner.nextKey() {
      switch key {
      case "dtype":
        hasType = true
        record.dtype = try dtype()
      case "sizes": sizes = try symInts(allowsNegative: false)
      case "strides": strides = try symInts(allowsNegative: true)
      case "storage_offset": offset = current.values.append(try symInt())
      case "requires_grad": record.requiresGrad = try scanner.boolean()
      case "layout": record.layout = try code("a layout") { Layout(archiveCode: $0) }
      case "device": record.device = try knownDevice()
      default: try scanner.skipValue()
      }
    }
    guard hasType else { throw scanner.missing("dtype") }
    guard let sizes else { throw scanner.missing("sizes") }
    guard let strides else { throw scanner.missing("strides") }
    guard sizes.count == strides.count else {
      throw scanner.failure(.inconsistent("\(sizes.count) sizes, but \(strides.count) strides"))
    }
    record.rank = UInt8(sizes.count)
    record.sizes = sizes.lowerBound
    record.strides = strides.lowerBound
    record.storageOffset = offset ?? current.values.append(.zero)
    return record
  }

  /// Reads the integers of a shape into the pool.
  ///
  /// Strides may be negative; PyTorch makes no tensor with a negative size.
  private mutating func symInts(allowsNegative: Bool) throws(JSONFailure) -> Range<UInt32> {
    let beginning = scanner.mark
    let start = UInt32(truncatingIfNeeded: current.values.integers.count)
    let limit = UInt32(clamping: min(scanner.limits.tensorRank, Int(UInt8.max)))
    var count: UInt32 = 0
    try scanner.beginArray()
    while try scanner.nextElement() {
      guard count < limit else {
        throw scanner.failure(.limitExceeded(what: "dimensions of a tensor", limit: Int(limit)))
      }
      let integer = try symInt()
      if !allowsNegative, let size = integer.constant, size < 0 {
        scanner.jump(to: beginning)
        throw scanner.failure(.inconsistent("a tensor with the size \(size)"))
      }
      _ = current.values.append(integer)
      count += 1
    }
    return start..<start + count
  }

  mutating func symIntValue(_ name: NameID) throws(JSONFailure) -> RecordedValues.Record {
    let integer = try symInt()
    return RecordedValues.Record(kind: .symInt, sizes: current.values.append(integer))
  }

  mutating func symFloatValue(_ name: NameID) throws(JSONFailure) -> RecordedValues.Record {
    let tag = try scanner.beginUnion()
    var record = RecordedValues.Record(kind: .symFloat)
    switch tag {
    case "as_expr": record.sizes = current.values.append(RecordedInt(try expression()))
    case "as_float":
      record.kind = .float
      record.sizes = current.values.append(try scanner.float())
    default: throw unknownTag(tag, "'as_expr' or 'as_float'")
    }
    try scanner.endUnion()
    return record
  }

  mutating func symBoolValue(_ name: NameID) throws(JSONFailure) -> RecordedValues.Record {
    let tag = try scanner.beginUnion()
    var record = RecordedValues.Record(kind: .symBool)
    switch tag {
    case "as_expr": record.sizes = current.values.append(RecordedInt(try expression()))
    case "as_bool":
      record.kind = .bool
      record.sizes = try scanner.boolean() ? 1 : 0
    default: throw unknownTag(tag, "'as_expr' or 'as_bool'")
    }
    try scanner.endUnion()
    return record
  }

  private func unknownTag(_ tag: JSONString, _ expected: String) -> JSONFailure {
    scanner.failure(.unexpected(expected: expected, found: "'\(tag.text)'"), at: tag)
  }

  mutating func customObject(_ name: NameID) throws(JSONFailure) -> RecordedValues.Record {
    let className = try scanner.member("class_fqn").text
    return RecordedValues.Record(kind: .customObject, sizes: current.values.append(className: className))
  }

  /// Reads `{as_int}` or `{as_expr}`.
  @inline(__always)
  private mutating func symInt() throws(JSONFailure) -> RecordedInt {
    if let value = scanner.usualInt() {
      guard let integer = RecordedInt(value) else { preconditionFailure("18 digits fit: \(value)") }
      return integer
    }
    if let (text, hint) = scanner.usualExpression() {
      return RecordedInt(expressions.intern(text.bytes, hint: hint.map { .int($0) }))
    }
    return try unusualSymInt()
  }

  private mutating func unusualSymInt() throws(JSONFailure) -> RecordedInt {
    let tag = try scanner.beginUnion()
    let integer: RecordedInt
    switch tag {
    case "as_int":
      guard let value = RecordedInt(try scanner.integer()) else {
        throw scanner.failure(.limitExceeded(what: "digits in a size", limit: 18), at: tag)
      }
      integer = value
    case "as_expr": integer = RecordedInt(try expression())
    default: throw unknownTag(tag, "'as_int' or 'as_expr'")
    }
    try scanner.endUnion()
    return integer
  }

  /// Reads `{expr_str, hint}`.
  private mutating func expression() throws(JSONFailure) -> RecordedExpressionID {
    var text: JSONString?
    var hint: RecordedExpressions.Hint?
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      switch key {
      case "expr_str": text = try scanner.string()
      case "hint": hint = scanner.null() ? nil : try self.hint()
      default: try scanner.skipValue()
      }
    }
    guard let text else { throw scanner.missing("expr_str") }
    return text.withBytes { expressions.intern($0, hint: hint) }
  }

  private mutating func hint() throws(JSONFailure) -> RecordedExpressions.Hint? {
    let tag = try scanner.beginUnion()
    var hint: RecordedExpressions.Hint?
    switch tag {
    case "as_int": hint = .int(try scanner.integer())
    case "as_float": hint = .float(try scanner.float())
    case "as_bool": hint = .bool(try scanner.boolean())
    default: try scanner.skipValue()
    }
    try scanner.endUnion()
    return hint
  }
}

/// Devices and enumerations.
extension ProgramReader {
  /// Reads `{type, index}`; `nil` for an unknown type.
  mutating func device() throws(JSONFailure) -> Device? {
    if scanner.consume("{\"type\": \"cpu\", \"index\": null}") { return .cpu }
    var type: JSONString?
    var index: Int?
    try scanner.beginObject()
    while let key = try scanner.nextKey() {
      switch key {
      case "type": type = try scanner.string()
      case "index": index = try scanner.integerOrNull()
      default: try scanner.skipValue()
      }
    }
    guard let type else { throw scanner.missing("type") }
    guard let known = DeviceType(name: type.text) else { return nil }
    guard let index else { return Device(known) }
    return Int16(exactly: index).map { Device(known, index: $0) }
  }

  private mutating func dtype() throws(JSONFailure) -> ScalarType {
    try code("a scalar type") { ScalarType(archiveCode: $0) }
  }

  private mutating func knownDevice() throws(JSONFailure) -> Device {
    _ = scanner.peek()
    let start = scanner.mark
    if let device = try device() { return device }
    scanner.jump(to: start)
    throw scanner.failure(.unexpected(expected: "a device", found: "\(try scanner.raw().text)"))
  }

  private mutating func code<Value>(
    _ expected: StaticString, _ make: (Int) -> Value?
  ) throws(JSONFailure) -> Value {
    _ = scanner.peek()
    let start = scanner.mark
    let code = try scanner.integer()
    guard let value = make(code) else {
      scanner.jump(to: start)
      throw scanner.failure(.unexpected(expected: "\(expected)", found: "the unknown code \(code)"))
    }
    return value
  }
}
