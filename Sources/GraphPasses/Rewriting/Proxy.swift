public import FX

/// Represents the value of a node while a small graph is written as a Swift closure.
///
/// ```swift
/// let linearSilu = GraphModule(tracing: "x", "weight", "bias") { x, weight, bias in
///   x.call("aten.linear.default", weight, bias).call("aten.silu.default")
/// }
/// ```
public struct Proxy {
  /// The graph being built.
  fileprivate final class Recorder {
    var graph = Graph()
  }

  fileprivate let recorder: Recorder
  /// The node whose value it represents.
  public let node: Node

  fileprivate init(_ node: Node, _ recorder: Recorder) {
    self.node = node
    self.recorder = recorder
  }
}

extension Proxy: NodeArgumentConvertible {
  /// The value of the node.
  public var nodeArgument: Node.Argument { .node(node) }
}

extension Proxy {
  /// Calls an operator or function with this value as the first argument.
  ///
  /// - Parameters:
  ///   - name: the operator as printed in graphs (`aten.mul.Tensor`), or the full name of another function.
  ///   - args: the other positional arguments; `nil` is Python's `None`, an array is a list.
  ///   - kwargs: the keyword arguments.
  /// - Returns: the result.
  public func call(
    _ name: String, _ args: (any NodeArgumentConvertible)?...,
    kwargs: KeyValuePairs<String, (any NodeArgumentConvertible)?> = [:]
  ) -> Proxy {
    Self.record(recorder, name, [self] + args, kwargs)
  }

  /// Calls an operator or function; at least one argument must be or contain a proxy of this graph.
  ///
  /// `x.calling("aten.cat.default", [x, y])` has a list as its first argument.
  public func calling(
    _ name: String, _ args: (any NodeArgumentConvertible)?...,
    kwargs: KeyValuePairs<String, (any NodeArgumentConvertible)?> = [:]
  ) -> Proxy {
    Self.record(recorder, name, args, kwargs)
  }

  /// Calls a method of this value.
  public func callMethod(_ name: String, _ args: (any NodeArgumentConvertible)?...) -> Proxy {
    let arguments = args.map { $0?.nodeArgument ?? .none }
    return Proxy(recorder.graph.callMethod(name, [.node(node)] + arguments), recorder)
  }

  /// Calls a submodule with this value.
  public func callModule(_ path: String, _ args: (any NodeArgumentConvertible)?...) -> Proxy {
    let arguments = args.map { $0?.nodeArgument ?? .none }
    return Proxy(recorder.graph.callModule(path, [.node(node)] + arguments), recorder)
  }

  /// The value of an attribute of the module.
  public func attribute(_ path: String) -> Proxy { Proxy(recorder.graph.getAttr(path), recorder) }

  /// One item of a value that is a list or tuple.
  public subscript(index: Int) -> Proxy { call(Node.Target.getitem.text, index) }

  private static func record(
    _ recorder: Recorder, _ name: String, _ args: [(any NodeArgumentConvertible)?],
    _ kwargs: KeyValuePairs<String, (any NodeArgumentConvertible)?>
  ) -> Proxy {
    let node = recorder.graph.createNode(
      .callFunction, Node.Target(operator: name), args: args.map { $0?.nodeArgument ?? .none },
      kwargs: kwargs.map { Named($0, $1?.nodeArgument ?? .none) })
    return Proxy(node, recorder)
  }
}

extension GraphModule {
  /// Writes a graph as a closure over its inputs.
  ///
  /// - Parameters:
  ///   - inputs: the names of the inputs.
  ///   - body: returns the result for them: a proxy, a constant, or an array of proxies for several results.
  public init(
    tracing inputs: [String], _ body: ([Proxy]) throws -> any NodeArgumentConvertible
  ) rethrows {
    let recorder = Proxy.Recorder()
    let proxies = inputs.map { Proxy(recorder.graph.placeholder($0), recorder) }
    let result = try body(proxies).nodeArgument
    if case .list(let items) = result {
      recorder.graph.output(.tuple(items))
    } else {
      recorder.graph.output(result)
    }
    self.init(recorder.graph)
  }

  /// Writes a graph with one input as a closure.
  public init(
    tracing input: String, _ body: (Proxy) throws -> any NodeArgumentConvertible
  ) rethrows {
    try self.init(tracing: [input]) { try body($0[0]) }
  }

  /// Writes a graph with two inputs as a closure.
  public init(
    tracing first: String, _ second: String, _ body: (Proxy, Proxy) throws -> any NodeArgumentConvertible
  ) rethrows {
    try self.init(tracing: [first, second]) { try body($0[0], $0[1]) }
  }

  /// Writes a graph with three inputs as a closure.
  public init(
    tracing first: String, _ second: String, _ third: String,
    _ body: (Proxy, Proxy, Proxy) throws -> any NodeArgumentConvertible
  ) rethrows {
    try self.init(tracing: [first, second, third]) { try body($0[0], $0[1], $0[2]) }
  }
}
