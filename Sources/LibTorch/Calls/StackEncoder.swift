import FX
import OperatorSchemas
import TensorVocabulary

/// Writes the arguments of one call as the library's dispatcher takes them: a word of 64 bits each.
///
/// | type | word |
/// |---|---|
/// | `Tensor` | a handle, which the callee frees |
/// | `T[]` | a list of words |
/// | `T?` | a box with a word, or 0 |
/// | `int`, `SymInt`, `bool` | the value |
/// | `float` | its bits |
/// | `ScalarType`, `Layout`, `MemoryFormat` | the library's number |
/// | `Device` | type and index |
/// | `str` | a string |
///
/// - Source: `torch/csrc/stable/stableivalue_conversions.h`, v2.13.
struct StackEncoder {
  let library: TorchLibrary
  /// What was made for the call so far, and must be freed if there will be no call.
  private var made: [Made] = []

  private enum Made {
    case tensor(TorchHandle)
    case list(TorchHandle)
    case string(TorchHandle)
    case box(UnsafeMutablePointer<UInt64>)
  }

  init(_ library: TorchLibrary) { self.library = library }

  /// The word of an argument.
  ///
  /// - Throws: ``LibTorchError/Kind/argument(_:)`` when the value is not of the type, and
  ///   ``LibTorchError/Kind/unsupported(_:)`` for types that the interface cannot pass.
  mutating func word(_ value: PyTree<RealTensor>, _ type: ArgumentType) throws(LibTorchError) -> UInt64 {
    let functions = library.functions
    switch type {
    case .optional(let wrapped):
      if case .constant(.none) = value { return 0 }
      let content = try word(value, wrapped)
      var box: UnsafeMutablePointer<UInt64>?
      try library.check(functions.newBox(&box))
      guard let box else { throw LibTorchError(.raised("no box came back")) }
      made.append(.box(box))
      box.pointee = content
      return UInt64(UInt(bitPattern: box))
    case .list(let element, let size): return try list(value, element, size)
    case .tensor:
      guard case .value(let tensor) = value else { throw mismatch(value, type) }
      let handle = try tensor.newHandle()
      made.append(.tensor(handle))
      return UInt64(UInt(bitPattern: handle))
    case .string:
      guard case .constant(.string(let text)) = value else { throw mismatch(value, type) }
      var handle: TorchHandle?
      try library.check(text.withCString { functions.newString($0, text.utf8.count, &handle) })
      guard let handle else { throw LibTorchError(.raised("no string came back")) }
      made.append(.string(handle))
      return UInt64(UInt(bitPattern: handle))
    default: return try plainWord(value, type)
    }
  }

  /// The word of a value that the callee need not free.
  private func plainWord(_ value: PyTree<RealTensor>, _ type: ArgumentType) throws(LibTorchError) -> UInt64 {
    guard case .constant(let constant) = value else { throw mismatch(value, type) }
    switch (type, constant) {
    case (.int, .int(let value)), (.symInt, .int(let value)): return UInt64(bitPattern: Int64(value))
    case (.int, .bool(let value)), (.symInt, .bool(let value)), (.bool, .bool(let value)),
      (.symBool, .bool(let value)):
      return value ? 1 : 0
    case (.float, .float(let value)), (.symFloat, .float(let value)): return value.bitPattern
    case (.float, .int(let value)), (.symFloat, .int(let value)): return Double(value).bitPattern
    case (.dtype, .dtype(let dtype)): return Self.word(try library.codes.code(of: dtype))
    case (.layout, .layout(let layout)): return Self.word(try library.codes.code(of: layout))
    case (.memoryFormat, .memoryFormat(let format)): return Self.word(try library.codes.code(of: format))
    case (.device, .device(let device)):
      let index = UInt32(bitPattern: Int32(device.index ?? -1))
      return Self.word(try library.codes.code(of: device.type)) << 32 | UInt64(index)
    case (.int, _), (.symInt, _), (.bool, _), (.symBool, _), (.float, _), (.symFloat, _), (.dtype, _),
      (.layout, _), (.memoryFormat, _), (.device, _):
      throw mismatch(value, type)
    default: throw LibTorchError(.unsupported("an argument of type \(type) cannot be passed to the library"))
    }
  }

  private mutating func list(
    _ value: PyTree<RealTensor>, _ element: ArgumentType, _ size: Int?
  ) throws(LibTorchError) -> UInt64 {
    let items: [PyTree<RealTensor>]
    if let elements = value.elements {
      items = elements
    } else if let size, case .constant = value {
      items = Array(repeating: value, count: size)
    } else {
      throw mismatch(value, .list(element, size: size))
    }
    var handle: TorchHandle?
    try library.check(library.functions.newList(items.count, &handle))
    guard let handle else { throw LibTorchError(.raised("no list came back")) }
    made.append(.list(handle))
    for item in items { try library.check(library.functions.appendToList(handle, try word(item, element))) }
    return UInt64(UInt(bitPattern: handle))
  }

  private static func word(_ code: Int32) -> UInt64 { UInt64(UInt32(bitPattern: code)) }

  private func mismatch(_ value: PyTree<RealTensor>, _ type: ArgumentType) -> LibTorchError {
    LibTorchError(.argument("\(value.text { $0.description }) is given where a \(type) is expected"))
  }

  /// Frees what was made, because there will be no call.
  mutating func abandon() {
    for item in made {
      switch item {
      case .tensor(let handle): _ = library.functions.deleteTensor(handle)
      case .list(let handle): _ = library.functions.deleteList(handle)
      case .string(let handle): _ = library.functions.deleteString(handle)
      case .box(let box): _ = library.functions.deleteBox(box)
      }
    }
    made = []
  }
}
