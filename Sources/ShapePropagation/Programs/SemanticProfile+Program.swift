import ExportedPrograms
import SymbolicShapes

extension SemanticProfile {
  /// What the PyTorch that wrote a program means; the newest where the program does not say which one did.
  ///
  /// Schema 7 is that of PyTorch 2.5, whatever version the archive names.
  init(writer torchVersion: String, _ schema: SchemaVersion) {
    if schema.major < 8 {
      self.init(PyTorchVersion(2, 5))
    } else {
      self.init(max(PyTorchVersion(torchVersion) ?? Self.newestVersion, PyTorchVersion(2, 6)))
    }
  }
}

extension FakeProgram {
  /// What is to be said about the version of the program's writer, such as one that is newer than the newest known.
  public var versionNote: String? {
    let text = exported.torchVersion
    let newest = SemanticProfile.newestVersion
    guard let version = PyTorchVersion(text) else {
      return text.isEmpty
        ? nil : "'\(text)' is not a version of PyTorch; the program is read as one of PyTorch \(newest)"
    }
    return version > newest
      ? "PyTorch \(text) is newer than \(newest); the program is read as one of PyTorch \(newest)" : nil
  }
}
