extension Graph {
  /// The dotted path of the author's module that created a node, empty for the model itself; `nil` if the archive does
  /// not record it.
  ///
  ///     L__self__,,Model;L__self___encoder,encoder,torch.nn.Linear   encoder
  ///     L__self___encoder,L['self'].encoder,torch.nn.Linear          encoder
  ///
  /// - Source: `nn_module_stack` of `serialize_metadata` in `torch/_export/serde/serialize.py`, v2.13.
  public func authorsModule(of node: Node) -> String? {
    guard let stack = metadata(of: node)["nn_module_stack"], let entry = stack.split(separator: ";").last
    else {
      return nil
    }
    let fields = entry.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
    guard fields.count == 3 else { return nil }
    var path = fields[1]
    if path.hasPrefix("L['self']") { path = path.dropFirst("L['self']".count) }
    if path.first == "." { path = path.dropFirst() }
    return String(path)
  }
}
