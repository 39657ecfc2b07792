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
    var bytes = Array(text.utf8)[...]
    if bytes.starts(with: "torch.ops.".utf8) { bytes = bytes.dropFirst(10) }
    var parts: [String] = []
    let isSchemaName = bytes.contains(UInt8(ascii: ":"))
    if isSchemaName {
      guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), bytes[colon...].starts(with: "::".utf8),
        let namespace = Self.identifier(bytes[..<colon])
      else { return nil }
      parts.append(namespace)
      bytes = bytes[(colon + 2)...]
    }
    for part in bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      guard parts.count < 3, let part = Self.identifier(part) else { return nil }
      parts.append(part)
    }
    if isSchemaName, parts.count == 2 { parts.append("default") }
    guard parts.count == 3 else { return nil }
    self.init(namespace: parts[0], base: parts[1], overload: parts[2])
  }

  /// The text of `bytes` if they are a word of ASCII letters, digits and `_`.
  private static func identifier(_ bytes: ArraySlice<UInt8>) -> String? {
    guard !bytes.isEmpty, bytes.allSatisfy(SchemaScanner.isIdentifier) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
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
