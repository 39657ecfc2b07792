import TensorVocabulary
import ZipArchives

/// Reads a pickle without executing it.
///
/// The stack machine of protocol 2 to 4 is followed; a class or function is a name, and a call of one is taken only if
/// it is in the list of ``call(_:_:)``. Everything else becomes an ``PickleValue/object(_:)``, which no reader of tensors
/// takes.
struct PickleReader {
  /// What is on the stack: a value, a mark, a list or dictionary that is still growing, or a storage.
  private enum Item {
    case value(PickleValue)
    case mark
    case container(Int)
    case storage(Storage)
  }

  /// A storage that the pickle refers to: its dtype, unless it is untyped, and its bytes.
  struct Storage {
    let dtype: ScalarType?
    let bytes: MappedBytes
  }

  /// A list or a dictionary, which may grow after other objects refer to it.
  private struct Container {
    let isDict: Bool
    /// The items; of a dictionary, keys and values in turn.
    var items: [Item] = []
  }

  private let bytes: UnsafeRawBufferPointer
  /// The bytes of the storage with this key.
  private let storage: (String) throws(TensorFileError) -> MappedBytes
  private var cursor = 0
  private var stack: [Item] = []
  private var memo: [Int: Item] = [:]
  private var containers: [Container] = []
  /// The most levels of containers, so that a value cannot exhaust the stack of the reader.
  private static let deepest = 200
  /// The most values in the result: references may double them again and again.
  private static let mostValues = 1_000_000
  private var valueCount = 0

  init(_ bytes: UnsafeRawBufferPointer, storage: @escaping (String) throws(TensorFileError) -> MappedBytes) {
    self.bytes = bytes
    self.storage = storage
  }

  /// Reads the one object of the pickle.
  mutating func read() throws(TensorFileError) -> PickleValue {
    while true {
      let opcode = try byte()
      if opcode == UInt8(ascii: ".") { return try resolve(pop(), 0) }
      try run(opcode)
    }
  }

  private mutating func run(_ opcode: UInt8) throws(TensorFileError) {
    switch opcode {
    case 0x80: _ = try byte()  // PROTO
    case 0x95: _ = try integer(8)  // FRAME
    case UInt8(ascii: "("): stack.append(.mark)
    case UInt8(ascii: "0"): _ = try pop()
    case UInt8(ascii: "1"): _ = try popToMark()
    case UInt8(ascii: "N"): push(.none)
    case 0x88: push(.bool(true))
    case 0x89: push(.bool(false))
    case UInt8(ascii: "K"): push(.int(try integer(1)))
    case UInt8(ascii: "M"): push(.int(try integer(2)))
    case UInt8(ascii: "J"): push(.int(Int(Int32(truncatingIfNeeded: try integer(4)))))
    case 0x8A: push(.int(try long(try integer(1))))
    case UInt8(ascii: "G"):
      push(.float(Double(bitPattern: UInt64(bitPattern: Int64(try integer(8))).byteSwapped)))
    case UInt8(ascii: "X"): push(.string(try text(try integer(4))))
    case 0x8C: push(.string(try text(try integer(1))))
    case 0x8D: push(.string(try text(try integer(8))))
    case UInt8(ascii: "U"): push(.string(try text(try integer(1))))
    case UInt8(ascii: "B"), UInt8(ascii: "C"):
      _ = try text(try integer(opcode == UInt8(ascii: "B") ? 4 : 1))
      push(.object("bytes"))
    case UInt8(ascii: ")"): push(.tuple([]))
    case 0x85, 0x86, 0x87: try push(tuple: pop(Int(opcode) - 0x84))
    case UInt8(ascii: "t"): try push(tuple: popToMark())
    case UInt8(ascii: "]"): newContainer(isDict: false)
    case UInt8(ascii: "}"): newContainer(isDict: true)
    case UInt8(ascii: "l"): try newContainer(isDict: false, popToMark())
    case UInt8(ascii: "d"): try newContainer(isDict: true, popToMark())
    case UInt8(ascii: "a"): try extend([try pop()])
    case UInt8(ascii: "e"): try extend(try popToMark())
    case UInt8(ascii: "s"): try extend(try pop(2))
    case UInt8(ascii: "u"): try extend(try popToMark())
    case UInt8(ascii: "q"): memo[try integer(1)] = try top()
    case UInt8(ascii: "r"): memo[try integer(4)] = try top()
    case 0x94: memo[memo.count] = try top()
    case UInt8(ascii: "h"): stack.append(try recall(try integer(1)))
    case UInt8(ascii: "j"): stack.append(try recall(try integer(4)))
    case UInt8(ascii: "c"): push(.object("\(try line()).\(try line())"))
    case 0x93:
      let names = try pop(2)
      guard case .value(.string(let module)) = names[0], case .value(.string(let name)) = names[1] else {
        throw damaged("a class without a name")
      }
      push(.object("\(module).\(name)"))
    case UInt8(ascii: "Q"): stack.append(.storage(try persistent(try resolve(pop(), 0))))
    case UInt8(ascii: "R"), 0x81:
      let call = try pop(2)
      guard case .value(.object(let name)) = call[0] else {
        throw damaged("a call of something without a name")
      }
      stack.append(try self.call(name, call[1]))
    case UInt8(ascii: "b"):  // BUILD: the state of an object, which only a class would understand.
      _ = try pop()
    default: throw damaged("the opcode \(opcode) is not read")
    }
  }

  // Calls

  /// The result of calling a function that tensors and plain containers are pickled with.
  private mutating func call(_ name: String, _ argument: Item) throws(TensorFileError) -> Item {
    switch name {
    case "collections.OrderedDict", "builtins.dict":
      containers.append(Container(isDict: true))
      return .container(containers.count - 1)
    case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor_v3":
      return .value(.tensor(try tensor(argument, hasDtype: name.hasSuffix("3"))))
    case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
      guard case .value(.tuple(let items)) = argument, let tensor = items.first else {
        throw damaged("a parameter without its tensor")
      }
      return .value(tensor)
    case "torch._tensor._rebuild_from_type_v2":
      // A tensor with attributes of its own, which are not read: function, class, arguments, state.
      guard case .value(.tuple(let items)) = argument, items.count >= 3,
        case .object(let function) = items[0],
        case .object(let type) = items[1], case .tuple = items[2]
      else { throw damaged("a tensor without its class") }
      guard type == "torch.Tensor" || type == "torch.nn.parameter.Parameter", function != name else {
        return .value(.object(type))
      }
      return try call(function, .value(items[2]))
    case "torch.device":
      guard case .value(.tuple(let items)) = argument, case .string(let device)? = items.first else {
        return .value(.object(name))
      }
      return .value(.device(device))
    case "torch.Size", "builtins.tuple":
      guard case .value(.tuple(let items)) = argument, let only = items.first else {
        return .value(.tuple([]))
      }
      if case .list(let list) = only { return .value(.tuple(list)) }
      return .value(only)
    default: return .value(.object(name))
    }
  }

  /// `(storage, offset, sizes, strides, requires_grad, hooks, …)`; in the third version the dtype follows.
  private func tensor(_ argument: Item, hasDtype: Bool) throws(TensorFileError) -> StoredTensor {
    guard case .value(.tuple(let items)) = argument, items.count >= 4, case .object(let key) = items[0],
      let number = Int(key.dropFirst(Self.storagePrefix.count)), key.hasPrefix(Self.storagePrefix),
      storages.indices.contains(number), case .int(let offset) = items[1],
      let sizes = Self.integers(items[2]), let strides = Self.integers(items[3])
    else { throw damaged("a tensor without storage, sizes or strides") }
    let storage = storages[number]
    var dtype = storage.dtype
    if hasDtype, items.count > 6 { dtype = Self.dtype(items[6]) }
    guard let dtype else { throw TensorFileError(.unknownDtype("of an untyped storage")) }
    return try StoredTensor(
      dtype, sizes: sizes, strides: strides, storageOffset: offset, bytes: storage.bytes)
  }

  private static func integers(_ value: PickleValue) -> [Int]? {
    guard case .tuple(let items) = value else { return nil }
    var integers: [Int] = []
    for item in items {
      guard case .int(let integer) = item else { return nil }
      integers.append(integer)
    }
    return integers
  }

  private static func dtype(_ value: PickleValue) -> ScalarType? {
    switch value {
    case .dtype(let dtype): dtype
    case .object(let name): ScalarType(name: name)
    default: nil
    }
  }

  // Storages

  private static let storagePrefix = "storage "
  private var storages: [Storage] = []

  /// `("storage", class, key, location, element count)`.
  private func persistent(_ id: PickleValue) throws(TensorFileError) -> Storage {
    guard case .tuple(let items) = id, items.count >= 3, case .string("storage") = items[0],
      case .object(let name) = items[1], case .string(let key) = items[2]
    else { throw damaged("a reference to something that is no storage") }
    guard
      let type = Self.storageTypes.first(where: {
        "torch.\($0.name)" == name || "torch.storage.\($0.name)" == name
      })
    else { throw TensorFileError(.refusedObject(name)) }
    return Storage(dtype: type.dtype, bytes: try storage(key))
  }

  private static let storageTypes: [(name: String, dtype: ScalarType?)] = [
    ("FloatStorage", .float32), ("DoubleStorage", .float64), ("HalfStorage", .float16),
    ("BFloat16Storage", .bfloat16), ("LongStorage", .int64), ("IntStorage", .int32), ("ShortStorage", .int16),
    ("CharStorage", .int8), ("ByteStorage", .uint8), ("BoolStorage", .bool),
    ("ComplexFloatStorage", .complex64),
    ("ComplexDoubleStorage", .complex128), ("UntypedStorage", nil),
  ]

  // Items to values

  /// The value of an item; containers are complete by now.
  private mutating func resolve(_ item: Item, _ depth: Int) throws(TensorFileError) -> PickleValue {
    guard depth < Self.deepest else { throw damaged("more than \(Self.deepest) levels of containers") }
    valueCount += 1
    guard valueCount < Self.mostValues else { throw damaged("more than \(Self.mostValues) values") }
    switch item {
    case .value(let value): return value
    case .mark: throw damaged("a mark in the place of a value")
    case .storage(let storage):
      storages.append(storage)
      return .object(Self.storagePrefix + "\(storages.count - 1)")
    case .container(let number):
      let container = containers[number]
      var values: [PickleValue] = []
      for item in container.items { values.append(try resolve(item, depth + 1)) }
      guard container.isDict else { return .list(values) }
      return .dict(
        stride(from: 0, to: values.count - 1, by: 2).map { (key: values[$0], value: values[$0 + 1]) })
    }
  }

  // The stack

  private mutating func push(_ value: PickleValue) {
    if case .object(let name) = value, let dtype = Self.constant(name) {
      return stack.append(.value(.dtype(dtype)))
    }
    stack.append(.value(value))
  }

  /// `torch.float32` is pickled as the name of a global.
  private static func constant(_ name: String) -> ScalarType? {
    name.hasPrefix("torch.") && !name.hasSuffix("Storage") ? ScalarType(name: name) : nil
  }

  private mutating func push(tuple items: [Item]) throws(TensorFileError) {
    var values: [PickleValue] = []
    for item in items { values.append(try resolve(item, 0)) }
    stack.append(.value(.tuple(values)))
  }

  private mutating func newContainer(isDict: Bool, _ items: [Item] = []) {
    containers.append(Container(isDict: isDict, items: items))
    stack.append(.container(containers.count - 1))
  }

  /// Appends to the list, or adds pairs to the dictionary, on top of the stack.
  private mutating func extend(_ items: [Item]) throws(TensorFileError) {
    guard case .container(let number) = try top() else {
      // Items of an object of an unknown class.
      if case .value(.object) = try top() { return }
      throw damaged("items without a container")
    }
    containers[number].items += items
  }

  private func top() throws(TensorFileError) -> Item {
    guard let last = stack.last else { throw damaged("its stack is empty") }
    return last
  }

  private mutating func pop() throws(TensorFileError) -> Item {
    guard let last = stack.popLast() else { throw damaged("its stack is empty") }
    return last
  }

  private mutating func pop(_ count: Int) throws(TensorFileError) -> [Item] {
    guard stack.count >= count else { throw damaged("its stack is empty") }
    let items = Array(stack.suffix(count))
    stack.removeLast(count)
    return items
  }

  private mutating func popToMark() throws(TensorFileError) -> [Item] {
    guard let mark = stack.lastIndex(where: { if case .mark = $0 { true } else { false } }) else {
      throw damaged("a mark is missing")
    }
    let items = Array(stack[(mark + 1)...])
    stack.removeSubrange(mark...)
    return items
  }

  private func recall(_ number: Int) throws(TensorFileError) -> Item {
    guard let item = memo[number] else { throw damaged("a reference to nothing") }
    return item
  }

  // Bytes

  private mutating func byte() throws(TensorFileError) -> UInt8 {
    guard cursor < bytes.count else { throw damaged("cut short") }
    defer { cursor += 1 }
    return bytes[cursor]
  }

  /// Reads `count` bytes, at most eight, as a little-endian integer.
  private mutating func integer(_ count: Int) throws(TensorFileError) -> Int {
    var value: UInt64 = 0
    // Bound: callers ask for at most eight bytes.
    for place in 0..<count { value |= UInt64(try byte()) << UInt64(8 * place) }
    return Int(truncatingIfNeeded: value)
  }

  /// Reads an integer of `count` bytes in two's complement.
  private mutating func long(_ count: Int) throws(TensorFileError) -> Int {
    guard count <= 8 else { throw damaged("an integer of more than 64 bits") }
    let value = try integer(count)
    // Bound: `count` is at most 8.
    let unused = 64 - 8 * count
    return count == 0 ? 0 : (value << unused) >> unused
  }

  private mutating func text(_ count: Int) throws(TensorFileError) -> String {
    guard count >= 0, count <= bytes.count - cursor else { throw damaged("cut short") }
    defer { cursor += count }
    // Bound: `count` bytes are left.
    return String(decoding: bytes[cursor..<cursor + count], as: UTF8.self)
  }

  private mutating func line() throws(TensorFileError) -> String {
    let start = cursor
    while try byte() != UInt8(ascii: "\n") {}
    // Bound: at least the line break was read since `start`.
    return String(decoding: bytes[start..<cursor - 1], as: UTF8.self)
  }

  private func damaged(_ what: String) -> TensorFileError {
    TensorFileError(.malformed("a damaged pickle: \(what)"))
  }
}
