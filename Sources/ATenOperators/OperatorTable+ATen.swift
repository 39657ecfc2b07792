public import FakeTensors

extension OperatorTable {
  /// The rules of all operators, by families. Adding a family is one line here.
  public static let aten = OperatorTable([
    activationGradients,
    activations,
    assertions,
    complexNumbers,
    convolutions,
    copies,
    dropouts,
    dtypeQueries,
    factories,
    matrixProducts,
    norms,
    pointwiseBinary,
    pointwiseTernary,
    pointwiseUnary,
    randomNumbers,
    reductions,
    reshaping,
    scans,
    selections,
    sequences,
    slicing,
    softmaxes,
    specialFunctions,
    splitting,
    symbolicOperators,
    symbolicSizes,
    tensorProducts,
    typeConversions,
    variances,
    views,
  ], aliases: operatorAliases)
}
