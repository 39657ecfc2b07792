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

  @Test func operatorsThatCannotRunAreNamedBefore() {
    #expect(RealInterpreter.obstacle(to: "torch.ops.aten.mm.default") == nil)
    #expect(RealInterpreter.obstacle(to: "torch.ops.aten.add.Tensor") == nil)
    #expect(RealInterpreter.obstacle(to: "torch.ops.aten.add_.Tensor") == nil)
    #expect(RealInterpreter.obstacle(to: "torch.ops.aten.item.default") == nil)
    #expect(RealInterpreter.obstacle(to: "torch.ops.higher_order.cond") == nil)
    #expect(RealInterpreter.obstacle(to: "torch.ops.higher_order.flex_attention") != nil)
    #expect(RealInterpreter.obstacle(to: "torch.ops.mylib.op.default") != nil)
    #expect(RealInterpreter.obstacle(to: "torch.ops.aten._foreach_add.Scalar") != nil)
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
