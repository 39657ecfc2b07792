/// The version of the package, as `swiftfx --version` prints it.
public enum SwiftFXVersion {
  /// The version, following [semantic versioning](https://semver.org).
  public static let current = "0.1.0"
}
