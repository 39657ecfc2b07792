import ATenOperators
import FakeTensors
import Foundation
import TestSupport
import Testing

@Suite struct InplaceViewsTests {
  @Test(arguments: try OperatorGolden.load("inplace_views", in: .module))
  func agreesWithPyTorch(_ golden: OperatorGolden) throws {
    let mismatch = try golden.mismatch(with: .aten)
    #expect(mismatch == nil, "\(golden): \(mismatch ?? "")")
  }
}
