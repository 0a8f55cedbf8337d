namespace AlexNetTF.FineTuning;

/// <summary>Variables' values as they stood at one moment, in memory that is used again for the next copy.</summary>
internal sealed unsafe class VariablesCopy : IDisposable
{
    private const int PieceLength = 1 << 20;
    private AlignedMemory[] memories = [];

    /// <summary>Copies the values.</summary>
    /// <returns>The copies; the next call and <see cref="Dispose"/> take them back.</returns>
    public IReadOnlyList<WeightValues> Take(Session session, IReadOnlyList<Variable> variables)
    {
        var copies = new WeightValues[variables.Count];
        if (memories.Length == 0) memories = [.. variables.Select(variable => new AlignedMemory(variable.Shape.ElementCount!.Value * sizeof(float)))];
        WeightSaver.Use(session, variables, values =>
        {
            for (int i = 0; i < copies.Length; i++)
            {
                var copy = new NativeSpan<float>((nint)memories[i].Pointer, values[i].Values.Length);
                Copy(values[i].Values, copy.Memory);
                copies[i] = values[i] with { Values = copy.Memory };
            }
        });
        return copies;
    }

    public void Dispose()
    {
        foreach (AlignedMemory memory in memories) memory.Dispose();
    }

    private static void Copy(ReadOnlyMemory<float> from, Memory<float> to) =>
        Parallel.For(0, (from.Length + PieceLength - 1) / PieceLength, piece =>
        {
            int start = piece * PieceLength, length = Math.Min(PieceLength, from.Length - start);
            from.Span.Slice(start, length).CopyTo(to.Span[start..]);
        });
}
