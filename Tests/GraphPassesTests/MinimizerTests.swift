import FX
import GraphPasses
import Testing

/// The culprits that `_MinimizerBase` of PyTorch 2.13 finds among eight calls in a row.
@Suite struct MinimizerTests {
  /// Calls at fault; whether all of them must be in a part for it to fail, or any; what each method finds.
  struct Row: Sendable {
    var culprits: [Int]
    var needsAll: Bool
    var sequential: [Int]
    var binary: [Int]
    var block: [Int]
    var accumulate: [Int]
  }

  private static let rows = [
    Row(culprits: [], needsAll: false, sequential: [], binary: [], block: [], accumulate: []),
    Row(culprits: [0], needsAll: true, sequential: [0], binary: [0], block: [0], accumulate: [0]),
    Row(culprits: [7], needsAll: true, sequential: [7], binary: [7], block: [7], accumulate: [7]),
    Row(culprits: [3], needsAll: true, sequential: [3], binary: [3], block: [3], accumulate: [3]),
    Row(culprits: [2, 4], needsAll: true, sequential: [], binary: [], block: [2, 3, 4], accumulate: [4]),
    Row(culprits: [2, 4], needsAll: false, sequential: [2], binary: [2], block: [2], accumulate: [2]),
    Row(
      culprits: [1, 5, 6], needsAll: true, sequential: [], binary: [], block: [1, 2, 3, 4, 5, 6],
      accumulate: [6]),
    Row(culprits: [1, 5, 6], needsAll: false, sequential: [1], binary: [1], block: [1], accumulate: [1]),
    Row(
      culprits: [0, 7], needsAll: true, sequential: [], binary: [], block: [0, 1, 2, 3, 4, 5, 6, 7],
      accumulate: [7]),
    Row(culprits: [3, 4], needsAll: true, sequential: [], binary: [], block: [3, 4], accumulate: [4]),
  ]

  private static func find(_ row: Row, _ minimizer: Minimizer) -> [Int] {
    let nodes = (0..<8).map { Node(index: UInt32($0)) }
    let bad = Set(row.culprits.map { nodes[$0] })
    let found = minimizer.culprits(among: nodes) { part in
      !bad.isEmpty && (row.needsAll ? bad.isSubset(of: part) : !bad.isDisjoint(with: part))
    }
    return found.map { Int($0.index) }
  }

  @Test(arguments: rows)
  func findsWhatPyTorchFinds(row: Row) {
    #expect(Self.find(row, Minimizer(.sequential)) == row.sequential)
    #expect(Self.find(row, Minimizer(.binary)) == row.binary)
    #expect(Self.find(row, Minimizer(.block)) == row.block)
    #expect(Self.find(row, Minimizer(.accumulate)) == row.accumulate)
  }

  @Test(arguments: rows)
  func theSmallestPartHasNothingToSpare(row: Row) {
    let found = Self.find(row, Minimizer(.smallest))
    if row.needsAll {
      #expect(found == row.culprits)
    } else {
      #expect(found.count == min(1, row.culprits.count))
    }
  }

  @Test func goesOnAfterTheFirstCulprit() {
    let row = Row(
      culprits: [1, 5, 6], needsAll: false, sequential: [], binary: [], block: [], accumulate: [])
    for method in [Minimizer.Method.sequential, .binary] {
      var minimizer = Minimizer(method)
      minimizer.findsAll = true
      #expect(Self.find(row, minimizer) == [1, 5, 6])
    }
  }

  /// Computes with doubles; a backend that takes `neg` for the identity.
  private final class Calculator: Interpreter<Double> {
    var isWrong = false

    override func callFunction(
      _ target: Node.Target, _ args: [PyTree<Double>], _ kwargs: [Named<PyTree<Double>>]
    ) throws -> PyTree<Double> {
      guard let x = args[0].value else { return try super.callFunction(target, args, kwargs) }
      switch target {
      case "torch.ops.aten.neg.default": return .value(isWrong ? x : -x)
      case "torch.ops.aten.mul.Tensor": return .value(x * (args[1].value ?? Double(args[1].int ?? 1)))
      default: return try super.callFunction(target, args, kwargs)
      }
    }
  }

  @Test func comparesTwoWaysOfRunning() throws {
    let module = GraphModule(tracing: "x") { x in
      let twice = x.call("aten.mul.Tensor", 2)
      let negative = twice.call("aten.neg.default")
      return [negative.call("aten.mul.Tensor", twice), twice]
    }
    func run(isWrong: Bool) -> Minimizer.Run<Double> {
      { module, inputs in
        let calculator = Calculator(module)
        calculator.isWrong = isWrong
        return try calculator.run(inputs)
      }
    }
    for method in [Minimizer.Method.sequential, .binary, .block, .accumulate, .smallest] {
      let culprits = try Minimizer(method).culprits(
        of: module, inputs: [.value(3)], reference: run(isWrong: false), candidate: run(isWrong: true),
        isClose: ==)
      #expect(culprits.map { module.graph.name(of: $0) } == ["neg_default"])
      let none = try Minimizer(method).culprits(
        of: module, inputs: [.value(3)], reference: run(isWrong: false), candidate: run(isWrong: false),
        isClose: ==)
      #expect(none.isEmpty)
    }
  }

  @Test func aPartHasInputsAttributesAndResults() throws {
    var module = GraphModule(tracing: "x") { x in
      let a = x.call("aten.relu.default")
      let b = a.call("aten.add.Tensor", x.attribute("w"))
      return b.call("aten.mul.Tensor", a)
    }
    module.setAttribute(AttributeID(3), at: "w")
    let add = try #require(module.graph.node(named: "add_tensor"))
    let part = try module.part([add])
    try part.module.lint()
    #expect(
      "\(part.module.graph)" == """
        graph():
            %relu_default : [num_users=1] = placeholder[target=relu_default]
            %w : [num_users=1] = get_attr[target=w]
            %add_tensor : [num_users=1] = call_function[target=torch.ops.aten.add.Tensor](args = (%relu_default, %w), kwargs = {})
            return (add_tensor,)
        """)
    #expect(part.module.attribute(at: "w") == AttributeID(3))
    #expect(part.inputs.map { module.graph.name(of: $0) } == ["relu_default"])
    let x = try #require(module.graph.node(named: "x"))
    #expect(throws: GraphPassError(.unknownNode("x"))) { try module.part([x]) }
  }
}
