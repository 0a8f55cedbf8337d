namespace AlexNetTF.Execution;

/// <summary>A variable's memory in a session.</summary>
internal sealed class VariableSlot(Operation variable) : IDisposable
{
    private readonly TensorSpec spec = variable.Outputs[0].Spec;
    private OwnedMemory? memory;

    public Operation Variable { get; } = variable;

    public int[] Dims { get; } = variable.Outputs[0].Shape.ToArray();

    public long Bytes => Shape.CountOf(Dims) * spec.Type.Size();

    /// <summary>The values; made on first use. Mapped ones lie on a multiple of an element's size only.</summary>
    public OwnedMemory Memory
    {
        get
        {
            lock (Variable) return memory ??= new AlignedMemory(Bytes);
        }
    }

    public bool Initialized { get; private set; }

    /// <summary>Grows with every write, so that forms derived from the values know when they are old.</summary>
    public long Version { get; private set; }

    public void MarkWritten()
    {
        Initialized = true;
        Version++;
    }

    /// <summary>Takes over memory that holds new values.</summary>
    public void Replace(OwnedMemory values)
    {
        memory?.Dispose();
        memory = values;
        MarkWritten();
    }

    /// <summary>Gives up memory and value.</summary>
    public OwnedMemory? Release()
    {
        OwnedMemory? released = Initialized ? memory : null;
        if (released is not null) (memory, Initialized) = (null, false);
        return released;
    }

    public void Dispose() => memory?.Dispose();
}
