import ZipArchives

/// What a pickle describes, as data: nothing is imported and nothing is called.
indirect enum PickledValue {
  case none
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(String)
  case bytes([UInt8])
  case list([PickledValue])
  case tuple([PickledValue])
  case dictionary([(key: PickledValue, value: PickledValue)])
  /// A name of Python, such as `torch._utils._rebuild_tensor_v2`.
  case global(String)
  /// A call that unpickling would make.
  case call(String, [PickledValue])
  /// Something stored outside of the pickle, by its description.
  case persistent(PickledValue)
  case opaque
}

/// Reads the opcodes that `torch.save` writes into values, for the archives that keep weights in a pickle.
///
/// - Source: Python's `pickletools`; `torch.serialization._save`.
struct WeightPickle {
  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private var stack: [PickledValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickledValue] = [:]

  /// Why a pickle cannot be read.
  struct Failure: Error { let offset: Int }

  private static let mostOpcodes = 10_000_000
  private static let mostMemories = 1_000_000
  private static let mostItems = 1_000_000

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Reads the value that the pickle makes.
  mutating func value() throws(Failure) -> PickledValue {
    for _ in 0..<Self.mostOpcodes {
      let opcode = try byte()
      if opcode == UInt8(ascii: ".") { return try pop() }
      try run(opcode)
      guard stack.count <= Self.mostItems, memo.count <= Self.mostMemories else { throw failure }
    }
    throw failure
  }

  private var failure: Failure { Failure(offset: position) }

  private mutating func run(_ opcode: UInt8) throws(Failure) {
    switch opcode {
    case 0x80: _ = try byte()  // protocol
    case 0x95: _ = try integer(8)  // frame
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.bool(true))
    case 0x89: stack.append(.bool(false))
    case UInt8(ascii: "K"): stack.append(.int(try integer(1)))
    case UInt8(ascii: "M"): stack.append(.int(try integer(2)))
    case UInt8(ascii: "J"): stack.append(.int(Int(Int32(truncatingIfNeeded: try integer(4)))))
    case 0x8A: try longInteger()
    case UInt8(ascii: "G"): try float()
    case UInt8(ascii: "X"): stack.append(.string(try text(try integer(4))))
    case 0x8C: stack.append(.string(try text(try integer(1))))
    case UInt8(ascii: "B"): stack.append(.bytes(Array(try take(try integer(4)))))
    case UInt8(ascii: "C"): stack.append(.bytes(Array(try take(try integer(1)))))
    case UInt8(ascii: "]"): stack.append(.list([]))
    case UInt8(ascii: "}"): stack.append(.dictionary([]))
    case UInt8(ascii: ")"): stack.append(.tuple([]))
    case UInt8(ascii: "t"): stack.append(.tuple(try popToMark()))
    case 0x85: stack.append(.tuple([try pop()]))
    case 0x86: try makeTuple(2)
    case 0x87: try makeTuple(3)
    case UInt8(ascii: "l"): stack.append(.list(try popToMark()))
    case UInt8(ascii: "d"): try makeDictionary()
    case UInt8(ascii: "a"): try append([try pop()])
    case UInt8(ascii: "e"): try append(try popToMark())
    case UInt8(ascii: "s"):
      let value = try pop()
      try set([try pop(), value])
    case UInt8(ascii: "u"): try set(try popToMark())
    case UInt8(ascii: "q"): try remember(try integer(1))
    case UInt8(ascii: "r"): try remember(try integer(4))
    case 0x94: try remember(memo.count)
    case UInt8(ascii: "h"): try recall(try integer(1))
    case UInt8(ascii: "j"): try recall(try integer(4))
    case UInt8(ascii: "c"): stack.append(.global("\(try line()).\(try line())"))
    case 0x93: try global()
    case UInt8(ascii: "R"), 0x81: try call()
    case UInt8(ascii: "b"): _ = try pop()  // state of an object, which is not looked at
    case UInt8(ascii: "Q"): stack.append(.persistent(try pop()))
    case UInt8(ascii: "0"): _ = try pop()
    default: throw failure
    }
  }

  private mutating func byte() throws(Failure) -> UInt8 {
    guard position < bytes.count else { throw failure }
    defer { position += 1 }
    return bytes[position]
  }

  private mutating func take(_ count: Int) throws(Failure) -> UnsafeRawBufferPointer {
    guard count >= 0, count <= bytes.count - position else { throw failure }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  /// An unsigned integer of `count` bytes, the lowest first.
  private mutating func integer(_ count: Int) throws(Failure) -> Int {
    var value: UInt64 = 0
    for (place, byte) in try take(count).enumerated() { value |= UInt64(byte) << (8 * UInt64(place)) }
    guard let value = Int(exactly: value) else { throw failure }
    return value
  }

  /// A signed integer of as many bytes as the first one says.
  private mutating func longInteger() throws(Failure) {
    let digits = try take(Int(try byte()))
    guard digits.count <= 8 else { return stack.append(.opaque) }
    var value: Int = digits.last.map { $0 >= 0x80 ? -1 : 0 } ?? 0
    for digit in digits.reversed() { value = value << 8 | Int(digit) }
    stack.append(.int(value))
  }

  private mutating func float() throws(Failure) {
    var bits: UInt64 = 0
    for byte in try take(8) { bits = bits << 8 | UInt64(byte) }
    stack.append(.float(Double(bitPattern: bits)))
  }

  private mutating func text(_ count: Int) throws(Failure) -> String {
    String(decoding: try take(count), as: UTF8.self)
  }

  private mutating func line() throws(Failure) -> String {
    let start = position
    while try byte() != UInt8(ascii: "\n") {}
    return String(decoding: bytes[start..<position - 1], as: UTF8.self)
  }

  private mutating func pop() throws(Failure) -> PickledValue {
    guard stack.count > (marks.last ?? 0), let value = stack.popLast() else { throw failure }
    return value
  }

  private mutating func popToMark() throws(Failure) -> [PickledValue] {
    guard let mark = marks.popLast(), mark <= stack.count else { throw failure }
    defer { stack.removeSubrange(mark...) }
    return Array(stack[mark...])
  }

  private mutating func makeTuple(_ count: Int) throws(Failure) {
    var items: [PickledValue] = []
    for _ in 0..<count { items.append(try pop()) }
    stack.append(.tuple(items.reversed()))
  }

  private mutating func makeDictionary() throws(Failure) {
    let items = try popToMark()
    stack.append(.dictionary([]))
    try set(items)
  }

  private mutating func append(_ items: [PickledValue]) throws(Failure) {
    switch try pop() {
    case .list(let known): stack.append(.list(known + items))
    case let other: stack.append(other)
    }
  }

  private mutating func set(_ items: [PickledValue]) throws(Failure) {
    guard items.count.isMultiple(of: 2) else { throw failure }
    let pairs = stride(from: 0, to: items.count, by: 2).map { (key: items[$0], value: items[$0 + 1]) }
    switch try pop() {
    case .dictionary(let known): stack.append(.dictionary(known + pairs))
    case .call("collections.OrderedDict", _): stack.append(.dictionary(pairs))
    case let other: stack.append(other)
    }
  }

  private mutating func remember(_ number: Int) throws(Failure) {
    guard let top = stack.last else { throw failure }
    memo[number] = top
  }

  private mutating func recall(_ number: Int) throws(Failure) {
    guard let value = memo[number] else { throw failure }
    stack.append(value)
  }

  private mutating func global() throws(Failure) {
    guard case .string(let name) = try pop(), case .string(let module) = try pop() else { throw failure }
    stack.append(.global("\(module).\(name)"))
  }

  private mutating func call() throws(Failure) {
    guard case .tuple(let arguments) = try pop() else { throw failure }
    switch try pop() {
    case .global(let name): stack.append(.call(name, arguments))
    default: stack.append(.opaque)
    }
  }
}
