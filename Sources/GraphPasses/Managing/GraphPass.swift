public import FX

/// A named change of a module.
///
/// A pass that throws leaves the module as it was.
public struct GraphPass: Sendable {
  /// The body of a pass: changes the module, and returns which node replaced each one that no longer exists.
  public typealias Body =
    @Sendable (_ module: inout GraphModule, _ replaced: inout NodeMap<Node>) throws -> Void

  /// The name of the pass in messages and commands.
  public let name: String
  private let body: Body

  /// Creates a pass.
  ///
  /// - Parameters:
  ///   - name: the pass's name.
  ///   - body: its body.
  public init(_ name: String, reporting body: @escaping Body) {
    self.name = name
    self.body = body
  }

  /// Creates a pass that replaces no node by another.
  public init(_ name: String, _ body: @escaping @Sendable (inout GraphModule) throws -> Void) {
    self.init(name, reporting: { module, _ in try body(&module) })
  }

  /// Changes a module.
  ///
  /// - Returns: what changed.
  /// - Throws: what the pass throws; the module is then unchanged.
  @discardableResult
  public func callAsFunction(_ module: inout GraphModule) throws -> Changes {
    var edited = module
    var replaced: NodeMap<Node> = [:]
    try body(&edited, &replaced)
    let changes = Changes(from: module, to: edited, replaced: replaced)
    module = edited
    return changes
  }
}
