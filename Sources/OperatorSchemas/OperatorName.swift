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
    var rest = bytes[...]
    _ = Self.take("torch.ops.", &rest)
    guard let namespace = Self.identifier(&rest) else { return nil }
    let isSchemaName = Self.take("::", &rest)
    guard isSchemaName || Self.take(".", &rest), let base = Self.identifier(&rest) else { return nil }
    if rest.isEmpty, isSchemaName {
      self.init(namespace: namespace, base: base)
    } else {
      guard Self.take(".", &rest), let overload = Self.identifier(&rest), rest.isEmpty else { return nil }
      self.init(namespace: namespace, base: base, overload: overload)
    }
  }

  /// Steps over `literal` if `rest` begins with it.
  private static func take(_ literal: StaticString, _ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    let count = literal.utf8CodeUnitCount
    guard rest.count >= count else { return false }
    for index in 0..<count where rest[rest.startIndex + index] != literal.utf8Start[index] { return false }
    rest = rest[(rest.startIndex + count)...]
    return true
  }

  /// Steps over a word of ASCII letters, digits and `_`; `nil` when there is none.
  private static func identifier(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> String? {
    var end = rest.startIndex
    while end < rest.endIndex, SchemaScanner.isIdentifier(rest[end]) { end += 1 }
    guard end > rest.startIndex else { return nil }
    defer { rest = rest[end...] }
    return String(decoding: UnsafeBufferPointer(rebasing: rest[..<end]), as: UTF8.self)
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
