extension FunctionSchema {
  /// Refuses types that PyTorch does not know, and type variables, which only its own operators may use.
  ///
  /// Names with a dot are TorchScript classes, which only the program can know.
  ///
  /// - Throws: ``SchemaError`` with the first such type and its position in ``description``.
  /// - Source: `torch.library.define`; `type_map` in `torch/csrc/jit/frontend/schema_type_parser.cpp`.
  public func requireKnownTypes() throws(SchemaError) {
    for type in arguments.map(\.type) + returns.map(\.type) {
      guard let name = type.unknownName else { continue }
      let text = description
      let offset = text.firstRange(of: name).map {
        text.utf8.distance(from: text.startIndex, to: $0.lowerBound)
      }
      throw SchemaError(reason: "unknown type '\(name)'", offset: offset ?? text.utf8.count, text: text)
    }
  }
}

extension ArgumentType {
  /// The part of the type that is not a PyTorch type.
  fileprivate var unknownName: String? {
    switch self {
    case .optional(let wrapped): wrapped.unknownName
    case .list(let element, _): element.unknownName
    case .tuple(let elements): elements.lazy.compactMap(\.unknownName).first
    case .dictionary(let key, let value): key.unknownName ?? value.unknownName
    case .variable(let name): name
    case .other(let name): Self.isKnown(name) ? nil : name
    default: nil
    }
  }

  private static func isKnown(_ name: String) -> Bool {
    let composite = ["Await(", "Future(", "RRef(", "Union("]
    return name.contains(".") || composite.contains(where: name.hasPrefix) || plainNames.contains(name)
  }

  private static let plainNames: Set<String> = [
    "Any", "AnyClassType", "AnyEnumType", "Capsule", "DeviceObjType", "None", "NoneType", "QScheme",
  ]
}
