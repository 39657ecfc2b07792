import ATenOperators
import FakeTensors
import Foundation
import TestSupport
import Testing

@Suite struct DataDependentSizesTests {
  @Test(arguments: try OperatorGolden.load("data_dependent_sizes", in: .module))
  func agreesWithPyTorch(_ golden: OperatorGolden) throws {
    let mismatch = try golden.mismatch(with: .aten)
    #expect(mismatch == nil, "\(golden): \(mismatch ?? "")")
  }
}
