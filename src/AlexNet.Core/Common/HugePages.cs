using System.Runtime.InteropServices;

namespace AlexNetTF;

/// <summary>
/// Asks Linux for pages of 2 MiB behind large memory: the first touch of 240 MB in pages of 4 KiB takes 60,000 faults, often longer
/// than filling it. Only pages that lie within the memory as a whole are asked for, so none reaches beyond it. Elsewhere, and where the system says no,
/// nothing changes.
/// </summary>
internal static unsafe partial class HugePages
{
    /// <summary>The size of a large page in bytes.</summary>
    public const int Size = 1 << 21;

    private const int Advice = 14; // MADV_HUGEPAGE

    /// <summary>Marks the large pages that lie within the memory as a whole.</summary>
    public static void Advise(void* memory, long bytes)
    {
        if (bytes < Size || !OperatingSystem.IsLinux()) return;
        nuint first = ((nuint)memory + Size - 1) & ~(nuint)(Size - 1), end = ((nuint)memory + (nuint)bytes) & ~(nuint)(Size - 1);
        if (end > first) _ = MemoryAdvise((void*)first, end - first, Advice);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MemoryAdvise(void* memory, nuint bytes, int advice);
}
