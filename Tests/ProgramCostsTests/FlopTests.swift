import ATenOperators
import FX
import FakeTensors
import ShapePropagation
import SymbolicShapes
import TensorVocabulary
import Testing

@testable import ProgramCosts

/// Operations of single calls, as `FlopCounterMode` of PyTorch 2.13 counts them under `no_grad` on the CPU.
@Suite struct FlopTests {
  /// A call with tensors of these sizes; `arguments` makes the arguments from them.
  struct Case: Sendable, CustomTestStringConvertible {
    let target: String
    let tensors: [[Int]]
    let arguments: @Sendable ([Node]) -> [Node.Argument]
    let flops: Int
    let dtype: ScalarType
    var testDescription: String { "\(target) \(tensors)" }

    init(
      _ target: String, _ tensors: [[Int]], _ flops: Int, dtype: ScalarType = .float32,
      _ arguments: @escaping @Sendable ([Node]) -> [Node.Argument] = { $0.map { .node($0) } }
    ) {
      (self.target, self.tensors, self.flops, self.dtype, self.arguments) = (
        target, tensors, flops, dtype, arguments
      )
    }
  }

  /// `target` with a text first and then a list of all tensors.
  private static func einsum(_ equation: String, _ tensors: [[Int]], _ flops: Int) -> Case {
    Case("einsum.default", tensors, flops) { [.string(equation), .list($0.map { .node($0) })] }
  }

  /// Further arguments after the tensors.
  private static func call(
    _ target: String, _ tensors: [[Int]], _ rest: [Node.Argument], _ flops: Int
  ) -> Case {
    Case(target, tensors, flops) { $0.map { .node($0) } + rest }
  }

  private static func ints(_ values: Int...) -> Node.Argument { .list(values.map { .int($0) }) }

  static let products: [Case] = [
    Case("mm.default", [[2, 5], [5, 3]], 60),
    Case("addmm.default", [[3], [2, 5], [5, 3]], 60),
    Case("bmm.default", [[2, 3, 5], [2, 5, 4]], 240),
    Case("baddbmm.default", [[2, 3, 4], [2, 3, 5], [2, 5, 4]], 240),
    Case("addbmm.default", [[3, 4], [2, 3, 5], [2, 5, 4]], 0),
    Case("mv.default", [[3, 5], [5]], 0),
    Case("dot.default", [[5], [5]], 0),
    Case("linear.default", [[5], [3, 5], [3]], 30),
    Case("linear.default", [[2, 5], [3, 5]], 60),
    Case("linear.default", [[2, 2, 2, 5], [3, 5], [3]], 240),
    Case("linear.default", [[2, 5], [5]], 0),
    Case("matmul.default", [[5], [5]], 0),
    Case("matmul.default", [[3, 5], [5]], 0),
    Case("matmul.default", [[5], [5, 3]], 30),
    Case("matmul.default", [[2, 3, 5], [5]], 0),
    Case("matmul.default", [[5], [2, 5, 3]], 60),
    Case("matmul.default", [[2, 3, 5], [5, 4]], 240),
    Case("matmul.default", [[2, 1, 3, 5], [7, 5, 4]], 1680),
    Case("matmul.default", [[3, 5], [2, 5, 4]], 240),
    Case("inner.default", [[2, 5], [3, 5]], 60),
    Case("inner.default", [[5], [5]], 0),
    Case("inner.default", [[], [5]], 0),
    call("tensordot.default", [[2, 5], [5, 3]], [ints(1), ints(0)], 60),
    call("tensordot.default", [[2, 5], [5, 3]], [ints(), ints()], 300),
    call("tensordot.default", [[2, 5], [1, 3]], [ints(1), ints(0)], 12),
    Case("linalg_multi_dot.default", [[2, 3], [3, 4], [4, 5]], 128) { [.list($0.map { .node($0) })] },
    Case("linalg_multi_dot.default", [[2, 3], [3, 4]], 48) { [.list($0.map { .node($0) })] },
    Case("linalg_multi_dot.default", [[3], [3, 4], [4]], 30) { [.list($0.map { .node($0) })] },
    call("linalg_matrix_power.default", [[4, 4]], [.int(3)], 256),
    call("linalg_matrix_power.default", [[4, 4]], [.int(5)], 384),
    call("linalg_matrix_power.default", [[4, 4]], [.int(6)], 384),
    call("linalg_matrix_power.default", [[4, 4]], [.int(7)], 512),
    call("linalg_matrix_power.default", [[2, 4, 4]], [.int(4)], 512),
    einsum("ij,jk->ik", [[2, 5], [5, 3]], 60),
    einsum("ij,jk,kl->il", [[2, 5], [5, 3], [3, 4]], 108),
    einsum("i,j->ij", [[2], [5]], 0),
    einsum("ij,kl->ik", [[2, 5], [3, 4]], 0),
    einsum("i,i->", [[5], [5]], 10),
    einsum("bij,bij->bi", [[2, 5, 3], [2, 5, 3]], 60),
    einsum("ii->", [[5, 5]], 0),
    einsum("...ij,...jk->...ik", [[7, 2, 5], [7, 5, 3]], 420),
  ]

  static let convolutions: [Case] = [
    call(
      "conv2d.default", [[2, 4, 8, 8], [6, 2, 3, 3], [6]], [ints(2, 2), ints(1, 1), ints(1, 1), .int(2)], 6912
    ),
    Case("conv2d.default", [[4, 8, 8], [6, 4, 3, 3]], 15552),
    call("conv2d.padding", [[2, 4, 8, 8], [6, 4, 4, 3]], [.none, ints(1, 1), .string("same")], 73728),
    Case("conv1d.default", [[2, 4, 8], [6, 4, 3]], 1728),
    Case("conv3d.default", [[2, 4, 8, 8, 8], [6, 4, 3, 3, 3]], 559_872),
    call(
      "conv_transpose2d.input", [[2, 4, 8, 8], [4, 3, 3, 3]],
      [.none, ints(2, 2), ints(1, 1), ints(1, 1), .int(2)], 27648),
    Case("conv_transpose1d.default", [[4, 8], [4, 3, 3]], 576),
    call("conv_tbc.default", [[8, 2, 4], [3, 4, 6], [6]], [], 0),
    call(
      "convolution_backward.default", [[2, 6, 6, 6], [2, 4, 8, 8], [6, 4, 3, 3]],
      [
        ints(6), ints(1, 1), ints(0, 0), ints(1, 1), .bool(false), ints(0, 0), .int(1),
        .list([.bool(true), .bool(true), .bool(true)]),
      ], 62208),
    call(
      "convolution_backward.default", [[2, 3, 10, 10], [2, 4, 8, 8], [4, 3, 3, 3]],
      [
        ints(0), ints(1, 1), ints(0, 0), ints(1, 1), .bool(true), ints(0, 0), .int(1),
        .list([.bool(true), .bool(true), .bool(false)]),
      ], 55296),
    call(
      "convolution_backward.default", [[2, 6, 6, 6], [2, 4, 8, 8], [6, 2, 3, 3]],
      [
        ints(6), ints(1, 1), ints(0, 0), ints(1, 1), .bool(false), ints(0, 0), .int(2),
        .list([.bool(true), .bool(true), .bool(true)]),
      ], 46656),
  ]

  static let attention: [Case] = [
    Case("scaled_dot_product_attention.default", [[4, 7, 8], [4, 7, 8], [4, 7, 8]], 6272),
    Case("scaled_dot_product_attention.default", [[2, 4, 7, 8], [2, 4, 9, 8], [2, 4, 9, 5]], 13104),
    Case("scaled_dot_product_attention.default", [[7, 8], [9, 8], [9, 8]], 2016),
    Case("scaled_dot_product_attention.default", [[2, 4, 7, 8], [1, 4, 9, 8], [1, 4, 9, 8]], 16128),
    // PyTorch's table lacks the kernel of the CPU: this is what it counts for that of a GPU.
    Case(
      "_scaled_dot_product_flash_attention_for_cpu.default", [[2, 4, 7, 8], [2, 4, 9, 8], [2, 4, 9, 8]], 16128
    ),
  ]

  private static func layer(
    _ target: String, _ sizes: [[Int]], states: Int, _ flops: Int, hasBiases: Bool, layers: Int,
    isBidirectional: Bool = false, dtype: ScalarType = .float32
  ) -> Case {
    Case(target, sizes, flops, dtype: dtype) { nodes in
      let hidden: Node.Argument =
        states == 1 ? .node(nodes[1]) : .list(nodes[1...states].map { .node($0) })
      return [
        .node(nodes[0]), hidden, .list(nodes[(states + 1)...].map { .node($0) }), .bool(hasBiases),
        .int(layers),
        .float(0), .bool(false), .bool(isBidirectional), .bool(false),
      ]
    }
  }

  static let recurrent: [Case] = [
    // oneDNN's kernel is not looked into.
    layer(
      "lstm.input", [[5, 2, 3], [1, 2, 4], [1, 2, 4], [16, 3], [16, 4], [16], [16]], states: 2, 0,
      hasBiases: true, layers: 1),
    layer(
      "lstm.input",
      [[5, 2, 3], [2, 2, 4], [2, 2, 4], [16, 3], [16, 4], [16], [16], [16, 4], [16, 4], [16], [16]],
      states: 2, 4800, hasBiases: true, layers: 2, dtype: .float64),
    layer(
      "lstm.input", [[5, 2, 3], [1, 2, 2], [1, 2, 4], [16, 3], [16, 2], [16], [16], [2, 4]], states: 2, 1760,
      hasBiases: true, layers: 1),
    layer(
      "gru.input", [[5, 2, 3], [1, 2, 4], [12, 3], [12, 4]], states: 1, 1680, hasBiases: false, layers: 1),
    layer(
      "rnn_tanh.input", [[5, 2, 3], [1, 2, 4], [4, 3], [4, 4], [4], [4]], states: 1, 560, hasBiases: true,
      layers: 1),
    Case("lstm_cell.default", [[2, 3], [2, 4], [2, 4], [16, 3], [16, 4], [16], [16]], 448) {
      [.node($0[0]), .list([.node($0[1]), .node($0[2])])] + $0[3...].map { .node($0) }
    },
    Case("gru_cell.default", [[2, 3], [2, 4], [12, 3], [12, 4], [12], [12]], 336),
    Case("rnn_tanh_cell.default", [[2, 3], [2, 4], [4, 3], [4, 4], [4], [4]], 112),
  ]

  @Test(arguments: products + convolutions + attention + recurrent) func countsAsPyTorch(_ call: Case) throws
  {
    #expect(try flops(call, strides: nil) == call.flops)
  }

  /// A batch of matrices times a vector is a product of one matrix only where the batch can be viewed as one.
  @Test func vectorsAreFoldedByStrides() throws {
    let transposed = Case("matmul.default", [[2, 3, 5], [5]], 60)
    #expect(try flops(transposed, strides: [[15, 1, 3], [1]]) == 60)
    #expect(try flops(transposed, strides: [[5, 10, 1], [1]]) == 60)
  }

  private func flops(_ call: Case, strides: [[Int]]?) throws -> Int? {
    var graph = Graph()
    let nodes = call.tensors.indices.map { graph.placeholder("x\($0)") }
    let result = graph.callFunction(Node.Target("torch.ops.aten.\(call.target)"), call.arguments(nodes))
    graph.output(result)
    let mode = FakeTensorMode()
    mode.isGradEnabled = false
    let context = PropagationContext(GraphModule(graph), mode: mode, table: .aten)
    let inputs = call.tensors.enumerated().map { index, sizes in
      let sizes = Sizes(sizes.map { SymInt($0) })
      let own = strides.map { Sizes($0[index].map { SymInt($0) }) }
      return FakeValue.tensor(
        own.map { mode.tensor(sizes, strides: $0, dtype: call.dtype, device: .cpu) }
          ?? mode.tensor(sizes, dtype: call.dtype, device: .cpu))
    }
    let values = context.propagate(inputs)
    if let error = values.error { throw error }
    var counter = FlopCounter(mode.shapes)
    let counts = counter.counts(of: NestedRuns().root(graph, values.values))
    return counts[result]?.total(mode.shapes).constant ?? 0
  }
}
