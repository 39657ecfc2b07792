import FX
import FakeTensors
import OperatorSchemas

/// An operator without a shape rule that a program calls.
public struct UnsupportedOperator: Hashable, Sendable {
  /// The operator, such as `torch.ops.mylib.scale.default`.
  public let target: String
  /// The names of the nodes that call it, prefixed with the paths of their modules.
  public let nodes: [String]
  init(_ target: String, nodes: [String]) {
    self.target = target
    self.nodes = nodes
  }

  /// Known operators with similar names, if the name itself is unknown.
  ///
  /// - Complexity: O(size of the table of schemas), which is why it is not done for every unknown name.
  public var similar: [String] {
    guard let name = OperatorName(Node.Target(target)), SchemaTable.schema(for: name) == nil else {
      return []
    }
    return SchemaTable.nearest(to: name).map(\.description)
  }
}
