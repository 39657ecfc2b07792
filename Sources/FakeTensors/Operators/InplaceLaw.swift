/// How the result of an in-place operator gets into its target.
///
/// Fake tensors behave like whichever Python code stands in for the kernel, and there are two habits: functions
/// written for the in-place operator (`meta_binop_inplace`, …) look at shapes only, while those derived from the
/// functional form (`_make_inplace`, `torch/_refs`) resize the target to the result and copy.
public struct InplaceLaw: Sendable {
  /// Which dtypes may be stored in which.
  public enum Cast: Sendable {
    /// What `c10::canCast` allows: no complex number into a real one, no float into an integer, nothing but
    /// truth values into `bool`.
    case checked
    /// As `checked`, except that complex numbers go into everything but `bool` (`add_`, `sub_`).
    case checkedButComplex
    /// Everything.
    case unchecked
  }

  /// Which results may be written to the target.
  public let cast: Cast
  /// Whether the result is copied into the target, which must then have distinct elements.
  public let isCopied: Bool
  /// Whether a target of another shape takes that of the result; else the result must fit.
  public let isResized: Bool

  /// Makes a law from its parts.
  public init(_ cast: Cast, isCopied: Bool, isResized: Bool) {
    self.cast = cast
    self.isCopied = isCopied
    self.isResized = isResized
  }

  /// The result must fit in shape and dtype.
  public static let kernel = kernel(.checked)
  /// The target is resized, the result copied into it if its dtype fits.
  public static let reference = InplaceLaw(.checked, isCopied: true, isResized: true)
  /// The result is copied into the target, whatever its dtype.
  public static let copied = InplaceLaw(.unchecked, isCopied: true, isResized: false)

  /// The law of a kernel that writes straight to its target.
  public static func kernel(_ cast: Cast) -> InplaceLaw {
    InplaceLaw(cast, isCopied: false, isResized: false)
  }
}
