public import FX

/// A named change of a module.
///
/// A pass that throws leaves the module as it was.
public struct GraphPass: Sendable {
  /// What a pass does: it changes the module, and tells which node took the place of one that is gone.
  public typealias Body =
    @Sendable (_ module: inout GraphModule, _ replaced: inout NodeMap<Node>) throws -> Void

  /// The name by which messages and commands call the pass.
  public let name: String
  private let body: Body

  /// Names a change.
  ///
  /// - Parameters:
  ///   - name: the pass's name.
  ///   - body: what it does.
  public init(_ name: String, reporting body: @escaping Body) {
    self.name = name
    self.body = body
  }

  /// Names a change that puts no node in the place of another.
  public init(_ name: String, _ body: @escaping @Sendable (inout GraphModule) throws -> Void) {
    self.init(name, reporting: { module, _ in try body(&module) })
  }

  /// Changes a module.
  ///
  /// - Returns: what became different.
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
