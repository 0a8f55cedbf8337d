using System.Buffers;

namespace AlexNetTF.TensorFlow;

/// <summary>A tensor's memory as managed code's <see cref="Memory{T}"/>, so that messages refer to it without a copy.</summary>
internal sealed unsafe class NativeBytes(TensorData data) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => new(data.Memory.Pointer, checked((int)data.Bytes));

    public override MemoryHandle Pin(int elementIndex = 0) => new(data.Memory.Pointer + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
