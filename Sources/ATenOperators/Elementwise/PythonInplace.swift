import FakeTensors
import SymbolicShapes

/// What Python's `&=`, `<<=` and the like call: the in-place operator of another name.
///
/// Rows are in alphabetical order.
let pythonInplace: [OperatorRow] = [
  .python("__iand__", "bitwise_and_.Tensor", number: "bitwise_and_.Scalar"),
  .python("__ilshift__", "bitwise_left_shift_.Tensor", number: "bitwise_left_shift_.Tensor_Scalar"),
  .python("__ior__", "bitwise_or_.Tensor", number: "bitwise_or_.Scalar"),
  .python("__irshift__", "bitwise_right_shift_.Tensor", number: "bitwise_right_shift_.Tensor_Scalar"),
  .python("__ixor__", "bitwise_xor_.Tensor", number: "bitwise_xor_.Scalar"),
]

extension OperatorRow {
  fileprivate static func python(_ name: String, _ tensor: String, number: String) -> OperatorRow {
    OperatorRow(name) { call in try call.aten(call[1].tensor == nil ? number : tensor, call[0], call[1]) }
  }
}
