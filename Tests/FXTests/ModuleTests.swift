import FX
import OrderedCollections
import Testing

@Suite struct GraphModuleTests {
  /// A module with attributes `w` and `a.b.w`, and the graph of `double` at `a.double`.
  private func module() -> GraphModule {
    var inner = Graph()
    let x = inner.placeholder("x")
    let weight = inner.getAttr("w")
    inner.output(.node(inner.callFunction(.mul, [.node(x), .node(weight)])))
    var double = GraphModule(inner)
    double.setAttribute(AttributeID(2), at: "w")
    var module = GraphModule()
    module.setAttribute(AttributeID(10), at: "w")
    module.setAttribute(AttributeID(20), at: "a.b.w")
    module.setSubmodule(double, at: "a.double")
    return module
  }

  private func calculator(_ module: GraphModule) -> Calculator {
    let calculator = Calculator(module)
    calculator.attributes = [2: 2, 10: 10, 20: 20]
    return calculator
  }

  @Test func findsMembersByDottedPath() throws {
    let module = module()
    #expect(module.attribute(at: "w") == AttributeID(10))
    #expect(module.attribute(at: "a.b.w") == AttributeID(20))
    #expect(module.attribute(at: "a.double.w") == AttributeID(2))
    #expect(module.submodule(at: "a.double")?.graph.nodes.count == 4)
    #expect(module.submodule(at: "a.b")?.isContainer == true)
    #expect(module.submodule(at: "w") == nil)
    #expect(module.namedModules.map(\.name) == ["", "a", "a.b", "a.double"])
  }

  @Test(arguments: [
    ("q", ""), ("a.q.w", "a"), ("a.b.q", "a.b"), ("a.b.w.q", "a.b.w"), ("w.data", "w"), ("", ""),
  ])
  func namesTheLongestPrefixThatExists(_ path: String, _ prefix: String) {
    let found = module().member(at: path)
    #expect(found.member == nil)
    #expect(found.existingPrefix == prefix)
  }

  @Test func acceptsNamesWithDots() {
    var module = module()
    module.attributes["a.b.flat"] = AttributeID(5)
    #expect(module.attribute(at: "a.b.flat") == AttributeID(5))
  }

  @Test func attributesAreFetchedByDottedPath() throws {
    var module = module()
    let node = module.graph.getAttr("a.b.w")
    module.graph.output(.node(node))
    #expect(try calculator(module).run([Double]()) == .value(20))
  }

  @Test func absentAttributesAreErrorsThatNameThePrefix() {
    var module = module()
    module.graph.output(.node(module.graph.getAttr("a.b.missing.w")))
    let error = #expect(throws: InterpreterError.self) { try calculator(module).run([Double]()) }
    #expect(error?.kind == .noSuchAttribute(path: "a.b.missing.w", existingPrefix: "a.b"))
    #expect(
      error?.description == """
        error: 'a.b.missing.w' does not exist: the longest part that exists is 'a.b'
          node   %a_b_missing_w : [num_users=1] = get_attr[target=a.b.missing.w]
        """)
  }

  @Test func attributesWithoutValueAreErrors() {
    var module = module()
    module.graph.output(.node(module.graph.getAttr("w")))
    let error = #expect(throws: InterpreterError.self) { try Calculator(module).run([Double]()) }
    #expect(error?.kind == .noAttributeValue(path: "w"))
  }

  @Test func submodulesAreCalled() throws {
    var module = module()
    let x = module.graph.placeholder("x")
    let called = module.graph.callModule("a.double", [.node(x)])
    let named = module.graph.callModule("a.double", [], kwargs: ["x": .node(called)])
    module.graph.output(.node(named))
    #expect(try calculator(module).run([3.0]) == .value(12))
    try module.lint()
  }

  @Test func attributesCannotBeCalled() {
    var module = module()
    let x = module.graph.placeholder("x")
    module.graph.output(.node(module.graph.callModule("w", [.node(x)])))
    let lint = #expect(throws: GraphError.self) { try module.lint() }
    #expect(lint?.kind == .notAModule(node: "w", path: "w"))
    let error = #expect(throws: InterpreterError.self) { try calculator(module).run([3.0]) }
    #expect(error?.kind == .notAModule(path: "w"))
  }

  @Test func higherOrderOperatorsAreGivenModules() throws {
    final class Cond: Calculator {
      override func callFunction(
        _ target: Node.Target, _ args: [PyTree<Double>], _ kwargs: [Named<PyTree<Double>>]
      ) throws -> PyTree<Double> {
        guard target == "torch.ops.higher_order.cond", case .module(let branch) = args[1] else {
          return try super.callFunction(target, args, kwargs)
        }
        return try run(branch, args[2].elements ?? [])
      }
    }
    var module = module()
    let x = module.graph.placeholder("x")
    let branch = module.graph.getAttr("a.double")
    let byNode = module.graph.callFunction(
      "torch.ops.higher_order.cond", [true, .node(branch), .list([.node(x)])])
    let byName = module.graph.callFunction(
      "torch.ops.higher_order.cond", [true, .submodule("a.double"), .list([.node(byNode)])])
    module.graph.output(.node(byName))
    let cond = Cond(module)
    cond.attributes = [2: 2]
    #expect(try cond.run([1.5]) == .value(6))
  }

  @Test func lintNamesTheModuleAndTheTarget() {
    var module = module()
    var inner = Graph()
    inner.getAttr("nothing.here")
    module.setSubmodule(GraphModule(inner), at: "a.broken")
    let error = #expect(throws: GraphError.self) { try module.lint() }
    #expect(error?.kind == .noSuchTarget(node: "nothing_here", path: "nothing.here", existingPrefix: ""))
    #expect(error?.module == "a.broken")
  }

  @Test func comparesAllItsParts() {
    var other = module()
    #expect(other == module())
    other.setAttribute(AttributeID(21), at: "a.b.w")
    #expect(other != module())
  }
}
