import TestSupport
import Testing

@testable import ExportedPrograms

@Suite struct JSONScannerTests {
  @Test func walksObjectsAndArrays() throws {
    try scan(#"{"a": [1, -20, 9223372036854775807], "b": {}, "c": [], "d": null, "e": true}"#) {
      scanner throws(JSONFailure) in
      var seen: [String] = []
      try scanner.beginObject()
      while let key = try scanner.nextKey() {
        switch key {
        case "a":
          try scanner.beginArray()
          while try scanner.nextElement() { seen.append(String(try scanner.integer())) }
        case "d":
          seen.append(scanner.null() ? "null" : "?")
        case "e":
          seen.append(String(try scanner.boolean()))
        default:
          seen.append(key.text)
          try scanner.skipValue()
        }
      }
      try scanner.finish()
      #expect(seen == ["1", "-20", "9223372036854775807", "b", "c", "null", "true"])
    }
  }

  @Test(arguments: [
    ("\"\"", ""), ("\"plain\"", "plain"), (#""a \"quoted\" \\ path\/x""#, #"a "quoted" \ path/x"#),
    (#""\n\t\r\b\f""#, "\n\t\r\u{8}\u{C}"), (#""\u00e9\u4e2d""#, "é中"), (#""\ud83d\ude00""#, "😀"),
    (#""\ud83d""#, "\u{FFFD}"), (#""\ud83dx""#, "\u{FFFD}x"), (#""\u12""#, "\u{FFFD}12"),
    (
      #""a long string of more than eight bytes \" and more""#,
      #"a long string of more than eight bytes " and more"#
    ),
  ])
  func decodesStrings(_ json: String, _ text: String) throws {
    try scan(json) { scanner throws(JSONFailure) in
      #expect(try scanner.string().text == text)
      try scanner.finish()
    }
  }

  @Test(
    arguments: [("1", 1), ("-0.5e3", -500), ("1e-7", 1e-7), ("0.1", 0.1), ("1E2", 100)] as [(String, Double)])
  func readsNumbers(_ json: String, _ value: Double) throws {
    try scan(json) { scanner throws(JSONFailure) in
      #expect(try scanner.double() == value)
    }
  }

  /// Short numbers are computed by the scanner and must equal those of the standard library.
  @Test func readsNumbersAsTheStandardLibraryDoes() throws {
    var generator = SplitMix64(seed: 5)
    for _ in 0..<20_000 {
      var text = Bool.random(using: &generator) ? "-" : ""
      text += Self.digits(upTo: 17, using: &generator)
      if Bool.random(using: &generator) { text += "." + Self.digits(upTo: 17, using: &generator) }
      if let sign = ["e", "E", "e+", "e-", nil].randomElement(using: &generator) ?? nil {
        text += sign + Self.digits(upTo: 3, using: &generator)
      }
      let value = try #require(Double(text))
      try scan(text) { scanner throws(JSONFailure) in
        #expect(try scanner.double().bitPattern == value.bitPattern, "\(text)")
        try scanner.finish()
      }
    }
  }

  private static func digits(upTo most: Int, using generator: inout SplitMix64) -> String {
    (0..<Int.random(in: 1...most, using: &generator)).reduce(into: "") { text, _ in
      text += "\(Int.random(in: 0...9, using: &generator))"
    }
  }

  @Test func comparesKeysWithEscapes() throws {
    try scan(#""no\u0064es""#) { scanner throws(JSONFailure) in
      #expect(try scanner.string() == "nodes")
    }
  }

  @Test(arguments: [
    ("1.5", "expected an integer, found a number"), ("9223372036854775808", "expected an integer of 64 bits"),
    ("\"1\"", "expected an integer, found a string"), ("", "found the end of the text"), ("-", "an integer"),
    ("tru", "expected an integer, found a boolean"),
  ])
  func refusesNonIntegers(_ json: String, _ message: String) {
    let error = #expect(throws: JSONFailure.self) {
      try scan(json) { scanner throws(JSONFailure) in _ = try scanner.integer() }
    }
    let text = error.map { ArchiveError($0.kind).description }
    #expect(text?.contains(message) == true)
  }

  @Test(arguments: [
    "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "{\"a\":1,}", "{\"a\" 1}", "{1:2}",
    "{\"a\":1 \"b\":2}", "{\"a\":1]",
  ])
  func refusesBrokenObjects(_ json: String) {
    #expect(throws: JSONFailure.self) {
      try scan(json) { scanner throws(JSONFailure) in
        try scanner.beginObject()
        while try scanner.nextKey() != nil { _ = try scanner.integer() }
        try scanner.finish()
      }
    }
  }

  @Test(arguments: ["[", "[1", "[1,", "[1, ", "[1,]", "[1, ]", "[, 1]", "[,1]", "[1 2]", "[1}", "[1,, 2]"])
  func refusesBrokenArrays(_ json: String) {
    #expect(throws: JSONFailure.self) {
      try scan(json) { scanner throws(JSONFailure) in
        try scanner.beginArray()
        while try scanner.nextElement() { _ = try scanner.integer() }
        try scanner.finish()
      }
    }
  }

  @Test func stopsAtTheDepthLimit() {
    let deep = String(repeating: "[", count: 600) + String(repeating: "]", count: 600)
    let error = #expect(throws: JSONFailure.self) {
      try scan(deep) { scanner throws(JSONFailure) in try scanner.skipValue() }
    }
    #expect(error?.kind == .limitExceeded(what: "levels of JSON", limit: 512))
    #expect(error?.offset == 513)
  }

  @Test func skipsUnusedValues() throws {
    try scan(#"[{"a": ["}", "]\"", {"b": [1, 2.5e3, null]}]}, 7]"#) { scanner throws(JSONFailure) in
      try scanner.beginArray()
      #expect(try scanner.nextElement())
      #expect(try scanner.raw().text.hasPrefix(#"{"a""#))
      #expect(try scanner.nextElement())
      #expect(try scanner.integer() == 7)
      #expect(try !scanner.nextElement())
    }
  }

  /// Every string of up to six quotes, backslashes and letters, at every offset from a step's boundary.
  @Test func skipsToTheQuoteThatEndsAString() {
    let alphabet: [UInt8] = [UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "a")]
    for number in 0..<729 {
      let tail = (0..<6).map { alphabet[number / [1, 3, 9, 27, 81, 243][$0] % 3] }
      // The following text lets the scanner skip in whole steps.
      for (length, following) in [
        (0, 0), (1, 0), (5, 40), (12, 40), (20, 40), (26, 0), (29, 40), (31, 0), (60, 40),
      ] {
        func letters(_ count: Int) -> [UInt8] { [UInt8](repeating: UInt8(ascii: "b"), count: count) }
        let bytes = letters(length) + tail + letters(following)
        var end: Int?
        var isEscaped = false
        for (index, byte) in bytes.enumerated() where end == nil {
          if byte == UInt8(ascii: "\""), !isEscaped { end = index + 1 }
          isEscaped = byte == UInt8(ascii: "\\") && !isEscaped
        }
        let found = bytes.withUnsafeBufferPointer { buffer -> Int? in
          var scanner = JSONScanner(buffer)
          return (try? scanner.skipToQuote()).map { scanner.offset }
        }
        #expect(found == end, "\(String(decoding: bytes, as: UTF8.self))")
      }
    }
  }

  @Test(arguments: [
    "x", ", ", ": {", "null", "{\"a\": ", "{\"as_int\"", ", \"strides\": ", "{\"type\": \"cpu\", \"index\"",
  ])
  func consumesALiteralThatComesNext(_ literal: StaticString) {
    let text = Array("\(literal)".utf8)
    func consumed(_ bytes: [UInt8]) -> Int? {
      bytes.withUnsafeBufferPointer { buffer in
        var scanner = JSONScanner(buffer)
        return scanner.consume(literal) ? scanner.offset : scanner.offset == 0 ? nil : -1
      }
    }
    #expect(consumed(text) == text.count)
    #expect(consumed(text + [0x20]) == text.count)
    for position in text.indices {
      #expect(consumed(Array(text[..<position])) == nil)
      var other = text
      other[position] ^= 1
      #expect(consumed(other) == nil)
    }
  }

  @Test func findsThePathOfAnOffset() throws {
    let json = #"{"graph": {"nodes": [{"x": 1}, {"inputs": [{"arg": "here"}]}]}, "last": 3}"#
    let bytes = Array(json.utf8)
    for (text, path) in [
      ("here", "graph.nodes[1].inputs[0].arg"), ("1}", "graph.nodes[0].x"), ("3}", "last"),
    ] {
      let offset = try #require(bytes.indices.first { bytes[$0...].starts(with: text.utf8) })
      let found = bytes.withUnsafeBufferPointer { JSONPath.path(to: offset, in: $0, limits: .default) }
      #expect(found == path)
    }
  }
}

private func scan<Failure: Error>(
  _ json: String, _ body: (inout JSONScanner) throws(Failure) -> Void
) throws(Failure) {
  let bytes = Array(json.utf8)
  try bytes.withUnsafeBufferPointer { (buffer) throws(Failure) in
    var scanner = JSONScanner(buffer)
    try body(&scanner)
  }
}
