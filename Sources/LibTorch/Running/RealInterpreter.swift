public import FX
import OperatorSchemas
import ShapePropagation
import TensorVocabulary

/// Runs a module on real tensors, with PyTorch's library.
///
/// Open as every interpreter is: override ``FX/Interpreter/runNode(_:)``, `callFunction` and the others to watch a run or
/// to change what a node means. Numbers that a program computes with are constants of a ``FX/PyTree``.
///
/// ```swift
/// let interpreter = RealInterpreter(module, library: try TorchLibrary())
/// let result = try interpreter.run([x, y])
/// ```
///
/// Values are released at their last use, and gradients are not recorded.
///
/// - Source: `torch/fx/interpreter.py`, v2.13.
open class RealInterpreter: Interpreter<RealTensor> {
  /// The library whose operators are called.
  public final let library: TorchLibrary
  /// The caller of its operators.
  public final let dispatcher: Dispatcher
  /// The region of lower precision that the running graph is in.
  final var autocast: Autocast?
  /// How many regions of `vmap` the running node is in.
  final var batchLevels = 0
  /// How many graphs are running, each in a higher-order operator of the one before.
  final var depth = 0
  /// A graph that is given itself as an argument must end before the stack does.
  static let mostNestedRuns = 64
  /// What calls were found to be, by target.
  private var callees: [Node.Target: Callee] = [:]

  private enum Callee {
    case selection
    case number(HostOperator)
    case host(HostTensorOperator)
    case higherOrder(HigherOrderRun)
    case batching(BatchedRun.Operator)
    case dispatched(DispatchedOperator)
    case unknown
  }

  /// Makes an interpreter of a module.
  ///
  /// - Parameters:
  ///   - module: the module to run.
  ///   - library: PyTorch's library.
  ///   - garbageCollectValues: whether values are released after their last use.
  ///   - graph: a graph to run instead of the module's own.
  public init(
    _ module: GraphModule, library: TorchLibrary, garbageCollectValues: Bool = true, graph: Graph? = nil
  ) {
    self.library = library
    dispatcher = Dispatcher(library)
    super.init(module, garbageCollectValues: garbageCollectValues, graph: graph)
  }

  open override func callFunction(
    _ target: Node.Target, _ args: [PyTree<RealTensor>], _ kwargs: [Named<PyTree<RealTensor>>]
  ) throws -> PyTree<RealTensor> {
    if batchLevels > 0, let result = try runRows(target, args, kwargs) { return result }
    switch callee(target) {
    case .selection: return try super.callFunction(target, args, kwargs)
    case .number(let row):
      var numbers: [Scalar] = []
      for argument in args.flatMap({ $0.elements ?? [$0] }) + kwargs.map(\.value) {
        numbers.append(try HostCall(args: [argument], kwargs: []).number(0))
      }
      do { return .constant(try row.apply(numbers).argument) } catch { throw error.of(target.text) }
    case .host(let row):
      do { return try row.apply(HostCall(args: args, kwargs: kwargs)) } catch { throw error.of(target.text) }
    case .batching(let row): return try runBatching(row, args)
    case .higherOrder(let row):
      return try row.run(HigherOrderArguments(interpreter: self, args: args, kwargs: kwargs))
    case .dispatched(let resolved):
      return try library.withoutGradients {
        guard let autocast, let dtype = try autocast.dtype(of: resolved.schema.name, args, kwargs) else {
          return try dispatcher.call(resolved, args, kwargs)
        }
        return try dispatcher.call(
          resolved, args.map { try autocast.converted($0, to: dtype, dispatcher) },
          kwargs.map { Named($0.name, try autocast.converted($0.value, to: dtype, dispatcher)) })
      }
    case .unknown: throw LibTorchError(.unsupported("no schema of it is known"), operator: target.text)
    }
  }

  // What the base class does, compiled for real tensors: a generic class costs a node more than PyTorch's call of it.

  open override func fetchArgsKwargsFromEnv(
    _ node: Node
  ) throws -> (args: [PyTree<RealTensor>], kwargs: [Named<PyTree<RealTensor>>]) {
    let (given, named) = (graph.args(of: node), graph.kwargs(of: node))
    var args: [PyTree<RealTensor>] = []
    args.reserveCapacity(given.count)
    for position in 0..<given.count { args.append(try mapNodesToValues(given[position], for: node)) }
    var kwargs: [Named<PyTree<RealTensor>>] = []
    for position in 0..<named.count {
      kwargs.append(Named(named[position].name, try mapNodesToValues(named[position].value, for: node)))
    }
    return (args, kwargs)
  }

  open override func mapNodesToValues(
    _ argument: Node.Argument, for node: Node
  ) throws -> PyTree<RealTensor> {
    switch argument {
    case .node(let input):
      if let value = env[input] { return value }
      return try super.mapNodesToValues(argument, for: node)
    case .none, .bool, .int, .float: return .constant(argument)
    case .list(let items):
      var values: [PyTree<RealTensor>] = []
      values.reserveCapacity(items.count)
      for item in items { values.append(try mapNodesToValues(item, for: node)) }
      return .list(values)
    default: return try super.mapNodesToValues(argument, for: node)
    }
  }

  private func callee(_ target: Node.Target) -> Callee {
    if let known = callees[target] { return known }
    let callee = find(target)
    callees[target] = callee
    return callee
  }

  private func find(_ target: Node.Target) -> Callee {
    if let callee = Self.ownCallee(target) { return callee }
    guard target.isOperatorOverload, let name = OperatorName(target.text),
      let resolved = dispatcher.resolve(name)
    else { return .unknown }
    return .dispatched(resolved)
  }

  /// What runs here and not in the library; `nil` when it is a call of the library's.
  private static func ownCallee(_ target: Node.Target) -> Callee? {
    if target == .getitem { return .selection }
    if let row = HostOperator.named(target.text) { return .number(row) }
    if let row = HostTensorOperator.named(target.text) { return .host(row) }
    if let row = BatchedRun.Operator(target) { return .batching(row) }
    if target.isHigherOrder {
      let name = target.text.dropFirst("torch.ops.higher_order.".count)
      return HigherOrderRun.named(String(name)).map { .higherOrder($0) } ?? .unknown
    }
    return nil
  }

  /// Why a call of `target` cannot be run at all; `nil` when it can, as far as can be known before.
  ///
  /// With a `library`, the operators of libraries that it has loaded can be run, too.
  public static func obstacle(to target: Node.Target, in library: TorchLibrary? = nil) -> String? {
    switch ownCallee(target) {
    case .unknown?: return "this higher-order operator is not run"
    case .some: return nil
    case nil: break
    }
    if let library, let name = OperatorName(target.text), library.isLoaded(name) {
      return library.schema(for: name).map { ScalarAdapter.isNeeded(by: $0) } == true
        ? "the library's C interface cannot pass a Scalar" : nil
    }
    guard target.isOperatorOverload, let name = OperatorName(target.text),
      let schema = SchemaTable.schema(for: name)
    else {
      return "no schema of it is known"
        + (target.isOperatorOverload ? "; --load-library and --operator give one" : "")
    }
    if ScalarAdapter.adapter(for: schema) != nil { return nil }
    if name.namespace != "aten" { return "operators of '\(name.namespace)' are not in the library" }
    if ScalarAdapter.isNeeded(by: schema) {
      return "the library's C interface cannot pass a Scalar, and no adapter is written"
    }
    return nil
  }

  open override func describe(_ value: RealTensor) -> String { value.description }
}
