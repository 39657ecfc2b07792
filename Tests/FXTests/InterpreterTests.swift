import FX
import TensorVocabulary
import Testing

@Suite struct InterpreterTests {
  @Test func runsAGraph() throws {
    let calculator = Calculator(GraphModule(Chain().graph))
    #expect(try calculator.run([3.0, 4.0]) == .tuple([.value(-14)]))
    #expect(try calculator.run([1.0, 1.0]) == .tuple([.value(-4)]))
  }

  // MARK: Overriding

  @Test func runNodeCanBeOverridden() throws {
    final class Logger: Calculator {
      var log: [String] = []
      override func runNode(_ node: Node) throws -> PyTree<Double> {
        log.append(graph.name(of: node))
        #expect(currentNode == node)
        return try super.runNode(node)
      }
    }
    let logger = Logger(GraphModule(Chain().graph))
    try logger.run([3.0, 4.0])
    #expect(logger.log == ["x", "y", "add_tensor", "neg_default", "mul_tensor", "output"])
  }

  @Test func callFunctionCanBeOverriddenToSwapOperators() throws {
    final class Swapper: Calculator {
      override func callFunction(
        _ target: Node.Target, _ args: [PyTree<Double>], _ kwargs: [Named<PyTree<Double>>]
      ) throws -> PyTree<Double> {
        try super.callFunction(target == .neg ? .abs : target, args, kwargs)
      }
    }
    #expect(try Swapper(GraphModule(Chain().graph)).run([3.0, -7.0]) == .tuple([.value(8)]))
  }

  @Test func callMethodCanBeOverridden() throws {
    final class Swapper: Calculator {
      override func callMethod(
        _ target: Node.Target, _ args: [PyTree<Double>], _ kwargs: [Named<PyTree<Double>>]
      ) throws -> PyTree<Double> {
        try super.callMethod(target == "neg" ? "abs" : target, args, kwargs)
      }
    }
    var graph = Graph()
    let x = graph.placeholder("x")
    graph.output(.node(graph.callMethod("neg", [.node(x)])))
    #expect(try Calculator(GraphModule(graph)).run([2.0]) == .value(-2))
    #expect(try Swapper(GraphModule(graph)).run([2.0]) == .value(2))
  }

  @Test func callModuleCanBeOverridden() throws {
    final class Doubler: Calculator {
      override func callModule(
        _ target: Node.Target, _ args: [PyTree<Double>], _ kwargs: [Named<PyTree<Double>>]
      ) throws -> PyTree<Double> {
        .value(Self.number(args[0]) * 2)
      }
    }
    var graph = Graph()
    let x = graph.placeholder("x")
    graph.output(.node(graph.callModule("anything", [.node(x)])))
    #expect(try Doubler(GraphModule(graph)).run([2.0]) == .value(4))
  }

  @Test func placeholderGetAttrAndOutputCanBeOverridden() throws {
    final class Shifter: Calculator {
      override func placeholder(
        _ target: Node.Target, _ args: [PyTree<Double>], _ kwargs: [Named<PyTree<Double>>]
      ) throws -> PyTree<Double> {
        .value(Self.number(try super.placeholder(target, args, kwargs)) + 1)
      }
      override func getAttr(
        _ target: Node.Target, _ args: [PyTree<Double>], _ kwargs: [Named<PyTree<Double>>]
      ) throws -> PyTree<Double> { .value(100) }
      override func output(
        _ target: Node.Target, _ args: [PyTree<Double>], _ kwargs: [Named<PyTree<Double>>]
      ) throws -> PyTree<Double> { .list([try super.output(target, args, kwargs)]) }
    }
    var graph = Graph()
    let x = graph.placeholder("x")
    let weight = graph.getAttr("missing")
    graph.output(.node(graph.callFunction(.add, [.node(x), .node(weight)], kwargs: ["alpha": 2])))
    #expect(try Shifter(GraphModule(graph)).run([2.0]) == .list([.value(203)]))
  }

  // MARK: Arguments

  @Test func starTakesRemainingArguments() throws {
    var graph = Graph()
    let x = graph.placeholder("x")
    let rest = graph.placeholder("*args")
    let sum = graph.callFunction(.sum, [.node(rest)])
    graph.output(.tuple([.node(x), .node(rest), .node(sum)]))
    let calculator = Calculator(GraphModule(graph))
    #expect(
      try calculator.run([1.0, 2.0, 3.0])
        == .tuple([.value(1), .list([.value(2), .value(3)]), .value(5)]))
    #expect(try calculator.run([1.0]) == .tuple([.value(1), .list([]), .value(0)]))
  }

  @Test func defaultsStandForMissingArguments() throws {
    var graph = Graph()
    let x = graph.placeholder("x")
    let scale = graph.placeholder("scale", default: 10)
    graph.output(.node(graph.callFunction(.mul, [.node(x), .node(scale)])))
    let calculator = Calculator(GraphModule(graph))
    #expect(try calculator.run([3.0]) == .value(30))
    #expect(try calculator.run([3.0, 2.0]) == .value(6))
  }

  @Test func missingArgumentsAreNamed() {
    let calculator = Calculator(GraphModule(Chain().graph))
    let error = #expect(throws: InterpreterError.self) { try calculator.run([1.0]) }
    #expect(error?.kind == .missingArgument(parameter: "y"))
    #expect(error?.node == "%y : [num_users=1] = placeholder[target=y]")
  }

  @Test func containersAreDescendedInto() throws {
    final class Recorder: Calculator {
      var seen: [PyTree<Double>] = []
      override func callFunction(
        _ target: Node.Target, _ args: [PyTree<Double>], _ kwargs: [Named<PyTree<Double>>]
      ) throws -> PyTree<Double> {
        seen = args + kwargs.map(\.value)
        return .constant(.none)
      }
    }
    var graph = Graph()
    let x = Node.Argument.node(graph.placeholder("x"))
    graph.callFunction(
      "f",
      [
        .tuple([x, 1]), .list([.list([x])]), .dict([DictEntry("k", x)]), .slice(.init(x, .none)),
        .range(.init(0, 2)),
      ], kwargs: ["key": x])
    let recorder = Recorder(GraphModule(graph))
    #expect(try recorder.run([5.0]) == .constant(.none))
    #expect(
      recorder.seen == [
        .tuple([.value(5), .constant(1)]), .list([.list([.value(5)])]), .dict([DictEntry("k", .value(5))]),
        .slice([.value(5), .constant(.none), .constant(.none)]), .constant(.range(.init(0, 2))), .value(5),
      ])
  }

  @Test func elementsAreSelected() throws {
    var graph = Graph()
    let rest = Node.Argument.node(graph.placeholder("*args"))
    let first = graph.callFunction(.getitem, [rest, 0])
    let last = graph.callFunction(.getitem, [rest, -1])
    graph.output(.list([.node(first), .node(last)]))
    let calculator = Calculator(GraphModule(graph))
    #expect(try calculator.run([1.0, 2.0, 3.0]) == .list([.value(1), .value(3)]))
    let error = #expect(throws: InterpreterError.self) { try calculator.run([Double]()) }
    #expect(error?.kind == .selection(SelectionError(.indexOutOfRange(0, count: 0), in: "list")))
  }

  // MARK: Environment

  @Test func partialEvaluationSkipsKnownNodes() throws {
    final class Counter: Calculator {
      var count = 0
      override func runNode(_ node: Node) throws -> PyTree<Double> {
        count += 1
        return try super.runNode(node)
      }
    }
    let chain = Chain()
    let counter = Counter(GraphModule(chain.graph))
    let known: NodeMap<PyTree<Double>> = [chain.x: .value(0), chain.y: .value(0), chain.add: .value(5)]
    #expect(try counter.run([Double](), initialEnv: known) == .tuple([.value(-10)]))
    #expect(counter.count == 3)
  }

  @Test func placeholdersWithAValueTakeNoArgument() throws {
    let chain = Chain()
    let calculator = Calculator(GraphModule(chain.graph))
    #expect(try calculator.run([7.0], initialEnv: [chain.x: .value(1)]) == .tuple([.value(-16)]))
  }

  @Test func valuesAreReleasedAfterTheirLastUse() throws {
    final class Watcher: Calculator {
      var alive: [[String]] = []
      override func runNode(_ node: Node) throws -> PyTree<Double> {
        alive.append(env.nodes.map { graph.name(of: $0) })
        return try super.runNode(node)
      }
    }
    let watcher = Watcher(GraphModule(Chain().graph))
    try watcher.run([3.0, 4.0])
    #expect(watcher.alive == [[], ["x"], ["x", "y"], ["add_tensor"], ["neg_default"], ["mul_tensor"]])
    #expect(watcher.env.nodes.map { watcher.graph.name(of: $0) } == ["output"])
  }

  @Test func allValuesAreKeptOnRequest() throws {
    let chain = Chain()
    let calculator = Calculator(GraphModule(chain.graph), garbageCollectValues: false)
    try calculator.run([3.0, 4.0])
    #expect(calculator.env.count == 6)
    #expect(calculator.env[chain.add] == .value(7))
    #expect(calculator.env[chain.neg] == .value(-7))
  }

  @Test func missingValuesAreNamed() {
    var chain = Chain()
    chain.graph.move(chain.mul, before: chain.neg)
    let calculator = Calculator(GraphModule(chain.graph))
    let error = #expect(throws: InterpreterError.self) { try calculator.run([1.0, 2.0]) }
    #expect(error?.kind == .missingValue(node: "mul_tensor", argument: "neg_default"))
    #expect(error?.arguments == [Named("neg_default", "no value")])
  }

  @Test func anotherGraphCanBeRun() throws {
    var graph = Graph()
    let x = graph.placeholder("x")
    let weight = graph.getAttr("weight")
    graph.output(.node(graph.callFunction(.add, [.node(x), .node(weight)])))
    var module = GraphModule(Chain().graph)
    module.setAttribute(AttributeID(7), at: "weight")
    let calculator = Calculator(module, graph: graph)
    calculator.attributes = [7: 0.5]
    #expect(try calculator.run([1.0]) == .value(1.5))
    #expect(calculator.graph == graph)
  }

  @Test func linearInTheNumberOfNodes() throws {
    var graph = Graph()
    var last = graph.placeholder("x")
    for _ in 0..<100_000 { last = graph.callFunction(.neg, [.node(last)]) }
    graph.output(.node(last))
    try graph.lint()
    #expect(try Calculator(GraphModule(graph)).run([1.0]) == .value(1))
  }
}
