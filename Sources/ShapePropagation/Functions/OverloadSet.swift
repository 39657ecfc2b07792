import FakeTensors
import OperatorSchemas

/// The overloads behind one of PyTorch's Python names, in the order in which its argument parser tries them.
///
/// - Source: `sort_overloads` in `tools/autograd/gen_python_functions.py` and
///   `torch/csrc/utils/python_arg_parser.cpp`, v2.13.
struct OverloadSet: Sendable {
  struct Candidate: Sendable {
    let schema: FunctionSchema
    /// `nil` for an overload without a rule.
    let resolved: ResolvedOperator?
  }

  /// The operator, such as `aten.add`.
  let name: String
  let candidates: [Candidate]
  /// Whether the first argument is the object of a method call.
  let isMethod: Bool

  /// The overloads of `name`; `nil` when PyTorch has none, or none has a rule.
  init?(_ name: String, isMethod: Bool, _ table: OperatorTable) {
    let schemas = SchemaTable.overloads(of: name).compactMap { SchemaTable.schema(for: $0) }
    let candidates = Self.sorted(schemas.filter(Self.hasBinding)).map { schema in
      Candidate(schema: schema, resolved: table.resolve(schema.name))
    }
    guard candidates.contains(where: { $0.resolved != nil }) else { return nil }
    self.name = name
    self.candidates = candidates
    self.isMethod = isMethod
  }

  /// Overloads that Python never calls: for numbers these names wrap the number in a tensor.
  private static let skipped: Set<String> = [
    "add.Scalar", "add_.Scalar", "sub.Scalar", "sub_.Scalar", "mul.Scalar", "mul_.Scalar", "div.Scalar",
    "div_.Scalar", "div.Scalar_mode", "div_.Scalar_mode", "true_divide.Scalar", "true_divide_.Scalar",
    "multiply.Scalar", "multiply_.Scalar", "subtract.Scalar", "subtract_.Scalar", "divide.Scalar",
    "divide_.Scalar",
  ]

  /// Whether Python's parser knows the overload: it takes or returns tensors, and its types are those of ATen.
  ///
  /// Names of dims are not supported here.
  private static func hasBinding(_ schema: FunctionSchema) -> Bool {
    let types = schema.arguments.map(\.type) + schema.returns.map(\.type)
    return !skipped.contains("\(schema.name.base).\(schema.name.overload)")
      && types.contains { $0.holdsTensors } && types.allSatisfy(\.isATens)
  }

  /// By signature, and then what accepts less before what accepts more; those with `out` last.
  private static func sorted(_ schemas: [FunctionSchema]) -> [FunctionSchema] {
    let bySignature = schemas.sorted {
      ($0.isOut ? 1 : 0, $0.signatureText) < ($1.isOut ? 1 : 0, $1.signatureText)
    }
    var larger: [Int: Set<Int>] = [:]
    for i in bySignature.indices {
      let set = bySignature.indices.filter { $0 != i && bySignature[i].isSmaller(than: bySignature[$0]) }
      if !set.isEmpty { larger[i] = Set(set) }
    }
    var order = bySignature.indices.filter { larger[$0] == nil }
    var next = 0
    while next < order.count {
      for waiting in larger.keys.sorted() {
        larger[waiting]?.remove(order[next])
        if larger[waiting]?.isEmpty ?? false {
          larger[waiting] = nil
          order.append(waiting)
        }
      }
      next += 1
    }
    return order.map { bySignature[$0] }
  }
}

extension FunctionSchema {
  /// What PyTorch sorts overloads by: the types and names of the arguments, with a star before those by name.
  fileprivate var signatureText: String {
    let inputs = arguments.filter { !$0.takesResult }
    let positional = inputs.filter { !$0.isKeywordOnly }.map { "\($0.type) \($0.name)" }
    let named = inputs.filter(\.isKeywordOnly).map { "\($0.type) \($0.name)" }
    return (positional + (named.isEmpty ? [] : ["*"]) + named).joined(separator: ", ")
  }

  /// Whether every argument is as in `other` or comes later in the parser's order, as `Scalar` comes after `Tensor`.
  fileprivate func isSmaller(than other: FunctionSchema) -> Bool {
    let (a, b) = (arguments.filter { !$0.takesResult }, other.arguments.filter { !$0.takesResult })
    guard a.count == b.count, isOut == other.isOut else { return false }
    var isEqual = true
    for (x, y) in zip(a, b) where x.type != y.type {
      isEqual = false
      guard x.type.isSmaller(than: y.type) else { return false }
    }
    return !isEqual
  }
}

extension ArgumentType {
  /// Whether the type is one of operators, not of TorchScript or of named dims.
  fileprivate var isATens: Bool {
    switch self {
    case .optional(let inner), .list(let inner, _): inner.isATens
    case .variable, .other, .dictionary, .tuple: false
    default: true
    }
  }

  fileprivate func isSmaller(than other: ArgumentType) -> Bool {
    switch (nonOptional, other.nonOptional) {
    case (.scalar, .tensor), (.int, .tensor), (.symInt, .tensor): true
    case (.list(.int, _), .int), (.list(.symInt, _), .symInt), (.list(.symInt, _), .int): true
    case (.list(.tensor, _), .list): true
    default: false
    }
  }
}
