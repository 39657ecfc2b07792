#if canImport(Glibc)
  import Glibc
#endif

/// Large pages for the heap of this process.
///
/// glibc takes memory from the system 132 KB at a time, and every 4 KB of it fault when they are touched first: up to
/// a tenth of the milliseconds that a process lives. Here it takes 16 MB of addresses at once, at the start, of which
/// only what is touched becomes memory: 2 MB at a fault, where the system has such pages to give. Threads of
/// `propagate A.pt2 B.pt2 …` have heaps of their own, which stay as they are.
enum HeapPages {
  private static let pageSize = 2 << 20
  private static let room = 16 << 20

  /// Makes the first memory that is allocated from now on lie in large pages.
  ///
  /// What cannot be had leaves everything as it was.
  static func enlarge() {
    #if canImport(Glibc)
      // When a large allocation is freed, glibc takes all up to that size from the heap from then on, and keeps twice
      // as much of what is freed: `M_MMAP_THRESHOLD` in mallopt(3). Advice about no bytes keeps the compiler from
      // leaving out both.
      guard let large = malloc(room + pageSize) else { return }
      madvise(large, 0, MADV_NORMAL)
      free(large)
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
