import FX
import OperatorSchemas

/// Reads the results that the dispatcher left in the words of a call; each belongs to the reader.
struct StackDecoder {
  let library: TorchLibrary

  /// The value of a word.
  ///
  /// A tensor that is not defined is `None`, as in Python.
  func value(_ word: UInt64, _ type: ArgumentType) throws(LibTorchError) -> PyTree<RealTensor> {
    switch type {
    case .tensor: return try tensor(word)
    case .optional(let wrapped):
      guard let box = UnsafeMutablePointer<UInt64>(bitPattern: UInt(word)) else { return .constant(.none) }
      let content = box.pointee
      try library.check(library.functions.deleteBox(box))
      return try value(content, wrapped)
    case .list(let element, _): return .list(try list(word, element))
    case .int, .symInt: return .constant(.int(Int(Int64(bitPattern: word))))
    case .bool, .symBool: return .constant(.bool(word & 1 == 1))
    case .float, .symFloat: return .constant(.float(Double(bitPattern: word)))
    case .dtype: return .constant(.dtype(try library.codes.dtype(Int32(truncatingIfNeeded: word))))
    default: throw LibTorchError(.unsupported("a result of type \(type) cannot be read from the library"))
    }
  }

  /// The tensor of a word, or `None`.
  func tensor(_ word: UInt64) throws(LibTorchError) -> PyTree<RealTensor> {
    let tensor = try library.owned(OpaquePointer(bitPattern: UInt(word)))
    var isDefined = false
    try library.check(library.functions.isDefined(tensor.handle, &isDefined))
    return isDefined ? .value(tensor) : .constant(.none)
  }

  private func list(_ word: UInt64, _ element: ArgumentType) throws(LibTorchError) -> [PyTree<RealTensor>] {
    guard let handle = TorchHandle(bitPattern: UInt(word)) else {
      throw LibTorchError(.raised("no list came back"))
    }
    defer { _ = library.functions.deleteList(handle) }
    var count = 0
    try library.check(library.functions.listCount(handle, &count))
    var items: [PyTree<RealTensor>] = []
    for index in 0..<count {
      var item: UInt64 = 0
      try library.check(library.functions.listItem(handle, index, &item))
      items.append(try value(item, element))
    }
    return items
  }
}
