public import FX
public import FakeTensors
import OperatorSchemas
import SymbolicShapes

extension Graph {
  /// Writes numbers that are the same for all inputs in place of the calls that compute them.
  ///
  ///     %n = sym_size.int(%x, 1)         16, since %x is f32[s0, 16]
  ///     %m = mul(%n, 2)
  ///     %v = view(%x, [-1, %m])          %v = view(%x, [-1, 32])
  ///
  /// What the program returns stays a node. A number that an assert fixes is not folded into that assert.
  ///
  /// - Parameter values: the value of each node.
  /// - Throws: ``FX/GraphError`` when the graph is not well formed.
  public mutating func foldNumbers(values: NodeMap<FakeValue>) throws(GraphError) {
    try lint()
    let output = outputNode
    for node in nodes where op(of: node) == .callFunction && !isImpure(node) {
      guard let number = values[node]?.constantNumber else { continue }
      replaceAllUses(of: node, with: number) { $0 != output }
      if userCount(of: node) == 0 { try erase(node) }
    }
  }
}

extension FakeValue {
  /// The number that a value is; `nil` for tensors and for numbers that depend on the inputs.
  fileprivate var constantNumber: Node.Argument? {
    switch self {
    case .symInt(let number): number.constant.map { .int($0) }
    case .symBool(let condition): condition.constant.map { .bool($0) }
    case .float(let number): .float(number)
    case .bool(let truth): .bool(truth)
    default: nil
    }
  }
}
