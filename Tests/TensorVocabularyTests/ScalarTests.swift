import TensorVocabulary
import Testing

@Suite struct ScalarTests {
  @Test(arguments: [
    (Scalar.int(-3), "-3", ScalarType.int64),
    (0.5, "0.5", .float64),
    (.float(.infinity), "inf", .float64),
    (true, "True", .bool),
    (.complex(1, -2), "(1.0-2.0j)", .complex128),
    (.complex(0, 2), "(0.0+2.0j)", .complex128),
  ])
  func printsAsPython(_ scalar: Scalar, _ text: String, _ type: ScalarType) {
    #expect(scalar.description == text)
    #expect(scalar.scalarType == type)
    #expect(scalar.category == type.category)
  }
}
