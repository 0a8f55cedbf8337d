namespace AlexNetTF.Kernels;

/// <summary>How a product reads the numbers of its second matrix: as they are, or as bytes whose scale the epilogue applies.</summary>
internal unsafe interface IGemmElement<T>
    where T : unmanaged
{
    static abstract V Load<V>(T* p)
        where V : struct, ISimd<V>;

    static abstract float Value(T number);
}

internal readonly unsafe struct FloatElement : IGemmElement<float>
{
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(float* p)
        where V : struct, ISimd<V> => V.Load(p);

    public static float Value(float number) => number;
}

internal readonly unsafe struct ByteElement : IGemmElement<sbyte>
{
    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]
    public static V Load<V>(sbyte* p)
        where V : struct, ISimd<V> => V.LoadBytes(p);

    public static float Value(sbyte number) => number;
}
