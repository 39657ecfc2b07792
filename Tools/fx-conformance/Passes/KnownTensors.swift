import FX
import GraphPasses
import TensorVocabulary

/// A contiguous tensor with its values.
struct KnownTensor {
  var dtype: ScalarType
  var sizes: [Int]
  var values: [Double]
  var isParameter = false

  var json: OrderedJSON {
    [
      "dtype": .string(dtype.name), "sizes": .array(sizes.map { .int($0) }),
      "values": .array(values.map { dtype.isFloatingPoint ? .double($0) : .int(Int($0)) }),
    ]
  }

  /// The value at each position of a larger shape that the tensor is broadcast to.
  func broadcast(to shape: [Int]) -> [Double]? {
    var strides = [Int](repeating: 0, count: shape.count)
    var stride = 1
    for (size, dim) in zip(sizes.reversed(), shape.indices.reversed()) {
      guard size == 1 || size == shape[dim] else { return nil }
      strides[dim] = size == 1 ? 0 : stride
      stride *= size
    }
    return Self.places(shape, strides).map { values[$0] }
  }

  /// The positions in memory of all elements of a strided tensor, in order.
  static func places(_ sizes: [Int], _ strides: [Int], _ offset: Int = 0) -> [Int] {
    var places = [offset]
    for (size, stride) in zip(sizes, strides) {
      places = places.flatMap { place in (0..<size).map { place + $0 * stride } }
    }
    return places
  }

  var strides: [Int] {
    var strides: [Int] = []
    var stride = 1
    for size in sizes.reversed() {
      strides.insert(stride, at: 0)
      stride *= max(size, 1)
    }
    return strides
  }
}

/// Tensors by number, and arithmetic on them: enough to test what folding does with its results.
struct KnownTensors: ConstantEvaluator, Sendable {
  private var tensors: [KnownTensor] = []

  subscript(id: AttributeID) -> KnownTensor? {
    tensors.indices.contains(id.rawValue) ? tensors[id.rawValue] : nil
  }

  mutating func add(_ tensor: KnownTensor) -> AttributeID {
    tensors.append(tensor)
    return AttributeID(tensors.count - 1)
  }

  mutating func add(_ json: OrderedJSON) -> AttributeID {
    add(
      KnownTensor(
        dtype: json["dtype"]?.text.flatMap { ScalarType(name: $0) } ?? .float32,
        sizes: (json["sizes"]?.items ?? []).compactMap(\.int),
        values: (json["values"]?.items ?? []).map { $0.number ?? ($0.bool == true ? 1 : 0) },
        isParameter: json["kind"]?.text == "parameter"))
  }

  mutating func evaluate(
    _ target: Node.Target, _ args: [PyTree<AttributeID>], _ kwargs: [Named<PyTree<AttributeID>>]
  ) throws -> PyTree<AttributeID>? {
    if target == .getitem { return item(args) }
    let name = target.text.split(separator: ".").dropFirst(3).first.map(String.init) ?? target.text
    guard let operation = KnownOperation.table[name] else {
      throw CaseError("the values of \(target.text) are not computed here")
    }
    let values = args.map(operand)
    guard let results = operation(values) else {
      throw CaseError("the values of \(target.text) with these arguments are not computed here")
    }
    if name.hasSuffix("_"), case .value(let id)? = args.first, let result = results.first {
      tensors[id.rawValue].values = result.values
      return .value(id)
    }
    let ids = results.map { PyTree<AttributeID>.value(add($0)) }
    return KnownOperation.listed.contains(name) ? .list(ids) : ids.first
  }

  private func item(_ args: [PyTree<AttributeID>]) -> PyTree<AttributeID>? {
    guard args.count == 2, case .constant(.int(let index)) = args[1], let items = args[0].elements,
      items.indices.contains(index)
    else { return nil }
    return items[index]
  }

  private func operand(_ tree: PyTree<AttributeID>) -> KnownOperation.Operand {
    switch tree {
    case .value(let id): self[id].map { .tensor($0) } ?? .other
    case .constant(.int(let value)): .number(Double(value), isFloat: false)
    case .constant(.float(let value)): .number(value, isFloat: true)
    case .constant(.bool(let value)): .number(value ? 1 : 0, isFloat: false)
    case .constant(.list(let items)), .constant(.tuple(let items)):
      .list(items.map { operand(.constant($0)) })
    case .list(let items), .tuple(let items): .list(items.map(operand))
    default: .other
    }
  }
}
