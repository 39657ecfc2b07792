import ExportedPrograms
import FX
import TensorVocabulary

/// What the constructor of a printed class makes: subgraphs that stand before it in the text, and constant tensors.
///
///     self.true_graph_0 = true_graph_0_0()
///     self.register_buffer('_tensor_constant0', tensor([5., 6.]))
struct ModuleMembers {
  /// Gives `graph` the subgraphs among `earlier` that its constructor names; it may name one several times.
  ///
  /// - Returns: the positions of those in `earlier`.
  static func adopt(_ earlier: [ReadGraph], into graph: inout ReadGraph) -> Set<Int> {
    var adopted: Set<Int> = []
    for (name, value) in graph.members {
      guard case .call(let function, let arguments, _) = value.kind, arguments.isEmpty,
        let className = function.dottedName,
        let index = earlier.lastIndex(where: { $0.module.className == className })
      else { continue }
      let child = earlier[index]
      graph.module.setSubmodule(child.module, at: name)
      // Annotations with expressions of their own would be numbered otherwise.
      for (path, values) in child.values where child.symbols.expressions.count == 0 {
        graph.values[path.isEmpty ? name : "\(name).\(path)"] = values
      }
      for (path, places) in child.places { graph.places[path.isEmpty ? name : "\(name).\(path)"] = places }
      adopted.insert(index)
    }
    return adopted
  }

  /// Records the constant tensors of the constructor for the nodes that fetch them.
  static func recordConstants(in read: inout ReadGraph) {
    guard !read.members.isEmpty else { return }
    let graph = read.module.graph
    for (name, value) in read.members {
      guard let tensor = tensor(value) else { continue }
      for node in graph.findNodes(.getAttr, target: Node.Target(name)) {
        read.values["", default: RecordedValues()].setValue(.tensor(tensor), of: node, in: graph)
      }
    }
  }

  /// The tensor that an expression makes; `nil` for anything else.
  private static func tensor(_ value: PythonExpression) -> RecordedTensor? {
    guard case .call(let function, let arguments, let keywords) = value.kind else { return nil }
    // `torch.randn([2], dtype=torch.float32).cuda()`
    if case .attribute(let inner, let method) = function.kind, case .call = inner.kind {
      guard var tensor = tensor(inner) else { return nil }
      if method == "cuda" { tensor.device = Device(.cuda, index: 0) }
      return tensor
    }
    let name = function.dottedName.map { $0.hasPrefix("torch.") ? String($0.dropFirst("torch.".count)) : $0 }
    guard let name, let first = arguments.first else { return nil }
    var dtype: ScalarType?
    if let spelling = keywords.first(where: { $0.name == "dtype" })?.value.dottedName {
      dtype = ScalarType(name: spelling)
    }
    let sizes: [Int]
    switch name {
    case "tensor":
      guard let (shape, type) = shape(first) else { return nil }
      sizes = shape
      dtype = dtype ?? type
    case "randn", "rand", "zeros", "ones", "empty":
      let items = first.elements ?? arguments
      sizes = items.compactMap(\.integer)
      guard sizes.count == items.count else { return nil }
    case "randint":
      guard
        let items = arguments.last?.elements ?? keywords.first(where: { $0.name == "size" })?.value.elements
      else {
        return nil
      }
      sizes = items.compactMap(\.integer)
      dtype = dtype ?? .int64
    default: return nil
    }
    let recorded = sizes.compactMap { RecordedInt($0) }
    guard recorded.count == sizes.count, sizes.count <= ValueAnnotation.dimLimit else { return nil }
    return RecordedTensor(dtype: dtype ?? .float32, sizes: recorded, strides: nil, device: .cpu)
  }

  /// The sizes and the type of nested lists of numbers.
  private static func shape(_ value: PythonExpression) -> (sizes: [Int], type: ScalarType)? {
    if let items = value.elements {
      guard let first = items.first else { return ([0], .float32) }
      return shape(first).map { ([items.count] + $0.sizes, $0.type) }
    }
    switch value.kind {
    case .int: return ([], .int64)
    case .float: return ([], .float32)
    case .imaginary: return ([], .complex64)
    case .name("True"), .name("False"): return ([], .bool)
    case .name("inf"), .name("nan"): return ([], .float32)
    case .unary(_, let operand): return shape(operand)
    default: return nil
    }
  }
}
