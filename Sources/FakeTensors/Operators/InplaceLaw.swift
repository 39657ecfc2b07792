/// How the result of an in-place operator is stored in its target.
///
/// A fake tensor behaves like the Python code that replaces the kernel, of which there are two kinds: functions written
/// for the in-place operator (`meta_binop_inplace`, …) check shapes only; those derived from the functional form
/// (`_make_inplace`, `torch/_refs`) resize the target to the result and copy.
public struct InplaceLaw: Sendable {
  /// Which dtypes may be stored in which.
  public enum Cast: Sendable {
    /// What `c10::canCast` allows: no complex number into a real dtype, no float into an integer dtype, only booleans
    /// into `bool`.
    case checked
    /// As `checked`, but complex numbers may be stored in any dtype except `bool` (`add_`, `sub_`).
    case checkedButComplex
    /// Everything.
    case unchecked
  }

  /// Which dtypes of results may be stored in the target.
  public let cast: Cast
  /// Whether the result is copied into the target, whose elements must then not overlap.
  public let isCopied: Bool
  /// Whether a target of another shape is resized to the result; otherwise the result must fit.
  public let isResized: Bool

  /// Creates a law from its parts.
  public init(_ cast: Cast, isCopied: Bool, isResized: Bool) {
    self.cast = cast
    self.isCopied = isCopied
    self.isResized = isResized
  }

  /// The result must fit in shape and dtype.
  public static let kernel = kernel(.checked)
  /// The target is resized, and the result copied into it if its dtype can be cast.
  public static let reference = InplaceLaw(.checked, isCopied: true, isResized: true)
  /// The result is copied into the target, whatever its dtype.
  public static let copied = InplaceLaw(.unchecked, isCopied: true, isResized: false)

  /// The law of a kernel that writes directly to its target.
  public static func kernel(_ cast: Cast) -> InplaceLaw {
    InplaceLaw(cast, isCopied: false, isResized: false)
  }
}
