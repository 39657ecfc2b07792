import FX
import TensorVocabulary
import Testing

/// The arguments of a run are assigned to placeholders as Python assigns arguments to parameters.
@Suite struct InterpreterInputsTests {
  /// `forward(x, y=5)`, which returns both.
  private func withDefault() -> Calculator {
    var graph = Graph()
    let x = graph.placeholder("x")
    let y = graph.placeholder("y", default: 5)
    graph.output(.tuple([.node(x), .node(y)]))
    return Calculator(GraphModule(graph))
  }

  /// `forward(x, *args, **kwargs)`, which returns all three.
  private func withRest() -> Calculator {
    var graph = Graph()
    let x = graph.placeholder("x")
    let args = graph.placeholder("*args")
    let kwargs = graph.placeholder("**kwargs")
    graph.output(.tuple([.node(x), .node(args), .node(kwargs)]))
    return Calculator(GraphModule(graph))
  }

  private func expect(
    _ kind: InterpreterError.Kind, from calculator: Calculator, _ args: [PyTree<Double>],
    _ kwargs: [Named<PyTree<Double>>] = []
  ) {
    let error = #expect(throws: InterpreterError.self) { try calculator.run(args, kwargs: kwargs) }
    #expect(error?.kind == kind)
  }

  // MARK: Without a signature

  @Test func keywordsGoToTheirParameters() throws {
    #expect(
      try withDefault().run([.value(1)], kwargs: [Named("y", .value(2))]) == .tuple([.value(1), .value(2)]))
    #expect(
      try withDefault().run([], kwargs: [Named("y", .value(2)), Named("x", .value(1))])
        == .tuple([.value(1), .value(2)]))
    #expect(try withDefault().run([], kwargs: [Named("x", .value(1))]) == .tuple([.value(1), .constant(5)]))
  }

  @Test func whatDoesNotFitIsRefused() {
    expect(.unexpectedKeyword("z"), from: withDefault(), [.value(1)], [Named("z", .value(2))])
    expect(.repeatedArgument(parameter: "x"), from: withDefault(), [.value(1)], [Named("x", .value(2))])
    let twice: [Named<PyTree<Double>>] = [Named("y", .value(2)), Named("y", .value(3))]
    expect(.repeatedArgument(parameter: "y"), from: withDefault(), [.value(1)], twice)
    expect(.missingArgument(parameter: "x"), from: withDefault(), [], [Named("y", .value(2))])
    expect(
      .tooManyArguments(expected: 2, received: 3), from: withDefault(), [.value(1), .value(2), .value(3)])
  }

  @Test func theRestIsTakenByStars() throws {
    #expect(
      try withRest().run([.value(1), .value(2), .value(3)])
        == .tuple([.value(1), .list([.value(2), .value(3)]), .dict([])]))
    #expect(
      try withRest().run([], kwargs: [Named("q", .value(4)), Named("x", .value(3))])
        == .tuple([.value(3), .list([]), .dict([DictEntry("q", .value(4))])]))
    expect(.repeatedArgument(parameter: "x"), from: withRest(), [.value(1)], [Named("x", .value(2))])
  }

  @Test func parametersAfterStarsAreKeywordOnly() throws {
    var graph = Graph()
    let args = graph.placeholder("*args")
    let scale = graph.placeholder("scale", default: 1)
    graph.output(.tuple([.node(args), .node(scale)]))
    let calculator = Calculator(GraphModule(graph))
    #expect(
      try calculator.run([.value(1)], kwargs: [Named("scale", .value(3))])
        == .tuple([.list([.value(1)]), .value(3)]))
    #expect(try calculator.run([.value(1)]) == .tuple([.list([.value(1)]), .constant(1)]))
  }

  @Test func aSecondRunStartsAfresh() throws {
    let calculator = withRest()
    try calculator.run([.value(1)], kwargs: [Named("q", .value(4))])
    #expect(try calculator.run([.value(2)]) == .tuple([.value(2), .list([]), .dict([])]))
  }

  // MARK: With a signature

  /// `forward(t, *, scale)` with a tuple `t` of a value and `{"y": …}`.
  private func nested() -> Calculator {
    var graph = Graph()
    let inputs = ["x", "y", "scale"].map { Node.Argument.node(graph.placeholder($0)) }
    graph.output(.tuple(inputs))
    var module = GraphModule(graph)
    module.signature = CallSignature(
      inSpec: TreeSpec(
        .tuple,
        [
          TreeSpec(.tuple, [TreeSpec(.tuple, [.leaf, TreeSpec(.dict(keys: ["y"]), [.leaf])])]),
          TreeSpec(.dict(keys: ["scale"]), [.leaf]),
        ]), outSpec: TreeSpec(.list, [.leaf, .leaf, .leaf]))
    return Calculator(module)
  }

  private let pair: PyTree<Double> = .tuple([.value(1), .dict([DictEntry("y", .value(2))])])
  private let scale = Named("scale", PyTree<Double>.value(10))

  @Test func flatInputsAreTakenAsTheyAre() throws {
    let expected: PyTree<Double> = .list([.value(1), .value(2), .value(10)])
    #expect(try nested().run([pair], kwargs: [scale]) == expected)
    #expect(try nested().run([1.0, 2.0, 10.0]) == expected)
  }

  @Test func argumentsThatAreMissingOrTooManyAreTold() {
    expect(.missingArgument(parameter: "scale"), from: nested(), [pair])
    expect(.unexpectedKeyword("q"), from: nested(), [pair], [scale, Named("q", .value(1))])
    expect(.tooFewArguments(expected: 1, received: 0), from: nested(), [], [scale])
    expect(.tooManyArguments(expected: 1, received: 2), from: nested(), [pair, pair], [scale])
  }

  @Test func keywordsWithoutASpecGoToParameters() throws {
    var module = GraphModule(Chain().graph)
    module.signature = CallSignature(inSpec: nil, outSpec: nil)
    #expect(
      try Calculator(module).run([.value(3)], kwargs: [Named("y", .value(4))]) == .tuple([.value(-14)]))
  }

  // MARK: Submodules

  @Test func aSubmoduleIsCalledAsItsSignatureSays() throws {
    var graph = Graph()
    let inputs = ["a", "b", "c"].map { Node.Argument.node(graph.placeholder($0)) }
    let called = graph.callModule(
      "inner", [.tuple([inputs[0], .dict([DictEntry("y", inputs[1])])])], kwargs: ["scale": inputs[2]])
    graph.output(.node(graph.callFunction(.getitem, [.node(called), -1])))
    var module = GraphModule(graph)
    module.setSubmodule(nested().module, at: "inner")
    #expect(try Calculator(module).run([1.0, 2.0, 10.0]) == .value(10))
  }

  @Test func errorsOfItsArgumentsNameTheCall() throws {
    var graph = Graph()
    let x = graph.placeholder("x")
    graph.output(.node(graph.callModule("inner", [.node(x)], kwargs: ["z": .node(x)])))
    var module = GraphModule(graph)
    module.setSubmodule(GraphModule(Chain().graph), at: "inner")
    let error = #expect(throws: InterpreterError.self) { try Calculator(module).run([1.0]) }
    #expect(error?.kind == .unexpectedKeyword("z"))
    #expect(error?.target == "inner")
  }

  @Test func aSubmoduleKnowsItsPath() throws {
    final class Walker: Calculator {
      var paths: [String] = []
      override func output(
        _ target: Node.Target, _ args: [PyTree<Double>], _ kwargs: [Named<PyTree<Double>>]
      ) throws -> PyTree<Double> {
        paths.append(modulePath)
        return try super.output(target, args, kwargs)
      }
    }
    func calling(_ path: String, _ inner: GraphModule) -> GraphModule {
      var graph = Graph()
      let x = graph.placeholder("x")
      graph.output(.node(graph.callModule(path, [.node(x)])))
      var module = GraphModule(graph)
      module.setSubmodule(inner, at: path)
      return module
    }
    var identity = Graph()
    identity.output(.node(identity.placeholder("x")))
    let walker = Walker(calling("a.b", calling("c", GraphModule(identity))))
    #expect(try walker.run([7.0]) == .value(7))
    #expect(walker.paths == ["a.b.c", "a.b", ""])
  }

  // MARK: Environment

  @Test func aSubclassMayWriteTheEnvironment() throws {
    /// Computes all `neg` nodes when it reaches the first.
    final class Filler: Calculator {
      var ran: [String] = []
      override func runNode(_ node: Node) throws -> PyTree<Double> {
        ran.append(graph.name(of: node))
        let value = try super.runNode(node)
        for other in graph.findNodes(.callFunction, target: .neg) { env[other] = .value(100) }
        return value
      }
    }
    let chain = Chain()
    let filler = Filler(GraphModule(chain.graph), garbageCollectValues: false)
    #expect(try filler.run([1.0, 2.0]) == .tuple([.value(200)]))
    #expect(!filler.ran.contains("neg_default"))
    #expect(filler.env[chain.neg] == .value(100))
  }
}
