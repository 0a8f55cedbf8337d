using System.Buffers;

namespace AlexNetTF;

/// <summary>Native memory as <see cref="Memory{T}"/>, for as long as its owner keeps it.</summary>
internal sealed unsafe class NativeSpan<T>(nint address, int length) : MemoryManager<T>
    where T : unmanaged
{
    public override Span<T> GetSpan() => new((void*)address, length);

    public override MemoryHandle Pin(int elementIndex = 0) => new((T*)address + elementIndex);

    public override void Unpin()
    {
        // Native memory does not move.
    }

    protected override void Dispose(bool disposing)
    {
        // The memory belongs to somebody else.
    }
}
