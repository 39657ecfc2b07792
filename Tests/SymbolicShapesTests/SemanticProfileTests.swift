import SymbolicShapes
import Testing

@Suite struct SemanticProfileTests {
  private static let versions: [(String, PyTorchVersion?)] = [
    ("2.13.0+cpu", PyTorchVersion(2, 13)), ("2.15", PyTorchVersion(2, 15)),
    ("2.5.0a0+git", PyTorchVersion(2, 5)),
    ("10.2", PyTorchVersion(10, 2)), ("", nil), ("2", nil), ("x.1", nil), ("2.", nil), ("2.a1", nil),
  ]

  @Test(arguments: versions)
  func readsVersions(_ text: String, _ version: PyTorchVersion?) {
    #expect(PyTorchVersion(text) == version)
  }

  @Test func laterVersionsAreLarger() {
    #expect(PyTorchVersion(2, 9) < PyTorchVersion(2, 13))
    #expect(PyTorchVersion(2, 13) < PyTorchVersion(3, 0))
  }

  /// A writer that is newer than the newest known means what that means.
  @Test func newerVersionsMeanWhatTheNewestMeans() {
    #expect(SemanticProfile(PyTorchVersion(2, 16)) == .newest)
    #expect(SemanticProfile(PyTorchVersion(2, 13)) != .newest)
  }

  @Test func everyDifferenceIsSoInSomeVersionAndNotInAnother() {
    let versions = (5...15).map { SemanticProfile(PyTorchVersion(2, $0)) }
    for difference in SemanticDifference.allCases {
      let answers = Set(versions.map { $0.has(difference) })
      #expect(answers.count == 2, "\(difference)")
    }
  }

  /// Stacks are views in plain runs of 2.14 and newer, not under the Python dispatcher.
  @Test func theDispatcherHasItsOwnForms() {
    let newest = PyTorchVersion(2, 15)
    #expect(SemanticProfile(newest).has(.stacksAsViews))
    #expect(!SemanticProfile(newest, underPythonDispatcher: true).has(.stacksAsViews))
    #expect(!SemanticProfile(PyTorchVersion(2, 13), underPythonDispatcher: true).has(.dropoutReturnsItsInput))
    #expect(SemanticProfile(PyTorchVersion(2, 13)).has(.dropoutReturnsItsInput))
  }
}
