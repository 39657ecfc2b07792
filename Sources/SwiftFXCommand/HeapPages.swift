#if canImport(Glibc)
  import Glibc
#endif

/// Large pages for the heap of this process.
///
/// glibc takes memory from the system 132 KB at a time, and every 4 KB of it fault when they are touched first; a
/// process that lives for milliseconds spends a tenth of them so. Here it takes 16 MB of addresses at once, at the start,
/// of which only what is touched becomes memory: 2 MB at a fault, where the system has such pages to give.
enum HeapPages {
  private static let pageSize = 2 << 20
  private static let room = 16 << 20

  /// Makes the first memory that is allocated from now on lie in large pages.
  ///
  /// What cannot be had leaves everything as it was.
  static func enlarge() {
    #if canImport(Glibc)
      // glibc takes sizes up to that of the largest mapping that was given back from the heap, and keeps as much of it
      // when it is freed: `M_MMAP_THRESHOLD` in mallopt(3).
      UnsafeMutableRawPointer.allocate(byteCount: room + pageSize, alignment: 16).deallocate()
      guard let start = malloc(room) else { return }
      let address = Int(bitPattern: start)
      let lead = pageSize - address % pageSize
      // Bound: `lead` is at most a page, and pages are asked for as far as they lie within `room`.
      madvise(start + lead, (room - lead) / pageSize * pageSize, MADV_HUGEPAGE)
      // What lies before the first large page is never used; the rest is free again.
      _ = realloc(start, lead)
    #endif
  }
}
