import ATenOperators
import FakeTensors
import Foundation
import TestSupport
import Testing

@Suite struct SpecialFunctionsTests {
  @Test(arguments: try OperatorGolden.load("special_functions", in: .module))
  func agreesWithPyTorch(_ golden: OperatorGolden) throws {
    let mismatch = try golden.mismatch(with: .aten)
    #expect(mismatch == nil, "\(golden): \(mismatch ?? "")")
  }
}
