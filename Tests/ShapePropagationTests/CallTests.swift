import SwiftFX
import Testing

/// How nodes call operators and modules: both faces bind arguments in the same way.
@Suite struct CallTests {
  /// The answers of both faces for a graph with one call on `x: f32[s0, 4]`.
  private func answers(
    _ target: Node.Target, _ args: [Node.Argument], _ kwargs: [Named<Node.Argument>]
  ) -> [String] {
    var graph = Graph()
    let x = graph.placeholder("x")
    let call = graph.createNode(.callFunction, target, args: [.node(x)] + args, kwargs: kwargs)
    graph.output(.node(call))
    let module = GraphModule(graph)
    let (first, second) = (FakeTensorMode(), FakeTensorMode())
    let result = PropagationContext(module, mode: first, table: .aten).propagate([input(first)])
    let engine =
      result.error?.message ?? result.values[call].flatMap { first.shapes.shortText(of: $0) } ?? "None"
    let interpreter = PropagateUnbackedSymInts(module, mode: second, table: .aten)
    let open: String
    do {
      open =
        second.shapes.shortText(of: FakeValue(try interpreter.run([input(second)]), second.shapes)) ?? "None"
    } catch {
      let reason = error.underlying as? OperatorError
      open = reason.map { "\($0.operator): \($0.message)" } ?? "\(error)"
    }
    return [engine, open]
  }

  private func input(_ mode: FakeTensorMode) -> FakeValue {
    let s0 = mode.shapes.symInt(mode.shapes.createBackedSymbol("s0", hint: .int(8)))
    return .tensor(mode.tensor([s0, 4], dtype: .float32))
  }

  private func expect(
    _ answer: String, _ target: Node.Target, _ args: [Node.Argument] = [],
    _ kwargs: [Named<Node.Argument>] = [], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(answers(target, args, kwargs) == [answer, answer], sourceLocation: sourceLocation)
  }

  @Test func argumentsAreFoundByNameAndPosition() {
    expect("f32[4, s0]", "torch.ops.aten.transpose.int", [0], [Named("dim1", 1)])
    expect("f32[4, s0]", "torch.ops.aten.transpose.int", [], [Named("dim1", 1), Named("dim0", 0)])
    expect("f32[s0, 4]", "torch.ops.aten.add.Tensor", [2], [Named("alpha", 3)])
  }

  @Test func anUnknownArgumentIsRefused() {
    expect(
      "aten.relu.default: aten.relu.default does not take 'inplace'", "torch.ops.aten.relu.default", [],
      [Named("inplace", .bool(true))])
  }

  @Test func anArgumentGivenTwiceIsRefused() {
    expect(
      "aten.transpose.int: aten.transpose.int got several values for its argument 'dim0'",
      "torch.ops.aten.transpose.int", [0, 1], [Named("dim0", 0)])
  }

  @Test func tooManyAndMissingArgumentsAreRefused() {
    expect(
      "aten.relu.default: aten.relu.default takes 1 arguments, 2 were given", "torch.ops.aten.relu.default",
      [1])
    expect(
      "aten.transpose.int: aten.transpose.int is missing its argument 'dim1'", "torch.ops.aten.transpose.int",
      [0])
  }

  /// `aten.size.default` gives a list, as `torch.ops.aten.size.default` does.
  @Test func sizesAreAList() { expect("[s0, 4]", "torch.ops.aten.size.default") }

  /// What `operator.getitem(list, key)` selects from a list of four tensors; the right values are Python's.
  @Test(
    arguments: [
      (.int(-1), "f32[s0, 1]"), (.bool(true), "f32[s0, 1]"),
      (.slice(.init(1, .none, 2)), "[f32[s0, 1], f32[s0, 1]]"), (.slice(.init(.none, .none, -1)), "4"),
      (.slice(.init(2, 1)), "[]"), (.int(4), "IndexError"), (.int(-5), "IndexError"),
      (.string("a"), "TypeError"),
      (.range(.init(0, 2)), "TypeError"), (.float(1), "TypeError"), (.slice(.init(0, 4, 0)), "ValueError"),
    ] as [(Node.Argument, String)])
  func elementsAreSelectedAsInPython(_ key: Node.Argument, _ expected: String) throws {
    var graph = Graph()
    let x = graph.placeholder("x")
    let parts = graph.callFunction("torch.ops.aten.split.Tensor", [.node(x), 1, 1])
    let item = graph.callFunction(.getitem, [.node(parts), key])
    graph.output(.node(item))
    let module = GraphModule(graph)
    let (first, second) = (FakeTensorMode(), FakeTensorMode())
    let result = PropagationContext(module, mode: first, table: .aten).propagate([input(first)])
    #expect(answer(result.values[item], result.error, first) == expected)
    let interpreter = PropagateUnbackedSymInts(module, mode: second, table: .aten)
    do {
      let value = FakeValue(try interpreter.run([input(second)]), second.shapes)
      #expect(answer(value, nil, second) == expected)
    } catch { #expect(answer(nil, error.underlying, second) == expected) }
  }

  /// Text of a short value, the length of a long list, or Python's exception.
  private func answer(_ value: FakeValue?, _ error: (any Error)?, _ mode: FakeTensorMode) -> String {
    var error = error
    if case .other(let inner)? = (error as? PropagationError)?.kind { error = inner }
    if let error = error as? SelectionError {
      switch error.kind {
      case .indexOutOfRange: return "IndexError"
      case .zeroStep: return "ValueError"
      case .noSuchKey: return "KeyError"
      default: return "TypeError"
      }
    }
    if case .list(let items)? = value, items.count > 2 { return "\(items.count)" }
    return value.flatMap { mode.shapes.shortText(of: $0) } ?? "\(error.map { "\($0)" } ?? "no value")"
  }

  // Submodules

  /// `sub(y, scale=2)` with `n = y.item(); assert n >= 3; y * scale`.
  private func moduleWithAssert() -> (module: GraphModule, call: Node, check: Node) {
    var inner = Graph()
    let y = inner.placeholder("y")
    let scale = inner.placeholder("scale", default: 2)
    let sum = inner.callFunction("torch.ops.aten.sum.default", [.node(y)])
    let whole = inner.callFunction("torch.ops.aten.to.dtype", [.node(sum), .dtype(.int64)])
    let item = inner.callFunction("torch.ops.aten.item.default", [.node(whole)])
    let condition = inner.callFunction("_operator.ge", [.node(item), 3])
    let check = inner.callFunction(
      "torch.ops.aten._assert_scalar.default", [.node(condition), .string("too few")])
    inner.output(.node(inner.callFunction("torch.ops.aten.mul.Tensor", [.node(y), .node(scale)])))
    var outer = Graph()
    let x = outer.placeholder("x")
    let call = outer.callModule("sub", [.node(x)])
    outer.output(.node(call))
    var module = GraphModule(outer)
    module.setSubmodule(GraphModule(inner), at: "sub")
    return (module, call, check)
  }

  @Test func aSubmoduleRunsItself() throws {
    let (module, call, check) = moduleWithAssert()
    let (first, second) = (FakeTensorMode(), FakeTensorMode())
    let context = PropagationContext(module, mode: first, table: .aten)
    let result = context.propagate([input(first)])
    #expect(result.error == nil)
    #expect(result.values[call].flatMap { first.shapes.shortText(of: $0) } == "f32[s0, 4]")
    let interpreter = PropagateUnbackedSymInts(module, mode: second, table: .aten)
    let value = FakeValue(try interpreter.run([input(second)]), second.shapes)
    #expect(second.shapes.shortText(of: value) == "f32[s0, 4]")
    for places in [
      first.shapes.runtimeAsserts.map { context.provenance(of: $0.assert.origin) },
      second.shapes.runtimeAsserts.map { interpreter.provenance(of: $0.assert.origin) },
    ] {
      let place = try #require(places.compactMap { $0 }.first { $0.node == check })
      #expect(place.modulePath == "sub")
    }
  }

  @Test func inputsOfSubmodulesAreBoundByName() throws {
    var (module, call, _) = moduleWithAssert()
    module.graph.setKwargs([Named("scale", 3)], of: call)
    let mode = FakeTensorMode()
    #expect(PropagationContext(module, mode: mode, table: .aten).propagate([input(mode)]).error == nil)
    module.graph.setKwargs([Named("sacle", 3)], of: call)
    let error = PropagationContext(module, mode: mode, table: .aten).propagate([input(mode)]).error
    #expect(error?.message == "the program has no further input called 'sacle'")
  }

  @Test func inputsAreCounted() {
    let (module, _, _) = moduleWithAssert()
    let mode = FakeTensorMode()
    let context = PropagationContext(module, mode: mode, table: .aten)
    #expect(context.propagate([]).error?.message == "no value was given for input 'x'")
    #expect(
      context.propagate([input(mode), input(mode)]).error?.message
        == "the program takes 1 inputs, 2 were given")
  }
}
