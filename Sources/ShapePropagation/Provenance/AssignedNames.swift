import FX
import OperatorSchemas

/// The variables to which the author's source assigns the values of nodes, as far as stack traces show them.
///
/// A line `nz = x.nonzero()` names the last node that it created, directly or in a call; earlier ones are intermediate
/// results, and checks added beside it do not count. A line in a loop names one node in each iteration.
struct AssignedNames {
  private var names: [Node: [String]] = [:]

  /// A source line that is still running, with the last node that it created so far.
  private struct OpenLine {
    let frame: StackFrame
    var node: Node?
    var isAuxiliary = true
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
      for index in open.indices where open[index].isAuxiliary || !isAuxiliary {
        (open[index].node, open[index].isAuxiliary) = (node, isAuxiliary)
      }
    }
    close(&open, downTo: 0)
  }

  /// Ends all lines after the first `count`, innermost first: the variable of the innermost is the one in scope where
  /// the value is created.
  private mutating func close(_ open: inout [OpenLine], downTo count: Int) {
    while open.count > count, let line = open.popLast() {
      guard let node = line.node, names[node] == nil, let targets = Self.targets(of: line.frame.code) else {
        continue
      }
      names[node] = targets
    }
  }

  /// The variable that holds the value of `node`, or those that hold its elements when it is unpacked.
  func targets(of node: Node) -> [String]? { names[node] }

  /// The variable that holds the whole value of `node`.
  func name(of node: Node) -> String? {
    guard let targets = names[node], targets.count == 1 else { return nil }
    return targets[0]
  }

  /// `["a", "b"]` for `a, b = f(x)`; `nil` for anything but a plain assignment of one value.
  static func targets(of code: String) -> [String]? {
    let bytes = Array(code.utf8)
    guard let sign = bytes.firstIndex(of: UInt8(ascii: "=")), sign > 0, sign + 1 < bytes.count,
      bytes[sign + 1] != UInt8(ascii: "="),
      !"!<>+-*/%&|^:@".utf8.contains(bytes[sign - 1])
    else { return nil }
    let value = bytes[(sign + 1)...].drop { $0 == UInt8(ascii: " ") }
    // A list, tuple or dict display holds many values; the last one created has no name.
    guard let first = value.first, !"[({".utf8.contains(first) else { return nil }
    var left = String(decoding: bytes[..<sign], as: UTF8.self)
    if let colon = left.firstIndex(of: ":") { left = String(left[..<colon]) }
    let targets = left.split(separator: ",", omittingEmptySubsequences: false).map {
      $0.split(separator: " ").joined(separator: " ")
    }
    return targets.allSatisfy(isName) ? targets : nil
  }

  /// Whether `text` is a dotted name, such as `self.count`.
  private static func isName(_ text: String) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return !parts.isEmpty
      && parts.allSatisfy { part in
        guard let first = part.unicodeScalars.first, first == "_" || first.properties.isAlphabetic else {
          return false
        }
        return part.unicodeScalars.allSatisfy {
          $0 == "_" || $0.properties.isAlphabetic || ("0"..."9").contains($0)
        }
      }
  }
}
