import FX
import OperatorSchemas
import TensorVocabulary
import Testing

@Suite struct GraphCallTests {
  // MARK: Calls

  @Test func nodesAndConstantsAreArgumentsAsTheyAre() {
    var graph = Graph()
    let x = graph.placeholder("x")
    let product = graph.call("aten.mul.Tensor", x, 2)
    #expect(graph.target(of: product) == "torch.ops.aten.mul.Tensor")
    #expect(graph.args(of: product) == [.node(x), 2])
    #expect(graph.users(of: x) == [product])
    #expect(graph.name(of: product) == "mul_tensor")
  }

  @Test func everyKindOfConstantIsAnArgument() {
    var graph = Graph()
    let x = graph.placeholder("x")
    let absent: Node? = nil
    let node = graph.call(
      "aten.f.default", nil, absent, 1.5, true, "s", ScalarType.float32, Device(.cpu), Layout.strided,
      MemoryFormat.contiguous, [x, x], [1, 2], [x, nil], Node.Argument.tuple([1]))
    #expect(
      graph.args(of: node) == [
        .none, .none, 1.5, true, "s", .dtype(.float32), .device(Device(.cpu)), .layout(.strided),
        .memoryFormat(.contiguous), .list([.node(x), .node(x)]), .list([1, 2]), .list([.node(x), .none]),
        .tuple([1]),
      ])
  }

  @Test func keywordsKeepTheirOrder() {
    var graph = Graph()
    let x = graph.placeholder("x")
    let sum = graph.call("aten.add.Tensor", x, kwargs: ["other": x, "alpha": 2, "out": nil])
    #expect(graph.kwargs(of: sum) == [Named("other", .node(x)), Named("alpha", 2), Named("out", .none)])
  }

  @Test(arguments: [
    ("aten.mul.Tensor", "torch.ops.aten.mul.Tensor"),
    ("torch.ops.aten.mul.Tensor", "torch.ops.aten.mul.Tensor"),
    ("mylib.first_rows.default", "torch.ops.mylib.first_rows.default"),
    ("higher_order.cond", "torch.ops.higher_order.cond"),
    ("torch.ops.higher_order.cond", "torch.ops.higher_order.cond"),
    ("_operator.getitem", "_operator.getitem"), ("math.ceil", "math.ceil"),
    ("torch.sym_max", "torch.sym_max"),
  ])
  func operatorsHaveTwoSpellings(_ name: String, _ target: String) {
    #expect(Node.Target(operator: name).text == target)
  }

  @Test func methodsAndModulesAreCalledAlike() {
    var graph = Graph()
    let x = graph.placeholder("x")
    let size = graph.call(method: "size", of: x, 0)
    let layer = graph.call(module: "layers.0", x, kwargs: ["scale": size])
    graph.output([layer, x])
    #expect(graph.op(of: size) == .callMethod && graph.args(of: size) == [.node(x), 0])
    #expect(graph.op(of: layer) == .callModule && graph.kwargs(of: layer) == [Named("scale", .node(size))])
    #expect(graph.outputNode.map { graph.args(of: $0) } == [.list([.node(layer), .node(x)])])
  }

  @Test func literalsAreArguments() {
    let argument: Node.Argument = [1, 2.5, "s", true, .none, []]
    #expect(argument == .list([.int(1), .float(2.5), .string("s"), .bool(true), .none, .list([])]))
    #expect(argument.description == "[1, 2.5, 's', True, None, []]")
    #expect(Node.Argument.node(Node(index: 3)).description == "%3")
  }

  // MARK: Editing

  @Test func argumentsAreInserted() throws {
    var chain = Chain()
    chain.graph.insertArgument(.node(chain.y), at: 0, of: chain.mul)
    chain.graph.insertArgument(7, at: 3, of: chain.mul)
    #expect(chain.graph.args(of: chain.mul) == [.node(chain.y), .node(chain.neg), 2, 7])
    #expect(chain.graph.users(of: chain.y) == [chain.add, chain.mul])
    try chain.graph.lint()
  }

  @Test func singleKeywordsAreSet() throws {
    var chain = Chain()
    chain.graph.setKwarg("alpha", to: 2, of: chain.add)
    chain.graph.setKwarg("out", to: .node(chain.x), of: chain.add)
    chain.graph.setKwarg("alpha", to: 3, of: chain.add)
    #expect(chain.graph.kwargs(of: chain.add) == [Named("alpha", 3), Named("out", .node(chain.x))])
    try chain.graph.lint()
  }

  @Test func descriptionsSayWhatIsThere() {
    let chain = Chain()
    let map: NodeMap<String> = [chain.x: "a", chain.neg: "b"]
    #expect(map.description == "[0: a, 3: b]")
    #expect(([:] as NodeMap<Int>).description == "[:]")
    var set = NodeSet()
    set.insert(chain.y)
    set.insert(Node(index: 70))
    #expect(set.description == "{1, 70}")
    #expect(chain.neg.description == "node 3")
    #expect(chain.graph.args(of: chain.mul).description == "[%3, 2]")
  }
}

@Suite struct NormalizedArgumentsTests {
  /// Right values: `normalize_function(…, normalize_to_only_use_kwargs=True)` of PyTorch 2.13, where `self` is `input`.
  @Test func argumentsHaveTheSchemasNamesAndDefaults() throws {
    var graph = Graph()
    let x = graph.placeholder("x")
    let y = graph.placeholder("y")
    func expect(_ node: Node, _ arguments: [Named<Node.Argument>]) throws {
      #expect(try graph.normalizedArguments(of: node) == arguments)
    }
    let both: [Named<Node.Argument>] = [Named("self", .node(x)), Named("other", .node(y))]
    let plain = graph.call("aten.add.Tensor", x, y)
    let named = graph.call("aten.add.Tensor", x, kwargs: ["alpha": 2, "other": y])
    let sum = graph.call("aten.sum.dim_IntList", x, [1], kwargs: ["dtype": ScalarType.float64])
    let clamp = graph.call("aten.clamp.default", x, kwargs: ["max": 3])
    let pool = graph.call("aten.max_pool2d.default", x, [2, 2])
    try expect(plain, both + [Named("alpha", 1)])
    try expect(named, both + [Named("alpha", 2)])
    try expect(
      sum,
      [Named("self", .node(x)), Named("dim", [1]), Named("keepdim", false), Named("dtype", .dtype(.float64))])
    try expect(clamp, [Named("self", .node(x)), Named("min", .none), Named("max", 3)])
    try expect(
      pool,
      [
        Named("self", .node(x)), Named("kernel_size", [2, 2]), Named("stride", []), Named("padding", [0, 0]),
        Named("dilation", [1, 1]), Named("ceil_mode", false),
      ])
  }

  @Test func argumentsThatDoNotFitAreRefused() {
    var graph = Graph()
    let x = graph.placeholder("x")
    func expect(_ kind: GraphError.Kind, _ node: Node) {
      let error = #expect(throws: GraphError.self) { try graph.normalizedArguments(of: node) }
      #expect(error?.kind == kind)
    }
    // `alpha` is keyword-only, so a third positional argument is one too many.
    let tooMany = graph.call("aten.add.Tensor", x, x, 2)
    let missing = graph.call("aten.add.Tensor", x)
    let unknown = graph.call("aten.add.Tensor", x, x, kwargs: ["beta": 1])
    let repeated = graph.call("aten.add.Tensor", x, x, kwargs: ["other": x])
    let twice = graph.call("aten.add.Tensor", x, x, kwargs: ["alpha": 1, "alpha": 2])
    let function = graph.call("math.ceil", x)
    expect(.tooManyArguments(node: "add_tensor", expected: 2, received: 3), tooMany)
    expect(.missingArgument(node: "add_tensor_1", name: "other"), missing)
    expect(.unknownArgument(node: "add_tensor_2", name: "beta"), unknown)
    expect(.repeatedArgument(node: "add_tensor_3", name: "other"), repeated)
    expect(.repeatedArgument(node: "add_tensor_4", name: "alpha"), twice)
    expect(.noSchema(node: "ceil", target: "math.ceil"), function)
    expect(.noSchema(node: "x", target: "x"), x)
  }

  @Test func aSchemaOfOnesOwnIsUsed() throws {
    var graph = Graph()
    let x = graph.placeholder("x")
    let rows = graph.call("mylib.rows.default", x)
    let schema = try FunctionSchema("mylib::rows(Tensor x, int[] n=[1, 2], str mode=\"a\") -> Tensor")
    #expect(
      try graph.normalizedArguments(of: rows, schema: schema)
        == [Named("x", .node(x)), Named("n", [1, 2]), Named("mode", "a")])
  }
}
