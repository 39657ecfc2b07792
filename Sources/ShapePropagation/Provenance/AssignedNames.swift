import FX
import OperatorSchemas

/// The variables to which the author's source assigns the values of nodes, as far as stack traces show them.
///
/// A line `nz = x.nonzero()` names the last node that it created, directly or in a call; earlier ones are intermediate
/// results, and checks added beside it do not count. `n = x.item() + 1` names the sum, `a = x.tolist()` the numbers
/// `a[0]`, `a[1]`, and so on. A line in a loop names one node in each iteration.
struct AssignedNames {
  private var names: [Node: [String]] = [:]

  /// A source line that is still running, with what it created so far.
  private struct OpenLine {
    let frame: StackFrame
    /// The last node that is no arithmetic on sizes, or the last one if all are.
    var node: Node?
    var isAuxiliary = true
    /// The last node that computes a number or a tensor from others.
    var computed: Node?
    /// The numbers that were read from tensors.
    var numbers: [Node] = []
  }

  init(of graph: Graph) {
    var open: [OpenLine] = []
    for node in graph.nodes where graph.op(of: node) != .placeholder && graph.op(of: node) != .output {
      let target = graph.target(of: node)
      guard target != .getitem, Assertion(target: target.text) == nil,
        let trace = graph.stackTrace(of: node)
      else { continue }
      let frames = StackFrame.authorsFrames(of: trace)
      if frames.isEmpty { continue }
      let shared = zip(open, frames).prefix { $0.frame == $1 }.count
      close(&open, downTo: shared)
      for frame in frames[shared...] { open.append(OpenLine(frame: frame)) }
      let isAuxiliary = target.text.hasPrefix("_operator.") || target.text.contains(".sym_")
      let computes = Self.computes(node, in: graph, isAuxiliary: isAuxiliary)
      for index in open.indices {
        if open[index].isAuxiliary || !isAuxiliary {
          (open[index].node, open[index].isAuxiliary) = (node, isAuxiliary)
        }
        if computes {
          open[index].computed = node
        } else if !isAuxiliary {
          // What was computed before is an argument of this call.
          open[index].computed = nil
        }
        if Self.readsNumber(target) { open[index].numbers.append(node) }
      }
    }
    close(&open, downTo: 0)
  }

  private static func readsNumber(_ target: Node.Target) -> Bool {
    target.text == "torch.ops.aten.item.default"
      || target.text == "torch.ops.aten._local_scalar_dense.default"
  }

  /// Operators of tensors that Python's arithmetic stands for.
  private static let arithmetic: Set<Substring> = [
    "add", "div", "floor_divide", "matmul", "mul", "neg", "pow", "remainder", "sub",
  ]

  /// Whether `node` is arithmetic of the author's: not a comparison, and not used by checks alone.
  private static func computes(_ node: Node, in graph: Graph, isAuxiliary: Bool) -> Bool {
    let parts = graph.target(of: node).text.split(separator: ".")
    guard let last = parts.last else { return false }
    if !isAuxiliary { return parts.count > 1 && arithmetic.contains(parts[parts.count - 2]) }
    if comparisons.contains(last) || parts.contains("sym_size") { return false }
    let trace = graph.stackTrace(of: node)
    return graph.users(of: node).contains { user in
      let target = graph.target(of: user).text
      if Assertion(target: target) != nil { return false }
      guard target.hasPrefix("_operator.") else { return true }
      return graph.stackTrace(of: user) != trace
    }
  }

  private static let comparisons: Set<Substring> = [
    "eq", "ge", "gt", "le", "lt", "ne", "and_", "or_", "not_",
  ]

  /// Ends all lines after the first `count`, innermost first: the variable of the innermost is the one in scope where
  /// the value is created.
  private mutating func close(_ open: inout [OpenLine], downTo count: Int) {
    while open.count > count, let line = open.popLast() {
      guard let value = AssignedValue(line.frame.code) else { continue }
      switch value.kind {
      case .call: name(line.node, value.targets)
      case .computed: name(line.computed, value.targets)
      case .elements:
        let texts =
          value.targets.count == 1
          ? line.numbers.indices.map { "\(value.targets[0])[\($0)]" } : value.targets
        guard texts.count == line.numbers.count else { continue }
        for (node, text) in zip(line.numbers, texts) { name(node, [text]) }
      }
    }
  }

  private mutating func name(_ node: Node?, _ targets: [String]) {
    if let node, names[node] == nil { names[node] = targets }
  }

  /// The variable that holds the value of `node`, or those that hold its elements when it is unpacked.
  func targets(of node: Node) -> [String]? { names[node] }

  /// The variable that holds the whole value of `node`.
  func name(of node: Node) -> String? {
    guard let targets = names[node], targets.count == 1 else { return nil }
    return targets[0]
  }
}
