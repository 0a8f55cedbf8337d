using System.Runtime.InteropServices;

namespace AlexNetTF.Kernels;

/// <summary>
/// Memory of the calling thread for one block of work: packed panels and tiles that live in the core's own cache.
/// A block asks once for all that it needs; the next call of the same thread reuses the same bytes.
/// </summary>
internal sealed unsafe class Scratch
{
    // From here on in pages of 2 MiB where there are: small pages lie anywhere in memory, so that by chance many of them share the
    // same sets of a second-level cache that the block would otherwise fit.
    private const int LargeBytes = 256 * 1024;

    [ThreadStatic]
    private static Scratch? t_scratch;

    [ThreadStatic]
    private static Scratch? t_shared;

    private void* _memory;
    private nuint _bytes;

    ~Scratch() => NativeMemory.AlignedFree(_memory);

    /// <summary>At least <paramref name="bytes"/> bytes, aligned to a page, with whatever content.</summary>
    internal static void* Get(long bytes)
    {
        return (t_scratch ??= new Scratch()).AtLeast((nuint)bytes);
    }

    /// <summary>
    /// As <see cref="Get"/>, other memory: for what the caller of <see cref="Workers.For"/> shares with the blocks of its loop, which
    /// have their own scratch.
    /// </summary>
    internal static void* GetShared(long bytes)
    {
        return (t_shared ??= new Scratch()).AtLeast((nuint)bytes);
    }

    private void* AtLeast(nuint bytes)
    {
        if (_bytes < bytes)
            Grow(bytes);
        return _memory;
    }

    private void Grow(nuint bytes)
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
        _bytes = 0;
        bool large = bytes >= LargeBytes;
        nuint unit = large ? HugePages.Size : 0x10000u;
        nuint rounded = (bytes + unit - 1) / unit * unit;
        _memory = NativeMemory.AlignedAlloc(rounded, large ? HugePages.Size : 4096u);
        HugePages.Advise(_memory, (long)rounded);
        _bytes = rounded;
    }
}
