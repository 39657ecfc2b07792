import ATenOperators
import FakeTensors
import Foundation
import TestSupport
import Testing

@Suite struct LinearSolversTests {
  @Test(arguments: try OperatorGolden.load("linear_solvers", in: .module))
  func agreesWithPyTorch(_ golden: OperatorGolden) throws {
    let mismatch = try golden.mismatch(with: .aten)
    #expect(mismatch == nil, "\(golden): \(mismatch ?? "")")
  }
}
