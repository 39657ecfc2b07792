/// The schemas of the operators of PyTorch 2.15, and of those of older versions that it has no more.
///
/// The table is static text: for each namespace, its schemas in sorted order, one per line. It is searched in place, so
/// a program that looks up twenty operators parses twenty lines, and start-up costs nothing.
public enum SchemaTable {
  /// The schema of the overload `name`, or `nil` if PyTorch has no such operator.
  ///
  /// The line is parsed on each call, so keep the result if it is needed again.
  ///
  /// - Complexity: one or two comparisons of lines, O(log n) in namespaces without an index; one line is
  ///   parsed.
  public static func schema(for name: OperatorName) -> FunctionSchema? {
    line(for: name).flatMap { try? FunctionSchema(bytes: $0) }
  }

  /// The schema of the overload with this name, such as `torch.ops.aten.add.Tensor` or `aten::add.Tensor`; `nil` for
  /// other texts, too.
  public static func schema(named name: String) -> FunctionSchema? {
    OperatorName(name).flatMap { schema(for: $0) }
  }

  /// The schema of the overload `name` as PyTorch prints it.
  public static func text(for name: OperatorName) -> String? {
    line(for: name).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func line(for name: OperatorName) -> UnsafeBufferPointer<UInt8>? {
    guard let text = SchemaText(namespace: name.namespace) else { return nil }
    return text.line(of: name.schemaName).map(text.bytes)
  }

  /// The overloads of an operator given as `aten.add` or `aten::add`: `default` first, the others in byte
  /// order.
  ///
  /// Empty if PyTorch has no such operator.
  ///
  /// - Complexity: O(log n) comparisons of lines; the names of the overloads are parsed.
  public static func overloads(of base: some StringProtocol) -> [OperatorName] {
    guard let name = OperatorName("\(base).default") ?? OperatorName(base),
      let text = SchemaText(namespace: name.namespace)
    else { return [] }
    let packet = "\(name.namespace)::\(name.base)"
    var overloads: [OperatorName] = []
    var line = text.firstLine(from: packet + "(")
    while let current = line, let overload = text.name(of: current), overload.base == name.base {
      overloads.append(overload)
      line = text.line(after: current)
    }
    return overloads
  }

  /// The names of all overloads in the table, by namespace, then in the order of their schemas.
  public static let allNames: [OperatorName] = namespaces.flatMap { namespace in
    SchemaText(namespace: namespace)?.names ?? []
  }

  /// The namespaces in the table.
  public static let namespaces = [
    "_c10d_functional", "_c10d_functional_autograd", "_dtensor", "_quantized", "aten", "c10d_functional",
    "flex_gemm",
    "flex_lib", "fsdp", "inductor", "inductor_prims", "mkl", "mkldnn", "onednn", "prims", "quantized",
    "quantized_decomposed", "rngprims", "symm_mem", "torch_attn", "torch_nn", "torchao", "torchvision",
    "transformers",
  ]
}
