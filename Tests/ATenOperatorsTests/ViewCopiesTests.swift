import ATenOperators
import FakeTensors
import Foundation
import TestSupport
import Testing

@Suite struct ViewCopiesTests {
  @Test(arguments: try OperatorGolden.load("view_copies", in: .module))
  func agreesWithPyTorch(_ golden: OperatorGolden) throws {
    let mismatch = try golden.mismatch(with: .aten)
    #expect(mismatch == nil, "\(golden): \(mismatch ?? "")")
  }
}
