using System.Runtime.InteropServices;

namespace AlexNetTF;

/// <summary>Native memory that is freed with its owner.</summary>
internal abstract unsafe class OwnedMemory : SafeHandle
{
    protected OwnedMemory(long bytes)
        : base(0, ownsHandle: true) => Bytes = bytes;

    public long Bytes { get; }

    public byte* Pointer => (byte*)handle;

    public override bool IsInvalid => handle == 0;
}
