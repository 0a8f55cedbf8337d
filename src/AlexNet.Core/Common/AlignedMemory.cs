using System.Runtime.InteropServices;

namespace AlexNetTF;

/// <summary>Native memory on a 64-byte boundary (a cache line, and the widest vector; large memory on that of a large page), freed with its owner.</summary>
internal sealed unsafe class AlignedMemory : OwnedMemory
{
    public const int Alignment = 64;
    private const int LargeBytes = 4 * HugePages.Size;

    public AlignedMemory(long bytes, bool zeroed = false)
        : base(bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        var boundary = (nuint)(bytes >= LargeBytes ? HugePages.Size : Alignment);
        SetHandle((nint)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, Alignment), boundary));
        HugePages.Advise(Pointer, bytes);
        if (bytes > 0) GC.AddMemoryPressure(bytes);
        if (zeroed) NativeMemory.Clear(Pointer, (nuint)bytes);
    }

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        if (Bytes > 0) GC.RemoveMemoryPressure(Bytes);
        return true;
    }
}
