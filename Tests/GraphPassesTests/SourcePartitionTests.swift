import FX
import GraphPasses
import Testing

/// What `get_source_partitions` of PyTorch 2.13 finds in an exported program.
///
///     x = self.linear1(x); x = self.linear1(x); x = self.relu(x); x = self.linear2(x)
///     return F.linear(torch.cat([x, x], 1), ones), x
@Suite struct SourcePartitionTests {
  /// Name, inputs, and what strict export records: the call and its source; without it, `torch_fn`; the module.
  private static let calls:
    [(name: String, inputs: [String], source: String, function: String, module: String)] = [
      (
        "linear", ["x", "w1"], "linear,torch.nn.modules.linear.Linear", "linear_1",
        "linear1,torch.nn.modules.linear.Linear"
      ),
      (
        "linear_1", ["linear", "w1"], "linear_1,torch.nn.modules.linear.Linear", "linear_2",
        "linear1,torch.nn.modules.linear.Linear"
      ),
      (
        "relu", ["linear_1"], "relu,torch.nn.modules.activation.ReLU", "relu_1",
        "relu,torch.nn.modules.activation.ReLU"
      ),
      (
        "linear_2", ["relu", "w2"], "linear_2,torch.nn.modules.linear.Linear", "linear_3",
        "linear2,torch.nn.modules.linear.Linear"
      ),
      ("cat", ["linear_2"], "cat,torch.cat", "cat_1", ",__main__.M"),
      ("linear_3", ["cat", "w3"], "linear_3,torch._C._nn.linear", "linear_4", ",__main__.M"),
    ]

  private static func program(isStrict: Bool) -> Graph {
    var graph = Graph()
    for name in ["w1", "w2", "w3", "x"] { graph.placeholder(name) }
    for call in calls {
      let inputs = call.inputs.compactMap { graph.node(named: $0) }.map { Node.Argument.node($0) }
      let base = call.name.split(separator: "_")[0]
      let node = graph.createNode(
        .callFunction, Node.Target("torch.ops.aten.\(base).default"),
        args: base == "cat" ? [.list(inputs)] : inputs,
        name: call.name)
      let kind = base == "relu" ? "function" : "builtin_function_or_method"
      var metadata = NodeMetadata([
        Named("nn_module_stack", "L__self__,,__main__.M;140,\(call.module)"),
        Named("torch_fn", "\(call.function);\(kind).\(base)"),
      ])
      if isStrict { metadata["source_fn_stack"] = call.source }
      graph.setMetadata(metadata, of: node)
    }
    if let last = graph.node(named: "linear_3") { graph.output(last) }
    return graph
  }

  private func describe(_ parts: [SourcePartition], _ graph: Graph) -> [String] {
    let names = { (nodes: [Node]) in nodes.map { graph.name(of: $0) }.joined(separator: " ") }
    return parts.map {
      "\($0.source) \($0.call): \(names($0.nodes)) | \(names($0.inputs)) | \(names($0.outputs))"
    }
  }

  @Test func findsModulesAndFunctionsOfDynamo() {
    let graph = Self.program(isStrict: true)
    let parts = graph.sourcePartitions(
      of: ["torch.nn.Linear", "torch.nn.functional.linear", "torch.nn.ReLU", "torch.cat"])
    #expect(
      describe(parts, graph) == [
        "torch.nn.Linear linear: linear | x w1 | linear",
        "torch.nn.Linear linear_1: linear_1 | linear w1 | linear_1",
        "torch.nn.Linear linear_2: linear_2 | relu w2 | linear_2",
        "torch.nn.ReLU relu: relu | linear_1 | relu",
        "torch.cat cat: cat | linear_2 | cat",
        "torch.nn.functional.linear linear_3: linear_3 | cat w3 | linear_3",
      ])
    #expect(graph.areConnected(parts[0], to: parts[1]))
    #expect(!graph.areConnected(parts[1], to: parts[0]))
    #expect(!graph.areConnected(parts[0], to: parts[3]))
  }

  @Test func findsFunctionsByNameAndModulesByStackWithoutDynamo() {
    let graph = Self.program(isStrict: false)
    let parts = graph.sourcePartitions(of: ["linear", "torch.nn.modules.activation.ReLU", "cat"])
    #expect(
      describe(parts, graph) == [
        "linear linear_1: linear | x w1 | linear", "linear linear_2: linear_1 | linear w1 | linear_1",
        "linear linear_3: linear_2 | relu w2 | linear_2", "linear linear_4: linear_3 | cat w3 | linear_3",
        "torch.nn.modules.activation.ReLU relu: relu | linear_1 | relu", "cat cat_1: cat | linear_2 | cat",
      ])
    // Two calls of one module are one part, as in PyTorch.
    let modules = graph.sourcePartitions(of: ["torch.nn.Linear"])
    #expect(
      describe(modules, graph) == [
        "torch.nn.Linear linear1: linear linear_1 | x w1 | linear_1",
        "torch.nn.Linear linear2: linear_2 | relu w2 | linear_2",
      ])
  }

  @Test func aPartIsLeftOutForOneOfItsNodes() {
    let graph = Self.program(isStrict: true)
    let parts = graph.sourcePartitions(of: ["torch.nn.Linear"]) { graph.name(of: $0) != "linear_1" }
    #expect(parts.map(\.call) == ["linear", "linear_2"])
    #expect(graph.sourcePartitions(of: ["torch.nn.Conv2d"]).isEmpty)
  }
}
