/// The full name of one operator overload, such as `aten.add.Tensor`.
///
/// PyTorch spells the same name in three ways, all of which are accepted:
///
/// | where | spelling |
/// |---|---|
/// | graphs | `aten.add.Tensor` |
/// | archives | `torch.ops.aten.add.Tensor` |
/// | schemas | `aten::add.Tensor`; `aten::relu` for `aten.relu.default` |
public struct OperatorName: Hashable, Sendable {
  /// The library that defines the operator, such as `aten`.
  public let namespace: String
  /// The operator without its overload, such as `add`.
  public let base: String
  /// The overload, such as `Tensor`; `default` if schemas omit it.
  public let overload: String

  /// Creates a name from its parts without checking them.
  public init(namespace: String, base: String, overload: String = "default") {
    self.namespace = namespace
    self.base = base
    self.overload = overload.isEmpty ? "default" : overload
  }

  /// Parses one of the three spellings; `nil` if a part is missing or is not an identifier.
  ///
  /// Only the schema spelling may omit the overload: `aten.add` names many overloads, and
  /// `torch.ops.higher_order.cond` is not an operator with a schema.
  public init?(_ text: some StringProtocol) {
    let name = Array(text.utf8).withUnsafeBufferPointer { OperatorName(bytes: $0) }
    guard let name else { return nil }
    self = name
  }

  init?(bytes: UnsafeBufferPointer<UInt8>) {
    var scanner = SchemaScanner(bytes)
    _ = scanner.takeNext("torch.ops.")
    let namespace = scanner.takeWhile(SchemaScanner.isIdentifier)
    let isSchemaName = scanner.takeNext("::")
    guard isSchemaName || scanner.takeNext(".") else { return nil }
    let base = scanner.takeWhile(SchemaScanner.isIdentifier)
    guard !namespace.isEmpty, !base.isEmpty else { return nil }
    if isSchemaName, scanner.isAtEnd {
      self.init(namespace: namespace.text, base: base.text)
      return
    }
    guard scanner.takeNext(".") else { return nil }
    let overload = scanner.takeWhile(SchemaScanner.isIdentifier)
    guard scanner.isAtEnd, !overload.isEmpty else { return nil }
    self.init(namespace: namespace.text, base: base.text, overload: overload.text)
  }
}

extension OperatorName {
  /// The operator without its overload, such as `aten.add`.
  public var packet: String { "\(namespace).\(base)" }

  /// The spelling of schemas: `aten::add.Tensor`, `aten::relu`.
  public var schemaName: String {
    let packet = namespace + "::" + base
    return overload == "default" ? packet : packet + "." + overload
  }
}

extension OperatorName: CustomStringConvertible {
  /// The spelling of graphs: `aten.add.Tensor`.
  public var description: String { "\(namespace).\(base).\(overload)" }
}

extension OperatorName: Comparable {
  /// Orders names by namespace, base, overload.
  public static func < (lhs: OperatorName, rhs: OperatorName) -> Bool {
    (lhs.namespace, lhs.base, lhs.overload) < (rhs.namespace, rhs.base, rhs.overload)
  }
}
