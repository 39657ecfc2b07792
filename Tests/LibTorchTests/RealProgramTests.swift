import ExportedPrograms
import FX
import Foundation
import TensorVocabulary
import Testing

@testable import LibTorch

/// A program of two products and a condition, built by hand.
@Suite(.needsLibTorch) struct RealInterpreterTests {
  @Test func aGraphRuns() throws {
    let library = try InstalledLibrary.require()
    var graph = Graph()
    let x = graph.placeholder("x")
    let rows = graph.call("aten.sym_size.int", x, 0)
    let doubled = graph.call("_operator.mul", rows, 2)
    let scaled = graph.call("aten.mul.Tensor", x, doubled)
    let parts = graph.call("aten.split.Tensor", scaled, 1)
    let second = graph.call("_operator.getitem", parts, 1)
    let sum = graph.call("aten.add.Tensor", second, second, kwargs: ["alpha": 3])
    graph.output(.list([.node(sum), .node(doubled)]))
    let interpreter = RealInterpreter(GraphModule(graph), library: library)
    let result = try interpreter.run([try library.tensor([1, 2, 3, 4] as [Float], sizes: [2, 2])])
    let elements = try #require(result.elements)
    #expect(try elements[0].value?.elements(as: Float.self) == [48, 64])
    #expect(elements[1].int == 4)
  }

  /// Inputs are the interpreter's own: the last use frees them although the caller's array lives on.
  @Test func boxedRunEmptiesTheCallersArray() throws {
    let library = try InstalledLibrary.require()
    var graph = Graph()
    let x = graph.placeholder("x")
    let y = graph.call("aten.neg.default", x)
    graph.output(y)
    var inputs = [try library.tensor([1, 2] as [Float], sizes: [2])]
    weak let input = inputs[0]
    let interpreter = FreeingInterpreter(GraphModule(graph), library: library)
    interpreter.isFreed = { input == nil }
    let result = try interpreter.boxedRun(&inputs)
    #expect(inputs.isEmpty)
    #expect(interpreter.wasFreedAtOutput)
    #expect(try result.value?.elements(as: Float.self) == [-1, -2])
  }

  @Test func aFailingCheckSaysItsMessage() throws {
    let library = try InstalledLibrary.require()
    var graph = Graph()
    let x = graph.placeholder("x")
    let item = graph.call("aten.item.default", x)
    let isSmall = graph.call("_operator.le", item, 3)
    graph.call("aten._assert_scalar.default", isSmall, "u0 must be small")
    graph.output(item)
    let interpreter = RealInterpreter(GraphModule(graph), library: library)
    #expect(try interpreter.run([try library.tensor([3], sizes: [])]).int == 3)
    let four = try library.tensor([4], sizes: [])
    do throws(InterpreterError) {
      _ = try interpreter.run([four])
      Issue.record("the check held")
    } catch {
      #expect((error.underlying as? LibTorchError)?.kind == .assertion("u0 must be small"))
      #expect(error.target == "torch.ops.aten._assert_scalar.default")
    }
  }

  /// PyTorch's own words, with the node and its operator.
  @Test func anOperatorThatThrowsIsNamed() throws {
    let library = try InstalledLibrary.require()
    var graph = Graph()
    let x = graph.placeholder("x")
    let product = graph.call("aten.mm.default", x, x)
    graph.output(product)
    let interpreter = RealInterpreter(GraphModule(graph), library: library)
    let matrix = try library.tensor([1, 2] as [Float], sizes: [1, 2])
    do throws(InterpreterError) {
      _ = try interpreter.run([matrix])
      Issue.record("1x2 was multiplied with 1x2")
    } catch {
      #expect(error.target == "torch.ops.aten.mm.default")
      #expect("\(error)".contains("mm"))
      guard case .raised(let text)? = (error.underlying as? LibTorchError)?.kind else { throw error }
      #expect(text.contains("1x2 and 1x2"), "\(text)")
    }
  }

  /// The lists of PyTorch's CPU autocast: products in bfloat16, sums with what comes.
  @Test func autocastConvertsArguments() throws {
    let library = try InstalledLibrary.require()
    var inner = Graph()
    let a = inner.placeholder("a")
    let product = inner.call("aten.mm.default", a, a)
    inner.output(.list([.node(product), .node(inner.call("aten.neg.default", a))]))
    var graph = Graph()
    let x = graph.placeholder("x")
    let body = graph.getAttr("body")
    let region = graph.call(
      "torch.ops.higher_order.wrap_with_autocast", "cpu", Node.Argument.dtype(.bfloat16), true, true, body, x)
    graph.output(region)
    var module = GraphModule(graph)
    module.setSubmodule(GraphModule(inner), at: "body")
    let result = try RealInterpreter(module, library: library).run([
      try library.tensor([1, 2, 3, 4] as [Float], sizes: [2, 2])
    ])
    let elements = try #require(result.elements)
    #expect(try elements[0].value?.dtype == .bfloat16)
    #expect(try elements[0].value?.elements(as: Float.self) == [7, 10, 15, 22])
    #expect(try elements[1].value?.dtype == .float32)
  }

  /// `torch.vmap(lambda row: row @ w + row.sum())`, with the rows in the second dim, and one region in another.
  @Test func hiddenDimsAreLoopedOver() throws {
    let library = try InstalledLibrary.require()
    let vmap = "torch._functorch.predispatch."
    var graph = Graph()
    let (x, w) = (graph.placeholder("x"), graph.placeholder("w"))
    graph.callFunction(Node.Target(vmap + "_vmap_increment_nesting"), [.int(2), .string("error")])
    let row = graph.callFunction(Node.Target(vmap + "_add_batch_dim"), [.node(x), .int(1), .int(1)])
    graph.callFunction(Node.Target(vmap + "_vmap_increment_nesting"), [.int(3), .string("error")])
    let element = graph.callFunction(Node.Target(vmap + "_add_batch_dim"), [.node(row), .int(0), .int(2)])
    let product = graph.call("aten.mul.Tensor", element, w)
    let parts = graph.callFunction(
      Node.Target(vmap + "_remove_batch_dim"), [.node(product), .int(2), .int(3), .int(0)])
    graph.callFunction(Node.Target(vmap + "_vmap_decrement_nesting"), [])
    let sum = graph.call("aten.sum.default", parts)
    let sums = graph.callFunction(
      Node.Target(vmap + "_remove_batch_dim"), [.node(sum), .int(1), .int(2), .int(0)])
    let same = graph.callFunction(
      Node.Target(vmap + "_remove_batch_dim"), [.node(w), .int(1), .int(2), .int(0)])
    graph.callFunction(Node.Target(vmap + "_vmap_decrement_nesting"), [])
    graph.output(.list([.node(sums), .node(same)]))
    let result = try RealInterpreter(GraphModule(graph), library: library).run([
      try library.tensor([1, 2, 3, 4, 5, 6] as [Float], sizes: [3, 2]),
      try library.tensor([10, 1] as [Float], sizes: [2]),
    ])
    let elements = try #require(result.elements)
    // Each element of a column times (10, 1), all summed: 11 times the sum of the column.
    #expect(try elements[0].value?.elements(as: Float.self) == [99, 132])
    #expect(try elements[1].value?.sizes == [2, 2])
  }

  @Test func operatorsThatCannotRunAreNamedBefore() {
    #expect(RealInterpreter.obstacle(to: "torch.ops.aten.mm.default") == nil)
    #expect(RealInterpreter.obstacle(to: "torch.ops.aten.add.Tensor") == nil)
    #expect(RealInterpreter.obstacle(to: "torch.ops.aten.add_.Tensor") == nil)
    #expect(RealInterpreter.obstacle(to: "torch.ops.aten.item.default") == nil)
    #expect(RealInterpreter.obstacle(to: "torch.ops.higher_order.cond") == nil)
    #expect(RealInterpreter.obstacle(to: "torch.ops.higher_order.flex_attention") != nil)
    #expect(RealInterpreter.obstacle(to: "torch.ops.mylib.op.default") != nil)
    #expect(RealInterpreter.obstacle(to: "torch.ops.aten._foreach_add.Scalar") == nil)
    #expect(RealInterpreter.obstacle(to: "torch.ops.aten.add.out") == nil)
    #expect(RealInterpreter.obstacle(to: "torch.ops.prims.convert_element_type.default") == nil)
    #expect(RealInterpreter.obstacle(to: "torch.ops.prims.svd.default") != nil)
    #expect(RealInterpreter.obstacle(to: "torch.ops.aten._sparse_addmm.default") != nil)
  }
}

/// Looks at the first node after the last use of the input.
private final class FreeingInterpreter: RealInterpreter {
  var isFreed: () -> Bool = { false }
  var wasFreedAtOutput = false

  override func output(
    _ target: Node.Target, _ args: [PyTree<RealTensor>], _ kwargs: [Named<PyTree<RealTensor>>]
  ) throws -> PyTree<RealTensor> {
    wasFreedAtOutput = isFreed()
    return try super.output(target, args, kwargs)
  }
}
