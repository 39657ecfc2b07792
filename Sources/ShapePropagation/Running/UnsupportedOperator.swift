import FX
import FakeTensors
import OperatorSchemas

/// An operator without a shape rule that a program calls.
public struct UnsupportedOperator: Hashable, Sendable {
  /// The operator, such as `torch.ops.mylib.scale.default`.
  public let target: String
  /// The names of the nodes that call it, prefixed with the paths of their modules.
  public let nodes: [String]
  /// Known operators with similar names, if the name itself is unknown.
  public let similar: [String]

  init(_ target: String, nodes: [String]) {
    self.target = target
    self.nodes = nodes
    let name = OperatorName(Node.Target(target))
    let isMistaken = name.map { SchemaTable.schema(for: $0) == nil } ?? false
    similar = isMistaken ? name.map { SchemaTable.nearest(to: $0).map(\.description) } ?? [] : []
  }
}
