import Testing

@testable import LibTorch

/// The library that is installed, opened once.
enum InstalledLibrary {
  static let shared: TorchLibrary? = try? TorchLibrary()

  static func require() throws -> TorchLibrary { try #require(shared) }
}

extension Trait where Self == ConditionTrait {
  /// Skips, and says so, where PyTorch is not installed.
  static var needsLibTorch: Self {
    .enabled(if: InstalledLibrary.shared != nil, "no PyTorch library: install it, or set SWIFTFX_LIBTORCH")
  }
}
