import OperatorSchemas
import SymbolicShapes
import TensorVocabulary

/// Putting the arguments of a call into the order of the schema.
extension ResolvedOperator {
  /// A call with `positional` and `keywords` in place and defaults filled in.
  ///
  /// - Throws: ``OperatorError`` when there are too many arguments, one is unknown or given twice, or one
  ///   without a default is missing.
  public func call(
    _ positional: [FakeValue], _ keywords: [String: FakeValue] = [:], in mode: FakeTensorMode
  ) throws(OperatorError) -> OperatorCall {
    let name = schema.name.description
    guard positional.count <= schema.arguments.count else {
      throw OperatorError(
        .refused("\(name) takes \(schema.arguments.count) arguments, \(positional.count) were given"),
        operator: name)
    }
    var arguments = ContiguousArray(positional)
    var used = 0
    for argument in schema.arguments.dropFirst(positional.count) {
      if let value = keywords[argument.name] {
        used += 1
        arguments.append(value)
      } else if let value = argument.defaultFakeValue {
        arguments.append(value)
      } else {
        throw OperatorError(.refused("\(name) is missing its argument '\(argument.name)'"), operator: name)
      }
    }
    if used < keywords.count {
      let known = Set(schema.arguments.dropFirst(positional.count).map(\.name))
      let unknown = keywords.keys.filter { !known.contains($0) }.sorted().joined(separator: ", ")
      throw OperatorError(.refused("\(name) does not take '\(unknown)'"), operator: name)
    }
    return OperatorCall(schema, arguments, in: mode)
  }
}
