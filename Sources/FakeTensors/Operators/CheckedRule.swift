import OperatorSchemas
import SymbolicShapes

/// Checks the rules that users add: errors of any type and wrong results become errors that name the operator.
///
/// The rules of PyTorch's operators are tested against PyTorch instead and run without these checks.
extension OperatorRow {
  /// This row with a rule whose errors and results are checked.
  func checked() -> OperatorRow {
    let rule = rule
    return OperatorRow(name, schema: schema, inplace: inplace) { call in
      let result: FakeValue
      do { result = try rule(call) } catch { throw call.typed(error) }
      try call.requireFit(result)
      return result
    }
  }
}

extension OperatorCall {
  /// `error`, as an error of this call.
  fileprivate func typed(_ error: any Error) -> OperatorError {
    switch error {
    case let error as OperatorError: error
    case let error as SymbolicShapeError: failure(error)
    default: self.error(.ruleFailed(error))
    }
  }

  /// Refuses a result that does not fit the schema or contains invalid tensors.
  fileprivate func requireFit(_ result: FakeValue) throws(OperatorError) {
    // An `out=` overload may return nothing although its rule computes what is written.
    let isUnstated = schema.returnsVariadic || (isOut && schema.returns.isEmpty)
    if !isUnstated, !fitsReturns(result) {
      throw error(.wrongResult(expected: expectedResult, found: shapes.text(of: result)))
    }
    var flaw: String?
    result.forEachTensor { tensor in flaw = flaw ?? self.flaw(of: tensor) }
    if let flaw { throw error(.wrongResult(expected: expectedResult, found: flaw)) }
  }

  private func fitsReturns(_ result: FakeValue) -> Bool {
    let types = schema.returns.map(\.type)
    if types.count == 1 { return result.fits(types[0]) }
    if types.isEmpty, result.isNone { return true }
    switch result {
    case .tuple(let items), .list(let items): return items.fit(types)
    default: return false
    }
  }

  private var expectedResult: String {
    switch schema.returns.count {
    case 0: "nothing"
    case 1: "\(schema.returns[0].type)"
    default: "(" + schema.returns.map { "\($0.type)" }.joined(separator: ", ") + ")"
    }
  }

  /// What is wrong with a tensor in a result.
  private func flaw(of tensor: FakeTensor) -> String? {
    if !mode.owns(tensor) { return "a tensor of another mode" }
    if tensor.sizes.count != tensor.strides.count {
      return "a tensor of \(tensor.sizes.count) sizes and \(tensor.strides.count) strides"
    }
    let hasNegative = tensor.sizes.contains { $0.isKnown { $0 < 0 } }
    return hasNegative ? "a tensor of negative sizes, \(shapes.shortText(of: tensor))" : nil
  }
}
