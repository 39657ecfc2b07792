import FX
import ZipArchives

/// The archive that a program was read from, and the program's text in it.
///
/// The file stays mapped for as long as the program, or a copy of it, lives.
public struct ProgramSource: Sendable {
  let archive: ProgramArchive
  /// The name of the entry that holds the program.
  let entry: String
  let text: MappedBytes
  let metadata: ProgramMetadata
  /// The program as it was read, if it was read to be saved again; otherwise it is read once more for that.
  var archived: ArchivedProgram?

  /// The path of the archive; `nil` for bytes in memory.
  public var path: String? { archive.zip.file.path }

  /// The size of the program's JSON in bytes.
  public var byteCount: Int { text.count }

  /// The name of the program in its archive.
  var model: String { String(entry.split(separator: "/").last?.dropLast(".json".count) ?? "") }

  /// The entries that list the tensors of `weights` or `constants`, or hold them in a pickle.
  func entryNames(of folder: String) -> [String] {
    let root = archive.layout.root
    switch archive.layout.form {
    case .flat: return [folder == "weights" ? "serialized_state_dict.pt" : "serialized_constants.pt"]
    case .pickled: return ["\(root)data/\(folder)/\(model).pt"]
    case .raw: return ["\(root)data/\(folder)/\(model)_\(folder)_config.json"]
    }
  }

  /// The JSON in an entry; `nil` when there is no such entry.
  func json(in name: String) throws(ArchiveError) -> JSONText? {
    guard let entry = archive.zip[name] else { return nil }
    do throws(ZipError) {
      return JSONText(bytes: try archive.zip.contents(of: entry), limits: archive.limits)
    } catch {
      throw ArchiveError(.zip(error), entry: name)
    }
  }
}

/// Where the parts of a program are in its text.
struct ProgramPlaces {
  /// The graphs by path.
  var graphs: [String: GraphPlace] = [:]
  /// The ends of the program's long values by their starts.
  var ends: [Int: Int] = [:]
}

/// Where a graph is in the text of its program.
struct GraphPlace {
  /// The offset of the graph's object.
  var start = 0
  /// The objects of its calls.
  var nodes: NodeMap<Range<Int>> = [:]
}

/// A program as its archive has it, with the places of what it is made of.
final class ArchivedProgram: Sendable {
  let program: ExportedProgram
  let graphs: [String: GraphPlace]
  let text: JSONText

  /// - Throws: ``ArchiveError`` when the archive has changed since it was read.
  init(_ source: ProgramSource) throws(ArchiveError) {
    let limits = source.archive.limits
    let places: ProgramPlaces
    (program, places) = try ExportedProgram.read(source.text, limits) { (scanner) throws(JSONFailure) in
      var reader = ProgramReader(scanner, metadata: source.metadata)
      reader.places = ProgramPlaces()
      let program = try reader.program()
      return (program, reader.places ?? ProgramPlaces())
    }
    graphs = places.graphs
    text = JSONText(bytes: source.text, limits: limits, ends: places.ends)
  }
}
