import Foundation

/// The lines of a file of cases; `-` is standard input.
struct CaseLines {
  let path: String

  func forEach(_ body: (Data) throws -> Void) throws {
    let data: Data
    if path == "-" {
      data = FileHandle.standardInput.readDataToEndOfFile()
    } else {
      data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    }
    for line in data.split(separator: 0x0A) { try body(line) }
  }
}
