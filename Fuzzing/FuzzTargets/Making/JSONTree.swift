/// JSON as a tree that can be changed anywhere; keys keep their order and may occur twice.
indirect enum JSONTree: Sendable {
  /// A number, `true`, `false` or `null`, as it is written.
  case word([UInt8])
  /// A string as it is written, without its quotes.
  case string([UInt8])
  case array([JSONTree])
  case object([(key: [UInt8], value: JSONTree)])

  /// Parses well-formed JSON.
  init?(_ text: [UInt8]) {
    var position = 0
    guard let tree = JSONTree(text, &position) else { return nil }
    self = tree
  }

  private init?(_ text: [UInt8], _ position: inout Int) {
    func skip() {
      while position < text.count, text[position] <= 0x20 || text[position] == 0x2C || text[position] == 0x3A
      {
        position += 1
      }
    }
    func string() -> [UInt8] {
      let start = position + 1
      position += 1
      while position < text.count, text[position] != 0x22 { position += text[position] == 0x5C ? 2 : 1 }
      let end = min(position, text.count)
      position += 1
      return Array(text[min(start, end)..<end])
    }
    skip()
    guard position < text.count else { return nil }
    switch text[position] {
    case UInt8(ascii: "{"):
      position += 1
      var entries: [(key: [UInt8], value: JSONTree)] = []
      while true {
        skip()
        guard position < text.count else { return nil }
        if text[position] == UInt8(ascii: "}") { break }
        let key = string()
        guard let value = JSONTree(text, &position) else { return nil }
        entries.append((key, value))
      }
      position += 1
      self = .object(entries)
    case UInt8(ascii: "["):
      position += 1
      var items: [JSONTree] = []
      while true {
        skip()
        guard position < text.count else { return nil }
        if text[position] == UInt8(ascii: "]") { break }
        guard let item = JSONTree(text, &position) else { return nil }
        items.append(item)
      }
      position += 1
      self = .array(items)
    case 0x22: self = .string(string())
    default:
      let start = position
      while position < text.count, !([0x2C, 0x5D, 0x7D] as [UInt8]).contains(text[position]),
        text[position] > 0x20
      {
        position += 1
      }
      guard position > start else { return nil }
      self = .word(Array(text[start..<position]))
    }
  }

  /// The JSON text.
  var text: [UInt8] {
    var text: [UInt8] = []
    write(into: &text)
    return text
  }

  private func write(into text: inout [UInt8]) {
    switch self {
    case .word(let word): text += word
    case .string(let string):
      text.append(0x22)
      text += string
      text.append(0x22)
    case .array(let items):
      text.append(UInt8(ascii: "["))
      for (position, item) in items.enumerated() {
        if position > 0 { text.append(UInt8(ascii: ",")) }
        item.write(into: &text)
      }
      text.append(UInt8(ascii: "]"))
    case .object(let entries):
      text.append(UInt8(ascii: "{"))
      for (position, entry) in entries.enumerated() {
        if position > 0 { text.append(UInt8(ascii: ",")) }
        JSONTree.string(entry.key).write(into: &text)
        text.append(UInt8(ascii: ":"))
        entry.value.write(into: &text)
      }
      text.append(UInt8(ascii: "}"))
    }
  }

  /// How many values the tree has, itself included.
  var count: Int {
    switch self {
    case .word, .string: 1
    case .array(let items): items.reduce(1) { $0 + $1.count }
    case .object(let entries): entries.reduce(1) { $0 + $1.value.count }
    }
  }

  /// The strings and words of the tree.
  var leaves: [JSONTree] {
    switch self {
    case .word, .string: [self]
    case .array(let items): items.flatMap(\.leaves)
    case .object(let entries): entries.flatMap(\.value.leaves)
    }
  }

  /// The value with this number, counted from the root.
  subscript(number: Int) -> JSONTree {
    var left = number
    return find(&left) ?? self
  }

  private func find(_ left: inout Int) -> JSONTree? {
    if left == 0 { return self }
    left -= 1
    switch self {
    case .word, .string: return nil
    case .array(let items):
      for item in items { if let found = item.find(&left) { return found } }
    case .object(let entries):
      for entry in entries { if let found = entry.value.find(&left) { return found } }
    }
    return nil
  }

  /// The tree with the value of this number changed by `body`.
  mutating func change(_ number: inout Int, _ body: (inout JSONTree) -> Void) {
    defer { number -= 1 }
    if number == 0 { return body(&self) }
    guard number > 0 else { return }
    var left = number - 1
    defer { number = left + 1 }
    switch self {
    case .word, .string: return
    case .array(var items):
      self = .array([])
      for index in items.indices where left >= 0 { items[index].change(&left, body) }
      self = .array(items)
    case .object(var entries):
      self = .object([])
      for index in entries.indices where left >= 0 { entries[index].value.change(&left, body) }
      self = .object(entries)
    }
  }
}
