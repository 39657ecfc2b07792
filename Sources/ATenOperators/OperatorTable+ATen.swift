public import FakeTensors

extension OperatorTable {
  /// The rules of all operators, by families. Adding a family is one line here.
  public static let aten = OperatorTable([
    convolutions,
    matrixProducts,
    norms,
    pointwiseBinary,
    pointwiseUnary,
    reductions,
    scans,
    selections,
    softmaxes,
    tensorProducts,
    variances,
  ])
}
