/// Why PyTorch's library cannot be used, or what it refused.
public struct LibTorchError: Error, Equatable, Sendable {
  /// What went wrong, for code that handles some of the cases itself.
  public enum Kind: Equatable, Sendable {
    /// There is no library in any of these places.
    case notFound(searched: [String])
    /// The system cannot open the library; the text is its reason.
    case cannotOpen(path: String, reason: String)
    /// The library is older than 2.13, or so old that it does not say.
    case tooOld(path: String, version: String?)
    /// The library lacks a function.
    case missingFunction(String, path: String)
    /// PyTorch raised an error; the text is its own.
    case raised(String)
    /// PyTorch's interface, or this package, cannot do this; the text says why.
    case unsupported(String)
    /// An argument of a call is not of its type, or is missing.
    case argument(String)
    /// A check of the program itself failed; the text is the author's or PyTorch's.
    case assertion(String)
    /// An input is missing, is too many, or has the wrong dtype, rank or sizes.
    case input(String)
    /// The archive lacks the weight, buffer or constant that an input of the graph stands for.
    case missingWeight(String, input: String)
    /// The results cannot be written; the text says which file and why.
    case output(String)
  }

  /// What went wrong.
  public let kind: Kind
  /// The operator concerned.
  public var target: String?

  /// Makes the error.
  public init(_ kind: Kind, operator target: String? = nil) {
    self.kind = kind
    self.target = target
  }

  /// The same error with its operator, unless it knows one.
  func of(_ target: String) -> LibTorchError { LibTorchError(kind, operator: self.target ?? target) }
}

extension LibTorchError: CustomStringConvertible {
  /// What is wrong, and what to do.
  public var description: String {
    let place = target.map { "\($0): " } ?? ""
    switch kind {
    case .notFound(let searched):
      return "no PyTorch library was found\n  looked in  " + searched.joined(separator: "\n             ")
        + "\n  hint       install it with 'pip install torch', then name its folder 'torch/lib' with --libtorch "
        + "or SWIFTFX_LIBTORCH"
    case .cannotOpen(let path, let reason): return "\(path) cannot be opened: \(reason)"
    case .tooOld(let path, let version):
      return "\(path) is PyTorch \(version ?? "of an unknown version"); 2.13 or newer is needed"
    case .missingFunction(let name, let path): return "\(place)\(path) has no function '\(name)'"
    case .raised(let text): return "\(place)PyTorch: \(text)"
    case .unsupported(let why): return "\(place)not supported: \(why)"
    case .missingWeight(let name, let input):
      return
        "the archive has no tensor '\(name)', which input '\(input)' stands for; save the program with its weights"
    case .argument(let what), .assertion(let what), .input(let what), .output(let what): return place + what
    }
  }
}
