import ExportedPrograms
import FakeTensors
import OperatorSchemas
import SymbolicShapes

/// How the semantics of an archive's PyTorch version differ from those of the reference version, 2.13.
///
/// The one place for such differences; everything else follows 2.13.
struct SemanticProfile {
  /// Whether the recorded `requires_grad` of an input is used.
  ///
  /// Archives of schema 7 (PyTorch 2.5) are loaded with inputs that do not require grad.
  let inputsRequireGrad: Bool
  /// Whether `nonzero` returns row-major indices (schema 7) rather than column-major ones, as its kernel does.
  let nonzeroIsRowMajor: Bool
  /// Whether `dropout` computes new strides (up to PyTorch 2.8) instead of keeping those of its input.
  let dropoutIsContiguous: Bool
  /// Whether `native_group_norm` and its gradient keep the memory format of the input on every device (since PyTorch
  /// 2.15).
  let groupNormKeepsFormat: Bool

  init(_ program: ExportedProgram) {
    inputsRequireGrad = program.schemaVersion.major >= 8
    nonzeroIsRowMajor = program.schemaVersion.major < 8
    dropoutIsContiguous = ["2.5.", "2.6.", "2.7.", "2.8."].contains { program.torchVersion.hasPrefix($0) }
    groupNormKeepsFormat = Self.isAtLeast(2, 15, program.torchVersion)
  }

  /// Whether `version`, such as `2.15.0+cu132`, is `major.minor` or newer.
  private static func isAtLeast(_ major: Int, _ minor: Int, _ version: String) -> Bool {
    let parts = version.split(separator: ".").prefix(2).map { Int($0) }
    guard parts.count == 2, let first = parts[0], let second = parts[1] else { return false }
    return (first, second) >= (major, minor)
  }

  /// `table` with the rules of the archive's version.
  func adjusting(_ table: OperatorTable) -> OperatorTable {
    guard dropoutIsContiguous, let dropout = OperatorName("aten.dropout.default").flatMap(table.resolve)
    else {
      return table
    }
    var adjusted = table
    adjusted.replaceRule(of: "dropout") { call in
      let result = try dropout.rule(call)
      guard case .tensor(let tensor) = result else { return result }
      let strides = call.shapes.elementwiseStrides([tensor], tensor.sizes)
      return .tensor(
        call.mode.tensor(tensor.sizes, strides: strides, dtype: tensor.dtype, device: tensor.device))
    }
    return adjusted
  }
}
