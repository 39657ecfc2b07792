extension String {
  /// The text with words replaced; a word is a run of letters, digits and underscores.
  func replacingWords(_ replacement: (String) -> String?) -> String {
    let text = Array(utf8)
    var result: [UInt8] = []
    var rest = text[...]
    while let byte = rest.first {
      let word = rest.prefix { $0.isPartOfWord }
      if word.isEmpty { result.append(byte) } else { result += word.replaced(replacement) }
      rest = rest.dropFirst(max(word.count, 1))
    }
    return String(decoding: result, as: UTF8.self)
  }
}

/// Replaces names such as `x.size()[0]`, which are more than one word, in one pass over a text.
struct NameReplacing {
  /// By how they begin; the first that matches is taken.
  private var names: [ArraySlice<UInt8>: [(name: [UInt8], replacement: String)]] = [:]

  /// Of two names of which one begins with the other, the longer one must come first.
  init(_ names: some Sequence<(String, String)>) {
    for (name, replacement) in names {
      let name = Array(name.utf8)
      self.names[Self.start(of: name[...]), default: []].append((name, replacement))
    }
  }

  /// The text with every name replaced that begins where a word may begin.
  func replacingNames(in text: String) -> String {
    let text = Array(text.utf8)
    var result: [UInt8] = []
    var rest = text[...]
    while let byte = rest.first {
      if let (name, replacement) = names[Self.start(of: rest)]?.first(where: { rest.starts(with: $0.name) }) {
        result += replacement.utf8
        rest = rest.dropFirst(name.count)
      } else {
        let word = rest.prefix { $0.isPartOfWord }
        if word.isEmpty { result.append(byte) } else { result += word }
        rest = rest.dropFirst(max(word.count, 1))
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// `x.size` of `x.size()[0] == 5`, so that few names begin alike; at most so much that a text takes linear time.
  private static func start(of text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    text.prefix(64).prefix { $0.isPartOfWord || ".[]'\"".utf8.contains($0) }
  }
}

extension ArraySlice<UInt8> {
  fileprivate func replaced(_ replacement: (String) -> String?) -> ArraySlice<UInt8> {
    replacement(String(decoding: self, as: UTF8.self)).map { ArraySlice($0.utf8) } ?? self
  }
}

extension UInt8 {
  /// Whether the byte belongs to a word; all of a character beyond ASCII does.
  fileprivate var isPartOfWord: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }
}
