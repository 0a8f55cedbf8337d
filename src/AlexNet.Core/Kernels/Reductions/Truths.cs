namespace AlexNetTF.Kernels;

/// <summary>Whether all truth values (bytes) hold.</summary>
internal readonly struct AllTrue : IReduction<AllTrue, byte, byte>
{
    public static byte Start => 1;

    public static byte Run(ReadOnlySpan<byte> x) => x.Contains((byte)0) ? (byte)0 : (byte)1;

    public static byte Combine(byte first, byte second) => (byte)(first & second);

    public static void Accumulate(Span<byte> partial, ReadOnlySpan<byte> row)
    {
        for (int i = 0; i < partial.Length; i++) partial[i] &= row[i];
    }

    public static byte Finish(byte partial, long count) => partial;
}

/// <summary>Whether one truth value (a byte) holds.</summary>
internal readonly struct AnyTrue : IReduction<AnyTrue, byte, byte>
{
    public static byte Start => 0;

    public static byte Run(ReadOnlySpan<byte> x) => x.Contains((byte)1) ? (byte)1 : (byte)0;

    public static byte Combine(byte first, byte second) => (byte)(first | second);

    public static void Accumulate(Span<byte> partial, ReadOnlySpan<byte> row)
    {
        for (int i = 0; i < partial.Length; i++) partial[i] |= row[i];
    }

    public static byte Finish(byte partial, long count) => partial;
}
