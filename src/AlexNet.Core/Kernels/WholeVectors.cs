namespace AlexNetTF.Kernels;

/// <summary>A function of many numbers at once, as a type argument.</summary>
internal interface IVectorFunction<T>
{
    static abstract void Invoke(ReadOnlySpan<T> x, Span<T> y);
}

/// <summary>
/// Functions such as the exponential are computed by polynomials over vectors, but by the platform's library where fewer
/// numbers than the narrowest vector are asked for, with other last bits. Here few numbers travel in a whole vector, so
/// that a number's result depends on nothing but the number.
/// </summary>
internal static class WholeVectors
{
    private const int Shortest = 16;

    public static void Apply<T, TFunction>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged
        where TFunction : struct, IVectorFunction<T>
    {
        if (x.Length >= Shortest)
        {
            TFunction.Invoke(x, y);
            return;
        }

        Span<T> whole = stackalloc T[Shortest];
        whole.Clear();
        x.CopyTo(whole);
        TFunction.Invoke(whole, whole);
        whole[..x.Length].CopyTo(y);
    }
}
