/// One respect in which versions of PyTorch mean different things by the same program.
public enum SemanticDifference: UInt8, CaseIterable, Sendable {
  // Archives
  case inputsRequireGrad
  // Symbolic shapes
  case boundsRemaindersByQuotients, cancelsCleanDivisions, dropsDominatedArguments
  case dropsMultiplesOfNonNegatives, remembersOperations, truncatesIntegersToThemselves
  // Fake tensors
  case arangeDividesFloats, attentionAsksNoLengths, attentionTakesThreeDims, besselKeepsGradients
  case combinationsAreCounted, crossDefersItsLaw, dropoutIsContiguous, dropoutReturnsItsInput
  case groupNormKeepsFormat, groupedProductsTakeFloats, halvesComplexOfBrainFloat, hardtanhTakesUnsigned
  case gridSamplesBicubicIn3D, histogramsOfSymbols, inplaceKeepsSizes, istftClampsSymbolically
  case metadataTakesLists, nansumReducesAll, nonzeroIsRowMajor, normsBatchesByCount
  case paddingLeavesAllDims, padsSequencesSymbolically
  case resizesSymbolically, scattersDropOverlap, stacksAsViews
  case transposedConvolutionsCheck, unpoolingKeepsFormat

  /// One row a difference: its versions, its effect, and where PyTorch decides it.
  static let table: [SemanticRow] = [
    // Archives
    .since(2, 6, .inputsRequireGrad, "the recorded requires_grad of an input counts", "_export/serde"),

    // Symbolic shapes
    .since(
      2, 14, .boundsRemaindersByQuotients, "x - x % m is bounded as m*(x // m)", "bound_sympy"),
    .since(
      2, 15, .cancelsCleanDivisions, "c*CleanDiv(x, c) is x", "ShapeEnv.simplify"),
    .since(
      2, 14, .dropsDominatedArguments,
      "arguments of Min and Max that ranges dominate are dropped, of any number",
      "ShapeEnv.simplify"),
    .since(
      2, 14, .dropsMultiplesOfNonNegatives,
      "ModularIndexing drops multiples only from terms that cannot be negative",
      "ModularIndexing.eval"),
    .since(
      2, 15, .remembersOperations, "a repeated operation gives its first form until replacements change",
      "ShapeEnv._symop_cache"),
    .since(
      2, 15, .truncatesIntegersToThemselves, "TruncToInt of an integer is the integer", "TruncToInt.eval"),

    // Fake tensors
    .since(
      2, 14, .arangeDividesFloats,
      "arange of int64 with float arguments has ceil((end - start)/step) elements",
      "_refs.arange"),
    .since(
      2, 15, .attentionAsksNoLengths, "attention does not ask whether an unbacked length is 0",
      "sdp_utils_cpp.h"),
    .since(
      2, 14, .attentionTakesThreeDims, "the fused kernel takes three dims, as one batch", "attention.cpp"),
    .since(2, 15, .besselKeepsGradients, "Bessel functions keep requires_grad", "derivatives.yaml"),
    .since(
      2, 14, .padsSequencesSymbolically, "pad_sequence finds the longest by sym_max", "_decomp.pad_sequence"),
    .since(2, 14, .combinationsAreCounted, "the number of combinations is a formula", "Itertools.cpp"),
    .since(2, 15, .crossDefersItsLaw, "both sizes of linalg.cross are one deferred assert", "linalg_cross"),
    .until(2, 9, .dropoutIsContiguous, "dropout computes new strides", "Dropout.cpp"),
    .plainSince(2, 9, .dropoutReturnsItsInput, "dropout that drops nothing returns its input", "Dropout.cpp"),
    .since(2, 14, .dropoutReturnsItsInput, "so does its decomposition", "_decomp.dropout"),
    .since(
      2, 15, .groupNormKeepsFormat, "group norm and its gradient keep the memory format on every device",
      "_refs.native_group_norm"),
    .since(
      2, 15, .groupedProductsTakeFloats, "_grouped_mm takes float16 and float32", "_meta_grouped_mm_common"),
    .since(
      2, 14, .halvesComplexOfBrainFloat, "bfloat16 with a complex number gives a complex number of its parts",
      "toComplexType"),
    .since(2, 15, .hardtanhTakesUnsigned, "hardtanh takes unsigned integers", "_refs.nn.functional.hardtanh"),
    .since(2, 15, .histogramsOfSymbols, "histogramdd has meta rules", "_meta_registrations"),
    .since(
      2, 14, .inplaceKeepsSizes, "in-place forms of the references refuse to grow self", "_refs._make_inplace"
    ),
    .since(2, 14, .istftClampsSymbolically, "istft clamps its end by sym_min", "_refs.istft"),
    .since(
      2, 14, .metadataTakesLists,
      "_assert_tensor_metadata compares the numbers of a list of sizes; before, a list never equalled sizes",
      "fake_impls.assert_tensor_metadata"),
    .since(2, 15, .nansumReducesAll, "nansum over an empty list of dims reduces all", "meta_nansum"),
    .until(2, 6, .nonzeroIsRowMajor, "nonzero lays its indices out by rows", "fake_impls.nonzero"),
    .since(
      2, 15, .normsBatchesByCount,
      "batch_norm on CUDA asks whether a 32-bit integer counts the elements, and copies them in any case",
      "_select_batch_norm_backend"),
    .since(
      2, 14, .paddingLeavesAllDims, "replication and reflection leave at least one element of every dim",
      "_pad1d_common, _pad2d_common, _pad3d_common"),
    .since(2, 15, .gridSamplesBicubicIn3D, "grid_sampler is bicubic in three dims", "check_grid_sampler_3d"),
    .since(2, 15, .resizesSymbolically, "resize_ takes symbolic sizes", "resize_"),
    .since(
      2, 14, .scattersDropOverlap, "as_strided_scatter of overlapping elements is contiguous",
      "_refs.as_strided_scatter"),
    .plainSince(
      2, 14, .stacksAsViews, "stack is a view of a concatenation, so a split stride is a product",
      "TensorShape.cpp"),
    .since(
      2, 15, .transposedConvolutionsCheck, "transposed convolutions check bias and output padding",
      "meta_conv, calc_conv_nd_return_shape"),
    .since(
      2, 14, .unpoolingKeepsFormat, "max_unpool2d keeps channels-last on the CPU", "_decomp._max_unpoolnd"),
  ]
}

/// A difference with the versions in which it is so.
struct SemanticRow: Sendable {
  let difference: SemanticDifference
  /// The first version in which it is so, and the first in which it is not any more.
  let first: PyTorchVersion?, end: PyTorchVersion?
  /// Whether it is so only where C++ forms come before Python's.
  let isPlain: Bool
  /// What is so.
  let effect: String
  /// Where PyTorch decides it.
  let source: String

  static func since(
    _ major: Int, _ minor: Int, _ difference: SemanticDifference, _ effect: String, _ source: String
  ) -> SemanticRow {
    SemanticRow(
      difference: difference, first: PyTorchVersion(major, minor), end: nil, isPlain: false, effect: effect,
      source: source)
  }

  /// So since `major.minor` without the Python dispatcher.
  static func plainSince(
    _ major: Int, _ minor: Int, _ difference: SemanticDifference, _ effect: String, _ source: String
  ) -> SemanticRow {
    SemanticRow(
      difference: difference, first: PyTorchVersion(major, minor), end: nil, isPlain: true, effect: effect,
      source: source)
  }

  /// So in all versions before `major.minor`.
  static func until(
    _ major: Int, _ minor: Int, _ difference: SemanticDifference, _ effect: String, _ source: String
  ) -> SemanticRow {
    SemanticRow(
      difference: difference, first: nil, end: PyTorchVersion(major, minor), isPlain: false, effect: effect,
      source: source)
  }

  func holds(in version: PyTorchVersion, underPythonDispatcher: Bool) -> Bool {
    !(isPlain && underPythonDispatcher) && (first.map { $0 <= version } ?? true)
      && (end.map { version < $0 } ?? true)
  }
}
