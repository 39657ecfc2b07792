import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// Queries about dtypes, answered with their numbers.
///
/// Rows are in alphabetical order.
let dtypeQueries: [OperatorRow] = [
  OperatorRow("can_cast", canCast),
  OperatorRow("promote_types", promoteTypes),
  OperatorRow("result_type", resultType),
]

/// `can_cast(ScalarType from_, ScalarType to) -> bool`.
@Sendable
private func canCast(_ call: OperatorCall) throws -> FakeValue {
  let (from, to) = (try call.dtypeOrNumber(0), try call.dtypeOrNumber(1))
  return .bool(from.canCast(to: to))
}

/// `promote_types(ScalarType type1, ScalarType type2) -> ScalarType`.
@Sendable
private func promoteTypes(_ call: OperatorCall) throws -> FakeValue {
  let (first, second) = (try call.dtypeOrNumber(0), try call.dtypeOrNumber(1))
  guard let common = ScalarType.promote(first, second) else {
    throw call.refusal("Promotion for \(first.name) and \(second.name) is not supported")
  }
  return .int(Int(common.rawValue))
}

/// `result_type(Tensor tensor, Tensor other) -> ScalarType`, and with numbers.
@Sendable
private func resultType(_ call: OperatorCall) throws -> FakeValue {
  var promotion = TypePromotion(call.shapes.profile)
  for position in 0...1 {
    if let tensor = call[position].tensor {
      promotion.add(tensor)
    } else {
      promotion.add(try call.scalarCategory(position))
    }
  }
  return .int(Int(promotion.result.rawValue))
}

extension OperatorCall {
  /// A dtype, given directly or by its number.
  func dtypeOrNumber(_ position: Int) throws -> ScalarType {
    guard let dtype = try optionalDtypeOrNumber(position) else { throw refusal("a dtype is missing") }
    return dtype
  }

  func optionalDtypeOrNumber(_ position: Int) throws -> ScalarType? {
    if case .dtype(let dtype) = self[position] { return dtype }
    guard let number = try optionalInt(position) else { return nil }
    guard let raw = UInt8(exactly: number), let dtype = ScalarType(rawValue: raw) else {
      throw refusal("there is no dtype number \(number)")
    }
    return dtype
  }
}
