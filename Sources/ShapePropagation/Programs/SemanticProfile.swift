import ExportedPrograms

/// Where archives of an older PyTorch mean something else than those of the reference version, 2.13.
///
/// The one place for such differences; everything else follows 2.13.
struct SemanticProfile {
  /// Whether the recorded `requires_grad` of an input counts. Archives of schema 7 (PyTorch 2.5) are loaded
  /// with inputs that require none.
  let inputsRequireGrad: Bool
  /// Whether expressions are written as SymPy's `srepr` (since schema 8) or as infix text.
  let writesSrepr: Bool
  /// Whether `nonzero` lays its indices out by rows (schema 7) or, as its kernel does, by columns.
  let nonzeroIsRowMajor: Bool

  init(_ program: ExportedProgram) {
    inputsRequireGrad = program.schemaVersion.major >= 8
    writesSrepr = program.schemaVersion.major >= 8
    nonzeroIsRowMajor = program.schemaVersion.major < 8
  }
}
