public import FX
public import OperatorSchemas
import TensorVocabulary

/// Calls operators of the library by their schemas.
public final class Dispatcher {
  /// The library.
  public let library: TorchLibrary
  private var operators: [OperatorName: DispatchedOperator] = [:]
  /// The operators that adapters call, by the names in their rows.
  private var named: [String: DispatchedOperator] = [:]
  /// The tensors of numbers.
  var numberTensors = NumberTensors()

  /// The version of the interface that stacks are written for.
  static let interfaceVersion: UInt64 = 2 << 56 | 13 << 48

  /// Makes a caller of the library's operators.
  public init(_ library: TorchLibrary) { self.library = library }

  /// The operator called `name`, or `nil` when no schema of it is known.
  func resolve(_ name: OperatorName) -> DispatchedOperator? {
    if let known = operators[name] { return known }
    guard let schema = library.schema(for: name) else { return nil }
    let resolved = DispatchedOperator(schema)
    operators[name] = resolved
    return resolved
  }

  /// Calls an operator with arguments as a node has them.
  ///
  /// - Throws: ``LibTorchError`` with PyTorch's text, or why the call cannot be made.
  public func call(
    _ name: OperatorName, _ args: [PyTree<RealTensor>], _ kwargs: [Named<PyTree<RealTensor>>] = []
  ) throws(LibTorchError) -> PyTree<RealTensor> {
    guard let resolved = resolve(name) else {
      throw LibTorchError(.unsupported("its schema is not known"), operator: "\(name)")
    }
    return try call(resolved, args, kwargs)
  }

  /// Calls an operator that was found before.
  func call(
    _ resolved: DispatchedOperator, _ args: [PyTree<RealTensor>], _ kwargs: [Named<PyTree<RealTensor>>]
  ) throws(LibTorchError) -> PyTree<RealTensor> {
    do throws(LibTorchError) {
      var arguments = try resolved.bind(args, kwargs)
      try wrapNumbers(&arguments, resolved)
      if let adapter = resolved.adapter {
        return try adapter.run(AdaptedCall(dispatcher: self, called: resolved, arguments: arguments))
      }
      return try dispatch(resolved, arguments)
    } catch { throw error.of("\(resolved.schema.name)") }
  }

  /// Calls an operator by the name of its schema, such as `aten::mul.Tensor`, with positional arguments.
  func call(_ name: String, _ args: [PyTree<RealTensor>]) throws(LibTorchError) -> PyTree<RealTensor> {
    let resolved = try resolve(name)
    let arguments = try resolved.bind(args, [], keywordOnlyByPosition: true)
    if let adapter = resolved.adapter {
      return try adapter.run(AdaptedCall(dispatcher: self, called: resolved, arguments: arguments))
    }
    return try dispatch(resolved, arguments)
  }

  private func resolve(_ name: String) throws(LibTorchError) -> DispatchedOperator {
    if let known = named[name] { return known }
    guard let parsed = OperatorName(name), let resolved = resolve(parsed) else {
      throw LibTorchError(.unsupported("its schema is not known"), operator: name)
    }
    named[name] = resolved
    return resolved
  }

  /// The one tensor that an operator returns.
  func tensor(_ name: String, _ args: PyTree<RealTensor>...) throws(LibTorchError) -> RealTensor {
    guard case .value(let tensor) = try call(name, args) else {
      throw LibTorchError(.raised("no tensor came back"), operator: name)
    }
    return tensor
  }

  private func dispatch(
    _ resolved: DispatchedOperator, _ arguments: [PyTree<RealTensor>]
  ) throws(LibTorchError) -> PyTree<RealTensor> {
    let stack = resolved.stack
    var encoder = StackEncoder(library)
    for position in resolved.isTensor.indices {
      do throws(LibTorchError) {
        if resolved.isTensor[position], case .value(let tensor) = arguments[position] {
          stack[position] = UInt64(UInt(bitPattern: try tensor.newHandle()))
        } else {
          stack[position] = try encoder.word(arguments[position], resolved.schema.arguments[position].type)
        }
      } catch {
        encoder.abandon()
        for earlier in 0..<position where resolved.isTensor[earlier] {
          if let handle = TorchHandle(bitPattern: UInt(stack[earlier])) {
            _ = library.functions.deleteTensor(handle)
          }
        }
        if case .argument(let what) = error.kind {
          throw LibTorchError(.argument("argument '\(resolved.schema.arguments[position].name)': \(what)"))
        }
        throw error
      }
    }
    try library.check(
      library.functions.callDispatcher(resolved.name, resolved.overload, stack, Self.interfaceVersion))
    let decoder = StackDecoder(library: library)
    if resolved.returnsTensor { return try decoder.tensor(stack[0]) }
    var results: [PyTree<RealTensor>] = []
    for (position, result) in resolved.schema.returns.enumerated() {
      results.append(try decoder.value(stack[position], result.type))
    }
    switch results.count {
    case 0: return .constant(.none)
    case 1: return results[0]
    default: return .tuple(results)
    }
  }
}

/// An operator with all that a call of it needs.
final class DispatchedOperator {
  let schema: FunctionSchema
  let adapter: ScalarAdapter?
  let name: [CChar]
  let overload: [CChar]
  private let defaults: [PyTree<RealTensor>?]
  /// The positions of the arguments that are single tensors.
  let tensorPositions: [Int]
  /// The positions of the arguments that are any number.
  let scalarPositions: [Int]
  /// The positions of the arguments whose dtypes decide what a number becomes.
  private let promotingPositions: [Int]
  /// Whether the kernel converts a number to the dtype of the tensor beside it before it computes.
  let convertsNumbers: Bool
  /// For each argument, whether it is a tensor that must be there.
  let isTensor: [Bool]
  /// Whether there is one result, a tensor.
  let returnsTensor: Bool
  /// The words of a call, arguments and then results; no call begins before the one before has ended.
  let stack: UnsafeMutablePointer<UInt64>

  init(_ schema: FunctionSchema) {
    self.schema = schema
    adapter = ScalarAdapter.adapter(for: schema)
    let overload = schema.name.overload == "default" ? "" : schema.name.overload
    name = Array("\(schema.name.namespace)::\(schema.name.base)".utf8CString)
    self.overload = Array(overload.utf8CString)
    defaults = schema.arguments.map { argument in argument.defaultValue.map { Self.tree($0.constant) } }
    tensorPositions = schema.arguments.indices.filter { schema.arguments[$0].type.nonOptional == .tensor }
    scalarPositions = schema.arguments.indices.filter { schema.arguments[$0].type.containsScalar }
    // Conditions, masks and indices take no part in type promotion.
    promotingPositions = schema.arguments.indices.filter {
      !["condition", "mask", "boundaries", "sorted_sequence"].contains(schema.arguments[$0].name)
    }
    convertsNumbers = schema.name.namespace == "aten" && Self.converting.contains(schema.name.base)
    isTensor = schema.arguments.map { $0.type == .tensor }
    returnsTensor = schema.returns.count == 1 && schema.returns[0].type == .tensor
    // Room for one word at least.
    stack = .allocate(capacity: max(schema.arguments.count, schema.returns.count, 1))
  }

  /// Operators of two operands that are computed in their common dtype.
  private static let converting: Set<String> = [
    "add", "div", "divide", "eq", "ge", "gt", "le", "lt", "mul", "multiply", "ne", "rsub", "sub", "subtract",
    "true_divide",
  ]

  deinit { stack.deallocate() }

  /// A constant of a schema as the arguments of nodes are given.
  private static func tree(_ constant: Node.Argument) -> PyTree<RealTensor> {
    if case .list(let items) = constant { .list(items.map { tree($0) }) } else { .constant(constant) }
  }

  /// The tensors among the arguments that decide what a number becomes.
  func promoting(_ arguments: [PyTree<RealTensor>]) -> [RealTensor] {
    promotingPositions.compactMap { arguments[$0].value }
  }

  /// The arguments in the order of the schema.
  func bind(
    _ args: [PyTree<RealTensor>], _ kwargs: [Named<PyTree<RealTensor>>], keywordOnlyByPosition: Bool = false
  ) throws(LibTorchError) -> [PyTree<RealTensor>] {
    if let arguments = bindPositional(args, kwargs) { return arguments }
    var arguments: [PyTree<RealTensor>] = []
    arguments.reserveCapacity(schema.arguments.count)
    do throws(ArgumentMismatch) {
      try schema.bindArguments(
        positional: args.count, keywords: kwargs.map(\.name), keywordOnlyByPosition: keywordOnlyByPosition
      ) { source, position in
        switch source {
        case .positional(let index): arguments.append(args[index])
        case .keyword(let index): arguments.append(kwargs[index].value)
        case .omitted: arguments.append(position.flatMap { defaults[$0] } ?? .constant(.none))
        }
      }
    } catch { throw LibTorchError(.argument("its arguments do not fit the schema: \(error)")) }
    return arguments
  }

  /// The usual case of ``bind(_:_:keywordOnlyByPosition:)``: no keywords, and defaults for all that is left out.
  private func bindPositional(
    _ args: [PyTree<RealTensor>], _ kwargs: [Named<PyTree<RealTensor>>]
  ) -> [PyTree<RealTensor>]? {
    guard kwargs.isEmpty, args.count <= schema.positionalCount, !schema.isVariadic else { return nil }
    if args.count == defaults.count { return args }
    var arguments = args
    arguments.reserveCapacity(defaults.count)
    for position in args.count..<defaults.count {
      guard let value = defaults[position] else { return nil }
      arguments.append(value)
    }
    return arguments
  }
}

extension DefaultValue {
  /// The default as an argument of a node.
  var constant: Node.Argument {
    switch self {
    case .none: .none
    case .bool(let value): .bool(value)
    case .int(let value): .int(value)
    case .float(let value): .float(value)
    case .string(let text): .string(text)
    case .dtype(let dtype): .dtype(dtype)
    case .layout(let layout): .layout(layout)
    case .memoryFormat(let format): .memoryFormat(format)
    case .device(let device): .device(device)
    case .emptyList: .list([])
    case .intList(let values): .list(values.map { .int($0) })
    case .floatList(let values): .list(values.map { .float($0) })
    case .boolList(let values): .list(values.map { .bool($0) })
    case .stringList(let values): .list(values.map { .string($0) })
    }
  }
}
