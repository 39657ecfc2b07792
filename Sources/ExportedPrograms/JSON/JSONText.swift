import ZipArchives

/// A JSON text that is taken apart by places, without a tree.
struct JSONText {
  let bytes: MappedBytes
  let limits: ArchiveLimits
  /// The ends of long values by their starts, so that they need not be read again to be skipped.
  var ends: [Int: Int] = [:]

  /// A member of an object, with the place of its value.
  struct Member {
    let key: String
    let value: Range<Int>
  }

  /// The members of the object at `offset`.
  func members(at offset: Int) throws(ArchiveError) -> [Member] {
    try scan(from: offset) { (scanner) throws(JSONFailure) in
      var members: [Member] = []
      try scanner.beginObject()
      while let key = try scanner.nextKey() {
        members.append(Member(key: key.text, value: try place(&scanner, offset)))
      }
      return members
    }
  }

  /// The places of the elements of the array at `offset`.
  func elements(at offset: Int) throws(ArchiveError) -> [Range<Int>] {
    try scan(from: offset) { (scanner) throws(JSONFailure) in
      var elements: [Range<Int>] = []
      try scanner.beginArray()
      while try scanner.nextElement() { elements.append(try place(&scanner, offset)) }
      return elements
    }
  }

  /// The string at `place`; `nil` when the value is none.
  func string(at place: Range<Int>) throws(ArchiveError) -> String? {
    try scan(from: place.lowerBound) { (scanner) throws(JSONFailure) in
      scanner.peek() == UInt8(ascii: "\"") ? try scanner.string().text : nil
    }
  }

  /// The end of the value at `offset`.
  func end(of offset: Int) throws(ArchiveError) -> Int {
    try scan(from: offset) { (scanner) throws(JSONFailure) in try place(&scanner, offset).upperBound }
  }

  private func place(_ scanner: inout JSONScanner, _ base: Int) throws(JSONFailure) -> Range<Int> {
    _ = scanner.peek()
    let start = scanner.offset
    let isSkipped = ends[base + start].map { scanner.skip($0 - base - start) } ?? false
    if !isSkipped { try scanner.skipValue() }
    return base + start..<base + scanner.offset
  }

  func scan<Result>(
    from offset: Int, _ body: (inout JSONScanner) throws(JSONFailure) -> Result
  ) throws(ArchiveError) -> Result {
    guard let rest = bytes.slice(offset..<max(offset, bytes.count)) else {
      throw ArchiveError(.inconsistent("the text ends before byte \(offset)"))
    }
    do throws(JSONFailure) {
      return try rest.withUnsafeBytes { (raw) throws(JSONFailure) in
        var scanner = JSONScanner(raw.bindMemory(to: UInt8.self), limits: limits)
        return try body(&scanner)
      }
    } catch {
      throw ArchiveError(error.kind, offset: offset + error.offset)
    }
  }
}
