extension FunctionSchema {
  /// The overload that takes the same arguments without the outputs: `max.dim_max` → `max.dim`, `mean.out` →
  /// `mean.dim`; if there is none, the one with the matching name, `add.Scalar_out` → `add.Scalar`.
  public var functionalName: OperatorName {
    let inputs = arguments.filter { !$0.takesResult }
    let siblings = SchemaTable.overloads(of: "\(name.namespace).\(name.base)")
    for sibling in siblings where sibling != name {
      guard let other = SchemaTable.schema(for: sibling), !other.isOut else { continue }
      let isSame = other.arguments.elementsEqual(inputs) { $0.name == $1.name && $0.type == $1.type }
      if isSame { return sibling }
    }
    var overload = name.overload
    if overload.hasSuffix("_out") { overload.removeLast(4) } else { overload = "default" }
    return OperatorName(namespace: name.namespace, base: name.base, overload: overload)
  }
}
