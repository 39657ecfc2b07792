import ATenOperators
import FakeTensors
import Foundation
import TestSupport
import Testing

/// Tensors that are contiguous and channels-last at once, because of dims of size 1.
///
/// With a symbolic size, FakeTensor then makes the results of `add`, `sub`, `mul` and `div` contiguous, and
/// so those of every operator whose decomposition ends in one of them.
@Suite struct AmbiguousLayoutsTests {
  @Test(arguments: try OperatorGolden.load("ambiguous_layouts", in: .module))
  func agreesWithPyTorch(_ golden: OperatorGolden) throws {
    let mismatch = try golden.mismatch(with: .aten)
    #expect(mismatch == nil, "\(golden): \(mismatch ?? "")")
  }
}
