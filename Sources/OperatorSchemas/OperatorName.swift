/// The full name of one operator overload, such as `aten.add.Tensor`.
///
/// PyTorch spells the same name in three ways, all of which are read:
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
  /// The overload, such as `Tensor`; `default` where schemas leave it out.
  public let overload: String

  /// A name from its parts, which are taken as they are.
  public init(namespace: String, base: String, overload: String = "default") {
    self.namespace = namespace
    self.base = base
    self.overload = overload.isEmpty ? "default" : overload
  }

  /// Reads one of the three spellings; `nil` when a part is missing or is not an identifier.
  ///
  /// Only the schema spelling may leave out the overload: `aten.add` is a name of many overloads, and
  /// `torch.ops.higher_order.cond` is no operator with a schema.
  public init?(_ text: some StringProtocol) {
    var text = String(text)
    guard let name = text.withUTF8({ OperatorName(bytes: $0) }) else { return nil }
    self = name
  }

  init?(bytes: UnsafeBufferPointer<UInt8>) {
    var position = 0
    _ = Self.take("torch.ops.", bytes, &position)
    guard let namespace = Self.identifier(bytes, &position) else { return nil }
    let isSchemaName = Self.take("::", bytes, &position)
    guard isSchemaName || Self.take(".", bytes, &position), let base = Self.identifier(bytes, &position)
    else { return nil }
    if position == bytes.count, isSchemaName {
      self.init(namespace: namespace, base: base)
    } else {
      guard Self.take(".", bytes, &position), let overload = Self.identifier(bytes, &position),
        position == bytes.count
      else { return nil }
      self.init(namespace: namespace, base: base, overload: overload)
    }
  }

  /// Steps over `literal` if it comes next.
  private static func take(
    _ literal: StaticString, _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int
  ) -> Bool {
    let count = literal.utf8CodeUnitCount
    guard bytes.count - position >= count else { return false }
    for index in 0..<count where bytes[position + index] != literal.utf8Start[index] { return false }
    position += count
    return true
  }

  /// Steps over a word of ASCII letters, digits and `_`; `nil` when there is none.
  private static func identifier(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> String? {
    let start = position
    while position < bytes.count, SchemaScanner.isIdentifier(bytes[position]) { position += 1 }
    guard position > start else { return nil }
    return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
  }
}

extension OperatorName {
  /// The operator without its overload, such as `aten.add`.
  public var packet: String { "\(namespace).\(base)" }

  /// The spelling of schemas: `aten::add.Tensor`, `aten::relu`.
  public var schemaName: String {
    overload == "default" ? "\(namespace)::\(base)" : "\(namespace)::\(base).\(overload)"
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
