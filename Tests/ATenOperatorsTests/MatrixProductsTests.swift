import ATenOperators
import FakeTensors
import Foundation
import TestSupport
import Testing

@Suite struct MatrixProductsTests {
  @Test(arguments: try OperatorGolden.load("matrix_products", in: .module))
  func agreesWithPyTorch(_ golden: OperatorGolden) throws {
    let mismatch = try golden.mismatch(with: .aten)
    #expect(mismatch == nil, "\(golden): \(mismatch ?? "")")
  }
}
