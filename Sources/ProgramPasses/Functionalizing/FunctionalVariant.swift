import FX
import FakeTensors
import OperatorSchemas
import SymbolicShapes

/// The functional forms of in-place operators.
enum FunctionalVariant {
  /// The functional form of an operator that writes to its first argument: `add.Tensor` for `add_.Tensor`.
  static func name(of schema: FunctionSchema) -> OperatorName? {
    if let exception = exceptions[schema.name.description] { return OperatorName(exception) }
    guard schema.name.base.hasSuffix("_"), !schema.name.base.hasSuffix("__"),
      schema.arguments.first?.isMutated == true,
      schema.arguments.dropFirst().allSatisfy({ !$0.isMutated })
    else { return nil }
    let name = OperatorName(
      namespace: schema.name.namespace, base: String(schema.name.base.dropLast()),
      overload: schema.name.overload)
    return SchemaTable.schema(for: name) == nil || changesMetadata(schema.name) ? nil : name
  }

  private static let exceptions = [
    "aten.bernoulli_.float": "aten.bernoulli.p",
    "aten.normal_.default": "aten.normal_functional.default",
  ]

  /// Whether an in-place operator changes the metadata of its tensor.
  static func changesMetadata(_ name: OperatorName) -> Bool {
    name.base.hasSuffix("_") && metadataChanges.contains(String(name.base.dropLast()))
  }

  private static let metadataChanges: Set<String> = [
    "as_strided", "detach", "resize", "resize_as", "set", "squeeze", "swapaxes", "swapdims", "t", "transpose",
    "unsqueeze",
  ]
}
