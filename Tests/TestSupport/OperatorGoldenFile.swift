public import Foundation

/// A file of recorded calls, reported by name in tests.
public struct OperatorGoldenFile: Sendable, CustomStringConvertible {
  private let url: URL

  /// The name of the family, such as `matrix_products`.
  public var description: String { url.deletingPathExtension().lastPathComponent }

  /// Every file in the `Goldens` folder of a test target, by name.
  public static func all(in bundle: Bundle) throws -> [OperatorGoldenFile] {
    guard let folder = bundle.url(forResource: "Goldens", withExtension: nil) else {
      throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: "Goldens"])
    }
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "json" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
      .map(OperatorGoldenFile.init)
  }

  private init(_ url: URL) { self.url = url }

  /// The calls of the file, in its order.
  public func calls() throws -> [OperatorGolden] {
    try JSONDecoder().decode([OperatorGolden].self, from: Data(contentsOf: url))
  }
}
