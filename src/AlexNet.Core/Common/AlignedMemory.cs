using System.Runtime.InteropServices;

namespace AlexNetTF;

/// <summary>Native memory on a 64-byte boundary (a cache line, and the widest vector), freed with its owner.</summary>
internal sealed unsafe class AlignedMemory : SafeHandle
{
    public const int Alignment = 64;

    public AlignedMemory(long bytes, bool zeroed = false)
        : base(0, ownsHandle: true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Bytes = bytes;
        SetHandle((nint)NativeMemory.AlignedAlloc((nuint)Math.Max(bytes, Alignment), Alignment));
        if (bytes > 0) GC.AddMemoryPressure(bytes);
        if (zeroed) NativeMemory.Clear(Pointer, (nuint)bytes);
    }

    public long Bytes { get; }

    public byte* Pointer => (byte*)handle;

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        if (Bytes > 0) GC.RemoveMemoryPressure(Bytes);
        return true;
    }
}
