import SwiftFX
import Testing

/// Regions of `torch.vmap`, whose tensors hide the dim that is mapped over.
///
/// The right layouts are those of real tensors in PyTorch 2.13 and 2.15: `torch.vmap(f, in_dims, out_dims)(x, y)`.
@Suite struct HiddenDimTests {
  /// Maps `body` over a dim of each input, `nil` for none, and shows the dim at `outDim`; the answers of both faces.
  private func layouts(
    _ inputs: [(sizes: Sizes, dim: Int?)], outDim: Int = 0,
    _ body: (inout Graph, [Node.Argument]) -> Node
  ) throws -> [Layout] {
    var graph = Graph()
    let placeholders = inputs.indices.map { Node.Argument.node(graph.placeholder("x\($0)")) }
    let size = try #require(
      inputs.lazy.compactMap { input in input.dim.map { input.sizes[$0].constant } }.first)
    let result = graph.mapped(
      zip(placeholders, inputs).map { ($0, $1.dim) }, .int(try #require(size)), level: 1, outDim: outDim, body
    )
    graph.output(.node(result))
    let module = GraphModule(graph)
    let (first, second) = (FakeTensorMode(), FakeTensorMode())
    let propagation = PropagationContext(module, mode: first, table: .aten).propagate(
      inputs.map { .tensor(first.tensor($0.sizes)) })
    #expect(propagation.error == nil, "\(propagation.error?.message ?? "")")
    let engine = try #require(propagation.values[result]?.tensor)
    let interpreter = PropagateUnbackedSymInts(module, mode: second, table: .aten)
    let open = FakeValue(
      try interpreter.run(inputs.map { .tensor(second.tensor($0.sizes)) }), second.shapes)
    return [Layout(engine), Layout(try #require(open.tensor))]
  }

  private struct Layout: Equatable {
    let sizes: [Int?]
    let strides: [Int?]

    init(_ tensor: FakeTensor) {
      (sizes, strides) = (tensor.sizes.map(\.constant), tensor.strides.map(\.constant))
    }

    init(_ sizes: [Int], _ strides: [Int]) { (self.sizes, self.strides) = (sizes, strides) }
  }

  private func expect(
    _ sizes: [Int], _ strides: [Int], _ inputs: [(sizes: Sizes, dim: Int?)], outDim: Int = 0,
    sourceLocation: SourceLocation = #_sourceLocation, _ body: (inout Graph, [Node.Argument]) -> Node
  ) throws {
    let right = Layout(sizes, strides)
    #expect(
      try layouts(inputs, outDim: outDim, body) == [right, right], sourceLocation: sourceLocation)
  }

  @Test func elementwiseResultsKeepTheOrderOfAllDims() throws {
    try expect([3, 2, 4], [4, 12, 1], [([2, 3, 4], 1), ([2, 4], nil)]) { graph, inputs in
      graph.call("aten.mul.Tensor", inputs[0], inputs[1])
    }
    try expect([4, 2, 3], [1, 12, 4], [([2, 3, 4], 2), ([4, 2, 3], 0)]) { graph, inputs in
      graph.call("aten.add.Tensor", inputs[0], inputs[1])
    }
    try expect([2, 3, 4], [12, 4, 1], [([2, 3, 4], 1)], outDim: 1) { graph, inputs in
      graph.call("aten.exp.default", inputs[0])
    }
    try expect([4, 2, 3], [1, 12, 4], [([2, 3, 4], 2)]) { graph, inputs in
      graph.call("aten.clone.default", inputs[0])
    }
  }

  @Test func tensorsWithFewerDimsArePaddedBehindTheHiddenOne() throws {
    try expect([3, 2, 4], [4, 12, 1], [([2, 3, 4], 1), ([3], 0)]) { graph, inputs in
      graph.call("aten.add.Tensor", inputs[0], inputs[1])
    }
  }

  @Test func viewsHideTheDimOfTheirBase() throws {
    try expect([4, 3, 2], [1, 4, 12], [([2, 3, 4], 0)], outDim: 2) { graph, inputs in
      graph.call("aten.transpose.int", inputs[0], 0, 1)
    }
  }

  @Test func whatIsTheSameForAllIsExpanded() throws {
    try expect([2, 5], [0, 1], [([2, 3, 4], 0)]) { graph, _ in
      graph.call("aten.ones.default", [5])
    }
  }

  /// `vmap(lambda r: vmap(lambda e, f: e * f, in_dims=(1, 0))(r, r.t()), in_dims=1)(x)`.
  @Test func regionsNest() throws {
    try expect([3, 4, 2], [4, 1, 12], [([2, 3, 4], 1)]) { graph, rows in
      let turned = graph.call("aten.t.default", rows[0])
      return graph.mapped([(rows[0], 1), (.node(turned), 0)], 4, level: 2, outDim: 0) { graph, items in
        graph.call("aten.mul.Tensor", items[0], items[1])
      }
    }
  }

  /// `vmap(grad(lambda w, row: row @ w), in_dims=(None, 0))(w, x)`, as Dynamo logs it.
  @Test func gradientsOfOneTensorAreAnotherForEachElement() throws {
    try expect([7, 5], [5, 1], [([7, 5], 0), ([5], nil)]) { graph, inputs in
      let product = graph.call("aten.dot.default", inputs[0], inputs[1])
      let gradients = graph.callFunction(
        "torch._functorch.eager_transforms._autograd_grad", [.node(product), .list([inputs[1]])])
      return graph.callFunction("_operator.getitem", [.node(gradients), 0])
    }
  }

  /// A call outside has the same arguments, and another result, than one inside.
  @Test func callsOutsideAreNotRememberedInside() throws {
    try expect([4, 2, 3], [1, 12, 4], [([2, 3, 4], 2), ([2, 3], nil)]) { graph, inputs in
      let outside = graph.call("aten.add.Tensor", inputs[1], inputs[1])
      graph.call("aten.exp.default", outside)
      let inside = graph.call("aten.add.Tensor", inputs[0], inputs[0])
      return graph.call("aten.exp.default", inside)
    }
  }

  @Test(arguments: ["torch.ops.aten.item.default", "torch.ops.aten.nonzero.default"])
  func resultsThatDependOnTheElementAreRefused(_ target: String) {
    var graph = Graph()
    let x = graph.placeholder("x")
    let result = graph.mapped([(.node(x), 0)], 4, level: 1, outDim: 0) { graph, items in
      graph.callFunction(Node.Target(target), items)
    }
    graph.output(.node(result))
    let mode = FakeTensorMode()
    let propagation = PropagationContext(GraphModule(graph), mode: mode, table: .aten)
      .propagate([.tensor(mode.tensor([4], dtype: .int64))])
    #expect(propagation.error?.message.contains("vmap") == true)
  }
}

extension Graph {
  /// Calls of `torch._functorch.predispatch` around `body`, which gets its inputs without a dim.
  fileprivate mutating func mapped(
    _ inputs: [(Node.Argument, dim: Int?)], _ size: Node.Argument, level: Int, outDim: Int,
    _ body: (inout Graph, [Node.Argument]) -> Node
  ) -> Node {
    let functions = "torch._functorch.predispatch."
    callFunction(Node.Target(functions + "_vmap_increment_nesting"), [size, .string("error")])
    let items = inputs.map { input, dim -> Node.Argument in
      guard let dim else { return input }
      return .node(
        callFunction(Node.Target(functions + "_add_batch_dim"), [input, .int(dim), .int(level)]))
    }
    let result = body(&self, items)
    let shown = callFunction(
      Node.Target(functions + "_remove_batch_dim"), [.node(result), .int(level), size, .int(outDim)])
    callFunction(Node.Target(functions + "_vmap_decrement_nesting"), [])
    return shown
  }
}
