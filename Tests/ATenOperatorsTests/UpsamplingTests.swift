import ATenOperators
import FakeTensors
import Foundation
import TestSupport
import Testing

@Suite struct UpsamplingTests {
  @Test(arguments: try OperatorGolden.load("upsampling", in: .module))
  func agreesWithPyTorch(_ golden: OperatorGolden) throws {
    let mismatch = try golden.mismatch(with: .aten)
    #expect(mismatch == nil, "\(golden): \(mismatch ?? "")")
  }
}
