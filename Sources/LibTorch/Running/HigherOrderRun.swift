import FX
import OperatorSchemas
import TensorVocabulary

/// What a higher-order operator does with real tensors: it runs its graphs in the interpreter that meets it.
struct HigherOrderRun: Sendable {
  let name: String
  let run: @Sendable (HigherOrderArguments) throws -> PyTree<RealTensor>

  init(_ name: String, _ run: @escaping @Sendable (HigherOrderArguments) throws -> PyTree<RealTensor>) {
    self.name = name
    self.run = run
  }

  static func named(_ name: String) -> HigherOrderRun? { all.first { $0.name == name } }

  /// All of them, in alphabetical order.
  private static let all: [HigherOrderRun] = [
    HigherOrderRun("associative_scan", associativeScan),
    HigherOrderRun("auto_functionalized", autoFunctionalized),
    HigherOrderRun("auto_functionalized_v2", autoFunctionalizedV2),
    HigherOrderRun("cond") { call in
      try call.runGraph(try call.condition(0) ? 1 : 2, call.list(3))
    },
    wrapper("dynamo_bypassing_wrapper", 1, first: 2),
    wrapper("hints_wrapper", 0, list: 1),
    wrapper("invoke_quant", 0, first: 1),
    wrapper("invoke_quant_packed", 0, first: 1),
    wrapper("invoke_subgraph", 0, first: 2),
    wrapper("local_map_hop", 0, first: 1),
    HigherOrderRun("map", mapOverRows),
    HigherOrderRun("map_impl", mapOverRows),
    HigherOrderRun("out_dtype", outDtype),
    HigherOrderRun("print") { _ in .constant(.none) },
    wrapper("run_const_graph", 0, list: 1),
    HigherOrderRun("scan", scan),
    wrapper("strict_mode", 0, list: 1),
    wrapper("tag_activation_checkpoint", 0, first: 1),
    HigherOrderRun("while_loop", whileLoop),
    HigherOrderRun("with_effects") { call in
      let result = try call.apply(1, Array(call.args.dropFirst(2)), call.kwargs)
      let token = call.args.first ?? .constant(.none)
      if case .tuple(let items) = result { return .tuple([token] + items) }
      return .tuple([token, result])
    },
    wrapper("wrap", 0, first: 1),
    wrapper("wrap_activation_checkpoint", 0, first: 1),
    HigherOrderRun("wrap_with_autocast", wrapWithAutocast),
    wrapper("wrap_with_set_grad_enabled", 1, first: 2),
  ]

  /// An operator that runs one graph, with the arguments from `first` on, or with those in the list at `list`.
  private static func wrapper(
    _ name: String, _ graph: Int, first: Int? = nil, list: Int? = nil
  ) -> HigherOrderRun {
    HigherOrderRun(name) { call in
      try call.runGraph(graph, list.map { call.list($0) } ?? Array(call.args.dropFirst(first ?? 0)))
    }
  }
}

/// The arguments of a higher-order operator, and the interpreter that runs its graphs.
struct HigherOrderArguments {
  let interpreter: RealInterpreter
  let args: [PyTree<RealTensor>]
  let kwargs: [Named<PyTree<RealTensor>>]

  var dispatcher: Dispatcher { interpreter.dispatcher }

  /// The elements of the tuple or list at `position`; none where there is none.
  func list(_ position: Int) -> [PyTree<RealTensor>] {
    position < args.count ? args[position].elements ?? [] : []
  }

  /// Runs the graph at `position`.
  func runGraph(_ position: Int, _ inputs: [PyTree<RealTensor>]) throws -> PyTree<RealTensor> {
    guard position < args.count, case .module(let reference) = args[position] else {
      throw LibTorchError(.argument("argument \(position) is not a graph"))
    }
    guard interpreter.depth < RealInterpreter.mostNestedRuns else {
      throw LibTorchError(
        .unsupported("more than \(RealInterpreter.mostNestedRuns) graphs inside each other"))
    }
    interpreter.depth += 1
    defer { interpreter.depth -= 1 }
    return try interpreter.run(reference, inputs)
  }

  /// The truth value of the bool or tensor at `position`.
  func condition(_ position: Int) throws -> Bool {
    try HostCall(args: args, kwargs: kwargs).number(position).isTrue
  }

  /// Calls the operator that is the argument at `position`.
  func apply(
    _ position: Int, _ arguments: [PyTree<RealTensor>], _ keywords: [Named<PyTree<RealTensor>>]
  ) throws -> PyTree<RealTensor> {
    guard position < args.count, case .constant(.operator(let target)) = args[position],
      let name = OperatorName(target.text)
    else { throw LibTorchError(.argument("argument \(position) is not an operator")) }
    return try dispatcher.call(name, arguments, keywords)
  }

  /// The schema of the operator that is the argument at `position`.
  func schema(_ position: Int) throws -> FunctionSchema {
    guard position < args.count, case .constant(.operator(let target)) = args[position],
      let schema = OperatorName(target.text).flatMap({ dispatcher.resolve($0)?.schema })
    else { throw LibTorchError(.unsupported("the schema of the operator that it calls is not known")) }
    return schema
  }

  func tensor(_ name: String, _ arguments: PyTree<RealTensor>...) throws -> PyTree<RealTensor> {
    try dispatcher.call("aten::\(name)", arguments)
  }
}
