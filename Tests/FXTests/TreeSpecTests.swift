import FX
import TensorVocabulary
import Testing

@Suite struct TreeSpecTests {
  private let nest: PyTree<Int> = .tuple([
    .value(1), .list([.value(2), .constant(3)]),
    .dict([DictEntry("b", .value(4)), DictEntry("a", .tuple([]))]),
    .namedTuple(type: "Point", [Named("x", .value(5))]), .custom(type: "Box", context: "{}", [.value(6)]),
  ])

  @Test func flattensAndRestores() throws {
    let (leaves, spec) = nest.flattened()
    #expect(leaves == [.value(1), .value(2), .constant(3), .value(4), .value(5), .value(6)])
    #expect(spec.leafCount == 6)
    #expect(try spec.unflatten(leaves) == nest)
    #expect(spec.description == "(*, [*, *], {'b': *, 'a': ()}, Point(x=*), Box(*))")
  }

  @Test func readsDictionariesInTheOrderOfTheSpec() throws {
    let spec = TreeSpec(.dict(keys: ["a", "b"]), [.leaf, .leaf])
    let dict: PyTree<Int> = .dict([DictEntry("b", .value(2)), DictEntry("a", .value(1))])
    #expect(try dict.flattened(as: spec) == [.value(1), .value(2)])
  }

  @Test func keepsValuesBelowALeafWhole() throws {
    #expect(try nest.flattened(as: .leaf) == [nest])
  }

  @Test func namesThePathOfAMismatch() {
    let spec = TreeSpec(.tuple, [TreeSpec(.dict(keys: ["k"]), [TreeSpec(.tuple, [.leaf, .leaf])])])
    let tree: PyTree<Int> = .tuple([.dict([DictEntry("k", .tuple([.value(1)]))])])
    let error = #expect(throws: TreeSpecError.self) { try tree.flattened(as: spec) }
    #expect(error?.description == "the structure at [0]['k'] is (*,), but (*, *) is expected")
  }

  @Test func refusesAnotherNumberOfLeaves() {
    let error = #expect(throws: TreeSpecError.self) {
      try TreeSpec(.list, [.leaf, .leaf]).unflatten([PyTree<Int>.value(1)])
    }
    #expect(error?.description == "the structure is a list of 1, but a structure of 2 leaves is expected")
  }
}

@Suite struct CallSignatureTests {
  /// `forward((x, {"y": y}), *, scale)`, returning `{"sum": ..., "rest": [...]}`.
  private func module() -> GraphModule {
    var graph = Graph()
    let x = Node.Argument.node(graph.placeholder("x"))
    let y = Node.Argument.node(graph.placeholder("y"))
    let scale = Node.Argument.node(graph.placeholder("scale"))
    let sum = Node.Argument.node(graph.callFunction(.add, [x, y]))
    let product = Node.Argument.node(graph.callFunction(.mul, [sum, scale]))
    graph.output(.tuple([sum, product, x]))
    var module = GraphModule(graph)
    module.signature = CallSignature(
      inSpec: TreeSpec(
        .tuple,
        [
          TreeSpec(.tuple, [TreeSpec(.tuple, [.leaf, TreeSpec(.dict(keys: ["y"]), [.leaf])])]),
          TreeSpec(.dict(keys: ["scale"]), [.leaf]),
        ]),
      outSpec: TreeSpec(.dict(keys: ["sum", "rest"]), [.leaf, TreeSpec(.list, [.leaf, .leaf])]))
    return module
  }

  @Test func nestedInputsAndOutputsAreProcessed() throws {
    let args: [PyTree<Double>] = [.tuple([.value(1), .dict([DictEntry("y", .value(2))])])]
    let result = try Calculator(module()).run(args, kwargs: [Named("scale", .value(10))])
    #expect(
      result == .dict([DictEntry("sum", .value(3)), DictEntry("rest", .list([.value(30), .value(1)]))]))
  }

  @Test func processingCanBeDisabled() throws {
    let result = try Calculator(module()).run([1.0, 2.0, 10.0], enableIOProcessing: false)
    #expect(result == .tuple([.value(3), .value(30), .value(1)]))
  }

  @Test func inputsOfAnotherStructureAreRefused() {
    let args: [PyTree<Double>] = [.list([.value(1), .dict([DictEntry("y", .value(2))])])]
    let error = #expect(throws: InterpreterError.self) {
      try Calculator(module()).run(args, kwargs: [Named("scale", .value(10))])
    }
    guard case .structure = error?.kind else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.node == nil)
  }

  @Test func outputsOfAnotherStructureAreRefused() {
    var module = module()
    module.signature?.outSpec = TreeSpec(.tuple, [.leaf])
    let args: [PyTree<Double>] = [.tuple([.value(1), .dict([DictEntry("y", .value(2))])])]
    let error = #expect(throws: InterpreterError.self) {
      try Calculator(module).run(args, kwargs: [Named("scale", .value(10))])
    }
    #expect(error?.node == "return (add_tensor, mul_tensor, x)")
  }

  @Test func containersWithoutASpecAreFlattened() throws {
    var module = GraphModule(Chain().graph)
    module.signature = CallSignature(inSpec: nil, outSpec: nil)
    let nested: [PyTree<Double>] = [.list([.value(3), .value(4)])]
    #expect(try Calculator(module).run(nested) == .tuple([.value(-14)]))
  }
}
